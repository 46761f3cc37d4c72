package engagement_test

import (
	"encoding/json"
	"errors"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement"
)

func asJSON(t *testing.T, v json.Marshaler) string {
	t.Helper()
	data, err := v.MarshalJSON()
	require.NoError(t, err)
	return string(data)
}

func TestShardsMergeBitForBit(t *testing.T) {
	posts := planted().posts(300, 1)
	whole := summarized(t, posts)
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(posts), func(i, j int) { posts[i], posts[j] = posts[j], posts[i] })
	merged := engagement.Aggregate{}
	for shard := range slices.Chunk(posts, 37) {
		var err error
		merged, err = summarized(t, shard).Merge(merged)
		require.NoError(t, err)
	}
	assert.Equal(t, asJSON(t, whole), asJSON(t, merged))
	assert.Equal(t, 300, merged.Posts())

	one, err := engagement.Analyze(whole, engagement.AnalyzeOptions{})
	require.NoError(t, err)
	two, err := engagement.Analyze(merged, engagement.AnalyzeOptions{})
	require.NoError(t, err)
	assert.Equal(t, one, two)
}

func TestMergingLeavesItsOperandsAlone(t *testing.T) {
	a, b := summarized(t, planted().posts(50, 1)), summarized(t, planted().posts(50, 2))
	before := asJSON(t, a) + asJSON(t, b)
	_, err := a.Merge(b)
	require.NoError(t, err)
	assert.Equal(t, before, asJSON(t, a)+asJSON(t, b))
}

func TestAggregatesOfDifferentMakeDoNotMerge(t *testing.T) {
	posts := planted().posts(50, 1)
	other, err := engagement.Summarize(engagement.Posts(posts), engagement.SummarizeOptions{
		Measures: []engagement.Measure{engagement.ByCount(sosyal.Likes)}, Zone: time.UTC,
	})
	require.NoError(t, err)
	_, err = summarized(t, posts).Merge(other)
	var fields []string
	for _, f := range sosyal.FieldErrors(err) {
		fields = append(fields, f.Field)
	}
	assert.Equal(t, []string{"measures", "zone"}, fields)
}

func TestAggregatesRoundTripThroughJSON(t *testing.T) {
	a := summarized(t, planted().posts(100, 3))
	var read engagement.Aggregate
	require.NoError(t, json.Unmarshal([]byte(asJSON(t, a)), &read))
	assert.Equal(t, asJSON(t, a), asJSON(t, read))
	for _, bad := range []string{
		`{"schema":2}`, `{`, `{"schema":1,"dimensions":["hour"],"cells":[{"key":[],"posts":1}]}`, `{"schema":1,"cells":[null]}`,
	} {
		assert.Error(t, json.Unmarshal([]byte(bad), &read), bad)
	}
}

// Brute force over the posts, in plain floating point.
func TestAnAggregateHoldsTheRawAverages(t *testing.T) {
	posts := planted().posts(400, 4)
	a, err := engagement.Analyze(summarized(t, posts), engagement.AnalyzeOptions{})
	require.NoError(t, err)
	g, ok := a.Group(engagement.ByCategory, "offer")
	require.True(t, ok)
	n, rates, logs, top, bottom := 0.0, 0.0, 0.0, 0.0, 0.0
	for _, p := range posts {
		if p.Features.Category == "offer" {
			i, r := p.Counts[sosyal.Interactions], p.Counts[sosyal.Reach]
			n, rates, logs, top, bottom = n+1, rates+i/r, logs+math.Log((i+0.5)/(r+1)), top+i, bottom+r
		}
	}
	assert.InDelta(t, n, g.N, 0)
	assert.InEpsilon(t, rates/n, g.Raw.MeanOfRates, 1e-9)
	assert.InEpsilon(t, top/bottom, g.Raw.Pooled, 1e-9)
	assert.InEpsilon(t, math.Exp(logs/n), g.Raw.GeometricMean, 1e-9)
}

func sequence(posts []engagement.Post, errs ...error) iter.Seq2[engagement.Post, error] {
	return func(yield func(engagement.Post, error) bool) {
		for _, err := range errs {
			if !yield(engagement.Post{}, err) {
				return
			}
		}
		for _, p := range posts {
			if !yield(p, nil) {
				return
			}
		}
	}
}

func TestBadPostsAreKeptApart(t *testing.T) {
	good, young, silent, invalid, huge := goodPost(), goodPost(), goodPost(), goodPost(), goodPost()
	young.Age = time.Hour
	silent.Counts = nil
	invalid.Counts = sosyal.Counts{sosyal.Likes: math.NaN(), sosyal.Reach: 10}
	huge.Counts = sosyal.Counts{sosyal.Likes: 1e300, sosyal.Reach: 10}
	bad := errors.New("row 7")
	var told []error
	opt := engagement.SummarizeOptions{MinAge: 24 * time.Hour, Rejected: func(err error) { told = append(told, err) }}
	a, err := engagement.Summarize(sequence([]engagement.Post{good, young, silent, invalid, huge}, bad), opt)
	require.NoError(t, err)
	assert.Equal(t, 1, a.Posts())
	assert.Equal(t, map[string]int{"unreadable": 1, "too_young": 1, "no_counts": 1, "invalid": 2}, a.LeftOut())
	assert.Len(t, told, 5)

	_, err = engagement.Summarize(sequence(nil, bad), engagement.SummarizeOptions{})
	require.ErrorIs(t, err, bad, "without Rejected the first bad row ends the work")
}

func TestOptionsAreValidated(t *testing.T) {
	for name, opt := range map[string]engagement.SummarizeOptions{
		"unknown dimension":  {Dimensions: []engagement.Dimension{"mood"}},
		"repeated dimension": {Dimensions: []engagement.Dimension{engagement.ByHour, engagement.ByHour}},
		"hour and daypart":   {Dimensions: []engagement.Dimension{engagement.ByHour, engagement.ByDaypart}},
		"rate without parts": {Measures: []engagement.Measure{{}}},
		"rate and count":     {Measures: []engagement.Measure{{Count: sosyal.Likes, Rate: byReach(sosyal.Pooled)}}},
		"same measure twice": {Measures: []engagement.Measure{engagement.ByCount(sosyal.Likes), engagement.ByCount(sosyal.Likes)}},
		"negative age":       {MinAge: -1},
		"nameless zone":      {Zone: time.FixedZone("+0330", 12600)},
	} {
		_, err := engagement.Summarize(sequence(nil), opt)
		assert.ErrorIs(t, err, sosyal.ErrInvalid, name)
	}
	a := summarized(t, planted().posts(60, 1))
	for name, opt := range map[string]engagement.AnalyzeOptions{
		"level":     {Level: 1},
		"fdr":       {FDR: -0.1},
		"min":       {MinPosts: 1},
		"measure":   {Measure: "likes"},
		"dimension": {Dimensions: []engagement.Dimension{engagement.ByTemplate}},
	} {
		_, err := engagement.Analyze(a, opt)
		assert.ErrorIs(t, err, sosyal.ErrInvalid, name)
	}
}

func TestThinDataGiveNoVerdict(t *testing.T) {
	_, err := engagement.Analyze(engagement.Aggregate{}, engagement.AnalyzeOptions{})
	require.ErrorIs(t, err, sosyal.ErrInsufficientData)
	_, err = engagement.Analyze(summarized(t, planted().posts(29, 1)), engagement.AnalyzeOptions{})
	require.ErrorIs(t, err, sosyal.ErrInsufficientData)
	same := make([]engagement.Post, 50)
	for i := range same {
		same[i] = goodPost()
	}
	_, err = engagement.Analyze(summarized(t, same), engagement.AnalyzeOptions{})
	require.ErrorIs(t, err, sosyal.ErrInsufficientData, "posts that do not differ")

	posts := planted().posts(100, 2)
	for i := range 4 {
		posts[i].Features.Category = "rare"
	}
	a, err := engagement.Analyze(summarized(t, posts), engagement.AnalyzeOptions{})
	require.NoError(t, err)
	rare, ok := a.Group(engagement.ByCategory, "rare")
	require.True(t, ok)
	assert.Equal(t, engagement.NoEvidence, rare.Verdict)
	assert.Equal(t, "engagement.thin", rare.Reasons[0].Code)
}

// Category and format always together: no data can part them.
func TestWhatCannotBeToldApartGetsNoVerdict(t *testing.T) {
	posts := planted().posts(400, 5)
	for i := range posts {
		if posts[i].Features.Category == "offer" {
			posts[i].Features.Format = "story"
		}
	}
	for i := range posts {
		if posts[i].Features.Format == "story" {
			posts[i].Features.Category = "offer"
		}
	}
	a, err := engagement.Analyze(summarized(t, posts), engagement.AnalyzeOptions{})
	require.NoError(t, err)
	for d, v := range map[engagement.Dimension]string{engagement.ByCategory: "offer", engagement.ByFormat: "story"} {
		g, ok := a.Group(d, v)
		require.True(t, ok)
		assert.Equal(t, engagement.NoEvidence, g.Verdict)
		assert.Equal(t, "engagement.confounded", g.Reasons[0].Code)
	}
}

func TestNetworksWithOtherDenominatorsAreNotCompared(t *testing.T) {
	posts := planted().posts(300, 6)
	opt := engagement.SummarizeOptions{Measures: []engagement.Measure{engagement.ByExposure(), engagement.ByCount(sosyal.Interactions)}}
	a, err := engagement.Summarize(engagement.Posts(posts), opt)
	require.NoError(t, err)
	byRate, err := engagement.Analyze(a, engagement.AnalyzeOptions{})
	require.NoError(t, err)
	assert.Empty(t, byRate.By(engagement.ByNetwork), "reach here, views there")
	assert.Equal(t, 300, byRate.N)
	byCount, err := engagement.Analyze(a, engagement.AnalyzeOptions{Measure: "interactions"})
	require.NoError(t, err)
	assert.Len(t, byCount.By(engagement.ByNetwork), 3)
}

func TestAbsentMetricsAreNotZero(t *testing.T) {
	posts := planted().posts(100, 7)
	for i := range 40 {
		delete(posts[i].Counts, sosyal.Reach)
	}
	a, err := engagement.Analyze(summarized(t, posts), engagement.AnalyzeOptions{})
	require.NoError(t, err)
	assert.Equal(t, 60, a.N)
}

func TestRatesNeedTwoPosts(t *testing.T) {
	counts := []sosyal.Counts{{sosyal.Reach: 100, sosyal.Likes: 3}, {sosyal.Likes: 3}, {sosyal.Reach: 0, sosyal.Likes: 3}}
	got, err := engagement.AverageRate(byReach(sosyal.Pooled), slices.Values(counts))
	require.ErrorIs(t, err, sosyal.ErrInsufficientData)
	assert.Equal(t, 1, got.N)
	assert.Equal(t, 2, got.Missing)
	_, err = engagement.AverageRate(sosyal.Rate{}, slices.Values(counts))
	require.ErrorIs(t, err, sosyal.ErrInvalid)
}

// Intervals of all three averagings hold their level over many samples of
// overdispersed posts.
func TestRateIntervalsHoldTheirLevel(t *testing.T) {
	const samples, posts = 400, 60
	random := rand.New(rand.NewPCG(9, 9))
	draw := func() sosyal.Counts {
		reach := math.Round(math.Exp(8 + 0.4*random.NormFloat64()))
		return sosyal.Counts{sosyal.Reach: reach, sosyal.Interactions: math.Round(reach * 0.03 * math.Exp(0.6*random.NormFloat64()))}
	}
	truth := map[sosyal.Averaging]float64{
		sosyal.MeanOfRates: 0.03 * math.Exp(0.18), sosyal.Pooled: 0.03 * math.Exp(0.18), sosyal.GeometricMean: 0.03,
	}
	covered := map[sosyal.Averaging]int{}
	for range samples {
		var counts []sosyal.Counts
		for range posts {
			counts = append(counts, draw())
		}
		for averaging, want := range truth {
			got, err := engagement.AverageRate(byReach(averaging), slices.Values(counts))
			require.NoError(t, err)
			if got.Low <= want && want <= got.High {
				covered[averaging]++
			}
		}
	}
	for averaging := range truth {
		assert.InDelta(t, 0.94, float64(covered[averaging])/samples, 0.04, string(averaging))
	}
}
