package sosyal

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// ApprovalEntry is one line of an approval's trail. Which fields are set depends
// on the action; actors are kept without their names.
type ApprovalEntry struct {
	At     time.Time      `json:"at"`
	Action ApprovalAction `json:"action"`
	// By is who acted, with the roles and the party at that moment; zero where
	// time ran out.
	By Actor `json:"by,omitzero"`
	// OnBehalf is in whose right a delegate decided.
	OnBehalf ActorID `json:"on_behalf,omitzero"`
	// Editors are those named as editors of a submitted version.
	Editors []ActorID `json:"editors,omitempty"`
	// Version and Hash are what the entry is about, State what it led to.
	Version int           `json:"version"`
	Hash    ContentHash   `json:"hash"`
	State   ApprovalState `json:"state"`
	// Step and Verdict belong to decisions.
	Step    string  `json:"step,omitzero"`
	Verdict Verdict `json:"verdict,omitzero"`
	// Note is what the actor said.
	Note string `json:"note,omitzero"`
	// To, From and Until belong to delegations, Until to holds too.
	To    Actor     `json:"to,omitzero"`
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
}

// ApprovalAction is what was done.
type ApprovalAction string

// Actions on an approval.
const (
	ActionRequest  ApprovalAction = "request"
	ActionResubmit ApprovalAction = "resubmit"
	ActionDecide   ApprovalAction = "decide"
	ActionComment  ApprovalAction = "comment"
	ActionDelegate ApprovalAction = "delegate"
	ActionRevoke   ApprovalAction = "revoke"
	ActionWithdraw ApprovalAction = "withdraw"
	ActionHold     ApprovalAction = "hold"
	ActionRelease  ApprovalAction = "release"
	ActionExpire   ApprovalAction = "expire"
)

// Reason writes the entry for people.
func (e ApprovalEntry) Reason() Reason {
	args := []Arg{TextArg("by", string(e.By.ID)), CountArg("version", e.Version)}
	code := "approval.trail." + string(e.Action)
	switch e.Action {
	case ActionDecide:
		args = append(args, TermArg("verdict", e.Verdict), TextArg("step", e.Step))
		if e.OnBehalf != "" {
			code += "_on_behalf"
			args = append(args, TextArg("principal", string(e.OnBehalf)))
		}
	case ActionDelegate:
		args = append(args, TextArg("to", string(e.To.ID)), TextArg("until", e.Until.Format(minuteLayout)))
	case ActionRevoke:
		args = append(args, TextArg("to", string(e.To.ID)))
	case ActionComment, ActionHold:
		args = append(args, TextArg("note", e.Note))
	case ActionRequest, ActionResubmit, ActionWithdraw, ActionRelease, ActionExpire:
	}
	return Because(code, args...)
}

// minuteLayout writes instants in reasons with their zone.
const minuteLayout = "2006-01-02 15:04 MST"

// approvalSchema is the version of the JSON form.
const approvalSchema = 1

type approvalJSON struct {
	Schema  int             `json:"schema"`
	Brand   BrandID         `json:"brand"`
	Subject string          `json:"subject"`
	Policy  ApprovalPolicy  `json:"policy"`
	Trail   []ApprovalEntry `json:"trail"`
}

// MarshalJSON writes policy and trail; the zero Approval is null.
func (a Approval) MarshalJSON() ([]byte, error) {
	if a.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(approvalJSON{
		Schema: approvalSchema, Brand: a.brand, Subject: a.subject, Policy: a.policy, Trail: a.trail,
	})
}

// UnmarshalJSON reads what [Approval.MarshalJSON] writes by replaying the trail.
// A trail that the policy does not allow, or whose lines do not follow from one
// another, is [ErrInvalid].
func (a *Approval) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*a = Approval{}
		return nil
	}
	var raw approvalJSON
	if err := json.Unmarshal(data, &raw); err != nil {
		if found := FieldErrors(err); len(found) > 0 {
			return found[0]
		}
		return FieldError{Field: "approval", Rule: "must be an object with policy and trail"}
	}
	if raw.Schema != approvalSchema {
		return FieldError{Field: "schema", Rule: "must be 1", Value: fmt.Sprint(raw.Schema)}
	}
	if len(raw.Trail) == 0 {
		return FieldError{Field: "trail", Rule: "must not be empty"}
	}
	next := Approval{policy: raw.Policy, brand: raw.Brand, subject: raw.Subject}
	for i, e := range raw.Trail {
		var p Problems
		replayed, err := next.record(e.given())
		if errors.Is(err, ErrInvalid) {
			p.Nest(indexed("trail", i), err)
		} else if err != nil || !replayed.trail[i].equal(e) {
			p.Add(indexed("trail", i), "must follow from the policy and the lines before", string(e.Action))
		}
		if err := p.Err(); err != nil {
			return err
		}
		next = replayed
	}
	*a = next
	return nil
}

// given is the part of an entry that came from outside; the rest is derived.
func (e ApprovalEntry) given() ApprovalEntry {
	e.Version, e.State, e.Step, e.OnBehalf = 0, "", "", ""
	if e.Action != ActionRequest && e.Action != ActionResubmit && e.Action != ActionDecide {
		e.Hash = ""
	}
	return e
}

func (e ApprovalEntry) equal(f ApprovalEntry) bool {
	return e.At.Equal(f.At) && e.From.Equal(f.From) && e.Until.Equal(f.Until) &&
		e.Action == f.Action && e.By.same(f.By) && e.To.same(f.To) && e.OnBehalf == f.OnBehalf &&
		slices.Equal(e.Editors, f.Editors) && e.Version == f.Version && e.Hash == f.Hash &&
		e.State == f.State && e.Step == f.Step && e.Verdict == f.Verdict && e.Note == f.Note
}

// clone returns an entry that shares nothing with e.
func (e ApprovalEntry) clone() ApprovalEntry {
	e.By.Roles, e.To.Roles, e.Editors = slices.Clone(e.By.Roles), slices.Clone(e.To.Roles), slices.Clone(e.Editors)
	return e
}

func (a Actor) same(b Actor) bool {
	return a.ID == b.ID && a.Name == b.Name && a.Party == b.Party && slices.Equal(a.Roles, b.Roles)
}
