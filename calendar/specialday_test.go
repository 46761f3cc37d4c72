package calendar_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/calendar"
)

func year(y int) sosyal.Period {
	return sosyal.Period{From: date.New(y, time.January, 1), To: date.New(y+1, time.January, 1)}
}

func daysOf(t *testing.T, y int, country string) map[string][]calendar.SpecialDay {
	t.Helper()
	days, err := calendar.Days(year(y), country, nil)
	require.NoError(t, err)
	byID := map[string][]calendar.SpecialDay{}
	for _, d := range days {
		byID[d.ID] = append(byID[d.ID], d)
	}
	return byID
}

// The days of 2025 to 2030 as computed by hand and by other programs.
func TestCommerceDays(t *testing.T) {
	for _, c := range []struct {
		id, country string
		dates       [6]string
	}{
		{"valentines_day", "FR", [6]string{"2025-02-14", "2026-02-14", "2027-02-14", "2028-02-14", "2029-02-14", "2030-02-14"}},
		{"womens_day", "FR", [6]string{"2025-03-08", "2026-03-08", "2027-03-08", "2028-03-08", "2029-03-08", "2030-03-08"}},
		{"mothers_day", "TR", [6]string{"2025-05-11", "2026-05-10", "2027-05-09", "2028-05-14", "2029-05-13", "2030-05-12"}},
		{"fathers_day", "TR", [6]string{"2025-06-15", "2026-06-21", "2027-06-20", "2028-06-18", "2029-06-17", "2030-06-16"}},
		{"six_eighteen", "TR", [6]string{"2025-06-18", "2026-06-18", "2027-06-18", "2028-06-18", "2029-06-18", "2030-06-18"}},
		{"singles_day", "TR", [6]string{"2025-11-11", "2026-11-11", "2027-11-11", "2028-11-11", "2029-11-11", "2030-11-11"}},
		{"black_friday", "TR", [6]string{"2025-11-28", "2026-11-27", "2027-11-26", "2028-11-24", "2029-11-23", "2030-11-29"}},
		{"cyber_monday", "TR", [6]string{"2025-12-01", "2026-11-30", "2027-11-29", "2028-11-27", "2029-11-26", "2030-12-02"}},
		{"teachers_day", "TR", [6]string{"2025-11-24", "2026-11-24", "2027-11-24", "2028-11-24", "2029-11-24", "2030-11-24"}},
		{"twelve_twelve", "TR", [6]string{"2025-12-12", "2026-12-12", "2027-12-12", "2028-12-12", "2029-12-12", "2030-12-12"}},
		{"mothering_sunday", "GB", [6]string{"2025-03-30", "2026-03-15", "2027-03-07", "2028-03-26", "2029-03-11", "2030-03-31"}},
		{"us_thanksgiving_day", "US", [6]string{"2025-11-27", "2026-11-26", "2027-11-25", "2028-11-23", "2029-11-22", "2030-11-28"}},
	} {
		for i, want := range c.dates {
			days := daysOf(t, 2025+i, c.country)[c.id]
			require.Len(t, days, 1, "%s %d", c.id, 2025+i)
			assert.Equal(t, want, days[0].Date.String(), c.id)
		}
	}
}

// First days of Ramazan and Kurban Bayramı as observed or published ahead.
func TestReligiousHolidaysOfTurkey(t *testing.T) {
	for y, want := range map[int][2]string{
		2016: {"2016-07-05", "2016-09-12"}, // the Umm al-Qura calendar has other days
		2024: {"2024-04-10", "2024-06-16"},
		2026: {"2026-03-20", "2026-05-27"},
		2029: {"2029-02-14", "2029-04-24"},
		2032: {"2032-01-14", "2032-03-22"},
	} {
		days := daysOf(t, y, "TR")
		require.Len(t, days["ramazan_bayrami"], 3)
		require.Len(t, days["kurban_bayrami"], 4)
		assert.Equal(t, want[0], days["ramazan_bayrami"][0].Date.String())
		assert.Equal(t, want[1], days["kurban_bayrami"][0].Date.String())
		assert.False(t, days["ramazan_bayrami"][0].Estimated)
		eve := days["kurban_arefe"][0]
		assert.True(t, eve.Half)
		assert.Equal(t, days["kurban_bayrami"][0].Date-1, eve.Date)
	}
}

func TestBeyondTheTableDaysAreEstimated(t *testing.T) {
	days := daysOf(t, 2033, "TR")
	// Two feasts of Ramazan in one year.
	require.Len(t, days["ramazan_bayrami"], 6)
	assert.Equal(t, "2033-01-02", days["ramazan_bayrami"][0].Date.String())
	assert.Equal(t, time.December, days["ramazan_bayrami"][3].Date.Month())
	for _, d := range days["ramazan_bayrami"] {
		assert.True(t, d.Estimated)
		assert.NotEmpty(t, d.Source)
	}
	for y := 2033; y <= 2076; y++ {
		days := daysOf(t, y, "TR")
		assert.GreaterOrEqual(t, len(days["kurban_bayrami"]), 4, y)
		assert.GreaterOrEqual(t, len(days["ramazan_bayrami"]), 3, y)
		for i := 4; i < len(days["kurban_bayrami"]); i += 4 {
			gap := days["kurban_bayrami"][i].Date - days["kurban_bayrami"][i-4].Date
			assert.Contains(t, []date.Date{354, 355}, gap, y)
		}
	}
	// Beyond what the calendar covers nothing is guessed.
	assert.Empty(t, daysOf(t, 2090, "TR")["kurban_bayrami"])
}

func TestPublicHolidaysOfTurkey(t *testing.T) {
	days := daysOf(t, 2026, "tr")
	for id, want := range map[string]string{
		"new_year": "2026-01-01", "childrens_day": "2026-04-23", "labour_day": "2026-05-01", "youth_day": "2026-05-19",
		"democracy_day": "2026-07-15", "victory_day": "2026-08-30", "republic_eve": "2026-10-28", "republic_day": "2026-10-29",
		"ataturk_memorial": "2026-11-10",
	} {
		require.Len(t, days[id], 1, id)
		assert.Equal(t, want, days[id][0].Date.String())
	}
	assert.True(t, days["republic_eve"][0].Half)
	assert.Equal(t, calendar.ToneCommemorate, days["ataturk_memorial"][0].Tone)
	assert.Equal(t, "Cumhuriyet Bayramı", days["republic_day"][0].Name(sosyal.Turkish))
	assert.Equal(t, "Republic Day", days["republic_day"][0].Name("de"))
	assert.Empty(t, daysOf(t, 2016, "TR")["democracy_day"])
	assert.NotEmpty(t, daysOf(t, 2026, "DE")["de_tag_der_deutschen_einheit"])
	assert.NotEmpty(t, daysOf(t, 2026, "GB")["gb_christmas_day"])
}

func TestHostsHaveTheLastWord(t *testing.T) {
	moved := calendar.SpecialDay{ID: "ramazan_bayrami", Date: date.New(2029, time.February, 15), Kind: calendar.DayReligious}
	sale := calendar.SpecialDay{ID: "lale_week", Date: date.New(2029, time.September, 3), Kind: calendar.DayCommerce}
	days, err := calendar.Days(year(2029), "TR", []calendar.Override{
		{ID: "ramazan_bayrami", Year: 2029, Days: []calendar.SpecialDay{moved}},
		{ID: "six_eighteen", Year: 2029},
		{ID: "lale_week", Year: 2029, Days: []calendar.SpecialDay{sale}},
	})
	require.NoError(t, err)
	assert.Contains(t, days, moved)
	assert.Contains(t, days, sale)
	for i, d := range days {
		assert.NotEqual(t, "six_eighteen", d.ID)
		assert.True(t, d.ID != "ramazan_bayrami" || d.Date == moved.Date)
		assert.True(t, i == 0 || days[i-1].Date <= d.Date)
	}
	for _, bad := range []calendar.Override{{Year: 2029}, {ID: "a", Year: 2029, Days: []calendar.SpecialDay{sale}}, {ID: "lale_week", Year: 2030, Days: []calendar.SpecialDay{sale}}} {
		_, err := calendar.Days(year(2029), "TR", []calendar.Override{bad})
		assert.ErrorIs(t, err, sosyal.ErrInvalid)
	}
	_, err = calendar.Days(sosyal.Period{}, "TR", nil)
	assert.ErrorIs(t, err, sosyal.ErrInvalid)
}

func TestSpecialDaysReadBackAsTheyWereWritten(t *testing.T) {
	want := daysOf(t, 2026, "TR")["kurban_arefe"][0]
	data, err := json.Marshal(want)
	require.NoError(t, err)
	assert.Contains(t, string(data), `"date":"2026-05-26"`)
	var got calendar.SpecialDay
	require.NoError(t, json.Unmarshal(data, &got))
	assert.Equal(t, want, got)
	assert.ErrorIs(t, json.Unmarshal([]byte(`{"id":"a","date":"2026-02-30"}`), &got), sosyal.ErrInvalid)
}

func TestSellingStaysOffCommemorations(t *testing.T) {
	days, err := calendar.Days(sosyal.Month(2026, time.November), "TR", nil)
	require.NoError(t, err)
	categories := []calendar.Category{{ID: "offer", Selling: true}, {ID: "howto"}}
	blackouts := calendar.Respect(days, categories)
	require.Len(t, blackouts, 1)
	assert.Equal(t, "2026-11-10/2026-11-11", blackouts[0].Period.String())
	assert.Equal(t, []sosyal.CategoryID{"offer"}, blackouts[0].Categories)
	assert.Empty(t, calendar.Respect(days, categories[1:]))
}
