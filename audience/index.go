package audience

import (
	"context"
	"hash/maphash"
	"iter"
	"math"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/yukselenler/sosyal"
)

// Index holds what rules look at as narrow columns and bitmaps, so that a rule is
// asked of millions of customers in milliseconds. It is built from a stream and
// keeps no [Customer].
//
// An Index is immutable: any number of goroutines may read it without locks.
// [Index.Apply] and its like return the next version, which shares with this one
// all blocks of 65,536 customers that did not change. Versions form a line: an
// Index has one successor, and an update of one that has been succeeded already
// is [sosyal.ErrConflict], so that two writers never lose each other's changes.
type Index struct {
	brand  sosyal.BrandID
	schema Schema
	chain  *chain
	blocks []*block
	ids    idLevels
	rows   int // erased ones included
	size   int
	// lastEvent is no earlier than any event, in seconds since 1970.
	lastEvent int64
	// log says which rows the latest versions changed, the newest last.
	log     []logged
	version int64
	kept    map[string]keptLeaf
	// succeeded is set by the update that made the next version.
	succeeded atomic.Bool
}

// chain is what the versions of an index share: the numbers of texts, which only
// ever grow.
type chain struct {
	seed maphash.Seed
	mu   sync.Mutex
	dict map[field]*dictionary
}

// field names a column: what it belongs to and its name. Columns of events have
// the event's name in of.
type field struct {
	kind fieldKind
	of   string
	name string
}

type fieldKind uint8

const (
	propertyField fieldKind = iota
	groupField
	predictionField
	eventField
	consentField
)

// dictionary returns the numbers of the texts of a column.
func (c *chain) dictionary(f field) *dictionary {
	c.mu.Lock()
	defer c.mu.Unlock()
	d, ok := c.dict[f]
	if !ok {
		d = &dictionary{}
		c.dict[f] = d
	}
	return d
}

// mark returns how many texts every column has.
func (c *chain) mark() map[field]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make(map[field]int, len(c.dict))
	for f, d := range c.dict {
		out[f] = len(d.all())
	}
	return out
}

// reset takes out the texts that came after a mark, which no version has.
func (c *chain) reset(mark map[field]int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for f, d := range c.dict {
		d.cut(mark[f])
	}
}

// block is 65,536 rows, or fewer of the last one. It is immutable.
type block struct {
	n        int
	live     bitmap // rows that are not erased
	ids      idBlock
	columns  map[field]*column
	tags     map[tag]bitmap
	events   map[string]*eventBlock
	consents *consentBlock
}

// tag is one text of a list; rows that have it are in its bitmap. Of every list
// property there is also a tag without a text, for rows that have any.
type tag struct {
	list tagList
	name string // of the property
	text string
}

type tagList uint8

const (
	interestTags tagList = iota
	networkTags
	segmentTags
	propertyTags
)

// BuildIndex reads a stream of customers, each id once, into an index. A
// customer that [Schema.Check] refuses, a repeated id, an error of the stream
// and a cancelled context end it; there is no half-built index.
func BuildIndex(ctx context.Context, brand sosyal.BrandID, schema Schema, customers iter.Seq2[Customer, error]) (*Index, error) {
	if err := sosyal.CheckBrand(brand); err != nil {
		return nil, err
	}
	if err := schema.Validate(); err != nil {
		return nil, err
	}
	b := newBuilder(brand, schema)
	defer b.wait()
	for c, err := range customers {
		if err == nil && b.ix.rows&1023 == 0 {
			err = ctx.Err()
		}
		if err == nil {
			err = b.add(&c)
		}
		if err != nil {
			return nil, rowError(b.ix.rows, err)
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return b.finish(), nil
}

// builder fills one block while the one before it is sealed.
type builder struct {
	ix     *Index
	ids    *idTable
	draft  *draft
	spare  *draft // whose block is being sealed
	sealed chan *block
	ends   [][]uint32 // of the ids of all blocks so far, and their texts
	texts  [][]byte
}

func newBuilder(brand sosyal.BrandID, schema Schema) *builder {
	ix := emptyIndex(brand, schema)
	return &builder{ix: ix, ids: &idTable{}, draft: newDraft(ix, nil)}
}

func (b *builder) add(c *Customer) error {
	if err := b.ix.schema.Check(*c); err != nil {
		return err
	}
	if err := b.grow(c.ID); err != nil {
		return err
	}
	if err := b.draft.put(b.draft.n-1, c); err != nil {
		return err
	}
	if b.draft.n == blockRows {
		b.turn()
	}
	return nil
}

// grow gives an id a row.
func (b *builder) grow(id sosyal.PersonID) error {
	if b.ix.rows >= math.MaxUint32 {
		return sosyal.FieldError{Field: "customers", Rule: "must be fewer than 4,294,967,295"}
	}
	same := func(row int) bool {
		ids := b.draft.ids
		if i := row >> 16; i < len(b.ends) {
			ids = idBlock{b.ends[i], b.texts[i]}
		}
		return ids.equal(row&(blockRows-1), id)
	}
	if _, known := b.ids.add(hashOf(b.ix.chain.seed, id), b.ix.rows, same); known {
		return sosyal.FieldError{Field: "id", Rule: "must not come twice"}
	}
	b.draft.append(id)
	b.ix.rows++
	return nil
}

// turn hands the full block over and goes on with the buffers of the one before.
func (b *builder) turn() {
	full := b.draft
	b.ends, b.texts = append(b.ends, full.ids.ends), append(b.texts, full.ids.text)
	b.wait()
	if b.spare == nil {
		b.draft = newDraft(b.ix, nil)
	} else {
		b.draft = b.spare.next()
	}
	b.spare = full
	b.sealed = make(chan *block, 1)
	go func() { b.sealed <- full.seal() }()
}

// wait takes in the block that is being sealed.
func (b *builder) wait() {
	if b.sealed != nil {
		b.ix.blocks = append(b.ix.blocks, <-b.sealed)
		b.sealed = nil
	}
}

func (b *builder) finish() *Index {
	b.wait()
	if b.draft.n > 0 {
		b.ix.blocks = append(b.ix.blocks, b.draft.seal())
	}
	b.ix.ids = idLevels{}.with(b.ids)
	b.ix.size = b.ix.rows
	return b.ix
}

func emptyIndex(brand sosyal.BrandID, schema Schema) *Index {
	return &Index{
		brand: brand, schema: schema.clone(), lastEvent: math.MinInt64,
		chain: &chain{seed: maphash.MakeSeed(), dict: map[field]*dictionary{}},
	}
}

// rowError says at which customer of the stream something went wrong.
func rowError(row int, err error) error {
	var p sosyal.Problems
	p.Nest("customers["+strconv.Itoa(row)+"]", err)
	if len(sosyal.FieldErrors(err)) == 0 {
		return err
	}
	return p.Err()
}

// Brand returns the brand whose customers the index holds.
func (ix *Index) Brand() sosyal.BrandID { return ix.brand }

// Len returns the number of customers.
func (ix *Index) Len() int { return ix.size }

// Version counts the updates since the index was built or read.
func (ix *Index) Version() int64 { return ix.version }

// Members returns all customers.
func (ix *Index) Members() *Members {
	blocks := make([]bitmap, len(ix.blocks))
	for i, b := range ix.blocks {
		blocks[i] = b.live
	}
	return newMembers(ix, blocks)
}

// row finds the row of a customer.
func (ix *Index) row(id sosyal.PersonID) (int, bool) {
	if id == "" || ix.chain == nil {
		return 0, false
	}
	return ix.ids.find(hashOf(ix.chain.seed, id), func(row int) bool {
		return row < ix.rows && ix.blocks[row>>16].ids.equal(row&(blockRows-1), id)
	})
}
