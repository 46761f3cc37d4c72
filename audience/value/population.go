package value

import (
	"iter"
	"slices"
	"strconv"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// Histories yields customers with the days on which they bought or brought
// something back, each day once and in order of time. [HistoriesOf] takes them
// from a book; a host may yield those of its own tables.
type Histories = iter.Seq2[sosyal.PersonID, []audience.PurchaseDay]

// HistoriesOf yields the histories of a book's customers in the order in which
// they first came up.
func HistoriesOf(book *audience.OrderBook) Histories {
	return func(yield func(sosyal.PersonID, []audience.PurchaseDay) bool) {
		for p := range book.Customers() {
			if !yield(p.Customer, book.History(p.Customer)) {
				return
			}
		}
	}
}

// Unit is the unit of time of summaries, in days.
type Unit int

// Units. Other whole numbers of days are possible.
const (
	Days  Unit = 1
	Weeks Unit = 7
)

// SummarizeOptions say how histories are made into summaries; the zero value
// means the defaults.
type SummarizeOptions struct {
	// Unit is [Weeks] where 0.
	Unit Unit `json:"unit,omitzero"`
	// CountFree counts days with an order and a net value of zero as purchases.
	// By default they are not, because in an order book such a day is one whose
	// orders were taken back before it was over.
	CountFree bool `json:"count_free,omitzero"`
}

func (o SummarizeOptions) unit() Unit {
	if o.Unit == 0 {
		return Weeks
	}
	return o.Unit
}

// Customer is a customer's summary with whose it is.
type Customer struct {
	ID sosyal.PersonID `json:"customer"`
	Summary
	// Orders counts the orders of the days that count as purchases.
	Orders int `json:"orders"`
}

// Population is the customers of a shop as of the end of a day.
type Population struct {
	AsOf date.Date `json:"as_of"`
	Unit Unit      `json:"unit"`
	// Currency is that of Monetary; empty where nothing was bought.
	Currency  string     `json:"currency"`
	Customers []Customer `json:"customers"`
	// First and Last are the first and the latest day with a purchase that was
	// not taken back.
	First date.Date `json:"first"`
	Last  date.Date `json:"last"`
	// LeftOut counts the customers who have no summary, and why.
	LeftOut LeftOut `json:"left_out"`
	// Overdrawn counts customers, with a summary or without, who brought back
	// more than they are known to have bought; the excess counts for nothing.
	Overdrawn int `json:"overdrawn"`
}

// LeftOut counts customers without a purchase to summarise.
type LeftOut struct {
	// Later bought first after the day, or have no day at all.
	Later int `json:"later"`
	// RefundOnly only brought something back, as where the sale lies before the
	// history.
	RefundOnly int `json:"refund_only"`
	// TakenBack bought, and had all of it taken back.
	TakenBack int `json:"taken_back"`
}

// Total is the sum of all counts.
func (l LeftOut) Total() int { return l.Later + l.RefundOnly + l.TakenBack }

// Reasons explains who was left out.
func (p Population) Reasons() []sosyal.Reason {
	var out []sosyal.Reason
	for _, c := range []struct {
		code string
		n    int
	}{
		{"value.left_out.later", p.LeftOut.Later},
		{"value.left_out.refund_only", p.LeftOut.RefundOnly},
		{"value.left_out.taken_back", p.LeftOut.TakenBack},
		{"value.overdrawn", p.Overdrawn},
	} {
		if c.n > 0 {
			out = append(out, sosyal.Because(c.code, sosyal.CountArg("customers", c.n)))
		}
	}
	return out
}

// Summaries returns the summaries alone, as the fits take them.
func (p Population) Summaries() []Summary {
	out := make([]Summary, len(p.Customers))
	for i, c := range p.Customers {
		out[i] = c.Summary
	}
	return out
}

// Summarize makes histories into summaries as of the end of a day; later days are
// not looked at. Days count as purchases, not orders: several orders of a day are
// one purchase of their sum.
//
// What was brought back is netted first: a day of negative value takes from the
// latest purchase before it, then from the one before that, and a purchase of
// which nothing is left never was. The first purchase that is left starts a
// customer's Age; its value is not part of Monetary. A day of positive value
// without an order belongs to the purchase before it.
//
// Days out of order, a negative number of orders and a unit that is not a whole
// number of days are a [sosyal.FieldError]; a second currency is a
// [sosyal.CurrencyError].
func Summarize(h Histories, asOf date.Date, opt SummarizeOptions) (Population, error) {
	f, err := newFold(opt)
	if err != nil {
		return Population{}, err
	}
	p := Population{AsOf: asOf, Unit: opt.unit()}
	for id, days := range h {
		if err := f.check(days); err != nil {
			return Population{}, err
		}
		p.add(f, id, days)
	}
	p.Currency = f.currency
	return p, nil
}

// add folds one customer's days.
func (p *Population) add(f *fold, id sosyal.PersonID, days []audience.PurchaseDay) {
	f.net(days, p.AsOf)
	if f.overdrawn {
		p.Overdrawn++
	}
	if len(f.purchases) == 0 {
		switch {
		case !f.seen:
			p.LeftOut.Later++
		case f.bought:
			p.LeftOut.TakenBack++
		default:
			p.LeftOut.RefundOnly++
		}
		return
	}
	first, last := f.purchases[0].day, f.purchases[len(f.purchases)-1].day
	if len(p.Customers) == 0 {
		p.First, p.Last = first, last
	}
	p.First, p.Last = min(p.First, first), max(p.Last, last)
	c := Customer{ID: id, Orders: f.purchases[0].orders}
	c.Age = float64(p.AsOf-first) / float64(p.Unit)
	c.Recency = float64(last-first) / float64(p.Unit)
	c.Frequency = len(f.purchases) - 1
	for i, b := range f.purchases[1:] {
		c.Orders += b.orders
		c.Monetary += (b.net.InexactFloat64() - c.Monetary) / float64(i+1) // a running mean cannot grow too large
	}
	p.Customers = append(p.Customers, c)
}

// fold nets one customer's days at a time and keeps its memory for the next.
type fold struct {
	countFree bool
	currency  string
	purchases []purchase
	// seen says that there was a day up to the given one, bought that one had an
	// order, overdrawn that more was brought back than bought.
	seen, bought, overdrawn bool
}

// purchase is a day with what is left of what it brought.
type purchase struct {
	day    date.Date
	orders int
	net    decimal.Decimal
}

func newFold(opt SummarizeOptions) (*fold, error) {
	if opt.Unit < 0 {
		return nil, sosyal.FieldError{Field: "unit", Rule: "must be a positive number of days", Value: strconv.Itoa(int(opt.Unit))}
	}
	return &fold{countFree: opt.CountFree}, nil
}

// check refuses days that are out of order and a second currency.
func (f *fold) check(days []audience.PurchaseDay) error {
	for i, d := range days {
		if i > 0 && d.Day <= days[i-1].Day {
			return sosyal.FieldError{Field: "days[" + strconv.Itoa(i) + "].day", Rule: "must be later than the day before it", Value: d.Day.String()}
		}
		if d.Orders < 0 {
			return sosyal.FieldError{Field: "days[" + strconv.Itoa(i) + "].orders", Rule: "must not be negative", Value: strconv.Itoa(d.Orders)}
		}
		if c := d.Net.Currency(); c != f.currency && c != "" {
			if f.currency != "" {
				return sosyal.CurrencyError{Left: f.currency, Right: c}
			}
			f.currency = c
		}
	}
	return nil
}

// net leaves the purchases of the days up to the given one.
func (f *fold) net(days []audience.PurchaseDay, until date.Date) {
	f.purchases = f.purchases[:0]
	f.seen, f.bought, f.overdrawn = false, false, false
	for _, d := range days {
		if d.Day > until {
			break
		}
		f.seen = true
		f.bought = f.bought || d.Orders > 0
		net := d.Net.Amount()
		switch sign, n := net.Sign(), len(f.purchases); {
		case sign < 0:
			f.takeBack(net.Neg())
		case sign > 0 && d.Orders == 0 && n > 0:
			f.purchases[n-1].net = f.purchases[n-1].net.Add(net)
		case sign > 0 || d.Orders > 0 && f.countFree:
			f.purchases = append(f.purchases, purchase{day: d.Day, orders: d.Orders, net: net})
		}
	}
}

// takeBack takes an amount from the latest purchases.
func (f *fold) takeBack(amount decimal.Decimal) {
	for i := len(f.purchases) - 1; i >= 0; i-- {
		switch p := &f.purchases[i]; {
		case p.net.Sign() <= 0: // given away
		case amount.LessThan(p.net):
			p.net = p.net.Sub(amount)
			return
		default:
			amount = amount.Sub(p.net)
			f.purchases = slices.Delete(f.purchases, i, i+1)
		}
		if amount.Sign() == 0 {
			return
		}
	}
	f.overdrawn = true
}
