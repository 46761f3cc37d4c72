package audience

import (
	"cmp"
	"context"
	"math"
	"math/bits"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/yukselenler/sosyal"
)

// Evaluate picks the customers of an index who meet the rule. It uses all
// processors; the result does not depend on how many. A cancelled context ends
// it within milliseconds. An index of another brand, and a schema that gives a
// name another type than the index does, are errors.
func (p Program) Evaluate(ctx context.Context, ix *Index) (*Members, error) {
	blocks, err := p.evaluate(ctx, ix, nil)
	if err != nil {
		return nil, err
	}
	return newMembers(ix, blocks), nil
}

// evaluate is [Program.Evaluate] with the nested segments that are known already
// and need not be evaluated again.
func (p Program) evaluate(ctx context.Context, ix *Index, known map[sosyal.SegmentID][]bitmap) ([]bitmap, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if ix == nil {
		return nil, sosyal.FieldError{Field: "index", Rule: "is required"}
	}
	if p.root == nil {
		return make([]bitmap, len(ix.blocks)), nil
	}
	if p.brand != ix.brand {
		return nil, sosyal.FieldError{Field: "brand", Rule: "must be that of the index", Value: string(p.brand)}
	}
	e := &evaluation{ix: ix, plan: &p.plan, known: known, segments: make([]leaf, len(p.plan.segments))}
	root := e.leafOf(p.root)
	if err := e.problems.Err(); err != nil {
		return nil, err
	}
	return e.run(ctx, root)
}

// leaf leaves in the mask only the rows of the worker's block that meet a node.
type leaf func(w *worker, mask *words)

// evaluation is a program that is being asked of an index.
type evaluation struct {
	ix       *Index
	plan     *plan
	known    map[sosyal.SegmentID][]bitmap
	segments []leaf // of plan.segments, as far as somebody looks at them
	problems sosyal.Problems
	stop     atomic.Bool
}

// worker evaluates a block at a time.
type worker struct {
	*evaluation
	index int
	block *block
	spare []*words
	// nested are the members of plan.segments in the block, as far as they were
	// asked for.
	nested []*words
}

// run evaluates every block.
func (e *evaluation) run(ctx context.Context, root leaf) ([]bitmap, error) {
	defer context.AfterFunc(ctx, func() { e.stop.Store(true) })()
	out := make([]bitmap, len(e.ix.blocks))
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(out)) {
		group.Go(func() {
			w := &worker{evaluation: e, nested: make([]*words, len(e.segments))}
			for i := int(next.Add(1)) - 1; i < len(out) && !e.stop.Load(); i = int(next.Add(1)) - 1 {
				out[i] = w.run(i, root)
			}
		})
	}
	group.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return out, nil
}

func (w *worker) run(i int, root leaf) bitmap {
	mask := w.take()
	defer w.give(mask)
	w.index, w.block = i, w.ix.blocks[i]
	w.everybody(mask)
	root(w, mask)
	for j, n := range w.nested {
		if n != nil {
			w.give(n)
			w.nested[j] = nil
		}
	}
	return bitmapOf(mask)
}

// everybody fills the mask with the rows that are not erased.
func (w *worker) everybody(mask *words) {
	if w.block.live.n == w.block.n {
		mask.fill(w.block.n)
		return
	}
	w.block.live.words(mask)
}

// take lends a set of rows with whatever is in it.
func (w *worker) take() *words {
	if n := len(w.spare); n > 0 {
		s := w.spare[n-1]
		w.spare = w.spare[:n-1]
		return s
	}
	return &words{}
}

func (w *worker) give(s *words) { w.spare = append(w.spare, s) }

// leafOf returns the kept answer to a node, or one that works it out.
func (e *evaluation) leafOf(n node) leaf {
	if kept, ok := e.ix.keptBlocks(n); ok {
		return bitmapLeaf(kept)
	}
	return n.leaf(e)
}

func bitmapLeaf(blocks []bitmap) leaf {
	return func(w *worker, mask *words) {
		if w.index >= len(blocks) {
			*mask = words{}
			return
		}
		blocks[w.index].and(mask)
	}
}

func nobody(_ *worker, mask *words) { *mask = words{} }

func (n allNode) leaf(e *evaluation) leaf {
	parts := e.leaves(n)
	return func(w *worker, mask *words) {
		for _, part := range parts {
			part(w, mask)
		}
	}
}

func (n anyNode) leaf(e *evaluation) leaf {
	parts := e.leaves(n)
	if len(parts) == 0 {
		return nobody
	}
	return func(w *worker, mask *words) {
		rest, hit := w.take(), w.take()
		*rest, *mask = *mask, words{}
		for _, part := range parts {
			*hit = *rest
			part(w, hit)
			for i, x := range hit {
				mask[i] |= x
				rest[i] &^= x
			}
		}
		w.give(hit)
		w.give(rest)
	}
}

func (n notNode) leaf(e *evaluation) leaf {
	part := e.leafOf(n.part)
	return func(w *worker, mask *words) {
		hit := w.take()
		*hit = *mask
		part(w, hit)
		for i, x := range hit {
			mask[i] &^= x
		}
		w.give(hit)
	}
}

// leaves returns the leaves of nodes, the cheap ones first: what they rule out,
// the others need not look at.
func (e *evaluation) leaves(nodes []node) []leaf {
	order := slices.Clone(nodes)
	slices.SortStableFunc(order, func(x, y node) int { return cmp.Compare(e.cost(x), e.cost(y)) })
	out := make([]leaf, len(order))
	for i, n := range order {
		out[i] = e.leafOf(n)
	}
	return out
}

// cost ranks nodes by what a row costs.
func (e *evaluation) cost(n node) int {
	if _, kept := e.ix.keptBlocks(n); kept {
		return 0
	}
	switch n := n.(type) {
	case memberNode:
		return 1
	case valueNode:
		return 2 + count(n.test.kind != TextProperty) // texts may have bitmaps
	case groupNode:
		return 2
	case predictedNode:
		return 3
	case bucketNode:
		return 4
	case eventNode:
		if n.summarized(e.ix) {
			return 3
		}
		return 5
	case funnelNode:
		return 6
	case consentNode:
		return 6
	case segmentNode:
		return e.cost(e.plan.segments[n.place].root)
	case notNode:
		return e.cost(n.part)
	case allNode:
		return e.dearest(n)
	case anyNode:
		return e.dearest(n)
	}
	return 0
}

func (e *evaluation) dearest(nodes []node) int {
	most := 0
	for _, n := range nodes {
		most = max(most, e.cost(n))
	}
	return most
}

func (n segmentNode) leaf(e *evaluation) leaf {
	segment := e.plan.segments[n.place]
	if blocks, ok := e.known[segment.id]; ok {
		return bitmapLeaf(blocks)
	}
	if e.segments[n.place] == nil {
		e.segments[n.place] = e.leafOf(segment.root)
	}
	return func(w *worker, mask *words) {
		own := w.nested[n.place]
		if own == nil {
			own = w.take()
			w.everybody(own)
			w.nested[n.place] = own
			w.segments[n.place](w, own)
		}
		for i, x := range own {
			mask[i] &= x
		}
	}
}

func (n valueNode) leaf(e *evaluation) leaf {
	kind, known := e.ix.schema.property(n.field)
	if known && kind != n.test.kind {
		e.problems.Add(n.field, "must be of the type that it has in the index, "+string(kind), string(n.test.kind))
		return nobody
	}
	if n.test.kind == ListProperty {
		return n.tagLeaf()
	}
	return e.columnLeaf(field{name: n.field}, &n.test)
}

// tagLeaf tests a list property.
func (n valueNode) tagLeaf() leaf {
	if n.test.is == Missing {
		return func(w *worker, mask *words) {
			known := w.take()
			w.block.tags[tag{propertyTags, n.field, ""}].words(known)
			for i, x := range known {
				mask[i] &^= x
			}
			w.give(known)
		}
	}
	tags := make([]tag, len(n.test.texts))
	for i, text := range n.test.texts {
		tags[i] = tag{propertyTags, n.field, text}
	}
	return anyTag(tags)
}

// anyTag is met by rows with one of the tags.
func anyTag(tags []tag) leaf {
	if len(tags) == 1 {
		return func(w *worker, mask *words) { w.block.tags[tags[0]].and(mask) }
	}
	return func(w *worker, mask *words) {
		some, one := w.take(), w.take()
		*some = words{}
		for _, t := range tags {
			if b := w.block.tags[t]; b.n > 0 {
				b.words(one)
				for i, x := range one {
					some[i] |= x
				}
			}
		}
		for i, x := range some {
			mask[i] &= x
		}
		w.give(one)
		w.give(some)
	}
}

func (n memberNode) leaf(*evaluation) leaf {
	list := map[memberList]tagList{interestList: interestTags, networkList: networkTags, segmentList: segmentTags}[n.list]
	tags := make([]tag, len(n.any))
	for i, name := range n.any {
		tags[i] = tag{list: list, text: name}
	}
	return anyTag(tags)
}

// columnLeaf tests a column of customers.
func (e *evaluation) columnLeaf(f field, t *test) leaf {
	keep := t.keeper(e.ix.chain, f)
	return func(w *worker, mask *words) {
		c := w.block.columns[f]
		switch {
		case t.is == Missing:
			if c != nil {
				known := w.take()
				*known = *mask
				c.within(known, 1, math.MaxUint64)
				for i, x := range known {
					mask[i] &^= x
				}
				w.give(known)
			}
		case c == nil:
			*mask = words{}
		default:
			keep(c, mask)
		}
	}
}

// keeper returns what leaves in a mask only the rows of a column, or the events,
// that pass the test.
func (t *test) keeper(chain *chain, f field) func(c *column, mask *words) {
	low, high := t.low, t.high
	switch t.kind {
	case TextProperty, ListProperty:
		set := t.numbers(chain, f)
		if first, last, ok := run(set); ok {
			low, high = first, last
			break
		}
		return func(c *column, mask *words) { c.among(mask, set) }
	case FlagProperty:
		low = int64(count(t.flag))
		high = low
	case DayProperty:
		if t.monthDays != nil {
			return func(c *column, mask *words) {
				for row := range mask.rows() {
					if v := c.at(row); v == missing || !t.day(v) {
						mask.clear(row)
					}
				}
			}
		}
	case NumberProperty:
	}
	return func(c *column, mask *words) {
		if b, ok := c.common[low]; ok && low == high {
			b.and(mask)
			return
		}
		first, last := c.between(low, high)
		c.within(mask, first, last)
	}
}

// numbers returns the numbers of the texts that pass the test.
func (t *test) numbers(chain *chain, f field) []uint64 {
	dict := chain.dictionary(f)
	if t.kind == ListProperty {
		return dict.pick(func(joined string) bool { return slices.ContainsFunc(strings.Split(joined, "\x00"), t.has) })
	}
	if t.is == Equals || t.is == OneOf {
		var set []uint64
		for _, text := range t.texts {
			if n, ok := dict.find(text); ok {
				for int64(len(set)) <= n>>6 {
					set = append(set, 0)
				}
				set[n>>6] |= 1 << (n & 63)
			}
		}
		return set
	}
	return dict.pick(t.text)
}

// run reports whether the set is a single run of numbers, and which; an empty
// set is a run of none.
func run(set []uint64) (first, last int64, ok bool) {
	first, last = 1, 0
	for i, x := range set {
		for v := int64(i) * 64; x != 0; v, x = v+1, x>>1 {
			switch {
			case x&1 == 0:
			case first > last:
				first, last = v, v
			case v == last+1:
				last = v
			default:
				return 0, 0, false
			}
		}
	}
	return first, last, true
}

func (n groupNode) leaf(e *evaluation) leaf {
	return e.columnLeaf(field{kind: groupField}, &test{kind: TextProperty, is: OneOf, texts: n.any})
}

func (n predictedNode) leaf(e *evaluation) leaf {
	low, high := wholeRange(n.is, orderedBits(n.value))
	return e.columnLeaf(field{kind: predictionField, name: string(n.name)}, &test{kind: NumberProperty, is: n.is, low: low, high: high})
}

func (n bucketNode) leaf(*evaluation) leaf {
	return func(w *worker, mask *words) {
		for row := range mask.rows() {
			if !n.holds(BucketHash(w.block.ids.at(row))) {
				mask.clear(row)
			}
		}
	}
}

func (n consentNode) leaf(e *evaluation) leaf {
	roles := n.roles(e.ix.chain.dictionary(field{kind: consentField}).all())
	need := uint64(1)
	if n.sources != nil {
		need = 1<<len(n.sources) - 1
	}
	now := uint32(min(max(e.plan.now, 0), math.MaxUint32))
	return func(w *worker, mask *words) {
		for i, m := range mask {
			if w.stop.Load() {
				return
			}
			for ; m != 0; m &= m - 1 {
				row := i<<6 | bits.TrailingZeros64(m)
				if !w.block.consents.granted(row, roles, need, now) {
					mask.clear(row)
				}
			}
		}
	}
}
