package calendar

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/hablullah/go-hijri"
	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/us"
	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
)

//go:embed data/special_days.json
var specialDaysFile []byte

//go:embed data/turkey_bayram.json
var turkeyBayramFile []byte

// dayRule says when a special day falls: on a day of a month, on the nth weekday
// of a month, on Easter, or on the first day of a feast that follows the moon;
// then Offset days later.
type dayRule struct {
	Month   time.Month   `json:"month"`
	Day     int          `json:"day"`
	Weekday time.Weekday `json:"weekday"`
	Nth     int          `json:"nth"`
	Easter  bool         `json:"easter"`
	Lunar   string       `json:"lunar"`
	Offset  int          `json:"offset"`
}

type dayEntry struct {
	ID        string                     `json:"id"`
	Names     map[sosyal.Language]string `json:"names"`
	Kind      DayKind                    `json:"kind"`
	Tone      Tone                       `json:"tone"`
	Half      bool                       `json:"half"`
	Countries []string                   `json:"countries"`
	Since     int                        `json:"since"`
	Rule      dayRule                    `json:"rule"`
	Source    string                     `json:"source"`
}

// firstDay is the first day of a feast that follows the moon.
type firstDay struct {
	day       date.Date
	estimated bool
	source    string
}

type dayTable struct {
	entries []dayEntry
	// lunar holds the published first days by feast and year.
	lunar       map[string]map[int]date.Date
	lunarSource string
}

func newDayTable() (dayTable, error) {
	var days struct {
		Days []dayEntry `json:"days"`
	}
	if err := json.Unmarshal(specialDaysFile, &days); err != nil {
		return dayTable{}, fmt.Errorf("embedded table: %w", err)
	}
	var bayram struct {
		Source string `json:"source"`
		Years  []struct {
			Year    int    `json:"year"`
			Ramazan string `json:"ramazan"`
			Kurban  string `json:"kurban"`
		} `json:"years"`
	}
	if err := json.Unmarshal(turkeyBayramFile, &bayram); err != nil {
		return dayTable{}, fmt.Errorf("embedded table: %w", err)
	}
	t := dayTable{
		entries: days.Days, lunarSource: bayram.Source,
		lunar: map[string]map[int]date.Date{"ramazan": {}, "kurban": {}},
	}
	for _, y := range bayram.Years {
		for feast, text := range map[string]string{"ramazan": y.Ramazan, "kurban": y.Kurban} {
			d, err := sosyal.ParseDate(text)
			if err != nil {
				return dayTable{}, fmt.Errorf("embedded table, %s %d: %w", feast, y.Year, err)
			}
			t.lunar[feast][y.Year] = d
		}
	}
	return t, nil
}

// year returns the special days whose feast begins in a year.
func (t dayTable) year(year int, country string) []SpecialDay {
	var days []SpecialDay
	for _, e := range t.entries {
		if (len(e.Countries) > 0 && !slices.Contains(e.Countries, country)) || year < e.Since {
			continue
		}
		for _, first := range t.firstDays(e, year) {
			days = append(days, SpecialDay{
				ID: e.ID, Date: first.day + date.Date(e.Rule.Offset), Names: e.Names, Kind: e.Kind, Tone: e.Tone,
				Half: e.Half, Estimated: first.estimated, Source: first.source,
			})
		}
	}
	return append(days, holidays(year, country)...)
}

func (t dayTable) firstDays(e dayEntry, year int) []firstDay {
	switch r := e.Rule; {
	case r.Lunar != "":
		if d, ok := t.lunar[r.Lunar][year]; ok {
			return []firstDay{{day: d, source: t.lunarSource}}
		}
		return ummAlQura(r.Lunar, year)
	case r.Easter:
		return []firstDay{{day: easter(year), source: e.Source}}
	case r.Nth > 0:
		return []firstDay{{day: nthWeekday(year, r.Month, r.Weekday, r.Nth), source: e.Source}}
	default:
		return []firstDay{{day: date.New(year, r.Month, r.Day), source: e.Source}}
	}
}

// The years that the Umm al-Qura tables cover in full, and the Islamic years that
// fall into them.
const (
	ummAlQuraFrom, ummAlQuraTo   = 1938, 2076
	islamicYearFrom, islamicYear = 1356, 1500
)

// ummAlQura returns the first days of a feast in a Gregorian year by the Umm
// al-Qura calendar: 1 Shawwal and 10 Dhu al-Hijja. Türkiye decides by its own
// rule and may differ by a day.
func ummAlQura(feast string, year int) []firstDay {
	if year < ummAlQuraFrom || year > ummAlQuraTo {
		return nil
	}
	month, day := int64(10), int64(1)
	if feast == "kurban" {
		month, day = 12, 10
	}
	var out []firstDay
	// An Islamic year has 354 or 355 days; two may touch a Gregorian year, three
	// at most hold the feast.
	guess := islamicYearFrom + (year-ummAlQuraFrom)*33/32
	for y := max(guess-2, islamicYearFrom); y <= min(guess+3, islamicYear); y++ {
		at := date.NewAt(hijri.UmmAlQuraDate{Year: int64(y), Month: month, Day: day}.ToGregorian())
		if at.Year() == year {
			out = append(out, firstDay{day: at, estimated: true, source: "Umm al-Qura calendar"})
		}
	}
	return out
}

// holidays returns what the library knows of a country.
func holidays(year int, country string) []SpecialDay {
	var list []*cal.Holiday
	switch country {
	case "US":
		list = us.Holidays
	case "DE":
		list = de.Holidays
	case "GB":
		list = gb.Holidays
	default:
		return nil
	}
	var days []SpecialDay
	for _, h := range list {
		at, _ := h.Calc(year)
		if at.IsZero() {
			continue
		}
		kind := DayPublic
		if h.Type != cal.ObservancePublic && h.Type != cal.ObservanceBank {
			kind = DayObservance
		}
		name := map[sosyal.Language]string{sosyal.English: h.Name}
		if country == "DE" {
			name = map[sosyal.Language]string{"de": h.Name}
		}
		days = append(days, SpecialDay{
			ID: holidayID(country, h.Name), Date: date.NewAt(at), Names: name,
			Kind: kind, Tone: ToneCelebrate, Source: "rickar/cal v2.1.25",
		})
	}
	return days
}

// holidayID makes a stable id of a name: "us_independence_day".
func holidayID(country, name string) string {
	id := []rune{}
	for _, r := range country + " " + name {
		switch {
		case r >= 'A' && r <= 'Z':
			id = append(id, r+'a'-'A')
		case (r >= 'a' && r <= 'z') || (r >= '0' && r <= '9') || r > 0x7f:
			id = append(id, r)
		case r == ' ' || r == '-':
			id = append(id, '_')
		}
	}
	return string(id)
}
