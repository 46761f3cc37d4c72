package sosyal_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
)

// desk is a notifier that refuses what it is told to.
type desk struct {
	got    []string
	refuse map[string]error
}

func (d *desk) Notify(_ context.Context, e sosyal.Event) error {
	if err := d.refuse[e.ID]; err != nil {
		return err
	}
	d.got = append(d.got, e.ID)
	return nil
}

// about is an event of an id about a subject.
func about(subject, id string) sosyal.Event {
	return sosyal.Event{ID: id, Kind: "told", At: time.Unix(0, 0), Subject: sosyal.Subject{Kind: "item", ID: subject}}
}

func outboxWith(t *testing.T, events ...sosyal.Event) *sosyal.MemoryDocuments {
	t.Helper()
	docs := &sosyal.MemoryDocuments{}
	change := noted("all", "")
	change.Events = events
	require.NoError(t, docs.Write(t.Context(), "rosa", change))
	return docs
}

var errBounced = errors.New("the address bounced")

func TestRelayHoldsUpOnlyTheSubjectThatFails(t *testing.T) {
	docs := outboxWith(t, about("a", "a1"), about("b", "b1"), about("a", "a2"), about("b", "b2"))
	to := &desk{refuse: map[string]error{"a1": errBounced}}
	now := time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)
	relay := sosyal.Relay{Outbox: docs, Notifier: to, Now: func() time.Time { return now }}

	n, err := relay.Drain(t.Context(), "rosa")
	require.NoError(t, err)
	assert.Equal(t, sosyal.Drained{Delivered: 2, Deferred: 1}, n)
	assert.Equal(t, []string{"b1", "b2"}, to.got, "a2 waits behind a1")

	n, err = relay.Drain(t.Context(), "rosa")
	require.NoError(t, err)
	assert.Zero(t, n, "nothing is due before the pause is over")

	now = now.Add(time.Second)
	to.refuse = nil
	n, err = relay.Drain(t.Context(), "rosa")
	require.NoError(t, err)
	assert.Equal(t, sosyal.Drained{Delivered: 2}, n)
	assert.Equal(t, []string{"b1", "b2", "a1", "a2"}, to.got, "then in order")
}

func TestRelayPausesLongerWithEachFailure(t *testing.T) {
	docs := outboxWith(t, about("a", "a1"))
	to := &desk{refuse: map[string]error{"a1": errBounced}}
	now := time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)
	relay := sosyal.Relay{Outbox: docs, Notifier: to, Now: func() time.Time { return now }}
	want := []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second}
	for i, pause := range want {
		n, err := relay.Drain(t.Context(), "rosa")
		require.NoError(t, err)
		require.Equal(t, 1, n.Deferred, "attempt %d", i+1)
		now = now.Add(pause - 1)
		n, err = relay.Drain(t.Context(), "rosa")
		require.NoError(t, err)
		require.Zero(t, n.Deferred, "a moment before the pause of attempt %d is over", i+1)
		now = now.Add(1)
	}
	for d, err := range docs.Pending(t.Context(), "rosa", now, 0) {
		require.NoError(t, err)
		assert.Equal(t, len(want), d.Attempts)
	}
}

func TestBackoff(t *testing.T) {
	assert.Equal(t, time.Second, sosyal.Backoff(1))
	assert.Equal(t, 512*time.Second, sosyal.Backoff(10))
	previous := time.Duration(0)
	for attempts := range 10_000 {
		pause := sosyal.Backoff(attempts)
		require.GreaterOrEqual(t, pause, previous)
		require.LessOrEqual(t, pause, time.Hour)
		previous = pause
	}
	assert.Equal(t, time.Hour, previous)
}

// A long queue behind one failure must not be read again and again, nor hide
// what lies behind it.
func TestRelayGetsPastALongQueueThatWaits(t *testing.T) {
	var events []sosyal.Event
	for i := range 250 {
		events = append(events, about("a", fmt.Sprint("a", i)))
	}
	events = append(events, about("b", "b1"))
	to := &desk{refuse: map[string]error{"a0": errBounced}}
	relay := sosyal.Relay{Outbox: outboxWith(t, events...), Notifier: to, Batch: 10}
	n, err := relay.Drain(t.Context(), "rosa")
	require.NoError(t, err)
	assert.Equal(t, sosyal.Drained{Delivered: 1, Deferred: 1}, n)
	assert.Equal(t, []string{"b1"}, to.got)
}

func TestRelayStopsWithItsContext(t *testing.T) {
	docs := outboxWith(t, about("a", "a1"), about("b", "b1"))
	ctx, cancel := context.WithCancel(t.Context())
	relay := sosyal.Relay{Outbox: docs, Notifier: sosyal.NotifierFunc(func(ctx context.Context, _ sosyal.Event) error {
		cancel()
		return ctx.Err()
	})}
	n, err := relay.Drain(ctx, "rosa")
	assert.ErrorIs(t, err, context.Canceled)
	assert.Zero(t, n, "being stopped is no failure of the event")
	for d, err := range docs.Pending(t.Context(), "rosa", time.Now(), 0) {
		require.NoError(t, err)
		assert.Zero(t, d.Attempts)
	}
}

func TestRelayObservesAndLogsWithoutContents(t *testing.T) {
	docs := outboxWith(t, about("a", "a1"), about("b", "b1"))
	var log bytes.Buffer
	var seen []string
	relay := sosyal.Relay{
		Outbox: docs, Notifier: &desk{refuse: map[string]error{"a1": errBounced}},
		Logger:  slog.New(slog.NewTextHandler(&log, nil)),
		Observe: func(_ context.Context, e sosyal.Event) { seen = append(seen, e.ID) },
	}
	_, err := relay.DrainAll(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"b1"}, seen)
	assert.Contains(t, log.String(), "event=a1")
	assert.Contains(t, log.String(), errBounced.Error())
}

// brokenFor is an outbox that cannot be read for one brand.
type brokenFor struct {
	*sosyal.MemoryDocuments
	brand sosyal.BrandID
}

func (b brokenFor) Pending(ctx context.Context, brand sosyal.BrandID, now time.Time, limit int) iter.Seq2[sosyal.Delivery, error] {
	if brand == b.brand {
		return func(yield func(sosyal.Delivery, error) bool) { yield(sosyal.Delivery{}, errBounced) }
	}
	return b.MemoryDocuments.Pending(ctx, brand, now, limit)
}

func TestDrainAllServesTheOtherBrands(t *testing.T) {
	docs := &sosyal.MemoryDocuments{}
	for _, brand := range []sosyal.BrandID{"lale", "papatya", "rosa"} {
		require.NoError(t, docs.Write(t.Context(), brand, noted("x", "of-"+string(brand))))
	}
	to := &desk{}
	n, err := sosyal.Relay{Outbox: brokenFor{docs, "papatya"}, Notifier: to}.DrainAll(t.Context())
	assert.ErrorIs(t, err, errBounced)
	assert.Equal(t, sosyal.Drained{Delivered: 2}, n)
	assert.Equal(t, []string{"of-lale", "of-rosa"}, to.got)
}

func TestRelayRunsUntilItsContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		docs := outboxWith(t, about("a", "a1"))
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		begin := time.Now()
		to := &desk{}
		var delivered time.Duration
		relay := sosyal.Relay{
			Outbox: docs,
			Notifier: sosyal.NotifierFunc(func(ctx context.Context, e sosyal.Event) error {
				if time.Since(begin) < 3500*time.Millisecond {
					return errBounced
				}
				return to.Notify(ctx, e)
			}),
			Observe: func(context.Context, sosyal.Event) { delivered = time.Since(begin) },
		}
		err := relay.Run(ctx, time.Second)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, []string{"a1"}, to.got, "once")
		// Failed at 0 s, 1 s and 3 s, with pauses of 1, 2 and 4 s: next at 7 s.
		assert.Equal(t, 7*time.Second, delivered)
		assert.Equal(t, 10*time.Second, time.Since(begin))
	})
}

func TestRelayValidate(t *testing.T) {
	for field, relay := range map[string]sosyal.Relay{
		"outbox":   {Notifier: &desk{}},
		"notifier": {Outbox: &sosyal.MemoryDocuments{}},
		"batch":    {Outbox: &sosyal.MemoryDocuments{}, Notifier: &desk{}, Batch: -1},
	} {
		_, one := relay.Drain(t.Context(), "rosa")
		_, all := relay.DrainAll(t.Context())
		for _, err := range []error{relay.Validate(), one, all, relay.Run(t.Context(), time.Second)} {
			assert.ErrorContains(t, err, field+": ")
		}
	}
	good := sosyal.Relay{Outbox: &sosyal.MemoryDocuments{}, Notifier: &desk{}}
	assert.ErrorContains(t, good.Run(t.Context(), 0), "every: must be positive")
}
