package calendar

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/yukselenler/sosyal"
)

// Planner assigns items to slots. The zero Planner is ready to use.
//
// It relaxes the rules to find an upper bound and good starting points
// (Lagrangian relaxation over exact assignments), repairs those into plans that
// keep every rule, and improves the best of them by moves, swaps, ejections and
// exchanges within categories. It is deterministic: the same problem gives the
// same schedule, whatever the order of its items and slots, and ties are broken
// by id. Work is limited by counts, not by time.
type Planner struct {
	// Effort scales the work: 0 means 100, which is meant for a person who waits;
	// ten times as much takes about ten times as long and closes the gap further.
	Effort int
}

const (
	defaultEffort = 100
	// cellsPerEffort is how many entries of assignment matrices one unit of effort
	// stands for.
	cellsPerEffort = 80_000
	minIterations  = 12
	maxIterations  = 300 // per 100 of effort
	// nearIterations is from how many on the last quarter makes near steps.
	nearIterations = 100
	// movesPerEffort bounds the openings that the local search looks at.
	movesPerEffort = 40_000
	movesPerCell   = 1_000 // small problems need no more
	// mostWork is more than anybody waits for, and fits an int everywhere.
	mostWork = 1 << 30
	// closed is the gap, relative to the bound, at which a plan counts as best: it
	// covers the rounding of sums of floats.
	closed = 1e-12
)

// Plan assigns items to slots. It never breaks a rule; what cannot be placed is
// left out with the reason. Errors are about the problem: items or slots that
// repeat or lack what they need, values that are not numbers. A context that ends
// ends the work with its error.
func (p Planner) Plan(ctx context.Context, pr Problem) (Schedule, error) {
	if p.Effort < 0 {
		return Schedule{}, sosyal.FieldError{Field: "effort", Rule: "must not be negative", Value: fmt.Sprint(p.Effort)}
	}
	if err := pr.Validate(); err != nil {
		return Schedule{}, fmt.Errorf("plan: %w", err)
	}
	models, held, err := newModels(&pr)
	if err != nil {
		return Schedule{}, fmt.Errorf("plan: %w", err)
	}
	schedule := Schedule{Left: held}
	cells := 0
	for _, m := range models {
		cells += len(m.w)
	}
	for _, m := range models {
		// Every part gets effort by its size, so that the whole is bounded.
		effort := float64(cmp.Or(p.Effort, defaultEffort)) * float64(len(m.w)) / float64(max(cells, 1))
		best, bound, err := m.solve(ctx, effort, cmp.Or(p.Effort, defaultEffort))
		if err != nil {
			return Schedule{}, fmt.Errorf("plan: %w", err)
		}
		m.report(best, bound, &schedule)
	}
	slices.SortStableFunc(schedule.Assignments, func(a, b Assignment) int {
		return cmp.Or(a.Slot.At.Compare(b.Slot.At), strings.Compare(string(a.Item), string(b.Item)), compareDestinations(a.Destination, b.Destination))
	})
	slices.SortStableFunc(schedule.Left, func(a, b Left) int {
		return cmp.Or(strings.Compare(string(a.Item), string(b.Item)), compareDestinations(a.Destination, b.Destination))
	})
	schedule.Bound = max(schedule.Bound, schedule.Value)
	schedule.Reasons = schedule.summary()
	return schedule, nil
}

// solve returns the best plan found and an upper bound of any plan's value, both
// with the price of leaving out counted as value of putting in.
func (m *model) solve(ctx context.Context, effort float64, asked int) (*plan, float64, error) {
	s := newSearch(m)
	best := newPlan(m)
	bestValue := math.Inf(-1)
	keep := func() {
		if v := s.total(); v > bestValue {
			bestValue = v
			best.copyFrom(s.plan)
		}
	}
	r := newRelaxation(m)
	if len(m.openings) == 0 {
		return best, 0, nil
	}
	// Counts are bounded as floats: an effort may be more than an int can count.
	iterations := max(minIterations, int(min(
		effort*cellsPerEffort/float64(len(m.w)), maxIterations*float64(asked)/defaultEffort, mostWork)))
	factor, stalled := 1.0, 0
	optimal := func() bool { return r.bound-bestValue <= closed*math.Abs(r.bound) }
	for n := range iterations {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		lowest := r.bound
		value := r.solve()
		s.moves = int(min(effort*movesPerEffort/float64(iterations), mostWork))
		s.repair(r.assign.colOf)
		s.improve()
		keep()
		if optimal() {
			return best, r.bound, nil
		}
		if stalled++; r.bound < lowest-1e-4*math.Abs(lowest) {
			stalled = 0
		}
		if stalled >= 3 {
			factor, stalled = factor/2, 0
		}
		near := iterations >= nearIterations && n >= iterations*3/4
		if near && n == iterations*3/4 {
			factor, stalled = 1, 0
		}
		if !r.step(value, bestValue, factor, near) {
			break
		}
	}
	if err := s.perturb(ctx, best, &bestValue, effort, optimal); err != nil {
		return nil, 0, err
	}
	return best, r.bound, nil
}

// perturb empties a stretch of the calendar at a time, fills it again and keeps
// what is better.
func (s *search) perturb(ctx context.Context, best *plan, bestValue *float64, effort float64, optimal func() bool) error {
	left := int(min(effort*movesPerEffort, movesPerCell*float64(len(s.m.w))))
	rng := rand.New(rand.NewPCG(1, uint64(len(s.m.w))))
	for left > 0 && !optimal() {
		if err := ctx.Err(); err != nil {
			return err
		}
		s.copyFrom(best)
		width := 1 + rng.IntN(max(1, len(s.m.openings)/12))
		start := rng.IntN(len(s.m.openings))
		for j := start; j < min(start+width, len(s.m.openings)); j++ {
			if i := s.jobAt[j]; i >= 0 && rng.IntN(3) > 0 {
				s.take(i)
			}
		}
		s.insertAll()
		s.moves = left
		s.improve()
		left = min(s.moves, left-len(s.m.jobs)-1)
		if v := s.total(); v > *bestValue+s.eps {
			*bestValue = v
			best.copyFrom(s.plan)
		}
	}
	return nil
}
