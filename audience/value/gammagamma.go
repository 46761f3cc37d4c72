package value

import (
	"cmp"
	"math"

	"gonum.org/v1/gonum/mathext"

	"github.com/yukselenler/sosyal/internal/stat"
)

// GammaGamma is the gamma-gamma model of spend. A customer's spend varies at
// random from purchase to purchase around a mean of his own, gamma distributed
// with shape P; the rates of these distributions are themselves gamma
// distributed with shape Q and rate V (in units of money). Source: Fader,
// Hardie, Lee (2005), RFM and CLV, Journal of Marketing Research 42(4), in the
// form of Fader, Hardie (2013), The Gamma-Gamma Model of Monetary Value.
//
// The model takes what a customer spends for independent of how often he buys;
// Correlation says how far that is from the truth.
type GammaGamma struct {
	P float64 `json:"p"`
	Q float64 `json:"q"`
	V float64 `json:"v"`
	// LogLikelihood is that of the mean spends.
	LogLikelihood float64     `json:"log_likelihood"`
	Correlation   Correlation `json:"correlation,omitzero"`
	Fit           Fit         `json:"fit,omitzero"`
}

// Correlation is Pearson's between the frequency and the mean spend of customers
// who bought again, with the 95% interval of Fisher's transformation. All are 0
// where one of the two does not vary.
type Correlation struct {
	R    float64 `json:"r"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	N    int     `json:"n"`
}

// FitGammaGamma fits the model by maximum likelihood to the customers with a
// repeat purchase and a positive mean spend; others are passed over, since they
// say nothing of spend. Times are not looked at, but must not be absurd.
//
// The error is [sosyal.ErrInsufficientData] where fewer than ten customers are
// left, a [sosyal.FieldError] where a summary is absurd, and a [FitError] where
// the likelihood has no maximum, as when all customers are alike.
func FitGammaGamma(summaries []Summary) (GammaGamma, error) {
	const model = "Gamma-Gamma"
	if err := validate(summaries); err != nil {
		return GammaGamma{}, err
	}
	s := newSpends(summaries)
	if s.customers < leastCustomers {
		return GammaGamma{}, thin(model, "fewer than ten customers with a repeat purchase and spend")
	}
	l := likelihood{
		model: model, parameters: []string{"p", "q", "v"}, customers: s.customers, rows: len(s.rows),
		offset: -s.customers * math.Log(s.unit), all: s.gammaGamma,
		every: func(n int) stat.Objective { return s.every(n).gammaGamma },
	}
	for _, p := range []float64{1, 5, 25} {
		for _, q := range []float64{1.5, 4, 16} {
			l.starts = append(l.starts, logs(p, q, (q-1)/p))
		}
	}
	found, log, fit, err := l.maximize()
	if err != nil {
		return GammaGamma{}, err
	}
	return GammaGamma{
		P: found[0], Q: found[1], V: found[2] * s.unit,
		LogLikelihood: log, Correlation: correlation(summaries), Fit: fit,
	}, nil
}

// spend is a number of customers with the same frequency and mean spend.
type spend struct {
	customers, frequency float64
	mean, total          float64
	log                  float64 // of total
}

// spends is what a likelihood of spend is summed over, in units of the mean.
type spends struct {
	rows      []spend // by frequency and mean, without repeats
	customers float64
	unit      float64
}

func newSpends(summaries []Summary) *spends {
	s := &spends{}
	for _, c := range summaries {
		if c.Frequency > 0 && c.Monetary > 0 {
			s.rows = append(s.rows, spend{customers: 1, frequency: float64(c.Frequency), mean: c.Monetary})
		}
	}
	s.customers = float64(len(s.rows))
	for _, r := range s.rows {
		s.unit += r.mean / s.customers
	}
	s.rows = sorted(s.rows, func(a, b spend) int {
		if c := cmp.Compare(a.frequency, b.frequency); c != 0 {
			return c
		}
		return cmp.Compare(a.mean, b.mean)
	})
	distinct := s.rows[:0]
	for _, r := range s.rows {
		if n := len(distinct); n > 0 && distinct[n-1].frequency == r.frequency && distinct[n-1].mean == r.mean {
			distinct[n-1].customers++
			continue
		}
		distinct = append(distinct, r)
	}
	s.rows = distinct
	for i := range s.rows {
		r := &s.rows[i]
		r.mean /= s.unit
		r.total = r.frequency * r.mean
		r.log = math.Log(r.total)
	}
	return s
}

// every returns a systematic sample of the rows: each nth of them, as they are
// sorted.
func (s *spends) every(n int) *spends {
	t := &spends{unit: s.unit}
	for i := n / 2; i < len(s.rows); i += n {
		t.rows = append(t.rows, s.rows[i])
		t.customers += s.rows[i].customers
	}
	return t
}

// gammaGamma is the mean log-likelihood per customer, turned around. With x
// repeat purchases of mean z, a customer's is that of
//
//	1/(z B(px,q)) · (v/(v+xz))^q · (xz/(v+xz))^(px)
//
// Equation 1a of Fader and Hardie (2013).
func (s *spends) gammaGamma(theta, gradient []float64) float64 {
	p, q, v := math.Exp(theta[0]), math.Exp(theta[1]), math.Exp(theta[2])
	total := sum(s.rows, func(rows []spend) terms { return gammaGammaMeans(rows, p, q, v) })
	for i, parameter := range []float64{p, q, v} {
		gradient[i] = -total[i+1] * parameter / s.customers
	}
	return -total[0] / s.customers
}

func gammaGammaMeans(rows []spend, p, q, v float64) (total terms) {
	logV, logGammaQ, byQ := math.Log(v), lgamma(q), mathext.Digamma(q)
	frequency := 0.0
	var shape, beta, byShape, byBoth float64
	for _, c := range rows {
		if c.frequency != frequency {
			frequency = c.frequency
			shape = p * frequency
			beta = lgamma(shape) + logGammaQ - lgamma(shape+q)
			byBoth = mathext.Digamma(shape + q)
			byShape = mathext.Digamma(shape) - byBoth
		}
		log := math.Log(v + c.total)
		total.add(terms{
			c.customers * (q*(logV-log) + shape*(c.log-log) - beta - c.log + math.Log(frequency)),
			c.customers * frequency * (c.log - log - byShape),
			c.customers * (logV - log - byQ + byBoth),
			c.customers * (q/v - (shape+q)/(v+c.total)),
		})
	}
	return total
}

func correlation(summaries []Summary) Correlation {
	var n, x, z, xx, zz, xz float64 // running means and sums of squares; Welford (1962)
	for _, s := range summaries {
		if s.Frequency == 0 || s.Monetary <= 0 {
			continue
		}
		n++
		dx, dz := float64(s.Frequency)-x, s.Monetary-z
		x += dx / n
		z += dz / n
		xx += dx * (float64(s.Frequency) - x)
		zz += dz * (s.Monetary - z)
		xz += dx * (s.Monetary - z)
	}
	c := Correlation{N: int(n)}
	if n < 4 || xx == 0 || zz == 0 {
		return c
	}
	c.R = xz / math.Sqrt(xx) / math.Sqrt(zz)
	width := stat.NormalQuantile(0.975) / math.Sqrt(n-3)
	at := math.Atanh(min(max(c.R, -1), 1))
	c.Low, c.High = math.Tanh(at-width), math.Tanh(at+width)
	return c
}

// Validate reports parameters that are not positive numbers.
func (m GammaGamma) Validate() error {
	return positive([]string{"p", "q", "v"}, m.P, m.Q, m.V)
}

// ExpectedSpend is the expected spend of a customer's next purchase: the mean of
// all customers and his own, weighted by how often he bought; equation 5 of
// Fader and Hardie (2013). It is an expectation for statistics, not money that is
// owed.
//
// A customer without a repeat purchase, or with one and no spend, has the mean
// of all. Where P·x + Q is 1 or less, the distribution has no mean and the
// answer is +Inf. It is NaN for a model or a summary that is not valid.
func (m GammaGamma) ExpectedSpend(s Summary) float64 {
	if m.Validate() != nil || !s.plausible() {
		return math.NaN()
	}
	x := float64(s.Frequency)
	if s.Monetary == 0 {
		x = 0
	}
	weight := m.P*x + m.Q - 1
	if weight <= 0 {
		return math.Inf(1)
	}
	return m.P * (m.V + x*s.Monetary) / weight
}
