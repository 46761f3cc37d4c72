package truth_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
)

// atHour is an ordinary day of the past at an hour of the audience's clock.
func atHour(zone *time.Location, hours float64) time.Time {
	whole, part := math.Modf(math.Mod(hours+24, 24))
	return time.Date(2026, time.March, 4, int(whole), int(60*part), 0, 0, zone)
}

// clockDistance is the distance between two hours around the clock.
func clockDistance(a, b float64) float64 {
	d := math.Mod(math.Abs(a-b), 24)
	return min(d, 24-d)
}

// timesAreFound asks for the best hours where the planted wave is at least half as
// high as at its peak: the evening, some eight hours long.
func timesAreFound(t *testing.T, all []study) {
	t.Helper()
	zone, err := sosyal.LoadZone("Europe/Istanbul")
	require.NoError(t, err)
	evidence := share(all, func(s study) bool { return !s.analysis.BestTimes().Hours.NoEvidence })
	weekdays := share(all, func(s study) bool { return !s.analysis.BestTimes().Weekdays.NoEvidence })
	t.Logf("hours matter in %.3f of the seeds, weekdays in %.3f", evidence, weekdays)
	assert.GreaterOrEqual(t, evidence, 0.9-band(0.9, len(all)))
	for _, n := range all[0].truth.Engagement.Networks {
		var away, worth, posted, whole, ratio []float64
		better, near, of := 0, 0, 0
		for _, s := range all {
			b := s.analysis.BestTimes()
			if b.Hours.NoEvidence {
				continue
			}
			of++
			f := sosyal.Features{Network: sosyal.Network(n.Network)}
			peak, trough := b.Value(f, atHour(zone, n.Peak)), b.Value(f, atHour(zone, n.Peak+12))
			if peak > trough {
				better++
			}
			ratio = append(ratio, math.Log(peak/trough))
			best := b.Top(f.Network, 1)[0].Hour
			away = append(away, clockDistance(float64(best)+0.5, n.Peak))
			worth = append(worth, n.Hour[best]/n.Amplitude)
			if n.Hour[best] >= n.Amplitude/2 {
				near++
			}
			var estimated, truth []float64
			for h := range 24 {
				estimated = append(estimated, math.Log(b.Value(f, atHour(zone, float64(h)+0.5))))
				truth = append(truth, n.Hour[h])
			}
			whole = append(whole, correlation(estimated, truth))
			posted = append(posted, correlation(estimated[8:23], truth[8:23]))
		}
		d, _ := meanAndError(away)
		p, _ := meanAndError(posted)
		w, _ := meanAndError(whole)
		r, _ := meanAndError(ratio)
		v, _ := meanAndError(worth)
		t.Logf("%s: best hour %.2f h from the peak on average, worth %.2f of it, in the peak in %d of %d; peak above trough in %d, log ratio %.3f of %.3f; correlation %.3f over posted hours, %.3f over all",
			n.Network, d, v, near, of, better, r, 2*n.Amplitude, p, w)
		assert.GreaterOrEqual(t, float64(near)/float64(of), 0.9-band(0.9, of), n.Network)
		assert.Greater(t, v, 0.8, n.Network)
		assert.GreaterOrEqual(t, float64(better)/float64(of), 0.9, n.Network)
		assert.Greater(t, p, 0.7, n.Network)
		assert.Less(t, r, 2*n.Amplitude*1.2, "shrunk curves do not exaggerate on average: %s", n.Network)
	}
	thursday := 0
	var daily []float64
	order := []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	for _, s := range all {
		b := s.analysis.BestTimes()
		if b.Weekdays.NoEvidence {
			continue
		}
		if b.Shared.Weekdays[time.Thursday] > b.Shared.Weekdays[time.Saturday] {
			thursday++
		}
		var truth []float64
		for _, d := range order {
			truth = append(truth, s.truth.Engagement.Weekday[d])
		}
		daily = append(daily, correlation(b.Shared.Weekdays[:], truth))
	}
	if len(daily) > 1 {
		c, _ := meanAndError(daily)
		t.Logf("weekdays: %d of %d put Thursday above Saturday, correlation %.3f", thursday, len(daily), c)
		assert.Greater(t, c, 0.3)
	}
}

func correlation(x, y []float64) float64 {
	mx, _ := meanAndError(x)
	my, _ := meanAndError(y)
	xx, yy, xy := 0.0, 0.0, 0.0
	for i := range x {
		xx += (x[i] - mx) * (x[i] - mx)
		yy += (y[i] - my) * (y[i] - my)
		xy += (x[i] - mx) * (y[i] - my)
	}
	return xy / math.Sqrt(xx*yy)
}
