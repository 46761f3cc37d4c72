package audience_test

import (
	"slices"
	"testing"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/audiencetest"
)

// traits are what a customer counts for, worked out from the customer alone.
func traits(c audience.Customer, day date.Date) []audience.Trait {
	out := []audience.Trait{
		{Dimension: audience.CountryDimension, Value: c.Profile.Country},
		{Dimension: audience.CityDimension, Value: c.Profile.City},
		{Dimension: audience.GenderDimension, Value: c.Profile.Gender},
		{Dimension: audience.LanguageDimension, Value: c.Profile.Language},
	}
	for _, i := range c.Interests {
		out = append(out, audience.Trait{Dimension: audience.InterestDimension, Value: i})
	}
	if c.Profile.Birthday != 0 {
		age := 0
		for d := c.Profile.Birthday.AddDate(1, 0, 0); d <= day; d = c.Profile.Birthday.AddDate(age+1, 0, 0) {
			age++
		}
		bands := []string{"", "13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+"}
		at, _ := slices.BinarySearch([]int{13, 18, 25, 35, 45, 55, 65}, age+1)
		out = append(out, audience.Trait{Dimension: audience.AgeDimension, Value: bands[at]})
	}
	orders := map[string]int{}
	for _, e := range c.Events {
		if e.Name == audience.Order && !e.Adjustment {
			for _, k := range slices.Compact(slices.Sorted(slices.Values(e.Categories))) {
				orders[k]++
			}
		}
	}
	favourite := ""
	for k, n := range orders {
		if favourite == "" || n > orders[favourite] || n == orders[favourite] && k < favourite {
			favourite = k
		}
	}
	return append(out, audience.Trait{Dimension: audience.CategoryDimension, Value: favourite})
}

func TestProfilesOfAnIndexCountEverybody(t *testing.T) {
	w, err := audiencetest.NewWorld(3, 400)
	require.NoError(t, err)
	for i := range w.Customers {
		w.Customers[i].Profile.Birthday = date.New(1940, 1, 1) + date.Date(i*83)
	}
	ix, err := audience.BuildIndex(t.Context(), w.Env.Brand, w.Env.Schema, stream(w.Customers))
	require.NoError(t, err)
	day := date.New(2026, 11, 3)
	want, one := &audience.GroupProfileBuilder{}, map[sosyal.PersonID]bool{}
	p, err := audience.Rule{Condition: audience.Bucket{Of: 3, To: 2}}.Compile(w.Env)
	require.NoError(t, err)
	for _, c := range w.Customers {
		ok, err := p.Matches(c)
		require.NoError(t, err)
		if one[c.ID] = ok; ok {
			require.NoError(t, want.Add(1, traits(c, day)...))
		}
	}
	members, err := p.Evaluate(t.Context(), ix)
	require.NoError(t, err)
	got, err := ix.Profile(t.Context(), members, day)
	require.NoError(t, err)
	require.NoError(t, got.Validate())
	assert.Len(t, got.Dimensions, 7)
	expected := want.Profile()
	assert.Equal(t, expected.Size, got.Size)
	for _, d := range expected.Dimensions {
		own, ok := got.Counts(d.Dimension)
		require.True(t, ok, d.Dimension)
		assert.Equal(t, d.Values, own.Values)
		assert.Equal(t, d.Known, own.Known, d.Dimension)
	}
	_, err = ix.Profile(t.Context(), members, day, "points")
	require.ErrorIs(t, err, sosyal.ErrInvalid)
	other, err := audience.BuildIndex(t.Context(), w.Env.Brand, w.Env.Schema, stream(w.Customers))
	require.NoError(t, err)
	_, err = other.Profile(t.Context(), members, day)
	require.ErrorIs(t, err, sosyal.ErrConflict)
}

func TestPurchasesOfAnIndexAreThoseOfTheBook(t *testing.T) {
	book := audience.NewOrderBook(time.UTC)
	returned := line(t, "2", "a", 5, "4")
	returned.Quantity, returned.Status = returned.Quantity.Neg(), audience.Returned
	add(t, book, line(t, "1", "a", 1, "10"), line(t, "2b", "a", 9, "7.25"), returned, line(t, "3", "b", 3, "8"))
	ix, err := audience.BuildIndex(t.Context(), "b", audience.Schema{Events: map[string]audience.EventType{audience.Order: {Currency: "TRY"}}},
		func(yield func(audience.Customer, error) bool) {
			for c := range book.Profiles(nil) {
				if !yield(c, nil) {
					return
				}
			}
		})
	require.NoError(t, err)
	var got []audience.Purchases
	for p := range ix.Purchases(time.UTC) {
		got = append(got, p)
	}
	want := slices.Collect(book.Customers())
	require.Len(t, got, len(want))
	for i := range want {
		want[i].Categories = nil
		assert.Equal(t, want[i].Net.String(), got[i].Net.String())
		assert.Equal(t, want[i].Gross.String(), got[i].Gross.String())
		want[i].Net, want[i].Gross, got[i].Net, got[i].Gross = sosyal.Money{}, sosyal.Money{}, sosyal.Money{}, sosyal.Money{}
		assert.Equal(t, want[i], got[i])
	}
}
