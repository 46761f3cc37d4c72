package planning_test

import (
	"testing"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/planning"
)

func d(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func revenueGoal() planning.Goal {
	return planning.Goal{
		ID: "g1", Brand: "demo", Name: "Kasım cirosu", Level: planning.Company, Objective: sosyal.Sales,
		Measure: planning.Revenue, Target: d("1000000.01"), Currency: "TRY", Period: sosyal.Month(2026, time.November),
	}
}

func followerGoal() planning.Goal {
	return planning.Goal{
		ID: "g2", Brand: "demo", Name: "Takipçi", Level: planning.Team, Objective: sosyal.Awareness,
		Measure: planning.Followers, Target: d("11000"), Baseline: d("10000"), Period: sosyal.Month(2026, time.November),
	}
}

func TestGoalValidate(t *testing.T) {
	require.NoError(t, revenueGoal().Validate())
	require.NoError(t, followerGoal().Validate())
	cases := map[string]func(*planning.Goal){
		"currency":  func(g *planning.Goal) { g.Currency = "" },
		"target":    func(g *planning.Goal) { g.Target = decimal.Zero },
		"period.to": func(g *planning.Goal) { g.Period.To = g.Period.From },
		"level":     func(g *planning.Goal) { g.Level = "boss" },
		"parent":    func(g *planning.Goal) { g.Parent = g.ID },
		"measure":   func(g *planning.Goal) { g.Measure, g.Currency = "", "" },
	}
	for field, change := range cases {
		g := revenueGoal()
		change(&g)
		found := sosyal.FieldErrors(g.Validate())
		require.Len(t, found, 1, field)
		assert.Equal(t, field, found[0].Field)
	}
	g := followerGoal()
	g.Currency = "TRY"
	require.ErrorIs(t, g.Validate(), sosyal.ErrInvalid, "followers are not money")
}

func TestBreakdownIsExact(t *testing.T) {
	parts := []planning.Part{
		{Name: "Instagram", Network: sosyal.Instagram, Weight: d("1")},
		{Name: "TikTok", Network: sosyal.TikTok, Weight: d("1")},
		{Name: "Sadık", Segment: "champions", Weight: d("1")},
		{Name: "X", Network: sosyal.X, Weight: d("0")},
	}
	children, err := revenueGoal().Breakdown(parts...)
	require.NoError(t, err)
	require.Len(t, children, 3, "nothing is asked of a part without weight")
	sum := decimal.Zero
	for _, c := range children {
		require.NoError(t, c.Validate())
		assert.Equal(t, planning.GoalID("g1"), c.Parent)
		sum = sum.Add(c.Target)
	}
	assert.True(t, sum.Equal(d("1000000.01")))
	assert.Equal(t, "333333.34", children[0].Target.String())
	assert.Equal(t, sosyal.SegmentID("champions"), children[2].Segment)

	tree := append(planning.Tree{revenueGoal()}, children...)
	require.NoError(t, tree.Validate())
	tree[1].Target = d("1")
	require.ErrorIs(t, tree.Validate(), sosyal.ErrInvalid, "the parts promise less than the goal")

	orders := revenueGoal()
	orders.Measure, orders.Currency, orders.Target = planning.Orders, "", d("10")
	children, err = orders.Breakdown(parts[:3]...)
	require.NoError(t, err)
	assert.Equal(t, []string{"4", "3", "3"}, []string{children[0].Target.String(), children[1].Target.String(), children[2].Target.String()})
	orders.Target = d("10.5")
	_, err = orders.Breakdown(parts...)
	require.ErrorIs(t, err, sosyal.ErrInvalid, "half an order")

	_, err = followerGoal().Breakdown(parts...)
	require.ErrorIs(t, err, sosyal.ErrUnsupported, "the same follower may be on two networks")
	_, err = revenueGoal().Breakdown()
	require.ErrorIs(t, err, sosyal.ErrInvalid)
}

func TestTreeValidate(t *testing.T) {
	a, b := revenueGoal(), revenueGoal()
	b.ID, b.Parent = "g2", "g1"
	require.NoError(t, planning.Tree{a, b}.Validate())
	assert.Equal(t, []planning.Goal{a}, planning.Tree{a, b}.Roots())
	assert.Equal(t, []sosyal.Objective{sosyal.Awareness, sosyal.Sales}, planning.Tree{a, b, func() planning.Goal { f := followerGoal(); f.ID = "f"; return f }()}.Objectives())

	a.Parent = "g2"
	require.ErrorIs(t, planning.Tree{a, b}.Validate(), sosyal.ErrInvalid, "a circle")
	a.Parent, b.Parent = "", "nobody"
	require.ErrorIs(t, planning.Tree{a, b}.Validate(), sosyal.ErrInvalid, "a parent that is not there")
	b.Parent, b.Period = "g1", sosyal.Month(2026, time.December)
	require.ErrorIs(t, planning.Tree{a, b}.Validate(), sosyal.ErrInvalid, "outside the parent's period")
	require.ErrorIs(t, planning.Tree{a, a}.Validate(), sosyal.ErrInvalid, "twice")
}

func TestGoalContentHash(t *testing.T) {
	g := revenueGoal()
	same := g
	same.Owner, same.Target = "ayse", d("1000000.010")
	assert.Equal(t, g.ContentHash(), same.ContentHash(), "an owner is not content, and neither is a trailing zero")
	for name, change := range map[string]func(*planning.Goal){
		"target":   func(g *planning.Goal) { g.Target = d("2") },
		"period":   func(g *planning.Goal) { g.Period = g.Period.Next() },
		"network":  func(g *planning.Goal) { g.Network = sosyal.X },
		"currency": func(g *planning.Goal) { g.Currency = "EUR" },
	} {
		other := g
		change(&other)
		assert.NotEqual(t, g.ContentHash(), other.ContentHash(), name)
	}
}

// days returns n observations from the first of November.
func days(n int, value func(i int) decimal.Decimal) []planning.Observed {
	out := make([]planning.Observed, n)
	for i := range out {
		out[i] = planning.Observed{Day: date.New(2026, time.November, 1+i), Value: value(i)}
	}
	return out
}

func TestFollow(t *testing.T) {
	goal := revenueGoal()
	goal.Target = d("300000")
	at := func(day int) date.Date { return date.New(2026, time.November, day) }
	noisy := func(mean int64) func(int) decimal.Decimal {
		return func(i int) decimal.Decimal { return decimal.NewFromInt(mean + int64(i%3-1)*mean/10) }
	}
	cases := []struct {
		name     string
		goal     planning.Goal
		observed []planning.Observed
		asOf     date.Date
		standing planning.Standing
		actual   string
		expected string
	}{
		{"nothing yet", goal, nil, at(1), planning.NotYetClear, "0", "0"},
		{"too early to tell", goal, days(3, noisy(10000)), at(4), planning.NotYetClear, "30000", "30000"},
		{"on plan", goal, days(12, noisy(10000)), at(13), planning.OnTrack, "120000", "120000"},
		{"far behind", goal, days(12, noisy(4000)), at(13), planning.Behind, "48000", "120000"},
		{"far ahead", goal, days(12, noisy(20000)), at(13), planning.Ahead, "240000", "120000"},
		{"reached before the end", goal, days(16, noisy(20000)), at(17), planning.Reached, "318000", "160000"},
		{"over and missed", goal, days(30, noisy(9000)), at(31), planning.Missed, "270000", "300000"},
		{"observations from asOf on do not count", goal, days(30, noisy(10000)), at(13), planning.OnTrack, "120000", "120000"},
		{"a standing measure takes the last value", followerGoal(), days(15, func(i int) decimal.Decimal { return decimal.NewFromInt(int64(10000 + 20*i)) }), at(16), planning.NotYetClear, "10280", "10500"},
		{"a standing measure at the end", followerGoal(), days(30, func(int) decimal.Decimal { return d("11050") }), at(31), planning.Reached, "11050", "11000"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p, err := planning.Follow(c.goal, c.observed, c.asOf, nil)
			require.NoError(t, err)
			assert.Equal(t, c.standing, p.Standing)
			assert.True(t, p.Actual.Equal(d(c.actual)), "actual %s", p.Actual)
			assert.InDelta(t, d(c.expected).InexactFloat64(), p.Expected.InexactFloat64(), 1e-6)
			if p.HasForecast {
				assert.LessOrEqual(t, p.Low, p.Forecast)
				assert.LessOrEqual(t, p.Forecast, p.High)
			}
			assert.NotEmpty(t, p.Reasons)
		})
	}
}

// With the days weighted as they really are, a strong second half is no delay.
func TestFollowWeighsDays(t *testing.T) {
	goal := revenueGoal()
	goal.Target = d("450000")
	weights := func(day date.Date) float64 {
		if day.Day() > 15 {
			return 2
		}
		return 1
	}
	observed := days(15, func(i int) decimal.Decimal { return decimal.NewFromInt(10000 + int64(i%2*2-1)*300) })
	p, err := planning.Follow(goal, observed, date.New(2026, time.November, 16), weights)
	require.NoError(t, err)
	assert.Equal(t, planning.OnTrack, p.Standing)
	assert.InDelta(t, 150000, p.Expected.InexactFloat64(), 1e-6)
	evenly, err := planning.Follow(goal, observed, date.New(2026, time.November, 16), nil)
	require.NoError(t, err)
	assert.Equal(t, planning.Behind, evenly.Standing)
}

func TestFollowDoesNotInventZeros(t *testing.T) {
	p, err := planning.Follow(followerGoal(), nil, date.New(2026, time.November, 20), nil)
	require.NoError(t, err)
	assert.False(t, p.Known)
	assert.Equal(t, planning.NotYetClear, p.Standing)
	over, err := planning.Follow(followerGoal(), nil, date.New(2026, time.December, 1), nil)
	require.NoError(t, err)
	assert.Equal(t, planning.NotYetClear, over.Standing, "a value that was never seen is not a miss")
}
