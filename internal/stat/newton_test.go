package stat_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal/internal/stat"
)

// rosenbrock is the curved valley whose minimum is 0 at (1, 1); Rosenbrock (1960).
func rosenbrock(x, g []float64) float64 {
	a, b := 1-x[0], x[1]-x[0]*x[0]
	g[0], g[1] = -2*a-400*x[0]*b, 200*b
	return a*a + 100*b*b
}

func TestMinimizeFindsTheFloorOfAValley(t *testing.T) {
	for _, start := range [][]float64{{-1.2, 1}, {5, -5}, {0, 0}, {-3, 8}} {
		m, err := stat.Minimization{F: rosenbrock, Tolerance: 1e-14, Bound: 50}.Minimize(start)
		require.NoError(t, err)
		assert.InDeltaSlice(t, []float64{1, 1}, m.X, 1e-6)
		assert.LessOrEqual(t, m.Left, 1e-14)
		// The Hessian at (1, 1) is 802, -400, 200.
		assert.InDelta(t, 802, m.Hessian.At(0, 0), 0.1)
		assert.InDelta(t, -400, m.Hessian.At(0, 1), 0.1)
		assert.InDelta(t, 200, m.Hessian.At(1, 1), 0.1)
	}
}

func TestMinimizeLeavesASaddle(t *testing.T) {
	double := func(x, g []float64) float64 { // minima at (±1, 0), a saddle at 0
		g[0], g[1] = 4*x[0]*(x[0]*x[0]-1), 2*x[1]
		well := x[0]*x[0] - 1
		return well*well + x[1]*x[1]
	}
	m, err := stat.Minimization{F: double, Tolerance: 1e-14, Bound: 20}.Minimize([]float64{0.01, 0.5})
	require.NoError(t, err)
	assert.InDelta(t, 1, m.X[0], 1e-6)
	assert.InDelta(t, 0, m.X[1], 1e-6)
}

func TestMinimizeWithABorrowedCurvature(t *testing.T) {
	near := func(x, g []float64) float64 { // 5% off in curvature and in place
		v := rosenbrock([]float64{x[0] * 1.05, x[1]}, g)
		g[0] *= 1.05
		return v
	}
	wrong := func(_, g []float64) float64 { // leads nowhere fast
		g[0], g[1] = 0, 0
		return 0
	}
	for name, curvature := range map[string]stat.Objective{"near": near, "wrong": wrong} {
		m, err := stat.Minimization{F: rosenbrock, Curvature: curvature, Tolerance: 1e-14, Bound: 20}.Minimize([]float64{0.9, 0.8})
		require.NoError(t, err, name)
		assert.InDeltaSlice(t, []float64{1, 1}, m.X, 1e-6, name)
	}
}

func TestMinimizeSaysWhatFailed(t *testing.T) {
	falls := func(x, g []float64) float64 {
		g[0], g[1] = 2*x[0], -math.Exp(-x[1])
		return x[0]*x[0] + math.Exp(-x[1])
	}
	_, err := stat.Minimization{F: falls, Tolerance: 1e-30, Bound: 12}.Minimize([]float64{1, 1})
	assert.ErrorIs(t, err, stat.BoundError{Variable: 1, Upper: true})
	assert.ErrorContains(t, err, "variable 1")
	for name, f := range map[string]stat.Objective{
		"no number":        func(_, _ []float64) float64 { return math.NaN() },
		"a lying gradient": func(x, g []float64) float64 { g[0], g[1] = 1, 0; return -x[0] },
	} {
		_, err := stat.Minimization{F: f, Tolerance: 1e-14, Bound: 12}.Minimize([]float64{1, 1})
		assert.ErrorIs(t, err, stat.ErrNotConverged, name)
	}
}
