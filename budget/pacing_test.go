package budget_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/budget"
)

// days lists spend from 1 November on.
func days(tb testing.TB, perDay ...string) []budget.DaySpend {
	tb.Helper()
	out := make([]budget.DaySpend, len(perDay))
	for i, amount := range perDay {
		out[i] = budget.DaySpend{Day: nov(i + 1), Amount: tl(tb, amount)}
	}
	return out
}

func standing(tb testing.TB, approved, spent string) budget.Position {
	tb.Helper()
	return budget.Position{Line: "meta", Planned: tl(tb, approved), Approved: tl(tb, approved), Committed: tl(tb, "0"), Spent: tl(tb, spent), Available: tl(tb, "0")}
}

func codes(reasons []sosyal.Reason) string {
	names := make([]string, len(reasons))
	for i, r := range reasons {
		names[i] = strings.TrimPrefix(r.Code, "budget.")
	}
	return strings.Join(names, " ")
}

// 3,000 liras for the 30 days of November: 100 a day, at noon of the 11th ten
// days are over.
func TestPace(t *testing.T) {
	even := []string{"100", "100", "100", "100", "100", "100", "100", "100", "100", "100"}
	for name, c := range map[string]struct {
		in        budget.PaceInput
		verdict   budget.Verdict
		index     string
		daily     string
		forecast  string
		exhausted date.Date
		codes     string
	}{
		"as planned": {
			budget.PaceInput{Position: standing(t, "3000", "1000"), Daily: days(t, even...)},
			budget.OnTrack, "1", "100.00", "3000.00", 0, "pace.on_track forecast",
		},
		"twice as fast: the money ends with day 15": {
			budget.PaceInput{Position: standing(t, "3000", "2000"), Daily: days(t, "200", "200", "200", "200", "200", "200", "200", "200", "200", "200")},
			budget.Over, "2", "50.00", "6000.00", nov(15), "pace.over forecast exhausted",
		},
		"half as fast": {
			budget.PaceInput{Position: standing(t, "3000", "500"), Daily: days(t, "50", "50", "50", "50", "50", "50", "50", "50", "50", "50")},
			budget.Under, "0.5", "125.00", "1500.00", 0, "pace.under forecast",
		},
		"within the dead band": {
			budget.PaceInput{Position: standing(t, "3000", "1090"), Daily: days(t, "109", "109", "109", "109", "109", "109", "109", "109", "109", "109")},
			budget.OnTrack, "1.09", "95.50", "3270.00", nov(28), "pace.on_track forecast exhausted",
		},
		"one high day beyond the platform's own rule": {
			budget.PaceInput{Position: standing(t, "3000", "1170"), Daily: days(t, append(even[:9:9], "270")...), DayRule: rule(t, "google")},
			budget.Over, "1.17", "91.50", "3510.00", nov(26), "pace.over forecast exhausted",
		},
		"one high day within the platform's own rule": {
			budget.PaceInput{Position: standing(t, "3000", "1099"), Daily: days(t, append(even[:9:9], "199")...), DeadBand: 0.05, DayRule: rule(t, "google")},
			budget.OnTrack, "1.099", "95.05", "3297.00", nov(28), "pace.day_allowed forecast exhausted",
		},
		"a high day after days that were high too": {
			budget.PaceInput{Position: standing(t, "3000", "1260"), Daily: days(t, "120", "120", "120", "120", "120", "120", "120", "120", "120", "180"), DayRule: rule(t, "google")},
			budget.Over, "1.26", "87.00", "3780.00", nov(24), "pace.over forecast exhausted",
		},
		"six days are too few": {
			budget.PaceInput{Position: standing(t, "3000", "600"), Daily: days(t, even[:6]...), Now: at(7, 12)},
			budget.OnTrack, "1", "100.00", "", 0, "pace.on_track forecast.thin",
		},
		"the platform reports two days late": {
			budget.PaceInput{Position: standing(t, "3000", "800"), Daily: days(t, even[:8]...), Through: nov(8)},
			budget.OnTrack, "1", "100.00", "3000.00", 0, "pace.on_track forecast",
		},
		"only a total is known": {
			budget.PaceInput{Position: standing(t, "3000", "990")},
			budget.OnTrack, "0.99", "100.50", "", 0, "pace.on_track forecast.thin",
		},
		"overspent": {
			budget.PaceInput{Position: standing(t, "900", "1000"), Daily: days(t, even...)},
			budget.Over, "3.3333", "0.00", "3000.00", nov(11), "overspent forecast exhausted",
		},
		"nothing approved": {
			budget.PaceInput{Position: standing(t, "0", "0")},
			budget.Withheld, "", "0.00", "", 0, "pace.nothing_approved forecast.thin",
		},
		"before the period": {
			budget.PaceInput{Position: standing(t, "3000", "0"), Now: at(1, 0)},
			budget.Withheld, "", "100.00", "", 0, "pace.too_early forecast.thin",
		},
		"after the period": {
			budget.PaceInput{Position: standing(t, "3000", "2950"), Now: at(30, 0).AddDate(0, 0, 5)},
			budget.OnTrack, "0.9833", "0.00", "", 0, "pace.on_track forecast.thin",
		},
	} {
		t.Run(name, func(t *testing.T) {
			in := c.in
			in.Period = sosyal.Month(2026, time.November)
			if in.Now.IsZero() {
				in.Now = at(11, 12)
			}
			got, err := budget.Pace(in)
			require.NoError(t, err)
			assert.Equal(t, c.verdict, got.Verdict)
			if c.index == "" {
				assert.Nil(t, got.Index)
			} else {
				assert.InDelta(t, decimal.RequireFromString(c.index).InexactFloat64(), *got.Index, 1e-4)
			}
			assert.Equal(t, c.daily+" TRY", got.Daily.String())
			if c.forecast == "" {
				assert.Nil(t, got.Forecast)
			} else {
				assert.Equal(t, c.forecast+" TRY", got.Forecast.Amount.String())
			}
			if c.exhausted == 0 {
				assert.Nil(t, got.Exhausted)
			} else if assert.NotNil(t, got.Exhausted) {
				assert.Equal(t, c.exhausted, *got.Exhausted)
			}
			assert.Equal(t, c.codes, codes(got.Reasons))
		})
	}
}

func rule(tb testing.TB, platform string) *budget.DayRule {
	tb.Helper()
	rules, err := budget.StandardDayRules()
	require.NoError(tb, err)
	r, ok := rules.For(platform, nov(3))
	require.True(tb, ok)
	return &r
}

// Half of the money belongs to the last five days; on the 26th half of it should
// be left, and the forecast must know it.
func TestPaceByDayWeights(t *testing.T) {
	weights := func(d date.Date) float64 {
		if d >= nov(26) {
			return 5
		}
		return 1
	}
	var daily []budget.DaySpend
	for d := range 25 {
		daily = append(daily, budget.DaySpend{Day: nov(d + 1), Amount: tl(t, "60")})
	}
	got, err := budget.Pace(budget.PaceInput{
		Position: standing(t, "3000", "1500"), Period: sosyal.Month(2026, time.November), Now: at(26, 3), Daily: daily, Weights: weights,
	})
	require.NoError(t, err)
	assert.Equal(t, "1500.00 TRY", got.Expected.String())
	assert.InDelta(t, 1, *got.Index, 1e-12)
	assert.Equal(t, "3000.00 TRY", got.Forecast.Amount.String())
	assert.Equal(t, "300.00 TRY", got.Daily.String())
}

// The zone decides which day it is: 22:30 UTC on the 10th is the 11th in
// Istanbul, so ten days are over there and nine in UTC.
func TestPaceCountsDaysInTheZone(t *testing.T) {
	istanbul, err := sosyal.LoadZone("Europe/Istanbul")
	require.NoError(t, err)
	in := budget.PaceInput{
		Position: standing(t, "3000", "1000"), Period: sosyal.Month(2026, time.November),
		Now: time.Date(2026, time.November, 10, 22, 30, 0, 0, time.UTC),
	}
	for zone, want := range map[*time.Location]string{nil: "900.00 TRY", istanbul: "1000.00 TRY"} {
		in.Zone = zone
		got, err := budget.Pace(in)
		require.NoError(t, err)
		assert.Equal(t, want, got.Expected.String())
	}
}

// The 80 % interval holds the end of the month at least four times in five, with
// weekday weights and noise of a third. It reckons with days that resemble the
// day before, which these do not, and so may hold it in up to 88 %. 1,500
// months: three standard errors are 3.1 points.
func TestForecastCovers(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 5))
	weights := func(d date.Date) float64 { return []float64{1.3, 0.8, 0.9, 1, 1, 1.1, 1.4}[d.Weekday()] }
	const months = 1500
	hits := 0
	for range months {
		var daily []budget.DaySpend
		truth := 0.0
		for d := range 30 {
			w := weights(nov(d + 1))
			v := math.Round(100*(100*w+33*math.Sqrt(w)*rng.NormFloat64())) / 100
			v = max(v, 0)
			truth += v
			if d < 14 {
				m, err := sosyal.NewMoney(decimal.NewFromFloat(v), "TRY")
				require.NoError(t, err)
				daily = append(daily, budget.DaySpend{Day: nov(d + 1), Amount: m})
			}
		}
		got, err := budget.Pace(budget.PaceInput{
			Position: standing(t, "3000", "0"), Period: sosyal.Month(2026, time.November), Now: at(15, 1), Daily: daily, Weights: weights,
		})
		require.NoError(t, err)
		if got.Forecast.Low.Float() <= truth && truth <= got.Forecast.High.Float() {
			hits++
		}
	}
	assert.Greater(t, float64(hits)/months, 0.80-0.031)
	assert.Less(t, float64(hits)/months, 0.88)
}

func TestPaceRefusesNonsense(t *testing.T) {
	good := budget.PaceInput{Position: standing(t, "3000", "10"), Period: sosyal.Month(2026, time.November), Now: at(5, 0)}
	for name, change := range map[string]func(*budget.PaceInput){
		"an empty period":      func(in *budget.PaceInput) { in.Period.To = in.Period.From },
		"no time":              func(in *budget.PaceInput) { in.Now = time.Time{} },
		"no currency":          func(in *budget.PaceInput) { in.Position = budget.Position{} },
		"NaN weights":          func(in *budget.PaceInput) { in.Weights = func(date.Date) float64 { return math.NaN() } },
		"endless weights":      func(in *budget.PaceInput) { in.Weights = func(date.Date) float64 { return math.Inf(1) } },
		"negative weights":     func(in *budget.PaceInput) { in.Weights = func(date.Date) float64 { return -1 } },
		"no weight at all":     func(in *budget.PaceInput) { in.Weights = func(date.Date) float64 { return 0 } },
		"a dead band of all":   func(in *budget.PaceInput) { in.DeadBand = 1 },
		"a level of certainty": func(in *budget.PaceInput) { in.Level = 1 },
		"spend in another money": func(in *budget.PaceInput) {
			in.Daily = days(t, "1")
			in.Daily[0].Amount, _ = sosyal.MoneyFromMinor(1, "USD")
		},
	} {
		in := good
		change(&in)
		_, err := budget.Pace(in)
		require.ErrorIs(t, err, sosyal.ErrInvalid, name)
	}
}

func TestDayRules(t *testing.T) {
	rules, err := budget.StandardDayRules()
	require.NoError(t, err)
	google := rule(t, "google")
	assert.True(t, google.Allows(tl(t, "200"), tl(t, "100")))
	assert.False(t, google.Allows(tl(t, "200.01"), tl(t, "100")))
	meta := rule(t, "meta")
	assert.True(t, meta.Allows(tl(t, "175"), tl(t, "100")))
	assert.False(t, meta.Allows(tl(t, "175.01"), tl(t, "100")))
	old, ok := rules.For("meta", date.New(2020, time.May, 1))
	require.True(t, ok)
	assert.Equal(t, "1.25", old.Day.String(), "the rule in force then")
	_, ok = rules.For("billboards", nov(1))
	assert.False(t, ok)
	assert.False(t, google.Stale(nov(30), 365))
	assert.True(t, google.Stale(date.New(2029, time.January, 1), 365))
	for name, text := range map[string]string{
		"not a list":    `{}`,
		"no source":     `[{"platform":"p","day":"2","window":"","source":"","as_of":"2026-01-01","confidence":"P"}]`,
		"no such day":   `[{"platform":"p","day":"2","window":"","source":"s","as_of":"2026-02-30","confidence":"P"}]`,
		"below one":     `[{"platform":"p","day":"0.5","window":"","source":"s","as_of":"2026-01-01","confidence":"P"}]`,
		"unknown field": `[{"platform":"p","days":"2"}]`,
	} {
		_, err := budget.ReadDayRules(strings.NewReader(text))
		require.Error(t, err, name)
	}
}

// FuzzReadDayRules: a list is refused or every rule in it can be used.
func FuzzReadDayRules(f *testing.F) {
	f.Add(`[{"platform":"p","day":"2","week":"7","window":"w","from":"2026-01-01","to":"2027-01-01","source":"s","as_of":"2026-01-01","confidence":"P"}]`)
	f.Fuzz(func(t *testing.T, text string) {
		rules, err := budget.ReadDayRules(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, r := range rules {
			require.True(t, r.Allows(tl(t, "1"), tl(t, "1")), "a rule never allows less than the plan")
		}
	})
}
