package network

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
)

// Field is the part of a post that a fact is about.
type Field string

// Fields. Text is what a network calls caption, message, commentary or
// description; Caption is the text under media where a network limits it apart
// (Telegram), Description the one of photos (TikTok).
const (
	FieldTitle       Field = "title"
	FieldText        Field = "text"
	FieldCaption     Field = "caption"
	FieldDescription Field = "description"
	FieldComment     Field = "comment"
	FieldLink        Field = "link"
	FieldAltText     Field = "alt_text"
	FieldTags        Field = "tags"
	FieldHashtags    Field = "hashtags"
	FieldMentions    Field = "mentions"
	FieldLinks       Field = "links"
	FieldFormat      Field = "format"
	FieldMedia       Field = "media_count"
	FieldMediaType   Field = "media_type"
	FieldBytes       Field = "media_bytes"
	FieldWidth       Field = "media_width"
	FieldHeight      Field = "media_height"
	FieldPixels      Field = "media_pixels" // width times height
	FieldSides       Field = "media_sides"  // width plus height
	FieldRatio       Field = "media_ratio"  // width over height
	FieldDuration    Field = "media_duration"
)

// Severity says what happens to a post that breaks a fact.
type Severity string

// Severities. An error is refused by the network, a warning may be: it is advice,
// or the stricter of two statements.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Fact is one thing that a network accepts or not.
type Fact struct {
	Field Field `json:"field"`
	Unit  Unit  `json:"unit,omitzero"`
	// Min and Max bound what is counted, 0 means no bound.
	Min float64 `json:"min,omitzero"`
	Max float64 `json:"max,omitzero"`
	// Required fields must not be empty, Refused ones are not taken at all.
	Required bool `json:"required,omitzero"`
	Refused  bool `json:"refused,omitzero"`
	// Refuses are characters that must not occur.
	Refuses string `json:"refuses,omitzero"`
	// Types are the MIME types that are taken.
	Types []string `json:"types,omitempty"`
	// Formats and Kinds to which the fact applies; empty means all.
	Formats  []sosyal.Format `json:"formats,omitempty"`
	Kinds    []MediaKind     `json:"kinds,omitempty"`
	Severity Severity        `json:"severity"`
	// From and To are the days between which the fact holds (half-open); zero
	// where open.
	From date.Date `json:"-"`
	To   date.Date `json:"-"`
	// Source is where the fact is from. Confidence is P (the network's own
	// documentation), S (third parties), U (unsourced) or H (the host).
	Source     string `json:"source"`
	Confidence string `json:"confidence"`
}

// MediaSet is a choice of media that a format takes: from Min to Max files of any
// of the kinds.
type MediaSet struct {
	Kinds []MediaKind `json:"kinds"`
	Min   int         `json:"min"`
	Max   int         `json:"max"`
}

// FormatFact is a format that a network takes. Its media must be one of the sets;
// none means that media are not asked for.
type FormatFact struct {
	Format sosyal.Format `json:"format"`
	Media  []MediaSet    `json:"media,omitempty"`
}

// Facts is everything known about one network.
type Facts struct {
	Network sosyal.Network
	// AsOf is the day on which the facts were looked up.
	AsOf    date.Date
	Formats []FormatFact
	Facts   []Fact
}

// Rules are the facts about a network in force on a day.
type Rules struct {
	Destination sosyal.Destination
	On, AsOf    date.Date
	Formats     []FormatFact
	Facts       []Fact
}

//go:embed facts/*.json
var embedded embed.FS

// For returns the rules of a destination's network on a day, from the embedded
// facts. A network without facts is [sosyal.ErrUnsupported].
func For(d sosyal.Destination, on date.Date) (Rules, error) {
	data, err := embedded.ReadFile("facts/" + string(d.Network) + ".json")
	if err != nil || strings.ContainsAny(string(d.Network), "/\\.") {
		return Rules{}, fmt.Errorf("network %q: %w", string(d.Network), sosyal.ErrUnsupported)
	}
	f, err := ReadFacts(bytes.NewReader(data))
	if err != nil {
		return Rules{}, err
	}
	return f.For(d, on), nil
}

// For returns the facts in force on a day.
func (f Facts) For(d sosyal.Destination, on date.Date) Rules {
	r := Rules{Destination: d, On: on, AsOf: f.AsOf, Formats: f.Formats}
	for _, fact := range f.Facts {
		if (fact.From == 0 || fact.From <= on) && (fact.To == 0 || on < fact.To) {
			r.Facts = append(r.Facts, fact)
		}
	}
	return r
}

// With returns rules with an account's own facts: each replaces those of the same
// field, unit, formats, kinds and severity, and is added where there is none. An
// X Premium account has Fact{Field: FieldText, Unit: XWeight, Max: 25000,
// Severity: Error}.
func (r Rules) With(own ...Fact) Rules {
	facts := slices.Clone(r.Facts)
	for _, o := range own {
		facts = slices.DeleteFunc(facts, func(f Fact) bool {
			return f.Field == o.Field && f.Unit == o.Unit && f.Severity == o.Severity &&
				slices.Equal(f.Formats, o.Formats) && slices.Equal(f.Kinds, o.Kinds)
		})
		facts = append(facts, o)
	}
	r.Facts = facts
	return r
}

// Stale reports whether the facts were looked up more than days days before the
// day they are asked for.
func (r Rules) Stale(days int) bool { return r.On-r.AsOf > date.Date(days) }

// Takes reports whether the network takes a format.
func (r Rules) Takes(f sosyal.Format) bool {
	return slices.ContainsFunc(r.Formats, func(ff FormatFact) bool { return ff.Format == f })
}

type factJSON struct {
	Fact
	From string `json:"from,omitzero"`
	To   string `json:"to,omitzero"`
}

// ReadFacts reads the facts of a network: {"network":"x","as_of":"2026-10-01",
// "formats":[...],"facts":[...]} with the JSON forms of [FormatFact] and [Fact],
// days as 2026-11-03. Unknown keys are errors.
func ReadFacts(r io.Reader) (Facts, error) {
	var raw struct {
		Network sosyal.Network `json:"network"`
		AsOf    string         `json:"as_of"`
		Formats []FormatFact   `json:"formats"`
		Facts   []factJSON     `json:"facts"`
	}
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&raw); err != nil {
		return Facts{}, sosyal.FieldError{Field: "facts", Rule: "must be a file of network facts: " + err.Error()}
	}
	f := Facts{Network: raw.Network, Formats: raw.Formats}
	var p sosyal.Problems
	p.Require(f.Network != "", "network", "is required", "")
	f.AsOf = readDay(&p, "as_of", raw.AsOf)
	p.Require(raw.AsOf != "", "as_of", "is required", "")
	for i, ff := range raw.Formats {
		for k, set := range ff.Media {
			p.Require(0 < set.Min && set.Min <= set.Max && len(set.Kinds) > 0,
				fmt.Sprintf("formats[%d].media[%d]", i, k), "must hold kinds and a range of counts", string(ff.Format))
		}
	}
	for i, one := range raw.Facts {
		at := fmt.Sprintf("facts[%d]", i)
		fact := one.Fact
		fact.From, fact.To = readDay(&p, at+".from", one.From), readDay(&p, at+".to", one.To)
		p.Nest(at, fact.validate())
		f.Facts = append(f.Facts, fact)
	}
	return f, p.Err()
}

func readDay(p *sosyal.Problems, field, text string) date.Date {
	if text == "" {
		return 0
	}
	d, err := sosyal.ParseDate(text)
	p.Require(err == nil, field, "must be a calendar day like 2026-11-03", text)
	return d
}

func (f Fact) validate() error {
	var p sosyal.Problems
	p.Require(f.Field != "", "field", "is required", "")
	p.Require(f.Severity == Error || f.Severity == Warning, "severity", "must be error or warning", string(f.Severity))
	p.Require(f.Source != "", "source", "is required", string(f.Field))
	p.Require(f.Confidence != "", "confidence", "is required", string(f.Field))
	p.Require(f.Min >= 0 && (f.Max == 0 || f.Min <= f.Max), "max", "must not be below min", fmt.Sprint(f.Max))
	p.Require((f.Min == 0 && f.Max == 0) || f.Unit.known(), "unit", "must be a unit", string(f.Unit))
	p.Require(f.Min > 0 || f.Max > 0 || f.Required || f.Refused || f.Refuses != "" || len(f.Types) > 0, "max", "must say something", string(f.Field))
	return p.Err()
}
