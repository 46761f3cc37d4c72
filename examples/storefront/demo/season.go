package demo

import (
	"math"
	"time"

	"github.com/rickb777/date/v2"
)

// span is a stretch of days around a special day with its lift of demand on
// the log scale, given as offsets from the day itself.
type span struct {
	from, to int
	lift     float64
}

// occasion is a special day of one year.
type occasion struct {
	name  string
	day   date.Date
	spans []span
}

// occasions lists a year's special days. The rules are the calendar's (second
// Sunday of May and so on), the bayrams come from the embedded table.
func (w *World) occasions(year int) []occasion {
	friday := nth(year, time.November, time.Friday, 23)
	list := []occasion{
		{"new_year", date.New(year, time.January, 1), []span{{-11, -1, 0.35}, {0, 0, -0.40}}},
		{"valentine", date.New(year, time.February, 14), []span{{-6, -4, 0.20}, {-3, -1, 0.40}, {0, 0, 0.15}}},
		{"womens_day", date.New(year, time.March, 8), []span{{-2, 0, 0.30}}},
		{"mothers_day", nth(year, time.May, time.Sunday, 8), []span{{-7, -5, 0.25}, {-4, -1, 0.50}, {0, 0, 0.10}}},
		{"fathers_day", nth(year, time.June, time.Sunday, 15), []span{{-4, -1, 0.15}}},
		{"11.11", date.New(year, time.November, 11), []span{{-1, -1, 0.30}, {0, 0, 0.90}}},
		{"teachers_day", date.New(year, time.November, 24), []span{{-2, 0, 0.20}}},
		{"black_friday", friday, []span{{-4, -1, 0.45}, {0, 0, 1.00}, {1, 3, 0.50}}},
		{"12.12", date.New(year, time.December, 12), []span{{0, 0, 0.50}}},
	}
	for _, b := range w.bayrams {
		if b.first.Year() == year {
			// The week before brings presents, the holiday itself closes the couriers.
			list = append(list, occasion{b.name, b.first, []span{{-9, -2, 0.35}, {-1, -1, -0.10}, {0, b.days - 1, -0.50}}})
		}
	}
	return list
}

// nth is the first such weekday of the month on or after the given day.
func nth(year int, month time.Month, weekday time.Weekday, from int) date.Date {
	d := date.New(year, month, from)
	return d + date.Date((int(weekday-d.Weekday())+7)%7)
}

// special is the summed log lift of the special days around a day.
func (w *World) special(d date.Date) float64 {
	if i := int(d - w.options.Start); i >= 0 && i < len(w.lifts) {
		return w.lifts[i]
	}
	return w.lift(d)
}

func (w *World) lift(d date.Date) float64 {
	lift := 0.0
	for year := d.Year(); year <= d.Year()+1; year++ {
		for _, o := range w.occasions(year) {
			offset := int(d - o.day)
			for _, s := range o.spans {
				if offset >= s.from && offset <= s.to {
					lift += s.lift
				}
			}
		}
	}
	return lift
}

// weekdayDemand is the log effect of the weekday on orders, Monday first.
func weekdayDemand() [7]float64 { return [7]float64{0.12, 0.06, 0.02, 0, -0.05, -0.20, 0.05} }

const (
	yearlyAmplitude = 0.12 // log
	yearlyPeak      = 335  // day of the year, about 1 December
)

// demand is the factor by which a day's orders differ from an ordinary day's.
// In the null world it is the mean of the history on every day.
func (w *World) demand(d date.Date) float64 {
	if w.options.Null {
		return w.flat.demand
	}
	return w.season(d)
}

func (w *World) season(d date.Date) float64 {
	yearly := yearlyAmplitude * math.Cos(2*math.Pi*float64(d.YearDay()-yearlyPeak)/365.25)
	return math.Exp(weekdayDemand()[monday(d)] + yearly + w.special(d))
}

// monday numbers the weekday from Monday = 0.
func monday(d date.Date) int { return (int(d.Weekday()) + 6) % 7 }
