package audience

import (
	"strings"
	"time"

	"github.com/yukselenler/sosyal"
)

// Purpose is what a person may be addressed or processed for.
type Purpose string

// Purposes. Hosts may use others.
const (
	// Marketing is advertising sent to the person. In Turkey it also needs the
	// permission in the central register, which is a consent with its own source.
	Marketing Purpose = "marketing"
	// AdUserData is handing the person's identifiers to an ad platform.
	AdUserData Purpose = "ad_user_data"
	// AdPersonalization is advertising chosen by what is known of the person.
	AdPersonalization Purpose = "ad_personalization"
)

// Channel is how the person is reached; [AnyChannel] stands for all of them.
type Channel string

// Channels. Hosts may use others, such as the name of an ad platform.
const (
	AnyChannel Channel = ""
	Email      Channel = "email"
	SMS        Channel = "sms"
	Call       Channel = "call"
	Ads        Channel = "ads"
)

// ConsentStatus is what a person said.
type ConsentStatus string

// Statuses of consents. The empty status is unknown, which is not granted.
const (
	ConsentGranted   ConsentStatus = "granted"
	ConsentDenied    ConsentStatus = "denied"
	ConsentWithdrawn ConsentStatus = "withdrawn"
)

// Consent is one thing that a person said about one purpose and channel, as
// evidence: where it was said, under which text and when.
type Consent struct {
	Purpose Purpose       `json:"purpose"`
	Channel Channel       `json:"channel,omitzero"`
	Status  ConsentStatus `json:"status,omitzero"`
	// Source is who keeps the record: "shop", or "iys" for the Turkish register
	// of commercial message permissions (Law 6563), which stands beside the
	// shop's own.
	Source string `json:"source"`
	// TextVersion identifies the text that was agreed to.
	TextVersion string    `json:"text_version,omitzero"`
	At          time.Time `json:"at"`
	// Expires is the instant from which a grant no longer holds; zero: never.
	Expires time.Time `json:"expires,omitzero"`
}

// Validate reports a consent without purpose, source or time, with an unknown
// status, a grant without the version of its text, and an expiry that is not
// after the consent.
func (c Consent) Validate() error {
	var p sosyal.Problems
	p.Require(c.Purpose != "", "purpose", "is required", "")
	p.Require(strings.TrimSpace(c.Source) != "", "source", "is required", "")
	p.Require(!c.At.IsZero(), "at", "is required", "")
	switch c.Status {
	case "", ConsentGranted, ConsentDenied, ConsentWithdrawn:
	default:
		p.Add("status", "must be granted, denied or withdrawn", string(c.Status))
	}
	p.Require(c.Status != ConsentGranted || c.TextVersion != "", "text_version", "is required of a grant", "")
	p.Require(c.Expires.IsZero() || c.Expires.After(c.At), "expires", "must be after at", c.Expires.Format(time.RFC3339))
	return p.Err()
}

// Granted reports whether a person may be addressed for a purpose over a channel
// at an instant. What nobody said is not granted.
//
// Of each source, what it said last about the channel counts, and so does what
// it said last about all channels. One of them must be a grant that has not
// expired, and none may be a denial or withdrawal: a general grant does not
// undo a refusal of one channel, nor one source's grant another's refusal. Of
// two statements at the same instant the refusal counts, before what says
// neither, and of two grants the one that expires first.
func Granted(consents []Consent, purpose Purpose, channel Channel, now time.Time) bool {
	granted := false
	for _, c := range latest(consents, purpose, channel, now) {
		switch c.Status {
		case ConsentGranted:
			granted = granted || c.Expires.IsZero() || now.Before(c.Expires)
		case ConsentDenied, ConsentWithdrawn:
			return false
		}
	}
	return granted
}

// GrantedBy is [Granted] by each of the sources on its own: commercial messages
// in Turkey need the shop's consent and the register's permission.
func GrantedBy(consents []Consent, purpose Purpose, channel Channel, now time.Time, sources ...string) bool {
	for _, source := range sources {
		var own []Consent
		for _, c := range consents {
			if c.Source == source {
				own = append(own, c)
			}
		}
		if !Granted(own, purpose, channel, now) {
			return false
		}
	}
	return len(sources) > 0 && Granted(consents, purpose, channel, now)
}

// speaker is a source speaking about a channel.
type speaker struct {
	source  string
	channel Channel
}

// latest returns what each source said last about the channel and about all
// channels.
func latest(consents []Consent, purpose Purpose, channel Channel, now time.Time) map[speaker]Consent {
	last := map[speaker]Consent{}
	for _, c := range consents {
		if c.Purpose != purpose || c.At.After(now) || (c.Channel != channel && c.Channel != AnyChannel) {
			continue
		}
		key := speaker{c.Source, c.Channel}
		if before, ok := last[key]; !ok || c.outweighs(before) {
			last[key] = c
		}
	}
	return last
}

// outweighs reports whether of two statements of a source about a channel this
// one counts. It does not depend on the order in which they are kept.
func (c Consent) outweighs(other Consent) bool {
	if !c.At.Equal(other.At) {
		return c.At.After(other.At)
	}
	if a, b := c.Status.rank(), other.Status.rank(); a != b {
		return a > b
	}
	return !c.Expires.IsZero() && (other.Expires.IsZero() || c.Expires.Before(other.Expires))
}

// rank orders what is said at the same instant by how much it holds back.
func (s ConsentStatus) rank() int {
	switch s {
	case ConsentDenied, ConsentWithdrawn:
		return 2
	case ConsentGranted:
		return 0
	default:
		return 1
	}
}
