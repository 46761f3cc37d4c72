package budget_test

import (
	"testing"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/budget"
)

func forecastOf(tb testing.TB, line budget.LineID, amount string) budget.Pacing {
	tb.Helper()
	return budget.Pacing{Line: line, Forecast: &budget.Forecast{Amount: tl(tb, amount)}}
}

func at30000(tb testing.TB, line budget.LineID, approved, spent string) budget.Position {
	tb.Helper()
	p := standing(tb, approved, spent)
	p.Line = line
	return p
}

func TestRenewalTriggers(t *testing.T) {
	b := autumn(t)
	positions := []budget.Position{at30000(t, "meta", "30000", "20000"), at30000(t, "tiktok", "6000", "1000"), at30000(t, "shoot", "4000", "4000")}
	out := nov(20)
	for name, c := range map[string]struct {
		policy  budget.RenewalPolicy
		pacings []budget.Pacing
		now     time.Time
		want    string
	}{
		"nothing asked":              {budget.RenewalPolicy{}, nil, at(29, 0), ""},
		"eight days left":            {budget.RenewalPolicy{DaysToEnd: 7}, nil, at(23, 23), ""},
		"seven days left":            {budget.RenewalPolicy{DaysToEnd: 7}, nil, at(24, 0), "renewal.days_to_end"},
		"25,000 of 40,000 are 62.5%": {budget.RenewalPolicy{ShareSpent: 0.625}, nil, at(10, 0), "renewal.share_spent"},
		"which is not 63%":           {budget.RenewalPolicy{ShareSpent: 0.63}, nil, at(10, 0), ""},
		"out of money on the 20th": {
			budget.RenewalPolicy{ExhaustionDays: 10}, []budget.Pacing{{Line: "meta", Exhausted: &out}}, at(10, 0), "exhausted",
		},
		"which is not 11 days early": {
			budget.RenewalPolicy{ExhaustionDays: 11}, []budget.Pacing{{Line: "meta", Exhausted: &out}}, at(10, 0), "",
		},
		"over by a fifth": {
			budget.RenewalPolicy{ForecastOff: 0.2}, []budget.Pacing{forecastOf(t, "meta", "36000")}, at(10, 0), "renewal.forecast_over",
		},
		"under by a fifth": {
			budget.RenewalPolicy{ForecastOff: 0.2}, []budget.Pacing{forecastOf(t, "meta", "24000")}, at(10, 0), "renewal.forecast_under",
		},
		"off by less": {
			budget.RenewalPolicy{ForecastOff: 0.2}, []budget.Pacing{forecastOf(t, "meta", "24001")}, at(10, 0), "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, due, err := budget.Renew(b, positions, c.pacings, c.policy, c.now)
			require.NoError(t, err)
			assert.Equal(t, c.want, codes(got.Triggers))
			assert.Equal(t, c.want != "", due)
		})
	}
}

func TestRenewalProposes(t *testing.T) {
	b := autumn(t)
	positions := []budget.Position{at30000(t, "meta", "30000", "20000"), at30000(t, "tiktok", "6000", "1000"), at30000(t, "shoot", "4000", "4000")}
	pacings := []budget.Pacing{forecastOf(t, "meta", "33000"), forecastOf(t, "tiktok", "3000")}
	got, due, err := budget.Renew(b, positions, pacings, budget.RenewalPolicy{DaysToEnd: 7, CarryOver: true}, at(25, 0))
	require.NoError(t, err)
	require.True(t, due)
	require.NoError(t, got.Budget.Validate())
	require.NoError(t, got.Request.CheckAgainst(got.Budget))
	assert.Equal(t, sosyal.Month(2026, time.December), got.Budget.Period)
	assert.Equal(t, budget.ID("autumn/2026-12-01"), got.Budget.ID)
	var planned, asked []string
	for _, l := range got.Budget.Lines {
		planned = append(planned, l.Planned.String())
	}
	for _, l := range got.Request.Lines {
		asked = append(asked, string(l.Line)+" "+l.Amount.String())
	}
	// Meta: 33,000 x 31/30 = 34,100; TikTok: half, bounded at minus 30 %; the
	// studio has no forecast and stays.
	assert.Equal(t, []string{"34100.00 TRY", "4200.00 TRY", "4000.00 TRY"}, planned)
	// TikTok is forecast to leave 3,000, which is carried over.
	assert.Equal(t, []string{"meta 34100.00 TRY", "tiktok 1200.00 TRY", "shoot 4000.00 TRY"}, asked)
	require.Len(t, got.Carried, 1)
	assert.Equal(t, "3000.00 TRY", got.Carried[0].Amount.String())
	assert.Equal(t, "renewal.days_to_end renewal.line renewal.line renewal.carried renewal.kept", codes(got.Request.Evidence))
	assert.True(t, got.Request.Approval.IsZero(), "a renewal is a proposal: it goes through approval")

	again, due, err := budget.Renew(got.Budget, nil, nil, budget.RenewalPolicy{DaysToEnd: 99, Next: func(d date.Date) date.Date { return d + 14 }}, at(30, 0))
	require.NoError(t, err)
	require.True(t, due)
	assert.Equal(t, "2027-01-01/2027-01-15", again.Budget.Period.String())
	assert.Equal(t, budget.ID("autumn/2027-01-01"), again.Budget.ID, "periods do not pile up in the id")
	_, _, err = budget.Renew(b, nil, nil, budget.RenewalPolicy{DaysToEnd: 99, Next: func(d date.Date) date.Date { return d }}, at(30, 0))
	require.ErrorIs(t, err, sosyal.ErrInvalid, "a recurrence that does not move on")
}

func TestRenewalKeepsSmallChangesOut(t *testing.T) {
	b := autumn(t)
	got, _, err := budget.Renew(b, nil, []budget.Pacing{forecastOf(t, "meta", "29500")}, budget.RenewalPolicy{DaysToEnd: 99}, at(25, 0))
	require.NoError(t, err)
	assert.Equal(t, "30000.00 TRY", got.Budget.Lines[0].Planned.String(), "29,500 x 31/30 is 1.6 % more")
}
