package audience

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// maxNesting bounds how many segments may stand one within the other.
const maxNesting = 256

// binder turns conditions into nodes: it looks names up in the schema, days up
// in the calendar, and collects what does not fit.
type binder struct {
	env      Env
	day      date.Date
	plan     plan
	problems sosyal.Problems
	places   map[sosyal.SegmentID]int // in plan.segments, -1 while it is being bound
	bad      map[sosyal.SegmentID]error
	names    []string // the attributes that are looked at
	trail    []string // the segments that are being bound, for naming a cycle
}

func newBinder(env Env) *binder {
	env.Schema = env.Schema.clone()
	b := &binder{env: env, day: sosyal.DateOf(env.Now, env.Zone), places: map[sosyal.SegmentID]int{}, bad: map[sosyal.SegmentID]error{}}
	b.plan = plan{schema: env.Schema, today: b.start(b.day), tomorrow: b.start(b.day + 1), now: env.Now.Unix()}
	return b
}

// start is the instant at which a day begins in the shop's zone.
func (b *binder) start(d date.Date) int64 { return sosyal.WallTime(0).On(d, b.env.Zone).Unix() }

// node is a condition with everything resolved. Each evaluator has a method of
// its own on every node.
type node interface {
	match(p *plan) match
	leaf(e *evaluation) leaf
	sql(s *sqlScope) string
}

type (
	allNode []node
	anyNode []node
	notNode struct{ part node }
	// valueNode tests a property of the customer.
	valueNode struct {
		field string
		test  test
	}
	// memberNode asks whether a list has one of the names.
	memberNode struct {
		list memberList
		any  []string
	}
	groupNode     struct{ any []string }
	predictedNode struct {
		name  Prediction
		is    Comparison
		value float64
	}
	consentNode struct {
		purpose Purpose
		channel Channel
		sources []string
	}
	// bucketNode is met where from*prime <= of * ((mul*hash + add) mod prime) < to*prime.
	bucketNode struct {
		mul, add     uint64
		of, from, to uint64
	}
	// eventNode is met where what the events come to lies within low and high.
	eventNode struct {
		events    eventSet
		measure   measure
		low, high int64
	}
	funnelNode struct {
		first, then eventSet
		seconds     int64
		without     bool
		before      int64 // with without, only first events whose time ran out before this instant count
	}
	segmentNode struct{ place int }
)

// memberList is one of the lists that every customer has.
type memberList uint8

const (
	interestList memberList = iota
	networkList
	segmentList
)

// measure is what events come to: how many, their amount in units of 10^-6, the
// instant of the last or the first.
type measure uint8

const (
	countMeasure measure = iota
	sumMeasure
	lastMeasure
	firstMeasure
)

// eventSet picks events: by name, by filters, and from an instant up to but
// without another.
type eventSet struct {
	name     string
	filters  []valueNode
	from, to int64
}

// beginning is the instant before everything.
const beginning = math.MinInt64

// test is a comparison with everything resolved that schema and calendar decide.
type test struct {
	kind PropertyType
	is   Comparison // of texts and lists, and Missing
	// texts are what texts and lists are compared with.
	texts []string
	// low and high bound numbers, in units of 10^-6, and days, both included. Where
	// low is larger nothing is met.
	low, high int64
	flag      bool
	// monthDays are the days of a year, month times 100 and day, on which an
	// anniversary may fall; sorted. Nil where it is no anniversary.
	monthDays []int
}

func (a All) bind(b *binder, path string) node { return allNode(bindEach(a, b, path+".all")) }

func (a Any) bind(b *binder, path string) node { return anyNode(bindEach(a, b, path+".any")) }

func bindEach(conditions []Condition, b *binder, path string) []node {
	out := make([]node, len(conditions))
	for i, c := range conditions {
		out[i] = c.bind(b, path+"["+strconv.Itoa(i)+"]")
	}
	return out
}

func (n Not) bind(b *binder, path string) node { return notNode{n.Condition.bind(b, path+".not")} }

func (c Property) bind(b *binder, path string) node {
	path += ".property"
	kind, known := b.env.Schema.property(c.Name)
	b.problems.Require(known, path+".name", "must be a property of the schema", c.Name)
	if !known {
		return nil
	}
	return valueNode{field: c.Name, test: b.test(c.Filter, kind, path)}
}

// test resolves a comparison for a type and reports where they do not go
// together.
func (b *binder) test(f Filter, kind PropertyType, path string) test {
	t := test{kind: kind, is: f.Is, texts: f.Value.texts()}
	if f.Is == Missing {
		return t
	}
	suits := func(ok bool, rule string) {
		b.problems.Require(ok, path, rule, string(f.Is)+" "+f.Value.kind.String())
	}
	switch kind {
	case TextProperty:
		switch f.Is {
		case Equals, Contains, StartsWith, EndsWith:
			suits(f.Value.kind == textValue, "of a text must be compared with a text")
		default:
			suits(f.Is == OneOf, "of a text must be equals, one_of, contains, starts_with, ends_with or missing")
		}
	case ListProperty:
		suits(f.Is == Contains || f.Is == OneOf, "of a list must be contains, one_of or missing")
	case FlagProperty:
		suits(f.Is == Equals && f.Value.kind == flagValue, "of a flag must be equals with true or false")
		t.flag = f.Value.flag
	case NumberProperty:
		suits(f.Is.ordered() && f.Value.kind == numberValue, "of a number must compare sizes with a number")
		t.low, t.high = numberRange(f.Is, f.Value.number)
	case DayProperty:
		day, err := sosyal.ParseDate(f.Value.text)
		suits(f.Is.ordered() && f.Value.kind == textValue && err == nil, "of a day must compare with a day like 2026-11-03")
		t.low, t.high = wholeRange(f.Is, int64(day))
	}
	return t
}

// wholeRange returns the whole numbers for which a comparison holds.
func wholeRange(is Comparison, value int64) (low, high int64) {
	low, high = math.MinInt64, math.MaxInt64
	switch is {
	case Equals:
		return value, value
	case AtLeast:
		low = value
	case MoreThan:
		low = value + 1
	case AtMost:
		high = value
	case LessThan:
		high = value - 1
	default:
		return 1, 0
	}
	return low, high
}

// numberRange returns the units of 10^-6 for which a comparison holds.
func numberRange(is Comparison, value decimal.Decimal) (low, high int64) {
	fine := value.Shift(maxDecimals)
	below := clamp(fine.Floor())
	if decimal.NewFromInt(below).Equal(fine) {
		return wholeRange(is, below)
	}
	switch is { // value lies between two whole units, or beyond all of them
	case AtLeast, MoreThan:
		if fine.Sign() < 0 && below == -outside {
			return math.MinInt64, math.MaxInt64
		}
		return below + 1, math.MaxInt64
	case AtMost, LessThan:
		return math.MinInt64, below
	default:
		return 1, 0
	}
}

// outside is beyond every number that a customer may have and every sum of them
// that is kept.
const outside = math.MaxInt64 / 2

// clamp brings a whole number into the range within which it matters.
func clamp(d decimal.Decimal) int64 {
	switch bound := decimal.NewFromInt(outside); {
	case d.GreaterThan(bound):
		return outside
	case d.LessThan(bound.Neg()):
		return -outside
	}
	return d.IntPart()
}

func (c DaysSince) bind(b *binder, path string) node {
	t, ok := b.dayTest(c.Name, path+".days_since")
	if !ok {
		return nil
	}
	t.low, t.high = daysAgo(c.Is, int64(b.day), int64(c.Value))
	return valueNode{field: c.Name, test: t}
}

// daysAgo returns the days, or whatever today and value count, that lie so and
// so long ago.
func daysAgo(is Comparison, today, value int64) (low, high int64) {
	turned := map[Comparison]Comparison{AtLeast: AtMost, AtMost: AtLeast, MoreThan: LessThan, LessThan: MoreThan, Equals: Equals}
	return wholeRange(turned[is], today-value)
}

// dayTest is a test of a property that must be a day.
func (b *binder) dayTest(name, path string) (test, bool) {
	kind, known := b.env.Schema.property(name)
	b.problems.Require(known && kind == DayProperty, path+".name", "must be a day property of the schema", name)
	return test{kind: DayProperty, is: Equals}, known && kind == DayProperty
}

func (c Anniversary) bind(b *binder, path string) node {
	t, ok := b.dayTest(c.Name, path+".anniversary")
	if !ok {
		return nil
	}
	t.low, t.high = math.MinInt64, math.MaxInt64
	for d := b.day; d <= b.day+date.Date(c.Within); d++ {
		_, month, day := d.Date()
		t.monthDays = append(t.monthDays, int(month)*100+day)
		if month == 2 && day == 28 && (d+1).Day() == 1 {
			t.monthDays = append(t.monthDays, 229)
		}
	}
	slices.Sort(t.monthDays)
	t.monthDays = slices.Compact(t.monthDays)
	return valueNode{field: c.Name, test: t}
}

func (c HasInterest) bind(*binder, string) node { return memberNode{interestList, slices.Clone(c)} }

func (c OnNetwork) bind(*binder, string) node { return memberNode{networkList, prefixed("", c)} }

func (c InGroup) bind(*binder, string) node { return groupNode{slices.Clone(c)} }

// bind binds the segment that is meant, once for all who name it.
func (c InSegment) bind(b *binder, path string) node {
	id := sosyal.SegmentID(c)
	path += ".in_segment"
	d, known := b.env.Segments[id]
	b.problems.Require(known, path, "must be a known segment", string(id))
	if known && d.ID != id {
		b.problems.Add(path, "must be a segment that is kept under its own id", string(id))
		return nil
	}
	place, met := b.places[id]
	switch {
	case !known:
		return nil
	case met && place < 0:
		b.problems.Add(path, "must not contain itself", strings.Join(append(b.trail, string(id)), " > "))
		return nil
	case b.bad[id] != nil:
		b.problems.Add(path, "must be a segment that can be used itself", string(id))
		return nil
	case met:
		return segmentNode{place}
	case len(b.trail) >= maxNesting:
		b.problems.Add(path, "must not nest more than "+strconv.Itoa(maxNesting)+" segments", string(id))
		return nil
	case d.Kind == ListSegment:
		return memberNode{segmentList, []string{string(id)}}
	case d.Kind == RFMSegment:
		return groupNode{[]string{d.group()}}
	}
	b.segment(d)
	return segmentNode{b.places[id]}
}

// segment binds the rule of a segment that others, or nobody yet, look at.
func (b *binder) segment(d Definition) {
	outer := b.problems
	b.problems = sosyal.Problems{}
	b.places[d.ID] = -1
	b.trail = append(b.trail, string(d.ID))
	var root node = anyNode{}
	if err := d.Validate(); err != nil {
		b.problems.Nest("segments."+string(d.ID), err)
	} else {
		b.names = append(b.names, d.Rule.Attributes()...)
		root = d.Rule.Condition.bind(b, "segments."+string(d.ID)+".rule")
	}
	b.trail = b.trail[:len(b.trail)-1]
	b.places[d.ID] = len(b.plan.segments)
	b.plan.segments = append(b.plan.segments, nested{id: d.ID, root: root})
	if err := b.problems.Err(); err != nil {
		b.bad[d.ID] = err
		outer.Nest("", err)
	}
	b.problems = outer
}

// events resolves what events are meant.
func (b *binder) events(e Events, path string) (eventSet, EventType) {
	set, kind := b.step(e.Step, path)
	if e.Days > 0 {
		set.from = b.start(b.day - date.Date(e.Days))
	}
	if e.From != 0 {
		set.from = b.start(e.From)
	}
	if e.Until != 0 {
		set.to = min(set.to, b.start(e.Until))
	}
	return set, kind
}

func (b *binder) step(s Step, path string) (eventSet, EventType) {
	set := eventSet{name: s.Of, from: beginning, to: b.plan.tomorrow}
	kind, known := b.env.Schema.event(s.Of)
	b.problems.Require(known, path+".of", "must be an event of the schema", s.Of)
	if !known {
		return set, kind
	}
	for i, f := range s.Where {
		at := path + ".where[" + strconv.Itoa(i) + "]"
		t, ok := kind.property(f.Name)
		b.problems.Require(ok, at+".name", "must be a property of the event", f.Name)
		if ok {
			set.filters = append(set.filters, valueNode{field: f.Name, test: b.test(f, t, at)})
		}
	}
	return set, kind
}

func (c Count) bind(b *binder, path string) node {
	set, _ := b.events(c.Events, path+".count")
	low, high := wholeRange(c.Is, int64(c.Value))
	return eventNode{events: set, measure: countMeasure, low: low, high: high}
}

func (c Sum) bind(b *binder, path string) node {
	path += ".sum"
	set, kind := b.events(c.Events, path)
	if _, known := b.env.Schema.event(c.Of); known {
		b.problems.Require(kind.Currency == c.Value.Currency(), path+".value", "must be in the currency of the event in the schema", c.Value.Currency())
	}
	low, high := numberRange(c.Is, c.Value.Amount())
	return eventNode{events: set, measure: sumMeasure, low: low, high: high}
}

func (c Last) bind(b *binder, path string) node {
	return b.ago(c.Events, lastMeasure, c.Is, c.Value, path+".last")
}

func (c First) bind(b *binder, path string) node {
	return b.ago(c.Events, firstMeasure, c.Is, c.Value, path+".first")
}

// ago turns days into the instants between which an event must lie.
func (b *binder) ago(e Events, m measure, is Comparison, value int, path string) node {
	set, _ := b.events(e, path)
	first, last := daysAgo(is, int64(b.day), int64(value))
	n := eventNode{events: set, measure: m, low: math.MinInt64, high: math.MaxInt64}
	if first != math.MinInt64 {
		n.low = b.start(date.Date(first))
	}
	if last != math.MaxInt64 {
		n.high = b.start(date.Date(last)+1) - 1
	}
	return n
}

func (c Funnel) bind(b *binder, path string) node {
	path += ".funnel"
	first, _ := b.events(c.First, path+".first")
	then, _ := b.step(c.Then, path+".then")
	return funnelNode{first: first, then: then, seconds: int64(c.Hours) * 3600, without: c.Without, before: b.plan.today}
}

func (c Predicted) bind(*binder, string) node { return predictedNode{c.Name, c.Is, c.Value} }

func (c Consented) bind(*binder, string) node {
	return consentNode{c.Purpose, c.Channel, slices.Clone(c.Sources)}
}

// bucketPrime is the prime below which hashes of people lie: 2^31 - 1.
const bucketPrime = 1<<31 - 1

// bind derives from the salt the two numbers of a hash family by which pairs of
// people are dealt independently (Carter and Wegman, 1979, Journal of Computer
// and System Sciences 18).
func (c Bucket) bind(*binder, string) node {
	sum := sha256.Sum256([]byte(c.Salt))
	return bucketNode{
		mul: 1 + binary.BigEndian.Uint64(sum[:8])%(bucketPrime-1), add: binary.BigEndian.Uint64(sum[8:16]) % bucketPrime,
		of: uint64(c.Of), from: uint64(c.From), to: uint64(c.To),
	}
}

// holds reports whether somebody with the hash is in the buckets.
func (n bucketNode) holds(hash uint32) bool {
	drawn := (n.mul*uint64(hash) + n.add) % bucketPrime * n.of
	return drawn >= n.from*bucketPrime && drawn < n.to*bucketPrime
}

// BucketHash is the number by which [Bucket] deals a person. A host that lets its
// database choose buckets keeps it in a column of its customers. It is the
// FNV-1a hash of the id in 64 bits, mixed by the finalizer of MurmurHash3 and
// taken modulo 2^31 - 1.
func BucketHash(id sosyal.PersonID) uint32 {
	h := uint64(14695981039346656037)
	for i := range len(id) {
		h = (h ^ uint64(id[i])) * 1099511628211
	}
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return uint32((h ^ h>>33) % bucketPrime)
}
