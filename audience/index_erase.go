package audience

import (
	"context"
	"maps"
	"slices"

	"github.com/yukselenler/sosyal"
)

// Erase returns the next version of the index without the people, as data
// protection law asks for: their ids, what was known of them, and every text that
// stands nowhere in it any more, which takes in what was known of them before a
// change replaced it or took them out. People of whom nothing is known are no
// error. Versions before this one keep the ids and the rows that they had until
// they are let go, and no longer know these texts; a host that wrote one to a
// file writes the new one over it.
func (ix *Index) Erase(ctx context.Context, people ...sosyal.PersonID) (*Index, error) {
	next, err := ix.Apply(ctx, func(yield func(CustomerChange, error) bool) {
		for _, id := range people {
			if !yield(CustomerChange{ID: id, Remove: true}, nil) {
				return
			}
		}
	})
	if err != nil {
		return nil, err
	}
	next.sweep()
	return next, nil
}

// sweep forgets every text that stands nowhere.
func (ix *Index) sweep() {
	ix.chain.mu.Lock()
	dict := maps.Clone(ix.chain.dict)
	ix.chain.mu.Unlock()
	for f, d := range dict {
		d.keep(ix.used(f, len(d.all())))
	}
}

// used says of each of the first n texts of a column whether it stands anywhere.
func (ix *Index) used(f field, n int) []bool {
	used := make([]bool, n)
	for _, b := range ix.blocks {
		switch f.kind {
		case consentField:
			if b.consents != nil {
				for _, s := range b.consents.statements {
					used[s.key] = true
				}
			}
		case eventField:
			if e := b.events[f.of]; e != nil {
				e.columns[f.name].mark(used)
			}
		default:
			b.columns[f].mark(used)
		}
	}
	return used
}

// lacking returns a copy of the version, no part of its line, in which a row is
// erased.
func (ix *Index) lacking(row int) *Index {
	d := newDraft(ix, ix.blocks[row>>16])
	_ = d.erase(row & (blockRows - 1)) // only new consents can be too many
	out := &Index{
		brand: ix.brand, schema: ix.schema, chain: ix.chain, blocks: slices.Clone(ix.blocks), ids: ix.ids,
		rows: ix.rows, size: ix.size - 1, lastEvent: ix.lastEvent, version: ix.version,
	}
	out.blocks[row>>16] = d.seal()
	out.succeeded.Store(true)
	return out
}

// mark notes the numbers of the texts that stand in the column.
func (c *column) mark(used []bool) {
	if c == nil {
		return
	}
	for i := range c.codes.len() {
		if v := c.at(i); v >= 0 && v < int64(len(used)) { // others are no texts
			used[v] = true
		}
	}
}

// keep takes the texts out that are not used. Their numbers are not given again.
func (d *dictionary) keep(used []bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.texts = slices.Clone(d.texts) // others may be reading the old ones
	for n, keep := range used {
		if !keep && d.texts[n] != erasedText {
			delete(d.numbers, d.texts[n])
			d.texts[n] = erasedText
		}
	}
}

// erasedText stands where a text was. It is not UTF-8, so no customer has it.
const erasedText = "\xff"
