package audience_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// planted books orders whose number depends on the weekday and grows over time.
func planted(tb testing.TB, weeks int, byWeekday [7]int, growth float64) *audience.OrderBook {
	tb.Helper()
	b := audience.NewOrderBook(time.UTC)
	first := time.Date(2026, time.January, 4, 12, 0, 0, 0, time.UTC) // a Sunday
	number := 0
	for d := range weeks * 7 {
		at := first.AddDate(0, 0, d)
		n := float64(byWeekday[d%7]) * (1 + growth*float64(d))
		for range int(n + 0.5) {
			number++
			l := line(tb, fmt.Sprint(number), "", 1, "10")
			l.At = at
			add(tb, b, l)
		}
	}
	return b
}

func TestWeekRhythmFindsThePlantedWeek(t *testing.T) {
	shape := [7]int{5, 10, 10, 10, 15, 20, 0} // Sunday first, mean 10, nothing on Saturdays
	for name, growth := range map[string]float64{"steady": 0, "growing": 0.01} {
		t.Run(name, func(t *testing.T) {
			r, err := planted(t, 30, shape, growth).WeekRhythm()
			require.NoError(t, err)
			sum := 0.0
			for w, want := range shape {
				assert.InDelta(t, float64(want)/10, r.Weekday[w], 0.04, time.Weekday(w))
				sum += r.Weekday[w]
			}
			assert.InDelta(t, 7, sum, 1e-12)
			assert.Positive(t, r.Weekday[time.Saturday])
			assert.Equal(t, 30*7-6-1, r.Days, "three days on either side; the last Saturday has no line")
		})
	}
}

func TestDayWeights(t *testing.T) {
	b := planted(t, 30, [7]int{5, 10, 10, 10, 15, 20, 0}, 0)
	friday, monday := date.New(2026, 11, 27), date.New(2026, 11, 23)
	w := b.DayWeights()
	assert.InDelta(t, 2, w(friday)/w(monday), 0.05)
	r, err := b.WeekRhythm()
	require.NoError(t, err)
	special := map[date.Date]float64{friday: 3}
	boosted := r.Weights(special)
	special[friday] = 0 // the weights keep their own copy
	assert.InDelta(t, 3*w(friday), boosted(friday), 1e-12)
	assert.InDelta(t, w(monday), boosted(monday), 0)
}

func TestAShortHistoryHasNoRhythm(t *testing.T) {
	b := planted(t, 4, [7]int{1, 1, 1, 1, 1, 1, 1}, 0)
	_, err := b.WeekRhythm()
	require.ErrorIs(t, err, sosyal.ErrInsufficientData)
	assert.Nil(t, b.DayWeights())
	_, err = audience.NewOrderBook(nil).WeekRhythm()
	assert.ErrorIs(t, err, sosyal.ErrInsufficientData)
	longer := planted(t, 5, [7]int{1, 1, 1, 1, 1, 1, 1}, 0)
	r, err := longer.WeekRhythm()
	require.NoError(t, err)
	for _, f := range r.Weekday {
		assert.InDelta(t, 1, f, 1e-12)
	}
}
