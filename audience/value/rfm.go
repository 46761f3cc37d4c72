package value

import (
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strconv"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// Purchases is what one customer bought; an [audience.OrderBook] yields them.
type Purchases = audience.Purchases

// Basis is which money counts as monetary value.
type Basis string

// Bases.
const (
	Net   Basis = "net"   // after cancellations and returns
	Gross Basis = "gross" // sales alone
)

// RFMOptions say how a table is made; the zero value means the defaults.
type RFMOptions struct {
	// Basis is [Net] where empty.
	Basis Basis
}

// levels is the number of scores. Fewer customers than that have no quintiles.
const levels = 5

// Thresholds are the values from which the scores 2, 3, 4 and 5 are given. A
// score that nobody reached when the table was made has none: -1 days, 0 orders
// and the zero Money.
type Thresholds struct {
	// Recency is the most days since the last order.
	Recency [levels - 1]int `json:"recency"`
	// Frequency is the least number of orders.
	Frequency [levels - 1]int `json:"frequency"`
	// Monetary is the least value of all orders together.
	Monetary [levels - 1]sosyal.Money `json:"monetary"`
}

// Spread is the smallest value, the median (the lower one of two) and the
// largest.
type Spread struct {
	Min    int `json:"min"`
	Median int `json:"median"`
	Max    int `json:"max"`
}

// RFMTable is a division of customers by recency, frequency and monetary value
// on a day, with what is needed to score others alike. It can be stored.
type RFMTable struct {
	Schema int       `json:"schema"` // 1
	AsOf   date.Date `json:"as_of"`
	Basis  Basis     `json:"basis"`
	// Customers counts those who were scored, Prospects those without an order.
	Customers  int        `json:"customers"`
	Prospects  int        `json:"prospects"`
	Thresholds Thresholds `json:"thresholds"`
	// Cells counts customers by recency, frequency and monetary score, each less
	// 1: Cells[4][4][4] is the cell 555.
	Cells [levels][levels][levels]int `json:"cells"`
	// Days are the days since the last order, Orders the orders of a customer.
	Days   Spread `json:"days"`
	Orders Spread `json:"orders"`
}

// RFM scores customers as of a day, each of recency, frequency and monetary
// value on its own into fifths: a value's score is 1 more than the whole part of
// five times its mid-rank, the share of customers with a lower value plus half
// the share of those with the same. So equal values have equal scores, unlike
// with NTILE, which splits them by chance; with many equal values, as of
// customers with one order, a score may go to nobody.
//
// Recency counts the days from the last sale to asOf, fewer being better.
// Customers without a sale are prospects and are not scored.
//
// Fewer than five customers to score are [sosyal.ErrInsufficientData]; a sale
// after asOf and a second currency are errors.
func RFM(customers iter.Seq[Purchases], asOf date.Date, opt RFMOptions) (RFMTable, error) {
	t := RFMTable{Schema: 1, AsOf: asOf, Basis: opt.Basis}
	if t.Basis == "" {
		t.Basis = Net
	}
	if t.Basis != Net && t.Basis != Gross {
		return RFMTable{}, sosyal.FieldError{Field: "basis", Rule: "must be net or gross", Value: string(opt.Basis)}
	}
	var c column
	for p := range customers {
		if p.Orders <= 0 {
			t.Prospects++
			continue
		}
		if p.Last > asOf {
			return RFMTable{}, sosyal.FieldError{Field: "as_of", Rule: "must not be before a customer's last order", Value: asOf.String()}
		}
		if err := c.add(int64(asOf-p.Last), int64(p.Orders), t.money(p)); err != nil {
			return RFMTable{}, err
		}
	}
	t.Customers = len(c.days)
	if t.Customers < levels {
		return RFMTable{}, sosyal.ErrInsufficientData
	}
	t.score(&c)
	return t, nil
}

func (t *RFMTable) money(p Purchases) sosyal.Money {
	if t.Basis == Gross {
		return p.Gross
	}
	return p.Net
}

// score ranks the columns, keeps their thresholds and counts the cells.
func (t *RFMTable) score(c *column) {
	days, orders, amounts := ascending(c.days), ascending(c.orders), ascending(c.amounts)
	t.Days, t.Orders = spreadOf(days), spreadOf(orders)
	// Recency is ranked by how long ago, turned around: more days are worse.
	for i, d := range days {
		days[i] = -d
	}
	slices.Reverse(days)
	recency, frequency, monetary := thresholds(days), thresholds(orders), thresholds(amounts)
	for k := range levels - 1 {
		t.Thresholds.Recency[k] = -1
		if recency[k] < len(days) {
			t.Thresholds.Recency[k] = int(-days[recency[k]])
		}
		if frequency[k] < len(orders) {
			t.Thresholds.Frequency[k] = int(orders[frequency[k]])
		}
		if monetary[k] < len(amounts) {
			t.Thresholds.Monetary[k] = c.money(amounts[monetary[k]])
		}
	}
	r, f, m := leastOf(days, recency), leastOf(orders, frequency), leastOf(amounts, monetary)
	for i := range c.days {
		t.Cells[reached(r, -c.days[i])][reached(f, c.orders[i])][reached(m, c.amounts[i])]++
	}
}

// thresholds returns, for the scores 2 to 5, the index of the first of the
// ascending values that has at least that score, the length where none has.
func thresholds(ascending []int64) [levels - 1]int {
	n := len(ascending)
	out := [levels - 1]int{n, n, n, n}
	for low := 0; low < n; {
		high := low
		for high < n && ascending[high] == ascending[low] {
			high++
		}
		// Five times the mid-rank, in whole numbers so that no rounding moves a
		// value that lies on a border: 5 * (low + (high-low)/2) / n.
		score := levels * (low + high) / (2 * n)
		for k := range min(score, levels-1) {
			out[k] = min(out[k], low)
		}
		low = high
	}
	return out
}

// leastOf returns the values at the thresholds, those that somebody reached.
func leastOf(ascending []int64, thresholds [levels - 1]int) []int64 {
	var least []int64
	for _, i := range thresholds {
		if i < len(ascending) {
			least = append(least, ascending[i])
		}
	}
	return least
}

// reached counts the thresholds that a value reaches.
func reached(least []int64, value int64) int {
	n := 0
	for _, l := range least {
		if value >= l {
			n++
		}
	}
	return n
}

func spreadOf(ascending []int64) Spread {
	n := len(ascending)
	return Spread{Min: int(ascending[0]), Median: int(ascending[(n-1)/2]), Max: int(ascending[n-1])}
}

// Score scores a customer by the table's thresholds, with days counted to asOf,
// which may be later than the table's own day. A customer without a sale has no
// score: all are 0.
func (t RFMTable) Score(p Purchases, asOf date.Date) (Score, error) {
	if p.Orders <= 0 {
		return Score{}, nil
	}
	if p.Last > asOf {
		return Score{}, sosyal.FieldError{Field: "as_of", Rule: "must not be before the customer's last order", Value: asOf.String()}
	}
	s := Score{Recency: 1, Frequency: 1, Monetary: 1}
	days := int(asOf - p.Last)
	for k := range levels - 1 {
		if days <= t.Thresholds.Recency[k] {
			s.Recency++
		}
		if least := t.Thresholds.Frequency[k]; least > 0 && p.Orders >= least {
			s.Frequency++
		}
		if least := t.Thresholds.Monetary[k]; least.Currency() != "" {
			c, err := t.money(p).Compare(least)
			if err != nil {
				return Score{}, err
			}
			if c >= 0 {
				s.Monetary++
			}
		}
	}
	return s, nil
}

// UnmarshalJSON reads a stored table, refuses days that do not exist and checks
// it with [RFMTable.Validate].
func (t *RFMTable) UnmarshalJSON(data []byte) error {
	type plain RFMTable
	var kept plain
	read := struct {
		*plain
		AsOf string `json:"as_of"`
	}{plain: &kept}
	if err := json.Unmarshal(data, &read); err != nil {
		return fmt.Errorf("rfm table: %w", err)
	}
	day, err := sosyal.ParseDate(read.AsOf)
	if err != nil {
		return sosyal.FieldError{Field: "as_of", Rule: "must be a calendar day like 2026-11-03", Value: read.AsOf}
	}
	kept.AsOf = day
	if err := RFMTable(kept).Validate(); err != nil {
		return err
	}
	*t = RFMTable(kept)
	return nil
}

// Validate reports a table of another schema, thresholds that do not ascend and
// counts that do not add up, as a torn or edited file has them.
func (t RFMTable) Validate() error {
	var p sosyal.Problems
	p.Require(t.Schema == 1, "schema", "must be 1", strconv.Itoa(t.Schema))
	p.Require(t.Basis == Net || t.Basis == Gross, "basis", "must be net or gross", string(t.Basis))
	total := 0
	for _, r := range t.Cells {
		for _, f := range r {
			for _, n := range f {
				total += n
			}
		}
	}
	p.Require(total == t.Customers, "cells", "must add up to customers", strconv.Itoa(total))
	for k := 1; k < levels-1; k++ {
		before, now := t.Thresholds, t.Thresholds
		p.Require(now.Recency[k] <= before.Recency[k-1], "thresholds.recency", "must not rise", strconv.Itoa(now.Recency[k]))
		p.Require(now.Frequency[k] == 0 || before.Frequency[k-1] > 0 && now.Frequency[k] >= before.Frequency[k-1],
			"thresholds.frequency", "must not fall", strconv.Itoa(now.Frequency[k]))
		if now.Monetary[k].Currency() != "" {
			c, err := now.Monetary[k].Compare(before.Monetary[k-1])
			p.Require(err == nil && c >= 0 && before.Monetary[k-1].Currency() != "", "thresholds.monetary", "must not fall", now.Monetary[k].String())
		}
	}
	return p.Err()
}

// column holds the three values of each customer. Amounts are whole numbers of
// the finest unit seen, so that ranking compares exactly and quickly.
type column struct {
	days, orders, amounts []int64
	scale                 int32
	currency              string
}

func (c *column) add(days, orders int64, m sosyal.Money) error {
	if c.currency == "" {
		c.currency = m.Currency()
	}
	if m.Currency() != c.currency && m.Currency() != "" {
		return sosyal.CurrencyError{Left: c.currency, Right: m.Currency()}
	}
	units, err := c.units(m.Amount())
	if err != nil {
		return err
	}
	if n := len(c.days); n == cap(c.days) { // doubled, so that each value is moved about once
		c.days, c.orders, c.amounts = slices.Grow(c.days, n+1), slices.Grow(c.orders, n+1), slices.Grow(c.amounts, n+1)
	}
	c.days, c.orders, c.amounts = append(c.days, days), append(c.orders, orders), append(c.amounts, units)
	return nil
}

// units makes the unit finer where the amount needs it.
func (c *column) units(d decimal.Decimal) (int64, error) {
	if scale := -d.Exponent(); scale > c.scale {
		for i, a := range c.amounts {
			finer, ok := shift(a, scale-c.scale)
			if !ok {
				return 0, tooLarge(d)
			}
			c.amounts[i] = finer
		}
		c.scale = scale
	}
	if d.NumDigits() > 18 {
		return 0, tooLarge(d)
	}
	u, ok := shift(d.CoefficientInt64(), c.scale+d.Exponent())
	if !ok {
		return 0, tooLarge(d)
	}
	return u, nil
}

func tooLarge(d decimal.Decimal) error {
	return sosyal.FieldError{Field: "monetary", Rule: "must fit 18 digits in the unit of the finest amount", Value: d.String()}
}

func shift(v int64, places int32) (int64, bool) {
	for range places {
		if v > 1<<62/10 || v < -(1<<62)/10 {
			return 0, v == 0
		}
		v *= 10
	}
	return v, true
}

func (c *column) money(units int64) sosyal.Money {
	m, err := sosyal.NewMoney(decimal.New(units, -c.scale), c.currency)
	if err != nil {
		return sosyal.Money{} // amounts without a currency are all zero
	}
	return m
}
