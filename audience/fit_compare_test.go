package audience_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

func compared(tb testing.TB, group, base audience.GroupProfile, opt audience.CompareOptions) map[string]audience.ValueComparison {
	tb.Helper()
	c, err := audience.Compare(group, base, opt)
	require.NoError(tb, err)
	out := map[string]audience.ValueComparison{}
	for _, d := range c.Dimensions {
		for _, v := range d.Values {
			out[v.Value] = v
		}
	}
	return out
}

func TestIndexByHand(t *testing.T) {
	values := []string{"female", "male"}
	group, base := profileOf(t, "gender", values, []int{300, 100}), profileOf(t, "gender", values, []int{6000, 4000})
	v := compared(t, group, base, audience.CompareOptions{Apart: true, Strength: 20})["female"]
	assert.InDelta(t, 125, v.Index.Value, 1e-12, "a share of .75 on .60")
	assert.InDelta(t, 0.75, v.Share.Value, 1e-15)
	assert.InDelta(t, 0.60, v.BaseShare, 1e-15)
	z := 1.959963984540054
	centre, half := (300+z*z/2)/(400+z*z), z/(400+z*z)*math.Sqrt(300*100/400.0+z*z/4)
	assert.InDelta(t, centre-half, v.Share.Low, 1e-9)
	assert.InDelta(t, centre+half, v.Share.High, 1e-9)
	// The interval of the index is that of the share over .60, a little wider
	// for what is not known of the base.
	assert.Less(t, v.Index.Low, v.Share.Low/0.6*100)
	assert.Greater(t, v.Index.High, v.Share.High/0.6*100)
	assert.InDelta(t, v.Share.Low/0.6*100, v.Index.Low, 0.5)
	assert.InDelta(t, v.Share.High/0.6*100, v.Index.High, 0.5)
	b := 6000.5 / 10001
	assert.InDelta(t, 100*(300+20)/(400*b+20), v.Shrunk.Value, 1e-9, "(count + s) / (expected + s)")
	assert.Equal(t, audience.Above, v.Verdict, "20 expected people more do not hide it")
}

// Pearson's chi-squared of the two-by-two table with N-1 in place of N: of a
// segment against the rest of the customers, of followers against all of them.
func TestDifferenceIsTestedAgainstTheRest(t *testing.T) {
	values := []string{"a", "b"}
	group, base := profileOf(t, "city", values, []int{45, 55}), profileOf(t, "city", values, []int{150, 250})
	pearson := func(a, b, c, d float64) float64 {
		n := a + b + c + d
		chi := (n - 1) * (a*d - b*c) * (a*d - b*c) / ((a + b) * (c + d) * (a + c) * (b + d))
		return math.Erfc(math.Sqrt(chi / 2))
	}
	assert.InDelta(t, pearson(45, 55, 105, 195), compared(t, group, base, audience.CompareOptions{})["a"].P, 1e-12)
	assert.InDelta(t, pearson(45, 55, 150, 250), compared(t, group, base, audience.CompareOptions{Apart: true})["a"].P, 1e-12)
}

// The shrunk index and its interval against the posterior by brute force.
func TestShrunkIndexIsThePosterior(t *testing.T) {
	values := []string{"a", "b"}
	const k, n, b0, all, s = 7, 20, 100, 1000, 3.0
	v := compared(t, profileOf(t, "city", values, []int{k, n - k}), profileOf(t, "city", values, []int{b0, all - b0}),
		audience.CompareOptions{Apart: true, Strength: s, MinSize: 1})["a"]
	b := (b0 + 0.5) / (all + 1)
	const steps = 400_000
	sum, mean := 0.0, 0.0
	density := make([]float64, steps)
	for i := range steps {
		x := (float64(i) + 0.5) / steps
		density[i] = math.Pow(x, s-1) * math.Pow(1-x, s*(1-b)/b-1) * math.Pow(x, k) * math.Pow(1-x, n-k)
		sum, mean = sum+density[i], mean+x*density[i]
	}
	assert.InDelta(t, 100*mean/sum/b, v.Shrunk.Value, 1e-4)
	below, low, high := 0.0, 0.0, 0.0
	for i := range steps {
		x := (float64(i) + 0.5) / steps
		if below < 0.025*sum {
			low = x
		}
		if below < 0.975*sum {
			high = x
		}
		below += density[i]
	}
	assert.InDelta(t, 100*low/b, v.Shrunk.Low, 0.01)
	assert.InDelta(t, 100*high/b, v.Shrunk.High, 0.01)
}

func TestAnIndexOf400OnSevenPeopleIsNotNotable(t *testing.T) {
	values := []string{"perfume", "skin"}
	base := profileOf(t, "category", values, []int{2500, 97_500})
	group := profileOf(t, "category", values, []int{7, 63})
	v := compared(t, group, base, audience.CompareOptions{MinSize: 1})["perfume"]
	assert.InDelta(t, 400, v.Index.Value, 1e-9)
	assert.Less(t, v.Q, 0.05, "a test alone would have called it notable")
	assert.Less(t, v.Shrunk.Value, 250.0)
	assert.NotEqual(t, audience.Above, v.Verdict)
	hidden := compared(t, group, base, audience.CompareOptions{})["perfume"]
	assert.True(t, hidden.Suppressed)
	assert.Zero(t, hidden.Count)
	assert.Equal(t, audience.Withheld, hidden.Verdict)
	hundredfold := compared(t, profileOf(t, "category", values, []int{700, 6300}), base, audience.CompareOptions{})["perfume"]
	assert.Equal(t, audience.Above, hundredfold.Verdict)
	assert.InDelta(t, 400, hundredfold.Shrunk.Value, 25, "much evidence is hardly shrunk")
}

// world is a base and groups drawn from it with known indexes.
type world struct {
	name string
	lift func(*rand.Rand, int) float64 // of each value, before scaling
}

// The shrunk index is nearer the truth than the raw one, whatever the truth is
// like: nothing differs, everything differs, or two values do. 200 groups of
// each size and kind; in the null the error must fall by half at least, where
// everything differs it must not be larger in groups of any size.
func TestShrunkIndexBeatsTheRawOne(t *testing.T) {
	const k, groups = 12, 200
	worlds := []world{
		{"nothing differs", func(*rand.Rand, int) float64 { return 1 }},
		{"everything differs", func(r *rand.Rand, _ int) float64 { return math.Exp(0.4 * r.NormFloat64()) }},
		{"two values differ", func(_ *rand.Rand, i int) float64 { return map[bool]float64{true: 3, false: 1}[i == 3 || i == 9] }},
	}
	values := make([]string, k)
	for i := range values {
		values[i] = string(rune('a' + i))
	}
	for _, w := range worlds {
		for _, n := range []int{20, 70, 400} {
			raw, shrunk := 0.0, 0.0
			for seed := range uint64(groups) {
				random := rand.New(rand.NewPCG(seed, uint64(n)))
				base, share := make([]int, k), make([]float64, k)
				total, sum := 0, 0.0
				for i := range k {
					base[i] = 60_000 / (i + 1)
					total += base[i]
				}
				for i := range k {
					share[i] = float64(base[i]) / float64(total) * w.lift(random, i)
					sum += share[i]
				}
				truth := make([]float64, k)
				for i := range k {
					share[i] /= sum
					truth[i] = 100 * share[i] / (float64(base[i]) / float64(total))
				}
				got := compared(t, profileOf(t, "city", values, sampleOf(random, n, share)), profileOf(t, "city", values, base),
					audience.CompareOptions{Apart: true, MinSize: 1, Resamples: 99})
				for i, name := range values {
					rawError, shrunkError := got[name].Index.Value-truth[i], got[name].Shrunk.Value-truth[i]
					raw += rawError * rawError / (k * groups)
					shrunk += shrunkError * shrunkError / (k * groups)
				}
			}
			t.Logf("%s, n = %d: mean squared error raw %.0f, shrunk %.0f", w.name, n, raw, shrunk)
			assert.Less(t, shrunk, raw, "%s, n = %d", w.name, n)
			if w.name == "nothing differs" {
				assert.Less(t, shrunk, raw/2, "%s, n = %d", w.name, n)
			}
		}
	}
}

// Of 500 segments drawn from the customers at random, at most one in twenty may
// show anything notable: 25, and 40 within three standard deviations. Segments
// in which something is planted show it.
func TestVerdictsKeepTheirLevel(t *testing.T) {
	values := []string{"a", "b", "c", "d", "e", "f"}
	shares := []float64{0.35, 0.25, 0.2, 0.1, 0.06, 0.04}
	base := profileOf(t, "city", values, []int{3500, 2500, 2000, 1000, 600, 400})
	wrong, found := 0, 0
	for seed := range uint64(500) {
		random := rand.New(rand.NewPCG(seed, 3))
		opt := audience.CompareOptions{Resamples: 99, Notable: 1}
		for _, v := range compared(t, profileOf(t, "city", values, sampleOf(random, 150, shares)), base, opt) {
			if v.Verdict == audience.Above || v.Verdict == audience.Below {
				wrong++
				break
			}
		}
		planted := []float64{0.25, 0.2, 0.15, 0.3, 0.06, 0.04}
		if compared(t, profileOf(t, "city", values, sampleOf(random, 150, planted)), base, opt)["d"].Verdict == audience.Above {
			found++
		}
	}
	assert.LessOrEqual(t, wrong, 40)
	assert.GreaterOrEqual(t, found, 490)
}

// The interval of the index holds the true ratio about as often as it says, also
// where the base is a sample of its own: 95 per cent of 1,000 is 950 ± 21.
func TestIndexIntervalCovers(t *testing.T) {
	values := []string{"a", "b"}
	for _, c := range []struct{ p, q float64 }{{0.3, 0.2}, {0.05, 0.1}} {
		held := 0
		for seed := range uint64(1000) {
			random := rand.New(rand.NewPCG(seed, 4))
			group := profileOf(t, "city", values, sampleOf(random, 120, []float64{c.p, 1 - c.p}))
			base := profileOf(t, "city", values, sampleOf(random, 300, []float64{c.q, 1 - c.q}))
			v := compared(t, group, base, audience.CompareOptions{Apart: true, MinSize: 1, Resamples: 99})["a"]
			if v.Index.Low <= 100*c.p/c.q && 100*c.p/c.q <= v.Index.High {
				held++
			}
		}
		assert.InDelta(t, 950, held, 25, "%v", c)
	}
}

func TestStrengthFollowsTheData(t *testing.T) {
	values := make([]string, 80)
	base, alike, unlike := make([]int, 80), make([]int, 80), make([]int, 80)
	random := rand.New(rand.NewPCG(5, 5))
	for i := range values {
		values[i] = fmt.Sprintf("city-%02d", i)
		base[i], alike[i] = 1000, 100
		unlike[i] = int(100 * math.Exp(0.5*random.NormFloat64()))
	}
	strength := func(counts []int) float64 {
		c, err := audience.Compare(profileOf(t, "city", values, counts), profileOf(t, "city", values, base), audience.CompareOptions{Resamples: 99})
		require.NoError(t, err)
		return c.Dimensions[0].Strength
	}
	assert.Greater(t, strength(alike), 200.0, "nothing differs: shrink hard")
	// The variance of exp(0.5 z) is e^.25 (e^.25 - 1) = 0.365 of mean 1.13: a
	// squared coefficient of variation of .284, so a strength near 3.5.
	assert.InDelta(t, 3.5, strength(unlike), 1.5)
}

func TestZerosAreSmoothed(t *testing.T) {
	values := []string{"known", "new", "old"}
	got := compared(t, profileOf(t, "city", values, []int{80, 20, 0}), profileOf(t, "city", values, []int{500, 0, 500}), audience.CompareOptions{Apart: true})
	assert.Nil(t, got["new"].Index, "nobody in the base")
	assert.Greater(t, got["new"].Shrunk.Value, 100.0)
	assert.False(t, math.IsInf(got["new"].Shrunk.High, 0))
	assert.Zero(t, got["old"].Index.Value)
	assert.Greater(t, got["old"].Index.High, 0.0)
	assert.Equal(t, audience.Below, got["old"].Verdict)
}

func TestASuppressedCountCanBeKeptFromBeingDerived(t *testing.T) {
	values := []string{"a", "b", "c"}
	group, base := profileOf(t, "city", values, []int{50, 12, 3}), profileOf(t, "city", values, []int{500, 400, 300})
	got := compared(t, group, base, audience.CompareOptions{})
	assert.True(t, got["c"].Suppressed)
	assert.False(t, got["b"].Suppressed)
	got = compared(t, group, base, audience.CompareOptions{HideDerivable: true})
	assert.True(t, got["b"].Suppressed, "65 - 50 - 12 would give the count away")
	assert.False(t, got["a"].Suppressed)
	rare := profileOf(t, "city", values, []int{500, 400, 4})
	got = compared(t, profileOf(t, "city", values, []int{50, 12, 0}), rare, audience.CompareOptions{HideDerivable: true})
	assert.True(t, got["b"].Suppressed, "904 - 500 - 400 would give the base's away")
}

// Random tables: of what is shown, no hidden count below the threshold follows.
func TestNothingHiddenFollows(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	for range 300 {
		var group, base []int
		for range 2 + random.IntN(6) {
			n := random.IntN(30)
			group, base = append(group, n), append(base, n+random.IntN(200))
		}
		group, base = append(group, 60), append(base, 600)
		values := letters(len(group))
		got := compared(t, profileOf(t, "city", values, group), profileOf(t, "city", values, base), audience.CompareOptions{HideDerivable: true, Resamples: 99})
		for _, counts := range [][]int{group, base} {
			hidden, people := 0, 0
			for i, v := range values {
				if got[v].Suppressed && counts[i] > 0 {
					hidden, people = hidden+1, people+counts[i]
				}
			}
			if hidden == len(values) {
				continue
			}
			assert.True(t, hidden == 0 || (hidden >= 2 && people >= 10), "%v of %v: %d hidden with %d people", counts, values, hidden, people)
		}
	}
}

func TestListedValuesAreComparedAmongThemselves(t *testing.T) {
	followers := profileOf(t, "city", []string{"Ankara", "İstanbul"}, []int{250, 750})
	followers.Dimensions[0].Partial = true
	followers.Size = 4000 // most of whom live in cities that are not named
	base := profileOf(t, "city", []string{"Ankara", "Bursa", "İstanbul", "İzmir"}, []int{250, 3000, 750, 2000})
	c, err := audience.Compare(followers, base, audience.CompareOptions{Apart: true})
	require.NoError(t, err)
	d := c.Dimensions[0]
	assert.True(t, d.ListedOnly)
	assert.Equal(t, 1000, d.N)
	assert.Equal(t, 1000, d.BaseN)
	require.Len(t, d.Values, 2, "a city that is not named is unknown, not empty")
	for _, v := range d.Values {
		assert.InDelta(t, 100, v.Index.Value, 1e-9)
		assert.Equal(t, audience.Unclear, v.Verdict)
	}
}

func TestSeveralValuesAreSharesOfPeople(t *testing.T) {
	var group, base audience.GroupProfileBuilder
	require.NoError(t, group.Add(60, trait("interest", "skin"), trait("interest", "hair")))
	require.NoError(t, group.Add(40, trait("interest", "skin")))
	require.NoError(t, base.Merge(group.Profile()))
	require.NoError(t, base.Add(900, trait("interest", "hair"), trait("interest", "nails")))
	c, err := audience.Compare(group.Profile(), base.Profile(), audience.CompareOptions{})
	require.NoError(t, err)
	d := c.Dimensions[0]
	assert.Equal(t, 100, d.N)
	assert.Nil(t, d.Difference, "not one value for each person")
	assert.InDelta(t, 1, d.Values[2].Share.Value, 1e-15)
	assert.InDelta(t, 0.6, d.Values[0].Share.Value, 1e-15)
	assert.InDelta(t, 1000, d.Values[2].Index.Value, 1e-9)
}

func TestCompareSaysWhatItLeavesOut(t *testing.T) {
	var group, base audience.GroupProfileBuilder
	require.NoError(t, group.Add(9, trait("gender", "female"), trait("city", "İzmir")))
	require.NoError(t, group.Add(20))
	require.NoError(t, base.Merge(group.Profile()))
	require.NoError(t, base.Add(900, trait("age_band", "25-34")))
	alone := group.Profile()
	alone.Dimensions[0].Dimension = "birthplace"
	c, err := audience.Compare(alone, base.Profile(), audience.CompareOptions{Apart: true})
	require.NoError(t, err)
	assert.Empty(t, c.Dimensions)
	assert.Equal(t, []string{
		"birthplace: the base is not counted by it, so it is not compared.",
		"gender: known of fewer than 10 people, so it is not compared.",
		"age: the group is not counted by it, so it is not compared.",
		"city: the group is not counted by it, so it is not compared.",
	}, sosyal.NewCatalogue(sosyal.English, audience.Messages(sosyal.English)).Texts(c.Reasons))
}

func TestCompareRefuses(t *testing.T) {
	values := []string{"a", "b"}
	small, large := profileOf(t, "city", values, []int{50, 0}), profileOf(t, "city", values, []int{0, 500})
	_, err := audience.Compare(small, large, audience.CompareOptions{})
	assert.ErrorContains(t, err, "base.city: must hold the group")
	_, err = audience.Compare(large, small, audience.CompareOptions{})
	assert.ErrorContains(t, err, "base: must hold the group")
	_, err = audience.Compare(audience.GroupProfile{Size: -1}, audience.GroupProfile{Size: -1}, audience.CompareOptions{})
	assert.ErrorIs(t, err, sosyal.ErrInvalid)
	_, err = audience.Compare(small, large, audience.CompareOptions{MinSize: -1, Level: 1, Notable: 0.5, Strength: -1, Resamples: 1})
	assert.Len(t, sosyal.FieldErrors(err), 5)
}

// BenchmarkCompare compares a segment of 5,000 with 400,000 customers over 81
// provinces.
func BenchmarkCompare(b *testing.B) {
	var group, base audience.GroupProfileBuilder
	for i := range 81 {
		city := trait("city", fmt.Sprintf("province-%02d", i))
		require.NoError(b, group.Add(100-i, city))
		require.NoError(b, base.Add(8000-50*i, city))
	}
	for b.Loop() {
		if _, err := audience.Compare(group.Profile(), base.Profile(), audience.CompareOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

// What sets the loyal customers apart from all customers.
func ExampleCompare() {
	var loyal, customers audience.GroupProfileBuilder
	city := func(name string) audience.Trait {
		return audience.Trait{Dimension: audience.CityDimension, Value: name}
	}
	_ = loyal.Add(180, city("İstanbul"))
	_ = loyal.Add(90, city("İzmir"))
	_ = loyal.Add(30, city("Bursa"))
	_ = customers.Add(2400, city("İstanbul"))
	_ = customers.Add(500, city("İzmir"))
	_ = customers.Add(1100, city("Bursa"))
	c, err := audience.Compare(loyal.Profile(), customers.Profile(), audience.CompareOptions{Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	texts := sosyal.NewCatalogue(sosyal.Turkish, audience.Messages(sosyal.Turkish))
	for _, v := range c.Dimensions[0].Values {
		fmt.Printf("%s: %.0f -> %.0f, %s\n", v.Value, v.Index.Value, v.Shrunk.Value, v.Verdict)
		for _, text := range texts.Texts(v.Reasons) {
			fmt.Println("  " + text)
		}
	}
	// Output:
	// Bursa: 36 -> 38, below
	//   şehir, Bursa: genele göre daha seyrek, endeks 38 (27 ile 51 arası), 300 kişiden 30 kişi, %27,5 yerine %10,0.
	// İstanbul: 100 -> 100, unclear
	// İzmir: 240 -> 231, above
	//   şehir, İzmir: genele göre daha yaygın, endeks 231 (193 ile 272 arası), 300 kişiden 90 kişi, %12,5 yerine %30,0.
}
