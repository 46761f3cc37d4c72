package engagement

import (
	"math"
	"slices"

	"github.com/yukselenler/sosyal/internal/stat"
)

// factor is a dimension as the model sees it: the groups in order and, for each
// cell, which one it is in.
type factor struct {
	dimension Dimension
	levels    []string
	posts     []float64 // of each level
	of        []int     // of each cell
}

// frame is an aggregate laid out for fitting one measure.
type frame struct {
	measure Measure
	cells   []*cell
	tally   []tallies // of each cell
	n       float64
	factors []factor
	// single is the group of dimensions in which there is only one.
	single map[Dimension]string
	// offset, where set, is a known part of the logarithm in each cell.
	offset []float64
}

// newFrame lays out the cells that have the measure. Dimensions in which there
// is only one group say nothing and are left out.
func newFrame(a Aggregate, measure int) frame {
	f := frame{measure: a.measures[measure], single: map[Dimension]string{}}
	for _, c := range a.sorted() {
		if t := c.Sums[measure]; t.N > 0 {
			f.cells = append(f.cells, c)
			f.tally = append(f.tally, t)
			f.n += float64(t.N)
		}
	}
	for i, d := range a.dimensions {
		f.addFactor(d, func(c *cell) string { return c.Key[i] })
		if d == ByHour {
			f.addFactor(ByDaypart, func(c *cell) string { return daypartOfValue(c.Key[i]) })
		}
	}
	return f
}

func daypartOfValue(hour string) string {
	h, ok := hourOf(hour)
	if !ok {
		return ""
	}
	return daypartOf(h)
}

func hourOf(value string) (int, bool) {
	if len(value) != 2 || value < "00" || value > "23" {
		return 0, false
	}
	return int(value[0]-'0')*10 + int(value[1]-'0'), true
}

func (f *frame) addFactor(d Dimension, value func(*cell) string) {
	fac := factor{dimension: d, of: make([]int, len(f.cells))}
	seen := map[string]bool{}
	for _, c := range f.cells {
		if v := value(c); !seen[v] {
			seen[v] = true
			fac.levels = append(fac.levels, v)
		}
	}
	slices.SortFunc(fac.levels, d.compare)
	index := map[string]int{}
	for i, l := range fac.levels {
		index[l] = i
	}
	fac.posts = make([]float64, len(fac.levels))
	for i, c := range f.cells {
		fac.of[i] = index[value(c)]
		fac.posts[fac.of[i]] += float64(f.tally[i].N)
	}
	if len(fac.levels) > 1 {
		f.factors = append(f.factors, fac)
	} else if len(fac.levels) == 1 {
		f.single[d] = fac.levels[0]
	}
}

// known returns the levels but for the one of posts of which it is not known.
func (fac factor) known() []string {
	return slices.DeleteFunc(slices.Clone(fac.levels), func(l string) bool { return l == "" })
}

func (f *frame) factor(d Dimension) (factor, bool) {
	for _, fac := range f.factors {
		if fac.dimension == d {
			return fac, true
		}
	}
	return factor{}, false
}

// without returns the factors but for those named.
func (f *frame) without(dimensions ...Dimension) []factor {
	return slices.DeleteFunc(slices.Clone(f.factors), func(fac factor) bool { return slices.Contains(dimensions, fac.dimension) })
}

// block is a group of columns: an indicator for each level of a factor, or any
// other functions of the cell.
type block struct {
	name    string
	columns int
	row     func(cell int) []stat.Entry // columns counted from 0
}

func (fac factor) block() block {
	return block{string(fac.dimension), len(fac.levels), func(c int) []stat.Entry {
		return []stat.Entry{{Column: fac.of[c], Value: 1}}
	}}
}

// trend is a straight line over the levels in order.
func (fac factor) trend() block {
	return block{string(fac.dimension) + "_trend", 1, func(c int) []stat.Entry {
		return []stat.Entry{{Column: 0, Value: float64(fac.of[c])/float64(len(fac.levels)-1) - 0.5}}
	}}
}

// model is a fit with the places of its blocks.
type model struct {
	stat.Fit
	from map[string]int // first column of each block
}

// fit fits an intercept, fixed and random blocks.
func (f *frame) fit(fixed, random []block) (model, error) {
	m := model{from: map[string]int{}}
	d := stat.Design{Fixed: 1}
	blocks := slices.Concat(fixed, random)
	next := 1
	for i, b := range blocks {
		m.from[b.name] = next
		next += b.columns
		if i < len(fixed) {
			d.Fixed += b.columns
		} else {
			d.Blocks = append(d.Blocks, b.columns)
		}
	}
	cells := make([]stat.Cell, len(f.cells))
	for i, t := range f.tally {
		row := []stat.Entry{{Column: 0, Value: 1}}
		for _, b := range blocks {
			for _, e := range b.row(i) {
				row = append(row, stat.Entry{Column: m.from[b.name] + e.Column, Value: e.Value})
			}
		}
		cells[i] = stat.Cell{Row: row, N: float64(t.N), Sum: t.Log.Float(), SumOfSquares: t.LogSquared.Float()}
		if f.offset != nil {
			known := f.offset[i]
			cells[i].SumOfSquares += known * (float64(t.N)*known - 2*cells[i].Sum)
			cells[i].Sum -= float64(t.N) * known
		}
	}
	var err error
	m.Fit, err = stat.FitMixed(d, cells)
	return m, err
}

// againstAverage is the contrast of some levels of a factor, weighted by posts,
// against the average post. in holds the levels meant.
func (fac factor) againstAverage(from int, in func(level string) bool) []stat.Entry {
	inside, all := 0.0, 0.0
	for i, l := range fac.levels {
		all += fac.posts[i]
		if in(l) {
			inside += fac.posts[i]
		}
	}
	contrast := make([]stat.Entry, len(fac.levels))
	for i, l := range fac.levels {
		w := -fac.posts[i] / all
		if in(l) && inside > 0 {
			w += fac.posts[i] / inside
		}
		contrast[i] = stat.Entry{Column: from + i, Value: w}
	}
	return contrast
}

// raw returns the plain averages over the cells chosen.
func (f *frame) raw(in func(cell int) bool) (Raw, int) {
	var t tallies
	for i := range f.cells {
		if in(i) {
			t.merge(f.tally[i])
		}
	}
	if t.N == 0 {
		return Raw{}, 0
	}
	n := float64(t.N)
	return Raw{
		MeanOfRates: t.Rate.Float() / n, Pooled: t.Numerator.Float() / t.Denominator.Float(),
		GeometricMean: math.Exp(t.Log.Float() / n),
	}, t.N
}
