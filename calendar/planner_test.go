package calendar_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/calendar"
)

func instagram() sosyal.Destination {
	return sosyal.Destination{Brand: "lale", Network: sosyal.Instagram, Account: "lale"}
}

func istanbul(t *testing.T) *time.Location {
	t.Helper()
	zone, err := sosyal.LoadZone("Europe/Istanbul")
	require.NoError(t, err)
	return zone
}

// generated is a problem as a shop might have it: values depend on hour, weekday,
// category and how fresh the item is.
func generated(seed uint64, items, slots, categories, perDay int, rules calendar.Rules) calendar.Problem {
	rng := rand.New(rand.NewPCG(seed, 7))
	start := time.Date(2026, time.November, 2, 0, 0, 0, 0, time.UTC)
	hour := make([]float64, 24)
	for h := range hour {
		hour[h] = 0.5 + rng.Float64()
	}
	affinity := make([][7]float64, categories)
	for c := range affinity {
		for d := range 7 {
			affinity[c][d] = 0.6 + 0.8*rng.Float64()
		}
	}
	base, fresh := map[calendar.ItemID]float64{}, map[calendar.ItemID]float64{}
	pr := calendar.Problem{Rules: rules}
	for i := range items {
		id := calendar.ItemID(fmt.Sprintf("i%04d", i))
		base[id], fresh[id] = 1000*math.Exp(rng.NormFloat64()), 0.02*rng.Float64()
		pr.Items = append(pr.Items, calendar.Item{ID: id, Category: sosyal.CategoryID(fmt.Sprintf("c%d", rng.IntN(categories)))})
	}
	for s := range slots {
		at := start.AddDate(0, 0, s/perDay).Add(time.Duration(8+s%perDay*14/perDay) * time.Hour)
		pr.Slots = append(pr.Slots, calendar.Slot{Destination: instagram(), At: at})
	}
	pr.Score = func(it calendar.Item, s calendar.Slot) float64 {
		var c int
		_, _ = fmt.Sscanf(string(it.Category), "c%d", &c)
		days := s.At.Sub(start).Hours() / 24
		return base[it.ID] * hour[s.At.Hour()] * affinity[c][s.At.Weekday()] * math.Exp(-fresh[it.ID]*days)
	}
	return pr
}

func TestPlanComesCloseToItsBound(t *testing.T) {
	for _, c := range []struct {
		name                             string
		items, slots, categories, perDay int
		rules                            calendar.Rules
		gap                              float64
	}{
		{"200 in 600", 200, 600, 8, 10, calendar.Rules{Spacing: 3, PerDay: 4, CategoryPerDay: 1}, 0.005},
		{"spacing 8 with 4 categories", 150, 450, 4, 10, calendar.Rules{Spacing: 8, PerDay: 4, CategoryPerDay: 1}, 0.03},
	} {
		t.Run(c.name, func(t *testing.T) {
			for seed := range uint64(1) {
				pr := generated(seed, c.items, c.slots, c.categories, c.perDay, c.rules)
				began := time.Now()
				s, err := calendar.Planner{}.Plan(t.Context(), pr)
				require.NoError(t, err)
				t.Logf("seed %d: gap %.3f%%, placed %d, %v", seed, 100*s.Gap(), len(s.Assignments), time.Since(began))
				assert.Less(t, s.Gap(), c.gap)
				assertKeepsRules(t, pr, s)
			}
		})
	}
}

// assertKeepsRules checks a schedule against the rules from their wording.
func assertKeepsRules(t *testing.T, pr calendar.Problem, s calendar.Schedule) {
	t.Helper()
	require.NoError(t, brokenRule(pr, s))
}

func brokenRule(pr calendar.Problem, s calendar.Schedule) error {
	items := map[calendar.ItemID]calendar.Item{}
	for _, it := range pr.Items {
		items[it.ID] = it
	}
	ordered := slices.SortedFunc(slices.Values(pr.Slots), func(a, b calendar.Slot) int { return a.At.Compare(b.At) })
	at := map[time.Time]sosyal.CategoryID{}
	taken := map[time.Time]bool{}
	perDay, perCategory := map[string]int{}, map[string]int{}
	sum := 0.0
	for _, a := range s.Assignments {
		if taken[a.Slot.At] {
			return fmt.Errorf("slot %v taken twice", a.Slot.At)
		}
		it := items[a.Item]
		local, err := a.Slot.Local()
		if err != nil {
			return err
		}
		if it.Window != (sosyal.Period{}) && !it.Window.Contains(local.Date) {
			return fmt.Errorf("%s outside its window on %s", it.ID, local)
		}
		taken[a.Slot.At], at[a.Slot.At] = true, it.Category
		perDay[local.Date.String()]++
		perCategory[local.Date.String()+string(it.Category)]++
		sum += a.Value
	}
	for day, n := range perDay {
		if pr.Rules.PerDay > 0 && n > pr.Rules.PerDay {
			return fmt.Errorf("%d posts on %s", n, day)
		}
	}
	for day, n := range perCategory {
		if pr.Rules.CategoryPerDay > 0 && n > pr.Rules.CategoryPerDay {
			return fmt.Errorf("%d posts of one category on %s", n, day)
		}
	}
	for i := range ordered {
		for j := i + 1; j < len(ordered); j++ {
			a, b := ordered[i].At, ordered[j].At
			if !taken[a] || !taken[b] {
				continue
			}
			same := at[a] == at[b]
			if same && j-i < pr.Rules.Spacing {
				return fmt.Errorf("one category at %v and %v", a, b)
			}
			if b.Sub(a) < pr.Rules.MinGap || (same && b.Sub(a) < pr.Rules.CategoryGap) {
				return fmt.Errorf("%v and %v are too close", a, b)
			}
		}
	}
	sum -= pr.Prices.Left * float64(len(s.Left))
	if math.Abs(sum-s.Value) > 1e-9*math.Max(1, math.Abs(sum)) {
		return fmt.Errorf("value %v, but its parts add up to %v", s.Value, sum)
	}
	if s.Bound < s.Value {
		return fmt.Errorf("bound %v below value %v", s.Bound, s.Value)
	}
	return nil
}

// bruteForce tries every assignment.
func bruteForce(pr calendar.Problem) float64 {
	best := math.Inf(-1)
	var s calendar.Schedule
	used := make([]bool, len(pr.Slots))
	var try func(i int)
	try = func(i int) {
		if i == len(pr.Items) {
			s.Value = -pr.Prices.Left * float64(len(s.Left))
			for _, a := range s.Assignments {
				s.Value += a.Value
			}
			s.Bound = s.Value
			if s.Value > best && brokenRule(pr, s) == nil {
				best = s.Value
			}
			return
		}
		s.Left = append(s.Left, calendar.Left{Item: pr.Items[i].ID})
		try(i + 1)
		s.Left = s.Left[:len(s.Left)-1]
		for j, slot := range pr.Slots {
			if used[j] {
				continue
			}
			used[j] = true
			s.Assignments = append(s.Assignments, calendar.Assignment{Item: pr.Items[i].ID, Slot: slot, Value: pr.Score(pr.Items[i], slot)})
			try(i + 1)
			s.Assignments = s.Assignments[:len(s.Assignments)-1]
			used[j] = false
		}
	}
	try(0)
	return best
}

func tiny(seed uint64) calendar.Problem {
	rng := rand.New(rand.NewPCG(seed, 11))
	rules := calendar.Rules{
		Spacing: rng.IntN(4), PerDay: rng.IntN(3), CategoryPerDay: rng.IntN(2),
		MinGap: time.Duration(rng.IntN(3)) * 4 * time.Hour, CategoryGap: time.Duration(rng.IntN(3)) * 20 * time.Hour,
	}
	pr := generated(seed, 2+rng.IntN(4), 3+rng.IntN(4), 2, 1+rng.IntN(3), rules)
	pr.Prices.Left = float64(rng.IntN(2)) * 500
	for i := range pr.Items {
		if rng.IntN(4) == 0 {
			day := sosyal.DateOf(pr.Slots[rng.IntN(len(pr.Slots))].At, time.UTC)
			pr.Items[i].Window = sosyal.Period{From: day, To: day + 1}
		}
	}
	return pr
}

func TestPlanAgainstBruteForce(t *testing.T) {
	closed := 0
	const instances = 200
	for seed := range uint64(instances) {
		pr := tiny(seed)
		s, err := calendar.Planner{}.Plan(t.Context(), pr)
		require.NoError(t, err)
		assertKeepsRules(t, pr, s)
		best := bruteForce(pr)
		tolerance := 1e-9 * math.Max(1, math.Abs(best))
		assert.GreaterOrEqualf(t, s.Bound, best-tolerance, "seed %d: the bound is below the optimum", seed)
		assert.InDeltaf(t, best, s.Value, tolerance, "seed %d: not the optimum", seed)
		if s.Gap() < 1e-9 {
			closed++
		}
	}
	t.Logf("gap closed in %d of %d", closed, instances)
}

func TestPlanEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := calendar.Planner{}.Plan(ctx, generated(1, 20, 60, 4, 6, calendar.Rules{Spacing: 3}))
	assert.ErrorIs(t, err, context.Canceled)
}

func BenchmarkPlan(b *testing.B) {
	pr := generated(1, 200, 600, 8, 10, calendar.Rules{Spacing: 3, PerDay: 4, CategoryPerDay: 1})
	for b.Loop() {
		if _, err := (calendar.Planner{}).Plan(b.Context(), pr); err != nil {
			b.Fatal(err)
		}
	}
}
