package sqlstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement"
)

// Archive keeps metric snapshots. It implements [engagement.Archive].
type Archive struct {
	db *DB
}

// Archive returns the store of snapshots.
func (d *DB) Archive() *Archive { return &Archive{db: d} }

// Append implements [engagement.Archive]. It writes in batches within one
// transaction; hand it many snapshots at once.
func (a *Archive) Append(ctx context.Context, brand sosyal.BrandID, snapshots ...engagement.Snapshot) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := sosyal.CheckBrand(brand); err != nil {
		return err
	}
	var p sosyal.Problems
	for i, s := range snapshots {
		field := fmt.Sprintf("snapshots[%d]", i)
		p.Nest(field, s.Validate())
		p.Require(storable(s.Post, string(s.Metric), s.Version, s.Native), field, "must be UTF-8 without the character U+0000", "")
		p.Require(s.At.IsZero() || (s.At.Year() >= 1 && s.At.Year() <= 9999), field+".at", "must lie in the years 1 to 9999", "")
	}
	if err := p.Err(); err != nil || len(snapshots) == 0 {
		return err
	}
	rows := lastOfEach(snapshots, compareKeys)
	return a.db.write(ctx, "storing snapshots", func(q querier) error {
		return inPages(rows, func(part []engagement.Snapshot) error { return a.put(ctx, q, brand, part) })
	})
}

func compareKeys(a, b engagement.Snapshot) int {
	return cmp.Or(
		strings.Compare(a.Post, b.Post), strings.Compare(string(a.Metric), string(b.Metric)),
		cmp.Compare(micros(a.At), micros(b.At)), strings.Compare(a.Version, b.Version),
	)
}

func (a *Archive) put(ctx context.Context, q querier, brand sosyal.BrandID, rows []engagement.Snapshot) error {
	const columns = 7
	args := make([]any, 0, columns*len(rows))
	for _, s := range rows {
		args = append(args, string(brand), s.Post, string(s.Metric), micros(s.At), s.Version, s.Native, s.Value)
	}
	_, err := q.ExecContext(ctx, a.db.sql(
		"INSERT INTO sosyal_snapshot (brand, post, metric, at_us, version, native, value) VALUES "+values(len(rows), columns)+
			" ON CONFLICT (brand, post, metric, at_us, version) DO UPDATE SET native = excluded.native, value = excluded.value"), args...)
	return err
}

// Scan implements [engagement.Archive]. It reads page by page; snapshots that
// are appended meanwhile may be among them or not.
func (a *Archive) Scan(ctx context.Context, brand sosyal.BrandID, q engagement.Query) iter.Seq2[engagement.Snapshot, error] {
	return pages(ctx, brand, func(last *engagement.Snapshot) ([]engagement.Snapshot, error) { return a.part(ctx, brand, q, last) })
}

// part reads the page after the last snapshot.
func (a *Archive) part(
	ctx context.Context, brand sosyal.BrandID, q engagement.Query, last *engagement.Snapshot,
) (_ []engagement.Snapshot, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	defer func() { err = a.db.failure(ctx, "reading snapshots", err) }()
	where, args, err := a.conditions(brand, q)
	if err != nil {
		return nil, err
	}
	if last != nil {
		where += " AND (post, metric, at_us, version) > (?, ?, ?, ?)"
		args = append(args, last.Post, string(last.Metric), micros(last.At), last.Version)
	}
	rows, err := a.db.reader(ctx).QueryContext(ctx, a.db.sql(
		"SELECT post, metric, at_us, version, native, value FROM sosyal_snapshot WHERE "+where+
			" ORDER BY post, metric, at_us, version LIMIT ?"), append(args, page)...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var part []engagement.Snapshot
	for rows.Next() {
		var s engagement.Snapshot
		var at int64
		if err := rows.Scan(&s.Post, &s.Metric, &at, &s.Version, &s.Native, &s.Value); err != nil {
			return nil, err
		}
		s.At = time.UnixMicro(at).UTC()
		part = append(part, s)
	}
	return part, rows.Err()
}

// conditions is what [engagement.Query.Matches] asks, in SQL.
func (a *Archive) conditions(brand sosyal.BrandID, q engagement.Query) (string, []any, error) {
	c := conditions{db: a.db, where: "brand = ?", args: []any{string(brand)}}
	err := errors.Join(anyOf(&c, "post", q.Posts), anyOf(&c, "metric", q.Metrics))
	c.between("at_us", q.From, q.To)
	return c.where, c.args, err
}
