package sqlstore

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/yukselenler/sosyal"
)

//go:embed migrations
var migrations embed.FS

// advisoryLock is the number under which migrations of PostgreSQL exclude each
// other: "sosyal" in ASCII.
const advisoryLock = 0x736f7379616c

// migration is one step of the tables' history. Released steps never change.
type migration struct {
	version int
	name    string
	text    string
}

func (m migration) checksum() string {
	sum := sha256.Sum256([]byte(m.text))
	return hex.EncodeToString(sum[:])
}

// statements splits the text at the semicolons that end a line.
func (m migration) statements() []string {
	var all []string
	for part := range strings.SplitSeq(m.text, ";\n") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// Migrate creates the tables, or brings those of an older version of the module
// up to date. It does nothing where nothing is to be done, and several
// processes may call it at once. Either all missing steps are taken or none.
//
// Tables that a newer version of the module made, or steps whose text differs
// from what was applied, are [sosyal.ErrUnsupported].
func (d *DB) Migrate(ctx context.Context) error {
	steps, err := d.migrations()
	if err != nil {
		return fmt.Errorf("reading migrations: %w", err)
	}
	if err := d.migrate(ctx, steps); err != nil {
		return d.failure(ctx, "migrating the tables", err)
	}
	return nil
}

func (d *DB) migrate(ctx context.Context, steps []migration) error {
	if d.dialect == SQLite {
		// Outside of the transaction, whose first statement is to take the lock.
		if _, err := d.db.ExecContext(ctx, createSchemaTable); err != nil {
			return err
		}
	}
	tx, err := d.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after a commit
	if d.dialect == PostgreSQL {
		if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", int64(advisoryLock)); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, createSchemaTable); err != nil {
			return err
		}
	}
	if err := d.lock(ctx, tx); err != nil {
		return err
	}
	applied, err := d.applied(ctx, tx)
	if err != nil {
		return err
	}
	for version := range applied {
		if version > len(steps) {
			return fmt.Errorf("the tables are of version %d and this program knows %d: %w", version, len(steps), sosyal.ErrUnsupported)
		}
	}
	for _, step := range steps {
		if err := d.step(ctx, tx, step, applied[step.version]); err != nil {
			return fmt.Errorf("step %d (%s): %w", step.version, step.name, err)
		}
	}
	return tx.Commit()
}

const createSchemaTable = `CREATE TABLE IF NOT EXISTS sosyal_schema (
	version  integer PRIMARY KEY,
	name     text   NOT NULL,
	checksum text   NOT NULL,
	at_ns    bigint NOT NULL
)`

// step applies one migration unless it was applied with the same text.
func (d *DB) step(ctx context.Context, tx *sql.Tx, step migration, applied string) error {
	switch applied {
	case step.checksum():
		return nil
	case "":
	default:
		return fmt.Errorf("was applied with another text: %w", sosyal.ErrUnsupported)
	}
	for _, statement := range step.statements() {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, d.sql("INSERT INTO sosyal_schema (version, name, checksum, at_ns) VALUES (?, ?, ?, ?)"),
		step.version, step.name, step.checksum(), time.Now().UnixNano())
	return err
}

// applied returns the checksums of the steps that were taken.
func (d *DB) applied(ctx context.Context, tx *sql.Tx) (_ map[int]string, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT version, checksum FROM sosyal_schema")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	applied := map[int]string{}
	for rows.Next() {
		var version int
		var checksum string
		if err := rows.Scan(&version, &checksum); err != nil {
			return nil, err
		}
		applied[version] = checksum
	}
	return applied, rows.Err()
}

// migrations returns the steps of the dialect in order; file names are a number
// and a name: "0001_documents.sql".
func (d *DB) migrations() ([]migration, error) {
	folder := path.Join("migrations", string(d.dialect))
	files, err := migrations.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var steps []migration
	for i, file := range files {
		text, err := migrations.ReadFile(path.Join(folder, file.Name()))
		if err != nil {
			return nil, err
		}
		number, name, _ := strings.Cut(strings.TrimSuffix(file.Name(), ".sql"), "_")
		version, err := strconv.Atoi(number)
		if err != nil || version != i+1 {
			return nil, fmt.Errorf("%s: the steps must be numbered without a gap", file.Name())
		}
		steps = append(steps, migration{version: version, name: name, text: string(text)})
	}
	return steps, nil
}
