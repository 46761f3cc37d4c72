package value

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

func lgamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}

// rising returns the logarithm of a(a+1)...(a+n-1) and its derivative by a.
func rising(a, n float64) (log, derivative float64) {
	if n > 32 {
		return lgamma(a+n) - lgamma(a), mathext.Digamma(a+n) - mathext.Digamma(a)
	}
	product := 1.0
	for j := range int(n) {
		product *= a + float64(j)
		derivative += 1 / (a + float64(j))
	}
	return math.Log(product), derivative
}

// logistic returns ln(1+e^d) and its derivative.
func logistic(d float64) (log, share float64) {
	e := math.Exp(-math.Abs(d))
	log = math.Log1p(e)
	if d > 0 {
		return log + d, 1 / (1 + e)
	}
	return log, e / (1 + e)
}
