package audience

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"

	"github.com/yukselenler/sosyal"
)

// logged is which rows a version changed, in ascending order.
type logged struct {
	version int64
	rows    []uint32
}

// maxLogged bounds the changed rows that an index remembers; readers that are
// further behind start anew.
const maxLogged = 1 << 21

// maxVersions bounds how many versions it remembers.
const maxVersions = 1 << 12

// succeed returns a copy of the index that will be its next version. There is
// only one.
func (ix *Index) succeed() (*Index, error) {
	if ix.chain == nil {
		return nil, sosyal.FieldError{Field: "index", Rule: "must be one that was built or read"}
	}
	if !ix.succeeded.CompareAndSwap(false, true) {
		return nil, fmt.Errorf("index version %d has a next one already: %w", ix.version, sosyal.ErrConflict)
	}
	return &Index{
		brand: ix.brand, schema: ix.schema, chain: ix.chain, blocks: slices.Clone(ix.blocks), ids: ix.ids,
		rows: ix.rows, size: ix.size, lastEvent: ix.lastEvent, log: ix.log, version: ix.version + 1, kept: ix.kept,
	}, nil
}

// Apply returns the next version of the index, with the changes made in their
// order: all of them, or none where one is invalid, the stream fails or the
// context is cancelled. An index that has a next version already is
// [sosyal.ErrConflict]: apply the changes to that one.
//
// What it costs grows with the number of changes and with the size of the
// blocks of 65,536 customers that they fall into, so apply many at once.
func (ix *Index) Apply(ctx context.Context, changes iter.Seq2[CustomerChange, error]) (*Index, error) {
	next, err := ix.succeed()
	if err != nil {
		return nil, err
	}
	u := &update{ix: next, drafts: map[int]*draft{}, fresh: &idTable{}, changed: map[int]bool{}}
	done, mark := false, ix.chain.mark()
	defer func() {
		if !done {
			ix.chain.reset(mark)
			ix.succeeded.Store(false)
		}
	}()
	i := 0
	for c, err := range changes {
		if err == nil && i&255 == 0 {
			err = ctx.Err()
		}
		if err == nil {
			err = u.change(c)
		}
		if err != nil {
			return nil, changeError(i, err)
		}
		i++
	}
	if err := u.finish(ctx); err != nil {
		return nil, err
	}
	done = true
	return next, nil
}

// changeError says at which change something went wrong.
func changeError(i int, err error) error {
	var p sosyal.Problems
	if len(sosyal.FieldErrors(err)) == 0 {
		return err
	}
	p.Nest("changes["+strconv.Itoa(i)+"]", err)
	return p.Err()
}

// update is a version that is being made.
type update struct {
	ix      *Index
	drafts  map[int]*draft
	fresh   *idTable // rows of new customers
	changed map[int]bool
}

// draft opens a block for writing.
func (u *update) draft(i int) *draft {
	d, ok := u.drafts[i]
	if !ok {
		var base *block
		if i < len(u.ix.blocks) {
			base = u.ix.blocks[i]
		}
		d = newDraft(u.ix, base)
		u.drafts[i] = d
	}
	return d
}

// find returns the row of a customer, the new ones included.
func (u *update) find(id sosyal.PersonID) (int, bool) {
	hash := hashOf(u.ix.chain.seed, id)
	same := func(row int) bool { return u.equal(row, id) }
	if row, ok := u.fresh.find(hash, same); ok {
		return row, true
	}
	return u.ix.ids.find(hash, same)
}

func (u *update) equal(row int, id sosyal.PersonID) bool {
	if d, open := u.drafts[row>>16]; open {
		return d.live.has(row&(blockRows-1)) && d.ids.equal(row&(blockRows-1), id)
	}
	return u.ix.blocks[row>>16].ids.equal(row&(blockRows-1), id)
}

func (u *update) change(c CustomerChange) error {
	if err := c.check(u.ix.schema); err != nil {
		return err
	}
	row, known := u.find(c.ID)
	if c.Remove {
		if !known {
			return nil
		}
		u.changed[row] = true
		u.ix.size--
		return u.draft(row >> 16).erase(row & (blockRows - 1))
	}
	if !known {
		var err error
		if row, err = u.append(c.ID); err != nil {
			return err
		}
	}
	u.changed[row] = true
	d, at := u.draft(row>>16), row&(blockRows-1)
	if c.Put == nil {
		return d.addEvents(at, c.Add)
	}
	if known {
		if err := d.wipe(at); err != nil {
			return err
		}
	}
	return d.put(at, c.Put)
}

// append gives a new customer a row.
func (u *update) append(id sosyal.PersonID) (int, error) {
	row := u.ix.rows
	if row >= 1<<32-1 {
		return 0, sosyal.FieldError{Field: "customers", Rule: "must be fewer than 4,294,967,295"}
	}
	u.draft(row >> 16).append(id)
	u.fresh.add(hashOf(u.ix.chain.seed, id), row, func(int) bool { return false })
	u.ix.rows++
	u.ix.size++
	return row, nil
}

// finish seals the blocks that changed and brings what is kept up to date.
func (u *update) finish(ctx context.Context) error {
	for _, i := range slices.Sorted(maps.Keys(u.drafts)) {
		if err := ctx.Err(); err != nil {
			return err
		}
		sealed := u.drafts[i].seal()
		if i < len(u.ix.blocks) {
			u.ix.blocks[i] = sealed
		} else {
			u.ix.blocks = append(u.ix.blocks, sealed)
		}
	}
	u.ix.ids = u.ix.ids.with(u.fresh)
	rows := make([]uint32, 0, len(u.changed))
	for row := range u.changed {
		rows = append(rows, uint32(row))
	}
	slices.Sort(rows)
	u.ix.log = appendLog(u.ix.log, logged{u.ix.version, rows})
	return u.keep(ctx, rows)
}

// appendLog adds a version and forgets the oldest ones where they are too many.
func appendLog(log []logged, l logged) []logged {
	total := len(l.rows)
	from := len(log)
	for from > 0 && len(log)-from < maxVersions && total+len(log[from-1].rows) <= maxLogged {
		from--
		total += len(log[from].rows)
	}
	return append(log[from:], l) // the line has one writer, and nobody reads past his end
}

// keep asks the kept conditions of the changed rows again.
func (u *update) keep(ctx context.Context, rows []uint32) error {
	if len(u.ix.kept) == 0 {
		return nil
	}
	old := u.ix.kept
	u.ix.kept = nil
	kept := make(map[string]keptLeaf, len(old))
	some := u.ix.gather(rows)
	for key, k := range old {
		answers, err := Program{brand: u.ix.brand, root: k.node, plan: *k.plan}.evaluate(ctx, some, nil)
		if err != nil {
			return err
		}
		k.blocks, _, _ = scatter(rows, k.blocks, answers, len(u.ix.blocks), denseOf)
		kept[key] = k
	}
	u.ix.kept = kept
	return nil
}

// changedSince returns the rows that changed after a version, in ascending order,
// and false where the index does not remember that far back.
func (ix *Index) changedSince(version int64) ([]uint32, bool) {
	var rows []uint32
	remembered := int64(0)
	for _, l := range ix.log {
		if l.version > version {
			remembered++
			rows = append(rows, l.rows...)
		}
	}
	slices.Sort(rows)
	return slices.Compact(rows), remembered == ix.version-version
}
