package audience

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/yukselenler/sosyal"
)

// MemoryInsights are [Insights] that were put into memory: for tests, and for
// hosts that read a network's figures by hand. The zero value is empty and
// ready; it is safe for concurrent use.
type MemoryInsights struct {
	mu        sync.RWMutex
	followers map[sosyal.Destination]Followers
}

// Put keeps the figures of an account and replaces earlier ones, unless those
// are of a later day.
func (m *MemoryInsights) Put(f Followers) error {
	if err := f.Validate(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.followers == nil {
		m.followers = map[sosyal.Destination]Followers{}
	}
	if before, ok := m.followers[f.Destination]; !ok || before.AsOf <= f.AsOf {
		m.followers[f.Destination] = f.clone()
	}
	return nil
}

// Followers implements [Insights].
func (m *MemoryInsights) Followers(ctx context.Context, d sosyal.Destination) (Followers, error) {
	if err := ctx.Err(); err != nil {
		return Followers{}, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	f, ok := m.followers[d]
	if !ok {
		return Followers{}, fmt.Errorf("insights of %s: %w", d, sosyal.ErrNotFound)
	}
	return f.clone(), nil
}

// clone shares no memory with f.
func (f Followers) clone() Followers {
	f.Counts = slices.Clone(f.Counts)
	for i := range f.Counts {
		f.Counts[i].Values = slices.Clone(f.Counts[i].Values)
	}
	return f
}
