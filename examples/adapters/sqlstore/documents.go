package sqlstore

import (
	"cmp"
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
		versions, err := s.apply(ctx, q, brand, changes)
		if err != nil {
			return err
		}
		var events []sosyal.Event
		for i, c := range changes {
			_, completed := c.Stored(brand, versions[i])
			events = append(events, completed...)
		}
		return s.announce(ctx, q, brand, events)
	})
}

// apply stores the changes and returns the versions that they were given. Rows
// are locked in the same order by everybody: those that are created, then those
// that exist, each in the order of their names.
func (s *Documents) apply(ctx context.Context, q querier, brand sosyal.BrandID, changes []sosyal.DocChange) ([]int64, error) {
	order := make([]int, len(changes))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := changes[a].Doc, changes[b].Doc
		return cmp.Or(strings.Compare(x.Kind, y.Kind), strings.Compare(x.ID, y.ID))
	})
	versions := make([]int64, len(changes))
	var created []int
	for _, i := range order {
		if changes[i].Doc.Version == 0 {
			created = append(created, i)
		}
	}
	for part := range slices.Chunk(created, page) {
		if err := s.create(ctx, q, brand, changes, part, versions); err != nil {
			return nil, err
		}
	}
	for _, i := range order {
		var err error
		switch c := changes[i]; {
		case c.Delete:
			versions[i], err = s.remove(ctx, q, brand, c.Doc)
		case c.Doc.Version > 0:
			versions[i], err = s.change(ctx, q, brand, c)
		}
		if err != nil {
			return nil, err
		}
	}
	return versions, nil
}

// create stores the new documents at the given places of changes.
func (s *Documents) create(
	ctx context.Context, q querier, brand sosyal.BrandID, changes []sosyal.DocChange, places []int, versions []int64,
) error {
	const columns = 11
	args := make([]any, 0, columns*len(places))
	names := make([]string, len(places))
	place := make(map[string]int, len(places))
	for n, i := range places {
		d, _ := changes[i].Stored(brand, 1)
		args = append(args, string(brand), d.Kind, d.ID, d.Version, d.Schema, d.State, nullText(d.Parent), nullText(string(d.Person)),
			nullTime(d.From), nullTime(d.To), string(d.Body))
		names[n] = sosyal.NameDigest(brand, d.Kind, d.ID)
		place[names[n]] = i
		versions[i] = 1
	}
	result, err := q.ExecContext(ctx, s.db.sql(
		"INSERT INTO sosyal_document (brand, "+docColumns+") VALUES "+values(len(places), columns)+
			" ON CONFLICT (brand, kind, id) DO NOTHING"), args...)
	if err := met(len(places), result, err, changes[places[0]].Doc); err != nil {
		return err
	}
	// Whether there were such documents before is asked only now that the rows
	// are ours: another transaction may have been deleting one until a moment ago.
	former, err := s.revive(ctx, q, brand, names)
	if err != nil {
		return err
	}
	for name, last := range former {
		i := place[name]
		versions[i] = last + 1
		d := changes[i].Doc
		result, err := q.ExecContext(ctx, s.db.sql("UPDATE sosyal_document SET version = ? WHERE brand = ? AND kind = ? AND id = ?"),
			last+1, string(brand), d.Kind, d.ID)
		if err := met(1, result, err, d); err != nil {
			return err
		}
	}
	return nil
}

// revive returns the last versions of those documents that were deleted before,
// by the digests of their names, and forgets that they are gone.
func (s *Documents) revive(ctx context.Context, q querier, brand sosyal.BrandID, names []string) (_ map[string]int64, err error) {
	list, err := json.Marshal(names)
	if err != nil {
		return nil, err
	}
	rows, err := q.QueryContext(ctx,
		s.db.sql("DELETE FROM sosyal_document_gone WHERE brand = ? AND "+s.db.in("name")+" RETURNING name, version"),
		string(brand), string(list))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	former := map[string]int64{}
	for rows.Next() {
		var name string
		var version int64
		if err := rows.Scan(&name, &version); err != nil {
			return nil, err
		}
		former[name] = version
	}
	return former, rows.Err()
}

func (s *Documents) change(ctx context.Context, q querier, brand sosyal.BrandID, c sosyal.DocChange) (int64, error) {
	d, _ := c.Stored(brand, c.Doc.Version+1)
	result, err := q.ExecContext(ctx, s.db.sql(
		`UPDATE sosyal_document SET version = ?, schema = ?, state = ?, parent = ?, person = ?, from_ns = ?, to_ns = ?, body = ?
		 WHERE brand = ? AND kind = ? AND id = ? AND version = ?`),
		d.Version, d.Schema, d.State, nullText(d.Parent), nullText(string(d.Person)), nullTime(d.From), nullTime(d.To), string(d.Body),
		string(brand), d.Kind, d.ID, c.Doc.Version)
	return d.Version, met(1, result, err, c.Doc)
}

// remove deletes a document and remembers its last version.
func (s *Documents) remove(ctx context.Context, q querier, brand sosyal.BrandID, d sosyal.Doc) (int64, error) {
	result, err := q.ExecContext(ctx, s.db.sql("DELETE FROM sosyal_document WHERE brand = ? AND kind = ? AND id = ? AND version = ?"),
		string(brand), d.Kind, d.ID, d.Version)
	if err := met(1, result, err, d); err != nil {
		return 0, err
	}
	_, err = q.ExecContext(ctx, s.db.sql("INSERT INTO sosyal_document_gone (brand, name, version) VALUES (?, ?, ?)"),
		string(brand), sosyal.NameDigest(brand, d.Kind, d.ID), d.Version+1)
	return d.Version + 1, err
}

// met reports a conflict unless the statement met as many rows as it should, of
// which d is the first.
func met(want int, result sql.Result, err error, d sosyal.Doc) error {
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	switch {
	case err != nil:
		return err
	case n == int64(want):
		return nil
	case d.Version == 0 && want > 1:
		return fmt.Errorf("%d of %d new documents, from %s %q on, exist already: %w",
			int64(want)-n, want, d.Kind, d.ID, sosyal.ErrConflict)
	case d.Version == 0:
		return fmt.Errorf("%s %q exists already: %w", d.Kind, d.ID, sosyal.ErrConflict)
	default:
		return fmt.Errorf("%s %q is not at version %d: %w", d.Kind, d.ID, d.Version, sosyal.ErrConflict)
	}
}
