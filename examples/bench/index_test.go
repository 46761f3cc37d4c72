package bench_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// A customer of the comparison, of whom there are a million, or what
// SOSYAL_BENCH_CUSTOMERS says. Each part of the rule picks between an eighth and a
// quarter of them, and all together about one in a thousand: 3 in 16 are from
// Turkey, each interest has a quarter, 5 in 32 ordered three times or more, and
// the last orders lie evenly in two years.
type customer struct {
	orders    int
	days      int // since the last order, 0 where there is none
	interests int // a bit for each
	country   int
	city      int
}

func indexCustomers(tb testing.TB) int {
	tb.Helper()
	n, err := strconv.Atoi(os.Getenv("SOSYAL_BENCH_CUSTOMERS"))
	if err != nil {
		n = 1_000_000
	}
	return n
}

func draw(n int) iter.Seq2[int, customer] {
	return func(yield func(int, customer) bool) {
		r := rand.New(rand.NewPCG(5, 6))
		orders := [32]int{16: 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 7}
		for i := range n {
			x, y := r.Uint64(), r.Uint64()
			c := customer{orders: orders[x&31], days: int(x >> 5 & 1023 * 730 / 1024), country: int(x >> 15 & 15), city: int(x >> 19 & 1023)}
			c.country = max(c.country-2, 0)
			c.interests = int(y & (y >> 16) & 0xffff)
			if !yield(i, c) {
				return
			}
		}
	}
}

func benchmarkNow() time.Time { return time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC) }

// ours is the index of them.
func ours(tb testing.TB, n int) *audience.Index {
	tb.Helper()
	countries := []string{"TR", "AZ", "DE", "GR", "BG", "GB", "US", "FR", "NL", "AT", "IT", "ES", "SA", "AE", "CH", "SE"}
	cities, interests := make([]string, 1024), make([]string, 16)
	for i := range cities {
		cities[i] = fmt.Sprint("city-", i)
	}
	for i := range interests {
		interests[i] = fmt.Sprint("interest-", i)
	}
	interests[0] = "skincare"
	stream := func(yield func(audience.Customer, error) bool) {
		events, own := make([]audience.Event, 0, 8), make([]string, 0, 16)
		for i, c := range draw(n) {
			events, own = events[:0], own[:0]
			last := benchmarkNow().AddDate(0, 0, -c.days)
			for k := range c.orders {
				events = append(events, audience.Event{Name: audience.Order, At: last.AddDate(0, 0, -7*(c.orders-1-k))})
			}
			for k, name := range interests {
				if c.interests>>k&1 != 0 {
					own = append(own, name)
				}
			}
			if !yield(audience.Customer{
				ID: sosyal.PersonID("c" + strconv.Itoa(i)), Profile: audience.Profile{Country: countries[c.country], City: cities[c.city]},
				Interests: own, Events: events,
			}, nil) {
				return
			}
		}
	}
	ix, err := audience.BuildIndex(context.Background(), "shop", audience.Schema{}, stream)
	require.NoError(tb, err)
	return ix
}

// theirs is a table of the same with every column coded as the narrowest whole
// number, which is DuckDB's fastest form.
func theirs(tb testing.TB, n, threads int) *sql.DB {
	tb.Helper()
	connector, err := duckdb.NewConnector("", nil)
	require.NoError(tb, err)
	db := sql.OpenDB(connector)
	tb.Cleanup(func() { _ = db.Close() })
	_, err = db.ExecContext(tb.Context(), fmt.Sprint("SET threads = ", threads))
	require.NoError(tb, err)
	_, err = db.ExecContext(tb.Context(), "CREATE TABLE c (orders UTINYINT, days USMALLINT, interests USMALLINT, country UTINYINT, city USMALLINT)")
	require.NoError(tb, err)
	conn, err := connector.Connect(tb.Context())
	require.NoError(tb, err)
	appender, err := duckdb.NewAppenderFromConn(conn, "", "c")
	require.NoError(tb, err)
	for _, c := range draw(n) {
		days := driver.Value(uint16(c.days))
		if c.orders == 0 {
			days = nil
		}
		require.NoError(tb, appender.AppendRow(uint8(c.orders), days, uint16(c.interests), uint8(c.country), uint16(c.city)))
	}
	require.NoError(tb, appender.Close())
	require.NoError(tb, conn.Close())
	return db
}

const theirQuery = "SELECT count(*) FROM c WHERE orders >= 3 AND days <= 90 AND interests & 1 = 1 AND country = 0"

const ourRule = `{"version":1,"rule":{"all":[{"count":{"of":"order","is":"at_least","value":3}},
	{"last":{"of":"order","is":"at_most","value":90}},{"interest":["skincare"]},
	{"property":{"name":"country","is":"equals","value":"TR"}}]}}`

// BenchmarkSegment answers the same question with an index, with an index that
// keeps the answers to the parts, and with DuckDB on one and on two threads.
func BenchmarkSegment(b *testing.B) {
	n := indexCustomers(b)
	ix := ours(b, n)
	rule, err := audience.ParseRule([]byte(ourRule))
	require.NoError(b, err)
	program, err := rule.Compile(audience.Env{Brand: "shop", Now: benchmarkNow(), Zone: time.UTC})
	require.NoError(b, err)
	kept, err := ix.Keep(b.Context(), program)
	require.NoError(b, err)
	members, err := program.Evaluate(b.Context(), ix)
	require.NoError(b, err)
	for _, c := range []struct {
		name string
		ix   *audience.Index
	}{{"index", ix}, {"index with parts kept", kept}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				m, err := program.Evaluate(b.Context(), c.ix)
				require.NoError(b, err)
				require.Equal(b, members.Count(), m.Count())
			}
			b.ReportMetric(float64(members.Count()), "members")
		})
	}
	for _, threads := range []int{1, 2} {
		db := theirs(b, n, threads)
		b.Run(fmt.Sprintf("DuckDB, %d threads", threads), func(b *testing.B) {
			for b.Loop() {
				var found int
				require.NoError(b, db.QueryRowContext(b.Context(), theirQuery).Scan(&found))
				require.Equal(b, members.Count(), found)
			}
		})
		_ = db.Close()
	}
}
