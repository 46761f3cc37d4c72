package budget

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/yukselenler/sosyal"
)

// RequestID names a request for money of a brand.
type RequestID string

// RequestLine is what a request asks for on a line of the budget.
type RequestLine struct {
	Line   LineID       `json:"line"`
	Amount sosyal.Money `json:"amount"`
}

// Request asks management for money on lines of a budget. What is approved is
// its very content: whatever changes it voids the approval.
type Request struct {
	ID     RequestID      `json:"id"`
	Brand  sosyal.BrandID `json:"brand"`
	Budget ID             `json:"budget"`
	Period sosyal.Period  `json:"period"`
	Lines  []RequestLine  `json:"lines"`
	// Purpose says what the money is for, Effect what is expected of it, and
	// Evidence what speaks for that.
	Purpose  string          `json:"purpose"`
	Effect   string          `json:"effect"`
	Evidence []sosyal.Reason `json:"evidence,omitempty"`

	// Approval is where the request stands. It is not part of the content.
	Approval sosyal.Approval `json:"approval,omitzero"`
	// Earlier are approvals that ended because a changed amount needs other
	// approvers; they are kept for the trail and give no rights.
	Earlier []sosyal.Approval `json:"earlier,omitempty"`
}

// Amount is the sum of the lines.
func (r Request) Amount() (sosyal.Money, error) {
	var total sosyal.Money
	for _, l := range r.Lines {
		sum, err := total.Add(l.Amount)
		if err != nil {
			return sosyal.Money{}, fmt.Errorf("request %s: line %s: %w", r.ID, l.Line, err)
		}
		total = sum
	}
	return total, nil
}

// amountOn is what the request asks for on a line.
func (r Request) amountOn(line LineID) (sosyal.Money, bool) {
	for _, l := range r.Lines {
		if l.Line == line {
			return l.Amount, true
		}
	}
	return sosyal.Money{}, false
}

// Subject names the request in approvals and events.
func (r Request) Subject() string { return "budget_request/" + string(r.ID) }

// ContentHash is the hash of field list v1: budget, period, purpose, effect,
// lines with amounts in order, evidence in order.
func (r Request) ContentHash() sosyal.ContentHash {
	h := sosyal.NewContentHasher("v1", "budget_request").
		Code("brand", string(r.Brand)).
		Code("id", string(r.ID)).
		Code("budget", string(r.Budget)).
		Period("period", r.Period).
		Text("purpose", r.Purpose).
		Text("effect", r.Effect)
	for _, l := range r.Lines {
		h.Code("line", string(l.Line)).Money("amount", l.Amount)
	}
	for _, e := range r.Evidence {
		args := make([]string, 0, 3*len(e.Args))
		for _, a := range e.Args {
			args = append(args, a.Name, string(a.Kind), a.Value)
		}
		h.Code("evidence", e.Code).Texts("arguments", args...)
	}
	return h.Sum()
}

// Validate reports missing parts, an empty period, no lines, a line that comes
// twice, and amounts that are not positive, finer than the minor unit, or in
// several currencies. [Request.CheckAgainst] holds it to its budget.
func (r Request) Validate() error {
	var p sosyal.Problems
	p.Require(r.ID != "", "id", "must not be empty", "")
	p.Require(r.Brand != "", "brand", "must not be empty", "")
	p.Require(r.Budget != "", "budget", "must not be empty", "")
	p.Require(r.Purpose != "", "purpose", "must not be empty", "")
	p.Require(r.Effect != "" || len(r.Evidence) > 0, "effect", "must not be empty without evidence", "")
	p.Nest("period", r.Period.Validate())
	p.Require(len(r.Lines) > 0, "lines", "must hold at least one line", "")
	seen := map[LineID]bool{}
	for i, l := range r.Lines {
		field := fmt.Sprintf("lines[%d]", i)
		p.Require(l.Line != "", field+".line", "must not be empty", "")
		p.Require(!seen[l.Line], field+".line", "must not come twice", string(l.Line))
		seen[l.Line] = true
		p.Nest(field+".amount", checkAmount(l.Amount, cmp.Or(r.Lines[0].Amount.Currency(), "set"), positive))
	}
	return p.Err()
}

// CheckAgainst reports, beside what Validate does, another brand or budget, a
// period outside that of the budget, lines that the budget does not have, and
// amounts in another currency.
func (r Request) CheckAgainst(b Budget) error {
	var p sosyal.Problems
	if err := r.Validate(); err != nil {
		return err
	}
	p.Require(r.Brand == b.Brand, "brand", "must be that of the budget", string(r.Brand))
	p.Require(r.Budget == b.ID, "budget", "must be "+string(b.ID), string(r.Budget))
	p.Require(r.Period.Intersect(b.Period) == r.Period, "period", "must lie within that of the budget", r.Period.String())
	for i, l := range r.Lines {
		_, ok := b.Line(l.Line)
		p.Require(ok, fmt.Sprintf("lines[%d].line", i), "must be a line of the budget", string(l.Line))
		p.Require(l.Amount.Currency() == b.Currency, fmt.Sprintf("lines[%d].amount", i), "must be in "+b.Currency, l.Amount.String())
	}
	return p.Err()
}

// Approved reports whether the request, as it is now, is approved at the
// instant. The approval of another request or of an earlier content does not
// count.
func (r Request) Approved(now time.Time) bool {
	return r.Approval.Brand() == r.Brand && r.Approval.Subject() == r.Subject() &&
		r.Approval.Approved(r.ContentHash(), now)
}

// Threshold says who must approve requests up to an amount.
type Threshold struct {
	// UpTo is the largest amount that Policy is enough for; the zero Money is no
	// limit.
	UpTo   sosyal.Money          `json:"up_to,omitzero"`
	Policy sosyal.ApprovalPolicy `json:"policy"`
}

// Thresholds are ordered by amount; the first that reaches an amount decides.
// The last one should have no limit, or larger requests cannot be made.
type Thresholds []Threshold

// Validate reports thresholds out of order and policies that are invalid.
func (t Thresholds) Validate() error {
	var p sosyal.Problems
	p.Require(len(t) > 0, "thresholds", "must hold at least one", "")
	for i, step := range t {
		field := fmt.Sprintf("thresholds[%d]", i)
		p.Nest(field+".policy", step.Policy.Validate())
		if i == 0 {
			continue
		}
		before := t[i-1].UpTo
		p.Require(before.Currency() != "", field, "must not come after one without a limit", "")
		if step.UpTo.Currency() != "" {
			c, err := before.Compare(step.UpTo)
			p.Require(err == nil && c < 0, field+".up_to", "must be more than the one before, in one currency", step.UpTo.String())
		}
	}
	return p.Err()
}

// PolicyFor returns the policy that an amount needs. An amount above every
// threshold, or in another currency, is an error.
func (t Thresholds) PolicyFor(amount sosyal.Money) (sosyal.ApprovalPolicy, error) {
	for _, step := range t {
		if step.UpTo.Currency() == "" {
			return step.Policy, nil
		}
		c, err := amount.Compare(step.UpTo)
		if err != nil {
			return sosyal.ApprovalPolicy{}, fmt.Errorf("threshold %s: %w", step.UpTo, err)
		}
		if c <= 0 {
			return step.Policy, nil
		}
	}
	return sosyal.ApprovalPolicy{}, sosyal.FieldError{
		Field: "amount", Rule: "must not be above every threshold", Value: amount.String(),
	}
}

// Submit asks for approval of the request as it is, from those whom the
// thresholds name for its amount.
func (r Request) Submit(t Thresholds, by sosyal.Actor, note string, now time.Time) (Request, error) {
	if err := r.Validate(); err != nil {
		return r, fmt.Errorf("submit request %s: %w", r.ID, err)
	}
	if !r.Approval.IsZero() {
		return r, fmt.Errorf("submit request %s: %w", r.ID, sosyal.FieldError{
			Field: "approval", Rule: "must not exist yet: resubmit instead",
		})
	}
	return r.begin(t, by, note, now)
}

func (r Request) begin(t Thresholds, by sosyal.Actor, note string, now time.Time) (Request, error) {
	policy, err := r.policy(t)
	if err != nil {
		return r, fmt.Errorf("submit request %s: %w", r.ID, err)
	}
	approval, err := sosyal.NewApproval(policy, sosyal.ApprovalRequest{
		Brand: r.Brand, Subject: r.Subject(), By: by, Editors: r.askers(), Hash: r.ContentHash(), Note: note,
	}, now)
	if err != nil {
		return r, fmt.Errorf("submit request %s: %w", r.ID, err)
	}
	r.Approval = approval
	return r, nil
}

// askers are those who submitted earlier approvals of the request: a new policy
// must not let them approve what they asked for.
func (r Request) askers() []sosyal.ActorID {
	var ids []sosyal.ActorID
	for _, a := range r.Earlier {
		for _, e := range a.Trail() {
			if (e.Action == sosyal.ActionRequest || e.Action == sosyal.ActionResubmit) && !slices.Contains(ids, e.By.ID) {
				ids = append(ids, e.By.ID)
			}
		}
	}
	return ids
}

// Resubmit asks again after the request was changed. Where the changed amount
// needs other approvers, a new approval begins and the one before is kept in
// Earlier: nobody's decision on the old amount counts for the new one.
func (r Request) Resubmit(t Thresholds, by sosyal.Actor, note string, now time.Time) (Request, error) {
	if err := r.Validate(); err != nil {
		return r, fmt.Errorf("resubmit request %s: %w", r.ID, err)
	}
	policy, err := r.policy(t)
	if err != nil {
		return r, fmt.Errorf("resubmit request %s: %w", r.ID, err)
	}
	// The old approval decides whether this actor may ask again at all.
	again, err := r.Approval.Resubmit(by, r.ContentHash(), note, now)
	if err != nil {
		return r, fmt.Errorf("resubmit request %s: %w", r.ID, err)
	}
	if samePolicy(policy, r.Approval.Policy()) {
		r.Approval = again
		return r, nil
	}
	r.Earlier = append(slices.Clip(r.Earlier), again)
	return r.begin(t, by, note, now)
}

func (r Request) policy(t Thresholds) (sosyal.ApprovalPolicy, error) {
	amount, err := r.Amount()
	if err != nil {
		return sosyal.ApprovalPolicy{}, err
	}
	return t.PolicyFor(amount)
}

// samePolicy compares policies by their stored form.
func samePolicy(a, b sosyal.ApprovalPolicy) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
