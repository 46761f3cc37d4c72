package audience

import (
	"slices"
	"strconv"

	"github.com/rickb777/date/v2"
	"golang.org/x/text/language"

	"github.com/yukselenler/sosyal"
)

// PersonaSchema is the schema of [Persona] that this version writes.
const PersonaSchema = 1

// PersonaID identifies a persona of a brand.
type PersonaID string

// Persona is the kind of person that content and ads are written for: a segment
// of the customers with what is typical of it, the networks whose followers are
// like it, and what to speak about. It is made of counts of at least MinSize
// people and describes nobody in particular.
type Persona struct {
	Schema int            `json:"schema"`
	ID     PersonaID      `json:"id"`
	Brand  sosyal.BrandID `json:"brand"`
	// Name is a term that a catalogue translates or the name itself.
	Name string    `json:"name"`
	AsOf date.Date `json:"as_of"`
	// MinSize is the smallest number of people behind any figure of it.
	MinSize int `json:"min_size"`
	// Description says what is known of the persona, as data for a catalogue.
	Description []sosyal.Reason `json:"description,omitempty"`
	// Segments are the customers that the persona stands for.
	Segments []PersonaSegment `json:"segments"`
	// Traits are what is typical of them, by dimension and within it by share,
	// the most common first; see [Persona.Typical].
	Traits []PersonaTrait `json:"traits,omitempty"`
	// Networks are the brand's accounts, those whose followers are most like the
	// persona first and those of which that is not known last.
	Networks []PersonaNetwork `json:"networks,omitempty"`
	// PlatformInterests are the interests by which ad platforms find the persona.
	PlatformInterests []PlatformInterest `json:"platform_interests,omitempty"`
	// Language to speak, a BCP 47 tag.
	Language sosyal.Language `json:"language,omitzero"`
	// Topics are what to speak about, the most telling first.
	Topics []PersonaTopic `json:"topics,omitempty"`
}

// PersonaSegment is a segment of customers behind a persona.
type PersonaSegment struct {
	Segment sosyal.SegmentID `json:"segment"`
	Size    int              `json:"size"`
	// ValueIndex is what a member is worth where the average customer is 100;
	// nil where that is not known.
	ValueIndex *float64 `json:"value_index,omitempty"`
}

// PersonaTrait is a value that is common or telling among the persona's people.
type PersonaTrait struct {
	Dimension Dimension `json:"dimension"`
	Value     string    `json:"value"`
	// Count of the N people whose value is known have it; Share is their part
	// from 0 to 1 with its interval.
	Count int      `json:"count"`
	N     int      `json:"n"`
	Share Estimate `json:"share"`
	// Index is the shrunk index against all customers and Verdict what can be
	// said of it; see [ValueComparison].
	Index   Estimate `json:"index"`
	Verdict Verdict  `json:"verdict"`
}

// PersonaNetwork is an account of the brand and how like the persona its
// followers are.
type PersonaNetwork struct {
	Destination sosyal.Destination `json:"destination"`
	AsOf        date.Date          `json:"as_of"`
	Source      string             `json:"source"`
	Followers   int                `json:"followers"`
	// Fit is the score of [FitOf] with the persona's people as the base; nil
	// where it is withheld. It says that the followers are alike, not that they
	// are the same people.
	Fit     *Estimate       `json:"fit,omitempty"`
	Reasons []sosyal.Reason `json:"reasons,omitempty"`
}

// PlatformInterest is an interest as an ad platform knows it. Platforms rename
// and withdraw them, so each carries where and when it was read.
type PlatformInterest struct {
	Platform string `json:"platform"`
	ID       string `json:"id"`
	Name     string `json:"name"`
	// Interest is the value that it stands for among the shop's own interests
	// or product categories.
	Interest string    `json:"interest"`
	Source   string    `json:"source"`
	Date     date.Date `json:"date"`
}

// PersonaTopic is something to speak about to a persona.
type PersonaTopic struct {
	Dimension Dimension       `json:"dimension"`
	Value     string          `json:"value"`
	Reasons   []sosyal.Reason `json:"reasons,omitempty"`
}

// Typical returns the traits of a dimension, the most common first.
func (p Persona) Typical(d Dimension) []PersonaTrait {
	var out []PersonaTrait
	for _, t := range p.Traits {
		if t.Dimension == d {
			out = append(out, t)
		}
	}
	return out
}

// Validate reports everything that keeps the persona from being used: an
// unknown schema, missing names, figures that do not go together or stand for
// too few people, accounts of another brand, interests without a source or day,
// and a language that is none.
func (p Persona) Validate() error {
	var problems sosyal.Problems
	problems.Require(p.Schema == PersonaSchema, "schema", "must be "+strconv.Itoa(PersonaSchema), strconv.Itoa(p.Schema))
	problems.Require(p.ID != "", "id", "is required", "")
	problems.Require(p.Brand != "", "brand", "is required", "")
	problems.Require(p.Name != "", "name", "is required", "")
	problems.Require(p.AsOf != 0, "as_of", "is required", "")
	requirePositive(&problems, "min_size", p.MinSize)
	problems.Require(len(p.Segments) > 0, "segments", "must not be empty", "")
	if p.Language != "" {
		_, err := language.Parse(string(p.Language))
		problems.Require(err == nil, "language", "must be a BCP 47 tag", string(p.Language))
	}
	p.validateSegments(&problems)
	p.validateTraits(&problems)
	for i, n := range p.Networks {
		field := elementOf("networks", i)
		problems.Nest(field, n.Validate())
		problems.Require(n.Destination.Brand == p.Brand, field+".destination.brand", "must be the persona's", string(n.Destination.Brand))
	}
	for i, x := range p.PlatformInterests {
		problems.Nest(elementOf("platform_interests", i), x.Validate())
	}
	for i, t := range p.Topics {
		problems.Require(t.Dimension != "", elementOf("topics", i)+".dimension", "is required", "")
		problems.Require(t.Value != "", elementOf("topics", i)+".value", "is required", "")
	}
	return problems.Err()
}

func elementOf(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }

func (p Persona) validateSegments(problems *sosyal.Problems) {
	for i, s := range p.Segments {
		field := elementOf("segments", i)
		again := slices.ContainsFunc(p.Segments[:i], func(t PersonaSegment) bool { return t.Segment == s.Segment })
		problems.Require(s.Segment != "" && !again, field+".segment", "is required, each once", string(s.Segment))
		problems.Require(s.Size >= p.MinSize, field+".size", "must be at least min_size", strconv.Itoa(s.Size))
		if s.ValueIndex != nil {
			problems.Require(finite(*s.ValueIndex), field+".value_index", "must be finite", strconv.FormatFloat(*s.ValueIndex, 'g', -1, 64))
		}
	}
}

func (p Persona) validateTraits(problems *sosyal.Problems) {
	seen := map[Trait]bool{}
	for i, t := range p.Traits {
		field, trait := elementOf("traits", i), Trait{t.Dimension, t.Value}
		problems.Require(t.Dimension != "", field+".dimension", "is required", "")
		problems.Require(t.Value != "" && !seen[trait], field+".value", "is required, each once", t.Value)
		seen[trait] = true
		problems.Require(t.Count >= p.MinSize, field+".count", "must be at least min_size", strconv.Itoa(t.Count))
		problems.Require(t.Count <= t.N, field+".n", "must be at least the count", strconv.Itoa(t.N))
		problems.Require(t.Share.within(1), field+".share", "must lie from 0 to 1 within its interval", strconv.FormatFloat(t.Share.Value, 'g', -1, 64))
		switch t.Verdict {
		case Above, Below, Unclear, Withheld:
		default:
			problems.Add(field+".verdict", "must be above, below, unclear or withheld", string(t.Verdict))
		}
	}
}

// within reports whether the figure lies from 0 to most within its interval.
func (e Estimate) within(most float64) bool {
	return 0 <= e.Low && e.Low <= e.Value && e.Value <= e.High && e.High <= most
}

// Validate reports a missing account, day or source and a fit out of its range.
func (n PersonaNetwork) Validate() error {
	var p sosyal.Problems
	p.Nest("destination", n.Destination.Validate())
	p.Require(n.AsOf != 0, "as_of", "is required", "")
	p.Require(n.Source != "", "source", "is required", "")
	p.Require(n.Followers >= 0, "followers", "must not be negative", strconv.Itoa(n.Followers))
	if n.Fit != nil {
		p.Require(n.Fit.within(100), "fit", "must lie from 0 to 100 within its interval", strconv.FormatFloat(n.Fit.Value, 'g', -1, 64))
	}
	return p.Err()
}

// Validate reports a missing field.
func (x PlatformInterest) Validate() error {
	var p sosyal.Problems
	for _, f := range []struct{ field, value string }{
		{"platform", x.Platform}, {"id", x.ID}, {"name", x.Name}, {"interest", x.Interest}, {"source", x.Source},
	} {
		p.Require(f.value != "", f.field, "is required", "")
	}
	p.Require(x.Date != 0, "date", "is required", "")
	return p.Err()
}

// UnmarshalJSON reads a stored persona and refuses days that do not exist.
func (p *Persona) UnmarshalJSON(data []byte) error {
	type plain Persona
	read := struct {
		*plain
		AsOf string `json:"as_of"`
	}{plain: (*plain)(p)}
	return readDay(data, &read, &read.AsOf, "as_of", &p.AsOf)
}

// UnmarshalJSON reads a stored network and refuses days that do not exist.
func (n *PersonaNetwork) UnmarshalJSON(data []byte) error {
	type plain PersonaNetwork
	read := struct {
		*plain
		AsOf string `json:"as_of"`
	}{plain: (*plain)(n)}
	return readDay(data, &read, &read.AsOf, "as_of", &n.AsOf)
}

// UnmarshalJSON reads a stored interest and refuses days that do not exist.
func (x *PlatformInterest) UnmarshalJSON(data []byte) error {
	type plain PlatformInterest
	read := struct {
		*plain
		Date string `json:"date"`
	}{plain: (*plain)(x)}
	return readDay(data, &read, &read.Date, "date", &x.Date)
}
