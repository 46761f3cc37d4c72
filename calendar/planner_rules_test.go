package calendar_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/calendar"
)

// small has slots at 9, 12 and 15 on the days from 2 November, and items named a,
// b, c and so on, all worth more in later slots of a day.
func small(t *testing.T, days int, categories ...sosyal.CategoryID) calendar.Problem {
	t.Helper()
	zone := istanbul(t)
	pr := calendar.Problem{Value: func(_ sosyal.Features, at time.Time) float64 { return float64(at.In(zone).Hour()) }}
	for i, c := range categories {
		pr.Items = append(pr.Items, calendar.Item{ID: calendar.ItemID(rune('a' + i)), Category: c})
	}
	for day := range days {
		for _, hour := range []int{9, 12, 15} {
			at := time.Date(2026, time.November, 2+day, hour, 0, 0, 0, zone)
			pr.Slots = append(pr.Slots, calendar.Slot{Destination: instagram(), At: at, Zone: "Europe/Istanbul"})
		}
	}
	return pr
}

func planned(t *testing.T, pr calendar.Problem) calendar.Schedule {
	t.Helper()
	s, err := calendar.Planner{}.Plan(t.Context(), pr)
	require.NoError(t, err)
	return s
}

// times writes a schedule as "a 02T15" in its order.
func times(t *testing.T, s calendar.Schedule) []string {
	t.Helper()
	out := []string{}
	for _, a := range s.Assignments {
		out = append(out, string(a.Item)+" "+a.Slot.At.In(istanbul(t)).Format("02T15"))
	}
	return out
}

func codes(reasons []sosyal.Reason) []string {
	out := []string{}
	for _, r := range reasons {
		out = append(out, r.Code)
	}
	return out
}

func TestRules(t *testing.T) {
	for _, c := range []struct {
		name  string
		days  int
		kinds []sosyal.CategoryID
		rules calendar.Rules
		want  []string
	}{
		{"none", 1, []sosyal.CategoryID{"x", "x"}, calendar.Rules{}, []string{"a 02T12", "b 02T15"}},
		{"spacing", 1, []sosyal.CategoryID{"x", "x"}, calendar.Rules{Spacing: 2}, []string{"a 02T09", "b 02T15"}},
		{"spacing spares other categories", 1, []sosyal.CategoryID{"x", "y"}, calendar.Rules{Spacing: 3}, []string{"a 02T12", "b 02T15"}},
		{"per day", 2, []sosyal.CategoryID{"x", "x", "x"}, calendar.Rules{PerDay: 1}, []string{"a 02T15", "b 03T15"}},
		{"category per day", 1, []sosyal.CategoryID{"x", "x", "y"}, calendar.Rules{CategoryPerDay: 1}, []string{"a 02T12", "c 02T15"}},
		{"per week", 8, []sosyal.CategoryID{"x", "x", "x"}, calendar.Rules{PerWeek: 1, PerDay: 1}, []string{"a 02T15", "b 09T15"}},
		{"min gap", 1, []sosyal.CategoryID{"x", "y"}, calendar.Rules{MinGap: 4 * time.Hour}, []string{"a 02T09", "b 02T15"}},
		{"category gap", 2, []sosyal.CategoryID{"x", "x", "y"}, calendar.Rules{CategoryGap: 25 * time.Hour}, []string{"a 02T12", "c 02T15", "b 03T15"}},
		{"cadence replaces", 1, []sosyal.CategoryID{"x", "y"}, calendar.Rules{PerDay: 5, Cadences: []calendar.Cadence{{Destination: instagram(), Zone: "UTC", PerDay: 1}}}, []string{"a 02T15"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			pr := small(t, c.days, c.kinds...)
			pr.Rules = c.rules
			s := planned(t, pr)
			got := times(t, s)
			// Equal items may change places; what counts is where something stands.
			require.Len(t, got, len(c.want))
			for i := range got {
				assert.Equal(t, c.want[i][2:], got[i][2:])
			}
			assert.Len(t, s.Left, len(c.kinds)-len(c.want))
		})
	}
}

func TestWindowsBlackoutsAndKeptSlots(t *testing.T) {
	pr := small(t, 3, "x", "y", "z")
	day := onDay(t, "2026-11-03", "00:00").Date
	pr.Items[0].Window = sosyal.Period{From: day, To: day + 1}
	pr.Rules.Blackouts = []calendar.Blackout{{
		Period: sosyal.Period{From: day, To: day + 2}, Categories: []sosyal.CategoryID{"y"}, Networks: []sosyal.Network{sosyal.Instagram},
	}}
	pr.Slots[2].Categories = []sosyal.CategoryID{"z"} // the best of the first day
	s := planned(t, pr)
	assert.Equal(t, "a 03T15", find(t, s, "a"), "its window is one day")
	assert.Equal(t, "b 02T12", find(t, s, "b"), "two days are closed for it, the best slot of the first is kept for others")
	assert.Contains(t, []string{"c 02T15", "c 04T15"}, find(t, s, "c"))

	pr.Rules.Blackouts = []calendar.Blackout{{Period: sosyal.Period{From: day - 9, To: day + 9}, Reason: sosyal.Because("host.stocktaking")}}
	s = planned(t, pr)
	assert.Empty(t, s.Assignments)
	assert.Equal(t, []string{"calendar.left.window", "calendar.left.blackout", "host.stocktaking"}, codes(s.Left[0].Reasons))
	assert.Equal(t, []string{"calendar.left.no_slot", "calendar.left.blackout", "host.stocktaking"}, codes(s.Left[1].Reasons))
}

func find(t *testing.T, s calendar.Schedule, id string) string {
	t.Helper()
	for _, line := range times(t, s) {
		if line[:1] == id {
			return line
		}
	}
	return ""
}

func TestEveryDestinationIsPlannedByItself(t *testing.T) {
	pr := small(t, 1)
	x := instagram()
	x.Network = sosyal.X
	for i := range pr.Slots {
		s := pr.Slots[i]
		s.Destination = x
		pr.Slots = append(pr.Slots, s)
	}
	variant := func(d sosyal.Destination, f sosyal.Format) calendar.Variant {
		return calendar.Variant{Destination: d, Format: f, State: calendar.StateApproved}
	}
	pr.Items = []calendar.Item{
		{ID: "a", Category: "c", Variants: []calendar.Variant{variant(instagram(), sosyal.FormatReel), variant(x, sosyal.FormatText)}},
		{ID: "b", Category: "c", Variants: []calendar.Variant{variant(instagram(), sosyal.FormatPhoto)}},
	}
	pr.Rules.CategoryPerDay = 1
	var asked []sosyal.Features
	value := pr.Value
	pr.Value = func(f sosyal.Features, at time.Time) float64 {
		asked = append(asked, f)
		if f.Format == sosyal.FormatReel {
			return 2 * value(f, at)
		}
		return value(f, at)
	}
	s := planned(t, pr)
	require.Len(t, s.Assignments, 2)
	assert.Equal(t, x, s.Assignments[1].Destination)
	assert.InDelta(t, 45, s.Value, 1e-9)
	assert.InDelta(t, 45, s.Bound, 1e-9)
	assert.Contains(t, asked, sosyal.Features{Network: sosyal.X, Format: sosyal.FormatText, Category: "c"})
	require.Len(t, s.Left, 1)
	assert.Equal(t, calendar.Left{Item: "b", Destination: instagram(), Reasons: s.Left[0].Reasons}, s.Left[0])
	assert.Equal(t, []string{"calendar.left.full", "calendar.left.rule", "calendar.left.room"}, codes(s.Left[0].Reasons))

	items, err := s.Apply(pr.Items)
	require.NoError(t, err)
	assert.Equal(t, "2026-11-02 15:00 Europe/Istanbul", items[0].Variants[0].At.String())
	assert.Zero(t, items[1].Variants[0].At)
	assert.Zero(t, pr.Items[0].Variants[0].At, "what went in stays as it was")
	assert.EqualValues(t, 0, items[0].Version)
	items[0].Variants[0].At.Time = wall(t, "11:00")
	moved, err := s.Apply(items)
	require.NoError(t, err)
	assert.EqualValues(t, 1, moved[0].Version, "a move is a new version")
}

func TestWhatStandsStaysAndCounts(t *testing.T) {
	pr := small(t, 1, "x", "x")
	standing := func(id calendar.ItemID, state calendar.State, clock string, locked bool) calendar.Item {
		return calendar.Item{ID: id, Category: "x", Variants: []calendar.Variant{{
			Destination: instagram(), Format: sosyal.FormatPhoto, State: state, At: onDay(t, "2026-11-02", clock), Locked: locked,
		}}}
	}
	pr.Items = append(pr.Items[:1],
		standing("published", calendar.StatePublished, "15:00", false),
		standing("cancelled", calendar.StateCancelled, "12:00", false),
		standing("locked", calendar.StateApproved, "10:30", true),
	)
	pr.Rules = calendar.Rules{MinGap: 90 * time.Minute}
	s := planned(t, pr)
	// 15:00 is taken, 09:00 and 12:00 are 90 minutes from the locked one.
	assert.Equal(t, []string{"a 02T12"}, times(t, s))
	pr.Rules = calendar.Rules{MinGap: 2 * time.Hour}
	s = planned(t, pr)
	assert.Empty(t, s.Assignments)
	assert.Equal(t, []string{"calendar.left.full", "calendar.left.rule"}, codes(s.Left[0].Reasons))
	assert.Equal(t, "rule_min_gap", s.Left[0].Reasons[1].Arg("rule").Value)
	pr.Items[3].Variants[0].State, pr.Items[3].Variants[0].Locked, pr.Items[3].Variants[0].HeldFrom = calendar.StateHeld, false, calendar.StateApproved
	s = planned(t, pr)
	assert.Equal(t, []string{"a 02T12"}, times(t, s))
	assert.Equal(t, []string{"calendar.left.held"}, codes(s.Left[0].Reasons))
}

// Without rules the plan is an assignment, which dynamic programming over sets of
// slots solves too.
func TestPlanWithoutRulesIsTheBestAssignment(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 17))
		pr := small(t, 3)
		worth := map[calendar.ItemID][]float64{}
		for i := range 13 {
			id := calendar.ItemID(rune('a' + i))
			pr.Items = append(pr.Items, calendar.Item{ID: id, Category: "x"})
			for j := range pr.Slots {
				// All want much the same slots, so that they push each other about.
				worth[id] = append(worth[id], float64(j*10+rng.IntN(15)-10))
			}
		}
		pr.Score = func(it calendar.Item, s calendar.Slot) float64 {
			local, err := s.Local()
			if err != nil {
				return math.NaN()
			}
			return worth[it.ID][int(local.Date-onDay(t, "2026-11-02", "00:00").Date)*3+(local.Time.Hour()-9)/3]
		}
		best := make([]float64, 1<<len(pr.Slots))
		for _, it := range pr.Items {
			for set := len(best) - 1; set >= 0; set-- {
				for j := range pr.Slots {
					if set&(1<<j) != 0 {
						best[set] = max(best[set], best[set&^(1<<j)]+worth[it.ID][j])
					}
				}
			}
		}
		want := best[len(best)-1]
		s := planned(t, pr)
		assert.InDelta(t, want, s.Value, 1e-9, "seed %d", seed)
		assert.InDelta(t, want, s.Bound, 1e-9, "seed %d", seed)
	}
}

func TestReasonsSayWhyNotTheBest(t *testing.T) {
	pr := small(t, 1, "x", "y")
	pr.Items[0].Title = "Çay"
	pr.Score = func(it calendar.Item, s calendar.Slot) float64 {
		v := float64(s.At.In(istanbul(t)).Hour())
		if it.ID == "a" {
			return 2 * v
		}
		return v
	}
	s := planned(t, pr)
	assert.Equal(t, []string{"b 02T12", "a 02T15"}, times(t, s))
	assert.Equal(t, []string{"calendar.plan.best"}, codes(s.Assignments[1].Reasons))
	assert.Equal(t, []string{"calendar.plan.share", "calendar.plan.taken"}, codes(s.Assignments[0].Reasons))
	english := sosyal.NewCatalogue(sosyal.English, calendar.Messages(sosyal.English))
	assert.Equal(t, []string{
		"Monday 12:00 has 80% of the value of the best of 3 possible times",
		"The best time, 2 November 2026 15:00, brings more with “Çay”",
	}, english.Texts(s.Assignments[0].Reasons))
	assert.Equal(t, []string{"2 of 2 posts are placed", "No other plan that keeps the rules is worth more"}, english.Texts(s.Reasons))
	pr.Rules.MinGap = 4 * time.Hour
	s = planned(t, pr)
	assert.Equal(t, []string{"b 02T09", "a 02T15"}, times(t, s))
}

func TestOrderOfItemsAndSlotsDoesNotMatter(t *testing.T) {
	for seed := range uint64(5) {
		pr := generated(seed, 30, 80, 4, 8, calendar.Rules{Spacing: 3, PerDay: 3, CategoryPerDay: 1})
		want := planned(t, pr)
		rng := rand.New(rand.NewPCG(seed, 5))
		rng.Shuffle(len(pr.Items), func(i, j int) { pr.Items[i], pr.Items[j] = pr.Items[j], pr.Items[i] })
		rng.Shuffle(len(pr.Slots), func(i, j int) { pr.Slots[i], pr.Slots[j] = pr.Slots[j], pr.Slots[i] })
		assert.Equal(t, want, planned(t, pr))
	}
}

func TestPriceOfLeavingOutFillsMore(t *testing.T) {
	pr := small(t, 1, "x", "y")
	// Item b fits one slot, in which a is worth more than both elsewhere.
	pr.Score = func(it calendar.Item, s calendar.Slot) float64 {
		hour := s.At.In(istanbul(t)).Hour()
		switch {
		case it.ID == "b" && hour == 15:
			return 1
		case it.ID == "a" && hour == 15:
			return 10
		case it.ID == "a" && hour == 12:
			return 5
		}
		return math.Inf(-1)
	}
	assert.Equal(t, []string{"a 02T15"}, times(t, planned(t, pr)))
	pr.Prices.Left = 6
	s := planned(t, pr)
	assert.ElementsMatch(t, []string{"a 02T12", "b 02T15"}, times(t, s))
	assert.InDelta(t, 6, s.Value, 1e-9)
	assert.InDelta(t, 6, s.Bound, 1e-9)
}

func TestPlanRefuses(t *testing.T) {
	for field, edit := range map[string]func(*calendar.Problem){
		"items[1].id":               func(pr *calendar.Problem) { pr.Items[1].ID = pr.Items[0].ID },
		"items[0].id":               func(pr *calendar.Problem) { pr.Items[0].ID = "" },
		"items[0].window.to":        func(pr *calendar.Problem) { pr.Items[0].Window.From = 5 },
		"slots[2].at":               func(pr *calendar.Problem) { pr.Slots[2].At = time.Time{} },
		"slots[2].zone":             func(pr *calendar.Problem) { pr.Slots[2].Zone = "Mars/Olympus" },
		"rules.spacing":             func(pr *calendar.Problem) { pr.Rules.Spacing = -1 },
		"rules.blackouts[0].period": func(pr *calendar.Problem) { pr.Rules.Blackouts = []calendar.Blackout{{}} },
		"prices.left":               func(pr *calendar.Problem) { pr.Prices.Left = math.Inf(1) },
		"value":                     func(pr *calendar.Problem) { pr.Value = func(sosyal.Features, time.Time) float64 { return -1 } },
		"score": func(pr *calendar.Problem) {
			pr.Score = func(calendar.Item, calendar.Slot) float64 { return math.NaN() }
		},
	} {
		pr := small(t, 1, "x", "y")
		edit(&pr)
		_, err := calendar.Planner{}.Plan(t.Context(), pr)
		require.ErrorIs(t, err, sosyal.ErrInvalid, field)
		assert.Contains(t, sosyal.FieldErrors(err)[0].Field, field)
	}
	_, err := calendar.Planner{Effort: -1}.Plan(t.Context(), calendar.Problem{})
	require.ErrorIs(t, err, sosyal.ErrInvalid)
	empty, err := calendar.Planner{}.Plan(t.Context(), calendar.Problem{})
	require.NoError(t, err)
	assert.Zero(t, empty.Gap())
	noSlots, err := calendar.Planner{}.Plan(t.Context(), calendar.Problem{Items: []calendar.Item{{ID: "a"}}})
	require.NoError(t, err)
	assert.Equal(t, []string{"calendar.left.no_slot"}, codes(noSlots.Left[0].Reasons))
}

// Whatever the problem, no rule is broken.
func FuzzPlanKeepsRules(f *testing.F) {
	f.Add(uint64(1), uint8(10), uint8(30), uint8(3), uint8(2), uint8(3), uint8(1), uint8(5))
	f.Fuzz(func(t *testing.T, seed uint64, items, slots, categories, spacing, perDay, perCategory, gap uint8) {
		pr := generated(seed, int(items%40), int(slots%60), 1+int(categories%6), 1+int(slots%7), calendar.Rules{
			Spacing: int(spacing % 9), PerDay: int(perDay % 5), CategoryPerDay: int(perCategory % 3),
			MinGap: time.Duration(gap%12) * time.Hour, CategoryGap: time.Duration(gap/12) * 3 * time.Hour,
		})
		s, err := calendar.Planner{Effort: 5}.Plan(t.Context(), pr)
		if err != nil {
			t.Fatal(err)
		}
		if err := brokenRule(pr, s); err != nil {
			t.Fatal(err)
		}
		if len(s.Assignments)+len(s.Left) != len(pr.Items) {
			t.Fatalf("%d placed and %d left of %d", len(s.Assignments), len(s.Left), len(pr.Items))
		}
	})
}
