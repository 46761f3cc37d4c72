package sqlstore_test

import (
	"database/sql"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/audiencetest"
)

// envRules asks for more rules than the usual ones.
const envRules = "SOSYAL_TEST_RULES"

// warehouse is a named one.
type warehouse struct {
	name string
	audiencetest.Warehouse
}

// warehouses are databases of a host that make it hard for queries: collations
// by which texts are equal that differ, and values written in every way.
func warehouses() []warehouse {
	var out []warehouse
	for style, name := range []string{"native", "coded", "written", "zoneless"} {
		out = append(out,
			warehouse{"sqlite " + name, audiencetest.Warehouse{
				Dialect: audience.SQLite, Style: audiencetest.Style(style), Key: "text COLLATE NOCASE", Text: "text COLLATE NOCASE",
			}},
			warehouse{"postgresql " + name, audiencetest.Warehouse{
				Dialect: audience.PostgreSQL, Style: audiencetest.Style(style), Key: `text COLLATE "tr-x-icu"`, Text: "text COLLATE careless",
			}},
		)
	}
	return out
}

// opened opens the warehouse's database.
func opened(tb testing.TB, h audiencetest.Warehouse) audiencetest.Warehouse {
	tb.Helper()
	at := sqlitePlace
	if h.Dialect == audience.PostgreSQL {
		at = postgresPlace
	}
	p := at(tb)
	if h.Dialect == audience.PostgreSQL {
		p.dsn += " jit=off" // it takes longer than these queries
	}
	db, err := sql.Open(p.driver, p.dsn)
	require.NoError(tb, err)
	tb.Cleanup(func() { _ = db.Close() })
	if h.Dialect == audience.PostgreSQL {
		_, err := db.ExecContext(tb.Context(), "CREATE COLLATION careless (provider = icu, locale = 'und-u-ks-level1', deterministic = false)")
		require.NoError(tb, err)
	}
	h.DB = db
	return h
}

// The members that a database finds are those that Program.Matches picks: of
// about 2,000 rules, or of as many as the environment asks for.
func TestRulesInSQLPickTheSameCustomers(t *testing.T) {
	const perWorld = 60
	rules := 2000
	if n, err := strconv.Atoi(os.Getenv(envRules)); err == nil {
		rules = n
	}
	all := warehouses()
	for i, h := range all {
		t.Run(h.name, func(t *testing.T) {
			h := opened(t, h.Warehouse)
			worlds := 1 + rules/len(all)/perWorld
			if h.Dialect == audience.SQLite { // slow under the race detector
				worlds = 1 + worlds/2
			} else {
				worlds += worlds / 2
			}
			audiencetest.TestEvaluator(t, audiencetest.Options{
				Worlds: worlds, Customers: 60, Rules: perWorld, Seed: uint64(i * rules),
				Env: func(env *audience.Env) { env.Tables = h.Tables(env.Schema) },
			}, h.Load)
		})
	}
}
