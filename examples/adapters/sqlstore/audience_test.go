package sqlstore_test

import (
	"database/sql"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
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

// Keys may be whole numbers: brands, customers and events are then told by them.
func TestRulesInSQLWithNumbersForKeys(t *testing.T) {
	for _, d := range databases() {
		t.Run(d.name, func(t *testing.T) {
			p := d.empty(t)
			db, err := sql.Open(p.driver, p.dsn)
			require.NoError(t, err)
			defer func() { _ = db.Close() }()
			for _, text := range []string{
				"CREATE TABLE customers (shop bigint, id bigint)",
				"CREATE TABLE orders (shop bigint, id bigint, customer bigint, placed bigint)",
				"CREATE TABLE lines (shop bigint, order_id bigint, category text)",
				"INSERT INTO customers VALUES (1, 10), (1, 11), (2, 10), (2, 12)",
				"INSERT INTO orders VALUES (1, 100, 10, 0), (1, 101, 11, 0), (2, 100, 12, 0)",
				"INSERT INTO lines VALUES (1, 100, 'hair'), (1, 100, 'makeup'), (2, 101, 'hair')",
			} {
				_, err := db.ExecContext(t.Context(), text)
				require.NoError(t, err)
			}
			table := func(name string) audience.Table { return audience.Table{Name: name, Brand: "shop"} }
			rule, err := audience.ParseRule([]byte(`{"version":1,"rule":{"count":{"of":"order","is":"at_least","value":1,"where":[{"name":"categories","is":"contains","value":"hair"}]}}}`))
			require.NoError(t, err)
			program, err := rule.Compile(audience.Env{
				Brand: "1", Now: time.Date(2026, time.November, 3, 12, 0, 0, 0, time.UTC), Zone: time.UTC,
				Tables: &audience.Tables{
					Customers: audience.CustomerTable{Table: table("customers"), ID: "id"},
					Events: map[string]audience.EventTable{audience.Order: {
						Table: table("orders"), ID: "id", Customer: "customer", At: audience.Column{Name: "placed", Encoding: audience.UnitEncoding},
						Lists: map[string]audience.ListTable{"categories": {Table: table("lines"), Owner: "order_id", Value: "category"}},
					}},
				},
			})
			require.NoError(t, err)
			q, err := program.SQL(audience.Dialect(p.dialect))
			require.NoError(t, err)
			var id string
			require.NoError(t, db.QueryRowContext(t.Context(), q.Text, q.Args...).Scan(&id))
			assert.Equal(t, "10", id)
			var members int
			require.NoError(t, db.QueryRowContext(t.Context(), q.Count().Text, q.Count().Args...).Scan(&members))
			assert.Equal(t, 1, members)
		})
	}
}
