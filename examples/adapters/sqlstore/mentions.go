package sqlstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement/reputation"
)

// Mentions keeps what people write about a brand and its competitors. It
// implements [reputation.Mentions]. Its records of erasure lie beside those of
// [Documents], and [Documents.Erasures] yields both.
type Mentions struct {
	db *DB
}

// Mentions returns the store of mentions.
func (d *DB) Mentions() *Mentions { return &Mentions{db: d} }

// Append implements [reputation.Mentions]. What is not UTF-8 in the text or the
// address of a mention is stored as the replacement character U+FFFD.
func (s *Mentions) Append(ctx context.Context, brand sosyal.BrandID, mentions ...reputation.Mention) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := sosyal.CheckBrand(brand); err != nil {
		return err
	}
	var p sosyal.Problems
	for i, m := range mentions {
		field := fmt.Sprintf("mentions[%d]", i)
		p.Nest(field, m.Validate())
		p.Require(storable(m.ID, string(m.About), string(m.Network), string(m.Author)), field, "must be UTF-8 without the character U+0000", "")
		p.Require(m.At.IsZero() || (m.At.Year() >= 1 && m.At.Year() <= 9999), field+".at", "must lie in the years 1 to 9999", "")
	}
	if err := p.Err(); err != nil || len(mentions) == 0 {
		return err
	}
	rows := lastOfEach(mentions, func(a, b reputation.Mention) int { return strings.Compare(a.ID, b.ID) })
	return s.db.write(ctx, "storing mentions", func(q querier) error {
		return inPages(rows, func(part []reputation.Mention) error { return s.put(ctx, q, brand, part) })
	})
}

func (s *Mentions) put(ctx context.Context, q querier, brand sosyal.BrandID, rows []reputation.Mention) error {
	const columns = 7
	args := make([]any, 0, columns*len(rows))
	for _, m := range rows {
		m.At = time.UnixMicro(micros(m.At)).UTC()
		text, err := json.Marshal(m)
		if err != nil {
			return fmt.Errorf("writing a mention as JSON: %w", err)
		}
		args = append(args, string(brand), m.ID, string(m.About), string(m.Network), m.At.UnixMicro(), nullText(string(m.Author)), string(text))
	}
	_, err := q.ExecContext(ctx, s.db.sql(
		"INSERT INTO sosyal_mention (brand, id, about, network, at_us, author, mention) VALUES "+values(len(rows), columns)+
			` ON CONFLICT (brand, id) DO UPDATE SET about = excluded.about, network = excluded.network,
			at_us = excluded.at_us, author = excluded.author, mention = excluded.mention`), args...)
	return err
}

// Scan implements [reputation.Mentions]. It reads page by page; mentions that
// are appended or edited meanwhile may be among them or not.
func (s *Mentions) Scan(ctx context.Context, brand sosyal.BrandID, q reputation.Query) iter.Seq2[reputation.Mention, error] {
	return pages(ctx, brand, func(last *reputation.Mention) ([]reputation.Mention, error) { return s.part(ctx, brand, q, last) })
}

// part reads the page after the last mention.
func (s *Mentions) part(
	ctx context.Context, brand sosyal.BrandID, q reputation.Query, last *reputation.Mention,
) (_ []reputation.Mention, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	defer func() { err = s.db.failure(ctx, "reading mentions", err) }()
	where, args, err := s.conditions(brand, q)
	if err != nil {
		return nil, err
	}
	if last != nil {
		where += " AND (at_us, id) > (?, ?)"
		args = append(args, last.At.UnixMicro(), last.ID)
	}
	rows, err := s.db.reader(ctx).QueryContext(ctx,
		s.db.sql("SELECT mention FROM sosyal_mention WHERE "+where+" ORDER BY at_us, id LIMIT ?"), append(args, page)...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var part []reputation.Mention
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		var m reputation.Mention
		if err := json.Unmarshal([]byte(text), &m); err != nil {
			return nil, fmt.Errorf("reading a mention: %w", err)
		}
		part = append(part, m)
	}
	return part, rows.Err()
}

// conditions is what [reputation.Query.Matches] asks, in SQL.
func (s *Mentions) conditions(brand sosyal.BrandID, q reputation.Query) (string, []any, error) {
	c := conditions{db: s.db, where: "brand = ?", args: []any{string(brand)}}
	err := errors.Join(anyOf(&c, "about", q.About), anyOf(&c, "network", q.Networks))
	c.between("at_us", q.From, q.To)
	return c.where, c.args, err
}

// Forget implements [reputation.Mentions].
func (s *Mentions) Forget(ctx context.Context, brand sosyal.BrandID, person sosyal.PersonID) (sosyal.Erasure, error) {
	if err := ctx.Err(); err != nil {
		return sosyal.Erasure{}, err
	}
	if err := sosyal.CheckPerson(brand, person); err != nil {
		return sosyal.Erasure{}, err
	}
	record := newErasure(brand, person)
	err := s.db.write(ctx, "erasing a person", func(q querier) error {
		result, err := q.ExecContext(ctx, s.db.sql("DELETE FROM sosyal_mention WHERE brand = ? AND author = ?"), string(brand), string(person))
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if err != nil {
			return err
		}
		if n > 0 {
			record.Records[reputation.ErasedMention] = int(n)
		}
		return s.db.record(ctx, q, record)
	})
	if err != nil {
		return sosyal.Erasure{}, err
	}
	return record, nil
}
