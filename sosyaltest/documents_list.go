package sosyaltest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/yukselenler/sosyal"
)

// listCases: a query yields exactly what it asks for, in order.
func listCases() []documentsCase {
	return []documentsCase{
		{
			"a list is in order of ids",
			"pages are cut by the last id, so another order loses documents between two pages",
			func(ctx context.Context, s store) error {
				names := []string{"b", "a", "ä", "B", "10", "9", "z", "İ", "ab", "a b", "é", "😀"}
				var changes []sosyal.DocChange
				for _, name := range names {
					changes = append(changes, put(name, 0, `1`))
				}
				if err := s.write(ctx, changes...); err != nil {
					return err
				}
				slices.Sort(names)
				return s.lists(ctx, s.brand, sosyal.Query{Kind: kind}, names...)
			},
		},
		{
			"pages hold everything once",
			"an export that loses or doubles a row at the border of a page is wrong without anyone seeing",
			func(ctx context.Context, s store) error {
				const n = 1203 // more than any likely batch within a store
				var want []string
				var changes []sosyal.DocChange
				for i := range n {
					id := fmt.Sprintf("item-%05d", i*7%n)
					want = append(want, id)
					changes = append(changes, put(id, 0, `1`))
				}
				slices.Sort(want)
				if err := s.write(ctx, changes...); err != nil {
					return err
				}
				if err := s.lists(ctx, s.brand, sosyal.Query{Kind: kind}, want...); err != nil {
					return err
				}
				for _, limit := range []int{97, n - 1, n, n + 1} {
					var got []string
					q := sosyal.Query{Kind: kind, Limit: limit}
					for {
						page, err := s.ids(ctx, s.brand, q)
						if err != nil {
							return err
						}
						if len(page) > limit {
							return fmt.Errorf("a page of at most %d held %d", limit, len(page))
						}
						if len(page) == 0 {
							break
						}
						if got = append(got, page...); len(got) > 2*n {
							return fmt.Errorf("pages of %d never come to an end", limit)
						}
						q.After = page[len(page)-1]
					}
					if !slices.Equal(got, want) {
						return fmt.Errorf("pages of %d held %d documents, want %d, each once and in order", limit, len(got), n)
					}
				}
				return s.lists(ctx, s.brand, sosyal.Query{Kind: kind, IDs: append(want, "nowhere")}, want...)
			},
		},
		{
			"fields narrow a list together",
			"an approver would be shown what is not waiting for him",
			func(ctx context.Context, s store) error {
				var changes []sosyal.DocChange
				for i := range 24 {
					c := put(fmt.Sprintf("%02d", i), 0, `1`)
					c.Doc.State = []string{"", "draft", "approved"}[i%3]
					c.Doc.Parent = []string{"", "autumn"}[i/3%2]
					c.Doc.Person = []sosyal.PersonID{"", "p-1", "p-2", "p-3"}[i/6]
					changes = append(changes, c)
				}
				if err := s.write(ctx, changes...); err != nil {
					return err
				}
				for _, q := range []sosyal.Query{
					{},
					{States: []string{"draft"}},
					{States: []string{"draft", "approved", "unheard of"}},
					{States: []string{""}},
					{Parent: "autumn"},
					{Person: "p-2"},
					{States: []string{"approved"}, Parent: "autumn", Person: "p-3"},
					{States: []string{"approved"}, Parent: "autumn", Person: "p-4"},
					{IDs: []string{"07", "01", "13", "07"}, States: []string{"draft"}},
					{States: []string{"draft"}, After: "10", Limit: 3},
				} {
					q.Kind = kind
					var want []string
					for _, c := range changes {
						d := c.Doc
						if (len(q.States) == 0 || slices.Contains(q.States, d.State)) &&
							(q.Parent == "" || q.Parent == d.Parent) &&
							(q.Person == "" || q.Person == d.Person) &&
							(len(q.IDs) == 0 || slices.Contains(q.IDs, d.ID)) && d.ID > q.After {
							want = append(want, d.ID)
						}
					}
					if q.Limit > 0 {
						want = want[:q.Limit]
					}
					if err := s.lists(ctx, s.brand, q, want...); err != nil {
						return err
					}
				}
				return nil
			},
		},
		{
			"time narrows a list to what overlaps",
			"a calendar of November would miss what began in October, or show what ended as it began",
			listTime,
		},
		{
			"impossible queries are refused",
			"a query without a kind would sweep up everything that a brand has",
			func(ctx context.Context, s store) error {
				day := time.Date(2026, time.November, 3, 0, 0, 0, 0, time.UTC)
				for _, q := range []sosyal.Query{
					{},
					{Kind: kind, Limit: -1},
					{Kind: kind, IDs: []string{""}},
					{Kind: kind, From: day, To: day.Add(-1)},
				} {
					_, err := collect(s.List(ctx, s.brand, q))
					if err := expect(describe(q), err, sosyal.ErrInvalid); err != nil {
						return err
					}
				}
				late := put("late", 0, `1`)
				late.Doc.From, late.Doc.To = day, day.Add(-1)
				ancient := put("ancient", 0, `1`)
				ancient.Doc.From = time.Date(1677, time.December, 31, 0, 0, 0, 0, time.UTC)
				return errors.Join(
					expect("writing a document that ends before it begins", s.Write(ctx, s.brand, late), sosyal.ErrInvalid),
					expect("writing a document of 1677", s.Write(ctx, s.brand, ancient), sosyal.ErrInvalid),
				)
			},
		},
		{
			"the store can be used while it lists",
			"a job that walks over items and updates each would hang, holding the only connection",
			func(ctx context.Context, s store) error {
				ctx, cancel := context.WithTimeout(ctx, time.Minute)
				defer cancel()
				var changes []sosyal.DocChange
				const n = 300
				for i := range n {
					changes = append(changes, put(fmt.Sprintf("%03d", i), 0, `1`))
				}
				if err := s.write(ctx, changes...); err != nil {
					return err
				}
				seen := 0
				for d, err := range s.List(ctx, s.brand, sosyal.Query{Kind: kind}) {
					if err != nil {
						return fmt.Errorf("listing while writing: %w", err)
					}
					seen++
					if err := s.write(ctx, put(d.ID, d.Version, `2`)); err != nil {
						return err
					}
					if _, err := s.Load(ctx, s.brand, kind, d.ID); err != nil {
						return err
					}
				}
				if seen != n {
					return fmt.Errorf("listing %d documents while they were changed yielded %d", n, seen)
				}
				for _, err := range s.List(ctx, s.brand, sosyal.Query{Kind: kind}) {
					if err != nil {
						return err
					}
					break // a list that is left early must not hold anything either
				}
				return s.write(ctx, put("000", 2, `3`))
			},
		},
	}
}

// listTime compares spans of documents and queries on a small grid of hours
// with what their instants say: two spans overlap if they share one.
func listTime(ctx context.Context, s store) error {
	const hours = 5
	start := time.Date(2026, time.October, 31, 22, 0, 0, 0, time.UTC)
	at := func(h int) time.Time {
		if h < 0 {
			return time.Time{}
		}
		return start.Add(time.Duration(h) * time.Hour)
	}
	// holds says whether the span from, to holds an instant given in half hours,
	// with -1 standing for an open end.
	holds := func(from, to, half int) bool {
		if from >= 0 && from == to {
			return half == 2*from
		}
		return (from < 0 || half >= 2*from) && (to < 0 || half < 2*to)
	}
	type span struct{ from, to int }
	var spans []span
	for from := -1; from < hours; from++ {
		for to := -1; to < hours; to++ {
			if from < 0 || to < 0 || from <= to {
				spans = append(spans, span{from, to})
			}
		}
	}
	var changes []sosyal.DocChange
	for i, sp := range spans {
		c := put(fmt.Sprintf("%02d", i), 0, `1`)
		c.Doc.From, c.Doc.To = at(sp.from), at(sp.to)
		changes = append(changes, c)
	}
	if err := s.write(ctx, changes...); err != nil {
		return err
	}
	for _, q := range spans {
		var want []string
		for i, d := range spans {
			timeless := d == span{-1, -1}
			anyTime := q == span{-1, -1}
			overlap := false
			for half := -4; half <= 2*hours+4; half++ {
				overlap = overlap || (holds(q.from, q.to, half) && holds(d.from, d.to, half))
			}
			if anyTime || (overlap && !timeless) {
				want = append(want, changes[i].Doc.ID)
			}
		}
		query := sosyal.Query{Kind: kind, From: at(q.from), To: at(q.to)}
		if err := s.lists(ctx, s.brand, query, want...); err != nil {
			return err
		}
	}
	return nil
}
