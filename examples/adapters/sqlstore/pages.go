package sqlstore

import (
	"context"
	"iter"

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
