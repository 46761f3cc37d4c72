package planning

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/calendar"
	"github.com/yukselenler/sosyal/engagement"
	"github.com/yukselenler/sosyal/engagement/report"
)

// summary is what a reader with one minute sees.
func (w writer) summary() (report.Section, bool) {
	var figures []report.Figure
	for _, p := range w.in.Progress {
		if p.Goal.Parent != "" {
			continue
		}
		note := w.say("of_target", sosyal.TextArg("target", w.headline(p.Goal, p.Goal.Target)))
		value := "–"
		if p.Known {
			value = w.headline(p.Goal, p.Actual)
		}
		figures = append(figures, report.Figure{Label: p.Goal.Name, Value: value, Note: note, Tone: standingTone(p.Standing)})
	}
	if w.in.Money != nil {
		figures = append(figures, report.Figure{
			Label: w.say("spent"), Value: w.moneyCell(w.total.Spent).Text,
			Note: w.say("of_approved", sosyal.MoneyArg("approved", w.total.Approved)),
		})
	}
	published, planned := w.published()
	figures = append(figures, report.Figure{Label: w.say("posts"), Value: w.count(planned).Text, Note: w.say("published_of", sosyal.CountArg("n", published))})
	if s := w.in.Standing; s != nil {
		for _, b := range s.Brands {
			if b.Own {
				figures = append(figures, report.Figure{Label: w.say("share_of_voice"), Value: w.percent(b.Share.Value, 1), Note: w.interval(b.Share, 1)})
			}
		}
	}
	var points []string
	if a := w.in.Analysis; a != nil {
		for _, g := range a.Groups {
			if g.Verdict == engagement.Works && (g.Dimension == engagement.ByCategory || g.Dimension == engagement.ByFormat) {
				points = append(points, w.Texts(g.Reasons[:min(1, len(g.Reasons))])...)
			}
		}
		for _, i := range a.Ignored() {
			points = append(points, w.Texts(i.Reasons)...)
		}
	}
	if s := w.in.Standing; s != nil {
		points = append(points, w.Texts(s.Alarms[:min(2, len(s.Alarms))])...)
	}
	if w.running() && w.in.Money != nil && w.in.Money.Renewal != nil {
		points = append(points, w.Texts(w.in.Money.Renewal.Triggers[:min(1, len(w.in.Money.Renewal.Triggers))])...)
	}
	blocks := []report.Block{{Figures: figures}}
	if len(points) > 0 {
		blocks = append(blocks, report.Points(points...))
	}
	return w.section("summary", blocks...)
}

// running reports whether the period is not over when the brief is made.
func (w writer) running() bool {
	return sosyal.DateOf(w.in.Created, w.in.Created.Location()) < w.in.Period.To
}

// headline writes a value in the goal's unit without minor units of money.
func (w writer) headline(g Goal, v decimal.Decimal) string {
	if !g.Measure.InMoney() {
		return w.quantity(g, v)
	}
	whole, c := v.Round(0), w.Language().Convention()
	places := int32(0)
	if unit, err := sosyal.MoneyFromMinor(1, g.Currency); err == nil {
		places = max(0, -unit.Amount().Exponent())
	}
	return strings.Replace(w.quantity(g, whole), sosyal.FormatDecimal(whole, places, c), sosyal.FormatDecimal(whole, 0, c), 1)
}

// published counts the variants of the plan and those that are out.
func (w writer) published() (out, planned int) {
	for _, e := range w.entries {
		if e.Variant.State == calendar.StatePublished {
			out++
		}
	}
	return out, len(w.entries)
}

func standingTone(s Standing) report.Tone {
	switch s {
	case Reached, Ahead:
		return report.Good
	case Behind, Missed:
		return report.Bad
	case NotYetClear:
		return report.Unclear
	case OnTrack:
	}
	return report.Neutral
}

// quantity writes a value in the goal's unit.
func (w writer) quantity(g Goal, v decimal.Decimal) string {
	return w.Text(sosyal.Because("planning.brief.quantity", Quantity("value", g, v)))
}

// depth is how many of the goals in the brief stand above one.
func (w writer) depth(g Goal) int {
	for d := range w.in.Progress {
		i := slices.IndexFunc(w.in.Progress, func(p Progress) bool { return p.Goal.ID == g.Parent })
		if g.Parent == "" || i < 0 {
			return d
		}
		g = w.in.Progress[i].Goal
	}
	return 0 // a circle, which [Tree.Validate] refuses
}

func (w writer) goals() (report.Section, bool) {
	t := report.Table{Columns: []report.Column{
		w.column("goal"), w.column("network"), w.number("target"), w.number("actual"), w.number("expected_by_now"), w.number("forecast"), w.column("standing"),
	}}
	var reasons []sosyal.Reason
	for _, p := range w.in.Progress {
		actual, forecast := report.Cell{Text: "–"}, report.Cell{Text: "–"}
		if p.Known {
			actual = report.Cell{Text: w.quantity(p.Goal, p.Actual), Raw: p.Actual.String()}
		}
		if p.HasForecast {
			f := rounded(p.Forecast)
			forecast = report.Cell{Text: w.quantity(p.Goal, f), Raw: f.String()}
		}
		network := ""
		if p.Goal.Network != "" {
			network = w.Term(string(p.Goal.Network))
		}
		name := p.Goal.Name
		if d := w.depth(p.Goal); d > 0 {
			name = strings.Repeat("\u2003", d-1) + "↳\u00a0" + name
		}
		t.Rows = append(t.Rows, []report.Cell{
			{Text: name},
			{Text: network},
			{Text: w.quantity(p.Goal, p.Goal.Target), Raw: p.Goal.Target.String()},
			actual,
			{Text: w.quantity(p.Goal, p.Expected.Round(2)), Raw: p.Expected.Round(2).String()},
			forecast,
			{Text: w.say("standing." + string(p.Standing)), Tone: standingTone(p.Standing)},
		})
		if p.Goal.Parent == "" {
			reasons = append(reasons, p.Reasons...)
		}
	}
	if len(t.Rows) == 0 {
		return w.section("goals", report.Paragraph(w.say("no_goals")))
	}
	return w.section("goals", report.Block{Table: &t}, w.points(reasons...))
}

func (w writer) audience() (report.Section, bool) {
	if len(w.in.Segments) == 0 {
		return report.Section{}, false
	}
	t := report.Table{Columns: []report.Column{
		w.column("segment"), w.number("customers"), w.number("share"), w.number("revenue_share"), w.number("average_order"), w.number("days_since_last"),
	}}
	segments := slices.Clone(w.in.Segments)
	for _, s := range segments {
		if s.Suppressed {
			t.Rows = append(t.Rows, report.Cells(w.Term(s.Name), w.say("too_few"), "–", "–", "–", "–"))
			continue
		}
		if s.Size == 0 {
			continue
		}
		t.Rows = append(t.Rows, []report.Cell{
			{Text: w.Term(s.Name)},
			w.count(s.Size),
			{Text: w.percent(s.Share, 1)},
			{Text: w.percent(s.RevenueShare, 1)},
			w.moneyCell(s.AverageOrder),
			{Text: dash(s.DaysSinceLast, s.DaysSinceLast >= 0)},
		})
	}
	return w.section("audience", report.Paragraph(w.say("audience_intro")), report.Block{Table: &t})
}

func dash(n int, known bool) string {
	if !known {
		return "–"
	}
	return decimal.NewFromInt(int64(n)).String()
}

func (w writer) strategy() (report.Section, bool) {
	if len(w.in.Strategy.Channels) == 0 {
		return report.Section{}, false
	}
	t := report.Table{Columns: []report.Column{
		w.column("network"), w.column("objectives"), w.number("per_week"), w.column("formats"), w.column("mix"), w.column("voice"), w.column("call"),
	}}
	var reasons []string
	for _, ch := range w.in.Strategy.Channels {
		var objectives, formats, mix []string
		for _, o := range ch.Objectives {
			objectives = append(objectives, w.Term(string(o)))
		}
		for _, f := range ch.Formats[:min(3, len(ch.Formats))] {
			formats = append(formats, w.Term(string(f.Format))+" "+w.percent(f.Share, 0))
		}
		for _, s := range ch.Mix {
			mix = append(mix, w.Term(string(s.Category))+" "+w.percent(s.Share, 0))
		}
		t.Rows = append(t.Rows, report.Cells(w.Term(string(ch.Destination.Network)), join(objectives), dash(ch.PerWeek, true),
			join(formats), join(mix), w.Term("register."+ch.Voice.Register), w.Term("call."+ch.Voice.Call)))
		reasons = append(reasons, w.Texts(ch.Reasons[:min(1, len(ch.Reasons))])...)
	}
	return w.section("strategy", report.Block{Table: &t}, report.Points(reasons...))
}

func join(texts []string) string { return strings.Join(texts, ", ") }
