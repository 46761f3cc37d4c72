package sosyal

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/rickb777/date/v2"
)

// OpenHours are the hours in which a team is at work: clocks that measure
// response time, and reminders of approvals, run only then.
//
// Week lists the hours of each weekday, Special those of single days, which
// replace the weekday's (none: closed). Hours are wall times in Zone, so a day
// on which the clocks change is as long as it really is. A span that should
// cross midnight is written as two.
type OpenHours struct {
	Zone    string
	Week    [7]Hours // indexed by time.Weekday, Sunday first
	Special map[date.Date]Hours
}

// Hours are the open spans of one day in ascending order.
type Hours []Span

// Span is a part of a day, from Open up to but not including Close.
type Span struct {
	Open  WallTime `json:"open"`
	Close WallTime `json:"close"`
}

// AlwaysOpen returns hours that never close.
func AlwaysOpen(zone string) OpenHours {
	o := OpenHours{Zone: zone}
	for i := range o.Week {
		o.Week[i] = Hours{{Open: 0, Close: dayEnd}}
	}
	return o
}

// WeekdayHours returns hours that are the same from Monday to Friday, with the
// weekend closed.
func WeekdayHours(zone string, open, closing WallTime) OpenHours {
	o := OpenHours{Zone: zone}
	for d := time.Monday; d <= time.Friday; d++ {
		o.Week[d] = Hours{{Open: open, Close: closing}}
	}
	return o
}

// Validate reports an unknown zone, spans out of order or overlapping, and
// hours that never open.
func (o OpenHours) Validate() error {
	var p Problems
	_, err := LoadZone(o.Zone)
	p.Nest("", err)
	open := false
	for i, hours := range o.Week {
		hours.check(&p, "week."+weekdayName(time.Weekday(i)))
		open = open || len(hours) > 0
	}
	days := make([]date.Date, 0, len(o.Special))
	for d := range o.Special {
		days = append(days, d)
	}
	slices.Sort(days)
	for _, d := range days {
		o.Special[d].check(&p, "special."+d.String())
	}
	p.Require(open, "week", "must have an open weekday", "")
	return p.Err()
}

func (h Hours) check(p *Problems, field string) {
	for i, s := range h {
		text := s.Open.String() + "-" + s.Close.String()
		p.Require(s.Open >= 0 && s.Open < s.Close && s.Close <= dayEnd, indexed(field, i), "must open before it closes", text)
		p.Require(i == 0 || h[i-1].Close <= s.Open, indexed(field, i), "must come after the span before it", text)
	}
}

// of returns the hours of a day.
func (o OpenHours) of(d date.Date) Hours {
	if h, ok := o.Special[d]; ok {
		return h
	}
	return o.Week[d.Weekday()]
}

// IsOpen reports whether the instant falls into open hours.
func (o OpenHours) IsOpen(t time.Time) (bool, error) {
	zone, err := LoadZone(o.Zone)
	if err != nil {
		return false, err
	}
	d := DateOf(t, zone)
	for _, s := range o.of(d) {
		from, to := s.Open.On(d, zone), s.Close.On(d, zone)
		if !t.Before(from) && t.Before(to) {
			return true, nil
		}
	}
	return false, nil
}

// Between returns how much open time lies between two instants, 0 where to is
// not after from.
func (o OpenHours) Between(from, to time.Time) (time.Duration, error) {
	zone, err := LoadZone(o.Zone)
	if err != nil {
		return 0, err
	}
	var total time.Duration
	for d := DateOf(from, zone); d <= DateOf(to, zone); d++ {
		for _, s := range o.of(d) {
			open, closing := later(s.Open.On(d, zone), from), earlier(s.Close.On(d, zone), to)
			total += max(0, closing.Sub(open))
		}
	}
	return total, nil
}

// openHorizon bounds the search for open time: hours that stay closed for ten
// years are taken never to open again.
const openHorizon = 3660

// After returns the instant at which d of open time has passed since from: when
// a deadline of eight working hours falls. With d zero it is from itself if
// open, else the next opening. Hours that never open again are
// [ErrInsufficientData].
func (o OpenHours) After(from time.Time, d time.Duration) (time.Time, error) {
	zone, err := LoadZone(o.Zone)
	if err != nil {
		return time.Time{}, err
	}
	if d < 0 {
		return time.Time{}, FieldError{Field: "duration", Rule: "must not be negative", Value: d.String()}
	}
	first := DateOf(from, zone)
	for day := first; day < first+openHorizon; day++ {
		for _, s := range o.of(day) {
			open, closing := later(s.Open.On(day, zone), from), s.Close.On(day, zone)
			span := closing.Sub(open)
			if span <= 0 {
				continue
			}
			if d < span || (d == span && d > 0) {
				return open.Add(d), nil
			}
			d -= span
		}
	}
	return time.Time{}, ErrInsufficientData
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func weekdayName(d time.Weekday) string { return strings.ToLower(d.String()) }

type openHoursJSON struct {
	Zone    string           `json:"zone"`
	Week    map[string]Hours `json:"week"`
	Special map[string]Hours `json:"special,omitempty"`
}

// MarshalJSON writes weekdays by their English names and special days by date:
// {"zone":"Europe/Istanbul","week":{"monday":[{"open":"09:00","close":"18:00"}]}}.
func (o OpenHours) MarshalJSON() ([]byte, error) {
	raw := openHoursJSON{Zone: o.Zone, Week: map[string]Hours{}, Special: map[string]Hours{}}
	for i, hours := range o.Week {
		if len(hours) > 0 {
			raw.Week[weekdayName(time.Weekday(i))] = hours
		}
	}
	for d, hours := range o.Special {
		raw.Special[d.String()] = append(Hours{}, hours...)
	}
	return json.Marshal(raw)
}

// UnmarshalJSON reads what [OpenHours.MarshalJSON] writes.
func (o *OpenHours) UnmarshalJSON(data []byte) error {
	var raw openHoursJSON
	if err := json.Unmarshal(data, &raw); err != nil {
		if found := FieldErrors(err); len(found) > 0 {
			return found[0]
		}
		return FieldError{Field: "open_hours", Rule: "must be an object with zone, week and special"}
	}
	var p Problems
	read := OpenHours{Zone: raw.Zone}
	for i := range read.Week {
		name := weekdayName(time.Weekday(i))
		read.Week[i] = raw.Week[name]
		delete(raw.Week, name)
	}
	for name := range raw.Week {
		p.Add("week", "must be keyed by weekdays like monday", name)
	}
	if len(raw.Special) > 0 {
		read.Special = make(map[date.Date]Hours, len(raw.Special))
	}
	for text, hours := range raw.Special {
		d, err := ParseDate(text)
		p.Nest("special", err)
		read.Special[d] = hours
	}
	if err := p.Err(); err != nil {
		return err
	}
	*o = read
	return nil
}
