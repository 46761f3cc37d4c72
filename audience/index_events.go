package audience

import (
	"maps"
	"slices"
	"sort"
	"strings"

	"github.com/yukselenler/sosyal"
)

// eventBlock holds the events of one name of a block's rows, row by row and each
// row's in order of time.
type eventBlock struct {
	ends        []uint32 // where the events of each row end
	at          []uint32 // seconds since 1970
	adjustments []uint64 // a bit for each event; nil where none is an adjustment
	columns     map[string]*column
	// counts and lasts are, for each row, how many events are no adjustments and
	// the latest of them: the questions that are asked most.
	counts, lasts *column
}

// span returns where the events of a row begin and end.
func (b *eventBlock) span(row int) (from, to uint32) {
	if b == nil || row >= len(b.ends) {
		return 0, 0
	}
	if row > 0 {
		from = b.ends[row-1]
	}
	return from, b.ends[row]
}

func (b *eventBlock) adjustment(i uint32) bool {
	return b.adjustments != nil && b.adjustments[i>>6]>>(i&63)&1 != 0
}

// eventDraft is an event block that is being written. Rows that change get a span
// of new events; the others keep those of the block below.
type eventDraft struct {
	draft   *draft
	base    *eventBlock
	name    string
	kind    EventType
	places  []int32 // of each row, in spans, plus 1; 0 where the row is as below
	spans   [][2]int32
	at      []uint32
	adjusts []bool
	any     bool // an adjustment
	columns map[string]*wideColumn
	byName  []*wideColumn // the columns, for moving events
	amounts *wideColumn
}

// event opens the events of a name for writing.
func (d *draft) event(name string) *eventDraft {
	e, ok := d.events[name]
	if !ok {
		e = &eventDraft{draft: d, name: name, places: make([]int32, blockRows), columns: map[string]*wideColumn{}}
		e.kind, _ = d.ix.schema.event(name)
		if d.base != nil {
			e.base = d.base.events[name]
		}
		d.events[name] = e
	}
	return e
}

// next returns an empty draft for another block with the buffers of this one.
func (e *eventDraft) next() *eventDraft {
	clear(e.places)
	n := &eventDraft{
		draft: e.draft, name: e.name, kind: e.kind, places: e.places, spans: e.spans[:0],
		at: e.at[:0], adjusts: e.adjusts[:0], columns: e.columns, byName: e.byName, amounts: e.amounts,
	}
	for _, c := range n.byName {
		c.wide = c.wide[:0]
	}
	return n
}

// replace begins the events of a row anew, without any.
func (e *eventDraft) replace(row int) {
	at := int32(len(e.at))
	e.spans = append(e.spans, [2]int32{at, at})
	e.places[row] = int32(len(e.spans))
}

// extend begins the events of a row anew with those that it has.
func (e *eventDraft) extend(row int) {
	place := e.places[row]
	e.replace(row)
	if place > 0 {
		for i := e.spans[place-1][0]; i < e.spans[place-1][1]; i++ {
			e.repeat(e.at[i], e.adjusts[i], func(name string) int64 { return e.columns[name].value(int(i)) })
		}
		return
	}
	from, to := e.base.span(row)
	for i := from; i < to; i++ {
		e.repeat(e.base.at[i], e.base.adjustment(i), func(name string) int64 { return e.base.columns[name].at(int(i)) })
	}
}

// value returns what stands at a place, missing past the end.
func (c *wideColumn) value(i int) int64 {
	if c == nil || i >= len(c.wide) {
		return missing
	}
	return c.wide[i]
}

// repeat adds an event that is known already to the last span.
func (e *eventDraft) repeat(at uint32, adjustment bool, value func(name string) int64) {
	e.push(at, adjustment)
	if e.base != nil {
		for name := range e.base.columns {
			e.column(name)
		}
	}
	for name := range e.columns {
		if v := value(name); v != missing {
			e.set(e.columns[name], v)
		}
	}
}

func (e *eventDraft) push(at uint32, adjustment bool) {
	e.at = append(e.at, at)
	e.adjusts = append(e.adjusts, adjustment)
	e.any = e.any || adjustment
	e.spans[len(e.spans)-1][1]++
}

// set writes a value of the last event.
func (e *eventDraft) set(c *wideColumn, v int64) {
	for len(c.wide) < len(e.at)-1 {
		c.wide = append(c.wide, missing)
	}
	c.wide = append(c.wide, v)
}

// add adds an event to the last span.
func (e *eventDraft) add(ev *Event) {
	e.push(uint32(ev.At.Unix()), ev.Adjustment)
	if ev.Amount.Currency() != "" {
		if e.amounts == nil {
			e.amounts = e.column(amountField)
		}
		units, _ := unitsIn(ev.Amount.Amount())
		e.set(e.amounts, units)
	}
	if len(ev.Categories) > 0 {
		c := e.column(categoriesField)
		e.set(c, c.number(setOf(ev.Categories)))
	}
	for name, v := range ev.Properties {
		kind := e.kind.Properties[name]
		switch {
		case v.kind == noValue || v.kind == listValue && len(v.list) == 0:
		case kind == ListProperty:
			c := e.column(name)
			e.set(c, c.number(setOf(v.list)))
		default:
			c := e.column(name)
			e.set(c, c.encode(v, kind))
		}
	}
}

// setOf is how a list of an event is kept: as one text, so that lists that have
// the same elements share a number.
func setOf(texts []string) string {
	if len(texts) == 1 {
		return texts[0]
	}
	sorted := slices.Compact(slices.Sorted(slices.Values(texts)))
	return strings.Join(sorted, "\x00") // no text of a customer has this character
}

// column returns a column of the events.
func (e *eventDraft) column(name string) *wideColumn {
	c, ok := e.columns[name]
	if !ok {
		kind, _ := e.kind.property(name)
		c = &wideColumn{plain: kind != NumberProperty}
		if kind == TextProperty || kind == ListProperty {
			c.dict = e.draft.ix.chain.dictionary(field{eventField, e.name, name})
		}
		e.columns[name] = c
		e.byName = append(e.byName, c)
	}
	return c
}

// finish puts the events of the last span in order and checks that their amounts
// still add up exactly.
func (e *eventDraft) finish() error {
	last := e.spans[len(e.spans)-1]
	if at := e.at[last[0]:last[1]]; !slices.IsSorted(at) {
		for _, c := range e.byName {
			for len(c.wide) < len(e.at) {
				c.wide = append(c.wide, missing)
			}
		}
		sort.Stable(&spanSorter{e, int(last[0]), int(last[1])})
	}
	if e.amounts == nil {
		e.amounts = e.columns[amountField]
	}
	sum := uint64(0)
	for i := last[0]; i < last[1] && e.amounts != nil; i++ {
		if v := e.amounts.value(int(i)); v != missing {
			if sum += magnitude(v); sum > outside {
				return sosyal.FieldError{Field: "events.amount", Rule: "must leave sums within 64 bits"}
			}
		}
	}
	return nil
}

// spanSorter sorts the events of a span by time.
type spanSorter struct {
	*eventDraft
	from, to int
}

func (s *spanSorter) Len() int           { return s.to - s.from }
func (s *spanSorter) Less(i, j int) bool { return s.at[s.from+i] < s.at[s.from+j] }
func (s *spanSorter) Swap(i, j int) {
	i, j = s.from+i, s.from+j
	s.at[i], s.at[j] = s.at[j], s.at[i]
	s.adjusts[i], s.adjusts[j] = s.adjusts[j], s.adjusts[i]
	for _, c := range s.byName {
		c.wide[i], c.wide[j] = c.wide[j], c.wide[i]
	}
}

// putEvents writes the events of a row that has none.
func (d *draft) putEvents(row int, events []Event) error {
	var e *eventDraft
	for i := range events {
		ev := &events[i]
		d.ix.lastEvent = max(d.ix.lastEvent, ev.At.Unix())
		if e == nil || e.name != ev.Name {
			if slices.ContainsFunc(events[:i], func(o Event) bool { return o.Name == ev.Name }) {
				continue // they were all written when the first of them came up
			}
			e = d.event(ev.Name)
			e.replace(row)
			for j := i; j < len(events); j++ {
				if events[j].Name == ev.Name {
					e.add(&events[j])
				}
			}
			if err := e.finish(); err != nil {
				return err
			}
		}
	}
	return nil
}

// addEvents adds events to those that a row has.
func (d *draft) addEvents(row int, events []Event) error {
	names := map[string]bool{}
	for i := range events {
		name := events[i].Name
		d.ix.lastEvent = max(d.ix.lastEvent, events[i].At.Unix())
		if names[name] {
			continue
		}
		names[name] = true
		e := d.event(name)
		e.extend(row)
		for j := i; j < len(events); j++ {
			if events[j].Name == name {
				e.add(&events[j])
			}
		}
		if err := e.finish(); err != nil {
			return err
		}
	}
	return nil
}

// seal makes the block of n rows; nil where there is no event.
func (e *eventDraft) seal(n int) *eventBlock {
	if len(e.spans) == 0 {
		return e.base
	}
	b := &eventBlock{ends: make([]uint32, n), columns: map[string]*column{}}
	total := uint32(0)
	for row := range n {
		if place := e.places[row]; place > 0 {
			total += uint32(e.spans[place-1][1] - e.spans[place-1][0])
		} else {
			from, to := e.base.span(row)
			total += to - from
		}
		b.ends[row] = total
	}
	if total == 0 {
		return nil
	}
	b.at = make([]uint32, 0, total)
	e.sealTimes(b, n)
	names := map[string]bool{}
	for name := range e.columns {
		names[name] = true
	}
	if e.base != nil {
		for name := range e.base.columns {
			names[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		kind, _ := e.kind.property(name)
		if c := e.sealColumn(name, n, int(total)).seal(kind != NumberProperty); c != nil {
			b.columns[name] = c
		}
	}
	b.summarize(n)
	return b
}

// each calls fresh for the spans of new events and below for those of the block
// below, in the order of the rows.
func (e *eventDraft) each(n int, fresh, below func(from, to int)) {
	for row := range n {
		if place := e.places[row]; place > 0 {
			fresh(int(e.spans[place-1][0]), int(e.spans[place-1][1]))
		} else if from, to := e.base.span(row); from < to {
			below(int(from), int(to))
		}
	}
}

func (e *eventDraft) sealTimes(b *eventBlock, n int) {
	adjusts := e.any || e.base != nil && e.base.adjustments != nil
	if adjusts {
		b.adjustments = make([]uint64, (cap(b.at)+63)/64)
	}
	mark := func(yes bool) {
		if yes {
			b.adjustments[len(b.at)>>6] |= 1 << (len(b.at) & 63)
		}
	}
	e.each(n, func(from, to int) {
		for i := from; i < to; i++ {
			mark(e.adjusts[i])
			b.at = append(b.at, e.at[i])
		}
	}, func(from, to int) {
		for i := from; i < to; i++ {
			mark(e.base.adjustment(uint32(i)))
			b.at = append(b.at, e.base.at[i])
		}
	})
}

func (e *eventDraft) sealColumn(name string, n, total int) wide {
	w := make(wide, 0, total)
	fresh := e.columns[name]
	var below *column
	if e.base != nil {
		below = e.base.columns[name]
	}
	e.each(n, func(from, to int) {
		for i := from; i < to; i++ {
			w = append(w, fresh.value(i))
		}
	}, func(from, to int) {
		for i := from; i < to; i++ {
			w = append(w, below.at(i))
		}
	})
	return w
}

// summarize makes counts and lasts.
func (b *eventBlock) summarize(n int) {
	counts, lasts := newWide(n), newWide(n)
	for row := range n {
		from, to := b.span(row)
		k := int64(0)
		for i := from; i < to; i++ {
			if !b.adjustment(i) {
				k++
				lasts[row] = int64(b.at[i])
			}
		}
		if k > 0 {
			counts[row] = k
		}
	}
	b.counts, b.lasts = counts.seal(true), lasts.seal(true)
	for _, c := range []*column{b.counts, b.lasts} {
		if c != nil {
			c.ranges = rangesOf(&c.codes, n)
		}
	}
}
