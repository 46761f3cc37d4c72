package report

import (
	"encoding/csv"
	"fmt"
	"io"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/spreadsheet"
)

// Table is rows under columns.
type Table struct {
	Caption string   `json:"caption,omitzero"`
	Columns []Column `json:"columns"`
	Rows    [][]Cell `json:"rows"`
}

// Column is a heading. Numbers are set flush right.
type Column struct {
	Title  string `json:"title"`
	Number bool   `json:"number,omitzero"`
}

// Cell is what stands in a row. Text is for people; Raw, where it is set, is
// the same value for programs (a plain number, an ISO date) and goes into CSV.
type Cell struct {
	Text string `json:"text"`
	Raw  string `json:"raw,omitzero"`
	Tone Tone   `json:"tone,omitzero"`
}

// Cells makes a row of plain texts.
func Cells(texts ...string) []Cell {
	row := make([]Cell, len(texts))
	for i, t := range texts {
		row[i] = Cell{Text: t}
	}
	return row
}

// Validate reports rows that do not fit the columns.
func (t Table) Validate() error {
	var p sosyal.Problems
	p.Require(len(t.Columns) > 0, "columns", "must not be empty", "")
	for i, row := range t.Rows {
		p.Require(len(row) == len(t.Columns), fmt.Sprintf("rows[%d]", i), fmt.Sprintf("must have %d cells", len(t.Columns)), fmt.Sprint(len(row)))
	}
	return p.Err()
}

// CSV writes the table as RFC 4180 with a heading row and CRLF line ends. Text
// that a spreadsheet would run as a formula is written with an apostrophe
// before it, unless it is a number.
func (t Table) CSV(w io.Writer) error {
	if err := t.Validate(); err != nil {
		return fmt.Errorf("writing table: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	record := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		record[i] = inert(c.Title)
	}
	if err := out.Write(record); err != nil {
		return fmt.Errorf("writing table: %w", err)
	}
	for _, row := range t.Rows {
		for i, cell := range row {
			record[i] = inert(cell.Text)
			if cell.Raw != "" {
				record[i] = inert(cell.Raw)
			}
		}
		if err := out.Write(record); err != nil {
			return fmt.Errorf("writing table: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("writing table: %w", err)
	}
	return nil
}

// inert leaves plain numbers as they are: cells hold texts and numbers alike.
func inert(text string) string {
	if _, err := sosyal.ParseDecimal(text, sosyal.Plain); err == nil {
		return text
	}
	return spreadsheet.Inert(text)
}
