package upload

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/yukselenler/sosyal"
)

// remove takes out whoever left. A batch that fails does not keep the others
// from being tried: each is somebody who must go.
func (r *run) remove(ctx context.Context) {
	for batch := range slices.Chunk(r.removals, r.batchRows()) {
		if !r.sendable(ctx) {
			r.export.Removed.Waiting += len(batch)
			r.block(batch)
			continue
		}
		outcome := r.send(ctx, Remove, batch)
		if outcome != Done {
			r.block(batch)
		}
	}
}

// block keeps people from being added while their removal may still arrive.
func (r *run) block(rows []Row) {
	for _, row := range rows {
		r.blocked[row.Person] = true
	}
}

// repeat sends earlier additions of unknown outcome again under their key, where
// the platform then does nothing twice and everybody in them is still wanted as
// he was.
func (r *run) repeat(ctx context.Context) {
	if len(r.doubtful) == 0 || !r.port.repeatable() || r.small {
		return
	}
	wanted := map[string]Row{}
	removed := map[string]bool{} // for them the platform would do nothing, having seen the key
	for _, row := range r.removals {
		removed[row.Person] = true
	}
	for _, one := range r.additions {
		if !removed[one.row.Person] && !r.blocked[one.row.Person] && r.export.Consent.Granted(one.consents, r.now()) {
			wanted[one.row.Person] = one.row
		}
	}
	left := r.doubtful[:0:0]
	for _, b := range r.doubtful {
		again := b.Action == Add && len(b.Rows) == b.Size && r.sendable(ctx) &&
			!slices.ContainsFunc(b.Rows, func(row Row) bool { return !row.same(wanted[row.Person]) })
		if !again {
			left = append(left, b)
			continue
		}
		r.drop(b.Rows)
		result, err := r.port.uploader.Add(ctx, b)
		if err == nil {
			err = result.Validate(len(b.Rows))
		}
		if err != nil {
			r.export.Added.Unknown += len(b.Rows) // even a refusal says nothing of the first time
			r.failed = append(r.failed, unknown(b, err))
			left = append(left, b)
			continue
		}
		if !r.settle(ctx, b, Done, result, sosyal.Because("upload.repeated")) {
			r.export.Added.Unknown += len(b.Rows)
			continue
		}
		r.tally(b, result)
	}
	r.doubtful = left
}

// drop takes people out of the additions.
func (r *run) drop(rows []Row) {
	gone := map[string]bool{}
	for _, row := range rows {
		gone[row.Person] = true
	}
	r.additions = slices.DeleteFunc(r.additions, func(one addition) bool { return gone[one.row.Person] })
}

// add sends who joins, and stops at the first batch that is not taken: what is
// wrong with it is wrong with the next.
func (r *run) add(ctx context.Context) {
	stopped := r.small
	for batch := range slices.Chunk(r.additions, r.batchRows()) {
		rows := r.consenting(batch)
		if stopped || !r.sendable(ctx) {
			r.export.Added.Waiting += len(rows)
			continue
		}
		if len(rows) > 0 {
			stopped = r.send(ctx, Add, rows) != Done
		}
	}
}

// consenting returns the rows of those who still consent at this moment. Blocked
// people wait.
func (r *run) consenting(batch []addition) []Row {
	now := r.now()
	rows := make([]Row, 0, len(batch))
	for _, one := range batch {
		switch {
		case !r.export.Consent.Granted(one.consents, now):
			r.export.Wanted--
			r.export.Withheld++
		case r.blocked[one.row.Person]:
			r.export.Added.Waiting++
		default:
			rows = append(rows, one.row)
		}
	}
	return rows
}

func (r *run) sendable(ctx context.Context) bool { return !r.halted && ctx.Err() == nil }

func (r *run) batchRows() int {
	limit, _ := r.port.facts.Limit(BatchRows)
	return max(1, limit.Value)
}

// send sends one batch: it stores the intent, calls the platform and stores what
// became of it.
func (r *run) send(ctx context.Context, action Action, rows []Row) Outcome {
	b := Batch{
		Audience: r.export.Audience, Sequence: r.last + 1, Action: action, Rows: rows, Size: len(rows),
		Export: r.export.ID, By: r.export.By.ID, At: r.now(), Outcome: Open,
	}
	b.Key = BatchKey(b.Audience, b.Sequence)
	tally := &r.export.Added
	call := r.port.uploader.Add
	if action == Remove {
		tally, call = &r.export.Removed, r.port.uploader.Remove
	}
	if err := r.State.Record(ctx, b); err != nil {
		r.halt(fmt.Errorf("recording batch %d of audience %s before it is sent: %w", b.Sequence, b.Audience, err))
		tally.Waiting += len(rows)
		return Lost
	}
	r.last = b.Sequence
	r.export.Batches++
	result, err := call(ctx, b)
	if err == nil {
		err = result.Validate(len(rows))
	}
	refused, definite := errors.AsType[RefusedError](err)
	switch {
	case err == nil:
		if !r.settle(ctx, b, Done, result, sosyal.Reason{}) {
			tally.Unknown += len(rows)
			return Open
		}
		r.tally(b, result)
		return Done
	case definite:
		r.failed = append(r.failed, fmt.Errorf("batch %d of audience %s: %w", b.Sequence, b.Audience, err))
		r.export.Reasons = append(r.export.Reasons, refused.Reason)
		r.settle(ctx, b, Refused, Result{}, refused.Reason)
		tally.Refused += len(rows)
		return Refused
	default:
		r.failed = append(r.failed, unknown(b, err))
		r.logger().WarnContext(ctx, "outcome of a batch is unknown", "audience", b.Audience.String(), "sequence", b.Sequence)
		r.observe(ctx, r.export, "upload.batch.unknown", r.unknownReason(len(rows)), b.Key)
		tally.Unknown += len(rows)
		return Open
	}
}

// tally counts the people of a batch that was taken. Whose removal was rejected
// is still there under what was sent before, and is not added under something
// else.
func (r *run) tally(b Batch, result Result) {
	tally := &r.export.Added
	if b.Action == Remove {
		tally = &r.export.Removed
	}
	tally.Rejected += len(result.Rejections)
	tally.Done += len(b.Rows) - len(result.Rejections)
	b.Rejections = result.Rejections
	for i, row := range b.Rows {
		switch {
		case !b.accepted(i):
			r.blocked[row.Person] = r.blocked[row.Person] || b.Action == Remove
		case b.Action == Add || !r.seen[row.Person]:
			r.arrived[row.Person] = true
		}
	}
	r.export.Reasons = append(r.export.Reasons, summed(result.Rejections)...)
}

// settle records an outcome, also when the context has ended, and reports
// whether it could.
func (r *run) settle(ctx context.Context, b Batch, outcome Outcome, result Result, why sosyal.Reason) bool {
	b.Outcome, b.Ended, b.Rejections, b.Reason = outcome, r.now(), result.Rejections, why
	if err := r.State.Record(context.WithoutCancel(ctx), b); err != nil {
		r.halt(fmt.Errorf("recording that batch %d of audience %s is %s: %w", b.Sequence, b.Audience, outcome, err))
		return false
	}
	r.observe(ctx, r.export, "upload.batch."+string(outcome), why, b.Key)
	return true
}

// halt stops the export: without a state nothing may be sent.
func (r *run) halt(err error) {
	r.halted = true
	r.failed = append(r.failed, err)
}

func unknown(b Batch, err error) error {
	return fmt.Errorf("batch %d of audience %s with %d people: %w: %w", b.Sequence, b.Audience, len(b.Rows), sosyal.ErrUnknownOutcome, err)
}
