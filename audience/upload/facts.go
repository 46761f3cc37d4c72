package upload

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// Facts are what is known about the custom audiences of ad platforms: which
// identifiers they take and in which form, how many rows fit into a call, how
// small an audience may be, which consent they ask for and what they forbid.
// Facts are dated and replaceable: [StandardFacts] returns those embedded in the
// module, [ReadFacts] reads newer ones. The zero Facts knows no platform.
type Facts struct {
	platforms []PlatformFacts
}

// PlatformFacts is what is known about one platform.
type PlatformFacts struct {
	Platform Platform `json:"platform"`
	// AsOf is the day on which the facts were last looked up as a whole.
	AsOf date.Date `json:"-"`
	// Identifiers are taken in this order.
	Identifiers []IdentifierFact `json:"identifiers"`
	// Sufficient are sets of kinds each of which is enough to look a person up.
	// A person about whom the shop knows none of them cannot be sent.
	Sufficient [][]Kind `json:"sufficient"`
	// Together are kinds that are sent only when all of them are there.
	Together []Kind  `json:"together,omitempty"`
	Limits   []Limit `json:"limits"`
	// Value is there where a lookalike can weigh its seed by what people are worth.
	// Elsewhere the worth of a person is not sent.
	Value *ValueFact `json:"value,omitempty"`
	// Purposes is the consent that each added person must have given.
	Purposes []ConsentFact `json:"purposes"`
	// Forbidden are the categories of sensitive attributes that an audience must
	// not be built by, whatever the shop's own policy allows.
	Forbidden []CategoryFact `json:"forbidden,omitempty"`
}

// IdentifierFact is how a platform takes one kind of identifier.
type IdentifierFact struct {
	Kind   Kind   `json:"kind"`
	Form   Form   `json:"form"`
	Hash   string `json:"hash,omitzero"` // "sha256", or empty for plain text
	Source string `json:"source"`
	// Confidence is P (published by the platform), O (observed by running the
	// platform's own code), S (second-hand) or G (general knowledge).
	Confidence string `json:"confidence"`
	Note       string `json:"note,omitzero"`
}

// Limit is one number that a platform goes by.
type Limit struct {
	Name       LimitName `json:"name"`
	Value      int       `json:"value"`
	Unit       string    `json:"unit"`
	Source     string    `json:"source"`
	AsOf       date.Date `json:"-"`
	Confidence string    `json:"confidence"`
}

// LimitName says what a [Limit] is about.
type LimitName string

// Limits.
const (
	// BatchRows is the number of people in one call at most.
	BatchRows LimitName = "batch_rows"
	// RowIdentifiers is the number of identifiers of one person at most.
	RowIdentifiers LimitName = "row_identifiers"
	// MinimumAudience is the number of matched people below which an audience does
	// not run; fewer are matched than sent.
	MinimumAudience LimitName = "minimum_audience"
	// MinimumSeed is the number of matched people that a lookalike is built from
	// at least; AdvisedSeed and AdvisedSeedMost are the sizes between which the
	// platform advises to stay.
	MinimumSeed     LimitName = "minimum_seed"
	AdvisedSeed     LimitName = "advised_seed"
	AdvisedSeedMost LimitName = "advised_seed_most"
	// SeedCountries is 1 where the people of a seed must be from one country.
	SeedCountries LimitName = "seed_countries"
	// MembershipDays is how long a member stays without being sent again.
	MembershipDays LimitName = "membership_days"
	// ApplyHours is how long a change takes to show at most.
	ApplyHours LimitName = "apply_hours"
)

// ConsentFact is a consent that a platform asks of whoever is added.
type ConsentFact struct {
	Purpose    audience.Purpose `json:"purpose"`
	Source     string           `json:"source"`
	Confidence string           `json:"confidence"`
}

// ValueFact says that a platform takes the worth of a person in a seed.
type ValueFact struct {
	Source     string `json:"source"`
	Confidence string `json:"confidence"`
	Note       string `json:"note,omitzero"`
}

// CategoryFact is a category of sensitive attributes that a platform forbids.
type CategoryFact struct {
	Category   Category `json:"category"`
	Source     string   `json:"source"`
	Confidence string   `json:"confidence"`
}

//go:embed facts/platforms.json
var standardFacts string

// StandardFacts returns the facts embedded in the module.
func StandardFacts() (Facts, error) { return ReadFacts(strings.NewReader(standardFacts)) }

type platformFactsJSON struct {
	PlatformFacts
	AsOf   string      `json:"as_of"`
	Limits []limitJSON `json:"limits"`
}

type limitJSON struct {
	Limit
	AsOf string `json:"as_of"`
}

// ReadFacts reads facts: {"platforms":[...]} with the JSON form of
// [PlatformFacts] and days as "as_of":"2026-08-01". Unknown keys, unknown forms
// and anything without source and confidence are errors.
func ReadFacts(r io.Reader) (Facts, error) {
	var raw struct {
		Platforms []platformFactsJSON `json:"platforms"`
	}
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&raw); err != nil {
		return Facts{}, sosyal.FieldError{Field: "facts", Rule: "must be a table of ad platforms: " + err.Error()}
	}
	var p sosyal.Problems
	var f Facts
	for i, one := range raw.Platforms {
		field := fmt.Sprintf("platforms[%d]", i)
		facts := one.PlatformFacts
		facts.AsOf = readDay(&p, field+".as_of", one.AsOf)
		for k, l := range one.Limits {
			l.Limit.AsOf = readDay(&p, fmt.Sprintf("%s.limits[%d].as_of", field, k), l.AsOf)
			facts.Limits = append(facts.Limits, l.Limit)
		}
		p.Nest(field, facts.Validate())
		_, known := f.Platform(facts.Platform)
		p.Require(!known, field+".platform", "must not repeat", string(facts.Platform))
		f.platforms = append(f.platforms, facts)
	}
	p.Require(len(f.platforms) > 0, "platforms", "must hold a platform", "")
	if err := p.Err(); err != nil {
		return Facts{}, err
	}
	return f, nil
}

func readDay(p *sosyal.Problems, field, text string) date.Date {
	d, err := sosyal.ParseDate(text)
	p.Require(err == nil, field, "must be a calendar day like 2026-08-01", text)
	return d
}

// Platforms returns the platforms in the order of the table.
func (f Facts) Platforms() []Platform {
	names := make([]Platform, len(f.platforms))
	for i, p := range f.platforms {
		names[i] = p.Platform
	}
	return names
}

// Platform returns what is known about a platform.
func (f Facts) Platform(name Platform) (PlatformFacts, bool) {
	for _, p := range f.platforms {
		if p.Platform == name {
			return p, true
		}
	}
	return PlatformFacts{}, false
}

// With returns facts in which those given replace the ones of the same platform,
// or are added. A host changes a value of its own account like this:
//
//	meta, _ := facts.Platform(upload.Meta)
//	facts = facts.With(meta.WithLimit(upload.Limit{Name: upload.BatchRows, Value: 500, ...}))
func (f Facts) With(own ...PlatformFacts) Facts {
	all := slices.Clone(f.platforms)
	for _, o := range own {
		if i := slices.IndexFunc(all, func(p PlatformFacts) bool { return p.Platform == o.Platform }); i >= 0 {
			all[i] = o
		} else {
			all = append(all, o)
		}
	}
	return Facts{platforms: all}
}

// FreshDays is how long facts are taken as they stand: platforms change what
// they accept about twice a year.
const FreshDays = 180

// Stale returns a warning for each platform whose facts are older than
// [FreshDays] on a day.
func (f Facts) Stale(on date.Date) []sosyal.Reason {
	var warnings []sosyal.Reason
	for _, p := range f.platforms {
		warnings = append(warnings, p.stale(on)...)
	}
	return warnings
}

func (f PlatformFacts) stale(on date.Date) []sosyal.Reason {
	age := int(on - f.AsOf)
	if age <= FreshDays {
		return nil
	}
	return []sosyal.Reason{sosyal.Because("upload.facts.stale",
		sosyal.TermArg("platform", f.Platform), sosyal.DateArg("day", f.AsOf), sosyal.CountArg("days", age))}
}

// Limit returns a limit, and false where none is known, which is not the same as
// there being none.
func (f PlatformFacts) Limit(name LimitName) (Limit, bool) {
	for _, l := range f.Limits {
		if l.Name == name {
			return l, true
		}
	}
	return Limit{}, false
}

// Seed is the platform's rule for [audience.ChooseSeed];
// [sosyal.ErrUnsupported] where its smallest seed is not known.
func (f PlatformFacts) Seed() (audience.SeedRule, error) {
	least, ok := f.Limit(MinimumSeed)
	if !ok {
		return audience.SeedRule{}, fmt.Errorf("seed of a lookalike on %s: %w", f.Platform, sosyal.ErrUnsupported)
	}
	low, _ := f.Limit(AdvisedSeed)
	high, _ := f.Limit(AdvisedSeedMost)
	countries, _ := f.Limit(SeedCountries)
	rule := audience.SeedRule{
		Platform: string(f.Platform), Min: least.Value, AdvisedLow: low.Value, AdvisedHigh: high.Value,
		OneCountry: countries.Value == 1, Source: least.Source, Date: least.AsOf,
	}
	return rule, rule.Validate()
}

// WithLimit returns facts in which a limit replaces that of the same name or is
// added.
func (f PlatformFacts) WithLimit(own Limit) PlatformFacts {
	f.Limits = slices.DeleteFunc(slices.Clone(f.Limits), func(l Limit) bool { return l.Name == own.Name })
	f.Limits = append(f.Limits, own)
	return f
}

// WithIdentifier returns facts in which an identifier replaces that of the same
// kind or is added. TikTok's phones with the plus sign are
// IdentifierFact{Kind: KindPhone, Form: PhonePlus, Hash: "sha256", ...}.
func (f PlatformFacts) WithIdentifier(own IdentifierFact) PlatformFacts {
	f.Identifiers = slices.Clone(f.Identifiers)
	for i, known := range f.Identifiers {
		if known.Kind == own.Kind {
			f.Identifiers[i] = own
			return f
		}
	}
	f.Identifiers = append(f.Identifiers, own)
	return f
}

// Takes returns how the platform takes a kind of identifier.
func (f PlatformFacts) Takes(kind Kind) (IdentifierFact, bool) {
	for _, known := range f.Identifiers {
		if known.Kind == kind {
			return known, true
		}
	}
	return IdentifierFact{}, false
}

// Validate reports facts without source or confidence, forms that do not exist
// or do not suit the kind, sets of kinds that the platform does not take, and
// limits that are not positive.
func (f PlatformFacts) Validate() error {
	var p sosyal.Problems
	p.Require(f.Platform != "", "platform", "is required", "")
	p.Require(f.AsOf != 0, "as_of", "is required", "")
	sourced := func(field, source, confidence string) {
		p.Require(source != "", field+".source", "is required", "")
		p.Require(slices.Contains([]string{"P", "O", "S", "G"}, confidence), field+".confidence", "must be P, O, S or G", confidence)
	}
	p.Require(len(f.Identifiers) > 0, "identifiers", "must hold an identifier", "")
	seen := map[Kind]bool{}
	for i, one := range f.Identifiers {
		field := fmt.Sprintf("identifiers[%d]", i)
		sourced(field, one.Source, one.Confidence)
		p.Require(!seen[one.Kind], field+".kind", "must not repeat", string(one.Kind))
		seen[one.Kind] = true
		p.Require(slices.Contains(one.Form.kinds(), one.Kind), field+".form", "must be a form of "+string(one.Kind), string(one.Form))
		p.Require(one.Hash == "" || one.Hash == sha256Name, field+".hash", "must be sha256 or left out", one.Hash)
	}
	taken := func(field string, kinds []Kind) {
		for _, k := range kinds {
			p.Require(seen[k], field, "must be among the identifiers", string(k))
		}
	}
	p.Require(len(f.Sufficient) > 0, "sufficient", "must hold a set of kinds", "")
	for i, set := range f.Sufficient {
		p.Require(len(set) > 0, fmt.Sprintf("sufficient[%d]", i), "must hold a kind", "")
		taken(fmt.Sprintf("sufficient[%d]", i), set)
	}
	taken("together", f.Together)
	names := map[LimitName]bool{}
	for i, l := range f.Limits {
		field := fmt.Sprintf("limits[%d]", i)
		sourced(field, l.Source, l.Confidence)
		p.Require(l.Value > 0, field+".value", "must be positive", fmt.Sprint(l.Value))
		p.Require(l.Unit != "", field+".unit", "is required", string(l.Name))
		p.Require(l.AsOf != 0, field+".as_of", "is required", string(l.Name))
		p.Require(!names[l.Name] && l.Name.known(), field+".name", "must be a known name once", string(l.Name))
		names[l.Name] = true
	}
	p.Require(names[BatchRows], "limits", "must hold batch_rows", "")
	p.Require(len(f.Purposes) > 0, "purposes", "must hold a purpose", "")
	for i, c := range f.Purposes {
		p.Require(c.Purpose != "", fmt.Sprintf("purposes[%d].purpose", i), "is required", "")
		sourced(fmt.Sprintf("purposes[%d]", i), c.Source, c.Confidence)
	}
	if f.Value != nil {
		sourced("value", f.Value.Source, f.Value.Confidence)
	}
	for i, c := range f.Forbidden {
		p.Require(c.Category != "", fmt.Sprintf("forbidden[%d].category", i), "is required", "")
		sourced(fmt.Sprintf("forbidden[%d]", i), c.Source, c.Confidence)
	}
	return p.Err()
}

func (n LimitName) known() bool {
	switch n {
	case BatchRows, RowIdentifiers, MinimumAudience, MinimumSeed, AdvisedSeed, AdvisedSeedMost, SeedCountries, MembershipDays, ApplyHours:
		return true
	default:
		return false
	}
}
