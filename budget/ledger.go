package budget

import (
	"context"
	"fmt"
	"iter"

	"github.com/yukselenler/sosyal"
)

// Head is the end of a book. A book without entries has sequence 0 and the zero
// hash.
type Head struct {
	Book     BookID `json:"book"`
	Sequence int64  `json:"sequence"`
	Hash     Hash   `json:"hash"`
}

// Appended is the outcome of an append.
type Appended struct {
	// Head is the end of the book after the append; for a replay, its present
	// end.
	Head Head
	// Entries are the entries as they are recorded.
	Entries []Entry
	// Replayed says that the very same entries were recorded before and nothing
	// was written now.
	Replayed bool
}

// Ledger is the port to an append-only store of entries. Implementations are
// safe for concurrent use, and everything belongs to the brand that is named:
// two brands may have books of the same id and never see each other's.
//
// budgettest holds an implementation to all of this.
type Ledger interface {
	// Head returns the end of a book. A book nobody wrote to is empty, not an
	// error.
	Head(ctx context.Context, brand sosyal.BrandID, book BookID) (Head, error)

	// Append records entries, all or none, at the end of the book prev names,
	// and durably: when it returns without error they are kept. What it does is
	// decided by [Admit]: a prev that is no longer the end of the book is
	// [sosyal.ErrConflict], unless every entry was recorded before under its
	// key, which is a replay; a key with other input is a [KeyError].
	Append(ctx context.Context, brand sosyal.BrandID, prev Head, entries ...Entry) (Appended, error)

	// Entries yields the entries of a book in order, from the sequence number
	// from on. An error ends the stream.
	Entries(ctx context.Context, brand sosyal.BrandID, book BookID, from int64) iter.Seq2[Entry, error]
}

// Finder is a ledger that finds an entry by its key without reading the book.
type Finder interface {
	// Find returns the entry, or [sosyal.ErrNotFound].
	Find(ctx context.Context, brand sosyal.BrandID, book BookID, key string) (Entry, error)
}

// KeyError says that an idempotency key was used before with other input, or
// only for a part of the entries. It is [sosyal.ErrInvalid]: retrying will not
// help.
type KeyError struct {
	Key  string
	Rule string
}

// Error names the key and what it broke.
func (e KeyError) Error() string { return fmt.Sprintf("ledger key %q: %s", e.Key, e.Rule) }

// Is reports whether target is [sosyal.ErrInvalid].
func (e KeyError) Is(target error) bool { return target == sosyal.ErrInvalid }

// Admit decides what an append does, for implementations of [Ledger] to call
// within their transaction: head is the end of the book now, find looks an
// entry up by its key and returns [sosyal.ErrNotFound] where there is none.
//
// Where the result is a replay, nothing is to be written. Otherwise the
// implementation stores the entries of the result, complete with sequence and
// hashes, and makes its head the end of the book.
func Admit(
	brand sosyal.BrandID, head, prev Head, find func(key string) (Entry, error), entries ...Entry,
) (Appended, error) {
	if err := checkInput(brand, prev, entries); err != nil {
		return Appended{}, err
	}
	recorded := make([]Entry, 0, len(entries))
	for _, e := range entries {
		before, err := find(e.Key)
		switch {
		case isNotFound(err):
			continue
		case err != nil:
			return Appended{}, fmt.Errorf("look up ledger key: %w", err)
		}
		if before.InputHash() != normalised(e).InputHash() {
			return Appended{}, KeyError{Key: e.Key, Rule: "was used before with other input"}
		}
		recorded = append(recorded, before)
	}
	switch {
	case len(recorded) == len(entries):
		return Appended{Head: head, Entries: recorded, Replayed: true}, nil
	case len(recorded) > 0:
		return Appended{}, KeyError{Key: recorded[0].Key, Rule: "was recorded before, but not the entries that come with it now"}
	case head != prev:
		return Appended{}, fmt.Errorf("append to book %s after entry %d, which ends at entry %d: %w",
			prev.Book, prev.Sequence, head.Sequence, sosyal.ErrConflict)
	}
	sealed, end := seal(brand, head, entries)
	return Appended{Head: end, Entries: sealed}, nil
}

// normalised rounds the times as they are stored.
func normalised(e Entry) Entry {
	e.At, e.Expires, e.Reported = instant(e.At), instant(e.Expires), instant(e.Reported)
	return e
}

func checkInput(brand sosyal.BrandID, prev Head, entries []Entry) error {
	if err := sosyal.CheckBrand(brand); err != nil {
		return err
	}
	var p sosyal.Problems
	p.Require(prev.Book != "", "book", "must not be empty", "")
	p.Require(len(entries) > 0, "entries", "must hold at least one entry", "")
	keys := make(map[string]bool, len(entries))
	for i, e := range entries {
		field := fmt.Sprintf("entries[%d]", i)
		p.Nest(field, e.Validate())
		p.Require(!keys[e.Key] || e.Key == "", field+".key", "must not repeat within one append", e.Key)
		keys[e.Key] = true
	}
	return p.Err()
}

// ChainError says at which entry a chain is broken.
type ChainError struct {
	Sequence int64
	Rule     string
}

// Error names the entry and the broken rule.
func (e ChainError) Error() string {
	return fmt.Sprintf("ledger chain broken at entry %d: %s", e.Sequence, e.Rule)
}

// Is reports whether target is [sosyal.ErrInvalid].
func (e ChainError) Is(target error) bool { return target == sosyal.ErrInvalid }

// Verify recomputes the chain of a whole book from its first entry and returns
// its end, which the caller compares with a head kept elsewhere: a chain whose
// last entries were cut off is still a chain. A gap, an entry out of place, one
// that was altered, or one that does not sum to zero is a [ChainError].
//
// Verify checks the records; what they add up to is checked by
// [Statement.Apply].
func Verify(entries iter.Seq2[Entry, error]) (Head, error) {
	var head Head
	var brand sosyal.BrandID
	var buf []byte
	for e, err := range entries {
		if err != nil {
			return head, err
		}
		if head.Sequence == 0 {
			brand, head.Book = e.Brand, e.Book
		}
		if buf, err = verifyNext(head, brand, e, buf); err != nil {
			return head, err
		}
		head.Sequence, head.Hash = e.Sequence, e.Hash
	}
	return head, nil
}

func verifyNext(head Head, brand sosyal.BrandID, e Entry, buf []byte) ([]byte, error) {
	switch {
	case e.Sequence != head.Sequence+1:
		return buf, ChainError{head.Sequence + 1, fmt.Sprintf("found entry %d in its place", e.Sequence)}
	case e.Book != head.Book || e.Brand != brand:
		return buf, ChainError{e.Sequence, "belongs to another book"}
	case e.Previous != head.Hash:
		return buf, ChainError{e.Sequence, "does not follow from the entry before"}
	}
	var sum int64
	for _, p := range e.Postings {
		sum += p.Units
	}
	if sum != 0 {
		return buf, ChainError{e.Sequence, "does not sum to zero"}
	}
	hash, buf := e.chainHash(buf)
	if hash != e.Hash {
		return buf, ChainError{e.Sequence, "was altered: its hash does not fit its content"}
	}
	return buf, nil
}
