package audience

import (
	"cmp"
	"iter"
	"maps"
	"slices"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
)

// Totals is what a book adds up to.
type Totals struct {
	Lines                int `json:"lines"`
	LinesWithoutCustomer int `json:"lines_without_customer"`
	// Orders counts order numbers, those of cancellations and returns included.
	Orders          int `json:"orders"`
	CancelledOrders int `json:"cancelled_orders"`
	ReturnedOrders  int `json:"returned_orders"`
	// Customers counts everybody with a line, Buyers those with a sale.
	Customers int `json:"customers"`
	Buyers    int `json:"buyers"`
	Products  int `json:"products"`
	Countries int `json:"countries"`
	// Net is revenue after cancellations and returns, Gross that of sales alone.
	Net   sosyal.Money `json:"net"`
	Gross sosyal.Money `json:"gross"`
	Sales SalesCount   `json:"sales"`
	// KnownSales and KnownGross leave guests out.
	KnownSales SalesCount   `json:"known_sales"`
	KnownGross sosyal.Money `json:"known_gross"`
	// Period runs from the first line's day to the day after the last one's.
	Period sosyal.Period `json:"period"`
}

// Totals returns the sums over everything added so far.
func (b *OrderBook) Totals() Totals {
	t := b.totals
	out := Totals{
		Lines: t.lines, LinesWithoutCustomer: t.withoutCustomer,
		Orders: t.orders, CancelledOrders: t.cancelled, ReturnedOrders: t.returned,
		Customers: len(b.customers), Buyers: t.buyers, Products: len(b.products), Countries: len(b.countries.texts),
		Net: b.money(t.net), Gross: b.money(t.gross), Sales: t.sales,
		KnownSales: t.knownSales, KnownGross: b.money(t.knownGross),
	}
	if t.lines > 0 {
		out.Period = sosyal.Period{From: t.first, To: t.last + 1}
	}
	return out
}

// Revenue is what was sold on a day, in a period or from an origin. Orders are
// counted on the day of their first sale; a return is subtracted from Net on
// its own day.
type Revenue struct {
	Orders int          `json:"orders"`
	Gross  sosyal.Money `json:"gross"`
	Net    sosyal.Money `json:"net"`
}

func (b *OrderBook) revenue(s sums) Revenue {
	return Revenue{Orders: s.orders, Gross: b.money(s.gross), Net: b.money(s.net)}
}

// Revenue returns what was sold in a period.
func (b *OrderBook) Revenue(p sosyal.Period) Revenue { return b.revenue(within(b.days, p)) }

// Days yields the days with a line in order of time.
func (b *OrderBook) Days() iter.Seq2[date.Date, Revenue] {
	return func(yield func(date.Date, Revenue) bool) {
		for _, d := range slices.Sorted(maps.Keys(b.days)) {
			if !yield(d, b.revenue(*b.days[d])) {
				return
			}
		}
	}
}

// OriginRevenue is what orders with the same campaign parameters brought.
type OriginRevenue struct {
	UTM sosyal.UTM `json:"utm"`
	Revenue
}

// Origins returns the revenue in a period of each set of campaign parameters,
// sorted by them; the zero period means all days. Orders without parameters are
// left out. What a return takes back is subtracted where the return itself
// carries the parameters.
func (b *OrderBook) Origins(p sosyal.Period) []OriginRevenue {
	var out []OriginRevenue
	for u, o := range b.origins {
		s := o.sums
		if p != (sosyal.Period{}) {
			if s = within(o.days, p); s == (sums{}) {
				continue
			}
		}
		out = append(out, OriginRevenue{UTM: u, Revenue: b.revenue(s)})
	}
	slices.SortFunc(out, func(x, y OriginRevenue) int {
		return cmp.Or(
			cmp.Compare(x.UTM.Source, y.UTM.Source), cmp.Compare(x.UTM.Medium, y.UTM.Medium),
			cmp.Compare(x.UTM.Campaign, y.UTM.Campaign), cmp.Compare(x.UTM.Term, y.UTM.Term),
			cmp.Compare(x.UTM.Content, y.UTM.Content), cmp.Compare(x.UTM.ID, y.UTM.ID),
		)
	})
	return out
}

// Campaign returns the revenue in a period of the orders whose utm_campaign is
// the name, whatever the other parameters; the zero period means all days.
func (b *OrderBook) Campaign(name string, p sosyal.Period) Revenue {
	var total sums
	for u, o := range b.origins {
		if u.Campaign != name {
			continue
		}
		s := o.sums
		if p != (sosyal.Period{}) {
			s = within(o.days, p)
		}
		total.gross += s.gross
		total.net += s.net
		total.orders += s.orders
	}
	return b.revenue(total)
}

func within(days map[date.Date]*sums, p sosyal.Period) sums {
	var total sums
	for d, s := range days {
		if p.Contains(d) {
			total.gross += s.gross
			total.net += s.net
			total.orders += s.orders
		}
	}
	return total
}
