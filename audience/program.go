package audience

import (
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
)

// Customer is what rules look at.
type Customer struct {
	Purchases
	// Days are the days on which the customer bought or took something back.
	Days []PurchaseDay
	// Group is the group that scoring put the customer in, such as "champions".
	Group string
	// Properties are the host's, by the names of the schema. A property that is
	// not there is missing. The properties city and country need not be given:
	// they are those of the purchases.
	Properties map[string]Value
}

// Profiles yields the customers of a book as rules see them, in the order of
// [OrderBook.Customers]. group names the group of each; nil puts nobody into one.
func (b *OrderBook) Profiles(group func(Purchases) string) iter.Seq[Customer] {
	return func(yield func(Customer) bool) {
		for p := range b.Customers() {
			c := Customer{Purchases: p, Days: b.History(p.Customer)}
			if group != nil {
				c.Group = group(p)
			}
			if !yield(c) {
				return
			}
		}
	}
}

// PropertyType is what a property holds.
type PropertyType string

// Types of properties.
const (
	TextProperty   PropertyType = "text"   // compared byte by byte
	NumberProperty PropertyType = "number" // exact decimals
	FlagProperty   PropertyType = "flag"
	DayProperty    PropertyType = "day" // calendar days like 2026-11-03
	ListProperty   PropertyType = "list"
)

// Schema is the type of each property that a host knows. The texts city and
// country are always known.
type Schema map[string]PropertyType

func (s Schema) typeOf(name string) (PropertyType, bool) {
	if t, ok := s[name]; ok {
		return t, true
	}
	return TextProperty, name == "city" || name == "country"
}

// Env is what a rule is bound to when it is compiled.
type Env struct {
	Brand sosyal.BrandID
	// Now is the moment for which windows are reckoned, in whole days of Zone.
	Now  time.Time
	Zone *time.Location
	// Schema says which properties there are.
	Schema Schema
}

// Program is a rule bound to an [Env]. It is immutable and safe for concurrent
// use.
type Program struct {
	brand sosyal.BrandID
	match match
}

// match decides about a customer.
type match func(c *Customer) (bool, error)

// compiler collects the problems of binding a rule.
type compiler struct {
	schema   Schema
	today    date.Date
	problems sosyal.Problems
}

// Compile binds the rule. It reports everything that does not fit the
// environment: a missing brand, moment or zone, properties that the schema does
// not know, and comparisons and values that do not suit a property's type.
func (r Rule) Compile(env Env) (Program, error) {
	if err := r.Validate(); err != nil {
		return Program{}, err
	}
	e := &compiler{schema: env.Schema}
	e.problems.Require(env.Brand != "", "brand", "is required", "")
	e.problems.Require(!env.Now.IsZero(), "now", "is required", "")
	e.problems.Require(env.Zone != nil, "zone", "is required", "")
	if env.Zone != nil {
		e.today = sosyal.DateOf(env.Now, env.Zone)
	}
	m := r.Condition.compile(e, "rule")
	if err := e.problems.Err(); err != nil {
		return Program{}, err
	}
	return Program{brand: env.Brand, match: m}, nil
}

// Brand returns the brand that the program was compiled for.
func (p Program) Brand() sosyal.BrandID { return p.brand }

// Matches reports whether the rule picks the customer. A property whose value is
// not of the schema's type and a sum in another currency are errors. The zero
// Program picks nobody.
func (p Program) Matches(c Customer) (bool, error) {
	if p.match == nil {
		return false, nil
	}
	return p.match(&c)
}

func (a All) compile(e *compiler, path string) match {
	parts := compileEach(a, e, path+".all")
	return func(c *Customer) (bool, error) {
		for _, m := range parts {
			if ok, err := m(c); !ok || err != nil {
				return false, err
			}
		}
		return true, nil
	}
}

func (a Any) compile(e *compiler, path string) match {
	parts := compileEach(a, e, path+".any")
	return func(c *Customer) (bool, error) {
		for _, m := range parts {
			if ok, err := m(c); ok || err != nil {
				return ok && err == nil, err
			}
		}
		return false, nil
	}
}

func compileEach(conditions []Condition, e *compiler, path string) []match {
	parts := make([]match, len(conditions))
	for i, c := range conditions {
		parts[i] = c.compile(e, path+"["+strconv.Itoa(i)+"]")
	}
	return parts
}

func (n Not) compile(e *compiler, path string) match {
	inner := n.Condition.compile(e, path+".not")
	return func(c *Customer) (bool, error) {
		ok, err := inner(c)
		return !ok && err == nil, err
	}
}

// within yields what the customer did in the window: count and net value.
func (w Window) within(c *Customer, today date.Date) (orders int, net sosyal.Money, err error) {
	for _, d := range c.Days {
		if d.Day > today || w.Days > 0 && d.Day < today-date.Date(w.Days) {
			continue
		}
		orders += d.Orders
		if net, err = net.Add(d.Net); err != nil {
			return 0, sosyal.Money{}, err
		}
	}
	return orders, net, nil
}

func (c OrderCount) compile(e *compiler, _ string) match {
	today := e.today
	return func(k *Customer) (bool, error) {
		orders, _, err := c.within(k, today)
		return err == nil && c.Is.holds(orders-c.Value), err
	}
}

func (c OrderSum) compile(e *compiler, _ string) match {
	today := e.today
	return func(k *Customer) (bool, error) {
		_, net, err := c.within(k, today)
		if err != nil {
			return false, err
		}
		order, err := net.Compare(c.Value)
		return err == nil && c.Is.holds(order), err
	}
}

func (c LastOrder) compile(e *compiler, _ string) match {
	today := e.today
	return func(k *Customer) (bool, error) {
		days, found := 0, false
		for _, d := range k.Days {
			if d.Orders > 0 && d.Day <= today && (!found || int(today-d.Day) < days) {
				days, found = int(today-d.Day), true
			}
		}
		return found && c.Is.holds(days-c.Value), nil
	}
}

func (c InGroup) compile(*compiler, string) match {
	groups := slices.Clone(c)
	return func(k *Customer) (bool, error) { return k.Group != "" && slices.Contains(groups, k.Group), nil }
}

func (c Property) compile(e *compiler, path string) match {
	path += ".property"
	kind, known := e.schema.typeOf(c.Name)
	if !known {
		e.problems.Add(path+".name", "must be a property of the schema", c.Name)
		return nil
	}
	compare := c.comparator(kind, e, path)
	return func(k *Customer) (bool, error) {
		v := k.property(c.Name)
		if v.IsZero() || c.Is == Missing {
			return v.IsZero() && c.Is == Missing, nil
		}
		if v.kind != kind.valueKind() {
			return false, sosyal.FieldError{Field: c.Name, Rule: "must be of the schema's type " + string(kind)}
		}
		return compare(v)
	}
}

// property returns what the customer has under a name.
func (k *Customer) property(name string) Value {
	if v, ok := k.Properties[name]; ok {
		return v
	}
	text := ""
	switch name {
	case "city":
		text = k.City
	case "country":
		text = k.Country
	}
	if text == "" {
		return Value{}
	}
	return TextValue(text)
}

func (t PropertyType) valueKind() valueKind {
	switch t {
	case NumberProperty:
		return numberValue
	case FlagProperty:
		return flagValue
	case ListProperty:
		return listValue
	case TextProperty, DayProperty:
	}
	return textValue
}

// comparator returns the comparison with the rule's value for a type, and
// reports where they do not go together.
func (c Property) comparator(kind PropertyType, e *compiler, path string) func(Value) (bool, error) {
	v := c.Value
	suits := func(ok bool, rule string) {
		e.problems.Require(ok || c.Is == Missing, path, rule, string(c.Is))
	}
	switch kind {
	case TextProperty:
		suits(c.Is == Equals || c.Is == OneOf || c.Is == Contains, "of a text must be equals, one_of, contains or missing")
		suits(c.Is != Equals || v.kind == textValue, "of a text must be compared with a text")
		return func(own Value) (bool, error) {
			switch c.Is {
			case OneOf:
				return slices.Contains(v.list, own.text), nil
			case Contains:
				return strings.Contains(own.text, v.text), nil
			default:
				return own.text == v.text, nil
			}
		}
	case NumberProperty:
		suits(c.Is.ordered() && v.kind == numberValue, "of a number must compare sizes with a number")
		return func(own Value) (bool, error) { return c.Is.holds(own.number.Cmp(v.number)), nil }
	case FlagProperty:
		suits(c.Is == Equals && v.kind == flagValue, "of a flag must be equals with true or false")
		return func(own Value) (bool, error) { return own.flag == v.flag, nil }
	case ListProperty:
		suits(c.Is == Contains, "of a list must be contains or missing")
		return func(own Value) (bool, error) { return slices.Contains(own.list, v.text), nil }
	case DayProperty:
		day, err := sosyal.ParseDate(v.text)
		suits(c.Is.ordered() && v.kind == textValue && err == nil, "of a day must compare with a day like 2026-11-03")
		return func(own Value) (bool, error) {
			d, err := sosyal.ParseDate(own.text)
			if err != nil {
				return false, sosyal.FieldError{Field: c.Name, Rule: "must be a day like 2026-11-03"}
			}
			return c.Is.holds(int(d - day)), nil
		}
	}
	e.problems.Add(path+".name", "must have a known type in the schema", string(kind))
	return nil
}
