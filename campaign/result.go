package campaign

import (
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// Result is the sum of what was reported. What it was not asked to tell apart is
// empty. Amounts of different currencies are always different results.
//
// Reach is not there: people cannot be added up.
type Result struct {
	Period    sosyal.Period    `json:"period"`
	Platform  Platform         `json:"platform,omitzero"`
	Campaign  string           `json:"campaign,omitzero"`
	AdSet     string           `json:"ad_set,omitzero"`
	Ad        string           `json:"ad,omitzero"`
	Objective sosyal.Objective `json:"objective,omitzero"`
	Rows      int              `json:"rows"`
	Spend     sosyal.Money     `json:"spend"`

	Impressions Tally        `json:"impressions"`
	Clicks      Tally        `json:"clicks"`
	Conversions Tally        `json:"conversions"`
	Value       ValueTally   `json:"value"`
	Through     ClickThrough `json:"click_through"`
}

// Tally is the sum of a count over the rows that reported it, with what those
// rows cost: a ratio must not set one row's clicks against another's money.
type Tally struct {
	Sum   float64      `json:"sum"`
	Rows  int          `json:"rows"`
	Spend sosyal.Money `json:"spend,omitzero"`
}

// ValueTally is the sum of the conversions' value over the rows that reported
// it, with what those rows cost.
type ValueTally struct {
	Sum   sosyal.Money `json:"sum,omitzero"`
	Rows  int          `json:"rows"`
	Spend sosyal.Money `json:"spend,omitzero"`
}

// ClickThrough are clicks and impressions of the rows that reported both.
type ClickThrough struct {
	Clicks      float64 `json:"clicks"`
	Impressions float64 `json:"impressions"`
}

// ROAS returns the return on ad spend: the value of conversions over the spend
// of the rows that reported it, to 16 decimals. It is absent, false, where no
// row reported a value or those that did cost nothing.
func (r Result) ROAS() (decimal.Decimal, bool) {
	if r.Value.Rows == 0 || r.Value.Spend.IsZero() {
		return decimal.Decimal{}, false
	}
	ratio, err := r.Value.Sum.Ratio(r.Value.Spend)
	return ratio, err == nil
}

// CPA returns the cost per conversion, in whole minor units, half up. It is
// absent where conversions were not reported or there were none.
func (r Result) CPA() (sosyal.Money, bool) { return r.Conversions.cost(1) }

// CPC returns the cost per click, as [Result.CPA] does per conversion.
func (r Result) CPC() (sosyal.Money, bool) { return r.Clicks.cost(1) }

// CPM returns the cost per thousand impressions.
func (r Result) CPM() (sosyal.Money, bool) { return r.Impressions.cost(1000) }

// CTR returns clicks per impression. It is absent where no row reported both or
// nothing was shown.
func (r Result) CTR() (float64, bool) {
	if r.Through.Impressions <= 0 {
		return 0, false
	}
	return r.Through.Clicks / r.Through.Impressions, true
}

// cost is the spend for a number of events.
func (t Tally) cost(events int64) (sosyal.Money, bool) {
	if t.Rows == 0 || t.Sum <= 0 {
		return sosyal.Money{}, false
	}
	const digits = 8 // finer than any minor unit, which is rounded to in the end
	amount := t.Spend.Amount().Mul(decimal.NewFromInt(events)).DivRound(decimal.NewFromFloat(t.Sum), digits)
	m, err := sosyal.NewMoney(amount, t.Spend.Currency())
	if err != nil {
		return sosyal.Money{}, false
	}
	return m.Round(sosyal.HalfUp), true
}

// add counts one row in.
func (r *Result) add(row AdRow) error {
	if r.Rows == 0 {
		r.Period = row.Period
	}
	r.Period = sosyal.Period{From: min(r.Period.From, row.Period.From), To: max(r.Period.To, row.Period.To)}
	r.Rows++
	var err error
	if r.Spend, err = r.Spend.Add(row.Spend); err != nil {
		return err
	}
	for m, t := range map[sosyal.Metric]*Tally{
		sosyal.Impressions: &r.Impressions, sosyal.LinkClicks: &r.Clicks, sosyal.Conversions: &r.Conversions,
	} {
		if v, ok := row.Counts[m]; ok {
			t.Sum += v
			t.Rows++
			if t.Spend, err = t.Spend.Add(row.Spend); err != nil {
				return err
			}
		}
	}
	clicks, clicked := row.Counts[sosyal.LinkClicks]
	impressions, shown := row.Counts[sosyal.Impressions]
	if clicked && shown {
		r.Through.Clicks += clicks
		r.Through.Impressions += impressions
	}
	if row.Value.Currency() == "" {
		return nil
	}
	r.Value.Rows++
	if r.Value.Sum, err = r.Value.Sum.Add(row.Value); err != nil {
		return err
	}
	r.Value.Spend, err = r.Value.Spend.Add(row.Spend)
	return err
}
