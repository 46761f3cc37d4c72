package stat

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// NormalQuantile returns the quantile of the standard normal distribution.
func NormalQuantile(p float64) float64 { return distuv.UnitNormal.Quantile(p) }

// NormalTail returns the two-sided tail probability of |z|.
func NormalTail(z float64) float64 { return math.Erfc(math.Abs(z) / math.Sqrt2) }

// TQuantile returns the quantile of Student's t; with infinite degrees of
// freedom the normal one.
func TQuantile(p, df float64) float64 {
	if math.IsInf(df, 1) {
		return NormalQuantile(p)
	}
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile(p)
}

// TTail returns the two-sided tail probability of |t|.
func TTail(t, df float64) float64 {
	if math.IsInf(df, 1) {
		return NormalTail(t)
	}
	return 2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.CDF(-math.Abs(t))
}

// FTail returns the upper tail probability of the F distribution.
func FTail(f, df1, df2 float64) float64 {
	if f <= 0 {
		return 1
	}
	return distuv.F{D1: df1, D2: df2}.Survival(f)
}

// Wilson returns the score interval of a share of k among n true trials at a
// two-sided level such as 0.95 (Wilson, JASA 22, 1927). It is for independent
// trials only: interactions per reach are overdispersed and need another.
func Wilson(k, n, level float64) (low, high float64) {
	if n <= 0 {
		return 0, 1
	}
	z := NormalQuantile(0.5 + level/2)
	p := k / n
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return max(0, middle-half), min(1, middle+half)
}

// BenjaminiHochberg returns the adjusted p-values (q-values) of a family of
// tests, in the order given: rejecting those at or below a level keeps the
// expected share of false ones among them at most at that level (Benjamini,
// Hochberg, JRSS B 57, 1995).
func BenjaminiHochberg(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	q := make([]float64, len(p))
	least := 1.0
	for rank, i := range slices.Backward(order) {
		least = min(least, p[i]*float64(len(p))/float64(rank+1))
		q[i] = least
	}
	return q
}

// Quantile returns the p-quantile of ascending values by linear interpolation
// between order statistics (Hyndman, Fan, type 7); NaN where there are none.
func Quantile(ascending []float64, p float64) float64 {
	if len(ascending) == 0 {
		return math.NaN()
	}
	at := p * float64(len(ascending)-1)
	i := min(max(int(at), 0), len(ascending)-1)
	j := min(i+1, len(ascending)-1)
	return ascending[i] + (at-float64(i))*(ascending[j]-ascending[i])
}
