package audience

import (
	"slices"
	"time"

	"github.com/yukselenler/sosyal"
)

// Env is what a rule is bound to when it is compiled.
type Env struct {
	Brand sosyal.BrandID
	// Now is the moment at which the rule is asked. All but [Consented] only looks
	// at the day on which it lies in Zone.
	Now  time.Time
	Zone *time.Location
	// Schema says what is known of customers.
	Schema Schema
	// Segments are the other segments that [InSegment] may name.
	Segments map[sosyal.SegmentID]Definition
	// Tables say where the host's database keeps all this. Only [Program.SQL] needs
	// them.
	Tables *Tables
}

// Program is a rule bound to an [Env]. It is immutable and safe for concurrent
// use. Its three evaluators, [Program.Matches], [Program.Evaluate] and
// [Program.SQL], have the same meaning.
type Program struct {
	attributes []string
	brand      sosyal.BrandID
	root       node
	match      match
	plan       plan
	tables     *Tables
}

// plan is what belongs to a bound rule beside its own condition.
type plan struct {
	schema Schema
	// today is the start of the shop's day and tomorrow that of the next one, in
	// seconds since 1970; now is the moment in whole seconds.
	today, tomorrow, now int64
	// segments are the nested segments in topological order: each one only looks at
	// those before it.
	segments []nested
}

// nested is a segment that others look at.
type nested struct {
	id    sosyal.SegmentID
	root  node
	match match
}

// Compile binds the rule. It reports everything that does not fit the
// environment: a missing brand, moment or zone, properties, events and segments
// that are not known, comparisons and values that do not suit a type, another
// currency than the schema's, and segments that contain themselves, with the
// names on the way. Tables that are not right or do not suit the schema are
// reported as well.
func (r Rule) Compile(env Env) (Program, error) {
	if err := r.Validate(); err != nil {
		return Program{}, err
	}
	var p sosyal.Problems
	p.Require(env.Brand != "", "brand", "is required", "")
	p.Require(!env.Now.IsZero(), "now", "is required", "")
	p.Require(env.Zone != nil, "zone", "is required", "")
	p.Nest("schema", env.Schema.Validate())
	if env.Tables != nil {
		p.Nest("tables", env.Tables.check(env.Schema))
	}
	if err := p.Err(); err != nil {
		return Program{}, err
	}
	b := newBinder(env)
	b.names = r.Attributes()
	root := r.Condition.bind(b, "rule")
	if err := b.problems.Err(); err != nil {
		return Program{}, err
	}
	for i := range b.plan.segments {
		b.plan.segments[i].match = b.plan.segments[i].root.match(&b.plan)
	}
	slices.Sort(b.names)
	return Program{attributes: slices.Compact(b.names), brand: env.Brand, root: root, match: root.match(&b.plan), plan: b.plan, tables: env.Tables}, nil
}

// Attributes is [Rule.Attributes] with those of the nested segments, however deep:
// what package upload has to look at before an audience leaves.
func (p Program) Attributes() []string { return p.attributes }

// Brand returns the brand that the program was compiled for.
func (p Program) Brand() sosyal.BrandID { return p.brand }

// moment is the instant at which the rule is asked.
func (p *plan) moment() time.Time { return time.Unix(p.now, 0).UTC() }
