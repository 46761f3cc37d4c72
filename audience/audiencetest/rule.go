package audiencetest

import (
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// Rule draws a rule that compiles in the world: conditions of every kind, nested
// up to four deep. Most rules pick more than a twentieth and fewer than nineteen
// twentieths of the customers.
func (w World) Rule(r *rand.Rand) audience.Rule {
	m := ruleMaker{r, w.Env}
	rule := audience.Rule{Condition: m.condition(3)}
	for range 5 {
		if odds(r, 12) || w.splits(rule) {
			break
		}
		rule = audience.Rule{Condition: m.condition(3)}
	}
	return rule
}

// splits reports whether a rule picks some but not nearly all of the first
// customers.
func (w World) splits(rule audience.Rule) bool {
	program, err := rule.Compile(w.Env)
	if err != nil {
		return true // let it be found
	}
	sample := w.Customers[:min(len(w.Customers), 60)]
	picked := 0
	for _, c := range sample {
		ok, err := program.Matches(c)
		if err != nil {
			return true
		}
		picked += count(ok)
	}
	return picked*20 >= len(sample) && picked*20 <= 19*len(sample)
}

// ruleMaker draws conditions that suit an environment.
type ruleMaker struct {
	*rand.Rand
	env audience.Env
}

// condition draws a condition with at most depth levels below it.
func (m ruleMaker) condition(depth int) audience.Condition {
	if depth == 0 || odds(m.Rand, 3) {
		return m.leaf()
	}
	switch m.IntN(3) {
	case 0:
		return audience.Not{Condition: m.condition(depth - 1)}
	case 1:
		return audience.All(m.conditions(depth - 1))
	default:
		return audience.Any(m.conditions(depth - 1))
	}
}

// conditions draws a list, now and then an empty one.
func (m ruleMaker) conditions(depth int) []audience.Condition {
	n := 1 + m.IntN(3)
	if odds(m.Rand, 20) {
		n = 0
	}
	out := make([]audience.Condition, n)
	for i := range out {
		out[i] = m.condition(depth)
	}
	return out
}

func (m ruleMaker) leaf() audience.Condition {
	switch m.IntN(21) {
	case 0, 1, 2, 3, 4:
		return audience.Property{Filter: m.filter(customerTypes(m.env.Schema))}
	case 5:
		return audience.DaysSince{Name: m.dayName(), Is: m.size(), Value: m.distance()}
	case 6:
		return audience.Anniversary{Name: m.dayName(), Within: pick(m.Rand, []int{7, 30, 0, 1, 8, 90, 6, 180, 365, 366})}
	case 7:
		return audience.HasInterest(m.several(interests()))
	case 8:
		out := audience.OnNetwork{pick(m.Rand, networks())}
		return append(out, some(m.Rand, 2, networks())...)
	case 9:
		return audience.InGroup(m.several(groups()))
	case 10, 11:
		all := names(m.env.Segments)
		return audience.InSegment(all[m.IntN(len(all))])
	case 12:
		return audience.Count{Events: m.events(), Is: m.size(), Value: pick(m.Rand, []int{1, 2, 0, 3, 4})}
	case 13:
		return m.sum()
	case 14:
		return audience.Last{Events: m.events(), Is: m.size(), Value: max(0, m.distance())}
	case 15:
		return audience.First{Events: m.events(), Is: m.size(), Value: max(0, m.distance())}
	case 16, 17:
		return audience.Funnel{First: m.events(), Then: m.step(), Hours: pick(m.Rand, hours()), Without: odds(m.Rand, 2)}
	case 18:
		return audience.Predicted{Name: pick(m.Rand, predictions()), Is: m.size(), Value: pick(m.Rand, scores())}
	case 19:
		c := audience.Consented{Purpose: pick(m.Rand, purposes()), Channel: pick(m.Rand, channels())}
		if odds(m.Rand, 2) {
			c.Sources = m.several(sources())
		}
		return c
	default:
		of := pick(m.Rand, []int{10, 2, 3, 1, 100, 1_000_000})
		from := m.IntN(of)
		return audience.Bucket{Salt: pick(m.Rand, []string{"", "summer", "it's"}), Of: of, From: from, To: from + 1 + m.IntN(of-from)}
	}
}

// customerTypes are the types of what rules can ask of customers.
func customerTypes(s audience.Schema) map[string]audience.PropertyType {
	out := maps.Clone(s.Properties)
	for _, name := range []string{"city", "region", "country", "language", "gender"} {
		out[name] = audience.TextProperty
	}
	out["birthday"], out["since"] = audience.DayProperty, audience.DayProperty
	return out
}

// eventTypes are the types of what rules can ask of events.
func eventTypes(e audience.EventType) map[string]audience.PropertyType {
	out := maps.Clone(e.Properties)
	if out == nil {
		out = map[string]audience.PropertyType{}
	}
	out["categories"] = audience.ListProperty
	if e.Currency != "" {
		out["amount"] = audience.NumberProperty
	}
	return out
}

// dayName is the name of a property that is a day.
func (m ruleMaker) dayName() string {
	days := named(customerTypes(m.env.Schema), audience.DayProperty)
	return days[m.IntN(len(days))]
}

// named are the names of a type, in order.
func named(types map[string]audience.PropertyType, kind audience.PropertyType) []string {
	return slices.DeleteFunc(names(types), func(name string) bool { return types[name] != kind })
}

// size draws a comparison of sizes; equals seldom holds and is drawn less often.
func (m ruleMaker) size() audience.Comparison {
	return []audience.Comparison{
		audience.AtLeast, audience.AtMost, audience.MoreThan, audience.LessThan, audience.AtLeast, audience.AtMost, audience.Equals,
	}[m.IntN(7)]
}

// distance is a number of days ago, sometimes still to come.
func (m ruleMaker) distance() int {
	if odds(m.Rand, 8) {
		return -pick(m.Rand, daysAgo())
	}
	return pick(m.Rand, daysAgo())
}

// day is a day near which things happen.
func (m ruleMaker) day() date.Date {
	return sosyal.DateOf(m.env.Now, m.env.Zone) - date.Date(m.distance())
}

// several draws one at least, with repeats.
func (m ruleMaker) several(pool []string) []string {
	return append([]string{pick(m.Rand, pool)}, some(m.Rand, 2, pool)...)
}

func (m ruleMaker) sum() audience.Condition {
	e := m.events()
	for m.env.Schema.Events[e.Of].Currency == "" {
		e = m.events()
	}
	value, _ := sosyal.NewMoney(pick(m.Rand, thresholds()), m.env.Schema.Events[e.Of].Currency) // Schema.Validate knows the currency
	return audience.Sum{Events: e, Is: m.size(), Value: value}
}

func (m ruleMaker) events() audience.Events {
	e := audience.Events{Step: m.step()}
	switch m.IntN(5) {
	case 0:
		e.Days = max(1, pick(m.Rand, daysAgo()))
	case 1:
		e.From = m.day()
	case 2:
		e.Until = m.day()
	case 3:
		e.From, e.Until = m.day(), m.day()
		if e.From > e.Until {
			e.From, e.Until = e.Until, e.From
		}
		if e.From == e.Until {
			e.Until++
		}
	}
	return e
}

func (m ruleMaker) step() audience.Step {
	all := names(m.env.Schema.Events)
	s := audience.Step{Of: all[m.IntN(len(all))]}
	if odds(m.Rand, 2) {
		s.Of = audience.Order
	}
	for range m.IntN(3) {
		s.Where = append(s.Where, m.filter(eventTypes(m.env.Schema.Events[s.Of])))
	}
	return s
}

// filter draws a type, a property of it and a comparison that suits it.
func (m ruleMaker) filter(types map[string]audience.PropertyType) audience.Filter {
	kinds := slices.Compact(slices.Sorted(maps.Values(types)))
	kind := kinds[m.IntN(len(kinds))]
	all := named(types, kind)
	name := all[m.IntN(len(all))]
	f := audience.Filter{Name: name}
	if odds(m.Rand, 7) {
		f.Is = audience.Missing
		return f
	}
	switch kind {
	case audience.NumberProperty:
		f.Is, f.Value = m.size(), audience.NumberValue(pick(m.Rand, thresholds()))
	case audience.FlagProperty:
		f.Is, f.Value = audience.Equals, audience.FlagValue(odds(m.Rand, 2))
	case audience.DayProperty:
		f.Is, f.Value = m.size(), audience.TextValue(m.day().String())
	case audience.ListProperty:
		f.Is, f.Value = audience.Contains, audience.TextValue(pick(m.Rand, operands(name, kind)))
		if odds(m.Rand, 2) {
			f.Is, f.Value = audience.OneOf, audience.ListValue(m.several(operands(name, kind))...)
		}
	case audience.TextProperty:
		f.Is, f.Value = m.text(operands(name, kind))
	}
	return f
}

// text draws a comparison of texts: with one of the pool or a part of it.
func (m ruleMaker) text(pool []string) (audience.Comparison, audience.Value) {
	switch m.IntN(5) {
	case 0:
		return audience.OneOf, audience.ListValue(m.several(pool)...)
	case 1:
		return audience.Contains, audience.TextValue(m.part(pool, true, true))
	case 2:
		return audience.StartsWith, audience.TextValue(m.part(pool, false, true))
	case 3:
		return audience.EndsWith, audience.TextValue(m.part(pool, true, false))
	default:
		return audience.Equals, audience.TextValue(pick(m.Rand, pool))
	}
}

// part cuts characters off the front or the back of a text; something is left.
func (m ruleMaker) part(pool []string, front, back bool) string {
	text := []rune(pick(m.Rand, pool))
	for len(text) == 0 {
		text = []rune(pick(m.Rand, pool))
	}
	if front {
		text = text[m.IntN(len(text)):]
	}
	if back {
		text = text[:1+m.IntN(len(text))]
	}
	return string(text)
}
