package audience_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// crowd is a set of customers for tests, with no more than the measures ask for.
type crowd map[sosyal.PersonID]bool

func crowdOf(ids ...sosyal.PersonID) crowd {
	s := crowd{}
	for _, id := range ids {
		s[id] = true
	}
	return s
}

func (s crowd) Count() int { return len(s) }

func (s crowd) CountBoth(other crowd) int {
	n := 0
	for id := range s {
		if other[id] {
			n++
		}
	}
	return n
}

func TestMeasuresOfSharedCounts(t *testing.T) {
	a, b := crowdOf("1", "2", "3", "4"), crowdOf("2", "3", "4", "5", "6", "7")
	c := audience.CountShared(a, b)
	assert.Equal(t, audience.SharedCounts{A: 4, B: 6, Both: 3}, c)
	assert.Equal(t, 7, c.Union())
	assert.InDelta(t, 3.0/7, c.Jaccard(), 1e-15)
	assert.InDelta(t, 3.0/4, c.OverlapCoefficient(), 1e-15)
	lift, err := c.Lift(12)
	require.NoError(t, err)
	assert.InDelta(t, 3/(12*(4.0/12)*(6.0/12)), lift, 1e-15, "two of twelve would be shared by chance")
}

func TestMeasuresOfEmptySets(t *testing.T) {
	none := audience.SharedCounts{}
	assert.Zero(t, none.Jaccard())
	assert.Zero(t, none.OverlapCoefficient())
	_, err := none.Lift(10)
	assert.ErrorIs(t, err, sosyal.ErrInsufficientData)
	_, err = audience.SharedCounts{A: 4, B: 6, Both: 3}.Lift(6)
	assert.ErrorIs(t, err, sosyal.ErrInvalid)
	assert.NoError(t, none.Validate())
	assert.Len(t, sosyal.FieldErrors(audience.SharedCounts{A: -1, B: 2, Both: 3}.Validate()), 2)
}

func TestJensenShannonByHand(t *testing.T) {
	for _, c := range []struct {
		name string
		p, q []float64
		want float64
	}{
		{"the same", []float64{3, 1}, []float64{0.75, 0.25}, 0},
		{"nothing in common", []float64{1, 0}, []float64{0, 5}, 1},
		// m = (3/4, 1/4): half of log2(4/3), and half of 1/2 log2(2/3) + 1/2 log2(2).
		{"one value against two", []float64{1, 0}, []float64{1, 1}, math.Log2(4.0/3)/2 + (math.Log2(2.0/3)+1)/4},
		{"zeros on both sides", []float64{1, 0, 0}, []float64{1, 0, 0}, 0},
		{"weights near the end of the range", []float64{math.MaxFloat64, math.MaxFloat64}, []float64{1, 1}, 0},
	} {
		got, err := audience.JensenShannon(c.p, c.q)
		require.NoError(t, err, c.name)
		assert.InDelta(t, c.want, got, 1e-14, c.name)
	}
}

// The divergence by the other form of its definition, entropy of the middle less
// the mean of the entropies, which shares no code with it.
func TestJensenShannonIsTheGainOfEntropy(t *testing.T) {
	entropy := func(p []float64) float64 {
		h := 0.0
		for _, x := range p {
			if x > 0 {
				h -= x * math.Log2(x)
			}
		}
		return h
	}
	random := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		k := 1 + random.IntN(8)
		p, q, m := make([]float64, k), make([]float64, k), make([]float64, k)
		for _, x := range [][]float64{p, q} {
			sum := 0.0
			for i := range x {
				x[i] = float64(random.IntN(4))
				sum += x[i]
			}
			if sum == 0 {
				x[0], sum = 1, 1
			}
			for i := range x {
				x[i] /= sum
			}
		}
		for i := range m {
			m[i] = (p[i] + q[i]) / 2
		}
		got, err := audience.JensenShannon(p, q)
		require.NoError(t, err)
		assert.InDelta(t, entropy(m)-(entropy(p)+entropy(q))/2, got, 1e-12)
		back, err := audience.JensenShannon(q, p)
		require.NoError(t, err)
		assert.InDelta(t, got, back, 1e-14, "symmetric")
	}
}

func TestPopulationStability(t *testing.T) {
	got, err := audience.PopulationStability([]float64{0.5, 0.5, 0}, []float64{0.4, 0.6, 0})
	require.NoError(t, err)
	assert.InDelta(t, 0.0405465, got, 5e-8)
	_, err = audience.PopulationStability([]float64{1, 0}, []float64{1, 1})
	assert.ErrorContains(t, err, "[1]: must be positive in both")
}

func TestDivergencesRefuseWhatIsNoDistribution(t *testing.T) {
	for name, c := range map[string][2][]float64{
		"lengths": {{1}, {1, 1}}, "negative": {{-1, 2}, {1, 1}}, "infinite": {{math.Inf(1), 1}, {1, 1}},
		"not a number": {{math.NaN(), 1}, {1, 1}}, "nothing": {{0, 0}, {1, 1}}, "empty": {nil, nil},
	} {
		_, err := audience.JensenShannon(c[0], c[1])
		assert.ErrorIs(t, err, sosyal.ErrInvalid, name)
		_, err = audience.PopulationStability(c[0], c[1])
		assert.ErrorIs(t, err, sosyal.ErrInvalid, name)
	}
}

// sampleOf draws n values with the given shares, one by one.
func sampleOf(random *rand.Rand, n int, shares []float64) []int {
	out := make([]int, len(shares))
	for range n {
		u, i := random.Float64(), 0
		for ; i < len(shares)-1 && u >= shares[i]; i++ {
			u -= shares[i]
		}
		out[i]++
	}
	return out
}

// Samples of one distribution are called different in as few cases as the level
// says, however small one of them is: of 600 tests at 5 per cent, 30 are
// expected and 15 to 46 lie within three standard deviations.
func TestASmallSampleIsNotCalledDifferent(t *testing.T) {
	shares := []float64{0.3, 0.25, 0.2, 0.1, 0.08, 0.04, 0.02, 0.01}
	for _, n := range []int{12, 60} {
		differ, divergence, corrected := 0, 0.0, 0.0
		for seed := range uint64(600) {
			random := rand.New(rand.NewPCG(seed, 7))
			d, err := audience.SampleDifference(sampleOf(random, n, shares), sampleOf(random, 3000, shares), audience.DifferenceOptions{Resamples: 199, Seed: seed})
			require.NoError(t, err)
			if d.Differs {
				differ++
			}
			divergence += d.Divergence / 600
			corrected += (d.Divergence - d.Chance) / 600
		}
		assert.GreaterOrEqual(t, differ, 10, "n = %d", n)
		assert.LessOrEqual(t, differ, 46, "n = %d", n)
		assert.Less(t, math.Abs(corrected), 0.1*divergence, "what chance does is taken out: n = %d", n)
	}
}

func TestARealDifferenceIsFound(t *testing.T) {
	found := 0
	for seed := range uint64(100) {
		random := rand.New(rand.NewPCG(seed, 8))
		d, err := audience.SampleDifference(sampleOf(random, 200, []float64{0.5, 0.3, 0.2}), sampleOf(random, 2000, []float64{0.3, 0.3, 0.4}),
			audience.DifferenceOptions{Resamples: 199, Seed: seed})
		require.NoError(t, err)
		if d.Differs {
			found++
		}
	}
	assert.GreaterOrEqual(t, found, 97)
}

// Against the exact test: all tables of two samples of 12 and 20 with two
// values, enumerated.
func TestDifferenceAgreesWithEnumeration(t *testing.T) {
	a, b := []int{9, 3}, []int{6, 14}
	pooled := 15.0 / 32
	binomial := func(n, k int, p float64) float64 {
		l := func(x int) float64 { v, _ := math.Lgamma(float64(x) + 1); return v }
		return math.Exp(l(n) - l(k) - l(n-k) + float64(k)*math.Log(p) + float64(n-k)*math.Log(1-p))
	}
	js := func(x, y int) float64 {
		d, err := audience.JensenShannon([]float64{float64(x), float64(12 - x)}, []float64{float64(y), float64(20 - y)})
		require.NoError(t, err)
		return d
	}
	observed, p, mean := js(9, 6), 0.0, 0.0
	for x := range 13 {
		for y := range 21 {
			w := binomial(12, x, pooled) * binomial(20, y, pooled)
			mean += w * js(x, y)
			if js(x, y) >= observed-1e-12 {
				p += w
			}
		}
	}
	d, err := audience.SampleDifference(a, b, audience.DifferenceOptions{Resamples: 40_000, Seed: 3})
	require.NoError(t, err)
	assert.InDelta(t, p, d.P, 4*math.Sqrt(p/40_000))
	assert.InDelta(t, mean, d.Chance, 0.001)
	again, err := audience.SampleDifference(a, b, audience.DifferenceOptions{Resamples: 40_000, Seed: 3})
	require.NoError(t, err)
	assert.Equal(t, d, again, "the same seed gives the same result")
}

func TestDifferenceIsWithheldOfTooFew(t *testing.T) {
	_, err := audience.SampleDifference([]int{7, 0}, []int{100, 300}, audience.DifferenceOptions{})
	assert.ErrorIs(t, err, sosyal.ErrInsufficientData)
	_, err = audience.SampleDifference([]int{7}, []int{100, 300}, audience.DifferenceOptions{})
	assert.ErrorIs(t, err, sosyal.ErrInvalid)
	_, err = audience.SampleDifference([]int{-7, 30}, []int{100, 300}, audience.DifferenceOptions{})
	assert.ErrorContains(t, err, "a[0]")
	_, err = audience.SampleDifference([]int{7, 30}, []int{100, 300}, audience.DifferenceOptions{Level: 2, Resamples: 3})
	assert.Len(t, sosyal.FieldErrors(err), 2)
}

// How alike are the buyers of sunscreen and those of serum?
func ExampleSharedCounts() {
	shared := audience.SharedCounts{A: 4, B: 6, Both: 3}
	lift, err := shared.Lift(12)
	fmt.Printf("Jaccard %.3f, overlap %.2f, lift %.1f %v\n", shared.Jaccard(), shared.OverlapCoefficient(), lift, err)
	// Output: Jaccard 0.429, overlap 0.75, lift 1.5 <nil>
}

func ExampleJensenShannon() {
	customers, followers := []float64{60, 40}, []float64{30, 70} // skin care and make-up
	divergence, err := audience.JensenShannon(customers, followers)
	fmt.Printf("%.3f bits %v\n", divergence, err)
	// Output: 0.067 bits <nil>
}

// Fourteen followers look unlike the customers, but fourteen would.
func ExampleSampleDifference() {
	followers, customers := []int{7, 4, 2, 1}, []int{400, 300, 200, 100}
	d, err := audience.SampleDifference(followers, customers, audience.DifferenceOptions{Seed: 1})
	fmt.Println(d.Differs, err)
	_, err = audience.SampleDifference([]int{7}, []int{400}, audience.DifferenceOptions{})
	fmt.Println(errors.Is(err, sosyal.ErrInsufficientData))
	// Output:
	// false <nil>
	// true
}
