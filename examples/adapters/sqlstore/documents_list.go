package sqlstore

import (
	"context"
	"errors"
	"iter"

	"github.com/yukselenler/sosyal"
)

// List implements [sosyal.Documents].
func (s *Documents) List(ctx context.Context, brand sosyal.BrandID, q sosyal.Query) iter.Seq2[sosyal.Doc, error] {
	return func(yield func(sosyal.Doc, error) bool) {
		if err := errors.Join(sosyal.CheckBrand(brand), q.Validate()); err != nil {
			yield(sosyal.Doc{}, err)
			return
		}
		left := q.Limit
		for {
			size := page
			if q.Limit > 0 {
				size = min(page, left)
			}
			docs, err := s.page(ctx, brand, q, size)
			if err != nil {
				yield(sosyal.Doc{}, err)
				return
			}
			for _, d := range docs {
				if err := ctx.Err(); err != nil {
					yield(sosyal.Doc{}, err)
					return
				}
				if !yield(d, nil) {
					return
				}
			}
			left -= len(docs)
			if len(docs) < size || (q.Limit > 0 && left == 0) {
				return
			}
			q.After = docs[len(docs)-1].ID
		}
	}
}

func (s *Documents) page(ctx context.Context, brand sosyal.BrandID, q sosyal.Query, size int) (_ []sosyal.Doc, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	defer func() { err = s.db.failure(ctx, "listing documents", err) }()
	where, args, err := s.conditions(brand, q)
	if err != nil {
		return nil, err
	}
	rows, err := s.db.reader(ctx).QueryContext(ctx,
		s.db.sql("SELECT "+docColumns+" FROM sosyal_document WHERE "+where+" ORDER BY id LIMIT ?"), append(args, size)...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var docs []sosyal.Doc
	for rows.Next() {
		d, err := scanDoc(rows.Scan)
		if err != nil {
			return nil, err
		}
		docs = append(docs, d)
	}
	return docs, rows.Err()
}

// conditions is what [sosyal.Query.Matches] asks, in SQL.
func (s *Documents) conditions(brand sosyal.BrandID, q sosyal.Query) (string, []any, error) {
	c := conditions{db: s.db, where: "brand = ? AND kind = ? AND id > ?", args: []any{string(brand), q.Kind, q.After}}
	err := errors.Join(anyOf(&c, "id", q.IDs), anyOf(&c, "state", q.States))
	if q.Parent != "" {
		c.add("parent = ?", q.Parent)
	}
	if q.Person != "" {
		c.add("person = ?", string(q.Person))
	}
	if q.From.IsZero() && q.To.IsZero() {
		return c.where, c.args, err
	}
	c.add("(from_ns IS NOT NULL OR to_ns IS NOT NULL)")
	if !q.From.IsZero() {
		from := q.From.UnixNano()
		c.add("(to_ns IS NULL OR to_ns > ? OR (to_ns = ? AND from_ns = to_ns))", from, from)
	}
	switch {
	case q.To.IsZero():
	case q.From.Equal(q.To):
		c.add("(from_ns IS NULL OR from_ns <= ?)", q.To.UnixNano())
	default:
		c.add("(from_ns IS NULL OR from_ns < ?)", q.To.UnixNano())
	}
	return c.where, c.args, err
}
