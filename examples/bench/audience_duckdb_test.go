package bench_test

import (
	"database/sql"
	"os"
	"strconv"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/audiencetest"
)

// The members that DuckDB finds are those that Program.Matches picks.
// SOSYAL_TEST_RULES asks for more rules than the usual ones.
func TestRulesInDuckDBPickTheSameCustomers(t *testing.T) {
	worlds := 2
	if n, err := strconv.Atoi(os.Getenv("SOSYAL_TEST_RULES")); err == nil {
		worlds = max(1, n/60/4)
	}
	for style, name := range []string{"native", "coded", "written", "zoneless"} {
		t.Run(name, func(t *testing.T) {
			db, err := sql.Open("duckdb", "")
			require.NoError(t, err)
			defer func() { _ = db.Close() }()
			h := audiencetest.Warehouse{DB: db, Dialect: audience.DuckDB, Style: audiencetest.Style(style), Text: "VARCHAR COLLATE NOCASE"}
			audiencetest.TestEvaluator(t, audiencetest.Options{
				Worlds: worlds, Customers: 60, Seed: uint64(worlds * style),
				Env: func(env *audience.Env) { env.Tables = h.Tables(env.Schema) },
			}, h.Load)
		})
	}
}

// Keys may be whole numbers: brands, customers and events are then told by them.
func TestRulesInSQLInDuckDBWithNumbersForKeys(t *testing.T) {
	db, err := sql.Open("duckdb", "")
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
	q, err := program.SQL(audience.DuckDB)
	require.NoError(t, err)
	var id string
	require.NoError(t, db.QueryRowContext(t.Context(), q.Text, q.Args...).Scan(&id))
	assert.Equal(t, "10", id)
	var members int
	require.NoError(t, db.QueryRowContext(t.Context(), q.Count().Text, q.Count().Args...).Scan(&members))
	assert.Equal(t, 1, members)
}
