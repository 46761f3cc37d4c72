package stat

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Entry is a non-zero value in a row of a design.
type Entry struct {
	Column int
	Value  float64
}

// Cell is all observations with the same row: how many there are, the sum of
// their values and of the squares. Cells are all that a fit needs to know.
type Cell struct {
	Row               []Entry
	N                 float64
	Sum, SumOfSquares float64
}

// Design says how many columns are fixed effects and how many belong to each
// block of random effects. Fixed columns come first, then the blocks in order.
// The effects of one block are independent draws with one variance.
type Design struct {
	Fixed  int
	Blocks []int
}

func (d Design) columns() int {
	q := d.Fixed
	for _, b := range d.Blocks {
		q += b
	}
	return q
}

// ErrSingular says that a model cannot be fitted: too few observations for its
// columns, or no variation.
var ErrSingular = errors.New("too few observations for the model")

// Fit is a fitted linear mixed model y = X b + Z u + e, where the effects u of
// block k have the variance Ratios[k] times that of e.
type Fit struct {
	// N is the number of observations and Rank the number of fixed effects that
	// can be told apart.
	N, Rank int
	// Residual is the variance of e; Ratios are the blocks' variances over it.
	Residual float64
	Ratios   []float64
	// Coefficients are the fixed effects (least squares, the shortest solution
	// where columns are aliased) followed by the predicted random effects.
	Coefficients []float64
	// LogLikelihood is the restricted one.
	LogLikelihood float64

	design Design
	cells  []Cell
	basis  *mat.Dense // of the space in which fixed contrasts are estimable
	cov    *mat.Dense // of the coefficients, over Residual
}

// FitMixed fits by restricted maximum likelihood (Patterson, Thompson,
// Biometrika 58, 1971) with Fisher scoring on the variance ratios, the residual
// variance profiled out. Without blocks it is ordinary least squares.
func FitMixed(d Design, cells []Cell) (Fit, error) {
	m := newMoments(d, cells)
	ratios := make([]float64, len(d.Blocks))
	for k := range ratios {
		ratios[k] = 0.2
	}
	s, ok := m.solve(ratios)
	if !ok {
		return Fit{}, ErrSingular
	}
	const maxSteps = 200
	for range maxSteps {
		if len(ratios) == 0 {
			break
		}
		next, moved := m.step(s)
		if !moved {
			break
		}
		s = next
	}
	return m.fit(s), nil
}

// moments are the cross products of the columns and the values.
type moments struct {
	design     Design
	cells      []Cell
	n, yy      float64
	xx, xz, zz *mat.Dense
	xy, zy     *mat.VecDense
	blockOf    []int
	p, q       int
}

func newMoments(d Design, cells []Cell) *moments {
	p, q := d.Fixed, d.columns()-d.Fixed
	// gonum has no empty matrices, so there is always a column, zero if need be.
	m := &moments{design: d, cells: cells, p: p, q: q}
	m.xx, m.xz, m.zz = mat.NewDense(max(p, 1), max(p, 1), nil), mat.NewDense(max(p, 1), max(q, 1), nil), mat.NewDense(max(q, 1), max(q, 1), nil)
	m.xy, m.zy = mat.NewVecDense(max(p, 1), nil), mat.NewVecDense(max(q, 1), nil)
	for k, size := range d.Blocks {
		for range size {
			m.blockOf = append(m.blockOf, k)
		}
	}
	for _, c := range cells {
		m.n += c.N
		m.yy += c.SumOfSquares
		for _, a := range c.Row {
			m.add(a, c)
		}
	}
	return m
}

func (m *moments) add(a Entry, c Cell) {
	if a.Column < m.p {
		m.xy.SetVec(a.Column, m.xy.AtVec(a.Column)+a.Value*c.Sum)
	} else {
		i := a.Column - m.p
		m.zy.SetVec(i, m.zy.AtVec(i)+a.Value*c.Sum)
	}
	for _, b := range c.Row {
		v := a.Value * b.Value * c.N
		switch {
		case a.Column < m.p && b.Column < m.p:
			m.xx.Set(a.Column, b.Column, m.xx.At(a.Column, b.Column)+v)
		case a.Column < m.p:
			m.xz.Set(a.Column, b.Column-m.p, m.xz.At(a.Column, b.Column-m.p)+v)
		case b.Column >= m.p:
			i, j := a.Column-m.p, b.Column-m.p
			m.zz.Set(i, j, m.zz.At(i, j)+v)
		}
	}
}

// solution is the model at given variance ratios.
type solution struct {
	ratios   []float64
	deviance float64 // -2 restricted log-likelihood up to a constant
	rss      float64 // y'Py
	rank     int
	beta     *mat.VecDense
	scaled   *mat.VecDense // random effects over the square roots of the ratios
	inverse  *mat.Dense    // S+ : (X'H^-1 X)+
	basis    *mat.Dense
	chol     *mat.Cholesky // of Λ Z'Z Λ + I
	root     []float64     // Λ: the square root of the ratio of each random column
	hx       *mat.Dense    // Z'H^-1 X
	hy       *mat.VecDense // Z'H^-1 y
}

// solve works with H = I + ZΛΛZ' through M = ΛZ'ZΛ + I alone, whose size is
// that of the random effects and which stays well conditioned at ratios of 0.
func (m *moments) solve(ratios []float64) (*solution, bool) {
	s := &solution{ratios: ratios, root: make([]float64, max(m.q, 1))}
	for i, k := range m.blockOf {
		s.root[i] = math.Sqrt(ratios[k])
	}
	size := max(m.q, 1)
	sym := mat.NewSymDense(size, nil)
	for i := range size {
		for j := i; j < size; j++ {
			v := s.root[i] * s.root[j] * m.zz.At(i, j)
			if i == j {
				v++
			}
			sym.SetSym(i, j, v)
		}
	}
	s.chol = new(mat.Cholesky)
	if !s.chol.Factorize(sym) {
		return nil, false
	}
	// Λ Z'X and Λ Z'y, then Z'H^-1 X = Z'X - Z'ZΛ M^-1 ΛZ'X.
	lzx := mat.DenseCopyOf(m.xz.T())
	lzy := mat.VecDenseCopyOf(m.zy)
	for i := range size {
		for j := range max(m.p, 1) {
			lzx.Set(i, j, lzx.At(i, j)*s.root[i])
		}
		lzy.SetVec(i, lzy.AtVec(i)*s.root[i])
	}
	var mx mat.Dense
	var my mat.VecDense
	if s.chol.SolveTo(&mx, lzx) != nil || s.chol.SolveVecTo(&my, lzy) != nil {
		return nil, false
	}
	var xhx, cross mat.Dense
	cross.Mul(lzx.T(), &mx)
	xhx.Sub(m.xx, &cross)
	var xhy, crossY mat.VecDense
	crossY.MulVec(lzx.T(), &my)
	xhy.SubVec(m.xy, &crossY)

	logDet, ok := s.invert(&xhx)
	if !ok {
		return nil, false
	}
	s.beta = mat.NewVecDense(max(m.p, 1), nil)
	s.beta.MulVec(s.inverse, &xhy)
	s.rss = m.yy - mat.Dot(lzy, &my) - mat.Dot(s.beta, &xhy)
	left := m.n - float64(s.rank)
	if left < 1 || !(s.rss > 1e-12*max(m.yy, 1e-300)) {
		return nil, false
	}
	s.deviance = s.chol.LogDet() + logDet + left*math.Log(s.rss)

	s.scaled = mat.NewVecDense(size, nil)
	s.scaled.MulVec(&mx, s.beta)
	s.scaled.SubVec(&my, s.scaled)

	// What the score needs: Z'H^-1 X and Z'H^-1 y.
	s.hx, s.hy = mat.NewDense(size, max(m.p, 1), nil), mat.NewVecDense(size, nil)
	scaledColumns(&mx, s.root)
	for i := range size {
		my.SetVec(i, my.AtVec(i)*s.root[i])
	}
	s.hx.Mul(m.zz, &mx)
	s.hx.Sub(m.xz.T(), s.hx)
	s.hy.MulVec(m.zz, &my)
	s.hy.SubVec(m.zy, s.hy)
	return s, true
}

// scaledColumns multiplies row i of a by root[i].
func scaledColumns(a *mat.Dense, root []float64) {
	rows, columns := a.Dims()
	for i := range rows {
		for j := range columns {
			a.Set(i, j, a.At(i, j)*root[i])
		}
	}
}

// invert sets the pseudo-inverse of X'H^-1 X and the basis of its range. Aliased
// columns (a format that only one network has) are no error: what cannot be
// told apart is left out of the basis.
func (s *solution) invert(xhx *mat.Dense) (logDet float64, ok bool) {
	n, _ := xhx.Dims()
	sym := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			sym.SetSym(i, j, (xhx.At(i, j)+xhx.At(j, i))/2)
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(sym, true) {
		return 0, false
	}
	values := eigen.Values(nil)
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	s.inverse = mat.NewDense(n, n, nil)
	tolerance := 1e-9 * max(values[n-1], 0)
	var kept []int
	for k, v := range values {
		if v > tolerance && v > 0 {
			kept = append(kept, k)
			logDet += math.Log(v)
		}
	}
	s.rank = len(kept)
	if s.rank == 0 {
		return 0, true
	}
	s.basis = mat.NewDense(n, s.rank, nil)
	for c, k := range kept {
		for i := range n {
			s.basis.Set(i, c, vectors.At(i, k))
		}
	}
	scaled := mat.DenseCopyOf(s.basis)
	for c, k := range kept {
		for i := range n {
			scaled.Set(i, c, scaled.At(i, c)/values[k])
		}
	}
	s.inverse.Mul(scaled, s.basis.T())
	return logDet, true
}

// zpz returns Z'PZ, where P is what is left of H^-1 beside the fixed effects.
func (m *moments) zpz(s *solution) *mat.Dense {
	size := max(m.q, 1)
	lzz := mat.DenseCopyOf(m.zz)
	scaledColumns(lzz, s.root)
	var solved, w, t, u mat.Dense
	if s.chol.SolveTo(&solved, lzz) != nil {
		return mat.NewDense(size, size, nil)
	}
	w.Mul(lzz.T(), &solved)
	w.Sub(m.zz, &w)
	t.Mul(s.hx, s.inverse)
	u.Mul(&t, s.hx.T())
	w.Sub(&w, &u)
	return &w
}

// step does one Fisher scoring step on the ratios, shortened until the deviance
// falls. Ratios at 0 stay there while the score points outwards.
func (m *moments) step(s *solution) (*solution, bool) {
	w := m.zpz(s)
	var fitted, v mat.VecDense
	fitted.MulVec(s.hx, s.beta)
	v.SubVec(s.hy, &fitted)

	blocks := len(s.ratios)
	left := m.n - float64(s.rank)
	trace, score := make([]float64, blocks), make([]float64, blocks)
	information := mat.NewSymDense(blocks, nil)
	for i, k := range m.blockOf {
		trace[k] += w.At(i, i)
		score[k] -= v.AtVec(i) * v.AtVec(i) * left / s.rss
	}
	for i, k := range m.blockOf {
		for j, l := range m.blockOf {
			if k <= l {
				x := w.At(i, j)
				information.SetSym(k, l, information.At(k, l)+x*x)
			}
		}
	}
	var free []int
	for k := range blocks {
		score[k] += trace[k]
		if s.ratios[k] > 0 || score[k] < 0 {
			free = append(free, k)
		}
	}
	if len(free) == 0 {
		return s, false
	}
	direction, ok := scoringDirection(free, information, trace, score, left)
	if !ok {
		return s, false
	}
	for scale := 1.0; scale > 1e-6; scale /= 2 {
		next := make([]float64, blocks)
		copy(next, s.ratios)
		change := 0.0
		for i, k := range free {
			next[k] = min(max(0, s.ratios[k]+scale*direction[i]), 1e6)
			change = max(change, math.Abs(next[k]-s.ratios[k])/(s.ratios[k]+1e-4))
		}
		if change < 1e-9 {
			return s, false
		}
		if t, ok := m.solve(next); ok && t.deviance <= s.deviance {
			return t, s.deviance-t.deviance > 1e-11*math.Abs(s.deviance)
		}
	}
	return s, false
}

// scoringDirection solves the expected information of the free ratios, with the
// residual variance profiled out, for the step.
func scoringDirection(free []int, information *mat.SymDense, trace, score []float64, left float64) ([]float64, bool) {
	n := len(free)
	a := mat.NewSymDense(n, nil)
	b := mat.NewVecDense(n, nil)
	for i, k := range free {
		for j, l := range free[i:] {
			a.SetSym(i, i+j, information.At(k, l)-trace[k]*trace[l]/left)
		}
		a.SetSym(i, i, a.At(i, i)*(1+1e-9)+1e-12)
		b.SetVec(i, -score[k])
	}
	var chol mat.Cholesky
	if !chol.Factorize(a) {
		return nil, false
	}
	var x mat.VecDense
	if chol.SolveVecTo(&x, b) != nil {
		return nil, false
	}
	return x.RawVector().Data, true
}

// fit assembles the result. The covariance is the inverse of Henderson's mixed
// model equations, so that prediction errors of random effects include the
// uncertainty of the fixed ones.
func (m *moments) fit(s *solution) Fit {
	left := m.n - float64(s.rank)
	f := Fit{
		N: int(m.n), Rank: s.rank, Residual: s.rss / left, Ratios: s.ratios,
		design: m.design, cells: m.cells, basis: s.basis,
		LogLikelihood: -(s.deviance + left*(1+math.Log(2*math.Pi/left))) / 2,
	}
	all := m.p + m.q
	f.Coefficients = make([]float64, all)
	for i := range m.p {
		f.Coefficients[i] = s.beta.AtVec(i)
	}
	for i := range m.q {
		f.Coefficients[m.p+i] = s.root[i] * s.scaled.AtVec(i)
	}
	f.cov = mat.NewDense(max(all, 1), max(all, 1), nil)
	for i := range m.p {
		for j := range m.p {
			f.cov.Set(i, j, s.inverse.At(i, j))
		}
	}
	if m.q == 0 {
		return f
	}
	// With P as above: Var(u-û) = G - G Z'PZ G, Cov(b̂, û-u) = -S+ X'H^-1 Z G.
	w := m.zpz(s)
	var cross mat.Dense
	cross.Mul(s.inverse, s.hx.T())
	for i := range m.q {
		gi := s.root[i] * s.root[i]
		for j := range m.q {
			gj := s.root[j] * s.root[j]
			v := -gi * w.At(i, j) * gj
			if i == j {
				v += gi
			}
			f.cov.Set(m.p+i, m.p+j, v)
		}
		for j := range m.p {
			v := -cross.At(j, i) * gi
			f.cov.Set(j, m.p+i, v)
			f.cov.Set(m.p+i, j, v)
		}
	}
	return f
}
