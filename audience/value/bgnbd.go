package value

import (
	"math"

	"github.com/yukselenler/sosyal"
)

// BGNBD is the beta-geometric / negative binomial model of purchases. While a
// customer is alive he buys at random at a rate of his own; rates are gamma
// distributed with shape R and rate Alpha (in units of time). After each
// purchase he leaves for good with a chance of his own; chances are beta
// distributed with parameters A and B. Source: Fader, Hardie, Lee (2005),
// "Counting Your Customers" the Easy Way, Marketing Science 24(2).
//
// A customer without a repeat purchase is alive for certain by this model, since
// customers leave only after a repeat purchase.
type BGNBD struct {
	R     float64 `json:"r"`
	Alpha float64 `json:"alpha"`
	A     float64 `json:"a"`
	B     float64 `json:"b"`
	// LogLikelihood is that of the purchase times.
	LogLikelihood float64 `json:"log_likelihood"`
	Fit           Fit     `json:"fit,omitzero"`
}

// FitBGNBD fits the model by maximum likelihood to customers' summaries, whose
// Monetary is not looked at.
//
// The error is [sosyal.ErrInsufficientData] where there are fewer than ten
// customers or none bought again, a [sosyal.FieldError] where a summary is
// absurd, and a [FitError] where the likelihood has no maximum, as when all
// customers are alike.
func FitBGNBD(summaries []Summary) (BGNBD, error) {
	h, err := purchasesOf("BG/NBD", summaries)
	if err != nil {
		return BGNBD{}, err
	}
	l := h.likelihood("BG/NBD", (*history).bgnbd, "r", "alpha", "a", "b")
	for _, r := range []float64{0.25, 1, 4} {
		for _, leaving := range [][2]float64{{0.5, 2}, {1, 10}, {2, 3}} {
			l.starts = append(l.starts, logs(r, r*h.customers/h.purchases, leaving[0], leaving[1]))
		}
	}
	p, log, fit, err := l.maximize()
	if err != nil {
		return BGNBD{}, err
	}
	return BGNBD{
		R: p[0], Alpha: p[1] * h.unit, A: p[2], B: p[3],
		LogLikelihood: log, Fit: fit,
	}, nil
}

// purchasesOf checks and groups summaries.
func purchasesOf(model string, summaries []Summary) (*history, error) {
	if err := validate(summaries); err != nil {
		return nil, err
	}
	if len(summaries) < leastCustomers {
		return nil, thin(model, "fewer than ten customers")
	}
	h := newHistory(summaries)
	if h.purchases == 0 || h.unit == 0 {
		return nil, thin(model, "no customer bought again")
	}
	return h, nil
}

func logs(parameters ...float64) []float64 {
	out := make([]float64, len(parameters))
	for i, p := range parameters {
		out[i] = math.Log(p)
	}
	return out
}

// bgnbd is the mean log-likelihood per customer, turned around. With x repeat
// purchases, the latest at t, seen until T, a customer's is that of
//
//	Γ(r+x)/Γ(r) α^r · B(a,b+x)/B(a,b) · [(α+T)^-(r+x) + {x>0} a/(b+x-1) (α+t)^-(r+x)]
//
// Equation 6 of the source; the first factors depend on x alone.
func (h *history) bgnbd(theta, gradient []float64) float64 {
	r, alpha, a, b := math.Exp(theta[0]), math.Exp(theta[1]), math.Exp(theta[2]), math.Exp(theta[3])
	total := sum(h.rows, func(rows []row) terms { return bgnbdTimes(rows, r, alpha, a, b) })
	for _, c := range h.frequencies {
		purchases, byR := rising(r, c.frequency)
		stays, byB := rising(b, c.frequency)
		chances, byBoth := rising(a+b, c.frequency)
		total.add(terms{
			c.customers * (purchases + stays - chances),
			c.customers * byR, 0, -c.customers * byBoth, c.customers * (byB - byBoth),
		})
	}
	total.add(terms{h.customers * r * math.Log(alpha), h.customers * math.Log(alpha), h.customers * r / alpha})
	for i, p := range []float64{r, alpha, a, b} {
		gradient[i] = -total[i+1] * p / h.customers
	}
	return -total[0] / h.customers
}

func bgnbdTimes(rows []row, r, alpha, a, b float64) (total terms) {
	age, logAge := -1.0, 0.0
	frequency, odds := -1.0, 0.0
	for _, c := range rows {
		if c.age != age {
			age, logAge = c.age, math.Log(alpha+c.age)
		}
		power := r + c.frequency
		one := terms{-power * logAge, -logAge, -power / (alpha + age)}
		if c.frequency > 0 {
			if c.frequency != frequency {
				frequency, odds = c.frequency, math.Log(a/(b+c.frequency-1))
			}
			ratio := logAge - math.Log(alpha+c.recency)
			left, share := logistic(odds + power*ratio)
			one[0] += left
			one[1] += share * ratio
			one[2] += share * power * (1/(alpha+age) - 1/(alpha+c.recency))
			one[3] = share / a
			one[4] = -share / (b + c.frequency - 1)
		}
		for i, v := range one {
			total[i] += c.customers * v
		}
	}
	return total
}

// Validate reports parameters that are not positive numbers.
func (m BGNBD) Validate() error {
	return positive([]string{"r", "alpha", "a", "b"}, m.R, m.Alpha, m.A, m.B)
}

func positive(fields []string, values ...float64) error {
	var p sosyal.Problems
	for i, v := range values {
		if !(v > 0 && v <= math.MaxFloat64) {
			p.Add(fields[i], "must be a positive number", format(v))
		}
	}
	return p.Err()
}

// ProbabilityAlive is the chance that a customer has not left; equation 4 of
// Fader, Hardie, Lee (2008), Computing P(alive) Using the BG/NBD Model. It is NaN
// for a model or a summary that is not valid.
func (m BGNBD) ProbabilityAlive(s Summary) float64 {
	if m.Validate() != nil || !s.plausible() {
		return math.NaN()
	}
	return m.alive(s)
}

func (m BGNBD) alive(s Summary) float64 {
	if s.Frequency == 0 {
		return 1
	}
	x := float64(s.Frequency)
	ratio := math.Log1p((s.Age - s.Recency) / (m.Alpha + s.Recency))
	_, gone := logistic(math.Log(m.A/(m.B+x-1)) + (m.R+x)*ratio)
	return 1 - gone
}

// ExpectedPurchases is the expected number of purchases in the next t units of
// time by a customer with this history; equation 10 of the source. It is NaN for
// a model, a summary or a time that is not valid.
func (m BGNBD) ExpectedPurchases(t float64, s Summary) float64 {
	if m.Validate() != nil || !s.plausible() || !validTime(t) {
		return math.NaN()
	}
	return m.alive(s) * m.whileAlive(t, float64(s.Frequency), s.Age)
}

// ExpectedPurchasesOfNew is the expected number of repeat purchases in the t
// units of time after a customer's first purchase; equation 9 of the source.
func (m BGNBD) ExpectedPurchasesOfNew(t float64) float64 {
	if m.Validate() != nil || !validTime(t) {
		return math.NaN()
	}
	return m.whileAlive(t, 0, 0)
}

// ProbabilityOfNone is the chance that a new customer buys nothing in the t units
// of time after the first purchase; equation 8 of the source.
func (m BGNBD) ProbabilityOfNone(t float64) float64 {
	if m.Validate() != nil || !validTime(t) {
		return math.NaN()
	}
	return math.Exp(-m.R * math.Log1p(t/m.Alpha))
}

func validTime(t float64) bool { return t >= 0 && t <= math.MaxFloat64 }

// whileAlive is what a customer who is alive at the given age buys in the next t.
// It is the sum over j = 1, 2, ... of the chance that the jth purchase comes in
// time, were he never to leave, times the chance that he has not left before it:
//
//	Σ P(N >= j) · B(a, b+x+j-1)/B(a, b+x)   N negative binomial: r+x, t/(α+T+t)
//
// which is the hypergeometric function of the source written as a sum of
// positive terms, so that nothing cancels and no parameter is a special case.
func (m BGNBD) whileAlive(t, x, age float64) float64 {
	power, wait := m.R+x, m.Alpha+age
	z := t / (wait + t)
	if z == 0 {
		return 0
	}
	logNone := -power * math.Log1p(t/wait)
	comes, stays, expected := -math.Expm1(logNone), 1.0, 0.0
	chance, logChance := math.Exp(logNone), logNone
	for j := 1.0; j < maxTerms; j++ {
		expected += comes * stays
		stays *= (m.B + x + j - 1) / (m.A + m.B + x + j - 1)
		growth := (power + j - 1) / j * z
		if logChance < -700 { // below what a float holds
			logChance += math.Log(growth)
			chance = math.Exp(logChance)
		} else {
			chance *= growth
		}
		comes = max(comes-chance, 0)
		if growth = max(growth, z); growth < 1 && chance*stays <= 1e-16*expected*(1-growth)*(1-growth) {
			break
		}
	}
	return expected
}

// maxTerms bounds the sum where the horizon is beyond any use.
const maxTerms = 1 << 24
