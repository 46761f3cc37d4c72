package value_test

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/value"
	"github.com/yukselenler/sosyal/sosyaltest"
)

func cents(n int64) sosyal.Money {
	m, err := sosyal.MoneyFromMinor(n, "TRY")
	if err != nil {
		panic(err)
	}
	return m
}

func personID(i int) sosyal.PersonID { return sosyal.PersonID("m-" + strconv.Itoa(i)) }

// The formula, written out for a model that everybody can follow: two purchases a
// unit, alive for certain.
type steady struct{}

func (steady) ExpectedPurchases(t float64, _ value.Summary) float64 { return 2 * t }
func (steady) ProbabilityAlive(value.Summary) float64               { return 1 }

func TestLifetimeValue(t *testing.T) {
	spend := value.GammaGamma{P: 2, Q: 3, V: 10} // 10 for everybody new
	h := value.Horizon{Periods: 3, Length: 4, Discount: .1, Margin: .5}
	// 8 purchases in each of three periods, worth 1/1.1, 1/1.21 and 1/1.331 of 10, half of it.
	assert.InDelta(t, 8*10*.5*(1/1.1+1/1.21+1/1.331), h.LifetimeValue(steady{}, spend, value.Summary{}), 1e-12)
	h.Discount, h.Margin = 0, 1
	assert.InDelta(t, 240, h.LifetimeValue(steady{}, spend, value.Summary{}), 1e-12)
	assert.True(t, math.IsInf(h.LifetimeValue(steady{}, value.GammaGamma{P: 2, Q: 1, V: 10}, value.Summary{}), 1), "spend without a mean")
	for _, broken := range []value.Horizon{{}, {Periods: 1, Length: math.NaN(), Margin: 1}, {Periods: 1, Length: 1, Discount: -1, Margin: 1}, {Periods: 1, Length: 1, Margin: 2}} {
		require.Error(t, broken.Validate())
		assert.True(t, math.IsNaN(broken.LifetimeValue(steady{}, spend, value.Summary{})))
	}
	assert.Len(t, sosyal.FieldErrors(value.Horizon{Discount: -1}.Validate()), 4)
}

// Predictions are what the fitted models say, in the order of the histories, as
// often as they are read.
func TestPredictIsItsParts(t *testing.T) {
	asOf := simulationStart + 300
	for method, n := range map[value.Method]int{value.MethodBGNBD: 9_000 /* more than a batch */, value.MethodParetoNBD: 700} {
		histories := simulatedHistories(1, n)
		predictions, report, err := value.Predict(histories, asOf, value.PredictOptions{
			Method: method, HorizonDays: 180, AnnualDiscount: .3, Margin: .4, CheckDays: 100,
		})
		require.NoError(t, err)
		population, err := value.Summarize(histories, asOf, value.SummarizeOptions{})
		require.NoError(t, err)
		var model value.Model
		if method == value.MethodBGNBD {
			m, err := value.FitBGNBD(population.Summaries())
			require.NoError(t, err)
			require.Equal(t, m, *report.BGNBD)
			require.Nil(t, report.ParetoNBD)
			model = m
		} else {
			m, err := value.FitParetoNBD(population.Summaries())
			require.NoError(t, err)
			require.Equal(t, m, *report.ParetoNBD)
			require.Nil(t, report.BGNBD)
			model = m
		}
		spend, err := value.FitGammaGamma(population.Summaries())
		require.NoError(t, err)
		assert.Equal(t, spend, *report.Spend)
		// Six periods of 30 days, each discounted so that 365 days are 30%.
		rate := math.Pow(1.3, 30./365) - 1
		all := slices.Collect(predictions)
		require.Len(t, all, n)
		for i, p := range all {
			s := population.Customers[i].Summary
			require.Equal(t, personID(i), p.Customer)
			require.Equal(t, s, p.Summary)
			require.InDelta(t, model.ProbabilityAlive(s), p.ProbabilityAlive, 0)
			require.InDelta(t, model.ExpectedPurchases(180./7, s), p.ExpectedPurchases, 1e-9)
			require.True(t, p.SpendKnown)
			require.InDelta(t, spend.ExpectedSpend(s), p.ExpectedSpend, 0)
			if i%50 == 0 {
				worth := 0.0
				for k := 1; k <= 6; k++ {
					worth += (model.ExpectedPurchases(float64(k)*30/7, s) - model.ExpectedPurchases(float64(k-1)*30/7, s)) / math.Pow(1+rate, float64(k))
				}
				require.InEpsilon(t, .4*p.ExpectedSpend*worth, p.LifetimeValue, 1e-9)
			}
		}
		again := slices.Collect(predictions)
		assert.Equal(t, all, again)
		for p := range predictions {
			assert.Equal(t, all[0], p)
			break
		}
		if method == value.MethodBGNBD { // as they buy; the other finds no maximum in the shorter history
			require.NotNil(t, report.Holdout)
			assert.Equal(t, asOf-100, report.Holdout.Calibration.To-1)
		}
		assert.Equal(t, "TRY", report.Currency)
		assert.Equal(t, n, report.Customers)
		readable(t, report.Reasons)
		_, err = json.Marshal(report)
		require.NoError(t, err)
	}
}

func TestReportRoundsForShow(t *testing.T) {
	r := value.Report{Currency: "TRY"}
	for v, want := range map[float64]string{12.345: "12.34 TRY", 12.355: "12.36 TRY", 0: "0.00 TRY"} {
		m, err := r.Money(v)
		require.NoError(t, err)
		assert.Equal(t, want, m.String())
	}
	for _, v := range []float64{math.NaN(), math.Inf(1)} {
		_, err := r.Money(v)
		assert.ErrorIs(t, err, sosyal.ErrInvalid)
	}
	_, err := value.Report{}.Money(1)
	assert.ErrorIs(t, err, sosyal.ErrInvalid, "nothing bought, no currency")
}

// readable asserts that both languages say a reason in full.
func readable(t *testing.T, reasons []sosyal.Reason) {
	t.Helper()
	require.NotEmpty(t, reasons)
	for _, l := range []sosyal.Language{sosyal.English, sosyal.Turkish} {
		c := sosyal.NewCatalogue(l, value.Messages(l))
		for _, r := range reasons {
			assert.True(t, c.Has(r.Code), r.Code)
			assert.NotContains(t, c.Text(r), "{", r.Code)
			for _, a := range r.Args {
				assert.Contains(t, value.Messages(l).Placeholders(r.Code), a.Name, "%s does not say it", r.Code)
			}
		}
	}
}

// customersWith makes n customers who bought on the given days before the day of
// the forecast.
func customersWith(n int, daysBefore ...int) value.Histories {
	return func(yield func(sosyal.PersonID, []audience.PurchaseDay) bool) {
		for i := range n {
			var days []audience.PurchaseDay
			for _, d := range daysBefore {
				days = append(days, audience.PurchaseDay{Day: today - date.Date(d), Orders: 1, Net: cents(1000)})
			}
			if !yield(personID(i), days) {
				return
			}
		}
	}
}

func TestGateWithholds(t *testing.T) {
	for name, c := range map[string]struct {
		histories value.Histories
		want      []string
	}{
		"nobody":                 {customersWith(0), []string{"value.gate.buyers", "value.gate.frequent"}},
		"too few":                {customersWith(499, 200, 100, 1), []string{"value.gate.buyers"}},
		"too short":              {customersWith(500, 179, 100, 1), []string{"value.gate.history"}},
		"gone silent":            {customersWith(500, 200, 100, 31), []string{"value.gate.silent"}},
		"nobody often":           {customersWith(500, 200, 1), []string{"value.gate.frequent"}},
		"everything at once":     {customersWith(9, 100, 50), []string{"value.gate.buyers", "value.gate.history", "value.gate.silent", "value.gate.frequent"}},
		"at the edge, but alike": {customersWith(500, 180, 100, 30), []string{"value.fit.failed.boundary"}},
	} {
		t.Run(name, func(t *testing.T) {
			predictions, report, err := value.Predict(c.histories, today, value.PredictOptions{})
			require.Error(t, err)
			assert.Equal(t, c.want[0] != "value.fit.failed.boundary", errors.Is(err, sosyal.ErrInsufficientData))
			for range predictions {
				t.Fatal("a prediction in spite of it")
			}
			var codes []string
			for _, r := range report.Reasons {
				codes = append(codes, r.Code)
			}
			assert.Equal(t, c.want, codes)
			readable(t, report.Reasons)
		})
	}
	gate, err := value.StandardGate()
	require.NoError(t, err)
	population, err := value.Summarize(customersWith(1, 500), today, value.SummarizeOptions{})
	require.NoError(t, err)
	assert.Len(t, gate.Check(population), 3)
	assert.Empty(t, value.Gate{}.Check(population), "no condition, nothing lacks")
}

// A customer with spend but a population without variation of it still has
// purchases forecast.
func TestPredictWithoutSpend(t *testing.T) {
	alike := func(yield func(sosyal.PersonID, []audience.PurchaseDay) bool) {
		for id, days := range simulatedHistories(2, 2_000) {
			days = slices.Clone(days)
			for i := range days {
				days[i].Net = cents(1000)
			}
			if !yield(id, days) {
				return
			}
		}
	}
	predictions, report, err := value.Predict(alike, simulationStart+300, value.PredictOptions{CheckDays: -1})
	require.NoError(t, err)
	assert.Nil(t, report.Spend)
	assert.Nil(t, report.Holdout)
	assert.True(t, slices.ContainsFunc(report.Reasons, func(r sosyal.Reason) bool { return r.Code == "value.spend.failed.boundary" }))
	readable(t, report.Reasons)
	for p := range predictions {
		assert.False(t, p.SpendKnown)
		assert.Zero(t, p.LifetimeValue)
		assert.Positive(t, p.ExpectedPurchases)
		break
	}
	// Held back days before the first purchase leave nothing to check with.
	_, report, err = value.Predict(alike, simulationStart+300, value.PredictOptions{CheckDays: 400})
	require.NoError(t, err)
	assert.Nil(t, report.Holdout)
	assert.Equal(t, "value.holdout.none", report.Reasons[len(report.Reasons)-1].Code)
	readable(t, report.Reasons)
}

// Customers who all leave at one rate leave Pareto/NBD without a maximum, but not
// for want of leaving: that is an error, and not a forecast in which nobody does.
func TestPredictDoesNotOverlookLeaving(t *testing.T) {
	draw := newPopulation(6)
	p := value.Population{AsOf: today, Unit: value.Weeks, Currency: "TRY"}
	for i := range 3_000 {
		age := 30 + 20*draw.source.Float64()
		rate, leaves := draw.gamma(.8, 5), 10+5*draw.source.Float64() // weeks
		var times []float64
		for at := draw.source.ExpFloat64() / rate; at <= min(age, leaves); at += draw.source.ExpFloat64() / rate {
			times = append(times, at)
		}
		p.Customers = append(p.Customers, value.Customer{ID: personID(i), Summary: draw.summary(age, times)})
	}
	_, report, err := value.PredictPopulation(p, value.PredictOptions{Gate: &value.Gate{}, Method: value.MethodParetoNBD})
	failed, ok := errors.AsType[value.FitError](err)
	require.True(t, ok, "%v", err)
	stay, err := value.FitNBD(p.Summaries())
	require.NoError(t, err)
	assert.Greater(t, failed.LogLikelihood, stay.LogLikelihood+100)
	assert.Equal(t, "value.fit.failed.boundary", report.Reasons[0].Code)
}

// A shop's own summaries give the same predictions as the days they are from.
func TestPredictPopulation(t *testing.T) {
	histories, asOf := simulatedHistories(4, 600), simulationStart+300
	population, err := value.Summarize(histories, asOf, value.SummarizeOptions{Unit: value.Days})
	require.NoError(t, err)
	want, wantReport, err := value.Predict(histories, asOf, value.PredictOptions{SummarizeOptions: value.SummarizeOptions{Unit: value.Days}, CheckDays: -1})
	require.NoError(t, err)
	got, report, err := value.PredictPopulation(population, value.PredictOptions{})
	require.NoError(t, err)
	assert.Equal(t, wantReport, report)
	assert.Equal(t, slices.Collect(want), slices.Collect(got))

	population.Customers[7].Recency = math.NaN()
	got, _, err = value.PredictPopulation(population, value.PredictOptions{})
	require.Len(t, sosyal.FieldErrors(err), 1)
	assert.Equal(t, "summaries[7].recency", sosyal.FieldErrors(err)[0].Field)
	assert.Empty(t, slices.Collect(got))
	_, _, err = value.PredictPopulation(value.Population{}, value.PredictOptions{})
	assert.ErrorContains(t, err, "population.unit: must be a positive number of days")
	_, _, err = value.PredictPopulation(population, value.PredictOptions{Margin: -1})
	assert.ErrorContains(t, err, "margin")
	_, report, err = value.PredictPopulation(value.Population{Unit: value.Weeks}, value.PredictOptions{Gate: &value.Gate{}})
	assert.ErrorIs(t, err, sosyal.ErrInsufficientData, "even where the gate is open")
	assert.Equal(t, "value.fit.failed.thin", report.Reasons[0].Code)
	readable(t, report.Reasons)
}

func TestPredictChecksItself(t *testing.T) {
	for days, want := range map[int]int{0: 90, 60: 60} { // of the horizon, and held back
		_, report, err := value.Predict(simulatedHistories(4, 600), simulationStart+300, value.PredictOptions{HorizonDays: days})
		require.NoError(t, err)
		require.NotNil(t, report.Holdout)
		assert.Equal(t, want, report.Holdout.Tested.Days())
		h, err := value.CheckHoldout(simulatedHistories(4, 600), simulationStart+300-date.Date(want), simulationStart+300, value.HoldoutOptions{
			Methods: []value.Method{value.MethodBGNBD},
		})
		require.NoError(t, err)
		assert.Equal(t, h, *report.Holdout)
	}
}

// Spend of which so little can be said that it has no mean is forecast for those
// alone whose own says enough.
func TestPredictWhereSpendHasNoMean(t *testing.T) {
	draw := newPopulation(9)
	p := value.Population{AsOf: today, Unit: value.Weeks, Currency: "TRY"}
	for i, s := range simulated(9, 2_000, false) {
		s.Monetary = draw.spend(value.GammaGamma{P: 2, Q: .7, V: 10}, s.Frequency)
		p.Customers = append(p.Customers, value.Customer{ID: personID(i), Summary: s})
	}
	predictions, report, err := value.PredictPopulation(p, value.PredictOptions{Gate: &value.Gate{}})
	require.NoError(t, err)
	require.Less(t, report.Spend.Q, 1.0)
	assert.Equal(t, "value.spend.no_mean", report.Reasons[len(report.Reasons)-1].Code)
	readable(t, report.Reasons)
	for p := range predictions {
		assert.Equal(t, p.Summary.Frequency > 0, p.SpendKnown)
		assert.False(t, math.IsInf(p.LifetimeValue, 0) || math.IsNaN(p.LifetimeValue))
	}
	for i := range p.Customers {
		p.Customers[i].Monetary = 0
	}
	_, report, err = value.PredictPopulation(p, value.PredictOptions{Gate: &value.Gate{}})
	require.NoError(t, err)
	assert.Nil(t, report.Spend)
	assert.Equal(t, "value.spend.failed.thin", report.Reasons[len(report.Reasons)-1].Code)
	readable(t, report.Reasons)
}

// Who spends more the more often he buys breaks what Gamma-Gamma assumes.
func TestPredictReportsDependence(t *testing.T) {
	dependent := func(yield func(sosyal.PersonID, []audience.PurchaseDay) bool) {
		for id, days := range simulatedHistories(3, 2_000) {
			days = slices.Clone(days)
			for i := range days {
				days[i].Net = days[i].Net.Mul(decimal.New(int64(len(days)*len(days)), 0))
			}
			if !yield(id, days) {
				return
			}
		}
	}
	_, report, err := value.Predict(dependent, simulationStart+300, value.PredictOptions{CheckDays: -1})
	require.NoError(t, err)
	assert.Greater(t, report.Spend.Correlation.Low, .3)
	assert.True(t, slices.ContainsFunc(report.Reasons, func(r sosyal.Reason) bool { return r.Code == "value.spend.dependent" }))
	readable(t, report.Reasons)
}

func TestPredictRefusesBrokenOptions(t *testing.T) {
	_, _, err := value.Predict(customersWith(1, 1), today, value.PredictOptions{
		SummarizeOptions: value.SummarizeOptions{Unit: -1}, Method: value.OwnRate, HorizonDays: -1, AnnualDiscount: -1, Margin: 2,
		Gate: &value.Gate{Buyers: -1, HistoryDays: -1, SilentDays: -1, FrequentCustomers: -1, FrequentOrders: -1},
	})
	assert.Len(t, sosyal.FieldErrors(err), 10)
	twice := func(yield func(sosyal.PersonID, []audience.PurchaseDay) bool) {
		yield("m-1", []audience.PurchaseDay{{Day: today, Orders: 1, Net: cents(1)}, {Day: today, Orders: 1, Net: cents(1)}})
	}
	predictions, _, err := value.Predict(twice, today, value.PredictOptions{})
	assert.ErrorIs(t, err, sosyal.ErrInvalid)
	for range predictions {
		t.Fatal("a prediction in spite of it")
	}
}

func TestGateFacts(t *testing.T) {
	gate, err := value.StandardGate()
	require.NoError(t, err)
	assert.Equal(t, [5]int{500, 180, 30, 10, 3}, [...]int{gate.Buyers, gate.HistoryDays, gate.SilentDays, gate.FrequentCustomers, gate.FrequentOrders})
	for _, f := range gate.Facts {
		assert.NotEmpty(t, f.Source)
		assert.NotZero(t, f.AsOf)
	}
	own, err := value.ReadGate(strings.NewReader(`[{"rule":"buyers","value":50,"unit":"customers","source":"own trial","as_of":"2026-11-01","confidence":"S"}]`))
	require.NoError(t, err)
	assert.Equal(t, 50, own.Buyers)
	for text, want := range map[string]string{
		`{}`: "gate: must be a table",
		`[{"rule":"buyers","value":50,"unit":"customers","source":"x","as_of":"2026-02-30","confidence":"S"}]`: "[0].as_of",
		`[{"rule":"luck","value":50,"unit":"customers","source":"x","as_of":"2026-02-03","confidence":"S"}]`:   "[0].rule",
		`[{"rule":"buyers","value":50,"unit":"customers","source":"","as_of":"2026-02-03","confidence":"S"}]`:  "[0].source",
		`[{"rule":"buyers","value":50,"unit":"customers","source":"x","as_of":"2026-02-03","confidence":"Z"}]`: "[0].confidence",
		`[{"rule":"buyers","value":-5,"unit":"customers","source":"x","as_of":"2026-02-03","confidence":"P"}]`: "buyers: must not be negative",
		`[{"rule":"buyers","limit":5}]`: "unknown field",
	} {
		_, err := value.ReadGate(strings.NewReader(text))
		assert.ErrorContains(t, err, want)
	}
}

func TestBothLanguagesSayTheSame(t *testing.T) {
	assert.NoError(t, sosyaltest.CheckMessages(value.Messages(sosyal.English), value.Messages(sosyal.Turkish)))
	assert.Nil(t, value.Messages("de"))
}

func BenchmarkPredictMillion(b *testing.B) {
	type customer struct {
		id   sosyal.PersonID
		days []audience.PurchaseDay
	}
	var customers []customer
	for id, days := range simulatedHistories(1, 1_000_000) {
		customers = append(customers, customer{id, slices.Clone(days)})
	}
	histories := func(yield func(sosyal.PersonID, []audience.PurchaseDay) bool) {
		for _, c := range customers {
			if !yield(c.id, c.days) {
				return
			}
		}
	}
	for b.Loop() {
		predictions, _, err := value.Predict(histories, simulationStart+300, value.PredictOptions{AnnualDiscount: .3, CheckDays: -1})
		if err != nil {
			b.Fatal(err)
		}
		total := 0.0
		for p := range predictions {
			total += p.LifetimeValue
		}
		b.ReportMetric(total/1e6, "value/customer")
	}
}

// What is read as a gate is one: no negative number, a source for each.
func FuzzReadGate(f *testing.F) {
	f.Add(`[{"rule":"buyers","value":50,"unit":"customers","source":"own trial","as_of":"2026-11-01","confidence":"S"}]`)
	f.Add(`[{"rule":"silent_days","value":-1,"source":"x","as_of":"2026-02-30","confidence":"P"},null]`)
	f.Add(`[]`)
	f.Fuzz(func(t *testing.T, text string) {
		g, err := value.ReadGate(strings.NewReader(text))
		if err != nil {
			require.ErrorIs(t, err, sosyal.ErrInvalid)
			return
		}
		require.NoError(t, g.Validate())
		for _, fact := range g.Facts {
			require.NotEmpty(t, fact.Source)
		}
	})
}
