package engagement

import (
	"iter"
	"math"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/stat"
)

// RateValue is a rate over several posts with its evidence.
type RateValue struct {
	Rate  sosyal.Rate `json:"rate"`
	Value float64     `json:"value"`
	// Low and High are the interval at Level. Posts scatter far more than
	// independent trials would, so it comes from the scatter between posts.
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Level float64 `json:"level"`
	// N is the number of posts with a rate and Missing that of posts without.
	N       int `json:"n"`
	Missing int `json:"missing,omitzero"`
}

// AverageRate returns the rate of several posts by its averaging, with a 95 %
// interval by Student's t: of the posts' rates, of their logarithms for the
// geometric mean, where each rate is taken as (numerator + 0.5) / (denominator
// + 1) so that posts without interactions count, and of the linearised ratio
// (Cochran, Sampling Techniques, 1977, 6.3) for the pooled rate. Fewer than two
// posts are [sosyal.ErrInsufficientData].
//
// A rate pooled over reach counts a person once for each post that reached her.
func AverageRate(r sosyal.Rate, counts iter.Seq[sosyal.Counts]) (RateValue, error) {
	if err := r.Validate(); err != nil {
		return RateValue{}, err
	}
	out := RateValue{Rate: r, Level: 0.95}
	var numerators, denominators []float64
	for c := range counts {
		n, d, ok := r.Of(c)
		if !ok {
			out.Missing++
			continue
		}
		numerators, denominators = append(numerators, n), append(denominators, d)
	}
	out.N = len(numerators)
	if out.N < 2 {
		return out, sosyal.ErrInsufficientData
	}
	transformed := make([]float64, out.N)
	back, value := func(v float64) float64 { return v }, 0.0
	switch r.Averaging {
	case sosyal.Pooled:
		top, bottom := sum(numerators), sum(denominators)
		value = top / bottom
		for i := range transformed {
			transformed[i] = value + (numerators[i]-value*denominators[i])/(bottom/float64(out.N))
		}
	case sosyal.GeometricMean:
		back = math.Exp
		for i := range transformed {
			transformed[i] = math.Log((numerators[i] + 0.5) / (denominators[i] + 1))
		}
	case sosyal.MeanOfRates:
		for i := range transformed {
			transformed[i] = numerators[i] / denominators[i]
		}
	}
	mean, variance := moments(transformed)
	half := stat.TQuantile(0.5+out.Level/2, float64(out.N-1)) * math.Sqrt(variance/float64(out.N))
	out.Value, out.Low, out.High = back(mean), back(mean-half), back(mean+half)
	if r.Averaging != sosyal.GeometricMean {
		out.Low = max(out.Low, 0)
	}
	return out, nil
}

func sum(values []float64) float64 {
	s := 0.0
	for _, v := range values {
		s += v
	}
	return s
}

// moments returns mean and sample variance.
func moments(values []float64) (mean, variance float64) {
	mean = sum(values) / float64(len(values))
	for _, v := range values {
		variance += (v - mean) * (v - mean)
	}
	return mean, variance / float64(len(values)-1)
}
