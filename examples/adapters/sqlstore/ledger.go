package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/budget"
)

// Ledger keeps the books of budgets. It implements [budget.Ledger] and
// [budget.Finder]. Nothing in its tables is ever changed but the head of a
// book, and nothing is deleted.
type Ledger struct {
	db *DB
}

// Ledger returns the store of books.
func (d *DB) Ledger() *Ledger { return &Ledger{db: d} }

// Head implements [budget.Ledger].
func (l *Ledger) Head(ctx context.Context, brand sosyal.BrandID, book budget.BookID) (budget.Head, error) {
	if err := ctx.Err(); err != nil {
		return budget.Head{}, err
	}
	head, err := l.head(ctx, l.db.reader(ctx), brand, book, "")
	if errors.Is(err, sql.ErrNoRows) {
		return budget.Head{Book: book}, nil
	}
	return head, l.db.failure(ctx, "reading the head of a book", err)
}

// head reads the end of a book; sql.ErrNoRows where it has none.
func (l *Ledger) head(
	ctx context.Context, q querier, brand sosyal.BrandID, book budget.BookID, clause string,
) (budget.Head, error) {
	head := budget.Head{Book: book}
	var hash string
	err := q.QueryRowContext(ctx,
		l.db.sql("SELECT sequence, hash FROM sosyal_ledger_head WHERE brand = ? AND book = ?"+clause),
		string(brand), string(book)).Scan(&head.Sequence, &hash)
	if err != nil {
		return budget.Head{}, err
	}
	return head, head.Hash.UnmarshalText([]byte(hash))
}

// Append implements [budget.Ledger]. It is durable when it returns: see the
// package's notes on synchronous.
func (l *Ledger) Append(
	ctx context.Context, brand sosyal.BrandID, prev budget.Head, entries ...budget.Entry,
) (budget.Appended, error) {
	if err := checkEntries(brand, prev.Book, entries); err != nil {
		return budget.Appended{}, err
	}
	var out budget.Appended
	err := l.db.write(ctx, "appending to a book", func(q querier) error {
		head, err := l.lockHead(ctx, q, brand, prev.Book)
		if err != nil {
			return err
		}
		if head == prev {
			// Keys that were used before are rare, so they are looked up only when
			// the table refuses one.
			out, err = budget.Admit(brand, head, prev, notFound, entries...)
			if err != nil {
				return err
			}
			if stored, err := l.store(ctx, q, brand, head, out); stored || err != nil {
				return err
			}
		}
		known, err := l.recorded(ctx, q, brand, prev.Book, entries)
		if err != nil {
			return err
		}
		find := func(key string) (budget.Entry, error) {
			if e, ok := known[key]; ok {
				return e, nil
			}
			return notFound(key)
		}
		out, err = budget.Admit(brand, head, prev, find, entries...)
		if err != nil || out.Replayed {
			return err
		}
		stored, err := l.store(ctx, q, brand, head, out)
		if err == nil && !stored {
			err = fmt.Errorf("book %s holds a key that was not found: %w", prev.Book, sosyal.ErrConflict)
		}
		return err
	})
	if err != nil {
		return budget.Appended{}, err
	}
	return out, nil
}

func notFound(string) (budget.Entry, error) { return budget.Entry{}, sosyal.ErrNotFound }

// checkEntries refuses texts that would come back changed, which would break the
// chain of hashes. Everything else is for [budget.Admit] to refuse.
func checkEntries(brand sosyal.BrandID, book budget.BookID, entries []budget.Entry) error {
	const rule = "must be UTF-8 without the character U+0000"
	var p sosyal.Problems
	p.Require(storable(string(brand)), "brand", rule, "")
	p.Require(storable(string(book)), "book", rule, "")
	for i, e := range entries {
		texts := []string{e.Key, string(e.Kind), string(e.By), e.Currency, string(e.Request), e.Refers, e.Source}
		for _, posting := range e.Postings {
			texts = append(texts, string(posting.Line), string(posting.Bucket))
		}
		for _, reason := range e.Why {
			texts = append(texts, reason.Code)
			for _, arg := range reason.Args {
				texts = append(texts, arg.Name, string(arg.Kind), arg.Value)
			}
		}
		p.Require(storable(texts...), fmt.Sprintf("entries[%d]", i), rule, "")
	}
	return p.Err()
}

// lockHead reads the end of a book such that nobody else can move it.
func (l *Ledger) lockHead(ctx context.Context, q querier, brand sosyal.BrandID, book budget.BookID) (budget.Head, error) {
	head, err := l.head(ctx, q, brand, book, l.db.forUpdate())
	if !errors.Is(err, sql.ErrNoRows) {
		return head, err
	}
	if brand == "" || book == "" {
		return budget.Head{Book: book}, nil // which Admit refuses
	}
	// A row that does not exist cannot be locked; the first append makes it.
	empty := budget.Head{Book: book}
	_, err = q.ExecContext(ctx,
		l.db.sql("INSERT INTO sosyal_ledger_head (brand, book, sequence, hash) VALUES (?, ?, ?, ?) ON CONFLICT (brand, book) DO NOTHING"),
		string(brand), string(book), empty.Sequence, empty.Hash.String())
	if err != nil {
		return budget.Head{}, err
	}
	return l.head(ctx, q, brand, book, l.db.forUpdate())
}

// recorded returns those of the entries that the book has, by their keys.
func (l *Ledger) recorded(
	ctx context.Context, q querier, brand sosyal.BrandID, book budget.BookID, entries []budget.Entry,
) (_ map[string]budget.Entry, err error) {
	keys := make([]string, len(entries))
	for i, e := range entries {
		keys[i] = e.Key
	}
	texts, err := json.Marshal(keys)
	if err != nil {
		return nil, err
	}
	rows, err := q.QueryContext(ctx,
		l.db.sql("SELECT entry FROM sosyal_ledger_entry WHERE brand = ? AND book = ? AND "+l.db.in("key")),
		string(brand), string(book), string(texts))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	known := map[string]budget.Entry{}
	for rows.Next() {
		e, err := scanEntry(rows.Scan)
		if err != nil {
			return nil, err
		}
		known[e.Key] = e
	}
	return known, rows.Err()
}

// store writes admitted entries and moves the head. It reports false, and leaves
// the book as it was, where a key is in use.
func (l *Ledger) store(ctx context.Context, q querier, brand sosyal.BrandID, head budget.Head, out budget.Appended) (bool, error) {
	const columns = 5
	var written int64
	for part := range slices.Chunk(out.Entries, page) {
		args := make([]any, 0, columns*len(part))
		for _, e := range part {
			text, err := json.Marshal(e)
			if err != nil {
				return false, fmt.Errorf("writing a ledger entry as JSON: %w", err)
			}
			args = append(args, string(brand), string(out.Head.Book), e.Sequence, e.Key, string(text))
		}
		result, err := q.ExecContext(ctx, l.db.sql(
			"INSERT INTO sosyal_ledger_entry (brand, book, sequence, key, entry) VALUES "+values(len(part), columns)+
				" ON CONFLICT (brand, book, key) DO NOTHING"), args...)
		if err != nil {
			return false, err
		}
		n, err := result.RowsAffected()
		if err != nil {
			return false, err
		}
		written += n
	}
	if written != int64(len(out.Entries)) {
		// None of what was just written has been seen by anybody.
		_, err := q.ExecContext(ctx, l.db.sql("DELETE FROM sosyal_ledger_entry WHERE brand = ? AND book = ? AND sequence > ?"),
			string(brand), string(out.Head.Book), head.Sequence)
		return false, err
	}
	_, err := q.ExecContext(ctx, l.db.sql("UPDATE sosyal_ledger_head SET sequence = ?, hash = ? WHERE brand = ? AND book = ?"),
		out.Head.Sequence, out.Head.Hash.String(), string(brand), string(out.Head.Book))
	return err == nil, err
}

// Entries implements [budget.Ledger]. Entries that are appended meanwhile are
// yielded too.
func (l *Ledger) Entries(
	ctx context.Context, brand sosyal.BrandID, book budget.BookID, from int64,
) iter.Seq2[budget.Entry, error] {
	return func(yield func(budget.Entry, error) bool) {
		for {
			entries, err := l.entries(ctx, brand, book, from)
			if err != nil {
				yield(budget.Entry{}, err)
				return
			}
			for _, e := range entries {
				if err := ctx.Err(); err != nil {
					yield(budget.Entry{}, err)
					return
				}
				if !yield(e, nil) {
					return
				}
			}
			if len(entries) < page {
				return
			}
			from = entries[len(entries)-1].Sequence + 1
		}
	}
}

func (l *Ledger) entries(
	ctx context.Context, brand sosyal.BrandID, book budget.BookID, from int64,
) (_ []budget.Entry, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	defer func() { err = l.db.failure(ctx, "reading a book", err) }()
	rows, err := l.db.reader(ctx).QueryContext(ctx, l.db.sql(
		"SELECT entry FROM sosyal_ledger_entry WHERE brand = ? AND book = ? AND sequence >= ? ORDER BY sequence LIMIT ?"),
		string(brand), string(book), from, page)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var entries []budget.Entry
	for rows.Next() {
		e, err := scanEntry(rows.Scan)
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	return entries, rows.Err()
}

// Find implements [budget.Finder].
func (l *Ledger) Find(
	ctx context.Context, brand sosyal.BrandID, book budget.BookID, key string,
) (budget.Entry, error) {
	if err := ctx.Err(); err != nil {
		return budget.Entry{}, err
	}
	e, err := scanEntry(l.db.reader(ctx).QueryRowContext(ctx,
		l.db.sql("SELECT entry FROM sosyal_ledger_entry WHERE brand = ? AND book = ? AND key = ?"),
		string(brand), string(book), key).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return budget.Entry{}, fmt.Errorf("ledger key: %w", sosyal.ErrNotFound)
	}
	return e, l.db.failure(ctx, "looking a ledger key up", err)
}

func scanEntry(scan func(dest ...any) error) (budget.Entry, error) {
	var text string
	if err := scan(&text); err != nil {
		return budget.Entry{}, err
	}
	var e budget.Entry
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		return budget.Entry{}, fmt.Errorf("reading a ledger entry: %w", err)
	}
	return e, nil
}
