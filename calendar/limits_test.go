package calendar_test

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

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
