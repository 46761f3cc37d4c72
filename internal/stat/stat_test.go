package stat_test

import (
	"encoding/json"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal/internal/stat"
)

func TestSumDoesNotDependOnTheOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	var values []float64
	for range 1000 {
		values = append(values, random.NormFloat64()*math.Pow(10, float64(random.IntN(16)-4)))
	}
	exact := new(big.Float).SetPrec(300)
	var forward stat.Sum
	for _, v := range values {
		require.NoError(t, forward.Add(v))
		exact.Add(exact, big.NewFloat(v))
	}
	want, _ := exact.Float64()
	assert.InDelta(t, want, forward.Float(), 1e-9, "each of 1,000 numbers is rounded to 2^-40")

	random.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
	var left, right stat.Sum
	for i, v := range values {
		if i%3 == 0 {
			require.NoError(t, left.Add(v))
		} else {
			require.NoError(t, right.Add(v))
		}
	}
	right.Merge(left)
	assert.Equal(t, forward, right)

	data, err := json.Marshal(forward)
	require.NoError(t, err)
	var read stat.Sum
	require.NoError(t, json.Unmarshal(data, &read))
	assert.Equal(t, forward, read)
}

func TestSumRefusesWhatDoesNotFit(t *testing.T) {
	var s stat.Sum
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e30} {
		require.Error(t, s.Add(v))
	}
	assert.Zero(t, s.Float())
	require.Error(t, json.Unmarshal([]byte(`[1]`), &s))
	require.Error(t, json.Unmarshal([]byte(`[1,-2]`), &s))
}

func TestSumCancelsExactly(t *testing.T) {
	var s stat.Sum
	for _, v := range []float64{1e20, 0.125, -1e20, -0.5} {
		require.NoError(t, s.Add(v))
	}
	assert.InDelta(t, -0.375, s.Float(), 0)
}

// The bounds solve (p - k/n)^2 = z^2 p (1-p) / n, whatever way they are written.
func TestWilsonSolvesTheScoreEquation(t *testing.T) {
	z := 1.959963984540054
	for _, c := range []struct{ k, n float64 }{{0, 10}, {3, 10}, {10, 10}, {7, 900}} {
		low, high := stat.Wilson(c.k, c.n, 0.95)
		for _, p := range []float64{low, high} {
			assert.InDelta(t, z*z*p*(1-p)/c.n, (p-c.k/c.n)*(p-c.k/c.n), 1e-12)
		}
		assert.Less(t, low, high)
	}
	low, high := stat.Wilson(0, 0, 0.95)
	assert.Equal(t, []float64{0, 1}, []float64{low, high})
}

// The worked example of Benjamini and Hochberg's paper: 15 p-values, of which
// four are rejected at 5 %.
func TestBenjaminiHochbergRejectsAsInThePaper(t *testing.T) {
	p := []float64{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000}
	rand.New(rand.NewPCG(5, 6)).Shuffle(len(p), func(i, j int) { p[i], p[j] = p[j], p[i] })
	rejected := 0
	for i, q := range stat.BenjaminiHochberg(p) {
		if q <= 0.05 {
			rejected++
			assert.LessOrEqual(t, p[i], 0.0095)
		}
	}
	assert.Equal(t, 4, rejected)
}

func TestQuantileInterpolates(t *testing.T) {
	values := []float64{1, 2, 4, 8}
	assert.InDelta(t, 3, stat.Quantile(values, 0.5), 1e-12)
	assert.InDelta(t, 1, stat.Quantile(values, 0), 0)
	assert.InDelta(t, 8, stat.Quantile(values, 1), 0)
	assert.True(t, math.IsNaN(stat.Quantile(nil, 0.5)))
}

func TestTails(t *testing.T) {
	assert.InDelta(t, 0.05, stat.NormalTail(stat.NormalQuantile(0.975)), 1e-12)
	assert.InDelta(t, 0.05, stat.TTail(stat.TQuantile(0.975, 7), 7), 1e-12)
	assert.InDelta(t, 2.3646, stat.TQuantile(0.975, 7), 1e-4)
	assert.InDelta(t, 0.05, stat.TTail(stat.TQuantile(0.975, math.Inf(1)), math.Inf(1)), 1e-12)
	assert.InDelta(t, 1, stat.FTail(0, 2, 3), 0)
	assert.InDelta(t, stat.TTail(2.5, 9), stat.FTail(6.25, 1, 9), 1e-12)
}
