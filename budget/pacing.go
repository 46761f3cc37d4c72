package budget

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/series"
)

// Verdict says how spend stands to plan.
type Verdict string

// Verdicts.
const (
	OnTrack Verdict = "on_track"
	Over    Verdict = "over"
	Under   Verdict = "under"
	// Withheld: there is nothing to compare with yet.
	Withheld Verdict = "withheld"
)

// PaceInput is what is known of a line at an instant.
type PaceInput struct {
	Position Position
	Period   sosyal.Period
	Now      time.Time
	// Zone is that of the period's days. Default: UTC.
	Zone *time.Location
	// Daily is what was spent by day, such as [Statement.Daily] gives, and
	// Through the last day of which that is known in full. Default: yesterday.
	// Days up to then that are not listed had no spend.
	Daily   []DaySpend
	Through date.Date
	// Weights spreads the money over the days; nil: evenly.
	Weights sosyal.DayWeights
	// DayRule, where set, is that of the platform: a day of higher spend that it
	// allows is not by itself over.
	DayRule *DayRule
	// DeadBand is how far the index may be off 1. Default: 0.10. Small changes
	// of a running budget cost more than they bring.
	DeadBand float64
	// Level is that of the forecast's interval. Default: 0.80.
	Level float64
}

// Pacing is how a line's spend stands to the plan and where it is heading.
type Pacing struct {
	Line    LineID  `json:"line,omitzero"`
	Verdict Verdict `json:"verdict"`
	// Expected is what should have been spent by the end of Through, Spent what
	// was; Index is their ratio, absent while nothing should have been spent.
	Expected sosyal.Money `json:"expected"`
	Spent    sosyal.Money `json:"spent"`
	Index    *float64     `json:"index,omitempty"`
	// Daily is what may be spent on each remaining day, rounded down.
	Daily sosyal.Money `json:"daily"`
	// Forecast is absent where the days are too few for one.
	Forecast *Forecast `json:"forecast,omitempty"`
	// Exhausted is the day on which the approved money runs out at this rate,
	// absent where it lasts to the end of the period.
	Exhausted *date.Date `json:"exhausted,omitempty"`
	// Reasons explain verdict, forecast and exhaustion in this order.
	Reasons []sosyal.Reason `json:"reasons,omitempty"`
}

// Forecast is what will have been spent at the end of the period, with an
// interval that holds it with probability Level.
type Forecast struct {
	Amount sosyal.Money `json:"amount"`
	Low    sosyal.Money `json:"low"`
	High   sosyal.Money `json:"high"`
	Level  float64      `json:"level"`
	// Days is how many days the forecast rests on.
	Days int `json:"days"`
}

// Pace compares spend with the approved money spread over the period by the day
// weights, and forecasts the end of the period by carrying the rate per unit of
// weight on. The forecast is withheld below seven days.
//
// The interval reckons with days that resemble the day before: an interval of
// 80 % holds the outcome in about 85 % of simulated months of independent days.
// Where spend drifts it is too narrow: of weekly media spend in the Meridian and
// Robyn sample data, 14 weeks known out of 30, it held the outcome in 47 % of
// 814 cases.
func Pace(in PaceInput) (Pacing, error) {
	w, err := in.weigh()
	if err != nil {
		return Pacing{}, fmt.Errorf("pace line %s: %w", in.Position.Line, err)
	}
	approved := in.Position.Approved
	out := Pacing{Line: in.Position.Line, Verdict: Withheld, Spent: w.spent}
	if out.Expected, err = fraction(approved, w.done/w.total); err != nil {
		return Pacing{}, fmt.Errorf("pace line %s: %w", in.Position.Line, err)
	}
	if out.Daily, err = in.daily(w); err != nil {
		return Pacing{}, fmt.Errorf("pace line %s: %w", in.Position.Line, err)
	}
	in.judge(&out, w)
	if err := in.forecast(&out, w); err != nil {
		return Pacing{}, fmt.Errorf("pace line %s: %w", in.Position.Line, err)
	}
	return out, nil
}

// weighed is the period in weights and spend, up to the end of the last day
// that is known in full.
type weighed struct {
	through           date.Date // last known day
	done, left, total float64   // weights
	spent             sosyal.Money
	days              []series.Day
	last              sosyal.Money // spend of the last known day
	lastWeight        float64
}

func (in PaceInput) weigh() (weighed, error) {
	if err := in.validate(); err != nil {
		return weighed{}, err
	}
	zone := in.Zone
	if zone == nil {
		zone = time.UTC
	}
	today := sosyal.DateOf(in.Now, zone)
	w := weighed{through: min(today, in.Period.To) - 1}
	if in.Through != 0 {
		w.through = min(in.Through, w.through)
	}
	byDay := map[date.Date]sosyal.Money{}
	for _, d := range in.Daily {
		sum, err := byDay[d.Day].Add(d.Amount)
		if err != nil {
			return weighed{}, err
		}
		byDay[d.Day] = sum
	}
	spent, err := in.Position.Approved.Sub(in.Position.Approved) // zero of the currency
	if err != nil {
		return weighed{}, err
	}
	for day := range in.Period.All() {
		weight, err := in.weight(day)
		if err != nil {
			return weighed{}, err
		}
		w.total += weight
		if day > w.through {
			w.left += weight
			continue
		}
		w.done += weight
		w.last, w.lastWeight = byDay[day], weight
		w.days = append(w.days, series.Day{Value: byDay[day].Float(), Weight: weight})
		if spent, err = spent.Add(byDay[day]); err != nil {
			return weighed{}, err
		}
	}
	if w.total <= 0 {
		return weighed{}, sosyal.FieldError{Field: "weights", Rule: "must be positive on a day of the period"}
	}
	w.spent = spent
	if len(in.Daily) == 0 {
		// Only the total is known: take it as that of the days that are over.
		w.spent, w.days = in.Position.Spent, nil
	}
	return w, nil
}

func (in PaceInput) weight(day date.Date) (float64, error) {
	if in.Weights == nil {
		return 1, nil
	}
	weight := in.Weights(day)
	if math.IsNaN(weight) || weight < 0 || math.IsInf(weight, 1) {
		return 0, sosyal.FieldError{Field: "weights", Rule: "must be finite and not negative", Value: day.String()}
	}
	return weight, nil
}

func (in PaceInput) validate() error {
	var p sosyal.Problems
	p.Nest("period", in.Period.Validate())
	p.Require(!in.Now.IsZero(), "now", "must be set", "")
	p.Require(in.Position.Approved.Currency() != "", "position", "must have a currency", "")
	p.Require(in.DeadBand >= 0 && in.DeadBand < 1, "dead_band", "must be at least 0 and below 1", fmt.Sprint(in.DeadBand))
	p.Require(in.Level >= 0 && in.Level < 1, "level", "must lie between 0 and 1", fmt.Sprint(in.Level))
	return p.Err()
}

func (in PaceInput) deadBand() float64 {
	if in.DeadBand == 0 {
		return 0.10
	}
	return in.DeadBand
}

func (in PaceInput) level() float64 {
	if in.Level == 0 {
		return 0.80
	}
	return in.Level
}

// daily is the remaining money over the remaining days.
func (in PaceInput) daily(w weighed) (sosyal.Money, error) {
	rest, err := in.Position.Remaining()
	if err != nil {
		return sosyal.Money{}, err
	}
	days := int(in.Period.To - max(w.through+1, in.Period.From))
	if days <= 0 || rest.Sign() <= 0 {
		return fraction(rest, 0)
	}
	each, err := sosyal.NewMoney(rest.Amount().DivRound(decimal.NewFromInt(int64(days)), 8), rest.Currency())
	return each.Round(sosyal.Down), err
}

// judge sets verdict and index.
func (in PaceInput) judge(out *Pacing, w weighed) {
	line := sosyal.TextArg("line", string(in.Position.Line))
	if in.Position.Overspent() {
		out.Verdict = Over
		out.Reasons = append(out.Reasons, overspentReason(in.Position))
	}
	if in.Position.Approved.Sign() <= 0 {
		out.Reasons = append(out.Reasons, sosyal.Because("budget.pace.nothing_approved", line))
		return
	}
	if out.Expected.Sign() <= 0 {
		out.Reasons = append(out.Reasons, sosyal.Because("budget.pace.too_early", line))
		return
	}
	index := out.Spent.Float() / out.Expected.Float()
	out.Index = &index
	if out.Verdict == Over {
		return
	}
	args := []sosyal.Arg{
		line, sosyal.MoneyArg("spent", out.Spent), sosyal.MoneyArg("expected", out.Expected), sosyal.PercentArg("index", index, 0),
	}
	switch {
	case index > 1+in.deadBand():
		if reason, ok := in.allowedDay(out, w); ok {
			out.Verdict = OnTrack
			out.Reasons = append(out.Reasons, reason)
			return
		}
		out.Verdict = Over
	case index < 1-in.deadBand():
		out.Verdict = Under
	default:
		out.Verdict = OnTrack
	}
	out.Reasons = append(out.Reasons, sosyal.Because("budget.pace."+string(out.Verdict), args...))
}

// allowedDay reports whether only the last known day is to blame, and the
// platform's own rule allows that day.
func (in PaceInput) allowedDay(out *Pacing, w weighed) (sosyal.Reason, bool) {
	if in.DayRule == nil || len(w.days) == 0 {
		return sosyal.Reason{}, false
	}
	planned, err := fraction(in.Position.Approved, w.lastWeight/w.total)
	if err != nil || !in.DayRule.Allows(w.last, planned) {
		return sosyal.Reason{}, false
	}
	without := out.Spent.Float() - w.last.Float() + min(w.last.Float(), planned.Float())
	if without/out.Expected.Float() > 1+in.deadBand() {
		return sosyal.Reason{}, false
	}
	factor := in.DayRule.Day.InexactFloat64()
	return sosyal.Because("budget.pace.day_allowed", sosyal.TextArg("line", string(in.Position.Line)),
		sosyal.DateArg("day", w.through), sosyal.MoneyArg("spent", w.last), sosyal.MoneyArg("planned", planned),
		sosyal.PercentArg("allowed", factor, 0), sosyal.TextArg("platform", in.DayRule.Platform)), true
}

// forecast sets the forecast and the day of exhaustion.
func (in PaceInput) forecast(out *Pacing, w weighed) error {
	f, err := series.Runrate(w.days, w.left, in.level())
	if errors.Is(err, series.ErrTooFewDays) {
		out.Reasons = append(out.Reasons, sosyal.Because("budget.forecast.thin",
			sosyal.TextArg("line", string(in.Position.Line)), sosyal.CountArg("days", len(w.days)), sosyal.CountArg("needed", series.MinDays)))
		in.exhaustedNow(out)
		return nil
	}
	if err != nil {
		return err
	}
	// What is spent stays spent, today's part of it included.
	floor := in.Position.Spent.Float()
	amounts := [3]sosyal.Money{}
	for i, v := range []float64{f.Total, f.Low, f.High} {
		if amounts[i], err = moneyOf(max(v, floor), in.Position.Approved.Currency()); err != nil {
			return err
		}
	}
	out.Forecast = &Forecast{Amount: amounts[0], Low: amounts[1], High: amounts[2], Level: in.level(), Days: f.Days}
	out.Reasons = append(out.Reasons, sosyal.Because("budget.forecast", sosyal.TextArg("line", string(in.Position.Line)),
		sosyal.MoneyArg("amount", amounts[0]), sosyal.MoneyArg("low", amounts[1]), sosyal.MoneyArg("high", amounts[2]),
		sosyal.PercentArg("level", in.level(), 0), sosyal.CountArg("days", f.Days)))
	if in.exhaustedNow(out) {
		return nil
	}
	approved := in.Position.Approved.Float()
	reached := out.Spent.Float()
	for day := max(w.through+1, in.Period.From); day < in.Period.To-1; day++ {
		weight, err := in.weight(day)
		if err != nil {
			return err
		}
		if reached += f.Rate * weight; approved > 0 && reached >= approved {
			in.exhausted(out, day)
			return nil
		}
	}
	return nil
}

// exhaustedNow notes that nothing is left before the period ends.
func (in PaceInput) exhaustedNow(out *Pacing) bool {
	zone := in.Zone
	if zone == nil {
		zone = time.UTC
	}
	today := sosyal.DateOf(in.Now, zone)
	rest, err := in.Position.Remaining()
	if err != nil || rest.Sign() > 0 || in.Position.Approved.Sign() <= 0 || today >= in.Period.To {
		return false
	}
	in.exhausted(out, max(today, in.Period.From))
	return true
}

func (in PaceInput) exhausted(out *Pacing, day date.Date) {
	out.Exhausted = &day
	out.Reasons = append(out.Reasons, sosyal.Because("budget.exhausted",
		sosyal.TextArg("line", string(in.Position.Line)), sosyal.DateArg("day", day),
		sosyal.CountArg("days", int(in.Period.To-day)-1)))
}

// fraction is a share of an amount, rounded half up to minor units.
func fraction(m sosyal.Money, share float64) (sosyal.Money, error) {
	if math.IsNaN(share) || math.IsInf(share, 0) {
		return sosyal.Money{}, sosyal.FieldError{Field: "share", Rule: "must be finite"}
	}
	return m.Mul(decimal.NewFromFloat(share)).Round(sosyal.HalfUp), nil
}

// moneyOf turns a statistic into money, rounded half up to minor units.
func moneyOf(v float64, currency string) (sosyal.Money, error) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return sosyal.Money{}, sosyal.FieldError{Field: "forecast", Rule: "must be finite"}
	}
	m, err := sosyal.NewMoney(decimal.NewFromFloat(v), currency)
	return m.Round(sosyal.HalfUp), err
}
