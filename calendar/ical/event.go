package ical

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/calendar"
)

// Status says how sure an event is.
type Status string

// Statuses of RFC 5545.
const (
	Tentative Status = "TENTATIVE"
	Confirmed Status = "CONFIRMED"
	Cancelled Status = "CANCELLED"
)

// Event is an entry of a calendar.
type Event struct {
	// UID identifies the event over all versions of the file.
	UID string
	// Start is when it begins, shown in Zone (IANA); empty means UTC.
	Start time.Time
	Zone  string
	// Duration of the event; 0 is a moment. An AllDay event takes the day of Start
	// in Zone and as many days as Duration has whole ones, one at least.
	Duration    time.Duration
	AllDay      bool
	Summary     string
	Description string
	Location    string
	URL         string
	Categories  []string
	Status      Status
	// Sequence is the version of the event; a program takes the highest.
	Sequence int
}

// Validate reports a missing identifier or start, and an unknown zone.
func (e Event) Validate() error {
	var p sosyal.Problems
	p.Require(e.UID != "", "uid", "is required", e.Summary)
	p.Require(!e.Start.IsZero(), "start", "is required", e.UID)
	p.Require(e.Duration >= 0, "duration", "must not be negative", e.Duration.String())
	p.Require(e.Sequence >= 0, "sequence", "must not be negative", fmt.Sprint(e.Sequence))
	if e.Zone != "" {
		_, err := sosyal.LoadZone(e.Zone)
		p.Nest("", err)
	}
	return p.Err()
}

// postLength is how long a post is shown: programs hide events without length.
const postLength = 15 * time.Minute

// Events returns the variants of items that have a time, in the order of
// [calendar.Agenda]: the network and title as summary, text, people and reasons
// as description, category, network and format as categories. Words are taken
// from the texts of package calendar and the root and from further messages
// (names of categories as "term." and the id).
func Events(items []calendar.Item, l sosyal.Language, further ...sosyal.Messages) ([]Event, error) {
	entries, err := calendar.Agenda(items)
	if err != nil {
		return nil, fmt.Errorf("calendar as events: %w", err)
	}
	words := sosyal.NewCatalogue(l, calendar.Messages(l), sosyal.StandardMessages(l)).With(further...)
	events := make([]Event, len(entries))
	for i, e := range entries {
		v := e.Variant
		network := words.Term(string(v.Destination.Network))
		link := ""
		if v.Link != (sosyal.Link{}) {
			link = v.Link.String()
		}
		events[i] = Event{
			UID: uid(e.Item, v.Destination), Start: e.At, Zone: v.At.Zone, Duration: postLength,
			Summary:     network + ": " + cmp.Or(v.Title, e.Item.Title),
			Description: description(words, e),
			URL:         link,
			Categories:  nonEmpty(words.Term(string(e.Item.Category)), network, words.Term(string(v.Format))),
			Status:      statusOf(v.State), Sequence: int(e.Item.Version),
		}
	}
	return events, nil
}

// SpecialDays returns days that last all day.
func SpecialDays(days []calendar.SpecialDay, l sosyal.Language) []Event {
	events := make([]Event, len(days))
	for i, d := range days {
		events[i] = Event{
			UID:   url.PathEscape(d.ID) + "-" + d.Date.String() + "@special-days.sosyal",
			Start: sosyal.WallTime(0).On(d.Date, time.UTC), AllDay: true,
			Summary: d.Name(l), Description: d.Source, Status: Confirmed,
		}
		if d.Estimated {
			events[i].Status = Tentative
		}
	}
	return events
}

func uid(it calendar.Item, d sosyal.Destination) string {
	parts := []string{string(it.ID), string(d.Network), string(d.Account)}
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return strings.Join(parts, ".") + "@" + url.PathEscape(string(d.Brand)) + ".sosyal"
}

func description(words sosyal.Catalogue, e calendar.Entry) string {
	state := words.Term("state." + string(e.Variant.State))
	lines := nonEmpty(e.Variant.Text, state, string(e.Item.Assignee))
	return strings.Join(append(lines, words.Texts(e.Variant.Reasons)...), "\n")
}

func nonEmpty(texts ...string) []string {
	var out []string
	for _, t := range texts {
		if t != "" {
			out = append(out, t)
		}
	}
	return out
}

func statusOf(s calendar.State) Status {
	switch s {
	case calendar.StateCancelled:
		return Cancelled
	case calendar.StateApproved, calendar.StateScheduled, calendar.StatePublishing, calendar.StatePublished, calendar.StatePartlyPublished:
		return Confirmed
	case calendar.StateIdea, calendar.StateDraft, calendar.StateInReview, calendar.StateFailed, calendar.StateMissed, calendar.StateHeld:
		return Tentative
	default:
		return Tentative
	}
}
