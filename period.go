package sosyal

import (
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"github.com/rickb777/date/v2"
)

// ParseDate reads a calendar day written as 2026-11-03 and refuses days that do
// not exist. Use it instead of the date library's own parsers, which turn
// 2026-02-30 into 2 March.
func ParseDate(text string) (date.Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, FieldError{Field: "date", Rule: "must be a calendar day like 2026-11-03", Value: text}
	}
	return date.NewAt(t), nil
}

// DateOf returns the calendar day on which the instant falls in the zone.
func DateOf(t time.Time, zone *time.Location) date.Date { return date.NewAt(t.In(zone)) }

// Period is a span of calendar days, half-open: it holds From and every day
// after it before To. A month is From its first day To the first day of the
// next. The zero Period holds nothing.
//
// Its JSON form is {"from":"2026-11-01","to":"2026-12-01"}, read strictly.
type Period struct {
	From date.Date
	To   date.Date
}

// NewPeriod returns the days from from up to but not including to.
func NewPeriod(from, to date.Date) (Period, error) {
	p := Period{From: from, To: to}
	return p, p.Validate()
}

// Month returns the period of a calendar month. Months outside 1 to 12 carry
// over into other years, as in [time.Date].
func Month(year int, month time.Month) Period {
	return Period{From: date.New(year, month, 1), To: date.New(year, month+1, 1)}
}

// MonthOf returns the calendar month that holds d.
func MonthOf(d date.Date) Period { return Month(d.Year(), d.Month()) }

// Validate reports whether the period holds at least one day.
func (p Period) Validate() error {
	if p.To <= p.From {
		return FieldError{Field: "to", Rule: "must be after from", Value: p.String()}
	}
	return nil
}

// Days is the number of days; 0 for an empty period.
func (p Period) Days() int { return max(0, int(p.To-p.From)) }

// Contains reports whether d lies in the period.
func (p Period) Contains(d date.Date) bool { return p.From <= d && d < p.To }

// Overlaps reports whether the periods share a day.
func (p Period) Overlaps(q Period) bool { return p.Intersect(q).Days() > 0 }

// Intersect returns the shared days, an empty period where there are none.
func (p Period) Intersect(q Period) Period {
	r := Period{From: max(p.From, q.From), To: min(p.To, q.To)}
	if r.To <= r.From {
		return Period{}
	}
	return r
}

// Next returns the period of the same length that follows: for a whole calendar
// month the next month, otherwise the same number of days.
func (p Period) Next() Period {
	if p == MonthOf(p.From) {
		return MonthOf(p.To)
	}
	return Period{From: p.To, To: p.To + date.Date(p.Days())}
}

// All yields the days in order.
func (p Period) All() iter.Seq[date.Date] {
	return func(yield func(date.Date) bool) {
		for d := p.From; d < p.To; d++ {
			if !yield(d) {
				return
			}
		}
	}
}

// In returns the instants at which the period begins and ends in the zone. A
// midnight that the zone skips is the first instant after the gap.
func (p Period) In(zone *time.Location) (from, to time.Time) {
	return WallTime(0).On(p.From, zone), WallTime(0).On(p.To, zone)
}

// String reads "2026-11-01/2026-12-01".
func (p Period) String() string { return p.From.String() + "/" + p.To.String() }

type periodJSON struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// MarshalJSON writes {"from":"2026-11-01","to":"2026-12-01"}.
func (p Period) MarshalJSON() ([]byte, error) {
	return json.Marshal(periodJSON{From: p.From.String(), To: p.To.String()})
}

// UnmarshalJSON reads what [Period.MarshalJSON] writes.
func (p *Period) UnmarshalJSON(data []byte) error {
	var raw periodJSON
	if err := json.Unmarshal(data, &raw); err != nil {
		return fmt.Errorf("period: %w", FieldError{Rule: "must be an object with from and to"})
	}
	var problems Problems
	from, err := ParseDate(raw.From)
	problems.Require(err == nil, "from", "must be a calendar day like 2026-11-03", raw.From)
	to, err := ParseDate(raw.To)
	problems.Require(err == nil, "to", "must be a calendar day like 2026-11-03", raw.To)
	if err := problems.Err(); err != nil {
		return err
	}
	*p = Period{From: from, To: to}
	return nil
}

// DayWeights is the share of something that falls on a day, up to a common
// factor: spend, orders, attention. Pacing takes one, seasonality makes one. A
// nil DayWeights weighs every day alike.
type DayWeights func(date.Date) float64
