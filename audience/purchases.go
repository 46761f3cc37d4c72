package audience

import (
	"cmp"
	"iter"
	"slices"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
)

// Purchases is what one customer bought over the history that is known.
type Purchases struct {
	Customer sosyal.PersonID `json:"customer"`
	// First and Last are the days of the first and the latest sale; meaningless
	// where Orders is 0.
	First date.Date `json:"first"`
	Last  date.Date `json:"last"`
	// Orders counts orders with a sale, TakenBack the documents that cancelled
	// or returned something.
	Orders    int `json:"orders"`
	TakenBack int `json:"taken_back,omitzero"`
	// Gross is the value of sales, Net what is left after cancellations and
	// returns; it may be negative where the sales lie before the history.
	Gross sosyal.Money `json:"gross"`
	Net   sosyal.Money `json:"net"`
	// City and Country are those of the latest line that had them.
	City    string `json:"city,omitzero"`
	Country string `json:"country,omitzero"`
	// Categories are the product categories bought from, by net value, the
	// largest first, then by name.
	Categories []CategoryValue `json:"categories,omitempty"`
}

// CategoryValue is a product category with what was bought of it, net.
type CategoryValue struct {
	Category string       `json:"category"`
	Net      sosyal.Money `json:"net"`
}

// PurchaseDay is a day on which a customer bought or took something back.
type PurchaseDay struct {
	Day    date.Date    `json:"day"`
	Orders int          `json:"orders"`
	Net    sosyal.Money `json:"net"`
}

// Customers yields what each customer bought, in the order in which they first
// came up. Customers who only took something back are among them, with no
// orders.
func (b *OrderBook) Customers() iter.Seq[Purchases] {
	return func(yield func(Purchases) bool) {
		for i := range b.customers {
			if !yield(b.purchases(&b.customers[i])) {
				return
			}
		}
	}
}

// Customer returns what one customer bought, and false where there is no such
// customer.
func (b *OrderBook) Customer(id sosyal.PersonID) (Purchases, bool) {
	i, ok := b.people[id]
	if !ok {
		return Purchases{}, false
	}
	return b.purchases(&b.customers[i]), true
}

// History returns the days on which a customer bought or took something back,
// in order of time.
func (b *OrderBook) History(id sosyal.PersonID) []PurchaseDay {
	i, ok := b.people[id]
	if !ok {
		return nil
	}
	var days []PurchaseDay
	for v := b.customers[i].visit; v != 0; v = b.visits[v-1].next {
		visit := b.visits[v-1]
		days = append(days, PurchaseDay{Day: date.Date(visit.day), Orders: int(visit.orders), Net: b.money(visit.net)})
	}
	slices.SortFunc(days, func(x, y PurchaseDay) int { return cmp.Compare(x.Day, y.Day) })
	return days
}

func (b *OrderBook) purchases(c *customer) Purchases {
	p := Purchases{
		Customer: c.person, First: date.Date(c.first), Last: date.Date(c.last),
		Orders: int(c.orders), TakenBack: int(c.takenBack), Gross: b.money(c.gross), Net: b.money(c.net),
		City: b.cities.text(c.city), Country: b.countries.text(c.country),
	}
	var own []basket
	for i := c.basket; i != 0; i = b.baskets[i-1].next {
		own = append(own, b.baskets[i-1])
	}
	slices.SortFunc(own, func(x, y basket) int {
		return cmp.Or(cmp.Compare(y.net, x.net), cmp.Compare(b.categories.text(x.category), b.categories.text(y.category)))
	})
	for _, k := range own {
		p.Categories = append(p.Categories, CategoryValue{Category: b.categories.text(k.category), Net: b.money(k.net)})
	}
	return p
}
