package budget

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
)

// Plan records what a version of the budget plans for each line, as the
// difference to what was planned before; lines that the version no longer has
// go to zero. Recording a version twice changes nothing.
func (c *Controller) Plan(ctx context.Context, b Budget, by sosyal.ActorID) error {
	if err := b.Validate(); err != nil {
		return fmt.Errorf("plan budget %s: %w", b.ID, err)
	}
	_, err := c.write(ctx, b, func(d *draft) error {
		targets := map[LineID]int64{}
		for a, units := range d.balances {
			if a.Bucket == Planned && units != 0 {
				targets[a.Line] = 0
			}
		}
		for _, l := range b.Lines {
			units, err := l.Planned.Minor()
			if err != nil {
				return err
			}
			targets[l.ID] = units
		}
		for _, line := range slices.Sorted(maps.Keys(targets)) {
			delta := targets[line] - d.balances[Account{line, Planned}]
			if delta == 0 {
				continue
			}
			e := c.entry(b, EntryPlan, fmt.Sprintf("plan/v%d/%s", b.Version, line), by)
			e.Postings = transfer(line, PlanSource, Planned, delta)
			if err := d.add(b.Brand, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("plan budget %s: %w", b.ID, err)
	}
	return nil
}

// Approve makes the money of an approved request available, as the difference
// to what the request made available before. A request that is not approved as
// it is now, or not by those whom its amount needs, is refused.
func (c *Controller) Approve(ctx context.Context, b Budget, r Request, by sosyal.ActorID) error {
	if err := c.usable(b, r); err != nil {
		return fmt.Errorf("enter approval of request %s: %w", r.ID, err)
	}
	targets := map[LineID]int64{}
	for _, l := range r.Lines {
		units, err := l.Amount.Minor()
		if err != nil {
			return fmt.Errorf("enter approval of request %s: %w", r.ID, err)
		}
		targets[l.Line] = units
	}
	if err := c.authorise(ctx, b, r, by, func(authority, authorityKey) (int64, bool) { return 0, true }, targets); err != nil {
		return fmt.Errorf("enter approval of request %s: %w", r.ID, err)
	}
	return nil
}

// TakeBack makes what is left of a request's money unavailable again: it was
// withdrawn, rejected or changed after its approval was entered. What is
// committed or spent stays. A request that is still approved is refused.
func (c *Controller) TakeBack(ctx context.Context, b Budget, r Request, by sosyal.ActorID) error {
	if r.Approved(c.now()) {
		return fmt.Errorf("take back request %s: %w", r.ID, sosyal.FieldError{
			Field: "approval", Rule: "must no longer be in force",
		})
	}
	err := c.authorise(ctx, b, r, by, func(given authority, _ authorityKey) (int64, bool) {
		return given.used, given.free() > 0
	}, nil)
	if err != nil {
		return fmt.Errorf("take back request %s: %w", r.ID, err)
	}
	return nil
}

// authorise brings what a request made available to the targets, and to rest on
// lines that are not among them.
func (c *Controller) authorise(
	ctx context.Context, b Budget, r Request, by sosyal.ActorID,
	rest func(authority, authorityKey) (int64, bool), targets map[LineID]int64,
) error {
	_, err := c.write(ctx, b, func(d *draft) error {
		all := maps.Clone(targets)
		if all == nil {
			all = map[LineID]int64{}
		}
		for key, given := range d.authority {
			if key.request != r.ID {
				continue
			}
			if _, ok := all[key.line]; ok {
				continue
			}
			if units, change := rest(given, key); change {
				all[key.line] = units
			}
		}
		for _, line := range slices.Sorted(maps.Keys(all)) {
			delta := all[line] - d.authority[authorityKey{r.ID, line}].approved
			if targets == nil { // no more than platforms left of it
				delta = -min(-delta, max(0, d.balances[Account{line, Available}]))
			}
			if delta == 0 {
				continue
			}
			key := fmt.Sprintf("approve/%s/v%d/%s/%d", r.ID, r.Approval.Version(), line, d.head.Sequence+1)
			e := c.entry(b, EntryApprove, key, by)
			e.Request = r.ID
			e.Postings = transfer(line, Authority, Available, delta)
			if err := d.add(b.Brand, e); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// usable refuses a request whose money must not be touched.
func (c *Controller) usable(b Budget, r Request) error {
	if err := r.CheckAgainst(b); err != nil {
		return err
	}
	now := c.now()
	if !r.Approved(now) {
		state := sosyal.ApprovalState("not requested")
		if !r.Approval.IsZero() {
			state = r.Approval.State(now)
			if state == sosyal.Approved {
				state = "approved with other content"
			}
		}
		return sosyal.FieldError{Field: "approval", Rule: "must be in force for the request as it is", Value: string(state)}
	}
	if len(c.Thresholds) > 0 {
		policy, err := r.policy(c.Thresholds)
		if err != nil {
			return err
		}
		if !samePolicy(policy, r.Approval.Policy()) {
			return sosyal.FieldError{Field: "approval", Rule: "must come from those whom the amount needs"}
		}
	}
	return nil
}

// Commitment reserves money of an approved request for a campaign or an order.
type Commitment struct {
	// Key names the commitment within the budget and makes it safe to repeat. It
	// must not begin as the controller's own keys do: plan/, approve/, spend/,
	// void/, expire/, reverse/.
	Key    string
	Line   LineID
	Amount sosyal.Money
	// Expires is when what is left returns by itself; zero: never.
	Expires time.Time
	By      sosyal.ActorID
	Why     []sosyal.Reason
}

// Reserve commits money. It counts against what is available at once. The same
// commitment again returns the reservation as it stands, whatever is available
// by then; [ShortError] says that there is too little money, and the request
// must be approved and entered as it is now.
func (c *Controller) Reserve(ctx context.Context, b Budget, r Request, in Commitment) (Reservation, error) {
	fail := func(err error) (Reservation, error) {
		return Reservation{}, fmt.Errorf("reserve on line %s: %w", in.Line, err)
	}
	if err := c.usable(b, r); err != nil {
		return fail(err)
	}
	units, err := c.amount(b, in.Line, in.Amount)
	if err != nil {
		return fail(err)
	}
	e := c.entry(b, EntryReserve, in.Key, in.By)
	e.Why, e.Request, e.Expires = in.Why, r.ID, instant(in.Expires)
	e.Postings = transfer(in.Line, Available, Committed, units)
	if _, err := c.appendEntered(ctx, b, r, e); err != nil {
		return fail(err)
	}
	var reserved Reservation
	if err := c.view(ctx, b, func(s *Statement) { reserved, _ = s.Reservation(in.Key) }); err != nil {
		return fail(err)
	}
	return reserved, nil
}

// appendEntered appends an entry under a request whose approval was entered
// with the very amount that the request has now.
func (c *Controller) appendEntered(ctx context.Context, b Budget, r Request, e Entry) (Appended, error) {
	line := e.Postings[0].Line
	asked, ok := r.amountOn(line)
	var entered sosyal.Money
	if err := c.view(ctx, b, func(s *Statement) { entered = s.Approved(r.ID, line) }); err != nil {
		return Appended{}, err
	}
	if !ok || !entered.Equal(asked) {
		return Appended{}, sosyal.FieldError{
			Field: "request", Rule: "must have its approval entered for line " + string(line), Value: string(r.ID),
		}
	}
	return c.appendOne(ctx, b, e)
}

// Payment is spend that a person enters: an invoice, a fee, a tax.
type Payment struct {
	// Key names the payment within the budget and makes it safe to repeat; see
	// [Commitment].
	Key string
	// Line is what it is spent on. Reservation is the key of the reservation it
	// is taken from; empty: straight from what is available.
	Line        LineID
	Reservation string
	Amount      sosyal.Money
	// Day is when it was spent, in the budget's zone.
	Day date.Date
	By  sosyal.ActorID
	Why []sosyal.Reason
}

// Post records spend of an approved request, a reservation's in full or in
// part. More than what is reserved or available is a [ShortError].
func (c *Controller) Post(ctx context.Context, b Budget, r Request, in Payment) (Appended, error) {
	fail := func(err error) (Appended, error) {
		return Appended{}, fmt.Errorf("post on line %s: %w", in.Line, err)
	}
	if err := c.usable(b, r); err != nil {
		return fail(err)
	}
	units, err := c.amount(b, in.Line, in.Amount)
	if err != nil {
		return fail(err)
	}
	e := c.entry(b, EntryPost, in.Key, in.By)
	e.Why, e.Request, e.Refers, e.Day = in.Why, r.ID, in.Reservation, in.Day
	e.Postings = transfer(in.Line, Available, Spent, units)
	if in.Reservation != "" {
		e.Postings = transfer(in.Line, Committed, Spent, units)
	}
	out, err := c.appendEntered(ctx, b, r, e)
	if err != nil {
		return fail(err)
	}
	return out, nil
}

// Release returns what is left of a reservation: the campaign ended. Nothing
// can be spent from it afterwards. Releasing twice is an error.
func (c *Controller) Release(ctx context.Context, b Budget, reservation string, by sosyal.ActorID, why ...sosyal.Reason) error {
	_, err := c.write(ctx, b, func(d *draft) error {
		r, ok := d.reservations[reservation]
		if !ok || r.closed || r.rest == 0 {
			return sosyal.FieldError{Field: "reservation", Rule: "must be open and have money left", Value: reservation}
		}
		e := c.entry(b, EntryVoid, "void/"+reservation, by)
		e.Refers, e.Why = reservation, why
		e.Postings = transfer(r.line, Committed, Available, r.rest)
		return d.add(b.Brand, e)
	})
	if err != nil {
		return fmt.Errorf("release reservation %s: %w", reservation, err)
	}
	return nil
}

// Expire returns what is left of every reservation whose time is over, and how
// many there were. It may be called as often as wished.
func (c *Controller) Expire(ctx context.Context, b Budget) (int, error) {
	n := 0
	_, err := c.write(ctx, b, func(d *draft) error {
		n = 0
		now := c.now()
		var open []string
		for _, line := range slices.Sorted(maps.Keys(d.open)) {
			open = append(open, d.open[line]...)
		}
		for _, key := range open {
			r := d.reservations[key]
			if r.rest == 0 || r.expires.IsZero() || now.Before(r.expires) {
				continue
			}
			e := c.entry(b, EntryExpire, "expire/"+key, c.program())
			e.At, e.Refers = now, key
			e.Postings = transfer(r.line, Committed, Available, r.rest)
			if err := d.add(b.Brand, e); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("expire reservations of budget %s: %w", b.ID, err)
	}
	return n, nil
}

// Refund takes back a part of spend that a person posted. The money returns to
// the reservation it came from while that is open, else to what is available.
// Key makes it safe to repeat; see [Commitment].
func (c *Controller) Refund(
	ctx context.Context, b Budget, key, payment string, amount sosyal.Money, by sosyal.ActorID, why ...sosyal.Reason,
) error {
	if err := checkKey(key); err != nil {
		return fmt.Errorf("refund of %s: %w", payment, err)
	}
	_, err := c.undo(ctx, b, EntryCorrect, key, payment, by, why, func(*post) (int64, error) {
		if err := checkAmount(amount, b.Currency, positive); err != nil {
			return 0, err
		}
		return amount.Minor()
	})
	if err != nil {
		return fmt.Errorf("refund of %s: %w", payment, err)
	}
	return nil
}

// Reverse takes back all that is left of spend that a person posted. It happens
// once: a second reversal of the same spend is an error.
func (c *Controller) Reverse(
	ctx context.Context, b Budget, payment string, by sosyal.ActorID, why ...sosyal.Reason,
) error {
	out, err := c.undo(ctx, b, EntryReverse, "reverse/"+payment, payment, by, why, func(p *post) (int64, error) {
		return p.units, nil
	})
	if err == nil && out.Replayed {
		err = sosyal.FieldError{Field: "payment", Rule: "must not be reversed yet", Value: payment}
	}
	if err != nil {
		return fmt.Errorf("reversal of %s: %w", payment, err)
	}
	return nil
}

func (c *Controller) undo(
	ctx context.Context, b Budget, kind EntryKind, key, payment string, by sosyal.ActorID, why []sosyal.Reason,
	units func(*post) (int64, error),
) (Appended, error) {
	build := func(d *Statement, to Bucket) (Entry, error) {
		p, ok := d.posts[payment]
		if !ok {
			return Entry{}, sosyal.FieldError{Field: "payment", Rule: "must be spend that a person posted", Value: payment}
		}
		n, err := units(p)
		if err != nil {
			return Entry{}, err
		}
		if to == "" {
			to = d.returnsTo(p)
		}
		e := c.entry(b, kind, key, by)
		e.Refers, e.Day, e.Why = payment, p.day, why
		e.Postings = transfer(p.line, Spent, to, n)
		return e, nil
	}
	recorded := func() (Appended, error) {
		before, err := c.find(ctx, b, key)
		if err != nil {
			return Appended{}, err
		}
		// Compare with the bucket it went to then.
		s, err := c.Statement(ctx, b)
		if err != nil {
			return Appended{}, err
		}
		again, err := build(s, before.Postings[1].Bucket)
		if kind == EntryCorrect && (err != nil || again.InputHash() != before.InputHash()) {
			return Appended{}, KeyError{Key: key, Rule: "was used before with other input"}
		}
		return Appended{Head: headOf(before), Entries: []Entry{before}, Replayed: true}, nil
	}
	if out, err := recorded(); !isNotFound(err) {
		return out, err
	}
	out, err := c.write(ctx, b, func(d *draft) error {
		e, err := build(d.Statement, "")
		if err != nil {
			return err
		}
		return d.add(b.Brand, e)
	})
	if err != nil {
		// The same call at the same time may have come first.
		if out, again := recorded(); !isNotFound(again) {
			return out, again
		}
	}
	return out, err
}

// entry starts an entry of now.
func (c *Controller) entry(b Budget, kind EntryKind, key string, by sosyal.ActorID) Entry {
	return Entry{Key: key, Kind: kind, At: c.now(), By: by, Currency: b.Currency}
}

// amount holds an amount to the budget and returns its minor units.
func (c *Controller) amount(b Budget, line LineID, m sosyal.Money) (int64, error) {
	if _, ok := b.Line(line); !ok {
		return 0, sosyal.FieldError{Field: "line", Rule: "must be a line of budget " + string(b.ID), Value: string(line)}
	}
	if err := checkAmount(m, b.Currency, positive); err != nil {
		return 0, err
	}
	return m.Minor()
}

// transfer moves units of a line from one bucket to another.
func transfer(line LineID, from, to Bucket, units int64) []Posting {
	return []Posting{
		{Account: Account{line, from}, Units: -units},
		{Account: Account{line, to}, Units: units},
	}
}
