package audiencetest

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// World is an invented shop and what is known of its customers.
type World struct {
	Seed uint64
	// Env is what rules are compiled for, under the brand of Customers. Only the
	// brand differs for the other one.
	Env       audience.Env
	Customers []audience.Customer
	// OtherBrand has customers of the same ids, of whom other things are known.
	OtherBrand     sosyal.BrandID
	OtherCustomers []audience.Customer
}

// NewWorld makes a world with so many customers of each brand. The same seed
// gives the same world; customers suit [audience.Schema.Check]. It fails where
// the machine does not know the time zones.
func NewWorld(seed uint64, customers int) (World, error) {
	r := source(seed, worldStream)
	env, err := newEnv(r, seed)
	if err != nil {
		return World{}, err
	}
	w := World{Seed: seed, Env: env, OtherBrand: "Brand"}
	if odds(r, 2) {
		w.OtherBrand = env.Brand + "-2"
	}
	for i := range customers {
		id := personID(i)
		w.Customers = append(w.Customers, newCustomer(r, env, id))
		w.OtherCustomers = append(w.OtherCustomers, newCustomer(r, env, id))
	}
	return w, nil
}

// Source streams the customers of both brands.
func (w World) Source() audience.Source { return worldSource{w} }

type worldSource struct{ world World }

// Customers yields the customers of the brand.
func (s worldSource) Customers(ctx context.Context, brand sosyal.BrandID) iter.Seq2[audience.Customer, error] {
	return func(yield func(audience.Customer, error) bool) {
		for _, c := range s.world.customers(brand) {
			if err := ctx.Err(); err != nil {
				yield(audience.Customer{}, err)
				return
			}
			if !yield(c, nil) {
				return
			}
		}
	}
}

// customers returns those of one of the brands.
func (w World) customers(brand sosyal.BrandID) []audience.Customer {
	switch brand {
	case w.Env.Brand:
		return w.Customers
	case w.OtherBrand:
		return w.OtherCustomers
	default:
		return nil
	}
}

// with returns the world with other customers of one of the brands.
func (w World) with(brand sosyal.BrandID, customers []audience.Customer) World {
	if brand == w.OtherBrand {
		w.OtherCustomers = customers
	} else {
		w.Customers = customers
	}
	return w
}

// others is the brand that is not the given one.
func (w World) others(brand sosyal.BrandID) sosyal.BrandID {
	if brand == w.OtherBrand {
		return w.Env.Brand
	}
	return w.OtherBrand
}

// moments are zones of shops and days on which they are asked, one after the
// other by seed.
func moments() []struct{ zone, day string } {
	return []struct{ zone, day string }{
		{"Europe/Istanbul", "2026-11-03"},
		{"UTC", "2028-02-29"},
		{"America/New_York", "2026-03-08"},  // a day of 23 hours
		{"Asia/Kathmandu", "2026-12-31"},    // a quarter of an hour off
		{"America/Sao_Paulo", "2018-11-04"}, // the day begins at 01:00
		{"UTC", "2027-02-28"},
		{"Europe/Istanbul", "2016-03-28"},     // the day before had 23 hours
		{"America/New_York", "2026-11-02"},    // the day before had 25 hours
		{"America/Havana", "2026-11-01"},      // midnight comes twice
		{"Pacific/Apia", "2012-01-01"},        // there was no 30th of December
		{"Europe/Istanbul", "2015-11-08"},     // a day of 25 hours
		{"America/Sao_Paulo", "2018-02-18"},   // the day before had 25 hours
		{"Africa/Cairo", "2024-04-27"},        // the day before began at 01:00
		{"Australia/Lord_Howe", "2026-04-06"}, // the day before had 24 and a half hours
	}
}

func newEnv(r *rand.Rand, seed uint64) (audience.Env, error) {
	m := moments()[seed%uint64(len(moments()))]
	zone, err := sosyal.LoadZone(m.zone)
	if err != nil {
		return audience.Env{}, err
	}
	day, err := sosyal.ParseDate(m.day)
	if err != nil {
		return audience.Env{}, err
	}
	env := audience.Env{
		Brand: pick(r, []sosyal.BrandID{"brand", "Marka'nın \"İ\" %_\\ 😀"}),
		Now:   midnight(day, zone).Add(clock(r)), Zone: zone,
		Schema:   newSchema(r),
		Segments: map[sosyal.SegmentID]audience.Definition{},
	}
	addSegments(r, &env)
	return env, nil
}

// midnight is the instant at which a day begins.
func midnight(day date.Date, zone *time.Location) time.Time { return sosyal.WallTime(0).On(day, zone) }

// clock draws a time of day, mostly at the borders of a day.
func clock(r *rand.Rand) time.Duration {
	return pick(r, []time.Duration{
		12 * time.Hour, 0, time.Second, 86_399 * time.Second, time.Second / 2, 86_399*time.Second + 999_999_999,
		30 * time.Minute, 3 * time.Hour, 22 * time.Hour,
	})
}

func newSchema(r *rand.Rand) audience.Schema {
	return audience.Schema{
		Properties: map[string]audience.PropertyType{
			"tier": audience.TextProperty, "Tier": audience.TextProperty, "say \"it's\"": audience.TextProperty,
			"points": audience.NumberProperty, "amount": audience.NumberProperty,
			"member": audience.FlagProperty, "renewal.day": audience.DayProperty,
			"sizes": audience.ListProperty, "'; DROP TABLE customers; --": audience.ListProperty,
		},
		Events: map[string]audience.EventType{
			audience.Order: {
				Currency: pick(r, []string{"TRY", "EUR", "JPY", "KWD"}),
				Properties: map[string]audience.PropertyType{
					"coupon": audience.TextProperty, "products": audience.ListProperty, "gift": audience.FlagProperty,
					"items": audience.NumberProperty, "delivery": audience.DayProperty, "city": audience.TextProperty,
				},
			},
			"view":           {Properties: map[string]audience.PropertyType{"page": audience.TextProperty}},
			"left it's cart": {Currency: "USD"},
		},
	}
}

// addSegments adds segments of every kind; rule segments name those before them.
func addSegments(r *rand.Rand, env *audience.Env) {
	add := func(d audience.Definition) { env.Segments[d.ID] = d }
	for _, id := range listIDs() {
		add(audience.Definition{ID: id, Name: string(id), Kind: audience.ListSegment})
	}
	add(audience.Definition{ID: "loyal", Name: "rfm.loyal", Kind: audience.RFMSegment})
	rules := []audience.Condition{
		audience.Count{Events: audience.Events{Step: audience.Step{Of: audience.Order}}, Is: audience.AtLeast, Value: 2},
		audience.Not{Condition: audience.Any{audience.InSegment("segment 0"), audience.InSegment("press")}},
		audience.All{audience.Not{Condition: audience.InSegment("segment 1")}, audience.Not{Condition: audience.InSegment("loyal")}},
	}
	for i := range 5 {
		var c audience.Condition
		if i < len(rules) {
			c = rules[i]
		} else {
			c = ruleMaker{r, *env}.condition(2)
		}
		id := sosyal.SegmentID(fmt.Sprint("segment ", i))
		add(audience.Definition{ID: id, Name: string(id), Kind: audience.RuleSegment, Rule: &audience.Rule{Condition: c}})
	}
}

// names returns the keys of a map in order, so that drawing among them repeats.
func names[K ~string, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
