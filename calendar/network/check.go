package network

import (
	"cmp"
	"slices"
	"strings"

	"github.com/yukselenler/sosyal"
)

// Issue is a fact that a post breaks.
type Issue struct {
	Field Field `json:"field"`
	// Media is the index of the medium that the issue is about, -1 for none.
	Media int  `json:"media"`
	Unit  Unit `json:"unit,omitzero"`
	// Limit is the bound that was broken and Found what was counted or measured,
	// in the unit; 0 where the issue is not about a number.
	Limit    float64  `json:"limit,omitzero"`
	Found    float64  `json:"found,omitzero"`
	Severity Severity `json:"severity"`
	// Fix says what to do about it.
	Fix        sosyal.Reason `json:"fix"`
	Source     string        `json:"source"`
	Confidence string        `json:"confidence"`
}

// Check returns every fact that a post breaks, errors first, otherwise in the
// order of the facts. What is not known of a medium (zero) is not checked.
func (r Rules) Check(c Content) []Issue {
	var issues []Issue
	if fix, ok := r.checkFormat(c); !ok {
		issues = append(issues, fix)
	}
	texts := r.texts(c)
	for _, f := range r.Facts {
		if len(f.Formats) > 0 && !slices.Contains(f.Formats, c.Format) {
			continue
		}
		if text, ok := texts[f.Field]; ok {
			issues = append(issues, f.checkText(text)...)
			continue
		}
		if f.Field == FieldMedia {
			issues = append(issues, f.bound(-1, float64(len(c.Media)))...)
			continue
		}
		for i, m := range c.Media {
			if len(f.Kinds) == 0 || slices.Contains(f.Kinds, m.Kind) {
				issues = append(issues, f.checkMedia(i, m)...)
			}
		}
	}
	slices.SortStableFunc(issues, func(a, b Issue) int { return cmp.Compare(a.Severity, b.Severity) })
	return issues
}

// texts are the parts of a post by the field under which the network limits them.
func (r Rules) texts(c Content) map[Field]string {
	main := FieldText
	switch {
	case len(c.Media) > 0 && r.has(FieldCaption):
		main = FieldCaption
	case (c.Format == sosyal.FormatPhoto || c.Format == sosyal.FormatCarousel) && r.has(FieldDescription):
		main = FieldDescription
	}
	return map[Field]string{
		main: c.Text, FieldTitle: c.Title, FieldComment: c.Comment, FieldLink: cmp.Or(c.Link, firstOf(Links(c.Text))),
		FieldHashtags: c.Text, FieldMentions: c.Text, FieldLinks: c.Text, FieldTags: strings.Join(c.Tags, ","),
	}
}

func firstOf(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

// checkFormat reports a format that the network does not take, and media that do
// not go with it.
func (r Rules) checkFormat(c Content) (Issue, bool) {
	at := slices.IndexFunc(r.Formats, func(ff FormatFact) bool { return ff.Format == c.Format })
	network, format := sosyal.TermArg("network", r.Destination.Network), sosyal.TermArg("format", c.Format)
	if at < 0 {
		return Issue{
			Field: FieldFormat, Media: -1, Severity: Error,
			Fix:    sosyal.Because("network.format", network, format),
			Source: "formats", Confidence: "P",
		}, false
	}
	sets := r.Formats[at].Media
	if len(sets) == 0 || slices.ContainsFunc(sets, func(s MediaSet) bool { return s.holds(c.Media) }) {
		return Issue{}, true
	}
	choices := make([]string, len(sets))
	for i, s := range sets {
		choices[i] = s.text()
	}
	issue := Issue{
		Field: FieldMedia, Media: -1, Unit: Items, Found: float64(len(c.Media)), Severity: Error,
		Fix:    sosyal.Because("network.media_count", network, format, sosyal.CountArg("found", len(c.Media)), sosyal.TextArg("choices", strings.Join(choices, " / "))),
		Source: "formats", Confidence: "P",
	}
	if limit := sets[0].Max; len(c.Media) > limit {
		issue.Limit = float64(limit)
	} else {
		issue.Limit = float64(sets[0].Min)
	}
	return issue, false
}

func (s MediaSet) holds(media []Media) bool {
	return s.Min <= len(media) && len(media) <= s.Max &&
		!slices.ContainsFunc(media, func(m Media) bool { return !slices.Contains(s.Kinds, m.Kind) })
}

// text reads "2-10 image+video".
func (s MediaSet) text() string {
	kinds := make([]string, len(s.Kinds))
	for i, k := range s.Kinds {
		kinds[i] = string(k)
	}
	count := format(float64(s.Min))
	if s.Max > s.Min {
		count += "-" + format(float64(s.Max))
	}
	return count + " " + strings.Join(kinds, "+")
}

func (f Fact) issue(media int, limit, found float64, fix sosyal.Reason) Issue {
	return Issue{
		Field: f.Field, Media: media, Unit: f.Unit, Limit: limit, Found: found,
		Severity: f.Severity, Fix: fix, Source: f.Source, Confidence: f.Confidence,
	}
}

func (f Fact) checkText(text string) []Issue {
	field := sosyal.TermArg("field", f.Field)
	var issues []Issue
	if f.Required && strings.TrimSpace(text) == "" {
		issues = append(issues, f.issue(-1, 0, 0, sosyal.Because("network.required", field)))
	}
	if f.Refused && text != "" {
		issues = append(issues, f.issue(-1, 0, 0, sosyal.Because("network.refused", field)))
	}
	if f.Refuses != "" && strings.ContainsAny(text, f.Refuses) {
		issues = append(issues, f.issue(-1, 0, 0, sosyal.Because("network.refuses", field, sosyal.TextArg("characters", f.Refuses))))
	}
	if f.Max == 0 {
		return issues
	}
	if n, ok := f.Unit.Of(f.Field, text); ok {
		issues = append(issues, f.bound(-1, float64(n))...)
	}
	return issues
}

// bound compares a number with the fact's bounds.
func (f Fact) bound(media int, found float64) []Issue {
	field, unit := sosyal.TermArg("field", f.Field), sosyal.TermArg("unit", f.Unit)
	number := func(name string, x float64) sosyal.Arg { return sosyal.NumberArg(name, x, places(x)) }
	switch {
	case f.Max > 0 && found > f.Max && f.Unit == Ratio:
		return []Issue{f.issue(media, f.Max, found, sosyal.Because("network.too_wide", field, number("limit", f.Max), number("found", found)))}
	case f.Min > 0 && found < f.Min && f.Unit == Ratio:
		return []Issue{f.issue(media, f.Min, found, sosyal.Because("network.too_tall", field, number("limit", f.Min), number("found", found)))}
	case f.Max > 0 && found > f.Max:
		return []Issue{f.issue(media, f.Max, found, sosyal.Because("network.too_much", field, unit, number("limit", f.Max), number("found", found), number("over", found-f.Max)))}
	case f.Min > 0 && found < f.Min:
		return []Issue{f.issue(media, f.Min, found, sosyal.Because("network.too_little", field, unit, number("limit", f.Min), number("found", found)))}
	}
	return nil
}

// ratioTolerance is how far a ratio may be off: files have whole pixels, and a
// ratio such as 9:16 is a rounded number in the facts.
const ratioTolerance = 0.005

func (f Fact) checkMedia(i int, m Media) []Issue {
	switch f.Field {
	case FieldMediaType:
		if m.Type == "" || slices.Contains(f.Types, m.Type) {
			return nil
		}
		fix := sosyal.Because("network.media_type", sosyal.TextArg("found", m.Type), sosyal.TextArg("types", strings.Join(f.Types, ", ")))
		return []Issue{f.issue(i, 0, 0, fix)}
	case FieldAltText:
		return f.bound(i, float64(sizeOrZero(f.Unit, m.AltText)))
	case FieldRatio:
		if m.Width <= 0 || m.Height <= 0 {
			return nil
		}
		found := float64(m.Width) / float64(m.Height)
		if (f.Max > 0 && found > f.Max && found <= f.Max*(1+ratioTolerance)) || (found < f.Min && found >= f.Min*(1-ratioTolerance)) {
			return nil
		}
		return f.bound(i, found)
	default:
		found := measure(f.Field, m)
		if found <= 0 {
			return nil
		}
		return f.bound(i, found)
	}
}

func sizeOrZero(u Unit, text string) int {
	n, _ := u.Of(FieldAltText, text)
	return n
}

// measure returns a number about a medium, 0 where it is not known.
func measure(field Field, m Media) float64 {
	switch field {
	case FieldBytes:
		return float64(m.Bytes)
	case FieldWidth:
		return float64(m.Width)
	case FieldHeight:
		return float64(m.Height)
	case FieldPixels:
		return float64(m.Width) * float64(m.Height)
	case FieldSides:
		return float64(m.Width) + float64(m.Height)
	case FieldDuration:
		return m.Duration.Seconds()
	default:
		return 0
	}
}
