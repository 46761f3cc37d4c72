package sosyal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Relay delivers the events of an [Outbox] to a [Notifier]: each one at least
// once, those of one subject in order. An event that cannot be delivered is
// tried again later and holds up only its own subject. It is never given up by
// itself; to drop it, call [Outbox.Delivered] with its id.
//
// Several relays may work on one outbox. Then an event may be delivered by two
// of them, which its ID reveals.
type Relay struct {
	Outbox   Outbox
	Notifier Notifier
	// Backoff is the pause after so many failed attempts, from 1; nil means
	// [Backoff].
	Backoff func(attempts int) time.Duration
	// Batch is how many events are read at a time; 0 means 100.
	Batch int
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Logger hears of failed deliveries; nil for silence.
	Logger *slog.Logger
	// Observe is called after each delivery; nil for nothing.
	Observe func(context.Context, Event)
}

// Backoff is the pause before another attempt to deliver an event: 1 s after
// the first failure, doubled with each, at most an hour.
func Backoff(attempts int) time.Duration {
	if attempts > 12 {
		return time.Hour
	}
	return min(time.Second<<max(0, attempts-1), time.Hour)
}

// Drained counts what a [Relay] did.
type Drained struct {
	Delivered int `json:"delivered"`
	// Deferred counts the events whose delivery failed.
	Deferred int `json:"deferred"`
}

// DrainAll delivers what is due of every brand. A brand whose events cannot be
// read does not keep the others from theirs; the errors are joined.
func (r Relay) DrainAll(ctx context.Context) (Drained, error) {
	if err := r.Validate(); err != nil {
		return Drained{}, err
	}
	var sum Drained
	var failed []error
	for brand, err := range r.Outbox.Waiting(ctx) {
		if err != nil {
			failed = append(failed, fmt.Errorf("reading which brands have events: %w", err))
			break
		}
		n, err := r.Drain(ctx, brand)
		sum.Delivered += n.Delivered
		sum.Deferred += n.Deferred
		if err != nil {
			failed = append(failed, err)
		}
		if ctx.Err() != nil {
			break
		}
	}
	return sum, errors.Join(failed...)
}

// Drain delivers what is due of one brand and returns when nothing is left that
// is. A failed delivery is counted, not returned; the error is that of the
// outbox or the context.
func (r Relay) Drain(ctx context.Context, brand BrandID) (Drained, error) {
	if err := r.Validate(); err != nil {
		return Drained{}, err
	}
	var sum Drained
	for {
		n, seen, err := r.batch(ctx, brand)
		sum.Delivered += n.Delivered
		sum.Deferred += n.Deferred
		if err != nil {
			return sum, fmt.Errorf("delivering events of brand %q: %w", brand, err)
		}
		if seen == 0 {
			return sum, nil
		}
	}
}

// batch delivers one batch and returns how many events it looked at.
func (r Relay) batch(ctx context.Context, brand BrandID) (Drained, int, error) {
	var n Drained
	seen := 0
	held := map[Subject]bool{} // subjects that wait behind a failure of this batch
	for d, err := range r.Outbox.Pending(ctx, brand, r.now(), r.size()) {
		if err != nil {
			return n, seen, err
		}
		seen++
		subject := Subject{Kind: d.Event.Subject.Kind, ID: d.Event.Subject.ID}
		if held[subject] {
			continue
		}
		if err := r.Notifier.Notify(ctx, d.Event); err != nil {
			if ctx.Err() != nil { // the failure is ours, not the event's
				return n, seen, ctx.Err()
			}
			held[subject] = true
			n.Deferred++
			if err := r.putOff(ctx, brand, d, err); err != nil {
				return n, seen, err
			}
			continue
		}
		if err := r.Outbox.Delivered(ctx, brand, d.Event.ID); err != nil {
			return n, seen, err
		}
		n.Delivered++
		if r.Observe != nil {
			r.Observe(ctx, d.Event)
		}
	}
	return n, seen, nil
}

func (r Relay) putOff(ctx context.Context, brand BrandID, d Delivery, cause error) error {
	backoff := r.Backoff
	if backoff == nil {
		backoff = Backoff
	}
	// At least a moment, or the drain would meet the event again at once.
	pause := max(backoff(d.Attempts+1), time.Millisecond)
	if r.Logger != nil {
		r.Logger.WarnContext(ctx, "event not delivered",
			"brand", string(brand), "event", d.Event.ID, "kind", d.Event.Kind,
			"attempts", d.Attempts+1, "again_in", pause, "error", cause)
	}
	err := r.Outbox.Defer(ctx, brand, d.Event.ID, r.now().Add(pause))
	if errors.Is(err, ErrNotFound) { // another relay delivered it meanwhile
		return nil
	}
	return err
}

// Run drains all brands at once and then again after every interval, until the
// context is done; it returns the context's error. Errors of the outbox are
// logged and tried again with the next round.
func (r Relay) Run(ctx context.Context, every time.Duration) error {
	if err := r.Validate(); err != nil {
		return err
	}
	if every <= 0 {
		return FieldError{Field: "every", Rule: "must be positive", Value: every.String()}
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if _, err := r.DrainAll(ctx); err != nil && ctx.Err() == nil && r.Logger != nil {
			r.Logger.ErrorContext(ctx, "events could not be delivered", "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// Validate reports missing ports and a negative batch.
func (r Relay) Validate() error {
	var p Problems
	p.Require(r.Outbox != nil, "outbox", "must be set", "")
	p.Require(r.Notifier != nil, "notifier", "must be set", "")
	p.Require(r.Batch >= 0, "batch", "must not be negative", fmt.Sprint(r.Batch))
	return p.Err()
}

func (r Relay) now() time.Time {
	if r.Now == nil {
		return time.Now()
	}
	return r.Now()
}

func (r Relay) size() int {
	if r.Batch == 0 {
		return 100
	}
	return r.Batch
}
