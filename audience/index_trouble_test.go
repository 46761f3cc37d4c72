package audience_test

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// staleTracker has a segment that is published and can no longer be refreshed.
func staleTracker(t *testing.T, shop *shopLog, now *time.Time) *audience.Tracker {
	t.Helper()
	tr := tracker(t, shop, now)
	_, err := tr.Load(t.Context(), "")
	require.NoError(t, err)
	_, err = tr.Save(t.Context(), segment(t, "tier", `{"not":{"property":{"name":"tier","is":"equals","value":"gold"}}}`))
	require.NoError(t, err)
	tr.Schema.Properties = map[string]audience.PropertyType{}
	*now = now.AddDate(0, 0, 1)
	return tr
}

// Whoever is forgotten leaves segments that cannot be refreshed as well, also
// where the index has long lost the person, and nobody else leaves or comes.
func TestForgettingReachesStaleSegments(t *testing.T) {
	for _, person := range []sosyal.PersonID{"a", "b"} {
		now := time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)
		shop := &shopLog{customers: []audience.Customer{{ID: "a"}, {ID: "b"}, {ID: "c"}}}
		tr := staleTracker(t, shop, &now)
		shop.changes = []audience.CustomerChange{{ID: "a", Remove: true}}
		_, err := tr.Sync(t.Context())
		require.Error(t, err)
		_, err = tr.Forget(t.Context(), "b", person)
		require.NoError(t, err)
		p, err := tr.Segment("tier")
		require.NoError(t, err)
		want := map[sosyal.PersonID][]string{"a": {"b", "c"}, "b": {"a", "c"}}[person]
		assert.Equal(t, want, people(p.Members))
	}
}

// during streams customers and does something before the end.
type during struct {
	customers []audience.Customer
	do        func()
}

func (d during) Customers(context.Context, sosyal.BrandID) iter.Seq2[audience.Customer, error] {
	return func(yield func(audience.Customer, error) bool) {
		for _, c := range d.customers {
			if !yield(c, nil) {
				return
			}
		}
		d.do()
	}
}

func TestWhoIsForgottenWhileCustomersAreLoadedStaysForgotten(t *testing.T) {
	now := time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)
	tr := tracker(t, &shopLog{}, &now)
	tr.Source = during{[]audience.Customer{{ID: "a"}, {ID: "b"}}, func() {
		_, err := tr.Forget(t.Context(), "b", "a")
		require.NoError(t, err)
	}}
	_, err := tr.Load(t.Context(), "")
	require.NoError(t, err)
	ix, _ := tr.Index()
	assert.Equal(t, []string{"b"}, people(ix.Members()))
}

func TestAFailedUpdateLeavesNothingBehind(t *testing.T) {
	ix := smallIndex(t)
	fatma := audience.Customer{ID: "f", Profile: audience.Profile{City: "city-of-fatma"}}
	_, err := ix.Apply(t.Context(), stream([]audience.CustomerChange{{ID: "f", Put: &fatma}, {ID: "g"}}))
	require.Error(t, err)
	var file bytes.Buffer
	_, err = ix.WriteTo(&file)
	require.NoError(t, err)
	assert.NotContains(t, file.String(), "fatma")

	many := audience.Customer{ID: "m"}
	for i := range 65_537 {
		many.Consents = append(many.Consents, audience.Consent{Purpose: "p", Source: fmt.Sprint("s", i), At: benchNow()})
	}
	_, err = ix.Apply(t.Context(), stream([]audience.CustomerChange{{ID: "m", Put: &many}}))
	require.ErrorContains(t, err, "at most 65,536 different sources")
	one := audience.Customer{ID: "m", Consents: []audience.Consent{{Purpose: "another", Source: "shop", At: benchNow()}}}
	assert.Panics(t, func() {
		_, _ = ix.Apply(t.Context(), func(func(audience.CustomerChange, error) bool) { panic("the source fell over") })
	})
	_, err = ix.Apply(t.Context(), stream([]audience.CustomerChange{{ID: "m", Put: &one}}))
	require.NoError(t, err)
}

func TestWhoIsTakenOutAndPutBackIsTheSamePerson(t *testing.T) {
	ix := smallIndex(t)
	before := ix.Members()
	back := audience.Customer{ID: "p1", Interests: []string{"hair"}}
	next, err := ix.Apply(t.Context(), stream([]audience.CustomerChange{{ID: "p1", Remove: true}, {ID: "p1", Put: &back}}))
	require.NoError(t, err)
	assert.Equal(t, 10, before.CountBoth(next.Members()))
	gone, err := before.Without(next.Members())
	require.NoError(t, err)
	assert.Zero(t, gone.Count())

	now := time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)
	shop := &shopLog{customers: []audience.Customer{back}}
	tr := tracker(t, shop, &now)
	_, err = tr.Load(t.Context(), "")
	require.NoError(t, err)
	_, err = tr.Save(t.Context(), segment(t, "hair", `{"interest":["hair"]}`))
	require.NoError(t, err)
	shop.changes = []audience.CustomerChange{{ID: "p1", Remove: true}, {ID: "p1", Put: &back}}
	moved, err := tr.Sync(t.Context())
	require.NoError(t, err)
	assert.Empty(t, moved)
}

// A rule that does not suit the index is refused and leaves it whole.
func TestARuleOfAnotherSchemaIsRefused(t *testing.T) {
	ix := smallIndex(t)
	e := env(t)
	order := e.Schema.Events[audience.Order]
	order.Properties = maps.Clone(order.Properties)
	order.Properties["items"] = audience.TextProperty
	e.Schema.Events = map[string]audience.EventType{audience.Order: order, "view": {}}
	p, err := rule(t, `{"count":{"of":"order","is":"at_least","value":1,"where":[{"name":"items","is":"equals","value":"3"}]}}`).Compile(e)
	require.NoError(t, err)
	_, err = p.Evaluate(t.Context(), ix)
	require.ErrorContains(t, err, "events.order.items: must be of the type that it has in the index")
	e.Schema.Events = map[string]audience.EventType{audience.Order: {Currency: "USD"}, "view": {}}
	p, err = rule(t, `{"sum":{"of":"order","is":"at_least","value":{"amount":"1","currency":"USD"}}}`).Compile(e)
	require.NoError(t, err)
	_, err = p.Evaluate(t.Context(), ix)
	require.ErrorContains(t, err, "must be in the currency that it has in the index, TRY")
	_, err = ix.Erase(t.Context(), "p0")
	require.NoError(t, err)
}

func TestSegmentsAreKeptUnderTheirOwnIDs(t *testing.T) {
	e := env(t)
	own := rule(t, `{"all":[{"in_segment":"x"},{"in_segment":"x"}]}`)
	e.Segments = map[sosyal.SegmentID]audience.Definition{"x": {ID: "y", Name: "y", Kind: audience.RuleSegment, Rule: &own}}
	_, err := rule(t, `{"in_segment":"x"}`).Compile(e)
	require.ErrorContains(t, err, "must be a segment that is kept under its own id")
}

func TestAnIndexThatWasNeverBuiltSaysSo(t *testing.T) {
	var zero audience.Index
	_, err := zero.WriteTo(&bytes.Buffer{})
	require.ErrorIs(t, err, sosyal.ErrInvalid)
	_, err = zero.Apply(t.Context(), stream([]audience.CustomerChange{{ID: "a", Remove: true}}))
	require.Error(t, err)
	_, err = audience.Program{}.Evaluate(t.Context(), nil)
	require.ErrorIs(t, err, sosyal.ErrInvalid)
	assert.Zero(t, zero.Members().Count())
	_, err = (&audience.Tracker{Brand: "b", Zone: time.UTC}).Adopt(t.Context(), &zero, "")
	require.ErrorContains(t, err, "index: is required")
}

// Taking out a whole block costs what its customers are many.
func TestRemovingABlock(t *testing.T) {
	const n = 30_000
	ix := benchIndex(t, n)
	next, err := ix.Apply(t.Context(), func(yield func(audience.CustomerChange, error) bool) {
		for id := range ix.Members().All() {
			if !yield(audience.CustomerChange{ID: id, Remove: true}, nil) {
				return
			}
		}
	})
	require.NoError(t, err)
	assert.Zero(t, next.Len())
	assert.Equal(t, n, ix.Members().Count())
	assert.False(t, next.Members().Contains("c7"))
}
