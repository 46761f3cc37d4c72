package sosyaltest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/yukselenler/sosyal"
)

// noon is when the outbox cases take place.
func noon() time.Time { return time.Date(2026, time.November, 3, 12, 0, 0, 0, time.UTC) }

// tells is put(id, version, `1`) with events of the given kinds.
func tells(id string, version int64, events ...string) sosyal.DocChange {
	c := put(id, version, `1`)
	for _, name := range events {
		c.Events = append(c.Events, event(name))
	}
	return c
}

// pends compares the kinds of the events that are due.
func pends(ctx context.Context, o sosyal.Outbox, brand sosyal.BrandID, now time.Time, limit int, want ...string) error {
	due, err := collect(o.Pending(ctx, brand, now, limit))
	if err != nil {
		return fmt.Errorf("reading the outbox: %w", err)
	}
	var got []string
	for _, d := range due {
		got = append(got, d.Event.Kind)
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("the outbox holds %q as due, want %q", got, want)
	}
	return nil
}

// outboxCases: events are kept with their changes until they are delivered.
func outboxCases() []documentsCase {
	return []documentsCase{
		outboxCase(
			"events are stored with their change",
			"news of something that never happened, or silence about something that did",
			func(ctx context.Context, s store, o sosyal.Outbox) error {
				if err := s.write(ctx, tells("a", 0, "a1", "a2"), tells("b", 0, "b1")); err != nil {
					return err
				}
				refused := s.Write(ctx, s.brand, tells("c", 0, "c1"), tells("a", 9, "a9"))
				invalid := s.Write(ctx, s.brand, tells("c", 0, "c1"), tells("", 0, "none"))
				gone := remove("a", 1)
				gone.Events = []sosyal.Event{event("a gone")}
				return errors.Join(
					expect("a stale write", refused, sosyal.ErrConflict),
					expect("an invalid write", invalid, sosyal.ErrInvalid),
					pends(ctx, o, s.brand, noon(), 0, "a1", "a2", "b1"),
					s.write(ctx, gone),
					pends(ctx, o, s.brand, noon(), 0, "a1", "a2", "b1", "a gone"),
				)
			},
		),
		outboxCase(
			"events come back whole",
			"the one who is told would not know what about, or would act twice on one id",
			func(ctx context.Context, s store, o sosyal.Outbox) error {
				c := tells("a", 0, "first", "second")
				c.Events[0].ID = "my-own"
				c.Events[0].Actor = "elif"
				c.Events[0].At = time.Date(2026, time.November, 3, 12, 0, 0, 7, time.FixedZone("+03", 3*60*60))
				c.Events[0].Subject = sosyal.Subject{Kind: "other", ID: "ışık", Version: 12}
				c.Events[0].Reason = sosyal.Because("test.reason", sosyal.TextArg("name", "Işıl"), sosyal.CountArg("n", 3))
				if err := s.write(ctx, c); err != nil {
					return err
				}
				_, want := c.Stored(s.brand, 1)
				due, err := collect(o.Pending(ctx, s.brand, noon(), 0))
				if err != nil {
					return err
				}
				if len(due) != len(want) {
					return fmt.Errorf("%d events are pending, want %d", len(due), len(want))
				}
				for i, d := range due {
					if !d.Event.At.Equal(want[i].At) {
						return fmt.Errorf("an event is of %v, want %v", d.Event.At, want[i].At)
					}
					d.Event.At = want[i].At
					if !reflect.DeepEqual(d.Event, want[i]) || d.Attempts != 0 || !d.Until.IsZero() {
						return fmt.Errorf("an event came back as %+v, want %+v", d, want[i])
					}
				}
				return nil
			},
		),
		outboxCase(
			"events name the version they made",
			"the one who is told would look at another version than the one that was approved",
			func(ctx context.Context, s store, o sosyal.Outbox) error {
				gone := remove("a", 2)
				gone.Events = []sosyal.Event{event("e")}
				for _, c := range []sosyal.DocChange{tells("a", 0, "e"), tells("a", 1, "e"), gone, tells("a", 0, "e")} {
					if err := s.write(ctx, c); err != nil {
						return err
					}
				}
				due, err := collect(o.Pending(ctx, s.brand, noon(), 0))
				if err != nil {
					return err
				}
				var got []int64
				for _, d := range due {
					got = append(got, d.Event.Subject.Version)
				}
				if want := []int64{1, 2, 3, 4}; !slices.Equal(got, want) {
					return fmt.Errorf("creating, changing, deleting and creating again made events of the versions %d, want %d", got, want)
				}
				return nil
			},
		),
		outboxCase(
			"delivered events are gone",
			"people would hear the same news again and again",
			func(ctx context.Context, s store, o sosyal.Outbox) error {
				if err := s.write(ctx, tells("a", 0, "a1", "a2"), tells("b", 0, "b1")); err != nil {
					return err
				}
				due, err := collect(o.Pending(ctx, s.brand, noon(), 0))
				if err != nil || len(due) != 3 {
					return fmt.Errorf("reading 3 events gave %d and the error %s", len(due), text(err))
				}
				return errors.Join(
					o.Delivered(ctx, s.brand, due[1].Event.ID, due[2].Event.ID),
					pends(ctx, o, s.brand, noon(), 0, "a1"),
					o.Delivered(ctx, s.brand, due[1].Event.ID, "unheard of"),
					o.Delivered(ctx, s.brand),
					pends(ctx, o, s.brand, noon(), 0, "a1"),
				)
			},
		),
		outboxCase(
			"a deferred event holds up its subject only",
			"one broken address would silence everybody, or news would arrive in the wrong order",
			func(ctx context.Context, s store, o sosyal.Outbox) error {
				if err := s.write(ctx, tells("a", 0, "a1"), tells("b", 0, "b1")); err != nil {
					return err
				}
				if err := s.write(ctx, tells("a", 1, "a2"), tells("b", 1, "b2")); err != nil {
					return err
				}
				due, err := collect(o.Pending(ctx, s.brand, noon(), 0))
				if err != nil || len(due) != 4 {
					return fmt.Errorf("reading 4 events gave %d and the error %s", len(due), text(err))
				}
				a1, later := due[0].Event.ID, noon().Add(time.Minute)
				err = errors.Join(
					o.Defer(ctx, s.brand, a1, later),
					pends(ctx, o, s.brand, noon(), 0, "b1", "b2"),
					pends(ctx, o, s.brand, later.Add(-1), 0, "b1", "b2"),
					pends(ctx, o, s.brand, later, 0, "a1", "b1", "a2", "b2"),
					o.Defer(ctx, s.brand, a1, later.Add(time.Minute)),
					pends(ctx, o, s.brand, later, 0, "b1", "b2"),
				)
				if err != nil {
					return err
				}
				due, err = collect(o.Pending(ctx, s.brand, later.Add(time.Minute), 1))
				if err != nil || len(due) != 1 {
					return fmt.Errorf("reading one event gave %d and the error %s", len(due), text(err))
				}
				if d := due[0]; d.Event.ID != a1 || d.Attempts != 2 || !d.Until.Equal(later.Add(time.Minute)) {
					return fmt.Errorf("after two failures the event stands at %d attempts and %v, want 2 and %v", d.Attempts, d.Until, later.Add(time.Minute))
				}
				return errors.Join(
					expect("deferring what is not pending", o.Defer(ctx, s.brand, "unheard of", later), sosyal.ErrNotFound),
					o.Delivered(ctx, s.brand, a1),
					pends(ctx, o, s.brand, noon(), 0, "b1", "a2", "b2"),
				)
			},
		),
		outboxCase(
			"the outbox is read in portions",
			"after a week without a network, everything at once would not fit into memory",
			func(ctx context.Context, s store, o sosyal.Outbox) error {
				var want []string
				for i := range 5 {
					name := fmt.Sprint("e", i)
					want = append(want, name)
					if err := s.write(ctx, tells(fmt.Sprint("doc", 9-i), 0, name)); err != nil {
						return err
					}
				}
				return errors.Join(
					pends(ctx, o, s.brand, noon(), 3, want[:3]...),
					pends(ctx, o, s.brand, noon(), 5, want...),
					pends(ctx, o, s.brand, noon(), 0, want...),
				)
			},
		),
		outboxCase(
			"an event id is kept once",
			"a retried import would announce everything twice",
			func(ctx context.Context, s store, o sosyal.Outbox) error {
				for v := range int64(2) {
					c := tells("a", v, "same")
					c.Events[0].ID = "import-17"
					if err := s.write(ctx, c); err != nil {
						return err
					}
				}
				return pends(ctx, o, s.brand, noon(), 0, "same")
			},
		),
		outboxCase(
			"brands do not meet in the outbox",
			"one brand would read the news of another, or remove them",
			func(ctx context.Context, s store, o sosyal.Outbox) error {
				c := tells("a", 0, "mine")
				c.Events[0].ID = "same-id"
				if err := s.write(ctx, c); err != nil {
					return err
				}
				c.Events[0].Kind = "theirs"
				foreign := tells("x", 0, "foreign")
				foreign.Events[0].Brand = s.brand
				return errors.Join(
					pends(ctx, o, s.other, noon(), 0),
					o.Delivered(ctx, s.other, "same-id"),
					expect("deferring an event of another brand", o.Defer(ctx, s.other, "same-id", noon()), sosyal.ErrNotFound),
					pends(ctx, o, s.brand, noon(), 0, "mine"),
					s.waiting(ctx, o, s.other, false),
					s.Write(ctx, s.other, c),
					pends(ctx, o, s.other, noon(), 0, "theirs"),
					expect("writing an event of another brand", s.Write(ctx, s.other, foreign), sosyal.ErrInvalid),
					s.waiting(ctx, o, s.brand, true),
					s.waiting(ctx, o, s.other, true),
					o.Defer(ctx, s.brand, "same-id", noon().Add(time.Hour)),
					pends(ctx, o, s.other, noon(), 0, "theirs"),
					s.waiting(ctx, o, s.brand, true),
					o.Delivered(ctx, s.brand, "same-id"),
					s.waiting(ctx, o, s.brand, false),
					s.waiting(ctx, o, s.other, true),
				)
			},
		),
		outboxCase(
			"the outbox can be used while it is read",
			"a relay acknowledges as it goes; with one connection it would wait for itself",
			func(ctx context.Context, s store, o sosyal.Outbox) error {
				ctx, cancel := context.WithTimeout(ctx, time.Minute)
				defer cancel()
				for i := range 20 {
					if err := s.write(ctx, tells(fmt.Sprint(i), 0, "e")); err != nil {
						return err
					}
				}
				for d, err := range o.Pending(ctx, s.brand, noon(), 0) {
					if err != nil {
						return err
					}
					if err := o.Delivered(ctx, s.brand, d.Event.ID); err != nil {
						return err
					}
				}
				return pends(ctx, o, s.brand, noon(), 0)
			},
		),
		outboxCase(
			"a cancelled context stops the outbox",
			"a relay that is shut down would go on",
			func(ctx context.Context, s store, o sosyal.Outbox) error {
				c := tells("a", 0, "e")
				c.Events[0].ID = "e"
				if err := s.write(ctx, c); err != nil {
					return err
				}
				cancelled, cancel := context.WithCancel(ctx)
				cancel()
				_, pending := collect(o.Pending(cancelled, s.brand, noon(), 0))
				_, waiting := collect(o.Waiting(cancelled))
				return errors.Join(
					expect("reading the outbox", pending, context.Canceled),
					expect("reading the brands that wait", waiting, context.Canceled),
					expect("removing an event", o.Delivered(cancelled, s.brand, "e"), context.Canceled),
					expect("deferring an event", o.Defer(cancelled, s.brand, "e", noon()), context.Canceled),
					pends(ctx, o, s.brand, noon(), 0, "e"),
				)
			},
		),
	}
}

func outboxCase(name, why string, run func(context.Context, store, sosyal.Outbox) error) documentsCase {
	return documentsCase{name, why, func(ctx context.Context, s store) error {
		o, err := s.outbox()
		if err != nil {
			return err
		}
		return run(ctx, s, o)
	}}
}

// waiting compares whether a brand is among those that have events pending.
func (s store) waiting(ctx context.Context, o sosyal.Outbox, brand sosyal.BrandID, want bool) error {
	brands, err := collect(o.Waiting(ctx))
	if err != nil {
		return err
	}
	if !slices.IsSorted(brands) {
		return errors.New("the brands that wait are not in order")
	}
	if slices.Contains(brands, brand) != want {
		return fmt.Errorf("the brand is waiting: %t, want %t", !want, want)
	}
	return nil
}
