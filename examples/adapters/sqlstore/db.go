package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yukselenler/sosyal"
)

// Dialect is the kind of database.
type Dialect string

// Dialects.
const (
	SQLite     Dialect = "sqlite"
	PostgreSQL Dialect = "postgresql"
)

// DB is a database that holds the library's tables, all of which begin with
// "sosyal_". It is safe for concurrent use.
type DB struct {
	db      *sql.DB
	dialect Dialect
}

// SQLiteDSN returns the data source name with which the driver modernc.org/sqlite
// opens a file as [Open] wants it.
func SQLiteDSN(file string) string {
	return "file:" + (&url.URL{Path: file}).EscapedPath() +
		"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"
}

// Open returns a DB over an open database, which stays the caller's to close.
//
// For SQLite it limits the pool to one connection and refuses a database that
// is not in WAL mode with synchronous FULL (or EXTRA) and a busy timeout:
// [SQLiteDSN] sets them for one driver; with another, set them the way that
// driver does for every connection.
func Open(ctx context.Context, db *sql.DB, dialect Dialect) (*DB, error) {
	d := &DB{db: db, dialect: dialect}
	switch dialect {
	case SQLite:
		db.SetMaxOpenConns(1)
		if err := d.openSQLite(ctx); err != nil {
			return nil, fmt.Errorf("opening SQLite: %w", err)
		}
	case PostgreSQL:
		if err := db.PingContext(ctx); err != nil {
			return nil, fmt.Errorf("opening PostgreSQL: %w", err)
		}
	default:
		return nil, sosyal.FieldError{Field: "dialect", Rule: "must be sqlite or postgresql", Value: string(dialect)}
	}
	return d, nil
}

// openPatience is how long opening waits for others that are setting up the
// same file.
const openPatience = 5 * time.Second

// openSQLite makes the first connection, which switches the file to WAL. SQLite
// does not wait for that switch as it waits for locks otherwise (busy_timeout),
// so it is tried again here.
func (d *DB) openSQLite(ctx context.Context) error {
	for begun := time.Now(); ; {
		err := d.checkSQLite(ctx)
		if err == nil || !strings.Contains(err.Error(), "locked") || time.Since(begun) > openPatience {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func (d *DB) checkSQLite(ctx context.Context) error {
	var mode string
	var synchronous, timeout int
	err := errors.Join(
		d.db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode),
		d.db.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&synchronous),
		d.db.QueryRowContext(ctx, "PRAGMA busy_timeout").Scan(&timeout),
	)
	if err != nil {
		return err
	}
	var p sosyal.Problems
	p.Require(mode == "wal", "journal_mode", "must be WAL", mode)
	p.Require(synchronous >= 2, "synchronous", "must be FULL (2) or EXTRA (3)", strconv.Itoa(synchronous))
	p.Require(timeout > 0, "busy_timeout", "must be positive", strconv.Itoa(timeout))
	return p.Err()
}

// WithTx returns a context under which the calls of every store of a [DB] take
// part in the host's transaction, which must be of the same database. Commit
// and rollback stay the host's. A call that fails is undone by itself and
// leaves the transaction usable.
//
// On SQLite, let the transaction begin with a write: one that has read before
// fails if another process has written meanwhile.
func WithTx(ctx context.Context, tx *sql.Tx) context.Context {
	return context.WithValue(ctx, txKey{}, tx)
}

type txKey struct{}

// querier is what a transaction and the database have in common.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// reader returns what a call that only reads should ask.
func (d *DB) reader(ctx context.Context) querier {
	if tx, ok := ctx.Value(txKey{}).(*sql.Tx); ok {
		return tx
	}
	return d.db
}

// write runs f in a transaction of its own, or as a part of the host's that can
// be undone by itself.
func (d *DB) write(ctx context.Context, doing string, f func(q querier) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var err error
	if tx, ok := ctx.Value(txKey{}).(*sql.Tx); ok {
		err = d.writeWithin(ctx, tx, f)
	} else {
		err = d.writeAlone(ctx, f)
	}
	return d.failure(ctx, doing, err)
}

func (d *DB) writeAlone(ctx context.Context, f func(q querier) error) error {
	tx, err := d.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after a commit
	if err := d.lock(ctx, tx); err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		if ctx.Err() == nil && d.dialect == PostgreSQL && sqlState(err) == "" {
			// The connection broke while the server was committing.
			return fmt.Errorf("%w: %w", sosyal.ErrUnknownOutcome, err)
		}
		return err
	}
	return nil
}

func (d *DB) writeWithin(ctx context.Context, tx *sql.Tx, f func(q querier) error) error {
	if _, err := tx.ExecContext(ctx, "SAVEPOINT sosyal"); err != nil {
		return err
	}
	if err := f(tx); err != nil {
		_, undo := tx.ExecContext(context.WithoutCancel(ctx), "ROLLBACK TO SAVEPOINT sosyal")
		if undo == nil {
			_, undo = tx.ExecContext(context.WithoutCancel(ctx), "RELEASE SAVEPOINT sosyal")
		}
		return errors.Join(err, undo)
	}
	_, err := tx.ExecContext(ctx, "RELEASE SAVEPOINT sosyal")
	return err
}

// lock takes SQLite's write lock with the first statement of a transaction. The
// statement changes nothing.
func (d *DB) lock(ctx context.Context, tx *sql.Tx) error {
	if d.dialect != SQLite {
		return nil
	}
	_, err := tx.ExecContext(ctx, "DELETE FROM sosyal_schema WHERE version < 0")
	return err
}

// failure says what a call was doing when it failed, with the library's own
// errors in place of the driver's.
func (d *DB) failure(ctx context.Context, doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil: // drivers report an interruption in their own words
		return ctx.Err()
	case errors.Is(err, sosyal.ErrConflict), errors.Is(err, sosyal.ErrInvalid), errors.Is(err, sosyal.ErrNotFound):
		return err
	}
	switch sqlState(err) {
	case "40001", "40P01": // serialization failure, deadlock
		return fmt.Errorf("%s: %w: %w", doing, sosyal.ErrConflict, err)
	default:
		return fmt.Errorf("%s: %w", doing, err)
	}
}

// sqlState is the five-letter code of an error of PostgreSQL, which drivers
// offer under this name.
func sqlState(err error) string {
	if e, ok := errors.AsType[interface {
		error
		SQLState() string
	}](err); ok {
		return e.SQLState()
	}
	return ""
}

// sql writes the placeholders of a statement, which are question marks here, as
// the database wants them. No statement holds a question mark otherwise.
func (d *DB) sql(text string) string {
	if d.dialect == SQLite {
		return text
	}
	var b strings.Builder
	n := 0
	for {
		before, after, found := strings.Cut(text, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		n++
		b.WriteString("$" + strconv.Itoa(n))
		text = after
	}
}

// in is the condition that a column is one of the texts of a JSON array, which
// takes a single argument however many there are. PostgreSQL is given an array,
// because it would join a subquery by reading all rows instead of an index.
func (d *DB) in(column string) string {
	if d.dialect == SQLite {
		return column + " IN (SELECT value FROM json_each(?))"
	}
	return column + " = ANY (ARRAY(SELECT json_array_elements_text(CAST(? AS json))))"
}

// forUpdate is the clause by which rows that were read stay as they are.
func (d *DB) forUpdate() string {
	if d.dialect == SQLite {
		return "" // the whole database is locked
	}
	return " FOR UPDATE"
}

// values is the list of row placeholders of an INSERT.
func values(rows, columns int) string {
	row := "(" + strings.TrimSuffix(strings.Repeat("?, ", columns), ", ") + ")"
	return strings.TrimSuffix(strings.Repeat(row+", ", rows), ", ")
}

// page is how many rows are read or written at a time. A list is read page by
// page, because a result set that stays open would keep SQLite's only
// connection from the loop that is reading it.
const page = 500

// nullText is a text, NULL where it is empty.
func nullText(text string) sql.NullString { return sql.NullString{String: text, Valid: text != ""} }

// nullTime is an instant in nanoseconds since 1970, NULL where it is zero.
func nullTime(t time.Time) sql.NullInt64 {
	if t.IsZero() {
		return sql.NullInt64{}
	}
	return sql.NullInt64{Int64: t.UnixNano(), Valid: true}
}

func timeOf(ns sql.NullInt64) time.Time {
	if !ns.Valid {
		return time.Time{}
	}
	return time.Unix(0, ns.Int64).UTC()
}

// storable reports whether every database can hold the texts as they are.
func storable(texts ...string) bool {
	for _, text := range texts {
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			return false
		}
	}
	return true
}
