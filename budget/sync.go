package budget

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// Spend is what a source says was spent on a day: the day's total so far, not an
// increment. Platforms restate it for days; the report with the later time
// stands.
type Spend struct {
	// Source names the platform and account.
	Source string
	// Line is the line of the budget. Where it is empty the line is the media
	// line of Campaign, on Network where that is set.
	Line     LineID
	Campaign sosyal.CampaignID
	Network  sosyal.Network
	// Day is a day of the budget's zone.
	Day date.Date
	// Amount may be finer than the minor unit; it is rounded half up, the day as
	// a whole.
	Amount   sosyal.Money
	Reported time.Time
}

// SpendSource is the port to what was spent outside: an ad platform's report.
type SpendSource interface {
	// Spend yields what was spent in a period, in any order. It is called again
	// and again and may yield days that were yielded before.
	Spend(ctx context.Context, brand sosyal.BrandID, period sosyal.Period) iter.Seq2[Spend, error]
}

// Rates is the port to exchange rates.
type Rates interface {
	// Rate returns how many units of to one unit of from was worth on a day.
	Rate(ctx context.Context, from, to string, day date.Date) (decimal.Decimal, error)
}

// Synced is what a synchronisation did.
type Synced struct {
	// Posted counts days seen for the first time, Corrected those that were
	// restated, Unchanged those that were known.
	Posted    int
	Corrected int
	Unchanged int
	// Unmatched are reports that no line of the budget stands for. Nothing was
	// recorded of them.
	Unmatched []Spend
	// Alerts name lines that are overspent now.
	Alerts []sosyal.Reason
}

// Sync records what a source says was spent in a period. It is idempotent: what
// is known already changes nothing, a restated day is corrected by the
// difference, and a report older than the recorded one is ignored. Only reports
// that change a day are recorded: one that confirmed the amount does not keep
// out an older one that arrives after it, so hand reports over in their order.
// Of each day in the period a source yields every campaign, or the line's sum
// falls by what it leaves out.
//
// Spend is taken from the line's open reservations, oldest first, then from
// what is available, even below zero: it is a fact. What a correction takes
// back returns to open reservations, newest first.
func (c *Controller) Sync(ctx context.Context, b Budget, source SpendSource, period sosyal.Period) (Synced, error) {
	fail := func(err error) (Synced, error) {
		return Synced{}, fmt.Errorf("synchronise spend of budget %s: %w", b.ID, err)
	}
	if err := b.Validate(); err != nil {
		return fail(err)
	}
	if _, err := c.Expire(ctx, b); err != nil {
		return fail(err)
	}
	var out Synced
	days, err := c.collect(ctx, b, source, period, &out)
	if err != nil {
		return fail(err)
	}
	_, err = c.write(ctx, b, func(d *draft) error {
		out.Posted, out.Corrected, out.Unchanged, out.Alerts = 0, 0, 0, nil
		for _, day := range days {
			if err := c.record(b, d, day, &out); err != nil {
				return err
			}
		}
		for _, p := range d.Positions(b) {
			if p.Overspent() {
				out.Alerts = append(out.Alerts, overspentReason(p))
			}
		}
		return nil
	})
	if err != nil {
		return fail(err)
	}
	return out, nil
}

// daySpend is the report that stands for a line, day and source.
type daySpend struct {
	spendKey

	units    int64
	reported time.Time
	why      []sosyal.Reason
}

// collect reads the source, adds up campaigns of one line, and keeps the order
// of first appearance.
func (c *Controller) collect(
	ctx context.Context, b Budget, source SpendSource, period sosyal.Period, out *Synced,
) ([]daySpend, error) {
	type part struct {
		spendKey
		campaign sosyal.CampaignID
		network  sosyal.Network
	}
	latest := map[part]Spend{}
	var order []part
	for s, err := range source.Spend(ctx, b.Brand, period) {
		if err != nil {
			return nil, err
		}
		if err := checkSpend(s, period); err != nil {
			return nil, err
		}
		line, ok := b.Line(s.Line)
		if s.Line == "" {
			line, ok = b.mediaLine(s.Campaign, s.Network)
		}
		if !ok {
			out.Unmatched = append(out.Unmatched, s)
			continue
		}
		id := part{spendKey{line.ID, s.Day, s.Source}, s.Campaign, s.Network}
		before, seen := latest[id]
		if !seen {
			order = append(order, id)
		}
		if !seen || s.Reported.After(before.Reported) {
			latest[id] = s
		}
	}
	sums := map[spendKey]*daySpend{}
	amounts := map[spendKey]sosyal.Money{}
	var keys []spendKey
	for _, id := range order {
		s := latest[id]
		amount, why, err := c.converted(ctx, b, s)
		if err != nil {
			return nil, err
		}
		if sums[id.spendKey] == nil {
			sums[id.spendKey] = &daySpend{spendKey: id.spendKey}
			keys = append(keys, id.spendKey)
		}
		day := sums[id.spendKey]
		if amounts[id.spendKey], err = amounts[id.spendKey].Add(amount); err != nil {
			return nil, err
		}
		day.why = append(day.why, why...)
		if s.Reported.After(day.reported) {
			day.reported = s.Reported
		}
	}
	days := make([]daySpend, len(keys))
	for i, key := range keys {
		units, err := amounts[key].Round(sosyal.HalfUp).Minor()
		if err != nil {
			return nil, err
		}
		days[i] = *sums[key]
		days[i].units, days[i].reported = units, instant(days[i].reported)
	}
	return days, nil
}

func checkSpend(s Spend, period sosyal.Period) error {
	var p sosyal.Problems
	p.Require(s.Source != "", "spend.source", "must not be empty", "")
	p.Require(period.Contains(s.Day), "spend.day", "must lie in "+period.String(), s.Day.String())
	p.Require(!s.Reported.IsZero(), "spend.reported", "must be set", "")
	p.Require(s.Amount.Currency() != "", "spend.amount", "must have a currency", "")
	p.Require(s.Amount.Sign() >= 0, "spend.amount", "must not be negative", s.Amount.String())
	return p.Err()
}

// converted returns the amount in the budget's currency, unrounded, and how it
// came about where it was reported in another.
func (c *Controller) converted(ctx context.Context, b Budget, s Spend) (sosyal.Money, []sosyal.Reason, error) {
	if s.Amount.Currency() == b.Currency {
		return s.Amount, nil, nil
	}
	if c.Rates == nil {
		return sosyal.Money{}, nil, sosyal.CurrencyError{Left: b.Currency, Right: s.Amount.Currency()}
	}
	rate, err := c.Rates.Rate(ctx, s.Amount.Currency(), b.Currency, s.Day)
	if err != nil {
		return sosyal.Money{}, nil, fmt.Errorf("rate of %s on %s: %w", s.Amount.Currency(), s.Day, err)
	}
	if rate.Sign() <= 0 {
		return sosyal.Money{}, nil, sosyal.FieldError{Field: "rate", Rule: "must be positive", Value: rate.String()}
	}
	amount, err := sosyal.NewMoney(s.Amount.Amount().Mul(rate), b.Currency)
	if err != nil {
		return sosyal.Money{}, nil, err
	}
	return amount, []sosyal.Reason{sosyal.Because("budget.converted",
		sosyal.MoneyArg("amount", s.Amount), sosyal.TextArg("rate", rate.String()), sosyal.DateArg("day", s.Day))}, nil
}

// record drafts the entries that bring a day to what is reported.
func (c *Controller) record(b Budget, d *draft, day daySpend, out *Synced) error {
	known, seen := d.spend[day.spendKey]
	delta := day.units - known.units
	switch {
	case seen && day.reported.Before(known.at), delta == 0:
		out.Unchanged++
		return nil
	case !seen:
		out.Posted++
	default:
		out.Corrected++
	}
	now := c.now()
	for n, step := range d.steps(day.line, delta, now) {
		kind := EntryPost
		if seen {
			kind = EntryCorrect
		}
		key := fmt.Sprintf("spend/%s/%s/%s/%d",
			url.PathEscape(day.source), url.PathEscape(string(day.line)), day.day, known.revisions+n+1)
		e := c.entry(b, kind, key, c.program())
		e.At, e.Source, e.Day, e.Reported, e.Why, e.Refers = now, day.source, day.day, day.reported, day.why, step.reservation
		from := Available
		if step.reservation != "" {
			from = Committed
		}
		e.Postings = transfer(day.line, from, Spent, step.units)
		if err := d.add(b.Brand, e); err != nil {
			return err
		}
	}
	return nil
}

// step is a part of a change in spend: from, or back to, a reservation, or what
// is available where that is empty.
type step struct {
	reservation string
	units       int64
}

// steps divides a change in spend over the open reservations of a line.
func (s *Statement) steps(line LineID, delta int64, now time.Time) []step {
	var steps []step
	keys := s.open[line]
	if delta > 0 {
		for _, key := range keys {
			r := s.reservations[key]
			if !r.expires.IsZero() && !now.Before(r.expires) {
				continue
			}
			if part := min(delta, r.rest); part > 0 {
				steps = append(steps, step{key, part})
				delta -= part
			}
		}
	} else {
		for _, key := range slices.Backward(keys) {
			if part := min(-delta, s.reservations[key].reported); part > 0 {
				steps = append(steps, step{key, -part})
				delta += part
			}
		}
	}
	if delta != 0 {
		steps = append(steps, step{"", delta})
	}
	return steps
}
