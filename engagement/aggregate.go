package engagement

import (
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/stat"
)

// SummarizeOptions say how posts are reduced. The zero options mean the defaults
// named at each field.
type SummarizeOptions struct {
	// Measures are what posts are compared by, the chosen one first and beside it
	// those whose winners shall be shown too. Default: [ByExposure],
	// then interactions and reach per post.
	Measures []Measure
	// Dimensions are what posts are grouped by. Default: [DefaultDimensions].
	Dimensions []Dimension
	// Zone is the audience's, in which weekdays, hours and months are counted.
	// Default: the zone of each post's own time.
	Zone *time.Location
	// MinAge leaves out posts whose counts were captured younger. Posts of
	// unknown age are kept.
	MinAge time.Duration
	// Rejected, when set, is told of rows and posts that are left out, and the
	// rest is summarised. When nil the first bad row ends the work; posts that do
	// not validate are counted in [Aggregate.LeftOut] either way.
	Rejected func(error)
}

// Aggregate is what an analysis needs to know of posts: for each combination of
// groups how many there are, and the exact sums of their measures. Aggregates
// of disjoint sets of posts, such as shards, merge into the aggregate of all,
// bit for bit, in any order. The zero Aggregate is empty.
type Aggregate struct {
	dimensions []Dimension
	measures   []Measure
	zone       string
	cells      map[string]*cell
	leftOut    map[string]int
	from, to   time.Time
}

// cell is a combination of groups.
type cell struct {
	Key   []string  `json:"key"`
	Posts int       `json:"posts"`
	Sums  []tallies `json:"sums"`
}

// tallies are the exact sums of one measure over the posts of a cell that have
// it.
type tallies struct {
	N           int      `json:"n"`
	Log         stat.Sum `json:"log"`
	LogSquared  stat.Sum `json:"log_squared"`
	Rate        stat.Sum `json:"rate"`
	Numerator   stat.Sum `json:"numerator"`
	Denominator stat.Sum `json:"denominator"`
}

func (t *tallies) merge(other tallies) {
	t.N += other.N
	t.Log.Merge(other.Log)
	t.LogSquared.Merge(other.LogSquared)
	t.Rate.Merge(other.Rate)
	t.Numerator.Merge(other.Numerator)
	t.Denominator.Merge(other.Denominator)
}

// Reasons for which posts are left out of an aggregate.
const (
	leftOutInvalid  = "invalid"
	leftOutYoung    = "too_young"
	leftOutUnread   = "unreadable"
	leftOutNoCounts = "no_counts"
)

// Summarize reduces posts to an aggregate.
func Summarize(posts iter.Seq2[Post, error], opt SummarizeOptions) (Aggregate, error) {
	a, err := newAggregate(opt)
	if err != nil {
		return Aggregate{}, err
	}
	for p, err := range posts {
		if err != nil {
			if opt.Rejected == nil {
				return Aggregate{}, err
			}
			a.leaveOut(leftOutUnread, err, opt)
			continue
		}
		if err := p.Validate(); err != nil {
			a.leaveOut(leftOutInvalid, fmt.Errorf("post %s: %w", p.ID, err), opt)
			continue
		}
		if p.Age > 0 && p.Age < opt.MinAge {
			a.leaveOut(leftOutYoung, fmt.Errorf("post %s: its counts were captured at the age of %v", p.ID, p.Age), opt)
			continue
		}
		if len(p.Counts) == 0 {
			a.leaveOut(leftOutNoCounts, fmt.Errorf("post %s: nothing was reported of it", p.ID), opt)
			continue
		}
		if err := a.add(p, opt.Zone); err != nil {
			a.leaveOut(leftOutInvalid, fmt.Errorf("post %s: %w", p.ID, err), opt)
		}
	}
	return a, nil
}

func newAggregate(opt SummarizeOptions) (Aggregate, error) {
	if len(opt.Measures) == 0 {
		opt.Measures = []Measure{ByExposure(), ByCount(sosyal.Interactions), ByCount(sosyal.Reach)}
	}
	if len(opt.Dimensions) == 0 {
		opt.Dimensions = DefaultDimensions()
	}
	var p sosyal.Problems
	p.Nest("", validDimensions("dimensions", opt.Dimensions, Dimensions()))
	p.Require(!slices.Contains(opt.Dimensions, ByDaypart) || !slices.Contains(opt.Dimensions, ByHour),
		"dimensions", "must not hold both hour and daypart, which is derived from it", "")
	names := map[string]bool{}
	for i, m := range opt.Measures {
		field := fmt.Sprintf("measures[%d]", i)
		p.Nest(field, m.Validate())
		p.Require(!names[m.Name()], field, "must not repeat a name", m.Name())
		names[m.Name()] = true
	}
	p.Require(opt.MinAge >= 0, "min_age", "must not be negative", opt.MinAge.String())
	a := Aggregate{
		dimensions: slices.Clone(opt.Dimensions), measures: slices.Clone(opt.Measures),
		cells: map[string]*cell{}, leftOut: map[string]int{},
	}
	if opt.Zone != nil {
		a.zone = opt.Zone.String()
		_, err := sosyal.LoadZone(a.zone) // an aggregate carries its zone by name
		p.Nest("", err)
	}
	return a, p.Err()
}

func (a *Aggregate) leaveOut(reason string, err error, opt SummarizeOptions) {
	a.leftOut[reason]++
	if opt.Rejected != nil {
		opt.Rejected(err)
	}
}

func (a *Aggregate) add(p Post, zone *time.Location) error {
	at := p.At
	if zone != nil {
		at = at.In(zone)
	}
	sums := make([]tallies, len(a.measures))
	for i, m := range a.measures {
		if err := sums[i].add(m, p); err != nil {
			return fmt.Errorf("%s: %w", m.Name(), err)
		}
	}
	key := make([]string, len(a.dimensions))
	for i, d := range a.dimensions {
		key[i] = d.value(p, at)
	}
	a.merge(&cell{Key: key, Posts: 1, Sums: sums})
	a.extend(p.At.UTC(), p.At.UTC())
	return nil
}

func (t *tallies) add(m Measure, p Post) error {
	numerator, denominator, ok := m.of(p.Features.Network, p.Counts)
	if !ok {
		return nil
	}
	y := m.logarithm(numerator, denominator)
	t.N = 1
	for _, part := range []struct {
		sum   *stat.Sum
		value float64
	}{
		{&t.Log, y},
		{&t.LogSquared, y * y},
		{&t.Rate, numerator / denominator},
		{&t.Numerator, numerator},
		{&t.Denominator, denominator},
	} {
		if err := part.sum.Add(part.value); err != nil {
			return err
		}
	}
	return nil
}

func (a *Aggregate) merge(c *cell) {
	id := cellID(c.Key)
	known, ok := a.cells[id]
	if !ok {
		a.cells[id] = &cell{Key: c.Key, Posts: c.Posts, Sums: slices.Clone(c.Sums)}
		return
	}
	known.Posts += c.Posts
	for i := range known.Sums {
		known.Sums[i].merge(c.Sums[i])
	}
}

// cellID joins groups so that no two keys share an id, whatever hosts call their
// categories.
func cellID(key []string) string {
	var b strings.Builder
	for _, v := range key {
		b.WriteString(strconv.Itoa(len(v)))
		b.WriteByte(':')
		b.WriteString(v)
	}
	return b.String()
}

func (a *Aggregate) extend(from, to time.Time) {
	if a.from.IsZero() || (!from.IsZero() && from.Before(a.from)) {
		a.from = from
	}
	if to.After(a.to) {
		a.to = to
	}
}

// Merge returns the aggregate of both sets of posts. Both must have been made
// with the same measures, dimensions and zone; an empty one merges with any.
func (a Aggregate) Merge(b Aggregate) (Aggregate, error) {
	if len(a.measures) == 0 {
		a, b = b, a
	}
	if len(b.measures) > 0 {
		var p sosyal.Problems
		p.Require(slices.Equal(a.dimensions, b.dimensions), "dimensions", "must be the same in both aggregates", "")
		p.Require(slices.EqualFunc(a.measures, b.measures, Measure.equal), "measures", "must be the same in both aggregates", "")
		p.Require(a.zone == b.zone, "zone", "must be the same in both aggregates", b.zone)
		if err := p.Err(); err != nil {
			return Aggregate{}, err
		}
	}
	out := a
	out.cells, out.leftOut = map[string]*cell{}, map[string]int{}
	out.extend(b.from, b.to)
	for _, part := range []Aggregate{a, b} {
		for _, c := range part.cells {
			out.merge(c)
		}
		for reason, n := range part.leftOut {
			out.leftOut[reason] += n
		}
	}
	return out, nil
}

// Posts is the number of posts summarised.
func (a Aggregate) Posts() int {
	n := 0
	for _, c := range a.cells {
		n += c.Posts
	}
	return n
}

// LeftOut is the number of posts left out, by reason: "unreadable", "invalid",
// "too_young", "no_counts".
func (a Aggregate) LeftOut() map[string]int { return maps.Clone(a.leftOut) }

// Measures returns the names of the measures, the chosen one first.
func (a Aggregate) Measures() []string {
	names := make([]string, len(a.measures))
	for i, m := range a.measures {
		names[i] = m.Name()
	}
	return names
}

// sorted returns the cells in the order of their keys, so that map order never
// shows in a result.
func (a Aggregate) sorted() []*cell {
	out := make([]*cell, 0, len(a.cells))
	for _, id := range slices.Sorted(maps.Keys(a.cells)) {
		out = append(out, a.cells[id])
	}
	return out
}

// aggregateSchema numbers the JSON form.
const aggregateSchema = 1

type aggregateJSON struct {
	Schema     int            `json:"schema"`
	Dimensions []Dimension    `json:"dimensions"`
	Measures   []Measure      `json:"measures"`
	Zone       string         `json:"zone,omitzero"`
	From       time.Time      `json:"from,omitzero"`
	To         time.Time      `json:"to,omitzero"`
	LeftOut    map[string]int `json:"left_out,omitempty"`
	Cells      []*cell        `json:"cells"`
}

// MarshalJSON writes the aggregate so that it can be stored or sent and merged
// elsewhere without loss.
func (a Aggregate) MarshalJSON() ([]byte, error) {
	return json.Marshal(aggregateJSON{aggregateSchema, a.dimensions, a.measures, a.zone, a.from, a.to, a.leftOut, a.sorted()})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (a *Aggregate) UnmarshalJSON(data []byte) error {
	var raw aggregateJSON
	if err := json.Unmarshal(data, &raw); err != nil {
		return fmt.Errorf("reading an aggregate: %w", err)
	}
	var p sosyal.Problems
	p.Require(raw.Schema == aggregateSchema, "schema", "must be 1", fmt.Sprint(raw.Schema))
	for i, c := range raw.Cells {
		ok := c != nil && len(c.Key) == len(raw.Dimensions) && len(c.Sums) == len(raw.Measures)
		p.Require(ok, fmt.Sprintf("cells[%d]", i), "must fit the dimensions and measures", "")
	}
	if err := p.Err(); err != nil {
		return err
	}
	read := Aggregate{
		dimensions: raw.Dimensions, measures: raw.Measures, zone: raw.Zone, from: raw.From, to: raw.To,
		cells: map[string]*cell{}, leftOut: map[string]int{},
	}
	maps.Copy(read.leftOut, raw.LeftOut)
	for _, c := range raw.Cells {
		read.merge(c)
	}
	*a = read
	return nil
}
