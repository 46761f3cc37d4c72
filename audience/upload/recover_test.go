package upload_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/upload"
)

func TestAnUnknownAdditionIsSentAgainUnderItsKey(t *testing.T) {
	for _, lost := range []fault{lostBefore, lostAfter} {
		s := newShop(t)
		s.meta.next = []fault{lost}
		x, err := s.Export(t.Context(), ask(people("a", "b", "c", "d")))
		require.ErrorIs(t, err, sosyal.ErrUnknownOutcome)
		require.ErrorIs(t, err, errTimeout)
		assert.Equal(t, upload.Tally{Unknown: 3, Waiting: 1}, x.Added)
		assert.Equal(t, upload.Partial, x.Status)
		require.Len(t, s.open(t), 1, "the intent was stored before the call")

		x, err = s.Export(t.Context(), ask(people("a", "b", "c", "d")))
		require.NoError(t, err)
		assert.Equal(t, upload.Tally{Done: 4}, x.Added)
		assert.Equal(t, s.meta.calls[0].Key, s.meta.calls[1].Key)
		assert.Equal(t, s.meta.calls[0].Rows, s.meta.calls[1].Rows)
		assert.NotEqual(t, s.meta.calls[0].Key, s.meta.calls[2].Key)
		assert.Equal(t, "abcd", s.holds(t, vip(), "abcd"))
		assert.Empty(t, s.open(t))
	}
}

// Who withdrew while the outcome was unknown is not sent again: he may be there,
// so he is taken out, and the others are sent in a batch of their own.
func TestAnUnknownAdditionIsNotSentAgainWithWhoeverWithdrew(t *testing.T) {
	for _, lost := range []fault{lostBefore, lostAfter} {
		s := newShop(t)
		s.meta.next = []fault{lost}
		all := people("a", "b", "c")
		_, err := s.Export(t.Context(), ask(all))
		require.ErrorIs(t, err, sosyal.ErrUnknownOutcome)

		all[1].Consents = consents(audience.ConsentWithdrawn)
		x, err := s.Export(t.Context(), ask(all))
		require.NoError(t, err)
		assert.Equal(t, []int{1, 2}, []int{x.Removed.Done, x.Added.Done})
		for _, call := range s.meta.calls[1:] {
			for _, row := range call.Rows {
				if call.Action == upload.Add {
					assert.NotEqual(t, sosyal.PersonDigest("butik", "b"), row.Person)
				}
			}
		}
		assert.Equal(t, "ac", s.holds(t, vip(), "abc"))
		assert.Empty(t, s.open(t), "nothing is left to know about the first batch")
	}
}

func TestAnUnknownAdditionIsLeftAloneWhereTwiceMayBeTwoThings(t *testing.T) {
	for _, outcome := range []upload.Outcome{upload.Done, upload.Lost} {
		s := newShop(t)
		s.meta.repeatable = false
		s.meta.next = []fault{map[upload.Outcome]fault{upload.Done: lostAfter, upload.Lost: lostBefore}[outcome]}
		all := people("a", "b", "c", "d")
		_, err := s.Export(t.Context(), ask(all))
		require.ErrorIs(t, err, sosyal.ErrUnknownOutcome)

		x, err := s.Export(t.Context(), ask(all))
		require.NoError(t, err)
		assert.Equal(t, upload.Tally{Done: 1, Unknown: 3}, x.Added)
		assert.Equal(t, upload.Partial, x.Status)
		assert.Equal(t, "upload.unknown", x.Reasons[len(x.Reasons)-1].Code)

		open := s.open(t)
		require.Len(t, open, 1)
		key := open[0].Key
		require.ErrorIs(t, s.Resolve(t.Context(), vip(), "none", outcome, "deniz"), sosyal.ErrNotFound)
		require.ErrorIs(t, s.Resolve(t.Context(), vip(), key, upload.Refused, ""), sosyal.ErrInvalid)
		require.NoError(t, s.Resolve(t.Context(), vip(), key, outcome, "deniz"))
		require.ErrorIs(t, s.Resolve(t.Context(), vip(), key, outcome, "deniz"), sosyal.ErrNotFound)

		x, err = s.Export(t.Context(), ask(all))
		require.NoError(t, err)
		assert.Equal(t, upload.Complete, x.Status)
		assert.Equal(t, "abcd", s.holds(t, vip(), "abcd"))
		assert.Equal(t, map[upload.Outcome]int{upload.Done: 0, upload.Lost: 3}[outcome], x.Added.Done)
	}
}

func TestAnUnknownRemovalIsSentAgainEverywhere(t *testing.T) {
	for _, repeatable := range []bool{true, false} {
		for _, lost := range []fault{lostBefore, lostAfter} {
			s := newShop(t)
			s.meta.repeatable = repeatable
			_, err := s.Export(t.Context(), ask(people("a", "b", "c")))
			require.NoError(t, err)

			s.meta.next = []fault{lost}
			x, err := s.Export(t.Context(), ask(people("b", "c")))
			require.ErrorIs(t, err, sosyal.ErrUnknownOutcome)
			assert.Equal(t, upload.Tally{Unknown: 1}, x.Removed)

			x, err = s.Export(t.Context(), ask(people("b", "c")))
			require.NoError(t, err)
			assert.Equal(t, "bc", s.holds(t, vip(), "abc"))
			assert.Empty(t, s.open(t))
			assert.Equal(t, 2, x.Kept)
		}
	}
}

// While a removal may still arrive its people are not added, or it would take
// out what was just put in.
func TestNobodyIsAddedOverADoubtfulRemoval(t *testing.T) {
	s := newShop(t)
	all := people("a", "b", "c")
	_, err := s.Export(t.Context(), ask(all))
	require.NoError(t, err)
	s.meta.next = []fault{lostBefore}
	all[0].Identifiers.Emails = []string{"z@ornek.com.tr"}
	x, err := s.Export(t.Context(), ask(all))
	require.ErrorIs(t, err, sosyal.ErrUnknownOutcome)
	assert.Equal(t, []int{1, 1}, []int{x.Removed.Unknown, x.Added.Waiting})

	s.meta.next = []fault{lostBefore, lostBefore} // the repetition and what follows
	x, err = s.Export(t.Context(), ask(all))
	require.Error(t, err)
	assert.Equal(t, 1, x.Added.Waiting)

	_, err = s.Export(t.Context(), ask(all))
	require.NoError(t, err)
	assert.Equal(t, "zbc", s.holds(t, vip(), "azbc"))
	assert.Empty(t, s.open(t))
}

// finding is a platform that can be asked.
type finding struct {
	*platform

	asked int
	err   error
}

func (f *finding) Find(ctx context.Context, b upload.Batch) (upload.Result, error) {
	f.asked++
	if f.err != nil {
		return upload.Result{}, f.err
	}
	return f.Memory.Find(ctx, b)
}

func TestThePlatformIsAskedFirst(t *testing.T) {
	for _, lost := range []fault{lostBefore, lostAfter} {
		s := newShop(t)
		s.meta.repeatable = false
		asked := &finding{platform: s.meta}
		s.Uploaders[upload.Meta] = asked
		s.meta.next = []fault{lost}
		all := people("a", "b", "c")
		_, err := s.Export(t.Context(), ask(all))
		require.ErrorIs(t, err, sosyal.ErrUnknownOutcome)

		asked.err = errors.New("not now")
		x, err := s.Export(t.Context(), ask(all))
		require.NoError(t, err)
		assert.Equal(t, 3, x.Added.Unknown)

		asked.err = nil
		x, err = s.Export(t.Context(), ask(all))
		require.NoError(t, err)
		assert.Equal(t, 2, asked.asked)
		assert.Equal(t, map[fault]int{lostBefore: 0, lostAfter: 3}[lost], x.Kept)
		assert.Equal(t, "abc", s.holds(t, vip(), "abc"))
		assert.Empty(t, s.open(t))
	}
}

// crashing is a state that fails to record outcomes: the process died between
// the call and its record.
type crashing struct {
	upload.State

	dead bool
}

func (c *crashing) Record(ctx context.Context, b upload.Batch) error {
	if c.dead && b.Outcome != upload.Open {
		return errors.New("process died")
	}
	return c.State.Record(ctx, b)
}

func TestACrashBetweenCallAndRecordLosesNothing(t *testing.T) {
	s := newShop(t)
	s.State = &crashing{State: s.state, dead: true}
	x, err := s.Export(t.Context(), ask(people("a", "b", "c", "d")))
	require.ErrorContains(t, err, "process died")
	assert.Equal(t, upload.Tally{Unknown: 3, Waiting: 1}, x.Added, "without a state nothing more is sent")
	assert.Len(t, s.meta.calls, 1)

	s.State = s.state // the next process
	x, err = s.Export(t.Context(), ask(people("a", "b", "c", "d")))
	require.NoError(t, err)
	assert.Equal(t, 4, x.Added.Done)
	assert.Equal(t, s.meta.calls[0].Key, s.meta.calls[1].Key)
	assert.Equal(t, "abcd", s.holds(t, vip(), "abcd"))
}

func TestRecordsOfInterruptedExportsAreEnded(t *testing.T) {
	s := newShop(t)
	cut := upload.Export{
		ID: "cut", Audience: vip(), Use: upload.Target, By: sosyal.Actor{ID: "deniz", Party: sosyal.PartyClient}, Why: "x",
		Status: upload.Running, Started: s.clock,
	}
	require.NoError(t, s.records.Write(t.Context(), "butik", sosyal.Create("cut", cut)))
	b := upload.Batch{
		Key: upload.BatchKey(vip(), 1), Audience: vip(), Sequence: 1, Action: upload.Add, Size: 1, Export: "cut", By: "deniz",
		At: s.clock, Outcome: upload.Open,
		Rows: []upload.Row{{Person: sosyal.PersonDigest("butik", "a"), Keys: []upload.Key{{Kind: upload.KindEmail, Value: "0"}}}},
	}
	require.NoError(t, s.state.Record(t.Context(), b))
	b.Outcome, b.Ended = upload.Done, s.clock
	require.NoError(t, s.state.Record(t.Context(), b))
	b.Sequence, b.Export, b.Outcome, b.Ended = 2, "another", upload.Open, time.Time{}
	b.Key = upload.BatchKey(vip(), 2)
	require.NoError(t, s.state.Record(t.Context(), b))

	_, err := s.Export(t.Context(), ask(people("b", "c")))
	require.NoError(t, err)
	ended, err := s.records.Load(t.Context(), "butik", "cut")
	require.NoError(t, err)
	assert.Equal(t, upload.Interrupted, ended.Value.Status)
	assert.Equal(t, upload.Tally{Done: 1}, ended.Value.Added)
	assert.Equal(t, "upload.interrupted", ended.Value.Reasons[0].Code)
}

func TestOfTwoProcessesOneGoesOn(t *testing.T) {
	s := newShop(t)
	other := newShop(t)
	other.State, other.Exports = s.state, s.records
	r := ask(people("a", "b"))
	r.Members = func(yield func(upload.Recipient, error) bool) {
		for _, one := range people("a", "b") {
			if !yield(one, nil) {
				return
			}
		}
		_, err := other.Export(t.Context(), ask(people("c", "d"))) // while this one has read the state already
		assert.NoError(t, err)
	}
	_, err := s.Export(t.Context(), r)
	require.ErrorIs(t, err, sosyal.ErrConflict)
	assert.Empty(t, s.meta.calls, "before anything was sent")
	_, err = s.Export(t.Context(), ask(people("a", "b")))
	require.NoError(t, err)
}

func TestACancelledExportRecordsWhatItDid(t *testing.T) {
	s := newShop(t)
	ctx, cancel := context.WithCancel(t.Context())
	s.Observe = func(_ context.Context, e sosyal.Event) {
		if e.Kind == "upload.batch.done" {
			cancel()
		}
	}
	x, err := s.Export(ctx, ask(people("a", "b", "c", "d")))
	require.NoError(t, err, "what was sent is certain")
	assert.Equal(t, upload.Tally{Done: 3, Waiting: 1}, x.Added)
	stored, err := s.records.Load(t.Context(), "butik", x.ID)
	require.NoError(t, err)
	assert.Equal(t, upload.Partial, stored.Value.Status)
	_, err = s.Export(ctx, ask(people("a", "b")))
	assert.ErrorIs(t, err, context.Canceled)
}
