package calendar_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/calendar"
)

func wall(t *testing.T, text string) sosyal.WallTime {
	t.Helper()
	w, err := sosyal.ParseWallTime(text)
	require.NoError(t, err)
	return w
}

func evenings(t *testing.T) calendar.Cadence {
	t.Helper()
	return calendar.Cadence{
		Destination: instagram(), Zone: "Europe/Istanbul",
		Hours: sosyal.Hours{{Open: wall(t, "18:00"), Close: wall(t, "22:00")}},
	}
}

func TestSlotsOfACadence(t *testing.T) {
	c := evenings(t)
	c.Weekdays = []time.Weekday{time.Tuesday, time.Sunday}
	c.Every = 90
	c.Quiet = []sosyal.Span{{Open: wall(t, "21:00"), Close: wall(t, "08:00")}}
	slots, err := c.Slots(sosyal.Month(2026, time.November))
	require.NoError(t, err)
	require.Len(t, slots, (5+4)*2) // five Sundays and four Tuesdays, 18:00 and 19:30
	first, err := slots[0].Local()
	require.NoError(t, err)
	assert.Equal(t, "2026-11-01 18:00 Europe/Istanbul", first.String())
	second, err := slots[1].Local()
	require.NoError(t, err)
	assert.Equal(t, "2026-11-01 19:30 Europe/Istanbul", second.String())
}

func TestSlotsKeepTheirWallTimeWhenClocksChange(t *testing.T) {
	c := calendar.Cadence{Destination: instagram(), Zone: "Europe/Berlin", Every: 30, Hours: sosyal.Hours{{Open: wall(t, "01:30"), Close: wall(t, "04:00")}}}
	period := func(day string) sosyal.Period {
		d := onDay(t, day, "00:00").Date
		return sosyal.Period{From: d, To: d + 1}
	}
	clocks := func(day string) []string {
		slots, err := c.Slots(period(day))
		require.NoError(t, err)
		var out []string
		for _, s := range slots {
			local, err := s.Local()
			require.NoError(t, err)
			out = append(out, local.Time.String()+"/"+s.At.UTC().Format("15:04"))
		}
		return out
	}
	assert.Equal(t, []string{"01:30/23:30", "02:00/00:00", "02:30/00:30", "03:00/01:00", "03:30/01:30"}, clocks("2026-06-01"))
	// Forward at 02:00: what the gap swallows falls together with what follows it.
	assert.Equal(t, []string{"01:30/00:30", "03:00/01:00", "03:30/01:30"}, clocks("2026-03-29"))
	// Back at 03:00: the first of the two hours counts.
	assert.Equal(t, []string{"01:30/23:30", "02:00/00:00", "02:30/00:30", "03:00/02:00", "03:30/02:30"}, clocks("2026-10-25"))
}

func TestCadenceValidate(t *testing.T) {
	for field, edit := range map[string]func(*calendar.Cadence){
		"zone":        func(c *calendar.Cadence) { c.Zone = "Mars/Olympus" },
		"per_week":    func(c *calendar.Cadence) { c.PerWeek = -1 },
		"every":       func(c *calendar.Cadence) { c.Every = -5 },
		"weekdays[0]": func(c *calendar.Cadence) { c.Weekdays = []time.Weekday{7} },
		"hours[0]":    func(c *calendar.Cadence) { c.Hours = sosyal.Hours{{Open: 7200, Close: 3600}} },
		"quiet[0]":    func(c *calendar.Cadence) { c.Quiet = []sosyal.Span{{Open: 3600, Close: 3600}} },
		"min_gap":     func(c *calendar.Cadence) { c.MinGap = -1 },
	} {
		c := evenings(t)
		require.NoError(t, c.Validate())
		edit(&c)
		_, err := c.Slots(sosyal.Month(2026, 11))
		require.ErrorIs(t, err, sosyal.ErrInvalid)
		assert.Equal(t, field, sosyal.FieldErrors(err)[0].Field)
	}
}
