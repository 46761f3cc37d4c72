package planning

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/budget"
	"github.com/yukselenler/sosyal/calendar"
	"github.com/yukselenler/sosyal/engagement"
	"github.com/yukselenler/sosyal/engagement/report"
	"github.com/yukselenler/sosyal/engagement/reputation"
)

// BriefInput is what management is told at a stage of the work. Parts that are
// empty are left out of the report, except goals and the calendar.
type BriefInput struct {
	Title, Subtitle string
	Created         time.Time
	Period          sosyal.Period
	Progress        []Progress
	Segments        []audience.Segment
	Strategy        Strategy
	// Analysis is what the figures say of content; Recommendation what follows
	// for the mix.
	Analysis       *engagement.Analysis
	Recommendation *engagement.Recommendation
	Items          []calendar.Item
	Days           []calendar.SpecialDay
	// Pictures are visuals of the plan.
	Pictures  []report.Picture
	Campaigns []CampaignResult
	Money     *MoneyResult
	Standing  *ReputationResult
	// Notes are what a reader must know of the data.
	Notes []sosyal.Reason
}

// CampaignResult is an ad campaign as management sees it.
type CampaignResult struct {
	Name      string
	Platform  string
	Objective sosyal.Objective
	Period    sosyal.Period
	State     string
	Amount    sosyal.Money
	Spent     sosyal.Money
	// ROAS and Conversions are absent where nothing was reported.
	ROAS        *decimal.Decimal
	Conversions *float64
	Segments    []string
	Reasons     []sosyal.Reason
}

// MoneyResult is the budget of the period with where it stands.
type MoneyResult struct {
	Budget    budget.Budget
	Positions []budget.Position
	Pacings   []budget.Pacing
	// Daily is what was spent each day over all lines.
	Daily []budget.DaySpend
	// Approval tells how the money was approved.
	Approval []sosyal.Reason
	Renewal  *budget.Renewal
}

// ReputationResult is what was said about the brand.
type ReputationResult struct {
	// Brands are the tracked ones with their mentions; the own one has Own set.
	Brands []BrandVoice
	// Sentiment is the net sentiment of the own brand, absent without mentions.
	Sentiment *Estimate
	Alarms    []sosyal.Reason
	Topics    []string
}

// BrandVoice is a brand's part of what was said.
type BrandVoice struct {
	Name     string
	Own      bool
	Mentions int
	Share    Estimate
}

// Estimate is a value with its interval.
type Estimate struct {
	Value, Low, High float64
}

// Brief assembles the report that management receives. The catalogue gives the
// language and must hold the messages of the packages whose reasons the input
// carries; [Catalogue] returns one.
func Brief(in BriefInput, c sosyal.Catalogue) (report.Report, error) {
	var p sosyal.Problems
	p.Require(in.Title != "", "title", "is required", "")
	p.Require(!in.Created.IsZero(), "created", "is required", "")
	p.Nest("period", in.Period.Validate())
	if err := p.Err(); err != nil {
		return report.Report{}, fmt.Errorf("brief: %w", err)
	}
	w := writer{Catalogue: c, in: in}
	var err error
	if w.entries, err = calendar.Agenda(in.Items); err != nil {
		return report.Report{}, fmt.Errorf("brief: %w", err)
	}
	if in.Money != nil {
		if w.total, err = budget.Total(in.Money.Positions); err != nil {
			return report.Report{}, fmt.Errorf("brief: %w", err)
		}
	}
	r := report.Report{Title: in.Title, Subtitle: in.Subtitle, Language: c.Language(), Created: in.Created}
	for _, part := range []func() (report.Section, bool){
		w.summary, w.goals, w.content, w.times, w.plan, w.visuals, w.strategy, w.audience, w.campaigns, w.money, w.reputation, w.next, w.notes,
	} {
		if s, ok := part(); ok {
			r.Sections = append(r.Sections, s)
		}
	}
	return r, r.Validate()
}

// Catalogue returns a catalogue with the texts of every package that a brief may
// carry reasons of. A host adds its own and those of package campaign.
func Catalogue(l sosyal.Language, further ...sosyal.Messages) sosyal.Catalogue {
	return sosyal.NewCatalogue(l, sosyal.StandardMessages(l), audience.Messages(l), calendar.Messages(l),
		budget.Messages(l), engagement.Messages(l), reputation.Messages(l), Messages(l)).With(further...)
}

// writer turns the parts of a brief into sections.
type writer struct {
	sosyal.Catalogue
	in BriefInput

	entries []calendar.Entry // the calendar, by time
	total   budget.Position  // of the money, where there is any
}

// say is a text of the brief.
func (w writer) say(code string, args ...sosyal.Arg) string {
	return w.Text(sosyal.Because("planning.brief."+code, args...))
}

func (w writer) section(id string, blocks ...report.Block) (report.Section, bool) {
	kept := make([]report.Block, 0, len(blocks))
	for _, b := range blocks {
		empty := b.Text == nil && len(b.Figures) == 0 && b.Table == nil && b.Chart == nil && b.Gallery == nil
		if !empty {
			kept = append(kept, b)
		}
	}
	return report.Section{ID: id, Title: w.say(id), Blocks: kept}, len(kept) > 0
}

// column is a heading with a code of the brief.
func (w writer) column(code string) report.Column { return report.Column{Title: w.say(code)} }

func (w writer) number(code string) report.Column {
	return report.Column{Title: w.say(code), Number: true}
}

// points lists reasons, or nothing.
func (w writer) points(reasons ...sosyal.Reason) report.Block {
	if len(reasons) == 0 {
		return report.Block{}
	}
	return report.Points(w.Texts(reasons)...)
}

// money is an amount for people and programs.
func (w writer) moneyCell(m sosyal.Money) report.Cell {
	if m.Currency() == "" {
		return report.Cell{}
	}
	return report.Cell{Text: m.Round(sosyal.HalfUp).Format(w.Language()), Raw: m.Amount().String()}
}

func (w writer) count(n int) report.Cell {
	return report.Cell{Text: sosyal.FormatDecimal(decimal.NewFromInt(int64(n)), 0, w.Language().Convention()), Raw: fmt.Sprint(n)}
}

// percent writes a share.
func (w writer) percent(share float64, places int) string {
	return w.Text(sosyal.Because("planning.brief.percent", sosyal.PercentArg("share", share, places)))
}

// decimals writes a number.
func (w writer) decimals(v float64, places int32) string {
	return sosyal.FormatDecimal(decimal.NewFromFloat(v), places, w.Language().Convention())
}

// interval writes the ends of an estimate in per cent.
func (w writer) interval(e Estimate, places int) string {
	return w.percent(e.Low, places) + " – " + w.percent(e.High, places)
}
