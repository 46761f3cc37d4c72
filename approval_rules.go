package sosyal

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// record applies an action and appends it to the trail. This is the only way by
// which an approval changes, for callers and for replays alike.
func (a Approval) record(e ApprovalEntry) (Approval, error) {
	if e.Action != ActionRequest && a.IsZero() {
		return a, FieldError{Field: "approval", Rule: "must have been requested"}
	}
	e.At, e.From, e.Until = stored(e.At), stored(e.From), stored(e.Until)
	e.By, e.To, e.Editors = e.By.traced(), e.To.traced(), slices.Clone(e.Editors)
	if e.At.IsZero() {
		return a, FieldError{Field: "now", Rule: "is required"}
	}
	for _, t := range []time.Time{e.At, e.From, e.Until} {
		if year := t.Year(); year < 1 || year > 9999 { // what JSON can carry
			return a, FieldError{Field: "time", Rule: "must be in the years 1 to 9999", Value: strconv.Itoa(year)}
		}
	}
	if n := len(a.trail); n > 0 && e.At.Before(a.trail[n-1].At) {
		return a, FieldError{Field: "now", Rule: "must not be before the last entry of the trail", Value: e.At.Format(time.RFC3339)}
	}
	if e.Action != ActionExpire {
		var p Problems
		p.Nest("by", e.By.Validate())
		if err := p.Err(); err != nil {
			return a, err
		}
	}
	next := a
	if err := next.apply(&e); err != nil {
		return a, err
	}
	e.Version, e.Hash, e.State = next.version, next.hash, next.State(e.At)
	next.trail = append(slices.Clip(a.trail), e)
	return next, nil
}

// stored is an instant as it is kept: in UTC, without the monotonic clock.
func stored(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.Round(0).UTC()
}

// apply carries out one action. It never writes into slices that another
// Approval may share.
func (a *Approval) apply(e *ApprovalEntry) error {
	switch e.Action {
	case ActionRequest:
		return a.request(e)
	case ActionResubmit:
		return a.resubmit(e)
	case ActionDecide:
		return a.decide(e)
	case ActionComment:
		return required("note", e.Note)
	case ActionDelegate:
		return a.delegate(e)
	case ActionRevoke:
		return a.revoke(e)
	case ActionWithdraw:
		return a.withdraw(e)
	case ActionHold:
		return a.hold(e)
	case ActionRelease:
		return a.release(e)
	case ActionExpire:
		if s := a.lapsed(e.At); s != Expired || a.state == Expired {
			return wrongState(s)
		}
		a.state = Expired
		return nil
	}
	return FieldError{Field: "action", Rule: "must be one of the actions on an approval", Value: string(e.Action)}
}

func (a *Approval) request(e *ApprovalEntry) error {
	var p Problems
	p.Require(a.IsZero(), "approval", "must be requested only once", "")
	p.Require(a.brand != "", "brand", "is required", "")
	p.Require(a.subject != "", "subject", "is required", "")
	p.Nest("policy", a.policy.Validate())
	if err := p.Err(); err != nil {
		return err
	}
	return a.submit(e)
}

func (a *Approval) resubmit(e *ApprovalEntry) error {
	switch s := a.lapsed(e.At); s {
	case Withdrawn:
		return wrongState(s)
	case InReview, Approved, Rejected:
		if e.Hash == a.hash {
			return FieldError{Field: "hash", Rule: "must differ from what was submitted before"}
		}
	case ChangesRequested, Expired, OnHold:
	}
	return a.submit(e)
}

// submit begins a version.
func (a *Approval) submit(e *ApprovalEntry) error {
	involved := slices.Clone(a.involved)
	for _, id := range append([]ActorID{e.By.ID}, e.Editors...) {
		if !slices.Contains(involved, id) {
			involved = append(involved, id)
		}
	}
	var p Problems
	p.Nest("", e.Hash.Validate())
	p.Nest("policy", a.policy.possible(involved))
	if err := p.Err(); err != nil {
		return err
	}
	a.version++
	a.hash = e.Hash
	a.involved = involved
	a.submitters = append(slices.Clip(a.submitters), e.By.ID)
	a.votes, a.step = nil, 0
	a.submittedAt, a.stepAt = e.At, e.At
	a.state = InReview
	if a.policy.Automatic {
		a.state, a.approvedAt = Approved, e.At
	}
	return nil
}

func (a *Approval) decide(e *ApprovalEntry) error {
	if s := a.State(e.At); s != InReview {
		return wrongState(s)
	}
	if e.Hash != a.hash {
		return fmt.Errorf("decision on content that is no longer the submitted one: %w", ErrConflict)
	}
	seat, err := a.seat(e.By, e.At, e.Verdict == VerdictApprove)
	if err != nil {
		return err
	}
	e.Step = a.policy.Steps[a.step].Name
	if seat.ID != e.By.ID {
		e.OnBehalf = seat.ID
	}
	switch e.Verdict {
	case VerdictApprove:
		a.votes = append(slices.Clip(a.votes), approvalVote{step: a.step, actor: e.By.ID, seat: seat})
		a.advance(e.At)
		return nil
	case VerdictReject:
		a.state = Rejected
	case VerdictChanges:
		a.state = ChangesRequested
	default:
		return FieldError{Field: "verdict", Rule: "must be approve, reject or request_changes", Value: string(e.Verdict)}
	}
	return required("note", e.Note)
}

// advance moves on where the present step is passed.
func (a *Approval) advance(now time.Time) {
	if have, need := a.progress(); have < need {
		return
	}
	a.step++
	a.stepAt = now
	if a.step == len(a.policy.Steps) {
		a.state, a.approvedAt = Approved, now
	}
}

// progress counts what the present step has and needs. In a step of all, each
// actor and each role is one.
func (a Approval) progress() (have, need int) {
	s := a.policy.Steps[a.step]
	var seats []Actor
	for _, v := range a.votes {
		if v.step == a.step {
			seats = append(seats, v.seat)
		}
	}
	if !s.All {
		return len(seats), s.need()
	}
	for _, id := range s.Actors {
		if slices.ContainsFunc(seats, func(seat Actor) bool { return seat.ID == id }) {
			have++
		}
	}
	for _, r := range s.Roles {
		if slices.ContainsFunc(seats, func(seat Actor) bool { return seat.Is(r) }) {
			have++
		}
	}
	return have, len(s.Actors) + len(s.Roles)
}

// seat returns in whose right the actor may speak in the present step: first in
// his own, then in those delegated to him in the order in which they were.
func (a Approval) seat(by Actor, at time.Time, approving bool) (Actor, error) {
	s := a.policy.Steps[a.step]
	if err := a.barred(s, by); err != nil {
		return Actor{}, err
	}
	refused := barredBy("must be one whom the step asks")
	for _, seat := range a.rights(by, at) {
		if !s.names(seat) {
			continue
		}
		if seat.ID != by.ID {
			if err := a.barred(s, seat); err != nil {
				refused = err
				continue
			}
		}
		if approving && a.spoken(by.ID, seat.ID) {
			refused = barredBy("must not have decided already")
			continue
		}
		return seat, nil
	}
	return Actor{}, refused
}

// rights lists the actor and those whose delegate he is at the instant.
func (a Approval) rights(by Actor, at time.Time) []Actor {
	seats := []Actor{by}
	for _, d := range a.delegations {
		if d.delegate == by.ID && !at.Before(d.from) && at.Before(d.until) {
			seats = append(seats, d.principal)
		}
	}
	return seats
}

// barred reports why a person may not speak in a step, whoever asks him to.
func (a Approval) barred(s ApprovalStep, who Actor) error {
	switch {
	case !a.policy.side(s, who.Party):
		return barredBy("must be of the party that the step asks")
	case !a.policy.AllowSelfApproval && slices.Contains(a.involved, who.ID):
		return barredBy("must not have asked for approval or edited the content")
	}
	return nil
}

// spoken reports whether one of the two has approved in this step, or in any
// step where the policy wants distinct people.
func (a Approval) spoken(actor, seat ActorID) bool {
	return slices.ContainsFunc(a.votes, func(v approvalVote) bool {
		if v.step != a.step && !a.policy.DistinctApprovers {
			return false
		}
		return v.actor == actor || v.actor == seat || v.seat.ID == actor || v.seat.ID == seat
	})
}

// decider reports whether the actor may, by his own right, decide in some step.
func (a Approval) decider(who Actor) bool {
	return slices.ContainsFunc(a.policy.Steps, func(s ApprovalStep) bool {
		return s.names(who) && a.barred(s, who) == nil
	})
}

func (a *Approval) delegate(e *ApprovalEntry) error {
	var p Problems
	p.Nest("to", e.To.Validate())
	p.Require(e.To.ID != e.By.ID, "to", "must be somebody else", "")
	p.Require(e.Until.After(e.From) && e.Until.After(e.At), "until", "must be after from and after now", e.Until.Format(time.RFC3339))
	p.Require(a.decider(e.By), "by", "must be one who may decide", "")
	p.Require(a.policy.AllowSelfApproval || !slices.Contains(a.involved, e.To.ID), "to", "must not have asked or edited", "")
	if err := p.Err(); err != nil {
		return err
	}
	a.delegations = append(slices.Clip(a.delegations), approvalDelegation{
		principal: e.By, delegate: e.To.ID, from: e.From, until: e.Until,
	})
	return nil
}

func (a *Approval) revoke(e *ApprovalEntry) error {
	left := slices.DeleteFunc(slices.Clone(a.delegations), func(d approvalDelegation) bool {
		return d.principal.ID == e.By.ID && d.delegate == e.To.ID
	})
	if len(left) == len(a.delegations) {
		return FieldError{Field: "to", Rule: "must be the actor's delegate"}
	}
	a.delegations = left
	return nil
}

func (a *Approval) withdraw(e *ApprovalEntry) error {
	if a.state == Withdrawn || a.state == Rejected {
		return wrongState(a.state)
	}
	if !slices.Contains(a.submitters, e.By.ID) {
		return barredBy("must have asked for approval")
	}
	a.state = Withdrawn
	return nil
}

func (a *Approval) hold(e *ApprovalEntry) error {
	var p Problems
	p.Nest("", required("reason", e.Note))
	p.Require(e.Until.IsZero() || e.Until.After(e.At), "until", "must be after now", e.Until.Format(time.RFC3339))
	if err := p.Err(); err != nil {
		return err
	}
	if s := a.lapsed(e.At); s == Withdrawn || s == Rejected || s == Expired {
		return wrongState(s)
	}
	a.holds = append(slices.Clip(a.holds), approvalHold{by: e.By.ID, until: e.Until})
	return nil
}

func (a *Approval) release(e *ApprovalEntry) error {
	if !a.held(e.At) {
		return FieldError{Field: "approval", Rule: "must be on hold"}
	}
	all := a.decider(e.By)
	left := slices.DeleteFunc(slices.Clone(a.holds), func(h approvalHold) bool {
		return all || h.by == e.By.ID
	})
	if len(left) == len(a.holds) {
		return barredBy("must have set the hold or be one who may decide")
	}
	a.holds = left
	return nil
}

func required(field, text string) error {
	if strings.TrimSpace(text) == "" {
		return FieldError{Field: field, Rule: "is required"}
	}
	return nil
}

func wrongState(s ApprovalState) error {
	return FieldError{Field: "state", Rule: "must allow the action", Value: string(s)}
}

// barredBy never names the person: an id may be one.
func barredBy(rule string) error { return FieldError{Field: "by", Rule: rule} }
