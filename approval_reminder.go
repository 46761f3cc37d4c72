package sosyal

import (
	"fmt"
	"slices"
	"time"
)

// Reminder says when those who are waited for should hear of it again, or when
// somebody above them should.
type Reminder struct {
	// Key is the same whenever this very reminder is computed, so that it is sent
	// once: subject, version, step and number.
	Key string    `json:"key"`
	At  time.Time `json:"at"`
	// Due says that At has come.
	Due        bool `json:"due"`
	Escalation bool `json:"escalation,omitzero"`
	// Actors and Roles are whom to tell: those of the step who may still decide
	// and the delegates of those, or the policy's EscalateTo.
	Actors []ActorID `json:"actors,omitempty"`
	Roles  []Role    `json:"roles,omitempty"`
	Reason Reason    `json:"reason"`
}

// maxReminders bounds the reminders of a step without escalation.
const maxReminders = 10

// Reminders returns the reminders of the present step in the order of time,
// those to come included. The clock starts with the step and runs in open hours
// only. Reminders repeat until the escalation; without one there are at most
// ten. Nothing is to be reminded of unless the request is in review: not on hold,
// not decided, not expired.
func (a Approval) Reminders(hours OpenHours, now time.Time) ([]Reminder, error) {
	if err := hours.Validate(); err != nil {
		return nil, err
	}
	step, waiting := a.Step(now)
	if !waiting {
		return nil, nil
	}
	var escalateAt time.Time
	if a.policy.EscalateAfter > 0 {
		at, err := hours.After(a.stepAt, a.policy.EscalateAfter)
		if err != nil {
			return nil, err
		}
		escalateAt = at
	}
	var reminders []Reminder
	at := a.stepAt
	for n := 1; a.policy.RemindAfter > 0 && n <= maxReminders; n++ {
		next, err := hours.After(at, a.policy.RemindAfter)
		if err != nil {
			return nil, err
		}
		if at = next; !escalateAt.IsZero() && !at.Before(escalateAt) {
			break
		}
		reminders = append(reminders, Reminder{
			Key: a.reminderKey(fmt.Sprintf("remind-%d", n)), At: at, Due: !now.Before(at),
			Actors: a.awaited(step, now), Roles: step.Roles,
			Reason: a.waiting("approval.remind", step),
		})
	}
	if !escalateAt.IsZero() {
		reminders = append(reminders, Reminder{
			Key: a.reminderKey("escalate"), At: escalateAt, Due: !now.Before(escalateAt), Escalation: true,
			Roles: a.policy.EscalateTo, Reason: a.waiting("approval.escalate", step),
		})
	}
	return reminders, nil
}

func (a Approval) reminderKey(what string) string {
	return fmt.Sprintf("%s/v%d/%s/%s", a.subject, a.version, a.policy.Steps[a.step].Name, what)
}

// awaited lists the named people of the step who may still decide and everybody
// who stands in for somebody of the step.
func (a Approval) awaited(s ApprovalStep, now time.Time) []ActorID {
	var ids []ActorID
	add := func(id ActorID) {
		involved := !a.policy.AllowSelfApproval && slices.Contains(a.involved, id)
		if !involved && !a.spoken(id, id) && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, id := range s.Actors {
		add(id)
	}
	for _, d := range a.delegations {
		if s.names(d.principal) && !now.Before(d.from) && now.Before(d.until) && !a.spoken(d.principal.ID, d.principal.ID) {
			add(d.delegate)
		}
	}
	return ids
}

func (a Approval) waiting(code string, s ApprovalStep) Reason {
	have, need := a.progress()
	return Because(code, TextArg("subject", a.subject), CountArg("version", a.version),
		TextArg("step", s.Name), CountArg("have", have), CountArg("need", need))
}

// Reasons explains where the request stands at the instant.
func (a Approval) Reasons(now time.Time) []Reason {
	if a.IsZero() {
		return nil
	}
	s := a.State(now)
	if s == InReview {
		return []Reason{a.waiting("approval.in_review", a.policy.Steps[a.step])}
	}
	reasons := []Reason{Because("approval."+string(s), TextArg("subject", a.subject), CountArg("version", a.version))}
	last, found := a.last(s)
	if found {
		reasons = append(reasons, last.Reason())
	}
	return reasons
}

// last returns the entry that brought about a state, where one did.
func (a Approval) last(s ApprovalState) (ApprovalEntry, bool) {
	for _, e := range slices.Backward(a.trail) {
		brought := e.State == s && e.Action != ActionComment && e.Action != ActionDelegate && e.Action != ActionRevoke
		if s == OnHold {
			brought = e.Action == ActionHold
		}
		if brought {
			return e, true
		}
	}
	return ApprovalEntry{}, false
}
