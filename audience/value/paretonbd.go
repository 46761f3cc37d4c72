package value

import (
	"math"
)

// ParetoNBD is the Pareto / negative binomial model of purchases. While a
// customer is alive he buys at random at a rate of his own; rates are gamma
// distributed with shape R and rate Alpha (in units of time). He leaves at
// random at a rate of his own, gamma distributed with shape S and rate Beta.
// Source: Schmittlein, Morrison, Colombo (1987), Counting Your Customers,
// Management Science 33(1), in the form of Fader, Hardie (2005), A Note on
// Deriving the Pareto/NBD Model and Related Expressions.
type ParetoNBD struct {
	R     float64 `json:"r"`
	Alpha float64 `json:"alpha"`
	S     float64 `json:"s"`
	Beta  float64 `json:"beta"`
	// LogLikelihood is that of the purchase times.
	LogLikelihood float64 `json:"log_likelihood"`
	Fit           Fit     `json:"fit,omitzero"`
}

// FitParetoNBD fits the model by maximum likelihood to customers' summaries,
// whose Monetary is not looked at. The errors are those of [FitBGNBD].
func FitParetoNBD(summaries []Summary) (ParetoNBD, error) {
	h, err := purchasesOf("Pareto/NBD", summaries)
	if err != nil {
		return ParetoNBD{}, err
	}
	l := h.likelihood("Pareto/NBD", (*history).paretoNBD, "r", "alpha", "s", "beta")
	for _, r := range []float64{0.25, 1, 4} {
		for _, s := range []float64{0.3, 1, 3} {
			l.starts = append(l.starts, logs(r, r*h.customers/h.purchases, s, s))
		}
	}
	p, log, fit, err := l.maximize()
	if err != nil {
		return ParetoNBD{}, err
	}
	return ParetoNBD{
		R: p[0], Alpha: p[1] * h.unit, S: p[2], Beta: p[3] * h.unit,
		LogLikelihood: log, Fit: fit,
	}, nil
}

// paretoNBD is the mean log-likelihood per customer, turned around. With x
// repeat purchases, the latest at t, seen until T, a customer's is that of
//
//	Γ(r+x)/Γ(r) α^r β^s (α+T)^-(r+x) (β+T)^-s · (1 + odds of having left)
//
// See [departure] for the odds.
func (h *history) paretoNBD(theta, gradient []float64) float64 {
	r, alpha, s, beta := math.Exp(theta[0]), math.Exp(theta[1]), math.Exp(theta[2]), math.Exp(theta[3])
	total := sum(h.rows, func(rows []row) terms { return paretoNBDTimes(rows, r, alpha, s, beta) })
	for _, c := range h.frequencies {
		purchases, byR := rising(r, c.frequency)
		total.add(terms{c.customers * purchases, c.customers * byR})
	}
	logAlpha, logBeta := math.Log(alpha), math.Log(beta)
	total.add(terms{
		h.customers * (r*logAlpha + s*logBeta),
		h.customers * logAlpha, h.customers * r / alpha, h.customers * logBeta, h.customers * s / beta,
	})
	for i, p := range []float64{r, alpha, s, beta} {
		gradient[i] = -total[i+1] * p / h.customers
	}
	return -total[0] / h.customers
}

func paretoNBDTimes(rows []row, r, alpha, s, beta float64) (total terms) {
	var odds func(recency, age float64) terms
	power := 0.0
	for _, c := range rows {
		if p := r + c.frequency; p != power {
			power, odds = p, departure{power: p, alpha: alpha, s: s, beta: beta}.odds()
		}
		gone := odds(c.recency, c.age)
		left, share := logistic(gone[0])
		logBuys, logStays := math.Log(alpha+c.age), math.Log(beta+c.age)
		total.add(terms{
			c.customers * (left - power*logBuys - s*logStays),
			c.customers * (share*gone[1] - logBuys),
			c.customers * (share*gone[2] - power/(alpha+c.age)),
			c.customers * (share*gone[3] - logStays),
			c.customers * (share*gone[4] - s/(beta+c.age)),
		})
	}
	return total
}

// Validate reports parameters that are not positive numbers.
func (m ParetoNBD) Validate() error {
	return positive([]string{"r", "alpha", "s", "beta"}, m.R, m.Alpha, m.S, m.Beta)
}

// ProbabilityAlive is the chance that a customer has not left; equation 11 of
// Fader and Hardie. It is NaN for a model or a summary that is not valid.
func (m ParetoNBD) ProbabilityAlive(s Summary) float64 {
	if m.Validate() != nil || !s.plausible() {
		return math.NaN()
	}
	return m.alive(s)
}

func (m ParetoNBD) alive(s Summary) float64 {
	d := departure{power: m.R + float64(s.Frequency), alpha: m.Alpha, s: m.S, beta: m.Beta}
	_, gone := logistic(d.integral(s.Recency, s.Age)[0])
	return 1 - gone
}

// ExpectedPurchases is the expected number of purchases in the next t units of
// time by a customer with this history; equation 41 of Fader and Hardie. It is
// NaN for a model, a summary or a time that is not valid.
func (m ParetoNBD) ExpectedPurchases(t float64, s Summary) float64 {
	if m.Validate() != nil || !s.plausible() || !validTime(t) {
		return math.NaN()
	}
	return m.alive(s) * m.whileAlive(t, float64(s.Frequency), s.Age)
}

// ExpectedPurchasesOfNew is the expected number of repeat purchases in the t
// units of time after a customer's first purchase; equation 17 of Fader and
// Hardie.
func (m ParetoNBD) ExpectedPurchasesOfNew(t float64) float64 {
	if m.Validate() != nil || !validTime(t) {
		return math.NaN()
	}
	return m.whileAlive(t, 0, 0)
}

// whileAlive is what a customer who is alive at the given age buys in the next t:
// his rate times the time that he is expected to stay.
func (m ParetoNBD) whileAlive(t, x, age float64) float64 {
	log := math.Log1p(t / (m.Beta + age))
	stays := log
	if m.S != 1 {
		stays = -math.Expm1((1-m.S)*log) / (m.S - 1)
	}
	return (m.R + x) / (m.Alpha + age) * (m.Beta + age) * stays
}
