package calendar

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/spreadsheet"
)

// Entry is a variant with its time, as a row of a calendar.
type Entry struct {
	Item    Item
	Variant Variant
	At      time.Time
}

// csvColumns are codes; their names are the terms "column.date" and so on.
func csvColumns() []string {
	return []string{
		"date", "time", "zone", "network", "account", "category", "format", "title",
		"text", "status", "assignee", "item", "reasons",
	}
}

// WriteCSV writes the variants that have a time as CSV (RFC 4180, comma, CRLF,
// UTF-8 without a mark), one row each in the order of [Agenda], under a header in
// the language. Dates are 2026-11-03, times 19:30 in the zone beside them.
// Networks, formats, states and reasons are written in words, taken from the
// package's texts, the root's, and further messages in that order: pass
// [OccasionTerms] and the names of categories (as "term." and the id) there.
//
// A cell that a spreadsheet would take for a formula is preceded by an
// apostrophe.
func WriteCSV(w io.Writer, items []Item, l sosyal.Language, further ...sosyal.Messages) error {
	entries, err := Agenda(items)
	if err != nil {
		return fmt.Errorf("calendar as CSV: %w", err)
	}
	words := sosyal.NewCatalogue(l, Messages(l), sosyal.StandardMessages(l)).With(further...)
	out := csv.NewWriter(w)
	out.UseCRLF = true
	header := csvColumns()
	for i, c := range header {
		header[i] = spreadsheet.Inert(columnName(words, c))
	}
	rows := [][]string{header}
	for _, e := range entries {
		v := e.Variant
		rows = append(rows, []string{
			v.At.Date.String(), v.At.Time.String(), v.At.Zone,
			words.Term(string(v.Destination.Network)), string(v.Destination.Account),
			words.Term(string(e.Item.Category)), words.Term(string(v.Format)),
			firstLine(v.Title, e.Item.Title), v.Text, stateName(words, v.State), string(e.Item.Assignee),
			string(e.Item.ID), strings.Join(words.Texts(v.Reasons), "; "),
		})
	}
	for _, row := range rows {
		for i := range row {
			row[i] = spreadsheet.Inert(row[i])
		}
		if err := out.Write(row); err != nil {
			return fmt.Errorf("calendar as CSV: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("calendar as CSV: %w", err)
	}
	return nil
}

func firstLine(title, fallback string) string {
	if title != "" {
		return title
	}
	return fallback
}

func columnName(words sosyal.Catalogue, column string) string {
	code := "column." + column
	if name := words.Term(code); name != code {
		return name
	}
	return column
}

// stateName looks a state up under its own prefix, since "published" of content
// and of other things differ in some languages.
func stateName(words sosyal.Catalogue, s State) string {
	code := "state." + string(s)
	if name := words.Term(code); name != code {
		return name
	}
	return string(s)
}
