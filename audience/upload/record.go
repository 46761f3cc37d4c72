package upload

import (
	"context"
	"errors"
	"fmt"

	"github.com/yukselenler/sosyal"
)

// enter stores the record of an export that begins. One without an id gets the
// time and the audience as its id, and a number where that is taken.
func (e *Exporter) enter(ctx context.Context, x *Export) error {
	if x.ID != "" {
		return e.Exports.Write(ctx, x.Audience.Brand, sosyal.Create(x.ID, *x))
	}
	base := fmt.Sprintf("%s-%.16s", x.Started.Format("20060102T150405.000000Z"), parentOf(x.Audience))
	for n := 1; ; n++ {
		x.ID = base
		if n > 1 {
			x.ID = fmt.Sprintf("%s-%d", base, n)
		}
		err := e.Exports.Write(ctx, x.Audience.Brand, sosyal.Create(x.ID, *x))
		if !errors.Is(err, sosyal.ErrConflict) || n == 100 {
			return err
		}
	}
}

// leave stores the record of an export that ends, also when its context has.
func (e *Exporter) leave(ctx context.Context, x *Export) error {
	ctx = context.WithoutCancel(ctx)
	x.Ended = e.now()
	if x.Status == Running {
		x.Status = Complete
		if !x.Added.settled() || !x.Removed.settled() {
			x.Status = Partial
		}
	}
	stored, err := e.Exports.Load(ctx, x.Audience.Brand, x.ID)
	if err == nil {
		err = e.Exports.Write(ctx, x.Audience.Brand, stored.Change(*x))
	}
	if err != nil {
		return fmt.Errorf("recording export %s: %w", x.ID, err)
	}
	return nil
}

// closeInterrupted ends the records of earlier exports of the audience that were
// cut off, by what is known of their batches.
func (e *Exporter) closeInterrupted(ctx context.Context, a Audience, but string) error {
	var cut []sosyal.Stored[Export]
	query := sosyal.Query{States: []string{string(Running)}, Parent: parentOf(a)}
	for s, err := range e.Exports.List(ctx, a.Brand, query) {
		if err != nil {
			return fmt.Errorf("looking for interrupted exports: %w", err)
		}
		if s.ID != but {
			cut = append(cut, s)
		}
	}
	for _, s := range cut {
		x := s.Value
		x.Status, x.Ended = Interrupted, e.now()
		x.Added, x.Removed, x.Batches = Tally{}, Tally{}, 0
		for b, err := range e.State.Batches(ctx, a.Brand, a.query()) {
			if err != nil {
				return fmt.Errorf("reading batches: %w", err)
			}
			if b.Export != x.ID {
				continue
			}
			x.Batches++
			tally := &x.Added
			if b.Action == Remove {
				tally = &x.Removed
			}
			tally.count(b)
		}
		x.Reasons = append(x.Reasons, sosyal.Because("upload.interrupted"))
		if err := e.Exports.Write(ctx, a.Brand, s.Change(x)); err != nil {
			return fmt.Errorf("recording interrupted export %s: %w", x.ID, err)
		}
	}
	return nil
}

// count adds the people of a batch as the state remembers it.
func (t *Tally) count(b Batch) {
	switch b.Outcome {
	case Done:
		t.Done += b.Size - b.Rejected
		t.Rejected += b.Rejected
	case Refused:
		t.Refused += b.Size
	case Lost:
		t.Waiting += b.Size
	case Open, Superseded:
		t.Unknown += b.Size
	}
}
