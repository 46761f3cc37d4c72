package budget

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/spreadsheet"
)

// columns are the columns of the table, in order.
func columns() []string {
	return []string{
		"line", "kind", "campaign", "network", "segment", "category", "currency",
		"planned", "approved", "committed", "spent", "remaining",
		"pace", "verdict", "forecast", "forecast_low", "forecast_high", "exhausted",
	}
}

// WriteCSV writes the table of a budget: a row for each line in its order and
// one for the total. Positions and pacings are found by line; a line without
// one has empty cells. The total's forecast is the sum of the lines' where all
// have one; its interval is left out, since ends of intervals do not add up.
//
// With an empty language the table is for programs: column names as above, a
// comma between cells and a decimal point. In a language it opens in the
// spreadsheets of its readers: names and verdicts in the language, and for
// Turkish a semicolon between cells, a decimal comma and a byte order mark.
// Amounts are in the currency's decimals without grouping. Cells that a
// spreadsheet would take for a formula are quoted with an apostrophe.
func WriteCSV(w io.Writer, b Budget, positions []Position, pacings []Pacing, l sosyal.Language) error {
	t := table{texts: Messages(l), convention: sosyal.Plain}
	out := csv.NewWriter(w)
	if l == sosyal.Turkish {
		t.convention, out.Comma = sosyal.CommaDecimal, ';'
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return fmt.Errorf("write budget table: %w", err)
		}
	}
	rows := [][]string{t.header()}
	for _, line := range b.Lines {
		position, known := positionOf(positions, line.ID)
		pacing, paced := pacingOf(pacings, line.ID)
		row := []string{
			spreadsheet.Inert(lineName(line)), t.name("kind", string(line.Kind)), spreadsheet.Inert(string(line.Campaign)), spreadsheet.Inert(string(line.Network)),
			spreadsheet.Inert(string(line.Segment)), spreadsheet.Inert(string(line.Category)), b.Currency,
		}
		row = append(row, t.amounts(position, known)...)
		rows = append(rows, append(row, t.pace(pacing, paced)...))
	}
	total, err := t.total(b, positions, pacings)
	if err != nil {
		return fmt.Errorf("write budget table: %w", err)
	}
	if err := out.WriteAll(append(rows, total)); err != nil {
		return fmt.Errorf("write budget table: %w", err)
	}
	return nil
}

func lineName(l Line) string {
	if l.Name != "" {
		return l.Name
	}
	return string(l.ID)
}

// table knows how to write values.
type table struct {
	texts      sosyal.Messages
	convention sosyal.Convention
}

func (t table) header() []string {
	names := columns()
	for i, name := range names {
		names[i] = t.name("column", name)
	}
	return names
}

// name is the text of a code, the code itself where the table is for programs.
func (t table) name(kind, code string) string {
	if text, ok := t.texts["budget."+kind+"."+code]; ok {
		return text
	}
	return code
}

func (t table) money(m sosyal.Money) string {
	if m.Currency() == "" {
		return ""
	}
	text, _, _ := strings.Cut(m.String(), " ")
	if t.convention == sosyal.CommaDecimal {
		return strings.Replace(text, ".", ",", 1)
	}
	return text
}

func (t table) amounts(p Position, known bool) []string {
	if !known {
		return make([]string, 5)
	}
	remaining, err := p.Remaining()
	if err != nil {
		remaining = sosyal.Money{}
	}
	return []string{
		t.money(p.Planned), t.money(p.Approved), t.money(p.Committed), t.money(p.Spent), t.money(remaining),
	}
}

func (t table) pace(p Pacing, known bool) []string {
	row := make([]string, 6)
	if !known {
		return row
	}
	if p.Index != nil {
		row[0] = sosyal.FormatDecimal(decimal.NewFromFloat(*p.Index), 2, t.convention)
	}
	row[1] = t.name("verdict", string(p.Verdict))
	if p.Forecast != nil {
		row[2], row[3], row[4] = t.money(p.Forecast.Amount), t.money(p.Forecast.Low), t.money(p.Forecast.High)
	}
	if p.Exhausted != nil {
		row[5] = p.Exhausted.String()
	}
	return row
}

// total is the last row.
func (t table) total(b Budget, positions []Position, pacings []Pacing) ([]string, error) {
	var sum Position
	var err error
	known := false
	for _, l := range b.Lines {
		p, ok := positionOf(positions, l.ID)
		if !ok {
			continue
		}
		known = true
		if sum, err = sum.add(p); err != nil {
			return nil, err
		}
	}
	var expected, spent, forecast sosyal.Money
	forecasts := 0
	for _, l := range b.Lines {
		p, ok := pacingOf(pacings, l.ID)
		if !ok {
			continue
		}
		if expected, err = expected.Add(p.Expected); err != nil {
			return nil, err
		}
		if spent, err = spent.Add(p.Spent); err != nil {
			return nil, err
		}
		if p.Forecast != nil {
			if forecast, err = forecast.Add(p.Forecast.Amount); err != nil {
				return nil, err
			}
			forecasts++
		}
	}
	name := "total"
	if text, ok := t.texts["budget.total"]; ok {
		name = text
	}
	row := append([]string{name, "", "", "", "", "", b.Currency}, t.amounts(sum, known)...)
	var all Pacing
	if expected.Sign() > 0 {
		index := spent.Float() / expected.Float()
		all.Index = &index
	}
	cells := t.pace(all, true)
	cells[1] = ""
	if forecasts == len(b.Lines) {
		cells[2] = t.money(forecast)
	}
	return append(row, cells...), nil
}
