package upload

import (
	"context"
	"errors"
	"fmt"

	"github.com/yukselenler/sosyal"
)

// recover tries to find out what became of an earlier batch. The platform is
// asked where the uploader can. A removal is sent again as it was, whatever the
// platform: taking somebody out twice is taking him out once, and he must not
// stay because an answer was lost. What stays unknown is no error.
func (r *run) recover(ctx context.Context, b Batch) error {
	if finder, ok := r.port.uploader.(Finder); ok {
		result, err := finder.Find(ctx, b)
		switch {
		case err == nil && result.Validate(b.Size) == nil && (len(b.Rows) == b.Size || len(result.Rejections) == 0):
			return r.mustSettle(ctx, b, Done, result, sosyal.Because("upload.found"))
		case errors.Is(err, sosyal.ErrNotFound):
			return r.mustSettle(ctx, b, Lost, Result{}, sosyal.Because("upload.lost"))
		}
	}
	if b.Action != Remove || len(b.Rows) != b.Size {
		return nil
	}
	result, err := r.port.uploader.Remove(ctx, b)
	if err == nil && result.Validate(len(b.Rows)) == nil {
		return r.mustSettle(ctx, b, Done, result, sosyal.Because("upload.repeated"))
	}
	return ctx.Err() // a refusal says nothing of the first time
}

// mustSettle is settle before anything is sent, where a failure ends the export.
func (r *run) mustSettle(ctx context.Context, b Batch, outcome Outcome, result Result, why sosyal.Reason) error {
	if !r.settle(ctx, b, outcome, result, why) {
		last := len(r.failed) - 1
		err := r.failed[last]
		r.failed = r.failed[:last]
		return err
	}
	return nil
}

// supersede closes the doubtful batches about which nothing is left to know:
// this export has brought everybody in them to where he belongs.
func (r *run) supersede(ctx context.Context) {
	for _, b := range r.doubtful {
		if r.halted {
			return
		}
		done := true
		for _, row := range b.Rows {
			done = done && r.arrived[row.Person]
		}
		if done {
			r.settle(ctx, b, Superseded, Result{}, sosyal.Because("upload.superseded"))
		}
	}
}

// Resolve records what a person found out about a batch that is open: [Done]
// where the platform shows that it arrived, [Lost] where it certainly did not.
// The next export goes on from there. A batch that is not open is
// [sosyal.ErrNotFound].
func (e *Exporter) Resolve(ctx context.Context, a Audience, key string, outcome Outcome, by sosyal.ActorID) error {
	var p sosyal.Problems
	p.Nest("audience", a.Validate())
	p.Require(e.State != nil, "state", "must be set", "")
	p.Require(by != "", "by", "is required", "")
	p.Require(outcome == Done || outcome == Lost, "outcome", "must be done or lost", string(outcome))
	if err := p.Err(); err != nil {
		return err
	}
	unlock := e.lock(a)
	defer unlock()
	query := a.query()
	query.Open = true
	for b, err := range e.State.Batches(ctx, a.Brand, query) {
		if err != nil {
			return fmt.Errorf("reading open batches: %w", err)
		}
		if b.Key != key {
			continue
		}
		b.Outcome, b.Ended = outcome, e.now()
		b.Reason = sosyal.Because("upload.decided", sosyal.TextArg("by", string(by)))
		if err := e.State.Record(ctx, b); err != nil {
			return fmt.Errorf("recording that batch %d of audience %s is %s: %w", b.Sequence, a, outcome, err)
		}
		return nil
	}
	return fmt.Errorf("open batch of audience %s: %w", a, sosyal.ErrNotFound)
}
