package planning

import (
	"errors"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/series"
)

// Standing is how a goal stands.
type Standing string

// Standings.
const (
	Reached     Standing = "reached"       // the target is met
	OnTrack     Standing = "on_track"      // the target lies within reach of the forecast
	Ahead       Standing = "ahead"         // even the low end of the forecast meets the target
	Behind      Standing = "behind"        // even the high end of the forecast misses it
	Missed      Standing = "missed"        // the period is over and the target is not met
	NotYetClear Standing = "not_yet_clear" // too little has happened for a verdict
)

// Observed is the value of a measure on a day: what came in on it, or for a
// standing measure where it stood at its end. A day that is not known is left
// out; it is not zero.
type Observed struct {
	Day   date.Date
	Value decimal.Decimal
}

// Progress is how far a goal has come, with the evidence.
type Progress struct {
	Goal Goal
	// AsOf is the first day that is not counted.
	AsOf date.Date
	// Actual is what has been achieved; Days on how many known days it rests.
	// A standing measure that was never observed has no Actual and Known false.
	Actual decimal.Decimal
	Known  bool
	Days   int
	// Expected is what the plan would have by now.
	Expected decimal.Decimal
	// Done is Actual as a share of the target.
	Done float64
	// Index is Actual over Expected: 1 is on plan. It is 0 where nothing is
	// expected yet.
	Index float64
	// Forecast, Low and High are what the period will come to, with a 90 %
	// interval; absent (HasForecast false) for standing measures, for finished
	// periods and while fewer than seven days are known.
	Forecast, Low, High float64
	HasForecast         bool
	Standing            Standing
	Reasons             []sosyal.Reason
}

// forecastLevel is the probability with which the total lies in the interval.
const forecastLevel = 0.9

// Follow compares a goal with what was observed before asOf. The plan spreads
// an accumulating target over the days of the period by weights (nil: evenly)
// and moves a standing one from its baseline to its target in the same
// proportion. Observations outside the period are ignored; several of one day
// are added up for accumulating measures, and the last one stands for others.
func Follow(g Goal, observed []Observed, asOf date.Date, weights sosyal.DayWeights) (Progress, error) {
	if err := g.Validate(); err != nil {
		return Progress{}, err
	}
	if weights == nil {
		weights = func(date.Date) float64 { return 1 }
	}
	p := Progress{Goal: g, AsOf: asOf}
	days := make(map[date.Date]decimal.Decimal, len(observed))
	for _, o := range observed {
		if !g.Period.Contains(o.Day) || o.Day >= asOf {
			continue
		}
		if g.Measure.Accrual() == Accumulates {
			days[o.Day] = days[o.Day].Add(o.Value)
		} else {
			days[o.Day] = o.Value
		}
	}
	var passed, left float64
	var done []series.Day
	for d := range g.Period.All() {
		w := weights(d)
		if d >= asOf {
			left += w
			continue
		}
		passed += w
		value, ok := days[d]
		if !ok {
			continue
		}
		p.Days, p.Known = p.Days+1, true
		if g.Measure.Accrual() == Accumulates {
			p.Actual = p.Actual.Add(value)
			done = append(done, series.Day{Value: value.InexactFloat64(), Weight: w})
		} else {
			p.Actual = value
		}
	}
	p.expect(passed, left)
	if err := p.forecast(done, left); err != nil {
		return Progress{}, err
	}
	p.judge()
	return p, nil
}

// expect fills what the plan would have by now.
func (p *Progress) expect(passed, left float64) {
	share := decimal.Zero
	if passed > 0 {
		share = decimal.NewFromFloat(passed / (passed + left))
	}
	g := p.Goal
	if g.Measure.Accrual() == Accumulates {
		p.Expected = g.Target.Mul(share)
	} else {
		p.Expected = g.Baseline.Add(g.Target.Sub(g.Baseline).Mul(share))
	}
	if !g.Target.IsZero() {
		p.Done = p.Actual.InexactFloat64() / g.Target.InexactFloat64()
	}
	if expected := p.Expected.InexactFloat64(); expected > 0 && p.Known {
		p.Index = p.Actual.InexactFloat64() / expected
	}
}

func (p *Progress) forecast(done []series.Day, left float64) error {
	if p.Goal.Measure.Accrual() == Stands || p.AsOf >= p.Goal.Period.To {
		return nil
	}
	f, err := series.Runrate(done, left, forecastLevel)
	if errors.Is(err, series.ErrTooFewDays) {
		return nil
	}
	if err != nil {
		return err
	}
	p.HasForecast = true
	actual := p.Actual.InexactFloat64()
	p.Forecast, p.Low, p.High = f.Total, f.Low, f.High
	if p.Goal.Measure != Revenue && p.Goal.Measure != SocialRevenue {
		p.Low = max(p.Low, actual) // counts do not go back; revenue may, by returns
	}
	return nil
}

// judge draws the verdict and says why.
func (p *Progress) judge() {
	g := p.Goal
	over := p.AsOf >= g.Period.To
	target := g.Target.InexactFloat64()
	reached := p.Known && p.Actual.Cmp(g.Target) >= 0
	switch {
	case reached && (over || g.Measure.Accrual() == Accumulates):
		p.Standing = Reached
	case over && p.Known:
		p.Standing = Missed
	case p.HasForecast && p.Low >= target:
		p.Standing = Ahead
	case p.HasForecast && p.High < target:
		p.Standing = Behind
	case p.HasForecast:
		p.Standing = OnTrack
	default:
		p.Standing = NotYetClear
	}
	p.Reasons = append(p.Reasons, sosyal.Because("planning.progress."+string(p.Standing),
		sosyal.TextArg("goal", g.Name), p.quantity("actual", p.Actual), p.quantity("target", g.Target),
		sosyal.CountArg("days", p.Days)))
	if p.HasForecast {
		p.Reasons = append(p.Reasons, sosyal.Because("planning.progress.forecast",
			p.quantity("forecast", rounded(p.Forecast)), p.quantity("low", rounded(p.Low)),
			p.quantity("high", rounded(p.High)), sosyal.PercentArg("level", forecastLevel, 0)))
	}
}

func rounded(f float64) decimal.Decimal { return decimal.NewFromFloat(f).Round(0) }

// quantity writes a value in the goal's unit.
func (p *Progress) quantity(name string, v decimal.Decimal) sosyal.Arg {
	return Quantity(name, p.Goal, v)
}

// Quantity is a reason's argument with a value in the unit of a goal: money, a
// percentage for shares, else a number.
func Quantity(name string, g Goal, v decimal.Decimal) sosyal.Arg {
	switch g.Measure {
	case EngagementRate, ShareOfVoice, NetSentiment:
		return sosyal.PercentArg(name, v.InexactFloat64(), 1)
	case Revenue, SocialRevenue:
		if m, err := sosyal.NewMoney(v, g.Currency); err == nil {
			return sosyal.MoneyArg(name, m.Round(sosyal.HalfUp))
		}
	case Orders, NewCustomers, ReachMeasure, Interactions, Followers:
	}
	return sosyal.NumberArg(name, v.InexactFloat64(), 0)
}
