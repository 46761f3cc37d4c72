package campaign

import (
	"github.com/yukselenler/sosyal"
)

// How many events a past result needs before it counts. At 30 conversions the
// standard error of a rate is still about 18 per cent of it; below, the order of
// two platforms is mostly chance.
const (
	enoughConversions = 30
	enoughClicks      = 100
	enoughImpressions = 10_000
)

// measure judges a platform by its own past results for the objective, in the
// currency of the total: what came back for the money spent.
func (in StrategyInput) measure(facts PlatformFacts, o sosyal.Objective) candidate {
	c := candidate{facts: facts, reason: sosyal.Because("campaign.strategy.untested",
		sosyal.TermArg("platform", facts.Platform), sosyal.TermArg("objective", o))}
	past := in.past(facts.Platform, o)
	if past.Spend.Sign() <= 0 {
		return c
	}
	measured := func(code string, score float64, args ...sosyal.Arg) candidate {
		c.measured, c.score = true, score
		c.reason = sosyal.Because("campaign.strategy."+code, append([]sosyal.Arg{
			sosyal.TermArg("platform", facts.Platform), sosyal.TermArg("objective", o), sosyal.MoneyArg("spend", past.Spend),
		}, args...)...)
		return c
	}
	if o == sosyal.Sales || o == sosyal.CatalogSales {
		roas, known := past.ROAS()
		if !known || past.Conversions.Sum < enoughConversions {
			return c
		}
		return measured("measured_roas", roas.InexactFloat64(),
			sosyal.NumberArg("roas", roas.InexactFloat64(), 2), sosyal.NumberArg("n", past.Conversions.Sum, 0))
	}
	t, enough, code := past.Conversions, float64(enoughConversions), "measured_conversions"
	events := int64(1)
	switch FunnelOf(o) {
	case TopOfFunnel:
		t, enough, code, events = past.Impressions, enoughImpressions, "measured_impressions", 1000
	case MiddleOfFunnel:
		if o == sosyal.Traffic || o == sosyal.Engagement {
			t, enough, code = past.Clicks, enoughClicks, "measured_clicks"
		}
	case BottomOfFunnel:
	}
	cost, known := t.cost(events)
	if !known || t.Sum < enough || cost.Sign() <= 0 {
		return c
	}
	return measured(code, t.Sum/t.Spend.Float(), sosyal.MoneyArg("cost", cost), sosyal.NumberArg("n", t.Sum, 0))
}

// past adds up the results of a platform for an objective. Where a result does
// not say its objective, the campaign's name may.
func (in StrategyInput) past(platform Platform, o sosyal.Objective) Result {
	var sum Result
	for _, r := range in.Past {
		objective := r.Objective
		if objective == "" {
			if name, err := ParseName(r.Campaign); err == nil {
				objective = name.Objective
			}
		}
		if r.Platform != platform || objective != o || r.Spend.Currency() != in.Total.Currency() {
			continue
		}
		if joined, err := sum.join(r); err == nil {
			sum = joined
		}
	}
	return sum
}

// join adds two results of one currency.
func (r Result) join(s Result) (Result, error) {
	var p sosyal.Problems
	add := func(a, b sosyal.Money) sosyal.Money {
		sum, err := a.Add(b)
		p.Nest("spend", err)
		return sum
	}
	tally := func(a, b Tally) Tally {
		return Tally{Sum: a.Sum + b.Sum, Rows: a.Rows + b.Rows, Spend: add(a.Spend, b.Spend)}
	}
	out := Result{
		Rows: r.Rows + s.Rows, Spend: add(r.Spend, s.Spend),
		Impressions: tally(r.Impressions, s.Impressions),
		Clicks:      tally(r.Clicks, s.Clicks),
		Conversions: tally(r.Conversions, s.Conversions),
		Value: ValueTally{
			Sum: add(r.Value.Sum, s.Value.Sum), Rows: r.Value.Rows + s.Value.Rows, Spend: add(r.Value.Spend, s.Value.Spend),
		},
		Through: ClickThrough{
			Clicks: r.Through.Clicks + s.Through.Clicks, Impressions: r.Through.Impressions + s.Through.Impressions,
		},
	}
	return out, p.Err()
}
