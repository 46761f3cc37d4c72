package audience

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"github.com/yukselenler/sosyal"
)

// Dimension is what people are counted by. Hosts may use others.
type Dimension string

// Dimensions.
const (
	CountryDimension  Dimension = "country"  // ISO 3166 alpha-2 code
	CityDimension     Dimension = "city"     // as the host and the networks' adapters spell it
	AgeDimension      Dimension = "age_band" // such as "25-34"; the bands must be the same on both sides
	GenderDimension   Dimension = "gender"
	LanguageDimension Dimension = "language" // BCP 47 tag
	InterestDimension Dimension = "interest" // a person may have several
	CategoryDimension Dimension = "category" // of products, the favourite one
)

// arg names the dimension in a reason: by a term where the module has one.
func (d Dimension) arg() sosyal.Arg {
	switch d {
	case CountryDimension, CityDimension, AgeDimension, GenderDimension, LanguageDimension, InterestDimension, CategoryDimension:
		return sosyal.TermArg("dimension", "dimension."+d)
	default:
		return sosyal.TextArg("dimension", string(d))
	}
}

// ValueCount is how many people have a value.
type ValueCount struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// Counts are how the people of a group divide over the values of a dimension.
type Counts struct {
	Dimension Dimension `json:"dimension"`
	// Known counts the people of whom a listed value is known. Whoever else is
	// in the group is unknown, and stays so: shares are of Known.
	Known int `json:"known"`
	// Several says that a person can have several values, so that the counts
	// may add up to more than Known.
	Several bool `json:"several,omitzero"`
	// Partial says that not every value is listed, such as the cities of a
	// network that names only the largest. A value that is not listed is then
	// unknown and not zero, and comparisons are among the listed values.
	Partial bool `json:"partial,omitzero"`
	// Values are sorted by name, each once.
	Values []ValueCount `json:"values"`
}

// Count returns how many people have the value.
func (c Counts) Count(value string) int {
	i, ok := slices.BinarySearchFunc(c.Values, value, func(v ValueCount, name string) int { return cmp.Compare(v.Value, name) })
	if !ok {
		return 0
	}
	return c.Values[i].Count
}

// Validate reports a missing dimension, values that are empty, out of order or
// negative, and a Known that does not go with the counts.
func (c Counts) Validate() error {
	var p sosyal.Problems
	p.Require(c.Dimension != "", "dimension", "is required", "")
	sum, largest := 0, 0
	for i, v := range c.Values {
		field := "values[" + strconv.Itoa(i) + "]"
		p.Require(v.Value != "", field+".value", "is required", "")
		p.Require(i == 0 || c.Values[i-1].Value < v.Value, field+".value", "must be sorted, each once", v.Value)
		p.Require(v.Count >= 0, field+".count", "must not be negative", strconv.Itoa(v.Count))
		sum, largest = sum+v.Count, max(largest, v.Count)
	}
	if c.Several {
		p.Require(c.Known >= largest && c.Known <= sum, "known", "must lie between the largest count and the sum of the counts", strconv.Itoa(c.Known))
	} else {
		p.Require(c.Known == sum, "known", "must be the sum of the counts where each person has one value", strconv.Itoa(c.Known))
	}
	return p.Err()
}

// GroupProfile is a group of people counted by dimensions: the customers, a segment
// of them, or the followers of a network. It holds no people, only counts.
type GroupProfile struct {
	// Size counts the group.
	Size int `json:"size"`
	// Dimensions are sorted by name, each once.
	Dimensions []Counts `json:"dimensions,omitempty"`
}

// Counts returns how the group divides over a dimension.
func (p GroupProfile) Counts(d Dimension) (Counts, bool) {
	i, ok := slices.BinarySearchFunc(p.Dimensions, d, func(c Counts, d Dimension) int { return cmp.Compare(c.Dimension, d) })
	if !ok {
		return Counts{}, false
	}
	return p.Dimensions[i], true
}

// Validate reports a negative size, dimensions out of order or invalid, and
// more people known than there are.
func (p GroupProfile) Validate() error {
	var problems sosyal.Problems
	problems.Require(p.Size >= 0, "size", "must not be negative", strconv.Itoa(p.Size))
	for i, c := range p.Dimensions {
		field := "dimensions[" + strconv.Itoa(i) + "]"
		problems.Nest(field, c.Validate())
		problems.Require(c.Known <= p.Size, field+".known", "must not be more than the size", strconv.Itoa(c.Known))
		problems.Require(i == 0 || p.Dimensions[i-1].Dimension < c.Dimension, field+".dimension", "must be sorted, each once", string(c.Dimension))
	}
	return problems.Err()
}

// Trait is a value that a person has.
type Trait struct {
	Dimension Dimension `json:"dimension"`
	Value     string    `json:"value"`
}

// GroupProfileBuilder counts people into a [GroupProfile] without keeping them. The zero
// builder is ready; it is not safe for concurrent use, but builders of parts
// can be merged.
type GroupProfileBuilder struct {
	size    int
	known   map[Dimension]int
	counts  map[Trait]int
	several map[Dimension]bool
	partial map[Dimension]bool
}

// Add counts n people who share the traits. A trait without a value is not
// known and not counted; one that stands twice counts once. A dimension in
// which somebody has two values is one of several values. Negative n is an
// error.
func (b *GroupProfileBuilder) Add(n int, traits ...Trait) error {
	if n < 0 {
		return sosyal.FieldError{Field: "n", Rule: "must not be negative", Value: strconv.Itoa(n)}
	}
	b.ready()
	b.size += n
	for i, t := range traits {
		if t.Value == "" || slices.Contains(traits[:i], t) {
			continue
		}
		b.counts[t] += n
		again := slices.ContainsFunc(traits[:i], func(u Trait) bool { return u.Dimension == t.Dimension && u.Value != "" })
		if again {
			b.several[t.Dimension] = true
		} else {
			b.known[t.Dimension] += n
		}
	}
	return nil
}

// Merge adds a profile of other people.
func (b *GroupProfileBuilder) Merge(p GroupProfile) error {
	if err := p.Validate(); err != nil {
		return err
	}
	b.ready()
	b.size += p.Size
	for _, c := range p.Dimensions {
		b.known[c.Dimension] += c.Known
		b.several[c.Dimension] = b.several[c.Dimension] || c.Several
		b.partial[c.Dimension] = b.partial[c.Dimension] || c.Partial
		for _, v := range c.Values {
			b.counts[Trait{c.Dimension, v.Value}] += v.Count
		}
	}
	return nil
}

func (b *GroupProfileBuilder) ready() {
	if b.counts == nil {
		b.known, b.counts = map[Dimension]int{}, map[Trait]int{}
		b.several, b.partial = map[Dimension]bool{}, map[Dimension]bool{}
	}
}

// Profile returns what was counted so far.
func (b *GroupProfileBuilder) Profile() GroupProfile {
	p := GroupProfile{Size: b.size}
	values := map[Dimension][]ValueCount{}
	for t, n := range b.counts {
		values[t.Dimension] = append(values[t.Dimension], ValueCount{t.Value, n})
	}
	for _, d := range slices.Sorted(maps.Keys(b.known)) {
		slices.SortFunc(values[d], func(x, y ValueCount) int { return cmp.Compare(x.Value, y.Value) })
		p.Dimensions = append(p.Dimensions, Counts{
			Dimension: d, Known: b.known[d], Several: b.several[d], Partial: b.partial[d], Values: values[d],
		})
	}
	return p
}

// contrast is two groups counted by the values that can be compared.
type contrast struct {
	dimension          Dimension
	several, listed    bool // listed: only values that are listed on both sides
	values             []string
	group, base        []int
	groupSize, baseAll int // people whose value is one of them
}

// newContrast lines up the values of two groups. Where a side lists only some of
// its values, the others are unknown there, so the comparison is among those
// that both can speak about.
func newContrast(group, base Counts) contrast {
	t := contrast{dimension: group.Dimension, several: group.Several || base.Several, listed: group.Partial || base.Partial}
	names := map[string]bool{}
	for _, v := range slices.Concat(group.Values, base.Values) {
		names[v.Value] = true
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if (group.Partial && !group.lists(name)) || (base.Partial && !base.lists(name)) {
			continue
		}
		t.values = append(t.values, name)
		t.group, t.base = append(t.group, group.Count(name)), append(t.base, base.Count(name))
	}
	t.groupSize, t.baseAll = sumOf(t.group), sumOf(t.base)
	if t.several {
		t.groupSize, t.baseAll = group.Known, base.Known
	}
	return t
}

func (c Counts) lists(value string) bool {
	return slices.ContainsFunc(c.Values, func(v ValueCount) bool { return v.Value == value })
}
