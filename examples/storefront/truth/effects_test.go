package truth_test

import (
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement"
	"github.com/yukselenler/sosyal/examples/storefront/demo"
)

// effectSeeds is how many planted worlds are played.
const effectSeeds = 30

// planted is the effect on a post's log rate that a dimension has, and the group
// that the post is in.
func planted(truth demo.Truth, d engagement.Dimension, p engagement.Post) (effect float64, group string) {
	e := truth.Engagement
	switch d {
	case engagement.ByCategory:
		return e.Category[string(p.Features.Category)], string(p.Features.Category)
	case engagement.ByFormat:
		return e.Format[string(p.Features.Format)], string(p.Features.Format)
	case engagement.ByLanguage:
		return e.Language[string(p.Features.Language)], string(p.Features.Language)
	case engagement.ByPaid:
		if p.Features.Paid {
			return e.Paid, "promoted"
		}
		return 0, "organic"
	default:
		return 0, ""
	}
}

// expected is the logarithm of a group's effect in the analysis' own contrast:
// the mean planted effect of the group's posts less that of all posts.
func (s study) expected(d engagement.Dimension, group string) float64 {
	inside, all, n := 0.0, 0.0, 0.0
	for _, p := range s.posts {
		effect, in := planted(s.truth, d, p)
		all += effect
		if in == group {
			inside += effect
			n++
		}
	}
	return inside/n - all/float64(len(s.posts))
}

// contentDimensions are those whose effects are planted by group, with the number
// of contrasts among their groups that do not follow from the others.
func contentDimensions() map[engagement.Dimension]int {
	return map[engagement.Dimension]int{
		engagement.ByCategory: 5, engagement.ByFormat: 6, engagement.ByPaid: 1, engagement.ByLanguage: 1,
	}
}

func TestPlantedEffects(t *testing.T) {
	byAge := studies(t, seedCount(t, effectSeeds), false, equalAge, finalAge)
	all, final := byAge[0], byAge[1]
	first := all[0]
	t.Logf("%d seeds, %d posts with the measure in the first, %d without, scatter %.3f", len(all), len(first.posts), first.leftOut, first.analysis.Scatter)
	t.Run("intervals cover", func(t *testing.T) { intervalsCover(t, all) })
	t.Run("final estimates are unbiased", func(t *testing.T) { finalEstimatesAreUnbiased(t, final) })
	t.Run("early estimates are nearly so", func(t *testing.T) { earlyEstimatesAreNearlyUnbiased(t, all) })
	t.Run("strong effects are found", func(t *testing.T) { strongEffectsAreFound(t, all) })
	t.Run("verdicts are right", func(t *testing.T) { verdictsAreRight(t, all) })
	t.Run("shrinking is measured", func(t *testing.T) { shrinkingIsMeasured(t, all) })
	t.Run("raw means mislead", func(t *testing.T) { rawMeansMislead(t, all) })
	t.Run("recommendation gains", func(t *testing.T) { recommendationGains(t, all) })
	t.Run("times are found", func(t *testing.T) { timesAreFound(t, all) })
	t.Run("least squares agree", func(t *testing.T) { leastSquaresAgree(t, all[:min(3, len(all))]) })
}

// The band is binomial over the contrasts that do not follow from one another.
// The intervals take the larger of two standard errors and may therefore cover
// a little more than their level, by no more than a hundredth and a half.
func intervalsCover(t *testing.T, all []study) {
	t.Helper()
	covered, intervals, independent := 0, 0, 0
	for d, contrasts := range contentDimensions() {
		in, of := 0, 0
		for _, s := range all {
			independent += contrasts
			for _, g := range s.analysis.By(d) {
				if g.Effect == (engagement.Ratio{}) {
					continue
				}
				of++
				if truth := s.expected(d, g.Value); math.Log(g.Effect.Low) <= truth && truth <= math.Log(g.Effect.High) {
					in++
				}
			}
		}
		t.Logf("%s: %d of %d intervals cover, %.3f", d, in, of, float64(in)/float64(of))
		assert.GreaterOrEqual(t, float64(in)/float64(of), 0.95-band(0.95, contrasts*len(all)), d)
		covered, intervals = covered+in, intervals+of
	}
	coverage := float64(covered) / float64(intervals)
	t.Logf("all: %.4f of %d, band %.4f", coverage, intervals, band(0.95, independent))
	assert.GreaterOrEqual(t, coverage, 0.95-band(0.95, independent))
	assert.LessOrEqual(t, coverage, 0.965+band(0.95, independent))
}

// errorsOf are the logarithms of the effects less the truth, of each group.
func errorsOf(all []study, d engagement.Dimension) map[string][]float64 {
	list := map[string][]float64{}
	for _, s := range all {
		for _, g := range s.analysis.By(d) {
			if g.Effect != (engagement.Ratio{}) {
				list[g.Value] = append(list[g.Value], math.Log(g.Effect.Value)-s.expected(d, g.Value))
			}
		}
	}
	return list
}

// The truth states interactions at 28 days. There the counters are what it says
// and the mean of the estimates is the truth, within three standard errors.
func finalEstimatesAreUnbiased(t *testing.T, final []study) {
	t.Helper()
	for d := range contentDimensions() {
		for group, list := range errorsOf(final, d) {
			bias, se := meanAndError(list)
			t.Logf("%s %s: bias %+.4f, standard error %.4f, %d seeds", d, group, bias, se, len(list))
			assert.InDelta(t, 0, bias, 3*se, "%s %s", d, group)
		}
	}
}

// Before that each counter of a capture is cut to a whole number, which takes the
// more from a rate the smaller the post is: what raises exposure looks a little
// better, what lowers it a little worse. No estimator on these captures can undo
// that. It stays below half the scatter of a single estimate, so that intervals
// keep their level.
func earlyEstimatesAreNearlyUnbiased(t *testing.T, early []study) {
	t.Helper()
	for d := range contentDimensions() {
		for group, list := range errorsOf(early, d) {
			bias, se := meanAndError(list)
			t.Logf("%s %s: bias %+.4f, standard error %.4f, %d seeds", d, group, bias, se, len(list))
			assert.InDelta(t, 0, bias, 0.5*se*math.Sqrt(float64(len(list)))+3*se, "%s %s", d, group)
		}
	}
}

// What can be found at all is said by the standard errors of an independent
// regression on the same posts. Benjamini and Hochberg's rule finds at least what
// a test of each group at the rate over the number of groups does, so that is the
// least share of worlds in which there must be a verdict.
func strongEffectsAreFound(t *testing.T, all []study) {
	t.Helper()
	for category, verdict := range map[string]engagement.Verdict{"nasil_yapilir": engagement.Works, "kampanya": engagement.DoesNot} {
		found, turned := 0, 0
		var chances, sizes []float64
		for _, s := range all {
			value, se := regress(t, s.posts).effect(engagement.ByCategory, category)
			require.NotZero(t, value)
			truth := s.expected(engagement.ByCategory, category)
			chances, sizes = append(chances, chance(truth, se, s.analysis.FDR/float64(len(s.analysis.Groups)))), append(sizes, se)
			g, ok := s.analysis.Group(engagement.ByCategory, category)
			require.True(t, ok)
			switch g.Verdict {
			case verdict:
				found++
			case engagement.NoEvidence:
			default:
				turned++
			}
		}
		least, within := sumBand(chances)
		se, _ := meanAndError(sizes)
		t.Logf("%s %s in %.3f of the seeds; at least %.3f less %.3f are due (standard error %.3f)", category, verdict, float64(found)/float64(len(all)), least, within, se)
		assert.GreaterOrEqual(t, float64(found)/float64(len(all)), least-within, category)
		assert.Zero(t, turned, "%s the wrong way round", category)
	}
}

// A verdict whose sign is not that of the truth is a false one. Where every effect
// is planted these are rarer than the false discovery rate, by far.
func verdictsAreRight(t *testing.T, all []study) {
	t.Helper()
	verdicts, wrong := 0, 0
	for _, s := range all {
		for d := range contentDimensions() {
			for _, g := range s.analysis.By(d) {
				if g.Verdict == engagement.NoEvidence {
					continue
				}
				verdicts++
				if (g.Verdict == engagement.Works) != (s.expected(d, g.Value) > 0) {
					wrong++
				}
			}
		}
	}
	t.Logf("%d verdicts on content, %d of the wrong sign", verdicts, wrong)
	require.Positive(t, verdicts)
	assert.LessOrEqual(t, float64(wrong)/float64(verdicts), 0.05)
}

// How far the shrunk effects lie from the truth beside the plain ones, and how
// often their intervals hold it, is measured and shown. Over the categories, of
// which there are enough to learn their scatter from, shrinking is better, and it
// does not bring the trap of the raw means back.
func shrinkingIsMeasured(t *testing.T, all []study) {
	t.Helper()
	for d := range contentDimensions() {
		var plain, shrunk []float64
		shrunkErrors, shrunkLogs, truths := map[string][]float64{}, map[string][]float64{}, map[string][]float64{}
		covered, points := 0, 0
		for _, s := range all {
			for _, g := range s.analysis.By(d) {
				if g.Effect == (engagement.Ratio{}) {
					continue
				}
				truth := s.expected(d, g.Value)
				shrunkErrors[g.Value] = append(shrunkErrors[g.Value], math.Log(g.Shrunk.Value)-truth)
				shrunkLogs[g.Value] = append(shrunkLogs[g.Value], math.Log(g.Shrunk.Value))
				truths[g.Value] = append(truths[g.Value], truth)
				plain = append(plain, math.Pow(math.Log(g.Effect.Value)-truth, 2))
				shrunk = append(shrunk, math.Pow(math.Log(g.Shrunk.Value)-truth, 2))
				if g.Shrunk.High-g.Shrunk.Low < 1e-6 {
					points++
				}
				if math.Log(g.Shrunk.Low) <= truth && truth <= math.Log(g.Shrunk.High) {
					covered++
				}
			}
		}
		for group, list := range shrunkErrors {
			bias, se := meanAndError(list)
			kept, _ := meanAndError(shrunkLogs[group])
			truth, _ := meanAndError(truths[group])
			t.Logf("%s %s: shrunk %+.3f of %+.3f, %+.3f (%.3f) from the truth", d, group, kept, truth, bias, se)
		}
		a, _ := meanAndError(plain)
		b, _ := meanAndError(shrunk)
		t.Logf("%s: root mean square error of effects %.4f, shrunk %.4f; shrunk intervals cover in %.3f, %d of %d are points",
			d, math.Sqrt(a), math.Sqrt(b), float64(covered)/float64(len(plain)), points, len(plain))
		if d == engagement.ByCategory {
			var gain []float64
			for i := range plain {
				gain = append(gain, plain[i]-shrunk[i])
			}
			mean, _ := meanAndError(gain)
			assert.Positive(t, mean, d)
			trap, se := meanAndError(shrunkErrors["topluluk"])
			assert.LessOrEqual(t, trap, 3*se, "the trap is not praised")
		}
	}
}

// The shop posted its best category at the worst hours and a middling one at the
// best: the raw means take the second for the better, the effects do not, as often
// as the standard errors allow.
func rawMeansMislead(t *testing.T, all []study) {
	t.Helper()
	var raw, adjusted, chances []float64
	right := 0
	truth := all[0].truth.Engagement.Category["nasil_yapilir"] - all[0].truth.Engagement.Category["topluluk"]
	for _, s := range all {
		best, ok := s.analysis.Group(engagement.ByCategory, "nasil_yapilir")
		require.True(t, ok)
		trap, ok := s.analysis.Group(engagement.ByCategory, "topluluk")
		require.True(t, ok)
		raw = append(raw, math.Log(best.Raw.GeometricMean/trap.Raw.GeometricMean))
		adjusted = append(adjusted, math.Log(best.Effect.Value/trap.Effect.Value))
		_, se := regress(t, s.posts).contrast(engagement.ByCategory, map[string]float64{"nasil_yapilir": 1, "topluluk": -1})
		chances = append(chances, normalBelow(truth/se))
		if best.Effect.Value > trap.Effect.Value {
			right++
		}
	}
	rawMean, rawError := meanAndError(raw)
	mean, se := meanAndError(adjusted)
	due, within := sumBand(chances)
	t.Logf("log of nasil_yapilir over topluluk: raw %+.3f (%.3f), adjusted %+.3f (%.3f), truth %+.3f", rawMean, rawError, mean, se, truth)
	t.Logf("adjusted effects rank them right in %.3f of the seeds, %.3f within %.3f are due", float64(right)/float64(len(all)), due, within)
	assert.Less(t, rawMean, -3*rawError, "the trap")
	assert.InDelta(t, truth, mean, 3*se)
	assert.GreaterOrEqual(t, float64(right)/float64(len(all)), due-within)
}

// A recommendation takes from the weak and gives to the strong, where there is a
// verdict, and the mix that it names is worth more by the truth.
func recommendationGains(t *testing.T, all []study) {
	t.Helper()
	moved, better, covered := 0, 0, 0
	var gains []float64
	for _, s := range all {
		present := s.mix(t)
		r, err := engagement.Recommend(s.analysis, present, engagement.RecommendOptions{})
		require.NoError(t, err)
		judged, total := false, 0.0
		for _, c := range r.Changes {
			g, ok := s.analysis.Group(engagement.ByCategory, string(c.Category))
			require.True(t, ok)
			judged = judged || g.Verdict != engagement.NoEvidence
			total += c.To
			switch g.Verdict {
			case engagement.Works:
				assert.GreaterOrEqual(t, c.To, c.From, "seed %d: %s works", s.truth.Seed, c.Category)
			case engagement.DoesNot:
				assert.LessOrEqual(t, c.To, c.From, "seed %d: %s does not", s.truth.Seed, c.Category)
			case engagement.NoEvidence:
			}
		}
		assert.InDelta(t, 1, total, 1e-9)
		if !judged {
			assert.InDelta(t, 1, r.Gain.Value, 1e-9, "seed %d: nothing is known and nothing moves", s.truth.Seed)
			continue
		}
		moved++
		gain := s.worth(r.Mix) / s.worth(present)
		gains = append(gains, gain)
		if gain > 1 {
			better++
		}
		if r.Gain.Low <= gain && gain <= r.Gain.High {
			covered++
		}
	}
	gain, se := meanAndError(gains)
	t.Logf("moved in %d of %d; better by the truth in %d, by %.4f (%.4f) on average; the interval of the gain covers in %d", moved, len(all), better, gain, se, covered)
	require.Positive(t, moved)
	assert.Greater(t, gain, 1+3*se)
	assert.GreaterOrEqual(t, float64(covered)/float64(moved), 0.95-band(0.95, moved), "the interval of the gain")
	assert.GreaterOrEqual(t, float64(better)/float64(moved), 1-0.05-band(0.05, moved), "wrong verdicts are as rare as the rate says")
}

// mix is the share of the posts of each category.
func (s study) mix(t *testing.T) sosyal.Mix {
	t.Helper()
	posts := map[sosyal.CategoryID]float64{}
	for _, p := range s.posts {
		posts[p.Features.Category]++
	}
	var weights []sosyal.Share
	for _, c := range slices.Sorted(maps.Keys(posts)) {
		weights = append(weights, sosyal.Share{Category: c, Share: posts[c]})
	}
	m, err := sosyal.NewMix(weights...)
	require.NoError(t, err)
	return m
}

// worth is the planted value of the average post under a mix.
func (s study) worth(m sosyal.Mix) float64 {
	v := 0.0
	for c, effect := range s.truth.Engagement.Category {
		v += m.Of(sosyal.CategoryID(c)) * math.Exp(effect)
	}
	return v
}
