package sqlstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/yukselenler/sosyal"
)

// Forget implements [sosyal.Forgetter]: it deletes the documents whose Person
// is the person, and the pending events about those documents. SQLite and
// PostgreSQL keep deleted rows in their files until the space is used again;
// run VACUUM where that matters.
func (s *Documents) Forget(ctx context.Context, brand sosyal.BrandID, person sosyal.PersonID) (sosyal.Erasure, error) {
	if err := ctx.Err(); err != nil {
		return sosyal.Erasure{}, err
	}
	if err := sosyal.CheckPerson(brand, person); err != nil {
		return sosyal.Erasure{}, err
	}
	record := newErasure(brand, person)
	err := s.db.write(ctx, "erasing a person", func(q querier) error {
		docs, err := s.about(ctx, q, brand, person)
		if err != nil {
			return err
		}
		for _, d := range docs {
			if _, err := s.remove(ctx, q, brand, d); err != nil {
				return err
			}
			_, err := q.ExecContext(ctx, s.db.sql("DELETE FROM sosyal_outbox WHERE brand = ? AND subject_kind = ? AND subject_id = ?"),
				string(brand), d.Kind, d.ID)
			if err != nil {
				return err
			}
			record.Records[d.Kind]++
		}
		return s.db.record(ctx, q, record)
	})
	if err != nil {
		return sosyal.Erasure{}, err
	}
	return record, nil
}

func newErasure(brand sosyal.BrandID, person sosyal.PersonID) sosyal.Erasure {
	return sosyal.Erasure{
		Brand: brand, Person: sosyal.PersonDigest(brand, person), At: time.Now().UTC(), Records: map[string]int{},
	}
}

// record keeps the record of an erasure.
func (d *DB) record(ctx context.Context, q querier, e sosyal.Erasure) error {
	counts, err := json.Marshal(e.Records)
	if err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, d.sql("INSERT INTO sosyal_erasure (brand, person, at_ns, records) VALUES (?, ?, ?, ?)"),
		string(e.Brand), e.Person, e.At.UnixNano(), string(counts))
	return err
}

// about reads and locks the names of the documents about a person.
func (s *Documents) about(ctx context.Context, q querier, brand sosyal.BrandID, person sosyal.PersonID) (_ []sosyal.Doc, err error) {
	rows, err := q.QueryContext(ctx, s.db.sql(
		"SELECT kind, id, version FROM sosyal_document WHERE brand = ? AND person = ? ORDER BY kind, id"+s.db.forUpdate()),
		string(brand), string(person))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var docs []sosyal.Doc
	for rows.Next() {
		var d sosyal.Doc
		if err := rows.Scan(&d.Kind, &d.ID, &d.Version); err != nil {
			return nil, err
		}
		docs = append(docs, d)
	}
	return docs, rows.Err()
}

// Erasures implements [sosyal.Erasures].
func (s *Documents) Erasures(ctx context.Context, brand sosyal.BrandID) iter.Seq2[sosyal.Erasure, error] {
	return func(yield func(sosyal.Erasure, error) bool) {
		records, err := s.erasures(ctx, brand)
		if err != nil {
			yield(sosyal.Erasure{}, err)
			return
		}
		for _, r := range records {
			if err := ctx.Err(); err != nil {
				yield(sosyal.Erasure{}, err)
				return
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

func (s *Documents) erasures(ctx context.Context, brand sosyal.BrandID) (_ []sosyal.Erasure, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := sosyal.CheckBrand(brand); err != nil {
		return nil, err
	}
	defer func() { err = s.db.failure(ctx, "reading erasures", err) }()
	rows, err := s.db.reader(ctx).QueryContext(ctx,
		s.db.sql("SELECT person, at_ns, records FROM sosyal_erasure WHERE brand = ? ORDER BY seq"), string(brand))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var records []sosyal.Erasure
	for rows.Next() {
		e := sosyal.Erasure{Brand: brand}
		var at int64
		var counts string
		if err := rows.Scan(&e.Person, &at, &counts); err != nil {
			return nil, err
		}
		e.At = time.Unix(0, at).UTC()
		if err := json.Unmarshal([]byte(counts), &e.Records); err != nil {
			return nil, fmt.Errorf("reading a record of erasure: %w", err)
		}
		records = append(records, e)
	}
	return records, rows.Err()
}
