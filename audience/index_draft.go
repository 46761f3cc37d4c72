package audience

import (
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/yukselenler/sosyal"
)

// draft is a block that is being written, from nothing or over another block. It
// opens of that block only what changes.
type draft struct {
	ix       *Index
	base     *block // nil where there is none
	n        int
	live     words
	ids      idBlock
	erased   bool // of rows that are not live there may be ids to take out
	columns  map[field]*wideColumn
	profile  [7]*wideColumn // the columns that nearly every customer has, by place
	tags     map[tag]*words
	lists    [3]map[string]*words // the same by list, for those that every customer has
	events   map[string]*eventDraft
	consents consentDraft
}

// wideColumn is a column that is being written.
type wideColumn struct {
	wide
	plain bool
	dict  *dictionary // of texts
	text  string      // the last one, and its number
	code  int64
}

// number returns the number of a text.
func (c *wideColumn) number(text string) int64 {
	if c.text != text || text == "" {
		c.text, c.code = text, c.dict.number(text)
	}
	return c.code
}

func newDraft(ix *Index, base *block) *draft {
	d := &draft{
		ix: ix, base: base,
		columns: map[field]*wideColumn{}, tags: map[tag]*words{}, events: map[string]*eventDraft{},
	}
	if base != nil {
		d.n = base.n
		base.live.words(&d.live)
		d.ids = idBlock{ends: slices.Clone(base.ids.ends), text: slices.Clone(base.ids.text)}
	}
	return d
}

// next returns an empty draft for the block after this one and takes over its
// buffers.
func (d *draft) next() *draft {
	e := newDraft(d.ix, nil)
	e.columns, e.profile, e.tags, e.lists = d.columns, d.profile, d.tags, d.lists
	for _, c := range e.columns {
		c.reset()
	}
	for t := range e.tags {
		*e.tags[t] = words{}
	}
	e.ids.ends = make([]uint32, 0, blockRows)
	e.ids.text = make([]byte, 0, len(d.ids.text)+len(d.ids.text)/8)
	for name, events := range d.events {
		e.events[name] = events.next()
	}
	e.consents = d.consents.next()
	return e
}

// append adds a row for an id.
func (d *draft) append(id sosyal.PersonID) {
	d.ids.text = append(d.ids.text, id...)
	d.ids.ends = append(d.ids.ends, uint32(len(d.ids.text)))
	d.live.set(d.n)
	d.n++
}

// column opens a column for writing.
func (d *draft) column(f field, kind PropertyType) *wideColumn {
	c, ok := d.columns[f]
	if ok {
		return c
	}
	c = &wideColumn{wide: newWide(blockRows), plain: kind != NumberProperty}
	if kind == TextProperty {
		c.dict = d.ix.chain.dictionary(f)
	}
	if d.base != nil {
		d.base.columns[f].open(c.wide)
	}
	d.columns[f] = c
	return c
}

// tag opens a tag for writing.
func (d *draft) tag(t tag) *words {
	w, ok := d.tags[t]
	if !ok {
		w = &words{}
		if d.base != nil {
			d.base.tags[t].words(w)
		}
		d.tags[t] = w
	}
	return w
}

// listTag opens a tag of one of the lists that every customer has.
func (d *draft) listTag(list tagList, text string) *words {
	w, ok := d.lists[list][text]
	if !ok {
		text = strings.Clone(text) // it may be part of a whole record
		w = d.tag(tag{list: list, text: text})
		if d.lists[list] == nil {
			d.lists[list] = map[string]*words{}
		}
		d.lists[list][text] = w
	}
	return w
}

// put writes everything that is known of a customer into a row that has nothing.
func (d *draft) put(row int, c *Customer) error {
	d.putProfile(row, &c.Profile)
	for name, v := range c.Properties {
		d.putProperty(row, name, v)
	}
	for _, text := range c.Interests {
		d.listTag(interestTags, text).set(row)
	}
	for _, n := range c.Networks {
		d.listTag(networkTags, string(n)).set(row)
	}
	for _, s := range c.Lists {
		d.listTag(segmentTags, string(s)).set(row)
	}
	if c.Group != "" {
		g := d.column(field{kind: groupField}, TextProperty)
		g.wide[row] = g.number(c.Group)
	}
	for name, v := range c.Predictions {
		d.column(field{kind: predictionField, name: string(name)}, FlagProperty).wide[row] = orderedBits(v)
	}
	if err := d.consents.put(d, row, c.Consents); err != nil {
		return err
	}
	return d.putEvents(row, c.Events)
}

func (d *draft) putProfile(row int, p *Profile) {
	for i := range 5 {
		if text := p.text(i); text != "" {
			c := d.profileColumn(i)
			c.wide[row] = c.number(text)
		}
	}
	for i := 5; i < len(d.profile); i++ {
		if day := p.day(i); day != 0 {
			d.profileColumn(i).wide[row] = int64(day)
		}
	}
}

func (d *draft) profileColumn(i int) *wideColumn {
	if d.profile[i] == nil {
		f := profileTypes()[i]
		d.profile[i] = d.column(field{name: f.name}, f.kind)
	}
	return d.profile[i]
}

func (d *draft) putProperty(row int, name string, v Value) {
	if v.kind == listValue {
		for _, text := range v.list {
			d.tag(tag{propertyTags, name, text}).set(row)
			d.tag(tag{propertyTags, name, ""}).set(row)
		}
		return
	}
	if kind := d.ix.schema.Properties[name]; v.kind != noValue {
		c := d.column(field{name: name}, kind)
		c.wide[row] = c.encode(v, kind)
	}
}

// encode returns a value of a known type as the number that stands in a column.
// The value suits the type: that was checked.
func (c *wideColumn) encode(v Value, kind PropertyType) int64 {
	switch kind {
	case TextProperty:
		return c.number(v.text)
	case NumberProperty:
		units, _ := unitsIn(v.number)
		return units
	case DayProperty:
		day, _ := sosyal.ParseDate(v.text)
		return int64(day)
	case FlagProperty:
		return int64(count(v.flag))
	case ListProperty:
	}
	return missing
}

// orderedBits turns a float into a whole number of the same order.
func orderedBits(v float64) int64 {
	b := int64(math.Float64bits(v + 0)) // + 0 makes one zero of the two
	if b < 0 {
		b ^= math.MaxInt64
	}
	return b
}

// wipe takes everything out of a row but its id.
func (d *draft) wipe(row int) error {
	if d.base == nil || row >= d.base.n {
		for _, c := range d.columns {
			c.wide[row] = missing
		}
		for _, w := range d.tags {
			w.clear(row)
		}
	} else {
		d.wipeBase(row)
	}
	for _, name := range d.eventNames() {
		_, open := d.events[name]
		if from, to := d.base.eventSpan(name, row); open || from < to {
			d.event(name).replace(row)
		}
	}
	return d.consents.put(d, row, nil)
}

// eventSpan returns where the events of a row begin and end.
func (b *block) eventSpan(name string, row int) (from, to uint32) {
	if b == nil {
		return 0, 0
	}
	return b.events[name].span(row)
}

// wipeBase opens what the block below has in the row.
func (d *draft) wipeBase(row int) {
	for f, c := range d.base.columns {
		if open, ok := d.columns[f]; ok {
			open.wide[row] = missing
		} else if c.at(row) != missing {
			d.column(f, d.ix.typeOf(f)).wide[row] = missing
		}
	}
	for f, c := range d.columns {
		if _, ok := d.base.columns[f]; !ok {
			c.wide[row] = missing
		}
	}
	for t, b := range d.base.tags {
		if _, open := d.tags[t]; open || b.has(row) {
			d.tag(t).clear(row)
		}
	}
	for _, w := range d.tags {
		w.clear(row)
	}
}

// typeOf is the type of a column of customers.
func (ix *Index) typeOf(f field) PropertyType {
	switch f.kind {
	case groupField:
		return TextProperty
	case propertyField:
		kind, _ := ix.schema.property(f.name)
		return kind
	case predictionField, eventField, consentField:
	}
	return FlagProperty // kept as it is
}

// erase takes a row out, its id as well.
func (d *draft) erase(row int) error {
	if err := d.wipe(row); err != nil {
		return err
	}
	d.live.clear(row)
	d.erased = true
	return nil
}

// compact takes out the ids of erased rows.
func (d *draft) compact() {
	out := idBlock{ends: make([]uint32, 0, d.n), text: make([]byte, 0, len(d.ids.text))}
	for row := range d.n {
		if d.live.has(row) {
			out.text = append(out.text, d.ids.at(row)...)
		}
		out.ends = append(out.ends, uint32(len(out.text)))
	}
	d.ids = out
}

// seal makes the block.
func (d *draft) seal() *block {
	if d.erased {
		d.compact()
	}
	b := &block{
		n: d.n, live: bitmapOf(&d.live), ids: idBlock{ends: slices.Clip(d.ids.ends), text: slices.Clip(d.ids.text)},
		columns: map[field]*column{}, tags: map[tag]bitmap{}, events: map[string]*eventBlock{},
	}
	if d.base != nil {
		maps.Copy(b.columns, d.base.columns)
		maps.Copy(b.tags, d.base.tags)
	}
	for f, c := range d.columns {
		delete(b.columns, f)
		if sealed := c.wide[:d.n].seal(c.plain); sealed != nil {
			if c.dict != nil {
				sealed.shareCommon(d.n)
			} else {
				sealed.ranges = rangesOf(&sealed.codes, d.n)
			}
			b.columns[f] = sealed
		}
	}
	for t, w := range d.tags {
		delete(b.tags, t)
		if m := bitmapOf(w); m.n > 0 {
			b.tags[t] = m
		}
	}
	for _, name := range d.eventNames() {
		if sealed := d.event(name).seal(d.n); sealed != nil {
			b.events[name] = sealed
		}
	}
	b.consents = d.consents.seal(d)
	return b
}

// eventNames returns the events of the block below and of the draft.
func (d *draft) eventNames() []string {
	var names []string
	if d.base != nil {
		for name := range d.base.events {
			names = append(names, name)
		}
	}
	for name := range d.events {
		if d.base == nil || d.base.events[name] == nil {
			names = append(names, name)
		}
	}
	return names
}
