package audience

import (
	"math"
	"strconv"

	"github.com/yukselenler/sosyal"
)

// Fit says how well a group of people fits the brand's customers, from 0 to 100,
// as the weighted mean of named parts: what the group is interested in, where it
// lives, how old it is, what it buys and what it is worth.
//
// A part without enough data has no score, is left out of the mean, and says
// so. The whole has no score where too little of the weight is left, or where
// its interval is too wide to say anything.
type Fit struct {
	// Score is the weighted mean of the parts' scores. Its interval is the
	// weighted mean of their intervals' ends: the parts speak of the same people
	// and may err together, so no part's error is taken to make up for another's.
	// Nil where withheld.
	Score *Estimate `json:"score,omitempty"`
	// Covered is the share of the weight that the parts with a score have, from
	// 0 to 1.
	Covered float64         `json:"covered"`
	Parts   []FitPart       `json:"parts"`
	Reasons []sosyal.Reason `json:"reasons,omitempty"`
}

// FitPart is a part of a [Fit]. [FitOf] makes the usual ones; a host may add
// its own and combine them with [CombineFit].
type FitPart struct {
	// Name of the part; a catalogue has it as a term after "fit.".
	Name string `json:"name"`
	// Weight of the part, up to a common factor.
	Weight float64 `json:"weight"`
	// Score from 0 to 100 with its interval; nil where withheld.
	Score *Estimate `json:"score,omitempty"`
	// N and Base count the people behind it in the group and in the base: of
	// several dimensions the fewest.
	N       int             `json:"n"`
	Base    int             `json:"base"`
	Reasons []sosyal.Reason `json:"reasons,omitempty"`
}

// FitRule names a part of a fit, its weight and what it is made of.
type FitRule struct {
	Name   string  `json:"name"`
	Weight float64 `json:"weight"`
	// Dimensions that the part is the mean of, as far as there are data; none
	// for the part that the value of the people makes.
	Dimensions []Dimension `json:"dimensions,omitempty"`
}

// DefaultFitRules weigh interests a quarter; place, age and gender, and product
// categories a fifth each; and value 15 per cent. The weights are a convention
// to start from: a shop that delivers to one city sets its own.
func DefaultFitRules() []FitRule {
	return []FitRule{
		{Name: "interests", Weight: 0.25, Dimensions: []Dimension{InterestDimension}},
		{Name: "place", Weight: 0.20, Dimensions: []Dimension{CountryDimension, CityDimension}},
		{Name: "age_gender", Weight: 0.20, Dimensions: []Dimension{AgeDimension, GenderDimension}},
		{Name: "categories", Weight: 0.20, Dimensions: []Dimension{CategoryDimension}},
		{Name: "value", Weight: 0.15},
	}
}

// FitOptions say how a fit is worked out; the zero value means the defaults.
type FitOptions struct {
	// Rules are the parts; [DefaultFitRules] where empty.
	Rules []FitRule
	// GroupValue and BaseValue are what the people of the group and the base are
	// worth; without them there is no value part.
	GroupValue, BaseValue ValueSample
	// MinSize is the smallest number of people that a part is judged by; 50
	// where 0.
	MinSize int
	// MinShown is the smallest number of people behind a value that reasons may
	// name; 10 where 0.
	MinShown int
	// MaxWidth is the widest interval, in points, of a score that is shown; 30
	// where 0.
	MaxWidth float64
	// MinCovered is the least share of the weight that a total needs; 0.5
	// where 0.
	MinCovered float64
	// Level of the intervals, between 0 and 1; 0.95 where 0.
	Level float64
	// Resamples is how many samples the intervals are made of; 400 where 0. The
	// same Seed draws the same ones.
	Resamples int
	Seed      uint64
}

func (o FitOptions) withDefaults() (FitOptions, error) {
	if len(o.Rules) == 0 {
		o.Rules = DefaultFitRules()
	}
	o.MinSize = orDefault(o.MinSize, 50)
	o.MinShown = orDefault(o.MinShown, 10)
	o.MaxWidth = orDefault(o.MaxWidth, 30)
	o.MinCovered = orDefault(o.MinCovered, 0.5)
	o.Level = orDefault(o.Level, 0.95)
	o.Resamples = orDefault(o.Resamples, 400)
	var p sosyal.Problems
	names := map[string]bool{}
	for i, r := range o.Rules {
		field := "rules[" + strconv.Itoa(i) + "]"
		p.Require(r.Name != "" && !names[r.Name], field+".name", "is required, each once", r.Name)
		requireWeight(&p, field+".weight", r.Weight)
		names[r.Name] = true
	}
	requirePositive(&p, "min_size", o.MinSize)
	requirePositive(&p, "min_shown", o.MinShown)
	p.Require(o.MaxWidth > 0 && o.MaxWidth <= 100, "max_width", "must lie between 0 and 100", strconv.FormatFloat(o.MaxWidth, 'g', -1, 64))
	p.Require(o.MinCovered > 0 && o.MinCovered <= 1, "min_covered", "must lie between 0 and 1", strconv.FormatFloat(o.MinCovered, 'g', -1, 64))
	requireLevel(&p, o.Level)
	p.Require(o.Resamples >= 99, "resamples", "must be at least 99", strconv.Itoa(o.Resamples))
	p.Nest("group_value", o.GroupValue.Validate())
	p.Nest("base_value", o.BaseValue.Validate())
	return o, p.Err()
}

func requireWeight(p *sosyal.Problems, field string, w float64) {
	p.Require(w > 0 && !math.IsInf(w, 0), field, "must be positive", strconv.FormatFloat(w, 'g', -1, 64))
}

// FitOf says how well a group fits a base, usually the brand's customers.
//
// A part made of dimensions scores 100 (1 - d), where d is the Jensen-Shannon
// divergence in bits of the two mixes of values less what samples of their
// sizes diverge by chance: 100 is the same mix, 0 has nothing in common, 60/40
// against 30/70 is 93. Values of which fewer than five people are expected in
// the smaller group count as one. Of several dimensions the part is the mean.
//
// The value part scores 100 min(1, v), where v is the mean value of the group's
// people over the base's: who is worth as much as the average customer or more
// fits fully.
func FitOf(group, base GroupProfile, opt FitOptions) (Fit, error) {
	opt, err := opt.withDefaults()
	if err != nil {
		return Fit{}, err
	}
	var p sosyal.Problems
	p.Nest("group", group.Validate())
	p.Nest("base", base.Validate())
	if err := p.Err(); err != nil {
		return Fit{}, err
	}
	parts := make([]FitPart, 0, len(opt.Rules))
	for _, r := range opt.Rules {
		if len(r.Dimensions) == 0 {
			parts = append(parts, valuePart(r, opt))
			continue
		}
		part, err := mixPart(r, group, base, opt)
		if err != nil {
			return Fit{}, err
		}
		parts = append(parts, part)
	}
	return CombineFit(parts, opt)
}

// CombineFit makes a fit of parts: those of a [Fit] and any that the host
// scores itself. Parts without a score are left out and the other weights
// count in full. The options' rules and values are not looked at.
func CombineFit(parts []FitPart, opt FitOptions) (Fit, error) {
	opt, err := opt.withDefaults()
	if err != nil {
		return Fit{}, err
	}
	var p sosyal.Problems
	weight, covered := 0.0, 0.0
	var sum Estimate
	for i, part := range parts {
		p.Nest("parts["+strconv.Itoa(i)+"]", part.Validate())
		weight += part.Weight
		if s := part.Score; s != nil {
			covered += part.Weight
			sum.Value, sum.Low, sum.High = sum.Value+part.Weight*s.Value, sum.Low+part.Weight*s.Low, sum.High+part.Weight*s.High
		}
	}
	p.Require(len(parts) > 0, "parts", "must not be empty", "")
	if err := p.Err(); err != nil {
		return Fit{}, err
	}
	f := Fit{Parts: parts, Covered: covered / weight}
	if covered == 0 || f.Covered < opt.MinCovered {
		f.Reasons = []sosyal.Reason{sosyal.Because("audience.fit.not_covered",
			sosyal.PercentArg("covered", f.Covered, 0), sosyal.PercentArg("minimum", opt.MinCovered, 0))}
		return f, nil
	}
	score := Estimate{Value: sum.Value / covered, Low: sum.Low / covered, High: sum.High / covered}
	if score.High-score.Low > opt.MaxWidth {
		f.Reasons = []sosyal.Reason{score.tooWide("total", opt)}
		return f, nil
	}
	f.Score = &score
	f.Reasons = []sosyal.Reason{sosyal.Because("audience.fit.total",
		sosyal.NumberArg("score", score.Value, 0), sosyal.NumberArg("low", score.Low, 0), sosyal.NumberArg("high", score.High, 0),
		sosyal.PercentArg("covered", f.Covered, 0))}
	return f, nil
}

// Validate reports a part without a name or a positive weight, and a score that
// does not lie from 0 to 100 within its interval.
func (f FitPart) Validate() error {
	var p sosyal.Problems
	p.Require(f.Name != "", "name", "is required", "")
	requireWeight(&p, "weight", f.Weight)
	if s := f.Score; s != nil {
		p.Require(0 <= s.Low && s.Low <= s.Value && s.Value <= s.High && s.High <= 100, "score", "must lie from 0 to 100 within its interval",
			strconv.FormatFloat(s.Value, 'g', -1, 64))
	}
	return p.Err()
}

func (e Estimate) tooWide(part string, opt FitOptions) sosyal.Reason {
	return sosyal.Because("audience.fit.too_wide", sosyal.TermArg("part", "fit."+part),
		sosyal.NumberArg("low", e.Low, 0), sosyal.NumberArg("high", e.High, 0), sosyal.NumberArg("maximum", opt.MaxWidth, 0))
}
