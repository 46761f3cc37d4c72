package audience_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// benchCustomers is how many customers the benchmarks have: a million, or what
// SOSYAL_BENCH_CUSTOMERS says.
func benchCustomers(tb testing.TB) int {
	tb.Helper()
	n, err := strconv.Atoi(os.Getenv("SOSYAL_BENCH_CUSTOMERS"))
	if err != nil {
		n = 1_000_000
	}
	return n
}

// benchInterests are 16 interests.
func benchInterests() []string {
	interests := []string{"skincare", "makeup", "hair", "perfume"}
	for i := len(interests); i < 16; i++ {
		interests = append(interests, "interest-"+strconv.Itoa(i))
	}
	return interests
}

func benchNow() time.Time { return time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC) }

// benchEvents streams customers with so many orders each over a year.
func benchEvents(n, each int) iter.Seq2[audience.Customer, error] {
	return func(yield func(audience.Customer, error) bool) {
		r := rand.New(rand.NewPCG(3, 4))
		price := make([]sosyal.Money, 64)
		for i := range price {
			price[i], _ = sosyal.NewMoney(decimal.New(int64(1000+i*777), -2), "TRY")
		}
		events := make([]audience.Event, each)
		for i := range n {
			at := benchNow().AddDate(-1, 0, 0)
			for k := range events {
				at = at.Add(time.Duration(r.Int64N(int64(2 * 365 * 24 * time.Hour / time.Duration(each)))))
				events[k] = audience.Event{Name: audience.Order, At: at, Amount: price[r.IntN(len(price))]}
			}
			if !yield(audience.Customer{ID: sosyal.PersonID("c" + strconv.Itoa(i)), Events: events}, nil) {
				return
			}
		}
	}
}

// Ten events of each of a million customers, counted in a window.
func BenchmarkCountEvents(b *testing.B) {
	n := benchCustomers(b)
	ix, err := audience.BuildIndex(b.Context(), "shop", benchSchema(), benchEvents(n, 10))
	require.NoError(b, err)
	p := benchProgram(b, `{"count":{"of":"order","is":"at_least","value":3,"days":90}}`)
	found := 0
	for b.Loop() {
		m, err := p.Evaluate(b.Context(), ix)
		require.NoError(b, err)
		found = m.Count()
	}
	b.ReportMetric(float64(found), "members")
}

// benchShop streams customers: 0 to 4 orders over two years, each of 16
// interests with one in 8, 12 countries of which Turkey has a quarter, 2,000
// cities.
func benchShop(n int) iter.Seq2[audience.Customer, error] {
	return func(yield func(audience.Customer, error) bool) {
		r := rand.New(rand.NewPCG(1, 2))
		countries := []string{"TR", "TR", "TR", "TR", "DE", "FR", "GB", "US", "NL", "AT", "SA", "AZ", "IT", "ES", "GR", "BG"}
		cities := make([]string, 2_000)
		for i := range cities {
			cities[i] = fmt.Sprint("city-", i)
		}
		interests := benchInterests()
		price := make([]sosyal.Money, 64)
		for i := range price {
			price[i], _ = sosyal.NewMoney(decimal.New(int64(1000+i*777), -2), "TRY")
		}
		var events []audience.Event
		var own []string
		id := make([]byte, 0, 16)
		for i := range n {
			events, own = events[:0], own[:0]
			x := r.Uint64()
			for range x % 5 {
				days := r.IntN(730)
				events = append(events, audience.Event{
					Name: audience.Order, At: benchNow().Add(-time.Duration(days)*24*time.Hour - time.Duration(r.IntN(86_400))*time.Second),
					Amount: price[r.IntN(len(price))],
				})
			}
			for k, name := range interests {
				if x>>(8+3*k)&7 == 0 {
					own = append(own, name)
				}
			}
			id = strconv.AppendInt(append(id[:0], "c"...), int64(i), 10)
			if !yield(audience.Customer{
				ID:        sosyal.PersonID(id),
				Profile:   audience.Profile{Country: countries[r.IntN(len(countries))], City: cities[r.IntN(len(cities))]},
				Interests: own, Events: events,
			}, nil) {
				return
			}
		}
	}
}

func benchSchema() audience.Schema {
	return audience.Schema{Events: map[string]audience.EventType{audience.Order: {Currency: "TRY"}}}
}

func benchIndex(tb testing.TB, n int) *audience.Index {
	tb.Helper()
	ix, err := audience.BuildIndex(context.Background(), "shop", benchSchema(), benchShop(n))
	require.NoError(tb, err)
	return ix
}

func benchProgram(tb testing.TB, condition string) audience.Program {
	tb.Helper()
	r, err := audience.ParseRule(wrap(condition))
	require.NoError(tb, err)
	p, err := r.Compile(audience.Env{Brand: "shop", Now: benchNow(), Zone: time.UTC, Schema: benchSchema()})
	require.NoError(tb, err)
	return p
}

const benchRule = `{"all":[{"count":{"of":"order","is":"at_least","value":3}},{"last":{"of":"order","is":"at_most","value":90}},
	{"interest":["skincare"]},{"property":{"name":"country","is":"equals","value":"TR"}}]}`

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// The rate is that of the index: the time that the stream takes by itself is
// measured and taken off.
func BenchmarkBuildIndex(b *testing.B) {
	n := benchCustomers(b)
	var building, streaming time.Duration
	for b.Loop() {
		before := heap()
		start := time.Now()
		ix := benchIndex(b, n)
		building += time.Since(start)
		b.ReportMetric(float64(heap()-before)/float64(n), "bytes/customer")
		runtime.KeepAlive(ix)
		start = time.Now()
		for _, err := range benchShop(n) { // the stream alone
			require.NoError(b, err)
		}
		streaming += time.Since(start)
	}
	b.ReportMetric(float64(n)*float64(b.N)/building.Seconds(), "customers/s-with-stream")
	b.ReportMetric(float64(n)*float64(b.N)/(building-streaming).Seconds(), "customers/s")
}

func BenchmarkEvaluate(b *testing.B) {
	ix := benchIndex(b, benchCustomers(b))
	cold := benchProgram(b, benchRule)
	kept, err := ix.Keep(b.Context(), cold)
	require.NoError(b, err)
	for _, c := range []struct {
		name string
		ix   *audience.Index
		rule string
	}{
		{"rule/cold", ix, benchRule},
		{"rule/kept", kept, benchRule},
		{"columns only", ix, `{"all":[{"count":{"of":"order","is":"at_least","value":3}},{"last":{"of":"order","is":"at_most","value":90}}]}`},
		{"count in a window", ix, `{"count":{"of":"order","is":"at_least","value":3,"days":90}}`},
		{"sum in a window", ix, `{"sum":{"of":"order","is":"at_least","value":{"amount":"500","currency":"TRY"},"days":90}}`},
	} {
		p := benchProgram(b, c.rule)
		b.Run(c.name, func(b *testing.B) {
			found := 0
			for b.Loop() {
				m, err := p.Evaluate(b.Context(), c.ix)
				require.NoError(b, err)
				found = m.Count()
			}
			b.ReportMetric(float64(found), "members")
		})
	}
}
