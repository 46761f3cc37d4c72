package sqlstore_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/examples/adapters/sqlstore"
)

// Example keeps a value of the host's own in a SQLite file and finds it again
// after the file was closed.
func Example() {
	type idea struct {
		Title string `json:"title"`
	}
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "shop")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()

	// In a program this is called once; here twice, as if it were started again.
	open := func() (*sql.DB, sosyal.Collection[idea], error) {
		db, err := sql.Open("sqlite", sqlstore.SQLiteDSN(filepath.Join(dir, "shop.db")))
		if err != nil {
			return nil, sosyal.Collection[idea]{}, err
		}
		store, err := sqlstore.Open(ctx, db, sqlstore.SQLite)
		if err != nil {
			return nil, sosyal.Collection[idea]{}, err
		}
		ideas := sosyal.Collection[idea]{Documents: store.Documents(), Kind: "shop.idea", Schema: 1}
		return db, ideas, store.Migrate(ctx)
	}

	db, ideas, err := open()
	if err != nil {
		fmt.Println(err)
		return
	}
	err = ideas.Write(ctx, "rosa", sosyal.Create("serum", idea{Title: "A week with the serum"}))
	fmt.Println("stored:", err)
	_ = db.Close()

	db, ideas, err = open()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = db.Close() }()
	s, err := ideas.Load(ctx, "rosa", "serum")
	fmt.Printf("version %d: %s %v\n", s.Version, s.Value.Title, err)
	// Output:
	// stored: <nil>
	// version 1: A week with the serum <nil>
}
