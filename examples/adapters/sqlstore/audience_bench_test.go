package sqlstore_test

import (
	"database/sql"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal/audience"
)

// envCustomers is the number of customers that the benchmark makes, with ten
// times as many orders; SOSYAL_BENCH_EXPLAIN prints how the queries are planned.
const (
	envCustomers = "SOSYAL_BENCH_CUSTOMERS"
	envExplain   = "SOSYAL_BENCH_EXPLAIN"
)

// shopTables is a shop's own database: what a host would map.
func shopTables() *audience.Tables {
	return &audience.Tables{
		Customers: audience.CustomerTable{
			Table: audience.Table{Name: "customers", Brand: "shop"}, ID: "id", Hash: "bucket",
			Columns:   map[string]audience.Column{"country": {Name: "country"}, "city": {Name: "city"}},
			Interests: audience.ListTable{Table: audience.Table{Name: "interests", Brand: "shop"}, Owner: "customer", Value: "interest"},
		},
		Events: map[string]audience.EventTable{audience.Order: {
			Table: audience.Table{Name: "orders", Brand: "shop"}, ID: "id", Customer: "customer",
			At: audience.Column{Name: "placed", Encoding: audience.UnitEncoding}, Amount: audience.Column{Name: "total", Encoding: audience.UnitEncoding, Scale: 2},
		}},
		Consents: audience.ConsentTable{
			Table: audience.Table{Name: "consents", Brand: "shop"}, Customer: "customer", Purpose: "purpose", Channel: "channel",
			Source: "source", Status: "status",
			At: audience.Column{Name: "said", Encoding: audience.UnitEncoding}, Expires: audience.Column{Name: "expires", Encoding: audience.UnitEncoding},
		},
	}
}

func shopEnv(tables *audience.Tables) audience.Env {
	return audience.Env{
		Brand: "b1", Now: time.Date(2026, time.November, 3, 12, 0, 0, 0, time.UTC), Zone: time.UTC, Tables: tables,
		Schema: audience.Schema{Events: map[string]audience.EventType{audience.Order: {Currency: "TRY"}}},
	}
}

// shopRows fills the tables of two shops by arithmetic alone, so that both
// databases have the same rows: every customer of a number n has interests,
// orders and consents that follow from n.
func shopRows(tb testing.TB, db *sql.DB, dialect audience.Dialect, customers int) {
	tb.Helper()
	series := func(n int) string {
		if dialect == audience.SQLite {
			return "(WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < " + strconv.Itoa(n) + ") SELECT n FROM g) AS g"
		}
		return "generate_series(1::bigint, " + strconv.Itoa(n) + ") AS g(n)"
	}
	all, orders := strconv.Itoa(customers), 10*customers
	for _, text := range []string{
		"CREATE TABLE customers (shop text NOT NULL, id text NOT NULL, country text, city text, bucket bigint, PRIMARY KEY (shop, id))",
		"CREATE TABLE interests (shop text NOT NULL, customer text NOT NULL, interest text NOT NULL)",
		"CREATE TABLE orders (shop text NOT NULL, id text NOT NULL, customer text NOT NULL, placed bigint NOT NULL, total bigint)",
		"CREATE TABLE consents (shop text NOT NULL, customer text NOT NULL, purpose text, channel text, source text, status text, said bigint, expires bigint)",
		"INSERT INTO customers SELECT 'b' || (n % 2 + 1), 'c' || n, CASE n % 5 WHEN 0 THEN 'DE' ELSE 'TR' END, 'city ' || (n % 81), n * 7919 % 2147483647 FROM " + series(2*customers),
		"INSERT INTO interests SELECT 'b' || (n % 2 + 1), 'c' || n, 'i' || (n * 31 % 17) FROM " + series(2*customers),
		"INSERT INTO orders SELECT 'b' || (n * 7919 % (2 * " + all + ") % 2 + 1), 'o' || n, 'c' || (1 + n * 7919 % (2 * " + all + ") * (n % 7) / 6), " +
			"1793707200 - n * 104729 % 63072000, n * 31 % 50000 FROM " + series(2*orders),
		"INSERT INTO consents SELECT 'b' || (n % 2 + 1), 'c' || n, 'marketing', 'email', 'shop', CASE n % 3 WHEN 0 THEN 'denied' ELSE 'granted' END, 1700000000, NULL FROM " + series(2*customers),
		"CREATE INDEX orders_time ON orders (shop, placed)",
		"CREATE INDEX orders_customer ON orders (shop, customer)",
		"ANALYZE",
	} {
		_, err := db.ExecContext(tb.Context(), text)
		require.NoError(tb, err, text)
	}
}

// shopRules are rules as shops ask them.
func shopRules() []struct{ name, rule string } {
	return []struct{ name, rule string }{
		{"loyal", `{"all":[{"count":{"of":"order","is":"at_least","value":3}},{"last":{"of":"order","is":"at_most","value":90}},{"interest":["i3"]},{"property":{"name":"country","is":"equals","value":"TR"}}]}`},
		{"never bought", `{"count":{"of":"order","is":"equals","value":0}}`},
		{"spent or new", `{"any":[{"sum":{"of":"order","is":"at_least","value":{"amount":"2500","currency":"TRY"},"days":365}},{"not":{"last":{"of":"order","is":"at_least","value":30}}}]}`},
		{"last week", `{"last":{"of":"order","is":"at_most","value":7}}`},
		{"lapsed", `{"not":{"last":{"of":"order","is":"at_most","value":180}}}`},
		{"funnel", `{"funnel":{"first":{"of":"order","days":90},"then":{"of":"order"},"hours":48}}`},
		{"consented tenth", `{"all":[{"consented":{"purpose":"marketing","channel":"email"}},{"bucket":{"of":10,"from":0,"to":1}}]}`},
	}
}

// BenchmarkRulesInSQL counts the members of segments in databases of 20,000
// customers and 200,000 orders for each of two brands, or more.
func BenchmarkRulesInSQL(b *testing.B) {
	customers := 20_000
	if n, err := strconv.Atoi(os.Getenv(envCustomers)); err == nil {
		customers = n
	}
	for _, d := range databases() {
		p := d.empty(b)
		db, err := sql.Open(p.driver, p.dsn)
		require.NoError(b, err)
		dialect := audience.Dialect(p.dialect)
		shopRows(b, db, dialect, customers)
		for _, r := range shopRules() {
			rule, err := audience.ParseRule([]byte(`{"version":1,"rule":` + r.rule + `}`))
			require.NoError(b, err)
			program, err := rule.Compile(shopEnv(shopTables()))
			require.NoError(b, err)
			q, err := program.SQL(dialect)
			require.NoError(b, err)
			b.Run(d.name+"/"+r.name, func(b *testing.B) {
				var members int
				for b.Loop() {
					require.NoError(b, db.QueryRowContext(b.Context(), q.Count().Text, q.Count().Args...).Scan(&members))
				}
				b.ReportMetric(float64(members), "members")
			})
			if os.Getenv(envExplain) != "" {
				_, _ = os.Stderr.WriteString(explained(b, db, dialect, q.Count()) + "\n")
			}
		}
		require.NoError(b, db.Close())
	}
}

// explained is how the database plans and runs a query.
func explained(tb testing.TB, db *sql.DB, dialect audience.Dialect, q audience.Query) string {
	tb.Helper()
	how, columns := "EXPLAIN (ANALYZE, BUFFERS) ", 1
	if dialect == audience.SQLite {
		how, columns = "EXPLAIN QUERY PLAN ", 4
	}
	rows, err := db.QueryContext(tb.Context(), how+q.Text, q.Args...)
	require.NoError(tb, err)
	defer func() { _ = rows.Close() }()
	lines := []string{q.Text}
	for rows.Next() {
		line := make([]any, columns)
		for i := range line {
			line[i] = new(string)
		}
		require.NoError(tb, rows.Scan(line...))
		lines = append(lines, *line[columns-1].(*string))
	}
	require.NoError(tb, rows.Err())
	return strings.Join(lines, "\n")
}
