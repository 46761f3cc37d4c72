package sosyal

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// Doc is a stored value as a store sees it: a body that it does not look into,
// and the few fields that it must be able to search by. Goals, segments, kits,
// content items, ad campaigns and what a host adds of its own all fit into one
// indexed table of these.
type Doc struct {
	// Kind and ID name the document within its brand. An id is unique within
	// its kind.
	Kind string `json:"kind"`
	ID   string `json:"id"`
	// Version counts the writes, from 1. Within a [DocChange] it is the version
	// that was read.
	Version int64 `json:"version"`
	// Schema is the number of the form in which Body is written.
	Schema int `json:"schema"`
	// State, Parent and Person are what documents are searched by; empty where
	// they do not apply. Person is the person whom the document is about, and
	// what [Forgetter] erases by.
	State  string   `json:"state,omitzero"`
	Parent string   `json:"parent,omitzero"`
	Person PersonID `json:"person,omitzero"`
	// From and To are the time of the document, half-open, with a zero end
	// standing for open. Both zero: the document has no time. Both the same: it
	// is of that instant. Stores return them in UTC.
	From time.Time `json:"from,omitzero"`
	To   time.Time `json:"to,omitzero"`
	// Body is JSON. A store may change its spacing and the order of its keys,
	// but not a digit of its numbers.
	Body json.RawMessage `json:"body"`
}

// DocChange is one change of a [Documents.Write].
type DocChange struct {
	// Doc is the document as it shall be. Doc.Version is the version that was
	// read and is replaced by the next one; 0 creates the document.
	Doc Doc
	// Delete deletes the document instead. Only Kind, ID and Version of Doc
	// count, and the version must not be 0.
	Delete bool
	// Events are announced if, and only if, the change is stored. What they
	// leave empty of Brand, ID and Subject is filled in by
	// [DocChange.Stored].
	Events []Event
}

// Documents is the port to where documents are kept: tables of the host, or
// one of the ready implementations ([MemoryDocuments], or the module
// examples/adapters/sqlstore). It must be safe for concurrent use; package
// sosyaltest holds an implementation to the contract.
//
// Everything happens within one brand. A store never shows, changes or counts
// a document of another one.
//
// All methods return the error of a context that is done, and an error that is
// [ErrInvalid] for names that [CheckNames] refuses. A store that also keeps
// events is an [Outbox], one that can erase a person is a [Forgetter].
type Documents interface {
	// Load returns a document. One that does not exist is [ErrNotFound].
	Load(ctx context.Context, brand BrandID, kind, id string) (Doc, error)

	// Write stores all changes and their events, or nothing at all. A change
	// that names a version other than the stored one, or creates what exists,
	// or changes what does not exist, makes it [ErrConflict]. Changes that
	// [CheckChanges] refuses make it [ErrInvalid].
	//
	// A created document has version 1 and every change adds 1; a deletion
	// takes a version too. A document that is created again after its deletion
	// goes on counting where it ended, so that a version never stands for two
	// different contents.
	Write(ctx context.Context, brand BrandID, changes ...DocChange) error

	// List yields the documents that the query asks for in ascending order of
	// their ids, compared byte by byte. After an error it yields nothing more.
	//
	// The store may be used from within the loop. A document that is written
	// meanwhile is yielded once, as it was before or after; one that nobody
	// touches is never left out.
	List(ctx context.Context, brand BrandID, q Query) iter.Seq2[Doc, error]
}

// Query says which documents of a brand to list. Fields left empty do not
// narrow the result; those that are set must all hold.
type Query struct {
	// Kind is the kind of the documents. [Documents.List] needs one; a
	// [Collection] fills in its own.
	Kind string
	// IDs and States narrow to the named ones.
	IDs    []string
	States []string
	Parent string
	Person PersonID
	// From and To narrow to documents whose time shares an instant with this
	// span: half-open, a zero end standing for open, both the same for that
	// instant. Documents without a time are left out as soon as one is set.
	From, To time.Time
	// After is the last id of the page before. Only greater ids are yielded.
	After string
	// Limit is the greatest number of documents; 0 for all.
	Limit int
}

// Matches reports whether a document of the query's brand is asked for, as far
// as a single document can tell: Limit is not looked at.
func (q Query) Matches(d Doc) bool {
	return d.Kind == q.Kind &&
		d.ID > q.After &&
		(len(q.IDs) == 0 || slices.Contains(q.IDs, d.ID)) &&
		(len(q.States) == 0 || slices.Contains(q.States, d.State)) &&
		(q.Parent == "" || d.Parent == q.Parent) &&
		(q.Person == "" || d.Person == q.Person) &&
		q.matchesTime(d)
}

func (q Query) matchesTime(d Doc) bool {
	if q.From.IsZero() && q.To.IsZero() {
		return true
	}
	if d.From.IsZero() && d.To.IsZero() {
		return false
	}
	return startsBefore(d.From, q.From, q.To) && startsBefore(q.From, d.From, d.To)
}

// startsBefore reports whether start lies before the end of the span from, to.
// The span of an instant ends right after it.
func startsBefore(start, from, to time.Time) bool {
	switch {
	case start.IsZero() || to.IsZero():
		return true
	case from.Equal(to):
		return !start.After(to)
	default:
		return start.Before(to)
	}
}

// Validate reports a missing kind, names that no document can have, a span
// that ends before it begins, and a negative limit.
func (q Query) Validate() error {
	var p Problems
	checkName(&p, "kind", q.Kind)
	for i, id := range q.IDs {
		checkName(&p, indexed("ids", i), id)
	}
	for i, state := range q.States {
		checkText(&p, indexed("states", i), state)
	}
	checkText(&p, "parent", q.Parent)
	checkPersonal(&p, "person", string(q.Person))
	checkText(&p, "after", q.After)
	checkSpan(&p, q.From, q.To)
	p.Require(q.Limit >= 0, "limit", "must not be negative", strconv.Itoa(q.Limit))
	return p.Err()
}

// Validate reports what a store cannot keep: see [CheckNames] for names; times
// must lie in the years 1678 to 2261 (what fits into nanoseconds since 1970)
// and in order; the body must be JSON in UTF-8.
func (d Doc) Validate() error {
	var p Problems
	checkName(&p, "kind", d.Kind)
	checkName(&p, "id", d.ID)
	p.Require(d.Version >= 0, "version", "must not be negative", strconv.FormatInt(d.Version, 10))
	p.Require(d.Schema >= 0, "schema", "must not be negative", strconv.Itoa(d.Schema))
	checkText(&p, "state", d.State)
	checkText(&p, "parent", d.Parent)
	checkPersonal(&p, "person", string(d.Person))
	checkSpan(&p, d.From, d.To)
	p.Require(json.Valid(d.Body) && utf8.Valid(d.Body), "body", "must be JSON in UTF-8", "")
	return p.Err()
}

// Stored returns what a store keeps once the change has been given its
// version: the document with that version and its times in UTC, and the events
// with what they left empty. An event without a subject is about the document,
// one without an id gets one that depends on nothing but the event and the
// version, so that every store gives the same.
func (c DocChange) Stored(brand BrandID, version int64) (Doc, []Event) {
	doc := c.Doc
	doc.Version = version
	doc.From, doc.To = instant(doc.From), instant(doc.To)
	doc.Body = bytes.Clone(doc.Body)
	events := make([]Event, len(c.Events))
	for i, e := range c.Events {
		events[i] = e.complete(brand, Subject{Kind: doc.Kind, ID: doc.ID, Version: version}, i)
	}
	return doc, events
}

// instant is t in UTC without a monotonic clock reading.
func instant(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Round(0)
}

// CheckNames reports names under which nothing can be stored. Brand, kind and
// id must be 1 to 255 bytes of valid UTF-8 without the character U+0000, which
// some databases cannot hold. Any other character will do, and names are
// compared byte by byte: upper and lower case differ, and so do composed and
// decomposed letters.
func CheckNames(brand BrandID, kind, id string) error {
	var p Problems
	checkName(&p, "brand", string(brand))
	checkName(&p, "kind", kind)
	checkName(&p, "id", id)
	return p.Err()
}

// CheckBrand reports a brand under which nothing can be stored.
func CheckBrand(brand BrandID) error {
	var p Problems
	checkName(&p, "brand", string(brand))
	return p.Err()
}

// CheckPerson reports a brand or person that cannot be stored or erased. The
// person never appears in the error.
func CheckPerson(brand BrandID, person PersonID) error {
	var p Problems
	checkName(&p, "brand", string(brand))
	p.Require(person != "", "person", "must not be empty", "")
	checkPersonal(&p, "person", string(person))
	return p.Err()
}

// CheckChanges reports changes that no store may accept, so that all of them
// refuse the same: invalid documents and events, a deletion without a version,
// events of another brand, and two changes of one document.
func CheckChanges(brand BrandID, changes []DocChange) error {
	var p Problems
	checkName(&p, "brand", string(brand))
	type name struct{ kind, id string }
	seen := make(map[name]bool, len(changes))
	for i, c := range changes {
		field := indexed("changes", i)
		if c.Delete {
			checkName(&p, field+".kind", c.Doc.Kind)
			checkName(&p, field+".id", c.Doc.ID)
			p.Require(c.Doc.Version > 0, field+".version", "must be the version to delete", strconv.FormatInt(c.Doc.Version, 10))
		} else {
			p.Nest(field, c.Doc.Validate())
		}
		key := name{c.Doc.Kind, c.Doc.ID}
		p.Require(!seen[key], field+".id", "must not be changed twice in one write", c.Doc.ID)
		seen[key] = true
		for j, e := range c.Events {
			p.Nest(field+"."+indexed("events", j), e.checkFor(brand))
		}
	}
	return p.Err()
}

// maxName is the greatest length of a name in bytes. Three of them fit into
// the index entry of every database that was looked at; the narrowest,
// PostgreSQL's, takes 2,704 bytes.
const maxName = 255

func checkName(p *Problems, field, name string) {
	p.Require(name != "", field, "must not be empty", "")
	checkText(p, field, name)
}

func checkText(p *Problems, field, text string) {
	if rule := textRule(text); rule != "" {
		p.Add(field, rule, text[:min(len(text), 40)])
	}
}

func checkPersonal(p *Problems, field, text string) {
	if rule := textRule(text); rule != "" {
		p.Add(field, rule, "")
	}
}

func textRule(text string) string {
	switch {
	case len(text) > maxName:
		return "must be at most " + strconv.Itoa(maxName) + " bytes long"
	case !utf8.ValidString(text):
		return "must be valid UTF-8"
	case bytes.IndexByte([]byte(text), 0) >= 0:
		return "must not hold the character U+0000"
	default:
		return ""
	}
}

func checkSpan(p *Problems, from, to time.Time) {
	checkInstant(p, "from", from)
	checkInstant(p, "to", to)
	if !from.IsZero() && !to.IsZero() && to.Before(from) {
		p.Add("to", "must not be before from", to.UTC().Format(time.RFC3339))
	}
}

func checkInstant(p *Problems, field string, t time.Time) {
	if !t.IsZero() && (t.UTC().Year() < 1678 || t.UTC().Year() > 2261) {
		p.Add(field, "must lie in the years 1678 to 2261", t.UTC().Format(time.RFC3339))
	}
}
