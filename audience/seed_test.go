package audience_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/rickb777/date/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

func seedRule(least int, oneCountry bool) audience.SeedRule {
	return audience.SeedRule{Platform: "meta", Min: least, OneCountry: oneCountry, Source: "https://example.org", Date: date.New(2026, 11, 1)}
}

// Against sorting everybody: random candidates with ties, repeats, people
// without a country or value, in any order of the stream.
func TestSeedIsTheBestByBruteForce(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 6))
	for round := range 300 {
		var candidates []audience.Candidate
		for range random.IntN(120) {
			candidates = append(candidates, audience.Candidate{
				Person:  sosyal.PersonID(fmt.Sprintf("p-%02d", random.IntN(60))),
				Country: []string{"TR", "TR", "DE", "", "tr"}[random.IntN(5)],
				Value:   float64(random.IntN(6) - 1), Fit: float64(random.IntN(5)) / 4,
			})
		}
		size, oneCountry := 5+random.IntN(20), round%2 == 0
		best := map[string]map[sosyal.PersonID]float64{}
		for _, c := range candidates {
			if c.Value <= 0 || c.Fit < 0.5 || (oneCountry && c.Country != "TR" && c.Country != "DE") {
				continue
			}
			key := ""
			if oneCountry {
				key = c.Country
			}
			if best[key] == nil {
				best[key] = map[sosyal.PersonID]float64{}
			}
			best[key][c.Person] = max(best[key][c.Person], c.Value*c.Fit)
		}
		var want []sosyal.PersonID
		country, sum := "", 0.0
		for _, key := range []string{"", "DE", "TR"} {
			list := []sosyal.PersonID{}
			for id := range best[key] {
				list = append(list, id)
			}
			slices.SortFunc(list, func(x, y sosyal.PersonID) int {
				return cmp.Or(cmp.Compare(best[key][y], best[key][x]), cmp.Compare(x, y))
			})
			list = list[:min(len(list), size)]
			own := 0.0
			for _, id := range list {
				own += best[key][id]
			}
			if len(list) > len(want) || (len(list) == len(want) && own > sum) {
				want, country, sum = list, key, own
			}
		}
		for range 2 {
			random.Shuffle(len(candidates), func(i, j int) { candidates[i], candidates[j] = candidates[j], candidates[i] })
			s, err := audience.ChooseSeed(stream(candidates), seedRule(5, oneCountry), audience.SeedOptions{Size: size, MinFit: 0.5})
			require.NoError(t, err)
			assert.Equal(t, len(candidates), s.Considered)
			if len(want) < 5 {
				assert.True(t, s.Withheld)
				assert.Empty(t, s.People)
				continue
			}
			assert.Equal(t, want, s.People)
			assert.Equal(t, country, s.Country)
			assert.InDelta(t, best[country][want[len(want)-1]], s.Threshold, 0)
		}
	}
}

func TestSeedRulesOfAPlatform(t *testing.T) {
	meta := audience.SeedRule{Platform: "meta", Min: 100, AdvisedLow: 1000, AdvisedHigh: 5000, OneCountry: true, Source: "https://example.org", Date: date.New(2026, 11, 1)}
	from := func(counts map[string]int) []audience.Candidate {
		var out []audience.Candidate
		for country, n := range counts {
			for i := range n {
				out = append(out, audience.Candidate{Person: sosyal.PersonID(fmt.Sprint(country, i)), Country: country, Value: float64(1 + i), Fit: 1})
			}
		}
		return out
	}
	texts := sosyal.NewCatalogue(sosyal.English, audience.Messages(sosyal.English))
	s, err := audience.ChooseSeed(stream(from(map[string]int{"TR": 99, "DE": 60})), meta, audience.SeedOptions{})
	require.NoError(t, err)
	assert.True(t, s.Withheld, "159 people, but not 100 of one country")
	assert.Equal(t, []string{"No list for meta: 99 suitable people, at least 100 are needed (rule of 1 November 2026)."}, texts.Texts(s.Reasons))
	s, err = audience.ChooseSeed(stream(from(map[string]int{"TR": 300, "DE": 200})), meta, audience.SeedOptions{})
	require.NoError(t, err)
	assert.Len(t, s.People, 300)
	assert.Equal(t, "TR", s.Country)
	assert.Equal(t, "meta accepts 300 people but advises 1,000 to 5,000: expect a less stable lookalike.", texts.Text(s.Reasons[2]))
	s, err = audience.ChooseSeed(stream(from(map[string]int{"TR": 300, "DE": 200})), meta, audience.SeedOptions{Country: "DE"})
	require.NoError(t, err)
	assert.Len(t, s.People, 200)
	s, err = audience.ChooseSeed(stream(from(map[string]int{"TR": 7000})), meta, audience.SeedOptions{})
	require.NoError(t, err)
	assert.Len(t, s.People, 5000)
	assert.Equal(t, sosyal.PersonID("TR6999"), s.People[0])
	assert.InDelta(t, 2001, s.Threshold, 0)
	s, err = audience.ChooseSeed(stream(from(map[string]int{"TR": 7000})), meta, audience.SeedOptions{Size: 6000})
	require.NoError(t, err)
	assert.Equal(t, "audience.seed.above_advised", s.Reasons[2].Code)
	s, err = audience.ChooseSeed(stream[audience.Candidate](nil), meta, audience.SeedOptions{})
	require.NoError(t, err)
	assert.True(t, s.Withheld)
}

func TestSeedWeighsValueAndFit(t *testing.T) {
	candidates := []audience.Candidate{{Person: "rich", Value: 100, Fit: 0.1}, {Person: "alike", Value: 5, Fit: 1}, {Person: "both", Value: 20, Fit: 0.7}}
	first := func(opt audience.SeedOptions) sosyal.PersonID {
		s, err := audience.ChooseSeed(stream(candidates), seedRule(1, false), opt)
		require.NoError(t, err)
		return s.People[0]
	}
	assert.Equal(t, sosyal.PersonID("both"), first(audience.SeedOptions{}))
	assert.Equal(t, sosyal.PersonID("rich"), first(audience.SeedOptions{ValueWeight: 1}))
	assert.Equal(t, sosyal.PersonID("alike"), first(audience.SeedOptions{FitWeight: 1}))
}

func TestSeedRefuses(t *testing.T) {
	_, err := audience.ChooseSeed(stream[audience.Candidate](nil), audience.SeedRule{AdvisedLow: -1, AdvisedHigh: -1}, audience.SeedOptions{Country: "turkey", ValueWeight: -1, FitWeight: math.NaN(), MinFit: 2})
	assert.Len(t, sosyal.FieldErrors(err), 11)
	for _, c := range []audience.Candidate{{Person: "secret", Value: math.NaN()}, {Person: "secret", Value: 1, Fit: 7}} {
		_, err = audience.ChooseSeed(stream([]audience.Candidate{{Person: "a", Value: 1, Fit: 1}, c}), seedRule(1, false), audience.SeedOptions{})
		require.ErrorContains(t, err, "candidates[1]")
		assert.NotContains(t, err.Error(), "secret")
	}
	broken := errors.New("broken")
	_, err = audience.ChooseSeed(func(yield func(audience.Candidate, error) bool) { yield(audience.Candidate{}, broken) }, seedRule(1, false), audience.SeedOptions{})
	assert.ErrorIs(t, err, broken)
}

func TestSeedRuleIsReadStrictly(t *testing.T) {
	data, err := json.Marshal(seedRule(100, true))
	require.NoError(t, err)
	var back audience.SeedRule
	require.NoError(t, json.Unmarshal(data, &back))
	assert.Equal(t, seedRule(100, true), back)
	assert.ErrorContains(t, json.Unmarshal([]byte(`{"date":"2026-02-30"}`), &back), "date: must be a calendar day")
}

func BenchmarkChooseSeed(b *testing.B) {
	candidates := make([]audience.Candidate, 1_000_000)
	random := rand.New(rand.NewPCG(1, 1))
	for i := range candidates {
		candidates[i] = audience.Candidate{Person: sosyal.PersonID(fmt.Sprint(i)), Country: "TR", Value: random.ExpFloat64(), Fit: random.Float64()}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := audience.ChooseSeed(stream(candidates), seedRule(5000, true), audience.SeedOptions{Size: 5000}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(candidates))*float64(b.N)/b.Elapsed().Seconds(), "candidates/s")
}

// The best customers of a cosmetics shop, as the list that a lookalike audience
// grows from. The rule is a dated fact of the platform.
func ExampleChooseSeed() {
	rule := audience.SeedRule{
		Platform: "meta", Min: 100, AdvisedLow: 1000, AdvisedHigh: 5000, OneCountry: true,
		Source: "https://www.facebook.com/business/help", Date: date.New(2026, 11, 1),
	}
	customers := func(yield func(audience.Candidate, error) bool) {
		for i := range 2500 {
			c := audience.Candidate{Person: sosyal.PersonID(fmt.Sprintf("m-%04d", i)), Country: "TR", Value: float64(100 + i), Fit: 0.8}
			if i%5 == 0 {
				c.Country = "AZ"
			}
			if !yield(c, nil) {
				return
			}
		}
	}
	seed, err := audience.ChooseSeed(customers, rule, audience.SeedOptions{Size: 1500})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(seed.Country, len(seed.People), seed.People[0])
	for _, line := range sosyal.NewCatalogue(sosyal.Turkish, audience.Messages(sosyal.Turkish)).Texts(seed.Reasons) {
		fmt.Println(line)
	}
	// Output:
	// TR 1500 m-2499
	// 2.500 adaydan 2.000 uygun kişi arasından değer ve uyuma göre en iyi 1.500 kişi seçildi.
	// Hepsi aynı ülkeden: TR.
}
