package audience

import (
	"slices"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
)

// Rule picks customers by a condition. It is data: [ParseRule] reads it from
// JSON, its MarshalJSON writes it, [Rule.Explain] says it in words and
// [Rule.Compile] makes it runnable.
type Rule struct {
	Condition Condition
}

// Condition is a part of a [Rule]. These are all there are:
//
//   - [All], [Any] and [Not] of other conditions
//   - [Property], [DaysSince] and [Anniversary] look at what is known of a customer
//   - [HasInterest], [OnNetwork], [InGroup] and [InSegment] at what he belongs to
//   - [Count], [Sum], [Last], [First] and [Funnel] at what he did, orders among it
//   - [Predicted] at what models say of him
//   - [Consented] at what he agreed to
//   - [Bucket] draws a share of everybody by lot
//
// A condition is met or not met; there is no third answer. A comparison with
// something that is not known of a customer is not met, so [Not] of it is: "not
// from Izmir" takes in those whose city is unknown.
//
// Rules reckon in whole days of the shop's zone: everything that happened up to
// the end of today counts, and what lies on a later day does not count yet. Only
// [Consented] looks at the moment.
type Condition interface {
	check(p *sosyal.Problems, path string, limit *limits)
	bind(b *binder, path string) node
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

	// Property compares a property of the customer: one of [Profile] or one of the
	// host's [Schema].
	Property struct{ Filter }
	// DaysSince compares how many days ago a day property lies; days that are
	// still to come are negative. Value 0 is today.
	DaysSince struct {
		Name  string     `json:"name"`
		Is    Comparison `json:"is"`
		Value int        `json:"value"`
	}
	// Anniversary is met when the next return of a day property, a birthday or a
	// first order, is at most Within days ahead; 0 is today. 29 February returns on
	// the 28th where the year has no 29th.
	Anniversary struct {
		Name   string `json:"name"`
		Within int    `json:"within"`
	}

	// HasInterest is met by customers with one of the interests.
	HasInterest []string
	// OnNetwork is met by customers who follow the brand on one of the networks.
	OnNetwork []sosyal.Network
	// InGroup is met by customers of one of the groups, such as those of package
	// value.
	InGroup []string
	// InSegment is met by the members of another segment of [Env]. Segments must
	// not contain themselves, also not by way of others.
	InSegment sosyal.SegmentID

	// Count compares how often a customer did something. Adjustments do not count.
	Count struct {
		Events
		Is    Comparison `json:"is"`
		Value int        `json:"value"`
	}
	// Sum compares the amounts of events together, adjustments included. A
	// customer without such an event has a sum of zero. The currency is that of
	// the schema.
	Sum struct {
		Events
		Is    Comparison   `json:"is"`
		Value sosyal.Money `json:"value"`
	}
	// Last compares how many days ago a customer did something for the last time;
	// 0 is today. It is not met by customers who never did. Adjustments do not
	// count.
	Last struct {
		Events
		Is    Comparison `json:"is"`
		Value int        `json:"value"`
	}
	// First is [Last] for the first time.
	First struct {
		Events
		Is    Comparison `json:"is"`
		Value int        `json:"value"`
	}
	// Funnel is met by customers who did the first thing and then, later by the
	// second and at most Hours after it, the other: "looked at it and bought within
	// 48 hours". With Without it is met where the other did not follow once at
	// least and the time for it ran out before today: "left a basket and did not
	// buy within 24 hours". The window is that of the first.
	Funnel struct {
		First   Events `json:"first"`
		Then    Step   `json:"then"`
		Hours   int    `json:"hours"`
		Without bool   `json:"without,omitzero"`
	}

	// Predicted compares a prediction.
	Predicted struct {
		Name  Prediction `json:"name"`
		Is    Comparison `json:"is"`
		Value float64    `json:"value"`
	}
	// Consented is met by customers who may be addressed for the purpose over the
	// channel at the moment, as [Granted] says or, with Sources, [GrantedBy]. In
	// Turkey commercial messages need ["shop", "iys"].
	Consented struct {
		Purpose Purpose  `json:"purpose"`
		Channel Channel  `json:"channel,omitzero"`
		Sources []string `json:"sources,omitempty"`
	}
	// Bucket deals everybody into Of buckets by a hash of the id and is met by
	// those in the buckets from From up to but without To: {Of: 100, From: 0, To:
	// 10} draws a tenth. The same Salt deals the same way, another anew, so that
	// the groups of two experiments are independent of each other.
	Bucket struct {
		Salt string `json:"salt,omitzero"`
		Of   int    `json:"of"`
		From int    `json:"from"`
		To   int    `json:"to"`
	}
)

// Step names events: their name and what has to hold of them.
type Step struct {
	// Of is the name of the event in the schema.
	Of string `json:"of"`
	// Where are conditions on the event; all must be met. They know the number
	// amount, the list categories and the properties of the event's type.
	Where []Filter `json:"where,omitempty"`
}

// Events names events and the time in which they lie. Without Days, From and
// Until it is the whole history up to the end of today.
type Events struct {
	Step
	// Days 90 means from 90 days before today on.
	Days int `json:"days,omitzero"`
	// From is the first day, Until the first day that does not count any more. A
	// rule has either these or Days.
	From  date.Date `json:"from,omitzero"`
	Until date.Date `json:"until,omitzero"`
}

// Filter compares a property.
type Filter struct {
	Name string     `json:"name"`
	Is   Comparison `json:"is"`
	// Value is what is compared with; of [OneOf] a list, of [Missing] nothing.
	// Days are written 2026-11-03.
	Value Value `json:"value,omitzero"`
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
	// OneOf: a text that equals one of the texts, or a list that has one of them.
	OneOf Comparison = "one_of"
	// Contains: a text that has the text as a part, or a list that has it.
	Contains   Comparison = "contains"
	StartsWith Comparison = "starts_with"
	EndsWith   Comparison = "ends_with"
	// Missing: the property is not known. An empty list is not known.
	Missing Comparison = "missing"
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

// Attributes returns what the rule looks at, sorted and without repeats: the
// names of properties, "event." with name and property of events, and the kinds
// interest, network, group, segment, prediction and consent with a dot and the
// name. What is sensitive among them must not choose whom an ad is shown to.
func (r Rule) Attributes() []string {
	var names []string
	r.each(func(c Condition) {
		switch c := c.(type) {
		case Property:
			names = append(names, c.Name)
		case DaysSince:
			names = append(names, c.Name)
		case Anniversary:
			names = append(names, c.Name)
		case HasInterest:
			names = append(names, prefixed("interest.", c)...)
		case OnNetwork:
			names = append(names, prefixed("network.", c)...)
		case InGroup:
			names = append(names, prefixed("group.", c)...)
		case InSegment:
			names = append(names, "segment."+string(c))
		case Count:
			names = append(names, c.attributes()...)
		case Sum:
			names = append(names, c.attributes()...)
		case Last:
			names = append(names, c.attributes()...)
		case First:
			names = append(names, c.attributes()...)
		case Funnel:
			names = append(append(names, c.First.attributes()...), c.Then.attributes()...)
		case Predicted:
			names = append(names, "prediction."+string(c.Name))
		case Consented:
			names = append(names, "consent."+string(c.Purpose))
		}
	})
	slices.Sort(names)
	return slices.Compact(names)
}

func (s Step) attributes() []string {
	names := []string{"event." + s.Of}
	for _, f := range s.Where {
		names = append(names, "event."+s.Of+"."+f.Name)
	}
	return names
}

func prefixed[T ~string](prefix string, names []T) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = prefix + string(n)
	}
	return out
}

// each calls visit for every condition of the rule, a parent before its parts.
func (r Rule) each(visit func(Condition)) {
	if r.Condition != nil {
		eachCondition(r.Condition, visit)
	}
}

func eachCondition(c Condition, visit func(Condition)) {
	visit(c)
	switch c := c.(type) {
	case All:
		for _, part := range c {
			eachCondition(part, visit)
		}
	case Any:
		for _, part := range c {
			eachCondition(part, visit)
		}
	case Not:
		eachCondition(c.Condition, visit)
	}
}
