package sqlstore

import (
	"context"
	"iter"
	"slices"

	"github.com/yukselenler/sosyal"
)

// pages yields a brand's rows page by page, so that a long list holds neither
// memory nor a connection. read returns the page after the last row, nil for the
// first; a page that is not full is the last one.
func pages[T any](ctx context.Context, brand sosyal.BrandID, read func(last *T) ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		if err := sosyal.CheckBrand(brand); err != nil {
			yield(none, err)
			return
		}
		var last *T
		for {
			part, err := read(last)
			if err != nil {
				yield(none, err)
				return
			}
			for _, row := range part {
				if err := ctx.Err(); err != nil {
					yield(none, err)
					return
				}
				if !yield(row, nil) {
					return
				}
			}
			if len(part) < page {
				return
			}
			last = &part[len(part)-1]
		}
	}
}

// inPages hands rows to write a page at a time, as many as one statement takes.
func inPages[T any](rows []T, write func([]T) error) error {
	for part := range slices.Chunk(rows, page) {
		if err := write(part); err != nil {
			return err
		}
	}
	return nil
}

// lastOfEach returns the rows in the order of their keys, so that writers that
// cross lock them in the same order, and of those with one key the last.
func lastOfEach[T any](rows []T, compareKeys func(a, b T) int) []T {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, compareKeys)
	kept := rows[:0]
	for i, row := range rows {
		if i+1 == len(rows) || compareKeys(row, rows[i+1]) != 0 {
			kept = append(kept, row)
		}
	}
	return kept
}
