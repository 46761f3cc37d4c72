package upload

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/yukselenler/sosyal"
)

// AudienceID is the platform's id of a custom audience.
type AudienceID string

// Audience is a custom audience: a list of people that a brand keeps in an
// account on an ad platform.
type Audience struct {
	Brand    sosyal.BrandID   `json:"brand"`
	Platform Platform         `json:"platform"`
	Account  sosyal.AccountID `json:"account"`
	ID       AudienceID       `json:"id"`
}

// Validate reports missing parts and a brand that cannot be stored.
func (a Audience) Validate() error {
	var p sosyal.Problems
	p.Nest("", sosyal.CheckBrand(a.Brand))
	p.Require(a.Platform != "", "platform", "is required", "")
	p.Require(a.Account != "", "account", "is required", "")
	p.Require(a.ID != "", "id", "is required", "")
	return p.Err()
}

// String reads "meta/account/audience". The brand is left out because a caller
// works within one.
func (a Audience) String() string {
	return string(a.Platform) + "/" + string(a.Account) + "/" + string(a.ID)
}

// Action is what a batch does with its people.
type Action string

// Actions.
const (
	Add    Action = "add"
	Remove Action = "remove"
)

// Row is one person of a batch.
type Row struct {
	// Person is [sosyal.PersonDigest] of the person.
	Person string `json:"person"`
	Keys   []Key  `json:"keys"`
	// Value is what the person is worth to the shop, for a lookalike that weighs
	// its seed on a platform that takes it; nil elsewhere.
	Value *sosyal.Money `json:"value,omitempty"`
}

// same reports whether two rows say the same of the same person.
func (r Row) same(o Row) bool {
	return r.Person == o.Person && slices.Equal(r.Keys, o.Keys) && sameValue(r.Value, o.Value)
}

func sameValue(a, b *sosyal.Money) bool {
	return (a == nil) == (b == nil) && (a == nil || a.Equal(*b))
}

func (r Row) cloned() Row {
	r.Keys = slices.Clone(r.Keys)
	if r.Value != nil {
		value := *r.Value
		r.Value = &value
	}
	return r
}

// Rejection is a row that the platform did not take while it took others.
type Rejection struct {
	// Row is the place of the row in the batch.
	Row    int           `json:"row"`
	Reason sosyal.Reason `json:"reason"`
}

// Outcome is what is known to have become of a batch.
type Outcome string

// Outcomes. An open batch was about to be sent: whether it arrived is not known
// until another outcome is recorded.
const (
	Open Outcome = "open"
	// Done: the platform took the batch, except for the rows that it rejected.
	Done Outcome = "done"
	// Refused: the platform took nothing of it.
	Refused Outcome = "refused"
	// Lost: it is known that the batch never arrived.
	Lost Outcome = "lost"
	// Superseded: it is not known whether it arrived, and no longer matters: later
	// batches have brought everybody in it to where they belong.
	Superseded Outcome = "superseded"
)

func (o Outcome) known() bool {
	switch o {
	case Open, Done, Refused, Lost, Superseded:
		return true
	default:
		return false
	}
}

// Batch is one call to an ad platform, and its record.
type Batch struct {
	// Key is the same however often the batch is sent, and never that of another:
	// [BatchKey] of audience and sequence.
	Key      string   `json:"key"`
	Audience Audience `json:"audience"`
	// Sequence counts the batches of the audience from 1.
	Sequence int64  `json:"sequence"`
	Action   Action `json:"action"`
	// Rows are the people, ordered by Row.Person. Whoever a later batch has brought
	// to where he belongs, or who was erased, is gone from the record, and all are
	// once the outcome is known; Size stays.
	Rows []Row `json:"rows,omitempty"`
	Size int   `json:"size"`
	// Export is the id of the export that the batch belongs to, By who asked for it.
	Export  string         `json:"export"`
	By      sosyal.ActorID `json:"by"`
	At      time.Time      `json:"at"`
	Outcome Outcome        `json:"outcome"`
	// Ended is when the outcome was recorded.
	Ended time.Time `json:"ended,omitzero"`
	// Rejections are the rows that were not taken, ascending; they are gone from
	// the record like the rows, and Rejected, their number, stays.
	Rejections []Rejection `json:"rejections,omitempty"`
	Rejected   int         `json:"rejected,omitzero"`
	// Reason says why a batch was refused, or who decided what became of it.
	Reason sosyal.Reason `json:"reason,omitzero"`
}

// BatchKey returns the key of the batch at a place in the sequence of an
// audience: 64 hexadecimal digits.
func BatchKey(a Audience, sequence int64) string {
	h := sha256.New()
	for _, part := range []string{"upload batch", string(a.Brand), string(a.Platform), string(a.Account), string(a.ID)} {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		h.Write([]byte(part))
	}
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(sequence)))
	return hex.EncodeToString(h.Sum(nil))
}

// Validate reports everything that no [State] may accept.
func (b Batch) Validate() error {
	var p sosyal.Problems
	p.Nest("audience", b.Audience.Validate())
	p.Require(b.Sequence > 0, "sequence", "must be positive", fmt.Sprint(b.Sequence))
	p.Require(b.Key == BatchKey(b.Audience, b.Sequence), "key", "must be the key of audience and sequence", b.Key)
	p.Require(b.Action == Add || b.Action == Remove, "action", "must be add or remove", string(b.Action))
	p.Require(b.Export != "", "export", "is required", "")
	p.Require(b.By != "", "by", "is required", "")
	p.Require(!b.At.IsZero(), "at", "is required", "")
	p.Require(b.Outcome.known(), "outcome", "must be open, done, refused, lost or superseded", string(b.Outcome))
	p.Require(b.Outcome == Open || !b.Ended.IsZero(), "ended", "is required of an outcome", "")
	p.Require(b.Outcome != Open || b.Ended.IsZero(), "ended", "must not be set of an open batch", "")
	p.Require(b.Size > 0 && len(b.Rows) <= b.Size, "size", "must be the number of rows that the batch began with", fmt.Sprint(b.Size))
	p.Require(b.Outcome != Open || len(b.Rows) > 0, "rows", "must hold a person", "")
	for i, row := range b.Rows {
		field := fmt.Sprintf("rows[%d]", i)
		p.Require(row.Person != "", field+".person", "is required", "")
		p.Require(i == 0 || b.Rows[i-1].Person < row.Person, field+".person", "must follow the one before in order, once", "")
		p.Require(len(row.Keys) > 0, field+".keys", "must hold a key", "")
	}
	p.Nest("", Result{Rejections: b.Rejections}.Validate(len(b.Rows)))
	return p.Err()
}

// accepted reports whether the platform took a row.
func (b Batch) accepted(row int) bool {
	_, rejected := slices.BinarySearchFunc(b.Rejections, row, func(r Rejection, row int) int { return r.Row - row })
	return !rejected
}

// Member is a person in an audience, as far as it is known.
type Member struct {
	Audience Audience `json:"audience"`
	// Row is what was sent last.
	Row
	// Since is when the batch that brought it ended.
	Since time.Time `json:"since"`
}

// Settle yields what a batch whose outcome is [Done] makes of the people whom its
// record still holds: the row to keep of whoever is a member now, nil for whoever
// is none any more. A rejected row changes nothing, other outcomes change nobody.
func (b Batch) Settle(record Batch) iter.Seq2[string, *Row] {
	return func(yield func(string, *Row) bool) {
		if b.Outcome != Done {
			return
		}
		for i, row := range b.Rows {
			if _, held := record.row(row.Person); !held || !b.accepted(i) {
				continue
			}
			var kept *Row
			if b.Action == Add {
				own := row.cloned()
				kept = &own
			}
			if !yield(row.Person, kept) {
				return
			}
		}
	}
}

// row returns the row of a person.
func (b Batch) row(person string) (Row, bool) {
	i, found := slices.BinarySearchFunc(b.Rows, person, func(r Row, person string) int { return strings.Compare(r.Person, person) })
	if !found {
		return Row{}, false
	}
	return b.Rows[i], true
}

// drop takes a person out of the record, and reports whether he was in it.
func (b *Batch) drop(person string) bool {
	before := len(b.Rows)
	b.Rows = slices.DeleteFunc(b.Rows, func(r Row) bool { return r.Person == person })
	return len(b.Rows) < before
}

// closed returns the record of a batch whose outcome is known: without people.
func (b Batch) closed() Batch {
	b.Rejected = len(b.Rejections)
	b.Rows, b.Rejections = nil, nil
	return b
}

func (b Batch) cloned() Batch {
	rows := make([]Row, len(b.Rows))
	for i, r := range b.Rows {
		rows[i] = r.cloned()
	}
	if b.Rows != nil {
		b.Rows = rows
	}
	b.Rejections = slices.Clone(b.Rejections)
	return b
}
