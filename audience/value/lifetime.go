package value

import (
	"math"
	"strconv"

	"github.com/yukselenler/sosyal"
)

// Model forecasts a customer's purchases from his summary; [BGNBD] and
// [ParetoNBD] are such models.
type Model interface {
	// ExpectedPurchases is the expected number of purchases in the next t units.
	ExpectedPurchases(t float64, s Summary) float64
	// ProbabilityAlive is the chance that the customer still buys.
	ProbabilityAlive(s Summary) float64
}

// Horizon is the time over which a lifetime value is counted: Periods of Length
// units each.
type Horizon struct {
	Periods int     `json:"periods"`
	Length  float64 `json:"length"`
	// Discount is the rate at which money loses worth from one period to the
	// next: 0.01 is 1%. Margin is what is left of spend, 1 for all of it.
	Discount float64 `json:"discount,omitzero"`
	Margin   float64 `json:"margin"`
}

// Validate reports numbers without a meaning.
func (h Horizon) Validate() error {
	if h.Periods > 0 && h.Length > 0 && h.Length <= math.MaxFloat64 && h.Discount >= 0 && h.Discount <= math.MaxFloat64 && h.Margin > 0 && h.Margin <= 1 {
		return nil // without words, since it is asked for each customer
	}
	var p sosyal.Problems
	p.Require(h.Periods > 0, "periods", "must be positive", strconv.Itoa(h.Periods))
	p.Require(h.Length > 0 && !math.IsInf(h.Length, 0), "length", "must be a positive number", format(h.Length))
	p.Require(h.Discount >= 0 && !math.IsInf(h.Discount, 0), "discount", "must be a number that is not negative", format(h.Discount))
	p.Require(h.Margin > 0 && h.Margin <= 1, "margin", "must be a share above 0", format(h.Margin))
	return p.Err()
}

// DiscountedPurchases is the expected number of purchases over the horizon, each
// period's counted less by the discount at its end:
//
//	Σ (E[Y(kL)] - E[Y((k-1)L)]) / (1+d)^k   over periods k = 1 to n of length L
//
// It is NaN where the horizon or the summary is not valid.
func (h Horizon) DiscountedPurchases(m Model, s Summary) float64 {
	if h.Validate() != nil {
		return math.NaN()
	}
	if h.Discount == 0 {
		return m.ExpectedPurchases(float64(h.Periods)*h.Length, s)
	}
	total, before, worth := 0.0, 0.0, 1.0
	for k := 1; k <= h.Periods; k++ {
		worth /= 1 + h.Discount
		until := m.ExpectedPurchases(float64(k)*h.Length, s)
		total += (until - before) * worth
		before = until
	}
	return total
}

// LifetimeValue is what a customer is expected to bring from now to the end of
// the horizon: margin times expected spend times [Horizon.DiscountedPurchases].
// What he has brought so far is not in it. Source: Fader, Hardie, Lee (2005), RFM
// and CLV, Journal of Marketing Research 42(4), with their sum over all time
// taken over the periods of a horizon.
//
// It is an expectation in the unit of Monetary, not money that is owed; see
// [Report.Money] for showing it. It is +Inf or NaN where the expected spend is.
func (h Horizon) LifetimeValue(m Model, spend GammaGamma, s Summary) float64 {
	return h.Margin * spend.ExpectedSpend(s) * h.DiscountedPurchases(m, s)
}
