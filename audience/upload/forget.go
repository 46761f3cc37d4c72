package upload

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/yukselenler/sosyal"
)

// Withdraw takes a person out of every audience that holds him, or may, at once
// and on every platform, and returns the records of it, one for each audience.
// It needs nobody's consent. Record the withdrawal with the host's consents
// first, so that no export adds him again; exports that run in this process are
// waited for.
//
// Errors are joined; where there is [sosyal.ErrUnknownOutcome] among them a call
// was made and its answer lost. Calling again tries what is left.
func (e *Exporter) Withdraw(
	ctx context.Context, brand sosyal.BrandID, person sosyal.PersonID, by sosyal.Actor, why string,
) ([]Export, error) {
	var p sosyal.Problems
	p.Nest("", sosyal.CheckPerson(brand, person))
	p.Require(e.State != nil, "state", "must be set", "")
	p.Require(by.ID != "", "by.id", "is required", "")
	p.Require(why != "", "why", "is required", "")
	if err := p.Err(); err != nil {
		return nil, err
	}
	e.settleDown(brand)
	digest := sosyal.PersonDigest(brand, person)
	audiences, err := e.holding(ctx, brand, digest)
	if err != nil {
		return nil, err
	}
	var records []Export
	var failed []error
	for _, a := range audiences {
		x, err := e.takeOut(ctx, Request{Audience: a, Use: Withdrawal, By: by, Why: why}, digest)
		if x.ID != "" {
			records = append(records, x)
		}
		failed = append(failed, err)
	}
	return records, errors.Join(failed...)
}

// Forget takes a person out of every audience and erases what the state keeps
// of him, which records the erasure. It is [sosyal.Forgetter]. The state is
// erased last and only when every platform has taken the removal: without it
// nobody could remove him any more. Until then it returns an error and may be
// called again.
func (e *Exporter) Forget(ctx context.Context, brand sosyal.BrandID, person sosyal.PersonID) (sosyal.Erasure, error) {
	by := sosyal.Actor{ID: e.program(), Party: sosyal.PartyClient}
	records, err := e.Withdraw(ctx, brand, person, by, "erasure")
	if err != nil {
		return sosyal.Erasure{}, err
	}
	for _, x := range records {
		if x.Removed.Rejected > 0 {
			return sosyal.Erasure{}, fmt.Errorf("audience %s: the platform rejected the removal of a person who is to be erased", x.Audience)
		}
	}
	return e.State.Forget(ctx, brand, person)
}

// settleDown waits for the exports of the brand that run in this process.
func (e *Exporter) settleDown(brand sosyal.BrandID) {
	e.mu.Lock()
	var running []Audience
	for a := range e.locks {
		if a.Brand == brand {
			running = append(running, a)
		}
	}
	e.mu.Unlock()
	for _, a := range running {
		e.lock(a)()
	}
}

// holding returns the audiences that a person is in, or may be, in the order of
// the state.
func (e *Exporter) holding(ctx context.Context, brand sosyal.BrandID, digest string) ([]Audience, error) {
	var audiences []Audience
	note := func(a Audience) {
		if !slices.Contains(audiences, a) {
			audiences = append(audiences, a)
		}
	}
	for m, err := range e.State.Members(ctx, brand, Query{Person: digest}) {
		if err != nil {
			return nil, fmt.Errorf("looking for memberships: %w", err)
		}
		note(m.Audience)
	}
	for b, err := range e.State.Batches(ctx, brand, Query{Person: digest, Open: true}) {
		if err != nil {
			return nil, fmt.Errorf("looking for open batches: %w", err)
		}
		note(b.Audience)
	}
	return audiences, nil
}

// takeOut removes one person from one audience.
func (e *Exporter) takeOut(ctx context.Context, request Request, digest string) (Export, error) {
	p, err := e.platform(request.Audience.Platform)
	if err != nil {
		return Export{}, err
	}
	unlock := e.lock(request.Audience)
	defer unlock()
	x := e.newExport(request, p.facts)
	if err := e.enter(ctx, &x); err != nil {
		return Export{}, fmt.Errorf("recording the withdrawal: %w", err)
	}
	r := e.newRun(p, x)
	if err := r.load(ctx, digest); err != nil {
		r.export.Status = Partial
		return r.export, errors.Join(err, r.leave(ctx, &r.export))
	}
	m, held := r.members[digest]
	if doubts := r.doubts[digest]; held || len(doubts) > 0 {
		m.Person = digest
		r.removals = []Row{merged(m.Row, doubts)}
		r.remove(ctx)
	}
	return r.end(ctx)
}
