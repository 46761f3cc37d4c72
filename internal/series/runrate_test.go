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

// The interval holds the true total about as often as it says, also where days
// resemble the day before. Of 4,000 months a share of 0.9 scatters by 0.005; the
// bands are wider because the correlation is estimated from twelve days.
func TestRunrateCoverage(t *testing.T) {
	for _, c := range []struct{ correlation, least, most float64 }{{0, 0.88, 0.95}, {0.3, 0.85, 0.95}, {0.6, 0.78, 0.95}} {
		rng := rand.New(rand.NewPCG(7, 7))
		const months = 4000
		hit := 0
		for range months {
			var done []series.Day
			truth, left, noise := 0.0, 0.0, rng.NormFloat64()
			for d := range 30 {
				w := 1 + 0.5*math.Sin(float64(d))
				noise = c.correlation*noise + math.Sqrt(1-c.correlation*c.correlation)*rng.NormFloat64()
				v := 100*w + 30*math.Sqrt(w)*noise
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
		share := float64(hit) / months
		t.Logf("correlation %.1f: %.3f", c.correlation, share)
		assert.GreaterOrEqual(t, share, c.least, "correlation %v", c.correlation)
		assert.LessOrEqual(t, share, c.most, "correlation %v", c.correlation)
	}
}

func TestRunrateNeedsDays(t *testing.T) {
	_, err := series.Runrate(make([]series.Day, 30), 1, 0.9)
	require.ErrorIs(t, err, series.ErrTooFewDays, "days without weight do not count")
}
