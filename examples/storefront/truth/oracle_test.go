package truth_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement"
)

// regression is ordinary least squares on indicators, by the normal equations:
// the textbook's way, which shares nothing with the library's.
type regression struct {
	column  map[string]int // of dimension and group; the first group of each has none
	levels  map[engagement.Dimension][]string
	posts   map[string]float64
	inverse [][]float64
	beta    []float64
	sigma   float64
	n       int
}

func (r regression) key(d engagement.Dimension, group string) string { return string(d) + "=" + group }

func groupsOf(p engagement.Post, zone *time.Location) map[engagement.Dimension]string {
	at := p.At.In(zone)
	paid := "organic"
	if p.Features.Paid {
		paid = "promoted"
	}
	return map[engagement.Dimension]string{
		engagement.ByNetwork: string(p.Features.Network), engagement.ByFormat: string(p.Features.Format),
		engagement.ByCategory: string(p.Features.Category), engagement.ByLanguage: string(p.Features.Language),
		engagement.ByPaid: paid, engagement.ByWeekday: strings.ToLower(at.Weekday().String()),
		engagement.ByHour: fmt.Sprintf("%02d", at.Hour()), engagement.ByMonth: at.Format("2006-01"),
	}
}

func regress(t *testing.T, posts []engagement.Post) regression {
	t.Helper()
	zone, err := sosyal.LoadZone("Europe/Istanbul")
	require.NoError(t, err)
	r := regression{column: map[string]int{}, levels: map[engagement.Dimension][]string{}, posts: map[string]float64{}, n: len(posts)}
	for _, p := range posts {
		for d, g := range groupsOf(p, zone) {
			if !slices.Contains(r.levels[d], g) {
				r.levels[d] = append(r.levels[d], g)
			}
			r.posts[r.key(d, g)]++
		}
	}
	columns := 1
	for d, levels := range r.levels {
		for _, g := range levels[1:] {
			r.column[r.key(d, g)] = columns
			columns++
		}
	}
	rows, y := make([][]float64, len(posts)), make([]float64, len(posts))
	for i, p := range posts {
		rows[i] = make([]float64, columns)
		rows[i][0] = 1
		for d, g := range groupsOf(p, zone) {
			if c, ok := r.column[r.key(d, g)]; ok {
				rows[i][c] = 1
			}
		}
		interactions, exposure, _ := interactionsOverExposure(p)
		y[i] = math.Log((interactions + 0.5) / (exposure + 1))
	}
	r.solve(t, rows, y)
	return r
}

// solve inverts X'X by Gauss and Jordan with pivots.
func (r *regression) solve(t *testing.T, rows [][]float64, y []float64) {
	t.Helper()
	k := len(rows[0])
	work, right := make([][]float64, k), make([]float64, k)
	for i := range work {
		work[i] = make([]float64, 2*k)
		work[i][k+i] = 1
	}
	for n, row := range rows {
		for i, a := range row {
			if a != 0 {
				right[i] += a * y[n]
				for j, b := range row {
					work[i][j] += a * b
				}
			}
		}
	}
	for c := range k {
		pivot := c
		for i := c; i < k; i++ {
			if math.Abs(work[i][c]) > math.Abs(work[pivot][c]) {
				pivot = i
			}
		}
		require.Greater(t, math.Abs(work[pivot][c]), 1e-9, "the design has full rank")
		work[c], work[pivot] = work[pivot], work[c]
		scale := work[c][c]
		for j := range work[c] {
			work[c][j] /= scale
		}
		for i := range work {
			if f := work[i][c]; i != c && f != 0 {
				for j := range work[i] {
					work[i][j] -= f * work[c][j]
				}
			}
		}
	}
	r.inverse, r.beta = make([][]float64, k), make([]float64, k)
	for i := range k {
		r.inverse[i] = work[i][k:]
		for j := range k {
			r.beta[i] += r.inverse[i][j] * right[j]
		}
	}
	rss := 0.0
	for n, row := range rows {
		fit := 0.0
		for i, a := range row {
			fit += a * r.beta[i]
		}
		rss += (y[n] - fit) * (y[n] - fit)
	}
	r.sigma = math.Sqrt(rss / float64(len(rows)-k))
}

// effect is a group's coefficient against the average post, with its classical
// standard error.
func (r regression) effect(d engagement.Dimension, group string) (value, standardError float64) {
	weights := map[string]float64{group: 1}
	for _, g := range r.levels[d] {
		weights[g] -= r.posts[r.key(d, g)] / float64(r.n)
	}
	return r.contrast(d, weights)
}

// contrast is a weighted sum of a dimension's coefficients.
func (r regression) contrast(d engagement.Dimension, weights map[string]float64) (value, standardError float64) {
	var columns []int
	var factors []float64
	for g, w := range weights {
		if c, ok := r.column[r.key(d, g)]; ok {
			columns, factors = append(columns, c), append(factors, w)
		}
	}
	variance := 0.0
	for i, a := range columns {
		value += factors[i] * r.beta[a]
		for j, b := range columns {
			variance += factors[i] * factors[j] * r.inverse[a][b]
		}
	}
	return value, r.sigma * math.Sqrt(variance)
}

// normalBelow is the normal distribution function.
func normalBelow(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

// chance is how likely a planted contrast is to be found by a two-sided test at
// p, in its own direction, with the standard error that the posts allow.
func chance(truth, standardError, p float64) float64 {
	least := math.Sqrt2 * math.Erfinv(1-p)
	return normalBelow(math.Abs(truth)/standardError - least)
}

// sumBand is three standard errors of the mean of draws that come true with
// these chances.
func sumBand(chances []float64) (mean, band float64) {
	variance := 0.0
	for _, p := range chances {
		mean += p / float64(len(chances))
		variance += p * (1 - p)
	}
	return mean, 3 * math.Sqrt(variance) / float64(len(chances))
}

// Effects are what least squares say, and intervals are not narrower than the
// classical ones.
func leastSquaresAgree(t *testing.T, all []study) {
	t.Helper()
	for _, s := range all {
		r := regress(t, s.posts)
		compared := 0
		for _, d := range []engagement.Dimension{engagement.ByCategory, engagement.ByFormat, engagement.ByPaid, engagement.ByLanguage, engagement.ByWeekday} {
			for _, g := range s.analysis.By(d) {
				if g.Effect == (engagement.Ratio{}) {
					continue
				}
				value, se := r.effect(d, g.Value)
				assert.InDelta(t, value, math.Log(g.Effect.Value), 1e-8, "%s %s", d, g.Value)
				half := math.Log(g.Effect.High/g.Effect.Low) / 2
				const smallestT = 1.9599 // the limit of Student's quantile
				assert.GreaterOrEqual(t, half, smallestT*se, "%s %s", d, g.Value)
				assert.Less(t, half, 1.5*2*se, "%s %s", d, g.Value)
				compared++
			}
		}
		require.Greater(t, compared, 15)
	}
}
