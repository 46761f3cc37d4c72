package sosyal

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/rickb777/date/v2"
)

// WallTime is a time of day as a person reads it off a clock: seconds since
// midnight, 0 to 86400. 86400 is 24:00, the end of a day.
//
// It has no zone and no date; [WallTime.On] gives it both. Its text and JSON
// form is 09:30, or 09:30:15 where there are seconds.
type WallTime int32

const dayEnd WallTime = 24 * 60 * 60

// NewWallTime returns the time of day; 24:00 is allowed.
func NewWallTime(hour, minute int) (WallTime, error) {
	w := WallTime(hour*3600 + minute*60)
	if hour < 0 || minute < 0 || minute > 59 || w > dayEnd {
		return 0, FieldError{
			Field: "time", Rule: "must be a time of day from 00:00 to 24:00", Value: fmt.Sprintf("%02d:%02d", hour, minute),
		}
	}
	return w, nil
}

// ParseWallTime reads 09:30 or 09:30:15, two digits each.
func ParseWallTime(text string) (WallTime, error) {
	bad := FieldError{Field: "time", Rule: "must be a time of day like 09:30", Value: text}
	if (len(text) != 5 && len(text) != 8) || text[2] != ':' || (len(text) == 8 && text[5] != ':') {
		return 0, bad
	}
	parts := [3]int{}
	for i := range (len(text) + 1) / 3 {
		two := text[i*3 : i*3+2]
		if !allDigits(two) {
			return 0, bad
		}
		parts[i] = int(two[0]-'0')*10 + int(two[1]-'0')
	}
	w := WallTime(parts[0]*3600 + parts[1]*60 + parts[2])
	if parts[1] > 59 || parts[2] > 59 || w > dayEnd {
		return 0, bad
	}
	return w, nil
}

// Hour is the hour, 0 to 24.
func (w WallTime) Hour() int { return int(w) / 3600 }

// Minute is the minute within the hour.
func (w WallTime) Minute() int { return int(w) / 60 % 60 }

// Second is the second within the minute.
func (w WallTime) Second() int { return int(w) % 60 }

// String reads 09:30, or 09:30:15 where there are seconds.
func (w WallTime) String() string {
	if w.Second() == 0 {
		return fmt.Sprintf("%02d:%02d", w.Hour(), w.Minute())
	}
	return fmt.Sprintf("%02d:%02d:%02d", w.Hour(), w.Minute(), w.Second())
}

// MarshalText writes [WallTime.String].
func (w WallTime) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText reads what [ParseWallTime] reads.
func (w *WallTime) UnmarshalText(text []byte) error {
	read, err := ParseWallTime(string(text))
	if err != nil {
		return err
	}
	*w = read
	return nil
}

// On returns the instant at which clocks in the zone show w on day d.
//
// Where the clocks are put forward and skip w, the result is w moved forward by
// the gap: 02:30 becomes 03:30 (RFC 5545, erratum 4271). Where they are put
// back and show w twice, it is the first. A nil zone is UTC.
func (w WallTime) On(d date.Date, zone *time.Location) time.Time {
	if zone == nil {
		zone = time.UTC
	}
	year, month, day := d.Date()
	wall := time.Date(year, month, day, 0, 0, int(w), 0, time.UTC)
	before := wall.Add(-offsetAt(wall.Add(-24*time.Hour), zone)).In(zone)
	after := wall.Add(-offsetAt(wall.Add(24*time.Hour), zone)).In(zone)
	if !sameClock(before, wall) && sameClock(after, wall) {
		return after
	}
	return before
}

func offsetAt(t time.Time, zone *time.Location) time.Duration {
	_, seconds := t.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}

func sameClock(t, wall time.Time) bool {
	return t.Hour() == wall.Hour() && t.Minute() == wall.Minute() && t.Second() == wall.Second() && t.Day() == wall.Day()
}

// WallTimeOf returns what clocks in the zone show at the instant, to the second.
func WallTimeOf(t time.Time, zone *time.Location) WallTime {
	h, m, s := t.In(zone).Clock()
	return WallTime(h*3600 + m*60 + s)
}

// LocalTime is a day and a time of day in an IANA zone: when a person means
// something to happen. It is kept as it was meant and resolved to an instant
// only when needed, so a change of the zone's rules does not move it on the
// clock.
//
// Its JSON form is {"date":"2026-11-03","time":"09:30","zone":"Europe/Istanbul"},
// read strictly.
type LocalTime struct {
	Date date.Date
	Time WallTime
	Zone string
}

// LocalTimeOf returns what clock and calendar show in the zone at the instant.
func LocalTimeOf(t time.Time, zone *time.Location) LocalTime {
	return LocalTime{Date: DateOf(t, zone), Time: WallTimeOf(t, zone), Zone: zone.String()}
}

// Instant resolves the local time by the rules of [WallTime.On].
func (l LocalTime) Instant() (time.Time, error) {
	zone, err := LoadZone(l.Zone)
	if err != nil {
		return time.Time{}, err
	}
	return l.Time.On(l.Date, zone), nil
}

// Validate reports a missing or unknown zone.
func (l LocalTime) Validate() error {
	var p Problems
	p.Require(l.Date != 0, "date", "is required", "")
	_, err := LoadZone(l.Zone)
	p.Nest("", err)
	return p.Err()
}

// String reads "2026-11-03 09:30 Europe/Istanbul".
func (l LocalTime) String() string {
	return l.Date.String() + " " + l.Time.String() + " " + l.Zone
}

type localTimeJSON struct {
	Date string   `json:"date"`
	Time WallTime `json:"time"`
	Zone string   `json:"zone"`
}

// MarshalJSON writes the form described at [LocalTime].
func (l LocalTime) MarshalJSON() ([]byte, error) {
	return json.Marshal(localTimeJSON{Date: l.Date.String(), Time: l.Time, Zone: l.Zone})
}

// UnmarshalJSON reads what [LocalTime.MarshalJSON] writes.
func (l *LocalTime) UnmarshalJSON(data []byte) error {
	var raw localTimeJSON
	if err := json.Unmarshal(data, &raw); err != nil {
		if found := FieldErrors(err); len(found) > 0 {
			return found[0]
		}
		return FieldError{Field: "local_time", Rule: "must be an object with date, time and zone"}
	}
	day, err := ParseDate(raw.Date)
	if err != nil {
		return err
	}
	*l = LocalTime{Date: day, Time: raw.Time, Zone: raw.Zone}
	return nil
}

// LoadZone returns the IANA zone. Unlike [time.LoadLocation] it refuses the
// empty name and "Local", which mean different things on different machines.
func LoadZone(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, FieldError{Field: "zone", Rule: "must be an IANA time zone like Europe/Istanbul", Value: name}
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, FieldError{Field: "zone", Rule: "must be an IANA time zone like Europe/Istanbul", Value: name}
	}
	return zone, nil
}
