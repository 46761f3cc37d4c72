package engagement

import (
	"math"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/stat"
)

// RecommendOptions bound how far a recommendation goes. The zero options mean
// the defaults named at each field.
type RecommendOptions struct {
	// Least and Most are the smallest and largest part of its present share that
	// a category may get: 0.5 and 1.5 by default, which leaves enough of each to
	// go on learning about it.
	Least, Most float64
}

// Recommendation is a suggested content mix.
type Recommendation struct {
	Mix sosyal.Mix `json:"mix"`
	// Gain is the expected value of the average post under Mix against the
	// present one, at equal times and networks; 1 where nothing changes. The
	// interval takes the categories' effects for independent.
	Gain    Ratio    `json:"gain"`
	Changes []Change `json:"changes"`
}

// Change is what happens to a category.
type Change struct {
	Category sosyal.CategoryID `json:"category"`
	From     float64           `json:"from"`
	To       float64           `json:"to"`
	Reasons  []sosyal.Reason   `json:"reasons"`
}

// Recommend suggests the next category mix: each share is multiplied by the
// category's shrunk effect where there is a verdict on it, kept within the
// bounds, and all are scaled to add up to 1. Without a verdict a category moves
// only to make room or fill it, and where there is none at all the mix stays as
// it is. With an empty present mix the analysis' own is taken.
func Recommend(a Analysis, present sosyal.Mix, opt RecommendOptions) (Recommendation, error) {
	if opt.Least == 0 {
		opt.Least = 0.5
	}
	if opt.Most == 0 {
		opt.Most = 1.5
	}
	var p sosyal.Problems
	p.Require(opt.Least > 0 && opt.Least <= 1, "least", "must be above 0 and at most 1", formatNumber(opt.Least))
	p.Require(opt.Most >= 1 && !math.IsInf(opt.Most, 1), "most", "must be at least 1", formatNumber(opt.Most))
	if err := p.Err(); err != nil {
		return Recommendation{}, err
	}
	if len(present) == 0 {
		var err error
		if present, err = a.mix(); err != nil {
			return Recommendation{}, err
		}
	}
	if err := present.Validate(); err != nil {
		return Recommendation{}, err
	}
	groups := make([]Group, len(present))
	pull := make([]float64, len(present))
	for i, s := range present {
		g, ok := a.Group(ByCategory, string(s.Category))
		if !ok {
			g = Group{Dimension: ByCategory, Value: string(s.Category), Verdict: NoEvidence, Shrunk: Ratio{1, 1, 1}}
		}
		groups[i], pull[i] = g, 1
		if g.Verdict != NoEvidence {
			pull[i] = g.Shrunk.Value
		}
	}
	out := Recommendation{Mix: rescale(present, pull, opt)}
	for i, s := range present {
		out.Changes = append(out.Changes, Change{
			Category: s.Category, From: s.Share, To: out.Mix[i].Share, Reasons: changeReasons(groups[i], s.Share, out.Mix[i].Share),
		})
	}
	out.Gain = gain(present, out.Mix, groups, a.Level)
	return out, out.Mix.Validate()
}

// mix is the share of posts of each known category.
func (a Analysis) mix() (sosyal.Mix, error) {
	var weights []sosyal.Share
	for _, g := range a.Groups {
		if g.Dimension == ByCategory && g.Value != "" {
			weights = append(weights, sosyal.Share{Category: sosyal.CategoryID(g.Value), Share: float64(g.N)})
		}
	}
	if len(weights) == 0 {
		return nil, sosyal.ErrInsufficientData
	}
	return sosyal.NewMix(weights...)
}

// rescale finds the common factor by which pulled and bounded shares add up to
// 1, by halving: the sum rises with the factor.
func rescale(present sosyal.Mix, pull []float64, opt RecommendOptions) sosyal.Mix {
	at := func(factor float64) (sosyal.Mix, float64) {
		mix, total := make(sosyal.Mix, len(present)), 0.0
		for i, s := range present {
			v := min(max(factor*s.Share*pull[i], opt.Least*s.Share), opt.Most*s.Share)
			mix[i] = sosyal.Share{Category: s.Category, Share: v}
			total += v
		}
		return mix, total
	}
	low, high := 0.0, 1.0
	for _, f := range pull {
		high = max(high, opt.Most/f)
	}
	for range 200 {
		if _, total := at((low + high) / 2); total < 1 {
			low = (low + high) / 2
		} else {
			high = (low + high) / 2
		}
	}
	mix, total := at(high)
	for i := range mix {
		mix[i].Share /= total
	}
	return mix
}

// gain is the ratio of expected values, with a delta-method interval on the
// logarithm.
func gain(present, next sosyal.Mix, groups []Group, level float64) Ratio {
	before, after := 0.0, 0.0
	for i, g := range groups {
		before += present[i].Share * g.Shrunk.Value
		after += next[i].Share * g.Shrunk.Value
	}
	variance := 0.0
	for i, g := range groups {
		slope := g.Shrunk.Value * (next[i].Share/after - present[i].Share/before)
		variance += slope * slope * g.shrunkVariance(level)
	}
	value := math.Log(after / before)
	half := 0.0
	if level > 0 {
		half = stat.NormalQuantile(0.5+level/2) * math.Sqrt(variance)
	}
	return Ratio{math.Exp(value), math.Exp(value - half), math.Exp(value + half)}
}

// shrunkVariance is that of the logarithm, read back from the interval so that
// an analysis that was stored gives the same.
func (g Group) shrunkVariance(level float64) float64 {
	if level <= 0 || g.Shrunk.Low <= 0 {
		return 0
	}
	se := math.Log(g.Shrunk.High/g.Shrunk.Low) / 2 / stat.NormalQuantile(0.5+level/2)
	return se * se
}

func changeReasons(g Group, from, to float64) []sosyal.Reason {
	args := []sosyal.Arg{
		sosyal.TermArg("category", g.Value), sosyal.PercentArg("from", from, 0), sosyal.PercentArg("to", to, 0),
		sosyal.CountArg("n", g.N),
	}
	switch g.Verdict {
	case Works:
		return []sosyal.Reason{sosyal.Because("engagement.mix.more", append(args, sosyal.PercentArg("change", g.Shrunk.Value-1, 0))...)}
	case DoesNot:
		return []sosyal.Reason{sosyal.Because("engagement.mix.less", append(args, sosyal.PercentArg("change", 1-g.Shrunk.Value, 0))...)}
	case NoEvidence:
	}
	return []sosyal.Reason{sosyal.Because("engagement.mix.keep", args...)}
}
