package audience

import (
	"slices"
	"sort"
)

// ranges answer most of a question about sizes without looking at the codes of a
// column: a few cuts divide its codes into parts of about the same number of
// rows, and for each cut there is a bitmap of the rows at or above it. Only the
// rows of the part in which a bound lies have to be looked at.
type ranges struct {
	cuts []uint64 // ascending; the first is 1, so that its bitmap has all rows with a value
	from []words  // rows whose code is at least the cut
}

const (
	// parts is the number of parts at most: a bit for each customer and part.
	parts = 16
	// rangedRows is the number of rows below which looking at the codes is as fast.
	rangedRows = 4096
	// sampledRows is how many rows choose the cuts.
	sampledRows = 1024
)

// rangesOf makes the ranges of the first n codes; nil where they are few.
func rangesOf(c *codes, n int) *ranges {
	if n < rangedRows {
		return nil
	}
	var sample []uint64
	for i := 0; i < n; i += n / sampledRows {
		if code := c.at(i); code > 1 {
			sample = append(sample, code)
		}
	}
	slices.Sort(sample)
	r := &ranges{cuts: []uint64{1}}
	for k := 1; k < parts && len(sample) > 0; k++ {
		r.cuts = append(r.cuts, sample[k*len(sample)/parts])
	}
	r.cuts = slices.Compact(slices.Concat(r.cuts[:1], sample[:min(1, len(sample))], r.cuts[1:]))
	r.from = make([]words, len(r.cuts))
	for i := range min(n, c.len()) {
		if code := c.at(i); code > 0 {
			r.from[r.part(code)].set(i)
		}
	}
	for k := len(r.from) - 2; k >= 0; k-- {
		for i, x := range r.from[k+1] {
			r.from[k][i] |= x
		}
	}
	return r
}

// part returns the part in which a code lies.
func (r *ranges) part(code uint64) int {
	return sort.Search(len(r.cuts), func(k int) bool { return r.cuts[k] > code }) - 1
}

// atLeast leaves in the mask only the rows whose code is at least first, which is
// 1 or more.
func (r *ranges) atLeast(c *codes, mask *words, first uint64) {
	k := r.part(first)
	here := &r.from[k]
	if r.cuts[k] == first {
		for i, x := range here {
			mask[i] &= x
		}
		return
	}
	var unsure words // rows of the part in which the bound lies
	above := &words{}
	if k+1 < len(r.from) {
		above = &r.from[k+1]
	}
	some := uint64(0)
	for i, x := range above {
		unsure[i] = mask[i] & here[i] &^ x
		some |= unsure[i]
		mask[i] &= x
	}
	if some == 0 {
		return
	}
	c.within(&unsure, first, ^uint64(0))
	for i, x := range unsure {
		mask[i] |= x
	}
}

// within leaves in the mask only the rows whose codes lie between first and last,
// both included.
func (c *column) within(mask *words, first, last uint64) {
	if c.ranges == nil || first > last {
		c.codes.within(mask, first, last)
		return
	}
	c.ranges.atLeast(&c.codes, mask, max(first, 1))
	if last == ^uint64(0) {
		return
	}
	above := *mask
	c.ranges.atLeast(&c.codes, &above, last+1)
	for i, x := range above {
		mask[i] &^= x
	}
}
