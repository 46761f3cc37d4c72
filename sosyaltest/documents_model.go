package sosyaltest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/yukselenler/sosyal"
)

// modelCases: random operations against a model that is too simple to be wrong.
func modelCases() []documentsCase {
	return []documentsCase{{
		"random writes do what a map would do",
		"what breaks only after an odd sequence of changes breaks in production first",
		func(ctx context.Context, s store) error {
			for seed := range uint64(4) {
				m := model{stored: map[string]sosyal.Doc{}, used: map[string]int64{}, rnd: rand.New(rand.NewPCG(seed, 1))}
				run := s
				run.brand = sosyal.BrandID(fmt.Sprintf("%s-%d", s.brand, seed))
				for step := range 60 {
					if err := m.step(ctx, run); err != nil {
						return fmt.Errorf("seed %d, step %d: %w", seed, step, err)
					}
				}
			}
			return nil
		},
	}}
}

// model is what the store should hold.
type model struct {
	stored map[string]sosyal.Doc
	used   map[string]int64 // the last version of each id, also when deleted
	rnd    *rand.Rand
}

// step writes some random changes, most of them acceptable, and compares.
func (m model) step(ctx context.Context, s store) error {
	var changes []sosyal.DocChange
	conflict := false
	for _, id := range m.pick() {
		d := doc(id, m.stored[id].Version)
		if m.rnd.IntN(8) == 0 {
			d.Version = m.rnd.Int64N(6)
		}
		d.State = fmt.Sprint(m.rnd.IntN(3))
		c := sosyal.DocChange{Doc: d, Delete: d.Version > 0 && m.rnd.IntN(4) == 0}
		conflict = conflict || d.Version != m.stored[id].Version
		changes = append(changes, c)
	}
	err := s.Write(ctx, s.brand, changes...)
	if conflict {
		if err := expect("a stale write", err, sosyal.ErrConflict); err != nil {
			return err
		}
	} else if err != nil {
		return fmt.Errorf("a write that breaks no rule failed: %w", err)
	} else {
		m.apply(changes)
	}
	return m.compare(ctx, s)
}

// pick returns one to three different ids.
func (m model) pick() []string {
	ids := []string{"a", "b", "c", "d", "e"}
	m.rnd.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	return ids[:1+m.rnd.IntN(3)]
}

func (m model) apply(changes []sosyal.DocChange) {
	for _, c := range changes {
		d := c.Doc
		m.used[d.ID]++
		d.Version = m.used[d.ID]
		if c.Delete {
			delete(m.stored, d.ID)
		} else {
			m.stored[d.ID] = d
		}
	}
}

func (m model) compare(ctx context.Context, s store) error {
	state := fmt.Sprint(m.rnd.IntN(3))
	var all, some []string
	for _, id := range slices.Sorted(maps.Keys(m.stored)) {
		all = append(all, id)
		if m.stored[id].State == state {
			some = append(some, id)
		}
		if err := s.holds(ctx, s.brand, m.stored[id]); err != nil {
			return err
		}
	}
	return errors.Join(
		s.lists(ctx, s.brand, sosyal.Query{Kind: kind}, all...),
		s.lists(ctx, s.brand, sosyal.Query{Kind: kind, States: []string{state}}, some...),
	)
}
