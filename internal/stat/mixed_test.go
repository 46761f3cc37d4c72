package stat_test

import (
	"encoding/csv"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal/internal/realdatatest"
	"github.com/yukselenler/sosyal/internal/stat"
)

// facebookPosts are the 499 posts whose Paid is known.
func facebookPosts(t *testing.T) []map[string]string {
	t.Helper()
	r := csv.NewReader(realdatatest.Open(t, "facebook-metrics/dataset_Facebook.csv"))
	r.Comma = ';'
	rows, err := r.ReadAll()
	require.NoError(t, err)
	var posts []map[string]string
	for _, row := range rows[1:] {
		post := map[string]string{}
		for i, name := range rows[0] {
			post[name] = row[i]
		}
		if post["Paid"] != "" {
			posts = append(posts, post)
		}
	}
	require.Len(t, posts, 499)
	return posts
}

func number(t *testing.T, post map[string]string, name string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(post[name], 64)
	require.NoError(t, err)
	return v
}

func logRate(t *testing.T, post map[string]string) float64 {
	t.Helper()
	return math.Log((number(t, post, "Total Interactions") + 0.5) / (number(t, post, "Lifetime Post Total Reach") + 1))
}

// modelOf makes a design with an intercept, fixed factors (treatment coding is
// not needed: aliased columns are allowed) and random factors.
func modelOf(posts []map[string]string, fixed, random []string, value func(map[string]string) float64) (stat.Design, []stat.Cell, map[string]int) {
	columns := map[string]int{}
	d := stat.Design{Fixed: 1}
	next := 1
	for i, name := range append(append([]string{}, fixed...), random...) {
		size := 0
		for _, p := range posts {
			key := name + "=" + p[name]
			if _, ok := columns[key]; !ok {
				columns[key] = next
				next++
				size++
			}
		}
		if i < len(fixed) {
			d.Fixed += size
		} else {
			d.Blocks = append(d.Blocks, size)
		}
	}
	var cells []stat.Cell
	for _, p := range posts {
		row := []stat.Entry{{Column: 0, Value: 1}}
		for _, name := range append(append([]string{}, fixed...), random...) {
			row = append(row, stat.Entry{Column: columns[name+"="+p[name]], Value: 1})
		}
		y := value(p)
		cells = append(cells, stat.Cell{Row: row, N: 1, Sum: y, SumOfSquares: y * y})
	}
	return d, cells, columns
}

// The reference figures are lme4's and statsmodels', which agree.
func TestMixedModelAgreesWithLme4OneWay(t *testing.T) {
	posts := facebookPosts(t)
	d, cells, columns := modelOf(posts, nil, []string{"Post Hour"}, func(p map[string]string) float64 { return logRate(t, p) })
	f, err := stat.FitMixed(d, cells)
	require.NoError(t, err)
	assert.InEpsilon(t, 1.01253, f.Residual, 1e-3)
	assert.InEpsilon(t, 0.03229, f.Residual*f.Ratios[0], 1e-3)

	var raw float64
	for _, p := range posts {
		if p["Post Hour"] == "23" {
			raw = logRate(t, p) - f.Coefficients[0]
		}
	}
	assert.InDelta(t, 1.085, raw, 2e-3, "hour 23 has a single post")
	assert.InDelta(t, 0.034, f.Coefficients[columns["Post Hour=23"]], 1e-3)
}

func TestMixedModelAgreesWithLme4Crossed(t *testing.T) {
	posts := facebookPosts(t)
	d, cells, _ := modelOf(posts, nil, []string{"Type", "Category", "Post Weekday", "Post Hour"}, func(p map[string]string) float64 {
		return math.Log1p(number(t, p, "Total Interactions"))
	})
	f, err := stat.FitMixed(d, cells)
	require.NoError(t, err)
	assert.InDelta(t, 1.1823, f.Residual, 2e-4)
	for k, want := range []float64{0.2172, 0.2150, 0.0513, 0.0336} {
		assert.InDelta(t, want, f.Residual*f.Ratios[k], 2e-4, "block %d", k)
	}
}

func TestMixedModelPredictsLaterMonthsBetterThanTheMean(t *testing.T) {
	var early, late []map[string]string
	for _, p := range facebookPosts(t) {
		p["Type x Category"] = p["Type"] + p["Category"]
		if number(t, p, "Post Month") <= 9 {
			early = append(early, p)
		} else {
			late = append(late, p)
		}
	}
	random := []string{"Type", "Category", "Post Hour", "Post Weekday", "Type x Category"}
	d, cells, columns := modelOf(early, []string{"Paid"}, random, func(p map[string]string) float64 { return logRate(t, p) })
	f, err := stat.FitMixed(d, cells)
	require.NoError(t, err)
	squares := 0.0
	for _, p := range late {
		row := []stat.Entry{{Column: 0, Value: 1}}
		for _, name := range append([]string{"Paid"}, random...) {
			if c, ok := columns[name+"="+p[name]]; ok {
				row = append(row, stat.Entry{Column: c, Value: 1})
			}
		}
		e := logRate(t, p) - f.Predict(row)
		squares += e * e
	}
	assert.InDelta(t, 0.933, math.Sqrt(squares/float64(len(late))), 1e-3)
}

// Least squares without random effects, against the textbook's two-group t test.
func TestFitWithoutBlocksIsLeastSquares(t *testing.T) {
	a, b := []float64{1, 2, 3, 4}, []float64{3, 5, 7}
	cell := func(values []float64, column int) stat.Cell {
		c := stat.Cell{Row: []stat.Entry{{0, 1}, {column, 1}}}
		for _, v := range values {
			c.N, c.Sum, c.SumOfSquares = c.N+1, c.Sum+v, c.SumOfSquares+v*v
		}
		return c
	}
	// An intercept and both groups: aliased, but the difference is estimable.
	f, err := stat.FitMixed(stat.Design{Fixed: 3}, []stat.Cell{cell(a, 1), cell(b, 2)})
	require.NoError(t, err)
	assert.Equal(t, 2, f.Rank)
	difference := []stat.Entry{{1, -1}, {2, 1}}
	require.True(t, f.Estimable(difference))
	assert.False(t, f.Estimable([]stat.Entry{{1, 1}}), "a group's effect alone is aliased with the intercept")
	v, se := f.Contrast(difference)
	pooled := (5.0 + 8.0) / 5 // squares around the group means over the degrees of freedom
	assert.InDelta(t, 2.5, v, 1e-12)
	assert.InDelta(t, math.Sqrt(pooled*(1.0/4+1.0/3)), se, 1e-12)
	// Welch: HC2 of a difference of means is the sum of s^2/n.
	assert.InDelta(t, math.Sqrt(5.0/3/4+8.0/2/3), f.RobustSE(difference), 1e-12)
	assert.InDelta(t, stat.TTail(v/se, 5), f.Wald([][]stat.Entry{difference, difference}, f.FreedomLeft()), 1e-9, "F with one degree is t squared")
}

// The restricted likelihood and the prediction errors against dense matrices.
func TestMixedModelAgreesWithItsDefinition(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const groups, each = 6, 5
	var cells []stat.Cell
	effects := make([]float64, groups)
	for g := range effects {
		effects[g] = random.NormFloat64()
	}
	ys := make([][]float64, groups)
	for g := range groups {
		for range each {
			y := 2 + effects[g] + 0.5*random.NormFloat64()
			ys[g] = append(ys[g], y)
			cells = append(cells, stat.Cell{Row: []stat.Entry{{0, 1}, {1 + g, 1}}, N: 1, Sum: y, SumOfSquares: y * y})
		}
	}
	f, err := stat.FitMixed(stat.Design{Fixed: 1, Blocks: []int{groups}}, cells)
	require.NoError(t, err)
	// Balanced one-way layout: REML equals the analysis of variance.
	grand, between, within := 0.0, 0.0, 0.0
	means := make([]float64, groups)
	for g := range groups {
		for _, y := range ys[g] {
			means[g] += y / each
		}
		grand += means[g] / groups
	}
	for g := range groups {
		between += each * (means[g] - grand) * (means[g] - grand) / (groups - 1)
		for _, y := range ys[g] {
			within += (y - means[g]) * (y - means[g]) / (groups * (each - 1))
		}
	}
	assert.InEpsilon(t, within, f.Residual, 1e-5)
	assert.InEpsilon(t, (between-within)/each, f.Residual*f.Ratios[0], 1e-4)
	_, se := f.Contrast([]stat.Entry{{0, 1}})
	assert.InEpsilon(t, math.Sqrt(between/groups/each), se, 1e-5)
	shrink := (between - within) / between
	v, _ := f.Contrast([]stat.Entry{{1, 1}})
	assert.InDelta(t, shrink*(means[0]-grand), v, 1e-5)
	// The error of predicting a difference of two effects: 2 s^2 shrink / each.
	_, se = f.Contrast([]stat.Entry{{1, 1}, {2, -1}})
	assert.InEpsilon(t, math.Sqrt(2*within/each*shrink), se, 1e-5)
	assert.InDelta(t, groups*each-1-groups, f.FreedomLeft(), 0)
}

func TestMixedModelWithoutVariationIsAnError(t *testing.T) {
	_, err := stat.FitMixed(stat.Design{Fixed: 1, Blocks: []int{1}}, []stat.Cell{{Row: []stat.Entry{{0, 1}, {1, 1}}, N: 3, Sum: 3, SumOfSquares: 3}})
	require.ErrorIs(t, err, stat.ErrSingular)
	_, err = stat.FitMixed(stat.Design{Fixed: 1}, nil)
	require.ErrorIs(t, err, stat.ErrSingular)
}
