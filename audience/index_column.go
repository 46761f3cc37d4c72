package audience

import (
	"math"
	"math/bits"
	"slices"
	"sync"
)

// column is what the rows of a block, or its events, have under one name: a code
// for each, as narrow as the largest needs. Code 0 is missing; code c stands for
// the value base + (c-1)*unit.
type column struct {
	base, unit int64
	codes      codes
	// common are the rows of the values that a sixteenth of the rows or more have,
	// of columns of texts: questions about them need not look at the codes.
	common map[int64]bitmap
	ranges *ranges // of columns of customers that are not texts; nil where there are none
}

// codes are whole numbers of one width. Their length is a multiple of 64, so
// that kernels need no remainder.
type codes struct {
	width int // bytes of each: 0, 1, 2, 4 or 8; 0 where all are missing
	b1    []uint8
	b2    []uint16
	b4    []uint32
	b8    []uint64
}

// missing stands for no value in a wide column.
const missing = math.MinInt64

// wide is a column that is being written: a value for each row or event.
type wide []int64

func newWide(n int) wide {
	w := make(wide, n)
	w.reset()
	return w
}

func (w wide) reset() {
	for i := range w {
		w[i] = missing
	}
}

// seal makes a column of the values. plain columns keep every value as it is;
// others are counted in the largest power of ten that divides them all, which is
// what makes amounts narrow.
func (w wide) seal(plain bool) *column {
	low, high := int64(math.MaxInt64), int64(math.MinInt64)
	for _, v := range w {
		if v != missing {
			low, high = min(low, v), max(high, v)
		}
	}
	if low > high {
		return nil
	}
	c := &column{base: low, unit: 1}
	if !plain {
		c.unit = w.unit(low)
	}
	span := (uint64(high)-uint64(low))/uint64(c.unit) + 1
	c.codes = newCodes(span, (len(w)+63)&^63)
	for i, v := range w {
		if v != missing {
			c.codes.set(i, (uint64(v)-uint64(low))/uint64(c.unit)+1)
		}
	}
	return c
}

// unit is the largest power of ten, up to 10^6, in which all values lie apart.
func (w wide) unit(base int64) int64 {
	unit := uint64(1_000_000)
	for _, v := range w {
		if v == missing {
			continue
		}
		for (uint64(v)-uint64(base))%unit != 0 {
			unit /= 10
		}
		if unit == 1 {
			break
		}
	}
	return int64(unit)
}

// shareCommon makes the bitmaps of common values.
func (c *column) shareCommon(n int) {
	counts := make([]int, blockRows+1)
	for i := range n {
		if code := c.codes.at(i); code < uint64(len(counts)) {
			counts[code]++
		}
	}
	for code, k := range counts {
		if code == 0 || k < max(64, n/16) {
			continue
		}
		if c.common == nil {
			c.common = map[int64]bitmap{}
		}
		var w words
		w.fill(n)
		c.codes.within(&w, uint64(code), uint64(code))
		c.common[c.base+int64(code)-1] = denseOf(&w)
	}
}

// open writes the column out into a wide one of at least its length.
func (c *column) open(w wide) {
	if c == nil {
		return
	}
	for i := range min(len(w), c.codes.len()) {
		w[i] = c.at(i)
	}
}

// at returns the value of a row, missing where it has none.
func (c *column) at(i int) int64 {
	if c == nil {
		return missing
	}
	code := c.codes.at(i)
	if code == 0 {
		return missing
	}
	return c.base + int64(code-1)*c.unit
}

// between returns the codes whose values lie between two values, both included;
// none where the first is larger.
func (c *column) between(low, high int64) (first, last uint64) {
	if high < c.base || low > high {
		return 1, 0
	}
	first, last = 1, math.MaxUint64
	if low > c.base {
		apart := uint64(low) - uint64(c.base)
		first = 1 + apart/uint64(c.unit)
		if apart%uint64(c.unit) != 0 {
			first++
		}
	}
	if high != math.MaxInt64 {
		last = 1 + (uint64(high)-uint64(c.base))/uint64(c.unit)
	}
	return first, last
}

func newCodes(most uint64, n int) codes {
	switch {
	case most <= math.MaxUint8:
		return codes{width: 1, b1: make([]uint8, n)}
	case most <= math.MaxUint16:
		return codes{width: 2, b2: make([]uint16, n)}
	case most <= math.MaxUint32:
		return codes{width: 4, b4: make([]uint32, n)}
	}
	return codes{width: 8, b8: make([]uint64, n)}
}

func (c *codes) len() int { return max(len(c.b1), len(c.b2), len(c.b4), len(c.b8)) }

// at returns the code of a row; those past the end came after the column was made
// and have none.
func (c *codes) at(i int) uint64 {
	if i >= c.len() {
		return 0
	}
	switch c.width {
	case 1:
		return uint64(c.b1[i])
	case 2:
		return uint64(c.b2[i])
	case 4:
		return uint64(c.b4[i])
	case 8:
		return c.b8[i]
	}
	return 0
}

func (c *codes) set(i int, code uint64) {
	switch c.width {
	case 1:
		c.b1[i] = uint8(code)
	case 2:
		c.b2[i] = uint16(code)
	case 4:
		c.b4[i] = uint32(code)
	case 8:
		c.b8[i] = code
	}
}

// within leaves in the mask only the rows whose codes lie between first and
// last, both included.
func (c *codes) within(mask *words, first, last uint64) {
	if first > last {
		*mask = words{}
		return
	}
	switch c.width {
	case 1:
		codesWithin(c.b1, mask, first, last, math.MaxUint8)
	case 2:
		codesWithin(c.b2, mask, first, last, math.MaxUint16)
	case 4:
		codesWithin(c.b4, mask, first, last, math.MaxUint32)
	case 8:
		codesWithin(c.b8, mask, first, last, math.MaxUint64)
	default:
		*mask = words{}
	}
}

// few is the number of rows of a block up to which they are looked at one by one.
const few = blockRows / 8

func codesWithin[T uint8 | uint16 | uint32 | uint64](codes []T, mask *words, first, last, most uint64) {
	if first > most {
		*mask = words{}
		return
	}
	low := T(first)
	span := T(min(last, most)) - low
	if n := mask.count(); n <= few {
		pickWithin(codes, mask, low, span)
		return
	}
	for i := range min(blockWords, len(codes)/64) {
		if mask[i] != 0 {
			mask[i] &= lanes(codes[i*64:i*64+64:i*64+64], low, span)
		}
	}
	clear(mask[min(blockWords, len(codes)/64):])
}

// pickWithin looks at the rows of the mask alone. It lists them first and then
// drops what is not met without a branch, so that the processor fetches many
// codes at a time.
func pickWithin[T uint8 | uint16 | uint32 | uint64](codes []T, mask *words, low, span T) {
	var list [few]uint16
	n := 0
	for i, x := range mask {
		for ; x != 0; x &= x - 1 {
			list[n&(few-1)] = uint16(i<<6 | bits.TrailingZeros64(x))
			n++
		}
	}
	*mask = words{}
	kept := 0
	for _, row := range list[:n] {
		if int(row) >= len(codes) {
			break // it came after the column was made, as all the next ones did
		}
		list[kept&(few-1)] = row
		_, over := bits.Sub64(uint64(span), uint64(codes[row]-low), 0)
		kept += 1 - int(over)
	}
	for _, row := range list[:kept] {
		mask.set(int(row))
	}
}

// lanes returns a bit for each of 64 codes, set where code-low <= span. Without a
// branch: whether a code is met cannot be foretold.
func lanes[T uint8 | uint16 | uint32 | uint64](lane []T, low, span T) (hit uint64) {
	if uint64(span) > math.MaxUint32 { // the difference below needs a bit to spare
		for j, code := range lane {
			if code-low <= span {
				hit |= 1 << (j & 63)
			}
		}
		return hit
	}
	over := uint64(span) + 1
	for _, code := range lane {
		apart := min(uint64(code-low), 1<<33)
		hit = hit>>1 | (apart-over)&(1<<63)
	}
	return hit
}

// among leaves in the mask only the rows whose values are in the set, whose bits
// stand for values from 0 on.
func (c *column) among(mask *words, set []uint64) {
	for i := range mask {
		for rest := mask[i]; rest != 0; rest &= rest - 1 {
			j := bits.TrailingZeros64(rest)
			if v := c.at(i*64 + j); v == missing || !inSet(set, v) {
				mask[i] &^= 1 << j
			}
		}
	}
}

func inSet(set []uint64, v int64) bool {
	return v>>6 < int64(len(set)) && set[v>>6]>>(v&63)&1 != 0
}

// dictionary numbers texts from 0 on. It only ever grows, so a version of the
// index may go on reading while the next one is written.
type dictionary struct {
	mu      sync.RWMutex
	texts   []string
	numbers map[string]int64
}

func (d *dictionary) number(text string) int64 {
	d.mu.RLock()
	n, ok := d.numbers[text]
	d.mu.RUnlock()
	if ok {
		return n
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.numbers == nil {
		d.numbers = map[string]int64{}
	}
	n = int64(len(d.texts))
	text = string([]byte(text)) // it may be part of a whole record
	d.texts = append(d.texts, text)
	d.numbers[text] = n
	return n
}

// cut takes out the texts from a number on.
func (d *dictionary) cut(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, text := range d.texts[n:] {
		delete(d.numbers, text)
	}
	d.texts = slices.Clip(d.texts[:n]) // others may be reading what follows
}

// find returns the number of a text, and false where it has none.
func (d *dictionary) find(text string) (int64, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	n, ok := d.numbers[text]
	return n, ok
}

// all returns the texts by their numbers.
func (d *dictionary) all() []string {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return slices.Clip(d.texts)
}

// pick returns the set of the numbers of texts for which keep holds.
func (d *dictionary) pick(keep func(string) bool) []uint64 {
	texts := d.all()
	set := make([]uint64, (len(texts)+63)/64)
	for i, t := range texts {
		if keep(t) {
			set[i>>6] |= 1 << (i & 63)
		}
	}
	return set
}
