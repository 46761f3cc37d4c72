package audience

import (
	"hash/maphash"
	"slices"

	"github.com/yukselenler/sosyal"
)

// idBlock holds the ids of a block's rows one after the other. An erased row has
// an empty id.
type idBlock struct {
	ends []uint32 // where the id of each row ends
	text []byte
}

func (b *idBlock) at(row int) sosyal.PersonID {
	begin := uint32(0)
	if row > 0 {
		begin = b.ends[row-1]
	}
	return sosyal.PersonID(b.text[begin:b.ends[row]])
}

func (b *idBlock) equal(row int, id sosyal.PersonID) bool {
	begin := uint32(0)
	if row > 0 {
		begin = b.ends[row-1]
	}
	return string(b.text[begin:b.ends[row]]) == string(id)
}

// idTable finds the row of an id: open addressing over slots that hold 32 bits of
// a hash and the row plus 1. It does not hold the ids, so a match has to be
// confirmed by the block.
type idTable struct {
	slots []uint64
	n     int
}

// hashOf hashes an id. The seed belongs to the process; nothing that is stored
// depends on it.
func hashOf(seed maphash.Seed, id sosyal.PersonID) uint32 {
	return uint32(maphash.String(seed, string(id)) >> 32)
}

// add notes a row under a hash unless a row has the id already, as same tells;
// that one is returned.
func (t *idTable) add(hash uint32, row int, same func(row int) bool) (before int, known bool) {
	if t.n >= len(t.slots)/4*3 {
		t.grow()
	}
	i, before, known := t.place(hash, same)
	if !known {
		t.slots[i] = uint64(hash)<<32 | uint64(row+1)
		t.n++
	}
	return before, known
}

// find returns the row whose id is the one that same recognises.
func (t *idTable) find(hash uint32, same func(row int) bool) (int, bool) {
	if t.n == 0 {
		return 0, false
	}
	_, row, known := t.place(hash, same)
	return row, known
}

// place returns the slot of an id: the one with its row, or the free one in which
// it belongs.
func (t *idTable) place(hash uint32, same func(row int) bool) (slot uint32, row int, known bool) {
	mask := uint32(len(t.slots) - 1)
	for slot = hash & mask; t.slots[slot] != 0; slot = (slot + 1) & mask {
		if s := t.slots[slot]; uint32(s>>32) == hash {
			if row = int(uint32(s)) - 1; same(row) {
				return slot, row, true
			}
		}
	}
	return slot, 0, false
}

func (t *idTable) grow() {
	old := t.slots
	t.slots = make([]uint64, max(64, 2*len(old)))
	mask := uint32(len(t.slots) - 1)
	for _, s := range old {
		if s == 0 {
			continue
		}
		slot := uint32(s>>32) & mask
		for t.slots[slot] != 0 {
			slot = (slot + 1) & mask
		}
		t.slots[slot] = s
	}
}

// idLevels is what an index looks ids up in. Versions share levels and never
// write to them; an update brings a level for its new customers and takes in
// those before it that are not at least twice as large, so there are few.
type idLevels []*idTable

func (l idLevels) find(hash uint32, same func(row int) bool) (int, bool) {
	for _, level := range slices.Backward(l) {
		if row, ok := level.find(hash, same); ok {
			return row, true
		}
	}
	return 0, false
}

// with returns the levels with another one.
func (l idLevels) with(t *idTable) idLevels {
	if t.n == 0 {
		return l
	}
	keep := len(l)
	for size := t.n; keep > 0 && l[keep-1].n < 2*size; keep-- {
		size += l[keep-1].n
	}
	if keep == len(l) {
		return append(l[:keep:keep], t)
	}
	merged := &idTable{}
	nobody := func(int) bool { return false }
	for _, level := range append(l[keep:len(l):len(l)], t) {
		for _, s := range level.slots {
			if s != 0 {
				merged.add(uint32(s>>32), int(uint32(s))-1, nobody)
			}
		}
	}
	return append(l[:keep:keep], merged)
}
