package audience

import (
	"math"
	"math/bits"
)

// summarized reports whether the question is one whose answer an index keeps for
// every customer: how many in all, or when last, with nothing that a later day
// would add.
func (n eventNode) summarized(ix *Index) bool {
	return len(n.events.filters) == 0 && n.events.from == beginning && n.events.to > ix.lastEvent &&
		(n.measure == countMeasure || n.measure == lastMeasure)
}

func (n eventNode) leaf(e *evaluation) leaf {
	if kind, known := e.ix.schema.event(n.events.name); n.measure == sumMeasure && known {
		own, _ := e.plan.schema.event(n.events.name)
		e.problems.Require(own.Currency == kind.Currency, "events."+n.events.name+".amount", "must be in the currency that it has in the index, "+kind.Currency, own.Currency)
	}
	nothing := n.measure == sumMeasure || n.measure == countMeasure
	nothing = nothing && n.low <= 0 && n.high >= 0 // customers without such an event meet it
	if n.summarized(e.ix) {
		return n.summaryLeaf(nothing)
	}
	keep, ok := e.eventFilters(&n.events)
	if !ok {
		return nobody
	}
	return func(w *worker, mask *words) {
		b := w.block.events[n.events.name]
		if b == nil {
			if !nothing {
				*mask = words{}
			}
			return
		}
		n.scan(w, b, keep(b), mask)
	}
}

// scan asks the events of every row of the mask.
func (n *eventNode) scan(w *worker, b *eventBlock, pick []uint64, mask *words) {
	plain := n.measure == countMeasure && pick == nil && b.adjustments == nil
	amounts := b.columns[amountField]
	from, to := instant(n.events.from), instant(n.events.to)
	for i, m := range mask {
		if w.stop.Load() {
			return
		}
		for rest := m; rest != 0; rest &= rest - 1 {
			j := bits.TrailingZeros64(rest)
			first, last := b.span(i<<6 | j)
			for last > first && b.at[last-1] >= to {
				last--
			}
			if plain {
				k := last
				for k > first && b.at[k-1] >= from {
					k--
				}
				if !n.within(int64(last - k)) {
					m &^= 1 << j
				}
				continue
			}
			begin := last
			for begin > first && b.at[begin-1] >= from {
				begin--
			}
			if !n.holds(b, begin, last, pick, amounts) {
				m &^= 1 << j
			}
		}
		mask[i] = m
	}
}

// instant brings an instant into the range of those that are kept.
func instant(at int64) uint32 { return uint32(min(max(at, 0), math.MaxUint32)) }

// summaryLeaf asks the columns that the index keeps.
func (n eventNode) summaryLeaf(nothing bool) leaf {
	return func(w *worker, mask *words) {
		b := w.block.events[n.events.name]
		var c *column
		if b != nil && n.measure == countMeasure {
			c = b.counts
		} else if b != nil {
			c = b.lasts
		}
		switch {
		case c == nil && nothing:
		case c == nil:
			*mask = words{}
		case nothing: // those without an event have no code and meet it
			rest := w.take()
			*rest = *mask
			c.within(rest, 1, ^uint64(0))
			for i, x := range rest {
				mask[i] &^= x
			}
			first, last := c.between(n.low, n.high)
			c.within(rest, first, last)
			for i, x := range rest {
				mask[i] |= x
			}
			w.give(rest)
		default:
			first, last := c.between(n.low, n.high)
			c.within(mask, first, last)
		}
	}
}

// eventFilters prepares the filters of a set of events. For a block it returns
// the events that pass as bits, nil where all do.
func (e *evaluation) eventFilters(s *eventSet) (func(b *eventBlock) []uint64, bool) {
	kind, known := e.ix.schema.event(s.name)
	e.problems.Require(known, "events."+s.name, "must be an event of the index", "")
	type filter struct {
		name string
		test *test
		keep func(c *column, mask *words)
	}
	var filters []filter
	for i := range s.filters {
		f := &s.filters[i]
		own, ok := kind.property(f.field)
		e.problems.Require(ok && own == f.test.kind, "events."+s.name+"."+f.field, "must be of the type that it has in the index", string(f.test.kind))
		filters = append(filters, filter{f.field, &f.test, f.test.keeper(e.ix.chain, field{eventField, s.name, f.field})})
	}
	return func(b *eventBlock) []uint64 {
		if len(filters) == 0 {
			return nil
		}
		pass := make([]uint64, (len(b.at)+blockRows-1)/blockRows*blockWords)
		for part := 0; part < len(pass); part += blockWords {
			(*words)(pass[part : part+blockWords]).fill(len(b.at) - part*64)
		}
		for _, f := range filters {
			c := b.columns[f.name]
			for part := 0; part < len(pass); part += blockWords {
				mask := (*words)(pass[part : part+blockWords])
				switch {
				case c == nil && f.test.is == Missing:
				case c == nil:
					*mask = words{}
				case f.test.is == Missing:
					had := *mask
					c.slice(part*64).codes.within(&had, 1, ^uint64(0))
					for i, x := range had {
						mask[i] &^= x
					}
				default:
					f.keep(c.slice(part*64), mask)
				}
			}
		}
		return pass
	}, known
}

// slice returns the column from an event on.
func (c *column) slice(from int) *column {
	return &column{base: c.base, unit: c.unit, codes: codes{
		width: c.codes.width, b1: tail(c.codes.b1, from), b2: tail(c.codes.b2, from), b4: tail(c.codes.b4, from), b8: tail(c.codes.b8, from),
	}}
}

func tail[T any](list []T, from int) []T { return list[min(from, len(list)):] }

// holds decides about the events of a row that lie in the window, those from
// first up to but without last. pick has the events that pass the filters, nil is
// all of them.
func (n *eventNode) holds(b *eventBlock, first, last uint32, pick []uint64, amounts *column) bool {
	value, found := int64(0), false
	for i := first; i < last; i++ {
		if pick != nil && pick[i>>6]>>(i&63)&1 == 0 || n.measure != sumMeasure && b.adjustment(i) {
			continue
		}
		switch n.measure {
		case countMeasure:
			value++
		case sumMeasure:
			if v := amounts.at(int(i)); v != missing {
				value += v
			}
		case firstMeasure:
			return n.within(int64(b.at[i]))
		case lastMeasure:
			value = int64(b.at[i])
		}
		found = true
	}
	return (found || n.measure == countMeasure || n.measure == sumMeasure) && n.within(value)
}

func (n *eventNode) within(v int64) bool { return v >= n.low && v <= n.high }

func (n funnelNode) leaf(e *evaluation) leaf {
	keepFirst, known := e.eventFilters(&n.first)
	keepThen, alsoKnown := e.eventFilters(&n.then)
	if !known || !alsoKnown {
		return nobody
	}
	return func(w *worker, mask *words) {
		first, then := w.block.events[n.first.name], w.block.events[n.then.name]
		if first == nil {
			*mask = words{}
			return
		}
		pickFirst := keepFirst(first)
		var pickThen []uint64
		if then != nil {
			pickThen = keepThen(then)
		}
		var a, b []int64
		for i, m := range mask {
			if w.stop.Load() {
				return
			}
			for rest := m; rest != 0; rest &= rest - 1 {
				j := bits.TrailingZeros64(rest)
				row := i<<6 | j
				a = n.first.times(first, row, pickFirst, a[:0])
				b = n.then.times(then, row, pickThen, b[:0])
				if !n.holds(a, b) {
					m &^= 1 << j
				}
			}
			mask[i] = m
		}
	}
}

// times appends when the events of the set happened, in order.
func (s *eventSet) times(b *eventBlock, row int, pick []uint64, out []int64) []int64 {
	from, to := b.span(row)
	for i := from; i < to; i++ {
		at := int64(b.at[i])
		if at < s.from || at >= s.to || b.adjustment(i) || pick != nil && pick[i>>6]>>(i&63)&1 == 0 {
			continue
		}
		out = append(out, at)
	}
	return out
}
