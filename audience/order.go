package audience

import (
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// OrderStatus is what became of an order line, as far as revenue is concerned.
// Shipped and delivered orders are Paid.
type OrderStatus string

// Statuses of order lines.
const (
	Paid      OrderStatus = "paid"
	Pending   OrderStatus = "pending" // awaiting payment: counts as nothing yet
	Cancelled OrderStatus = "cancelled"
	Returned  OrderStatus = "returned"
)

// Known reports whether the status is one of the constants.
func (s OrderStatus) Known() bool {
	switch s {
	case Paid, Pending, Cancelled, Returned:
		return true
	}
	return false
}

// OrderLine is one product within one order.
type OrderLine struct {
	// Order is the order's number or, of a cancellation or return that the shop
	// books as a document of its own, that document's.
	Order string `json:"order"`
	// Customer is empty for guests.
	Customer        sosyal.PersonID  `json:"customer,omitzero"`
	At              time.Time        `json:"at"`
	Status          OrderStatus      `json:"status"`
	Product         sosyal.ProductID `json:"product,omitzero"`
	ProductCategory string           `json:"product_category,omitzero"`
	// Quantity is negative where a document takes an earlier one back.
	Quantity decimal.Decimal `json:"quantity"`
	// UnitPrice may have a finer scale than its currency.
	UnitPrice sosyal.Money `json:"unit_price"`
	// Discount is what is taken off the line, or off the whole order on the line
	// that carries it; not negative.
	Discount sosyal.Money `json:"discount,omitzero"`
	City     string       `json:"city,omitzero"`
	Country  string       `json:"country,omitzero"`
	UTM      sosyal.UTM   `json:"utm,omitzero"`
	Coupon   string       `json:"coupon,omitzero"`
	// Line is the line of the file that it was read from, 0 where there is none.
	Line int `json:"-"`
}

// Validate reports a line without order, currency or known status, a time
// outside of the years 1990 to 2100, and a negative discount or one in another
// currency.
func (l OrderLine) Validate() error {
	var p sosyal.Problems
	p.Require(l.Order != "", "order", "is required", "")
	if rule, bad := absurd(l.At); bad {
		p.Add("at", rule, l.At.Format(time.DateOnly))
	}
	p.Require(l.Status.Known(), "status", "must be paid, pending, cancelled or returned", string(l.Status))
	p.Require(l.UnitPrice.Currency() != "", "unit_price", "is required", "")
	p.Require(l.Discount.Sign() >= 0, "discount", "must not be negative", l.Discount.String())
	p.Require(l.Discount.Currency() == "" || l.Discount.Currency() == l.UnitPrice.Currency(),
		"discount", "must be in the currency of the price", l.Discount.Currency())
	return p.Err()
}

// IsSale reports whether the line sells something: it is paid and its quantity
// and price are positive.
func (l OrderLine) IsSale() bool {
	return l.Status == Paid && l.Quantity.Sign() > 0 && l.UnitPrice.Sign() > 0
}

// Value is quantity times unit price, less the discount where the quantity is
// positive and less its reversal where it is negative; exact.
func (l OrderLine) Value() (sosyal.Money, error) {
	full := l.UnitPrice.Mul(l.Quantity)
	if l.Quantity.Sign() < 0 {
		return full.Add(l.Discount)
	}
	return full.Sub(l.Discount)
}

// Net is what the line adds to revenue: its value when paid, its value when it
// takes an earlier line back, and nothing otherwise.
func (l OrderLine) Net() (sosyal.Money, error) {
	switch {
	case l.Status == Paid, l.Status != Pending && l.Quantity.Sign() < 0:
		return l.Value()
	}
	return sosyal.NewMoney(decimal.Decimal{}, l.UnitPrice.Currency())
}

// firstYear and lastYear bound the years in which an order can have been placed;
// anything else is a broken date.
const firstYear, lastYear = 1990, 2100

// The same in seconds since 1970, UTC; the second is the first instant outside.
const firstInstant, endInstant = 631_152_000, 4_133_980_800

func absurd(t time.Time) (string, bool) {
	if s := t.Unix(); s < firstInstant || s >= endInstant {
		return "must lie between " + strconv.Itoa(firstYear) + " and " + strconv.Itoa(lastYear), true
	}
	return "", false
}
