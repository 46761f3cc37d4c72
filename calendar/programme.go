package calendar

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/calendar/network"
)

// Programme is what a brand wants of a period, usually a month: which categories
// in which shares, on which channels, how often. [Programme.Plan] makes a
// calendar of it.
type Programme struct {
	Brand  sosyal.BrandID
	Period sosyal.Period
	// Country (ISO 3166 alpha-2) and Overrides decide the special days.
	Country   string
	Overrides []Override
	Language  sosyal.Language
	// Categories with their shares; those with occasions mark special days first.
	Categories []Category
	Channels   []Channel
	// Ideas are used up in order, category by category. Items beyond them are
	// named after their category.
	Ideas []Idea
	// Assignee gets every item.
	Assignee sosyal.ActorID
	// Fixed are items that already stand in the calendar and keep their times.
	Fixed  []Item
	Value  Value
	Prices Prices
	// Rules beyond what the channels' cadences say. With the zero Rules a category
	// stands at most once a day.
	Rules Rules
	// Leeway is how many days an item may lie before or after its turn. Items take
	// turns over the period, so that each category and each channel is spread over
	// all of it instead of crowding where the value is highest. 0 means 3; below 0
	// there are no turns. Where items find no place the leeway is doubled.
	Leeway int
}

// Channel is a destination with what goes there.
type Channel struct {
	// Cadence says when. Without a PerWeek the posts are spread evenly over weeks.
	Cadence Cadence `json:"cadence"`
	// Count is the number of posts in the period; 0 means what the cadence's
	// PerWeek makes of it, rounded to the nearest.
	Count int `json:"count,omitzero"`
	// Formats are taken in turn, as far as category and network take them; empty
	// means those of the category, or else the first that the network takes.
	Formats []sosyal.Format `json:"formats,omitempty"`
	// Mix divides the posts over categories; empty means the categories' shares
	// among those that go to the network.
	Mix sosyal.Mix `json:"mix,omitempty"`
}

// Plan is a calendar made of a [Programme].
type Plan struct {
	// Items with the times of their variants; a variant that found no slot has
	// none, and Schedule.Left says why.
	Items    []Item
	Slots    []Slot
	Days     []SpecialDay
	Schedule Schedule
}

// Plan makes the calendar: special days, counts by category and channel, items
// with a variant on every channel that takes them, slots by cadence, and the
// planner's schedule put back into the items. Selling categories stay off days of
// commemoration.
func (p Programme) Plan(ctx context.Context, planner Planner) (Plan, error) {
	if err := p.Validate(); err != nil {
		return Plan{}, fmt.Errorf("programme: %w", err)
	}
	var plan Plan
	var err error
	if plan.Days, err = Days(p.Period, p.Country, p.Overrides); err != nil {
		return Plan{}, fmt.Errorf("programme: %w", err)
	}
	if plan.Items, err = p.items(plan.Days); err != nil {
		return Plan{}, fmt.Errorf("programme: %w", err)
	}
	rules := p.Rules
	if rules.unset() {
		rules.CategoryPerDay = 1
	}
	rules.Blackouts = append(slices.Clone(rules.Blackouts), Respect(plan.Days, p.Categories)...)
	rules.Cadences = slices.Clone(rules.Cadences)
	for _, ch := range p.Channels {
		slots, err := ch.Cadence.Slots(p.Period)
		if err != nil {
			return Plan{}, fmt.Errorf("programme: %w", err)
		}
		plan.Slots = append(plan.Slots, slots...)
		rules.Cadences = append(rules.Cadences, ch.spread(p.Period))
	}
	items := plan.Items
	for leeway := p.leeway(); ; leeway *= 2 {
		turned := p.takeTurns(items, leeway)
		schedule, err := planner.Plan(ctx, Problem{
			Items: append(slices.Clone(p.Fixed), turned...), Slots: plan.Slots, Value: p.Value, Rules: rules, Prices: p.Prices,
		})
		if err != nil {
			return Plan{}, fmt.Errorf("programme: %w", err)
		}
		if leeway == p.leeway() || len(schedule.Left) < len(plan.Schedule.Left) {
			plan.Items, plan.Schedule = turned, schedule
		}
		// A post that finds no place around its turn is worth more than the turn.
		if len(schedule.Left) == 0 || leeway < 0 || leeway >= p.Period.Days() {
			break
		}
	}
	plan.Items, err = plan.Schedule.Apply(plan.Items)
	return plan, err
}

// Validate reports what keeps the programme from being planned.
func (p Programme) Validate() error {
	var problems sosyal.Problems
	problems.Require(p.Brand != "", "brand", "is required", "")
	problems.Nest("period", p.Period.Validate())
	problems.Require(len(p.Categories) > 0, "categories", "must hold a category", "")
	problems.Require(len(p.Channels) > 0, "channels", "must hold a channel", "")
	seen := map[sosyal.CategoryID]bool{}
	for i, c := range p.Categories {
		at := fmt.Sprintf("categories[%d]", i)
		problems.Nest(at, c.Validate())
		problems.Require(!seen[c.ID], at+".id", "must not repeat", string(c.ID))
		seen[c.ID] = true
	}
	destinations := map[sosyal.Destination]bool{}
	for i, ch := range p.Channels {
		at := fmt.Sprintf("channels[%d]", i)
		problems.Nest(at+".cadence", ch.Cadence.Validate())
		problems.Require(ch.Count >= 0, at+".count", "must not be negative", fmt.Sprint(ch.Count))
		d := ch.Cadence.Destination
		problems.Require(d.Brand == p.Brand, at+".cadence.destination.brand", "must be the programme's brand", string(d.Brand))
		problems.Require(!destinations[d], at+".cadence.destination", "must not repeat", d.String())
		destinations[d] = true
		for k, s := range ch.Mix {
			problems.Require(seen[s.Category], fmt.Sprintf("%s.mix[%d].category", at, k), "must be a category of the programme", string(s.Category))
		}
	}
	for i, idea := range p.Ideas {
		problems.Nest(fmt.Sprintf("ideas[%d]", i), idea.Validate())
	}
	return problems.Err()
}

func (r Rules) unset() bool {
	return r.Spacing == 0 && r.CategoryGap == 0 && r.MinGap == 0 && r.PerDay == 0 && r.PerWeek == 0 && r.CategoryPerDay == 0
}

// count is the number of posts of the channel in a period.
func (ch Channel) count(period sosyal.Period) int {
	if ch.Count > 0 {
		return ch.Count
	}
	return int(math.Round(float64(ch.Cadence.PerWeek) * float64(period.Days()) / 7))
}

// spread is the cadence with a limit by week: one above the average, which
// leaves room for special days.
func (ch Channel) spread(period sosyal.Period) Cadence {
	c := ch.Cadence
	if c.PerWeek == 0 {
		c.PerWeek = int(math.Ceil(float64(ch.count(period))*7/float64(period.Days()))) + 1
	}
	return c
}

// items makes the items of the period: as many of each category as the channel
// that wants most of it, each with a variant on every channel that still wants
// one.
func (p Programme) items(days []SpecialDay) ([]Item, error) {
	wanted := make([]map[sosyal.CategoryID]int, len(p.Channels))
	rules := make([]network.Rules, len(p.Channels))
	for i, ch := range p.Channels {
		var err error
		if wanted[i], err = ch.wanted(p.Categories, p.Period); err != nil {
			return nil, fmt.Errorf("channels[%d]: %w", i, err)
		}
		if rules[i], err = network.For(ch.Cadence.Destination, p.Period.From); err != nil {
			return nil, fmt.Errorf("channels[%d]: %w", i, err)
		}
	}
	var items []Item
	for place, c := range p.Categories {
		most := 0
		for _, w := range wanted {
			most = max(most, w[c.ID])
		}
		for n := range most {
			it := p.item(c, n)
			for i, ch := range p.Channels {
				if !taken(n, wanted[i][c.ID], most, place, len(p.Categories)) {
					continue
				}
				format, err := ch.format(c, rules[i], n)
				if err != nil {
					return nil, fmt.Errorf("channels[%d]: %w", i, err)
				}
				it.Variants = append(it.Variants, Variant{
					Destination: ch.Cadence.Destination, Format: format, Language: p.Language, State: StateDraft,
				})
			}
			items = append(items, it)
		}
		p.mark(c, days, items[len(items)-most:])
	}
	return items, nil
}

// taken reports whether a channel that wants so many of a category's items takes
// the nth one: evenly over all of them, early ones of the first categories and
// late ones of the last, so that a channel with one post of each category has
// them all over the period.
func taken(n, wanted, of, place, categories int) bool {
	before := func(n int) int {
		return (2*n*wanted*categories + of*(2*categories-2*place-1)) / (2 * of * categories)
	}
	return before(n+1) > before(n)
}

// leeway is how many days an item may lie off its turn, below 0 for no turns.
func (p Programme) leeway() int {
	if p.Leeway == 0 {
		return 3
	}
	return p.Leeway
}

// takeTurns returns the items, each that is not pinned with the days around its
// turn as its window. The kth of a category's n items lies at (k + c) / n of the
// period, where c from 0 to 1 is the category's place among the categories:
// categories alternate, and those with a single item do not meet in the middle.
func (p Programme) takeTurns(items []Item, leeway int) []Item {
	items = slices.Clone(items)
	if leeway < 0 {
		return items
	}
	counts := map[sosyal.CategoryID]int{}
	for _, it := range items {
		counts[it.Category]++
	}
	for place, c := range p.Categories {
		k := 0
		for i := range items {
			it := &items[i]
			if it.Category != c.ID {
				continue
			}
			share := (float64(k) + (float64(place)+0.5)/float64(len(p.Categories))) / float64(counts[c.ID])
			k++
			if it.Window != (sosyal.Period{}) {
				continue
			}
			turn := p.Period.From + date.Date(share*float64(p.Period.Days()))
			around := sosyal.Period{From: turn - date.Date(leeway), To: turn + date.Date(leeway) + 1}
			it.Window = around.Intersect(p.Period)
		}
	}
	return items
}

// wanted is the number of posts by category.
func (ch Channel) wanted(categories []Category, period sosyal.Period) (map[sosyal.CategoryID]int, error) {
	mix := ch.Mix
	if len(mix) == 0 {
		var err error
		if mix, err = MixOf(categories, ch.Cadence.Destination.Network); err != nil {
			return nil, err
		}
	}
	counts, err := mix.Counts(ch.count(period))
	if err != nil {
		return nil, err
	}
	wanted := make(map[sosyal.CategoryID]int, len(mix))
	for i, s := range mix {
		wanted[s.Category] = counts[i]
	}
	return wanted, nil
}

// item is the nth item of a category, from the nth idea for it.
func (p Programme) item(c Category, n int) Item {
	it := Item{
		ID:    ItemID(fmt.Sprintf("%s/%s/%02d", p.Period.From, c.ID, n+1)),
		Brand: p.Brand, Category: c.ID, Assignee: p.Assignee,
		Title: fmt.Sprintf("%s %d", c.Name, n+1),
	}
	for _, idea := range p.Ideas {
		if idea.Category != c.ID {
			continue
		}
		if n == 0 {
			it.Idea, it.Title, it.Products = idea.ID, idea.Title, slices.Clone(idea.Products)
			break
		}
		n--
	}
	return it
}

// mark pins a category's last items, which are the least likely to carry ideas,
// to the special days that it marks.
func (p Programme) mark(c Category, days []SpecialDay, items []Item) {
	at := len(items) - 1
	previous := SpecialDay{}
	for _, d := range days {
		if !slices.Contains(c.Occasions, d.ID) {
			continue
		}
		// Of a feast of several days only the first is marked.
		if next := d.ID == previous.ID && d.Date == previous.Date+1; !next && at >= 0 {
			it := &items[at]
			it.Occasion, it.Window = d.ID, sosyal.Period{From: d.Date, To: d.Date + 1}
			if it.Idea == "" {
				it.Title = d.Name(p.Language)
			}
			at--
		}
		previous = d
	}
}

// format is the nth of the formats that channel, category and network agree on.
func (ch Channel) format(c Category, rules network.Rules, n int) (sosyal.Format, error) {
	choices := ch.Formats
	if len(choices) == 0 {
		choices = c.Formats
	}
	takes := func(formats []sosyal.Format, byCategory bool) []sosyal.Format {
		var out []sosyal.Format
		for _, f := range formats {
			if rules.Takes(f) && (!byCategory || len(c.Formats) == 0 || slices.Contains(c.Formats, f)) {
				out = append(out, f)
			}
		}
		return out
	}
	agreed := takes(choices, true)
	if len(agreed) == 0 {
		agreed = takes(ch.Formats, false)
	}
	if len(agreed) == 0 && len(ch.Formats) == 0 && len(rules.Formats) > 0 {
		agreed = []sosyal.Format{rules.Formats[0].Format}
	}
	if len(agreed) == 0 {
		return "", sosyal.FieldError{Field: "formats", Rule: "must hold a format that the network takes", Value: string(ch.Cadence.Destination.Network)}
	}
	return agreed[n%len(agreed)], nil
}

// Apply returns the items with the times and reasons of the schedule in their
// variants. Items and destinations that the schedule does not name stay as they
// are; an item that was planned without variants gets one there, in state idea
// and without a format. The version of an item that moves rises by one.
func (s Schedule) Apply(items []Item) ([]Item, error) {
	index := make(map[ItemID]int, len(items))
	out := make([]Item, len(items))
	for i, it := range items {
		out[i] = it.Clone()
		index[it.ID] = i
	}
	for _, a := range s.Assignments {
		i, ok := index[a.Item]
		if !ok {
			continue
		}
		local, err := a.Slot.Local()
		if err != nil {
			return nil, fmt.Errorf("item %s: %w", a.Item, err)
		}
		at := slices.IndexFunc(out[i].Variants, func(v Variant) bool { return v.Destination == a.Destination })
		if at < 0 {
			out[i].Variants = append(out[i].Variants, Variant{Destination: a.Destination, State: StateIdea})
			at = len(out[i].Variants) - 1
		}
		v := &out[i].Variants[at]
		v.At, v.Reasons = local, slices.Clone(a.Reasons)
	}
	for i := range out {
		if retimed(items[i], out[i]) {
			out[i].Version++
		}
	}
	return out, nil
}

// Agenda returns the variants that have a time, by instant, then by item and
// destination.
func Agenda(items []Item) ([]Entry, error) {
	var entries []Entry
	for _, it := range items {
		for _, v := range it.Variants {
			if v.At == (sosyal.LocalTime{}) {
				continue
			}
			at, err := v.At.Instant()
			if err != nil {
				return nil, fmt.Errorf("item %s: %w", it.ID, err)
			}
			entries = append(entries, Entry{Item: it, Variant: v, At: at})
		}
	}
	slices.SortStableFunc(entries, func(a, b Entry) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Item.ID, b.Item.ID), compareDestinations(a.Variant.Destination, b.Variant.Destination))
	})
	return entries, nil
}
