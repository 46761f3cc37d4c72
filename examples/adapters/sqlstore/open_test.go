package sqlstore_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal/examples/adapters/sqlstore"
)

// Several processes may start on a file that is not there yet. Each opens it
// with connections of its own, and none may be turned away because another one
// is just setting it up.
func TestOpenOfANewFileByMany(t *testing.T) {
	for range 20 {
		file := filepath.Join(t.TempDir(), "new.db")
		errs := make([]error, 6)
		var open sync.WaitGroup
		for i := range errs {
			open.Go(func() {
				db, err := sql.Open("sqlite", sqlstore.SQLiteDSN(file))
				if err != nil {
					errs[i] = err
					return
				}
				s, err := sqlstore.Open(t.Context(), db, sqlstore.SQLite)
				if err == nil {
					err = s.Migrate(t.Context())
				}
				errs[i] = errors.Join(err, db.Close())
			})
		}
		open.Wait()
		require.NoError(t, errors.Join(errs...))
	}
}
