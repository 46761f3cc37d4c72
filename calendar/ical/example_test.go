package ical_test

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/yukselenler/sosyal/calendar/ical"
)

func ExampleCalendar_Write() {
	at := time.Date(2026, time.November, 3, 16, 30, 0, 0, time.UTC)
	file := ical.Calendar{
		Name: "Lale", Stamp: time.Date(2026, time.October, 20, 9, 0, 0, 0, time.UTC),
		Events: []ical.Event{{
			UID: "post-1@lale", Start: at, Zone: "Europe/Istanbul", Duration: 15 * time.Minute,
			Summary: "Instagram: Yeni sezon", Categories: []string{"Ürün"}, Status: ical.Confirmed, Sequence: 1,
		}},
	}
	var text strings.Builder
	if err := file.Write(&text); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	fmt.Print(strings.ReplaceAll(text.String(), "\r\n", "\n"))
	// Output:
	// BEGIN:VCALENDAR
	// VERSION:2.0
	// PRODID:-//sosyal//calendar//EN
	// METHOD:PUBLISH
	// CALSCALE:GREGORIAN
	// X-WR-CALNAME:Lale
	// BEGIN:VTIMEZONE
	// TZID:Europe/Istanbul
	// X-LIC-LOCATION:Europe/Istanbul
	// BEGIN:STANDARD
	// DTSTART:20160907T000000
	// TZOFFSETFROM:+0300
	// TZOFFSETTO:+0300
	// TZNAME:+03
	// END:STANDARD
	// END:VTIMEZONE
	// BEGIN:VEVENT
	// UID:post-1@lale
	// DTSTAMP:20261020T090000Z
	// DTSTART;TZID=Europe/Istanbul:20261103T193000
	// DURATION:PT900S
	// SEQUENCE:1
	// SUMMARY:Instagram: Yeni sezon
	// CATEGORIES:Ürün
	// STATUS:CONFIRMED
	// END:VEVENT
	// END:VCALENDAR
}
