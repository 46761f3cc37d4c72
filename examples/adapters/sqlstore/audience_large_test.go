package sqlstore_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/audiencetest"
)

// Rules at the limits of what can be read are answered as well.
func TestLargeRulesInSQL(t *testing.T) {
	t.Parallel()
	orders := audience.Count{Events: audience.Events{Step: audience.Step{Of: audience.Order}}, Is: audience.AtLeast, Value: 2}
	loyal := audience.InGroup{"loyal"}
	deep := func(at audience.Condition, levels int, around func(audience.Condition) audience.Condition) audience.Condition {
		for range levels {
			at = around(at)
		}
		return at
	}
	wide := func(n int, leaf func(i int) audience.Condition) []audience.Condition {
		out := make([]audience.Condition, n)
		for i := range out {
			out[i] = leaf(i)
		}
		return out
	}
	points := func(i int) audience.Condition {
		n := audience.Value{}
		_ = n.UnmarshalJSON([]byte(strconv.Itoa(i - 100)))
		return audience.Property{Filter: audience.Filter{Name: "points", Is: audience.Equals, Value: n}}
	}
	many := make([]string, 30_000)
	for i := range many {
		many[i] = fmt.Sprintf("İ'\"\\{%d}", i)
	}
	segments := map[sosyal.SegmentID]audience.Definition{}
	segment := func(id string, c audience.Condition) {
		segments[sosyal.SegmentID(id)] = audience.Definition{ID: sosyal.SegmentID(id), Name: id, Kind: audience.RuleSegment, Rule: &audience.Rule{Condition: c}}
	}
	segment("chain 0", orders)
	for i := range 200 {
		segment(fmt.Sprint("chain ", i+1), audience.Not{Condition: audience.InSegment(fmt.Sprint("chain ", i))})
	}
	segment("web 0", orders)
	segment("web 1", loyal)
	for i := range 10 {
		segment(fmt.Sprint("web ", i+2), audience.Any{
			audience.All{audience.InSegment(fmt.Sprint("web ", i+1)), audience.Not{Condition: audience.InSegment(fmt.Sprint("web ", i))}}, orders, points(100 + i),
		})
	}
	rules := map[string]audience.Condition{
		"60 deep, of nots": deep(orders, 60, func(c audience.Condition) audience.Condition { return audience.Not{Condition: c} }),
		"60 deep, each wide": deep(orders, 60, func(c audience.Condition) audience.Condition {
			return audience.All{c, audience.Not{Condition: audience.Any(wide(20, points))}}
		}),
		"30 deep, each with events": deep(loyal, 30, func(c audience.Condition) audience.Condition {
			return audience.Any{orders, audience.All{orders, c}}
		}),
		"1,500 wide":                  audience.Any(wide(1500, points)),
		"100 wide, of events":         audience.Any(append(wide(100, func(int) audience.Condition { return audience.All{orders, loyal} }), loyal)),
		"a list of 30,000":            audience.Any{audience.InGroup(append(many, "loyal"))},
		"200 segments in a row":       audience.InSegment("chain 200"),
		"segments that use two each":  audience.InSegment("web 11"),
		"lists of events, 20 of them": audience.Count{Is: audience.AtLeast, Value: 1, Events: audience.Events{Step: audience.Step{Of: audience.Order, Where: slices.Repeat([]audience.Filter{{Name: "categories", Is: audience.OneOf, Value: audience.ListValue("hair", "makeup", "Hair")}}, 20)}}},
	}
	for _, h := range warehouses() {
		if h.Style != audiencetest.Native {
			continue
		}
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			h := opened(t, h.Warehouse)
			w, err := audiencetest.NewWorld(3, 40)
			require.NoError(t, err)
			members, err := h.Load(t.Context(), w)
			require.NoError(t, err)
			env := w.Env
			env.Tables, env.Segments = h.Tables(env.Schema), segments
			for name, c := range rules {
				p, err := audience.Rule{Condition: c}.Compile(env)
				require.NoError(t, err, name)
				got, err := members(t.Context(), p)
				if err != nil {
					t.Errorf("%s: %.300s", name, err)
					continue
				}
				var want []sosyal.PersonID
				for _, c := range w.Customers {
					ok, err := p.Matches(c)
					require.NoError(t, err)
					if ok {
						want = append(want, c.ID)
					}
				}
				assert.ElementsMatch(t, want, got, name)
				q, err := p.SQL(h.Dialect)
				require.NoError(t, err)
				var n int
				require.NoError(t, h.DB.QueryRowContext(t.Context(), q.Count().Text, q.Count().Args...).Scan(&n))
				assert.Len(t, want, n, name)
			}
		})
	}
}
