package audiencetest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/audiencetest"
)

func world(tb testing.TB, seed uint64, customers int) audiencetest.World {
	tb.Helper()
	w, err := audiencetest.NewWorld(seed, customers)
	require.NoError(tb, err)
	return w
}

func random(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 7)) }

func TestWorldsSuitTheirSchemaAndRepeat(t *testing.T) {
	for seed := range uint64(14) {
		w := world(t, seed, 60)
		for _, customers := range [][]audience.Customer{w.Customers, w.OtherCustomers} {
			ids := map[sosyal.PersonID]bool{}
			for _, c := range customers {
				require.NoError(t, w.Env.Schema.Check(c))
				ids[c.ID] = true
			}
			assert.Len(t, ids, 60, "ids are different")
		}
		assert.Equal(t, w, world(t, seed, 60))
		assert.NotEqual(t, w.Customers, w.OtherCustomers)
		assert.NotEqual(t, w.Env.Brand, w.OtherBrand)
		first, err := json.Marshal(w.Rule(random(seed)))
		require.NoError(t, err)
		again, err := json.Marshal(w.Rule(random(seed)))
		require.NoError(t, err)
		assert.Equal(t, string(first), string(again))
		read, err := audience.ParseRule(first)
		require.NoError(t, err)
		require.NoError(t, read.Validate())
	}
}

// TestRulesSplitCustomers holds the rules to telling customers apart: what picks
// everybody or nobody finds no mistake.
func TestRulesSplitCustomers(t *testing.T) {
	const worlds, rules, customers = 14, 60, 120
	split := 0
	for seed := range uint64(worlds) {
		w, r := world(t, seed, customers), random(seed)
		for range rules {
			picked := count(t, w, w.Rule(r).Condition)
			if picked*20 >= customers && picked*20 <= 19*customers {
				split++
			}
		}
	}
	t.Logf("%d of %d rules pick between 5 and 95 in a hundred", split, worlds*rules)
	assert.Greater(t, split, worlds*rules*3/4)
}

// count is how many customers meet a condition.
func count(t *testing.T, w audiencetest.World, c audience.Condition) int {
	t.Helper()
	p, err := audience.Rule{Condition: c}.Compile(w.Env)
	require.NoError(t, err)
	n := 0
	for _, customer := range w.Customers {
		ok, err := p.Matches(customer)
		require.NoError(t, err)
		if ok {
			n++
		}
	}
	return n
}

// TestCover holds worlds and rules to showing every kind of condition, with every
// comparison of every type and every window, both met and not met.
func TestCover(t *testing.T) {
	const customers = 60
	covered := cover{}
	for seed := range uint64(20) {
		w, r := world(t, seed, customers), random(seed)
		for range 60 {
			covered.condition(w, w.Rule(r).Condition, func(what string, c audience.Condition) {
				n := count(t, w, c)
				covered[what+" met"] += n
				covered[what+" not met"] += customers - n
			})
		}
	}
	for _, what := range everything() {
		assert.Positive(t, covered[what+" met"], what+" is met")
		if what != "all of none" && what != "not any of none" {
			assert.Positive(t, covered[what+" not met"], what+" is not met")
		}
		delete(covered, what+" met")
		delete(covered, what+" not met")
	}
	assert.Empty(t, slices.Sorted(maps.Keys(covered)), "what rules show and the list does not")
}

// cover counts verdicts by what they are about.
type cover map[string]int

// everything is what has to be covered.
func everything() []string {
	out := []string{
		"all of none", "not any of none", "all", "any", "not", "anniversary", "interest", "network", "group",
		"segment rule", "segment list", "segment rfm", "funnel", "funnel without", "consented", "consented by sources", "bucket",
	}
	sizes := []audience.Comparison{audience.Equals, audience.AtLeast, audience.AtMost, audience.MoreThan, audience.LessThan}
	for _, kind := range []string{"days since", "count", "sum", "last", "first", "predicted"} {
		for _, is := range sizes {
			out = append(out, kind+" "+string(is))
		}
	}
	for _, kind := range []string{"count", "sum", "last", "first", "funnel"} {
		for _, window := range []string{"always", "days", "from", "until", "from until"} {
			out = append(out, kind+" "+window)
		}
	}
	for _, of := range []string{"property", "where"} {
		for kind, comparisons := range map[audience.PropertyType][]audience.Comparison{
			audience.TextProperty:   {audience.Equals, audience.OneOf, audience.Contains, audience.StartsWith, audience.EndsWith},
			audience.NumberProperty: sizes,
			audience.DayProperty:    sizes,
			audience.FlagProperty:   {audience.Equals},
			audience.ListProperty:   {audience.Contains, audience.OneOf},
		} {
			for _, is := range append(comparisons, audience.Missing) {
				out = append(out, fmt.Sprint(of, " ", kind, " ", is))
			}
		}
	}
	return out
}

// condition shows a condition and its parts, each under what it is.
func (v cover) condition(w audiencetest.World, c audience.Condition, show func(string, audience.Condition)) {
	switch c := c.(type) {
	case audience.All:
		v.list("all", c, w, c, show)
	case audience.Any:
		v.list("any", c, w, c, show)
	case audience.Not:
		show("not", c)
		v.condition(w, c.Condition, show)
	case audience.Property:
		show(fmt.Sprint("property ", kindOf(c.Name, w.Env.Schema.Properties), " ", c.Is), c)
	case audience.DaysSince:
		show("days since "+string(c.Is), c)
	case audience.Anniversary:
		show("anniversary", c)
	case audience.HasInterest:
		show("interest", c)
	case audience.OnNetwork:
		show("network", c)
	case audience.InGroup:
		show("group", c)
	case audience.InSegment:
		show("segment "+string(w.Env.Segments[sosyal.SegmentID(c)].Kind), c)
	case audience.Count:
		v.events("count", c.Is, c.Events, w, c, show)
	case audience.Sum:
		v.events("sum", c.Is, c.Events, w, c, show)
	case audience.Last:
		v.events("last", c.Is, c.Events, w, c, show)
	case audience.First:
		v.events("first", c.Is, c.Events, w, c, show)
	case audience.Funnel:
		v.events("funnel", "", c.First, w, c, show)
		v.where(c.Then, w, show)
		if c.Without {
			show("funnel without", c)
		} else {
			show("funnel", c)
		}
	case audience.Predicted:
		show("predicted "+string(c.Is), c)
	case audience.Consented:
		show(map[bool]string{true: "consented", false: "consented by sources"}[c.Sources == nil], c)
	case audience.Bucket:
		show("bucket", c)
	}
}

func (v cover) list(kind string, parts []audience.Condition, w audiencetest.World, c audience.Condition, show func(string, audience.Condition)) {
	switch {
	case len(parts) > 0:
		show(kind, c)
	case kind == "any":
		show("not any of none", audience.Not{Condition: c})
	default:
		show(kind+" of none", c)
	}
	for _, part := range parts {
		v.condition(w, part, show)
	}
}

func (v cover) events(kind string, is audience.Comparison, e audience.Events, w audiencetest.World, c audience.Condition, show func(string, audience.Condition)) {
	if is != "" {
		show(kind+" "+string(is), c)
	}
	var window []string
	for name, given := range map[string]bool{"always": e.Days == 0 && e.From == 0 && e.Until == 0, "days": e.Days != 0, "from": e.From != 0, "until": e.Until != 0} {
		if given {
			window = append(window, name)
		}
	}
	slices.Sort(window)
	show(kind+" "+strings.Join(window, " "), c)
	v.where(e.Step, w, show)
}

// where shows each filter by a condition of its own.
func (v cover) where(s audience.Step, w audiencetest.World, show func(string, audience.Condition)) {
	for _, f := range s.Where {
		alone := audience.Step{Of: s.Of, Where: []audience.Filter{f}}
		show(fmt.Sprint("where ", kindOf(f.Name, w.Env.Schema.Events[s.Of].Properties), " ", f.Is),
			audience.Count{Events: audience.Events{Step: alone}, Is: audience.AtLeast, Value: 1})
	}
}

func kindOf(name string, types map[string]audience.PropertyType) audience.PropertyType {
	if kind, ok := types[name]; ok {
		return kind
	}
	switch name {
	case "birthday", "since":
		return audience.DayProperty
	case "amount":
		return audience.NumberProperty
	case "categories":
		return audience.ListProperty
	}
	return audience.TextProperty
}

func TestTheSourceEndsWithItsContext(t *testing.T) {
	w := world(t, 1, 3)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	for _, err := range w.Source().Customers(ctx, w.OtherBrand) {
		cancel()
		last = err
	}
	require.ErrorIs(t, last, context.Canceled)
	for c, err := range w.Source().Customers(t.Context(), "nobody's") {
		t.Error("a brand that is not there has customers", c, err)
	}
}

func TestFailuresAreReported(t *testing.T) {
	broken := errors.New("broken")
	failing := func(context.Context, audiencetest.World) (audiencetest.Evaluator, error) {
		return func(context.Context, audience.Program) ([]sosyal.PersonID, error) { return nil, broken }, nil
	}
	err := audiencetest.CheckEvaluator(t.Context(), audiencetest.Options{Worlds: 2}, failing)
	require.ErrorIs(t, err, broken)
	assert.ErrorContains(t, err, "world 1")
	err = audiencetest.CheckEvaluator(t.Context(), audiencetest.Options{Worlds: 1},
		func(context.Context, audiencetest.World) (audiencetest.Evaluator, error) { return nil, broken })
	assert.ErrorContains(t, err, "loading: broken")
}

// An evaluator of one's own is held to the reference in a few lines; this one
// asks the reference itself.
func ExampleCheckEvaluator() {
	load := func(_ context.Context, w audiencetest.World) (audiencetest.Evaluator, error) {
		return func(ctx context.Context, p audience.Program) ([]sosyal.PersonID, error) {
			var picked []sosyal.PersonID
			for c, err := range w.Source().Customers(ctx, p.Brand()) {
				if err != nil {
					return nil, err
				}
				if ok, err := p.Matches(c); err != nil {
					return nil, err
				} else if ok {
					picked = append(picked, c.ID)
				}
			}
			return picked, nil
		}, nil
	}
	fmt.Println(audiencetest.CheckEvaluator(context.Background(), audiencetest.Options{Worlds: 2}, load))
	// Output: <nil>
}
