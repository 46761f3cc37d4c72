package budget

import (
	"fmt"
	"strings"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// RenewalPolicy says when the next period's budget is due for a decision and
// what is proposed. A trigger at its zero value is off.
type RenewalPolicy struct {
	// DaysToEnd triggers when at most so many days of the period are left.
	DaysToEnd int
	// ShareSpent triggers when at least this share of the approved money is
	// spent: 0.8 is 80 %.
	ShareSpent float64
	// ExhaustionDays triggers when a line's money is projected to run out at
	// least so many days before the period ends.
	ExhaustionDays int
	// ForecastOff triggers when a line's forecast is off the approved amount by
	// at least this share, over or under.
	ForecastOff float64

	// Next returns the first day after the period that begins on a day; nil: the
	// next calendar month, or as many days again ([sosyal.Period.Next]).
	Next func(date.Date) date.Date
	// MaxChange bounds how far a line's amount moves from what was planned.
	// Default: 0.30. DeadBand is the change below which it does not move.
	// Default: 0.05.
	MaxChange float64
	DeadBand  float64
	// CarryOver asks for less where this period leaves money over: what is
	// forecast to remain is listed and taken off the request.
	CarryOver bool
	// Zone is that of the period's days. Default: UTC.
	Zone *time.Location
}

// Renewal is a proposal for the next period: a budget and the request for it.
// It changes nothing by itself; the request goes through approval like any
// other.
type Renewal struct {
	// Triggers say why the renewal is due now.
	Triggers []sosyal.Reason
	Budget   Budget
	Request  Request
	// Carried is what lines are forecast to have left, where it is carried over.
	Carried []RequestLine
}

// Renew proposes the next period's budget where a trigger says that it is due,
// and reports false where none does. Positions and pacings are those of the
// budget's lines, in any order; a line without a forecast keeps its plan.
//
// A line's amount follows its forecast, brought to the length of the next
// period and bounded by MaxChange, in whole units of the currency.
func Renew(b Budget, positions []Position, pacings []Pacing, p RenewalPolicy, now time.Time) (Renewal, bool, error) {
	fail := func(err error) (Renewal, bool, error) {
		return Renewal{}, false, fmt.Errorf("renew budget %s: %w", b.ID, err)
	}
	if err := p.validate(); err != nil {
		return fail(err)
	}
	if err := b.Validate(); err != nil {
		return fail(err)
	}
	triggers, err := p.triggers(b, positions, pacings, now)
	if err != nil || len(triggers) == 0 {
		if err != nil {
			return fail(err)
		}
		return Renewal{}, false, nil
	}
	period := b.Period.Next()
	if p.Next != nil {
		period = sosyal.Period{From: b.Period.To, To: p.Next(b.Period.To)}
	}
	if err := period.Validate(); err != nil {
		return fail(err)
	}
	out := Renewal{Triggers: triggers, Budget: b}
	out.Budget.ID, out.Budget.Period, out.Budget.Version = b.nextID(period), period, 1
	out.Budget.Lines = make([]Line, len(b.Lines))
	out.Request = Request{
		ID: RequestID("renewal/" + string(out.Budget.ID)), Brand: b.Brand, Budget: out.Budget.ID, Period: period,
		Purpose: b.Name, Evidence: append([]sosyal.Reason{}, triggers...),
	}
	for i, l := range b.Lines {
		if err := p.propose(&out, b, i, l, pacings, positions); err != nil {
			return fail(fmt.Errorf("line %s: %w", l.ID, err))
		}
	}
	return out, true, nil
}

func (p RenewalPolicy) validate() error {
	var problems sosyal.Problems
	problems.Require(p.DaysToEnd >= 0, "days_to_end", "must not be negative", fmt.Sprint(p.DaysToEnd))
	problems.Require(p.ShareSpent >= 0, "share_spent", "must not be negative", fmt.Sprint(p.ShareSpent))
	problems.Require(p.ExhaustionDays >= 0, "exhaustion_days", "must not be negative", fmt.Sprint(p.ExhaustionDays))
	problems.Require(p.ForecastOff >= 0, "forecast_off", "must not be negative", fmt.Sprint(p.ForecastOff))
	problems.Require(p.MaxChange >= 0 && p.MaxChange <= 1, "max_change", "must lie between 0 and 1", fmt.Sprint(p.MaxChange))
	problems.Require(p.DeadBand >= 0 && p.DeadBand <= 1, "dead_band", "must lie between 0 and 1", fmt.Sprint(p.DeadBand))
	return problems.Err()
}

// nextID replaces a period at the end of the id, or adds one:
// "autumn" becomes "autumn/2026-12-01", and that "autumn/2027-01-01".
func (b Budget) nextID(next sosyal.Period) ID {
	root := string(b.ID)
	if i := strings.LastIndexByte(root, '/'); i >= 0 {
		if _, err := sosyal.ParseDate(root[i+1:]); err == nil {
			root = root[:i]
		}
	}
	return ID(root + "/" + next.From.String())
}

func (p RenewalPolicy) triggers(b Budget, positions []Position, pacings []Pacing, now time.Time) ([]sosyal.Reason, error) {
	zone := p.Zone
	if zone == nil {
		zone = time.UTC
	}
	var out []sosyal.Reason
	left := int(b.Period.To - sosyal.DateOf(now, zone))
	if p.DaysToEnd > 0 && left <= p.DaysToEnd {
		out = append(out, sosyal.Because("budget.renewal.days_to_end",
			sosyal.CountArg("days", max(0, left)), sosyal.DateArg("end", b.Period.To-1)))
	}
	total, err := Total(positions)
	if err != nil {
		return nil, err
	}
	if p.ShareSpent > 0 && total.Approved.Sign() > 0 {
		share, err := total.Spent.Ratio(total.Approved)
		if err != nil {
			return nil, err
		}
		if share.Cmp(decimal.NewFromFloat(p.ShareSpent)) >= 0 {
			out = append(out, sosyal.Because("budget.renewal.share_spent",
				sosyal.PercentArg("share", share.InexactFloat64(), 0), sosyal.MoneyArg("spent", total.Spent), sosyal.MoneyArg("approved", total.Approved)))
		}
	}
	for _, l := range b.Lines {
		pacing, ok := pacingOf(pacings, l.ID)
		if !ok {
			continue
		}
		out = append(out, p.lineTriggers(b, l, pacing, positions)...)
	}
	return out, nil
}

func (p RenewalPolicy) lineTriggers(b Budget, l Line, pacing Pacing, positions []Position) []sosyal.Reason {
	var out []sosyal.Reason
	line := sosyal.TextArg("line", string(l.ID))
	if pacing.Exhausted != nil && p.ExhaustionDays > 0 {
		if lead := int(b.Period.To-*pacing.Exhausted) - 1; lead >= p.ExhaustionDays {
			out = append(out, sosyal.Because("budget.exhausted", line,
				sosyal.DateArg("day", *pacing.Exhausted), sosyal.CountArg("days", lead)))
		}
	}
	position, ok := positionOf(positions, l.ID)
	if !ok || pacing.Forecast == nil || p.ForecastOff == 0 || position.Approved.Sign() <= 0 {
		return out
	}
	ratio, err := pacing.Forecast.Amount.Ratio(position.Approved)
	if err != nil {
		return out
	}
	off, limit := ratio.Sub(decimal.NewFromInt(1)), decimal.NewFromFloat(p.ForecastOff)
	args := []sosyal.Arg{
		line, sosyal.MoneyArg("forecast", pacing.Forecast.Amount), sosyal.MoneyArg("approved", position.Approved),
		sosyal.PercentArg("share", off.Abs().InexactFloat64(), 0),
	}
	switch {
	case off.Cmp(limit) >= 0:
		out = append(out, sosyal.Because("budget.renewal.forecast_over", args...))
	case off.Neg().Cmp(limit) >= 0:
		out = append(out, sosyal.Because("budget.renewal.forecast_under", args...))
	}
	return out
}

// propose sets the amount of a line in the budget and the request.
func (p RenewalPolicy) propose(out *Renewal, b Budget, i int, l Line, pacings []Pacing, positions []Position) error {
	amount := l.Planned
	line := sosyal.TextArg("line", string(l.ID))
	reason := sosyal.Because("budget.renewal.kept", line, sosyal.MoneyArg("amount", amount))
	pacing, _ := pacingOf(pacings, l.ID)
	if pacing.Forecast != nil && l.Planned.Sign() > 0 {
		length := float64(out.Budget.Period.Days()) / float64(b.Period.Days())
		wanted := pacing.Forecast.Amount.Float() * length / l.Planned.Float()
		if bounded := p.bounded(wanted); bounded != 1 {
			amount = wholeUnits(l.Planned.Mul(decimal.NewFromFloat(bounded)))
			reason = sosyal.Because("budget.renewal.line", line, sosyal.MoneyArg("amount", amount),
				sosyal.MoneyArg("planned", l.Planned), sosyal.MoneyArg("forecast", pacing.Forecast.Amount))
		}
	}
	out.Budget.Lines[i] = l
	out.Budget.Lines[i].Planned = amount
	out.Request.Evidence = append(out.Request.Evidence, reason)
	position, known := positionOf(positions, l.ID)
	if p.CarryOver && known && pacing.Forecast != nil {
		left, err := position.Approved.Sub(pacing.Forecast.Amount)
		if err != nil {
			return err
		}
		if more, err := left.Compare(amount); err == nil && more > 0 {
			left = amount
		}
		if left.Sign() > 0 {
			out.Carried = append(out.Carried, RequestLine{Line: l.ID, Amount: left})
			out.Request.Evidence = append(out.Request.Evidence,
				sosyal.Because("budget.renewal.carried", line, sosyal.MoneyArg("amount", left)))
			if amount, err = amount.Sub(left); err != nil {
				return err
			}
		}
	}
	if amount.Sign() > 0 {
		out.Request.Lines = append(out.Request.Lines, RequestLine{Line: l.ID, Amount: amount})
	}
	return nil
}

// bounded keeps a factor within the largest change, and at 1 within the dead
// band.
func (p RenewalPolicy) bounded(factor float64) float64 {
	most, band := p.MaxChange, p.DeadBand
	if most == 0 {
		most = 0.30
	}
	if band == 0 {
		band = 0.05
	}
	if factor > 1-band && factor < 1+band {
		return 1
	}
	return min(max(factor, 1-most), 1+most)
}

// wholeUnits rounds to whole units of the currency, as people ask for money.
func wholeUnits(m sosyal.Money) sosyal.Money {
	whole, err := sosyal.NewMoney(m.Amount().Round(0), m.Currency())
	if err != nil {
		return m
	}
	return whole
}

func pacingOf(pacings []Pacing, line LineID) (Pacing, bool) {
	for _, p := range pacings {
		if p.Line == line {
			return p, true
		}
	}
	return Pacing{}, false
}

func positionOf(positions []Position, line LineID) (Position, bool) {
	for _, p := range positions {
		if p.Line == line {
			return p, true
		}
	}
	return Position{}, false
}
