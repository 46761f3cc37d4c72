package audience

import (
	"iter"
)

// gather returns an index of some rows alone, in their order, so that what a rule
// says of them costs what they are many, not what all are. It has their ids and
// no table of ids.
func (ix *Index) gather(rows []uint32) *Index {
	out := &Index{brand: ix.brand, schema: ix.schema, chain: ix.chain, lastEvent: ix.lastEvent, rows: len(rows), size: len(rows)}
	for len(rows) > 0 {
		n := min(len(rows), blockRows)
		out.blocks = append(out.blocks, ix.gatherBlock(rows[:n]))
		rows = rows[n:]
	}
	return out
}

// gatherBlock makes a block of rows, which ascend.
func (ix *Index) gatherBlock(rows []uint32) *block {
	out := &block{n: len(rows), columns: map[field]*column{}, tags: map[tag]bitmap{}, events: map[string]*eventBlock{}}
	g := gathering{ix: ix, rows: rows}
	var live words
	for i, row := range rows {
		b, at := ix.blocks[row>>16], int(row&(blockRows-1))
		if b.live.has(at) {
			live.set(i)
		}
		out.ids.text = append(out.ids.text, b.ids.at(at)...)
		out.ids.ends = append(out.ids.ends, uint32(len(out.ids.text)))
	}
	out.live = bitmapOf(&live)
	for b := range g.blocks() {
		for f := range b.columns {
			if _, done := out.columns[f]; !done {
				out.columns[f] = g.column(f)
			}
		}
		for t := range b.tags {
			if _, done := out.tags[t]; !done {
				out.tags[t] = g.tag(t)
			}
		}
		for name := range b.events {
			if _, done := out.events[name]; !done {
				out.events[name] = g.events(name)
			}
		}
	}
	out.consents = g.consents()
	return out
}

// gathering is rows that are being brought together.
type gathering struct {
	ix   *Index
	rows []uint32
}

// blocks yields the blocks in which the rows lie.
func (g *gathering) blocks() iter.Seq[*block] {
	return func(yield func(*block) bool) {
		last := -1
		for _, row := range g.rows {
			if i := int(row >> 16); i != last {
				last = i
				if !yield(g.ix.blocks[i]) {
					return
				}
			}
		}
	}
}

func (g *gathering) column(f field) *column {
	w := make(wide, len(g.rows))
	for i, row := range g.rows {
		w[i] = g.ix.blocks[row>>16].columns[f].at(int(row & (blockRows - 1)))
	}
	return w.seal(true)
}

func (g *gathering) tag(t tag) bitmap {
	var own, all words
	last := -1
	for i, row := range g.rows {
		if b := int(row >> 16); b != last {
			last = b
			g.ix.blocks[b].tags[t].words(&all)
		}
		own[i>>6] |= all[row&(blockRows-1)>>6] >> (row & 63) & 1 << (i & 63)
	}
	return bitmapOf(&own)
}

func (g *gathering) events(name string) *eventBlock {
	out := &eventBlock{columns: map[string]*column{}}
	var from []uint32 // the first event of each row
	columns := map[string]bool{}
	for b := range g.blocks() {
		if e := b.events[name]; e != nil {
			for column := range e.columns {
				columns[column] = true
			}
		}
	}
	for _, row := range g.rows {
		e := g.ix.blocks[row>>16].events[name]
		first, last := e.span(int(row & (blockRows - 1)))
		from = append(from, first)
		for i := first; i < last; i++ {
			if e.adjustment(i) {
				for len(out.adjustments) <= len(out.at)>>6 {
					out.adjustments = append(out.adjustments, 0)
				}
				out.adjustments[len(out.at)>>6] |= 1 << (len(out.at) & 63)
			}
			out.at = append(out.at, e.at[i])
		}
		out.ends = append(out.ends, uint32(len(out.at)))
	}
	for len(out.adjustments) > 0 && len(out.adjustments) < (len(out.at)+63)/64 {
		out.adjustments = append(out.adjustments, 0)
	}
	for column := range columns {
		w := make(wide, 0, len(out.at))
		for i, row := range g.rows {
			e := g.ix.blocks[row>>16].events[name]
			first, last := out.span(i)
			for k := range last - first {
				w = append(w, e.columns[column].at(int(from[i]+k)))
			}
		}
		if c := w.seal(true); c != nil {
			out.columns[column] = c
		}
	}
	out.summarize(len(g.rows))
	return out
}

func (g *gathering) consents() *consentBlock {
	out := &consentBlock{}
	for _, row := range g.rows {
		c := g.ix.blocks[row>>16].consents
		from, to := c.span(int(row & (blockRows - 1)))
		if from < to {
			out.statements = append(out.statements, c.statements[from:to]...)
		}
		out.ends = append(out.ends, uint32(len(out.statements)))
	}
	return out
}

// scatter writes the answers about gathered rows into the answers about all: it
// returns those, and who came and who went. seal makes bitmaps; blocks that stay
// the same are shared.
func scatter(rows []uint32, old, answers []bitmap, blocks int, seal func(*words) bitmap) (now, entered, left []bitmap) {
	now, entered, left = make([]bitmap, blocks), make([]bitmap, blocks), make([]bitmap, blocks)
	copy(now, old)
	var answer, own words
	var in, out []uint32
	for i := 0; i < len(rows); {
		block := rows[i] >> 16
		now[block].words(&own)
		in, out = in[:0], out[:0]
		for ; i < len(rows) && rows[i]>>16 == block; i++ {
			if i&(blockRows-1) == 0 {
				answers[i>>16].words(&answer)
			}
			row := rows[i] & (blockRows - 1)
			is, was := answer[i&(blockRows-1)>>6]>>(i&63)&1, own[row>>6]>>(row&63)&1
			switch {
			case is > was:
				in = append(in, row)
				own.set(int(row))
			case is < was:
				out = append(out, row)
				own.clear(int(row))
			}
		}
		if len(in)+len(out) > 0 || now[block].n == 0 {
			now[block], entered[block], left[block] = seal(&own), bitmapOfRows(in), bitmapOfRows(out)
		}
	}
	return now, entered, left
}
