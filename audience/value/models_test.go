package value_test

import (
	"encoding/csv"
	"errors"
	"math"
	"runtime"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience/value"
	"github.com/yukselenler/sosyal/internal/realdatatest"
)

// cdnow is the 1/10 sample of CDNOW's customers, in weeks to 1997-09-30; Fader
// and Hardie (2001).
func cdnow(tb testing.TB) []value.Summary {
	tb.Helper()
	rows, err := csv.NewReader(realdatatest.Open(tb, "cdnow/cdnow_sample_summary.csv.gz")).ReadAll()
	require.NoError(tb, err)
	var out []value.Summary
	for _, r := range rows[1:] {
		x, err := strconv.Atoi(r[1])
		require.NoError(tb, err)
		out = append(out, value.Summary{Frequency: x, Recency: number(tb, r[2]), Age: number(tb, r[3]), Monetary: number(tb, r[4])})
	}
	require.Len(tb, out, 2_357)
	return out
}

func number(tb testing.TB, text string) float64 {
	tb.Helper()
	v, err := strconv.ParseFloat(text, 64)
	require.NoError(tb, err)
	return v
}

// The expected parameters are those of the sources, refitted to six digits by
// another program.
func TestCDNOW(t *testing.T) {
	customers := cdnow(t)
	t.Run("BG/NBD", func(t *testing.T) {
		m, err := value.FitBGNBD(customers)
		require.NoError(t, err)
		assert.InEpsilonSlice(t, []float64{.242593, 4.413531, .792887, 2.425757}, []float64{m.R, m.Alpha, m.A, m.B}, 2e-6)
		assert.InDelta(t, -9582.4256, m.LogLikelihood, 5e-5)
		assert.Equal(t, 1_016, m.Fit.Rows, "distinct histories")
	})
	t.Run("Pareto/NBD", func(t *testing.T) {
		m, err := value.FitParetoNBD(customers)
		require.NoError(t, err)
		assert.InEpsilonSlice(t, []float64{.553275, 10.577610, .606214, 11.667924}, []float64{m.R, m.Alpha, m.S, m.Beta}, 2e-6)
		assert.InDelta(t, -9594.9739, m.LogLikelihood, 5e-5)
	})
	t.Run("Gamma-Gamma", func(t *testing.T) {
		m, err := value.FitGammaGamma(customers)
		require.NoError(t, err)
		assert.InEpsilonSlice(t, []float64{6.248804, 3.744588, 15.447742}, []float64{m.P, m.Q, m.V}, 2e-6)
		assert.InDelta(t, -4055.9232, m.LogLikelihood, 5e-5)
		assert.Equal(t, 946, m.Fit.Customers)
	})
}

// The values are those of the tests of the lifetimes package, which took them from
// Fader and Hardie's spreadsheets and from BTYD for R.
func TestPublishedPoints(t *testing.T) {
	bg := value.BGNBD{R: .243, Alpha: 4.414, A: .793, B: 2.426}
	assert.InDelta(t, 1.226, bg.ExpectedPurchases(39, value.Summary{Frequency: 2, Recency: 30.43, Age: 38.86}), 5e-4)
	refitted := value.BGNBD{R: .242593, Alpha: 4.413531, A: .792887, B: 2.425757}
	for at, want := range map[float64]float64{.1429: .0078, 1: .0532, 3: .1506, 31.8571: 1.0405, 32: 1.0437} {
		assert.InDelta(t, want, refitted.ExpectedPurchasesOfNew(at), 5e-5, at)
	}
	// The spreadsheet has 1.8576, which is 150 terms of the series; all of them give
	// 1.857972, by a library of functions to 30 digits.
	assert.InDelta(t, 1.8576, refitted.ExpectedPurchasesOfNew(78), 5e-4)
	assert.InDelta(t, 1.857972376, refitted.ExpectedPurchasesOfNew(78), 5e-9)
	assert.InDelta(t, .5737864, bg.ProbabilityOfNone(39), 5e-8)
	assert.InDelta(t, 1, bg.ProbabilityAlive(value.Summary{Age: 39}), 0, "nobody leaves before a repeat purchase")

	pareto := value.ParetoNBD{R: .553275, Alpha: 10.577610, S: .606214, Beta: 11.667924}
	often := value.Summary{Frequency: 26, Recency: 30.86, Age: 31}
	assert.InDelta(t, .9979, pareto.ProbabilityAlive(often), 5e-5)
	assert.InDelta(t, 25.46, pareto.ExpectedPurchases(52, often), 5e-3)
	// Purchases in the next ten units; the hypergeometric functions underflow here.
	guard := value.ParetoNBD{R: .55, Alpha: 10.58, S: .61, Beta: 11.67}
	assert.InDelta(t, 6.20605, guard.ExpectedPurchases(10, value.Summary{Frequency: 132, Recency: 200, Age: 200}), 5e-6)
	assert.InDelta(t, 6.25287, guard.ExpectedPurchases(10, value.Summary{Frequency: 133, Recency: 200, Age: 200}), 5e-6)

	gg := value.GammaGamma{P: 6.25, Q: 3.74, V: 15.44}
	everybody := gg.ExpectedSpend(value.Summary{})
	assert.InDelta(t, 6.25*15.44/2.74, everybody, 1e-12)
	assert.InDelta(t, everybody, gg.ExpectedSpend(value.Summary{Frequency: 2, Recency: 1, Age: 1}), 0, "repeat purchases without spend say nothing of it")
	wide := value.GammaGamma{P: 2, Q: .5, V: 10}
	assert.True(t, math.IsInf(wide.ExpectedSpend(value.Summary{}), 1))
	assert.InDelta(t, 2*(10+3*20)/5.5, wide.ExpectedSpend(value.Summary{Frequency: 3, Recency: 1, Age: 1, Monetary: 20}), 1e-12)
	customers := cdnow(t)
	for i, want := range []float64{24.66, 18.92, 35.22, 35.22, 35.22, 71.47, 18.92, 35.22, 27.29, 35.22} {
		assert.InDelta(t, want, gg.ExpectedSpend(customers[i]), 0.1, i)
	}
}

// Customers who never leave buy at the mean of their rates, however often that is.
func TestPredictionsWhereNobodyLeaves(t *testing.T) {
	for _, x := range []int{0, 3, 200, 5_000} {
		s := value.Summary{Frequency: x, Recency: 40, Age: 40}
		if x == 0 {
			s.Recency = 0
		}
		for _, units := range []float64{1, 40, 1_000} {
			want := (2 + float64(x)) / (10 + 40) * units
			assert.InEpsilon(t, want, value.BGNBD{R: 2, Alpha: 10, A: 1e-12, B: 2}.ExpectedPurchases(units, s), 1e-6)
			assert.InEpsilon(t, want, value.ParetoNBD{R: 2, Alpha: 10, S: 1e-12, Beta: 2}.ExpectedPurchases(units, s), 1e-6)
		}
	}
}

// Over populations of all kinds a fit is at least as likely as the parameters that
// the customers were drawn from, or says which parameter the data do not bound.
func TestFitsReachTheTop(t *testing.T) {
	found := map[string]int{}
	for seed := range uint64(30) {
		p := newPopulation(1_000 + seed)
		between := func(low, high float64) float64 {
			return low * math.Exp(p.source.Float64()*math.Log(high/low))
		}
		age := between(5, 500)
		bg := value.BGNBD{R: between(.1, 5), Alpha: age * between(.02, 2), A: between(.1, 4), B: between(.3, 12)}
		pareto := value.ParetoNBD{R: between(.1, 5), Alpha: age * between(.02, 2), S: between(.1, 4), Beta: age * between(.02, 4)}
		gg := value.GammaGamma{P: between(.5, 20), Q: between(1.2, 12), V: between(1, 500)}
		customers := map[string][]value.Summary{}
		for range 700 {
			until := age * (.3 + .7*p.source.Float64())
			s := p.summary(until, p.bgnbd(bg, until))
			s.Monetary = p.spend(gg, s.Frequency)
			customers["BG/NBD"] = append(customers["BG/NBD"], s)
			customers["Gamma-Gamma"] = append(customers["Gamma-Gamma"], s)
			customers["Pareto/NBD"] = append(customers["Pareto/NBD"], p.summary(until, p.paretoNBD(pareto, until)))
		}
		check := func(name string, truth []float64, log float64, err error) {
			if failed, ok := errors.AsType[value.FitError](err); ok && failed.Parameter != "" {
				return
			}
			require.NoError(t, err, "%s at %v", name, truth)
			found[name]++
			at := value.LogLikelihoods(customers[name])[name](truth, make([]float64, len(truth)))
			require.GreaterOrEqual(t, log, at, "%s at %v", name, truth)
		}
		m1, err := value.FitBGNBD(customers["BG/NBD"])
		check("BG/NBD", []float64{bg.R, bg.Alpha, bg.A, bg.B}, m1.LogLikelihood, err)
		m2, err := value.FitParetoNBD(customers["Pareto/NBD"])
		check("Pareto/NBD", []float64{pareto.R, pareto.Alpha, pareto.S, pareto.Beta}, m2.LogLikelihood, err)
		m3, err := value.FitGammaGamma(customers["Gamma-Gamma"])
		check("Gamma-Gamma", []float64{gg.P, gg.Q, gg.V}, m3.LogLikelihood, err)
	}
	for name, n := range found {
		assert.Greater(t, n, 20, "%s: a few hundred customers do not always bound all parameters", name)
	}
}

// A fit does not depend on the unit of time or money, on whether equal customers
// stand together, or on their order.
func TestFitsAreInvariant(t *testing.T) {
	weeks := simulated(3, 1_500, true)
	var days, twice, turned []value.Summary
	for i, s := range weeks {
		twice = append(twice, s, s)
		turned = append(turned, weeks[len(weeks)-1-i])
		s.Recency, s.Age, s.Monetary = s.Recency*7, s.Age*7, s.Monetary*100
		days = append(days, s)
	}
	purchases := 0.0
	for _, s := range weeks {
		purchases += float64(s.Frequency)
	}
	bg, pareto, gg := fitAll(t, weeks)
	bg7, pareto7, gg7 := fitAll(t, days)
	const near = 1e-6
	assert.InEpsilonSlice(t, []float64{bg.R, bg.Alpha * 7, bg.A, bg.B}, []float64{bg7.R, bg7.Alpha, bg7.A, bg7.B}, near)
	assert.InEpsilonSlice(t, []float64{pareto.R, pareto.Alpha * 7, pareto.S, pareto.Beta * 7}, []float64{pareto7.R, pareto7.Alpha, pareto7.S, pareto7.Beta}, near)
	assert.InEpsilonSlice(t, []float64{gg.P, gg.Q, gg.V * 100}, []float64{gg7.P, gg7.Q, gg7.V}, near)
	// A density by a unit seven times as fine is seven times as thin.
	assert.InDelta(t, bg.LogLikelihood-purchases*math.Log(7), bg7.LogLikelihood, 1e-6)
	assert.InDelta(t, pareto.LogLikelihood-purchases*math.Log(7), pareto7.LogLikelihood, 1e-6)
	assert.InDelta(t, gg.LogLikelihood-float64(gg.Fit.Customers)*math.Log(100), gg7.LogLikelihood, 1e-6)

	bg2, pareto2, gg2 := fitAll(t, twice)
	assert.InDelta(t, 2*bg.LogLikelihood, bg2.LogLikelihood, 1e-6)
	assert.InDelta(t, 2*pareto.LogLikelihood, pareto2.LogLikelihood, 1e-6)
	assert.InDelta(t, 2*gg.LogLikelihood, gg2.LogLikelihood, 1e-6)
	assert.Equal(t, bg.Fit.Rows, bg2.Fit.Rows)
	assert.InEpsilon(t, bg.Fit.RelativeErrors[0], bg2.Fit.RelativeErrors[0]*math.Sqrt2, 1e-4)

	bgTurned, paretoTurned, _ := fitAll(t, turned)
	assert.InEpsilonSlice(t, []float64{bg.R, bg.Alpha, bg.A, bg.B}, []float64{bgTurned.R, bgTurned.Alpha, bgTurned.A, bgTurned.B}, 1e-9)
	assert.InEpsilon(t, pareto.Beta, paretoTurned.Beta, 1e-9)
}

func fitAll(tb testing.TB, customers []value.Summary) (value.BGNBD, value.ParetoNBD, value.GammaGamma) {
	tb.Helper()
	bg, err := value.FitBGNBD(customers)
	require.NoError(tb, err)
	pareto, err := value.FitParetoNBD(customers)
	require.NoError(tb, err)
	gg, err := value.FitGammaGamma(customers)
	require.NoError(tb, err)
	require.NoError(tb, errors.Join(bg.Validate(), pareto.Validate(), gg.Validate()))
	return bg, pareto, gg
}

// Bit for bit, with one processor and with several, through all stages of a large
// fit.
func TestFitsAreDeterministic(t *testing.T) {
	customers := simulated(4, 40_000, true)
	bg, pareto, gg := fitAll(t, customers)
	require.Greater(t, pareto.Fit.Rows, 2*8192, "large enough for stages")
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, n := range []int{1, 3} {
		runtime.GOMAXPROCS(n)
		bgN, paretoN, ggN := fitAll(t, customers)
		assert.Equal(t, bg, bgN)
		assert.Equal(t, pareto, paretoN)
		assert.Equal(t, gg, ggN)
	}
}

// A fit through stages ends where the gradient of the whole vanishes, at the
// likelihood that it reports.
func TestStagesEndAtTheMaximum(t *testing.T) {
	customers := simulated(5, 60_000, true)
	bg, pareto, gg := fitAll(t, customers)
	nbd, err := value.FitNBD(customers)
	require.NoError(t, err)
	for name, f := range value.LogLikelihoods(customers) {
		p := map[string][]float64{
			"NBD":    {nbd.R, nbd.Alpha},
			"BG/NBD": {bg.R, bg.Alpha, bg.A, bg.B}, "Pareto/NBD": {pareto.R, pareto.Alpha, pareto.S, pareto.Beta}, "Gamma-Gamma": {gg.P, gg.Q, gg.V},
		}[name]
		gradient := make([]float64, len(p))
		f(p, gradient)
		for i, g := range gradient {
			assert.InDelta(t, 0, g, 1e-2, "%s by parameter %d", name, i) // per step of 100% of the parameter, of a log-likelihood near 1e5
		}
	}
	require.Greater(t, gg.Fit.Rows, 2*8192, "large enough for stages")
	assert.InDelta(t, pareto.LogLikelihood, value.LogLikelihoods(customers)["Pareto/NBD"]([]float64{pareto.R, pareto.Alpha, pareto.S, pareto.Beta}, make([]float64, 4)), 1e-6)
}

// Over ten populations and eleven parameters, the errors in units of the reported
// standard errors are like draws of a normal distribution: of 110, fewer than 15
// beyond 1.96 (5.5 expected; 14 or fewer have a chance of 99.97% if independent),
// none beyond 4.5.
func TestFitsRecoverThePopulation(t *testing.T) {
	beyond, n := 0, 0
	for seed := range uint64(10) {
		bgTrue, paretoTrue, ggTrue := shopLike()
		customers := simulated(100+seed, 4_000, false)
		bg, err := value.FitBGNBD(customers)
		require.NoError(t, err)
		gg, err := value.FitGammaGamma(customers)
		require.NoError(t, err)
		pareto, err := value.FitParetoNBD(simulated(200+seed, 4_000, true))
		require.NoError(t, err)
		for _, c := range []struct {
			fit         value.Fit
			found, true []float64
		}{
			{bg.Fit, []float64{bg.R, bg.Alpha, bg.A, bg.B}, []float64{bgTrue.R, bgTrue.Alpha, bgTrue.A, bgTrue.B}},
			{pareto.Fit, []float64{pareto.R, pareto.Alpha, pareto.S, pareto.Beta}, []float64{paretoTrue.R, paretoTrue.Alpha, paretoTrue.S, paretoTrue.Beta}},
			{gg.Fit, []float64{gg.P, gg.Q, gg.V}, []float64{ggTrue.P, ggTrue.Q, ggTrue.V}},
		} {
			for i := range c.found {
				z := math.Log(c.found[i]/c.true[i]) / c.fit.RelativeErrors[i]
				require.Less(t, math.Abs(z), 4.5)
				n++
				if math.Abs(z) > 1.96 {
					beyond++
				}
			}
		}
	}
	assert.Equal(t, 110, n)
	assert.Less(t, beyond, 15)
	assert.Positive(t, beyond)
}

func TestFitsRefuseWhatTheyCannotJudge(t *testing.T) {
	fits := map[string]func([]value.Summary) error{
		"BG/NBD":      func(s []value.Summary) error { _, err := value.FitBGNBD(s); return err },
		"Pareto/NBD":  func(s []value.Summary) error { _, err := value.FitParetoNBD(s); return err },
		"NBD":         func(s []value.Summary) error { _, err := value.FitNBD(s); return err },
		"Gamma-Gamma": func(s []value.Summary) error { _, err := value.FitGammaGamma(s); return err },
	}
	once := make([]value.Summary, 100)
	alike := make([]value.Summary, 100)
	for i := range once {
		once[i] = value.Summary{Age: 10 + float64(i)}
		alike[i] = value.Summary{Frequency: 5, Recency: 50, Age: 52, Monetary: 10}
	}
	for name, fit := range fits {
		assert.ErrorIs(t, fit(nil), sosyal.ErrInsufficientData, name)
		assert.ErrorIs(t, fit(simulated(1, 5, false)), sosyal.ErrInsufficientData, name)
		assert.ErrorIs(t, fit(once), sosyal.ErrInsufficientData, name)
		err := fit(alike)
		failed, ok := errors.AsType[value.FitError](err)
		require.True(t, ok, "%s: %v", name, err)
		assert.Equal(t, name, failed.Model)
		assert.ErrorContains(t, err, "fitting "+name)
		assert.NotErrorIs(t, err, sosyal.ErrInsufficientData)
	}
	assert.EqualError(t, value.FitError{Model: "BG/NBD"}, "fitting BG/NBD: no maximum of the likelihood was reached")
	assert.EqualError(t, value.FitError{Model: "BG/NBD", Parameter: "r", Grows: true}, "fitting BG/NBD: the likelihood keeps rising as r grows without bound")
	assert.EqualError(t, value.FitError{Model: "BG/NBD", Parameter: "a"}, "fitting BG/NBD: the likelihood keeps rising as a falls to zero")
	for field, absurd := range map[string]value.Summary{
		"frequency": {Frequency: -1}, "recency": {Frequency: 1, Recency: 3, Age: 2}, "age": {Frequency: 1, Age: math.NaN()},
		"monetary": {Frequency: 1, Recency: 1, Age: 2, Monetary: math.Inf(1)},
	} {
		for name, fit := range fits {
			customers := append(simulated(1, 100, false), absurd)
			err := fit(customers)
			require.Len(t, sosyal.FieldErrors(err), 1, name)
			assert.Equal(t, "summaries[100]."+field, sosyal.FieldErrors(err)[0].Field)
		}
	}
	require.Len(t, sosyal.FieldErrors(value.Summary{Frequency: -1, Recency: -1, Age: math.NaN(), Monetary: -3}.Validate()), 4)
	require.Len(t, sosyal.FieldErrors(value.Summary{Recency: 1, Age: 2, Monetary: 3}.Validate()), 2, "no repeat purchase, so no time and no spend of one")
	assert.NoError(t, value.Summary{}.Validate())
}

// Whatever numbers come, a prediction is a number in its range or NaN.
func FuzzPredictions(f *testing.F) {
	f.Add(.25, 4.4, .8, 2.5, 2, 30.4, 38.9, 22.4, 39.0)
	f.Add(1e-3, 1e3, 1e-3, 1e3, 900, 1.0, 1e5, 1e-9, 1e4)
	f.Add(-1.0, math.NaN(), 0.0, 1.0, -1, 3.0, 2.0, -1.0, -1.0)
	f.Fuzz(func(t *testing.T, a, b, c, d float64, x int, recency, age, monetary, units float64) {
		for _, v := range []float64{a, b, c, d, recency, age, monetary, units} {
			if v > 1e6 || v > 0 && v < 1e-4 {
				t.Skip("beyond what a shop can mean")
			}
		}
		s := value.Summary{Frequency: x % 1000, Recency: recency, Age: age, Monetary: monetary}
		bg, pareto := value.BGNBD{R: a, Alpha: b, A: c, B: d}, value.ParetoNBD{R: a, Alpha: b, S: c, Beta: d}
		gg := value.GammaGamma{P: a, Q: b, V: c}
		valid := s.Validate() == nil && units >= 0
		for name, got := range map[string]struct {
			ok            bool
			value, atMost float64
		}{
			"bg alive":     {s.Validate() == nil && bg.Validate() == nil, bg.ProbabilityAlive(s), 1},
			"pareto alive": {s.Validate() == nil && pareto.Validate() == nil, pareto.ProbabilityAlive(s), 1},
			"bg buys":      {valid && bg.Validate() == nil, bg.ExpectedPurchases(units, s), (a + float64(s.Frequency)) / (b + age) * units},
			"pareto buys":  {valid && pareto.Validate() == nil, pareto.ExpectedPurchases(units, s), (a + float64(s.Frequency)) / (b + age) * units},
			"spend":        {s.Validate() == nil && gg.Validate() == nil, gg.ExpectedSpend(s), math.Inf(1)},
			"bg of new":    {units >= 0 && bg.Validate() == nil, bg.ExpectedPurchasesOfNew(units), a / b * units},
			"bg none":      {units >= 0 && bg.Validate() == nil, bg.ProbabilityOfNone(units), 1},
		} {
			if !got.ok {
				require.True(t, math.IsNaN(got.value), name)
				continue
			}
			require.True(t, got.value >= 0 && got.value <= got.atMost*(1+1e-9), "%s: %v beyond %v", name, got.value, got.atMost)
		}
	})
}

func BenchmarkFitCDNOW(b *testing.B) {
	customers := cdnow(b)
	b.Run("BGNBD", func(b *testing.B) {
		for b.Loop() {
			if _, err := value.FitBGNBD(customers); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("ParetoNBD", func(b *testing.B) {
		for b.Loop() {
			if _, err := value.FitParetoNBD(customers); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("GammaGamma", func(b *testing.B) {
		for b.Loop() {
			if _, err := value.FitGammaGamma(customers); err != nil {
				b.Fatal(err)
			}
		}
	})
}
