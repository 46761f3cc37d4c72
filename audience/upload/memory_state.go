package upload

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/yukselenler/sosyal"
)

// MemoryState is a [State] in memory that also keeps [sosyal.Erasures]. The zero
// value is ready to use; it must not be copied.
type MemoryState struct {
	// Now dates records of erasure; time.Now where it is nil.
	Now func() time.Time

	mu        sync.RWMutex
	audiences map[Audience]*memoryAudience
	erasures  map[sosyal.BrandID][]sosyal.Erasure
}

type memoryAudience struct {
	members map[string]Member
	batches []Batch // by sequence, the first is 1
}

// Record implements [State].
func (m *MemoryState) Record(ctx context.Context, b Batch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	kept := m.audiences[b.Audience]
	if kept == nil {
		kept = &memoryAudience{members: map[string]Member{}}
	}
	last := int64(len(kept.batches))
	var known *Batch
	if 0 < b.Sequence && b.Sequence <= last {
		known = &kept.batches[b.Sequence-1]
	}
	store, err := Admit(last, known, b)
	if err != nil || !store {
		return err
	}
	b = b.cloned()
	b.At, b.Ended = b.At.UTC().Truncate(time.Microsecond), b.Ended.UTC().Truncate(time.Microsecond)
	if known == nil {
		kept.batches = append(kept.batches, b)
		if m.audiences == nil {
			m.audiences = map[Audience]*memoryAudience{}
		}
		m.audiences[b.Audience] = kept
		return nil
	}
	for person, row := range b.Settle(*known) {
		if row != nil {
			kept.members[person] = Member{Audience: b.Audience, Row: *row, Since: b.Ended}
		} else {
			delete(kept.members, person)
		}
		for i := range kept.batches[:b.Sequence-1] {
			kept.batches[i].drop(person)
		}
	}
	*known = b.closed()
	return nil
}

// Members implements [State]. It yields what was there when it began.
func (m *MemoryState) Members(ctx context.Context, brand sosyal.BrandID, q Query) iter.Seq2[Member, error] {
	return stream(ctx, brand, func() []Member {
		m.mu.RLock()
		defer m.mu.RUnlock()
		var found []Member
		for _, a := range m.of(brand) {
			for _, person := range slices.Sorted(maps.Keys(m.audiences[a].members)) {
				if one := m.audiences[a].members[person]; q.MatchesMember(one) {
					one.Row = one.cloned()
					found = append(found, one)
				}
			}
		}
		return found
	})
}

// Batches implements [State]. It yields what was there when it began.
func (m *MemoryState) Batches(ctx context.Context, brand sosyal.BrandID, q Query) iter.Seq2[Batch, error] {
	return stream(ctx, brand, func() []Batch {
		m.mu.RLock()
		defer m.mu.RUnlock()
		var found []Batch
		for _, a := range m.of(brand) {
			for _, b := range slices.Backward(m.audiences[a].batches) {
				if q.MatchesBatch(b) {
					found = append(found, b.cloned())
				}
			}
		}
		return found
	})
}

// Forget implements [State].
func (m *MemoryState) Forget(ctx context.Context, brand sosyal.BrandID, person sosyal.PersonID) (sosyal.Erasure, error) {
	if err := ctx.Err(); err != nil {
		return sosyal.Erasure{}, err
	}
	if err := sosyal.CheckPerson(brand, person); err != nil {
		return sosyal.Erasure{}, err
	}
	now := time.Now
	if m.Now != nil {
		now = m.Now
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	digest := sosyal.PersonDigest(brand, person)
	record := sosyal.Erasure{Brand: brand, Person: digest, At: now().UTC(), Records: map[string]int{}}
	for _, a := range m.of(brand) {
		kept := m.audiences[a]
		if _, held := kept.members[digest]; held {
			delete(kept.members, digest)
			record.Records[ErasedMember]++
		}
		for i := range kept.batches {
			if kept.batches[i].drop(digest) {
				record.Records[ErasedRow]++
			}
		}
	}
	if m.erasures == nil {
		m.erasures = map[sosyal.BrandID][]sosyal.Erasure{}
	}
	m.erasures[brand] = append(m.erasures[brand], record)
	record.Records = maps.Clone(record.Records)
	return record, nil
}

// Erasures implements [sosyal.Erasures].
func (m *MemoryState) Erasures(ctx context.Context, brand sosyal.BrandID) iter.Seq2[sosyal.Erasure, error] {
	return stream(ctx, brand, func() []sosyal.Erasure {
		m.mu.RLock()
		defer m.mu.RUnlock()
		records := slices.Clone(m.erasures[brand])
		for i := range records {
			records[i].Records = maps.Clone(records[i].Records)
		}
		return records
	})
}

// of returns the audiences of a brand in order.
func (m *MemoryState) of(brand sosyal.BrandID) []Audience {
	var own []Audience
	for a := range m.audiences {
		if a.Brand == brand {
			own = append(own, a)
		}
	}
	slices.SortFunc(own, func(a, b Audience) int {
		return cmp.Or(strings.Compare(string(a.Platform), string(b.Platform)),
			strings.Compare(string(a.Account), string(b.Account)), strings.Compare(string(a.ID), string(b.ID)))
	})
	return own
}

// stream yields what read returns.
func stream[T any](ctx context.Context, brand sosyal.BrandID, read func() []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		if err := sosyal.CheckBrand(brand); err != nil {
			yield(none, err)
			return
		}
		if err := ctx.Err(); err != nil {
			yield(none, err)
			return
		}
		for _, one := range read() {
			if err := ctx.Err(); err != nil {
				yield(none, err)
				return
			}
			if !yield(one, nil) {
				return
			}
		}
	}
}
