package audience_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

func trait(d audience.Dimension, value string) audience.Trait {
	return audience.Trait{Dimension: d, Value: value}
}

// profileOf counts n people for each value of one dimension.
func profileOf(tb testing.TB, d audience.Dimension, values []string, counts []int) audience.GroupProfile {
	tb.Helper()
	var b audience.GroupProfileBuilder
	for i, v := range values {
		require.NoError(tb, b.Add(counts[i], trait(d, v)))
	}
	return b.Profile()
}

func TestProfileBuilderCountsPeopleOnce(t *testing.T) {
	var b audience.GroupProfileBuilder
	require.NoError(t, b.Add(1, trait("interest", "skin"), trait("interest", "hair"), trait("interest", "skin"), trait("city", "İzmir")))
	require.NoError(t, b.Add(3, trait("interest", "skin"), trait("city", "")))
	require.NoError(t, b.Add(2))
	p := b.Profile()
	require.NoError(t, p.Validate())
	assert.Equal(t, audience.GroupProfile{Size: 6, Dimensions: []audience.Counts{
		{Dimension: "city", Known: 1, Values: []audience.ValueCount{{Value: "İzmir", Count: 1}}},
		{Dimension: "interest", Known: 4, Several: true, Values: []audience.ValueCount{{Value: "hair", Count: 1}, {Value: "skin", Count: 4}}},
	}}, p)
	city, ok := p.Counts("city")
	assert.True(t, ok)
	assert.Equal(t, 1, city.Count("İzmir"))
	assert.Zero(t, city.Count("Bursa"))
	_, ok = p.Counts("gender")
	assert.False(t, ok)
	assert.ErrorIs(t, b.Add(-1), sosyal.ErrInvalid)
}

// Counting in parts and merging is counting all at once, and JSON keeps it.
func TestProfilesMergeToTheWhole(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		var whole, merged audience.GroupProfileBuilder
		for range 1 + random.IntN(3) {
			var part audience.GroupProfileBuilder
			for range random.IntN(20) {
				var traits []audience.Trait
				for range random.IntN(4) {
					traits = append(traits, trait([]audience.Dimension{"city", "interest"}[random.IntN(2)], string(rune('a'+random.IntN(4)))))
				}
				n := 1 + random.IntN(3)
				require.NoError(t, part.Add(n, traits...))
				require.NoError(t, whole.Add(n, traits...))
			}
			require.NoError(t, merged.Merge(part.Profile()))
		}
		assert.Equal(t, whole.Profile(), merged.Profile())
		require.NoError(t, whole.Profile().Validate())
		data, err := json.Marshal(whole.Profile())
		require.NoError(t, err)
		var back audience.GroupProfile
		require.NoError(t, json.Unmarshal(data, &back))
		assert.Equal(t, whole.Profile(), back)
	}
}

func TestProfileValidateReportsEveryProblem(t *testing.T) {
	p := audience.GroupProfile{Size: 5, Dimensions: []audience.Counts{
		{Dimension: "city", Known: 9, Values: []audience.ValueCount{{Value: "b", Count: 3}, {Value: "a", Count: -1}, {Count: 1}}},
		{Dimension: "city", Several: true, Known: 2, Values: []audience.ValueCount{{Value: "a", Count: 3}}},
		{},
	}}
	var fields []string
	for _, e := range sosyal.FieldErrors(p.Validate()) {
		fields = append(fields, e.Field)
	}
	assert.Equal(t, []string{
		"dimensions[0].values[1].value", "dimensions[0].values[1].count", "dimensions[0].values[2].value", "dimensions[0].values[2].value",
		"dimensions[0].known", "dimensions[0].known", "dimensions[1].known", "dimensions[1].dimension",
		"dimensions[2].dimension", "dimensions[2].dimension",
	}, fields)
	var b audience.GroupProfileBuilder
	assert.ErrorIs(t, b.Merge(p), sosyal.ErrInvalid)
}

func BenchmarkProfileBuilder(b *testing.B) {
	traits := []audience.Trait{trait("city", "İstanbul"), trait("gender", "female"), trait("age_band", "25-34"), trait("interest", "skin"), trait("interest", "hair")}
	var p audience.GroupProfileBuilder
	for b.Loop() {
		if err := p.Add(1, traits...); err != nil {
			b.Fatal(err)
		}
	}
}

// Customers are counted one by one; nothing about any of them is kept.
func ExampleGroupProfileBuilder() {
	var b audience.GroupProfileBuilder
	_ = b.Add(1, audience.Trait{Dimension: audience.CityDimension, Value: "İzmir"},
		audience.Trait{Dimension: audience.InterestDimension, Value: "cilt bakımı"},
		audience.Trait{Dimension: audience.InterestDimension, Value: "makyaj"})
	_ = b.Add(1, audience.Trait{Dimension: audience.InterestDimension, Value: "cilt bakımı"})
	p := b.Profile()
	interests, _ := p.Counts(audience.InterestDimension)
	city, _ := p.Counts(audience.CityDimension)
	fmt.Println(p.Size, "people,", interests.Values, "city known of", city.Known)
	// Output: 2 people, [{cilt bakımı 2} {makyaj 1}] city known of 1
}
