package audiencetest

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// effort bounds how often an evaluator is asked while a difference is made
// small, and so how often worlds are loaded.
const effort = 300

// shrinker makes a difference small: first the rule, then the world.
type shrinker struct {
	found  *DifferenceError
	effort int
	ask    func(World, audience.Rule) error
}

func shrink(ctx context.Context, found *DifferenceError, evaluate Evaluator, load Load) error {
	s := shrinker{found: found, effort: effort}
	s.ask = func(w World, r audience.Rule) error { return w.compare(ctx, r, evaluate) }
	s.rule()
	s.effort = effort
	s.ask = func(w World, r audience.Rule) error {
		evaluate, err := load(ctx, w)
		if err != nil {
			return err
		}
		return w.compare(ctx, r, evaluate)
	}
	s.world()
	s.rule()
	return s.found
}

// differs reports whether a smaller world and rule still differ in the same way,
// and keeps them if so.
func (s *shrinker) differs(w World, r audience.Rule) bool {
	if s.effort <= 0 {
		return false
	}
	s.effort--
	d, ok := errors.AsType[*DifferenceError](s.ask(w, r))
	if !ok || (d.Err == nil) != (s.found.Err == nil) {
		return false
	}
	s.found = d
	return true
}

// rule tries simpler rules for as long as one of them still differs.
func (s *shrinker) rule() {
	for again := true; again; {
		again = slices.ContainsFunc(s.found.World.simpler(s.found.Rule.Condition), func(c audience.Condition) bool {
			return s.differs(s.found.World, audience.Rule{Condition: c})
		})
	}
}

// world takes customers away, and then what is known of those who are left.
func (s *shrinker) world() {
	if i := s.place(); i >= 0 { // most differences are about one customer alone
		w := s.found.World.with(s.found.Brand, s.found.World.customers(s.found.Brand)[i:i+1])
		s.differs(w.with(w.others(s.found.Brand), nil), s.found.Rule)
	}
	for _, brand := range []sosyal.BrandID{s.found.World.OtherBrand, s.found.World.Env.Brand} {
		for size := len(s.found.World.customers(brand)); size > 0; size /= 2 {
			for i := 0; i < len(s.found.World.customers(brand)); {
				all := s.found.World.customers(brand)
				fewer := slices.Concat(all[:i], all[min(i+size, len(all)):])
				if !s.differs(s.found.World.with(brand, fewer), s.found.Rule) {
					i += size
				}
			}
		}
	}
	for again := s.place() >= 0; again; {
		i, all := s.place(), s.found.World.customers(s.found.Brand)
		again = i >= 0 && slices.ContainsFunc(poorer(all[i]), func(c audience.Customer) bool {
			changed := slices.Clone(all)
			changed[i] = c
			return s.differs(s.found.World.with(s.found.Brand, changed), s.found.Rule)
		})
	}
}

// place is where the customer stands about whom the answers differ.
func (s *shrinker) place() int {
	return slices.IndexFunc(s.found.World.customers(s.found.Brand), func(c audience.Customer) bool { return c.ID == s.found.Customer.ID })
}

// simpler returns conditions that say less, the simplest first.
func (w World) simpler(c audience.Condition) []audience.Condition {
	var out []audience.Condition
	switch c := c.(type) {
	case audience.All:
		out = slices.Concat(out, c, w.simplerLists(c, func(parts []audience.Condition) audience.Condition { return audience.All(parts) }))
	case audience.Any:
		out = slices.Concat(out, c, w.simplerLists(c, func(parts []audience.Condition) audience.Condition { return audience.Any(parts) }))
	case audience.Not:
		out = append(out, c.Condition)
		for _, inner := range w.simpler(c.Condition) {
			out = append(out, audience.Not{Condition: inner})
		}
	case audience.InSegment:
		if d := w.Env.Segments[sosyal.SegmentID(c)]; d.Rule != nil {
			out = append(out, d.Rule.Condition)
		}
	case audience.Count:
		for _, e := range simplerEvents(c.Events) {
			out = append(out, audience.Count{Events: e, Is: c.Is, Value: c.Value})
		}
	case audience.Sum:
		for _, e := range simplerEvents(c.Events) {
			out = append(out, audience.Sum{Events: e, Is: c.Is, Value: c.Value})
		}
	case audience.Last:
		for _, e := range simplerEvents(c.Events) {
			out = append(out, audience.Last{Events: e, Is: c.Is, Value: c.Value})
		}
	case audience.First:
		for _, e := range simplerEvents(c.Events) {
			out = append(out, audience.First{Events: e, Is: c.Is, Value: c.Value})
		}
	case audience.Funnel:
		for _, e := range simplerEvents(c.First) {
			out = append(out, audience.Funnel{First: e, Then: c.Then, Hours: c.Hours, Without: c.Without})
		}
		for _, step := range simplerSteps(c.Then) {
			out = append(out, audience.Funnel{First: c.First, Then: step, Hours: c.Hours, Without: c.Without})
		}
	}
	return out
}

// simplerLists leaves one part out, or makes one simpler.
func (w World) simplerLists(parts []audience.Condition, list func([]audience.Condition) audience.Condition) []audience.Condition {
	var out []audience.Condition
	for i := range parts {
		out = append(out, list(slices.Delete(slices.Clone(parts), i, i+1)))
	}
	for i := range parts {
		for _, inner := range w.simpler(parts[i]) {
			changed := slices.Clone(parts)
			changed[i] = inner
			out = append(out, list(changed))
		}
	}
	return out
}

func simplerEvents(e audience.Events) []audience.Events {
	var out []audience.Events
	for _, step := range simplerSteps(e.Step) {
		out = append(out, audience.Events{Step: step, Days: e.Days, From: e.From, Until: e.Until})
	}
	if e.Days != 0 {
		out = append(out, audience.Events{Step: e.Step})
	}
	if e.From != 0 {
		out = append(out, audience.Events{Step: e.Step, Until: e.Until})
	}
	if e.Until != 0 {
		out = append(out, audience.Events{Step: e.Step, From: e.From})
	}
	return out
}

func simplerSteps(s audience.Step) []audience.Step {
	var out []audience.Step
	for i := range s.Where {
		out = append(out, audience.Step{Of: s.Of, Where: slices.Delete(slices.Clone(s.Where), i, i+1)})
	}
	return out
}

// poorer returns customers of whom less is known, those of whom least is first.
func poorer(c audience.Customer) []audience.Customer {
	var out []audience.Customer
	try := func(worth bool, change func(*audience.Customer)) {
		if worth {
			less := c
			change(&less)
			out = append(out, less)
		}
	}
	try(len(c.Events) > 0, func(c *audience.Customer) { c.Events = nil })
	try(len(c.Consents) > 0, func(c *audience.Customer) { c.Consents = nil })
	try(len(c.Properties) > 0, func(c *audience.Customer) { c.Properties = nil })
	try(c.Profile != audience.Profile{}, func(c *audience.Customer) { c.Profile = audience.Profile{} })
	try(len(c.Interests) > 0, func(c *audience.Customer) { c.Interests = nil })
	try(len(c.Networks) > 0, func(c *audience.Customer) { c.Networks = nil })
	try(len(c.Lists) > 0, func(c *audience.Customer) { c.Lists = nil })
	try(len(c.Predictions) > 0, func(c *audience.Customer) { c.Predictions = nil })
	try(c.Group != "", func(c *audience.Customer) { c.Group = "" })
	try(c.Profile.City != "", func(c *audience.Customer) { c.Profile.City = "" })
	try(c.Profile.Region != "", func(c *audience.Customer) { c.Profile.Region = "" })
	try(c.Profile.Country != "", func(c *audience.Customer) { c.Profile.Country = "" })
	try(c.Profile.Language != "", func(c *audience.Customer) { c.Profile.Language = "" })
	try(c.Profile.Gender != "", func(c *audience.Customer) { c.Profile.Gender = "" })
	try(c.Profile.Birthday != 0, func(c *audience.Customer) { c.Profile.Birthday = 0 })
	try(c.Profile.Since != 0, func(c *audience.Customer) { c.Profile.Since = 0 })
	for i := range c.Events {
		try(true, func(c *audience.Customer) { c.Events = slices.Delete(slices.Clone(c.Events), i, i+1) })
		e := c.Events[i]
		try(len(e.Properties) > 0 || len(e.Categories) > 0, func(c *audience.Customer) {
			c.Events = slices.Clone(c.Events)
			c.Events[i].Properties, c.Events[i].Categories = nil, nil
		})
	}
	for i := range c.Consents {
		try(true, func(c *audience.Customer) { c.Consents = slices.Delete(slices.Clone(c.Consents), i, i+1) })
	}
	for _, name := range slices.Sorted(maps.Keys(c.Properties)) {
		try(len(c.Properties) > 1, func(c *audience.Customer) {
			c.Properties = maps.Clone(c.Properties)
			delete(c.Properties, name)
		})
	}
	return out
}
