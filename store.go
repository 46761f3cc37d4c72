package sosyal

import (
	"context"
	"iter"
)

// Store is where values of one type are kept, each with an id and a version.
// A host implements it over its own tables, or takes a [Collection], which
// implements it over [Documents]. The contract is that of Documents: one brand
// at a time, all or nothing, a stale version is [ErrConflict].
type Store[T any] interface {
	// Load returns a value. One that does not exist is [ErrNotFound].
	Load(ctx context.Context, brand BrandID, id string) (Stored[T], error)
	// Write stores all changes and their events, or nothing at all.
	Write(ctx context.Context, brand BrandID, changes ...Change[T]) error
	// List yields what the query asks for in ascending order of the ids.
	List(ctx context.Context, brand BrandID, q Query) iter.Seq2[Stored[T], error]
}

// Stored is a value as it lies in a [Store].
type Stored[T any] struct {
	ID      string
	Version int64
	Value   T
}

// Change returns the change that replaces what was loaded by value.
func (s Stored[T]) Change(value T, events ...Event) Change[T] {
	return Change[T]{ID: s.ID, Version: s.Version, Value: value, Events: events}
}

// Delete returns the change that deletes what was loaded.
func (s Stored[T]) Delete(events ...Event) Change[T] {
	return Change[T]{ID: s.ID, Version: s.Version, Delete: true, Events: events}
}

// Change is one change of a [Store]. [Create], [Stored.Change] and
// [Stored.Delete] make them.
type Change[T any] struct {
	ID string
	// Version is the version that was read; 0 creates the value.
	Version int64
	Value   T
	// Delete deletes instead; Value does not count.
	Delete bool
	// Events are announced if, and only if, the change is stored.
	Events []Event
}

// Create returns the change that stores a new value.
func Create[T any](id string, value T, events ...Event) Change[T] {
	return Change[T]{ID: id, Value: value, Events: events}
}
