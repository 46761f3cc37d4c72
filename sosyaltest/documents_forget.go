package sosyaltest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/conformancetest"
)

// of is a document about a person, with an event.
func of(person sosyal.PersonID, id string, version int64) sosyal.DocChange {
	c := tells(id, version, id)
	c.Doc.Person = person
	return c
}

// forgetCases: a person can be erased, and it is on record.
func forgetCases() []documentsCase {
	return []documentsCase{
		forgetCase(
			"a forgotten person is gone",
			"the law gives a person the right to be erased, and a regulator asks for the proof",
			func(ctx context.Context, s store, f sosyal.Forgetter) error {
				second := of("p-1", "second", 0)
				second.Doc.Kind = kind + ".other"
				if err := s.write(ctx, of("p-1", "first", 0), second, of("p-1", "third", 0), of("p-2", "theirs", 0), of("", "nobody's", 0)); err != nil {
					return err
				}
				record, err := f.Forget(ctx, s.brand, "p-1")
				if err != nil {
					return fmt.Errorf("erasing: %w", err)
				}
				if record.Total() != 3 || record.Records[kind] != 2 || record.Records[second.Doc.Kind] != 1 {
					return fmt.Errorf("the record counts %v, want 2 of one kind and 1 of the other", record.Records)
				}
				if record.Brand != s.brand || record.Person != sosyal.PersonDigest(s.brand, "p-1") || record.At.IsZero() {
					return fmt.Errorf("the record is %+v and does not say who and when", record)
				}
				return errors.Join(
					s.holdsNot(ctx, s.brand, "first"),
					s.lists(ctx, s.brand, sosyal.Query{Kind: kind}, "nobody's", "theirs"),
					s.lists(ctx, s.brand, sosyal.Query{Kind: second.Doc.Kind}),
					s.lists(ctx, s.brand, sosyal.Query{Kind: kind, Person: "p-1"}),
				)
			},
		),
		forgetCase(
			"erasing stays within the brand",
			"one brand would erase the customers of another",
			func(ctx context.Context, s store, f sosyal.Forgetter) error {
				if err := s.write(ctx, of("p-1", "mine", 0)); err != nil {
					return err
				}
				record, err := f.Forget(ctx, s.other, "p-1")
				if err != nil {
					return err
				}
				if record.Total() != 0 {
					return fmt.Errorf("the record of another brand counts %d", record.Total())
				}
				return s.lists(ctx, s.brand, sosyal.Query{Kind: kind}, "mine")
			},
		),
		forgetCase(
			"erasing again is no error",
			"an erasure that stopped half-way must be repeated",
			func(ctx context.Context, s store, f sosyal.Forgetter) error {
				if err := s.write(ctx, of("p-1", "first", 0)); err != nil {
					return err
				}
				for i, want := range []int{1, 0} {
					record, err := f.Forget(ctx, s.brand, "p-1")
					if err != nil || record.Total() != want {
						return fmt.Errorf("erasing, time %d, counted %d and gave the error %s", i+1, record.Total(), text(err))
					}
				}
				return nil
			},
		),
		forgetCase(
			"what was erased does not come back",
			"a worker that had read the document before would write it back",
			func(ctx context.Context, s store, f sosyal.Forgetter) error {
				if err := s.write(ctx, of("p-1", "first", 0)); err != nil {
					return err
				}
				if _, err := f.Forget(ctx, s.brand, "p-1"); err != nil {
					return err
				}
				if err := expect("a write over the erased version", s.Write(ctx, s.brand, of("p-1", "first", 1)), sosyal.ErrConflict); err != nil {
					return err
				}
				if err := s.write(ctx, put("first", 0, `"new"`)); err != nil { // the person came back
					return err
				}
				return errors.Join(
					s.holds(ctx, s.brand, put("first", 3, `"new"`).Doc),
					expect("a write over the erased version", s.Write(ctx, s.brand, of("p-1", "first", 1)), sosyal.ErrConflict),
				)
			},
		),
		forgetCase(
			"pending news of the erased go too",
			"news about a document that no longer exists would name the person's document to the whole team",
			func(ctx context.Context, s store, f sosyal.Forgetter) error {
				o, err := s.outbox()
				if err != nil {
					return err
				}
				if err := s.write(ctx, of("p-1", "first", 0), of("p-2", "theirs", 0)); err != nil {
					return err
				}
				if _, err := f.Forget(ctx, s.brand, "p-1"); err != nil {
					return err
				}
				return pends(ctx, o, s.brand, noon(), 0, "theirs")
			},
		),
		forgetCase(
			"erasures are on record",
			"without a record the erasure cannot be proven, nor repeated after an old backup was restored",
			func(ctx context.Context, s store, f sosyal.Forgetter) error {
				e, ok := s.Documents.(sosyal.Erasures)
				if !ok {
					return conformancetest.ErrAbsent
				}
				const person = "person-of-a-telling-name"
				if err := s.write(ctx, of(person, "first", 0)); err != nil {
					return err
				}
				for _, p := range []sosyal.PersonID{person, "p-2"} {
					if _, err := f.Forget(ctx, s.brand, p); err != nil {
						return err
					}
				}
				records, err := collect(e.Erasures(ctx, s.brand))
				if err != nil || len(records) != 2 {
					return fmt.Errorf("two erasures left %d records and the error %s", len(records), text(err))
				}
				if records[0].Person != sosyal.PersonDigest(s.brand, person) || records[0].Records[kind] != 1 || records[0].Brand != s.brand || records[0].At.IsZero() {
					return fmt.Errorf("the first record is %+v", records[0])
				}
				written, err := json.Marshal(records)
				if err != nil {
					return err
				}
				if strings.Contains(string(written), person) {
					return errors.New("a record of erasure names the person")
				}
				theirs, err := collect(e.Erasures(ctx, s.other))
				if err != nil || len(theirs) != 0 {
					return fmt.Errorf("another brand sees %d records and the error %s", len(theirs), text(err))
				}
				return nil
			},
		),
		forgetCase(
			"impossible people are refused",
			"an empty person is that of every document that is about nobody",
			func(ctx context.Context, s store, f sosyal.Forgetter) error {
				if err := s.write(ctx, put("nobody's", 0, `1`)); err != nil {
					return err
				}
				_, person := f.Forget(ctx, s.brand, "")
				_, brand := f.Forget(ctx, "", "p-1")
				cancelled, cancel := context.WithCancel(ctx)
				cancel()
				_, late := f.Forget(cancelled, s.brand, "p-1")
				return errors.Join(
					expect("erasing nobody", person, sosyal.ErrInvalid),
					expect("erasing from no brand", brand, sosyal.ErrInvalid),
					expect("erasing with a cancelled context", late, context.Canceled),
					s.lists(ctx, s.brand, sosyal.Query{Kind: kind}, "nobody's"),
				)
			},
		),
	}
}

func forgetCase(name, why string, run func(context.Context, store, sosyal.Forgetter) error) documentsCase {
	return documentsCase{name, why, func(ctx context.Context, s store) error {
		f, err := s.forgetter()
		if err != nil {
			return err
		}
		return run(ctx, s, f)
	}}
}
