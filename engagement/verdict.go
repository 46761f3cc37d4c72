package engagement

import (
	"github.com/yukselenler/sosyal"
)

// Verdict is what the data say of a group.
type Verdict string

// Verdicts. NoEvidence is no statement that there is no effect.
const (
	Works      Verdict = "works"
	DoesNot    Verdict = "does_not"
	NoEvidence Verdict = "no_evidence"
)

// Ratio is an estimate relative to the brand's average post, other things
// equal: 1.2 is a fifth more. Low and High are its interval at the analysis'
// level.
type Ratio struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Raw is a group as it looks before anything is taken into account. The three
// averages answer different questions; for a measure that is a count they are
// the mean, the mean and the geometric mean.
type Raw struct {
	MeanOfRates   float64 `json:"mean_of_rates"`
	Pooled        float64 `json:"pooled"`
	GeometricMean float64 `json:"geometric_mean"`
}

func (r Raw) by(a sosyal.Averaging) float64 {
	switch a {
	case sosyal.MeanOfRates:
		return r.MeanOfRates
	case sosyal.Pooled:
		return r.Pooled
	case sosyal.GeometricMean:
		return r.GeometricMean
	default:
		return r.GeometricMean
	}
}

// Group is the result for one group of posts.
type Group struct {
	Dimension Dimension `json:"dimension"`
	Value     string    `json:"value"`
	// N is the number of posts that have the measure.
	N   int `json:"n"`
	Raw Raw `json:"raw"`
	// Effect is adjusted for all other dimensions; it is what verdicts are made
	// of. It is zero where it cannot be told apart from another dimension.
	Effect Ratio `json:"effect,omitzero"`
	// Shrunk is Effect pulled towards 1 as far as the scatter between groups and
	// the size of this one demand: the better prediction of what comes next.
	Shrunk Ratio `json:"shrunk"`
	// P is the two-sided p-value of Effect against 1 and Q the one adjusted for
	// all the groups that were tested; both 1 where there was no test.
	P       float64         `json:"p"`
	Q       float64         `json:"q"`
	Verdict Verdict         `json:"verdict"`
	Reasons []sosyal.Reason `json:"reasons"`
}

// Winner is the group that comes first in a dimension by one way of looking.
type Winner struct {
	Dimension Dimension `json:"dimension"`
	Measure   string    `json:"measure"`
	// Basis is "adjusted", or the averaging of the raw values that were compared.
	Basis string `json:"basis"`
	Group string `json:"group"`
	N     int    `json:"n"`
	// Value is a ratio to the average post where Basis is "adjusted", else the
	// raw value.
	Value float64 `json:"value"`
	// Verdict is that of the group by this measure; empty for raw values, which
	// are no evidence.
	Verdict Verdict `json:"verdict,omitzero"`
}

// BasisAdjusted marks winners by adjusted effect.
const BasisAdjusted = "adjusted"

// verdictReasons explains a verdict.
func (g Group) verdictReasons(opt AnalyzeOptions) []sosyal.Reason {
	args := []sosyal.Arg{
		sosyal.TermArg("dimension", g.Dimension), sosyal.TermArg("group", g.Value), sosyal.CountArg("n", g.N),
	}
	evidence := append(args,
		sosyal.NumberArg("ratio", g.Effect.Value, 2), sosyal.NumberArg("low", g.Effect.Low, 2),
		sosyal.NumberArg("high", g.Effect.High, 2), sosyal.PercentArg("level", opt.Level, 0))
	switch g.Verdict {
	case Works:
		return []sosyal.Reason{sosyal.Because("engagement.works", append(evidence, sosyal.PercentArg("change", g.Effect.Value-1, 0))...)}
	case DoesNot:
		return []sosyal.Reason{sosyal.Because("engagement.does_not", append(evidence, sosyal.PercentArg("change", 1-g.Effect.Value, 0))...)}
	case NoEvidence:
	}
	switch {
	case g.N < opt.MinPosts:
		return []sosyal.Reason{sosyal.Because("engagement.thin", append(args, sosyal.CountArg("min", opt.MinPosts))...)}
	case g.Effect == Ratio{}:
		return []sosyal.Reason{sosyal.Because("engagement.confounded", args...)}
	case g.P <= 1-opt.Level:
		return []sosyal.Reason{sosyal.Because("engagement.not_after_testing_many", append(evidence, sosyal.PercentArg("fdr", opt.FDR, 0))...)}
	}
	return []sosyal.Reason{sosyal.Because("engagement.no_evidence", evidence...)}
}
