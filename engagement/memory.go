package engagement

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/yukselenler/sosyal"
)

// Memory is an [Archive] in memory. The zero value is ready to use.
type Memory struct {
	mu     sync.RWMutex
	brands map[sosyal.BrandID]map[snapshotKey]Snapshot
}

type snapshotKey struct {
	post    string
	metric  sosyal.Metric
	at      int64
	version string
}

// Append implements [Archive].
func (m *Memory) Append(ctx context.Context, brand sosyal.BrandID, snapshots ...Snapshot) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := sosyal.CheckBrand(brand); err != nil {
		return err
	}
	var p sosyal.Problems
	for i, s := range snapshots {
		p.Nest("snapshots["+strconv.Itoa(i)+"]", s.Validate())
	}
	if err := p.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.brands == nil {
		m.brands = map[sosyal.BrandID]map[snapshotKey]Snapshot{}
	}
	if m.brands[brand] == nil {
		m.brands[brand] = map[snapshotKey]Snapshot{}
	}
	for _, s := range snapshots {
		s.At = s.At.Truncate(time.Microsecond).UTC()
		m.brands[brand][snapshotKey{s.Post, s.Metric, s.At.UnixMicro(), s.Version}] = s
	}
	return nil
}

// Scan implements [Archive]. It yields what was there when it was called.
func (m *Memory) Scan(ctx context.Context, brand sosyal.BrandID, q Query) iter.Seq2[Snapshot, error] {
	return func(yield func(Snapshot, error) bool) {
		if err := sosyal.CheckBrand(brand); err != nil {
			yield(Snapshot{}, err)
			return
		}
		m.mu.RLock()
		var found []Snapshot
		for _, s := range m.brands[brand] {
			if q.Matches(s) {
				found = append(found, s)
			}
		}
		m.mu.RUnlock()
		slices.SortFunc(found, compareSnapshots)
		for _, s := range found {
			if err := ctx.Err(); err != nil {
				yield(Snapshot{}, err)
				return
			}
			if !yield(s, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(Snapshot{}, err)
		}
	}
}
