package audience

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
)

// match decides about a customer.
type match func(s *subject) (bool, error)

// subject is a customer who is being judged, with what is known of him already.
type subject struct {
	*Customer
	// segments holds the verdicts on the plan's nested segments.
	segments []verdict
}

type verdict uint8

const (
	open verdict = iota
	met
	notMet
)

// Matches reports whether the rule picks the customer. A value that is not of
// the schema's type and an amount in another currency are errors where the rule
// comes to look at them; [Schema.Check] finds them all. The zero Program picks
// nobody.
func (p Program) Matches(c Customer) (bool, error) {
	if p.match == nil {
		return false, nil
	}
	s := subject{Customer: &c}
	if n := len(p.plan.segments); n > 0 {
		s.segments = make([]verdict, n)
	}
	return p.match(&s)
}

func (n allNode) match(p *plan) match {
	parts := matchEach(n, p)
	return func(s *subject) (bool, error) {
		for _, m := range parts {
			if ok, err := m(s); !ok || err != nil {
				return false, err
			}
		}
		return true, nil
	}
}

func (n anyNode) match(p *plan) match {
	parts := matchEach(n, p)
	return func(s *subject) (bool, error) {
		for _, m := range parts {
			if ok, err := m(s); ok || err != nil {
				return ok && err == nil, err
			}
		}
		return false, nil
	}
}

func matchEach(nodes []node, p *plan) []match {
	parts := make([]match, len(nodes))
	for i, n := range nodes {
		parts[i] = n.match(p)
	}
	return parts
}

func (n notNode) match(p *plan) match {
	part := n.part.match(p)
	return func(s *subject) (bool, error) {
		ok, err := part(s)
		return !ok && err == nil, err
	}
}

func (n valueNode) match(*plan) match {
	return func(s *subject) (bool, error) { return n.holds(s.property(n.field)) }
}

// property returns what the customer has under a name.
func (c *Customer) property(name string) Value {
	for i, f := range profileTypes() {
		if f.name == name {
			return c.Profile.value(i)
		}
	}
	return c.Properties[name]
}

// value returns the field at a place of [profileTypes].
func (f *Profile) value(i int) Value {
	if i < 5 {
		if text := f.text(i); text != "" {
			return TextValue(text)
		}
		return Value{}
	}
	if day := f.day(i); day != 0 {
		return TextValue(day.String())
	}
	return Value{}
}

// holds applies the test to what is known. A value of another type than the
// schema's is an error.
func (n valueNode) holds(v Value) (bool, error) {
	if v.IsZero() || v.kind == listValue && len(v.list) == 0 {
		return n.test.is == Missing, nil
	}
	if v.kind != n.test.kind.valueKind() {
		return false, sosyal.FieldError{Field: n.field, Rule: "must be of the schema's type " + string(n.test.kind)}
	}
	if n.test.is == Missing {
		return false, nil
	}
	switch n.test.kind {
	case TextProperty:
		return n.test.text(v.text), nil
	case ListProperty:
		return slices.ContainsFunc(v.list, n.test.has), nil
	case FlagProperty:
		return v.flag == n.test.flag, nil
	case NumberProperty:
		units, ok := unitsIn(v.number)
		if !ok {
			return false, sosyal.FieldError{Field: n.field, Rule: "must be a number within the limits of the schema"}
		}
		return n.test.within(units), nil
	case DayProperty:
		day, err := sosyal.ParseDate(v.text)
		if err != nil {
			return false, sosyal.FieldError{Field: n.field, Rule: "must be a day like 2026-11-03"}
		}
		return n.test.day(int64(day)), nil
	}
	return false, nil
}

// text compares a text.
func (t *test) text(own string) bool {
	switch t.is {
	case OneOf, Equals:
		return t.has(own)
	case Contains:
		return strings.Contains(own, t.texts[0])
	case StartsWith:
		return strings.HasPrefix(own, t.texts[0])
	case EndsWith:
		return strings.HasSuffix(own, t.texts[0])
	default:
		return false
	}
}

// has reports whether a text is one of those that are compared with.
func (t *test) has(own string) bool { return slices.Contains(t.texts, own) }

// within compares a number in units of 10^-6.
func (t *test) within(v int64) bool { return v >= t.low && v <= t.high }

// day compares a day.
func (t *test) day(v int64) bool {
	if !t.within(v) || t.monthDays == nil {
		return t.within(v)
	}
	_, found := slices.BinarySearch(t.monthDays, monthDay(v))
	return found
}

func (n memberNode) match(*plan) match {
	return func(s *subject) (bool, error) {
		for _, name := range n.any {
			if s.onList(n.list, name) {
				return true, nil
			}
		}
		return false, nil
	}
}

func (c *Customer) onList(list memberList, name string) bool {
	switch list {
	case interestList:
		return slices.Contains(c.Interests, name)
	case networkList:
		return slices.Contains(c.Networks, sosyal.Network(name))
	case segmentList:
		return slices.Contains(c.Lists, sosyal.SegmentID(name))
	}
	return false
}

func (n groupNode) match(*plan) match {
	return func(s *subject) (bool, error) { return s.Group != "" && slices.Contains(n.any, s.Group), nil }
}

func (n predictedNode) match(*plan) match {
	return func(s *subject) (bool, error) {
		v, known := s.Predictions[n.name]
		return known && n.is.holds(cmp.Compare(v, n.value)), nil
	}
}

func (n consentNode) match(p *plan) match {
	now := p.moment()
	return func(s *subject) (bool, error) {
		if n.sources == nil {
			return Granted(s.Consents, n.purpose, n.channel, now), nil
		}
		return GrantedBy(s.Consents, n.purpose, n.channel, now, n.sources...), nil
	}
}

func (n bucketNode) match(*plan) match {
	return func(s *subject) (bool, error) { return n.holds(BucketHash(s.ID)), nil }
}

func (n segmentNode) match(p *plan) match {
	return func(s *subject) (bool, error) {
		if s.segments[n.place] == open {
			ok, err := p.segments[n.place].match(s)
			if err != nil {
				return false, err
			}
			s.segments[n.place] = notMet
			if ok {
				s.segments[n.place] = met
			}
		}
		return s.segments[n.place] == met, nil
	}
}

func (n eventNode) match(p *plan) match {
	kind, _ := p.schema.event(n.events.name)
	return func(s *subject) (bool, error) {
		t := tallyOf(n.measure)
		for i := range s.Events {
			e := &s.Events[i]
			ok, err := n.events.picks(e, kind)
			if err != nil {
				return false, err
			}
			if ok && (n.measure == sumMeasure || !e.Adjustment) {
				if err := t.add(e.At.Unix(), e, kind); err != nil {
					return false, err
				}
			}
		}
		return t.known() && t.value >= n.low && t.value <= n.high, nil
	}
}

// picks reports whether an event is one of the set.
func (s *eventSet) picks(e *Event, kind EventType) (bool, error) {
	if at := e.At.Unix(); e.Name != s.name || at < s.from || at >= s.to {
		return false, nil
	}
	for i := range s.filters {
		ok, err := s.filters[i].holds(e.property(s.filters[i].field, kind))
		if !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

// property returns what the event has under a name.
func (e *Event) property(name string, kind EventType) Value {
	switch {
	case name == categoriesField:
		return Value{kind: listValue, list: e.Categories}
	case name == amountField && kind.Currency != "":
		if e.Amount.Currency() == "" {
			return Value{}
		}
		return NumberValue(e.Amount.Amount())
	}
	return e.Properties[name]
}

// eventTally adds up what events come to.
type eventTally struct {
	measure measure
	value   int64
	any     bool
}

func tallyOf(m measure) eventTally { return eventTally{measure: m} }

func (t *eventTally) add(at int64, e *Event, kind EventType) error {
	switch t.measure {
	case countMeasure:
		t.value++
	case sumMeasure:
		if e.Amount.Currency() == "" {
			break
		}
		if e.Amount.Currency() != kind.Currency {
			return sosyal.CurrencyError{Left: kind.Currency, Right: e.Amount.Currency()}
		}
		units, ok := unitsIn(e.Amount.Amount())
		if !ok || magnitude(t.value)+magnitude(units) > outside {
			return sosyal.FieldError{Field: "amount", Rule: "must leave sums within 64 bits"}
		}
		t.value += units
	case lastMeasure:
		if !t.any || at > t.value {
			t.value = at
		}
	case firstMeasure:
		if !t.any || at < t.value {
			t.value = at
		}
	}
	t.any = true
	return nil
}

// known reports whether there is anything to compare: there is no last event
// where there was none.
func (t *eventTally) known() bool {
	return t.any || t.measure == countMeasure || t.measure == sumMeasure
}

func (n funnelNode) match(p *plan) match {
	kind, _ := p.schema.event(n.first.name)
	thenKind, _ := p.schema.event(n.then.name)
	return func(s *subject) (bool, error) {
		first, err := n.first.instants(s.Events, kind)
		if err != nil {
			return false, err
		}
		then, err := n.then.instants(s.Events, thenKind)
		if err != nil {
			return false, err
		}
		return n.holds(first, then), nil
	}
}

// instants returns when the events of the set happened, in order, adjustments
// left out.
func (s *eventSet) instants(events []Event, kind EventType) ([]int64, error) {
	var out []int64
	for i := range events {
		ok, err := s.picks(&events[i], kind)
		if err != nil {
			return nil, err
		}
		if ok && !events[i].Adjustment {
			out = append(out, events[i].At.Unix())
		}
	}
	slices.Sort(out)
	return out, nil
}

// holds decides for the instants of both steps, each in order of time.
func (n *funnelNode) holds(first, then []int64) bool {
	next := 0
	for _, at := range first {
		for next < len(then) && then[next] <= at {
			next++
		}
		followed := next < len(then) && then[next]-at <= n.seconds
		if !n.without && followed || n.without && !followed && at < n.before-n.seconds {
			return true
		}
	}
	return false
}

// monthDay is the month times 100 and the day of a day.
func monthDay(v int64) int {
	_, month, day := date.Date(v).Date()
	return int(month)*100 + day
}
