package sosyaltest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/yukselenler/sosyal"
)

// awkwardNames are ids that databases, collations and careless string joining
// mistake for one another. They are all different.
func awkwardNames() []string {
	return []string{
		"a", "A", " a", "a ", "i", "ı", "I", "İ", "i̇", // dotted and dotless
		"café", "cafe\u0301", // composed and decomposed
		"ş", "s", "ß", "ss", "ﬁ", "fi",
		"%", "_", "a%", "a_", `\`, `'`, `''`, `"`, "`", ";--", "$1", "?", ":x", "{}", "[]",
		"a/b", "a\\b", "a:b", "a\tb", "a\nb", "a\u00a0b", "\u200b", "\ufeff", "\u202e",
		"0", "00", "1e3", "NULL", "null", "true", "NaN",
		"💄", "🇹🇷", "한국어", "עברית", "\U0010ffff", "\x01", "\x7f",
		strings.Repeat("ç", 127) + "a", strings.Repeat("ç", 127) + "b",
	}
}

// nameCases: which names there are, and that none is taken for another.
func nameCases() []documentsCase {
	return []documentsCase{
		{
			"names differ where their bytes differ",
			"two items that a collation takes for one overwrite each other",
			func(ctx context.Context, s store) error {
				names := awkwardNames()
				for i, name := range names {
					c := put(name, 0, fmt.Sprint(i))
					c.Doc.State, c.Doc.Parent, c.Doc.Person = name, name, sosyal.PersonID(name)
					if err := s.Write(ctx, s.brand, c); err != nil {
						return fmt.Errorf("creating %q: %w", name, err)
					}
				}
				for i, name := range names {
					want := put(name, 1, fmt.Sprint(i)).Doc
					want.State, want.Parent, want.Person = name, name, sosyal.PersonID(name)
					err := errors.Join(
						s.holds(ctx, s.brand, want),
						s.lists(ctx, s.brand, sosyal.Query{Kind: kind, IDs: []string{name}}, name),
						s.lists(ctx, s.brand, sosyal.Query{Kind: kind, States: []string{name}}, name),
						s.lists(ctx, s.brand, sosyal.Query{Kind: kind, Parent: name}, name),
						s.lists(ctx, s.brand, sosyal.Query{Kind: kind, Person: sosyal.PersonID(name)}, name),
					)
					if err != nil {
						return err
					}
				}
				slices.Sort(names)
				return s.lists(ctx, s.brand, sosyal.Query{Kind: kind}, names...)
			},
		},
		{
			"kinds do not meet",
			"a goal and an item of the same id are two things",
			func(ctx context.Context, s store) error {
				one, two := put("item", 0, `1`), put("item", 0, `2`)
				two.Doc.Kind = kind + ".other"
				if err := s.write(ctx, one, two); err != nil {
					return err
				}
				one.Doc.Version, two.Doc.Version = 1, 1
				gone := sosyal.DocChange{Doc: one.Doc, Delete: true}
				if err := s.write(ctx, gone); err != nil {
					return err
				}
				return errors.Join(
					s.holdsNot(ctx, s.brand, "item"),
					s.holds(ctx, s.brand, two.Doc),
					s.lists(ctx, s.brand, sosyal.Query{Kind: kind}),
					s.lists(ctx, s.brand, sosyal.Query{Kind: two.Doc.Kind}, "item"),
				)
			},
		},
		{
			"impossible names are refused",
			"a document without a name is never found again, and a cut name is another document",
			func(ctx context.Context, s store) error {
				if err := s.write(ctx, put("item", 0, `1`)); err != nil {
					return err
				}
				for _, name := range []string{"", strings.Repeat("x", 256), "a\x00b", "\xff"} {
					ofKind, ofParent := put("x", 0, `1`), put("x", 0, `1`)
					ofKind.Doc.Kind = name
					ofParent.Doc.Parent = "\x00" + name
					_, loadBrand := s.Load(ctx, sosyal.BrandID(name), kind, "item")
					_, loadKind := s.Load(ctx, s.brand, name, "item")
					_, loadID := s.Load(ctx, s.brand, kind, name)
					_, listBrand := collect(s.List(ctx, sosyal.BrandID(name), sosyal.Query{Kind: kind}))
					_, listKind := collect(s.List(ctx, s.brand, sosyal.Query{Kind: name}))
					for what, err := range map[string]error{
						"loading from a brand": loadBrand,
						"loading a kind":       loadKind,
						"loading an id":        loadID,
						"listing a brand":      listBrand,
						"listing a kind":       listKind,
						"writing to a brand":   s.Write(ctx, sosyal.BrandID(name), put("x", 0, `1`)),
						"writing nothing":      s.Write(ctx, sosyal.BrandID(name)),
						"writing a kind":       s.Write(ctx, s.brand, ofKind),
						"writing an id":        s.Write(ctx, s.brand, put(name, 0, `1`)),
						"writing a parent":     s.Write(ctx, s.brand, ofParent),
					} {
						if err := expect(fmt.Sprintf("%s of name %.10q", what, name), err, sosyal.ErrInvalid); err != nil {
							return err
						}
					}
				}
				return s.lists(ctx, s.brand, sosyal.Query{Kind: kind}, "item")
			},
		},
	}
}

// brandCases: nothing of one brand is ever visible to another.
func brandCases() []documentsCase {
	return []documentsCase{
		{
			"brands do not meet",
			"one customer of the platform would read or change the plans of another",
			func(ctx context.Context, s store) error {
				mine, theirs := put("item", 0, `"mine"`), put("item", 0, `"theirs"`)
				for _, c := range []*sosyal.DocChange{&mine, &theirs} {
					c.Doc.State, c.Doc.Parent, c.Doc.Person = "open", "p", "q"
				}
				if err := s.write(ctx, mine); err != nil {
					return err
				}
				if err := s.holdsNot(ctx, s.other, "item"); err != nil {
					return err
				}
				if err := expect("changing the document of another brand", s.Write(ctx, s.other, put("item", 1, `0`)), sosyal.ErrConflict); err != nil {
					return err
				}
				if err := expect("deleting the document of another brand", s.Write(ctx, s.other, remove("item", 1)), sosyal.ErrConflict); err != nil {
					return err
				}
				for _, q := range []sosyal.Query{
					{Kind: kind},
					{Kind: kind, IDs: []string{"item"}},
					{Kind: kind, States: []string{"open"}},
					{Kind: kind, Parent: "p"},
					{Kind: kind, Person: "q"},
				} {
					if err := s.lists(ctx, s.other, q); err != nil {
						return err
					}
				}
				if err := s.Write(ctx, s.other, theirs); err != nil {
					return fmt.Errorf("creating what only another brand has: %w", err)
				}
				if err := s.Write(ctx, s.other, remove("item", 1)); err != nil {
					return err
				}
				mine.Doc.Version = 1
				return s.holds(ctx, s.brand, mine.Doc)
			},
		},
		{
			"brands whose names run together do not meet",
			"a store that joins brand, kind and id into one key lets one brand choose a name that reads another's",
			func(ctx context.Context, s store) error {
				for _, mark := range []string{"/", ":", "|", ".", "\x1f", "%", "_", " "} {
					long := sosyal.BrandID(string(s.brand) + mark + "x")
					a := sosyal.DocChange{Doc: sosyal.Doc{Kind: "x" + mark + "y", ID: "item", Body: []byte(`1`)}}
					if err := s.write(ctx, a); err != nil {
						return err
					}
					_, err := s.Load(ctx, long, "y", "item")
					if err := expect("loading under a brand and kind that join to the same text", err, sosyal.ErrNotFound); err != nil {
						return err
					}
					if _, err := s.Load(ctx, sosyal.BrandID(strings.ToUpper(string(s.brand))), "x"+mark+"y", "item"); !errors.Is(err, sosyal.ErrNotFound) {
						return errors.New("the brand was found under its name in capitals")
					}
				}
				return nil
			},
		},
	}
}
