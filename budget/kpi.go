package budget

import (
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// Results is what spend brought, over any span of days. What a platform does
// not report is nil, never zero.
type Results struct {
	Spend       *sosyal.Money
	Revenue     *sosyal.Money
	Impressions *int64
	Clicks      *int64
	Conversions *int64
}

// Ratio is a ratio of sums over those results that know both of its parts.
type Ratio struct {
	Value decimal.Decimal
	// Known of Of results went into it.
	Known, Of int
}

// Cost is an amount of money for each of something.
type Cost struct {
	Value sosyal.Money
	// Known of Of results went into it.
	Known, Of int
}

// ROAS is the return on ad spend: revenue over spend, to 4 decimals, half away
// from zero. It is absent (false) where no result knows both or nothing was
// spent; results in several currencies are an error.
//
// Like every ratio here it is a ratio of sums, not a mean of ratios: a day with
// little spend counts little.
func ROAS(results ...Results) (Ratio, bool, error) {
	return moneyRatio(results, func(r Results) (*sosyal.Money, *sosyal.Money) { return r.Revenue, r.Spend })
}

// ACOS is the advertising cost of sales: spend over revenue, the inverse of
// [ROAS].
func ACOS(results ...Results) (Ratio, bool, error) {
	return moneyRatio(results, func(r Results) (*sosyal.Money, *sosyal.Money) { return r.Spend, r.Revenue })
}

// CPA is the cost per conversion, rounded half up to minor units; absent where
// there was none.
func CPA(results ...Results) (Cost, bool, error) {
	return costPer(results, 1, func(r Results) *int64 { return r.Conversions })
}

// CPC is the cost per click, rounded half up to minor units.
func CPC(results ...Results) (Cost, bool, error) {
	return costPer(results, 1, func(r Results) *int64 { return r.Clicks })
}

// CPM is the cost of a thousand impressions, rounded half up to minor units.
func CPM(results ...Results) (Cost, bool, error) {
	return costPer(results, 1000, func(r Results) *int64 { return r.Impressions })
}

// CTR is clicks over impressions.
func CTR(results ...Results) (Ratio, bool) {
	return countRatio(results, func(r Results) (*int64, *int64) { return r.Clicks, r.Impressions })
}

// CVR is conversions over clicks.
func CVR(results ...Results) (Ratio, bool) {
	return countRatio(results, func(r Results) (*int64, *int64) { return r.Conversions, r.Clicks })
}

const ratioDecimals = 4

func moneyRatio(results []Results, parts func(Results) (over, under *sosyal.Money)) (Ratio, bool, error) {
	var a, b sosyal.Money
	out := Ratio{Of: len(results)}
	for _, r := range results {
		over, under := parts(r)
		if over == nil || under == nil {
			continue
		}
		var err error
		if a, err = a.Add(*over); err != nil {
			return Ratio{}, false, err
		}
		if b, err = b.Add(*under); err != nil {
			return Ratio{}, false, err
		}
		out.Known++
	}
	if b.IsZero() {
		return out, false, nil
	}
	ratio, err := a.Ratio(b)
	if err != nil {
		return Ratio{}, false, err
	}
	out.Value = ratio.Round(ratioDecimals)
	return out, true, nil
}

func costPer(results []Results, each int64, count func(Results) *int64) (Cost, bool, error) {
	var spend sosyal.Money
	var n int64
	out := Cost{Of: len(results)}
	for _, r := range results {
		k := count(r)
		if r.Spend == nil || k == nil {
			continue
		}
		var err error
		if spend, err = spend.Add(*r.Spend); err != nil {
			return Cost{}, false, err
		}
		n += *k
		out.Known++
	}
	if n <= 0 || spend.Currency() == "" {
		return out, false, nil
	}
	// Eight decimals are more than any currency has: the rounding that counts is
	// the one to minor units.
	value, err := sosyal.NewMoney(spend.Amount().Mul(decimal.NewFromInt(each)).DivRound(decimal.NewFromInt(n), 8), spend.Currency())
	if err != nil {
		return Cost{}, false, err
	}
	out.Value = value.Round(sosyal.HalfUp)
	return out, true, nil
}

func countRatio(results []Results, parts func(Results) (over, under *int64)) (Ratio, bool) {
	var a, b int64
	out := Ratio{Of: len(results)}
	for _, r := range results {
		over, under := parts(r)
		if over == nil || under == nil {
			continue
		}
		a, b = a+*over, b+*under
		out.Known++
	}
	if b <= 0 {
		return out, false
	}
	out.Value = decimal.NewFromInt(a).DivRound(decimal.NewFromInt(b), ratioDecimals)
	return out, true
}
