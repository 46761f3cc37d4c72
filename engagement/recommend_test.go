package engagement_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement"
)

func plantedAnalysis(t *testing.T) engagement.Analysis {
	t.Helper()
	w := planted()
	w.noise = 0.5
	a, err := engagement.Analyze(summarized(t, w.posts(600, 21)), engagement.AnalyzeOptions{})
	require.NoError(t, err)
	return a
}

func TestTheMixMovesTowardsWhatWorks(t *testing.T) {
	present := sosyal.Mix{{Category: "how-to", Share: 0.2}, {Category: "inspiration", Share: 0.2}, {Category: "product", Share: 0.2}, {Category: "offer", Share: 0.2}, {Category: "new idea", Share: 0.2}}
	r, err := engagement.Recommend(plantedAnalysis(t), present, engagement.RecommendOptions{})
	require.NoError(t, err)
	require.NoError(t, r.Mix.Validate())
	assert.Greater(t, r.Mix.Of("how-to"), 0.25)
	assert.Less(t, r.Mix.Of("offer"), 0.15)
	for i, s := range r.Mix {
		assert.GreaterOrEqual(t, s.Share, 0.1-1e-9, "at least half of the present share")
		assert.LessOrEqual(t, s.Share, 0.3+1e-9, "at most half more")
		assert.Equal(t, present[i].Category, s.Category, "in the present order")
	}
	assert.Greater(t, r.Gain.Low, 1.0)
	assert.Less(t, r.Gain.High, 1.5)
	codes := map[sosyal.CategoryID]string{}
	for _, c := range r.Changes {
		codes[c.Category] = c.Reasons[0].Code
	}
	assert.Equal(t, "engagement.mix.more", codes["how-to"])
	assert.Equal(t, "engagement.mix.less", codes["offer"])
	assert.Equal(t, "engagement.mix.keep", codes["new idea"])
}

func TestBoundsAreKept(t *testing.T) {
	present := sosyal.Mix{{Category: "how-to", Share: 0.5}, {Category: "offer", Share: 0.5}}
	r, err := engagement.Recommend(plantedAnalysis(t), present, engagement.RecommendOptions{Least: 0.9, Most: 1.05})
	require.NoError(t, err)
	assert.InDelta(t, 0.525, r.Mix.Of("how-to"), 1e-9)
	assert.InDelta(t, 0.475, r.Mix.Of("offer"), 1e-9)
	for _, opt := range []engagement.RecommendOptions{{Least: 2}, {Most: 0.5}, {Least: -1}} {
		_, err := engagement.Recommend(plantedAnalysis(t), present, opt)
		assert.ErrorIs(t, err, sosyal.ErrInvalid)
	}
	_, err = engagement.Recommend(plantedAnalysis(t), sosyal.Mix{{Category: "how-to", Share: 0.7}}, engagement.RecommendOptions{})
	require.ErrorIs(t, err, sosyal.ErrInvalid)
}

func TestWithoutEvidenceTheMixStays(t *testing.T) {
	a, err := engagement.Analyze(summarized(t, null().posts(300, 1)), engagement.AnalyzeOptions{})
	require.NoError(t, err)
	present := sosyal.Mix{{Category: "how-to", Share: 0.7}, {Category: "offer", Share: 0.3}}
	r, err := engagement.Recommend(a, present, engagement.RecommendOptions{})
	require.NoError(t, err)
	assert.InDelta(t, 0.7, r.Mix.Of("how-to"), 1e-9)
	assert.InDelta(t, 1, r.Gain.Value, 1e-9)
	_, err = engagement.Recommend(engagement.Analysis{}, nil, engagement.RecommendOptions{})
	require.ErrorIs(t, err, sosyal.ErrInsufficientData)
}

func TestIgnoredContentIsAResultOfItsOwn(t *testing.T) {
	ignored := plantedAnalysis(t).Ignored()
	require.NotEmpty(t, ignored)
	kinds := map[string]bool{}
	for _, i := range ignored {
		kinds[i.Group.Value] = true
		assert.Equal(t, engagement.DoesNot, i.Group.Verdict)
		assert.NotEqual(t, engagement.ByDaypart, i.Group.Dimension, "times are not content")
	}
	assert.True(t, kinds["offer"])
	assert.False(t, kinds["how-to"])
}
