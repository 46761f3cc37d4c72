package planning

import (
	"fmt"
	"slices"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement"
	"github.com/yukselenler/sosyal/engagement/report"
)

// content says what followers answer to and what they pass over.
func (w writer) content() (report.Section, bool) {
	a := w.in.Analysis
	if a == nil {
		return w.section("content", report.Paragraph(w.say("no_analysis")))
	}
	blocks := []report.Block{report.Paragraph(w.say("content_intro",
		sosyal.CountArg("n", a.N), sosyal.TermArg("measure", a.Measure.Name()), sosyal.PercentArg("level", a.Level, 0), sosyal.PercentArg("fdr", a.FDR, 0)))}
	for _, d := range []engagement.Dimension{engagement.ByCategory, engagement.ByFormat, engagement.ByDaypart, engagement.ByPaid} {
		if chart, ok := w.effects(a, d); ok {
			blocks = append(blocks, report.Block{Chart: &chart})
		}
	}
	blocks = append(blocks, w.verdicts(a))
	return w.section("content", blocks...)
}

// effects draws the adjusted effects of a dimension.
func (w writer) effects(a *engagement.Analysis, d engagement.Dimension) (report.Chart, bool) {
	chart := report.Chart{Kind: report.Intervals, Title: w.say("effect_of", sosyal.TermArg("dimension", d)), Baseline: 1, Unit: "×"}
	groups := slices.Clone(a.By(d))
	if d != engagement.ByDaypart {
		slices.SortStableFunc(groups, func(x, y engagement.Group) int {
			switch {
			case x.Effect.Value > y.Effect.Value:
				return -1
			case x.Effect.Value < y.Effect.Value:
				return 1
			}
			return 0
		})
	}
	for _, g := range groups {
		if g.Effect == (engagement.Ratio{}) || g.Value == "" {
			continue
		}
		chart.Categories = append(chart.Categories, fmt.Sprintf("%s (%d)", w.Term(g.Value), g.N))
		chart.Estimates = append(chart.Estimates, report.Estimate{
			Value: g.Effect.Value, Low: g.Effect.Low, High: g.Effect.High, Tone: verdictTone(g.Verdict),
		})
	}
	return chart, len(chart.Categories) > 1
}

func verdictTone(v engagement.Verdict) report.Tone {
	switch v {
	case engagement.Works:
		return report.Good
	case engagement.DoesNot:
		return report.Bad
	case engagement.NoEvidence:
	}
	return report.Unclear
}

// verdicts lists what was found, in words.
func (w writer) verdicts(a *engagement.Analysis) report.Block {
	var found []sosyal.Reason
	for _, g := range a.Groups {
		if g.Verdict != engagement.NoEvidence && g.Dimension != engagement.ByMonth {
			found = append(found, g.Reasons[:min(1, len(g.Reasons))]...)
		}
	}
	if len(found) == 0 {
		return report.Paragraph(w.say("no_evidence"))
	}
	return w.points(found...)
}

// bestSlots is how many hours a network is shown with.
const bestSlots = 3

// bestTimes are the slots a network is shown with: hours of any day where there
// is no evidence that days differ, for then one hour would fill the list.
func bestTimes(b engagement.BestTimes, n sosyal.Network) []engagement.Slot {
	if !b.Weekdays.NoEvidence || b.Hours.NoEvidence {
		return b.Top(n, bestSlots)
	}
	var out []engagement.Slot
	for _, s := range b.Top(n, 7*24) {
		if !slices.ContainsFunc(out, func(o engagement.Slot) bool { return o.Hour == s.Hour }) {
			out = append(out, s)
		}
		if len(out) == bestSlots {
			break
		}
	}
	return out
}

// slot names a time of the week.
func (w writer) slot(b engagement.BestTimes, s engagement.Slot) string {
	day := sosyal.WeekdayName(s.Weekday, w.Language())
	if b.Weekdays.NoEvidence && !b.Hours.NoEvidence {
		day = w.say("any_day")
	}
	return fmt.Sprintf("%s %02d:00–%02d:00", day, s.Hour, (s.Hour+1)%24)
}

// times says when posts do better, and when nothing is known of it.
func (w writer) times() (report.Section, bool) {
	if w.in.Analysis == nil || len(w.in.Strategy.Channels) == 0 {
		return report.Section{}, false
	}
	best := w.in.Analysis.BestTimes()
	t := report.Table{Columns: []report.Column{w.column("network"), w.column("best_hours"), w.number("effect"), w.column("evidence")}}
	for _, ch := range w.in.Strategy.Channels {
		for _, s := range bestTimes(best, ch.Destination.Network) {
			evidence, tone := w.say("evidence_yes"), report.Good
			if s.NoEvidence {
				evidence, tone = w.say("evidence_no"), report.Unclear
			}
			t.Rows = append(t.Rows, []report.Cell{
				{Text: w.Term(string(ch.Destination.Network))},
				{Text: w.slot(best, s)},
				{Text: w.decimals(s.Ratio.Value, 2) + "× (" + w.decimals(s.Ratio.Low, 2) + " – " + w.decimals(s.Ratio.High, 2) + ")"},
				{Text: evidence, Tone: tone},
			})
		}
	}
	return w.section("times", w.points(best.Reasons...), report.Block{Table: &t})
}

// plan shows the calendar of the period.
func (w writer) plan() (report.Section, bool) {
	if len(w.entries) == 0 {
		return w.section("plan", report.Paragraph(w.say("no_plan")))
	}
	t := report.Table{Columns: []report.Column{w.column("date"), w.column("time"), w.column("network"), w.column("category"), w.column("format"), w.column("title"), w.column("state")}}
	for _, e := range w.entries {
		t.Rows = append(t.Rows, report.Cells(
			sosyal.FormatDate(e.Variant.At.Date, w.Language())+" "+sosyal.WeekdayName(e.Variant.At.Date.Weekday(), w.Language()),
			e.Variant.At.Time.String(), w.Term(string(e.Variant.Destination.Network)), w.Term(string(e.Item.Category)),
			w.Term(string(e.Variant.Format)), e.Item.Title, w.Term("state."+string(e.Variant.State))))
	}
	var days []string
	for _, d := range w.in.Days {
		text := sosyal.FormatDate(d.Date, w.Language()) + ": " + d.Name(w.Language())
		if d.Estimated {
			text += " (" + w.say("estimated") + ")"
		}
		days = append(days, text)
	}
	blocks := []report.Block{{Table: &t}}
	if len(days) > 0 {
		blocks = append([]report.Block{report.Paragraph(w.say("special_days")), report.Points(days...)}, blocks...)
	}
	return w.section("plan", blocks...)
}

func (w writer) visuals() (report.Section, bool) {
	if len(w.in.Pictures) == 0 {
		return report.Section{}, false
	}
	return w.section("visuals", report.Block{Gallery: &report.Gallery{Pictures: w.in.Pictures}})
}
