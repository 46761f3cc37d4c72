package sosyal_test

import (
	"encoding/json"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/rickb777/date/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
)

func day(t *testing.T, text string) date.Date {
	t.Helper()
	d, err := sosyal.ParseDate(text)
	require.NoError(t, err)
	return d
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := sosyal.LoadZone(name)
	require.NoError(t, err)
	return z
}

func at(t *testing.T, text string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, text)
	require.NoError(t, err)
	return v
}

func TestParseDateIsStrict(t *testing.T) {
	assert.Equal(t, "2024-02-29", day(t, "2024-02-29").String())
	for _, bad := range []string{"2026-02-30", "2026-13-01", "2025-02-29", "2026-2-3", "20261103", "", "2026-11-03T00:00:00Z", "03.11.2026"} {
		_, err := sosyal.ParseDate(bad)
		require.ErrorIs(t, err, sosyal.ErrInvalid, bad)
	}
}

func TestPeriod(t *testing.T) {
	november := sosyal.Month(2026, time.November)
	assert.Equal(t, 30, november.Days())
	assert.Equal(t, sosyal.Month(2026, time.December), november.Next())
	assert.Equal(t, sosyal.Month(2027, time.January), sosyal.Month(2026, time.December).Next())
	assert.Equal(t, sosyal.Month(2027, time.January), sosyal.Month(2026, 13))
	assert.True(t, november.Contains(day(t, "2026-11-30")))
	assert.False(t, november.Contains(day(t, "2026-12-01")), "half-open")

	week := sosyal.Period{From: day(t, "2026-10-28"), To: day(t, "2026-11-04")}
	assert.Equal(t, sosyal.Period{From: day(t, "2026-11-01"), To: day(t, "2026-11-04")}, november.Intersect(week))
	assert.Equal(t, sosyal.Period{From: day(t, "2026-11-04"), To: day(t, "2026-11-11")}, week.Next())
	assert.False(t, november.Overlaps(sosyal.Month(2026, time.December)))

	count := 0
	for d := range november.All() {
		assert.True(t, november.Contains(d))
		count++
	}
	assert.Equal(t, 30, count)

	_, err := sosyal.NewPeriod(day(t, "2026-11-02"), day(t, "2026-11-02"))
	require.ErrorIs(t, err, sosyal.ErrInvalid)
}

func TestPeriodJSON(t *testing.T) {
	data, err := json.Marshal(sosyal.Month(2026, time.November))
	require.NoError(t, err)
	assert.JSONEq(t, `{"from":"2026-11-01","to":"2026-12-01"}`, string(data))
	var p sosyal.Period
	require.NoError(t, json.Unmarshal(data, &p))
	assert.Equal(t, sosyal.Month(2026, time.November), p)
	err = json.Unmarshal([]byte(`{"from":"2026-02-30","to":"x"}`), &p)
	require.Len(t, sosyal.FieldErrors(err), 2, "both days are named: %v", err)
}

func TestWallTimeOn(t *testing.T) {
	cases := []struct {
		name, zone, day, clock, want string
	}{
		{"an ordinary day", "Europe/Istanbul", "2026-11-03", "09:30", "2026-11-03T06:30:00Z"},
		{"a gap moves forward by the gap", "America/New_York", "2026-03-08", "02:30", "2026-03-08T07:30:00Z"}, // 03:30 EDT
		{"the last second before a gap", "America/New_York", "2026-03-08", "01:59:59", "2026-03-08T06:59:59Z"},
		{"the end of a gap", "America/New_York", "2026-03-08", "03:00", "2026-03-08T07:00:00Z"},
		{"an overlap takes the first", "America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30:00Z"}, // EDT
		{"after an overlap", "America/New_York", "2026-11-01", "02:00", "2026-11-01T07:00:00Z"},
		{"a midnight that does not exist", "America/Sao_Paulo", "2018-11-04", "00:00", "2018-11-04T03:00:00Z"}, // 01:00
		{"half an hour's gap", "Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:45:00Z"},           // 02:45
		{"the end of a day", "Europe/Istanbul", "2026-11-03", "24:00", "2026-11-03T21:00:00Z"},
		{"a day the zone skipped", "Pacific/Apia", "2011-12-30", "12:00", "2011-12-30T22:00:00Z"}, // 12:00 on the 31st
		{"Turkey before 2016 had summer time", "Europe/Istanbul", "2015-07-01", "12:00", "2015-07-01T09:00:00Z"},
		{"Turkey's clocks in winter 2015", "Europe/Istanbul", "2015-12-01", "12:00", "2015-12-01T10:00:00Z"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w, err := sosyal.ParseWallTime(c.clock)
			require.NoError(t, err)
			got := w.On(day(t, c.day), zone(t, c.zone))
			assert.Equal(t, c.want, got.UTC().Format(time.RFC3339))
		})
	}
}

// Every wall time of a year is compared with a search over instants: the first
// instant whose clock shows it, or, where there is none, the time moved forward
// by the gap.
func TestWallTimeOnAgainstSearch(t *testing.T) {
	for _, name := range []string{"America/New_York", "Australia/Lord_Howe", "Europe/Istanbul", "Africa/Casablanca", "America/Sao_Paulo"} {
		loc := zone(t, name)
		shown := map[string]time.Time{}
		start := time.Date(2015, 12, 30, 0, 0, 0, 0, time.UTC)
		for u := start; u.Before(start.AddDate(1, 0, 6)); u = u.Add(15 * time.Minute) {
			key := u.In(loc).Format("2006-01-02 15:04")
			if _, ok := shown[key]; !ok {
				shown[key] = u
			}
		}
		for d := date.New(2016, 1, 1); d < date.New(2017, 1, 1); d++ {
			for minutes := 0; minutes < 24*60; minutes += 15 {
				w := sosyal.WallTime(minutes * 60)
				got := w.On(d, loc)
				if want, ok := shown[d.String()+" "+w.String()]; ok {
					require.True(t, want.Equal(got), "%s %s %s: got %s", name, d, w, got)
					continue
				}
				// In a gap: the clock shown must be later than asked, by the jump.
				_, before := got.Add(-2 * time.Hour).Zone()
				_, after := got.Zone()
				require.Greater(t, after, before, "%s %s %s", name, d, w)
				require.Equal(t, int(w)+after-before, int(sosyal.WallTimeOf(got, loc)), "%s %s %s", name, d, w)
			}
		}
	}
}

func TestParseWallTime(t *testing.T) {
	for _, good := range []string{"00:00", "09:30", "23:59:59", "24:00"} {
		w, err := sosyal.ParseWallTime(good)
		require.NoError(t, err)
		assert.Equal(t, good, w.String())
	}
	for _, bad := range []string{"", "9:30", "24:01", "12:60", "12:00:60", "12-00", "25:00", "12:0a", "12:00:0", "1２:00"} {
		_, err := sosyal.ParseWallTime(bad)
		require.ErrorIs(t, err, sosyal.ErrInvalid, bad)
	}
	_, err := sosyal.NewWallTime(12, 75)
	require.ErrorIs(t, err, sosyal.ErrInvalid)
}

func FuzzParseWallTime(f *testing.F) {
	f.Add("09:30")
	f.Add("24:00:00")
	f.Fuzz(func(t *testing.T, text string) {
		w, err := sosyal.ParseWallTime(text)
		if err != nil {
			return
		}
		again, err := sosyal.ParseWallTime(w.String())
		require.NoError(t, err)
		require.Equal(t, w, again)
	})
}

func TestLocalTime(t *testing.T) {
	l := sosyal.LocalTime{Date: day(t, "2026-11-03"), Time: 9*3600 + 30*60, Zone: "Europe/Istanbul"}
	data, err := json.Marshal(l)
	require.NoError(t, err)
	assert.JSONEq(t, `{"date":"2026-11-03","time":"09:30","zone":"Europe/Istanbul"}`, string(data))
	var back sosyal.LocalTime
	require.NoError(t, json.Unmarshal(data, &back))
	assert.Equal(t, l, back)
	instant, err := back.Instant()
	require.NoError(t, err)
	assert.True(t, at(t, "2026-11-03T06:30:00Z").Equal(instant))
	assert.Equal(t, l, sosyal.LocalTimeOf(instant, zone(t, "Europe/Istanbul")))

	for _, bad := range []string{
		`{"date":"2026-02-30","time":"09:30","zone":"Europe/Istanbul"}`, `{"date":"2026-02-03","time":"9","zone":""}`, `3`,
	} {
		require.ErrorIs(t, json.Unmarshal([]byte(bad), &back), sosyal.ErrInvalid, bad)
	}
	require.ErrorIs(t, sosyal.LocalTime{}.Validate(), sosyal.ErrInvalid)
	for _, bad := range []string{"", "Local", "Mars/Olympus"} {
		_, err := sosyal.LoadZone(bad)
		require.ErrorIs(t, err, sosyal.ErrInvalid, bad)
	}
}

func officeHours(t *testing.T) sosyal.OpenHours {
	t.Helper()
	o := sosyal.WeekdayHours("Europe/Istanbul", 9*3600, 18*3600)
	o.Special = map[date.Date]sosyal.Hours{
		day(t, "2026-10-29"): nil,                                  // Republic Day
		day(t, "2026-10-28"): {{Open: 9 * 3600, Close: 13 * 3600}}, // its eve
	}
	require.NoError(t, o.Validate())
	return o
}

func TestOpenHours(t *testing.T) {
	o := officeHours(t)
	cases := []struct {
		name, from string
		hours      float64
		want       string // +03:00
	}{
		{"within a day", "2026-11-03T10:00:00+03:00", 2, "2026-11-03T12:00:00+03:00"},
		{"until the last minute", "2026-11-03T10:00:00+03:00", 8, "2026-11-03T18:00:00+03:00"},
		{"over night", "2026-11-03T17:00:00+03:00", 2, "2026-11-04T10:00:00+03:00"},
		{"over the weekend", "2026-11-06T17:30:00+03:00", 1, "2026-11-09T09:30:00+03:00"},
		{"over a half day and a holiday", "2026-10-28T12:00:00+03:00", 2, "2026-10-30T10:00:00+03:00"},
		{"closed now, nothing to wait for", "2026-11-07T12:00:00+03:00", 0, "2026-11-09T09:00:00+03:00"},
		{"open now, nothing to wait for", "2026-11-03T12:00:00+03:00", 0, "2026-11-03T12:00:00+03:00"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := o.After(at(t, c.from), time.Duration(c.hours*float64(time.Hour)))
			require.NoError(t, err)
			assert.True(t, at(t, c.want).Equal(got), "got %s", got)
		})
	}
	open, err := o.IsOpen(at(t, "2026-10-28T13:00:00+03:00"))
	require.NoError(t, err)
	assert.False(t, open, "closing time is closed")
	open, err = o.IsOpen(at(t, "2026-10-28T12:59:59+03:00"))
	require.NoError(t, err)
	assert.True(t, open)
}

// Between is compared with counting minutes one by one.
func TestOpenHoursBetweenAgainstCounting(t *testing.T) {
	hours := map[string]sosyal.OpenHours{"office": officeHours(t), "always, over a clock change": sosyal.AlwaysOpen("America/New_York")}
	spans := [][2]string{
		{"2026-10-27T12:00:00+03:00", "2026-11-02T10:17:00+03:00"},
		{"2026-11-06T17:59:00+03:00", "2026-11-09T09:01:00+03:00"},
		{"2026-11-03T10:00:00+03:00", "2026-11-03T10:00:00+03:00"},
	}
	for name, o := range hours {
		for _, span := range spans {
			from, to := at(t, span[0]), at(t, span[1])
			var want time.Duration
			for m := from; m.Before(to); m = m.Add(time.Minute) {
				open, err := o.IsOpen(m)
				require.NoError(t, err)
				if open {
					want += time.Minute
				}
			}
			got, err := o.Between(from, to)
			require.NoError(t, err)
			assert.Equal(t, want, got, "%s %v", name, span)
		}
	}
}

func TestOpenHoursRefuses(t *testing.T) {
	o := sosyal.OpenHours{Zone: "Nowhere"}
	o.Week[1] = sosyal.Hours{{Open: 10, Close: 5}}
	o.Week[2] = sosyal.Hours{{Open: 0, Close: 100}, {Open: 50, Close: 200}}
	assert.Len(t, sosyal.FieldErrors(o.Validate()), 3, "zone, order and overlap: %v", o.Validate())

	closed := sosyal.OpenHours{Zone: "Europe/Istanbul"}
	require.ErrorIs(t, closed.Validate(), sosyal.ErrInvalid)
	_, err := closed.After(at(t, "2026-11-03T10:00:00+03:00"), time.Hour)
	require.ErrorIs(t, err, sosyal.ErrInsufficientData)
	_, err = officeHours(t).After(at(t, "2026-11-03T10:00:00+03:00"), -1)
	require.ErrorIs(t, err, sosyal.ErrInvalid)
}

func TestOpenHoursJSON(t *testing.T) {
	o := officeHours(t)
	data, err := json.Marshal(o)
	require.NoError(t, err)
	var back sosyal.OpenHours
	require.NoError(t, json.Unmarshal(data, &back))
	again, err := json.Marshal(back)
	require.NoError(t, err)
	assert.JSONEq(t, string(data), string(again))
	open, err := back.IsOpen(at(t, "2026-10-29T10:00:00+03:00"))
	require.NoError(t, err)
	assert.False(t, open, "a special day without hours stays closed")
	for _, bad := range []string{
		`{"zone":"Europe/Istanbul","week":{"funday":[]}}`,
		`{"zone":"Europe/Istanbul","week":{"monday":[{"open":"9","close":"10:00"}]}}`,
		`{"zone":"Europe/Istanbul","week":{},"special":{"2026-02-30":[]}}`, `[]`,
	} {
		require.ErrorIs(t, json.Unmarshal([]byte(bad), &back), sosyal.ErrInvalid, bad)
	}
}
