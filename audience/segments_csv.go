package audience

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/spreadsheet"
)

// WriteSegments writes segments as CSV by RFC 4180: commas, a header row, CRLF,
// UTF-8, numbers with a decimal point. Shares are from 0 to 1. Names and reasons
// are written in the catalogue's language. Figures of suppressed and empty
// segments are left empty.
//
// A text that a spreadsheet would take for a formula is preceded by an
// apostrophe.
func WriteSegments(w io.Writer, segments []Segment, c sosyal.Catalogue) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	rows := [][]string{segmentHeader()}
	for _, s := range segments {
		rows = append(rows, segmentRow(s, c))
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("writing segments: %w", err)
	}
	return nil
}

func segmentHeader() []string {
	return []string{
		"segment", "name", "kind", "as_of", "base", "customers", "share", "share_low", "share_high",
		"revenue", "currency", "revenue_share", "value_index", "orders", "average_order", "orders_per_customer",
		"days_since_last", "categories", "fit", "suppressed", "reasons",
	}
}

func segmentRow(s Segment, c sosyal.Catalogue) []string {
	row := []string{
		spreadsheet.Inert(string(s.ID)), spreadsheet.Inert(c.Term(s.Name)), spreadsheet.Inert(string(s.Kind)), s.AsOf.String(), strconv.Itoa(s.Base),
	}
	if s.Suppressed || s.Size == 0 {
		row = append(row, make([]string, 14)...)
	} else {
		row = append(row,
			strconv.Itoa(s.Size), share(s.Share), share(s.ShareLow), share(s.ShareHigh),
			amount(s.Revenue), s.Revenue.Currency(), share(s.RevenueShare), plain(s.ValueIndex, 1),
			strconv.Itoa(s.Orders), amount(s.AverageOrder), plain(s.OrdersPerCustomer, 2),
		)
		days, fit := "", ""
		if s.DaysSinceLast >= 0 {
			days = strconv.Itoa(s.DaysSinceLast)
		}
		if s.Fit != nil {
			fit = plain(*s.Fit, 3)
		}
		var categories []string
		for _, k := range s.Categories {
			categories = append(categories, k.Category)
		}
		row = append(row, days, spreadsheet.Inert(strings.Join(categories, "; ")), fit)
	}
	return append(row, strconv.FormatBool(s.Suppressed), spreadsheet.Inert(strings.Join(c.Texts(s.Reasons), " ")))
}

func share(x float64) string { return plain(x, 4) }

func plain(x float64, decimals int) string { return strconv.FormatFloat(x, 'f', decimals, 64) }

func amount(m sosyal.Money) string {
	if m.Currency() == "" {
		return ""
	}
	text, _, _ := strings.Cut(m.String(), " ")
	return text
}
