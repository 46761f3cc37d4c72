package series_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal/internal/series"
)

func TestRunrateWithoutNoise(t *testing.T) {
	done := make([]series.Day, 10)
	for i := range done {
		w := float64(1 + i%3)
		done[i] = series.Day{Value: 5 * w, Weight: w}
	}
	f, err := series.Runrate(done, 20, 0.9)
	require.NoError(t, err)
	assert.InDelta(t, 5*19+100, f.Total, 1e-9)
	assert.InDelta(t, f.Total, f.Low, 1e-9)
	assert.InDelta(t, f.Total, f.High, 1e-9)
}

// Equal weights reduce the model to the prediction of a sum of normal values,
// whose interval is known: n values, m to come, t(n-1) s sqrt(m + m^2/n).
func TestRunrateAgainstClosedForm(t *testing.T) {
	values := []float64{12, 9, 14, 11, 10, 13, 8}
	done := make([]series.Day, len(values))
	mean, ss := 0.0, 0.0
	for i, v := range values {
		done[i] = series.Day{Value: v, Weight: 1}
		mean += v / 7
	}
	for _, v := range values {
		ss += (v - mean) * (v - mean)
	}
	const t95 = 1.943180 // Student's t, 6 degrees of freedom, upper 5 %, from tables
	half := t95 * math.Sqrt(ss/6) * math.Sqrt(23+23.0*23/7)
	f, err := series.Runrate(done, 23, 0.9)
	require.NoError(t, err)
	assert.InDelta(t, 77+23*11, f.Total, 1e-9)
	assert.InDelta(t, f.Total+half, f.High, 1e-3)
	assert.InDelta(t, f.Total-half, f.Low, 1e-3)
}

// The interval holds the true total about as often as it says: 4,000 months of
// overdispersed counts give a 90 % interval a binomial band of about 1.4 points.
func TestRunrateCoverage(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	const months = 4000
	hit := 0
	for range months {
		var done []series.Day
		truth, left := 0.0, 0.0
		for d := range 30 {
			w := 1 + 0.5*math.Sin(float64(d))
			v := 100*w + 30*math.Sqrt(w)*rng.NormFloat64()
			truth += v
			if d < 12 {
				done = append(done, series.Day{Value: v, Weight: w})
			} else {
				left += w
			}
		}
		f, err := series.Runrate(done, left, 0.9)
		require.NoError(t, err)
		if f.Low <= truth && truth <= f.High {
			hit++
		}
	}
	assert.InDelta(t, 0.9, float64(hit)/months, 0.02)
}

func TestRunrateNeedsDays(t *testing.T) {
	_, err := series.Runrate(make([]series.Day, 30), 1, 0.9)
	require.ErrorIs(t, err, series.ErrTooFewDays, "days without weight do not count")
}
