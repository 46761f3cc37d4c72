package audience

import (
	"iter"
	"math/bits"

	"github.com/RoaringBitmap/roaring/v2"
)

// An index is cut into blocks of rows, a row for each customer. A block is what
// is evaluated by one worker at a time and what an update replaces.
const (
	blockRows  = 1 << 16
	blockWords = blockRows / 64
	// sparseRows is the size from which a set of rows of a block is kept as flat
	// words: with fewer it is smaller as a list.
	sparseRows = blockRows / 16
)

// words is a set of rows of a block, a bit for each.
type words [blockWords]uint64

func (w *words) set(row int)      { w[row>>6] |= 1 << (row & 63) }
func (w *words) clear(row int)    { w[row>>6] &^= 1 << (row & 63) }
func (w *words) has(row int) bool { return w[row>>6]>>(row&63)&1 != 0 }

func (w *words) count() int {
	n := 0
	for _, x := range w {
		n += bits.OnesCount64(x)
	}
	return n
}

// fill sets the first n rows, all of them where n is larger.
func (w *words) fill(n int) {
	n = min(n, blockRows)
	full := n / 64
	for i := range full {
		w[i] = ^uint64(0)
	}
	clear(w[full:])
	if n%64 > 0 {
		w[full] = 1<<(n%64) - 1
	}
}

// rows yields the rows in ascending order.
func (w *words) rows() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i, x := range w {
			for ; x != 0; x &= x - 1 {
				if !yield(i<<6 | bits.TrailingZeros64(x)) {
					return
				}
			}
		}
	}
}

// bitmap is an immutable set of rows of a block: nothing, a Roaring bitmap where
// it is sparse, flat words where it is dense. Nobody writes to either once it is
// made, so readers need no locks and no copies.
type bitmap struct {
	n      int
	sparse *roaring.Bitmap
	dense  *words
}

// bitmapOf makes a bitmap of words, which it copies.
func bitmapOf(w *words) bitmap {
	n := w.count()
	switch {
	case n == 0:
		return bitmap{}
	case n < sparseRows:
		sparse := roaring.New()
		var rows [sparseRows]uint32
		k := 0
		for i, x := range w {
			for ; x != 0; x &= x - 1 {
				rows[k&(sparseRows-1)] = uint32(i<<6 | bits.TrailingZeros64(x))
				k++
			}
		}
		sparse.AddMany(rows[:n])
		return bitmap{n: n, sparse: sparse}
	}
	return denseOf(w)
}

// bitmapOfRows makes a bitmap of rows that ascend.
func bitmapOfRows(rows []uint32) bitmap {
	if n := len(rows); n == 0 {
		return bitmap{}
	} else if n < sparseRows {
		sparse := roaring.New()
		sparse.AddMany(rows)
		return bitmap{n: n, sparse: sparse}
	}
	var w words
	for _, row := range rows {
		w.set(int(row))
	}
	return denseOf(&w)
}

// denseOf makes a bitmap of flat words whatever its size, for sets that are
// asked for often.
func denseOf(w *words) bitmap {
	dense := *w
	return bitmap{n: w.count(), dense: &dense}
}

func (b bitmap) has(row int) bool {
	switch {
	case b.dense != nil:
		return b.dense.has(row)
	case b.sparse != nil:
		return b.sparse.Contains(uint32(row))
	}
	return false
}

// words writes the bitmap out.
func (b bitmap) words(out *words) {
	switch {
	case b.dense != nil:
		*out = *b.dense
	case b.sparse != nil:
		*out = words{}
		b.sparse.WriteDenseTo(out[:])
	default:
		*out = words{}
	}
}

// and leaves in the mask only what is in the bitmap.
func (b bitmap) and(mask *words) {
	switch {
	case b.dense != nil:
		for i, x := range b.dense {
			mask[i] &= x
		}
	case b.sparse != nil:
		var own words
		b.sparse.WriteDenseTo(own[:])
		for i, x := range own {
			mask[i] &= x
		}
	default:
		*mask = words{}
	}
}

// both counts the rows that are in both bitmaps.
func (b bitmap) both(o bitmap) int {
	switch {
	case b.n == 0 || o.n == 0:
		return 0
	case b.sparse != nil && o.sparse != nil:
		return int(b.sparse.AndCardinality(o.sparse))
	case b.sparse != nil:
		return o.both(b)
	case o.sparse != nil:
		n := 0
		o.sparse.Iterate(func(row uint32) bool {
			n += int(b.dense[row>>6] >> (row & 63) & 1)
			return true
		})
		return n
	}
	n := 0
	for i, x := range b.dense {
		n += bits.OnesCount64(x & o.dense[i])
	}
	return n
}

// without returns the rows of b that are not in o.
func (b bitmap) without(o bitmap) bitmap {
	if b.n == 0 || o.n == 0 {
		return b
	}
	var own, other words
	b.words(&own)
	o.words(&other)
	for i := range own {
		own[i] &^= other[i]
	}
	return bitmapOf(&own)
}
