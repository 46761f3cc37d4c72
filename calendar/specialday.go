package calendar

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
)

// DayKind is why a day is special.
type DayKind string

// Kinds of special days.
const (
	DayPublic     DayKind = "public"     // a public holiday by law
	DayReligious  DayKind = "religious"  // a public holiday that follows the moon
	DayObservance DayKind = "observance" // marked, but not a day off
	DayCommerce   DayKind = "commerce"   // matters to shops
)

// Tone is what a special day allows.
type Tone string

// Tones.
const (
	ToneCelebrate   Tone = "celebrate"   // good wishes
	ToneCommemorate Tone = "commemorate" // remembrance; selling offends
	ToneSell        Tone = "sell"        // people expect offers
)

// SpecialDay is a day on which content differs.
//
// Its JSON form has the date as 2026-11-03, read strictly.
type SpecialDay struct {
	// ID is stable over the years; the days of one feast share it.
	ID    string                     `json:"id"`
	Date  date.Date                  `json:"-"`
	Names map[sosyal.Language]string `json:"names"`
	Kind  DayKind                    `json:"kind"`
	Tone  Tone                       `json:"tone,omitzero"`
	// Half says that only the afternoon is special: in Turkey from 13:00.
	Half bool `json:"half,omitzero"`
	// Estimated says that the date was computed and not yet published by who
	// decides it.
	Estimated bool   `json:"estimated,omitzero"`
	Source    string `json:"source,omitzero"`
}

// Name returns the name in a language, else in English, else the id.
func (d SpecialDay) Name(l sosyal.Language) string {
	return cmp.Or(d.Names[l], d.Names[sosyal.English], d.ID)
}

// Validate reports missing parts.
func (d SpecialDay) Validate() error {
	var p sosyal.Problems
	p.Require(d.ID != "", "id", "is required", "")
	p.Require(d.Date != 0, "date", "is required", d.ID)
	p.Require(d.Kind != "", "kind", "is required", d.ID)
	return p.Err()
}

type specialDayFields SpecialDay

type specialDayJSON struct {
	specialDayFields
	Date string `json:"date"`
}

// MarshalJSON writes the form described at [SpecialDay].
func (d SpecialDay) MarshalJSON() ([]byte, error) {
	return json.Marshal(specialDayJSON{specialDayFields: specialDayFields(d), Date: d.Date.String()})
}

// UnmarshalJSON reads what [SpecialDay.MarshalJSON] writes.
func (d *SpecialDay) UnmarshalJSON(data []byte) error {
	var raw specialDayJSON
	if err := json.Unmarshal(data, &raw); err != nil {
		return sosyal.FieldError{Field: "special_day", Rule: "must be an object with id, date, names and kind"}
	}
	day, err := sosyal.ParseDate(raw.Date)
	if err != nil {
		return err
	}
	*d = SpecialDay(raw.specialDayFields)
	d.Date = day
	return nil
}

// Override is the host's word on a special day: Days replace every day with this
// id in a year, none removes them, and an id of the host's own adds them. It is
// how a feast is moved that was announced late, and how bridging days and sales
// days are added.
type Override struct {
	ID   string       `json:"id"`
	Year int          `json:"year"`
	Days []SpecialDay `json:"days,omitempty"`
}

// Validate reports days that have another id or lie in another year.
func (o Override) Validate() error {
	var p sosyal.Problems
	p.Require(o.ID != "", "id", "is required", "")
	for i, d := range o.Days {
		at := fmt.Sprintf("days[%d]", i)
		p.Nest(at, d.Validate())
		p.Require(d.ID == o.ID, at+".id", "must be the id of the override", d.ID)
		p.Require(d.Date.Year() == o.Year, at+".date", "must lie in the year of the override", d.Date.String())
	}
	return p.Err()
}

// Days returns the special days of a period in a country (ISO 3166 alpha-2), by
// date and then by id; a year may hold a feast twice.
//
// Turkey has its public holidays by Law 2429, with the dates of the religious
// feasts from a table of published ones and beyond it by the Umm al-Qura
// calendar, marked as estimated (1938 to 2076). The United States, Germany and
// the United Kingdom have their holidays from the library rickar/cal. Every
// country has the days that matter to commerce; of another country these are all
// that is known.
func Days(period sosyal.Period, country string, overrides []Override) ([]SpecialDay, error) {
	if err := period.Validate(); err != nil {
		return nil, fmt.Errorf("special days: %w", err)
	}
	var p sosyal.Problems
	for i, o := range overrides {
		p.Nest(fmt.Sprintf("overrides[%d]", i), o.Validate())
	}
	if err := p.Err(); err != nil {
		return nil, fmt.Errorf("special days: %w", err)
	}
	table, err := newDayTable()
	if err != nil {
		return nil, fmt.Errorf("special days: %w", err)
	}
	var days []SpecialDay
	// A feast of the first days of January begins on the last of December.
	for year := period.From.Year() - 1; year <= period.To.Year()+1; year++ {
		days = append(days, table.year(year, strings.ToUpper(country))...)
	}
	for _, o := range overrides {
		days = slices.DeleteFunc(days, func(d SpecialDay) bool { return d.ID == o.ID && d.Date.Year() == o.Year })
		days = append(days, o.Days...)
	}
	days = slices.DeleteFunc(days, func(d SpecialDay) bool { return !period.Contains(d.Date) })
	slices.SortStableFunc(days, func(a, b SpecialDay) int {
		return cmp.Or(cmp.Compare(a.Date, b.Date), strings.Compare(a.ID, b.ID))
	})
	return days, nil
}

// Respect returns blackouts that keep the categories which sell off days that
// commemorate.
func Respect(days []SpecialDay, categories []Category) []Blackout {
	var selling []sosyal.CategoryID
	for _, c := range categories {
		if c.Selling {
			selling = append(selling, c.ID)
		}
	}
	if len(selling) == 0 {
		return nil
	}
	var out []Blackout
	for _, d := range days {
		if d.Tone == ToneCommemorate {
			out = append(out, Blackout{
				Period: sosyal.Period{From: d.Date, To: d.Date + 1}, Categories: selling,
				Reason: sosyal.Because("calendar.no_selling", sosyal.TermArg("occasion", d.ID), sosyal.DateArg("date", d.Date)),
			})
		}
	}
	return out
}

// OccasionTerms returns the names of special days as messages, so that reasons
// which name an occasion can be written.
func OccasionTerms(days []SpecialDay, l sosyal.Language) sosyal.Messages {
	m := make(sosyal.Messages, len(days))
	for _, d := range days {
		if _, named := m["term."+d.ID]; !named {
			m["term."+d.ID] = d.Name(l)
		}
	}
	return m
}

// nthWeekday is the nth weekday of a month.
func nthWeekday(year int, month time.Month, weekday time.Weekday, nth int) date.Date {
	first := date.New(year, month, 1)
	return first + date.Date((int(weekday)-int(first.Weekday())+7)%7+7*(nth-1))
}

// easter is Easter Sunday of the Gregorian calendar, by the rule of 1876 that
// Butcher's Ecclesiastical Calendar gives: golden number, century corrections for
// the sun and the moon, epact, Sunday.
func easter(year int) date.Date {
	golden, century, rest := year%19, year/100, year%100
	solar, lunar := century/4, (century-(century+8)/25+1)/3
	epact := (19*golden + century - solar - lunar + 15) % 30
	sunday := (32 + 2*(century%4) + 2*(rest/4) - epact - rest%4) % 7
	late := (golden + 11*epact + 22*sunday) / 451
	days := epact + sunday - 7*late + 114
	return date.New(year, time.Month(days/31), days%31+1)
}
