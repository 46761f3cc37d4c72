package value_test

import (
	"encoding/csv"
	"testing"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/value"
	"github.com/yukselenler/sosyal/internal/realdatatest"
)

// dollars is an amount as text.
func dollars(tb testing.TB, text string) sosyal.Money {
	tb.Helper()
	m, err := sosyal.NewMoney(decimal.RequireFromString(text), "USD")
	require.NoError(tb, err)
	return m
}

// cdnowHistories are the purchases of the same customers over all 78 weeks.
func cdnowHistories(tb testing.TB) value.Histories {
	tb.Helper()
	rows, err := csv.NewReader(realdatatest.Open(tb, "cdnow/cdnow_sample.csv.gz")).ReadAll()
	require.NoError(tb, err)
	var ids []sosyal.PersonID
	days := map[sosyal.PersonID][]audience.PurchaseDay{}
	for _, r := range rows[1:] {
		day, err := sosyal.ParseDate(r[2])
		require.NoError(tb, err)
		id, spent := sosyal.PersonID(r[1]), dollars(tb, r[4])
		own := days[id]
		if len(own) == 0 {
			ids = append(ids, id)
		}
		if n := len(own); n > 0 && own[n-1].Day == day {
			own[n-1].Orders++
			own[n-1].Net, err = own[n-1].Net.Add(spent)
			require.NoError(tb, err)
		} else {
			own = append(own, audience.PurchaseDay{Day: day, Orders: 1, Net: spent})
		}
		days[id] = own
	}
	return func(yield func(sosyal.PersonID, []audience.PurchaseDay) bool) {
		for _, id := range ids {
			if !yield(id, days[id]) {
				return
			}
		}
	}
}

// The authors' own table of summaries comes out of their table of purchases.
func TestSummariesOfCDNOW(t *testing.T) {
	p, err := value.Summarize(cdnowHistories(t), date.New(1997, 9, 30), value.SummarizeOptions{CountFree: true})
	require.NoError(t, err)
	want := cdnow(t)
	require.Len(t, p.Customers, len(want))
	for i, s := range p.Summaries() {
		require.Equal(t, want[i].Frequency, s.Frequency, i)
		require.InDelta(t, want[i].Recency, s.Recency, .0051, i)
		require.InDelta(t, want[i].Age, s.Age, .0051, i)
		require.InDelta(t, want[i].Monetary, s.Monetary, .0051, i)
	}
	assert.Equal(t, "1997-01-01", p.First.String())
	assert.Equal(t, "USD", p.Currency)
	assert.Zero(t, p.LeftOut.Total()+p.Overdrawn)
	bg, err := value.FitBGNBD(p.Summaries())
	require.NoError(t, err)
	assert.InDelta(t, -9582.4292, bg.LogLikelihood, 5e-5, "with days that are not rounded to hundredths of a week")
	pareto, err := value.FitParetoNBD(p.Summaries())
	require.NoError(t, err)
	assert.InDelta(t, -9594.9762, pareto.LogLikelihood, 5e-5)
}

// day is a purchase day of a test: days after the first of the year 2026.
func day(tb testing.TB, after, orders int, net string) audience.PurchaseDay {
	tb.Helper()
	return audience.PurchaseDay{Day: date.New(2026, 1, 1) + date.Date(after), Orders: orders, Net: dollars(tb, net)}
}

func TestSummarizeNetsFirst(t *testing.T) {
	asOf := date.New(2026, 1, 1) + 100
	for name, c := range map[string]struct {
		days      []audience.PurchaseDay
		want      value.Summary
		orders    int
		left      value.LeftOut
		overdrawn int
		free      bool
	}{
		"days count, not orders, and the first spend does not": {
			days:   []audience.PurchaseDay{day(t, 0, 1, "1000"), day(t, 30, 3, "40"), day(t, 60, 1, "20")},
			want:   value.Summary{Frequency: 2, Recency: 60, Age: 100, Monetary: 30},
			orders: 5,
		},
		"a later day is not looked at": {
			days:   []audience.PurchaseDay{day(t, 90, 1, "10"), day(t, 101, 1, "10")},
			want:   value.Summary{Age: 10},
			orders: 1,
		},
		"a refund takes from the purchase before it": {
			days:   []audience.PurchaseDay{day(t, 0, 1, "10"), day(t, 30, 1, "40"), day(t, 31, 0, "-15"), day(t, 60, 1, "20")},
			want:   value.Summary{Frequency: 2, Recency: 60, Age: 100, Monetary: 22.5},
			orders: 3,
		},
		"what is taken back entirely never was, to the cent": {
			days:   []audience.PurchaseDay{day(t, 0, 1, "10"), day(t, 30, 2, "10.10"), day(t, 31, 0, "-3.30"), day(t, 32, 0, "-6.80")},
			want:   value.Summary{Age: 100},
			orders: 1,
		},
		"a refund reaches back further, and the first purchase that is left starts the age": {
			days:   []audience.PurchaseDay{day(t, 0, 1, "10"), day(t, 30, 1, "40"), day(t, 31, 0, "-50"), day(t, 70, 1, "20"), day(t, 80, 1, "5")},
			want:   value.Summary{Frequency: 1, Recency: 10, Age: 30, Monetary: 5},
			orders: 2,
		},
		"a day on which more came back than went": {
			days:   []audience.PurchaseDay{day(t, 0, 1, "30"), day(t, 30, 1, "-10"), day(t, 60, 1, "20")},
			want:   value.Summary{Frequency: 1, Recency: 60, Age: 100, Monetary: 20},
			orders: 2,
		},
		"more brought back than bought": {
			days:      []audience.PurchaseDay{day(t, 0, 0, "-30"), day(t, 30, 1, "10")},
			want:      value.Summary{Age: 70},
			orders:    1,
			overdrawn: 1,
		},
		"value without an order belongs to the purchase before it": {
			days:   []audience.PurchaseDay{day(t, 0, 1, "10"), day(t, 30, 1, "10"), day(t, 31, 0, "5")},
			want:   value.Summary{Frequency: 1, Recency: 30, Age: 100, Monetary: 15},
			orders: 2,
		},
		"a day of nothing left does not count": {
			days:   []audience.PurchaseDay{day(t, 0, 1, "10"), day(t, 30, 1, "0")},
			want:   value.Summary{Age: 100},
			orders: 1,
		},
		"unless it is given away": {
			days:   []audience.PurchaseDay{day(t, 0, 1, "10"), day(t, 30, 1, "0"), day(t, 40, 1, "4"), day(t, 41, 0, "-4")},
			want:   value.Summary{Frequency: 1, Recency: 30, Age: 100},
			orders: 2,
			free:   true,
		},
		"refunds alone":         {days: []audience.PurchaseDay{day(t, 5, 0, "-10")}, left: value.LeftOut{RefundOnly: 1}, overdrawn: 1},
		"all of it taken back":  {days: []audience.PurchaseDay{day(t, 0, 1, "10"), day(t, 9, 0, "-10")}, left: value.LeftOut{TakenBack: 1}},
		"not yet a customer":    {days: []audience.PurchaseDay{day(t, 101, 1, "10")}, left: value.LeftOut{Later: 1}},
		"nothing known of them": {left: value.LeftOut{Later: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			one := func(yield func(sosyal.PersonID, []audience.PurchaseDay) bool) { yield("m-7", c.days) }
			p, err := value.Summarize(one, asOf, value.SummarizeOptions{Unit: value.Days, CountFree: c.free})
			require.NoError(t, err)
			assert.Equal(t, c.left, p.LeftOut)
			assert.Equal(t, c.overdrawn, p.Overdrawn)
			if c.left.Total() > 0 {
				assert.Empty(t, p.Customers)
				readable(t, p.Reasons())
				return
			}
			require.Len(t, p.Customers, 1)
			assert.Equal(t, value.Customer{ID: "m-7", Summary: c.want, Orders: c.orders}, p.Customers[0])
			assert.NoError(t, p.Customers[0].Validate())
		})
	}
}

func TestSummarizeRefusesBrokenHistories(t *testing.T) {
	lira, err := sosyal.NewMoney(decimal.New(1, 0), "TRY")
	require.NoError(t, err)
	for field, days := range map[string][]audience.PurchaseDay{
		"days[1].day":    {day(t, 3, 1, "1"), day(t, 3, 1, "1")},
		"days[0].orders": {day(t, 3, -1, "1")},
	} {
		one := func(yield func(sosyal.PersonID, []audience.PurchaseDay) bool) { yield("ayse", days) }
		_, err := value.Summarize(one, date.New(2026, 12, 31), value.SummarizeOptions{})
		require.Len(t, sosyal.FieldErrors(err), 1)
		assert.Equal(t, field, sosyal.FieldErrors(err)[0].Field)
		assert.NotContains(t, err.Error(), "ayse", "whose history it is stays out of the error")
	}
	mixed := func(yield func(sosyal.PersonID, []audience.PurchaseDay) bool) {
		yield("m-7", []audience.PurchaseDay{day(t, 3, 1, "1"), {Day: date.New(2026, 5, 1), Orders: 1, Net: lira}})
	}
	_, err = value.Summarize(mixed, date.New(2026, 12, 31), value.SummarizeOptions{})
	assert.ErrorAs(t, err, &sosyal.CurrencyError{})
	_, err = value.Summarize(mixed, date.New(2026, 12, 31), value.SummarizeOptions{Unit: -1})
	assert.ErrorContains(t, err, "unit: must be a positive number of days")
}

// A book gives what its lines say.
func TestHistoriesOfABook(t *testing.T) {
	book := audience.NewOrderBook(time.UTC)
	for i, l := range []struct {
		customer sosyal.PersonID
		day      int
		quantity int64
		status   audience.OrderStatus
	}{
		{"m-1", 1, 1, audience.Paid},
		{"m-2", 2, 1, audience.Paid},
		{"m-1", 8, 2, audience.Paid},
		{"m-1", 8, -1, audience.Returned},
		{"m-2", 9, -1, audience.Returned},
		{"m-3", 9, -1, audience.Returned},
	} {
		require.NoError(t, book.Add(audience.OrderLine{
			Order: string(rune('a' + i)), Customer: l.customer, Status: l.status, Quantity: decimal.New(l.quantity, 0),
			At: time.Date(2026, 3, l.day, 12, 0, 0, 0, time.UTC), UnitPrice: dollars(t, "10"),
		}))
	}
	p, err := value.Summarize(value.HistoriesOf(book), date.New(2026, 3, 15), value.SummarizeOptions{})
	require.NoError(t, err)
	require.Len(t, p.Customers, 1)
	assert.Equal(t, value.Customer{ID: "m-1", Summary: value.Summary{Frequency: 1, Recency: 1, Age: 2, Monetary: 10}, Orders: 2}, p.Customers[0])
	assert.Equal(t, value.LeftOut{RefundOnly: 1, TakenBack: 1}, p.LeftOut)
	assert.Equal(t, 1, p.Overdrawn)
	for range value.HistoriesOf(book) {
		break // a reader may stop
	}
}
