package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/yukselenler/sosyal"
)

// announce puts events into the outbox within the transaction of their change.
// On PostgreSQL, events of one subject are in order because the row of their
// document is locked; an event about another subject than the document it is
// written with has no such lock.
func (s *Documents) announce(ctx context.Context, q querier, brand sosyal.BrandID, events []sosyal.Event) error {
	const columns = 5
	for part := range slices.Chunk(events, page) {
		args := make([]any, 0, columns*len(part))
		for _, e := range part {
			text, err := json.Marshal(e)
			if err != nil {
				return fmt.Errorf("writing an event as JSON: %w", err)
			}
			args = append(args, string(brand), e.ID, e.Subject.Kind, e.Subject.ID, string(text))
		}
		_, err := q.ExecContext(ctx, s.db.sql(
			"INSERT INTO sosyal_outbox (brand, id, subject_kind, subject_id, event) VALUES "+values(len(part), columns)+
				" ON CONFLICT (brand, id) DO NOTHING"), args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// Waiting implements [sosyal.Outbox].
func (s *Documents) Waiting(ctx context.Context) iter.Seq2[sosyal.BrandID, error] {
	return func(yield func(sosyal.BrandID, error) bool) {
		brands, err := s.waiting(ctx)
		if err != nil {
			yield("", err)
			return
		}
		for _, brand := range brands {
			if err := ctx.Err(); err != nil {
				yield("", err)
				return
			}
			if !yield(brand, nil) {
				return
			}
		}
	}
}

func (s *Documents) waiting(ctx context.Context) (_ []sosyal.BrandID, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	defer func() { err = s.db.failure(ctx, "reading which brands have events", err) }()
	rows, err := s.db.reader(ctx).QueryContext(ctx, "SELECT DISTINCT brand FROM sosyal_outbox ORDER BY brand")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var brands []sosyal.BrandID
	for rows.Next() {
		var brand string
		if err := rows.Scan(&brand); err != nil {
			return nil, err
		}
		brands = append(brands, sosyal.BrandID(brand))
	}
	return brands, rows.Err()
}

// Pending implements [sosyal.Outbox].
func (s *Documents) Pending(ctx context.Context, brand sosyal.BrandID, now time.Time, limit int) iter.Seq2[sosyal.Delivery, error] {
	return func(yield func(sosyal.Delivery, error) bool) {
		if err := sosyal.CheckBrand(brand); err != nil {
			yield(sosyal.Delivery{}, err)
			return
		}
		left, after := limit, int64(0)
		for {
			size := page
			if limit > 0 {
				size = min(page, left)
			}
			due, last, err := s.due(ctx, brand, now, after, size)
			if err != nil {
				yield(sosyal.Delivery{}, err)
				return
			}
			for _, d := range due {
				if err := ctx.Err(); err != nil {
					yield(sosyal.Delivery{}, err)
					return
				}
				if !yield(d, nil) {
					return
				}
			}
			left -= len(due)
			after = last
			if len(due) < size || (limit > 0 && left == 0) {
				return
			}
		}
	}
}

// due reads a page of events and returns the place of the last one.
func (s *Documents) due(
	ctx context.Context, brand sosyal.BrandID, now time.Time, after int64, size int,
) (due []sosyal.Delivery, last int64, err error) {
	if err := ctx.Err(); err != nil {
		return nil, 0, err
	}
	defer func() { err = s.db.failure(ctx, "reading the outbox", err) }()
	rows, err := s.db.reader(ctx).QueryContext(ctx, s.db.sql(
		`SELECT seq, event, attempts, until_ns FROM sosyal_outbox AS o
		 WHERE brand = ? AND seq > ? AND (until_ns IS NULL OR until_ns <= ?)
		 AND NOT EXISTS (SELECT 1 FROM sosyal_outbox AS e
		   WHERE e.brand = o.brand AND e.subject_kind = o.subject_kind AND e.subject_id = o.subject_id
		   AND e.seq < o.seq AND e.until_ns > ?)
		 ORDER BY seq LIMIT ?`),
		string(brand), after, now.UnixNano(), now.UnixNano(), size)
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var d sosyal.Delivery
		var text string
		var until sql.NullInt64
		if err := rows.Scan(&last, &text, &d.Attempts, &until); err != nil {
			return nil, 0, err
		}
		if err := json.Unmarshal([]byte(text), &d.Event); err != nil {
			return nil, 0, fmt.Errorf("reading an event: %w", err)
		}
		d.Until = timeOf(until)
		due = append(due, d)
	}
	return due, last, rows.Err()
}

// Delivered implements [sosyal.Outbox].
func (s *Documents) Delivered(ctx context.Context, brand sosyal.BrandID, ids ...string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := sosyal.CheckBrand(brand); err != nil || len(ids) == 0 {
		return err
	}
	texts, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	return s.db.write(ctx, "removing delivered events", func(q querier) error {
		_, err := q.ExecContext(ctx, s.db.sql("DELETE FROM sosyal_outbox WHERE brand = ? AND "+s.db.in("id")), string(brand), string(texts))
		return err
	})
}

// Defer implements [sosyal.Outbox].
func (s *Documents) Defer(ctx context.Context, brand sosyal.BrandID, id string, until time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := sosyal.CheckBrand(brand); err != nil {
		return err
	}
	return s.db.write(ctx, "deferring an event", func(q querier) error {
		result, err := q.ExecContext(ctx, s.db.sql("UPDATE sosyal_outbox SET attempts = attempts + 1, until_ns = ? WHERE brand = ? AND id = ?"),
			nullTime(until), string(brand), id)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 1 {
			return err
		}
		return fmt.Errorf("pending event %q: %w", id, sosyal.ErrNotFound)
	})
}
