package sosyal

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"time"
)

// Collection keeps values of one type in [Documents] as JSON. It implements
// [Store].
//
// The JSON form of a value changes over the years; Schema is the number of the
// present one. Values that were stored under a lower number are brought up to
// date when they are read, one number at a time, and stored in the new form
// when they are next written. Values of a higher number were written by a newer
// program: reading them is [ErrUnsupported], so nothing is lost by writing them
// back without what the older program does not know.
type Collection[T any] struct {
	Documents Documents
	// Kind is the kind of the documents, such as "planning.goal".
	Kind string
	// Schema is the number of the present form; at least 1.
	Schema int
	// Upgrades[n] turns JSON of schema n into JSON of schema n+1.
	Upgrades map[int]Upgrade
	// Index returns what a value can be searched by; nil for nothing.
	Index func(T) Index
}

// Upgrade rewrites a stored body into the next schema's form.
type Upgrade func(json.RawMessage) (json.RawMessage, error)

// Index is what a stored value can be searched by. The fields are those of
// [Doc].
type Index struct {
	State    string
	Parent   string
	Person   PersonID
	From, To time.Time
}

// Load returns a value.
func (c Collection[T]) Load(ctx context.Context, brand BrandID, id string) (Stored[T], error) {
	if err := c.Validate(); err != nil {
		return Stored[T]{}, err
	}
	doc, err := c.Documents.Load(ctx, brand, c.Kind, id)
	if err != nil {
		return Stored[T]{}, err
	}
	return c.decode(doc)
}

// Write stores all changes and their events, or nothing at all. A value that
// has a Validate method and is not valid is refused with its error.
func (c Collection[T]) Write(ctx context.Context, brand BrandID, changes ...Change[T]) error {
	if err := c.Validate(); err != nil {
		return err
	}
	docs := make([]DocChange, len(changes))
	var p Problems
	for i, change := range changes {
		doc, err := c.Change(change)
		p.Nest(indexed("changes", i), err)
		docs[i] = doc
	}
	if err := p.Err(); err != nil {
		return fmt.Errorf("%s: %w", c.Kind, err)
	}
	return c.Documents.Write(ctx, brand, docs...)
}

// Change returns a change as one of a document. It serves to write values of
// several collections over the same Documents in one go:
//
//	a, err := goals.Change(sosyal.Create("autumn", goal))
//	b, err := plans.Change(stored.Change(plan))
//	err = documents.Write(ctx, brand, a, b)
func (c Collection[T]) Change(change Change[T]) (DocChange, error) {
	out := DocChange{
		Doc:    Doc{Kind: c.Kind, ID: change.ID, Version: change.Version, Schema: c.Schema},
		Delete: change.Delete,
		Events: change.Events,
	}
	if change.Delete {
		return out, nil
	}
	if v, ok := any(change.Value).(interface{ Validate() error }); ok {
		if err := v.Validate(); err != nil {
			return DocChange{}, err
		}
	}
	body, err := json.Marshal(change.Value)
	if err != nil {
		return DocChange{}, fmt.Errorf("writing %s %q as JSON: %w", c.Kind, change.ID, err)
	}
	out.Doc.Body = body
	if c.Index != nil {
		ix := c.Index(change.Value)
		out.Doc.State, out.Doc.Parent, out.Doc.Person = ix.State, ix.Parent, ix.Person
		out.Doc.From, out.Doc.To = ix.From, ix.To
	}
	return out, nil
}

// List yields what the query asks for in ascending order of the ids. The kind
// of the query is the collection's own and need not be set. A value that cannot
// be read is an error, after which nothing more is yielded.
func (c Collection[T]) List(ctx context.Context, brand BrandID, q Query) iter.Seq2[Stored[T], error] {
	return func(yield func(Stored[T], error) bool) {
		if err := c.Validate(); err != nil {
			yield(Stored[T]{}, err)
			return
		}
		q.Kind = c.Kind
		for doc, err := range c.Documents.List(ctx, brand, q) {
			var s Stored[T]
			if err == nil {
				s, err = c.decode(doc)
			}
			if !yield(s, err) || err != nil {
				return
			}
		}
	}
}

// Validate reports missing documents, a missing kind, a schema number below 1,
// and a schema from which no upgrade leads to the present one.
func (c Collection[T]) Validate() error {
	var p Problems
	p.Require(c.Documents != nil, "documents", "must be set", "")
	checkName(&p, "kind", c.Kind)
	p.Require(c.Schema >= 1, "schema", "must be at least 1", fmt.Sprint(c.Schema))
	for n := 1; n < c.Schema; n++ {
		p.Require(c.Upgrades[n] != nil, "upgrades", "must hold one from each earlier schema", fmt.Sprint(n))
	}
	return p.Err()
}

func (c Collection[T]) decode(doc Doc) (Stored[T], error) {
	if doc.Schema > c.Schema {
		return Stored[T]{}, fmt.Errorf("%s %q has schema %d and this program knows %d at most: %w",
			c.Kind, doc.ID, doc.Schema, c.Schema, ErrUnsupported)
	}
	body := doc.Body
	for n := doc.Schema; n < c.Schema; n++ {
		upgrade, ok := c.Upgrades[n]
		if !ok {
			return Stored[T]{}, fmt.Errorf("%s %q has schema %d, from which there is no upgrade: %w",
				c.Kind, doc.ID, n, ErrUnsupported)
		}
		var err error
		if body, err = upgrade(body); err != nil {
			return Stored[T]{}, fmt.Errorf("upgrading %s %q from schema %d: %w", c.Kind, doc.ID, n, err)
		}
	}
	s := Stored[T]{ID: doc.ID, Version: doc.Version}
	if err := json.Unmarshal(body, &s.Value); err != nil {
		return Stored[T]{}, fmt.Errorf("reading %s %q of schema %d: %w", c.Kind, doc.ID, doc.Schema, err)
	}
	return s, nil
}
