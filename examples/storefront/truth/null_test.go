package truth_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal/engagement"
)

// nullSeeds is how many worlds without any effect are played.
const nullSeeds = 50

// Where nothing is planted every verdict is a false discovery, so that the share
// of worlds with any verdict is bounded by the false discovery rate.
func TestNothingPlanted(t *testing.T) {
	all := studies(t, seedCount(t, nullSeeds), true, equalAge)[0]
	falsely, two := 0, 0
	byDimension := map[engagement.Dimension]int{}
	for _, s := range all {
		found := 0
		for _, g := range s.analysis.Groups {
			if g.Verdict != engagement.NoEvidence {
				found++
				byDimension[g.Dimension]++
			}
		}
		if found > 0 {
			falsely++
		}
		if found > 1 {
			two++
		}
	}
	n := len(all)
	rate := float64(falsely) / float64(n)
	t.Logf("%d seeds: a false verdict in %d (%.3f), more than one in %d, by dimension %v", n, falsely, rate, two, byDimension)
	fdr := all[0].analysis.FDR
	require.InDelta(t, 0.05, fdr, 0)
	assert.LessOrEqual(t, rate, fdr+band(fdr, n))

	times := share(all, func(s study) bool {
		b := s.analysis.BestTimes()
		return !b.Hours.NoEvidence || !b.Weekdays.NoEvidence
	})
	hours := share(all, func(s study) bool { return !s.analysis.BestTimes().Hours.NoEvidence })
	t.Logf("times that do not matter are found in %.3f, hours in %.3f", times, hours)
	assert.LessOrEqual(t, times, fdr+band(fdr, n))
	// Without evidence no slot claims any.
	for _, s := range all {
		b := s.analysis.BestTimes()
		if !b.Hours.NoEvidence || !b.Weekdays.NoEvidence {
			continue
		}
		for _, slot := range b.Top("instagram", 5) {
			assert.True(t, slot.NoEvidence)
			assert.InDelta(t, 1, slot.Ratio.Value, 0)
		}
	}

	moved := 0
	for _, s := range all {
		r, err := engagement.Recommend(s.analysis, nil, engagement.RecommendOptions{})
		require.NoError(t, err)
		judged, changed := false, false
		for _, g := range s.analysis.By(engagement.ByCategory) {
			judged = judged || g.Verdict != engagement.NoEvidence
		}
		for _, c := range r.Changes {
			changed = changed || c.To-c.From > 1e-9 || c.From-c.To > 1e-9
		}
		assert.True(t, judged || !changed, "seed %d: a mix moves by verdicts alone", s.truth.Seed)
		if changed {
			moved++
		}
	}
	t.Logf("the mix is moved in %d", moved)
	assert.LessOrEqual(t, float64(moved)/float64(n), fdr+band(fdr, n))
}
