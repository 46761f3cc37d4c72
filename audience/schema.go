package audience

import (
	"math"
	"strconv"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
)

// PropertyType is what a property holds.
type PropertyType string

// Types of properties.
const (
	TextProperty   PropertyType = "text"   // compared byte by byte
	NumberProperty PropertyType = "number" // exact decimals, at most 9 digits before the point and 6 after it
	FlagProperty   PropertyType = "flag"
	DayProperty    PropertyType = "day" // calendar days like 2026-11-03
	ListProperty   PropertyType = "list"
)

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

// Schema says what a host knows of its customers. The properties of [Profile],
// and [Order] as an event without an amount, are always known.
type Schema struct {
	// Properties are the types of the host's properties of customers.
	Properties map[string]PropertyType `json:"properties,omitempty"`
	// Events are the events that customers may have.
	Events map[string]EventType `json:"events,omitempty"`
}

// EventType says what events of a name carry. The list "categories", and the
// number "amount" where there is a currency, are always known.
type EventType struct {
	// Currency is the ISO 4217 code of all amounts; empty where events have none.
	// A shop that sells in several currencies converts to one, or has an event
	// for each.
	Currency   string                  `json:"currency,omitzero"`
	Properties map[string]PropertyType `json:"properties,omitempty"`
}

// Names of the properties that every event has.
const (
	amountField     = "amount"
	categoriesField = "categories"
)

// profileTypes are the properties that [Profile] brings, in the order of
// [Profile.values].
func profileTypes() []struct {
	name string
	kind PropertyType
} {
	return []struct {
		name string
		kind PropertyType
	}{
		{"city", TextProperty},
		{"region", TextProperty},
		{"country", TextProperty},
		{"language", TextProperty},
		{"gender", TextProperty},
		{"birthday", DayProperty},
		{"since", DayProperty},
	}
}

// property returns the type of a property of customers.
func (s Schema) property(name string) (PropertyType, bool) {
	switch name {
	case "city", "region", "country", "language", "gender":
		return TextProperty, true
	case "birthday", "since":
		return DayProperty, true
	}
	t, ok := s.Properties[name]
	return t, ok
}

// event returns the type of an event.
func (s Schema) event(name string) (EventType, bool) {
	t, ok := s.Events[name]
	return t, ok || name == Order
}

// property returns the type of a property of events.
func (t EventType) property(name string) (PropertyType, bool) {
	switch name {
	case amountField:
		return NumberProperty, t.Currency != ""
	case categoriesField:
		return ListProperty, true
	}
	kind, ok := t.Properties[name]
	return kind, ok
}

// Validate reports unknown types, properties that [Profile] or [Event] have
// already, and currencies that do not exist.
func (s Schema) Validate() error {
	var p sosyal.Problems
	for name, kind := range s.Properties {
		p.Require(name != "", "properties", "must have names", "")
		checkType(&p, "properties."+name, kind)
		if _, ok := (Schema{}).property(name); ok {
			p.Add("properties."+name, "must not have the name of a field of the profile", "")
		}
	}
	for name, e := range s.Events {
		p.Require(name != "", "events", "must have names", "")
		if e.Currency != "" {
			_, err := sosyal.MoneyFromMinor(0, e.Currency)
			p.Nest("events."+name, err)
		}
		for property, kind := range e.Properties {
			p.Require(property != "" && property != amountField && property != categoriesField,
				"events."+name+".properties", "must not be amount or categories", property)
			checkType(&p, "events."+name+".properties."+property, kind)
		}
	}
	return p.Err()
}

func checkType(p *sosyal.Problems, field string, kind PropertyType) {
	switch kind {
	case TextProperty, NumberProperty, FlagProperty, DayProperty, ListProperty:
	default:
		p.Add(field, "must be text, number, flag, day or list", string(kind))
	}
}

// Check reports everything of a customer that does not suit the schema or that
// not every evaluator could keep exactly. The problems name fields and rules,
// never what is known of the person.
func (s Schema) Check(c Customer) error {
	var p sosyal.Problems
	p.Require(c.ID != "", "id", "is required", "")
	checkText(&p, "id", string(c.ID))
	for i, f := range profileTypes() {
		if f.kind == TextProperty {
			checkText(&p, "profile."+f.name, c.Profile.text(i))
		}
	}
	for name, v := range c.Properties {
		kind, ok := s.Properties[name]
		if !ok {
			p.Add("properties."+name, "must be a property of the schema", "")
			continue
		}
		checkValue(&p, "properties."+name, kind, v)
	}
	checkTexts(&p, "interests", c.Interests)
	checkTexts(&p, "networks", c.Networks)
	checkTexts(&p, "lists", c.Lists)
	checkText(&p, "group", c.Group)
	for name, v := range c.Predictions {
		p.Require(name != "" && !math.IsNaN(v) && !math.IsInf(v, 0), "predictions."+string(name), "must be a finite number with a name", "")
	}
	for i := range c.Events {
		p.Nest("events["+strconv.Itoa(i)+"]", s.checkEvent(&c.Events[i]))
	}
	for i := range c.Consents {
		p.Nest("consents["+strconv.Itoa(i)+"]", c.Consents[i].Validate())
	}
	return p.Err()
}

func (s Schema) checkEvent(e *Event) error {
	var p sosyal.Problems
	t, ok := s.event(e.Name)
	p.Require(ok, "name", "must be an event of the schema", e.Name)
	if rule, bad := absurd(e.At); bad {
		p.Add("at", rule, e.At.Format("2006-01-02"))
	}
	if code := e.Amount.Currency(); code != "" {
		p.Require(code == t.Currency, "amount", "must be in the currency of the schema", code)
		checkNumber(&p, "amount", e.Amount.Amount())
	}
	checkTexts(&p, categoriesField, e.Categories)
	for name, v := range e.Properties {
		kind, ok := t.Properties[name]
		if !ok {
			p.Add("properties."+name, "must be a property of the schema", "")
			continue
		}
		checkValue(&p, "properties."+name, kind, v)
	}
	return p.Err()
}

func checkValue(p *sosyal.Problems, field string, kind PropertyType, v Value) {
	if v.IsZero() {
		return
	}
	if v.kind != kind.valueKind() {
		p.Add(field, "must be of the schema's type "+string(kind), "")
		return
	}
	switch kind {
	case TextProperty:
		checkText(p, field, v.text)
	case NumberProperty:
		checkNumber(p, field, v.number)
	case DayProperty:
		if _, err := sosyal.ParseDate(v.text); err != nil {
			p.Add(field, "must be a day like 2026-11-03", "")
		}
	case ListProperty:
		checkTexts(p, field, v.list)
	case FlagProperty:
	}
}

// text returns the text at a place of [profileTypes].
func (f *Profile) text(i int) string {
	return [...]string{f.City, f.Region, f.Country, f.Language, f.Gender}[i]
}

// day returns the day at a place of [profileTypes].
func (f *Profile) day(i int) date.Date {
	return map[int]date.Date{5: f.Birthday, 6: f.Since}[i]
}
