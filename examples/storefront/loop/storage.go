package loop

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the embedded database

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/budget"
	"github.com/yukselenler/sosyal/engagement"
	"github.com/yukselenler/sosyal/engagement/reputation"
	"github.com/yukselenler/sosyal/examples/adapters/sqlstore"
)

// storage is the shop's database with the ports over it.
type storage struct {
	collections

	db       *sql.DB
	outbox   sosyal.Outbox
	ledger   budget.Ledger
	archive  engagement.Archive
	mentions reputation.Mentions
}

// openStorage opens the SQLite file and brings its tables up to date.
func openStorage(ctx context.Context, path string) (*storage, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("opening database: %w", err)
	}
	// SQLite says of a file that it cannot open only that it cannot.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("opening database: %w", err)
	}
	db, err := sql.Open("sqlite", sqlstore.SQLiteDSN(path))
	if err != nil {
		return nil, fmt.Errorf("opening database: %w", err)
	}
	s, err := sqlstore.Open(ctx, db, sqlstore.SQLite)
	if err == nil {
		err = s.Migrate(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening database %s: %w", path, err), db.Close())
	}
	return &storage{
		collections: newCollections(s.Documents()), db: db, outbox: s.Documents(), ledger: s.Ledger(), archive: s.Archive(), mentions: s.Mentions(),
	}, nil
}
