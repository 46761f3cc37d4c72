package main

import (
	"bytes"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/calendar"
	"github.com/yukselenler/sosyal/engagement"
	"github.com/yukselenler/sosyal/planning"
)

// results are what the way from exports to calendar found.
type results struct {
	bad      []error // rows that could not be read
	totals   audience.Totals
	segments []audience.Segment
	analysis engagement.Analysis
	goals    []planning.Goal
	plan     calendar.Plan
	approval sosyal.Approval
}

// write prints the results in Turkish.
func (r results) write(w io.Writer) error {
	text := planning.Catalogue(sosyal.Turkish, calendar.OccasionTerms(r.plan.Days, sosyal.Turkish), categoryNames())
	var out bytes.Buffer
	for _, err := range r.bad {
		fmt.Fprintf(&out, "Okunamayan satır: %v\n\n", err)
	}
	fmt.Fprintf(&out, "Müşteriler: %d alıcı, net ciro %s\n", r.totals.Buyers, r.totals.Net.Format(sosyal.Turkish))
	for _, s := range r.segments {
		if s.Size > 0 {
			fmt.Fprintf(&out, "  %s\t%s\n", text.Term(s.Name), text.Text(s.Reasons[0]))
		}
	}
	fmt.Fprintf(&out, "\nTakipçiler: %d gönderi\n", r.analysis.N)
	for _, d := range []engagement.Dimension{engagement.ByCategory, engagement.ByDaypart} {
		for _, g := range r.analysis.By(d) {
			if g.Verdict == engagement.Works || g.Verdict == engagement.DoesNot {
				fmt.Fprintf(&out, "  %s\n", text.Text(g.Reasons[0]))
			}
		}
	}
	fmt.Fprint(&out, "\nHedefler\n")
	for _, g := range r.goals {
		target, err := g.TargetMoney()
		if err != nil {
			return err
		}
		fmt.Fprintf(&out, "  %s\t%s\n", g.Name, target.Format(sosyal.Turkish))
	}
	fmt.Fprintf(&out, "\n%s\n", text.Text(r.approval.Reasons(decided())[0]))
	entries, err := calendar.Agenda(r.plan.Items)
	if err != nil {
		return err
	}
	for _, e := range entries {
		day := e.Variant.At.Date
		fmt.Fprintf(&out, "  %s\t%s\t%s\t%s\t%s\t%s\n", sosyal.FormatDate(day, sosyal.Turkish), sosyal.WeekdayName(day.Weekday(), sosyal.Turkish),
			e.Variant.At.Time, text.Term(string(e.Variant.Destination.Network)), text.Term(string(e.Variant.Format)), e.Item.Title)
	}
	for _, reason := range r.plan.Schedule.Reasons {
		fmt.Fprintf(&out, "  %s\n", text.Text(reason))
	}
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if _, err := out.WriteTo(columns); err != nil {
		return err
	}
	return columns.Flush()
}
