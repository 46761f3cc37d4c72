// Package sqlstore keeps what the library stores in a SQL database: documents
// with their outbox and erasures, budget ledgers, metric snapshots and
// mentions. It serves SQLite, the embedded default, and PostgreSQL, through
// database/sql; the host chooses the driver and opens the database.
//
//	db, err := sql.Open("sqlite", sqlstore.SQLiteDSN("shop.db")) // modernc.org/sqlite
//	store, err := sqlstore.Open(ctx, db, sqlstore.SQLite)
//	err = store.Migrate(ctx)
//	goals := sosyal.Collection[Goal]{Documents: store.Documents(), ...}
//
// # Transactions
//
// Each call is a transaction of its own. A host that wants it to be part of a
// larger one carries that in the context with [WithTx]; then nothing is stored
// before the host commits. A call that fails undoes its own part and leaves the
// host's transaction usable.
//
// # Segments of a sharded shop
//
// [Shards] counts and lists the members of audience segments where customers are
// spread over several PostgreSQL databases. Of its parts the host keeps two SQL
// files, which it may as well run by hand: shards/shard.sql for every shard and
// shards/proxy.sql for the database with PL/Proxy in front of them. A rule is
// compiled once; each shard answers for its own customers, who lie on it with all
// that belongs to them, and for a count it sends one number.
//
// # SQLite
//
// The database is opened in WAL mode with one connection, so writers of one
// process queue up in Go and never meet SQLITE_BUSY; writers of other processes
// wait up to busy_timeout. Every transaction that writes takes the write lock
// with its first statement, because one that begins by reading cannot always be
// promoted.
//
// synchronous is FULL, not the NORMAL that is often paired with WAL: with
// NORMAL, a power cut may take back transactions that were already reported as
// stored. A spent amount or the intent to publish must not be taken back, and
// all tables share one file. The price is one fsync for each commit; write in
// batches.
//
// # PostgreSQL
//
// Version 12 or later. Rows are locked in the order of their keys, so that
// writes that cross do not deadlock. Texts are compared byte by byte ("C"
// collation) whatever the database's own collation is. The host's isolation
// level may be any; what it refuses to serialise is reported as
// sosyal.ErrConflict.
package sqlstore
