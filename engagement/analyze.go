package engagement

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/stat"
)

// AnalyzeOptions say how an aggregate is analysed. The zero options mean the
// defaults named at each field.
type AnalyzeOptions struct {
	// Measure is the name of the measure to judge by. Default: the aggregate's
	// first.
	Measure string
	// Dimensions are those to give verdicts on; all of the aggregate's are
	// adjusted for either way. [ByDaypart] may be named where the aggregate has
	// hours. Default: all but months, and parts of the day instead of hours.
	Dimensions []Dimension
	// Level is that of the intervals. Default 0.95.
	Level float64
	// FDR is the false discovery rate: the expected share of wrong verdicts among
	// Works and DoesNot, over all groups of the analysis. Default 0.05.
	FDR float64
	// MinPosts is how many posts a group needs to be judged. Default 5.
	MinPosts int
	// MinTotal is how many posts an analysis needs. Default 30.
	MinTotal int
	// Prior is what is believed of the times of a network before seeing the
	// brand's own posts; see [Analysis.BestTimes]. Default: all times alike.
	Prior Prior
}

func (o AnalyzeOptions) withDefaults(a Aggregate) AnalyzeOptions {
	if o.Measure == "" && len(a.measures) > 0 {
		o.Measure = a.measures[0].Name()
	}
	if o.Level == 0 {
		o.Level = 0.95
	}
	if o.FDR == 0 {
		o.FDR = 0.05
	}
	if o.MinPosts == 0 {
		o.MinPosts = 5
	}
	if o.MinTotal == 0 {
		o.MinTotal = 30
	}
	if len(o.Dimensions) == 0 {
		for _, d := range a.dimensions {
			switch d {
			case ByMonth:
			case ByHour:
				o.Dimensions = append(o.Dimensions, ByDaypart)
			case ByNetwork, ByFormat, ByCategory, ByTemplate, ByLanguage, ByPaid, ByCampaign, ByWeekday, ByDaypart:
				o.Dimensions = append(o.Dimensions, d)
			}
		}
	}
	return o
}

func (o AnalyzeOptions) validate(a Aggregate) error {
	var p sosyal.Problems
	p.Require(o.Level > 0 && o.Level < 1, "level", "must be between 0 and 1", formatNumber(o.Level))
	p.Require(o.FDR > 0 && o.FDR < 1, "fdr", "must be between 0 and 1", formatNumber(o.FDR))
	p.Require(o.MinPosts >= 2, "min_posts", "must be at least 2", fmt.Sprint(o.MinPosts))
	known := slices.Clone(a.dimensions)
	if slices.Contains(known, ByHour) {
		known = append(known, ByDaypart)
	}
	p.Nest("", validDimensions("dimensions", o.Dimensions, known))
	p.Require(slices.Contains(a.Measures(), o.Measure), "measure", fmt.Sprintf("must be among %v", a.Measures()), o.Measure)
	return p.Err()
}

// Analysis is what an aggregate says.
type Analysis struct {
	Measure Measure `json:"measure"`
	// From and To are the first and the last instant of publication.
	From time.Time `json:"from,omitzero"`
	To   time.Time `json:"to,omitzero"`
	// N is the number of posts that have the measure, LeftOut those that were
	// kept out, by reason.
	N       int            `json:"n"`
	LeftOut map[string]int `json:"left_out,omitempty"`
	Level   float64        `json:"level"`
	FDR     float64        `json:"fdr"`
	// Average is the plain average over all posts.
	Average Raw `json:"average"`
	// Scatter is the standard deviation of the logarithm of the measure between
	// posts that the model takes for alike.
	Scatter float64 `json:"scatter"`
	// Groups are the results, by dimension in the order asked for and, within it,
	// by group.
	Groups []Group `json:"groups"`
	// Winners are the first groups by the chosen measure and, beside it, by raw
	// averages and the aggregate's other measures: where they differ, the choice
	// of measure decides.
	Winners []Winner        `json:"winners"`
	Reasons []sosyal.Reason `json:"reasons,omitempty"`

	Times BestTimes `json:"times"`
}

// Analyze estimates the effect of every group on the measure.
//
// The logarithm of the measure is fitted as a sum of effects of all the
// aggregate's dimensions at once, by least squares, so that a group's Effect is
// what is left of it when category, format, network, time, month and paid
// support are held equal. Where there are fewer than two posts to an effect
// the other dimensions enter as random effects, hours as parts of the day and
// months with a linear trend beside them, which a small set can carry; posting
// habits that go together closely are then taken out in part only.
// The interval is by Student's t with the larger of the classical and the HC2
// standard error, which also holds where groups scatter differently. Verdicts
// come from p-values adjusted over all groups by Benjamini and Hochberg.
//
// Shrunk is the best linear unbiased prediction of a mixed model (restricted
// maximum likelihood) in which the dimension's own groups are random and all other
// dimensions are fixed, so that habits do not come back by the shrinking; where
// posts are too few for that, of the crossed model in which all are random.
//
// Fewer posts than MinTotal, or posts that do not differ, are
// [sosyal.ErrInsufficientData].
func Analyze(a Aggregate, opt AnalyzeOptions) (Analysis, error) {
	opt = opt.withDefaults(a)
	if len(a.measures) == 0 {
		return Analysis{}, fmt.Errorf("the aggregate is empty: %w", sosyal.ErrInsufficientData)
	}
	if err := opt.validate(a); err != nil {
		return Analysis{}, err
	}
	chosen := slices.Index(a.Measures(), opt.Measure)
	f := newFrame(a, chosen)
	if int(f.n) < opt.MinTotal {
		return Analysis{}, fmt.Errorf("%d posts have %s and %d are needed: %w", int(f.n), opt.Measure, opt.MinTotal, sosyal.ErrInsufficientData)
	}
	out := Analysis{
		Measure: f.measure, From: a.from, To: a.to, N: int(f.n), Level: opt.Level, FDR: opt.FDR,
	}
	if len(a.leftOut) > 0 {
		out.LeftOut = a.LeftOut()
	}
	out.Average, _ = f.raw(func(int) bool { return true })
	var err error
	if out.Groups, err = f.groups(opt); err != nil {
		return Analysis{}, err
	}
	if out.Scatter, err = f.shrink(out.Groups, opt); err != nil {
		return Analysis{}, err
	}
	out.Winners = winners(a, chosen, out.Groups, opt)
	if out.Times, err = f.times(a.zone, out.Groups, opt); err != nil {
		return Analysis{}, err
	}
	out.Reasons = out.overview()
	return out, nil
}

// postsPerEffect is how many posts an effect needs before all dimensions are
// fitted as fixed effects.
const postsPerEffect = 2

// groups fits the adjusted effects and gives the verdicts.
func (f *frame) groups(opt AnalyzeOptions) ([]Group, error) {
	effects := 1.0
	for _, fac := range f.without(ByDaypart) {
		effects += float64(len(fac.levels) - 1)
	}
	var groups []Group
	var err error
	if f.n >= postsPerEffect*effects {
		groups, err = f.fixedEffects(opt)
	} else {
		groups, err = f.effectsAmongRandom(opt)
	}
	if err != nil {
		return nil, err
	}
	var tested []int
	var p []float64
	for i, g := range groups {
		if g.N >= opt.MinPosts && g.Effect != (Ratio{}) {
			tested, p = append(tested, i), append(p, g.P)
		}
	}
	for k, q := range stat.BenjaminiHochberg(p) {
		g := &groups[tested[k]]
		g.Q = q
		switch {
		case q > opt.FDR:
		case g.Effect.Value > 1:
			g.Verdict = Works
		default:
			g.Verdict = DoesNot
		}
	}
	for i := range groups {
		groups[i].Reasons = groups[i].verdictReasons(opt)
	}
	return groups, nil
}

// fixedEffects fits all dimensions as fixed effects. Parts of the day are
// averages over their hours.
func (f *frame) fixedEffects(opt AnalyzeOptions) ([]Group, error) {
	var blocks []block
	factors := f.factors
	if _, hours := f.factor(ByHour); hours {
		factors = f.without(ByDaypart)
	}
	for _, fac := range factors {
		blocks = append(blocks, fac.block())
	}
	m, err := f.fit(blocks, nil)
	if err != nil {
		return nil, fmt.Errorf("fitting %s: %w", f.measure.Name(), sosyal.ErrInsufficientData)
	}
	var groups []Group
	for _, d := range opt.Dimensions {
		fac, ok := f.factor(d)
		if !ok || !f.comparable(d) {
			continue
		}
		basis, part := fac, func(level string) string { return level }
		if hours, ok := f.factor(ByHour); ok && d == ByDaypart {
			basis, part = hours, daypartOfValue
		}
		for _, level := range fac.known() {
			g := f.group(fac, level)
			contrast := basis.againstAverage(m.from[string(basis.dimension)], func(l string) bool { return part(l) == level })
			if m.Estimable(contrast) {
				value, se := m.Contrast(contrast)
				g.judge(value, max(se, m.RobustSE(contrast)), m.FreedomLeft(), opt)
			}
			groups = append(groups, g)
		}
	}
	return groups, nil
}

// effectsAmongRandom fits each dimension in turn as fixed effects, with all the
// others as random ones.
func (f *frame) effectsAmongRandom(opt AnalyzeOptions) ([]Group, error) {
	var groups []Group
	for _, d := range opt.Dimensions {
		fac, ok := f.factor(d)
		if !ok || !f.comparable(d) {
			continue
		}
		leave := []Dimension{d, ByHour}
		if d == ByHour {
			leave = []Dimension{ByHour, ByDaypart}
		}
		fixed, random := []block{fac.block()}, []block{}
		for _, other := range f.without(leave...) {
			if other.dimension == ByMonth {
				fixed = append(fixed, other.trend())
			}
			if len(other.levels) < 3 || other.dimension == ByDaypart {
				fixed = append(fixed, other.block())
			} else {
				random = append(random, other.block())
			}
		}
		m, err := f.fit(fixed, random)
		if err != nil {
			return nil, fmt.Errorf("fitting %s by %s: %w", f.measure.Name(), d, sosyal.ErrInsufficientData)
		}
		for _, level := range fac.known() {
			g := f.group(fac, level)
			contrast := fac.againstAverage(m.from[string(d)], func(l string) bool { return l == level })
			if m.Estimable(contrast) {
				value, se := m.Contrast(contrast)
				g.judge(value, se, m.FreedomLeft(), opt)
			}
			groups = append(groups, g)
		}
	}
	return groups, nil
}

// comparable reports whether groups of a dimension may be compared by the
// measure: networks only where all share a denominator.
func (f *frame) comparable(d Dimension) bool {
	if d != ByNetwork || f.measure.Count != "" {
		return true
	}
	fac, _ := f.factor(ByNetwork)
	for _, n := range fac.levels {
		if f.measure.denominatorOn(sosyal.Network(n)) != f.measure.denominatorOn(sosyal.Network(fac.levels[0])) {
			return false
		}
	}
	return true
}

func (f *frame) group(fac factor, level string) Group {
	g := Group{Dimension: fac.dimension, Value: level, P: 1, Q: 1, Verdict: NoEvidence, Shrunk: Ratio{1, 1, 1}}
	g.Raw, g.N = f.raw(func(c int) bool { return fac.levels[fac.of[c]] == level })
	return g
}

// judge sets the effect from its logarithm and standard error.
func (g *Group) judge(value, se, freedom float64, opt AnalyzeOptions) {
	if g.N < opt.MinPosts || !(se > 0) || freedom < 1 {
		return
	}
	half := stat.TQuantile(0.5+opt.Level/2, freedom) * se
	g.Effect = Ratio{math.Exp(value), math.Exp(value - half), math.Exp(value + half)}
	g.P = stat.TTail(value/se, freedom)
}

// shrink sets Shrunk and returns the scatter of the crossed mixed model. A
// dimension of two groups has no variance to speak of and stays fixed; its
// groups are pulled in by the positive part of 1 - (error/effect)^2, and keep
// the error of the effect, because that of the factor is as large.
func (f *frame) shrink(groups []Group, opt AnalyzeOptions) (float64, error) {
	var fixed, random []block
	factors := f.factors
	if _, hours := f.factor(ByHour); hours {
		factors = f.without(ByDaypart)
	}
	for _, fac := range factors {
		if len(fac.levels) < 3 {
			fixed = append(fixed, fac.block())
		} else {
			random = append(random, fac.block())
		}
	}
	m, err := f.fit(fixed, random)
	if err != nil {
		return 0, fmt.Errorf("fitting %s: %w", f.measure.Name(), sosyal.ErrInsufficientData)
	}
	effects := 1.0
	for _, fac := range factors {
		effects += float64(len(fac.levels) - 1)
	}
	models := map[Dimension]model{}
	z := stat.NormalQuantile(0.5 + opt.Level/2)
	for i := range groups {
		g := &groups[i]
		basis, _ := f.factor(g.Dimension)
		part := func(level string) string { return level }
		if hours, ok := f.factor(ByHour); ok && g.Dimension == ByDaypart {
			basis, part = hours, daypartOfValue
		}
		own := m
		if f.n >= postsPerEffect*effects && len(basis.levels) >= 3 {
			var known bool
			if own, known = models[basis.dimension]; !known {
				var others []block
				for _, fac := range factors {
					if fac.dimension != basis.dimension {
						others = append(others, fac.block())
					}
				}
				if own, err = f.fit(others, []block{basis.block()}); err != nil {
					return 0, fmt.Errorf("fitting %s: %w", f.measure.Name(), sosyal.ErrInsufficientData)
				}
				models[basis.dimension] = own
			}
		}
		contrast := basis.againstAverage(own.from[string(basis.dimension)], func(l string) bool { return part(l) == g.Value })
		value, se := own.Contrast(contrast)
		if len(basis.levels) < 3 {
			if !own.Estimable(contrast) || value == 0 {
				continue
			}
			keep := max(0, 1-se*se/(value*value))
			value *= keep
		}
		g.Shrunk = Ratio{math.Exp(value), math.Exp(value - z*se), math.Exp(value + z*se)}
	}
	return math.Sqrt(m.Residual), nil
}

// overview explains the analysis as a whole.
func (a Analysis) overview() []sosyal.Reason {
	judged := 0
	for _, g := range a.Groups {
		if g.Verdict != NoEvidence {
			judged++
		}
	}
	reasons := []sosyal.Reason{sosyal.Because("engagement.overview",
		sosyal.CountArg("n", a.N), sosyal.CountArg("groups", len(a.Groups)), sosyal.CountArg("judged", judged),
		sosyal.PercentArg("fdr", a.FDR, 0), sosyal.TermArg("measure", a.Measure.Name()))}
	for _, d := range Dimensions() {
		names := map[string]bool{}
		for _, w := range a.Winners {
			if w.Dimension == d && d.content() {
				names[w.Group] = true
			}
		}
		if len(names) > 1 {
			reasons = append(reasons, sosyal.Because("engagement.winner_depends",
				sosyal.TermArg("dimension", d), sosyal.CountArg("winners", len(names))))
		}
	}
	return reasons
}

// Group returns the result for a group, and false where it was not analysed.
func (a Analysis) Group(d Dimension, value string) (Group, bool) {
	for _, g := range a.Groups {
		if g.Dimension == d && g.Value == value {
			return g, true
		}
	}
	return Group{}, false
}

// By returns the groups of a dimension, the largest adjusted effect first and
// those without one last.
func (a Analysis) By(d Dimension) []Group {
	var out []Group
	for _, g := range a.Groups {
		if g.Dimension == d {
			out = append(out, g)
		}
	}
	slices.SortStableFunc(out, func(x, y Group) int {
		switch {
		case x.Effect.Value > y.Effect.Value:
			return -1
		case x.Effect.Value < y.Effect.Value:
			return 1
		}
		return 0
	})
	return out
}
