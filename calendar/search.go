package calendar

import (
	"math"
	"slices"
)

// better is by how much a move must raise the value, relative to the values at
// hand, so that rounding of floats does not make a search go round in circles.
const better = 1e-9

// plan is an assignment that keeps the rules, with what is needed to change it
// one job at a time.
type plan struct {
	m      *model
	slotOf []int // by job, -1 for left out
	jobAt  []int // by opening, -1 for free
	// room is what the limits still allow, by limit and category; limits on all
	// categories use category 0.
	room []int32
}

// cell is where an opening is counted for a limit: at base, plus the category
// where the limit is one on each (by is 1).
type cell struct{ limit, base, by int32 }

func newPlan(m *model) *plan {
	p := &plan{
		m: m, slotOf: make([]int, len(m.jobs)), jobAt: make([]int, len(m.openings)),
		room: make([]int32, len(m.limits)*len(m.categories)),
	}
	p.clear()
	return p
}

// clear leaves every job out; what is fixed stays.
func (p *plan) clear() {
	for i := range p.slotOf {
		p.slotOf[i] = -1
	}
	for k, l := range p.m.limits {
		for c := range p.m.categories {
			p.room[k*len(p.m.categories)+c] = int32(l.most)
		}
	}
	for j, o := range p.m.openings {
		p.jobAt[j] = -1
		if o.fixed >= 0 {
			p.count(o.fixed, j, 1)
		}
	}
}

func (p *plan) copyFrom(q *plan) {
	copy(p.slotOf, q.slotOf)
	copy(p.jobAt, q.jobAt)
	copy(p.room, q.room)
}

func (p *plan) count(category, j int, by int32) {
	for _, c := range p.m.cellsAt[j] {
		p.room[c.base+c.by*int32(category)] -= by
	}
}

func (p *plan) put(i, j int) {
	p.slotOf[i], p.jobAt[j] = j, i
	p.count(p.m.jobs[i].category, j, 1)
}

// take leaves a job out and returns where it stood, -1 for nowhere.
func (p *plan) take(i int) int {
	j := p.slotOf[i]
	if j >= 0 {
		p.slotOf[i], p.jobAt[j] = -1, -1
		p.count(p.m.jobs[i].category, j, -1)
	}
	return j
}

// fits reports whether the limits have room for a job of the category in an
// opening.
func (p *plan) fits(category, j int) bool {
	for _, c := range p.m.cellsAt[j] {
		if p.room[c.base+c.by*int32(category)] <= 0 {
			return false
		}
	}
	return true
}

// broken returns the first rule that keeps a category out of an opening.
func (p *plan) broken(category, j int) (rule, bool) {
	for _, c := range p.m.cellsAt[j] {
		if p.room[c.base+c.by*int32(category)] <= 0 {
			return p.m.limits[c.limit].rule, true
		}
	}
	return "", false
}

// worth is what job i brings where it stands, 0 where it is left out.
func (p *plan) worth(i int) float64 {
	if j := p.slotOf[i]; j >= 0 {
		return p.m.value(i, j)
	}
	return 0
}

func (p *plan) total() float64 {
	sum := 0.0
	for i := range p.slotOf {
		sum += p.worth(i)
	}
	return sum
}

// search improves plans of one model.
type search struct {
	*plan
	prefs [][]int32 // by job: openings where it may stand, best first
	eps   float64
	sub   assigner
	cells []float64
	block []int
	moves int // how many openings may still be looked at
}

func newSearch(m *model) *search {
	s := &search{plan: newPlan(m), prefs: make([][]int32, len(m.jobs))}
	scale := 0.0
	for i := range m.jobs {
		for j := range m.openings {
			if v := m.value(i, j); v >= 0 {
				s.prefs[i] = append(s.prefs[i], int32(j))
				scale = max(scale, v)
			}
		}
		slices.SortStableFunc(s.prefs[i], func(a, b int32) int {
			switch va, vb := m.value(i, int(a)), m.value(i, int(b)); {
			case va > vb:
				return -1
			case va < vb:
				return 1
			}
			return 0
		})
	}
	s.eps = scale * better
	return s
}

// insert puts a job that is left out into the best free opening that has room and
// is worth more than floor; it reports whether there was one.
func (s *search) insert(i int, floor float64) bool {
	category := s.m.jobs[i].category
	for _, j32 := range s.prefs[i] {
		j := int(j32)
		if s.m.value(i, j) <= floor {
			return false
		}
		s.moves--
		if s.jobAt[j] < 0 && s.fits(category, j) {
			s.put(i, j)
			return true
		}
	}
	return false
}

// insertAll puts in what is left out, the job that could bring most first.
func (s *search) insertAll() {
	var out []int
	for i, j := range s.slotOf {
		if j < 0 && len(s.prefs[i]) > 0 {
			out = append(out, i)
		}
	}
	slices.SortStableFunc(out, func(a, b int) int {
		return compareDown(s.m.value(a, int(s.prefs[a][0])), s.m.value(b, int(s.prefs[b][0])))
	})
	for _, i := range out {
		s.insert(i, math.Inf(-1))
	}
}

func compareDown(a, b float64) int {
	switch {
	case a > b:
		return -1
	case a < b:
		return 1
	}
	return 0
}

// repair builds a plan from an assignment that may break rules: what keeps them
// goes in first, the most valuable first, then the rest where there is room.
func (s *search) repair(colOf []int) {
	s.clear()
	order := make([]int, 0, len(colOf))
	for i, j := range colOf {
		if j >= 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return compareDown(s.m.value(a, colOf[a]), s.m.value(b, colOf[b]))
	})
	for _, i := range order {
		if j := colOf[i]; s.m.value(i, j) >= 0 && s.fits(s.m.jobs[i].category, j) {
			s.put(i, j)
		}
	}
	s.insertAll()
}

// improve makes single moves, swaps and ejections until none helps or the moves
// are used up.
func (s *search) improve() {
	for again := true; again && s.moves > 0; {
		again = false
		for i := range s.slotOf {
			for s.moves > 0 && s.improveJob(i) {
				again = true
			}
		}
		if s.exchange() {
			again = true
		}
	}
}

// improveJob looks for a better opening for one job: a free one, one whose job
// changes places with it or finds another, or one that opens when a job that
// stands in the way finds another.
func (s *search) improveJob(i int) bool {
	floor := s.worth(i)
	if s.slotOf[i] < 0 {
		floor = -s.eps * 2
	}
	for _, j32 := range s.prefs[i] {
		j := int(j32)
		gain := s.m.value(i, j) - floor
		if gain <= s.eps || s.moves <= 0 {
			return false
		}
		s.moves--
		if s.tryMove(i, j, gain) {
			return true
		}
	}
	return false
}

func (s *search) tryMove(i, j int, gain float64) bool {
	category := s.m.jobs[i].category
	from := s.take(i)
	other := s.jobAt[j]
	if other < 0 {
		if s.fits(category, j) {
			s.put(i, j)
			return true
		}
		for _, q := range s.inTheWay(category, j) {
			if s.eject(i, q, j, from, gain) {
				return true
			}
		}
	} else if s.eject(i, other, j, from, gain) {
		return true
	}
	if from >= 0 {
		s.put(i, from)
	}
	return false
}

// eject takes q out, puts i into opening j and q into the best place left, if
// together that is better. Job i is out when it is called.
func (s *search) eject(i, q, j, from int, gain float64) bool {
	had := s.take(q)
	worth := s.m.value(q, had)
	if s.fits(s.m.jobs[i].category, j) {
		s.put(i, j)
		// q must keep more than worth - gain, so that the two together gain.
		floor := worth - gain + s.eps
		if from >= 0 && s.jobAt[from] < 0 && s.m.value(q, from) > max(floor, -s.eps) && s.fits(s.m.jobs[q].category, from) {
			floor = s.m.value(q, from)
			s.put(q, from)
			// A better place than the one that fell free may be open too.
			s.take(q)
			if !s.insert(q, floor) {
				s.put(q, from)
			}
			return true
		}
		if s.insert(q, floor) || floor < 0 {
			return true
		}
		s.take(i)
	}
	s.put(q, had)
	return false
}

// inTheWay returns the jobs each of which alone keeps a category out of an
// opening.
func (s *search) inTheWay(category, j int) []int {
	s.block = s.block[:0]
	first := true
	for _, c := range s.m.cellsAt[j] {
		if s.room[c.base+c.by*int32(category)] > 0 {
			continue
		}
		l := s.m.limits[c.limit]
		if !first {
			s.block = slices.DeleteFunc(s.block, func(q int) bool {
				return s.slotOf[q] < l.lo || s.slotOf[q] >= l.hi || (l.each && s.m.jobs[q].category != category)
			})
			continue
		}
		first = false
		for at := l.lo; at < l.hi; at++ {
			if q := s.jobAt[at]; q >= 0 && (!l.each || s.m.jobs[q].category == category) {
				s.block = append(s.block, q)
			}
		}
	}
	return s.block
}

// exchange assigns the jobs of each category anew to the openings that the
// category holds, which no rule forbids, since rules see only categories. It
// reports whether the value rose.
func (s *search) exchange() bool {
	rose := false
	for c := range s.m.categories {
		var jobs, slots []int
		before := 0.0
		for i, jb := range s.m.jobs {
			if jb.category != c {
				continue
			}
			jobs = append(jobs, i)
			if s.slotOf[i] >= 0 {
				slots = append(slots, s.slotOf[i])
				before += s.worth(i)
			}
		}
		if len(slots) == 0 {
			continue
		}
		s.cells = s.cells[:0]
		for _, i := range jobs {
			for _, j := range slots {
				s.cells = append(s.cells, s.m.value(i, j))
			}
		}
		if s.sub.solve(s.cells, len(jobs), len(slots)) <= before+s.eps {
			continue
		}
		for _, i := range jobs {
			s.take(i)
		}
		for k, i := range jobs {
			if at := s.sub.colOf[k]; at >= 0 {
				s.put(i, slots[at])
			}
		}
		rose = true
	}
	return rose
}
