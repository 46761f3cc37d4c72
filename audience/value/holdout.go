package value

import (
	"fmt"
	"math"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/internal/stat"
)

// Method is a way to forecast purchases.
type Method string

// Methods. The first three are models. The last two are what a model has to beat: a customer goes on at the
// rate of his past, x·t/T, and all customers buy the same. The latter takes the
// mean from the very days that are forecast, so that only telling customers apart
// can beat it.
const (
	MethodBGNBD     Method = "bg_nbd"
	MethodParetoNBD Method = "pareto_nbd"
	MethodNBD       Method = "nbd"
	OwnRate         Method = "own_rate"
	SameForAll      Method = "same_for_all"
)

// HoldoutOptions say how forecasts are checked; the zero value means the
// defaults.
type HoldoutOptions struct {
	SummarizeOptions
	// Methods are the models to check, BG/NBD and Pareto/NBD where empty.
	Methods []Method `json:"methods,omitempty"`
}

// Forecast is how a method forecast the purchase days of the tested period.
// Errors are those of single customers, in purchase days.
type Forecast struct {
	Method Method `json:"method"`
	// Total is the sum over all customers, Bias by which share of the actual
	// number it is too high.
	Total float64 `json:"total"`
	Bias  float64 `json:"bias"`
	// MAE is the mean absolute error, RMSE the root of the mean squared one.
	MAE  float64 `json:"mae"`
	RMSE float64 `json:"rmse"`
	// Advantage is by how much the mean squared error is smaller than that of
	// [OwnRate].
	Advantage Interval `json:"advantage"`
	// ByFrequency are the means by the number of repeat purchases before.
	ByFrequency []FrequencyRow `json:"by_frequency"`
}

// Interval is an estimate with its 95% interval.
type Interval struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// FrequencyRow is customers with a frequency, or with that and more in the last
// row, and their mean purchase days in the tested period.
type FrequencyRow struct {
	Frequency int     `json:"frequency"`
	OrMore    bool    `json:"or_more,omitzero"`
	Customers int     `json:"customers"`
	Actual    float64 `json:"actual"`
	Forecast  float64 `json:"forecast"`
}

// frequencyRows is how many rows a table has: the last is "7 or more".
const frequencyRows = 8

// SpendForecast compares spend in the tested period, in the population's
// currency; numbers for statistics, not money that is owed.
type SpendForecast struct {
	Method   Method  `json:"method"`
	Forecast float64 `json:"forecast"`
	Actual   float64 `json:"actual"`
	Bias     float64 `json:"bias"`
}

// Holdout is a check of forecasts against what came: the models know the
// customers up to a day and forecast the days after it.
type Holdout struct {
	Calibration sosyal.Period `json:"calibration"`
	Tested      sosyal.Period `json:"tested"`
	// Customers had bought by the end of the calibration; Actual is how often they
	// bought in the tested period, in purchase days.
	Customers int `json:"customers"`
	Actual    int `json:"actual"`
	// Forecasts are those of the models in the order of the options, then those of
	// [OwnRate] and [SameForAll].
	Forecasts []Forecast `json:"forecasts"`
	// Spend is that of each model with [GammaGamma]; empty where spend could not
	// be fitted or has no mean.
	Spend   []SpendForecast `json:"spend,omitempty"`
	Reasons []sosyal.Reason `json:"reasons"`
}

// Forecast returns the forecast of a method.
func (h Holdout) Forecast(m Method) (Forecast, bool) {
	for _, f := range h.Forecasts {
		if f.Method == m {
			return f, true
		}
	}
	return Forecast{}, false
}

// CheckHoldout summarises customers as of the end of the split day, fits the
// models to that, forecasts the days from there to the end of the until day and
// compares. Customers who bought first after the split are not in it.
//
// The errors are those of [Summarize] and of the fits, [sosyal.ErrInsufficientData]
// where nobody bought in the tested period, and a [sosyal.FieldError] where it
// has no day or a method is not a model.
func CheckHoldout(h Histories, split, until date.Date, opt HoldoutOptions) (Holdout, error) {
	if until <= split {
		return Holdout{}, sosyal.FieldError{Field: "until", Rule: "must be later than split", Value: until.String()}
	}
	f, err := newFold(opt.SummarizeOptions)
	if err != nil {
		return Holdout{}, err
	}
	t := newTrial(split, until, opt.SummarizeOptions)
	for id, days := range h {
		if err := f.check(days); err != nil {
			return Holdout{}, err
		}
		t.add(f, id, days)
	}
	return t.check(opt.Methods, func(m Method, summaries []Summary) (Model, Method, error) {
		model, err := fitModel(m, summaries)
		return model, m, err
	})
}

// trial is customers as of the split and what they did after it.
type trial struct {
	population Population
	until      date.Date
	bought     []float64
	spent      []float64
}

func newTrial(split, until date.Date, opt SummarizeOptions) *trial {
	return &trial{population: Population{AsOf: split, Unit: opt.unit()}, until: until}
}

func (t *trial) add(f *fold, id sosyal.PersonID, days []audience.PurchaseDay) {
	n := len(t.population.Customers)
	t.population.add(f, id, days)
	if len(t.population.Customers) == n {
		return
	}
	f.net(days, t.until)
	bought, spent := 0.0, 0.0
	for _, b := range f.purchases {
		if b.day > t.population.AsOf {
			bought++
			spent += b.net.InexactFloat64()
		}
	}
	t.bought, t.spent = append(t.bought, bought), append(t.spent, spent)
}

// time is the length of the tested period.
func (t *trial) time() float64 {
	return float64(t.until-t.population.AsOf) / float64(t.population.Unit)
}

func (t *trial) check(methods []Method, fit func(Method, []Summary) (Model, Method, error)) (Holdout, error) {
	p := t.population
	h := Holdout{
		Calibration: sosyal.Period{From: p.First, To: p.AsOf + 1}, Tested: sosyal.Period{From: p.AsOf + 1, To: t.until + 1},
		Customers: len(p.Customers),
	}
	actual := t.actual()
	h.Actual = int(actual)
	if actual == 0 {
		return Holdout{}, fmt.Errorf("checking forecasts: nobody bought in the tested period: %w", sosyal.ErrInsufficientData)
	}
	if len(methods) == 0 {
		methods = []Method{MethodBGNBD, MethodParetoNBD}
	}
	summaries := p.Summaries()
	ownRate := t.each(func(s Summary) float64 {
		if s.Age == 0 {
			return 0
		}
		return float64(s.Frequency) * t.time() / s.Age
	})
	spend, spendErr := FitGammaGamma(summaries)
	for _, m := range methods {
		model, m, err := fit(m, summaries)
		if err != nil {
			return Holdout{}, err
		}
		f := t.forecast(m, t.each(func(s Summary) float64 { return model.ExpectedPurchases(t.time(), s) }), ownRate)
		h.Forecasts = append(h.Forecasts, f)
		h.Reasons = append(h.Reasons, t.verdict(f))
		if spendErr == nil {
			h.Spend = append(h.Spend, t.spendForecast(m, model, spend)...)
		}
	}
	same := t.each(func(Summary) float64 { return actual / float64(h.Customers) })
	h.Forecasts = append(h.Forecasts, t.forecast(OwnRate, ownRate, ownRate), t.forecast(SameForAll, same, ownRate))
	return h, nil
}

// actual is how many purchases came.
func (t *trial) actual() float64 {
	total := 0.0
	for _, b := range t.bought {
		total += b
	}
	return total
}

// each calls f for all customers on all processors.
func (t *trial) each(f func(Summary) float64) []float64 {
	out := make([]float64, len(t.population.Customers))
	parallel((len(out)+chunk-1)/chunk, func(i int) {
		for k := i * chunk; k < min((i+1)*chunk, len(out)); k++ {
			out[k] = f(t.population.Customers[k].Summary)
		}
	})
	return out
}

func (t *trial) forecast(m Method, forecast, ownRate []float64) Forecast {
	f := Forecast{Method: m, ByFrequency: make([]FrequencyRow, frequencyRows)}
	n := float64(len(forecast))
	var squares, better, betterSquares float64
	for i, v := range forecast {
		miss, base := v-t.bought[i], ownRate[i]-t.bought[i]
		gain := base*base - miss*miss
		f.Total += v
		f.MAE += math.Abs(miss) / n
		squares += miss * miss / n
		better += gain / n
		betterSquares += gain * gain / n
		row := &f.ByFrequency[min(t.population.Customers[i].Frequency, frequencyRows-1)]
		row.Customers++
		row.Actual += t.bought[i]
		row.Forecast += v
	}
	for x := range f.ByFrequency {
		row := &f.ByFrequency[x]
		row.Frequency, row.OrMore = x, x == frequencyRows-1
		if row.Customers > 0 {
			row.Actual /= float64(row.Customers)
			row.Forecast /= float64(row.Customers)
		}
	}
	f.Bias = f.Total/t.actual() - 1
	f.RMSE = math.Sqrt(squares)
	width := stat.NormalQuantile(0.975) * math.Sqrt(max(betterSquares-better*better, 0)/n)
	f.Advantage = Interval{Value: better, Low: better - width, High: better + width}
	return f
}

// verdict says whether a model told customers apart better than their own rates
// do, or that these customers do not show it.
func (t *trial) verdict(f Forecast) sosyal.Reason {
	code := "value.holdout.undecided"
	switch {
	case f.Advantage.Low > 0:
		code = "value.holdout.better"
	case f.Advantage.High < 0:
		code = "value.holdout.worse"
	}
	return sosyal.Because(code,
		sosyal.TermArg("model", f.Method), sosyal.DateArg("split", t.population.AsOf), sosyal.DateArg("until", t.until),
		sosyal.CountArg("customers", len(t.bought)), sosyal.CountArg("actual", int(t.actual())), sosyal.NumberArg("forecast", f.Total, 0),
		sosyal.PercentArg("bias", f.Bias, 1), sosyal.NumberArg("rmse", f.RMSE, 2),
		sosyal.NumberArg("baseline", math.Sqrt(f.RMSE*f.RMSE+f.Advantage.Value), 2))
}

// spendForecast is empty where spend has no mean.
func (t *trial) spendForecast(m Method, model Model, spend GammaGamma) []SpendForecast {
	out := SpendForecast{Method: m}
	for _, v := range t.each(func(s Summary) float64 { return model.ExpectedPurchases(t.time(), s) * spend.ExpectedSpend(s) }) {
		out.Forecast += v
	}
	for _, v := range t.spent {
		out.Actual += v
	}
	if math.IsInf(out.Forecast, 0) || math.IsNaN(out.Forecast) || out.Actual <= 0 {
		return nil
	}
	out.Bias = out.Forecast/out.Actual - 1
	return []SpendForecast{out}
}

// fitModel fits the model of a method.
func fitModel(m Method, summaries []Summary) (Model, error) {
	switch m {
	case MethodBGNBD:
		return orError(FitBGNBD(summaries))
	case MethodParetoNBD:
		return orError(FitParetoNBD(summaries))
	case MethodNBD:
		return orError(FitNBD(summaries))
	case OwnRate, SameForAll:
	}
	return nil, sosyal.FieldError{Field: "method", Rule: "must be bg_nbd, pareto_nbd or nbd", Value: string(m)}
}

func orError[M Model](m M, err error) (Model, error) {
	if err != nil {
		return nil, err
	}
	return m, nil
}
