package ical

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"

	"github.com/yukselenler/sosyal"
)

// Calendar is a file of events.
type Calendar struct {
	// Name is shown by programs that subscribe to the file.
	Name string
	// Product names the program that writes it; empty means this library.
	Product string
	// Stamp is the instant of writing, which the standard asks of every event.
	Stamp  time.Time
	Events []Event
}

const defaultProduct = "-//sosyal//calendar//EN"

// Write writes the calendar, events in the order given. Identifiers must not
// repeat. The same calendar gives the same bytes.
func (c Calendar) Write(w io.Writer) error {
	var p sosyal.Problems
	p.Require(!c.Stamp.IsZero(), "stamp", "is required", "")
	seen := make(map[string]bool, len(c.Events))
	for i, e := range c.Events {
		at := fmt.Sprintf("events[%d]", i)
		p.Nest(at, e.Validate())
		p.Require(!seen[e.UID], at+".uid", "must not repeat", e.UID)
		seen[e.UID] = true
	}
	if err := p.Err(); err != nil {
		return fmt.Errorf("write calendar: %w", err)
	}
	file := ics.NewCalendar()
	file.SetProductId(clean(cmp.Or(c.Product, defaultProduct)))
	file.SetMethod(ics.MethodPublish)
	file.SetCalscale("GREGORIAN")
	if c.Name != "" {
		file.SetXWRCalName(clean(c.Name))
	}
	if err := c.addZones(file); err != nil {
		return fmt.Errorf("write calendar: %w", err)
	}
	for _, e := range c.Events {
		event, err := c.event(e)
		if err != nil {
			return fmt.Errorf("write calendar: %w", err)
		}
		file.AddVEvent(event)
	}
	// The library writes lines whole, so that they are folded in one place.
	var lines bytes.Buffer
	whole := &ics.SerializationConfiguration{MaxLength: unfolded, PropertyMaxLength: unfolded, NewLine: "\r\n"}
	if err := file.SerializeTo(&lines, whole); err != nil {
		return fmt.Errorf("write calendar: %w", err)
	}
	return fold(w, lines.String())
}

const unfolded = 1 << 30

func (c Calendar) event(e Event) (*ics.VEvent, error) {
	zone := time.UTC
	if e.Zone != "" {
		var err error
		if zone, err = sosyal.LoadZone(e.Zone); err != nil {
			return nil, err
		}
	}
	event := ics.NewEvent(clean(e.UID))
	event.SetProperty(ics.ComponentPropertyDtstamp, c.Stamp.UTC().Format(utcLayout))
	start := e.Start.In(zone)
	switch {
	case e.AllDay:
		days := max(1, int(e.Duration/(24*time.Hour)))
		event.SetProperty(ics.ComponentPropertyDtStart, start.Format(dayLayout), ics.WithValue("DATE"))
		event.SetProperty(ics.ComponentPropertyDtEnd, start.AddDate(0, 0, days).Format(dayLayout), ics.WithValue("DATE"))
		event.SetTimeTransparency(ics.TransparencyTransparent)
	case zone == time.UTC:
		event.SetProperty(ics.ComponentPropertyDtStart, start.Format(utcLayout))
	default:
		event.SetProperty(ics.ComponentPropertyDtStart, start.Format(localLayout), ics.WithTZID(e.Zone))
	}
	if !e.AllDay && e.Duration > 0 {
		event.SetProperty(ics.ComponentPropertyDuration, "PT"+strconv.Itoa(int(e.Duration/time.Second))+"S")
	}
	event.SetProperty(ics.ComponentPropertySequence, strconv.Itoa(e.Sequence))
	for _, text := range []struct {
		property ics.ComponentProperty
		value    string
	}{
		{ics.ComponentPropertySummary, e.Summary},
		{ics.ComponentPropertyDescription, e.Description},
		{ics.ComponentPropertyLocation, e.Location},
	} {
		if text.value != "" {
			event.SetProperty(text.property, clean(text.value))
		}
	}
	if e.URL != "" {
		event.SetProperty(ics.ComponentPropertyUrl, strings.ReplaceAll(clean(e.URL), "\n", ""))
	}
	for _, name := range e.Categories {
		event.AddCategory(clean(name))
	}
	if e.Status != "" {
		event.SetProperty(ics.ComponentPropertyStatus, string(e.Status))
	}
	return event, nil
}

const (
	utcLayout   = "20060102T150405Z"
	localLayout = "20060102T150405"
	dayLayout   = "20060102"
)

// clean leaves out what the format cannot hold: bytes that are not UTF-8 and
// control characters other than line ends and tabs. Line ends become one kind.
func clean(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	return strings.Map(func(r rune) rune {
		if (r < ' ' && r != '\n' && r != '\t') || r == 0x7f {
			return -1
		}
		return r
	}, text)
}

// lineOctets is the length of a line without its end (RFC 5545, section 3.1).
const lineOctets = 75

// fold writes content lines, each cut into pieces of at most 75 octets that begin
// with a space from the second on, never inside a character.
func fold(w io.Writer, lines string) error {
	out := bufio.NewWriter(w)
	for line := range strings.SplitSeq(strings.TrimSuffix(lines, "\r\n"), "\r\n") {
		room := lineOctets
		for len(line) > room {
			cut := room
			for !utf8.RuneStart(line[cut]) {
				cut--
			}
			_, _ = out.WriteString(line[:cut] + "\r\n ") // Flush reports the error
			line, room = line[cut:], lineOctets-1
		}
		_, _ = out.WriteString(line + "\r\n")
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write calendar: %w", err)
	}
	return nil
}

// addZones writes a VTIMEZONE for every zone in use.
func (c Calendar) addZones(file *ics.Calendar) error {
	type span struct{ first, last time.Time }
	spans := map[string]span{}
	var names []string
	for _, e := range c.Events {
		if e.Zone == "" || e.Zone == "UTC" || e.AllDay {
			continue
		}
		s, known := spans[e.Zone]
		if !known {
			names = append(names, e.Zone)
			s = span{e.Start, e.Start}
		}
		if e.Start.Before(s.first) {
			s.first = e.Start
		}
		if end := e.Start.Add(e.Duration); end.After(s.last) {
			s.last = end
		}
		spans[e.Zone] = s
	}
	slices.Sort(names)
	for _, name := range names {
		zone, err := sosyal.LoadZone(name)
		if err != nil {
			return err
		}
		file.AddVTimezone(timezone(name, zone, spans[name].first, spans[name].last))
	}
	return nil
}

// timezone is the VTIMEZONE of a zone for a stretch of time: the observance in
// force at its beginning and every one that follows until its end.
func timezone(name string, zone *time.Location, first, last time.Time) *ics.VTimezone {
	block := ics.NewTimezone(name)
	block.AddProperty(ics.ComponentProperty("X-LIC-LOCATION"), name)
	for at := first.In(zone); ; {
		onset, end := at.ZoneBounds()
		abbreviation, to := at.Zone()
		from := to
		if onset.IsZero() {
			onset = time.Date(1970, time.January, 1, 0, 0, 0, 0, zone)
		} else {
			_, from = onset.Add(-time.Second).Zone()
		}
		var base ics.ComponentBase
		// The onset is written in the time that it ends.
		base.AddProperty(ics.ComponentPropertyDtStart, onset.UTC().Add(time.Duration(from)*time.Second).Format(localLayout))
		base.AddProperty(ics.ComponentProperty("TZOFFSETFROM"), offset(from))
		base.AddProperty(ics.ComponentProperty("TZOFFSETTO"), offset(to))
		base.AddProperty(ics.ComponentProperty("TZNAME"), abbreviation)
		if at.IsDST() {
			block.Components = append(block.Components, &ics.Daylight{ComponentBase: base})
		} else {
			block.Components = append(block.Components, &ics.Standard{ComponentBase: base})
		}
		if end.IsZero() || end.After(last) {
			return block
		}
		at = end.In(zone)
	}
}

// offset writes seconds east of Greenwich as +0300, with seconds where there are
// some.
func offset(seconds int) string {
	sign := "+"
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	text := fmt.Sprintf("%s%02d%02d", sign, seconds/3600, seconds/60%60)
	if seconds%60 != 0 {
		text += fmt.Sprintf("%02d", seconds%60)
	}
	return text
}
