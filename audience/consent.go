package audience

import (
	"slices"
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

// Validate reports a consent without purpose, source or time, outside of the years
// 1990 to 2100 or with texts that no database could keep, with an unknown
// status, a grant without the version of its text, and an expiry that is not
// after the consent.
func (c Consent) Validate() error {
	var p sosyal.Problems
	p.Require(c.Purpose != "", "purpose", "is required", "")
	p.Require(strings.TrimSpace(c.Source) != "", "source", "is required", "")
	p.Require(!c.At.IsZero(), "at", "is required", "")
	if rule, bad := absurd(c.At); bad && !c.At.IsZero() {
		p.Add("at", rule, c.At.Format(time.DateOnly))
	}
	checkText(&p, "purpose", string(c.Purpose))
	checkText(&p, "channel", string(c.Channel))
	checkText(&p, "source", c.Source)
	checkText(&p, "text_version", c.TextVersion)
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
	for i := range consents {
		switch c := &consents[i]; {
		case !counts(consents, i, purpose, channel, now):
		case c.refuses():
			return false
		case c.grants(now):
			granted = true
		}
	}
	return granted
}

// GrantedBy is [Granted] by each of the sources on its own: commercial messages
// in Turkey need the shop's consent and the register's permission. A refusal that
// any other source keeps counts as well. Without sources nothing is granted.
func GrantedBy(consents []Consent, purpose Purpose, channel Channel, now time.Time, sources ...string) bool {
	granted := make([]bool, len(sources))
	for i := range consents {
		switch c := &consents[i]; {
		case !counts(consents, i, purpose, channel, now):
		case c.refuses():
			return false
		case c.grants(now):
			for j, source := range sources {
				granted[j] = granted[j] || source == c.Source
			}
		}
	}
	return len(sources) > 0 && !slices.Contains(granted, false)
}

// counts reports whether a statement is what its source said last about the
// channel, or about all channels.
func counts(consents []Consent, i int, purpose Purpose, channel Channel, now time.Time) bool {
	c := &consents[i]
	if !c.concerns(purpose, channel, now) {
		return false
	}
	for j := range consents {
		o := &consents[j]
		if o.Source == c.Source && o.Channel == c.Channel && o.concerns(purpose, channel, now) && o.outweighs(*c) {
			return false
		}
	}
	return true
}

func (c *Consent) concerns(purpose Purpose, channel Channel, now time.Time) bool {
	return c.Purpose == purpose && (c.Channel == channel || c.Channel == AnyChannel) && !c.At.After(now)
}

func (c *Consent) refuses() bool { return c.Status == ConsentDenied || c.Status == ConsentWithdrawn }

func (c *Consent) grants(now time.Time) bool {
	return c.Status == ConsentGranted && (c.Expires.IsZero() || now.Before(c.Expires))
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
