package budgettest_test

import (
	"context"
	"errors"
	"iter"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/budget"
	"github.com/yukselenler/sosyal/budget/budgettest"
)

func memory(context.Context) (budget.Ledger, error) { return &budget.MemoryLedger{}, nil }

func TestMemoryLedger(t *testing.T) { budgettest.TestLedger(t, memory) }

func TestCheckLedgerAcceptsMemory(t *testing.T) {
	require.NoError(t, budgettest.CheckLedger(t.Context(), memory))
}

// broken wraps a ledger that works and breaks one thing.
type broken struct {
	budget.Ledger

	head    func(context.Context, budget.Ledger, sosyal.BrandID, budget.BookID) (budget.Head, error)
	append  func(context.Context, budget.Ledger, sosyal.BrandID, budget.Head, ...budget.Entry) (budget.Appended, error)
	entries func(context.Context, budget.Ledger, sosyal.BrandID, budget.BookID, int64) iter.Seq2[budget.Entry, error]
}

func (b broken) Head(ctx context.Context, brand sosyal.BrandID, book budget.BookID) (budget.Head, error) {
	if b.head != nil {
		return b.head(ctx, b.Ledger, brand, book)
	}
	return b.Ledger.Head(ctx, brand, book)
}

func (b broken) Append(ctx context.Context, brand sosyal.BrandID, prev budget.Head, e ...budget.Entry) (budget.Appended, error) {
	if b.append != nil {
		return b.append(ctx, b.Ledger, brand, prev, e...)
	}
	return b.Ledger.Append(ctx, brand, prev, e...)
}

func (b broken) Entries(ctx context.Context, brand sosyal.BrandID, book budget.BookID, from int64) iter.Seq2[budget.Entry, error] {
	if b.entries != nil {
		return b.entries(ctx, b.Ledger, brand, book, from)
	}
	return b.Ledger.Entries(ctx, brand, book, from)
}

func TestCheckLedgerCatchesDefects(t *testing.T) {
	change := func(f func(*budget.Entry)) func(context.Context, budget.Ledger, sosyal.BrandID, budget.BookID, int64) iter.Seq2[budget.Entry, error] {
		return func(ctx context.Context, l budget.Ledger, brand sosyal.BrandID, book budget.BookID, from int64) iter.Seq2[budget.Entry, error] {
			return func(yield func(budget.Entry, error) bool) {
				for e, err := range l.Entries(ctx, brand, book, from) {
					if err == nil {
						f(&e)
					}
					if !yield(e, err) {
						return
					}
				}
			}
		}
	}
	for name, b := range map[string]broken{
		"ignores the head it is given": {append: func(ctx context.Context, l budget.Ledger, brand sosyal.BrandID, prev budget.Head, e ...budget.Entry) (budget.Appended, error) {
			for {
				head, err := l.Head(ctx, brand, prev.Book)
				if err != nil {
					return budget.Appended{}, err
				}
				out, err := l.Append(ctx, brand, head, e...)
				if !errors.Is(err, sosyal.ErrConflict) {
					return out, err
				}
			}
		}},
		"records one entry after the other": {append: func(ctx context.Context, l budget.Ledger, brand sosyal.BrandID, prev budget.Head, entries ...budget.Entry) (budget.Appended, error) {
			var all budget.Appended
			for _, e := range entries {
				out, err := l.Append(ctx, brand, prev, e)
				if err != nil {
					return all, err
				}
				prev, all.Head = out.Head, out.Head
				all.Entries = append(all.Entries, out.Entries...)
				all.Replayed = out.Replayed
			}
			return all, nil
		}},
		"forgets to flag a replay": {append: func(ctx context.Context, l budget.Ledger, brand sosyal.BrandID, prev budget.Head, e ...budget.Entry) (budget.Appended, error) {
			out, err := l.Append(ctx, brand, prev, e...)
			out.Replayed = false
			return out, err
		}},
		"takes a key with other input for a replay": {append: func(ctx context.Context, l budget.Ledger, brand sosyal.BrandID, prev budget.Head, e ...budget.Entry) (budget.Appended, error) {
			out, err := l.Append(ctx, brand, prev, e...)
			if _, ok := errors.AsType[budget.KeyError](err); ok {
				return budget.Appended{Head: prev, Replayed: true}, nil
			}
			return out, err
		}},
		"drops the brand": {
			head: func(ctx context.Context, l budget.Ledger, _ sosyal.BrandID, book budget.BookID) (budget.Head, error) {
				return l.Head(ctx, "all", book)
			},
			append: func(ctx context.Context, l budget.Ledger, _ sosyal.BrandID, prev budget.Head, e ...budget.Entry) (budget.Appended, error) {
				return l.Append(ctx, "all", prev, e...)
			},
			entries: func(ctx context.Context, l budget.Ledger, _ sosyal.BrandID, book budget.BookID, from int64) iter.Seq2[budget.Entry, error] {
				return l.Entries(ctx, "all", book, from)
			},
		},
		"drops the book": {head: func(ctx context.Context, l budget.Ledger, brand sosyal.BrandID, _ budget.BookID) (budget.Head, error) {
			return l.Head(ctx, brand, "all")
		}},
		"starts one entry late": {entries: func(ctx context.Context, l budget.Ledger, brand sosyal.BrandID, book budget.BookID, from int64) iter.Seq2[budget.Entry, error] {
			return l.Entries(ctx, brand, book, from+1)
		}},
		"always reads from the start": {entries: func(ctx context.Context, l budget.Ledger, brand sosyal.BrandID, book budget.BookID, _ int64) iter.Seq2[budget.Entry, error] {
			return l.Entries(ctx, brand, book, 1)
		}},
		"loses the reasons":             {entries: change(func(e *budget.Entry) { e.Why = nil })},
		"loses the day":                 {entries: change(func(e *budget.Entry) { e.Day = 0 })},
		"keeps seconds only":            {entries: change(func(e *budget.Entry) { e.At = e.At.Truncate(time.Second) })},
		"alters an amount and balances": {entries: change(func(e *budget.Entry) { e.Postings[0].Units++; e.Postings[1].Units-- })},
		"ignores cancellation": {entries: func(ctx context.Context, l budget.Ledger, brand sosyal.BrandID, book budget.BookID, from int64) iter.Seq2[budget.Entry, error] {
			return l.Entries(context.WithoutCancel(ctx), brand, book, from)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			err := budgettest.CheckLedger(t.Context(), func(context.Context) (budget.Ledger, error) {
				b.Ledger = &budget.MemoryLedger{}
				return b, nil
			})
			assert.Error(t, err)
		})
	}
}

// racy checks the head and appends without holding the two together.
type racy struct {
	budget.MemoryLedger

	mu   sync.Mutex
	rest map[sosyal.BrandID][]budget.Entry
}

func (r *racy) Append(_ context.Context, brand sosyal.BrandID, prev budget.Head, e ...budget.Entry) (budget.Appended, error) {
	head, err := r.Head(context.Background(), brand, prev.Book)
	if err != nil {
		return budget.Appended{}, err
	}
	out, err := budget.Admit(brand, head, prev, func(string) (budget.Entry, error) { return budget.Entry{}, sosyal.ErrNotFound }, e...)
	if err != nil {
		return out, err
	}
	time.Sleep(time.Millisecond)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.rest == nil {
		r.rest = map[sosyal.BrandID][]budget.Entry{}
	}
	r.rest[brand] = append(r.rest[brand], out.Entries...)
	return out, nil
}

func (r *racy) Head(_ context.Context, brand sosyal.BrandID, book budget.BookID) (budget.Head, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	head := budget.Head{Book: book}
	for _, e := range r.rest[brand] {
		if e.Book == book {
			head.Sequence, head.Hash = e.Sequence, e.Hash
		}
	}
	return head, nil
}

func (r *racy) Entries(_ context.Context, brand sosyal.BrandID, book budget.BookID, from int64) iter.Seq2[budget.Entry, error] {
	return func(yield func(budget.Entry, error) bool) {
		r.mu.Lock()
		all := append([]budget.Entry{}, r.rest[brand]...)
		r.mu.Unlock()
		for _, e := range all {
			if e.Book == book && e.Sequence >= from && !yield(e, nil) {
				return
			}
		}
	}
}

func TestCheckLedgerCatchesRaces(t *testing.T) {
	err := budgettest.CheckLedger(t.Context(), func(context.Context) (budget.Ledger, error) { return &racy{}, nil })
	require.ErrorContains(t, err, "one winner")
}
