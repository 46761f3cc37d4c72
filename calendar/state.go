package calendar

import (
	"fmt"
	"slices"

	"github.com/yukselenler/sosyal"
)

// State is where a variant, and through its variants an item, stands.
type State string

// States. PartlyPublished belongs to items alone: some of their variants are
// published, others are not.
const (
	StateIdea            State = "idea"
	StateDraft           State = "draft"
	StateInReview        State = "in_review"
	StateApproved        State = "approved"
	StateScheduled       State = "scheduled"
	StatePublishing      State = "publishing"
	StatePublished       State = "published"
	StatePartlyPublished State = "partly_published"
	StateFailed          State = "failed"
	StateMissed          State = "missed"
	StateHeld            State = "held"
	StateCancelled       State = "cancelled"
)

// States returns all states in the order of the work.
func States() []State {
	return []State{
		StateIdea, StateDraft, StateInReview, StateApproved, StateScheduled, StatePublishing,
		StatePublished, StatePartlyPublished, StateFailed, StateMissed, StateHeld, StateCancelled,
	}
}

// Next returns the states that a variant may go to from s. Published and
// cancelled are final: what was published is history.
//
// A hold may come at any time before publishing begins; from it the variant goes
// back to where it was ([Variant.HeldFrom]) or is cancelled.
func (s State) Next() []State {
	switch s {
	case StateIdea:
		return []State{StateDraft, StateCancelled}
	case StateDraft:
		return []State{StateInReview, StateHeld, StateCancelled}
	case StateInReview:
		return []State{StateDraft, StateApproved, StateHeld, StateCancelled}
	case StateApproved:
		return []State{StateInReview, StateScheduled, StateHeld, StateCancelled}
	case StateScheduled:
		return []State{StateInReview, StateApproved, StatePublishing, StateMissed, StateHeld, StateCancelled}
	case StatePublishing:
		return []State{StatePublished, StateFailed}
	case StateFailed, StateMissed:
		return []State{StateInReview, StateScheduled, StateHeld, StateCancelled}
	case StateHeld:
		return []State{StateDraft, StateInReview, StateApproved, StateScheduled, StateFailed, StateMissed, StateCancelled}
	case StatePublished, StatePartlyPublished, StateCancelled:
		return nil
	default:
		return nil
	}
}

// Known reports whether s is one of [States].
func (s State) Known() bool { return slices.Contains(States(), s) }

// Settled reports whether the planner leaves the time of a variant in this state
// alone: it is on its way, out, or given up.
func (s State) Settled() bool {
	switch s {
	case StateScheduled, StatePublishing, StatePublished, StatePartlyPublished, StateCancelled:
		return true
	case StateIdea, StateDraft, StateInReview, StateApproved, StateFailed, StateMissed, StateHeld:
		return false
	default:
		return false
	}
}

// TransitionError says that the transition table has no way from one state to
// another. It is [sosyal.ErrInvalid].
type TransitionError struct {
	From, To State
}

// Error names both states.
func (e TransitionError) Error() string {
	return fmt.Sprintf("state: cannot go from %s to %s", e.From, e.To)
}

// Is reports whether target is [sosyal.ErrInvalid].
func (e TransitionError) Is(target error) bool { return target == sosyal.ErrInvalid }

// Become returns the variant in another state, or a [TransitionError]. Going to
// scheduled needs a time. A held variant returns only to the state it was held
// from, or is cancelled.
func (v Variant) Become(to State) (Variant, error) {
	if !slices.Contains(v.State.Next(), to) || (v.State == StateHeld && to != v.HeldFrom && to != StateCancelled) {
		return v, TransitionError{From: v.State, To: to}
	}
	if to == StateScheduled && v.At == (sosyal.LocalTime{}) {
		return v, sosyal.FieldError{Field: "at", Rule: "is required before a variant is scheduled"}
	}
	if to == StateHeld {
		v.HeldFrom = v.State
	} else {
		v.HeldFrom = ""
	}
	v.State = to
	return v, nil
}

// State returns the state of the item, derived from its variants:
//
//   - without variants it is an idea; with all of them cancelled it is cancelled,
//     and cancelled variants do not count otherwise;
//   - all published is published, some published is partly published;
//   - else one that is being published, then held, failed or missed decides, in
//     that order, since a person has to look;
//   - else the variant that is furthest behind.
func (it Item) State() State {
	if len(it.Variants) == 0 {
		return StateIdea
	}
	counts := map[State]int{}
	for _, v := range it.Variants {
		counts[v.State]++
	}
	alive := len(it.Variants) - counts[StateCancelled]
	switch published := counts[StatePublished]; {
	case alive == 0:
		return StateCancelled
	case published == alive:
		return StatePublished
	case published > 0:
		return StatePartlyPublished
	}
	for _, s := range []State{
		StatePublishing, StateHeld, StateFailed, StateMissed,
		StateIdea, StateDraft, StateInReview, StateApproved,
	} {
		if counts[s] > 0 {
			return s
		}
	}
	return StateScheduled
}
