package value

import (
	"errors"
	"fmt"
	"iter"
	"math"
	"strconv"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// PredictOptions say what is forecast; the zero value means the defaults.
type PredictOptions struct {
	SummarizeOptions
	// Method is the model of purchases, [MethodBGNBD] where empty.
	Method Method `json:"method,omitzero"`
	// HorizonDays is how far the forecast reaches, 365 where 0.
	HorizonDays int `json:"horizon_days,omitzero"`
	// AnnualDiscount is the rate at which money loses worth in a year: 0.3 is
	// 30%. Nothing is discounted where it is 0.
	AnnualDiscount float64 `json:"annual_discount,omitzero"`
	// Margin is the share of spend that is counted as value, all where 0.
	Margin float64 `json:"margin,omitzero"`
	// Gate is how much must be known, [StandardGate] where nil.
	Gate *Gate `json:"gate,omitempty"`
	// CheckDays is how many of the last days are held back once, to compare a
	// forecast of them with what came: 90 where 0, or the horizon where that is
	// shorter; none where negative.
	CheckDays int `json:"check_days,omitzero"`
}

const (
	defaultHorizonDays = 365
	defaultCheckDays   = 90 // half of the history that the standard gate asks for
	periodDays         = 30 // discounting is by periods of about a month
	yearDays           = 365
)

// Validate reports a horizon, a discount and a margin without a meaning, an
// unknown method, and what is wrong with the gate.
func (o PredictOptions) Validate() error {
	var p sosyal.Problems
	p.Require(o.Unit >= 0, "unit", "must be a positive number of days", strconv.Itoa(int(o.Unit)))
	p.Require(o.Method == "" || o.Method == MethodBGNBD || o.Method == MethodParetoNBD || o.Method == MethodNBD, "method", "must be bg_nbd, pareto_nbd or nbd", string(o.Method))
	p.Require(o.HorizonDays >= 0, "horizon_days", "must not be negative", strconv.Itoa(o.HorizonDays))
	p.Require(o.AnnualDiscount >= 0 && !math.IsInf(o.AnnualDiscount, 0), "annual_discount", "must be a number that is not negative", format(o.AnnualDiscount))
	p.Require(o.Margin >= 0 && o.Margin <= 1, "margin", "must be a share", format(o.Margin))
	if o.Gate != nil {
		p.Nest("gate", o.Gate.Validate())
	}
	return p.Err()
}

// settled returns the options with their defaults filled in.
func (o PredictOptions) settled() (PredictOptions, error) {
	if err := o.Validate(); err != nil {
		return PredictOptions{}, err
	}
	o.Unit = o.unit()
	if o.Method == "" {
		o.Method = MethodBGNBD
	}
	if o.HorizonDays == 0 {
		o.HorizonDays = defaultHorizonDays
	}
	if o.CheckDays == 0 {
		o.CheckDays = min(defaultCheckDays, o.HorizonDays)
	}
	if o.Margin == 0 {
		o.Margin = 1
	}
	if o.Gate == nil {
		g, err := StandardGate()
		if err != nil {
			return PredictOptions{}, err
		}
		o.Gate = &g
	}
	return o, nil
}

// horizon divides the days into equal periods of about a month.
func (o PredictOptions) horizon() Horizon {
	periods := max((o.HorizonDays+periodDays/2)/periodDays, 1)
	length := float64(o.HorizonDays) / float64(periods)
	return Horizon{
		Periods: periods, Length: length / float64(o.Unit), Margin: o.Margin,
		Discount: math.Expm1(math.Log1p(o.AnnualDiscount) * length / yearDays),
	}
}

// Prediction is what is expected of a customer over the horizon. Amounts are
// expectations in the report's currency, not money that is owed; see
// [Report.Money].
type Prediction struct {
	Customer          sosyal.PersonID `json:"customer"`
	Summary           Summary         `json:"summary"`
	ProbabilityAlive  float64         `json:"probability_alive"`
	ExpectedPurchases float64         `json:"expected_purchases"`
	// SpendKnown says whether there is a forecast of spend; ExpectedSpend, that of
	// a purchase, and LifetimeValue mean nothing where it is false.
	SpendKnown    bool    `json:"spend_known"`
	ExpectedSpend float64 `json:"expected_spend,omitzero"`
	LifetimeValue float64 `json:"lifetime_value,omitzero"`
}

// Report is the evidence behind predictions.
type Report struct {
	AsOf      date.Date `json:"as_of"`
	Horizon   Horizon   `json:"horizon"`
	Unit      Unit      `json:"unit"` // of the horizon and of summaries, in days
	Currency  string    `json:"currency"`
	Customers int       `json:"customers"`
	LeftOut   LeftOut   `json:"left_out"`
	Overdrawn int       `json:"overdrawn"`
	// Method is that of the options, or [MethodNBD] where the history shows nobody
	// leaving. One of BGNBD, ParetoNBD and NBD is set by it.
	Method    Method     `json:"method"`
	BGNBD     *BGNBD     `json:"bg_nbd,omitempty"`
	ParetoNBD *ParetoNBD `json:"pareto_nbd,omitempty"`
	NBD       *NBD       `json:"nbd,omitempty"`
	// Spend is nil where spend could not be fitted, Holdout where forecasts were
	// not checked.
	Spend   *GammaGamma `json:"spend,omitempty"`
	Holdout *Holdout    `json:"holdout,omitempty"`
	// Reasons say what the predictions rest on, what is to be doubted and, where
	// they are withheld, why.
	Reasons []sosyal.Reason `json:"reasons"`
}

// Money rounds an expectation to the minor unit of the report's currency, halves
// to even, for showing it. What is not a number is a [sosyal.FieldError].
func (r Report) Money(expected float64) (sosyal.Money, error) {
	if math.IsNaN(expected) || math.IsInf(expected, 0) {
		return sosyal.Money{}, sosyal.FieldError{Field: "expected", Rule: "must be a finite number", Value: format(expected)}
	}
	m, err := sosyal.NewMoney(decimal.NewFromFloat(expected), r.Currency)
	if err != nil {
		return sosyal.Money{}, err
	}
	return m.Round(sosyal.HalfEven), nil
}

// Predict says what is expected of each customer in the days after asOf: the
// chance that he still buys, how often he buys, for how much, and what he is
// worth over the horizon. It reads the histories once, fits the models, and
// computes the predictions as they are read, in the order of the histories; they
// may be read any number of times.
//
// Where too little is known the predictions are withheld: the error is
// [sosyal.ErrInsufficientData], there is no prediction, and the report's reasons
// say what lacks. Where the history shows nobody leaving, the forecast is that of
// [NBD]. Where purchases cannot be fitted the error is a [FitError]. Where only
// spend cannot be, purchases are forecast without it. Broken histories
// are the errors of [Summarize].
func Predict(h Histories, asOf date.Date, opt PredictOptions) (iter.Seq[Prediction], Report, error) {
	o, err := opt.settled()
	if err != nil {
		return withheld, Report{}, err
	}
	p, t, err := read(h, asOf, o)
	if err != nil {
		return withheld, Report{}, err
	}
	return forecast(p, t, o)
}

// PredictPopulation is [Predict] for a shop that summarises its customers itself,
// as with a query of its own tables. The unit is the population's. There are no
// days that could be held back, so the forecast is not checked.
func PredictPopulation(p Population, opt PredictOptions) (iter.Seq[Prediction], Report, error) {
	if p.Unit <= 0 {
		return withheld, Report{}, sosyal.FieldError{Field: "population.unit", Rule: "must be a positive number of days", Value: strconv.Itoa(int(p.Unit))}
	}
	opt.Unit = p.Unit
	o, err := opt.settled()
	if err != nil {
		return withheld, Report{}, err
	}
	return forecast(p, nil, o)
}

// withheld are no predictions.
func withheld(func(Prediction) bool) {}

// forecast passes the gate, fits and, where there is a trial, checks.
func forecast(p Population, t *trial, o PredictOptions) (iter.Seq[Prediction], Report, error) {
	r := Report{
		AsOf: p.AsOf, Horizon: o.horizon(), Unit: o.Unit, Currency: p.Currency, Customers: len(p.Customers),
		LeftOut: p.LeftOut, Overdrawn: p.Overdrawn, Method: o.Method, Reasons: p.Reasons(),
	}
	if lacks := o.Gate.Check(p); len(lacks) > 0 {
		r.Reasons = append(r.Reasons, lacks...)
		return withheld, r, fmt.Errorf("forecasting customers: %w", sosyal.ErrInsufficientData)
	}
	summaries := p.Summaries()
	if err := validate(summaries); err != nil {
		return withheld, Report{}, err
	}
	model, method, err := fitOrStay(o.Method, summaries)
	if err != nil {
		r.Reasons = append(r.Reasons, failed("value.fit.failed", o.Method, err))
		return withheld, r, err
	}
	r.keep(model)
	if r.Method = method; method != o.Method {
		r.Reasons = append(r.Reasons, sosyal.Because("value.fit.nobody_leaves", sosyal.TermArg("model", o.Method)))
	}
	r.Reasons = append(r.Reasons, sosyal.Because("value.fit.done", sosyal.TermArg("model", method), sosyal.CountArg("customers", r.Customers)))
	r.fitSpend(summaries)
	if t != nil {
		r.check(t)
	}
	return predictions(p.Customers, model, r), r, nil
}

// read folds the histories once, as of the day and, where forecasts are checked,
// as of the day before the days that are held back.
func read(h Histories, asOf date.Date, o PredictOptions) (Population, *trial, error) {
	f, err := newFold(o.SummarizeOptions)
	if err != nil {
		return Population{}, nil, err
	}
	p := Population{AsOf: asOf, Unit: o.Unit}
	var t *trial
	if o.CheckDays > 0 {
		t = newTrial(asOf-date.Date(o.CheckDays), asOf, o.SummarizeOptions)
	}
	for id, days := range h {
		if err := f.check(days); err != nil {
			return Population{}, nil, err
		}
		p.add(f, id, days)
		if t != nil {
			t.add(f, id, days)
		}
	}
	p.Currency = f.currency
	return p, t, nil
}

func (r *Report) keep(m Model) {
	switch m := m.(type) {
	case BGNBD:
		r.BGNBD = &m
	case ParetoNBD:
		r.ParetoNBD = &m
	case NBD:
		r.NBD = &m
	}
}

// dependent is from where on a correlation is called medium; Cohen (1988),
// Statistical Power Analysis for the Behavioral Sciences.
const dependent = 0.3

func (r *Report) fitSpend(summaries []Summary) {
	spend, err := FitGammaGamma(summaries)
	if err != nil {
		r.Reasons = append(r.Reasons, failed("value.spend.failed", "", err))
		return
	}
	r.Spend = &spend
	c := spend.Correlation
	code := "value.spend.independent"
	if c.Low > dependent || c.High < -dependent {
		code = "value.spend.dependent"
	}
	r.Reasons = append(r.Reasons, sosyal.Because(code, sosyal.CountArg("customers", c.N),
		sosyal.NumberArg("r", c.R, 2), sosyal.NumberArg("low", c.Low, 2), sosyal.NumberArg("high", c.High, 2)))
	if spend.Q <= 1 {
		r.Reasons = append(r.Reasons, sosyal.Because("value.spend.no_mean"))
	}
}

func (r *Report) check(t *trial) {
	h, err := t.check([]Method{r.Method}, fitOrStay)
	if err != nil {
		r.Reasons = append(r.Reasons, sosyal.Because("value.holdout.none", sosyal.DateArg("split", t.population.AsOf)))
		return
	}
	r.Holdout = &h
	r.Reasons = append(r.Reasons, h.Reasons...)
}

// failed says why a model could not be fitted.
func failed(code string, m Method, err error) sosyal.Reason {
	args := []sosyal.Arg{}
	if m != "" {
		args = append(args, sosyal.TermArg("model", m))
	}
	fe, ok := errors.AsType[FitError](err)
	switch {
	case !ok:
		return sosyal.Because(code+".thin", args...)
	case fe.Parameter == "":
		return sosyal.Because(code+".unsettled", args...)
	}
	return sosyal.Because(code+".boundary", append(args, sosyal.TextArg("parameter", fe.Parameter))...)
}

// batch is how many predictions are computed at a time, on all processors.
const batch = 8192

func predictions(customers []Customer, m Model, r Report) iter.Seq[Prediction] {
	horizon := r.Horizon
	whole := float64(horizon.Periods) * horizon.Length
	predict := func(c Customer) Prediction {
		p := Prediction{
			Customer: c.ID, Summary: c.Summary,
			ProbabilityAlive: m.ProbabilityAlive(c.Summary), ExpectedPurchases: m.ExpectedPurchases(whole, c.Summary),
		}
		if r.Spend == nil {
			return p
		}
		spend := r.Spend.ExpectedSpend(c.Summary)
		if p.SpendKnown = !math.IsInf(spend, 0); p.SpendKnown {
			p.ExpectedSpend = spend
			p.LifetimeValue = horizon.Margin * spend * horizon.DiscountedPurchases(m, c.Summary)
		}
		return p
	}
	return func(yield func(Prediction) bool) {
		out := make([]Prediction, min(batch, len(customers)))
		for from := 0; from < len(customers); from += batch {
			now := customers[from:min(from+batch, len(customers))]
			parallel((len(now)+chunk-1)/chunk, func(i int) {
				for k := i * chunk; k < min((i+1)*chunk, len(now)); k++ {
					out[k] = predict(now[k])
				}
			})
			for _, p := range out[:len(now)] {
				if !yield(p) {
					return
				}
			}
		}
	}
}
