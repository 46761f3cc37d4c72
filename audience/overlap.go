package audience

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"strconv"

	"github.com/yukselenler/sosyal"
)

// AdSetAudience is the audience of an ad set: a named set of customers.
type AdSetAudience[S Set[S]] struct {
	Name string
	Set  S
	// Priority decides who keeps shared people: the higher first. Audiences of
	// one priority are ordered by Value, then size, then name.
	Priority int
	// Value is what a person of it is worth, such as the predicted value; 0
	// where it is not known. Of one priority the more valuable audience keeps
	// the people, and of one value the smaller, more specific one.
	Value float64
}

// AdSetCounts is an audience of which only the size is known.
type AdSetCounts struct {
	Name     string
	Size     int
	Priority int
	Value    float64
}

// OverlapOptions say how overlaps are reported; the zero value means the
// defaults.
type OverlapOptions struct {
	// MinSize is the smallest number of people that is shown; 10 where 0.
	MinSize int
	// MinDelivered is how many people an audience needs after exclusions to be
	// delivered; 0 where that is not known.
	MinDelivered int
}

// Overlaps says how much audiences share and how to keep their ad sets from
// bidding for the same people.
type Overlaps struct {
	// Pairs holds each pair once, in the order given.
	Pairs []PairOverlap `json:"pairs,omitempty"`
	// Exclusions hold each audience once, from the one that keeps all its people
	// to the one that gives up most.
	Exclusions []Exclusion `json:"exclusions"`
	// Together is how many people the audiences hold in all.
	Together CountRange `json:"together"`
}

// PairOverlap is what two audiences share.
type PairOverlap struct {
	A string `json:"a"`
	B string `json:"b"`
	// Suppressed says that they share fewer people than may be shown; how many
	// is then left out.
	Suppressed bool         `json:"suppressed,omitzero"`
	Counts     SharedCounts `json:"counts"`
	Jaccard    float64      `json:"jaccard"`
	Overlap    float64      `json:"overlap"`
}

// CountRange is a number of people that lies from Low to High, both included;
// it is exact where they are equal.
type CountRange struct {
	Low  int `json:"low"`
	High int `json:"high"`
}

// Exact reports whether the number is known.
func (r CountRange) Exact() bool { return r.Low == r.High }

// Exclusion says which other audiences an ad set leaves out, so that each
// person is left in one ad set only.
type Exclusion struct {
	Name string `json:"name"`
	Size int    `json:"size"`
	// Excludes are the audiences that keep people whom this one shares with
	// them, in order of precedence.
	Excludes []string `json:"excludes,omitempty"`
	// Left is the size after the exclusions: exact where the sets could be
	// walked through, and where one other audience is excluded; otherwise the
	// pairs alone bound it.
	Left    CountRange      `json:"left"`
	Reasons []sosyal.Reason `json:"reasons,omitempty"`
}

// walkable is a set whose members can be looked at one by one, as *Members can.
type walkable interface {
	Contains(person sosyal.PersonID) bool
	All() iter.Seq[sosyal.PersonID]
}

// OverlapsOf measures audiences against each other and proposes exclusions. Sizes
// after exclusion are exact where the sets can be walked through (as *Members
// can), which takes time in proportion to their sizes.
func OverlapsOf[S Set[S]](audiences []AdSetAudience[S], opt OverlapOptions) (Overlaps, error) {
	counts := make([]AdSetCounts, len(audiences))
	for i, a := range audiences {
		counts[i] = AdSetCounts{Name: a.Name, Size: a.Set.Count(), Priority: a.Priority, Value: a.Value}
	}
	shared := func(i, j int) int { return audiences[i].Set.CountBoth(audiences[j].Set) }
	left := func(i int, excluded []int) (int, bool) {
		own, ok := any(audiences[i].Set).(walkable)
		if !ok {
			return 0, false
		}
		others := make([]walkable, len(excluded))
		for k, j := range excluded {
			if others[k], ok = any(audiences[j].Set).(walkable); !ok {
				return 0, false
			}
		}
		n := 0
		for person := range own.All() {
			if !slices.ContainsFunc(others, func(o walkable) bool { return o.Contains(person) }) {
				n++
			}
		}
		return n, true
	}
	return overlaps(counts, shared, left, opt)
}

// OverlapsOfCounts is [OverlapsOf] where only sizes are known, such as those an
// ad platform reports: shared returns how many people the audiences with these
// indexes share, and is asked with i below j.
func OverlapsOfCounts(audiences []AdSetCounts, shared func(i, j int) int, opt OverlapOptions) (Overlaps, error) {
	return overlaps(audiences, shared, func(int, []int) (int, bool) { return 0, false }, opt)
}

func overlaps(audiences []AdSetCounts, shared func(i, j int) int, left func(i int, excluded []int) (int, bool), opt OverlapOptions) (Overlaps, error) {
	opt.MinSize = orDefault(opt.MinSize, 10)
	if err := checkAudiences(audiences, opt); err != nil {
		return Overlaps{}, err
	}
	var o Overlaps
	var p sosyal.Problems
	both := make([][]int, len(audiences))
	for i := range both {
		both[i] = make([]int, len(audiences))
	}
	for i, a := range audiences {
		for j := i + 1; j < len(audiences); j++ {
			c := SharedCounts{A: a.Size, B: audiences[j].Size, Both: shared(i, j)}
			p.Nest(a.Name+"/"+audiences[j].Name, c.Validate())
			both[i][j], both[j][i] = c.Both, c.Both
			o.Pairs = append(o.Pairs, c.pair(a.Name, audiences[j].Name, opt))
		}
	}
	if err := p.Err(); err != nil {
		return Overlaps{}, err
	}
	order := precedence(audiences)
	for rank, i := range order {
		var excluded []int
		for _, j := range order[:rank] {
			if both[i][j] > 0 {
				excluded = append(excluded, j)
			}
		}
		size := sizeBounds(audiences[i].Size, both[i], excluded)
		if !size.Exact() {
			if n, ok := left(i, excluded); ok {
				size = CountRange{n, n}
			}
		}
		e := exclude(audiences, i, excluded, size, opt)
		o.Exclusions = append(o.Exclusions, e)
		o.Together.Low, o.Together.High = o.Together.Low+e.Left.Low, o.Together.High+e.Left.High
	}
	for _, a := range audiences {
		o.Together.Low = max(o.Together.Low, a.Size)
	}
	return o, nil
}

func checkAudiences(audiences []AdSetCounts, opt OverlapOptions) error {
	var p sosyal.Problems
	names := map[string]bool{}
	for i, a := range audiences {
		field := "audiences[" + strconv.Itoa(i) + "]"
		p.Require(a.Name != "" && !names[a.Name], field+".name", "is required, each once", a.Name)
		p.Require(a.Size >= 0, field+".size", "must not be negative", strconv.Itoa(a.Size))
		p.Require(a.Value >= 0 && !math.IsInf(a.Value, 0), field+".value", "must be finite and not negative", strconv.FormatFloat(a.Value, 'g', -1, 64))
		names[a.Name] = true
	}
	requirePositive(&p, "min_size", opt.MinSize)
	p.Require(opt.MinDelivered >= 0, "min_delivered", "must not be negative", strconv.Itoa(opt.MinDelivered))
	return p.Err()
}

func (c SharedCounts) pair(a, b string, opt OverlapOptions) PairOverlap {
	pair := PairOverlap{A: a, B: b, Counts: c, Jaccard: c.Jaccard(), Overlap: c.OverlapCoefficient()}
	if c.Both > 0 && c.Both < opt.MinSize {
		pair.Suppressed, pair.Jaccard, pair.Overlap = true, 0, 0
		pair.Counts.Both = 0
	}
	return pair
}

// precedence orders the indexes of audiences by who keeps shared people.
func precedence(audiences []AdSetCounts) []int {
	order := make([]int, len(audiences))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		a, b := audiences[i], audiences[j]
		return cmp.Or(cmp.Compare(b.Priority, a.Priority), cmp.Compare(b.Value, a.Value), cmp.Compare(a.Size, b.Size), cmp.Compare(a.Name, b.Name))
	})
	return order
}

// bounds is what is left of a set at least and at most when others are taken
// out of it: they may share their people with it only among themselves, or
// share nothing (Bonferroni's inequalities of the first order).
func sizeBounds(size int, both, excluded []int) CountRange {
	largest, sum := 0, 0
	for _, j := range excluded {
		largest, sum = max(largest, both[j]), sum+both[j]
	}
	return CountRange{Low: max(0, size-sum), High: size - largest}
}

// exclude describes the exclusions of one audience. A loss of fewer people than
// may be shown is given as a range.
func exclude(audiences []AdSetCounts, i int, excluded []int, left CountRange, opt OverlapOptions) Exclusion {
	a := audiences[i]
	e := Exclusion{Name: a.Name, Size: a.Size, Left: left}
	if lost := a.Size - left.High; len(excluded) > 0 && lost < opt.MinSize {
		e.Left.Low = min(e.Left.Low, max(0, a.Size-opt.MinSize+1))
		e.Left.High = a.Size
	}
	for _, j := range excluded {
		b := audiences[j]
		e.Excludes = append(e.Excludes, b.Name)
		because := func(code string) {
			e.Reasons = append(e.Reasons, sosyal.Because(code, sosyal.TextArg("name", a.Name), sosyal.TextArg("keeps", b.Name)))
		}
		switch {
		case b.Priority != a.Priority:
			because("audience.overlap.priority")
		case b.Value != a.Value:
			because("audience.overlap.value")
		case b.Size != a.Size:
			because("audience.overlap.smaller")
		default:
			because("audience.overlap.name")
		}
	}
	switch {
	case len(excluded) == 0:
		e.Reasons = append(e.Reasons, sosyal.Because("audience.overlap.keeps", sosyal.TextArg("name", a.Name), sosyal.CountArg("size", a.Size)))
	case e.Left.Exact():
		e.Reasons = append(e.Reasons, sosyal.Because("audience.overlap.left",
			sosyal.TextArg("name", a.Name), sosyal.CountArg("size", a.Size), sosyal.CountArg("left", e.Left.Low)))
	default:
		e.Reasons = append(e.Reasons, sosyal.Because("audience.overlap.left_range",
			sosyal.TextArg("name", a.Name), sosyal.CountArg("size", a.Size), sosyal.CountArg("low", e.Left.Low), sosyal.CountArg("high", e.Left.High)))
	}
	if e.Left.Low < opt.MinDelivered {
		code := "audience.overlap.may_be_too_small"
		if e.Left.High < opt.MinDelivered {
			code = "audience.overlap.too_small"
		}
		e.Reasons = append(e.Reasons, sosyal.Because(code, sosyal.TextArg("name", a.Name), sosyal.CountArg("minimum", opt.MinDelivered)))
	}
	return e
}
