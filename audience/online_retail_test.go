package audience_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/internal/realdatatest"
)

const onlineRetail = "online-retail/online_retail.csv.gz"

func london(tb testing.TB) *audience.OrderBook {
	tb.Helper()
	zone, err := sosyal.LoadZone("Europe/London")
	require.NoError(tb, err)
	return audience.NewOrderBook(zone)
}

// readOnlineRetail reads the UCI data set with the ready mapping.
func readOnlineRetail(tb testing.TB) *audience.OrderBook {
	tb.Helper()
	book := london(tb)
	for line, err := range audience.ReadOrders(realdatatest.Open(tb, onlineRetail), "online_retail.csv", sosyal.Mapping{}) {
		if err == nil {
			err = book.Add(line)
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	return book
}

// The expected figures were computed from the file by other programs.
func TestOnlineRetail(t *testing.T) {
	book := readOnlineRetail(t) // once: it is large
	t.Run("adds up exactly", func(t *testing.T) { addsUpExactly(t, book) })
	t.Run("parts add up to the totals", func(t *testing.T) { partsAddUp(t, book) })
}

func addsUpExactly(t *testing.T, book *audience.OrderBook) {
	t.Helper()
	got := book.Totals()
	assert.Equal(t, 541_909, got.Lines)
	assert.Equal(t, "9747747.934 GBP", got.Net.String(), "three decimals of pounds")
	assert.Equal(t, 25_900, got.Orders)
	assert.Equal(t, 3_836, got.CancelledOrders)
	assert.Equal(t, 135_080, got.LinesWithoutCustomer)
	assert.Equal(t, 4_372, got.Customers)
	assert.Equal(t, 4_070, got.Products)
	assert.Equal(t, 38, got.Countries)
	assert.Equal(t, audience.SalesCount{Lines: 397_884, Orders: 18_532}, got.KnownSales)
	assert.Equal(t, 4_338, got.Buyers)
	assert.Equal(t, "8911407.904 GBP", got.KnownGross.String())
	assert.Equal(t, "2010-12-01/2011-12-10", got.Period.String())

	top, ok := book.Customer("14646")
	require.True(t, ok)
	assert.Equal(t, "280206.02 GBP", top.Gross.String())

	once := 0
	for p := range book.Customers() {
		if p.Orders == 1 {
			once++
		}
	}
	assert.Equal(t, 1_493, once)
}

func partsAddUp(t *testing.T, book *audience.OrderBook) {
	t.Helper()
	var days, people sosyal.Money
	var err error
	orders := 0
	for _, r := range book.Days() {
		days, err = days.Add(r.Net)
		require.NoError(t, err)
		orders += r.Orders
	}
	assert.True(t, days.Equal(book.Totals().Net), days)
	assert.Equal(t, book.Totals().Sales.Orders, orders)
	assert.Equal(t, book.Totals().Net.String(), book.Revenue(book.Totals().Period).Net.String())
	knownOrders := 0
	for p := range book.Customers() {
		people, err = people.Add(p.Gross)
		require.NoError(t, err)
		knownOrders += p.Orders
		var history sosyal.Money
		visited := 0
		for _, d := range book.History(p.Customer) {
			history, err = history.Add(d.Net)
			require.NoError(t, err)
			visited += d.Orders
		}
		require.True(t, history.IsZero() && p.Net.IsZero() || history.Equal(p.Net), p.Customer)
		require.Equal(t, p.Orders, visited)
	}
	assert.True(t, people.Equal(book.Totals().KnownGross), people)
	assert.Equal(t, 18_532, knownOrders)
}

func BenchmarkOnlineRetail(b *testing.B) {
	realdatatest.Path(b, onlineRetail)
	b.ReportAllocs()
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		book := readOnlineRetail(b)
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(book.Totals().Customers), "B/customer")
		b.ReportMetric(float64(book.Totals().Lines), "lines")
	}
}
