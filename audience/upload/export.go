package upload

import (
	"iter"
	"strings"
	"time"

	"github.com/yukselenler/sosyal"
)

// Use is what an audience is for.
type Use string

// Uses.
const (
	// Target: ads are shown to these people.
	Target Use = "target"
	// Exclude: ads are kept from these people. It hands over the same data and
	// needs the same consent.
	Exclude Use = "exclude"
	// Seed: the platform looks for people who are like these.
	Seed Use = "seed"
	// Withdrawal is the use in records of [Exporter.Withdraw] and
	// [Exporter.Forget]; no request has it.
	Withdrawal Use = "withdrawal"
)

// Request asks for an audience to hold exactly the people of a segment.
type Request struct {
	Audience Audience
	// Segment is where the people come from, for the record.
	Segment sosyal.SegmentID
	// Attributes are the names of what the segment chooses people by, as
	// audience.Program.Attributes and audience.Publication have them; those that are
	// sensitive are refused. Nil is an error: an empty list says that nothing is
	// looked at.
	Attributes []string
	// Exception allows sensitive attributes where the policy of the exporter allows
	// exceptions and the platform does not forbid them. It is recorded.
	Exception *Exception
	// Use defaults to [Target].
	Use Use
	// By is who asks, Why what for in words: "autumn campaign, returning customers".
	By  sosyal.Actor
	Why string
	// Members are the people of the segment, all of them each time: who is not
	// among them leaves the audience, and so does who no longer consents or of whom
	// nothing is known any more that the platform matches by. The first error ends the export before
	// anything is sent. Of two with the same person the first counts.
	Members iter.Seq2[Recipient, error]
	// ID names the export and its record; by default it is made of the time and
	// the audience.
	ID string
}

// Exception says who allowed sensitive attributes, and why.
type Exception struct {
	By     sosyal.ActorID `json:"by"`
	Reason string         `json:"reason"`
	At     time.Time      `json:"at"`
}

// Validate reports missing parts.
func (r Request) Validate() error {
	var p sosyal.Problems
	p.Nest("audience", r.Audience.Validate())
	p.Nest("by", r.By.Validate())
	p.Require(strings.TrimSpace(r.Why) != "", "why", "is required", "")
	p.Require(r.Attributes != nil, "attributes", "is required; an empty list says that nothing is looked at", "")
	p.Require(r.Members != nil, "members", "is required", "")
	switch r.Use {
	case "", Target, Exclude, Seed:
	default:
		p.Add("use", "must be target, exclude or seed", string(r.Use))
	}
	if x := r.Exception; x != nil {
		p.Require(x.By != "", "exception.by", "is required", "")
		p.Require(strings.TrimSpace(x.Reason) != "", "exception.reason", "is required", "")
		p.Require(!x.At.IsZero(), "exception.at", "is required", "")
	}
	return p.Err()
}

// Status is how far an export came.
type Status string

// Statuses of exports.
const (
	// Running: it has begun. An export that stays so was cut off; the next one of
	// the audience turns its record into an interrupted one.
	Running Status = "running"
	// Complete: the audience holds whom it should, as far as the platform took them.
	Complete Status = "complete"
	// Partial: something was refused, is unknown or waits for the next export.
	Partial Status = "partial"
	// Interrupted: the process ended during the export. The tallies are what is
	// known of its batches; what it read is not.
	Interrupted Status = "interrupted"
)

// Tally counts people by what became of them.
type Tally struct {
	// Done: the platform took them.
	Done int `json:"done"`
	// Rejected: the platform took their batch but not them.
	Rejected int `json:"rejected,omitzero"`
	// Refused: the platform refused their batch.
	Refused int `json:"refused,omitzero"`
	// Unknown: their batch was sent, or may have been, and nobody knows whether it
	// arrived.
	Unknown int `json:"unknown,omitzero"`
	// Waiting: they were not sent this time.
	Waiting int `json:"waiting,omitzero"`
}

// Total is the number of people.
func (t Tally) Total() int { return t.Done + t.Rejected + t.Refused + t.Unknown + t.Waiting }

func (t Tally) settled() bool { return t.Refused+t.Unknown+t.Waiting == 0 }

// Export is the record of an export: who sent whom where, why and when, in
// numbers. It holds nothing about a single person.
type Export struct {
	ID       string           `json:"id"`
	Audience Audience         `json:"audience"`
	Segment  sosyal.SegmentID `json:"segment,omitzero"`
	Use      Use              `json:"use"`
	// By is who asked, without the name.
	By        sosyal.Actor `json:"by"`
	Why       string       `json:"why"`
	Consent   ConsentRule  `json:"consent"`
	Exception *Exception   `json:"exception,omitempty"`
	Status    Status       `json:"status"`
	Started   time.Time    `json:"started"`
	Ended     time.Time    `json:"ended,omitzero"`

	// Read is the number of people of the segment. It is the sum of Repeated,
	// Withheld, Unusable and Wanted.
	Read int `json:"read"`
	// Repeated were there already, Withheld have not consented, of Unusable nothing
	// is known that the platform matches by.
	Repeated int `json:"repeated,omitzero"`
	Withheld int `json:"withheld,omitzero"`
	Unusable int `json:"unusable,omitzero"`
	// Wanted should be in the audience: Kept are already, the others are added.
	Wanted int `json:"wanted"`
	Kept   int `json:"kept"`
	// BadIdentifiers were left out while others of the same person were sent.
	BadIdentifiers int `json:"bad_identifiers,omitzero"`
	// Added and Removed are the people that joined and left. Somebody who is sent
	// under other identifiers than before is in both, and somebody whose membership
	// is renewed is among the added.
	Added   Tally `json:"added"`
	Removed Tally `json:"removed"`
	// Batches is the number of calls.
	Batches int `json:"batches"`
	// Reasons explain what was withheld, refused or left open, and warn.
	Reasons []sosyal.Reason `json:"reasons,omitempty"`
}

// Validate reports a record without the parts that make it one.
func (x Export) Validate() error {
	var p sosyal.Problems
	p.Require(x.ID != "", "id", "is required", "")
	p.Nest("audience", x.Audience.Validate())
	p.Require(x.By.ID != "", "by.id", "is required", "")
	p.Require(x.Why != "", "why", "is required", "")
	p.Require(!x.Started.IsZero(), "started", "is required", "")
	p.Require(x.Read == x.Repeated+x.Withheld+x.Unusable+x.Wanted, "read", "must be the sum of its parts", "")
	p.Require(x.Status == Interrupted || x.Wanted == x.Kept+x.Added.Total(), "wanted", "must be the sum of kept and added", "")
	return p.Err()
}

// Exports returns a store for the records of exports over documents. Their
// state is the [Status], their parent stands for the audience.
func Exports(d sosyal.Documents) sosyal.Collection[Export] {
	return sosyal.Collection[Export]{
		Documents: d, Kind: "upload.export", Schema: 1,
		Index: func(x Export) sosyal.Index {
			return sosyal.Index{State: string(x.Status), Parent: parentOf(x.Audience), From: x.Started, To: x.Ended}
		},
	}
}

// parentOf stands for an audience where names must not be long.
func parentOf(a Audience) string { return BatchKey(a, 0) }
