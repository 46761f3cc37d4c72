package truth_test

import (
	"cmp"
	"encoding/csv"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/value"
	"github.com/yukselenler/sosyal/examples/storefront/demo"
)

// table is a file of the world by column name, without any of the library.
func (w world) table(t *testing.T, name string) []map[string]string {
	t.Helper()
	r := csv.NewReader(w.open(t, name))
	header, err := r.Read()
	require.NoError(t, err)
	var out []map[string]string
	for {
		fields, err := r.Read()
		if err == io.EOF {
			return out
		}
		require.NoError(t, err)
		row := make(map[string]string, len(header))
		for i, h := range header {
			row[h] = fields[i]
		}
		out = append(out, row)
	}
}

// naiveSales is what the orders add up to by plain maps: paid lines sell,
// lines of returns subtract on their day, cancelled ones are nothing.
type naiveSales struct {
	net, gross     decimal.Decimal
	byDay          map[string]decimal.Decimal // net
	ordersByDay    map[string]map[string]bool
	byCampaign     map[string]decimal.Decimal
	campaignOrders map[string]map[string]bool
	orders, sales  map[string]bool
	status         map[string]map[string]bool // order numbers by status
	people         map[string]*naiveBuyer
}

type naiveBuyer struct {
	net, gross decimal.Decimal
	orders     map[string]bool
	last       string
}

func foldNaively(rows []map[string]string) naiveSales {
	n := naiveSales{
		byDay: map[string]decimal.Decimal{}, ordersByDay: map[string]map[string]bool{}, byCampaign: map[string]decimal.Decimal{},
		campaignOrders: map[string]map[string]bool{}, orders: map[string]bool{}, sales: map[string]bool{},
		status: map[string]map[string]bool{}, people: map[string]*naiveBuyer{},
	}
	put := func(m map[string]map[string]bool, key, id string) {
		if m[key] == nil {
			m[key] = map[string]bool{}
		}
		m[key][id] = true
	}
	for _, row := range rows {
		id, day := row["order_id"], row["ordered_at"][:10]
		amount := decimal.RequireFromString(row["quantity"]).Mul(decimal.RequireFromString(row["unit_price"]))
		n.orders[id] = true
		put(n.status, row["status"], id)
		buyer := &naiveBuyer{orders: map[string]bool{}} // a guest is forgotten
		if c := row["customer_id"]; c != "" {
			if n.people[c] == nil {
				n.people[c] = buyer
			}
			buyer = n.people[c]
		}
		if row["status"] == "cancelled" {
			continue
		}
		n.net = n.net.Add(amount)
		n.byDay[day] = n.byDay[day].Add(amount)
		buyer.net = buyer.net.Add(amount)
		if c := row["utm_campaign"]; c != "" {
			n.byCampaign[c] = n.byCampaign[c].Add(amount)
			put(n.campaignOrders, c, id)
		}
		if row["status"] == "paid" {
			n.gross = n.gross.Add(amount)
			n.sales[id] = true
			put(n.ordersByDay, day, id)
			buyer.gross, buyer.orders[id] = buyer.gross.Add(amount), true
			buyer.last = max(buyer.last, day)
		}
	}
	return n
}

func TestOrdersAddUp(t *testing.T) {
	w := history(t, demo.Options{Seed: firstSeed, Scale: 0.3}) // enough orders a day to tell days apart
	zone, err := sosyal.LoadZone(demo.Zone)
	require.NoError(t, err)
	book := audience.NewOrderBook(zone)
	for l, err := range audience.ReadOrders(w.open(t, "orders.csv"), "orders.csv", sosyal.Mapping{}) {
		require.NoError(t, err)
		require.NoError(t, book.Add(l))
	}
	rows := w.table(t, "orders.csv")
	naive := foldNaively(rows)
	t.Run("totals", func(t *testing.T) { totalsAgree(t, book, naive, len(rows)) })
	t.Run("customers", func(t *testing.T) { customersAgree(t, book, naive) })
	t.Run("scores", func(t *testing.T) { scoresAgree(t, book, naive, w.truth) })
	t.Run("days", func(t *testing.T) { daysAgree(t, book, naive) })
	t.Run("campaigns", func(t *testing.T) { campaignsAgree(t, book, naive) })
	t.Run("special days", func(t *testing.T) { specialDaysShow(t, book, w.truth) })
	t.Run("rhythm of the week", func(t *testing.T) { rhythmShows(t, book, w.truth) })
}

func amount(t *testing.T, want decimal.Decimal, got sosyal.Money, what string) {
	t.Helper()
	assert.True(t, want.Equal(got.Amount()), "%s: %s against %s", what, want, got)
}

func totalsAgree(t *testing.T, book *audience.OrderBook, naive naiveSales, lines int) {
	t.Helper()
	got := book.Totals()
	t.Logf("%d lines, %d orders, %d customers, net %s", got.Lines, got.Orders, got.Customers, got.Net)
	amount(t, naive.net, got.Net, "net")
	amount(t, naive.gross, got.Gross, "gross")
	assert.Equal(t, lines, got.Lines)
	assert.Len(t, naive.orders, got.Orders)
	assert.Len(t, naive.sales, got.Sales.Orders)
	assert.Len(t, naive.status["cancelled"], got.CancelledOrders)
	assert.Len(t, naive.status["returned"], got.ReturnedOrders)
	assert.Len(t, naive.people, got.Customers)
}

func customersAgree(t *testing.T, book *audience.OrderBook, naive naiveSales) {
	t.Helper()
	seen := 0
	for p := range book.Customers() {
		n := naive.people[string(p.Customer)]
		require.NotNil(t, n)
		amount(t, n.net, p.Net, "net of a customer")
		amount(t, n.gross, p.Gross, "gross of a customer")
		require.Len(t, n.orders, p.Orders)
		if p.Orders > 0 {
			require.Equal(t, n.last, p.Last.String())
		}
		seen++
	}
	assert.Len(t, naive.people, seen)
}

// fifth is a score by its definition: 1 and the whole part of five times the
// share of those who are worse plus half that of those who are alike.
func fifth[T any](all []T, own T, compare func(a, b T) int) int {
	worse, alike := 0, 0
	for _, v := range all {
		switch c := compare(v, own); {
		case c < 0:
			worse++
		case c == 0:
			alike++
		}
	}
	return 1 + 5*(2*worse+alike)/(2*len(all))
}

// scoresAgree scores customers by counting everybody, without thresholds.
func scoresAgree(t *testing.T, book *audience.OrderBook, naive naiveSales, truth demo.Truth) {
	t.Helper()
	asOf, err := sosyal.ParseDate(truth.End)
	require.NoError(t, err)
	table, err := value.RFM(book.Customers(), asOf, value.RFMOptions{})
	require.NoError(t, err)
	require.NoError(t, table.Validate())
	var last []string
	var orders []int
	var spent []decimal.Decimal
	for _, p := range naive.people {
		if len(p.orders) > 0 {
			last, orders, spent = append(last, p.last), append(orders, len(p.orders)), append(spent, p.net)
		}
	}
	assert.Len(t, last, table.Customers)
	assert.Equal(t, len(naive.people)-len(last), table.Prospects)
	scored, groups := 0, map[value.Group]int{}
	for p := range book.Customers() {
		if p.Orders == 0 {
			continue
		}
		got, err := table.Score(p, asOf)
		require.NoError(t, err)
		groups[got.Group()]++
		if scored++; scored%7 != 0 { // counting everybody for everybody takes its time
			continue
		}
		own := naive.people[string(p.Customer)]
		require.Equal(t, value.Score{
			Recency: fifth(last, own.last, strings.Compare), Frequency: fifth(orders, len(own.orders), cmp.Compare[int]),
			Monetary: fifth(spent, own.net, decimal.Decimal.Cmp),
		}, got)
	}
	counted := 0
	for _, r := range table.Cells {
		for _, f := range r {
			for _, m := range f {
				counted += m
			}
		}
	}
	assert.Equal(t, scored, counted, "every buyer is in a cell")
	t.Logf("%d scored: %v", scored, groups)
}

func daysAgree(t *testing.T, book *audience.OrderBook, naive naiveSales) {
	t.Helper()
	days := map[string]bool{}
	for d, r := range book.Days() {
		days[d.String()] = true
		amount(t, naive.byDay[d.String()], r.Net, d.String())
		assert.Len(t, naive.ordersByDay[d.String()], r.Orders, d.String())
	}
	for day := range naive.byDay {
		assert.True(t, days[day], day)
	}
	for from := range book.Totals().Period.All() {
		if from.Day() != 1 {
			continue
		}
		want := decimal.Decimal{}
		month := sosyal.MonthOf(from)
		for d := range month.All() {
			want = want.Add(naive.byDay[d.String()])
		}
		amount(t, want, book.Revenue(month).Net, from.String())
	}
}

func campaignsAgree(t *testing.T, book *audience.OrderBook, naive naiveSales) {
	t.Helper()
	require.Greater(t, len(naive.byCampaign), 50)
	total := decimal.Decimal{}
	for name, want := range naive.byCampaign {
		got := book.Campaign(name, sosyal.Period{})
		amount(t, want, got.Net, name)
		assert.Len(t, naive.campaignOrders[name], got.Orders, name)
		total = total.Add(want)
	}
	byOrigin := decimal.Decimal{}
	for _, o := range book.Origins(sosyal.Period{}) {
		byOrigin = byOrigin.Add(o.Net.Amount())
	}
	assert.True(t, total.Equal(byOrigin), "origins add up to the campaigns: %s against %s", total, byOrigin)
	t.Logf("%d campaigns, %s of %s", len(naive.byCampaign), total, naive.net)
}

// demand is a day's planted demand without special days.
func demand(truth demo.Truth, d date.Date) float64 {
	sum := truth.Orders.Weekday[strings.ToLower(d.Format("Mon"))]
	sum += truth.Orders.YearlyAmplitude * math.Cos(2*math.Pi*float64(d.YearDay()-truth.Orders.YearlyPeakDay)/365.25)
	return math.Exp(sum)
}

// specialDaysShow holds the orders of special days against those of the ordinary
// days around them. Orders that ads and posts bring follow demand by its square
// root or not at all, so that what shows is somewhat less than what is planted.
func specialDaysShow(t *testing.T, book *audience.OrderBook, truth demo.Truth) {
	t.Helper()
	orders := map[date.Date]float64{}
	for d, r := range book.Days() {
		orders[d] = float64(r.Orders)
	}
	lift := map[date.Date]float64{}
	for _, s := range truth.Orders.Special {
		from, err := sosyal.ParseDate(s.From)
		require.NoError(t, err)
		to, err := sosyal.ParseDate(s.To)
		require.NoError(t, err)
		for d := from; d <= to; d++ {
			lift[d] += s.Lift
		}
	}
	history := book.Totals().Period
	const around = 21 // days
	var planted, shown []float64
	for _, s := range truth.Orders.Special {
		from, _ := sosyal.ParseDate(s.From)
		to, _ := sosyal.ParseDate(s.To)
		if !history.Contains(from) || !history.Contains(to) {
			continue
		}
		sold, wanted, expected, ordinary, usual := 0.0, 0.0, 0.0, 0.0, 0.0
		for d := from - around; d <= to+around; d++ {
			switch {
			case !history.Contains(d):
			case d >= from && d <= to:
				sold, wanted, expected = sold+orders[d], wanted+demand(truth, d), expected+demand(truth, d)*math.Exp(lift[d])
			case lift[d] == 0:
				ordinary, usual = ordinary+orders[d], usual+demand(truth, d)
			}
		}
		if sold == 0 || ordinary == 0 {
			continue
		}
		planted, shown = append(planted, math.Log(expected/wanted)), append(shown, math.Log(sold/wanted/(ordinary/usual)))
		t.Logf("%s %s: planted %+.2f, shown %+.2f", s.Name, s.From, planted[len(planted)-1], shown[len(shown)-1])
		if s.Lift >= 0.9 {
			assert.Greater(t, shown[len(shown)-1], 0.5*planted[len(planted)-1], "%s", s.Name)
		}
	}
	require.Greater(t, len(planted), 15)
	c := correlation(planted, shown)
	t.Logf("%d special days, correlation %.3f", len(planted), c)
	assert.Greater(t, c, 0.9)
}

// The rhythm's own claim is the ratio to a moving average, which special days
// disturb; it follows the planted one.
func rhythmShows(t *testing.T, book *audience.OrderBook, truth demo.Truth) {
	t.Helper()
	got, err := book.WeekRhythm()
	require.NoError(t, err)
	var planted, found []float64
	for w := range time.Weekday(7) {
		planted = append(planted, truth.Orders.Weekday[strings.ToLower(w.String()[:3])])
		found = append(found, math.Log(got.Of(w)))
	}
	c := correlation(planted, found)
	t.Logf("rhythm of the week: found %.3f, planted %.3f, correlation %.3f", found, planted, c)
	assert.Greater(t, c, 0.8)
}
