package audience

import (
	"math"
	"strconv"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/stat"
)

// Estimate is a figure with its interval.
type Estimate struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Verdict is what can be said of a figure against its base.
type Verdict string

// Verdicts.
const (
	// Above and Below: more and less common than in the base, by more than
	// chance and by enough to matter.
	Above Verdict = "above"
	Below Verdict = "below"
	// Unclear: neither was shown. That is not the same as no difference.
	Unclear Verdict = "unclear"
	// Withheld: too few people for a verdict.
	Withheld Verdict = "withheld"
)

// GroupComparison is a group of people set against a base, value by value.
type GroupComparison struct {
	// Size and Base count the two.
	Size       int                   `json:"size"`
	Base       int                   `json:"base"`
	Dimensions []DimensionComparison `json:"dimensions,omitempty"`
	// Reasons say what was left out of it.
	Reasons []sosyal.Reason `json:"reasons,omitempty"`
}

// DimensionComparison compares one dimension.
type DimensionComparison struct {
	Dimension Dimension `json:"dimension"`
	// N and BaseN count the people whose value is known and compared.
	N     int `json:"n"`
	BaseN int `json:"base_n"`
	// ListedOnly says that one side lists only some of its values and that the
	// shares are among the values that both list.
	ListedOnly bool `json:"listed_only,omitzero"`
	// Strength is how many people of the base's mix each shrunk index was mixed
	// with, counted in expected people of the value: see [ValueComparison].
	Strength float64           `json:"strength"`
	Values   []ValueComparison `json:"values,omitempty"`
	// Difference says whether the two differ at all; nil where a person can have
	// several values or where there are too few people. Where the group is part
	// of the base it is tested against the rest of it.
	Difference *Difference `json:"difference,omitempty"`
}

// ValueComparison compares one value.
//
// The index of a few people jumps: seven where 1.75 were expected are an index
// of 400 and mean little. Shrunk is the index mixed with 100 by the weight of
// evidence: (count + s) / (expected + s) times 100, where expected is n times
// the base's share and s the strength. It is the mean of the posterior under a
// beta prior of the share, Beta(s, s(1-b)/b), which is centred on the base's
// share b, the binomial form of the empirical Bayes estimate of relative risks
// by Clayton and Kaldor (1987, Biometrics 43). s is estimated from how far the
// dimension's values lie from their base; see [CompareOptions].
type ValueComparison struct {
	Value string `json:"value"`
	// Suppressed says that fewer people than may be shown are behind the value;
	// everything else is then left out.
	Suppressed bool `json:"suppressed,omitzero"`
	Count      int  `json:"count"`
	BaseCount  int  `json:"base_count"`
	// Share and BaseShare are from 0 to 1, with Wilson's interval for the group.
	Share     Estimate `json:"share"`
	BaseShare float64  `json:"base_share"`
	// Index is the share over the base's share times 100, with an interval that
	// holds the uncertainty of both. Nil where nobody in the base has the value.
	Index *Estimate `json:"index,omitempty"`
	// Shrunk is the shrunk index; the base's share has half a person added to
	// both sides in it, so that a value that the base lacks is no division by
	// zero (Jeffreys' prior).
	Shrunk Estimate `json:"shrunk"`
	// P is the probability of a difference at least as large by chance; Q is P
	// adjusted for all the values compared (Benjamini-Hochberg).
	P       float64         `json:"p"`
	Q       float64         `json:"q"`
	Verdict Verdict         `json:"verdict"`
	Reasons []sosyal.Reason `json:"reasons,omitempty"`
}

// CompareOptions say how a group is compared; the zero value means the defaults.
type CompareOptions struct {
	// Apart says that the group is not part of the base, such as followers set
	// against customers. Otherwise it must be, as a segment of the customers is,
	// and differences are tested against the rest of the base.
	Apart bool
	// MinSize is the smallest number of people that is shown or judged; 10
	// where 0.
	MinSize int
	// HideDerivable also hides a further value where a suppressed count follows
	// from the others and N, for figures that leave the house. Where a person can
	// have several values nothing follows.
	HideDerivable bool
	// Level of the intervals and verdicts, between 0 and 1; 0.95 where 0.
	Level float64
	// Notable is how many times more or less common than in the base a value
	// must be to be called above or below, judged by the shrunk index; 1.2
	// where 0. It is a convention, not a statistic.
	Notable float64
	// Strength sets the strength of the shrinkage, in expected people, for all
	// dimensions. Where 0 it is estimated for each, as the mode of its marginal
	// likelihood times a log-normal prior with median 5 and sigma 1: with few
	// values the prior decides, with many the data do.
	Strength float64
	// Resamples and Seed are those of [SampleDifference].
	Resamples int
	Seed      uint64
}

func (o CompareOptions) withDefaults() (CompareOptions, error) {
	o.MinSize = orDefault(o.MinSize, 10)
	o.Level = orDefault(o.Level, 0.95)
	o.Notable = orDefault(o.Notable, 1.2)
	o.Resamples = orDefault(o.Resamples, 999)
	var p sosyal.Problems
	requirePositive(&p, "min_size", o.MinSize)
	requireLevel(&p, o.Level)
	p.Require(o.Notable >= 1 && !math.IsInf(o.Notable, 0), "notable", "must be at least 1", strconv.FormatFloat(o.Notable, 'g', -1, 64))
	p.Require(o.Strength >= 0 && !math.IsInf(o.Strength, 0), "strength", "must not be negative", strconv.FormatFloat(o.Strength, 'g', -1, 64))
	p.Require(o.Resamples >= 99, "resamples", "must be at least 99", strconv.Itoa(o.Resamples))
	return o, p.Err()
}

// Compare sets a group against a base in every dimension that both are counted
// by: a segment against all customers, or a network's followers against them.
//
// A verdict of above or below needs three things: the difference is more than
// chance among all values compared (Q at most 1 - level), the interval of the
// shrunk index leaves 100 out, and the shrunk index is at least the notable
// factor away from 100. Values of fewer than MinSize people in the group or the
// base are suppressed; where both the count and what was to be expected are
// below MinSize the verdict is withheld.
func Compare(group, base GroupProfile, opt CompareOptions) (GroupComparison, error) {
	opt, err := opt.withDefaults()
	if err != nil {
		return GroupComparison{}, err
	}
	var p sosyal.Problems
	p.Nest("group", group.Validate())
	p.Nest("base", base.Validate())
	p.Require(opt.Apart || group.Size <= base.Size, "base", "must hold the group", strconv.Itoa(base.Size))
	if err := p.Err(); err != nil {
		return GroupComparison{}, err
	}
	c := GroupComparison{Size: group.Size, Base: base.Size}
	for _, counts := range group.Dimensions {
		against, ok := base.Counts(counts.Dimension)
		if !ok {
			c.Reasons = append(c.Reasons, sosyal.Because("audience.compare.no_base", counts.Dimension.arg()))
			continue
		}
		t := newContrast(counts, against)
		if min(t.groupSize, t.baseAll) < opt.MinSize {
			c.Reasons = append(c.Reasons, sosyal.Because("audience.compare.too_few",
				counts.Dimension.arg(), sosyal.CountArg("minimum", opt.MinSize)))
			continue
		}
		d, err := t.compare(opt)
		if err != nil {
			return GroupComparison{}, err
		}
		c.Dimensions = append(c.Dimensions, d)
	}
	for _, counts := range base.Dimensions {
		if _, ok := group.Counts(counts.Dimension); !ok {
			c.Reasons = append(c.Reasons, sosyal.Because("audience.compare.no_group", counts.Dimension.arg()))
		}
	}
	c.judge(opt)
	return c, nil
}

// compare compares one dimension, up to the verdicts.
func (t contrast) compare(opt CompareOptions) (DimensionComparison, error) {
	d := DimensionComparison{Dimension: t.dimension, N: t.groupSize, BaseN: t.baseAll, ListedOnly: t.listed}
	rest, restSize := t.base, t.baseAll
	if !opt.Apart {
		var err error
		if rest, err = t.rest(); err != nil {
			return DimensionComparison{}, err
		}
		restSize = t.baseAll - t.groupSize
	}
	d.Strength = opt.Strength
	if d.Strength == 0 {
		d.Strength = t.strength()
	}
	n, all := float64(t.groupSize), float64(t.baseAll)
	for i, value := range t.values {
		k, b := float64(t.group[i]), float64(t.base[i])
		v := ValueComparison{Value: value, Count: t.group[i], BaseCount: t.base[i], BaseShare: b / all}
		low, high := stat.Wilson(k, n, opt.Level)
		v.Share = Estimate{k / n, low, high}
		if t.base[i] > 0 {
			index := shareIndex(k, n, b, all, opt.Level)
			v.Index = &index
		}
		v.Shrunk = shrunkIndex(k, n, smoothed(b, all), d.Strength, opt.Level)
		v.P = twoShares(k, n, float64(rest[i]), float64(restSize))
		d.Values = append(d.Values, v)
	}
	if !t.several {
		difference, err := SampleDifference(t.group, rest, DifferenceOptions{
			MinSize: opt.MinSize, Level: opt.Level, Resamples: opt.Resamples, Seed: opt.Seed,
		})
		if err == nil {
			d.Difference = &difference
		}
	}
	t.suppress(d.Values, opt)
	return d, nil
}

// rest is the base without the group.
func (t contrast) rest() ([]int, error) {
	out := make([]int, len(t.base))
	for i := range t.base {
		if out[i] = t.base[i] - t.group[i]; out[i] < 0 {
			return nil, sosyal.FieldError{Field: "base." + string(t.dimension), Rule: "must hold the group; set Apart for one outside", Value: t.values[i]}
		}
	}
	if t.baseAll < t.groupSize {
		return nil, sosyal.FieldError{Field: "base." + string(t.dimension), Rule: "must hold the group; set Apart for one outside", Value: strconv.Itoa(t.baseAll)}
	}
	return out, nil
}

// suppress marks the values of too few people, and with HideDerivable further
// ones, the smallest in the base, until what is hidden on either side is nobody
// or at least two values of MinSize people in all, which hide each other.
func (t contrast) suppress(values []ValueComparison, opt CompareOptions) {
	few := func(n int) bool { return n > 0 && n < opt.MinSize }
	hidden := make([]bool, len(values))
	for i := range values {
		hidden[i] = few(t.group[i]) || few(t.base[i])
	}
	for opt.HideDerivable && !t.several && (derivable(t.group, hidden, opt.MinSize) || derivable(t.base, hidden, opt.MinSize)) {
		smallest := -1
		for i := range values {
			if !hidden[i] && t.base[i]+t.group[i] > 0 && (smallest < 0 || t.base[i] < t.base[smallest]) {
				smallest = i
			}
		}
		if smallest < 0 {
			break
		}
		hidden[smallest] = true
	}
	for i := range values {
		if hidden[i] {
			values[i] = ValueComparison{Value: values[i].Value, Suppressed: true, Verdict: Withheld}
		}
	}
}

// derivable reports whether a hidden count is what all people less the shown
// counts leave, or is bounded by that to fewer people than may be shown.
func derivable(counts []int, hidden []bool, minSize int) bool {
	values, people := 0, 0
	for i, n := range counts {
		if hidden[i] && n > 0 {
			values, people = values+1, people+n
		}
	}
	return values > 0 && (values < 2 || people < minSize)
}

// judge adjusts the p-values for one another and gives the verdicts.
func (c *GroupComparison) judge(opt CompareOptions) {
	var values []*ValueComparison
	var p []float64
	for i := range c.Dimensions {
		for j := range c.Dimensions[i].Values {
			if v := &c.Dimensions[i].Values[j]; !v.Suppressed {
				values, p = append(values, v), append(p, v.P)
			}
		}
	}
	q := stat.BenjaminiHochberg(p)
	for i, v := range values {
		v.Q = q[i]
	}
	for i := range c.Dimensions {
		d := &c.Dimensions[i]
		for j := range d.Values {
			d.Values[j].judge(*d, opt)
		}
	}
}

func (v *ValueComparison) judge(d DimensionComparison, opt CompareOptions) {
	least := sosyal.CountArg("minimum", opt.MinSize)
	expected := v.BaseShare * float64(d.N)
	shown := v.Q <= 1-opt.Level
	switch {
	case v.Suppressed:
		v.Reasons = []sosyal.Reason{sosyal.Because("audience.compare.suppressed", sosyal.TextArg("value", v.Value), least)}
	case max(float64(v.Count), expected) < float64(opt.MinSize):
		v.Verdict = Withheld
		v.Reasons = []sosyal.Reason{sosyal.Because("audience.compare.withheld", sosyal.TextArg("value", v.Value), least)}
	case shown && v.Shrunk.Low > 100 && v.Shrunk.Value >= 100*opt.Notable:
		v.Verdict = Above
		v.Reasons = []sosyal.Reason{v.because("audience.compare.above", d)}
	case shown && v.Shrunk.High < 100 && v.Shrunk.Value <= 100/opt.Notable:
		v.Verdict = Below
		v.Reasons = []sosyal.Reason{v.because("audience.compare.below", d)}
	default:
		v.Verdict = Unclear
	}
}

func (v *ValueComparison) because(code string, d DimensionComparison) sosyal.Reason {
	return sosyal.Because(code,
		d.Dimension.arg(), sosyal.TextArg("value", v.Value),
		sosyal.NumberArg("index", v.Shrunk.Value, 0), sosyal.NumberArg("low", v.Shrunk.Low, 0), sosyal.NumberArg("high", v.Shrunk.High, 0),
		sosyal.CountArg("count", v.Count), sosyal.CountArg("n", d.N),
		sosyal.PercentArg("share", v.Share.Value, 1), sosyal.PercentArg("base", v.BaseShare, 1))
}
