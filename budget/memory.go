package budget

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"

	"github.com/yukselenler/sosyal"
)

// MemoryLedger keeps books in memory. The zero MemoryLedger is empty and ready
// to use; it is safe for concurrent use and must not be copied.
type MemoryLedger struct {
	mu    sync.RWMutex
	books map[memoryBook]*memoryEntries
}

type memoryBook struct {
	brand sosyal.BrandID
	book  BookID
}

type memoryEntries struct {
	head    Head
	entries []Entry
	keys    map[string]int
}

func (m *memoryEntries) find(key string) (Entry, error) {
	if i, ok := m.keys[key]; ok {
		return cloned(m.entries[i]), nil
	}
	return Entry{}, fmt.Errorf("ledger key: %w", sosyal.ErrNotFound)
}

// Head implements [Ledger].
func (l *MemoryLedger) Head(ctx context.Context, brand sosyal.BrandID, book BookID) (Head, error) {
	if err := ctx.Err(); err != nil {
		return Head{}, err
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	if kept, ok := l.books[memoryBook{brand, book}]; ok {
		return kept.head, nil
	}
	return Head{Book: book}, nil
}

// Append implements [Ledger].
func (l *MemoryLedger) Append(
	ctx context.Context, brand sosyal.BrandID, prev Head, entries ...Entry,
) (Appended, error) {
	if err := ctx.Err(); err != nil {
		return Appended{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	id := memoryBook{brand, prev.Book}
	kept, ok := l.books[id]
	if !ok {
		kept = &memoryEntries{head: Head{Book: prev.Book}, keys: map[string]int{}}
	}
	out, err := Admit(brand, kept.head, prev, kept.find, entries...)
	if err != nil || out.Replayed {
		return out, err
	}
	for _, e := range out.Entries {
		kept.keys[e.Key] = len(kept.entries)
		kept.entries = append(kept.entries, cloned(e))
	}
	kept.head = out.Head
	if !ok {
		if l.books == nil {
			l.books = map[memoryBook]*memoryEntries{}
		}
		l.books[id] = kept
	}
	return out, nil
}

// Entries implements [Ledger]. The stream is the book as it was when the first
// entry was asked for.
func (l *MemoryLedger) Entries(
	ctx context.Context, brand sosyal.BrandID, book BookID, from int64,
) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		l.mu.RLock()
		var entries []Entry
		if kept, ok := l.books[memoryBook{brand, book}]; ok {
			// Entries are only ever appended, so the part seen now stays as it is.
			entries = kept.entries[min(int(max(from, 1)-1), len(kept.entries)):]
		}
		l.mu.RUnlock()
		for _, e := range entries {
			if err := ctx.Err(); err != nil {
				yield(Entry{}, err)
				return
			}
			if !yield(cloned(e), nil) {
				return
			}
		}
	}
}

// Find implements [Finder].
func (l *MemoryLedger) Find(
	ctx context.Context, brand sosyal.BrandID, book BookID, key string,
) (Entry, error) {
	if err := ctx.Err(); err != nil {
		return Entry{}, err
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	kept, ok := l.books[memoryBook{brand, book}]
	if !ok {
		return Entry{}, fmt.Errorf("ledger key: %w", sosyal.ErrNotFound)
	}
	return kept.find(key)
}

// cloned shares nothing with e, because callers may change what they receive.
func cloned(e Entry) Entry {
	e.Postings, e.Why = slices.Clone(e.Postings), slices.Clone(e.Why)
	return e
}

func isNotFound(err error) bool { return errors.Is(err, sosyal.ErrNotFound) }
