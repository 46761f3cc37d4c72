package value_test

import (
	"encoding/csv"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal/audience/value"
	"github.com/yukselenler/sosyal/internal/realdatatest"
)

// cdnow is the 1/10 sample of CDNOW's customers, in weeks to 1997-09-30; Fader
// and Hardie (2001).
func cdnow(tb testing.TB) []value.Summary {
	tb.Helper()
	rows, err := csv.NewReader(realdatatest.Open(tb, "cdnow/cdnow_sample_summary.csv.gz")).ReadAll()
	require.NoError(tb, err)
	var out []value.Summary
	for _, r := range rows[1:] {
		x, err := strconv.Atoi(r[1])
		require.NoError(tb, err)
		out = append(out, value.Summary{Frequency: x, Recency: number(tb, r[2]), Age: number(tb, r[3]), Monetary: number(tb, r[4])})
	}
	require.Len(tb, out, 2_357)
	return out
}

func number(tb testing.TB, text string) float64 {
	tb.Helper()
	v, err := strconv.ParseFloat(text, 64)
	require.NoError(tb, err)
	return v
}

// The expected parameters are those of the sources, refitted to six digits by
// another program.
func TestCDNOW(t *testing.T) {
	customers := cdnow(t)
	t.Run("BG/NBD", func(t *testing.T) {
		m, err := value.FitBGNBD(customers)
		require.NoError(t, err)
		t.Logf("%+v", m)
		assert.InEpsilonSlice(t, []float64{.242593, 4.413531, .792887, 2.425757}, []float64{m.R, m.Alpha, m.A, m.B}, 2e-6)
		assert.InDelta(t, -9582.4256, m.LogLikelihood, 5e-5)
	})
	t.Run("Pareto/NBD", func(t *testing.T) {
		m, err := value.FitParetoNBD(customers)
		require.NoError(t, err)
		t.Logf("%+v", m)
		assert.InEpsilonSlice(t, []float64{.553275, 10.577610, .606214, 11.667924}, []float64{m.R, m.Alpha, m.S, m.Beta}, 2e-6)
		assert.InDelta(t, -9594.9739, m.LogLikelihood, 5e-5)
	})
	t.Run("Gamma-Gamma", func(t *testing.T) {
		m, err := value.FitGammaGamma(customers)
		require.NoError(t, err)
		t.Logf("%+v", m)
		assert.InEpsilonSlice(t, []float64{6.248804, 3.744588, 15.447742}, []float64{m.P, m.Q, m.V}, 2e-6)
		assert.InDelta(t, -4055.9232, m.LogLikelihood, 5e-5)
		assert.Equal(t, 946, m.Fit.Customers)
	})
}

func BenchmarkFitCDNOW(b *testing.B) {
	customers := cdnow(b)
	b.Run("BGNBD", func(b *testing.B) {
		for b.Loop() {
			if _, err := value.FitBGNBD(customers); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("ParetoNBD", func(b *testing.B) {
		for b.Loop() {
			if _, err := value.FitParetoNBD(customers); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("GammaGamma", func(b *testing.B) {
		for b.Loop() {
			if _, err := value.FitGammaGamma(customers); err != nil {
				b.Fatal(err)
			}
		}
	})
}
