package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/yukselenler/sosyal"
)

// Documents keeps documents. It implements [sosyal.Documents], [sosyal.Outbox],
// [sosyal.Forgetter] and [sosyal.Erasures].
type Documents struct {
	db *DB
}

// Documents returns the store of documents.
func (d *DB) Documents() *Documents { return &Documents{db: d} }

// docColumns are read by [scanDoc].
const docColumns = "kind, id, version, schema, state, parent, person, from_ns, to_ns, body"

func scanDoc(scan func(dest ...any) error) (sosyal.Doc, error) {
	var doc sosyal.Doc
	var parent, person sql.NullString
	var from, to sql.NullInt64
	var body string
	if err := scan(&doc.Kind, &doc.ID, &doc.Version, &doc.Schema, &doc.State, &parent, &person, &from, &to, &body); err != nil {
		return sosyal.Doc{}, err
	}
	doc.Parent, doc.Person = parent.String, sosyal.PersonID(person.String)
	doc.From, doc.To = timeOf(from), timeOf(to)
	doc.Body = json.RawMessage(body)
	return doc, nil
}

// Load implements [sosyal.Documents].
func (s *Documents) Load(ctx context.Context, brand sosyal.BrandID, kind, id string) (sosyal.Doc, error) {
	if err := ctx.Err(); err != nil {
		return sosyal.Doc{}, err
	}
	if err := sosyal.CheckNames(brand, kind, id); err != nil {
		return sosyal.Doc{}, err
	}
	row := s.db.reader(ctx).QueryRowContext(ctx,
		s.db.sql("SELECT "+docColumns+" FROM sosyal_document WHERE brand = ? AND kind = ? AND id = ?"), string(brand), kind, id)
	doc, err := scanDoc(row.Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return sosyal.Doc{}, fmt.Errorf("%s %q: %w", kind, id, sosyal.ErrNotFound)
	}
	if err != nil {
		return sosyal.Doc{}, s.db.failure(ctx, "loading a document", err)
	}
	return doc, nil
}

// Write implements [sosyal.Documents].
func (s *Documents) Write(ctx context.Context, brand sosyal.BrandID, changes ...sosyal.DocChange) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := sosyal.CheckChanges(brand, changes); err != nil {
		return err
	}
	if len(changes) == 0 {
		return nil
	}
	return s.db.write(ctx, "writing documents", func(q querier) error {
		// Rows are locked in the order of their names, events keep that of the
		// changes.
		order := make([]int, len(changes))
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(a, b int) int {
			x, y := changes[a].Doc, changes[b].Doc
			if c := strings.Compare(x.Kind, y.Kind); c != 0 {
				return c
			}
			return strings.Compare(x.ID, y.ID)
		})
		events := make([][]sosyal.Event, len(changes))
		for _, i := range order {
			version, err := s.apply(ctx, q, brand, changes[i])
			if err != nil {
				return err
			}
			_, events[i] = changes[i].Stored(brand, version)
		}
		return s.announce(ctx, q, brand, slices.Concat(events...))
	})
}

// apply stores one change and returns the version that it was given.
func (s *Documents) apply(ctx context.Context, q querier, brand sosyal.BrandID, c sosyal.DocChange) (int64, error) {
	switch {
	case c.Delete:
		return s.remove(ctx, q, brand, c.Doc)
	case c.Doc.Version == 0:
		return s.create(ctx, q, brand, c)
	default:
		return s.change(ctx, q, brand, c)
	}
}

func (s *Documents) create(ctx context.Context, q querier, brand sosyal.BrandID, c sosyal.DocChange) (int64, error) {
	d, _ := c.Stored(brand, 1)
	result, err := q.ExecContext(ctx, s.db.sql(
		"INSERT INTO sosyal_document (brand, "+docColumns+") VALUES "+values(1, 11)+" ON CONFLICT (brand, kind, id) DO NOTHING"),
		string(brand), d.Kind, d.ID, d.Version, d.Schema, d.State, nullText(d.Parent), nullText(string(d.Person)),
		nullTime(d.From), nullTime(d.To), string(d.Body))
	if err := one(result, err, d); err != nil {
		return 0, err
	}
	// Whether there was such a document before is asked only now that the row is
	// ours: another transaction may have been deleting it until a moment ago.
	row := q.QueryRowContext(ctx, s.db.sql("DELETE FROM sosyal_document_gone WHERE brand = ? AND name = ? RETURNING version"),
		string(brand), sosyal.NameDigest(brand, d.Kind, d.ID))
	var last int64
	switch err := row.Scan(&last); {
	case errors.Is(err, sql.ErrNoRows):
		return 1, nil
	case err != nil:
		return 0, err
	}
	result, err = q.ExecContext(ctx, s.db.sql("UPDATE sosyal_document SET version = ? WHERE brand = ? AND kind = ? AND id = ?"),
		last+1, string(brand), d.Kind, d.ID)
	return last + 1, one(result, err, d)
}

func (s *Documents) change(ctx context.Context, q querier, brand sosyal.BrandID, c sosyal.DocChange) (int64, error) {
	d, _ := c.Stored(brand, c.Doc.Version+1)
	result, err := q.ExecContext(ctx, s.db.sql(
		`UPDATE sosyal_document SET version = ?, schema = ?, state = ?, parent = ?, person = ?, from_ns = ?, to_ns = ?, body = ?
		 WHERE brand = ? AND kind = ? AND id = ? AND version = ?`),
		d.Version, d.Schema, d.State, nullText(d.Parent), nullText(string(d.Person)), nullTime(d.From), nullTime(d.To), string(d.Body),
		string(brand), d.Kind, d.ID, c.Doc.Version)
	return d.Version, one(result, err, c.Doc)
}

// remove deletes a document and remembers its last version.
func (s *Documents) remove(ctx context.Context, q querier, brand sosyal.BrandID, d sosyal.Doc) (int64, error) {
	result, err := q.ExecContext(ctx, s.db.sql("DELETE FROM sosyal_document WHERE brand = ? AND kind = ? AND id = ? AND version = ?"),
		string(brand), d.Kind, d.ID, d.Version)
	if err := one(result, err, d); err != nil {
		return 0, err
	}
	_, err = q.ExecContext(ctx, s.db.sql("INSERT INTO sosyal_document_gone (brand, name, version) VALUES (?, ?, ?)"),
		string(brand), sosyal.NameDigest(brand, d.Kind, d.ID), d.Version+1)
	return d.Version + 1, err
}

// one reports a conflict unless the statement met exactly one row.
func one(result sql.Result, err error, d sosyal.Doc) error {
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err != nil {
		return err
	}
	if n != 1 {
		return fmt.Errorf("%s %q is not at version %d: %w", d.Kind, d.ID, d.Version, sosyal.ErrConflict)
	}
	return nil
}
