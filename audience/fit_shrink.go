package audience

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/yukselenler/sosyal/internal/stat"
)

// shareIndex is the ratio of two shares times 100 with an interval from their Wilson
// intervals by the method of variance estimates recovery (Donner and Zou, 2012,
// Statistical Methods in Medical Research 21), for shares that are independent.
// Where the group is part of the base the shares go together, and the interval
// is wider than it need be. b must be positive.
func shareIndex(k, n, b, all, level float64) Estimate {
	x, y := k/n, b/all
	xLow, xHigh := stat.Wilson(k, n, level)
	yLow, yHigh := stat.Wilson(b, all, level)
	product := x * y
	root := func(v float64) float64 { return math.Sqrt(max(0, product*product-v)) }
	low := 0.0
	if k > 0 {
		// The lower limit times its conjugate: no difference of near numbers.
		low = xLow * (2*x - xLow) / (product + root(xLow*yHigh*(2*x-xLow)*(2*y-yHigh)))
	}
	high := (product + root(xHigh*yLow*(2*x-xHigh)*(2*y-yLow))) / (yLow * (2*y - yLow))
	return Estimate{Value: 100 * x / y, Low: 100 * max(0, low), High: 100 * high}
}

// smoothed is a share with half a person added to both sides.
func smoothed(b, all float64) float64 { return (b + 0.5) / (all + 1) }

// shrunkIndex is the posterior of the index under a prior of the share that is
// centred on the base's and worth strength expected people.
func shrunkIndex(k, n, base, strength, level float64) Estimate {
	posterior := distuv.Beta{Alpha: k + strength, Beta: n - k + strength*(1-base)/base}
	scale := 100 / base
	return Estimate{
		Value: scale * posterior.Mean(),
		Low:   scale * posterior.Quantile(0.5-level/2),
		High:  scale * posterior.Quantile(0.5+level/2),
	}
}

// Prior of the strength, log-normal.
const (
	strengthMedian = 5
	strengthSigma  = 1
)

// strength is the mode of the strength's posterior on a grid from a half to 512
// with four steps to each doubling. The likelihood is the product of the values'
// beta-binomial ones, as if their counts were independent.
func (t contrast) strength() float64 {
	const steps = 40
	best, at := math.Inf(-1), 0.0
	for i := range steps + 1 {
		s := 0.5 * math.Exp2(float64(i)/4)
		z := math.Log(s/strengthMedian) / strengthSigma
		score := -z * z / 2
		for j := range t.values {
			base := smoothed(float64(t.base[j]), float64(t.baseAll))
			score += betaBinomial(float64(t.group[j]), float64(t.groupSize), s, s*(1-base)/base)
		}
		if score > best {
			best, at = score, s
		}
	}
	return at
}

// betaBinomial is the log-likelihood of k among n where the share is drawn from
// a beta distribution, up to what does not depend on it.
func betaBinomial(k, n, alpha, beta float64) float64 {
	return logBeta(k+alpha, n-k+beta) - logBeta(alpha, beta)
}

func logBeta(a, b float64) float64 {
	x, _ := math.Lgamma(a)
	y, _ := math.Lgamma(b)
	z, _ := math.Lgamma(a + b)
	return x + y - z
}

// twoShares is the two-sided p-value of the difference of two independent
// shares, by the chi-squared test with N-1 in place of N, which keeps its level
// where at least one person is expected in each cell (Campbell, 2007, Statistics
// in Medicine 26). It is 1 where there is nothing to compare.
func twoShares(k, n, b, m float64) float64 {
	share := (k + b) / (n + m)
	variance := share * (1 - share) * (1/n + 1/m)
	if n == 0 || m == 0 || variance == 0 {
		return 1
	}
	z := (k/n - b/m) / math.Sqrt(variance*(n+m)/(n+m-1))
	return stat.NormalTail(z)
}
