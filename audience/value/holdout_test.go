package value_test

import (
	"math"
	"testing"

	"github.com/rickb777/date/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/value"
)

// The expected figures were computed from the file by another program.
func TestHoldoutOfCDNOW(t *testing.T) {
	h, err := value.CheckHoldout(cdnowHistories(t), date.New(1997, 9, 30), date.New(1998, 6, 30), value.HoldoutOptions{
		SummarizeOptions: value.SummarizeOptions{CountFree: true},
	})
	require.NoError(t, err)
	assert.Equal(t, 2_357, h.Customers)
	assert.Equal(t, 1_882, h.Actual)
	assert.Equal(t, 273, h.Calibration.Days())
	assert.Equal(t, 273, h.Tested.Days())
	require.Len(t, h.Forecasts, 4)
	for _, want := range []struct {
		method                 value.Method
		total, bias, mae, rmse float64
	}{
		{value.MethodParetoNBD, 1665.5, -.115, .7545, 1.6029},
		{value.MethodBGNBD, 1653.4, -.121, .7855, 1.6080},
		{value.OwnRate, 2930.1, .557, 1.0237, 2.2119},
		{value.SameForAll, 1882, 0, 1.1335, 2.0568},
	} {
		f, ok := h.Forecast(want.method)
		require.True(t, ok)
		assert.InDelta(t, want.total, f.Total, .1, want.method)
		assert.InDelta(t, want.bias, f.Bias, .0006, want.method)
		assert.InDelta(t, want.mae, f.MAE, .0001, want.method)
		assert.InDelta(t, want.rmse, f.RMSE, .0001, want.method)
		// What the rows say adds up to the whole.
		customers, actual, total := 0, 0.0, 0.0
		for _, r := range f.ByFrequency {
			customers += r.Customers
			actual += r.Actual * float64(r.Customers)
			total += r.Forecast * float64(r.Customers)
		}
		assert.Equal(t, 2_357, customers)
		assert.InDelta(t, 1_882, actual, 1e-9)
		assert.InDelta(t, f.Total, total, 1e-9)
		assert.Equal(t, 1_411, f.ByFrequency[0].Customers)
	}
	bg, _ := h.Forecast(value.MethodBGNBD)
	base, _ := h.Forecast(value.OwnRate)
	assert.InDelta(t, base.RMSE*base.RMSE-bg.RMSE*bg.RMSE, bg.Advantage.Value, 1e-12)
	assert.Positive(t, bg.Advantage.Low)
	assert.Equal(t, value.Interval{}, base.Advantage)
	assert.Equal(t, "value.holdout.better", h.Reasons[0].Code)
	require.Len(t, h.Spend, 2)
	assert.Equal(t, value.MethodBGNBD, h.Spend[0].Method)
	assert.InDelta(t, 59_957, h.Spend[0].Forecast, 30)
	assert.InDelta(t, 70_976, h.Spend[0].Actual, 1)
	_, ok := h.Forecast("tarot")
	assert.False(t, ok)
}

// The interval of the advantage covers what it should: over 40 populations that
// buy as the model says, a model fitted to them is never told to be worse, and
// where the tested time is long it is told to be better.
func TestHoldoutVerdicts(t *testing.T) {
	better := 0
	for seed := range uint64(40) {
		h, err := value.CheckHoldout(simulatedHistories(300+seed, 600), simulationStart+150, simulationStart+300, value.HoldoutOptions{
			Methods: []value.Method{value.MethodBGNBD},
		})
		require.NoError(t, err)
		assert.NotEqual(t, "value.holdout.worse", h.Reasons[0].Code)
		if h.Reasons[0].Code == "value.holdout.better" {
			better++
		}
	}
	assert.Greater(t, better, 30)

	undecided := 0
	for seed := range uint64(20) { // a few customers decide little
		h, err := value.CheckHoldout(simulatedHistories(400+seed, 40), simulationStart+150, simulationStart+300, value.HoldoutOptions{
			Methods: []value.Method{value.MethodBGNBD},
		})
		if err == nil && h.Reasons[0].Code == "value.holdout.undecided" {
			undecided++
			readable(t, h.Reasons)
		}
	}
	assert.Positive(t, undecided)
}

// Customers who seem to have left, and then all go on exactly as they began: what
// no model of leaving expects, and their own past rates do.
func TestHoldoutTellsWhatIsWorse(t *testing.T) {
	const length = 150
	split := simulationStart + length
	goOn := func(yield func(sosyal.PersonID, []audience.PurchaseDay) bool) {
		for id, days := range simulatedHistories(5, 600) {
			var own []audience.PurchaseDay
			for _, d := range days {
				if d.Day <= split {
					own = append(own, d)
				}
			}
			n := int(math.Round(float64(len(own)-1) * length / float64(split-own[0].Day)))
			for k := range n {
				own = append(own, audience.PurchaseDay{Day: split + 1 + date.Date(k*length/n), Orders: 1, Net: cents(1000)})
			}
			if !yield(id, own) {
				return
			}
		}
	}
	h, err := value.CheckHoldout(goOn, split, split+length, value.HoldoutOptions{Methods: []value.Method{value.MethodBGNBD}})
	require.NoError(t, err)
	assert.Equal(t, "value.holdout.worse", h.Reasons[0].Code)
	readable(t, h.Reasons)
	assert.Negative(t, h.Forecasts[0].Advantage.High)
}

func TestHoldoutRefusesWhatItCannotJudge(t *testing.T) {
	split := date.New(1997, 9, 30)
	_, err := value.CheckHoldout(cdnowHistories(t), split, split, value.HoldoutOptions{})
	assert.ErrorContains(t, err, "until: must be later than split")
	_, err = value.CheckHoldout(cdnowHistories(t), split, split+30, value.HoldoutOptions{Methods: []value.Method{value.OwnRate}})
	assert.ErrorContains(t, err, "method: must be bg_nbd, pareto_nbd or nbd")
	_, err = value.CheckHoldout(cdnowHistories(t), split, split+30, value.HoldoutOptions{SummarizeOptions: value.SummarizeOptions{Unit: -7}})
	assert.ErrorContains(t, err, "unit")
	_, err = value.CheckHoldout(cdnowHistories(t), split+3650, split+3651, value.HoldoutOptions{})
	assert.ErrorIs(t, err, sosyal.ErrInsufficientData)
	_, err = value.CheckHoldout(cdnowHistories(t), date.New(1997, 1, 1), split, value.HoldoutOptions{})
	assert.ErrorIs(t, err, sosyal.ErrInsufficientData, "nobody can buy again within the first day")
}

// simulationStart is the first day of simulated histories.
const simulationStart = date.Date(739_000)

// simulatedHistories are customers who buy as BG/NBD says, by weeks, whose first
// purchases are spread over 100 days, and who are seen for 300.
func simulatedHistories(seed uint64, n int) value.Histories {
	return func(yield func(sosyal.PersonID, []audience.PurchaseDay) bool) {
		p := newPopulation(seed)
		m := value.BGNBD{R: .8, Alpha: 5, A: .8, B: 2.5}
		_, _, gg := shopLike()
		var days []audience.PurchaseDay
		for i := range n {
			first := p.source.IntN(100)
			mean := p.gamma(gg.Q, gg.V)
			days = days[:0]
			at := append([]float64{0}, p.bgnbd(m, float64(300-first)/7)...)
			for _, t := range at {
				on := simulationStart + date.Date(first) + date.Date(math.Floor(t*7))
				if n := len(days); n > 0 && days[n-1].Day == on {
					continue
				}
				days = append(days, audience.PurchaseDay{Day: on, Orders: 1, Net: cents(int64(1 + 100*p.gamma(gg.P, mean)))})
			}
			if !yield(personID(i), days) {
				return
			}
		}
	}
}
