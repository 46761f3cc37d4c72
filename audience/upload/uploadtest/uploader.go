package uploadtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience/upload"
	"github.com/yukselenler/sosyal/internal/conformancetest"
)

// NewUploader returns an uploader to empty audiences. It is called once for each
// case. The suite uses the audiences "one" and "two" of the account "account" on
// [upload.Meta], for the brands "mine" and "theirs"; an adapter to a platform's
// test accounts maps them to audiences of its own.
type NewUploader func(ctx context.Context) (upload.Uploader, error)

// TestUploader runs the contract of [upload.Uploader] against what open returns,
// one subtest for each case.
func TestUploader(t *testing.T, open NewUploader) {
	t.Helper()
	conformancetest.Test(t, uploaderCases(), open)
}

// CheckUploader runs the contract of [upload.Uploader] against what open returns
// and returns what it breaks, each with the name of the case and its explanation.
func CheckUploader(ctx context.Context, open NewUploader) error {
	return conformancetest.Check(ctx, uploaderCases(), open)
}

func uploaderCases() []conformancetest.Case[upload.Uploader] {
	rule := conformancetest.Rule[upload.Uploader]
	return []conformancetest.Case[upload.Uploader]{
		rule("add and remove", "who is added is in the audience and who is removed is not", checkAddAndRemove),
		rule("add again", "adding who is there already is no error and adds nobody", checkAddAgain),
		rule("remove nobody", "removing who is not there is no error: withdrawals repeat", checkRemoveNobody),
		rule("rejected rows", "a row in the wrong form is named by its place, and the others are taken", checkRejectedRows),
		rule("invalid batch", "a batch that cannot be sent is refused for certain, as RefusedError, and changes nothing", checkInvalidBatch),
		rule("wrong call", "a batch to remove that is passed to Add would add who withdrew", checkWrongCall),
		rule("repeated key", "a batch that comes again under its key is answered as before and changes nothing", checkRepeatedKey),
		rule("other content", "a key that was used for another batch is refused", checkOtherContent),
		rule("find", "a batch that arrived is found with its result, one that did not is ErrNotFound", checkFind),
		rule("audiences", "audiences do not meet", checkAudiences),
		rule("tenancy", "brands do not meet, though their audiences have the same id", checkTenancy),
		rule("cancelled", "under a cancelled context there is an error, and none that claims a refusal", checkCancelledCall),
		rule("own copy", "what the caller does to the batch afterwards changes nothing", checkOwnCopy),
		rule("concurrent", "batches that are sent at once are all taken", checkConcurrentCalls),
	}
}

func start() time.Time { return time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC) }

func audienceOf(brand sosyal.BrandID, id upload.AudienceID) upload.Audience {
	return upload.Audience{Brand: brand, Platform: upload.Meta, Account: "account", ID: id}
}

func email(n int) upload.Key {
	sum := sha256.Sum256([]byte("person" + strconv.Itoa(n) + "@example.com"))
	return upload.Key{Kind: upload.KindEmail, Value: hex.EncodeToString(sum[:])}
}

func row(brand sosyal.BrandID, n int) upload.Row {
	return upload.Row{Person: sosyal.PersonDigest(brand, sosyal.PersonID(strconv.Itoa(n))), Keys: []upload.Key{email(n)}}
}

// batch is an open batch of people in order.
func batch(a upload.Audience, sequence int64, action upload.Action, people ...int) upload.Batch {
	b := upload.Batch{
		Key: upload.BatchKey(a, sequence), Audience: a, Sequence: sequence, Action: action, Size: len(people),
		Export: "export", By: "suite", At: start().Add(time.Duration(sequence) * time.Hour), Outcome: upload.Open,
	}
	for _, n := range people {
		b.Rows = append(b.Rows, row(a.Brand, n))
	}
	slices.SortFunc(b.Rows, func(x, y upload.Row) int {
		if x.Person < y.Person {
			return -1
		}
		return 1
	})
	return b
}

func send(ctx context.Context, u upload.Uploader, b upload.Batch) (upload.Result, error) {
	if b.Action == upload.Remove {
		return u.Remove(ctx, b)
	}
	return u.Add(ctx, b)
}

// taken sends a batch of which every row must be taken.
func taken(ctx context.Context, u upload.Uploader, b upload.Batch) error {
	result, err := send(ctx, u, b)
	if err != nil {
		return fmt.Errorf("%s %d people: %w", b.Action, len(b.Rows), err)
	}
	if len(result.Rejections) > 0 {
		return fmt.Errorf("%s rejected %d of %d good rows", b.Action, len(result.Rejections), len(b.Rows))
	}
	return nil
}

// expectSize compares the size of an audience where the uploader tells it.
func expectSize(ctx context.Context, u upload.Uploader, a upload.Audience, want int) error {
	sizer, ok := u.(upload.Sizer)
	if !ok {
		return nil
	}
	got, err := sizer.Size(ctx, a)
	if err != nil {
		return fmt.Errorf("asking for the size: %w", err)
	}
	if got != want {
		return fmt.Errorf("%d people are in audience %s of brand %s, want %d", got, a, a.Brand, want)
	}
	return nil
}

func expectRefused(err error, what string) error {
	if _, ok := errors.AsType[upload.RefusedError](err); !ok {
		return fmt.Errorf("%s gave %v, want a RefusedError", what, err)
	}
	return nil
}

func checkAddAndRemove(ctx context.Context, u upload.Uploader) error {
	a := audienceOf("mine", "one")
	if err := taken(ctx, u, batch(a, 1, upload.Add, 1, 2, 3)); err != nil {
		return err
	}
	if err := expectSize(ctx, u, a, 3); err != nil {
		return err
	}
	if err := taken(ctx, u, batch(a, 2, upload.Remove, 2)); err != nil {
		return err
	}
	return expectSize(ctx, u, a, 2)
}

func checkAddAgain(ctx context.Context, u upload.Uploader) error {
	a := audienceOf("mine", "one")
	if err := taken(ctx, u, batch(a, 1, upload.Add, 1, 2)); err != nil {
		return err
	}
	if err := taken(ctx, u, batch(a, 2, upload.Add, 2, 3)); err != nil {
		return err
	}
	return expectSize(ctx, u, a, 3)
}

func checkRemoveNobody(ctx context.Context, u upload.Uploader) error {
	a := audienceOf("mine", "one")
	if err := taken(ctx, u, batch(a, 1, upload.Remove, 1)); err != nil {
		return err
	}
	return expectSize(ctx, u, a, 0)
}

func checkRejectedRows(ctx context.Context, u upload.Uploader) error {
	a := audienceOf("mine", "one")
	b := batch(a, 1, upload.Add, 1, 2, 3, 4)
	b.Rows[1].Keys[0].Value = "person@example.com" // not hashed
	b.Rows[3].Keys[0].Value = b.Rows[3].Keys[0].Value[:40]
	result, err := u.Add(ctx, b)
	if err != nil {
		return fmt.Errorf("adding two good rows and two bad ones: %w", err)
	}
	if err := result.Validate(4); err != nil {
		return fmt.Errorf("the result: %w", err)
	}
	if len(result.Rejections) != 2 || result.Rejections[0].Row != 1 || result.Rejections[1].Row != 3 {
		return fmt.Errorf("the rejections are %v, want those of rows 1 and 3", result.Rejections)
	}
	return expectSize(ctx, u, a, 2)
}

func checkInvalidBatch(ctx context.Context, u upload.Uploader) error {
	a := audienceOf("mine", "one")
	for what, spoil := range map[string]func(*upload.Batch){
		"without rows":      func(b *upload.Batch) { b.Rows = nil },
		"without a brand":   func(b *upload.Batch) { b.Audience.Brand = "" },
		"without a key":     func(b *upload.Batch) { b.Key = "" },
		"of another action": func(b *upload.Batch) { b.Action = "replace" },
		"out of order":      func(b *upload.Batch) { slices.Reverse(b.Rows) },
	} {
		b := batch(a, 1, upload.Add, 1, 2)
		spoil(&b)
		_, err := u.Add(ctx, b)
		if err := expectRefused(err, "adding a batch "+what); err != nil {
			return err
		}
	}
	if err := expectSize(ctx, u, a, 0); err != nil {
		return err
	}
	return taken(ctx, u, batch(a, 1, upload.Add, 1, 2)) // the key is still free
}

func checkWrongCall(ctx context.Context, u upload.Uploader) error {
	a := audienceOf("mine", "one")
	_, err := u.Add(ctx, batch(a, 1, upload.Remove, 1))
	if err := expectRefused(err, "Add with a batch to remove"); err != nil {
		return err
	}
	_, err = u.Remove(ctx, batch(a, 2, upload.Add, 1))
	if err := expectRefused(err, "Remove with a batch to add"); err != nil {
		return err
	}
	return expectSize(ctx, u, a, 0)
}

func repeatable(u upload.Uploader) error {
	if r, ok := u.(upload.Repeatable); !ok || !r.Repeatable() {
		return conformancetest.ErrAbsent
	}
	return nil
}

func checkRepeatedKey(ctx context.Context, u upload.Uploader) error {
	if err := repeatable(u); err != nil {
		return err
	}
	a := audienceOf("mine", "one")
	b := batch(a, 1, upload.Add, 1, 2)
	b.Rows[1].Keys[0].Value = "plain"
	first, err := u.Add(ctx, b)
	if err != nil {
		return fmt.Errorf("adding: %w", err)
	}
	second, err := u.Add(ctx, b)
	if err != nil {
		return fmt.Errorf("adding the same batch again: %w", err)
	}
	if len(first.Rejections) != 1 || len(second.Rejections) != 1 || first.Rejections[0].Row != second.Rejections[0].Row {
		return fmt.Errorf("the same batch gave %v and then %v", first.Rejections, second.Rejections)
	}
	if err := expectSize(ctx, u, a, 1); err != nil {
		return err
	}
	// Once the person has been removed, a late repetition must not bring him back.
	removal := batch(a, 2, upload.Remove, 1, 2)
	removal.Rows = slices.DeleteFunc(removal.Rows, func(r upload.Row) bool { return r.Person == b.Rows[1].Person })
	removal.Size = 1
	if err := taken(ctx, u, removal); err != nil {
		return err
	}
	if _, err := u.Add(ctx, b); err != nil {
		return fmt.Errorf("adding the same batch once more: %w", err)
	}
	return expectSize(ctx, u, a, 0)
}

func checkOtherContent(ctx context.Context, u upload.Uploader) error {
	if err := repeatable(u); err != nil {
		return err
	}
	a := audienceOf("mine", "one")
	if err := taken(ctx, u, batch(a, 1, upload.Add, 1)); err != nil {
		return err
	}
	_, err := u.Add(ctx, batch(a, 1, upload.Add, 2))
	if err := expectRefused(err, "other people under a used key"); err != nil {
		return err
	}
	return expectSize(ctx, u, a, 1)
}

func checkFind(ctx context.Context, u upload.Uploader) error {
	finder, ok := u.(upload.Finder)
	if !ok {
		return conformancetest.ErrAbsent
	}
	a := audienceOf("mine", "one")
	b := batch(a, 1, upload.Add, 1, 2)
	if _, err := finder.Find(ctx, b); !errors.Is(err, sosyal.ErrNotFound) {
		return fmt.Errorf("looking for a batch that was not sent gave %v, want ErrNotFound", err)
	}
	b.Rows[0].Keys[0].Value = "plain"
	want, err := u.Add(ctx, b)
	if err != nil {
		return fmt.Errorf("adding: %w", err)
	}
	got, err := finder.Find(ctx, b)
	if err != nil {
		return fmt.Errorf("looking for a batch that was sent: %w", err)
	}
	if len(got.Rejections) != len(want.Rejections) {
		return fmt.Errorf("the batch is found with %d rejections, it had %d", len(got.Rejections), len(want.Rejections))
	}
	return expectSize(ctx, u, a, 1)
}

func checkAudiences(ctx context.Context, u upload.Uploader) error {
	one, two := audienceOf("mine", "one"), audienceOf("mine", "two")
	if err := taken(ctx, u, batch(one, 1, upload.Add, 1, 2)); err != nil {
		return err
	}
	if err := taken(ctx, u, batch(two, 1, upload.Remove, 1)); err != nil {
		return err
	}
	return errors.Join(expectSize(ctx, u, one, 2), expectSize(ctx, u, two, 0))
}

func checkTenancy(ctx context.Context, u upload.Uploader) error {
	mine, theirs := audienceOf("mine", "one"), audienceOf("theirs", "one")
	if err := taken(ctx, u, batch(mine, 1, upload.Add, 1, 2)); err != nil {
		return err
	}
	if err := taken(ctx, u, batch(theirs, 1, upload.Add, 1)); err != nil {
		return err
	}
	if err := taken(ctx, u, batch(theirs, 2, upload.Remove, 1, 2)); err != nil {
		return err
	}
	return errors.Join(expectSize(ctx, u, mine, 2), expectSize(ctx, u, theirs, 0))
}

func checkCancelledCall(ctx context.Context, u upload.Uploader) error {
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	for i, action := range []upload.Action{upload.Add, upload.Remove} {
		_, err := send(cancelled, u, batch(audienceOf("mine", "one"), int64(i+1), action, 1))
		if err == nil {
			return fmt.Errorf("%s under a cancelled context gave no error", action)
		}
		if _, refused := errors.AsType[upload.RefusedError](err); refused {
			return fmt.Errorf("%s under a cancelled context claims that the platform refused: %w", action, err)
		}
	}
	return nil
}

func checkOwnCopy(ctx context.Context, u upload.Uploader) error {
	a := audienceOf("mine", "one")
	b := batch(a, 1, upload.Add, 1, 2)
	if err := taken(ctx, u, b); err != nil {
		return err
	}
	for i := range b.Rows {
		b.Rows[i].Keys[0].Value = "overwritten"
	}
	if err := taken(ctx, u, batch(a, 2, upload.Remove, 1)); err != nil {
		return err
	}
	return expectSize(ctx, u, a, 1)
}

func checkConcurrentCalls(ctx context.Context, u upload.Uploader) error {
	const calls = 8
	a := audienceOf("mine", "one")
	errs := make([]error, calls)
	var wg sync.WaitGroup
	for i := range calls {
		wg.Go(func() { errs[i] = taken(ctx, u, batch(a, int64(i+1), upload.Add, 2*i, 2*i+1)) })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("adding at once: %w", err)
	}
	return expectSize(ctx, u, a, 2*calls)
}
