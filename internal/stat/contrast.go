package stat

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Estimable reports whether the data can tell a contrast of fixed effects apart
// from the other columns. Random columns always can be predicted.
func (f Fit) Estimable(contrast []Entry) bool {
	if f.basis == nil {
		return f.design.Fixed == 0
	}
	p := f.design.Fixed
	norm := 0.0
	projected := make([]float64, f.Rank)
	for _, e := range contrast {
		if e.Column >= p {
			continue
		}
		norm += e.Value * e.Value
		for k := range projected {
			projected[k] += e.Value * f.basis.At(e.Column, k)
		}
	}
	inside := 0.0
	for _, v := range projected {
		inside += v * v
	}
	return norm-inside <= 1e-6*norm
}

// Contrast returns the value of a combination of coefficients and its standard
// error.
func (f Fit) Contrast(contrast []Entry) (value, se float64) {
	variance := 0.0
	for _, a := range contrast {
		value += a.Value * f.Coefficients[a.Column]
		for _, b := range contrast {
			variance += a.Value * b.Value * f.cov.At(a.Column, b.Column)
		}
	}
	return value, math.Sqrt(max(variance, 0) * f.Residual)
}

// RobustSE returns the standard error of a contrast of fixed effects that holds
// where the scatter differs between cells: the HC2 estimate of MacKinnon and
// White (Journal of Econometrics 29, 1985). It is for fits without blocks.
func (f Fit) RobustSE(contrast []Entry) float64 {
	p := f.design.Fixed
	weight := make([]float64, p)
	for _, e := range contrast {
		for i := range p {
			weight[i] += e.Value * f.cov.At(i, e.Column)
		}
	}
	variance := 0.0
	for _, c := range f.cells {
		along, fitted, leverage := 0.0, 0.0, 0.0
		for _, a := range c.Row {
			along += a.Value * weight[a.Column]
			fitted += a.Value * f.Coefficients[a.Column]
			for _, b := range c.Row {
				leverage += a.Value * b.Value * f.cov.At(a.Column, b.Column)
			}
		}
		if leverage > 1-1e-9 {
			continue // fitted exactly: it says nothing about scatter
		}
		squares := c.SumOfSquares - 2*fitted*c.Sum + c.N*fitted*fitted
		variance += along * along * max(squares, 0) / (1 - leverage)
	}
	return math.Sqrt(variance)
}

// Wald returns the p-value of the hypothesis that all contrasts are zero, by the
// F distribution with the given degrees of freedom in the denominator. Contrasts
// that repeat one another count once; without any that varies the p-value is 1.
func (f Fit) Wald(contrasts [][]Entry, freedom float64) float64 {
	n := len(contrasts)
	if n == 0 {
		return 1
	}
	values := mat.NewVecDense(n, nil)
	cov := mat.NewSymDense(n, nil)
	for i, a := range contrasts {
		v, _ := f.Contrast(a)
		values.SetVec(i, v)
		for j, b := range contrasts[i:] {
			sum := 0.0
			for _, x := range a {
				for _, y := range b {
					sum += x.Value * y.Value * f.cov.At(x.Column, y.Column)
				}
			}
			cov.SetSym(i, i+j, sum*f.Residual)
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(cov, true) {
		return 1
	}
	roots := eigen.Values(nil)
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	statistic, rank := 0.0, 0.0
	for k, root := range roots {
		if root <= 1e-9*roots[n-1] || root <= 0 {
			continue
		}
		along := mat.Dot(vectors.ColView(k), values)
		statistic += along * along / root
		rank++
	}
	if rank == 0 || freedom < 1 {
		return 1
	}
	return FTail(statistic/rank, rank, freedom)
}

// FreedomLeft is the number of observations beyond the fixed effects and, where
// there are random ones, beyond those too, but at least 5: how much they take is
// between none and all, and a test must not gain from taking it for none.
func (f Fit) FreedomLeft() float64 {
	left := float64(f.N - f.Rank)
	if random := f.design.columns() - f.design.Fixed; random > 0 {
		return min(left, max(5, left-float64(random)))
	}
	return left
}

// Predict returns the value of a row.
func (f Fit) Predict(row []Entry) float64 {
	sum := 0.0
	for _, e := range row {
		sum += e.Value * f.Coefficients[e.Column]
	}
	return sum
}
