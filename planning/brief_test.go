package planning_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/budget"
	"github.com/yukselenler/sosyal/calendar"
	"github.com/yukselenler/sosyal/engagement"
	"github.com/yukselenler/sosyal/engagement/report"
	"github.com/yukselenler/sosyal/planning"
)

func briefed(t *testing.T, in planning.BriefInput) map[string]report.Section {
	t.Helper()
	in.Title, in.Created, in.Period = "Rapor", time.Date(2026, 12, 4, 6, 0, 0, 0, time.UTC), sosyal.Month(2026, time.November)
	r, err := planning.Brief(in, planning.Catalogue(sosyal.Turkish))
	require.NoError(t, err)
	sections := map[string]report.Section{}
	for _, s := range r.Sections {
		sections[s.ID] = s
	}
	return sections
}

// column are the texts of a column of the first table of a section.
func column(s report.Section, n int) (out []string) {
	for _, b := range s.Blocks {
		if b.Table == nil {
			continue
		}
		for _, row := range b.Table.Rows {
			out = append(out, row[n].Text)
		}
		return out
	}
	return nil
}

func TestBriefShowsGoalsAsATree(t *testing.T) {
	shop, social, network := revenueGoal(), revenueGoal(), revenueGoal()
	social.ID, social.Parent, social.Name = "g2", "g1", "Sosyal ağlar"
	network.ID, network.Parent, network.Name = "g3", "g2", "TikTok"
	got := briefed(t, planning.BriefInput{Progress: []planning.Progress{
		{Goal: shop, Actual: d("1234567.50"), Known: true}, {Goal: social}, {Goal: network},
	}})
	assert.Equal(t, []string{"Kasım cirosu", "↳\u00a0Sosyal ağlar", "\u2003↳\u00a0TikTok"}, column(got["goals"], 0))

	figures := got["summary"].Blocks[0].Figures
	assert.Equal(t, "₺1.234.568", figures[0].Value, "money has its sign and no minor units where it is told at a glance")
	assert.Equal(t, "hedef ₺1.000.000", figures[0].Note)
}

func TestBriefSaysWhoseReasonsAndWhichCurrency(t *testing.T) {
	lira := func(units int64) sosyal.Money {
		m, err := sosyal.MoneyFromMinor(units, "TRY")
		require.NoError(t, err)
		return m
	}
	why := sosyal.Because("planning.cadence", sosyal.CountArg("n", 3))
	got := briefed(t, planning.BriefInput{
		Campaigns: []planning.CampaignResult{{Name: "a", Reasons: []sosyal.Reason{why, why}}, {Name: "b", Reasons: []sosyal.Reason{why}}, {Name: "c"}},
		Money:     &planning.MoneyResult{Daily: []budget.DaySpend{{Day: 1, Amount: lira(100)}, {Day: 2, Amount: lira(200)}}},
	})
	points := got["campaigns"].Blocks[1].Text
	require.Len(t, points.Paragraphs, 2)
	assert.Regexp(t, "^a: Haftada 3 gönderi.*; Haftada", points.Paragraphs[0])
	assert.Regexp(t, "^b: Haftada 3 gönderi", points.Paragraphs[1])
	charts := 0
	for _, b := range got["money"].Blocks {
		if b.Chart != nil {
			charts++
			assert.Equal(t, "Günlük harcama (TRY)", b.Chart.Title)
		}
	}
	assert.Equal(t, 1, charts)
}

// An hour that is best on any day must not fill the list by itself: the seven
// days of 17:00 say less than three hours do.
func TestBriefShowsHoursOfAnyDayWhereDaysDoNotDiffer(t *testing.T) {
	curve := engagement.Curve{Network: sosyal.Instagram}
	curve.Hours[17], curve.Hours[22], curve.Hours[23] = 0.3, 0.2, 0.1
	times := engagement.BestTimes{Level: 0.95, Networks: []engagement.Curve{curve}, Weekdays: engagement.TimeEffect{P: 0.4, NoEvidence: true}}
	channels := planning.Strategy{Channels: []planning.Channel{{Destination: sosyal.Destination{Brand: "demo", Network: sosyal.Instagram, Account: "a"}}}}
	show := func() []string {
		return column(briefed(t, planning.BriefInput{Strategy: channels, Analysis: &engagement.Analysis{Times: times}})["times"], 1)
	}
	assert.Equal(t, []string{"her gün 17:00–18:00", "her gün 22:00–23:00", "her gün 23:00–00:00"}, show())

	times.Weekdays = engagement.TimeEffect{P: 0.001}
	times.Networks[0].Weekdays[time.Friday] = 1
	assert.Equal(t, []string{"Cuma 17:00–18:00", "Cuma 22:00–23:00", "Cuma 23:00–00:00"}, show())
}

// A calendar that cannot be read or money that cannot be added up must not
// become a brief that leaves them out.
func TestBriefFailsRatherThanLeaveOut(t *testing.T) {
	money := func(currency string) sosyal.Money {
		m, err := sosyal.MoneyFromMinor(100, currency)
		require.NoError(t, err)
		return m
	}
	at := sosyal.LocalTime{Date: sosyal.Month(2026, time.November).From, Zone: "Europa/Istanbul"}
	for name, c := range map[string]struct {
		in   planning.BriefInput
		says string
	}{
		"zone": {planning.BriefInput{Items: []calendar.Item{{ID: "i1", Variants: []calendar.Variant{{At: at}}}}}, "Europa/Istanbul"},
		"currencies": {planning.BriefInput{Money: &planning.MoneyResult{Positions: []budget.Position{
			{Planned: money("TRY")}, {Planned: money("EUR")},
		}}}, "EUR"},
	} {
		t.Run(name, func(t *testing.T) {
			c.in.Created = time.Date(2026, 12, 4, 6, 0, 0, 0, time.UTC)
			c.in.Title, c.in.Period = "Rapor", sosyal.Month(2026, time.November)
			_, err := planning.Brief(c.in, planning.Catalogue(sosyal.Turkish))
			assert.ErrorContains(t, err, c.says)
		})
	}
}
