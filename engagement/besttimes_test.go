package engagement_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement"
)

func istanbul(t *testing.T) *time.Location {
	t.Helper()
	zone, err := sosyal.LoadZone("Europe/Istanbul")
	require.NoError(t, err)
	return zone
}

// eveningAnalysis is of posts whose evening effect is too large to miss, in
// the audience's zone.
func eveningAnalysis(t *testing.T, prior engagement.Prior) engagement.Analysis {
	t.Helper()
	w := planted()
	w.evening, w.noise = 1, 0.5
	a, err := engagement.Summarize(engagement.Posts(w.posts(600, 11)), engagement.SummarizeOptions{
		Measures: []engagement.Measure{engagement.ByRate(byReach(sosyal.GeometricMean))}, Zone: istanbul(t),
	})
	require.NoError(t, err)
	got, err := engagement.Analyze(a, engagement.AnalyzeOptions{Prior: prior})
	require.NoError(t, err)
	return got
}

func TestBestTimesAreThoseOfTheAudience(t *testing.T) {
	times := eveningAnalysis(t, nil).BestTimes()
	require.False(t, times.Hours.NoEvidence)
	assert.Equal(t, "Europe/Istanbul", times.Zone)
	require.Less(t, times.Hours.P, 0.0005, "written with three decimals it would be zero")
	assert.Equal(t, "Hour: there is evidence that it matters when posts go out (p < 0.001).",
		sosyal.NewCatalogue(sosyal.English, engagement.Messages(sosyal.English)).Text(times.Reasons[0]))
	top := times.Top(sosyal.Instagram, 3)
	require.Len(t, top, 3)
	for _, s := range top {
		assert.False(t, s.NoEvidence)
		assert.GreaterOrEqual(t, s.Hour, 20, "18 to 21 in UTC is 21 to 24 in Istanbul")
		assert.Greater(t, s.Ratio.Low, 1.0)
	}
	at := func(hour int) time.Time { return time.Date(2026, 11, 4, hour, 30, 0, 0, time.UTC) }
	f := sosyal.Features{Network: sosyal.Instagram}
	ratio := times.Value(f, at(19)) / times.Value(f, at(10))
	assert.InDelta(t, 1, math.Log(ratio), 0.35, "the planted difference")
	assert.InDelta(t, times.Value(f, at(19)), times.Value(f, at(19).In(istanbul(t))), 0, "an instant is the same in any zone")
}

func TestValueJoinsContentAndTime(t *testing.T) {
	times := eveningAnalysis(t, nil).BestTimes()
	at := time.Date(2026, 11, 4, 17, 0, 0, 0, time.UTC)
	plain := sosyal.Features{Network: sosyal.Instagram}
	good, bad, strange := plain, plain, plain
	good.Category, bad.Category, strange.Category = "how-to", "offer", "never seen"
	assert.Greater(t, times.Value(good, at), times.Value(plain, at))
	assert.Less(t, times.Value(bad, at), times.Value(plain, at))
	assert.InDelta(t, times.Value(plain, at), times.Value(strange, at), 0, "what is not known counts as average")
	paid := good
	paid.Paid = true
	assert.InDelta(t, times.Value(good, at), times.Value(paid, at), 0, "support can be bought for any post")
	elsewhere := sosyal.Features{Network: sosyal.Pinterest}
	assert.Positive(t, times.Value(elsewhere, at), "an unknown network has the shared curve")
}

func TestValueIsPositiveAndSmoothAtEveryInstant(t *testing.T) {
	times := eveningAnalysis(t, nil).BestTimes()
	f := sosyal.Features{Network: sosyal.TikTok, Format: sosyal.FormatReel}
	start := time.Date(2026, 11, 2, 0, 0, 0, 0, istanbul(t))
	last := times.Value(f, start)
	for m := 5; m < 7*24*60; m += 5 {
		v := times.Value(f, start.Add(time.Duration(m)*time.Minute))
		require.Positive(t, v)
		require.False(t, math.IsInf(v, 0))
		if m%(24*60) != 0 {
			require.InDelta(t, 0, math.Log(v/last), 0.05, "minute %d", m)
		}
		last = v
	}
}

func TestTheZeroBestTimesValueEverythingAlike(t *testing.T) {
	var times engagement.BestTimes
	assert.InDelta(t, 1, times.Value(sosyal.Features{}, time.Now()), 0)
	assert.Len(t, times.Top(sosyal.X, 1000), 168)
	assert.Empty(t, times.Top(sosyal.X, -1))
}

func TestWithoutEvidenceTimesFollowThePriorOrTheHabit(t *testing.T) {
	a, err := engagement.Analyze(summarized(t, null().posts(200, 2)), engagement.AnalyzeOptions{})
	require.NoError(t, err)
	times := a.BestTimes()
	require.True(t, times.Hours.NoEvidence)
	top := times.Top(sosyal.Instagram, 2)
	assert.True(t, top[0].NoEvidence)
	assert.InDelta(t, 1, top[0].Ratio.Value, 1e-12)
	assert.GreaterOrEqual(t, top[0].Posts, top[1].Posts)
	assert.Positive(t, top[0].Posts)

	believed := func(_ sosyal.Network, d time.Weekday, hour int) float64 {
		if d == time.Friday && hour == 20 {
			return 1.5
		}
		return 1
	}
	a, err = engagement.Analyze(summarized(t, null().posts(200, 2)), engagement.AnalyzeOptions{Prior: believed})
	require.NoError(t, err)
	best := a.BestTimes().Top(sosyal.Instagram, 1)[0]
	assert.Equal(t, time.Friday, best.Weekday)
	assert.Equal(t, 20, best.Hour)
	assert.InDelta(t, 1.5, best.Ratio.Value, 1e-9)
}

// A prior that already says what the data say leaves nothing to find.
func TestAPriorIsTakenOutOfTheData(t *testing.T) {
	truth := func(_ sosyal.Network, _ time.Weekday, hour int) float64 {
		if hour >= 21 || hour == 0 { // 18 to 21 in UTC
			return math.E
		}
		return 1
	}
	without, with := eveningAnalysis(t, nil).BestTimes(), eveningAnalysis(t, truth).BestTimes()
	assert.Less(t, without.Hours.P, 1e-6)
	assert.Greater(t, with.Hours.P, 1e-3)
}

func TestBestTimesRoundTripThroughJSON(t *testing.T) {
	a := eveningAnalysis(t, nil)
	data, err := json.Marshal(a)
	require.NoError(t, err)
	var read engagement.Analysis
	require.NoError(t, json.Unmarshal(data, &read))
	assert.Equal(t, a, read)
	require.Error(t, json.Unmarshal([]byte(`{"zone":"Nowhere/At_All"}`), &read.Times))
}

func TestPostsWithoutHoursHaveNoTimes(t *testing.T) {
	a, err := engagement.Summarize(engagement.Posts(planted().posts(200, 1)), engagement.SummarizeOptions{
		Measures: []engagement.Measure{engagement.ByRate(byReach(sosyal.GeometricMean))}, Dimensions: []engagement.Dimension{engagement.ByCategory},
	})
	require.NoError(t, err)
	got, err := engagement.Analyze(a, engagement.AnalyzeOptions{})
	require.NoError(t, err)
	assert.Equal(t, "engagement.times.unknown", got.BestTimes().Reasons[0].Code)
	assert.True(t, got.BestTimes().Hours.NoEvidence)
}
