package audience

import (
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// Rule picks customers by a condition. It is data: [ParseRule] reads it from
// JSON, its MarshalJSON writes it, [Rule.Compile] makes it runnable.
type Rule struct {
	Condition Condition
}

// Condition is a part of a [Rule]: [All], [Any], [Not], [Property],
// [OrderCount], [OrderSum], [LastOrder] or [InGroup]. There are no others.
//
// A condition is met or not met; there is no third answer. A comparison with a
// property that a customer does not have is not met, so [Not] of it is: "not
// from Izmir" takes in those whose city is unknown.
type Condition interface {
	check(p *sosyal.Problems, path string, limit *limits)
	compile(e *compiler, path string) match
}

type (
	// All is met when every one of its conditions is, and by everybody when it
	// has none.
	All []Condition
	// Any is met when at least one of its conditions is, and by nobody when it
	// has none.
	Any []Condition
	// Not is met when its condition is not.
	Not struct{ Condition Condition }
	// Property compares a property of the customer.
	Property struct {
		Name string     `json:"name"`
		Is   Comparison `json:"is"`
		// Value is what is compared with; of [OneOf] a list, of [Missing] nothing.
		// Days are written 2026-11-03.
		Value Value `json:"value,omitzero"`
	}
	// OrderCount compares the number of orders.
	OrderCount struct {
		Is    Comparison `json:"is"`
		Value int        `json:"value"`
		Window
	}
	// OrderSum compares the net value of orders, in one currency.
	OrderSum struct {
		Is    Comparison   `json:"is"`
		Value sosyal.Money `json:"value"`
		Window
	}
	// LastOrder compares how many days ago the last order was. It is not met by
	// customers without an order.
	LastOrder struct {
		Is    Comparison `json:"is"`
		Value int        `json:"value"`
	}
	// InGroup is met by customers of one of the groups, such as those of package
	// value.
	InGroup []string
)

// Window limits a condition to the last days: Days 90 means from 90 days before
// today up to now, in whole days of the shop's zone. 0 means the whole history.
type Window struct {
	Days int `json:"days,omitzero"`
}

// Comparison is how a value is compared.
type Comparison string

// Comparisons.
const (
	Equals   Comparison = "equals"
	AtLeast  Comparison = "at_least"
	AtMost   Comparison = "at_most"
	MoreThan Comparison = "more_than"
	LessThan Comparison = "less_than"
	OneOf    Comparison = "one_of"   // text: equal to one of a list
	Contains Comparison = "contains" // text: as a part; list: as an element
	Missing  Comparison = "missing"  // the customer does not have the property
)

// ordered reports whether the comparison is one of sizes.
func (c Comparison) ordered() bool {
	switch c {
	case Equals, AtLeast, AtMost, MoreThan, LessThan:
		return true
	default:
		return false
	}
}

// holds applies a comparison of sizes to the outcome of comparing the
// customer's value with the rule's: negative, zero or positive.
func (c Comparison) holds(order int) bool {
	switch c {
	case Equals:
		return order == 0
	case AtLeast:
		return order >= 0
	case AtMost:
		return order <= 0
	case MoreThan:
		return order > 0
	case LessThan:
		return order < 0
	default:
		return false
	}
}

// Limits of a rule, which bound the work of reading and running it.
const (
	maxRuleBytes = 1 << 20
	maxRuleDepth = 64
	maxRuleNodes = 10_000
	maxWindow    = 36_525 // days: a century
)

type limits struct{ depth, nodes int }

// enter counts a condition and reports whether it may be looked into.
func (l *limits) enter(p *sosyal.Problems, path string) bool {
	l.nodes++
	l.depth++
	switch {
	case l.nodes == maxRuleNodes+1:
		p.Add(path, "must not have more than "+strconv.Itoa(maxRuleNodes)+" conditions", "")
	case l.depth == maxRuleDepth+1:
		p.Add(path, "must not nest deeper than "+strconv.Itoa(maxRuleDepth), "")
	}
	return l.nodes <= maxRuleNodes && l.depth <= maxRuleDepth
}

func (l *limits) leave() { l.depth-- }

// Validate reports every problem of the rule with its path in the JSON form.
func (r Rule) Validate() error {
	var p sosyal.Problems
	checkCondition(r.Condition, &p, "rule", &limits{})
	return p.Err()
}

func checkCondition(c Condition, p *sosyal.Problems, path string, l *limits) {
	if c == nil {
		p.Add(path, "is required", "")
		return
	}
	if l.enter(p, path) {
		c.check(p, path, l)
	}
	l.leave()
}

func (a All) check(p *sosyal.Problems, path string, l *limits) { checkEach(a, p, path+".all", l) }

func (a Any) check(p *sosyal.Problems, path string, l *limits) { checkEach(a, p, path+".any", l) }

func checkEach(conditions []Condition, p *sosyal.Problems, path string, l *limits) {
	for i, c := range conditions {
		checkCondition(c, p, path+"["+strconv.Itoa(i)+"]", l)
	}
}

func (n Not) check(p *sosyal.Problems, path string, l *limits) {
	checkCondition(n.Condition, p, path+".not", l)
}

func (c Property) check(p *sosyal.Problems, path string, _ *limits) {
	path += ".property"
	p.Require(c.Name != "", path+".name", "is required", "")
	switch kind := c.Value.kind; {
	case c.Is == Missing:
		p.Require(kind == noValue, path+".value", "must not be given", "")
	case c.Is == OneOf:
		p.Require(kind == listValue, path+".value", "must be a list of texts", "")
	case c.Is == Contains:
		p.Require(kind == textValue && c.Value.text != "", path+".value", "must be a text", "")
	case c.Is.ordered():
		p.Require(kind == textValue || kind == numberValue || kind == flagValue && c.Is == Equals,
			path+".value", "must be a text, a number, a day or, for equals, true or false", "")
	default:
		p.Add(path+".is", "must be a comparison", string(c.Is))
	}
}

func (c OrderCount) check(p *sosyal.Problems, path string, _ *limits) {
	path += ".order_count"
	p.Require(c.Is.ordered(), path+".is", "must be a comparison of sizes", string(c.Is))
	p.Require(c.Value >= 0, path+".value", "must not be negative", strconv.Itoa(c.Value))
	c.Window.check(p, path)
}

func (c OrderSum) check(p *sosyal.Problems, path string, _ *limits) {
	path += ".order_sum"
	p.Require(c.Is.ordered(), path+".is", "must be a comparison of sizes", string(c.Is))
	p.Require(c.Value.Currency() != "", path+".value", "is required", "")
	c.Window.check(p, path)
}

func (c LastOrder) check(p *sosyal.Problems, path string, _ *limits) {
	path += ".last_order"
	p.Require(c.Is.ordered(), path+".is", "must be a comparison of sizes", string(c.Is))
	p.Require(c.Value >= 0 && c.Value <= maxWindow, path+".value", "must be days from 0 to "+strconv.Itoa(maxWindow), strconv.Itoa(c.Value))
}

func (c InGroup) check(p *sosyal.Problems, path string, _ *limits) {
	p.Require(len(c) > 0, path+".in_group", "must name a group", "")
	p.Require(!slices.Contains(c, ""), path+".in_group", "must not name an empty group", "")
}

func (w Window) check(p *sosyal.Problems, path string) {
	p.Require(w.Days >= 0 && w.Days <= maxWindow, path+".days", "must be from 0 to "+strconv.Itoa(maxWindow), strconv.Itoa(w.Days))
}

// Value is a value of a property: a text, a number, a yes or no, or a list of
// texts. Days are texts; the schema says what a text means. The zero Value is
// none.
type Value struct {
	kind   valueKind
	text   string
	number decimal.Decimal
	flag   bool
	list   []string
}

type valueKind uint8

const (
	noValue valueKind = iota
	textValue
	numberValue
	flagValue
	listValue
)

// TextValue is a text or a day like 2026-11-03.
func TextValue(text string) Value { return Value{kind: textValue, text: text} }

// NumberValue is a number.
func NumberValue(n decimal.Decimal) Value { return Value{kind: numberValue, number: n} }

// FlagValue is a yes or no.
func FlagValue(yes bool) Value { return Value{kind: flagValue, flag: yes} }

// ListValue is a list of texts, such as interests.
func ListValue(texts ...string) Value { return Value{kind: listValue, list: slices.Clone(texts)} }

// IsZero reports whether there is no value.
func (v Value) IsZero() bool { return v.kind == noValue }
