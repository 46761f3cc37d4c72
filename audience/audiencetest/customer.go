package audiencetest

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// personID is an id that nobody else of the brand has. Ids that differ only in
// case, in a space at an end or in how an accent is written belong to different
// people.
func personID(i int) sosyal.PersonID {
	patterns := []string{
		"c%d", "C%d", "c%d ", " c%d", "caf\u00e9%d", "cafe\u0301%d", "it's %d", `"%d"`, `%d\`, "100%% %d", "_%d", "%d'; DROP TABLE customers; --",
		"İ%d", "i%d", "ı%d", "😀%d", "%d\n", "0%d", "%d",
	}
	return sosyal.PersonID(fmt.Sprintf(patterns[i%len(patterns)], i/len(patterns)))
}

// customerMaker invents one customer.
type customerMaker struct {
	*rand.Rand
	env   audience.Env
	today date.Date
}

func newCustomer(r *rand.Rand, env audience.Env, id sosyal.PersonID) audience.Customer {
	m := customerMaker{r, env, sosyal.DateOf(env.Now, env.Zone)}
	c := audience.Customer{ID: id}
	if odds(r, 25) {
		return c // nothing is known of him
	}
	c.Profile = m.profile()
	c.Properties = m.properties(env.Schema.Properties)
	c.Interests = some(r, 4, interests())
	c.Networks = some(r, 3, networks())
	c.Lists = some(r, 3, append(listIDs(), "segment 0", "loyal", "nowhere"))
	if !odds(r, 3) {
		c.Group = pick(r, groups())
	}
	for range r.IntN(4) {
		if c.Predictions == nil {
			c.Predictions = map[audience.Prediction]float64{}
		}
		c.Predictions[pick(r, predictions())] = pick(r, scores())
	}
	c.Events = m.events()
	for range r.IntN(6) {
		c.Consents = append(c.Consents, m.consent())
	}
	return c
}

func (m customerMaker) profile() audience.Profile {
	text := func(name string) string {
		if odds(m.Rand, 3) {
			return ""
		}
		return pick(m.Rand, texts(name))
	}
	p := audience.Profile{
		City: text("city"), Region: text("region"), Country: text("country"), Language: text("language"), Gender: text("gender"),
	}
	if !odds(m.Rand, 3) {
		p.Birthday = pick(m.Rand, birthdays(m.today))
	}
	if !odds(m.Rand, 3) {
		p.Since = m.day()
	}
	return p
}

// day is near a distance that rules ask about, sometimes still to come.
func (m customerMaker) day() date.Date {
	d := m.today - date.Date(pick(m.Rand, daysAgo()))
	if odds(m.Rand, 8) {
		d = m.today + date.Date(pick(m.Rand, daysAgo()))
	}
	return d
}

// properties gives some of the properties values. A value that is not there, no
// value and an empty list are all missing; an empty text is not.
func (m customerMaker) properties(types map[string]audience.PropertyType) map[string]audience.Value {
	out := map[string]audience.Value{}
	for _, name := range names(types) {
		switch {
		case odds(m.Rand, 4):
		case odds(m.Rand, 12):
			out[name] = audience.Value{}
		default:
			out[name] = m.value(name, types[name])
		}
	}
	return out
}

func (m customerMaker) value(name string, kind audience.PropertyType) audience.Value {
	switch kind {
	case audience.NumberProperty:
		return audience.NumberValue(m.number())
	case audience.FlagProperty:
		return audience.FlagValue(odds(m.Rand, 2))
	case audience.DayProperty:
		if odds(m.Rand, 3) {
			return audience.TextValue(pick(m.Rand, birthdays(m.today)).String())
		}
		return audience.TextValue(m.day().String())
	case audience.ListProperty:
		return audience.ListValue(some(m.Rand, 4, listTexts())...)
	case audience.TextProperty:
	}
	return audience.TextValue(pick(m.Rand, texts(name)))
}

// number is a number of the pool, sometimes with another exponent.
func (m customerMaker) number() decimal.Decimal {
	n := pick(m.Rand, numbers())
	if odds(m.Rand, 10) {
		return decimal.New(m.Int64N(3), 2) // 0, 100 and 200 with an exponent above zero
	}
	return n
}

// events are in no order; some share an instant, some follow another after just
// the time that a funnel gives.
func (m customerMaker) events() []audience.Event {
	if odds(m.Rand, 5) {
		return nil
	}
	var out []audience.Event
	for range m.IntN(9) {
		at := midnight(m.day(), m.env.Zone).Add(m.offset())
		if len(out) > 0 && odds(m.Rand, 2) {
			at = out[m.IntN(len(out))].At.Add(m.step())
		}
		if odds(m.Rand, 3) {
			at = at.In(m.env.Zone)
		}
		out = append(out, m.event(at))
	}
	m.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// offset is the distance from a midnight.
func (m customerMaker) offset() time.Duration {
	if odds(m.Rand, 4) {
		return pick(m.Rand, []time.Duration{-time.Second, -time.Second / 2, -1, -30 * time.Minute})
	}
	return clock(m.Rand)
}

// step is the distance from one event to the next.
func (m customerMaker) step() time.Duration {
	return time.Duration(pick(m.Rand, hours()))*time.Hour + pick(m.Rand, []time.Duration{
		0, -time.Second, time.Second, time.Second / 2, -time.Second / 2, -time.Duration(pick(m.Rand, hours())) * time.Hour, time.Second - 1,
	})
}

func (m customerMaker) event(at time.Time) audience.Event {
	e := audience.Event{Name: m.eventName(), At: at, Adjustment: odds(m.Rand, 6)}
	kind := m.env.Schema.Events[e.Name]
	if kind.Currency != "" && !odds(m.Rand, 6) {
		amount := m.number()
		if e.Adjustment {
			amount = amount.Abs().Neg()
		}
		e.Amount, _ = sosyal.NewMoney(amount, kind.Currency) // Schema.Validate knows the currency
	}
	if !odds(m.Rand, 3) {
		e.Categories = some(m.Rand, 3, listTexts())
	}
	e.Properties = m.properties(kind.Properties)
	return e
}

func (m customerMaker) eventName() string {
	if odds(m.Rand, 2) {
		return audience.Order
	}
	all := names(m.env.Schema.Events)
	return all[m.IntN(len(all))]
}

// consent says something at, before or after the moment of asking, often at the
// same instant as another.
func (m customerMaker) consent() audience.Consent {
	now := m.env.Now
	c := audience.Consent{
		Purpose: pick(m.Rand, purposes()), Channel: pick(m.Rand, channels()), Source: pick(m.Rand, sources()),
		Status: pick(m.Rand, []audience.ConsentStatus{audience.ConsentGranted, audience.ConsentGranted, audience.ConsentGranted, audience.ConsentDenied, audience.ConsentWithdrawn, ""}),
		At: now.Truncate(time.Second).Add(pick(m.Rand, []time.Duration{
			-24 * time.Hour, -time.Hour, -48 * time.Hour, 0, -time.Second, time.Second, -time.Second / 2, time.Second / 2, time.Hour,
		})),
		TextVersion: pick(m.Rand, []string{"1", "2026-01 'İ'"}),
	}
	if odds(m.Rand, 3) {
		expires := now.Truncate(time.Second).Add(pick(m.Rand, []time.Duration{time.Hour, 0, time.Second, -time.Second, -time.Minute, time.Second / 2, -12 * time.Hour}))
		if expires.After(c.At) {
			c.Expires = expires
		}
	}
	return c
}

func purposes() []audience.Purpose {
	return []audience.Purpose{audience.Marketing, audience.AdUserData, "host's"}
}

func channels() []audience.Channel {
	return []audience.Channel{audience.Email, audience.AnyChannel, audience.SMS, "EMAIL"}
}

func sources() []string { return []string{"shop", "iys", "Shop", "it's"} }
