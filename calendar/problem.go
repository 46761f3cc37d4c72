package calendar

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/yukselenler/sosyal"
)

// Value is the expected value of publishing content with these features at an
// instant, in whatever the host wants most of (interactions, clicks, money),
// from 0 to 1e100.
type Value func(f sosyal.Features, at time.Time) float64

// Problem is what a [Planner] solves: put items into slots.
//
// Every variant of an item takes one slot of its destination; an item without
// variants takes one slot anywhere. A slot takes one variant. Variants that are
// scheduled, being published or published, and locked ones, stay where they are
// and count against the rules; cancelled ones do not exist, held ones are left
// out.
type Problem struct {
	Items []Item
	Slots []Slot
	// Value is what a placement is worth. Nil values every slot alike.
	Value Value
	// Score, where it is set, is the value of an item in a slot as it stands, and
	// Value is not asked. It may be negative, down to -1e100; negative infinity
	// closes the slot to the item.
	Score  func(Item, Slot) float64
	Rules  Rules
	Prices Prices
}

// Rules are what no plan breaks. They hold for each destination by itself; a
// number of 0 means no limit. Days, and weeks from Monday, are those of the
// slots' zones.
type Rules struct {
	// Spacing is the number of consecutive slots of a destination, taken or not,
	// among which a category may stand at most once.
	Spacing int `json:"spacing,omitzero"`
	// CategoryGap is the shortest time between two posts of one category, and
	// MinGap between any two; in nanoseconds in JSON.
	CategoryGap time.Duration `json:"category_gap,omitzero"`
	MinGap      time.Duration `json:"min_gap,omitzero"`
	// PerDay and PerWeek are the most posts, CategoryPerDay the most posts of one
	// category a day.
	PerDay         int `json:"per_day,omitzero"`
	PerWeek        int `json:"per_week,omitzero"`
	CategoryPerDay int `json:"category_per_day,omitzero"`
	// Cadences give destinations a PerDay, PerWeek and MinGap of their own, where
	// these are not 0. What else they hold is for making slots.
	Cadences []Cadence `json:"cadences,omitempty"`
	// Blackouts are days without posts.
	Blackouts []Blackout `json:"blackouts,omitempty"`
}

// Blackout closes days, for everything or for some networks and categories.
type Blackout struct {
	Period     sosyal.Period       `json:"period"`
	Networks   []sosyal.Network    `json:"networks,omitempty"`
	Categories []sosyal.CategoryID `json:"categories,omitempty"`
	Reason     sosyal.Reason       `json:"reason,omitzero"`
}

// Prices turn wishes into value.
type Prices struct {
	// Left is what leaving one variant out costs, on top of the value that it
	// would have had.
	Left float64 `json:"left,omitzero"`
}

// Schedule is the answer to a [Problem].
type Schedule struct {
	// Assignments are ordered by instant, then by item and destination.
	Assignments []Assignment `json:"assignments"`
	// Value is the sum of the assignments' values less the price of what is left
	// out. No plan that keeps the rules has more than Bound.
	Value float64 `json:"value"`
	Bound float64 `json:"bound"`
	// Left is what found no place, ordered by item and destination.
	Left []Left `json:"left,omitempty"`
	// Reasons are about the schedule as a whole.
	Reasons []sosyal.Reason `json:"reasons,omitempty"`
}

// Gap is how far the value may be from the best, as a share of the bound: 0 means
// that no plan is better.
func (s Schedule) Gap() float64 {
	if s.Bound-s.Value <= 0 {
		return 0
	}
	return (s.Bound - s.Value) / math.Max(math.Abs(s.Bound), math.SmallestNonzeroFloat64)
}

// Assignment is a variant in a slot.
type Assignment struct {
	Item ItemID `json:"item"`
	Slot Slot   `json:"slot"`
	// Destination is that of the slot.
	Destination sosyal.Destination `json:"destination"`
	Value       float64            `json:"value"`
	Reasons     []sosyal.Reason    `json:"reasons,omitempty"`
}

// Left is a variant without a slot; its destination is empty where the item has
// no variants.
type Left struct {
	Item        ItemID             `json:"item"`
	Destination sosyal.Destination `json:"destination,omitzero"`
	Reasons     []sosyal.Reason    `json:"reasons"`
}

// Validate reports negative limits and blackouts without days.
func (r Rules) Validate() error {
	var p sosyal.Problems
	for _, f := range []struct {
		field string
		value int64
	}{
		{"spacing", int64(r.Spacing)},
		{"category_gap", int64(r.CategoryGap)},
		{"min_gap", int64(r.MinGap)},
		{"per_day", int64(r.PerDay)},
		{"per_week", int64(r.PerWeek)},
		{"category_per_day", int64(r.CategoryPerDay)},
	} {
		p.Require(f.value >= 0, f.field, "must not be negative", fmt.Sprint(f.value))
	}
	for i, c := range r.Cadences {
		p.Nest(fmt.Sprintf("cadences[%d]", i), c.Validate())
	}
	for i, b := range r.Blackouts {
		p.Nest(fmt.Sprintf("blackouts[%d].period", i), b.Period.Validate())
	}
	return p.Err()
}

// Validate reports items and slots that repeat or cannot be planned with, and
// broken rules and prices.
func (pr Problem) Validate() error {
	var p sosyal.Problems
	items := make(map[ItemID]bool, len(pr.Items))
	for i, it := range pr.Items {
		at := fmt.Sprintf("items[%d]", i)
		p.Require(it.ID != "", at+".id", "is required", "")
		p.Require(!items[it.ID], at+".id", "must not repeat", string(it.ID))
		items[it.ID] = true
		if it.Window != (sosyal.Period{}) {
			p.Nest(at+".window", it.Window.Validate())
		}
		seen := make(map[sosyal.Destination]bool, len(it.Variants))
		for j, v := range it.Variants {
			p.Require(!seen[v.Destination], fmt.Sprintf("%s.variants[%d].destination", at, j), "must not repeat", v.Destination.String())
			seen[v.Destination] = true
		}
	}
	type place struct {
		destination sosyal.Destination
		at          int64
		id          string
	}
	slots := make(map[place]bool, len(pr.Slots))
	for i, s := range pr.Slots {
		at := fmt.Sprintf("slots[%d]", i)
		p.Nest(at, s.Validate())
		id := place{s.Destination, s.At.UnixNano(), s.ID}
		p.Require(!slots[id], at, "must not repeat: give slots of one instant ids", s.Destination.String())
		slots[id] = true
	}
	p.Nest("rules", pr.Rules.Validate())
	left := pr.Prices.Left
	p.Require(left >= 0 && left <= mostValue, "prices.left", "must be from 0 to 1e100", fmt.Sprint(left))
	return p.Err()
}

// mostValue bounds values and prices, so that no sum of them overflows.
const mostValue = 1e100

// pace is what holds for one destination.
func (r Rules) pace(d sosyal.Destination) Rules {
	for _, c := range r.Cadences {
		if c.Destination != d {
			continue
		}
		if c.PerDay > 0 {
			r.PerDay = c.PerDay
		}
		if c.PerWeek > 0 {
			r.PerWeek = c.PerWeek
		}
		if c.MinGap > 0 {
			r.MinGap = c.MinGap
		}
	}
	return r
}

// closed returns the blackout that keeps a category off a slot, and false where
// none does.
func (r Rules) closed(n sosyal.Network, c sosyal.CategoryID, local sosyal.LocalTime) (Blackout, bool) {
	for _, b := range r.Blackouts {
		if b.Period.Contains(local.Date) &&
			(len(b.Networks) == 0 || slices.Contains(b.Networks, n)) &&
			(len(b.Categories) == 0 || slices.Contains(b.Categories, c)) {
			return b, true
		}
	}
	return Blackout{}, false
}
