package sosyal

import (
	"slices"
	"strings"
	"time"
)

// Approval is one request for agreement, from the first submission to the end,
// with everything that happened to it. The same engine serves content, ad
// campaigns, goals and money.
//
// What is approved is a [ContentHash], never "the post": [Approval.Approved] is
// true for the very content that was agreed to and for nothing else. Each
// submission is a version; a new one voids all decisions on the one before.
//
// The trail is the state: everything else follows from the policy and the trail,
// and reading an approval from JSON replays it. A trail that the policy does not
// allow is refused, so no stored state can claim an approval that nobody gave.
//
// An Approval is immutable. Its methods return the next one, together with an
// error the old one, unchanged. Instants must not go back.
type Approval struct {
	policy  ApprovalPolicy
	brand   BrandID
	subject string
	trail   []ApprovalEntry

	// What follows is derived from the trail.
	version     int
	hash        ContentHash
	state       ApprovalState // without hold and without time running out
	step        int
	submitters  []ActorID
	involved    []ActorID
	votes       []approvalVote
	holds       []approvalHold
	delegations []approvalDelegation
	submittedAt time.Time
	stepAt      time.Time
	approvedAt  time.Time
}

// ApprovalState is where a request stands.
type ApprovalState string

// States of an approval. OnHold stands in for any of the open states and for
// Approved while a hold is in force.
const (
	InReview         ApprovalState = "in_review"
	ChangesRequested ApprovalState = "changes_requested"
	Approved         ApprovalState = "approved"
	Rejected         ApprovalState = "rejected"
	Withdrawn        ApprovalState = "withdrawn"
	Expired          ApprovalState = "expired"
	OnHold           ApprovalState = "on_hold"
)

// ApprovalRequest is what is asked for.
type ApprovalRequest struct {
	Brand BrandID
	// Subject identifies what is to be approved within the brand, by the host's
	// choice: "campaign/november-sales".
	Subject string
	By      Actor
	// Editors are those who made or changed the content, besides By.
	Editors []ActorID
	Hash    ContentHash
	Note    string
}

type approvalVote struct {
	step  int
	actor ActorID // who spoke
	seat  Actor   // in whose right
}

type approvalHold struct {
	by    ActorID
	until time.Time
}

type approvalDelegation struct {
	principal   Actor
	delegate    ActorID
	from, until time.Time
}

// NewApproval submits the first version.
func NewApproval(policy ApprovalPolicy, request ApprovalRequest, now time.Time) (Approval, error) {
	a := Approval{policy: policy.clone(), brand: request.Brand, subject: request.Subject}
	next, err := a.record(ApprovalEntry{
		At: now, Action: ActionRequest, By: request.By, Editors: request.Editors,
		Hash: request.Hash, Note: request.Note,
	})
	if err != nil {
		return Approval{}, err
	}
	return next, nil
}

// Decision is one person's word on one version.
type Decision struct {
	By      Actor
	Verdict Verdict
	// Hash is the content that the person saw. Where it is no longer the present
	// one the decision is refused with [ErrConflict].
	Hash ContentHash
	// Note is required with anything but an approval.
	Note string
}

// Verdict is what a person says to a version.
type Verdict string

// Verdicts. One rejection ends the version, one request for changes sends it
// back; approvals are counted by the policy.
const (
	VerdictApprove Verdict = "approve"
	VerdictReject  Verdict = "reject"
	VerdictChanges Verdict = "request_changes"
)

// Decide records a decision in the present step. The actor must be one of the
// step's people or the delegate of one, of the right party, and not involved in
// the content unless the policy says so. A person decides once in a step,
// whether for himself or for another.
func (a Approval) Decide(d Decision, now time.Time) (Approval, error) {
	return a.record(ApprovalEntry{
		At: now, Action: ActionDecide, By: d.By, Verdict: d.Verdict, Hash: d.Hash, Note: d.Note,
	})
}

// MayDecide returns nil where the actor could approve the present version now,
// and otherwise why not.
func (a Approval) MayDecide(by Actor, now time.Time) error {
	_, err := a.Decide(Decision{By: by, Verdict: VerdictApprove, Hash: a.hash}, now)
	return err
}

// Resubmit submits changed content as the next version: every decision so far
// is void and the first step begins again. It is what an edit does, whatever
// the state; only a withdrawn request stays withdrawn. Unchanged content can be
// submitted again only after changes were requested or time ran out.
//
// By counts as an editor from then on, and so does everybody who edited an
// earlier version.
func (a Approval) Resubmit(by Actor, hash ContentHash, note string, now time.Time) (Approval, error) {
	return a.record(ApprovalEntry{At: now, Action: ActionResubmit, By: by, Hash: hash, Note: note})
}

// Comment adds a remark to the present version.
func (a Approval) Comment(by Actor, text string, now time.Time) (Approval, error) {
	return a.record(ApprovalEntry{At: now, Action: ActionComment, By: by, Note: text})
}

// Delegation lets To decide in the place of By from From until Until.
type Delegation struct {
	By    Actor
	To    Actor
	From  time.Time // zero: at once
	Until time.Time
}

// Delegate records a delegation. By must be one who may decide in some step,
// and passes on the rights he has at this moment. To gains nothing that is
// barred to him: who asked, who edited and, where the policy keeps it out, the
// agency stay barred. Rights received by delegation cannot be passed on.
func (a Approval) Delegate(d Delegation, now time.Time) (Approval, error) {
	from := d.From
	if from.IsZero() {
		from = now
	}
	return a.record(ApprovalEntry{At: now, Action: ActionDelegate, By: d.By, To: d.To, From: from, Until: d.Until})
}

// Revoke ends the delegations from by to an actor.
func (a Approval) Revoke(by Actor, to ActorID, now time.Time) (Approval, error) {
	return a.record(ApprovalEntry{At: now, Action: ActionRevoke, By: by, To: Actor{ID: to}})
}

// Withdraw takes the request back for good. Only those who submitted a version
// may.
func (a Approval) Withdraw(by Actor, note string, now time.Time) (Approval, error) {
	return a.record(ApprovalEntry{At: now, Action: ActionWithdraw, By: by, Note: note})
}

// Hold stops the request, approved or not, until an instant or, where until is
// zero, until it is released. Anybody may stop; a reason is required.
func (a Approval) Hold(by Actor, reason string, until, now time.Time) (Approval, error) {
	return a.record(ApprovalEntry{At: now, Action: ActionHold, By: by, Note: reason, Until: until})
}

// Release lifts the actor's own holds, and all of them where the actor may
// decide in some step.
func (a Approval) Release(by Actor, note string, now time.Time) (Approval, error) {
	return a.record(ApprovalEntry{At: now, Action: ActionRelease, By: by, Note: note})
}

// Expire records that time has run out, so that it stands in the trail. It is
// an error while it has not; [Approval.State] knows without it.
func (a Approval) Expire(now time.Time) (Approval, error) {
	return a.record(ApprovalEntry{At: now, Action: ActionExpire})
}

// State returns where the request stands at the instant; empty for the zero
// Approval.
func (a Approval) State(now time.Time) ApprovalState {
	s := a.lapsed(now)
	stoppable := s == InReview || s == ChangesRequested || s == Approved
	if stoppable && a.held(now) {
		return OnHold
	}
	return s
}

// Approved reports whether this very content is approved at the instant:
// every step passed, time not run out, no hold in force.
func (a Approval) Approved(hash ContentHash, now time.Time) bool {
	return hash != "" && hash == a.hash && a.State(now) == Approved
}

// IsZero reports whether nothing was ever asked for.
func (a Approval) IsZero() bool { return len(a.trail) == 0 }

// Brand returns the brand.
func (a Approval) Brand() BrandID { return a.brand }

// Subject returns what is to be approved.
func (a Approval) Subject() string { return a.subject }

// Policy returns the policy that the request was made under.
func (a Approval) Policy() ApprovalPolicy { return a.policy.clone() }

// Version returns the number of the present version, counted from 1.
func (a Approval) Version() int { return a.version }

// Hash returns the content of the present version.
func (a Approval) Hash() ContentHash { return a.hash }

// Step returns the step that is waited for at the instant, and false where none
// is.
func (a Approval) Step(now time.Time) (ApprovalStep, bool) {
	if a.State(now) != InReview {
		return ApprovalStep{}, false
	}
	return a.policy.Steps[a.step].clone(), true
}

// Trail returns everything that happened, oldest first.
func (a Approval) Trail() []ApprovalEntry {
	trail := make([]ApprovalEntry, len(a.trail))
	for i, e := range a.trail {
		trail[i] = e.clone()
	}
	return trail
}

// Comments returns what was said about a version: comments and the notes of
// decisions.
func (a Approval) Comments(version int) []ApprovalEntry {
	var said []ApprovalEntry
	for _, e := range a.trail {
		if e.Version == version && strings.TrimSpace(e.Note) != "" && (e.Action == ActionComment || e.Action == ActionDecide) {
			said = append(said, e.clone())
		}
	}
	return said
}

// lapsed is the state after time has run out, without holds.
func (a Approval) lapsed(now time.Time) ApprovalState {
	out := func(from time.Time, after time.Duration) bool {
		return after > 0 && !now.Before(from.Add(after))
	}
	switch a.state {
	case InReview, ChangesRequested:
		if out(a.submittedAt, a.policy.ExpireAfter) {
			return Expired
		}
	case Approved:
		if out(a.approvedAt, a.policy.ValidFor) {
			return Expired
		}
	case Rejected, Withdrawn, Expired, OnHold:
	}
	return a.state
}

func (a Approval) held(now time.Time) bool {
	return slices.ContainsFunc(a.holds, func(h approvalHold) bool {
		return h.until.IsZero() || now.Before(h.until)
	})
}
