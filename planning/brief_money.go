package planning

import (
	"slices"
	"strings"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/budget"
	"github.com/yukselenler/sosyal/engagement/report"
)

func (w writer) campaigns() (report.Section, bool) {
	if len(w.in.Campaigns) == 0 {
		return report.Section{}, false
	}
	t := report.Table{Columns: []report.Column{
		w.column("campaign"), w.column("platform"), w.column("objective"), w.column("targeting"), w.number("amount"), w.number("spent"),
		w.number("conversions"), w.number("roas"), w.column("state"),
	}}
	var reasons []string // one point for each campaign, so that it is clear whose they are
	for _, c := range w.in.Campaigns {
		conversions, roas := report.Cell{Text: "–"}, report.Cell{Text: "–"}
		if c.Conversions != nil {
			conversions = report.Cell{Text: w.decimals(*c.Conversions, 0)}
		}
		if c.ROAS != nil {
			roas = report.Cell{Text: w.decimals(c.ROAS.InexactFloat64(), 2), Raw: c.ROAS.Round(4).String()}
		}
		t.Rows = append(t.Rows, []report.Cell{
			{Text: c.Name},
			{Text: w.Term(c.Platform)},
			{Text: w.Term(string(c.Objective))},
			{Text: join(c.Segments)},
			w.moneyCell(c.Amount), w.moneyCell(c.Spent), conversions, roas,
			{Text: w.Term(c.State)},
		})
		if len(c.Reasons) > 0 {
			reasons = append(reasons, c.Name+": "+strings.Join(w.Texts(c.Reasons), "; "))
		}
	}
	blocks := []report.Block{{Table: &t}}
	if len(reasons) > 0 {
		blocks = append(blocks, report.Points(reasons...))
	}
	return w.section("campaigns", blocks...)
}

func (w writer) money() (report.Section, bool) {
	m := w.in.Money
	if m == nil {
		return report.Section{}, false
	}
	t := report.Table{Columns: []report.Column{
		w.column("line"), w.number("planned"), w.number("approved"), w.number("committed"), w.number("spent"), w.number("remaining"), w.number("pace"), w.number("forecast"),
	}}
	var reasons []sosyal.Reason
	for _, l := range m.Budget.Lines {
		p, ok := position(m.Positions, l.ID)
		if !ok {
			continue
		}
		row := w.moneyRow(l.Name, p)
		if i := slices.IndexFunc(m.Pacings, func(p budget.Pacing) bool { return p.Line == l.ID }); i >= 0 {
			pacing := m.Pacings[i]
			row[6], row[7] = w.pace(pacing)
			reasons = append(reasons, pacing.Reasons[:min(1, len(pacing.Reasons))]...)
		}
		t.Rows = append(t.Rows, row)
	}
	t.Rows = append(t.Rows, w.moneyRow(w.say("total"), w.total))
	blocks := []report.Block{w.points(m.Approval...), {Table: &t}}
	if chart, ok := w.daily(m.Daily); ok {
		blocks = append(blocks, report.Block{Chart: &chart})
	}
	return w.section("money", append(blocks, w.points(reasons...))...)
}

func position(positions []budget.Position, line budget.LineID) (budget.Position, bool) {
	i := slices.IndexFunc(positions, func(p budget.Position) bool { return p.Line == line })
	if i < 0 {
		return budget.Position{}, false
	}
	return positions[i], true
}

func (w writer) moneyRow(name string, p budget.Position) []report.Cell {
	row := []report.Cell{
		{Text: name}, w.moneyCell(p.Planned), w.moneyCell(p.Approved), w.moneyCell(p.Committed), w.moneyCell(p.Spent), {Text: "–"}, {Text: "–"}, {Text: "–"},
	}
	if left, err := p.Remaining(); err == nil {
		row[5] = w.moneyCell(left)
		if left.Sign() < 0 {
			row[5].Tone = report.Bad
		}
	}
	return row
}

func (w writer) pace(p budget.Pacing) (index, forecast report.Cell) {
	index, forecast = report.Cell{Text: "–"}, report.Cell{Text: "–"}
	if p.Index != nil {
		index = report.Cell{Text: w.decimals(*p.Index, 2), Tone: paceTone(p.Verdict)}
	}
	if p.Forecast != nil {
		forecast = w.moneyCell(p.Forecast.Amount)
	}
	return index, forecast
}

func paceTone(v budget.Verdict) report.Tone {
	switch v {
	case budget.Over:
		return report.Bad
	case budget.Under, budget.Withheld:
		return report.Unclear
	case budget.OnTrack:
		return report.Good
	}
	return report.Neutral
}

func (w writer) daily(days []budget.DaySpend) (report.Chart, bool) {
	if len(days) < 2 {
		return report.Chart{}, false
	}
	chart := report.Chart{Kind: report.Bars, Title: w.say("daily_spend") + " (" + days[0].Amount.Currency() + ")"}
	values := make([]float64, len(days))
	for i, d := range days {
		chart.Categories = append(chart.Categories, dash(d.Day.Day(), true))
		values[i] = d.Amount.Float()
	}
	chart.Series = []report.Series{report.Values(w.say("spent"), values...)}
	return chart, true
}

func (w writer) reputation() (report.Section, bool) {
	s := w.in.Standing
	if s == nil || len(s.Brands) == 0 {
		return report.Section{}, false
	}
	t := report.Table{Columns: []report.Column{w.column("brand"), w.number("mentions"), w.number("share_of_voice"), w.number("interval")}}
	for _, b := range s.Brands {
		name := b.Name
		if b.Own {
			name += " ★"
		}
		t.Rows = append(t.Rows, []report.Cell{{Text: name}, w.count(b.Mentions), {Text: w.percent(b.Share.Value, 1)}, {Text: w.interval(b.Share, 1)}})
	}
	blocks := []report.Block{{Table: &t}}
	if s.Sentiment != nil {
		blocks = append(blocks, report.Paragraph(w.say("net_sentiment",
			sosyal.PercentArg("value", s.Sentiment.Value, 1), sosyal.PercentArg("low", s.Sentiment.Low, 1), sosyal.PercentArg("high", s.Sentiment.High, 1))))
	}
	if len(s.Topics) > 0 {
		blocks = append(blocks, report.Paragraph(w.say("topics")+" "+join(s.Topics)))
	}
	return w.section("reputation", append(blocks, w.points(s.Alarms...))...)
}

// next says what follows for the next period.
func (w writer) next() (report.Section, bool) {
	var blocks []report.Block
	if r := w.in.Recommendation; r != nil {
		t := report.Table{Caption: w.say("next_mix"), Columns: []report.Column{w.column("category"), w.number("now"), w.number("next_share"), w.column("why")}}
		for _, c := range r.Changes {
			t.Rows = append(t.Rows, report.Cells(w.Term(string(c.Category)), w.percent(c.From, 0), w.percent(c.To, 0), join(w.Texts(c.Reasons))))
		}
		blocks = append(blocks, report.Block{Table: &t})
	}
	if w.in.Money != nil && w.in.Money.Renewal != nil {
		renewal := w.in.Money.Renewal
		t := report.Table{Caption: w.say("renewal", sosyal.DateArg("from", renewal.Budget.Period.From)), Columns: []report.Column{w.column("line"), w.number("planned"), w.number("next_amount")}}
		for _, l := range renewal.Budget.Lines {
			before, _ := w.in.Money.Budget.Line(l.ID)
			t.Rows = append(t.Rows, []report.Cell{{Text: l.Name}, w.moneyCell(before.Planned), w.moneyCell(l.Planned)})
		}
		blocks = append(blocks, report.Block{Table: &t})
		if w.running() { // afterwards there is nothing left to hurry for
			blocks = append(blocks, w.points(renewal.Triggers...))
		}
	}
	return w.section("next", blocks...)
}

func (w writer) notes() (report.Section, bool) { return w.section("notes", w.points(w.in.Notes...)) }
