package loop

import (
	"fmt"
	"slices"
	"time"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/campaign"
	"github.com/yukselenler/sosyal/engagement"
	"github.com/yukselenler/sosyal/engagement/reputation"
)

// data is what is known of the shop at a moment of the month.
type data struct {
	zone *time.Location
	book *audience.OrderBook
	// posts are those that went out, with lifetime counts where an export has
	// them; captures are kept in the archive.
	posts     []engagement.Post
	snapshots []engagement.Snapshot // not yet in the archive
	ads       []campaign.AdRow
	mentions  []reputation.Mention // not yet in the store
	products  map[sosyal.ProductID]sosyal.Product
	followers map[sosyal.Network][]level
	currency  string
	// first and lastOrder are the days of the first and the latest order line.
	first     date.Date
	lastOrder date.Date
	// sold counts units by product over the last ninety days of history.
	sold map[sosyal.ProductID]float64
}

// level is a value at the end of a day.
type level struct {
	day   date.Date
	value float64
}

func newData(zone *time.Location) *data {
	return &data{
		zone: zone, book: audience.NewOrderBook(zone), products: map[sosyal.ProductID]sosyal.Product{},
		followers: map[sosyal.Network][]level{}, sold: map[sosyal.ProductID]float64{},
	}
}

// bookable reports why a line cannot be taken later: it is in another currency
// than those before it, or too large or too fine to add up.
func (d *data) bookable(l audience.OrderLine) error {
	if d.currency != "" && l.UnitPrice.Currency() != d.currency {
		return sosyal.CurrencyError{Left: d.currency, Right: l.UnitPrice.Currency()}
	}
	return audience.NewOrderBook(d.zone).Add(l)
}

// addOrder takes one line of an order.
func (d *data) addOrder(l audience.OrderLine) error {
	if err := d.book.Add(l); err != nil {
		return err
	}
	d.currency = l.UnitPrice.Currency()
	day := sosyal.DateOf(l.At, d.zone)
	d.lastOrder = max(d.lastOrder, day)
	if d.first == 0 || day < d.first {
		d.first = day
	}
	if !l.IsSale() || l.Product == "" {
		return nil
	}
	d.sold[l.Product] += l.Quantity.InexactFloat64()
	if _, known := d.products[l.Product]; !known {
		// Without a catalogue the order lines are all that is known of a product.
		d.products[l.Product] = sosyal.Product{ID: l.Product, Name: string(l.Product), Price: l.UnitPrice}
	}
	return nil
}

// addProduct takes a change of a product; the last one holds.
func (d *data) addProduct(c audience.ProductChange) error {
	p, err := c.Apply(d.products[c.Product])
	if err != nil {
		return fmt.Errorf("product %s: %w", c.Product, err)
	}
	d.products[c.Product] = p
	return nil
}

// bestSellers are the products that sold most and can be sold, the first n.
func (d *data) bestSellers(n int) []sosyal.Product {
	out := make([]sosyal.Product, 0, len(d.products))
	for _, p := range d.products {
		if p.InStock() && d.sold[p.ID] > 0 {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b sosyal.Product) int {
		if d.sold[a.ID] != d.sold[b.ID] {
			if d.sold[a.ID] > d.sold[b.ID] {
				return -1
			}
			return 1
		}
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return out[:min(n, len(out))]
}

// networks returns the destinations that were posted to, in a fixed order.
func (d *data) networks() []sosyal.Destination {
	seen := map[sosyal.Destination]bool{}
	var out []sosyal.Destination
	for _, p := range d.posts {
		if !seen[p.Destination] {
			seen[p.Destination] = true
			out = append(out, p.Destination)
		}
	}
	slices.SortFunc(out, func(a, b sosyal.Destination) int {
		if a.String() < b.String() {
			return -1
		}
		return 1
	})
	return out
}
