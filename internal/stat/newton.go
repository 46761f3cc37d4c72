package stat

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Objective returns the value of a function at x and writes its gradient.
type Objective func(x, gradient []float64) float64

// Minimization is a smooth function with few variables and how far to take it.
type Minimization struct {
	F Objective
	// Curvature, where set, is a function that bends much like F and costs less:
	// the second derivatives are then taken from it, at the start, and corrected by
	// how the gradient of F changes from step to step; they are taken from F itself
	// only where that does not lead on.
	Curvature Objective
	// Tolerance is what the next step may still promise to gain.
	Tolerance float64
	// Bound is how far from 0 a variable may go.
	Bound float64
}

// Minimum is where a function is least. Hessian is that of F, or what is known of
// it from Curvature and the steps. Left is what a further step promised to gain.
type Minimum struct {
	X       []float64
	Value   float64
	Hessian *mat.SymDense
	Steps   int
	Left    float64
}

// BoundError says that the function kept falling until a variable reached the
// bound.
type BoundError struct {
	Variable int
	Upper    bool
}

// Error names the variable by its number.
func (e BoundError) Error() string {
	return fmt.Sprintf("variable %d reached its bound (upper: %t)", e.Variable, e.Upper)
}

// ErrNotConverged says that no point was found where the gradient vanishes.
var ErrNotConverged = errors.New("did not converge")

const (
	maxSteps    = 80
	maxHalvings = 40
	maxStep     = 1.5   // of a variable at once, so that a flat start does not throw it far
	finite      = 1e-5  // step of the differences of gradients
	sufficient  = 1e-4  // share of the promised gain that a step must bring
	noise       = 1e-13 // of a value, below which it does not tell better from worse
)

// Minimize follows Newton's direction with the magnitude of each eigenvalue of
// the Hessian, so that it descends where the function is not convex, and halves
// a step that does not bring what it should. The Hessian is taken from
// differences of the gradient. It ends where the function is convex and the step
// promises less than the tolerance: a test of the gradient in the metric of the
// curvature, which no scale of the variables changes. With a [BoundError] it returns
// where it was when it reached the bound.
func (m Minimization) Minimize(start []float64) (Minimum, error) {
	s := search{Minimization: m, curvature: m.F, x: slices.Clone(start), gradient: make([]float64, len(start))}
	borrowed := m.Curvature != nil
	if borrowed {
		s.curvature = m.Curvature
	}
	s.value = m.F(s.x, s.gradient)
	if !isFinite(s.value) {
		return Minimum{}, ErrNotConverged
	}
	last := math.Inf(1)
	for steps := range maxSteps {
		if steps == 0 || !borrowed {
			s.bend()
		}
		direction, gain, convex := s.direction()
		if borrowed && (!convex || gain > last/4) { // a borrowed curvature must lead there fast
			borrowed, s.curvature = false, m.F
			s.bend()
			direction, gain, convex = s.direction()
		}
		last = gain
		if convex && gain <= m.Tolerance {
			return Minimum{X: s.x, Value: s.value, Hessian: s.hessian, Steps: steps, Left: gain}, nil
		}
		if !s.advance(direction) {
			return Minimum{}, ErrNotConverged
		}
		if borrowed {
			s.learn()
		}
		for i, v := range s.x {
			if math.Abs(v) > m.Bound {
				return Minimum{X: s.x, Value: s.value, Steps: steps + 1}, BoundError{Variable: i, Upper: v > 0}
			}
		}
	}
	return Minimum{}, ErrNotConverged
}

type search struct {
	Minimization
	curvature   Objective
	x, gradient []float64
	value       float64
	hessian     *mat.SymDense
	// step and change are how x and the gradient last moved.
	step, change []float64
}

// bend takes the Hessian at x.
func (s *search) bend() {
	n := len(s.x)
	base, moved := make([]float64, n), make([]float64, n)
	s.curvature(s.x, base)
	h := mat.NewDense(n, n, nil)
	at := slices.Clone(s.x)
	for i := range at {
		at[i] = s.x[i] + finite
		width := at[i] - s.x[i] // what the step is after rounding
		s.curvature(at, moved)
		at[i] = s.x[i]
		for j := range moved {
			h.Set(i, j, (moved[j]-base[j])/width)
		}
	}
	s.hessian = mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			s.hessian.SetSym(i, j, (h.At(i, j)+h.At(j, i))/2)
		}
	}
}

// learn makes the Hessian agree with the last change of the gradient, by the rule
// of Broyden, Fletcher, Goldfarb and Shanno.
func (s *search) learn() {
	step, change := mat.NewVecDense(len(s.step), s.step), mat.NewVecDense(len(s.change), s.change)
	var bent mat.VecDense
	bent.MulVec(s.hessian, step)
	across, along := mat.Dot(change, step), mat.Dot(&bent, step)
	if across <= 0 || along <= 0 {
		return // the function does not bend upwards here
	}
	s.hessian.SymRankOne(s.hessian, 1/across, change)
	s.hessian.SymRankOne(s.hessian, -1/along, &bent)
}

// direction is where to go, what a full step promises to gain, and whether the
// function is convex here.
func (s *search) direction() (to []float64, gain float64, convex bool) {
	n := len(s.x)
	to = make([]float64, n)
	var e mat.EigenSym
	if !e.Factorize(s.hessian, true) {
		return to, math.Inf(1), false
	}
	values := e.Values(nil)
	var vectors mat.Dense
	e.VectorsTo(&vectors)
	floor := 1e-12 * max(math.Abs(values[0]), math.Abs(values[n-1]))
	convex = values[0] > floor
	for k, v := range values {
		slope := 0.0
		for i := range n {
			slope += vectors.At(i, k) * s.gradient[i]
		}
		v = max(math.Abs(v), floor, math.SmallestNonzeroFloat64)
		gain += slope * slope / v / 2
		for i := range n {
			to[i] -= vectors.At(i, k) * slope / v
		}
	}
	return to, gain, convex
}

// advance moves x along the direction, as far as the value falls.
func (s *search) advance(to []float64) bool {
	slope, longest := 0.0, 0.0
	for i, d := range to {
		slope += d * s.gradient[i]
		longest = max(longest, math.Abs(d))
	}
	if !isFinite(longest) {
		return false
	}
	at, gradient := make([]float64, len(s.x)), make([]float64, len(s.x))
	length := min(1, maxStep/longest)
	for range maxHalvings {
		for i, d := range to {
			at[i] = s.x[i] + length*d
		}
		v := s.F(at, gradient)
		if isFinite(v) && v <= s.value+sufficient*length*slope+noise*math.Abs(s.value) {
			s.step, s.change = make([]float64, len(at)), make([]float64, len(at))
			floats.SubTo(s.step, at, s.x)
			floats.SubTo(s.change, gradient, s.gradient)
			s.x, s.gradient, s.value = at, gradient, v
			return true
		}
		length /= 2
	}
	return false
}

func isFinite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
