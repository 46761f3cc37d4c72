package budget

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
)

// BookID names a chain of entries of a brand; a budget has one.
type BookID string

// EntryKind is what an entry does.
type EntryKind string

// Kinds of entries.
const (
	EntryPlan    EntryKind = "plan"    // a version of the budget plans more or less for a line
	EntryApprove EntryKind = "approve" // an approved request makes money available
	EntryReserve EntryKind = "reserve" // money is committed and no longer available
	EntryPost    EntryKind = "post"    // money was spent
	EntryVoid    EntryKind = "void"    // what is left of a reservation returns
	EntryExpire  EntryKind = "expire"  // the same, because its time is over
	EntryCorrect EntryKind = "correct" // spend was restated, by a platform or a person
	EntryReverse EntryKind = "reverse" // an earlier entry is undone, once
)

// EntryKinds returns the kinds above in a fixed order.
func EntryKinds() []EntryKind {
	return []EntryKind{
		EntryPlan, EntryApprove, EntryReserve, EntryPost, EntryVoid, EntryExpire, EntryCorrect, EntryReverse,
	}
}

// Bucket is the state in which money of a line is.
type Bucket string

// Buckets. Planned and Authority have a counter-account each, so that every
// entry sums to zero: what is planned comes from PlanSource, and what becomes
// available from Authority, whose balance is therefore minus all that was ever
// approved. Approved = Available + Committed + Spent at every point.
const (
	PlanSource Bucket = "plan_source"
	Planned    Bucket = "planned"
	Authority  Bucket = "authority"
	Available  Bucket = "available"
	Committed  Bucket = "committed"
	Spent      Bucket = "spent"
)

// Buckets returns the buckets above in a fixed order.
func Buckets() []Bucket {
	return []Bucket{PlanSource, Planned, Authority, Available, Committed, Spent}
}

// Account is a bucket of a line.
type Account struct {
	Line   LineID `json:"line"`
	Bucket Bucket `json:"bucket"`
}

// Posting moves units into an account, or out of it where they are negative.
type Posting struct {
	Account

	// Units are minor units of the entry's currency.
	Units int64 `json:"units"`
}

// Entry is one record of a book: what happened, when, by whom and why, and the
// postings by which it moved money.
type Entry struct {
	// Brand, Book, Sequence, Previous and Hash are set when the entry is
	// appended. Sequence counts from 1 without gaps.
	Brand    sosyal.BrandID `json:"brand"`
	Book     BookID         `json:"book"`
	Sequence int64          `json:"sequence"`
	Previous Hash           `json:"previous"`
	Hash     Hash           `json:"hash"`

	// Key makes an append safe to repeat: it is unique in its book and bound to
	// the rest of the input.
	Key  string         `json:"key"`
	Kind EntryKind      `json:"kind"`
	At   time.Time      `json:"at"`
	By   sosyal.ActorID `json:"by"`
	// Why is shown to people who ask what happened.
	Why []sosyal.Reason `json:"why,omitempty"`

	Currency string    `json:"currency"`
	Postings []Posting `json:"postings"`

	// Request is the request that approved the money: of entries of the kinds
	// approve and reserve.
	Request RequestID `json:"request,omitzero"`
	// Refers is the key of an earlier entry: the reservation that a post, a void
	// or an expiry takes money from, the undone post of a reversal, and of a
	// correction the corrected post or, where a source reports, the reservation.
	Refers string `json:"refers,omitzero"`
	// Expires is when a reservation returns by itself; zero: never.
	Expires time.Time `json:"expires,omitzero"`

	// Source, Day and Reported describe spend: who reported it (empty: a
	// person), the day it was spent on in the budget's zone, and when the source
	// reported it.
	Source   string    `json:"source,omitzero"`
	Day      date.Date `json:"-"`
	Reported time.Time `json:"reported,omitzero"`
}

// Validate reports missing parts, an unknown kind, bucket or currency, postings
// that are fewer than two, zero, or do not sum to zero, and an account that is
// moved twice.
func (e Entry) Validate() error {
	var p sosyal.Problems
	p.Require(e.Key != "", "key", "must not be empty", "")
	p.Require(slices.Contains(EntryKinds(), e.Kind), "kind", "must be a kind of entry", string(e.Kind))
	p.Require(!e.At.IsZero(), "at", "must be set", "")
	p.Require(e.By != "", "by", "must not be empty", "")
	if _, err := sosyal.MoneyFromMinor(0, e.Currency); err != nil {
		p.Add("currency", "must be an ISO 4217 code", e.Currency)
	}
	p.Require(len(e.Postings) >= 2, "postings", "must be at least two", fmt.Sprint(len(e.Postings)))
	var sum int64
	fits := true
	for i, posting := range e.Postings {
		field := fmt.Sprintf("postings[%d]", i)
		p.Require(posting.Line != "", field+".line", "must not be empty", "")
		p.Require(slices.Contains(Buckets(), posting.Bucket), field+".bucket", "must be a bucket", string(posting.Bucket))
		p.Require(posting.Units != 0, field+".units", "must not be zero", "")
		for _, other := range e.Postings[:i] {
			p.Require(other.Account != posting.Account, field, "must not move the same account twice", string(posting.Line))
		}
		var ok bool
		sum, ok = addUnits(sum, posting.Units)
		fits = fits && ok
	}
	p.Require(fits, "postings", "must fit 64 bits", "")
	p.Require(!fits || sum == 0, "postings", "must sum to zero", fmt.Sprint(sum))
	return p.Err()
}

// Amount returns the units that the entry moves into a bucket, over all lines.
func (e Entry) Amount(b Bucket) int64 {
	var units int64
	for _, p := range e.Postings {
		if p.Bucket == b {
			units += p.Units
		}
	}
	return units
}

// addUnits adds without overflow.
func addUnits(a, b int64) (int64, bool) {
	sum := a + b
	return sum, (sum > a) == (b > 0)
}

type entryJSON struct {
	entryFields

	Day string `json:"day,omitempty"`
}

type entryFields Entry

// MarshalJSON writes the fields in snake_case, instants in UTC and the day as
// 2026-11-03, left out where there is none.
func (e Entry) MarshalJSON() ([]byte, error) {
	raw := entryJSON{entryFields: entryFields(e)}
	if e.Day != 0 {
		raw.Day = e.Day.String()
	}
	return json.Marshal(raw)
}

// UnmarshalJSON reads what [Entry.MarshalJSON] writes.
func (e *Entry) UnmarshalJSON(data []byte) error {
	var raw entryJSON
	if err := json.Unmarshal(data, &raw); err != nil {
		return fmt.Errorf("read ledger entry: %w", err)
	}
	if raw.Day != "" {
		day, err := sosyal.ParseDate(raw.Day)
		if err != nil {
			return fmt.Errorf("read ledger entry: day: %w", err)
		}
		raw.entryFields.Day = day
	}
	*e = Entry(raw.entryFields)
	return nil
}
