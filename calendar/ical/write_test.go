package ical_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/calendar"
	"github.com/yukselenler/sosyal/calendar/ical"
)

func stamp() time.Time { return time.Date(2026, time.October, 20, 9, 0, 0, 0, time.UTC) }

func write(t *testing.T, events ...ical.Event) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, ical.Calendar{Name: "Lale, Kasım", Stamp: stamp(), Events: events}.Write(&b))
	return b.String()
}

// unfold checks the form of the lines and returns them whole.
func unfold(t *testing.T, text string) []string {
	t.Helper()
	require.True(t, strings.HasSuffix(text, "\r\n"))
	assert.Equal(t, strings.Count(text, "\n"), strings.Count(text, "\r\n"), "every line ends in CRLF")
	assert.Equal(t, strings.Count(text, "\r"), strings.Count(text, "\r\n"))
	var lines []string
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		assert.LessOrEqual(t, len(line), 75)
		assert.True(t, utf8.ValidString(line), "a character is cut: %q", line)
		if strings.HasPrefix(line, " ") {
			lines[len(lines)-1] += line[1:]
			continue
		}
		lines = append(lines, line)
	}
	return lines
}

func TestTextsComeBackAsTheyWere(t *testing.T) {
	for _, text := range []string{
		"Merhaba; dünya, nasılsın?\nİkinci satır \\ ters",
		strings.Repeat("çok uzun bir açıklama ve 👨‍👩‍👧‍👦 aile ", 20),
		strings.Repeat("ş", 200),
		strings.Repeat("a", 74) + "é",
		"<b>etiket</b>  iki boşluk",
	} {
		out := write(t, ical.Event{UID: "1", Start: stamp(), Summary: text, Description: text, Categories: []string{"bir, iki", "üç"}})
		unfold(t, out)
		parsed, err := ics.ParseCalendar(strings.NewReader(out))
		require.NoError(t, err)
		require.Len(t, parsed.Events(), 1)
		event := parsed.Events()[0]
		assert.Equal(t, text, event.GetProperty(ics.ComponentPropertySummary).Value)
		assert.Equal(t, text, event.GetProperty(ics.ComponentPropertyDescription).Value)
		var categories []string
		for _, p := range event.GetProperties(ics.ComponentPropertyCategories) {
			categories = append(categories, p.Value)
		}
		assert.Equal(t, []string{"bir, iki", "üç"}, categories)
	}
}

func TestTimesKeepTheirZone(t *testing.T) {
	at := time.Date(2026, time.November, 3, 16, 30, 0, 0, time.UTC)
	lines := unfold(t, write(t,
		ical.Event{UID: "1", Start: at, Zone: "Europe/Istanbul", Duration: 15 * time.Minute, Sequence: 3, Status: ical.Confirmed},
		ical.Event{UID: "2", Start: at},
		ical.Event{UID: "3", Start: at, AllDay: true, Zone: "Europe/Istanbul", Duration: 48 * time.Hour},
	))
	for _, want := range []string{
		"DTSTART;TZID=Europe/Istanbul:20261103T193000", "DURATION:PT900S", "SEQUENCE:3", "STATUS:CONFIRMED",
		"DTSTART:20261103T163000Z", "DTSTART;VALUE=DATE:20261103", "DTEND;VALUE=DATE:20261105",
		"DTSTAMP:20261020T090000Z", "X-WR-CALNAME:Lale\\, Kasım", "METHOD:PUBLISH",
	} {
		assert.Contains(t, lines, want)
	}
	assert.Equal(t, 1, strings.Count(strings.Join(lines, "\n"), "BEGIN:VTIMEZONE"))
}

func TestZonesAreWrittenShortAndRight(t *testing.T) {
	block := func(zone string, days ...time.Time) []string {
		var events []ical.Event
		for i, d := range days {
			events = append(events, ical.Event{UID: string(rune('a' + i)), Start: d, Zone: zone})
		}
		lines := unfold(t, write(t, events...))
		from, to := slices.Index(lines, "BEGIN:VTIMEZONE"), slices.Index(lines, "END:VTIMEZONE")
		require.Positive(t, from)
		return lines[from+3 : to]
	}
	day := func(m time.Month, d int) time.Time { return time.Date(2026, m, d, 12, 0, 0, 0, time.UTC) }
	assert.Equal(t, []string{
		"BEGIN:STANDARD", "DTSTART:20160907T000000", "TZOFFSETFROM:+0300", "TZOFFSETTO:+0300", "TZNAME:+03", "END:STANDARD",
	}, block("Europe/Istanbul", day(time.November, 3)))
	assert.Equal(t, []string{
		"BEGIN:DAYLIGHT", "DTSTART:20260329T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "TZNAME:CEST", "END:DAYLIGHT",
		"BEGIN:STANDARD", "DTSTART:20261025T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "TZNAME:CET", "END:STANDARD",
	}, block("Europe/Berlin", day(time.November, 3), day(time.October, 3)))
	assert.Contains(t, block("America/New_York", day(time.July, 3)), "TZOFFSETTO:-0400")
	assert.Contains(t, block("Asia/Kathmandu", day(time.July, 3)), "TZOFFSETTO:+0545")
}

func TestWriteRefuses(t *testing.T) {
	good := ical.Event{UID: "1", Start: stamp()}
	for name, c := range map[string]ical.Calendar{
		"no stamp":        {Events: []ical.Event{good}},
		"no uid":          {Stamp: stamp(), Events: []ical.Event{{Start: stamp()}}},
		"no start":        {Stamp: stamp(), Events: []ical.Event{{UID: "1"}}},
		"one uid twice":   {Stamp: stamp(), Events: []ical.Event{good, good}},
		"an unknown zone": {Stamp: stamp(), Events: []ical.Event{{UID: "1", Start: stamp(), Zone: "Mars/Olympus"}}},
	} {
		var b bytes.Buffer
		assert.ErrorIs(t, c.Write(&b), sosyal.ErrInvalid, name)
		assert.Zero(t, b.Len(), name)
	}
}

func TestEventsOfItems(t *testing.T) {
	day, err := sosyal.ParseDate("2026-11-03")
	require.NoError(t, err)
	at := sosyal.LocalTime{Date: day, Time: 19*3600 + 1800, Zone: "Europe/Istanbul"}
	variant := func(n sosyal.Network, state calendar.State, at sosyal.LocalTime) calendar.Variant {
		return calendar.Variant{Destination: sosyal.Destination{Brand: "lale", Network: n, Account: "lale tr"}, Format: sosyal.FormatPhoto, Text: "Merhaba", State: state, At: at}
	}
	item := calendar.Item{ID: "2026-11-01/howto/01", Brand: "lale", Title: "Nasıl yapılır", Category: "howto", Version: 2, Variants: []calendar.Variant{
		variant(sosyal.X, calendar.StateScheduled, at),
		variant(sosyal.Instagram, calendar.StateCancelled, at),
		variant(sosyal.Bluesky, calendar.StateDraft, sosyal.LocalTime{}),
	}}
	events, err := ical.Events([]calendar.Item{item}, sosyal.Turkish, sosyal.Messages{"term.howto": "Nasıl yapılır"})
	require.NoError(t, err)
	require.Len(t, events, 2, "what has no time is not shown")
	assert.Equal(t, ical.Cancelled, events[0].Status)
	assert.Equal(t, ical.Event{
		UID: "2026-11-01%2Fhowto%2F01.x.lale%20tr@lale.sosyal", Start: events[1].Start, Zone: "Europe/Istanbul", Duration: 15 * time.Minute,
		Summary: "X: Nasıl yapılır", Description: "Merhaba\nzamanlandı", Categories: []string{"Nasıl yapılır", "X", "fotoğraf"},
		Status: ical.Confirmed, Sequence: 2,
	}, events[1])
	assert.Equal(t, "2026-11-03T16:30:00Z", events[1].Start.UTC().Format(time.RFC3339))
}

func TestSpecialDaysLastAllDay(t *testing.T) {
	days, err := calendar.Days(sosyal.Month(2033, time.January), "TR", nil)
	require.NoError(t, err)
	events := ical.SpecialDays(days, sosyal.Turkish)
	require.Len(t, events, len(days))
	out := write(t, events...)
	assert.Contains(t, out, "DTSTART;VALUE=DATE:20330102\r\n")
	assert.Contains(t, out, "SUMMARY:Ramazan Bayramı 1. gün\r\n")
	assert.Contains(t, out, "STATUS:TENTATIVE\r\n", "an estimated day is not certain")
}

func FuzzWrite(f *testing.F) {
	f.Add("uid", "summary", "line one\r\nline two", "https://lale.example/a?b=c")
	f.Add("\x00", "\xff\xfe", strings.Repeat("👨‍👩‍👧‍👦", 40), "x\ny")
	f.Fuzz(func(t *testing.T, uid, summary, text, link string) {
		var b bytes.Buffer
		err := ical.Calendar{Stamp: stamp(), Events: []ical.Event{{UID: uid, Start: stamp(), Summary: summary, Description: text, URL: link, Categories: []string{text}}}}.Write(&b)
		if err != nil {
			return
		}
		lines := unfold(t, b.String())
		if n := strings.Count(strings.Join(lines, "\n"), "BEGIN:"); n-strings.Count(summary+text+link+uid, "BEGIN:")*2 > 2 {
			t.Fatalf("text became structure: %q", lines)
		}
		if lines[0] != "BEGIN:VCALENDAR" || lines[len(lines)-1] != "END:VCALENDAR" {
			t.Fatalf("not one calendar: %q", lines)
		}
	})
}
