package upload

import (
	"time"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// ConsentRule is the consent that a person must have given to be added to an
// audience. The zero rule asks for what the platform's facts ask for, over the
// channel of ads, from any source.
type ConsentRule struct {
	// Purposes must all be granted. Default: those of the platform's facts, which
	// are [audience.AdUserData] and [audience.AdPersonalization].
	Purposes []audience.Purpose `json:"purposes,omitempty"`
	// Channel is the channel that the consent must be for. Default:
	// [audience.Ads]. A grant for all channels counts as well.
	Channel audience.Channel `json:"channel,omitzero"`
	// Sources must each have recorded the consent, as [audience.GrantedBy] says.
	// None means that any one will do. The Turkish register İYS keeps permissions
	// for messages and calls; a host that wants it to count for ads names it here.
	Sources []string `json:"sources,omitempty"`
}

// Granted reports whether the rule is met at an instant: every purpose granted,
// nothing denied, withdrawn or expired. A rule without purposes is met by
// nobody.
func (r ConsentRule) Granted(consents []audience.Consent, now time.Time) bool {
	for _, purpose := range r.Purposes {
		granted := audience.Granted(consents, purpose, r.Channel, now)
		if len(r.Sources) > 0 {
			granted = audience.GrantedBy(consents, purpose, r.Channel, now, r.Sources...)
		}
		if !granted {
			return false
		}
	}
	return len(r.Purposes) > 0
}

// on returns the rule with the defaults of a platform.
func (r ConsentRule) on(facts PlatformFacts) ConsentRule {
	if len(r.Purposes) == 0 {
		for _, fact := range facts.Purposes {
			r.Purposes = append(r.Purposes, fact.Purpose)
		}
	}
	if r.Channel == audience.AnyChannel {
		r.Channel = audience.Ads
	}
	return r
}

// Recipient is a person whom a segment holds, with what is needed to send him:
// who he is, what he can be matched by, and what he said.
type Recipient struct {
	Person      sosyal.PersonID
	Identifiers Identifiers
	Consents    []audience.Consent
	// Value is what the person is worth, for a seed that is weighed by value; nil
	// elsewhere. It must not be negative.
	Value *sosyal.Money
}
