package campaign

import (
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/tabular"
)

// AdRow is what a platform reports of an ad, or of what the report is about, on
// a day or over some days.
type AdRow struct {
	// Line is the line of the file, 0 where the row is not from one.
	Line     int           `json:"-"`
	Period   sosyal.Period `json:"period"`
	Platform Platform      `json:"platform"`
	Campaign string        `json:"campaign"`
	AdSet    string        `json:"ad_set,omitzero"`
	Ad       string        `json:"ad,omitzero"`
	// Objective is empty where the report does not say it, or in words that the
	// module does not know.
	Objective sosyal.Objective `json:"objective,omitzero"`
	Spend     sosyal.Money     `json:"spend"`
	// Counts are impressions, reach, link clicks and conversions, those that were
	// reported. Conversions may be fractions: some platforms share one out.
	Counts sosyal.Counts `json:"counts,omitempty"`
	// Value is what the conversions brought, the zero Money where it was not
	// reported.
	Value sosyal.Money `json:"value,omitzero"`
	// ReportedAt is when the platform said so. Days are restated; the later
	// report holds. Zero where the report does not say.
	ReportedAt time.Time `json:"reported_at,omitzero"`
}

// Validate reports missing parts and negative figures.
func (r AdRow) Validate() error {
	var p sosyal.Problems
	p.Nest("period", r.Period.Validate())
	p.Require(r.Platform != "", "platform", "is required", "")
	p.Require(r.Campaign != "", "campaign", "is required", "")
	p.Require(r.Spend.Currency() != "" && r.Spend.Sign() >= 0, "spend", "must not be negative and must have a currency", r.Spend.String())
	p.Require(r.Value.Currency() == "" || r.Value.Currency() == r.Spend.Currency(), "value", "must be in the currency of the spend", r.Value.String())
	for _, m := range reported() {
		v, ok := r.Counts[m]
		p.Require(!ok || v >= 0, "counts."+string(m), "must not be negative", number(v))
	}
	return p.Err()
}

// reported are the counts that ad reports hold.
func reported() []sosyal.Metric {
	return []sosyal.Metric{sosyal.Impressions, sosyal.Reach, sosyal.LinkClicks, sosyal.Conversions}
}

// ReadAdReport reads an ad platform's report. The file name is for messages. A
// zero mapping means: find the one of [Mappings] that fits the header.
//
// Fields of the mapping: platform, campaign, spend, and day or else from and to
// (both inclusive) are required; adset, ad, objective, currency, impressions,
// reach, clicks, conversions, conversion_value and reported_at are read where
// they are mapped. A cell that is empty or holds only dashes was not reported.
// The total that some platforms write below is left out. Amounts need a currency
// from somewhere: a column, a sign, or the mapping's own.
//
// A record that cannot be read yields an error, a [*sosyal.RowError], and
// reading goes on; an unreadable file yields one error and ends.
func ReadAdReport(r io.Reader, file string, m sosyal.Mapping) iter.Seq2[AdRow, error] {
	return tabular.Values(tabular.Source{
		Reader: r, File: file, Mapping: m, Ready: Mappings,
		Required: []string{"platform", "campaign", "day|from", "day|to", "spend"},
	}, func(row tabular.Row) (AdRow, error) {
		if total(row) {
			return AdRow{}, tabular.ErrSkip
		}
		return readAdRow(row)
	})
}

// total reports whether a record is the sum below a report: it looks like one
// and is not about a day.
func total(row tabular.Row) bool {
	if given(row, "day") || given(row, "from") {
		return row.IsTotal() && !given(row, "campaign")
	}
	return row.IsTotal() || !given(row, "campaign")
}

// given reports whether a field was reported. Platforms write dashes for what
// they do not report.
func given(row tabular.Row, name string) bool {
	return row.Has(name) && !slices.Contains([]string{"-", "--", "—", "–", "N/A"}, row.Text(name))
}

func readAdRow(row tabular.Row) (AdRow, error) {
	r := AdRow{
		Line: row.Line(), Platform: Platform(row.Text("platform")), Campaign: row.Text("campaign"),
		AdSet: row.Text("adset"), Ad: row.Text("ad"),
	}
	var err error
	if r.Period, err = readPeriod(row); err != nil {
		return AdRow{}, err
	}
	for _, name := range []string{"platform", "campaign", "spend"} {
		if !given(row, name) {
			return AdRow{}, row.Fail(name, "is required")
		}
	}
	if r.Spend, err = row.Money("spend", "currency"); err != nil {
		return AdRow{}, err
	}
	if r.Spend.Sign() < 0 {
		return AdRow{}, row.Fail("spend", "must not be negative")
	}
	if given(row, "conversion_value") {
		if r.Value, err = row.Money("conversion_value", "currency"); err != nil {
			return AdRow{}, err
		}
	}
	fields := []string{"impressions", "reach", "clicks", "conversions"}
	for i, m := range reported() {
		if !given(row, fields[i]) {
			continue
		}
		v, whole := wholeCount(row.Text(fields[i]))
		if !whole || m == sosyal.Conversions {
			if v, err = row.Float(fields[i]); err != nil {
				return AdRow{}, err
			}
		}
		if v < 0 {
			return AdRow{}, row.Fail(fields[i], "must not be negative")
		}
		if r.Counts == nil {
			r.Counts = sosyal.Counts{}
		}
		r.Counts[m] = v
	}
	if o := sosyal.Objective(row.Text("objective")); slices.Contains(sosyal.Objectives(), o) {
		r.Objective = o
	}
	if given(row, "reported_at") {
		if r.ReportedAt, err = row.Time("reported_at"); err != nil {
			return AdRow{}, err
		}
	}
	return r, nil
}

// wholeCount reads a count whose marks can only group: 40.120 impressions are
// forty thousand in any language, since there is no part of an impression.
func wholeCount(text string) (float64, bool) {
	for _, mark := range []string{".", ","} {
		groups := strings.Split(text, mark)
		first := groups[0]
		grouped := len(groups) > 1 && len(first) >= 1 && len(first) <= 3 && first[0] != '0'
		for _, g := range groups[1:] {
			grouped = grouped && len(g) == 3
		}
		if !grouped {
			continue
		}
		if n, err := strconv.ParseUint(strings.Join(groups, ""), 10, 53); err == nil {
			return float64(n), true
		}
	}
	return 0, false
}

func readPeriod(row tabular.Row) (sosyal.Period, error) {
	first, last := "from", "to"
	if given(row, "day") {
		first, last = "day", "day"
	}
	var days [2]date.Date
	for i, name := range []string{first, last} {
		if !given(row, name) {
			return sosyal.Period{}, row.Fail(name, "is required")
		}
		d, err := row.Date(name)
		if err != nil {
			return sosyal.Period{}, err
		}
		days[i] = d
	}
	p, err := sosyal.NewPeriod(days[0], days[1]+1)
	if err != nil {
		return sosyal.Period{}, row.Fail(last, "must not be before the first day")
	}
	return p, nil
}
