package uploadtest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience/upload"
	"github.com/yukselenler/sosyal/internal/conformancetest"
)

// NewState returns an empty state. It is called once for each case.
type NewState func(ctx context.Context) (upload.State, error)

// TestState runs the contract of [upload.State] against what open returns, one
// subtest for each case.
func TestState(t *testing.T, open NewState) {
	t.Helper()
	conformancetest.Test(t, stateCases(), open)
}

// CheckState runs the contract of [upload.State] against what open returns and
// returns what it breaks, each with the name of the case and its explanation.
func CheckState(ctx context.Context, open NewState) error {
	return conformancetest.Check(ctx, stateCases(), open)
}

func stateCases() []conformancetest.Case[upload.State] {
	rule := conformancetest.Rule[upload.State]
	return []conformancetest.Case[upload.State]{
		rule("intent", "an open batch is read back whole, and has changed no member yet", checkIntent),
		rule("done", "a batch that was taken makes members, but not of rejected rows", checkDone),
		rule("removed", "whoever is removed is no member any more", checkRemoved),
		rule("changed", "whoever is added again is a member under what was sent last", checkChanged),
		rule("not taken", "refused, lost and superseded batches change no member", checkNotTaken),
		rule("later ends earlier", "nothing is left to know of somebody whom a later batch has settled, nor does an old outcome undo it", checkLaterEndsEarlier),
		rule("people leave the record", "the record of a closed batch holds no person", checkClosedRecord),
		rule("again", "recording the same again changes nothing", checkAgain),
		rule("sequence", "of two exports at once only one goes on", checkSequence),
		rule("one outcome", "a batch has one outcome, for the people it began with", checkOneOutcome),
		rule("invalid", "what is not a batch is refused and nothing is stored", checkInvalidState),
		rule("order", "members and batches come in order, whatever the order of recording", checkOrder),
		rule("query", "queries narrow by platform, account, audience, person and open", checkQuery),
		rule("tenancy", "brands never meet, though everything else is the same", checkStateTenancy),
		rule("forget", "a person is erased from members and open batches of his brand, with a record", checkForget),
		rule("erasures", "records of erasure are kept and hold no name", checkErasures),
		rule("own copy", "what the caller does to values afterwards changes nothing", checkStateCopies),
		rule("cancelled", "a cancelled context is an error and changes nothing", checkStateCancelled),
		rule("stop", "a stream may be left early and the state used on", checkStop),
		rule("concurrent", "of concurrent records of the same sequence one is kept", checkConcurrentRecords),
	}
}

// closing is the record of a batch's outcome.
func closing(b upload.Batch, outcome upload.Outcome, rejected ...int) upload.Batch {
	b.Outcome, b.Ended = outcome, b.At.Add(time.Minute)
	for _, i := range rejected {
		b.Rejections = append(b.Rejections, upload.Rejection{Row: i, Reason: sosyal.Because("upload.rejected.key")})
	}
	return b
}

// settle records batches with their outcome.
func settle(ctx context.Context, s upload.State, batches ...upload.Batch) error {
	for _, b := range batches {
		open := b
		open.Outcome, open.Ended, open.Rejections, open.Reason = upload.Open, time.Time{}, nil, sosyal.Reason{}
		if err := s.Record(ctx, open); err != nil {
			return fmt.Errorf("recording batch %d before it is sent: %w", b.Sequence, err)
		}
		if b.Outcome == upload.Open {
			continue
		}
		if err := s.Record(ctx, b); err != nil {
			return fmt.Errorf("recording that batch %d is %s: %w", b.Sequence, b.Outcome, err)
		}
	}
	return nil
}

func batches(ctx context.Context, s upload.State, brand sosyal.BrandID, q upload.Query) ([]upload.Batch, error) {
	var all []upload.Batch
	for b, err := range s.Batches(ctx, brand, q) {
		if err != nil {
			return all, err
		}
		all = append(all, b)
	}
	return all, nil
}

func members(ctx context.Context, s upload.State, brand sosyal.BrandID, q upload.Query) ([]upload.Member, error) {
	var all []upload.Member
	for m, err := range s.Members(ctx, brand, q) {
		if err != nil {
			return all, err
		}
		all = append(all, m)
	}
	return all, nil
}

// expectMembers compares the members of a brand, given by number, and their keys.
func expectMembers(ctx context.Context, s upload.State, a upload.Audience, people ...int) error {
	got, err := members(ctx, s, a.Brand, upload.Query{})
	if err != nil {
		return fmt.Errorf("reading members: %w", err)
	}
	want := batch(a, 1, upload.Add, people...).Rows
	same := slices.EqualFunc(got, want, func(m upload.Member, r upload.Row) bool {
		return m.Person == r.Person && slices.Equal(m.Keys, r.Keys)
	})
	if !same {
		return fmt.Errorf("the %d members of brand %s are not the %d that should be", len(got), a.Brand, len(want))
	}
	return nil
}

func expectConflict(err error, what string) error {
	if !errors.Is(err, sosyal.ErrConflict) {
		return fmt.Errorf("%s gave %v, want ErrConflict", what, err)
	}
	return nil
}

func checkIntent(ctx context.Context, s upload.State) error {
	a := audienceOf("mine", "one")
	b := batch(a, 1, upload.Add, 1, 2)
	worth, err := sosyal.NewMoney(decimal.New(14990, -2), "TRY")
	if err != nil {
		return err
	}
	b.Rows[0].Value = &worth
	b.Rows[1].Keys = append(b.Rows[1].Keys, upload.Key{Kind: upload.KindCountry, Value: "TR", Plain: true})
	if err := s.Record(ctx, b); err != nil {
		return err
	}
	got, err := batches(ctx, s, "mine", upload.Query{Open: true})
	if err != nil {
		return err
	}
	if len(got) != 1 {
		return fmt.Errorf("%d batches are open, want 1", len(got))
	}
	if v := got[0].Rows[0].Value; v == nil || !v.Equal(worth) {
		return errors.New("the value of a person is not read back")
	}
	got[0].Rows[0].Value, b.Rows[0].Value = nil, nil
	if !got[0].At.Equal(b.At) || got[0].At.Location() != time.UTC {
		return fmt.Errorf("the batch was begun at %s, want %s", got[0].At, b.At)
	}
	got[0].At = b.At
	if got[0].Rejections != nil && len(got[0].Rejections) == 0 {
		got[0].Rejections = nil
	}
	if !reflect.DeepEqual(got[0], b) {
		return fmt.Errorf("the open batch is read back as %+v, want %+v", got[0], b)
	}
	return expectMembers(ctx, s, a)
}

func checkDone(ctx context.Context, s upload.State) error {
	a := audienceOf("mine", "one")
	b := batch(a, 1, upload.Add, 1, 2, 3)
	rejected := b.Rows[1].Person
	b = closing(b, upload.Done, 1)
	if err := settle(ctx, s, b); err != nil {
		return err
	}
	var stay []int
	for n := 1; n <= 3; n++ {
		if row("mine", n).Person != rejected {
			stay = append(stay, n)
		}
	}
	got, err := members(ctx, s, "mine", upload.Query{})
	if err != nil {
		return err
	}
	for _, m := range got {
		if m.Audience != a || !m.Since.Equal(b.Ended) {
			return fmt.Errorf("a member is of %s since %s, want %s since %s", m.Audience, m.Since, a, b.Ended)
		}
	}
	return expectMembers(ctx, s, a, stay...)
}

func checkRemoved(ctx context.Context, s upload.State) error {
	a := audienceOf("mine", "one")
	removal := batch(a, 2, upload.Remove, 1, 2, 9)
	kept := slices.IndexFunc(removal.Rows, func(r upload.Row) bool { return r.Person == row("mine", 2).Person })
	if err := settle(ctx, s, closing(batch(a, 1, upload.Add, 1, 2, 3), upload.Done), closing(removal, upload.Done, kept)); err != nil {
		return err
	}
	return expectMembers(ctx, s, a, 2, 3)
}

func checkChanged(ctx context.Context, s upload.State) error {
	a := audienceOf("mine", "one")
	again := batch(a, 2, upload.Add, 1)
	again.Rows[0].Keys = []upload.Key{email(100)}
	if err := settle(ctx, s, closing(batch(a, 1, upload.Add, 1), upload.Done), closing(again, upload.Done)); err != nil {
		return err
	}
	got, err := members(ctx, s, "mine", upload.Query{})
	if err != nil {
		return err
	}
	if len(got) != 1 || !slices.Equal(got[0].Keys, again.Rows[0].Keys) {
		return fmt.Errorf("%d members, want one under the keys that were sent last", len(got))
	}
	return nil
}

func checkNotTaken(ctx context.Context, s upload.State) error {
	a := audienceOf("mine", "one")
	err := settle(ctx, s,
		closing(batch(a, 1, upload.Add, 1), upload.Done),
		closing(batch(a, 2, upload.Add, 2), upload.Refused),
		closing(batch(a, 3, upload.Remove, 1), upload.Lost),
		closing(batch(a, 4, upload.Remove, 1), upload.Superseded))
	if err != nil {
		return err
	}
	return expectMembers(ctx, s, a, 1)
}

func checkLaterEndsEarlier(ctx context.Context, s upload.State) error {
	a := audienceOf("mine", "one")
	first, third := batch(a, 1, upload.Add, 1, 2, 3), batch(a, 3, upload.Add, 3, 5)
	fifth := slices.IndexFunc(third.Rows, func(r upload.Row) bool { return r.Person == row("mine", 3).Person })
	err := settle(ctx, s, first, closing(batch(a, 2, upload.Remove, 1), upload.Done), closing(third, upload.Done, fifth))
	if err != nil {
		return err
	}
	open, err := batches(ctx, s, "mine", upload.Query{Open: true})
	if err != nil {
		return err
	}
	if len(open) != 1 || len(open[0].Rows) != 2 || open[0].Size != 3 {
		return errors.New("an open batch must lose whom a later one settled, and only him: rejected rows settle nobody")
	}
	if err := s.Record(ctx, closing(first, upload.Done)); err != nil {
		return fmt.Errorf("the outcome of a batch as it was sent: %w", err)
	}
	return expectMembers(ctx, s, a, 2, 3, 5)
}

func checkClosedRecord(ctx context.Context, s upload.State) error {
	b := closing(batch(audienceOf("mine", "one"), 1, upload.Add, 1, 2, 3), upload.Done, 0)
	b.Reason = sosyal.Because("upload.decided", sosyal.TextArg("by", "deniz"))
	if err := settle(ctx, s, b); err != nil {
		return err
	}
	got, err := batches(ctx, s, "mine", upload.Query{})
	if err != nil {
		return err
	}
	if len(got) != 1 {
		return fmt.Errorf("%d batches are recorded, want 1", len(got))
	}
	r := got[0]
	if len(r.Rows) != 0 || len(r.Rejections) != 0 {
		return errors.New("the record of a closed batch still holds people")
	}
	if r.Size != 3 || r.Rejected != 1 || r.Outcome != upload.Done || r.Key != b.Key || r.Export != b.Export || r.By != b.By ||
		!r.Ended.Equal(b.Ended) || !reflect.DeepEqual(r.Reason, b.Reason) {
		return fmt.Errorf("the record of a closed batch is %+v", r)
	}
	open, err := batches(ctx, s, "mine", upload.Query{Open: true})
	if err != nil || len(open) != 0 {
		return fmt.Errorf("%d batches are open, %w; want none", len(open), errOr(err))
	}
	return nil
}

func errOr(err error) error {
	if err == nil {
		return errors.New("no error")
	}
	return err
}

func checkAgain(ctx context.Context, s upload.State) error {
	a := audienceOf("mine", "one")
	open := batch(a, 1, upload.Add, 1)
	done := closing(open, upload.Done)
	for _, b := range []upload.Batch{open, open, done, done} {
		if err := s.Record(ctx, b); err != nil {
			return fmt.Errorf("recording a batch that is %s again: %w", b.Outcome, err)
		}
	}
	if err := settle(ctx, s, closing(batch(a, 2, upload.Remove, 1), upload.Done)); err != nil {
		return err
	}
	if err := s.Record(ctx, done); err != nil {
		return fmt.Errorf("recording an earlier outcome again: %w", err)
	}
	return expectMembers(ctx, s, a) // a late repetition brings nobody back
}

func checkSequence(ctx context.Context, s upload.State) error {
	a := audienceOf("mine", "one")
	if err := expectConflict(s.Record(ctx, batch(a, 2, upload.Add, 1)), "beginning with the second batch"); err != nil {
		return err
	}
	if err := s.Record(ctx, batch(a, 1, upload.Add, 1)); err != nil {
		return err
	}
	other := batch(a, 1, upload.Add, 1)
	other.Export = "another"
	return errors.Join(
		expectConflict(s.Record(ctx, other), "the same place in the sequence by another export"),
		expectConflict(s.Record(ctx, batch(a, 3, upload.Add, 1)), "leaving out the second batch"),
		expectConflict(s.Record(ctx, closing(batch(a, 2, upload.Add, 1), upload.Done)), "an outcome of a batch that was never begun"),
		s.Record(ctx, batch(a, 2, upload.Add, 1)),
		s.Record(ctx, batch(audienceOf("mine", "two"), 1, upload.Add, 1)),
	)
}

func checkOneOutcome(ctx context.Context, s upload.State) error {
	a := audienceOf("mine", "one")
	if err := settle(ctx, s, closing(batch(a, 1, upload.Add, 1, 2), upload.Refused), batch(a, 2, upload.Add, 1, 2)); err != nil {
		return err
	}
	fewer := batch(a, 2, upload.Add, 1)
	fewer.Size = 2
	return errors.Join(
		expectConflict(s.Record(ctx, closing(batch(a, 1, upload.Add, 1, 2), upload.Done)), "another outcome"),
		expectConflict(s.Record(ctx, batch(a, 1, upload.Add, 1, 2)), "opening a closed batch"),
		expectConflict(s.Record(ctx, closing(batch(a, 2, upload.Add, 1, 3), upload.Done)), "an outcome for other people"),
		expectConflict(s.Record(ctx, closing(fewer, upload.Done)), "an outcome for fewer people"),
		expectConflict(s.Record(ctx, closing(batch(a, 2, upload.Remove, 1, 2), upload.Done)), "an outcome of another action"),
		expectMembers(ctx, s, a),
	)
}

func checkInvalidState(ctx context.Context, s upload.State) error {
	a := audienceOf("mine", "one")
	for what, spoil := range map[string]func(*upload.Batch){
		"no brand":         func(b *upload.Batch) { b.Audience.Brand = "" },
		"no audience":      func(b *upload.Batch) { b.Audience.ID = "" },
		"a foreign key":    func(b *upload.Batch) { b.Key = upload.BatchKey(a, 7) },
		"no sequence":      func(b *upload.Batch) { b.Sequence = 0 },
		"no people":        func(b *upload.Batch) { b.Rows = nil },
		"no time":          func(b *upload.Batch) { b.At = time.Time{} },
		"nobody who asked": func(b *upload.Batch) { b.By = "" },
		"an odd outcome":   func(b *upload.Batch) { b.Outcome = "perhaps" },
	} {
		b := batch(a, 1, upload.Add, 1)
		spoil(&b)
		if err := s.Record(ctx, b); !errors.Is(err, sosyal.ErrInvalid) {
			return fmt.Errorf("recording a batch with %s gave %v, want ErrInvalid", what, err)
		}
	}
	for _, brand := range []sosyal.BrandID{"", "br\xffand", "br\x00and"} {
		if _, err := members(ctx, s, brand, upload.Query{}); !errors.Is(err, sosyal.ErrInvalid) {
			return fmt.Errorf("members of brand %q gave %v, want ErrInvalid", brand, err)
		}
		if _, err := batches(ctx, s, brand, upload.Query{}); !errors.Is(err, sosyal.ErrInvalid) {
			return fmt.Errorf("batches of brand %q gave %v, want ErrInvalid", brand, err)
		}
	}
	left, err := batches(ctx, s, "mine", upload.Query{})
	if err != nil || len(left) != 0 {
		return fmt.Errorf("%d batches are recorded: %w; want none", len(left), errOr(err))
	}
	return nil
}
