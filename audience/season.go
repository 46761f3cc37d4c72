package audience

import (
	"maps"
	"time"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
)

// minSeasonWeeks is the history from which a rhythm of the week is read.
const minSeasonWeeks = 4

// WeekRhythm is how orders fall on the days of the week: 1 is an average day.
type WeekRhythm struct {
	// Weekday is indexed by time.Weekday, Sunday first; the seven average 1.
	Weekday [7]float64 `json:"weekday"`
	// Days is how many days of history it was read from.
	Days int `json:"days"`
}

// WeekRhythm works the rhythm out from the orders of each day, by the ratio to
// the moving average: each day's orders against those of the seven days around
// it, which takes trend, months and seasons out. The ratio of a weekday is the
// sum of its orders over the sum of its averages, both with one average day
// added, so that a weekday without orders keeps a little weight and a budget
// that follows it never divides by zero.
//
// Less than four weeks of such days are [sosyal.ErrInsufficientData].
func (b *OrderBook) WeekRhythm() (WeekRhythm, error) {
	const around = 3
	var orders, averages [7]float64
	r := WeekRhythm{}
	total := 0.0
	first, last := b.totals.first, b.totals.last
	for d := first + around; d <= last-around; d++ {
		window := 0
		for n := d - around; n <= d+around; n++ {
			if s := b.days[n]; s != nil {
				window += s.orders
			}
		}
		own := 0
		if s := b.days[d]; s != nil {
			own = s.orders
		}
		orders[d.Weekday()] += float64(own)
		averages[d.Weekday()] += float64(window) / 7
		total += float64(window) / 7
		r.Days++
	}
	if b.totals.lines == 0 || r.Days < 7*minSeasonWeeks || total == 0 {
		return WeekRhythm{}, sosyal.ErrInsufficientData
	}
	day := total / float64(r.Days)
	sum := 0.0
	for w := range r.Weekday {
		r.Weekday[w] = (orders[w] + day) / (averages[w] + day)
		sum += r.Weekday[w]
	}
	for w := range r.Weekday {
		r.Weekday[w] *= 7 / sum
	}
	return r, nil
}

// Weights returns the rhythm as weights of days. special multiplies the weight
// of single days, such as a sale or a holiday; days that are not in it count
// as 1.
func (r WeekRhythm) Weights(special map[date.Date]float64) sosyal.DayWeights {
	factors := maps.Clone(special)
	return func(d date.Date) float64 {
		w := r.Of(d.Weekday())
		if f, ok := factors[d]; ok {
			w *= f
		}
		return w
	}
}

// Of returns the factor of a weekday.
func (r WeekRhythm) Of(w time.Weekday) float64 { return r.Weekday[w] }

// DayWeights returns the weights of the book's own [OrderBook.WeekRhythm], nil,
// which weighs every day alike, where the history is too short for one.
func (b *OrderBook) DayWeights() sosyal.DayWeights {
	r, err := b.WeekRhythm()
	if err != nil {
		return nil
	}
	return r.Weights(nil)
}
