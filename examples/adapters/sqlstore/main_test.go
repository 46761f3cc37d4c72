package sqlstore_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/yukselenler/sosyal/examples/adapters/sqlstore"
)

// The environment carries what the whole test process shares.
const (
	// envPostgres is the data source name of a PostgreSQL server, in which the
	// tests make schemas of their own. Set it to use a server of yours; otherwise
	// the tests start one and throw it away.
	envPostgres = "SOSYAL_TEST_POSTGRESQL"
	// envNoPostgres is why there is none.
	envNoPostgres = "SOSYAL_TEST_NO_POSTGRESQL"
	// envChild makes the test binary the process that is killed.
	envChild = "SOSYAL_TEST_CHILD"
)

func TestMain(m *testing.M) {
	if os.Getenv(envChild) != "" {
		child()
		return
	}
	os.Exit(run(m))
}

func run(m *testing.M) int {
	if os.Getenv(envPostgres) == "" {
		dsn, stop, err := startPostgres()
		if err != nil {
			_ = os.Setenv(envNoPostgres, err.Error())
		} else {
			defer stop()
			_ = os.Setenv(envPostgres, dsn)
		}
	}
	return m.Run()
}

// startPostgres makes and starts a cluster that listens on a socket in its own
// folder only. PostgreSQL refuses to run as root, so root hands over to the
// user postgres.
func startPostgres() (dsn string, stop func(), err error) {
	folders, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil || len(folders) == 0 {
		return "", nil, fmt.Errorf("PostgreSQL is not installed in /usr/lib/postgresql")
	}
	bin := slices.Max(folders)
	dir, err := os.MkdirTemp("", "sosyal-pg") // not t.TempDir: the path of a socket must be short
	if err != nil {
		return "", nil, err
	}
	clean := func() { _ = os.RemoveAll(dir) }
	as := func(name string, args ...string) error {
		command := append([]string{filepath.Join(bin, name)}, args...)
		if os.Getuid() == 0 {
			command = append([]string{"runuser", "-u", "postgres", "--"}, command...)
		}
		cmd := exec.CommandContext(context.Background(), command[0], command[1:]...)
		cmd.Dir = dir
		out, err := os.Create(filepath.Join(dir, name+".out")) // a pipe would stay open in the server
		if err != nil {
			return err
		}
		defer func() { _ = out.Close() }()
		cmd.Stdout, cmd.Stderr = out, out
		if err := cmd.Run(); err != nil {
			text, _ := os.ReadFile(out.Name())
			return fmt.Errorf("%s: %w: %s", name, err, text)
		}
		return nil
	}
	if os.Getuid() == 0 {
		if err := exec.CommandContext(context.Background(), "chown", "postgres", dir).Run(); err != nil {
			clean()
			return "", nil, fmt.Errorf("handing the folder to the user postgres: %w", err)
		}
	}
	data := filepath.Join(dir, "data")
	if err := as("initdb", "-D", data, "-A", "trust", "-U", "sosyal", "-E", "UTF8", "--locale=C.UTF-8", "-N"); err != nil {
		clean()
		return "", nil, err
	}
	options := "-h '' -k " + dir + " -c fsync=off -c max_connections=400"
	if err := as("pg_ctl", "-D", data, "-w", "-l", filepath.Join(dir, "log"), "-o", options, "start"); err != nil {
		clean()
		return "", nil, err
	}
	stop = func() {
		_ = as("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
		clean()
	}
	return "host=" + dir + " user=sosyal dbname=postgres", stop, nil
}

// place is an empty database: how to open it, by this process or another.
type place struct {
	dialect     sqlstore.Dialect
	driver, dsn string
}

// open opens the database and makes its tables.
func (p place) open(ctx context.Context) (*sql.DB, *sqlstore.DB, error) {
	db, err := sql.Open(p.driver, p.dsn)
	if err != nil {
		return nil, nil, err
	}
	store, err := sqlstore.Open(ctx, db, p.dialect)
	if err == nil {
		err = store.Migrate(ctx)
	}
	if err != nil {
		_ = db.Close()
		return nil, nil, err
	}
	return db, store, nil
}

// opened is open for the length of a test.
func (p place) opened(tb testing.TB) (*sql.DB, *sqlstore.DB) {
	tb.Helper()
	db, store, err := p.open(tb.Context())
	require.NoError(tb, err)
	tb.Cleanup(func() { _ = db.Close() })
	return db, store
}

// database makes an empty place each time.
type database struct {
	name  string
	empty func(tb testing.TB) place
}

// databases are what every test runs on.
func databases() []database {
	return []database{{"sqlite", sqlitePlace}, {"postgresql", postgresPlace}}
}

func sqlitePlace(tb testing.TB) place {
	tb.Helper()
	// A name with what a URL would take for its own.
	file := filepath.Join(tb.TempDir(), "mağaza 100%?#.db")
	return place{sqlstore.SQLite, "sqlite", sqlstore.SQLiteDSN(file)}
}

func postgresPlace(tb testing.TB) place {
	tb.Helper()
	dsn := os.Getenv(envPostgres)
	if dsn == "" {
		tb.Skip("no PostgreSQL: " + os.Getenv(envNoPostgres))
	}
	schema := "t" + strings.ToLower(rand.Text())
	db, err := sql.Open("pgx", dsn)
	require.NoError(tb, err)
	defer func() { _ = db.Close() }()
	_, err = db.ExecContext(tb.Context(), "CREATE SCHEMA "+schema)
	require.NoError(tb, err)
	return place{sqlstore.PostgreSQL, "pgx", dsn + " search_path=" + schema}
}
