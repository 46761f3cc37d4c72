package value_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/yukselenler/sosyal/audience/value"
)

// population draws customers as the models say that they behave: the oracle of
// the fits.
type population struct {
	source *rand.Rand
}

func newPopulation(seed uint64) population { return population{rand.New(rand.NewPCG(seed, 20_26))} }

func (p population) gamma(shape, rate float64) float64 {
	return distuv.Gamma{Alpha: shape, Beta: rate, Src: p.source}.Rand()
}

// summary is what is known of purchase times at an age.
func (p population) summary(age float64, times []float64) value.Summary {
	s := value.Summary{Age: age}
	for _, t := range times {
		if t > age {
			break
		}
		s.Frequency++
		s.Recency = t
	}
	return s
}

// bgnbd draws the purchase times of a customer up to an age.
func (p population) bgnbd(m value.BGNBD, until float64) []float64 {
	rate := p.gamma(m.R, m.Alpha)
	x, y := p.gamma(m.A, 1), p.gamma(m.B, 1)
	leaves := x / (x + y)
	var times []float64
	for t := p.source.ExpFloat64() / rate; t <= until; t += p.source.ExpFloat64() / rate {
		times = append(times, t)
		if p.source.Float64() < leaves {
			break
		}
	}
	return times
}

func (p population) paretoNBD(m value.ParetoNBD, until float64) []float64 {
	rate := p.gamma(m.R, m.Alpha)
	until = min(until, p.source.ExpFloat64()/p.gamma(m.S, m.Beta))
	var times []float64
	for t := p.source.ExpFloat64() / rate; t <= until; t += p.source.ExpFloat64() / rate {
		times = append(times, t)
	}
	return times
}

// spend draws the mean spend of x purchases.
func (p population) spend(m value.GammaGamma, x int) float64 {
	if x == 0 {
		return 0
	}
	return p.gamma(m.P*float64(x), float64(x)*p.gamma(m.Q, m.V))
}

// shopLike are parameters near those of CDNOW, in weeks and dollars.
func shopLike() (value.BGNBD, value.ParetoNBD, value.GammaGamma) {
	return value.BGNBD{R: .25, Alpha: 4.4, A: .8, B: 2.5},
		value.ParetoNBD{R: .55, Alpha: 10.6, S: .6, Beta: 11.7},
		value.GammaGamma{P: 6.2, Q: 3.7, V: 15.4}
}

// simulated are customers whose first purchases are spread over half a year.
func simulated(seed uint64, n int, pareto bool) []value.Summary {
	p := newPopulation(seed)
	bg, pa, gg := shopLike()
	out := make([]value.Summary, n)
	for i := range out {
		age := 52 - 26*p.source.Float64()
		times := func() []float64 {
			if pareto {
				return p.paretoNBD(pa, age)
			}
			return p.bgnbd(bg, age)
		}()
		out[i] = p.summary(age, times)
		out[i].Monetary = p.spend(gg, out[i].Frequency)
	}
	return out
}

func BenchmarkFitMillion(b *testing.B) {
	customers := simulated(1, 1_000_000, false)
	b.Run("BGNBD", func(b *testing.B) {
		for b.Loop() {
			m, err := value.FitBGNBD(customers)
			if err != nil || math.Abs(m.R-.25) > .01 {
				b.Fatal(m, err)
			}
		}
	})
	others := simulated(1, 1_000_000, true)
	b.Run("ParetoNBD", func(b *testing.B) {
		for b.Loop() {
			m, err := value.FitParetoNBD(others)
			if err != nil || math.Abs(m.R-.55) > .02 {
				b.Fatal(m, err)
			}
		}
	})
	b.Run("ParetoNBD of customers unlike it", func(b *testing.B) {
		for b.Loop() {
			if m, err := value.FitParetoNBD(customers); err != nil {
				b.Fatal(m, err)
			}
		}
	})
	b.Run("GammaGamma", func(b *testing.B) {
		for b.Loop() {
			m, err := value.FitGammaGamma(customers)
			if err != nil || math.Abs(m.Q-3.7) > .1 {
				b.Fatal(m, err)
			}
		}
	})
}
