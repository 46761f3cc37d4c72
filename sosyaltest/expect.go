package sosyaltest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"time"

	"github.com/yukselenler/sosyal"
)

// kind is the kind of the documents that the cases write.
const kind = "sosyaltest.doc"

// doc is a document of little content at the version that was read.
func doc(id string, version int64) sosyal.Doc {
	return sosyal.Doc{Kind: kind, ID: id, Version: version, Schema: 1, Body: json.RawMessage(`{}`)}
}

// put is the change to doc(id, version) with a body.
func put(id string, version int64, body string) sosyal.DocChange {
	d := doc(id, version)
	d.Body = json.RawMessage(body)
	return sosyal.DocChange{Doc: d}
}

func remove(id string, version int64) sosyal.DocChange {
	return sosyal.DocChange{Doc: sosyal.Doc{Kind: kind, ID: id, Version: version}, Delete: true}
}

// event is an event of a fixed time.
func event(name string) sosyal.Event {
	return sosyal.Event{Kind: name, At: time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)}
}

// write reports an error of a write that should succeed.
func (s store) write(ctx context.Context, changes ...sosyal.DocChange) error {
	if err := s.Write(ctx, s.brand, changes...); err != nil {
		return fmt.Errorf("a write that breaks no rule failed: %w", err)
	}
	return nil
}

// holds compares a stored document with what it should be.
func (s store) holds(ctx context.Context, brand sosyal.BrandID, want sosyal.Doc) error {
	got, err := s.Load(ctx, brand, want.Kind, want.ID)
	if err != nil {
		return fmt.Errorf("loading %q: %w", want.ID, err)
	}
	return same(got, want)
}

// holdsNot reports a document that should not exist.
func (s store) holdsNot(ctx context.Context, brand sosyal.BrandID, id string) error {
	_, err := s.Load(ctx, brand, kind, id)
	return expect(fmt.Sprintf("loading %q", id), err, sosyal.ErrNotFound)
}

func same(got, want sosyal.Doc) error {
	if !got.From.Equal(want.From) || !got.To.Equal(want.To) {
		return fmt.Errorf("%q has time %v to %v, want %v to %v", want.ID, got.From, got.To, want.From, want.To)
	}
	if (!got.From.IsZero() && got.From.Location() != time.UTC) || (!got.To.IsZero() && got.To.Location() != time.UTC) {
		return fmt.Errorf("%q has times that are not in UTC", want.ID)
	}
	if !sameJSON(got.Body, want.Body) {
		return fmt.Errorf("%q has body %.80s, want %.80s", want.ID, got.Body, want.Body)
	}
	got.From, got.To, got.Body = want.From, want.To, want.Body
	if !reflect.DeepEqual(got, want) {
		got.Body, want.Body = nil, nil
		return fmt.Errorf("%q is %+v, want %+v", want.ID, got, want)
	}
	return nil
}

// sameJSON compares what two JSON texts say, numbers digit by digit.
func sameJSON(a, b json.RawMessage) bool {
	read := func(text json.RawMessage) (any, error) {
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		var v any
		err := d.Decode(&v)
		return v, err
	}
	x, err := read(a)
	if err != nil {
		return false
	}
	y, err := read(b)
	return err == nil && reflect.DeepEqual(x, y)
}

// expect compares an error with the sentinel that it should be.
func expect(what string, err, want error) error {
	if !errors.Is(err, want) {
		return fmt.Errorf("%s gave the error %s, want %s", what, text(err), text(want))
	}
	return nil
}

// lists compares the ids that a query yields.
func (s store) lists(ctx context.Context, brand sosyal.BrandID, q sosyal.Query, want ...string) error {
	got, err := s.ids(ctx, brand, q)
	if err != nil {
		return err
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("%s gave %q, want %q", describe(q), got, want)
	}
	return nil
}

func (s store) ids(ctx context.Context, brand sosyal.BrandID, q sosyal.Query) ([]string, error) {
	docs, err := collect(s.List(ctx, brand, q))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", describe(q), err)
	}
	ids := make([]string, len(docs))
	for i, d := range docs {
		ids[i] = d.ID
	}
	return ids, nil
}

func describe(q sosyal.Query) string {
	if len(q.IDs) > 5 {
		q.IDs = q.IDs[:5]
	}
	return fmt.Sprintf("listing %+v", q)
}

func collect[T any](values iter.Seq2[T, error]) ([]T, error) {
	var all []T
	var failed error
	for v, err := range values {
		if failed != nil {
			return all, fmt.Errorf("the sequence went on after the error %s", text(failed))
		}
		if err != nil {
			failed = err
			continue
		}
		all = append(all, v)
	}
	return all, failed
}

// text is the error as part of a sentence.
func text(err error) string {
	if err == nil {
		return "none"
	}
	return fmt.Sprintf("%q", err.Error())
}
