package calendar_test

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/calendar"
)

// More effort never means less work, whatever the number.
func TestGreatEffortIsNotLittle(t *testing.T) {
	pr := generated(5, 60, 180, 6, 6, calendar.Rules{Spacing: 3, PerDay: 3})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := calendar.Planner{Effort: math.MaxInt}.Plan(ctx, pr)
	require.ErrorIs(t, err, context.DeadlineExceeded, "it works on until it is told to stop")
}

func TestPlanRefusesWhatItCannotAddUp(t *testing.T) {
	for name, change := range map[string]func(pr *calendar.Problem){
		"score": func(pr *calendar.Problem) {
			pr.Score = func(calendar.Item, calendar.Slot) float64 { return math.MaxFloat64 }
		},
		"negative score": func(pr *calendar.Problem) {
			pr.Score = func(calendar.Item, calendar.Slot) float64 { return -math.MaxFloat64 }
		},
		"price":                 func(pr *calendar.Problem) { pr.Prices.Left = 1e308 },
		"slot that comes twice": func(pr *calendar.Problem) { pr.Slots = append(pr.Slots, pr.Slots[0]) },
		"value": func(pr *calendar.Problem) {
			pr.Score, pr.Value = nil, func(sosyal.Features, time.Time) float64 { return math.MaxFloat64 }
		},
	} {
		t.Run(name, func(t *testing.T) {
			pr := generated(5, 20, 40, 4, 4, calendar.Rules{})
			change(&pr)
			_, err := calendar.Planner{}.Plan(t.Context(), pr)
			require.ErrorIs(t, err, sosyal.ErrInvalid)
		})
	}
	pr := generated(5, 20, 40, 4, 4, calendar.Rules{})
	pr.Score = func(calendar.Item, calendar.Slot) float64 { return 1e100 }
	pr.Slots = append(pr.Slots, pr.Slots[0])
	pr.Slots[0].ID = "second column"
	s, err := calendar.Planner{}.Plan(t.Context(), pr)
	require.NoError(t, err)
	assert.InEpsilon(t, 20e100, s.Value, 1e-9)
}
