package calendar

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
)

// Slot is an opening for one variant at one destination.
type Slot struct {
	// ID breaks ties between slots of one destination at one instant. It may stay
	// empty where there are none.
	ID          string             `json:"id,omitzero"`
	Destination sosyal.Destination `json:"destination"`
	At          time.Time          `json:"at"`
	// Zone is the IANA zone in which the slot's day and week begin; empty means
	// that of At.
	Zone string `json:"zone,omitzero"`
	// Formats and Categories that the slot is kept for; empty means any.
	Formats    []sosyal.Format     `json:"formats,omitempty"`
	Categories []sosyal.CategoryID `json:"categories,omitempty"`
}

// Local returns what clock and calendar show in the slot's zone.
func (s Slot) Local() (sosyal.LocalTime, error) {
	zone := s.At.Location()
	if s.Zone != "" {
		var err error
		if zone, err = sosyal.LoadZone(s.Zone); err != nil {
			return sosyal.LocalTime{}, err
		}
	}
	return sosyal.LocalTimeOf(s.At, zone), nil
}

// Validate reports a missing instant and an unknown zone.
func (s Slot) Validate() error {
	var p sosyal.Problems
	p.Require(!s.At.IsZero(), "at", "is required", s.ID)
	if s.Zone != "" {
		_, err := sosyal.LoadZone(s.Zone)
		p.Nest("", err)
	}
	return p.Err()
}

// Cadence says when and how often a destination is published to.
type Cadence struct {
	Destination sosyal.Destination `json:"destination"`
	// Zone is the IANA zone of every wall time here.
	Zone string `json:"zone"`
	// PerWeek and PerDay are the most posts in a week from Monday and in a day; 0
	// means no limit.
	PerWeek int `json:"per_week,omitzero"`
	PerDay  int `json:"per_day,omitzero"`
	// Weekdays on which to publish; empty means all.
	Weekdays []time.Weekday `json:"weekdays,omitempty"`
	// Hours are the spans of a day with openings; empty means all day. An opening
	// lies on the first instant of a span and every Every minutes after it.
	Hours sosyal.Hours `json:"hours,omitempty"`
	// Every is the distance of openings in minutes; 0 means 60.
	Every int `json:"every,omitzero"`
	// Quiet are spans of the day without openings. A span that ends before it
	// begins crosses midnight.
	Quiet []sosyal.Span `json:"quiet,omitempty"`
	// MinGap is the shortest time between two posts, in nanoseconds in JSON; 0
	// means no limit.
	MinGap time.Duration `json:"min_gap,omitzero"`
}

const (
	defaultEvery = 60
	minutesADay  = 24 * 60
)

// Validate reports an unknown zone, negative limits, and spans that are empty.
func (c Cadence) Validate() error {
	var p sosyal.Problems
	p.Nest("destination", c.Destination.Validate())
	_, err := sosyal.LoadZone(c.Zone)
	p.Nest("", err)
	p.Require(c.PerWeek >= 0, "per_week", "must not be negative", fmt.Sprint(c.PerWeek))
	p.Require(c.PerDay >= 0, "per_day", "must not be negative", fmt.Sprint(c.PerDay))
	p.Require(c.MinGap >= 0, "min_gap", "must not be negative", c.MinGap.String())
	p.Require(c.Every >= 0 && c.Every <= minutesADay, "every", "must be from 0 to 1440 minutes", fmt.Sprint(c.Every))
	for i, d := range c.Weekdays {
		p.Require(d >= time.Sunday && d <= time.Saturday, fmt.Sprintf("weekdays[%d]", i), "must be from 0 (Sunday) to 6", fmt.Sprint(int(d)))
	}
	for i, s := range c.Hours {
		p.Require(0 <= s.Open && s.Open < s.Close && s.Close <= minutesADay*60, fmt.Sprintf("hours[%d]", i), "must open before it closes", spanText(s))
	}
	for i, s := range c.Quiet {
		inDay := min(s.Open, s.Close) >= 0 && max(s.Open, s.Close) <= minutesADay*60
		p.Require(inDay && s.Open != s.Close, fmt.Sprintf("quiet[%d]", i), "must be a span of a day", spanText(s))
	}
	return p.Err()
}

func spanText(s sosyal.Span) string { return s.Open.String() + "-" + s.Close.String() }

// Slots returns the openings of the cadence in a period, in order. Wall times are
// resolved day by day, so 19:00 stays 19:00 when the clocks change; two openings
// that a change of clocks would bring to one instant are one.
func (c Cadence) Slots(period sosyal.Period) ([]Slot, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	zone, err := sosyal.LoadZone(c.Zone)
	if err != nil {
		return nil, err
	}
	times := c.times()
	var slots []Slot
	for day := range period.All() {
		if len(c.Weekdays) > 0 && !slices.Contains(c.Weekdays, day.Weekday()) {
			continue
		}
		for _, w := range times {
			at := w.On(day, zone)
			if n := len(slots); n > 0 && !at.After(slots[n-1].At) {
				continue
			}
			slots = append(slots, Slot{Destination: c.Destination, At: at, Zone: c.Zone})
		}
	}
	return slots, nil
}

// times are the wall times of openings on a day, ascending.
func (c Cadence) times() []sosyal.WallTime {
	hours := c.Hours
	if len(hours) == 0 {
		hours = sosyal.Hours{{Open: 0, Close: minutesADay * 60}}
	}
	step := sosyal.WallTime(cmp.Or(c.Every, defaultEvery) * 60)
	var times []sosyal.WallTime
	for _, span := range hours {
		for w := span.Open; w < span.Close; w += step {
			if !c.quietAt(w) {
				times = append(times, w)
			}
		}
	}
	slices.Sort(times)
	return slices.Compact(times)
}

func (c Cadence) quietAt(w sosyal.WallTime) bool {
	return slices.ContainsFunc(c.Quiet, func(s sosyal.Span) bool {
		if s.Open < s.Close {
			return s.Open <= w && w < s.Close
		}
		return w >= s.Open || w < s.Close
	})
}

func compareDestinations(a, b sosyal.Destination) int {
	return cmp.Or(
		strings.Compare(string(a.Brand), string(b.Brand)),
		strings.Compare(string(a.Network), string(b.Network)),
		strings.Compare(string(a.Account), string(b.Account)),
	)
}

// weekOf is the Monday of the week that holds d.
func weekOf(d date.Date) date.Date { return d - date.Date((int(d.Weekday())+6)%7) }
