package value_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience/value"
)

// The oracle of this file is what the models mean: a customer's likelihood given
// his own rates, which is elementary, integrated over the distributions of the
// rates by the trapezoidal rule in variables in which the integrands vanish fast
// at both ends. No formula of the package is used.

// rate returns points and weights of a gamma distribution.
func rate(shape, perUnit, step float64) (at, weight []float64) {
	norm, _ := math.Lgamma(shape)
	for y := -120.0; y < 12; y += step { // ln of the rate
		l := y + math.Log(1/perUnit)
		density := shape*math.Log(perUnit) + shape*l - perUnit*math.Exp(l) - norm
		if w := math.Exp(density) * step; w > 1e-20 {
			at, weight = append(at, math.Exp(l)), append(weight, w)
		}
	}
	return at, weight
}

// chance returns points and weights of a beta distribution, with the odds of the
// points so that neither a chance nor its complement loses digits.
func chance(a, b float64) (at, weight []float64) {
	const step = 0.1
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	for y := -100.0; y < 100; y += step { // ln of the odds
		density := lab - la - lb - a*math.Log1p(math.Exp(-y)) - b*math.Log1p(math.Exp(y))
		if w := math.Exp(density) * step; w > 1e-20 {
			at, weight = append(at, 1/(1+math.Exp(-y))), append(weight, w)
		}
	}
	return at, weight
}

// mixture is what an integration gives: the likelihood, the part of it in which
// the customer is still alive, and the purchases of the next times in that part.
type mixture struct {
	all, alive float64
	buys       [3]float64
}

func times() [3]float64 { return [...]float64{.1429, 39, 400} }

func mixBGNBD(m value.BGNBD, s value.Summary) (out mixture) {
	rates, wr := rate(m.R, m.Alpha, 0.1)
	chances, wc := chance(m.A, m.B)
	x := float64(s.Frequency)
	for i, l := range rates {
		for j, p := range chances {
			w := wr[i] * wc[j]
			alive := w * math.Pow(1-p, x) * math.Pow(l, x) * math.Exp(-l*s.Age)
			out.all += alive
			out.alive += alive
			for k, t := range times() {
				out.buys[k] += alive * -math.Expm1(-l*p*t) / p
			}
			if s.Frequency > 0 {
				out.all += w * p * math.Pow(1-p, x-1) * math.Pow(l, x) * math.Exp(-l*s.Recency)
			}
		}
	}
	return out
}

func mixParetoNBD(m value.ParetoNBD, s value.Summary) (out mixture) {
	rates, wr := rate(m.R, m.Alpha, 0.1)
	leaving, wl := rate(m.S, m.Beta, 0.1)
	x := float64(s.Frequency)
	for i, l := range rates {
		for j, mu := range leaving {
			w := wr[i] * wl[j] * math.Pow(l, x)
			alive := w * math.Exp(-(l+mu)*s.Age)
			out.alive += alive
			for k, t := range times() {
				out.buys[k] += alive * l * -math.Expm1(-mu*t) / mu
			}
			out.all += alive + w*mu/(l+mu)*(math.Exp(-(l+mu)*s.Recency)-math.Exp(-(l+mu)*s.Age))
		}
	}
	return out
}

func mixGammaGamma(m value.GammaGamma, s value.Summary) (all, mean float64) {
	rates, w := rate(m.Q, m.V, 0.01)
	x := float64(s.Frequency)
	norm, _ := math.Lgamma(m.P * x)
	for i, nu := range rates {
		one := w[i] * math.Exp(m.P*x*math.Log(nu*x)+(m.P*x-1)*math.Log(s.Monetary)-nu*x*s.Monetary-norm)
		all += one
		mean += one * m.P / nu
	}
	return all, mean / all
}

func histories() []value.Summary {
	return []value.Summary{
		{Frequency: 2, Recency: 30.43, Age: 38.86, Monetary: 22.35},
		{Frequency: 1, Recency: 1.71, Age: 38.86, Monetary: 11.77},
		{Frequency: 0, Recency: 0, Age: 38.86},
		{Frequency: 0, Recency: 0, Age: 1},
		{Frequency: 26, Recency: 30.86, Age: 31, Monetary: 80},
		{Frequency: 7, Recency: 12, Age: 12, Monetary: 5.5},
		{Frequency: 5, Recency: 3, Age: 70, Monetary: 40},
	}
}

func TestBGNBDIsItsMixture(t *testing.T) {
	for _, m := range []value.BGNBD{
		{R: .243, Alpha: 4.414, A: .793, B: 2.426},
		{R: 1.7, Alpha: 2, A: 1, B: 1.4}, // a = 1 divides by zero in the source's form
		{R: 6, Alpha: 11, A: .4, B: .5},  // a + b < 1
		{R: .8, Alpha: 30, A: 5, B: 60},
	} {
		for _, s := range histories() {
			want := mixBGNBD(m, s)
			likelihood := value.LogLikelihoods([]value.Summary{s})["BG/NBD"]
			require.InEpsilon(t, math.Log(want.all), likelihood([]float64{m.R, m.Alpha, m.A, m.B}, make([]float64, 4)), 1e-10, s)
			require.InDelta(t, want.alive/want.all, m.ProbabilityAlive(s), 1e-10, s)
			for k, units := range times() {
				require.InEpsilon(t, want.buys[k]/want.all, m.ExpectedPurchases(units, s), 1e-9, "%v %v %v", m, s, units)
			}
		}
		require.InEpsilon(t, mixBGNBD(m, value.Summary{}).buys[1], m.ExpectedPurchasesOfNew(39), 1e-9)
		require.InEpsilon(t, mixBGNBD(m, value.Summary{Age: 39}).all, m.ProbabilityOfNone(39), 1e-10)
	}
}

func TestParetoNBDIsItsMixture(t *testing.T) {
	for _, m := range []value.ParetoNBD{
		{R: .553, Alpha: 10.578, S: .606, Beta: 11.669},
		{R: 1.7, Alpha: 2, S: 1, Beta: 40}, // s = 1 divides by zero in the source's form
		{R: 3, Alpha: 60, S: .4, Beta: 1.5},
		{R: .8, Alpha: 30, S: 5, Beta: 29},
	} {
		for _, s := range histories() {
			want := mixParetoNBD(m, s)
			likelihood := value.LogLikelihoods([]value.Summary{s})["Pareto/NBD"]
			require.InEpsilon(t, math.Log(want.all), likelihood([]float64{m.R, m.Alpha, m.S, m.Beta}, make([]float64, 4)), 1e-10, s)
			require.InDelta(t, want.alive/want.all, m.ProbabilityAlive(s), 1e-10, s)
			for k, units := range times() {
				require.InEpsilon(t, want.buys[k]/want.all, m.ExpectedPurchases(units, s), 1e-9, "%v %v %v", m, s, units)
			}
		}
		require.InEpsilon(t, mixParetoNBD(m, value.Summary{}).buys[1], m.ExpectedPurchasesOfNew(39), 1e-9)
	}
}

func TestNBDIsItsMixture(t *testing.T) {
	for _, m := range []value.NBD{{R: .8, Alpha: 8}, {R: 5, Alpha: .3}} {
		rates, w := rate(m.R, m.Alpha, 0.05)
		for _, s := range histories() {
			all, buys := 0.0, 0.0
			for i, l := range rates {
				one := w[i] * math.Pow(l, float64(s.Frequency)) * math.Exp(-l*s.Age)
				all += one
				buys += one * l * 39
			}
			likelihood := value.LogLikelihoods([]value.Summary{s})
			require.InEpsilon(t, math.Log(all), likelihood["NBD"]([]float64{m.R, m.Alpha}, make([]float64, 2)), 1e-8, s)
			require.InEpsilon(t, buys/all, m.ExpectedPurchases(39, s), 1e-8, s)
			// It is what the others become where nobody leaves.
			require.InEpsilon(t, math.Log(all), likelihood["BG/NBD"]([]float64{m.R, m.Alpha, 1e-25, 1}, make([]float64, 4)), 1e-8, s)
			require.InEpsilon(t, math.Log(all), likelihood["Pareto/NBD"]([]float64{m.R, m.Alpha, 1e-25, 1}, make([]float64, 4)), 1e-8, s)
		}
		assert.InDelta(t, 1, m.ProbabilityAlive(value.Summary{}), 0)
		assert.True(t, math.IsNaN(m.ProbabilityAlive(value.Summary{Frequency: -1})))
		assert.True(t, math.IsNaN(m.ExpectedPurchases(-1, value.Summary{})))
	}
	assert.Len(t, sosyal.FieldErrors(value.NBD{R: -1}.Validate()), 2)
}

func TestGammaGammaIsItsMixture(t *testing.T) {
	for _, m := range []value.GammaGamma{{P: 6.25, Q: 3.74, V: 15.44}, {P: .7, Q: 1.3, V: 90}, {P: 30, Q: 12, V: 4}} {
		for _, s := range histories() {
			if s.Frequency == 0 {
				continue
			}
			all, mean := mixGammaGamma(m, s)
			likelihood := value.LogLikelihoods([]value.Summary{s})["Gamma-Gamma"]
			require.InEpsilon(t, math.Log(all), likelihood([]float64{m.P, m.Q, m.V}, make([]float64, 3)), 1e-10, s)
			require.InEpsilon(t, mean, m.ExpectedSpend(s), 1e-9, s)
		}
	}
}

// Gradients are compared with central differences at parameters from thousandths
// to thousands.
func TestGradients(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 3))
		customers := make([]value.Summary, 20)
		for i := range customers {
			s := value.Summary{Age: 60 * r.Float64()}
			if x := r.IntN(60) - 20; x > 0 {
				s.Frequency, s.Recency, s.Monetary = x, s.Age*r.Float64(), 50*r.Float64()
			}
			if r.IntN(4) == 0 && s.Frequency > 0 {
				s.Recency = s.Age
			}
			customers[i] = s
		}
		for name, f := range value.LogLikelihoods(customers) {
			n := 4
			switch name {
			case "Gamma-Gamma":
				n = 3
			case "NBD":
				n = 2
			}
			p, g := make([]float64, n), make([]float64, n)
			for i := range p {
				p[i] = math.Exp(6 * (r.Float64() - .5))
			}
			f(p, g)
			for i := range p {
				const h = 1e-5
				moved := append([]float64(nil), p...)
				moved[i] = p[i] * math.Exp(h)
				up := f(moved, make([]float64, n))
				moved[i] = p[i] * math.Exp(-h)
				down := f(moved, make([]float64, n))
				want := (up - down) / (2 * h)
				require.InDelta(t, want, g[i], 1e-5*(1+math.Abs(want)), "%s by parameter %d at %v", name, i, p)
			}
		}
	}
}

// The odds of a departure have two ways, each the other's oracle.
func TestDepartures(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	worst := 0.0
	for range 20_000 {
		power, s := math.Exp(9*r.Float64()-3), math.Exp(8*r.Float64()-4)
		alpha := math.Exp(8*r.Float64() - 4)
		beta := alpha * math.Exp(2*(r.Float64()-.5))
		age := math.Exp(8*r.Float64() - 4)
		recency := age * r.Float64()
		if r.IntN(4) == 0 {
			recency = 0
		}
		if r.IntN(10) == 0 {
			beta = alpha
		}
		series, integral := value.Odds(power, alpha, s, beta, recency, age)
		odds := math.Exp(min(integral[0], 0)) // small odds against 1 need few digits of their own
		for i := range series {
			difference := math.Abs(series[i]-integral[i]) / (1 + math.Abs(integral[i])) * odds
			worst = max(worst, difference)
			require.Less(t, difference, 1e-9, "%d: %v %v at p %g alpha %g s %g beta %g, %g of %g", i, series, integral, power, alpha, s, beta, recency, age)
		}
	}
	t.Log("worst", worst)
	assert.Positive(t, worst)
}
