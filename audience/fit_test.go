package audience_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

func letters(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = string(rune('a' + i))
	}
	return out
}

func rulesOfPlace(weight float64) []audience.FitRule {
	return []audience.FitRule{{Name: "place", Weight: weight, Dimensions: []audience.Dimension{"city"}}}
}

func fitOf(tb testing.TB, group, base audience.GroupProfile, opt audience.FitOptions) audience.Fit {
	tb.Helper()
	f, err := audience.FitOf(group, base, opt)
	require.NoError(tb, err)
	return f
}

// Of large samples the score is the divergence by hand, whatever chance adds.
func TestFitOfLargeGroupsIsTheDivergence(t *testing.T) {
	group := profileOf(t, "city", letters(2), []int{6_000_000, 4_000_000})
	base := profileOf(t, "city", letters(2), []int{3_000_000, 7_000_000})
	f := fitOf(t, group, base, audience.FitOptions{Rules: rulesOfPlace(1)})
	m := 0.45
	js := (0.6*math.Log2(0.6/m)+0.4*math.Log2(0.4/(1-m)))/2 + (0.3*math.Log2(0.3/m)+0.7*math.Log2(0.7/(1-m)))/2
	require.NotNil(t, f.Score)
	assert.InDelta(t, 100*(1-js), f.Score.Value, 0.01)
	assert.InDelta(t, 93, f.Score.Value, 0.5)
	assert.Less(t, f.Score.High-f.Score.Low, 0.1)
}

func TestFitAtItsEnds(t *testing.T) {
	same := fitOf(t, profileOf(t, "city", letters(2), []int{3000, 7000}), profileOf(t, "city", letters(2), []int{30_000, 70_000}), audience.FitOptions{Rules: rulesOfPlace(1)})
	assert.InDelta(t, 100, same.Score.Value, 0.05)
	assert.InDelta(t, 100, same.Score.High, 1e-9)
	apart := fitOf(t, profileOf(t, "city", letters(2), []int{1000, 0}), profileOf(t, "city", letters(2), []int{0, 1000}), audience.FitOptions{Rules: rulesOfPlace(1)})
	assert.InDelta(t, 0, apart.Score.Value, 1e-9)
}

// The interval holds the score of the true mixes as often as it says or more,
// near the same mix, somewhat apart and far apart, and the score is right on
// average. 95 per cent of 400 fits are 380, and 367 are three standard
// deviations below.
func TestFitIntervalCoversAndTheScoreIsNotBiased(t *testing.T) {
	q := []float64{0.4, 0.25, 0.15, 0.1, 0.06, 0.04}
	for _, p := range [][]float64{q, {0.3, 0.3, 0.15, 0.1, 0.1, 0.05}, {0.05, 0.1, 0.15, 0.2, 0.2, 0.3}} {
		js, err := audience.JensenShannon(p, q)
		require.NoError(t, err)
		truth := 100 * (1 - js)
		held, mean := 0, 0.0
		const fits = 400
		for seed := range uint64(fits) {
			random := rand.New(rand.NewPCG(seed, 9))
			f := fitOf(t, profileOf(t, "city", letters(6), sampleOf(random, 150, p)), profileOf(t, "city", letters(6), sampleOf(random, 2000, q)),
				audience.FitOptions{Rules: rulesOfPlace(1), Seed: seed, MaxWidth: 100, Resamples: 200})
			if f.Score.Low <= truth && truth <= f.Score.High {
				held++
			}
			mean += f.Score.Value / fits
		}
		t.Logf("true score %.2f: mean %.2f, held %d of %d", truth, mean, held, fits)
		assert.GreaterOrEqual(t, held, 367, "true score %.1f", truth)
		assert.InDelta(t, truth, mean, 0.6)
	}
}

// Interests that go together by threes are no more evidence than one: people
// have the first three or the last three, and the interval still covers. 95 per
// cent of 300 fits are 285, and 273 are three standard deviations below.
func TestFitCountsPeopleNotTheirInterests(t *testing.T) {
	byThrees := func(random *rand.Rand, n int, share float64) audience.GroupProfile {
		var b audience.GroupProfileBuilder
		first := sampleOf(random, n, []float64{share, 1 - share})
		for i, name := range []string{"a", "b"} {
			require.NoError(t, b.Add(first[i], trait("interest", name+"1"), trait("interest", name+"2"), trait("interest", name+"3")))
		}
		return b.Profile()
	}
	js, err := audience.JensenShannon([]float64{0.65, 0.35}, []float64{0.4, 0.6})
	require.NoError(t, err)
	rules, held := []audience.FitRule{{Name: "interests", Weight: 1, Dimensions: []audience.Dimension{"interest"}}}, 0
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 10))
		f := fitOf(t, byThrees(random, 120, 0.65), byThrees(random, 3000, 0.4), audience.FitOptions{Rules: rules, Seed: seed, MaxWidth: 100, Resamples: 200})
		if f.Score.Low <= 100*(1-js) && 100*(1-js) <= f.Score.High {
			held++
		}
	}
	assert.GreaterOrEqual(t, held, 273)
}

func TestFitNamesNoValueOfAFewPeople(t *testing.T) {
	group, base := profileOf(t, "city", letters(3), []int{50, 9, 60}), profileOf(t, "city", letters(3), []int{500, 4000, 500})
	part := fitOf(t, group, base, audience.FitOptions{Rules: rulesOfPlace(1)}).Parts[0]
	require.Len(t, part.Reasons, 2)
	assert.NotEqual(t, "b", part.Reasons[1].Arg("value").Value, "nine people, though furthest apart")
	shown := fitOf(t, group, base, audience.FitOptions{Rules: rulesOfPlace(1), MinShown: 9}).Parts[0]
	assert.Equal(t, "b", shown.Reasons[1].Arg("value").Value)
	assert.Equal(t, "80.0", shown.Reasons[1].Arg("base").Value)
}

func TestATotalThatIsTooWideIsWithheld(t *testing.T) {
	f, err := audience.CombineFit([]audience.FitPart{{Name: "own", Weight: 1, Score: &audience.Estimate{Value: 50, Low: 40, High: 60}}}, audience.FitOptions{MaxWidth: 19})
	require.NoError(t, err)
	assert.Nil(t, f.Score)
	assert.Equal(t, "audience.fit.too_wide", f.Reasons[0].Code)
}

func TestFitIsTheWeightedMeanOfItsParts(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 3))
	for range 200 {
		var parts []audience.FitPart
		sum, weight, all := [3]float64{}, 0.0, 0.0
		for i := range 1 + random.IntN(5) {
			p := audience.FitPart{Name: letters(9)[i], Weight: 1 + random.Float64()}
			all += p.Weight
			if random.IntN(3) > 0 {
				low := 100 * random.Float64()
				p.Score = &audience.Estimate{Low: low, Value: low + (100-low)*0.1, High: low + (100-low)*0.2}
				weight += p.Weight
				sum[0] += p.Weight * p.Score.Low
				sum[1] += p.Weight * p.Score.Value
				sum[2] += p.Weight * p.Score.High
			}
			parts = append(parts, p)
		}
		f, err := audience.CombineFit(parts, audience.FitOptions{MinCovered: 0.6})
		require.NoError(t, err)
		assert.InDelta(t, weight/all, f.Covered, 1e-12)
		if weight/all < 0.6 {
			assert.Nil(t, f.Score)
			assert.Equal(t, "audience.fit.not_covered", f.Reasons[0].Code)
			continue
		}
		require.NotNil(t, f.Score)
		assert.InDelta(t, sum[0]/weight, f.Score.Low, 1e-9)
		assert.InDelta(t, sum[1]/weight, f.Score.Value, 1e-9)
		assert.InDelta(t, sum[2]/weight, f.Score.High, 1e-9)
	}
}

func TestFitIsWithheldOfThinData(t *testing.T) {
	group, base := profileOf(t, "city", letters(3), []int{20, 10, 5}), profileOf(t, "city", letters(3), []int{200, 300, 500})
	f := fitOf(t, group, base, audience.FitOptions{Rules: rulesOfPlace(1)})
	assert.Nil(t, f.Score)
	assert.Nil(t, f.Parts[0].Score)
	assert.Equal(t, 35, f.Parts[0].N)
	assert.Equal(t, "audience.fit.too_few", f.Parts[0].Reasons[0].Code)
	wide := fitOf(t, group, base, audience.FitOptions{Rules: rulesOfPlace(1), MinSize: 10, MaxWidth: 2})
	assert.Nil(t, wide.Parts[0].Score)
	assert.Equal(t, "audience.fit.too_wide", wide.Parts[0].Reasons[0].Code)
	rare := fitOf(t, profileOf(t, "city", letters(26), repeat(26, 2)), profileOf(t, "city", letters(26), repeat(26, 20)), audience.FitOptions{Rules: rulesOfPlace(1)})
	assert.Nil(t, rare.Score, "52 people over 26 cities say nothing about any city")
}

func repeat(n, value int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = value
	}
	return out
}

func TestFitLeavesOutPartsWithoutData(t *testing.T) {
	var group, base audience.GroupProfileBuilder
	for i, city := range letters(3) {
		require.NoError(t, group.Add(200+100*i, trait("city", city), trait("interest", "skin"), trait("interest", "hair")))
		require.NoError(t, base.Add(2000+900*i, trait("city", city), trait("interest", "skin"), trait("interest", "hair"), trait("gender", "female")))
	}
	f := fitOf(t, group.Profile(), base.Profile(), audience.FitOptions{MinCovered: 0.4})
	require.Len(t, f.Parts, 5)
	names := map[string]bool{}
	for _, p := range f.Parts {
		names[p.Name] = p.Score != nil
	}
	assert.Equal(t, map[string]bool{"interests": true, "place": true, "age_gender": false, "categories": false, "value": false}, names)
	assert.InDelta(t, 0.45, f.Covered, 1e-12)
	require.NotNil(t, f.Score)
	assert.Nil(t, fitOf(t, group.Profile(), base.Profile(), audience.FitOptions{}).Score, "less than half of the weight")
}

// A ratio of means with its delta-method interval, and its cap at 100.
func TestValuePart(t *testing.T) {
	sampled := func(n int, values ...float64) (s audience.ValueSample) {
		for range n {
			for _, v := range values {
				s.Add(v)
			}
		}
		return s
	}
	rules := []audience.FitRule{{Name: "value", Weight: 1}}
	group, base := sampled(500, 40, 60), sampled(5000, 90, 110)
	f := fitOf(t, audience.GroupProfile{}, audience.GroupProfile{}, audience.FitOptions{Rules: rules, GroupValue: group, BaseValue: base})
	require.NotNil(t, f.Score)
	assert.InDelta(t, 50, f.Score.Value, 1e-9)
	// Both have a standard deviation of 10 (n-1), so the variance of the ratio is
	// (100/999 + 0.25 * 100/9999) / 100².
	half := 1.959963984540054 * math.Sqrt(100.0/999+0.25*100.0/9999) / 100 * 100
	assert.InDelta(t, 50-half, f.Score.Low, 1e-6)
	assert.InDelta(t, 50+half, f.Score.High, 1e-6)
	worth := fitOf(t, audience.GroupProfile{}, audience.GroupProfile{}, audience.FitOptions{Rules: rules, GroupValue: base, BaseValue: group})
	assert.InDelta(t, 100, worth.Score.Value, 0, "worth more than the average customer is no better fit")
	assert.Nil(t, fitOf(t, audience.GroupProfile{}, audience.GroupProfile{}, audience.FitOptions{Rules: rules, GroupValue: sampled(10, 40, 60), BaseValue: base}).Score)
	assert.Nil(t, fitOf(t, audience.GroupProfile{}, audience.GroupProfile{}, audience.FitOptions{Rules: rules, GroupValue: group, BaseValue: sampled(100, 0)}).Score)
}

func TestFitIsDeterministicAndRoundTrips(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 2))
	group := profileOf(t, "city", letters(4), sampleOf(random, 300, []float64{0.4, 0.3, 0.2, 0.1}))
	base := profileOf(t, "city", letters(4), sampleOf(random, 4000, []float64{0.25, 0.25, 0.25, 0.25}))
	a, b := fitOf(t, group, base, audience.FitOptions{Rules: rulesOfPlace(2), Seed: 5}), fitOf(t, group, base, audience.FitOptions{Rules: rulesOfPlace(2), Seed: 5})
	assert.Equal(t, a, b)
	data, err := json.Marshal(a)
	require.NoError(t, err)
	var back audience.Fit
	require.NoError(t, json.Unmarshal(data, &back))
	assert.Equal(t, a, back)
}

func TestFitRefuses(t *testing.T) {
	_, err := audience.FitOf(audience.GroupProfile{}, audience.GroupProfile{}, audience.FitOptions{
		Rules:   []audience.FitRule{{Name: "a", Weight: -1}, {Name: "a", Weight: math.Inf(1)}},
		MinSize: -1, MinShown: -1, MaxWidth: 101, MinCovered: 2, Level: 2, Resamples: 1, GroupValue: audience.ValueSample{N: 2, Sum: 10, SumSquares: 1}, BaseValue: audience.ValueSample{N: -1},
	})
	assert.Len(t, sosyal.FieldErrors(err), 11)
	_, err = audience.CombineFit([]audience.FitPart{{Weight: 1, Score: &audience.Estimate{Value: 101, Low: 101, High: 101}}}, audience.FitOptions{})
	assert.Len(t, sosyal.FieldErrors(err), 2)
	_, err = audience.CombineFit(nil, audience.FitOptions{})
	assert.ErrorIs(t, err, sosyal.ErrInvalid)
	_, err = audience.FitOf(audience.GroupProfile{Size: -1}, audience.GroupProfile{Size: -1}, audience.FitOptions{})
	assert.Len(t, sosyal.FieldErrors(err), 2)
}

// How well do the followers on a network fit the customers of a cosmetics shop?
func ExampleFitOf() {
	var customers, followers audience.GroupProfileBuilder
	person := func(age, city string) []audience.Trait {
		return []audience.Trait{{Dimension: audience.AgeDimension, Value: age}, {Dimension: audience.CityDimension, Value: city}}
	}
	_ = customers.Add(2000, person("18-24", "İstanbul")...)
	_ = customers.Add(4000, person("25-34", "İstanbul")...)
	_ = customers.Add(2000, person("35-44", "İzmir")...)
	_ = followers.Add(900, person("18-24", "İstanbul")...)
	_ = followers.Add(700, person("25-34", "İzmir")...)
	_ = followers.Add(100, person("35-44", "İzmir")...)
	fit, err := audience.FitOf(followers.Profile(), customers.Profile(), audience.FitOptions{MinCovered: 0.4})
	if err != nil {
		fmt.Println(err)
		return
	}
	texts := sosyal.NewCatalogue(sosyal.Turkish, audience.Messages(sosyal.Turkish))
	fmt.Println(texts.Text(fit.Reasons[0]))
	for _, p := range fit.Parts {
		fmt.Println("-", texts.Text(p.Reasons[0]))
	}
	// Output:
	// Uyum 100 üzerinden 94 (93 ile 95 arası); ağırlığın %40 kadarını taşıyan bölümlere dayanıyor.
	// - İlgi alanları: veri yok, hesaba katılmadı.
	// - Yer: 100 üzerinden 96 (95 ile 97 arası), 8.000 kişiye karşı 1.700 kişi.
	// - Yaş ve cinsiyet: 100 üzerinden 91 (90 ile 93 arası), 8.000 kişiye karşı 1.700 kişi.
	// - Ürün kategorileri: veri yok, hesaba katılmadı.
	// - Değer: veri yok, hesaba katılmadı.
}
