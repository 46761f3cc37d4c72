package audience

import (
	"maps"
	"math"
	"strconv"
	"time"

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

// clone makes the schema independent of the caller's maps.
func (s Schema) clone() Schema {
	s.Properties, s.Events = maps.Clone(s.Properties), maps.Clone(s.Events)
	for name, e := range s.Events {
		e.Properties = maps.Clone(e.Properties)
		s.Events[name] = e
	}
	return s
}

func (s Schema) equal(o Schema) bool {
	return maps.Equal(s.Properties, o.Properties) && maps.EqualFunc(s.Events, o.Events, func(x, y EventType) bool {
		return x.Currency == y.Currency && maps.Equal(x.Properties, y.Properties)
	})
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
	for _, f := range profileTypes() {
		if f.name == name {
			return f.kind, true
		}
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
		checkText(&p, "properties", name)
		checkType(&p, "properties."+name, kind)
		if _, ok := (Schema{}).property(name); ok {
			p.Add("properties."+name, "must not have the name of a field of the profile", "")
		}
	}
	for name, e := range s.Events {
		p.Require(name != "", "events", "must have names", "")
		checkText(&p, "events", name)
		if e.Currency != "" {
			_, err := sosyal.MoneyFromMinor(0, e.Currency)
			p.Nest("events."+name, err)
		}
		for property, kind := range e.Properties {
			p.Require(property != "" && property != amountField && property != categoriesField,
				"events."+name+".properties", "must not be amount or categories", property)
			checkText(&p, "events."+name+".properties", property)
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
	s.checkProfile(&p, &c.Profile)
	for name, v := range c.Properties {
		if kind, ok := s.Properties[name]; !ok {
			p.Add("properties."+name, "must be a property of the schema", "")
		} else if rule := kind.refuses(v); rule != "" {
			p.Add("properties."+name, rule, "")
		}
	}
	checkTexts(&p, "interests", c.Interests)
	checkTexts(&p, "networks", c.Networks)
	checkTexts(&p, "lists", c.Lists)
	checkText(&p, "group", c.Group)
	for name, v := range c.Predictions {
		if name == "" || !goodText(string(name)) || math.IsNaN(v) || math.IsInf(v, 0) {
			p.Add("predictions."+string(name), "must be a finite number with a name", "")
		}
	}
	for i := range c.Events {
		if err := s.checkEvent(&c.Events[i]); err != nil {
			p.Nest("events["+strconv.Itoa(i)+"]", err)
		}
	}
	for i := range c.Consents {
		if err := c.Consents[i].Validate(); err != nil {
			p.Nest("consents["+strconv.Itoa(i)+"]", err)
		}
	}
	return p.Err()
}

func (s Schema) checkProfile(p *sosyal.Problems, f *Profile) {
	checkText(p, "profile.city", f.City)
	checkText(p, "profile.region", f.Region)
	checkText(p, "profile.country", f.Country)
	checkText(p, "profile.language", f.Language)
	checkText(p, "profile.gender", f.Gender)
	checkDay(p, "profile.birthday", f.Birthday)
	checkDay(p, "profile.since", f.Since)
}

// checkDay reports a day that cannot be written as 2026-11-03; 0 is none.
func checkDay(p *sosyal.Problems, field string, d date.Date) {
	if d != 0 && (d < date.New(0, 1, 1) || d > date.New(9999, 12, 31)) {
		p.Add(field, "must lie in the years 0 to 9999", "")
	}
}

func (s Schema) checkEvent(e *Event) error {
	var p sosyal.Problems
	t, ok := s.event(e.Name)
	p.Require(ok, "name", "must be an event of the schema", e.Name)
	if rule, bad := absurd(e.At); bad {
		p.Add("at", rule, e.At.Format(time.DateOnly))
	}
	if code := e.Amount.Currency(); code != "" {
		p.Require(code == t.Currency, amountField, "must be in the currency of the schema", code)
		p.Require(goodNumber(e.Amount.Amount()), amountField, numberRule, "")
	}
	checkTexts(&p, categoriesField, e.Categories)
	if len(e.Properties) == 0 {
		return p.Err()
	}
	for name, v := range e.Properties {
		if kind, ok := t.Properties[name]; !ok {
			p.Add("properties."+name, "must be a property of the event's type", "")
		} else if rule := kind.refuses(v); rule != "" {
			p.Add("properties."+name, rule, "")
		}
	}
	return p.Err()
}

// refuses returns the rule that a value breaks, empty where it suits the type.
func (t PropertyType) refuses(v Value) string {
	if v.IsZero() {
		return ""
	}
	if v.kind != t.valueKind() {
		return "must be of the schema's type " + string(t)
	}
	switch t {
	case TextProperty:
		if !goodText(v.text) {
			return textRule
		}
	case NumberProperty:
		if !goodNumber(v.number) {
			return numberRule
		}
	case DayProperty:
		if _, err := sosyal.ParseDate(v.text); err != nil {
			return "must be a day like 2026-11-03"
		}
	case ListProperty:
		for _, text := range v.list {
			if text == "" || !goodText(text) {
				return "must hold texts that are not empty; each " + textRule
			}
		}
	case FlagProperty:
	}
	return ""
}

// text returns the text at a place of [profileTypes].
func (f *Profile) text(i int) string {
	switch i {
	case 0:
		return f.City
	case 1:
		return f.Region
	case 2:
		return f.Country
	case 3:
		return f.Language
	}
	return f.Gender
}

// day returns the day at a place of [profileTypes].
func (f *Profile) day(i int) date.Date {
	if i == 5 {
		return f.Birthday
	}
	return f.Since
}
