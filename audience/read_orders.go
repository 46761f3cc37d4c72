package audience

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"golang.org/x/text/cases"
	"golang.org/x/text/language"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/tabular"
)

// ReadOrders reads an export of orders, one record for each order line. The
// file name is for messages. A zero mapping means: find the one of [Mappings]
// that fits the header.
//
// Fields of the mapping: order, at, quantity and unit_price are required;
// currency, status, cancelled_at, customer, email, product, product_category,
// discount, refunded, city, country, utm_source, utm_medium, utm_campaign,
// utm_term, utm_content and coupon are read where they are mapped. The constant
// cancelled_prefix marks orders whose number begins with it as cancelled. A
// mapping of any other field is an error.
//
//   - What a record leaves empty it takes over from the record before, if that
//     is of the same order: some shops fill in an order's own columns only on
//     its first line.
//   - A file without customer numbers gives each buyer a pseudonym made from the
//     address in email. It stays the same from file to file and hides the
//     address from readers, not from somebody who can guess it.
//   - refunded is an amount paid back on the whole order, which may include
//     shipping. Unless the order is cancelled or returned as a whole, it becomes
//     a line of its own with status [Returned], quantity -1 and no product, on
//     the order's day, because exports do not tell when it was paid.
//
// A record that cannot be read yields an error, a [*sosyal.RowError], and
// reading goes on; an unreadable file yields one error and ends.
func ReadOrders(r io.Reader, file string, m sosyal.Mapping) iter.Seq2[OrderLine, error] {
	return func(yield func(OrderLine, error) bool) {
		table, err := tabular.Source{
			Reader: r, File: file, Mapping: m, Ready: Mappings, Required: []string{"order", "at", "quantity", "unit_price"},
			Optional: []string{
				"currency", "status", "cancelled_at", "customer", "email", "product", "product_category", "discount", "refunded",
				"city", "country", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "coupon",
			},
		}.Open()
		if err != nil {
			yield(OrderLine{}, err)
			return
		}
		reader := newOrderReader(table.Mapping())
		for row, err := range table.Rows() {
			if err == nil {
				err = reader.read(row)
			}
			if err != nil {
				if !yield(OrderLine{}, err) {
					return
				}
				continue
			}
			if !yield(reader.line, nil) {
				return
			}
			if refund, ok := reader.refund(); ok && !yield(refund, nil) {
				return
			}
		}
	}
}

// orderReader holds the last line, from which the next one of the same order
// takes what it leaves empty.
type orderReader struct {
	cancelledPrefix string
	hasStatus       bool
	line            OrderLine
	refunded        sosyal.Money
	lower           cases.Caser
	address         string // the last one that was turned into a pseudonym
	pseudonym       sosyal.PersonID
}

func newOrderReader(m sosyal.Mapping) *orderReader {
	_, hasStatus := m.Columns["status"]
	return &orderReader{
		cancelledPrefix: m.Constants["cancelled_prefix"], hasStatus: hasStatus, lower: cases.Lower(language.Und),
	}
}

// read turns a record into the reader's line.
func (o *orderReader) read(row tabular.Row) error {
	l := OrderLine{Line: row.Line(), Order: row.Text("order")}
	if l.Order == "" {
		return row.Fail("order", "is required")
	}
	before := OrderLine{}
	if l.Order == o.line.Order {
		before = o.line
	}
	o.line, o.refunded = OrderLine{}, sosyal.Money{} // a bad record passes nothing on
	var err error
	if l.At, err = o.time(row, before); err != nil {
		return err
	}
	if l.Quantity, err = row.Decimal("quantity"); err != nil {
		return err
	}
	if l.UnitPrice, err = o.money(row, "unit_price", before); err != nil {
		return err
	}
	if row.Has("discount") {
		if l.Discount, err = o.money(row, "discount", before); err != nil {
			return err
		}
		if l.Discount.Sign() < 0 {
			l.Discount = l.Discount.Neg() // some exports write what is taken off with a minus
		}
	}
	if row.Has("refunded") {
		if o.refunded, err = o.money(row, "refunded", before); err != nil {
			return err
		}
	}
	if l.Status, err = o.status(row, l.Order, before); err != nil {
		return err
	}
	if l.Customer, err = o.customer(row, before); err != nil {
		return err
	}
	l.Product = sosyal.ProductID(row.Text("product"))
	l.ProductCategory = row.Text("product_category")
	l.City = filled(row.Text("city"), before.City)
	l.Country = filled(row.Text("country"), before.Country)
	l.Coupon = filled(row.Text("coupon"), before.Coupon)
	l.UTM = sosyal.UTM{
		Source: filled(row.Text("utm_source"), before.UTM.Source), Medium: filled(row.Text("utm_medium"), before.UTM.Medium),
		Campaign: filled(row.Text("utm_campaign"), before.UTM.Campaign), Term: filled(row.Text("utm_term"), before.UTM.Term),
		Content: filled(row.Text("utm_content"), before.UTM.Content),
	}
	o.line = l
	return nil
}

func filled(text, before string) string {
	if text == "" {
		return before
	}
	return text
}

func (o *orderReader) time(row tabular.Row, before OrderLine) (t time.Time, err error) {
	if !row.Has("at") && !before.At.IsZero() {
		return before.At, nil
	}
	if t, err = row.Time("at"); err != nil {
		return t, err
	}
	if rule, bad := absurd(t); bad {
		return t, row.Fail("at", rule)
	}
	return t, nil
}

// money reads an amount, in the order's currency where the record has none.
func (o *orderReader) money(row tabular.Row, field string, before OrderLine) (sosyal.Money, error) {
	if row.Has("currency") || before.UnitPrice.Currency() == "" {
		return row.Money(field, "currency")
	}
	amount, err := row.Decimal(field)
	if err != nil {
		return sosyal.Money{}, err
	}
	return sosyal.NewMoney(amount, before.UnitPrice.Currency())
}

func (o *orderReader) status(row tabular.Row, order string, before OrderLine) (OrderStatus, error) {
	if o.cancelledPrefix != "" && strings.HasPrefix(order, o.cancelledPrefix) || row.Has("cancelled_at") {
		return Cancelled, nil
	}
	s := OrderStatus(strings.ToLower(row.Text("status")))
	switch {
	case s.Known():
		return s, nil
	case s != "":
		return "", row.Fail("status", "must be paid, pending, cancelled or returned, or be translated by the mapping's values")
	case before.Status != "":
		return before.Status, nil
	case o.hasStatus:
		return "", row.Fail("status", "is required")
	}
	return Paid, nil
}

func (o *orderReader) customer(row tabular.Row, before OrderLine) (sosyal.PersonID, error) {
	if id := row.Text("customer"); id != "" {
		return sosyal.PersonID(id), nil
	}
	address := row.Text("email")
	if address == "" {
		return before.Customer, nil
	}
	if address != o.address {
		if strings.Count(address, "@") != 1 {
			return "", row.FailPersonal("email", "must be an e-mail address")
		}
		sum := sha256.Sum256([]byte(o.lower.String(address)))
		o.address, o.pseudonym = address, sosyal.PersonID("mail:"+hex.EncodeToString(sum[:12]))
	}
	return o.pseudonym, nil
}

// refund returns the line of an amount paid back on the order just read.
func (o *orderReader) refund() (OrderLine, bool) {
	l := o.line
	if o.refunded.Sign() <= 0 || l.Status != Paid {
		return OrderLine{}, false
	}
	return OrderLine{
		Order: l.Order, Customer: l.Customer, At: l.At, Status: Returned, Quantity: decimal.New(-1, 0),
		UnitPrice: o.refunded, City: l.City, Country: l.Country, UTM: l.UTM, Line: l.Line,
	}, true
}
