package sqlstore_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/examples/adapters/sqlstore"
)

const noteKind = "test.note"

func note(id string, version int64, text string) sosyal.DocChange {
	return sosyal.DocChange{
		Doc:    sosyal.Doc{Kind: noteKind, ID: id, Version: version, Schema: 1, Body: json.RawMessage(fmt.Sprintf("%q", text))},
		Events: []sosyal.Event{{Kind: "noted", At: time.Unix(0, 0)}},
	}
}

// stored returns the bodies of all notes by id and the number of events.
func stored(t *testing.T, store *sqlstore.DB) (map[string]string, int) {
	t.Helper()
	notes := map[string]string{}
	for d, err := range store.Documents().List(t.Context(), "rosa", sosyal.Query{Kind: noteKind}) {
		require.NoError(t, err)
		notes[d.ID] = string(d.Body)
	}
	events := 0
	for _, err := range store.Documents().Pending(t.Context(), "rosa", time.Now(), 0) {
		require.NoError(t, err)
		events++
	}
	return notes, events
}

func TestMigrate(t *testing.T) {
	for _, on := range databases() {
		t.Run(on.name, func(t *testing.T) {
			t.Run("again does nothing", func(t *testing.T) {
				at := on.empty(t)
				_, store := at.opened(t)
				require.NoError(t, store.Documents().Write(t.Context(), "rosa", note("a", 0, "kept")))
				require.NoError(t, store.Migrate(t.Context()))
				_, again := at.opened(t)
				notes, _ := stored(t, again)
				assert.Equal(t, map[string]string{"a": `"kept"`}, notes)
			})
			t.Run("by many at once", func(t *testing.T) {
				at := on.empty(t)
				const processes = 8
				failed := make([]error, processes)
				var all sync.WaitGroup
				for i := range processes {
					all.Go(func() {
						db, store, err := at.open(t.Context())
						if err == nil {
							err = errors.Join(store.Documents().Write(t.Context(), "rosa", note(fmt.Sprint(i), 0, "here")), db.Close())
						}
						failed[i] = err
					})
				}
				all.Wait()
				require.NoError(t, errors.Join(failed...))
				_, store := at.opened(t)
				notes, _ := stored(t, store)
				assert.Len(t, notes, processes)
			})
			t.Run("refuses tables of a newer version", func(t *testing.T) {
				db, store := on.empty(t).opened(t)
				_, err := db.ExecContext(t.Context(), "INSERT INTO sosyal_schema (version, name, checksum, at_ns) VALUES (999, 'later', 'x', 0)")
				require.NoError(t, err)
				assert.ErrorIs(t, store.Migrate(t.Context()), sosyal.ErrUnsupported)
			})
			t.Run("refuses a step that was applied with another text", func(t *testing.T) {
				db, store := on.empty(t).opened(t)
				_, err := db.ExecContext(t.Context(), "UPDATE sosyal_schema SET checksum = 'x' WHERE version = 1")
				require.NoError(t, err)
				assert.ErrorIs(t, store.Migrate(t.Context()), sosyal.ErrUnsupported)
			})
			t.Run("takes all steps or none", func(t *testing.T) {
				at := on.empty(t)
				db, err := sql.Open(at.driver, at.dsn)
				require.NoError(t, err)
				t.Cleanup(func() { _ = db.Close() })
				store, err := sqlstore.Open(t.Context(), db, at.dialect)
				require.NoError(t, err)
				// A table that is in the way of a later step.
				_, err = db.ExecContext(t.Context(), "CREATE TABLE sosyal_ledger_head (other text)")
				require.NoError(t, err)
				require.Error(t, store.Migrate(t.Context()))
				_, err = db.ExecContext(t.Context(), "SELECT 1 FROM sosyal_document")
				require.Error(t, err, "the first step must not stay when a later one fails")
				_, err = db.ExecContext(t.Context(), "DROP TABLE sosyal_ledger_head")
				require.NoError(t, err)
				assert.NoError(t, store.Migrate(t.Context()))
			})
		})
	}
}

func TestOpenRefusesUnsafeSQLite(t *testing.T) {
	for name, c := range map[string]struct{ options, want string }{
		"without WAL":                         {"?_pragma=busy_timeout(5000)&_pragma=synchronous(FULL)", "journal_mode: must be WAL"},
		"a commit may be taken back":          {"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)", "synchronous: must be FULL"},
		"a second process fails at once":      {"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(0)", "busy_timeout: must be positive"},
		"safer than needed is taken":          {"?_pragma=busy_timeout(1)&_pragma=journal_mode(WAL)&_pragma=synchronous(EXTRA)", ""},
		"what the helper makes is what it is": {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "shop.db")
			dsn := "file:" + file + c.options
			if c.options == "" {
				dsn = sqlstore.SQLiteDSN(file)
			}
			db, err := sql.Open("sqlite", dsn)
			require.NoError(t, err)
			t.Cleanup(func() { _ = db.Close() })
			_, err = sqlstore.Open(t.Context(), db, sqlstore.SQLite)
			if c.want == "" {
				assert.NoError(t, err)
				return
			}
			assert.ErrorContains(t, err, c.want)
			assert.ErrorIs(t, err, sosyal.ErrInvalid)
		})
	}
	_, err := sqlstore.Open(t.Context(), nil, "oracle")
	assert.ErrorIs(t, err, sosyal.ErrInvalid)
}

func TestHostTransaction(t *testing.T) {
	for _, on := range databases() {
		t.Run(on.name, func(t *testing.T) {
			begin := func(t *testing.T) (*sql.DB, *sqlstore.DB, *sql.Tx, context.Context) {
				t.Helper()
				db, store := on.empty(t).opened(t)
				_, err := db.ExecContext(t.Context(), "CREATE TABLE host_order (id text)")
				require.NoError(t, err)
				tx, err := db.BeginTx(t.Context(), nil)
				require.NoError(t, err)
				t.Cleanup(func() { _ = tx.Rollback() })
				_, err = tx.ExecContext(t.Context(), "INSERT INTO host_order (id) VALUES ('o1')")
				require.NoError(t, err)
				return db, store, tx, sqlstore.WithTx(t.Context(), tx)
			}
			orders := func(t *testing.T, db *sql.DB) (n int) {
				t.Helper()
				require.NoError(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM host_order").Scan(&n))
				return n
			}
			t.Run("rolled back, nothing is stored", func(t *testing.T) {
				db, store, tx, ctx := begin(t)
				require.NoError(t, store.Documents().Write(ctx, "rosa", note("a", 0, "x")))
				d, err := store.Documents().Load(ctx, "rosa", noteKind, "a")
				require.NoError(t, err, "the transaction sees its own writes")
				assert.EqualValues(t, 1, d.Version)
				require.NoError(t, tx.Rollback())
				notes, events := stored(t, store)
				assert.Empty(t, notes)
				assert.Zero(t, events)
				assert.Zero(t, orders(t, db))
			})
			t.Run("committed, everything is", func(t *testing.T) {
				db, store, tx, ctx := begin(t)
				require.NoError(t, store.Documents().Write(ctx, "rosa", note("a", 0, "x")))
				require.NoError(t, tx.Commit())
				notes, events := stored(t, store)
				assert.Len(t, notes, 1)
				assert.Equal(t, 1, events)
				assert.Equal(t, 1, orders(t, db))
			})
			t.Run("a call that fails undoes only itself", func(t *testing.T) {
				db, store, tx, ctx := begin(t)
				require.NoError(t, store.Documents().Write(ctx, "rosa", note("a", 0, "x")))
				err := store.Documents().Write(ctx, "rosa", note("b", 0, "y"), note("c", 5, "stale"))
				require.ErrorIs(t, err, sosyal.ErrConflict)
				require.NoError(t, store.Documents().Write(ctx, "rosa", note("d", 0, "z")), "the transaction is still usable")
				require.NoError(t, tx.Commit())
				notes, events := stored(t, store)
				assert.Equal(t, map[string]string{"a": `"x"`, "d": `"z"`}, notes)
				assert.Equal(t, 2, events)
				assert.Equal(t, 1, orders(t, db))
			})
		})
	}
}

// Several processes on one file: each has a pool of its own.
func TestSQLiteIsSharedByProcesses(t *testing.T) {
	at := sqlitePlace(t)
	const writers, each = 4, 25
	failed := make([]error, writers)
	var all sync.WaitGroup
	for w := range writers {
		_, store := at.opened(t)
		all.Go(func() {
			for i := range each {
				failed[w] = errors.Join(
					failed[w],
					store.Documents().Write(t.Context(), "rosa", note(fmt.Sprintf("%d-%d", w, i), 0, "x")),
					appendOne(t.Context(), store, fmt.Sprintf("%d-%d", w, i)),
				)
			}
		})
	}
	all.Wait()
	require.NoError(t, errors.Join(failed...), "no writer may be told that the database is locked")
	_, store := at.opened(t)
	notes, events := stored(t, store)
	assert.Len(t, notes, writers*each)
	assert.Equal(t, writers*each, events)
	head, err := store.Ledger().Head(t.Context(), "rosa", "book")
	require.NoError(t, err)
	assert.EqualValues(t, writers*each, head.Sequence)
}

// appendOne appends an entry, again after each conflict.
func appendOne(ctx context.Context, store *sqlstore.DB, key string) error {
	for {
		head, err := store.Ledger().Head(ctx, "rosa", "book")
		if err != nil {
			return err
		}
		e := spend(1)
		e.Key = key
		if _, err = store.Ledger().Append(ctx, "rosa", head, e); !errors.Is(err, sosyal.ErrConflict) {
			return err
		}
	}
}

// A write locks its rows in the order of their names, whatever order they are
// given in: it waits for another transaction without holding what that one
// needs next.
func TestPostgreSQLWritesDoNotDeadlock(t *testing.T) {
	db, store := postgresPlace(t).opened(t)
	require.NoError(t, store.Documents().Write(t.Context(), "rosa", note("a", 0, "x"), note("b", 0, "x")))
	tx, err := db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer func() { _ = tx.Rollback() }()
	ctx := sqlstore.WithTx(t.Context(), tx)
	require.NoError(t, store.Documents().Write(ctx, "rosa", note("a", 1, "first")))

	crossing := make(chan error)
	go func() { crossing <- store.Documents().Write(t.Context(), "rosa", note("b", 1, "y"), note("a", 1, "y")) }()
	waits := "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'UPDATE sosyal_document%'"
	require.Eventually(t, func() bool {
		n := 0
		return db.QueryRowContext(t.Context(), waits).Scan(&n) == nil && n > 0
	}, 10*time.Second, 5*time.Millisecond, "the crossing write waits for the first")

	require.NoError(t, store.Documents().Write(ctx, "rosa", note("b", 1, "first")))
	require.NoError(t, tx.Commit())
	err = <-crossing
	assert.ErrorIs(t, err, sosyal.ErrConflict)
	assert.NotContains(t, err.Error(), "deadlock")
}

// A host may work at a stricter isolation level. What PostgreSQL then refuses to
// serialise is a conflict like any other.
func TestPostgreSQLSerializationFailureIsAConflict(t *testing.T) {
	db, store := postgresPlace(t).opened(t)
	require.NoError(t, store.Documents().Write(t.Context(), "rosa", note("a", 0, "x")))
	tx, err := db.BeginTx(t.Context(), &sql.TxOptions{Isolation: sql.LevelRepeatableRead})
	require.NoError(t, err)
	defer func() { _ = tx.Rollback() }()
	ctx := sqlstore.WithTx(t.Context(), tx)
	_, err = store.Documents().Load(ctx, "rosa", noteKind, "a")
	require.NoError(t, err)
	require.NoError(t, store.Documents().Write(t.Context(), "rosa", note("a", 1, "by another")))
	assert.ErrorIs(t, store.Documents().Write(ctx, "rosa", note("a", 1, "late")), sosyal.ErrConflict)
}

// What is not text must be refused rather than stored as something else, which
// would break the ledger's chain of hashes.
func TestLedgerRefusesWhatIsNotText(t *testing.T) {
	for _, on := range databases() {
		t.Run(on.name, func(t *testing.T) {
			_, store := on.empty(t).opened(t)
			for _, bad := range []string{"\xff", "a\x00b"} {
				e := spend(1)
				e.Key = bad
				head, err := store.Ledger().Head(t.Context(), "rosa", "book")
				require.NoError(t, err)
				_, err = store.Ledger().Append(t.Context(), "rosa", head, e)
				assert.ErrorIs(t, err, sosyal.ErrInvalid)
				e = spend(1)
				e.Why = []sosyal.Reason{sosyal.Because("why", sosyal.TextArg("name", bad))}
				_, err = store.Ledger().Append(t.Context(), "rosa", head, e)
				assert.ErrorIs(t, err, sosyal.ErrInvalid)
			}
		})
	}
}

// Both kinds of erasure are on one record, and one call reaches both stores.
func TestForgetAcrossStores(t *testing.T) {
	for _, on := range databases() {
		t.Run(on.name, func(t *testing.T) {
			_, store := on.empty(t).opened(t)
			mine := note("a", 0, "x")
			mine.Doc.Person = "p-1"
			require.NoError(t, store.Documents().Write(t.Context(), "rosa", mine))
			record, err := sosyal.Forgetters{store.Documents(), store.Mentions()}.Forget(t.Context(), "rosa", "p-1")
			require.NoError(t, err)
			assert.Equal(t, map[string]int{noteKind: 1}, record.Records)
			n := 0
			for e, err := range store.Documents().Erasures(t.Context(), "rosa") {
				require.NoError(t, err)
				assert.Equal(t, sosyal.PersonDigest("rosa", "p-1"), e.Person)
				n++
			}
			assert.Equal(t, 2, n, "each place keeps its own record")
		})
	}
}
