package sosyal

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

// ApprovalPolicy says who must agree before something goes ahead. The zero
// value of every choice is the strict one.
type ApprovalPolicy struct {
	// Steps are passed one after the other. There must be one, unless approval
	// is Automatic.
	Steps []ApprovalStep `json:"steps,omitempty"`
	// Automatic approves every request at once. It must be asked for and goes
	// with no steps.
	Automatic bool `json:"automatic,omitzero"`
	// AllowSelfApproval lets whoever asked for approval, or edited what is to be
	// approved, decide on it.
	AllowSelfApproval bool `json:"allow_self_approval,omitzero"`
	// AllowAgencyApproval lets an agency decide for its client. Without it an
	// agency decides only in steps whose party is the agency, its own reviews,
	// and at least one step must be the client's.
	AllowAgencyApproval bool `json:"allow_agency_approval,omitzero"`
	// DistinctApprovers keeps one person from approving in two steps.
	DistinctApprovers bool `json:"distinct_approvers,omitzero"`
	// ExpireAfter ends a request that is not decided in time, counted from its
	// last submission. Zero: never. It is elapsed time, on hold or not.
	ExpireAfter time.Duration `json:"expire_after,omitzero"`
	// ValidFor ends an approval some time after it was given. Zero: never.
	ValidFor time.Duration `json:"valid_for,omitzero"`
	// RemindAfter is the open time after which those who are waited for are
	// reminded, and reminded again. Zero: never.
	RemindAfter time.Duration `json:"remind_after,omitzero"`
	// EscalateAfter is the open time in one step after which EscalateTo hears of
	// it. Zero: never.
	EscalateAfter time.Duration `json:"escalate_after,omitzero"`
	EscalateTo    []Role        `json:"escalate_to,omitempty"`
}

// ApprovalStep is one signature field: who may sign, and how many must.
type ApprovalStep struct {
	Name string `json:"name"`
	// Actors may decide by name, whoever holds one of Roles by role.
	Actors []ActorID `json:"actors,omitempty"`
	Roles  []Role    `json:"roles,omitempty"`
	// Party narrows the step to one side. Empty: the client's, and the agency's
	// where the policy allows an agency to approve.
	Party Party `json:"party,omitzero"`
	// Need is how many of them must approve; 0 is 1.
	Need int `json:"need,omitzero"`
	// All asks for every one of Actors and for a holder of each of Roles; Need
	// must then be 0. One person who holds two roles speaks for both.
	All bool `json:"all,omitzero"`
}

// need is the number of approvals of a step that is not All.
func (s ApprovalStep) need() int { return max(1, s.Need) }

// Validate reports steps that nobody can pass and choices that contradict each
// other.
func (p ApprovalPolicy) Validate() error {
	var problems Problems
	problems.Require(!p.Automatic || len(p.Steps) == 0, "steps", "must be empty where approval is automatic", "")
	problems.Require(p.Automatic || len(p.Steps) > 0, "steps", "must hold a step", "")
	names := make(map[string]bool, len(p.Steps))
	client := p.AllowAgencyApproval || p.Automatic
	for i, s := range p.Steps {
		field := indexed("steps", i)
		problems.Nest(field, s.Validate())
		problems.Require(!names[s.Name], field+".name", "must not repeat", s.Name)
		names[s.Name] = true
		client = client || s.Party != PartyAgency
	}
	problems.Require(client || len(p.Steps) == 0, "steps", "must hold a step of the client", "")
	for _, d := range []struct {
		field string
		value time.Duration
	}{
		{"expire_after", p.ExpireAfter},
		{"valid_for", p.ValidFor},
		{"remind_after", p.RemindAfter},
		{"escalate_after", p.EscalateAfter},
	} {
		problems.Require(d.value >= 0, d.field, "must not be negative", d.value.String())
	}
	return problems.Err()
}

// Validate reports a step without a name or without people.
func (s ApprovalStep) Validate() error {
	var p Problems
	p.Require(s.Name != "", "name", "is required", "")
	p.Require(len(s.Actors)+len(s.Roles) > 0, "actors", "or roles must name somebody", "")
	p.Require(s.Party == "" || s.Party.valid(), "party", "must be client, agency or empty", string(s.Party))
	p.Require(s.Need >= 0, "need", "must not be negative", strconv.Itoa(s.Need))
	p.Require(!s.All || s.Need == 0, "need", "must be 0 where all must approve", strconv.Itoa(s.Need))
	enough := len(s.Roles) > 0 || s.All || s.need() <= len(s.Actors)
	p.Require(enough, "need", "must not be more than there are actors", strconv.Itoa(s.Need))
	for i, id := range s.Actors {
		p.Require(id != "", indexed("actors", i), "must not be empty", "")
		p.Require(!slices.Contains(s.Actors[:i], id), indexed("actors", i), "must not repeat", string(id))
	}
	for i, r := range s.Roles {
		p.Require(r != "", indexed("roles", i), "must not be empty", "")
	}
	return p.Err()
}

// clone returns a policy that shares nothing with p.
func (p ApprovalPolicy) clone() ApprovalPolicy {
	p.Steps = slices.Clone(p.Steps)
	for i, s := range p.Steps {
		p.Steps[i] = s.clone()
	}
	p.EscalateTo = slices.Clone(p.EscalateTo)
	return p
}

func (s ApprovalStep) clone() ApprovalStep {
	s.Actors, s.Roles = slices.Clone(s.Actors), slices.Clone(s.Roles)
	return s
}

// side reports whether people of the party may decide in the step.
func (p ApprovalPolicy) side(s ApprovalStep, party Party) bool {
	if s.Party == PartyAgency {
		return party == PartyAgency
	}
	return party == PartyClient || (party == PartyAgency && p.AllowAgencyApproval)
}

// names reports whether the step is about the actor, by name or by role.
func (s ApprovalStep) names(who Actor) bool {
	return slices.Contains(s.Actors, who.ID) || slices.ContainsFunc(s.Roles, who.Is)
}

// possible reports a step that cannot be passed once those who are involved in
// the content may not decide.
func (p ApprovalPolicy) possible(involved []ActorID) error {
	if p.AllowSelfApproval {
		return nil
	}
	var problems Problems
	for i, s := range p.Steps {
		left := 0
		for _, id := range s.Actors {
			if !slices.Contains(involved, id) {
				left++
			}
		}
		ok := left >= s.need() || len(s.Roles) > 0
		if s.All {
			ok = left == len(s.Actors)
		}
		problems.Require(ok, indexed("steps", i)+".actors", "must leave enough people who neither asked nor edited", "")
	}
	return problems.Err()
}

// durationText is a duration that is written "72h0m0s" in JSON.
type durationText time.Duration

// MarshalText writes the duration as package time does.
func (d durationText) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads what package time reads.
func (d *durationText) UnmarshalText(text []byte) error {
	read, err := time.ParseDuration(string(text))
	if err != nil {
		return FieldError{Field: "duration", Rule: "must be like 72h or 1h30m", Value: string(text)}
	}
	*d = durationText(read)
	return nil
}

type plainApprovalPolicy ApprovalPolicy

// approvalPolicyJSON shadows the durations, which are text in JSON.
type approvalPolicyJSON struct {
	plainApprovalPolicy
	ExpireAfter   durationText `json:"expire_after,omitzero"`
	ValidFor      durationText `json:"valid_for,omitzero"`
	RemindAfter   durationText `json:"remind_after,omitzero"`
	EscalateAfter durationText `json:"escalate_after,omitzero"`
}

// MarshalJSON writes durations as text: {"expire_after":"72h0m0s"}.
func (p ApprovalPolicy) MarshalJSON() ([]byte, error) {
	return json.Marshal(approvalPolicyJSON{
		plainApprovalPolicy: plainApprovalPolicy(p),
		ExpireAfter:         durationText(p.ExpireAfter),
		ValidFor:            durationText(p.ValidFor),
		RemindAfter:         durationText(p.RemindAfter),
		EscalateAfter:       durationText(p.EscalateAfter),
	})
}

// UnmarshalJSON reads what [ApprovalPolicy.MarshalJSON] writes.
func (p *ApprovalPolicy) UnmarshalJSON(data []byte) error {
	var raw approvalPolicyJSON
	if err := json.Unmarshal(data, &raw); err != nil {
		if found := FieldErrors(err); len(found) > 0 {
			return found[0]
		}
		return FieldError{Field: "policy", Rule: "must be an object with steps"}
	}
	*p = ApprovalPolicy(raw.plainApprovalPolicy)
	p.ExpireAfter, p.ValidFor = time.Duration(raw.ExpireAfter), time.Duration(raw.ValidFor)
	p.RemindAfter, p.EscalateAfter = time.Duration(raw.RemindAfter), time.Duration(raw.EscalateAfter)
	return nil
}
