package audience

import (
	"context"
	"slices"

	"github.com/yukselenler/sosyal"
)

// Erase returns the next version of the index without the people, as data
// protection law asks for: their ids, what was known of them, and every text that
// nobody else has. People of whom nothing is known are no error. Versions before
// this one keep what they had until they are let go; a host that wrote one to a
// file writes the new one over it.
func (ix *Index) Erase(ctx context.Context, people ...sosyal.PersonID) (*Index, error) {
	own := ix.textsOf(people)
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
	for f, numbers := range own {
		for _, n := range numbers {
			if !next.uses(f, n) {
				next.chain.dictionary(f).forget(n)
			}
		}
	}
	return next, nil
}

// textsOf returns the numbers of the texts that stand in the rows of people.
func (ix *Index) textsOf(people []sosyal.PersonID) map[field][]int64 {
	out := map[field][]int64{}
	note := func(f field, c *column, i int) {
		if v := c.at(i); v != missing && !slices.Contains(out[f], v) {
			out[f] = append(out[f], v)
		}
	}
	for _, id := range people {
		row, ok := ix.row(id)
		if !ok {
			continue
		}
		b, at := ix.blocks[row>>16], row&(blockRows-1)
		for f, c := range b.columns {
			if ix.typeOf(f) == TextProperty {
				note(f, c, at)
			}
		}
		for name, e := range b.events {
			from, to := e.span(at)
			for column, c := range e.columns {
				if f := (field{eventField, name, column}); ix.textual(f) {
					for i := from; i < to; i++ {
						note(f, c, int(i))
					}
				}
			}
		}
	}
	return out
}

// textual reports whether a column of events holds numbers of texts.
func (ix *Index) textual(f field) bool {
	kind, _ := ix.schema.event(f.of)
	t, _ := kind.property(f.name)
	return t == TextProperty || t == ListProperty
}

// uses reports whether a text stands anywhere.
func (ix *Index) uses(f field, number int64) bool {
	for _, b := range ix.blocks {
		if f.kind != eventField {
			if b.columns[f].holds(number) {
				return true
			}
		} else if e := b.events[f.of]; e != nil && e.columns[f.name].holds(number) {
			return true
		}
	}
	return false
}

// holds reports whether a value stands in the column.
func (c *column) holds(v int64) bool {
	if c == nil {
		return false
	}
	first, last := c.between(v, v)
	if first > last {
		return false
	}
	for i := range c.codes.len() {
		if c.codes.at(i) == first {
			return true
		}
	}
	return false
}

// forget takes a text out. Its number is not given again.
func (d *dictionary) forget(n int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.numbers, d.texts[n])
	d.texts = slices.Clone(d.texts) // others may be reading the old ones
	d.texts[n] = erasedText
}

// erasedText stands where a text was. It is not UTF-8, so no customer has it.
const erasedText = "\xff"
