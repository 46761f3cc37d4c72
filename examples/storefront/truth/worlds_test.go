package truth_test

import (
	"iter"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement"
	"github.com/yukselenler/sosyal/examples/storefront/demo"
)

const (
	// smallest is enough of a crowd for posts, which do not depend on it.
	smallest = 0.05
	// equalAge is the age at which posts are compared, finalAge the one at which
	// the truth states their interactions.
	equalAge = 7 * 24 * time.Hour
	finalAge = 28 * 24 * time.Hour
	// firstSeed is where the seeds begin. It was chosen before anything was run.
	firstSeed = 1000
)

// seedCount is how many worlds are played: few in an ordinary run, fewer in a
// short one and under the race detector. TRUTH_WORLDS multiplies it for a closer
// look.
func seedCount(t *testing.T, ordinary int) int {
	t.Helper()
	if text := os.Getenv("TRUTH_WORLDS"); text != "" {
		times, err := strconv.Atoi(text)
		require.NoError(t, err, "TRUTH_WORLDS")
		return max(1, times) * ordinary
	}
	if raced || testing.Short() {
		return max(8, ordinary/3)
	}
	return ordinary
}

// world is a world whose history lies in a folder.
type world struct {
	truth demo.Truth
	dir   string
}

// history makes a world and writes its history.
func history(t *testing.T, options demo.Options) world {
	t.Helper()
	w, err := demo.New(options)
	require.NoError(t, err)
	dir := filepath.Join(t.TempDir(), "history")
	require.NoError(t, w.WriteHistory(t.Context(), dir, nil))
	return world{w.Truth(), dir}
}

func (w world) open(t *testing.T, name string) *os.File {
	t.Helper()
	f, err := os.Open(filepath.Join(w.dir, name))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, f.Close()) })
	return f
}

// collected gathers what a reader yields; the demo's files hold no bad row.
func collected[T any](t *testing.T, rows iter.Seq2[T, error]) []T {
	t.Helper()
	var list []T
	for v, err := range rows {
		require.NoError(t, err)
		list = append(list, v)
	}
	return list
}

// study is a world with the analysis of its posts at one age.
type study struct {
	truth demo.Truth
	// posts are those that the analysis' measure is known of.
	posts    []engagement.Post
	leftOut  int
	analysis engagement.Analysis
}

// postsAndCaptures reads a world's posts and their snapshots.
func (w world) postsAndCaptures(t *testing.T) ([]engagement.Post, []engagement.Snapshot) {
	t.Helper()
	posts := collected(t, engagement.ReadPosts(w.open(t, "posts.csv"), "posts.csv", sosyal.Mapping{}))
	return posts, collected(t, engagement.ReadSnapshots(w.open(t, "snapshots.csv"), "snapshots.csv", sosyal.Mapping{}))
}

// atAge gives the posts the counts of an age and analyses them by the defaults.
func (w world) atAge(t *testing.T, posts []engagement.Post, captures []engagement.Snapshot, age time.Duration) study {
	t.Helper()
	aged, err := engagement.AtEqualAge(posts, func(yield func(engagement.Snapshot, error) bool) {
		for _, c := range captures {
			if !yield(c, nil) {
				return
			}
		}
	}, age)
	require.NoError(t, err)
	aggregate, err := engagement.Summarize(engagement.Posts(aged), engagement.SummarizeOptions{})
	require.NoError(t, err)
	analysis, err := engagement.Analyze(aggregate, engagement.AnalyzeOptions{})
	require.NoError(t, err)
	s := study{truth: w.truth, analysis: analysis}
	for _, p := range aged {
		if _, _, ok := interactionsOverExposure(p); ok {
			s.posts = append(s.posts, p)
		} else {
			s.leftOut++
		}
	}
	require.Len(t, s.posts, analysis.N, "posts that have the measure")
	return s
}

// studies plays n worlds, as many at a time as there are processors, and studies
// the posts of each at every age asked for.
func studies(t *testing.T, n int, null bool, ages ...time.Duration) [][]study {
	t.Helper()
	out := make([][]study, len(ages))
	for k := range ages {
		out[k] = make([]study, n)
	}
	played := t.Run("worlds", func(t *testing.T) {
		var next atomic.Int64
		for range runtime.GOMAXPROCS(0) {
			t.Run("some", func(t *testing.T) {
				t.Parallel()
				for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
					w := history(t, demo.Options{Seed: uint64(firstSeed + i), Null: null, Scale: smallest})
					posts, captures := w.postsAndCaptures(t)
					for k, age := range ages {
						out[k][i] = w.atAge(t, posts, captures, age)
					}
				}
			})
		}
	})
	require.True(t, played, "a world could not be played")
	return out
}

// interactionsOverExposure is the default measure as its documentation words it.
func interactionsOverExposure(p engagement.Post) (interactions, exposure float64, ok bool) {
	denominator := map[sosyal.Network]sosyal.Metric{
		sosyal.Instagram: sosyal.Reach, sosyal.Facebook: sosyal.Reach,
		sosyal.TikTok: sosyal.Views, sosyal.YouTube: sosyal.Views, sosyal.X: sosyal.Impressions,
	}[p.Features.Network]
	exposure, ok = p.Counts[denominator]
	if !ok || exposure <= 0 {
		return 0, 0, false
	}
	ok = false
	for _, m := range []sosyal.Metric{sosyal.Likes, sosyal.Comments, sosyal.Shares, sosyal.Saves} {
		if v, known := p.Counts[m]; known {
			interactions, ok = interactions+v, true
		}
	}
	return interactions, exposure, ok
}

// band is three standard errors of a share p over n independent draws.
func band(p float64, n int) float64 { return 3 * math.Sqrt(p*(1-p)/float64(n)) }

// share is the part of the studies that something is true of.
func share(all []study, is func(study) bool) float64 {
	n := 0
	for _, s := range all {
		if is(s) {
			n++
		}
	}
	return float64(n) / float64(len(all))
}

// meanAndError are the mean and its standard error.
func meanAndError(values []float64) (mean, standardError float64) {
	n := float64(len(values))
	for _, v := range values {
		mean += v / n
	}
	for _, v := range values {
		standardError += (v - mean) * (v - mean)
	}
	return mean, math.Sqrt(standardError / (n - 1) / n)
}
