package audience

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
)

// PersonaSource is a segment of the customers that a persona may be made of.
type PersonaSource struct {
	Segment sosyal.SegmentID
	// Name is a term that a catalogue translates or the name itself.
	Name string
	// Profile counts the members; its size is the segment's.
	Profile GroupProfile
	// ValueIndex is what a member is worth where the average customer is 100;
	// nil where that is not known.
	ValueIndex *float64
}

// PersonaOptions say how personas are proposed; the zero value means the
// defaults.
type PersonaOptions struct {
	// MinSize is the smallest segment, and the smallest number of people behind
	// any figure; 10 where 0.
	MinSize int
	// Traits is how many values of each dimension are listed besides those that
	// are above the base; 3 where 0.
	Traits int
	// Topics is how many topics are proposed; 5 where 0.
	Topics int
	// Alike is the fit, from 0 to 100, from which two personas are said to be
	// alike; 97 where 0.
	Alike float64
	// Language where the customers' own is not known.
	Language sosyal.Language
	// PlatformInterests are what the host knows of the ad platforms' interests;
	// a persona takes those that stand for its topics.
	PlatformInterests []PlatformInterest
	// Level of the intervals and verdicts, between 0 and 1; 0.95 where 0.
	Level float64
	// Seed of the draws behind intervals: the same seed gives the same personas.
	Seed uint64
}

func (o PersonaOptions) withDefaults() (PersonaOptions, error) {
	o.MinSize = orDefault(o.MinSize, 10)
	o.Traits = orDefault(o.Traits, 3)
	o.Topics = orDefault(o.Topics, 5)
	o.Alike = orDefault(o.Alike, 97)
	o.Level = orDefault(o.Level, 0.95)
	var p sosyal.Problems
	requirePositive(&p, "min_size", o.MinSize)
	requirePositive(&p, "traits", o.Traits)
	requirePositive(&p, "topics", o.Topics)
	p.Require(o.Alike > 0 && o.Alike <= 100, "alike", "must lie between 0 and 100", fmt.Sprint(o.Alike))
	requireLevel(&p, o.Level)
	for i, x := range o.PlatformInterests {
		p.Nest(elementOf("platform_interests", i), x.Validate())
	}
	return o, p.Err()
}

// PersonaProposal are personas with the segments of which none was made.
type PersonaProposal struct {
	// Personas are ordered by what their people are worth in all.
	Personas []Persona `json:"personas"`
	LeftOut  []LeftOut `json:"left_out,omitempty"`
}

// LeftOut is a segment that no persona was made of.
type LeftOut struct {
	Segment sosyal.SegmentID `json:"segment"`
	Reasons []sosyal.Reason  `json:"reasons"`
}

// ProposePersonas makes a persona of each segment that has enough people: what
// is common and telling in it against the base, all customers, of whom the
// segments are part; how like it the followers of each account are; and what to
// speak about. Small segments are left out and said so. A proposal is for people
// to choose from, rename and join, so personas that are much alike say so.
func ProposePersonas(
	brand sosyal.BrandID, asOf date.Date, base GroupProfile, segments []PersonaSource, followers []Followers, opt PersonaOptions,
) (PersonaProposal, error) {
	opt, err := opt.withDefaults()
	if err != nil {
		return PersonaProposal{}, err
	}
	if err := checkSources(brand, asOf, base, segments, followers); err != nil {
		return PersonaProposal{}, err
	}
	sorted := slices.Clone(segments)
	slices.SortStableFunc(sorted, func(x, y PersonaSource) int {
		return cmp.Or(cmp.Compare(y.worth(), x.worth()), cmp.Compare(x.Segment, y.Segment))
	})
	var out PersonaProposal
	var made []PersonaSource
	for _, s := range sorted {
		if s.Profile.Size < opt.MinSize {
			out.LeftOut = append(out.LeftOut, LeftOut{s.Segment, []sosyal.Reason{
				sosyal.Because("audience.persona.too_few", sosyal.TermArg("name", s.Name), sosyal.CountArg("minimum", opt.MinSize)),
			}})
			continue
		}
		p := Persona{
			Schema: PersonaSchema, ID: PersonaID(s.Segment), Brand: brand, Name: s.Name, AsOf: asOf, MinSize: opt.MinSize,
			Segments: []PersonaSegment{{Segment: s.Segment, Size: s.Profile.Size, ValueIndex: s.ValueIndex}},
		}
		if err := p.describe(s, base, opt); err != nil {
			return PersonaProposal{}, fmt.Errorf("segment %q: %w", s.Segment, err)
		}
		if err := p.place(s, followers, opt); err != nil {
			return PersonaProposal{}, fmt.Errorf("segment %q: %w", s.Segment, err)
		}
		if err := p.likeEarlier(s, made, opt); err != nil {
			return PersonaProposal{}, fmt.Errorf("segment %q: %w", s.Segment, err)
		}
		out.Personas, made = append(out.Personas, p), append(made, s)
	}
	return out, nil
}

// worth is what the members are worth in all, in average customers.
func (s PersonaSource) worth() float64 {
	if s.ValueIndex == nil {
		return float64(s.Profile.Size)
	}
	return float64(s.Profile.Size) * *s.ValueIndex / 100
}

func checkSources(brand sosyal.BrandID, asOf date.Date, base GroupProfile, segments []PersonaSource, followers []Followers) error {
	var p sosyal.Problems
	p.Require(brand != "", "brand", "is required", "")
	p.Require(asOf != 0, "as_of", "is required", "")
	p.Nest("base", base.Validate())
	seen := map[sosyal.SegmentID]bool{}
	for i, s := range segments {
		field := elementOf("segments", i)
		p.Require(s.Segment != "" && !seen[s.Segment], field+".segment", "is required, each once", string(s.Segment))
		p.Require(s.Name != "", field+".name", "is required", "")
		p.Require(s.ValueIndex == nil || finite(*s.ValueIndex), field+".value_index", "must be finite", "")
		p.Nest(field+".profile", s.Profile.Validate())
		seen[s.Segment] = true
	}
	for i, f := range followers {
		field := elementOf("followers", i)
		p.Nest(field, f.Validate())
		p.Require(f.Destination.Brand == brand, field+".destination.brand", "must be the brand's", string(f.Destination.Brand))
	}
	return p.Err()
}

// describe fills in traits, language, topics and the description.
func (p *Persona) describe(s PersonaSource, base GroupProfile, opt PersonaOptions) error {
	compared, err := Compare(s.Profile, base, CompareOptions{
		MinSize: opt.MinSize, Level: opt.Level, Seed: opt.Seed,
		Resamples: 99, // a persona shows values, not whether the dimension as a whole differs
	})
	if err != nil {
		return err
	}
	size := sosyal.CountArg("size", s.Profile.Size)
	if s.ValueIndex != nil {
		p.Description = append(p.Description, sosyal.Because("audience.persona.size_value", size, sosyal.NumberArg("index", *s.ValueIndex, 0)))
	} else {
		p.Description = append(p.Description, sosyal.Because("audience.persona.size", size))
	}
	for _, d := range compared.Dimensions {
		traits := d.traits(opt)
		p.Traits = append(p.Traits, traits...)
		if len(traits) > 0 {
			p.Description = append(p.Description, sosyal.Because("audience.persona.typical", d.Dimension.arg(),
				sosyal.TextArg("value", traits[0].Value), sosyal.PercentArg("share", traits[0].Share.Value, 0), sosyal.CountArg("n", d.N)))
		}
		for _, v := range d.Values {
			p.Description = append(p.Description, v.telling()...)
		}
	}
	p.Description = append(p.Description, compared.Reasons...)
	p.Language = p.spoken(opt)
	p.Topics = p.topics(compared, opt)
	for _, x := range opt.PlatformInterests {
		if slices.ContainsFunc(p.Topics, func(t PersonaTopic) bool { return t.Value == x.Interest }) {
			p.PlatformInterests = append(p.PlatformInterests, x)
		}
	}
	return nil
}

// telling returns the reasons of a verdict that says something.
func (v ValueComparison) telling() []sosyal.Reason {
	if v.Verdict == Above || v.Verdict == Below {
		return v.Reasons
	}
	return nil
}

// traits are the most common values and all that are above the base.
func (d DimensionComparison) traits(opt PersonaOptions) []PersonaTrait {
	var out []PersonaTrait
	for _, v := range d.Values {
		if !v.Suppressed && v.Count >= opt.MinSize {
			out = append(out, PersonaTrait{
				Dimension: d.Dimension, Value: v.Value, Count: v.Count, N: d.N, Share: v.Share, Index: v.Shrunk, Verdict: v.Verdict,
			})
		}
	}
	slices.SortStableFunc(out, func(x, y PersonaTrait) int { return cmp.Compare(y.Count, x.Count) })
	common := 0
	return slices.DeleteFunc(out, func(t PersonaTrait) bool {
		common++
		return common > opt.Traits && t.Verdict != Above
	})
}

// spoken is the language of most of the people, where that is shown.
func (p Persona) spoken(opt PersonaOptions) sosyal.Language {
	for _, t := range p.Typical(LanguageDimension) {
		if t.Share.Low > 0.5 {
			return sosyal.Language(t.Value)
		}
	}
	return opt.Language
}

// topics are interests and product categories: first those that are above the
// base, by shrunk index, then the most common of the others.
func (p Persona) topics(c GroupComparison, opt PersonaOptions) []PersonaTopic {
	var traits []PersonaTrait
	reasons := map[Trait][]sosyal.Reason{}
	for _, d := range c.Dimensions {
		if d.Dimension != InterestDimension && d.Dimension != CategoryDimension {
			continue
		}
		traits = append(traits, p.Typical(d.Dimension)...)
		for _, v := range d.Values {
			reasons[Trait{d.Dimension, v.Value}] = v.telling()
		}
	}
	rank := func(t PersonaTrait) (telling int, weight float64) {
		if t.Verdict == Above {
			return 1, t.Index.Value
		}
		return 0, t.Share.Value
	}
	slices.SortStableFunc(traits, func(x, y PersonaTrait) int {
		a, u := rank(x)
		b, v := rank(y)
		return cmp.Or(cmp.Compare(b, a), cmp.Compare(v, u), cmp.Compare(x.Value, y.Value))
	})
	var out []PersonaTopic
	for _, t := range traits {
		known := slices.ContainsFunc(out, func(o PersonaTopic) bool { return o.Value == t.Value })
		if t.Verdict == Below || known || len(out) == opt.Topics {
			continue
		}
		topic := PersonaTopic{Dimension: t.Dimension, Value: t.Value, Reasons: reasons[Trait{t.Dimension, t.Value}]}
		if len(topic.Reasons) == 0 {
			topic.Reasons = []sosyal.Reason{sosyal.Because("audience.persona.common", t.Dimension.arg(),
				sosyal.TextArg("value", t.Value), sosyal.PercentArg("share", t.Share.Value, 0), sosyal.CountArg("n", t.N))}
		}
		out = append(out, topic)
	}
	return out
}

// place orders the accounts by how like the persona their followers are.
func (p *Persona) place(s PersonaSource, followers []Followers, opt PersonaOptions) error {
	for _, f := range followers {
		n := PersonaNetwork{Destination: f.Destination, AsOf: f.AsOf, Source: f.Source, Followers: f.Size}
		fit, err := FitOf(f.Profile(), s.Profile, opt.fit(0.3))
		if err != nil {
			return err
		}
		n.Fit, n.Reasons = fit.Score, fit.Reasons
		for _, part := range fit.Parts {
			n.Reasons = append(n.Reasons, part.Reasons...)
		}
		n.Reasons = append(n.Reasons, f.unknown()...)
		p.Networks = append(p.Networks, n)
	}
	score := func(n PersonaNetwork) float64 {
		if n.Fit == nil {
			return -1
		}
		return n.Fit.Value
	}
	slices.SortStableFunc(p.Networks, func(x, y PersonaNetwork) int {
		return cmp.Or(cmp.Compare(score(y), score(x)), cmp.Compare(x.Destination.String(), y.Destination.String()))
	})
	return nil
}

// fit are options for comparing people of whom no value is known.
func (o PersonaOptions) fit(minCovered float64) FitOptions {
	rules := slices.DeleteFunc(DefaultFitRules(), func(r FitRule) bool { return len(r.Dimensions) == 0 })
	return FitOptions{Rules: rules, MinShown: o.MinSize, Level: o.Level, Seed: o.Seed, MinCovered: minCovered}
}

// likeEarlier says which earlier persona this one is like.
func (p *Persona) likeEarlier(s PersonaSource, made []PersonaSource, opt PersonaOptions) error {
	for _, other := range made {
		fit, err := FitOf(s.Profile, other.Profile, opt.fit(0.5))
		if err != nil {
			return err
		}
		if fit.Score != nil && fit.Score.Low >= opt.Alike {
			p.Description = append(p.Description, sosyal.Because("audience.persona.alike",
				sosyal.TermArg("name", other.Name), sosyal.NumberArg("score", fit.Score.Value, 0)))
			return nil
		}
	}
	return nil
}
