package budgettest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"time"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/budget"
)

const (
	brandA sosyal.BrandID = "brand-a"
	brandB sosyal.BrandID = "brand-b"
	book   budget.BookID  = "autumn"
)

// noon is when the cases take place, to the microsecond that ledgers keep.
func noon() time.Time { return time.Date(2026, time.November, 3, 12, 0, 0, 123456000, time.UTC) }

// approve is a plain entry.
func approve(key string, units int64) budget.Entry {
	return budget.Entry{
		Key: key, Kind: budget.EntryApprove, At: noon(), By: "director", Currency: "TRY", Request: "r1",
		Postings: []budget.Posting{
			{Account: budget.Account{Line: "meta", Bucket: budget.Authority}, Units: -units},
			{Account: budget.Account{Line: "meta", Bucket: budget.Available}, Units: units},
		},
	}
}

// full is an entry in which every field is set.
func full(key string) budget.Entry {
	e := approve(key, 1)
	e.Kind = budget.EntryCorrect
	e.By = "müdür-İ"
	e.Why = []sosyal.Reason{
		sosyal.Because("budget.converted", sosyal.TextArg("rate", "41,25 ₺ \"x\"")),
		sosyal.Because("without.arguments"),
	}
	e.Refers, e.Source, e.Day = "reservation ğ/1", "meta/1", date.New(2026, time.November, 2)
	e.Expires = noon().Add(72 * time.Hour)
	e.Reported = noon().Add(-time.Hour)
	e.Postings = []budget.Posting{
		{Account: budget.Account{Line: "çizgi 1", Bucket: budget.Committed}, Units: -(1<<62 - 1)},
		{Account: budget.Account{Line: "çizgi 1", Bucket: budget.Spent}, Units: 1<<62 - 1},
	}
	return e
}

func appendTo(
	ctx context.Context, l budget.Ledger, brand sosyal.BrandID, b budget.BookID, entries ...budget.Entry,
) (budget.Appended, error) {
	head, err := l.Head(ctx, brand, b)
	if err != nil {
		return budget.Appended{}, fmt.Errorf("head: %w", err)
	}
	out, err := l.Append(ctx, brand, head, entries...)
	if err != nil {
		return out, fmt.Errorf("append: %w", err)
	}
	return out, nil
}

func collect(entries iter.Seq2[budget.Entry, error]) ([]budget.Entry, error) {
	var all []budget.Entry
	for e, err := range entries {
		if err != nil {
			return all, fmt.Errorf("entries: %w", err)
		}
		all = append(all, e)
	}
	return all, nil
}

// holds reports whether a book has exactly n entries, an intact chain and the
// head that the chain ends in.
func holds(ctx context.Context, l budget.Ledger, brand sosyal.BrandID, b budget.BookID, n int) error {
	all, err := collect(l.Entries(ctx, brand, b, 1))
	if err != nil {
		return err
	}
	if len(all) != n {
		return fmt.Errorf("book holds %d entries, want %d", len(all), n)
	}
	end, err := budget.Verify(l.Entries(ctx, brand, b, 1))
	if err != nil {
		return err
	}
	if n == 0 {
		end.Book = b
	}
	head, err := l.Head(ctx, brand, b)
	if err != nil {
		return fmt.Errorf("head: %w", err)
	}
	if head != end {
		return fmt.Errorf("head is entry %d, the book ends at entry %d", head.Sequence, end.Sequence)
	}
	for _, e := range all {
		if e.Brand != brand || e.Book != b {
			return fmt.Errorf("entry %d belongs to brand %q, book %q", e.Sequence, e.Brand, e.Book)
		}
	}
	return nil
}

func emptyBook(ctx context.Context, l budget.Ledger) error {
	head, err := l.Head(ctx, brandA, book)
	if err != nil {
		return fmt.Errorf("head: %w", err)
	}
	if (head != budget.Head{Book: book}) {
		return fmt.Errorf("head of an empty book is %+v", head)
	}
	return holds(ctx, l, brandA, book, 0)
}

func appendAndRead(ctx context.Context, l budget.Ledger) error {
	want := []budget.Entry{approve("one", 100), full("two"), full("üç")}
	out, err := appendTo(ctx, l, brandA, book, want...)
	if err != nil {
		return err
	}
	if out.Replayed || len(out.Entries) != len(want) || out.Head.Sequence != int64(len(want)) {
		return fmt.Errorf("append returned %d entries up to %d, replayed %v", len(out.Entries), out.Head.Sequence, out.Replayed)
	}
	if err := holds(ctx, l, brandA, book, len(want)); err != nil {
		return err
	}
	read, err := collect(l.Entries(ctx, brandA, book, 1))
	if err != nil {
		return err
	}
	if len(read) != len(want) {
		return fmt.Errorf("book holds %d entries, want %d", len(read), len(want))
	}
	for i, e := range read {
		w := out.Entries[i]
		if e.Hash != w.Hash || e.Hash.IsZero() || e.InputHash() != want[i].InputHash() || !e.At.Equal(want[i].At) {
			return fmt.Errorf("entry %d came back different", e.Sequence)
		}
		e.At, w.At = time.Time{}, time.Time{}
		e.Expires, w.Expires = e.Expires.UTC(), w.Expires.UTC()
		e.Reported, w.Reported = e.Reported.UTC(), w.Reported.UTC()
		if !reflect.DeepEqual(e, w) {
			return fmt.Errorf("entry %d came back different", e.Sequence)
		}
	}
	return nil
}

func readFrom(ctx context.Context, l budget.Ledger) error {
	for i := range 5 {
		if _, err := appendTo(ctx, l, brandA, book, approve(fmt.Sprint(i), 1)); err != nil {
			return err
		}
	}
	for from, want := range map[int64]int{-1: 5, 0: 5, 1: 5, 3: 3, 5: 1, 6: 0, 99: 0} {
		got, err := collect(l.Entries(ctx, brandA, book, from))
		if err != nil {
			return err
		}
		if len(got) != want || (want > 0 && got[0].Sequence != max(1, from)) {
			return fmt.Errorf("from %d: %d entries, want %d from there on", from, len(got), want)
		}
	}
	for _, err := range l.Entries(ctx, brandA, book, 1) {
		if err != nil {
			return fmt.Errorf("entries: %w", err)
		}
		break // a reader may stop
	}
	return holds(ctx, l, brandA, book, 5)
}

func staleHead(ctx context.Context, l budget.Ledger) error {
	first, err := appendTo(ctx, l, brandA, book, approve("one", 1))
	if err != nil {
		return err
	}
	if _, err := appendTo(ctx, l, brandA, book, approve("two", 1)); err != nil {
		return err
	}
	forged := first.Head
	forged.Sequence, forged.Hash[0] = 2, forged.Hash[0]+1
	for name, head := range map[string]budget.Head{
		"an older head": first.Head, "an empty head": {Book: book}, "a head that never was": forged,
		"a head to come": {Book: book, Sequence: 9, Hash: first.Head.Hash},
	} {
		if _, err := l.Append(ctx, brandA, head, approve("three", 1)); !errors.Is(err, sosyal.ErrConflict) {
			return fmt.Errorf("append after %s: %v, want a conflict", name, err)
		}
	}
	return holds(ctx, l, brandA, book, 2)
}

func replay(ctx context.Context, l budget.Ledger) error {
	empty := budget.Head{Book: book}
	one, two := approve("one", 1), full("two")
	first, err := l.Append(ctx, brandA, empty, one, two)
	if err != nil {
		return fmt.Errorf("append: %w", err)
	}
	if _, err := appendTo(ctx, l, brandA, book, approve("later", 1)); err != nil {
		return err
	}
	one.At = one.At.Add(time.Minute) // a repeated call is made later
	again, err := l.Append(ctx, brandA, empty, one, two)
	if err != nil {
		return fmt.Errorf("replay: %w", err)
	}
	if !again.Replayed {
		return errors.New("a repeated append is not flagged")
	}
	if len(again.Entries) != 2 || again.Entries[0].Hash != first.Entries[0].Hash || again.Entries[1].Hash != first.Entries[1].Hash {
		return errors.New("a repeated append does not return what was recorded")
	}
	return holds(ctx, l, brandA, book, 3)
}

func otherInput(ctx context.Context, l budget.Ledger) error {
	if _, err := appendTo(ctx, l, brandA, book, approve("one", 1)); err != nil {
		return err
	}
	_, err := appendTo(ctx, l, brandA, book, approve("one", 2))
	if ke, ok := errors.AsType[budget.KeyError](err); !ok || ke.Key != "one" {
		return fmt.Errorf("the same key with another amount: %v, want a key error", err)
	}
	return holds(ctx, l, brandA, book, 1)
}

func partlyRecorded(ctx context.Context, l budget.Ledger) error {
	if _, err := appendTo(ctx, l, brandA, book, approve("one", 1)); err != nil {
		return err
	}
	_, err := appendTo(ctx, l, brandA, book, approve("one", 1), approve("two", 1))
	if _, ok := errors.AsType[budget.KeyError](err); !ok {
		return fmt.Errorf("a recorded and a new entry together: %v, want a key error", err)
	}
	return holds(ctx, l, brandA, book, 1)
}

func allOrNothing(ctx context.Context, l budget.Ledger) error {
	bad := approve("two", 1)
	bad.Postings[0].Units = -2
	if _, err := appendTo(ctx, l, brandA, book, approve("one", 1), bad); !errors.Is(err, sosyal.ErrInvalid) {
		return fmt.Errorf("an entry that does not sum to zero: %v, want invalid", err)
	}
	return holds(ctx, l, brandA, book, 0)
}

func badInput(ctx context.Context, l budget.Ledger) error {
	for name, change := range map[string]func(*budget.Entry){
		"no key":              func(e *budget.Entry) { e.Key = "" },
		"no actor":            func(e *budget.Entry) { e.By = "" },
		"no time":             func(e *budget.Entry) { e.At = time.Time{} },
		"an unknown kind":     func(e *budget.Entry) { e.Kind = "gift" },
		"an unknown bucket":   func(e *budget.Entry) { e.Postings[0].Bucket = "pocket" },
		"an unknown currency": func(e *budget.Entry) { e.Currency = "TL" },
		"no postings":         func(e *budget.Entry) { e.Postings = nil },
		"no line":             func(e *budget.Entry) { e.Postings[0].Line = "" },
	} {
		e := approve("bad", 1)
		change(&e)
		if _, err := appendTo(ctx, l, brandA, book, e); !errors.Is(err, sosyal.ErrInvalid) {
			return fmt.Errorf("%s: %v, want invalid", name, err)
		}
	}
	if _, err := l.Append(ctx, "", budget.Head{Book: book}, approve("one", 1)); !errors.Is(err, sosyal.ErrInvalid) {
		return fmt.Errorf("no brand: %v, want invalid", err)
	}
	if _, err := l.Append(ctx, brandA, budget.Head{}, approve("one", 1)); !errors.Is(err, sosyal.ErrInvalid) {
		return fmt.Errorf("no book: %v, want invalid", err)
	}
	if _, err := l.Append(ctx, brandA, budget.Head{Book: book}); !errors.Is(err, sosyal.ErrInvalid) {
		return fmt.Errorf("no entries: %v, want invalid", err)
	}
	if _, err := appendTo(ctx, l, brandA, book, approve("one", 1), approve("one", 1)); !errors.Is(err, sosyal.ErrInvalid) {
		return fmt.Errorf("a key twice in one append: %v, want invalid", err)
	}
	return holds(ctx, l, brandA, book, 0)
}

func brandsApart(ctx context.Context, l budget.Ledger) error {
	if _, err := appendTo(ctx, l, brandA, book, approve("one", 1), approve("two", 2)); err != nil {
		return err
	}
	if err := holds(ctx, l, brandB, book, 0); err != nil {
		return fmt.Errorf("the other brand's book: %w", err)
	}
	// The same key with other input is another brand's own business.
	out, err := appendTo(ctx, l, brandB, book, approve("one", 500))
	if err != nil {
		return fmt.Errorf("the other brand: %w", err)
	}
	if out.Replayed || out.Head.Sequence != 1 {
		return fmt.Errorf("the other brand's first entry is number %d, replayed %v", out.Head.Sequence, out.Replayed)
	}
	if f, ok := l.(budget.Finder); ok {
		if _, err := f.Find(ctx, brandB, book, "two"); !errors.Is(err, sosyal.ErrNotFound) {
			return fmt.Errorf("find in the other brand: %v, want not found", err)
		}
	}
	return errors.Join(holds(ctx, l, brandA, book, 2), holds(ctx, l, brandB, book, 1))
}

func booksApart(ctx context.Context, l budget.Ledger) error {
	if _, err := appendTo(ctx, l, brandA, book, approve("one", 1)); err != nil {
		return err
	}
	if _, err := appendTo(ctx, l, brandA, "winter", approve("one", 7)); err != nil {
		return fmt.Errorf("the other book: %w", err)
	}
	return errors.Join(holds(ctx, l, brandA, book, 1), holds(ctx, l, brandA, "winter", 1))
}

func ownCopies(ctx context.Context, l budget.Ledger) error {
	e := full("one")
	out, err := appendTo(ctx, l, brandA, book, e)
	if err != nil {
		return err
	}
	read, err := collect(l.Entries(ctx, brandA, book, 1))
	if err != nil {
		return err
	}
	if len(out.Entries) != 1 || len(read) != 1 {
		return fmt.Errorf("append returned %d entries and the book holds %d, want 1 each", len(out.Entries), len(read))
	}
	for _, mine := range []budget.Entry{e, out.Entries[0], read[0]} {
		for i := range mine.Postings {
			mine.Postings[i].Units = 5
		}
		for i := range mine.Why {
			mine.Why[i].Code = "changed"
		}
	}
	return holds(ctx, l, brandA, book, 1)
}

func cancelled(ctx context.Context, l budget.Ledger) error {
	if _, err := appendTo(ctx, l, brandA, book, approve("one", 1)); err != nil {
		return err
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := l.Head(gone, brandA, book); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("head: %v, want cancelled", err)
	}
	if _, err := l.Append(gone, brandA, budget.Head{Book: "winter"}, approve("one", 1)); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("append: %v, want cancelled", err)
	}
	if _, err := collect(l.Entries(gone, brandA, book, 1)); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("entries: %v, want cancelled", err)
	}
	return holds(ctx, l, brandA, "winter", 0)
}

func find(ctx context.Context, l budget.Ledger) error {
	f, ok := l.(budget.Finder)
	if !ok {
		return nil // optional: readers fall back to the entries
	}
	out, err := appendTo(ctx, l, brandA, book, full("one"), full("two"))
	if err != nil {
		return err
	}
	got, err := f.Find(ctx, brandA, book, "two")
	if err == nil && len(out.Entries) != 2 {
		err = fmt.Errorf("append returned %d entries, want 2", len(out.Entries))
	}
	if err != nil {
		return fmt.Errorf("find: %w", err)
	}
	if got.Hash != out.Entries[1].Hash || got.InputHash() != full("two").InputHash() {
		return errors.New("find returned another entry")
	}
	for _, b := range []budget.BookID{book, "winter"} {
		if _, err := f.Find(ctx, brandA, b, "three"); !errors.Is(err, sosyal.ErrNotFound) {
			return fmt.Errorf("find what is not there: %v, want not found", err)
		}
	}
	return nil
}
