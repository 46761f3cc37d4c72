package sosyaltest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/yukselenler/sosyal"
)

// keepCases: what is stored comes back as it was.
func keepCases() []documentsCase {
	return []documentsCase{
		{
			"every field comes back",
			"a field that is lost or bent is a goal, a price or a date that changes by itself",
			func(ctx context.Context, s store) error {
				istanbul := time.FixedZone("+03", 3*60*60)
				full := sosyal.Doc{
					Kind: kind, ID: "full", Schema: 7, State: "in_review", Parent: "autumn", Person: "p-81",
					From: time.Date(2026, time.November, 3, 12, 30, 15, 123456789, istanbul),
					To:   time.Date(2026, time.November, 4, 0, 0, 0, 1, time.UTC),
					Body: json.RawMessage(`{"text":"Işıltılı ılık çay 🧿 <b>&\u2028","n":12345678901234567890.1234567890123456789,"none":null,"list":[1,{"a":[]}]}`),
				}
				open := doc("open", 0)
				open.From = time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
				closed := doc("closed", 0)
				closed.To = time.Date(1678, time.January, 1, 0, 0, 0, 0, time.UTC)
				far := doc("far", 0)
				far.From = time.Date(2261, time.December, 31, 23, 59, 59, 999999999, time.UTC)
				docs := []sosyal.Doc{full, open, closed, far, doc("bare", 0)}
				for i, d := range docs {
					if err := s.write(ctx, sosyal.DocChange{Doc: d}); err != nil {
						return err
					}
					docs[i].Version = 1
					if err := s.holds(ctx, s.brand, docs[i]); err != nil {
						return err
					}
				}
				listed, err := collect(s.List(ctx, s.brand, sosyal.Query{Kind: kind, IDs: []string{"full"}}))
				if err != nil || len(listed) != 1 {
					return fmt.Errorf("listing one document gave %d and the error %s", len(listed), text(err))
				}
				return same(listed[0], docs[0])
			},
		},
		{
			"any JSON is a body",
			"a store that looks into bodies breaks with the first value it did not expect",
			func(ctx context.Context, s store) error {
				long := `"` + strings.Repeat("uzun metin ", 100_000) + `"`
				for i, body := range []string{`null`, `true`, `0`, `-1.50`, `"text"`, `[]`, `{"a":{"b":[1,2,3]}}`, long} {
					id := fmt.Sprint("body", i)
					if err := s.write(ctx, put(id, 0, body)); err != nil {
						return err
					}
					want := put(id, 1, body).Doc
					if err := s.holds(ctx, s.brand, want); err != nil {
						return err
					}
				}
				err := s.Write(ctx, s.brand, put("bad", 0, `{"a":`))
				return errors.Join(expect("writing a body that is not JSON", err, sosyal.ErrInvalid), s.holdsNot(ctx, s.brand, "bad"))
			},
		},
		{
			"a change replaces every field",
			"an index field that stays behind finds an item under a state that it left",
			func(ctx context.Context, s store) error {
				first := sosyal.Doc{
					Kind: kind, ID: "item", Schema: 1, State: "draft", Parent: "p", Person: "q", Body: json.RawMessage(`{"a":1}`),
					From: time.Date(2026, time.November, 3, 0, 0, 0, 0, time.UTC), To: time.Date(2026, time.November, 4, 0, 0, 0, 0, time.UTC),
				}
				second := sosyal.Doc{Kind: kind, ID: "item", Version: 1, Schema: 2, State: "approved", Body: json.RawMessage(`{"b":2}`)}
				if err := s.write(ctx, sosyal.DocChange{Doc: first}); err != nil {
					return err
				}
				if err := s.write(ctx, sosyal.DocChange{Doc: second}); err != nil {
					return err
				}
				second.Version = 2
				return errors.Join(
					s.holds(ctx, s.brand, second),
					s.lists(ctx, s.brand, sosyal.Query{Kind: kind, States: []string{"draft"}}),
					s.lists(ctx, s.brand, sosyal.Query{Kind: kind, Parent: "p"}),
					s.lists(ctx, s.brand, sosyal.Query{Kind: kind, Person: "q"}),
					s.lists(ctx, s.brand, sosyal.Query{Kind: kind, From: first.From}),
					s.lists(ctx, s.brand, sosyal.Query{Kind: kind, States: []string{"approved"}}, "item"),
				)
			},
		},
		{
			"memory is not shared with the caller",
			"a caller that reuses its buffer would change what is stored, past every version check",
			func(ctx context.Context, s store) error {
				change := put("item", 0, `{"a":1}`)
				if err := s.write(ctx, change); err != nil {
					return err
				}
				copy(change.Doc.Body, `{"a":2}`)
				loaded, err := s.Load(ctx, s.brand, kind, "item")
				if err != nil {
					return err
				}
				copy(loaded.Body, `{"a":3}`)
				listed, err := collect(s.List(ctx, s.brand, sosyal.Query{Kind: kind}))
				if err != nil {
					return err
				}
				for _, d := range listed {
					copy(d.Body, `{"a":4}`)
				}
				return s.holds(ctx, s.brand, put("item", 1, `{"a":1}`).Doc)
			},
		},
	}
}

// versionCases: optimistic concurrency, and all or nothing.
func versionCases() []documentsCase {
	return []documentsCase{
		{
			"versions count from one",
			"callers work out the version of what they wrote by adding one",
			func(ctx context.Context, s store) error {
				for v := range int64(4) {
					if err := s.write(ctx, put("item", v, fmt.Sprint(v))); err != nil {
						return err
					}
					if err := s.holds(ctx, s.brand, put("item", v+1, fmt.Sprint(v)).Doc); err != nil {
						return err
					}
				}
				return nil
			},
		},
		{
			"a missing document is not found",
			"callers tell a first run from a failure by this error",
			func(ctx context.Context, s store) error {
				return errors.Join(s.holdsNot(ctx, s.brand, "nowhere"), s.lists(ctx, s.brand, sosyal.Query{Kind: kind}))
			},
		},
		{
			"a stale write conflicts",
			"the second of two people who edit the same plan would silently undo the work of the first",
			func(ctx context.Context, s store) error {
				if err := s.write(ctx, put("item", 0, `1`)); err != nil {
					return err
				}
				if err := s.write(ctx, put("item", 1, `2`)); err != nil {
					return err
				}
				refused := map[string]sosyal.DocChange{
					"a change of an old version":   put("item", 1, `9`),
					"a change of a future version": put("item", 3, `9`),
					"creating what exists":         put("item", 0, `9`),
					"changing what does not exist": put("nowhere", 1, `9`),
					"deleting an old version":      remove("item", 1),
					"deleting a future version":    remove("item", 3),
					"deleting what does not exist": remove("nowhere", 1),
				}
				for what, change := range refused {
					if err := expect(what, s.Write(ctx, s.brand, change), sosyal.ErrConflict); err != nil {
						return err
					}
				}
				return errors.Join(s.holds(ctx, s.brand, put("item", 2, `2`).Doc), s.holdsNot(ctx, s.brand, "nowhere"))
			},
		},
		{
			"a write is all or nothing",
			"half a write is a calendar that refers to items which were never stored",
			func(ctx context.Context, s store) error {
				if err := s.write(ctx, put("b", 0, `1`), put("d", 0, `1`)); err != nil {
					return err
				}
				for _, at := range []int{0, 2, 4} { // the place of the stale change among good ones
					changes := []sosyal.DocChange{put("a", 0, `2`), put("b", 1, `2`), put("c", 0, `2`), remove("d", 1)}
					changes = append(changes[:at:at], append([]sosyal.DocChange{put("stale", 5, `2`)}, changes[at:]...)...)
					if err := expect("a write with one stale change", s.Write(ctx, s.brand, changes...), sosyal.ErrConflict); err != nil {
						return err
					}
					err := errors.Join(
						s.lists(ctx, s.brand, sosyal.Query{Kind: kind}, "b", "d"),
						s.holds(ctx, s.brand, put("b", 1, `1`).Doc),
						s.holds(ctx, s.brand, put("d", 1, `1`).Doc),
					)
					if err != nil {
						return err
					}
				}
				if err := s.write(ctx, put("a", 0, `2`), put("b", 1, `2`), remove("d", 1)); err != nil {
					return err
				}
				return s.lists(ctx, s.brand, sosyal.Query{Kind: kind}, "a", "b")
			},
		},
		{
			"a deleted document is gone",
			"what a manager deleted would be planned and published",
			func(ctx context.Context, s store) error {
				if err := s.write(ctx, put("a", 0, `1`), put("b", 0, `1`)); err != nil {
					return err
				}
				if err := s.write(ctx, remove("a", 1)); err != nil {
					return err
				}
				return errors.Join(
					s.holdsNot(ctx, s.brand, "a"),
					s.lists(ctx, s.brand, sosyal.Query{Kind: kind}, "b"),
					s.holds(ctx, s.brand, put("b", 1, `1`).Doc),
				)
			},
		},
		{
			"versions are never used twice",
			"someone who read version 1 before the deletion would overwrite an unrelated successor",
			func(ctx context.Context, s store) error {
				for _, change := range []sosyal.DocChange{put("item", 0, `1`), put("item", 1, `2`), remove("item", 2), put("item", 0, `4`)} {
					if err := s.write(ctx, change); err != nil {
						return err
					}
				}
				if err := s.holds(ctx, s.brand, put("item", 4, `4`).Doc); err != nil {
					return err
				}
				for v := int64(1); v < 4; v++ {
					if err := expect("a change of a version before the deletion", s.Write(ctx, s.brand, put("item", v, `9`)), sosyal.ErrConflict); err != nil {
						return err
					}
				}
				for _, change := range []sosyal.DocChange{remove("item", 4), put("item", 0, `6`)} {
					if err := s.write(ctx, change); err != nil {
						return err
					}
				}
				return s.holds(ctx, s.brand, put("item", 6, `6`).Doc)
			},
		},
		{
			"a write of nothing does nothing",
			"a sync that finds no difference must not fail",
			func(ctx context.Context, s store) error {
				return errors.Join(s.write(ctx), s.lists(ctx, s.brand, sosyal.Query{Kind: kind}))
			},
		},
		{
			"contradicting changes are refused",
			"which of two changes of one document wins would depend on the store",
			func(ctx context.Context, s store) error {
				if err := s.write(ctx, put("item", 0, `1`)); err != nil {
					return err
				}
				negative := put("item", -1, `2`)
				return errors.Join(
					expect("two changes of one document", s.Write(ctx, s.brand, put("item", 1, `2`), put("item", 2, `3`)), sosyal.ErrInvalid),
					expect("a change and a deletion of one document", s.Write(ctx, s.brand, put("item", 1, `2`), remove("item", 1)), sosyal.ErrInvalid),
					expect("a deletion without a version", s.Write(ctx, s.brand, remove("item", 0)), sosyal.ErrInvalid),
					expect("a negative version", s.Write(ctx, s.brand, negative), sosyal.ErrInvalid),
					s.holds(ctx, s.brand, put("item", 1, `1`).Doc),
				)
			},
		},
	}
}
