package calendar_test

import (
	"testing"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/calendar"
)

// Where all times are worth the same, nothing may crowd: every channel, large or
// small, and every category is spread over the month.
func TestProgrammeIsSpreadOverThePeriod(t *testing.T) {
	channel := func(n sosyal.Network, count int) calendar.Channel {
		return calendar.Channel{Count: count, Formats: []sosyal.Format{sosyal.FormatPhoto}, Cadence: calendar.Cadence{
			Destination: sosyal.Destination{Brand: "b", Network: n, Account: "a"}, Zone: "Europe/Istanbul", PerDay: 2,
			Hours: sosyal.Hours{{Open: 9 * 3600, Close: 21 * 3600}},
		}}
	}
	p := calendar.Programme{
		Brand: "b", Period: sosyal.Month(2026, time.September), Language: sosyal.English,
		Categories: []calendar.Category{{ID: "a", Name: "A", Share: 3}, {ID: "b", Name: "B", Share: 2}, {ID: "c", Name: "C", Share: 2}, {ID: "d", Name: "D", Share: 1}},
		Channels:   []calendar.Channel{channel(sosyal.Instagram, 16), channel(sosyal.Facebook, 8), channel(sosyal.Threads, 4)},
	}
	plan, err := p.Plan(t.Context(), calendar.Planner{})
	require.NoError(t, err)
	require.Empty(t, plan.Schedule.Left)
	days := map[string][]date.Date{}
	entries, err := calendar.Agenda(plan.Items)
	require.NoError(t, err)
	for _, e := range entries {
		channel := string(e.Variant.Destination.Network)
		days[channel] = append(days[channel], e.Variant.At.Date)
		if e.Variant.Destination.Network == sosyal.Instagram {
			category := "category " + string(e.Item.Category)
			days[category] = append(days[category], e.Variant.At.Date)
		}
	}
	for name, list := range days {
		widest := 0
		last := p.Period.From
		for _, d := range append(list, p.Period.To) {
			widest, last = max(widest, int(d-last)), d
		}
		fair := p.Period.Days() / len(list)
		assert.LessOrEqual(t, widest, 2*fair+6, "%s: %v", name, list)
	}

	p.Leeway = -1
	free, err := p.Plan(t.Context(), calendar.Planner{})
	require.NoError(t, err)
	for _, it := range free.Items {
		assert.Equal(t, sosyal.Period{}, it.Window, "without turns an item may go anywhere")
	}
}
