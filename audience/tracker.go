package audience

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/yukselenler/sosyal"
)

// Tracker keeps the customers of a brand in an [Index] and the brand's segments
// current. Fill in the fields, call [Tracker.Load] once, and then [Tracker.Sync]
// as often as changes should show.
//
// Everything that is read is of one moment: members, versions and times are
// published together once a refresh is done, and a refresh that is cancelled
// publishes nothing. A segment that cannot be refreshed stays as it was
// published while the others go on: the error then joins a [*SegmentError] for
// each and comes together with the movements. Any number of goroutines may read
// while one refreshes; writers wait for each other.
//
// A Tracker keeps everything in memory: the host stores its definitions, what
// [Tracker.Forget] returns and the index ([Index.WriteTo]). After a restart the
// versions of segments begin at 1 again, and the first publication of each
// moves all its members in. A Tracker must not be copied after its first use.
type Tracker struct {
	Brand  sosyal.BrandID
	Zone   *time.Location // the shop's; required
	Schema Schema
	Source Source
	// Changes is where later changes come from; nil where the source has none.
	Changes ChangeSource
	// Refused hears of a change that [CustomerChange.Validate] or [Schema.Check]
	// refuses, with its place in the source. Where it returns nil the change is left
	// out and the cursor goes past it; an error ends the Sync. Where it is nil, every
	// refused change ends the Sync, and so does each later one until the source no
	// longer yields it.
	Refused func(CustomerChange, error) error
	// Batch is how many changes are applied at a time; 10,000 where 0.
	Batch int
	// Now is the clock; time.Now where nil.
	Now func() time.Time
	// Observe hears of every segment that was published for the first time or whose
	// members changed, with their numbers. It is called after they were published,
	// one at a time, and must not call a method that writes (Load, Adopt, Sync,
	// Refresh, Save, Remove, Forget): those wait for it.
	Observe func(context.Context, sosyal.Event)
	// Logger says what was loaded and refreshed, without personal data; silent
	// where nil.
	Logger *slog.Logger

	writer sync.Mutex
	state  atomic.Pointer[trackerState]
}

// trackerState is everything that belongs together.
type trackerState struct {
	ix          *Index
	loaded      bool
	cursor      string
	definitions map[sosyal.SegmentID]Definition
	board       *board
	segments    map[sosyal.SegmentID]*published
	erasures    []sosyal.Erasure
}

func (t *Tracker) validate() error {
	var p sosyal.Problems
	p.Nest("", sosyal.CheckBrand(t.Brand))
	p.Require(t.Zone != nil, "zone", "is required", "")
	p.Require(t.Batch >= 0, "batch", "must not be negative", fmt.Sprint(t.Batch))
	p.Nest("schema", t.Schema.Validate())
	return p.Err()
}

func (t *Tracker) now() time.Time {
	if t.Now != nil {
		return t.Now()
	}
	return time.Now()
}

func (t *Tracker) log() *slog.Logger {
	if t.Logger != nil {
		return t.Logger
	}
	return slog.New(slog.DiscardHandler)
}

// current returns the state; an empty one before anything was loaded.
func (t *Tracker) current() *trackerState {
	if s := t.state.Load(); s != nil {
		return s
	}
	return &trackerState{ix: emptyIndex(t.Brand, t.Schema), definitions: map[sosyal.SegmentID]Definition{}}
}

// Load reads all customers from the source anew and refreshes the segments. The
// changes that the next [Tracker.Sync] asks for are those since cursor, which
// the host read before it began, so that nothing that happens meanwhile is lost;
// a change that is met twice does no harm unless it adds events.
func (t *Tracker) Load(ctx context.Context, cursor string) ([]Movement, error) {
	if err := t.validate(); err != nil {
		return nil, err
	}
	if t.Source == nil {
		return nil, sosyal.FieldError{Field: "source", Rule: "is required"}
	}
	forgotten := len(t.current().erasures)
	ix, err := BuildIndex(ctx, t.Brand, t.Schema, t.Source.Customers(ctx, t.Brand))
	if err != nil {
		return nil, fmt.Errorf("loading customers: %w", err)
	}
	t.log().InfoContext(ctx, "customers loaded", "brand", t.Brand, "customers", ix.Len())
	t.writer.Lock()
	defer t.writer.Unlock()
	if ix, err = without(ctx, ix, t.current().erasures[forgotten:]); err != nil {
		return nil, fmt.Errorf("loading customers: %w", err)
	}
	return t.adopt(ctx, ix, cursor)
}

// without returns the index less the people who were forgotten while it was
// built.
func without(ctx context.Context, ix *Index, erasures []sosyal.Erasure) (*Index, error) {
	if len(erasures) == 0 {
		return ix, nil
	}
	digests := map[string]bool{}
	for _, e := range erasures {
		digests[e.Person] = true
	}
	var people []sosyal.PersonID
	for id := range ix.Members().All() {
		if digests[sosyal.PersonDigest(ix.brand, id)] {
			people = append(people, id)
		}
	}
	return ix.Erase(ctx, people...)
}

// Adopt goes on with an index that was built or read elsewhere, as it was at the
// cursor, and refreshes the segments.
func (t *Tracker) Adopt(ctx context.Context, ix *Index, cursor string) ([]Movement, error) {
	if err := t.validate(); err != nil {
		return nil, err
	}
	if ix == nil || ix.chain == nil {
		return nil, sosyal.FieldError{Field: "index", Rule: "is required"}
	}
	if ix.Brand() != t.Brand {
		return nil, sosyal.FieldError{Field: "brand", Rule: "must be that of the index", Value: string(t.Brand)}
	}
	if !ix.schema.equal(t.Schema) {
		return nil, sosyal.FieldError{Field: "schema", Rule: "must be that of the index; load the customers anew"}
	}
	t.writer.Lock()
	defer t.writer.Unlock()
	return t.adopt(ctx, ix, cursor)
}

// adopt is [Tracker.Adopt] for who writes already.
func (t *Tracker) adopt(ctx context.Context, ix *Index, cursor string) ([]Movement, error) {
	next := *t.current()
	next.ix, next.cursor, next.loaded = ix, cursor, true
	return t.publish(ctx, &next)
}

// Sync applies what has changed since the last time and refreshes the segments.
// Where the source of changes fails on the way, what came before is kept and the
// cursor stands behind it.
func (t *Tracker) Sync(ctx context.Context) ([]Movement, error) {
	if err := t.validate(); err != nil {
		return nil, err
	}
	t.writer.Lock()
	defer t.writer.Unlock()
	next := *t.current()
	failed := t.pull(ctx, &next)
	t.hold(&next)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	moved, err := t.publish(ctx, &next)
	return moved, errors.Join(failed, err)
}

// hold makes the index and the cursor of a state the current ones and leaves the
// segments as they were published, so that a refresh that fails loses no change.
func (t *Tracker) hold(next *trackerState) {
	held := *t.current()
	held.ix, held.cursor, held.segments, held.erasures = next.ix, next.cursor, next.segments, next.erasures
	t.state.Store(&held)
}

// pull applies changes batch by batch.
func (t *Tracker) pull(ctx context.Context, s *trackerState) error {
	if t.Changes == nil {
		return nil
	}
	size := t.Batch
	if size == 0 {
		size = 10_000
	}
	var batch []CustomerChange
	seen := s.cursor
	apply := func() error {
		if len(batch) == 0 {
			s.cursor = seen
			return nil
		}
		ix, err := s.ix.Apply(ctx, func(yield func(CustomerChange, error) bool) {
			for _, c := range batch {
				if !yield(c, nil) {
					return
				}
			}
		})
		if err != nil {
			return fmt.Errorf("applying changes of customers: %w", err)
		}
		s.ix, s.cursor = ix, seen
		batch = batch[:0]
		return nil
	}
	for c, err := range t.Changes.Changes(ctx, t.Brand, s.cursor) {
		if err != nil {
			return errors.Join(apply(), fmt.Errorf("reading changes of customers: %w", err))
		}
		if err := c.check(t.Schema); err != nil {
			if err := t.refuse(c, err); err != nil {
				return errors.Join(apply(), err)
			}
			seen = c.Cursor
			continue
		}
		seen = c.Cursor
		if batch = append(batch, c); len(batch) == size {
			if err := apply(); err != nil {
				return err
			}
		}
	}
	return apply()
}

// refuse asks what to do about a change that cannot be applied.
func (t *Tracker) refuse(c CustomerChange, err error) error {
	if t.Refused != nil {
		err = t.Refused(c, err)
	}
	if err != nil {
		err = fmt.Errorf("change of a customer at cursor %q: %w", c.Cursor, err)
	}
	return err
}

// Refresh works the segments out again for the present moment.
func (t *Tracker) Refresh(ctx context.Context) ([]Movement, error) {
	if err := t.validate(); err != nil {
		return nil, err
	}
	t.writer.Lock()
	defer t.writer.Unlock()
	next := *t.current()
	return t.publish(ctx, &next)
}

// publish refreshes the segments of a state and then makes it the current one.
// The error of single segments does not keep the others from being published.
func (t *Tracker) publish(ctx context.Context, next *trackerState) ([]Movement, error) {
	now := t.now()
	env := t.env(now)
	if today := newBinder(env).plan.today; next.board == nil || next.board.today != today {
		next.board = bind(env, next.definitions)
	}
	segments, moved, err := next.board.refresh(ctx, next.ix, now, next.segments)
	if segments == nil {
		return nil, err
	}
	next.segments = segments
	t.state.Store(next)
	t.observe(ctx, now, moved)
	t.log().InfoContext(ctx, "segments refreshed", "brand", t.Brand, "version", next.ix.Version(), "segments", len(segments), "moved", len(moved))
	return moved, err
}

func (t *Tracker) observe(ctx context.Context, now time.Time, moved []Movement) {
	if t.Observe == nil {
		return
	}
	for _, m := range moved {
		e := sosyal.Event{
			Brand: t.Brand, Kind: "audience.segment.moved", At: now,
			Subject: sosyal.Subject{Kind: "audience.segment", ID: string(m.Segment), Version: m.Version},
			Reason: sosyal.Because("audience.segment.moved", sosyal.TextArg("segment", string(m.Segment)),
				sosyal.CountArg("entered", m.Entered.Count()), sosyal.CountArg("left", m.Left.Count())),
		}
		e.ID = e.Subject.String() + "/" + now.UTC().Format("20060102T150405.000000000Z") // versions begin anew with each process
		t.Observe(ctx, e)
	}
}

func (t *Tracker) env(now time.Time) Env {
	return Env{Brand: t.Brand, Now: now, Zone: t.Zone, Schema: t.Schema}
}

// Save adds segments, or replaces those of the same ids, and refreshes. Where one
// is invalid, does not fit the schema or would make a segment contain itself,
// that is an error and nothing is saved. [Tracker.Count] tells before how many
// there would be.
func (t *Tracker) Save(ctx context.Context, definitions ...Definition) ([]Movement, error) {
	if err := t.validate(); err != nil {
		return nil, err
	}
	t.writer.Lock()
	defer t.writer.Unlock()
	next := *t.current()
	next.definitions = maps.Clone(next.definitions)
	var p sosyal.Problems
	for _, d := range definitions {
		p.Nest("segments."+string(d.ID), d.Validate())
		next.definitions[d.ID] = d
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	next.board = bind(t.env(t.now()), next.definitions)
	for _, id := range slices.Sorted(maps.Keys(next.board.failed)) {
		known := t.current().board != nil && t.current().board.failed[id] != nil
		if saved := slices.ContainsFunc(definitions, func(d Definition) bool { return d.ID == id }); saved || !known {
			return nil, &SegmentError{id, next.board.failed[id]}
		}
	}
	return t.publish(ctx, &next)
}

// Remove takes a segment out. One that others look at is an error and stays; one
// that is not there is no error.
func (t *Tracker) Remove(ctx context.Context, id sosyal.SegmentID) error {
	if err := t.validate(); err != nil {
		return err
	}
	t.writer.Lock()
	defer t.writer.Unlock()
	next := *t.current()
	next.definitions = maps.Clone(next.definitions)
	delete(next.definitions, id)
	for _, d := range next.definitions {
		if d.Rule != nil && slices.Contains(d.Rule.Attributes(), "segment."+string(id)) {
			return sosyal.FieldError{Field: "segment", Rule: "must not be one that segment " + string(d.ID) + " looks at", Value: string(id)}
		}
	}
	next.board = nil
	_, err := t.publish(ctx, &next)
	return err
}

// Count returns how many customers a rule picks now, the saved segments being
// there to look at.
func (t *Tracker) Count(ctx context.Context, r Rule) (int, error) {
	m, err := t.Pick(ctx, r)
	return m.Count(), err
}

// Pick returns the customers whom a rule picks now. Before anything was loaded it
// is [sosyal.ErrInsufficientData].
func (t *Tracker) Pick(ctx context.Context, r Rule) (*Members, error) {
	if err := t.validate(); err != nil {
		return nil, err
	}
	s := t.current()
	if !s.loaded {
		return nil, fmt.Errorf("no customers are loaded: %w", sosyal.ErrInsufficientData)
	}
	env := t.env(t.now())
	env.Segments = s.definitions
	p, err := r.Compile(env)
	if err != nil {
		return nil, err
	}
	return p.Evaluate(ctx, s.ix)
}

// Segment returns what is published of a segment; [sosyal.ErrNotFound] where
// there is none.
func (t *Tracker) Segment(id sosyal.SegmentID) (Publication, error) {
	p, ok := t.current().segments[id]
	if !ok {
		return Publication{}, fmt.Errorf("segment %s: %w", id, sosyal.ErrNotFound)
	}
	return p.Publication, nil
}

// Segments yields what is published, all of one refresh, by id.
func (t *Tracker) Segments() iter.Seq[Publication] {
	segments := t.current().segments
	return func(yield func(Publication) bool) {
		for _, id := range slices.Sorted(maps.Keys(segments)) {
			if !yield(segments[id].Publication) {
				return
			}
		}
	}
}

// Index returns the current version of the index and the cursor at which it
// stands, to be read or written to a file together. Only the tracker may update
// it: after an Apply, Erase or Keep of the host's every Sync is
// [sosyal.ErrConflict].
func (t *Tracker) Index() (ix *Index, cursor string) {
	s := t.current()
	return s.ix, s.cursor
}

// Forget erases a person from the index and every segment, and keeps a record of
// it. Ad platforms to which the person was sent are told by package upload, and
// the source must forget as well, or the next [Tracker.Load] brings the person
// back.
func (t *Tracker) Forget(ctx context.Context, brand sosyal.BrandID, person sosyal.PersonID) (sosyal.Erasure, error) {
	if err := sosyal.CheckPerson(brand, person); err != nil {
		return sosyal.Erasure{}, err
	}
	record := sosyal.Erasure{Brand: brand, Person: sosyal.PersonDigest(brand, person), At: t.now(), Records: map[string]int{}}
	if brand != t.Brand {
		return record, nil
	}
	if err := t.validate(); err != nil {
		return sosyal.Erasure{}, err
	}
	t.writer.Lock()
	defer t.writer.Unlock()
	next := *t.current()
	_, known := next.ix.row(person)
	ix, err := next.ix.Erase(ctx, person)
	if err != nil {
		return sosyal.Erasure{}, fmt.Errorf("erasing a customer: %w", err)
	}
	over := map[*Index]*Index{next.ix: ix}
	next.ix, next.segments = ix, maps.Clone(next.segments)
	record.Records["audience.customer"] = count(known)
	for id, s := range next.segments {
		was := s.Members.Count()
		s = s.without(person, over)
		record.Records["audience.segment"] += was - s.Members.Count()
		next.segments[id] = s
	}
	next.erasures = append(slices.Clip(next.erasures), record)
	t.hold(&next)
	if _, err := t.publish(ctx, &next); ctx.Err() != nil {
		return sosyal.Erasure{}, fmt.Errorf("erasing a customer from the segments: %w", err)
	}
	return record, nil
}

// Erasures yields the records of erasure in the order in which they were made.
func (t *Tracker) Erasures(_ context.Context, brand sosyal.BrandID) iter.Seq2[sosyal.Erasure, error] {
	records := t.current().erasures
	return func(yield func(sosyal.Erasure, error) bool) {
		for _, r := range records {
			if r.Brand == brand && !yield(r, nil) {
				return
			}
		}
	}
}
