package sosyal

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"time"
)

// Event says that something happened: a content item was approved, a limit was
// passed, an alarm was raised. Services hand events to their Observe function
// for metrics and traces; those that people must hear of are written with the
// change that caused them and reach a [Notifier] through an [Outbox].
//
// An event names what it is about and carries no personal data itself.
type Event struct {
	// ID is the same however often the event is delivered, and unique within
	// the brand: whoever must not act twice remembers it.
	ID    string  `json:"id"`
	Brand BrandID `json:"brand"`
	// Kind is what happened, prefixed by the package: "calendar.item.approved".
	Kind    string    `json:"kind"`
	Subject Subject   `json:"subject,omitzero"`
	At      time.Time `json:"at"`
	// Actor is who did it, empty where nobody in particular did.
	Actor ActorID `json:"actor,omitzero"`
	// Reason says what happened in words; a [Catalogue] turns it into text.
	Reason Reason `json:"reason,omitzero"`
}

// Subject names the version of a document, or another thing, that an [Event] is
// about. Events of one subject, whatever its version, are delivered in order.
type Subject struct {
	Kind    string `json:"kind"`
	ID      string `json:"id"`
	Version int64  `json:"version,omitzero"`
}

// String reads "goal/autumn@3", without the version where there is none.
func (s Subject) String() string {
	text := s.Kind + "/" + s.ID
	if s.Version != 0 {
		text += "@" + strconv.FormatInt(s.Version, 10)
	}
	return text
}

// Validate reports a missing kind, a missing time, and names that cannot be
// stored.
func (e Event) Validate() error {
	p := e.problems()
	return p.Err()
}

func (e Event) problems() Problems {
	var p Problems
	checkText(&p, "id", e.ID)
	checkName(&p, "kind", e.Kind)
	checkText(&p, "subject.kind", e.Subject.Kind)
	checkText(&p, "subject.id", e.Subject.ID)
	checkText(&p, "actor", string(e.Actor))
	p.Require(!e.At.IsZero(), "at", "must be set", "")
	checkInstant(&p, "at", e.At)
	return p
}

// checkFor is Validate within a brand.
func (e Event) checkFor(brand BrandID) error {
	p := e.problems()
	p.Require(e.Brand == "" || e.Brand == brand, "brand", "must be the brand of the write", string(e.Brand))
	return p.Err()
}

// complete fills in what the event leaves empty. position is the place of the
// event in its change, which tells apart two events that are otherwise alike.
func (e Event) complete(brand BrandID, of Subject, position int) Event {
	e.Brand = brand
	e.At = instant(e.At)
	if e.Subject.Kind == "" && e.Subject.ID == "" {
		e.Subject.Kind, e.Subject.ID = of.Kind, of.ID
	}
	if e.Subject.Version == 0 && e.Subject.Kind == of.Kind && e.Subject.ID == of.ID {
		e.Subject.Version = of.Version
	}
	if e.ID == "" {
		e.ID = digest(
			"event", string(brand), e.Kind,
			of.Kind, of.ID, strconv.FormatInt(of.Version, 10),
			strconv.Itoa(position),
		)[:32]
	}
	return e
}

// digest is the hexadecimal SHA-256 of the parts, each with its length before
// it, so that no two lists of parts give the same input.
func digest(parts ...string) string {
	h := sha256.New()
	var size [8]byte
	for _, part := range parts {
		binary.BigEndian.PutUint64(size[:], uint64(len(part)))
		h.Write(size[:])
		h.Write([]byte(part))
	}
	return hex.EncodeToString(h.Sum(nil))
}
