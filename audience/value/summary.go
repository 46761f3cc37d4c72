package value

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/yukselenler/sosyal"
)

// Summary is all that the models of this package need to know of a customer's
// past. Times are in one unit of the caller's choice, the same throughout.
type Summary struct {
	// Frequency is the number of periods (days, as a rule) with a repeat
	// purchase: the first one is not counted.
	Frequency int `json:"frequency"`
	// Recency is the time from the first purchase to the latest, 0 where there
	// is only one; Age the time from the first purchase to now.
	Recency float64 `json:"recency"`
	Age     float64 `json:"age"`
	// Monetary is the mean spend of the repeat periods, 0 where there is none.
	// It is a number for statistics, not money that is owed.
	Monetary float64 `json:"monetary"`
}

// Validate reports numbers that are negative or not finite, a latest purchase
// later than now, and a customer without a repeat purchase who has a time or a
// spend of one.
func (s Summary) Validate() error {
	if s.plausible() {
		return nil
	}
	var p sosyal.Problems
	p.Require(s.Frequency >= 0, "frequency", "must not be negative", strconv.Itoa(s.Frequency))
	number := func(field string, v float64) bool {
		ok := v >= 0 && !math.IsInf(v, 0)
		p.Require(ok, field, "must be a number that is not negative", format(v))
		return ok
	}
	recency, age := number("recency", s.Recency), number("age", s.Age)
	number("monetary", s.Monetary)
	if recency && age {
		p.Require(s.Recency <= s.Age, "recency", "must not exceed age", format(s.Recency))
	}
	if s.Frequency == 0 {
		p.Require(s.Recency == 0, "recency", "must be 0 without a repeat purchase", format(s.Recency))
		p.Require(s.Monetary == 0, "monetary", "must be 0 without a repeat purchase", format(s.Monetary))
	}
	return p.Err()
}

// plausible is Validate without words; comparisons with NaN are false.
func (s Summary) plausible() bool {
	return s.Frequency >= 0 && s.Recency >= 0 && s.Recency <= s.Age && s.Age <= math.MaxFloat64 &&
		s.Monetary >= 0 && s.Monetary <= math.MaxFloat64 &&
		(s.Frequency > 0 || s.Recency == 0 && s.Monetary == 0)
}

func format(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// validate returns what is wrong with the first summary that is wrong.
func validate(summaries []Summary) error {
	for i, s := range summaries {
		if !s.plausible() {
			var p sosyal.Problems
			p.Nest("summaries["+strconv.Itoa(i)+"]", s.Validate())
			return p.Err()
		}
	}
	return nil
}

// row is a number of customers with the same history.
type row struct {
	customers    float64
	frequency    float64
	recency, age float64
}

// count is a number of customers with the same frequency.
type count struct{ frequency, customers float64 }

// history is what a likelihood of purchases is summed over. Times are in units
// of the mean age, so that a fit takes the same path whatever unit the caller
// chose.
type history struct {
	rows        []row // by frequency, age and recency, without repeats
	frequencies []count
	customers   float64
	purchases   float64
	unit        float64
}

func newHistory(summaries []Summary) *history {
	h := &history{rows: make([]row, len(summaries)), customers: float64(len(summaries))}
	total := 0.0
	for i, s := range summaries {
		h.rows[i] = row{customers: 1, frequency: float64(s.Frequency), recency: s.Recency, age: s.Age}
		total += s.Age / h.customers // a sum of ages might not be finite
		h.purchases += float64(s.Frequency)
	}
	h.unit = total
	h.rows = sorted(h.rows, func(a, b row) int {
		if c := cmp.Compare(a.frequency, b.frequency); c != 0 {
			return c
		}
		if c := cmp.Compare(a.age, b.age); c != 0 {
			return c
		}
		return cmp.Compare(a.recency, b.recency)
	})
	distinct := h.rows[:0]
	for _, r := range h.rows {
		if n := len(distinct); n > 0 {
			l := &distinct[n-1]
			if l.frequency == r.frequency && l.age == r.age && l.recency == r.recency {
				l.customers++
				continue
			}
		}
		distinct = append(distinct, r)
	}
	h.rows = distinct
	if h.unit > 0 {
		for i := range h.rows {
			h.rows[i].recency /= h.unit
			h.rows[i].age /= h.unit
		}
	}
	h.tally()
	return h
}

func (h *history) tally() {
	for _, r := range h.rows {
		if n := len(h.frequencies); n > 0 && h.frequencies[n-1].frequency == r.frequency {
			h.frequencies[n-1].customers += r.customers
			continue
		}
		h.frequencies = append(h.frequencies, count{r.frequency, r.customers})
	}
}

// sorted sorts the halves of a slice side by side and merges them.
func sorted[T any](values []T, compare func(a, b T) int) []T {
	half := len(values) / 2
	parallel(2, func(i int) {
		if i == 0 {
			slices.SortFunc(values[:half], compare)
		} else {
			slices.SortFunc(values[half:], compare)
		}
	})
	out := make([]T, 0, len(values))
	i, j := 0, half
	for i < half && j < len(values) {
		if compare(values[j], values[i]) < 0 {
			out = append(out, values[j])
			j++
		} else {
			out = append(out, values[i])
			i++
		}
	}
	return append(append(out, values[i:half]...), values[j:]...)
}

// every returns a systematic sample of the rows: each nth of them, as they are
// sorted.
func (h *history) every(n int) *history {
	t := &history{unit: h.unit}
	for i := n / 2; i < len(h.rows); i += n {
		t.rows = append(t.rows, h.rows[i])
		t.customers += h.rows[i].customers
		t.purchases += h.rows[i].customers * h.rows[i].frequency
	}
	t.tally()
	return t
}
