package engagement

import (
	"slices"

	"github.com/yukselenler/sosyal"
)

// winners finds the first group of each dimension by the chosen measure, by the
// raw averages of it, and by the other measures. Groups too small to be judged
// cannot win by adjusted effect; by raw value they can, since that is how they
// mislead.
func winners(a Aggregate, chosen int, groups []Group, opt AnalyzeOptions) []Winner {
	var out []Winner
	for _, d := range opt.Dimensions {
		out = append(out, adjustedWinner(d, a.measures[chosen].Name(), groups)...)
		averagings := []sosyal.Averaging{sosyal.MeanOfRates, sosyal.Pooled, sosyal.GeometricMean}
		if a.measures[chosen].Count != "" {
			averagings = []sosyal.Averaging{sosyal.MeanOfRates, sosyal.GeometricMean}
		}
		for _, averaging := range averagings {
			out = append(out, rawWinner(d, a.measures[chosen].Name(), averaging, groups)...)
		}
	}
	for i := range a.measures {
		if i == chosen {
			continue
		}
		f := newFrame(a, i)
		if int(f.n) < opt.MinTotal {
			continue
		}
		others, err := f.groups(opt)
		if err != nil {
			continue // what stands beside the chosen measure may be too thin
		}
		for _, d := range opt.Dimensions {
			out = append(out, adjustedWinner(d, f.measure.Name(), others)...)
		}
	}
	slices.SortStableFunc(out, func(x, y Winner) int {
		return slices.Index(opt.Dimensions, x.Dimension) - slices.Index(opt.Dimensions, y.Dimension)
	})
	return out
}

func adjustedWinner(d Dimension, measure string, groups []Group) []Winner {
	best := -1
	for i, g := range groups {
		if g.Dimension == d && g.Effect != (Ratio{}) && (best < 0 || g.Effect.Value > groups[best].Effect.Value) {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	g := groups[best]
	return []Winner{{
		Dimension: d, Measure: measure, Basis: BasisAdjusted, Group: g.Value, N: g.N,
		Value: g.Effect.Value, Verdict: g.Verdict,
	}}
}

func rawWinner(d Dimension, measure string, averaging sosyal.Averaging, groups []Group) []Winner {
	best := -1
	for i, g := range groups {
		if g.Dimension == d && g.N > 0 && g.Value != "" && (best < 0 || g.Raw.by(averaging) > groups[best].Raw.by(averaging)) {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	g := groups[best]
	return []Winner{{
		Dimension: d, Measure: measure, Basis: string(averaging), Group: g.Value, N: g.N, Value: g.Raw.by(averaging),
	}}
}
