package reputation

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/yukselenler/sosyal"
)

// Memory is a [Mentions] in memory that also keeps [sosyal.Erasures]. The zero
// value is ready to use.
type Memory struct {
	// Now dates records of erasure; time.Now where it is nil.
	Now func() time.Time

	mu       sync.RWMutex
	brands   map[sosyal.BrandID]map[string]Mention
	erasures map[sosyal.BrandID][]sosyal.Erasure
}

// Append implements [Mentions].
func (m *Memory) Append(ctx context.Context, brand sosyal.BrandID, mentions ...Mention) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := sosyal.CheckBrand(brand); err != nil {
		return err
	}
	var p sosyal.Problems
	for i, mention := range mentions {
		p.Nest("mentions["+strconv.Itoa(i)+"]", mention.Validate())
	}
	if err := p.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.brands == nil {
		m.brands = map[sosyal.BrandID]map[string]Mention{}
	}
	if m.brands[brand] == nil {
		m.brands[brand] = map[string]Mention{}
	}
	for _, mention := range mentions {
		mention.At = mention.At.Truncate(time.Microsecond).UTC()
		m.brands[brand][mention.ID] = mention
	}
	return nil
}

// Scan implements [Mentions]. It yields what was there when it began.
func (m *Memory) Scan(ctx context.Context, brand sosyal.BrandID, q Query) iter.Seq2[Mention, error] {
	return func(yield func(Mention, error) bool) {
		if err := sosyal.CheckBrand(brand); err != nil {
			yield(Mention{}, err)
			return
		}
		m.mu.RLock()
		var found []Mention
		for _, mention := range m.brands[brand] {
			if q.Matches(mention) {
				found = append(found, mention)
			}
		}
		m.mu.RUnlock()
		slices.SortFunc(found, func(a, b Mention) int { return cmp.Or(a.At.Compare(b.At), strings.Compare(a.ID, b.ID)) })
		for _, mention := range found {
			if ctx.Err() != nil {
				break
			}
			if !yield(mention, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(Mention{}, err)
		}
	}
}

// Forget implements [Mentions].
func (m *Memory) Forget(ctx context.Context, brand sosyal.BrandID, person sosyal.PersonID) (sosyal.Erasure, error) {
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
	record := sosyal.Erasure{Brand: brand, Person: sosyal.PersonDigest(brand, person), At: now().UTC(), Records: map[string]int{}}
	for id, mention := range m.brands[brand] {
		if mention.Author == person {
			delete(m.brands[brand], id)
			record.Records[ErasedMention]++
		}
	}
	if m.erasures == nil {
		m.erasures = map[sosyal.BrandID][]sosyal.Erasure{}
	}
	m.erasures[brand] = append(m.erasures[brand], record)
	return record, nil
}

// Erasures implements [sosyal.Erasures].
func (m *Memory) Erasures(ctx context.Context, brand sosyal.BrandID) iter.Seq2[sosyal.Erasure, error] {
	return func(yield func(sosyal.Erasure, error) bool) {
		if err := ctx.Err(); err != nil {
			yield(sosyal.Erasure{}, err)
			return
		}
		m.mu.RLock()
		records := slices.Clone(m.erasures[brand])
		m.mu.RUnlock()
		for _, record := range records {
			if !yield(record, nil) {
				return
			}
		}
	}
}
