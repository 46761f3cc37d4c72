package audience

import (
	"context"
	"iter"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// Customer is what rules look at: one person of the brand. Everything but the
// id may be unknown.
type Customer struct {
	ID      sosyal.PersonID `json:"id"`
	Profile Profile         `json:"profile,omitzero"`
	// Properties are the host's, by the names of the [Schema]. A property that is
	// not there is missing.
	Properties map[string]Value `json:"properties,omitempty"`
	Interests  []string         `json:"interests,omitempty"`
	// Networks are those on which the person follows the brand.
	Networks []sosyal.Network `json:"networks,omitempty"`
	// Lists are the list segments that the host put the person in.
	Lists []sosyal.SegmentID `json:"lists,omitempty"`
	// Group is the group that scoring put the customer in, such as "champions".
	Group string `json:"group,omitzero"`
	// Predictions are what models say of the customer, by name. They are
	// statistics and therefore floats; lifetime value is in the shop's currency.
	Predictions map[Prediction]float64 `json:"predictions,omitempty"`
	Events      []Event                `json:"events,omitempty"`
	Consents    []Consent              `json:"consents,omitempty"`
}

// Profile is what a shop usually knows of a person. Rules see the fields as the
// properties city, region, country, language, gender, birthday and since; empty
// is missing.
type Profile struct {
	City   string `json:"city,omitzero"`
	Region string `json:"region,omitzero"`
	// Country is an ISO 3166 code of two letters, Language a BCP 47 tag.
	Country  string `json:"country,omitzero"`
	Language string `json:"language,omitzero"`
	Gender   string `json:"gender,omitzero"`
	// Birthday and Since, the day of registration, are unknown where 0.
	Birthday date.Date `json:"birthday,omitzero"`
	Since    date.Date `json:"since,omitzero"`
}

// Prediction names what a model says of a customer. Hosts may use others than
// those of package value.
type Prediction string

// Predictions.
const (
	ProbabilityAlive Prediction = "probability_alive" // 0 to 1
	ExpectedOrders   Prediction = "expected_orders"   // over the model's horizon
	ExpectedSpend    Prediction = "expected_spend"    // by order
	LifetimeValue    Prediction = "lifetime_value"    // over the model's horizon
)

// Order is the name of the event that is an order.
const Order = "order"

// Event is something that a customer did at a moment: placed an order, looked at
// a product, left a basket. What it is called is up to the host and stands in
// the [Schema]; orders are [Order].
//
// An order that was cancelled or returned as a whole is no event, and one that
// was taken back in part carries what is left of its amount. Where the shop
// books a return on its own and does not say of which order, it is an
// Adjustment: its negative amount counts in sums, and it is no order.
type Event struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"` // to the second; fractions do not count
	// Amount is in the currency of the event's type.
	Amount sosyal.Money `json:"amount,omitzero"`
	// Categories are the product categories concerned.
	Categories []string `json:"categories,omitempty"`
	// Properties are the host's, by the names of the event's type.
	Properties map[string]Value `json:"properties,omitempty"`
	Adjustment bool             `json:"adjustment,omitzero"`
}

// Source streams the customers of a brand, each once, in any order. It must be
// safe for concurrent use.
type Source interface {
	Customers(ctx context.Context, brand sosyal.BrandID) iter.Seq2[Customer, error]
}

// ChangeSource streams what has changed since a cursor, in the order in which it
// happened; the empty cursor is the beginning. The cursor of a change names the
// place behind it, so a reader that stores the cursor of the last change that it
// applied neither loses nor needs to repeat one. It must be safe for concurrent
// use.
type ChangeSource interface {
	Changes(ctx context.Context, brand sosyal.BrandID, since string) iter.Seq2[CustomerChange, error]
}

// CustomerChange is one change of what is known of a customer. Exactly one of
// Put, Add and Remove is given.
type CustomerChange struct {
	ID sosyal.PersonID
	// Put replaces everything that is known of the customer, or creates him.
	Put *Customer
	// Add adds events, also to a customer of whom nothing else is known yet.
	Add []Event
	// Remove takes the customer out.
	Remove bool
	// Cursor is the place behind this change in its source.
	Cursor string
}

// Validate reports a change that does not say exactly one thing, or whose
// customer has another id.
func (c CustomerChange) Validate() error {
	var p sosyal.Problems
	p.Require(c.ID != "", "id", "is required", "")
	given := count(c.Put != nil) + count(len(c.Add) > 0) + count(c.Remove)
	p.Require(given == 1, "change", "must be exactly one of put, add and remove", strconv.Itoa(given))
	p.Require(c.Put == nil || c.Put.ID == c.ID, "put.id", "must be the id of the change", "")
	return p.Err()
}

// check reports a change that is invalid or does not suit the schema.
func (c CustomerChange) check(s Schema) error {
	if err := c.Validate(); err != nil {
		return err
	}
	if c.Put != nil {
		return s.Check(*c.Put)
	}
	return s.Check(Customer{ID: c.ID, Events: c.Add})
}

// Profiles yields the customers of a book as rules see them, in the order of
// [OrderBook.Customers]: city, country and, for each day on which the customer
// bought or took something back, the orders of the day. The day's net value
// stands on its first order; where nothing was ordered it is an adjustment.
// Amounts of single orders are not known to a book, so filters on them belong
// to customers that come from a [Source]. group names the group of each; nil
// puts nobody into one.
func (b *OrderBook) Profiles(group func(Purchases) string) iter.Seq[Customer] {
	return func(yield func(Customer) bool) {
		for p := range b.Customers() {
			c := Customer{ID: p.Customer, Profile: Profile{City: p.City, Country: p.Country}, Events: b.events(p.Customer)}
			if group != nil {
				c.Group = group(p)
			}
			if !yield(c) {
				return
			}
		}
	}
}

// events turns the days of a customer into events at noon of the day, so that
// no zone of a shop moves them to another one.
func (b *OrderBook) events(id sosyal.PersonID) []Event {
	zone := b.zone
	if zone == nil {
		zone = time.UTC
	}
	var out []Event
	for _, d := range b.History(id) {
		noon := sosyal.WallTime(12*60*60).On(d.Day, zone)
		out = append(out, Event{Name: Order, At: noon, Amount: d.Net, Adjustment: d.Orders == 0})
		for range d.Orders - 1 {
			out = append(out, Event{Name: Order, At: noon})
		}
	}
	return out
}

// Limits of what a customer may carry. They keep every evaluator exact: numbers
// fit a whole number of 64 bits in the unit of their finest decimal.
const (
	maxDecimals = 6
	maxText     = 4096 // bytes
)

const (
	textRule   = "must be UTF-8 without U+0000 and not longer than 4096 bytes"
	numberRule = "must have at most 9 digits and 6 decimals"
)

// goodText reports whether every database could keep a text.
func goodText(text string) bool {
	if len(text) <= 64 { // most texts are short and plain
		for i := range len(text) {
			if c := text[i]; c == 0 || c >= utf8.RuneSelf {
				return c != 0 && utf8.ValidString(text) && strings.IndexByte(text, 0) < 0
			}
		}
		return true
	}
	return len(text) <= maxText && utf8.ValidString(text) && strings.IndexByte(text, 0) < 0
}

func checkText(p *sosyal.Problems, field, text string) {
	if !goodText(text) {
		p.Add(field, textRule, "")
	}
}

func checkTexts[T ~string](p *sosyal.Problems, field string, texts []T) {
	for _, t := range texts {
		if t == "" {
			p.Add(field, "must not hold an empty text", "")
		}
		checkText(p, field, string(t))
	}
}

// goodNumber reports whether a number fits the limits.
func goodNumber(d decimal.Decimal) bool {
	_, ok := unitsIn(d)
	return ok
}

// unitsIn returns a number in units of 10^-6, and false where it is not a whole
// number of them or too large.
func unitsIn(d decimal.Decimal) (int64, bool) {
	if d.IsZero() {
		return 0, true
	}
	if d.NumDigits() > 18 {
		return 0, false
	}
	v, e := d.CoefficientInt64(), d.Exponent()+maxDecimals
	for ; e < 0 && v%10 == 0; e++ {
		v /= 10
	}
	for ; e > 0 && v < maxUnits && v > -maxUnits; e-- {
		v *= 10
	}
	return v, e == 0 && v < maxUnits && v > -maxUnits
}

// maxUnits bounds numbers in their finest unit, so that millions of them still
// add up within 64 bits.
const maxUnits = 1_000_000_000_000_000
