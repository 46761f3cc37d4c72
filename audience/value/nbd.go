package value

import (
	"errors"
	"math"

	"github.com/yukselenler/sosyal/internal/stat"
)

// NBD is the negative binomial model of purchases: each customer buys at random
// at a rate of his own, gamma distributed with shape R and rate Alpha (in units of
// time), and nobody leaves. It is what [BGNBD] and [ParetoNBD] become where a
// history shows nobody leaving. Source: Ehrenberg (1959), The Pattern of Consumer
// Purchases, Applied Statistics 8(1).
type NBD struct {
	R     float64 `json:"r"`
	Alpha float64 `json:"alpha"`
	// LogLikelihood is that of the purchase times, on the scale of the other two.
	LogLikelihood float64 `json:"log_likelihood"`
	Fit           Fit     `json:"fit,omitzero"`
}

// FitNBD fits the model by maximum likelihood to customers' summaries, whose
// Recency and Monetary are not looked at. The errors are those of [FitBGNBD].
func FitNBD(summaries []Summary) (NBD, error) {
	h, err := purchasesOf("NBD", summaries)
	if err != nil {
		return NBD{}, err
	}
	l := h.likelihood("NBD", (*history).nbd, "r", "alpha")
	for _, r := range []float64{0.25, 1, 4} {
		l.starts = append(l.starts, logs(r, r*h.customers/h.purchases))
	}
	p, log, fit, err := l.maximize()
	if err != nil {
		return NBD{}, err
	}
	return NBD{R: p[0], Alpha: p[1] * h.unit, LogLikelihood: log, Fit: fit}, nil
}

// likelihood is that of a model of purchases.
func (h *history) likelihood(model string, f func(h *history, theta, gradient []float64) float64, parameters ...string) likelihood {
	of := func(h *history) stat.Objective {
		return func(theta, gradient []float64) float64 { return f(h, theta, gradient) }
	}
	return likelihood{
		model: model, parameters: parameters, customers: h.customers, rows: len(h.rows), offset: -h.purchases * math.Log(h.unit),
		all: of(h), every: func(n int) stat.Objective { return of(h.every(n)) },
	}
}

// nbd is the mean log-likelihood per customer, turned around. With x repeat
// purchases until T, a customer's is that of Γ(r+x)/Γ(r) α^r (α+T)^-(r+x).
func (h *history) nbd(theta, gradient []float64) float64 {
	r, alpha := math.Exp(theta[0]), math.Exp(theta[1])
	total := sum(h.rows, func(rows []row) (total terms) {
		for _, c := range rows {
			log := math.Log(alpha + c.age)
			power := r + c.frequency
			total.add(terms{-c.customers * power * log, -c.customers * log, -c.customers * power / (alpha + c.age)})
		}
		return total
	})
	for _, c := range h.frequencies {
		purchases, byR := rising(r, c.frequency)
		total.add(terms{c.customers * purchases, c.customers * byR})
	}
	total.add(terms{h.customers * r * math.Log(alpha), h.customers * math.Log(alpha), h.customers * r / alpha})
	gradient[0], gradient[1] = -total[1]*r/h.customers, -total[2]*alpha/h.customers
	return -total[0] / h.customers
}

// Validate reports parameters that are not positive numbers.
func (m NBD) Validate() error { return positive([]string{"r", "alpha"}, m.R, m.Alpha) }

// ProbabilityAlive is 1. It is NaN for a model or a summary that is not valid.
func (m NBD) ProbabilityAlive(s Summary) float64 {
	if m.Validate() != nil || !s.plausible() {
		return math.NaN()
	}
	return 1
}

// ExpectedPurchases is the expected number of purchases in the next t units of
// time by a customer with this history: his expected rate, (R+x)/(Alpha+T), times
// t. It is NaN for a model, a summary or a time that is not valid.
func (m NBD) ExpectedPurchases(t float64, s Summary) float64 {
	if m.Validate() != nil || !s.plausible() || !validTime(t) {
		return math.NaN()
	}
	return (m.R + float64(s.Frequency)) / (m.Alpha + s.Age) * t
}

// leavingCosts is what the two parameters of leaving must at least add to the
// log-likelihood to be worth having; Akaike (1974), A New Look at the Statistical
// Model Identification.
const leavingCosts = 2

// fitOrStay fits the model of a method or, where its likelihood has no maximum and
// leaving adds nothing to it that counts, [NBD].
func fitOrStay(m Method, summaries []Summary) (Model, Method, error) {
	model, err := fitModel(m, summaries)
	fe, ok := errors.AsType[FitError](err)
	if !ok {
		return model, m, err
	}
	stay, stayErr := FitNBD(summaries)
	if stayErr != nil || fe.LogLikelihood == 0 || stay.LogLikelihood < fe.LogLikelihood-leavingCosts {
		return nil, m, err
	}
	return stay, MethodNBD, nil
}
