package audience

import (
	"math"
	"slices"
	"strconv"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/stat"
)

// ValueSample are the sums of what people are worth, such as their net revenue
// or predicted value in one currency. It is for statistics, so it is no money.
type ValueSample struct {
	N          int     `json:"n"`
	Sum        float64 `json:"sum"`
	SumSquares float64 `json:"sum_squares"`
}

// Add counts a person's value.
func (s *ValueSample) Add(value float64) {
	s.N++
	s.Sum += value
	s.SumSquares += value * value
}

// Validate reports a negative count, sums that are not finite and squares that
// are less than the sum allows.
func (s ValueSample) Validate() error {
	var p sosyal.Problems
	p.Require(s.N >= 0, "n", "must not be negative", strconv.Itoa(s.N))
	finite := !math.IsInf(s.Sum, 0) && !math.IsNaN(s.Sum) && !math.IsInf(s.SumSquares, 0) && !math.IsNaN(s.SumSquares)
	p.Require(finite, "sum", "must be finite", "")
	if s.N > 0 {
		p.Require(s.SumSquares*(1+1e-9) >= s.Sum*s.Sum/float64(s.N), "sum_squares", "must be at least sum²/n", strconv.FormatFloat(s.SumSquares, 'g', -1, 64))
	}
	return p.Err()
}

func (s ValueSample) mean() float64 { return s.Sum / float64(s.N) }

// errorSquared is the squared standard error of the mean.
func (s ValueSample) errorSquared() float64 {
	n := float64(s.N)
	return max(0, s.SumSquares-s.Sum*s.Sum/n) / (n - 1) / n
}

// valuePart scores what the people of the group are worth, with the interval of
// a ratio of means by the delta method.
func valuePart(r FitRule, opt FitOptions) FitPart {
	group, base := opt.GroupValue, opt.BaseValue
	part := FitPart{Name: r.Name, Weight: r.Weight, N: group.N, Base: base.N}
	switch {
	case group.N == 0 || base.N == 0:
		part.Reasons = []sosyal.Reason{sosyal.Because("audience.fit.no_data", sosyal.TermArg("part", "fit."+r.Name))}
		return part
	case min(group.N, base.N) < max(opt.MinSize, 2) || base.mean() <= 0:
		part.Reasons = []sosyal.Reason{part.tooFew(opt)}
		return part
	}
	v := group.mean() / base.mean()
	half := stat.NormalQuantile(0.5+opt.Level/2) * math.Sqrt(group.errorSquared()+v*v*base.errorSquared()) / base.mean()
	points := func(v float64) float64 { return 100 * min(1, max(0, v)) }
	part.score(Estimate{points(v), points(v - half), points(v + half)}, opt)
	return part
}

// mixPart scores how alike the mixes of values are.
func mixPart(r FitRule, group, base GroupProfile, opt FitOptions) (FitPart, error) {
	part := FitPart{Name: r.Name, Weight: r.Weight}
	var sum Estimate
	var drivers []sosyal.Reason
	counted, judged := 0, 0
	for _, dimension := range r.Dimensions {
		own, ok := group.Counts(dimension)
		against, inBase := base.Counts(dimension)
		if !ok || !inBase {
			continue
		}
		t := newContrast(own, against)
		if counted == 0 || t.groupSize < part.N {
			part.N = t.groupSize
		}
		if counted == 0 || t.baseAll < part.Base {
			part.Base = t.baseAll
		}
		counted++
		if min(t.groupSize, t.baseAll) < opt.MinSize {
			continue
		}
		likeness, ok, err := t.likeness(opt)
		if err != nil {
			return FitPart{}, err
		}
		if !ok {
			continue
		}
		judged++
		sum.Value, sum.Low, sum.High = sum.Value+likeness.Value, sum.Low+likeness.Low, sum.High+likeness.High
		drivers = append(drivers, t.furthest(opt)...)
	}
	switch {
	case counted == 0:
		part.Reasons = []sosyal.Reason{sosyal.Because("audience.fit.no_data", sosyal.TermArg("part", "fit."+r.Name))}
	case judged == 0:
		part.Reasons = []sosyal.Reason{part.tooFew(opt)}
	default:
		n := float64(judged)
		part.score(Estimate{sum.Value / n, sum.Low / n, sum.High / n}, opt)
		if part.Score != nil {
			part.Reasons = append(part.Reasons, drivers...)
		}
	}
	return part, nil
}

// score sets the score unless its interval is too wide.
func (f *FitPart) score(e Estimate, opt FitOptions) {
	if e.High-e.Low > opt.MaxWidth {
		f.Reasons = append(f.Reasons, e.tooWide(f.Name, opt))
		return
	}
	f.Score = &e
	f.Reasons = append(f.Reasons, sosyal.Because("audience.fit.part", sosyal.TermArg("part", "fit."+f.Name),
		sosyal.NumberArg("score", e.Value, 0), sosyal.NumberArg("low", e.Low, 0), sosyal.NumberArg("high", e.High, 0),
		sosyal.CountArg("n", f.N), sosyal.CountArg("base", f.Base)))
}

func (f FitPart) tooFew(opt FitOptions) sosyal.Reason {
	return sosyal.Because("audience.fit.too_few", sosyal.TermArg("part", "fit."+f.Name), sosyal.CountArg("minimum", opt.MinSize))
}

// likeness is 100 (1 - d) with d the divergence less what chance adds to it,
// both from samples drawn from the two mixes (parametric bootstrap): chance is
// how much the drawn ones diverge more than the mixes do on average, and their
// scatter around that average makes the interval. Where a person can have
// several values, the values of one person are not independent; the interval is
// widened by the root of their number, as if they all went together.
//
// It is not ok where no value is common enough to be told from the others.
func (t contrast) likeness(opt FitOptions) (Estimate, bool, error) {
	a, b, ok := t.pooled()
	if !ok {
		return Estimate{}, false, nil
	}
	d, err := JensenShannon(a, b)
	if err != nil {
		return Estimate{}, false, err
	}
	draw := newSampler(opt.Seed)
	drawn, mean := make([]float64, opt.Resamples), 0.0
	nA, nB := sumOf(t.group), sumOf(t.base)
	x, y := make([]float64, len(a)), make([]float64, len(b))
	for i := range drawn {
		draw.multinomial(nA, a, x)
		draw.multinomial(nB, b, y)
		if drawn[i], err = JensenShannon(x, y); err != nil {
			return Estimate{}, false, err
		}
		mean += drawn[i] / float64(opt.Resamples)
	}
	slices.Sort(drawn)
	middle := d - (mean - d)
	widen := math.Sqrt(max(1, float64(nA)/float64(t.groupSize), float64(nB)/float64(t.baseAll)))
	points := func(d float64) float64 { return 100 * (1 - min(1, max(0, d))) }
	below := max(0, mean-stat.Quantile(drawn, 0.5-opt.Level/2))
	above := max(0, stat.Quantile(drawn, 0.5+opt.Level/2)-mean)
	return Estimate{Value: points(middle), Low: points(middle + widen*below), High: points(middle - widen*above)}, true, nil
}

// pooled returns the counts with all values of which fewer than five people are
// expected in the smaller group as one, the last.
func (t contrast) pooled() (a, b []float64, ok bool) {
	const least = 5
	nA, nB := float64(sumOf(t.group)), float64(sumOf(t.base))
	if nA == 0 || nB == 0 {
		return nil, nil, false
	}
	restA, restB := 0.0, 0.0
	for i := range t.values {
		x, y := float64(t.group[i]), float64(t.base[i])
		if (x+y)/(nA+nB)*min(nA, nB) < least {
			restA, restB = restA+x, restB+y
			continue
		}
		a, b = append(a, x), append(b, y)
	}
	if len(a) == 0 {
		return nil, nil, false
	}
	return append(a, restA), append(b, restB), true
}

// furthest names the value that sets the two mixes apart the most, among those
// of enough people to be named; none where that is less than a hundredth.
func (t contrast) furthest(opt FitOptions) []sosyal.Reason {
	most, at := 0.01, -1
	var own, all float64
	for i := range t.values {
		if min(t.group[i], t.base[i]) < opt.MinShown {
			continue
		}
		p, q := float64(t.group[i])/float64(t.groupSize), float64(t.base[i])/float64(t.baseAll)
		if gap := math.Abs(p - q); gap > most {
			most, at, own, all = gap, i, p, q
		}
	}
	if at < 0 {
		return nil
	}
	return []sosyal.Reason{sosyal.Because("audience.fit.furthest", t.dimension.arg(),
		sosyal.TextArg("value", t.values[at]), sosyal.PercentArg("share", own, 1), sosyal.PercentArg("base", all, 1))}
}
