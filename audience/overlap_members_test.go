package audience_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// interested are the customers of an index who have an interest.
func interested(tb testing.TB, ix *audience.Index, interest string) *audience.Members {
	tb.Helper()
	rule, err := audience.ParseRule(fmt.Appendf(nil, `{"version": 1, "rule": {"interest": [%q]}}`, interest))
	require.NoError(tb, err)
	program, err := rule.Compile(audience.Env{Brand: "shop", Now: time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC), Zone: time.UTC})
	require.NoError(tb, err)
	members, err := program.Evaluate(tb.Context(), ix)
	require.NoError(tb, err)
	return members
}

// The members of an index are sets as they are, and can be walked through.
func TestOverlapsOfMembers(t *testing.T) {
	ix, err := audience.BuildIndex(t.Context(), "shop", audience.Schema{}, func(yield func(audience.Customer, error) bool) {
		for i := range 600 {
			c := audience.Customer{ID: sosyal.PersonID(fmt.Sprint(i))}
			for _, interest := range []struct {
				name  string
				every int
			}{{"skin", 2}, {"hair", 3}, {"nails", 5}} {
				if i%interest.every == 0 {
					c.Interests = append(c.Interests, interest.name)
				}
			}
			if !yield(c, nil) {
				return
			}
		}
	})
	require.NoError(t, err)
	var sets []audience.AdSetAudience[*audience.Members]
	for i, interest := range []string{"skin", "hair", "nails"} {
		sets = append(sets, audience.AdSetAudience[*audience.Members]{Name: interest, Set: interested(t, ix, interest), Priority: i})
	}
	o, err := audience.OverlapsOf(sets, audience.OverlapOptions{})
	require.NoError(t, err)
	// Of 600, by the multiples of 2, 3 and 5: those of 5 keep 120, those of 3
	// less those of 15 are 160, and odd to 3 and 5 a half of 8/15 remain.
	left := map[string]int{}
	for _, e := range o.Exclusions {
		require.True(t, e.Left.Exact(), e.Name)
		left[e.Name] = e.Left.Low
	}
	assert.Equal(t, map[string]int{"nails": 120, "hair": 160, "skin": 160}, left)
	assert.Equal(t, 100, audience.CountShared(sets[0].Set, sets[1].Set).Both)
	related, err := audience.Related(audience.NamedSet[*audience.Members]{Name: "skin", Set: sets[0].Set},
		[]audience.NamedSet[*audience.Members]{{Name: "hair", Set: sets[1].Set}}, ix.Len(), audience.CompareOptions{})
	require.NoError(t, err)
	assert.InDelta(t, 100, related[0].Index.Value, 1e-9, "independent by construction")
}
