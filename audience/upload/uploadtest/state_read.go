package uploadtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience/upload"
	"github.com/yukselenler/sosyal/internal/conformancetest"
)

// crowd records the same people in five audiences, against the order.
func crowd(ctx context.Context, s upload.State) ([]upload.Audience, error) {
	audiences := []upload.Audience{
		{Brand: "mine", Platform: upload.Google, Account: "a", ID: "x"},
		{Brand: "mine", Platform: upload.Google, Account: "a", ID: "y"},
		{Brand: "mine", Platform: upload.Google, Account: "b", ID: "x"},
		{Brand: "mine", Platform: upload.Meta, Account: "a", ID: "x"},
		{Brand: "mine", Platform: upload.Meta, Account: "ä", ID: "😀"},
	}
	for _, a := range slices.Backward(audiences) {
		if err := settle(ctx, s, closing(batch(a, 1, upload.Add, 5, 1, 3), upload.Done), batch(a, 2, upload.Remove, 3, 4)); err != nil {
			return nil, err
		}
	}
	return audiences, nil
}

func checkOrder(ctx context.Context, s upload.State) error {
	audiences, err := crowd(ctx, s)
	if err != nil {
		return err
	}
	gotMembers, err := members(ctx, s, "mine", upload.Query{})
	if err != nil {
		return err
	}
	gotBatches, err := batches(ctx, s, "mine", upload.Query{})
	if err != nil {
		return err
	}
	people := batch(audiences[0], 1, upload.Add, 1, 3, 5).Rows
	for i, a := range audiences {
		for k, r := range people {
			at := i*len(people) + k
			if at >= len(gotMembers) || gotMembers[at].Audience != a || gotMembers[at].Person != r.Person {
				return fmt.Errorf("member %d is not person %d of audience %s", at, k, a)
			}
		}
		for k := range 2 {
			at := 2*i + k
			if at >= len(gotBatches) || gotBatches[at].Audience != a || gotBatches[at].Sequence != int64(2-k) {
				return fmt.Errorf("batch %d is not the one before of audience %s: the newest comes first", at, a)
			}
		}
	}
	if len(gotMembers) != len(audiences)*len(people) || len(gotBatches) != 2*len(audiences) {
		return fmt.Errorf("%d members and %d batches are too many", len(gotMembers), len(gotBatches))
	}
	return nil
}

func checkQuery(ctx context.Context, s upload.State) error {
	if _, err := crowd(ctx, s); err != nil {
		return err
	}
	one, four := row("mine", 1).Person, row("mine", 4).Person
	for _, c := range []struct {
		q                upload.Query
		members, batches int
	}{
		{upload.Query{Platform: upload.Google}, 9, 6},
		{upload.Query{Platform: upload.Google, Account: "a"}, 6, 4},
		{upload.Query{Account: "a"}, 9, 6},
		{upload.Query{Audience: "x"}, 9, 6},
		{upload.Query{Platform: upload.Meta, Account: "a", Audience: "x"}, 3, 2},
		{upload.Query{Platform: upload.TikTok}, 0, 0},
		{upload.Query{Person: one}, 5, 0}, // in no batch that is open
		{upload.Query{Person: four}, 0, 5},
		{upload.Query{Person: four, Platform: upload.Meta}, 0, 2},
		{upload.Query{Open: true}, 15, 5},
		{upload.Query{Person: "nobody"}, 0, 0},
	} {
		gotMembers, err := members(ctx, s, "mine", c.q)
		if err != nil {
			return err
		}
		gotBatches, err := batches(ctx, s, "mine", c.q)
		if err != nil {
			return err
		}
		if len(gotMembers) != c.members || len(gotBatches) != c.batches {
			return fmt.Errorf("%+v gave %d members and %d batches, want %d and %d", c.q, len(gotMembers), len(gotBatches), c.members, c.batches)
		}
	}
	return nil
}

func checkStateTenancy(ctx context.Context, s upload.State) error {
	mine, theirs := audienceOf("mine", "one"), audienceOf("theirs", "one")
	if err := settle(ctx, s, closing(batch(mine, 1, upload.Add, 1, 2), upload.Done), closing(batch(theirs, 1, upload.Add, 1), upload.Done)); err != nil {
		return err
	}
	if err := settle(ctx, s, closing(batch(theirs, 2, upload.Remove, 1, 2), upload.Done), batch(theirs, 3, upload.Add, 3)); err != nil {
		return err
	}
	open, err := batches(ctx, s, "mine", upload.Query{Open: true})
	if err != nil || len(open) != 0 {
		return fmt.Errorf("a brand sees %d open batches of another: %w", len(open), errOr(err))
	}
	return errors.Join(
		expectMembers(ctx, s, mine, 1, 2),
		expectMembers(ctx, s, theirs),
		expectMembers(ctx, s, audienceOf("min", "one")),
		expectMembers(ctx, s, audienceOf("%", "one")),
	)
}

func checkForget(ctx context.Context, s upload.State) error {
	one, two, theirs := audienceOf("mine", "one"), audienceOf("mine", "two"), audienceOf("theirs", "one")
	err := settle(ctx, s,
		closing(batch(one, 1, upload.Add, 1, 2), upload.Done), batch(one, 2, upload.Add, 1, 3),
		closing(batch(two, 1, upload.Add, 1), upload.Done), closing(batch(theirs, 1, upload.Add, 1), upload.Done))
	if err != nil {
		return err
	}
	record, err := s.Forget(ctx, "mine", "1")
	if err != nil {
		return fmt.Errorf("forgetting: %w", err)
	}
	if record.Brand != "mine" || record.Person != sosyal.PersonDigest("mine", "1") || record.At.IsZero() ||
		record.Records[upload.ErasedMember] != 2 || record.Records[upload.ErasedRow] != 1 {
		return fmt.Errorf("the record of erasure is %+v", record)
	}
	open, err := batches(ctx, s, "mine", upload.Query{Open: true})
	if err != nil {
		return err
	}
	if len(open) != 1 || len(open[0].Rows) != 1 || open[0].Rows[0].Person != row("mine", 3).Person || open[0].Size != 2 {
		return errors.New("an open batch must lose the person, keep the others and its size")
	}
	// It can still be closed as it was sent, which brings nobody back.
	if err := s.Record(ctx, closing(batch(one, 2, upload.Add, 1, 3), upload.Done)); err != nil {
		return fmt.Errorf("closing a batch that a person was erased from: %w", err)
	}
	record, err = s.Forget(ctx, "mine", "1")
	if err != nil || record.Total() != 0 {
		return fmt.Errorf("forgetting again gave %+v, %w; want a record of nothing", record, errOr(err))
	}
	if _, err := s.Forget(ctx, "mine", ""); !errors.Is(err, sosyal.ErrInvalid) {
		return fmt.Errorf("forgetting nobody gave %w, want ErrInvalid", errOr(err))
	}
	return errors.Join(
		expectMembers(ctx, s, one, 2, 3),
		expectMembers(ctx, s, theirs, 1),
	)
}

func checkErasures(ctx context.Context, s upload.State) error {
	keeper, ok := s.(sosyal.Erasures)
	if !ok {
		return conformancetest.ErrAbsent
	}
	if err := settle(ctx, s, closing(batch(audienceOf("mine", "one"), 1, upload.Add, 1), upload.Done)); err != nil {
		return err
	}
	want, err := s.Forget(ctx, "mine", "1")
	if err != nil {
		return err
	}
	seen := 0
	for got, err := range keeper.Erasures(ctx, "mine") {
		if err != nil {
			return err
		}
		if got.Person != want.Person || got.Total() != 1 || !got.At.Equal(want.At) {
			return fmt.Errorf("the kept record is %+v, want %+v", got, want)
		}
		seen++
	}
	for got, err := range keeper.Erasures(ctx, "theirs") {
		return fmt.Errorf("a brand sees %+v of another: %w", got, errOr(err))
	}
	if seen != 1 {
		return fmt.Errorf("%d records of erasure are kept, want 1", seen)
	}
	return nil
}

func checkStateCopies(ctx context.Context, s upload.State) error {
	a := audienceOf("mine", "one")
	b := batch(a, 1, upload.Add, 1)
	if err := s.Record(ctx, b); err != nil {
		return err
	}
	b.Rows[0].Keys[0].Value = "overwritten"
	open, err := batches(ctx, s, "mine", upload.Query{})
	if err != nil {
		return err
	}
	if len(open) != 1 || len(open[0].Rows) != 1 {
		return errors.New("the open batch is gone")
	}
	open[0].Rows[0].Keys[0].Value = "overwritten"
	if err := s.Record(ctx, closing(batch(a, 1, upload.Add, 1), upload.Done)); err != nil {
		return fmt.Errorf("closing a batch whose copies were changed: %w", err)
	}
	got, err := members(ctx, s, "mine", upload.Query{})
	if err != nil {
		return err
	}
	for _, m := range got {
		m.Keys[0].Value = "overwritten"
	}
	return expectMembers(ctx, s, a, 1)
}

func checkStateCancelled(ctx context.Context, s upload.State) error {
	a := audienceOf("mine", "one")
	if err := settle(ctx, s, closing(batch(a, 1, upload.Add, 1), upload.Done)); err != nil {
		return err
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	_, errMembers := members(cancelled, s, "mine", upload.Query{})
	_, errBatches := batches(cancelled, s, "mine", upload.Query{})
	_, errForget := s.Forget(cancelled, "mine", "1")
	for what, err := range map[string]error{
		"recording":       s.Record(cancelled, batch(a, 2, upload.Add, 2)),
		"reading members": errMembers, "reading batches": errBatches, "forgetting": errForget,
	} {
		if !errors.Is(err, context.Canceled) {
			return fmt.Errorf("%s gave %w, want context.Canceled", what, errOr(err))
		}
	}
	left, err := batches(ctx, s, "mine", upload.Query{})
	if err != nil || len(left) != 1 {
		return fmt.Errorf("%d batches are recorded, %w; want 1", len(left), errOr(err))
	}
	return expectMembers(ctx, s, a, 1)
}

func checkStop(ctx context.Context, s upload.State) error {
	a := audienceOf("mine", "one")
	if err := settle(ctx, s, closing(batch(a, 1, upload.Add, 1, 2), upload.Done), batch(a, 2, upload.Add, 3)); err != nil {
		return err
	}
	for range 50 { // more than a pool of connections would hold
		for _, err := range s.Members(ctx, "mine", upload.Query{}) {
			if err != nil {
				return err
			}
			break
		}
		for _, err := range s.Batches(ctx, "mine", upload.Query{}) {
			if err != nil {
				return err
			}
			break
		}
	}
	return expectMembers(ctx, s, a, 1, 2)
}

func checkConcurrentRecords(ctx context.Context, s upload.State) error {
	const workers, rounds = 6, 5
	a := audienceOf("mine", "one")
	won := make([]int, workers)
	errs := make([]error, workers)
	for round := range rounds {
		var wg sync.WaitGroup
		for w := range workers {
			wg.Go(func() {
				b := batch(a, int64(round+1), upload.Add, w)
				b.Export = fmt.Sprintf("export-%d", w)
				switch err := s.Record(ctx, b); {
				case err == nil:
					won[w]++
					errs[w] = errors.Join(errs[w], s.Record(ctx, closing(b, upload.Done)))
				case !errors.Is(err, sosyal.ErrConflict):
					errs[w] = errors.Join(errs[w], err)
				}
			})
		}
		wg.Wait()
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("recording at once: %w", err)
	}
	total := 0
	for _, n := range won {
		total += n
	}
	if total != rounds {
		return fmt.Errorf("%d batches won %d places in the sequence", total, rounds)
	}
	got, err := batches(ctx, s, "mine", upload.Query{})
	if err != nil || len(got) != rounds {
		return fmt.Errorf("%d batches are recorded, %w; want %d", len(got), errOr(err), rounds)
	}
	return nil
}
