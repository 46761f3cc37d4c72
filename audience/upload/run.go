package upload

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// run is one export while it happens.
type run struct {
	*Exporter

	port   port
	export Export
	// last is the sequence of the audience's last batch.
	last int64
	// doubtful are earlier batches of unknown outcome that could not be settled.
	doubtful []Batch
	// members are those of the state, by person; who is wanted is taken out as the
	// segment is read, so that who is left over leaves.
	members map[string]Member
	// seen are the people read so far, and whether they are wanted.
	seen map[string]bool
	// doubts are the rows of doubtful batches by person.
	doubts map[string][]doubt

	additions []addition
	removals  []Row
	// blocked are people who cannot be added before their removal is certain.
	blocked map[string]bool
	// arrived are people whom a batch of this export has brought to where they
	// belong.
	arrived map[string]bool
	// small says that too few are wanted for the platform.
	small bool
	// failed are the errors of calls, in order.
	failed []error
	// halted says that the state could not be written, after which nothing is sent.
	halted bool
}

// doubt is a row that may or may not have arrived.
type doubt struct {
	action Action
	row    Row
}

// addition is somebody to add, with the consent to look at again.
type addition struct {
	row      Row
	consents []audience.Consent
}

func (e *Exporter) newRun(p port, x Export) *run {
	return &run{
		Exporter: e, port: p, export: x,
		seen: map[string]bool{}, blocked: map[string]bool{}, arrived: map[string]bool{},
	}
}

// run does an export under the lock of its audience.
func (e *Exporter) run(ctx context.Context, p port, x Export, members iter.Seq2[Recipient, error]) (Export, error) {
	if err := e.enter(ctx, &x); err != nil {
		return Export{}, fmt.Errorf("recording the export: %w", err)
	}
	r := e.newRun(p, x)
	err := r.closeInterrupted(ctx, x.Audience, x.ID)
	if err == nil {
		err = r.load(ctx, "")
	}
	if err == nil {
		err = r.read(ctx, members)
	}
	if err != nil { // nothing of this export was sent
		r.export.Wanted, r.export.Kept, r.export.Read = 0, 0, 0
		r.export.Repeated, r.export.Withheld, r.export.Unusable = 0, 0, 0
		r.export.Status = Partial
		return r.export, errors.Join(err, r.leave(ctx, &r.export))
	}
	r.leavers()
	r.remove(ctx)
	r.repeat(ctx)
	r.add(ctx)
	return r.end(ctx)
}

// end closes what can be closed and records the export.
func (r *run) end(ctx context.Context) (Export, error) {
	r.supersede(ctx)
	r.explain()
	err := errors.Join(append(r.failed, r.leave(ctx, &r.export))...)
	r.observe(ctx, r.export, "upload.export."+string(r.export.Status), sosyal.Because("upload.export",
		sosyal.CountArg("added", r.export.Added.Done), sosyal.CountArg("removed", r.export.Removed.Done)), "end")
	return r.export, err
}

// load reads the state: first the end of the sequence, so that whatever another
// process adds from here on is a conflict, then what is open, then the members,
// or one person alone.
func (r *run) load(ctx context.Context, person string) error {
	a := r.export.Audience
	for b, err := range r.State.Batches(ctx, a.Brand, a.query()) {
		if err != nil {
			return fmt.Errorf("reading batches: %w", err)
		}
		r.last = b.Sequence
		break // the newest comes first
	}
	pending, err := r.pending(ctx)
	if err != nil {
		return err
	}
	for _, b := range pending {
		if err := r.recover(ctx, b); err != nil {
			return err
		}
	}
	// Each that was settled may have settled people of those before it.
	if r.doubtful, err = r.pending(ctx); err != nil {
		return err
	}
	r.doubts = map[string][]doubt{}
	for _, b := range r.doubtful {
		for _, row := range b.Rows {
			r.doubts[row.Person] = append(r.doubts[row.Person], doubt{b.Action, row})
		}
	}
	r.members = map[string]Member{}
	query := a.query()
	query.Person = person
	for m, err := range r.State.Members(ctx, a.Brand, query) {
		if err != nil {
			return fmt.Errorf("reading members: %w", err)
		}
		r.members[m.Person] = m
	}
	return nil
}

// pending returns the open batches of the audience, the oldest first.
func (r *run) pending(ctx context.Context) ([]Batch, error) {
	open := r.export.Audience.query()
	open.Open = true
	var all []Batch
	for b, err := range r.State.Batches(ctx, r.export.Audience.Brand, open) {
		if err != nil {
			return nil, fmt.Errorf("reading open batches: %w", err)
		}
		all = append(all, b)
	}
	slices.Reverse(all)
	return all, nil
}

// leavers are the members that nobody wants, and those who may have arrived
// with a doubtful batch and are not wanted either.
func (r *run) leavers() {
	for person, m := range r.members {
		r.removals = append(r.removals, merged(m.Row, r.doubts[person]))
	}
	for person, doubts := range r.doubts {
		if _, member := r.members[person]; member || r.seen[person] {
			continue
		}
		if slices.ContainsFunc(doubts, func(d doubt) bool { return d.action == Add }) {
			r.removals = append(r.removals, merged(Row{Person: person}, doubts))
		}
	}
	byPerson := func(a, b Row) int { return strings.Compare(a.Person, b.Person) }
	slices.SortFunc(r.removals, byPerson)
	slices.SortFunc(r.additions, func(a, b addition) int { return byPerson(a.row, b.row) })
}

// merged is a row to remove somebody by everything that may have been sent. Of
// kinds that are looked up together, what was sent first comes first.
func merged(row Row, doubts []doubt) Row {
	row = Row{Person: row.Person, Keys: slices.Clone(row.Keys)}
	for _, d := range doubts {
		for _, key := range d.row.Keys {
			if !slices.Contains(row.Keys, key) {
				row.Keys = append(row.Keys, key)
			}
		}
	}
	return row
}
