package audience

import (
	"context"
	"crypto/sha256"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/yukselenler/sosyal"
)

// board is the definitions of a brand's segments, bound to a day.
type board struct {
	definitions map[sosyal.SegmentID]Definition
	today       int64
	plan        plan
	// order lists the segments so that each comes after those that it looks at.
	order []bound
	// failed are segments that do not fit the schema or contain themselves.
	failed map[sosyal.SegmentID]error
}

// bound is a segment that is ready to be asked.
type bound struct {
	id       sosyal.SegmentID
	root     node
	question string
	consents bool // it looks at the moment
	// attributes are what the segment looks at, those it is nested in included.
	attributes []string
}

// bind makes a board. Segments that cannot be bound are told apart from the
// others, which go on.
func bind(env Env, definitions map[sosyal.SegmentID]Definition) *board {
	env.Segments = definitions
	b := newBinder(env)
	out := &board{definitions: definitions, today: b.plan.today, failed: b.bad}
	places := map[sosyal.SegmentID]node{}
	for _, id := range slices.Sorted(maps.Keys(definitions)) {
		if root := InSegment(id).bind(b, string(id)); b.bad[id] == nil {
			places[id] = root
		}
	}
	out.plan = b.plan
	known := map[int]bound{}
	for place, s := range b.plan.segments { // in topological order
		if _, good := places[s.id]; !good {
			continue
		}
		n := bound{id: s.id, root: s.root}
		n.question, n.consents = question(s.root, known)
		n.attributes = attributesOf(definitions[s.id], s.root, known)
		known[place] = n
		out.order = append(out.order, n)
	}
	for _, id := range slices.Sorted(maps.Keys(places)) {
		if _, nested := places[id].(segmentNode); !nested { // lists and groups look at no other segment
			out.order = append(out.order, bound{id: id, root: places[id], question: keyOf(places[id]), attributes: attributesOf(definitions[id], places[id], known)})
		}
	}
	return out
}

// attributesOf returns what a segment looks at, with what its nested ones do.
func attributesOf(d Definition, root node, known map[int]bound) []string {
	var names []string
	switch d.Kind {
	case RuleSegment:
		names = d.Rule.Attributes()
	case RFMSegment:
		names = []string{"group." + d.group()}
	case ListSegment:
		names = []string{"segment." + string(d.ID)}
	}
	eachNode(root, func(n node) {
		if s, ok := n.(segmentNode); ok && known[s.place].id != d.ID {
			names = append(names, known[s.place].attributes...)
		}
	})
	slices.Sort(names)
	return slices.Compact(names)
}

// eachNode calls visit for a node and all its parts.
func eachNode(n node, visit func(node)) {
	visit(n)
	switch n := n.(type) {
	case allNode:
		for _, part := range n {
			eachNode(part, visit)
		}
	case anyNode:
		for _, part := range n {
			eachNode(part, visit)
		}
	case notNode:
		eachNode(n.part, visit)
	}
}

// question spells out what a node asks, nested segments included, and whether
// the answer depends on the moment.
func question(root node, known map[int]bound) (text string, consents bool) {
	text = keyOf(root)
	eachNode(root, func(n node) {
		switch n := n.(type) {
		case segmentNode:
			text += "\x00" + string(known[n.place].id) + "\x00" + digestOf(known[n.place].question)
			consents = consents || known[n.place].consents
		case consentNode:
			consents = true
		}
	})
	return text, consents
}

// refresh works out all segments for an index and a moment. Of a segment that
// asks what it asked before, only the customers that changed since are looked at.
func (b *board) refresh(
	ctx context.Context, ix *Index, now time.Time, before map[sosyal.SegmentID]*published,
) (map[sosyal.SegmentID]*published, []Movement, error) {
	r := &refreshing{board: b, ix: ix, plan: b.plan, known: map[sosyal.SegmentID][]bitmap{}, answers: map[sosyal.SegmentID][]bitmap{}}
	r.plan.now = now.Unix()
	r.look(before)
	next := map[sosyal.SegmentID]*published{}
	var moved []Movement
	var failed []error
	for _, s := range b.order {
		done, m, err := r.one(ctx, s, before[s.id])
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		if err != nil {
			failed = append(failed, &SegmentError{s.id, err})
			continue
		}
		done.ComputedAt = now
		next[s.id], r.known[s.id] = done, done.blocks
		if m.Entered.Count()+m.Left.Count() > 0 || before[s.id] == nil {
			moved = append(moved, m)
		}
	}
	for id, err := range b.failed {
		failed = append(failed, &SegmentError{id, err})
	}
	slices.SortFunc(failed, func(x, y error) int { return strings.Compare(x.Error(), y.Error()) })
	for id, old := range before { // what failed stays as it was
		if _, known := b.definitions[id]; known && next[id] == nil {
			next[id] = old
		}
	}
	slices.SortFunc(moved, func(x, y Movement) int { return strings.Compare(string(x.Segment), string(y.Segment)) })
	return next, moved, errors.Join(failed...)
}

// refreshing is one round over the segments.
type refreshing struct {
	*board
	ix   *Index
	plan plan
	// known are the members of the segments that are done.
	known map[sosyal.SegmentID][]bitmap
	// rows are the customers about whom something else is known, or holds, than at
	// version and moment; some is an index of them, nil where there is no telling.
	rows    []uint32
	some    *Index
	chain   *chain
	version int64
	moment  int64
	// answers are those of the segments that are done, about the rows of some.
	answers map[sosyal.SegmentID][]bitmap
}

// look finds the customers that have changed since the latest publication. Where
// they are many, all are looked at instead.
func (r *refreshing) look(before map[sosyal.SegmentID]*published) {
	r.version = -1
	for _, p := range before {
		if p.chain == r.ix.chain && p.version >= r.version && p.now <= r.plan.now {
			r.chain, r.version, r.moment = p.chain, p.version, p.now
		}
	}
	rows, ok := r.ix.changedSince(r.version)
	if !ok || r.version < 0 {
		return
	}
	rows = append(rows, r.ix.turning(r.moment, r.plan.now)...)
	slices.Sort(rows)
	if rows = slices.Compact(rows); len(rows) <= r.ix.rows/4+1 {
		r.rows, r.some = rows, r.ix.gather(rows)
	}
}

// unchanged reports whether the segment asks what it asked when it was published,
// and all that is new since is among the rows.
func (r *refreshing) unchanged(s bound, before *published) bool {
	return before != nil && r.some != nil && before.question == s.question &&
		before.chain == r.chain && before.version == r.version && before.now == r.moment
}

// one refreshes one segment.
func (r *refreshing) one(ctx context.Context, s bound, before *published) (*published, Movement, error) {
	p := Program{brand: r.ix.brand, root: s.root, plan: r.plan}
	done := &published{
		Publication: Publication{Definition: r.definitions[s.id], Version: 1, Attributes: s.attributes},
		chain:       r.ix.chain, version: r.ix.version, question: s.question, now: p.plan.now,
	}
	var entered, left []bitmap
	var err error
	if r.unchanged(s, before) {
		answers, failed := p.evaluate(ctx, r.some, r.answers)
		if failed != nil {
			return nil, Movement{}, failed
		}
		r.answers[s.id] = answers
		done.blocks, entered, left = scatter(r.rows, before.blocks, answers, len(r.ix.blocks), bitmapOf)
	} else if done.blocks, err = p.evaluate(ctx, r.ix, r.known); err != nil {
		return nil, Movement{}, err
	}
	done.Members = newMembers(r.ix, done.blocks)
	m := Movement{Segment: s.id, Version: 1, Entered: done.Members, Left: &Members{}}
	if before == nil {
		return done, m, nil
	}
	switch {
	case entered != nil:
		m.Entered, m.Left = newMembers(r.ix, entered), newMembers(before.Members.ix, left)
	case before.chain == r.ix.chain:
		m.Entered, m.Left = newMembers(r.ix, difference(done.blocks, before.blocks)), newMembers(before.Members.ix, difference(before.blocks, done.blocks))
	default:
		m.Entered, m.Left = done.Members.missingIn(before.Members), before.Members.missingIn(done.Members)
	}
	if before.chain == r.ix.chain && m.Entered.Count() > 0 && m.Left.someGone(r.ix) {
		// Who was taken out and came back has another row.
		m.Entered, m.Left = m.Entered.missingIn(m.Left), m.Left.missingIn(m.Entered)
	}
	done.Version = before.Version
	if m.Entered.Count()+m.Left.Count() > 0 {
		done.Version++
	}
	m.Version = done.Version
	return done, m, nil
}

// digestOf shortens a question.
func digestOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return string(sum[:])
}
