package audience

import (
	"fmt"
	"iter"
	"slices"

	"github.com/yukselenler/sosyal"
)

// Members is an immutable set of customers of an [Index]. It stays what it was
// when the index is updated. The zero Members is empty.
type Members struct {
	ix     *Index
	blocks []bitmap
	n      int
}

// newMembers wraps blocks, which may be fewer than the index has.
func newMembers(ix *Index, blocks []bitmap) *Members {
	m := &Members{ix: ix, blocks: blocks}
	for _, b := range blocks {
		m.n += b.n
	}
	return m
}

// Brand returns the brand whose customers they are.
func (m *Members) Brand() sosyal.BrandID {
	if m == nil || m.ix == nil {
		return ""
	}
	return m.ix.brand
}

// Count returns how many there are.
func (m *Members) Count() int {
	if m == nil {
		return 0
	}
	return m.n
}

// Contains reports whether a person is among them.
func (m *Members) Contains(id sosyal.PersonID) bool {
	if m == nil || m.ix == nil {
		return false
	}
	row, ok := m.ix.row(id)
	return ok && row>>16 < len(m.blocks) && m.blocks[row>>16].has(row&(blockRows-1))
}

// All yields the members, in the order in which the index came to know them.
func (m *Members) All() iter.Seq[sosyal.PersonID] {
	return func(yield func(sosyal.PersonID) bool) {
		if m == nil {
			return
		}
		var w words
		for b, members := range m.blocks {
			if members.n == 0 {
				continue
			}
			members.words(&w)
			for row := range w.rows() {
				if !yield(m.ix.blocks[b].ids.at(row)) {
					return
				}
			}
		}
	}
}

// CountBoth returns how many are in both sets. Sets of indexes that do not go
// back to the same [BuildIndex] are compared person by person, which is slower.
func (m *Members) CountBoth(o *Members) int {
	if m.Count() == 0 || o.Count() == 0 || m.ix.brand != o.ix.brand {
		return 0
	}
	n := 0
	if m.ix.chain != o.ix.chain {
		for id := range m.All() {
			n += count(o.Contains(id))
		}
		return n
	}
	for b := range min(len(m.blocks), len(o.blocks)) {
		n += m.blocks[b].both(o.blocks[b])
	}
	for _, b := range m.elsewhere(o) {
		n += b.n
	}
	return n
}

// someGone reports whether a member's row is erased in a later version.
func (m *Members) someGone(later *Index) bool {
	for i, b := range m.blocks {
		if b.n > 0 && b.both(later.blocks[i].live) < b.n {
			return true
		}
	}
	return false
}

// elsewhere returns the members who are in the other set as well, but in another
// row, because they were taken out between the two versions and came back.
func (m *Members) elsewhere(o *Members) []bitmap {
	if m.ix == o.ix {
		return nil
	}
	blocks := make([]bitmap, len(m.blocks))
	for i, b := range m.blocks {
		gone := b
		if i < len(o.ix.blocks) {
			gone = b.without(o.ix.blocks[i].live)
		}
		if gone.n == 0 {
			continue
		}
		var w words
		gone.words(&w)
		for row := range w.rows() {
			if !o.Contains(m.ix.blocks[i].ids.at(row)) {
				w.clear(row)
			}
		}
		blocks[i] = bitmapOf(&w)
	}
	return blocks
}

// Without returns the members who are not in the other set. Both must come from
// the same [BuildIndex] and its updates; otherwise the result is
// [sosyal.ErrConflict].
func (m *Members) Without(o *Members) (*Members, error) {
	if m.Count() == 0 || o.Count() == 0 {
		return m, nil
	}
	if m.ix.chain != o.ix.chain {
		return nil, fmt.Errorf("members of two indexes: %w", sosyal.ErrConflict)
	}
	return newMembers(m.ix, difference(difference(m.blocks, o.blocks), m.elsewhere(o))), nil
}

// difference returns what is in a and not in b.
func difference(a, b []bitmap) []bitmap {
	out := slices.Clone(a)
	for i := range min(len(a), len(b)) {
		out[i] = a[i].without(b[i])
	}
	return out
}

// missingIn returns the members whose ids are not among the others.
func (m *Members) missingIn(o *Members) *Members {
	blocks := make([]bitmap, len(m.blocks))
	for i, b := range m.blocks {
		var w words
		b.words(&w)
		for row := range w.rows() {
			if o.Contains(m.ix.blocks[i].ids.at(row)) {
				w.clear(row)
			}
		}
		blocks[i] = bitmapOf(&w)
	}
	return newMembers(m.ix, blocks)
}
