package calendar

import "math"

// relaxation prices the limits instead of keeping them (Lagrangian relaxation):
// with a price on every limit and category, what remains is an assignment problem
// that is solved exactly, and its value plus the prices times what the limits
// allow is an upper bound for every plan, whatever the prices are (Held and Karp
// 1971). Subgradient steps look for the prices with the lowest bound, and every
// assignment on the way is repaired into a plan.
type relaxation struct {
	m      *model
	price  []float64 // by limit and category, as plan.room
	room   []float64 // by limit and category: what is allowed less what is fixed
	use    []float64 // by limit and category
	way    []float64 // by limit and category: the direction of the last step
	toll   []float64 // by category and opening: the sum of prices there
	cells  []float64
	assign assigner
	bound  float64
}

func newRelaxation(m *model) *relaxation {
	size := len(m.limits) * len(m.categories)
	r := &relaxation{
		m: m, price: make([]float64, size), room: make([]float64, size), use: make([]float64, size), way: make([]float64, size),
		toll: make([]float64, len(m.categories)*len(m.openings)), cells: make([]float64, len(m.w)),
		bound: math.Inf(1),
	}
	fixed := newPlan(m)
	for at, room := range fixed.room {
		// What is fixed may already break a limit; then nothing more goes in.
		r.room[at] = float64(max(0, room))
	}
	return r
}

// solve finds the best assignment at the present prices, lowers the bound to its
// value where that is lower, and returns the value.
func (r *relaxation) solve() float64 {
	categories, n, m := len(r.m.categories), len(r.m.jobs), len(r.m.openings)
	clear(r.toll)
	value := 0.0
	for k, l := range r.m.limits {
		for c := range categories {
			price := r.price[k*categories+c]
			if price == 0 {
				continue
			}
			value += price * r.room[k*categories+c]
			if l.each {
				r.charge(c, l, price)
				continue
			}
			// A limit on all categories has its price in the cell of the first.
			for other := range categories {
				r.charge(other, l, price)
			}
		}
	}
	for i, jb := range r.m.jobs {
		toll := r.toll[jb.category*m : (jb.category+1)*m]
		row, values := r.cells[i*m:(i+1)*m], r.m.w[i*m:(i+1)*m]
		for j, v := range values {
			row[j] = v - toll[j]
		}
	}
	value += r.assign.solve(r.cells, n, m)
	r.bound = min(r.bound, value)
	return value
}

func (r *relaxation) charge(category int, l limit, price float64) {
	row := r.toll[category*len(r.m.openings):]
	for j := l.lo; j < l.hi; j++ {
		row[j] += price
	}
}

const (
	// memory is the part of the last direction that a far step keeps: without it
	// steps go back and forth.
	memory = 0.7
	// deflection is how much of the last direction a near step keeps where the two
	// point apart (Camerini, Fratta and Maffioli 1975).
	deflection = 1.5
)

// step moves the prices by Polyak's rule: along the difference between what the
// assignment uses and what the limits allow, bent towards the last direction, as
// far as the distance between its value and the best plan suggests. Far steps keep
// more of the last direction, which comes close in few steps; near ones end on the
// lowest bound. It reports whether there was a direction.
func (r *relaxation) step(value, target, factor float64, near bool) bool {
	clear(r.use)
	for i, j := range r.assign.colOf {
		if j < 0 {
			continue
		}
		for _, c := range r.m.cellsAt[j] {
			r.use[c.base+c.by*int32(r.m.jobs[i].category)]++
		}
	}
	dot, last := 0.0, 0.0
	moving := false
	for at, use := range r.use {
		d := use - r.room[at]
		if d < 0 && r.price[at] == 0 {
			if near {
				d = 0 // a price of nothing cannot fall
			}
		} else {
			moving = moving || d != 0
		}
		r.use[at] = d
		dot += d * r.way[at]
		last += r.way[at] * r.way[at]
	}
	if !moving {
		return false
	}
	keep := memory
	if near {
		keep = 0
		if dot < 0 {
			keep = deflection * -dot / last
		}
	}
	norm := 0.0
	for at, d := range r.use {
		r.way[at] = d + keep*r.way[at]
		if r.way[at] > 0 || r.price[at] > 0 {
			norm += r.way[at] * r.way[at]
		}
	}
	if norm == 0 {
		return false
	}
	length := factor * (value - target) / norm
	for at, way := range r.way {
		r.price[at] = max(0, r.price[at]+length*way)
	}
	return true
}
