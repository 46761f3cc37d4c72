package reputation_test

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal/engagement/reputation"
	"github.com/yukselenler/sosyal/internal/realdatatest"
)

// series is a file of the Numenta Anomaly Benchmark with its labelled windows,
// as indexes into the points, both ends included.
type series struct {
	points  []reputation.Window
	windows [][2]int
}

func benchmark(t *testing.T) []series {
	t.Helper()
	var labels map[string][][2]string
	require.NoError(t, json.NewDecoder(realdatatest.Open(t, "NAB-realTweets/combined_windows.json")).Decode(&labels))
	var out []series
	for _, name := range []string{"AAPL", "CRM", "FB", "IBM", "PFE"} {
		file := "Twitter_volume_" + name + ".csv"
		rows, err := csv.NewReader(realdatatest.Open(t, "NAB-realTweets/"+file+".gz")).ReadAll()
		require.NoError(t, err)
		var s series
		for _, row := range rows[1:] {
			at, err := time.Parse(time.DateTime, row[0])
			require.NoError(t, err)
			n, err := strconv.Atoi(row[1])
			require.NoError(t, err)
			s.points = append(s.points, reputation.Window{At: at, Mentions: n})
		}
		index := func(text string) int {
			at, err := time.Parse("2006-01-02 15:04:05.000000", text)
			require.NoError(t, err)
			i, found := slices.BinarySearchFunc(s.points, at, func(w reputation.Window, at time.Time) int { return w.At.Compare(at) })
			require.True(t, found, text)
			return i
		}
		for _, w := range labels[file] {
			s.windows = append(s.windows, [2]int{index(w[0]), index(w[1])})
		}
		out = append(out, s)
	}
	return out
}

func sigmoid(x float64) float64 {
	if x > 3 {
		return -1
	}
	return 2/(1+math.Exp(5*x)) - 1
}

// score is the benchmark's standard profile for alarms at these points: what is
// earned, of windows that count. The first alarm in a window earns by how early
// it is; each alarm outside costs up to 0.11 by how far behind a window it is; a
// window without an alarm costs 1.
func (s series) score(alarms []int) (earned float64, windows int) {
	probation := int(0.15 * math.Min(float64(len(s.points)), 5000))
	counted := slices.DeleteFunc(slices.Clone(s.windows), func(w [2]int) bool { return w[1] < probation })
	hit := make([]bool, len(counted))
	for _, i := range alarms {
		if i < probation {
			continue
		}
		inside, before := -1, -1
		for k, w := range counted {
			switch {
			case w[0] <= i && i <= w[1]:
				inside = k
			case w[1] < i:
				before = k
			}
		}
		switch {
		case inside >= 0:
			if w := counted[inside]; !hit[inside] {
				hit[inside] = true
				earned += sigmoid(-float64(w[1]-i+1)/float64(w[1]-w[0]+1)) / sigmoid(-1)
			}
		case before >= 0:
			w := counted[before]
			earned += 0.11 * sigmoid(float64(i-w[1])/float64(w[1]-w[0]))
		default:
			earned -= 0.11
		}
	}
	for _, h := range hit {
		if !h {
			earned--
		}
	}
	return earned, len(counted)
}

func TestDetectorOnTweetVolumes(t *testing.T) {
	earned, windows, hits, alarms := 0.0, 0, 0, 0
	for _, s := range benchmark(t) {
		var d reputation.Detector
		var raised []int
		for i, w := range s.points {
			a, err := d.Observe(w)
			require.NoError(t, err)
			require.GreaterOrEqual(t, a.Score, 0.0)
			require.LessOrEqual(t, a.Score, 1.0)
			require.Equal(t, a.Raised, a.Score >= 0.5)
			if a.Raised {
				raised = append(raised, i)
			}
		}
		e, n := s.score(raised)
		earned, windows, alarms = earned+e, windows+n, alarms+len(raised)
		for _, w := range s.windows {
			if slices.ContainsFunc(raised, func(i int) bool { return w[0] <= i && i <= w[1] }) {
				hits++
			}
		}
	}
	normalised := 100 * (earned + float64(windows)) / (2 * float64(windows))
	t.Logf("score %.1f; %d alarms, %d of %d windows", normalised, alarms, hits, windows)
	assert.Greater(t, normalised, 60.0, "a plain trailing robust z is at about 68, without silence at 15")
}

// The scorer itself: nothing raised scores 0, each window at its first point 100.
func TestTheScorerIsNormalised(t *testing.T) {
	earned, perfect, windows := 0.0, 0.0, 0
	for _, s := range benchmark(t) {
		e, n := s.score(nil)
		earned += e
		windows += n
		var first []int
		for _, w := range s.windows {
			first = append(first, w[0])
		}
		p, _ := s.score(first)
		perfect += p
	}
	assert.InDelta(t, -float64(windows), earned, 1e-12)
	assert.InDelta(t, float64(windows), perfect, 1e-2)
}
