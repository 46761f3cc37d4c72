package audience_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

func lira(tb testing.TB, amount string) sosyal.Money {
	tb.Helper()
	m, err := sosyal.NewMoney(decimal.RequireFromString(amount), "TRY")
	require.NoError(tb, err)
	return m
}

// line is a paid line of one piece on a day of November 2026, at noon UTC.
func line(tb testing.TB, order, customer string, day int, price string) audience.OrderLine {
	tb.Helper()
	return audience.OrderLine{
		Order: order, Customer: sosyal.PersonID(customer), Status: audience.Paid,
		At: time.Date(2026, time.November, day, 12, 0, 0, 0, time.UTC), Quantity: decimal.New(1, 0), UnitPrice: lira(tb, price),
	}
}

func add(tb testing.TB, b *audience.OrderBook, lines ...audience.OrderLine) {
	tb.Helper()
	for _, l := range lines {
		require.NoError(tb, b.Add(l))
	}
}

func TestWhatIsCancelledAndReturnedNetsOut(t *testing.T) {
	paid := line(t, "1", "a", 1, "100")
	cancelled := line(t, "2", "a", 2, "50") // became cancelled: never revenue
	cancelled.Status = audience.Cancelled
	pending := line(t, "3", "a", 3, "70")
	pending.Status = audience.Pending
	back := line(t, "1-R", "a", 4, "30") // a document of its own takes back
	back.Status, back.Quantity = audience.Returned, decimal.New(-1, 0)
	gift := line(t, "1", "a", 1, "0")
	free := back // a second line of the same return, worth nothing
	free.UnitPrice = lira(t, "0")

	b := audience.NewOrderBook(time.UTC)
	add(t, b, paid, cancelled, pending, back, free, gift)
	got := b.Totals()
	assert.Equal(t, "70.00 TRY", got.Net.String())
	assert.Equal(t, "100.00 TRY", got.Gross.String())
	assert.Equal(t, 4, got.Orders)
	assert.Equal(t, 1, got.CancelledOrders)
	assert.Equal(t, 1, got.ReturnedOrders)
	assert.Equal(t, audience.SalesCount{Lines: 1, Orders: 1}, got.Sales)

	p, ok := b.Customer("a")
	require.True(t, ok)
	assert.Equal(t, 1, p.Orders)
	assert.Equal(t, 2, p.TakenBack)
	assert.Equal(t, "70.00 TRY", p.Net.String())
	assert.Equal(t, p.First, p.Last, "only sales move the days")
	assert.Equal(t, "-30.00 TRY", b.Revenue(sosyal.Period{From: date.New(2026, 11, 4), To: date.New(2026, 11, 5)}).Net.String(), "on its own day")
}

func TestDiscountsComeOffAndComeBack(t *testing.T) {
	sold := line(t, "1", "a", 1, "100")
	sold.Discount = lira(t, "12.50")
	back := sold
	back.Status, back.Quantity = audience.Returned, decimal.New(-1, 0)
	b := audience.NewOrderBook(time.UTC)
	add(t, b, sold)
	assert.Equal(t, "87.50 TRY", b.Totals().Net.String())
	add(t, b, back)
	assert.True(t, b.Totals().Net.IsZero())
	net, err := back.Net()
	require.NoError(t, err)
	assert.Equal(t, "-87.50 TRY", net.String())
}

func TestOrdersAreCountedOnceWhereverTheirLinesStand(t *testing.T) {
	b := audience.NewOrderBook(time.UTC)
	add(t, b, line(t, "1", "a", 1, "1"), line(t, "2", "b", 1, "1"), line(t, "1", "a", 1, "1"), line(t, "2", "b", 2, "1"))
	assert.Equal(t, 2, b.Totals().Orders)
	assert.Equal(t, 2, b.Totals().Sales.Orders)
	p, _ := b.Customer("b")
	assert.Equal(t, 1, p.Orders)
	_, ok := b.Customer("nobody")
	assert.False(t, ok)
}

func TestDaysAreThoseOfTheZone(t *testing.T) {
	istanbul, err := sosyal.LoadZone("Europe/Istanbul")
	require.NoError(t, err)
	late := line(t, "1", "a", 3, "1")
	late.At = time.Date(2026, time.November, 3, 22, 30, 0, 0, time.UTC) // 01:30 on the 4th in Istanbul
	b := audience.NewOrderBook(istanbul)
	add(t, b, late)
	for d := range b.Days() {
		assert.Equal(t, "2026-11-04", d.String())
	}
	own := audience.NewOrderBook(nil)
	add(t, own, late)
	for d := range own.Days() {
		assert.Equal(t, "2026-11-03", d.String(), "as the time itself shows it")
	}
}

func TestRevenueByOrigin(t *testing.T) {
	autumn := sosyal.UTM{Source: "instagram", Medium: "paid", Campaign: "autumn"}
	organic := sosyal.UTM{Source: "instagram", Medium: "social", Campaign: "autumn"}
	l := []audience.OrderLine{line(t, "1", "a", 1, "10"), line(t, "2", "b", 2, "20"), line(t, "3", "c", 3, "40"), line(t, "4", "d", 3, "80")}
	l[0].UTM, l[1].UTM, l[2].UTM = autumn, organic, autumn
	b := audience.NewOrderBook(time.UTC)
	add(t, b, l...)
	all := b.Origins(sosyal.Period{})
	require.Len(t, all, 2)
	assert.Equal(t, autumn, all[0].UTM)
	assert.Equal(t, "50.00 TRY", all[0].Net.String())
	assert.Equal(t, 2, all[0].Orders)
	firstTwo := sosyal.Period{From: date.New(2026, 11, 1), To: date.New(2026, 11, 3)}
	assert.Equal(t, "10.00 TRY", b.Origins(firstTwo)[0].Net.String())
	assert.Equal(t, "30.00 TRY", b.Campaign("autumn", firstTwo).Net.String())
	assert.Equal(t, "70.00 TRY", b.Campaign("autumn", sosyal.Period{}).Net.String())
	assert.Empty(t, b.Origins(sosyal.Period{From: date.New(2027, 1, 1), To: date.New(2027, 2, 1)}))
}

func TestABookHasOneCurrency(t *testing.T) {
	b := audience.NewOrderBook(time.UTC)
	add(t, b, line(t, "1", "a", 1, "10"))
	euros := line(t, "2", "a", 1, "10")
	var err error
	euros.UnitPrice, err = sosyal.NewMoney(decimal.New(10, 0), "EUR")
	require.NoError(t, err)
	before := b.Totals()
	assert.Equal(t, sosyal.CurrencyError{Left: "TRY", Right: "EUR"}, b.Add(euros))
	assert.Equal(t, before, b.Totals())
}

func TestLinesThatCannotBeAddedExactlyAreRefused(t *testing.T) {
	b := audience.NewOrderBook(time.UTC)
	add(t, b, line(t, "1", "a", 1, "10"))
	before := b.Totals()
	fine := line(t, "2", "a", 1, "0.123456789")
	assert.ErrorContains(t, b.Add(fine), "at most 8 decimals")
	huge := line(t, "3", "a", 1, "99999999999999999")
	assert.ErrorContains(t, b.Add(huge), "64 bits")
	huge.Quantity = decimal.New(99999999999999999, 0)
	assert.ErrorIs(t, b.Add(huge), sosyal.ErrInvalid)
	enormous := line(t, "3", "a", 1, "1e30")
	assert.ErrorIs(t, b.Add(enormous), sosyal.ErrInvalid)
	near := audience.NewOrderBook(time.UTC)
	add(t, near, line(t, "1", "a", 1, "40000000000000000"), line(t, "2", "a", 1, "0.01"))
	finer := line(t, "3", "a", 1, "0.001")
	require.ErrorContains(t, near.Add(finer), "64 bits", "the finer unit does not fit what is there")
	assert.Equal(t, "40000000000000000.01 TRY", near.Totals().Net.String())
	half := audience.NewOrderBook(time.UTC)
	add(t, half, line(t, "1", "a", 1, "4000000000000000"), line(t, "2", "a", 1, "0.001"), line(t, "3", "a", 1, "4000000000000000"))
	require.ErrorContains(t, half.Add(line(t, "4", "a", 1, "4000000000000000")), "64 bits", "nor what comes after it became finer")
	bad := line(t, "", "a", 1, "1")
	bad.Status, bad.At, bad.Discount = "sent", time.Time{}, lira(t, "-1")
	assert.Len(t, sosyal.FieldErrors(b.Add(bad)), 4)
	assert.Equal(t, before, b.Totals(), "nothing of them was booked")
}

// The book's whole numbers are held against plain decimal sums over random lines
// whose scales differ, so that the unit becomes finer on the way.
func TestSumsAreExact(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		b := audience.NewOrderBook(time.UTC)
		var net, gross decimal.Decimal
		perCustomer := map[sosyal.PersonID]decimal.Decimal{}
		perCategory := map[string]decimal.Decimal{}
		origin := sosyal.UTM{Source: "s", Campaign: "c"}
		var fromOrigin decimal.Decimal
		for i := range 300 {
			l := line(t, fmt.Sprint(r.IntN(120)), fmt.Sprint("c", r.IntN(20)), 1+r.IntN(28), "1")
			l.Quantity = decimal.New(int64(r.IntN(41)-20), -int32(r.IntN(2)))
			price := decimal.New(int64(r.IntN(100_000)), -int32(r.IntN(2+i/50)))
			var err error
			l.UnitPrice, err = sosyal.NewMoney(price, "TRY")
			require.NoError(t, err)
			l.Status = []audience.OrderStatus{audience.Paid, audience.Paid, audience.Cancelled, audience.Returned, audience.Pending}[r.IntN(5)]
			l.ProductCategory = []string{"", "x", "y"}[r.IntN(3)]
			if i%3 == 0 {
				l.UTM = origin
			}
			add(t, b, l)
			value := l.Quantity.Mul(price)
			counted := l.Status == audience.Paid || l.Status != audience.Pending && l.Quantity.IsNegative()
			if counted {
				net = net.Add(value)
				if l.UTM == origin {
					fromOrigin = fromOrigin.Add(value)
				}
				perCustomer[l.Customer] = perCustomer[l.Customer].Add(value)
				if l.ProductCategory != "" {
					perCategory[string(l.Customer)+l.ProductCategory] = perCategory[string(l.Customer)+l.ProductCategory].Add(value)
				}
			}
			if l.Status == audience.Paid && l.Quantity.IsPositive() && price.IsPositive() {
				gross = gross.Add(value)
			}
		}
		require.True(t, net.Equal(b.Totals().Net.Amount()), "%s and %s", net, b.Totals().Net)
		require.True(t, gross.Equal(b.Totals().Gross.Amount()))
		all := b.Origins(sosyal.Period{})[0]
		require.True(t, fromOrigin.Equal(all.Net.Amount()))
		month := b.Origins(sosyal.Month(2026, time.November))[0]
		require.Equal(t, all.Orders, month.Orders)
		require.True(t, all.Net.Equal(month.Net) && all.Gross.Equal(month.Gross))
		for p := range b.Customers() {
			require.True(t, perCustomer[p.Customer].Equal(p.Net.Amount()))
			require.True(t, slices.IsSortedFunc(p.Categories, func(x, y audience.CategoryValue) int {
				return y.Net.Amount().Cmp(x.Net.Amount())
			}))
			for _, c := range p.Categories {
				require.True(t, perCategory[string(p.Customer)+c.Category].Equal(c.Net.Amount()))
			}
		}
	}
}

func TestAnEmptyBook(t *testing.T) {
	b := audience.NewOrderBook(time.UTC)
	assert.Equal(t, audience.Totals{}, b.Totals())
	assert.Nil(t, b.History("a"))
	assert.Empty(t, b.Origins(sosyal.Period{}))
}
