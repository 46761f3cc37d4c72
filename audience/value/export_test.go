package value

import "slices"

// LogLikelihoods opens the functions that the fits maximise, by model: the
// log-likelihood of the summaries at parameters (not their logarithms), and its
// derivatives by the parameters' logarithms.
func LogLikelihoods(summaries []Summary) map[string]func(parameters, gradient []float64) float64 {
	h, s := newHistory(summaries), newSpends(summaries)
	purchases := func(f func(theta, gradient []float64) float64, times ...int) func(p, g []float64) float64 {
		return func(p, g []float64) float64 {
			p = slices.Clone(p)
			for _, i := range times {
				p[i] /= h.unit
			}
			v := -f(logs(p...), g) * h.customers
			for i := range g {
				g[i] *= -h.customers
			}
			return v - h.purchases*logs(h.unit)[0]
		}
	}
	return map[string]func(p, g []float64) float64{
		"BG/NBD":     purchases(h.bgnbd, 1),
		"Pareto/NBD": purchases(h.paretoNBD, 1, 3),
		"NBD":        purchases(h.nbd, 1),
		"Gamma-Gamma": func(p, g []float64) float64 {
			v := -s.gammaGamma(logs(p[0], p[1], p[2]/s.unit), g) * s.customers
			for i := range g {
				g[i] *= -s.customers
			}
			return v - s.customers*logs(s.unit)[0]
		},
	}
}

// Odds opens the two ways to the odds of a departure.
func Odds(power, alpha, s, beta, recency, age float64) (series, integral [5]float64) {
	d := departure{power: power, alpha: alpha, s: s, beta: beta}
	return newSeries(d, 1-min(alpha, beta)/max(alpha, beta)).odds(recency, age), d.integral(recency, age)
}

// Ascending opens the sort under the table's thresholds.
func Ascending(numbers []int64) []int64 { return ascending(numbers) }
