package brand

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"

	"github.com/yukselenler/sosyal"
)

// Severity says whether an issue must be put right.
type Severity string

// Severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Issue is where a kit, content or template breaks the brand's own rules.
type Issue struct {
	// Field is a path in the JSON form of what is at fault.
	Field    string        `json:"field"`
	Severity Severity      `json:"severity"`
	Reason   sosyal.Reason `json:"reason"`
}

// Check holds a kit and a content to the brand's rules: colours that can be read
// on one another ([Contrast]), a logo, and no banned words. Issues come in a
// fixed order; none is a good sign.
func Check(k Kit, c Content) []Issue {
	issues := k.contrast()
	if k.Logo.SVG == "" && k.Logo.Text == "" {
		issues = append(issues, Issue{"logo", Warning, sosyal.Because("brand.logo.missing", sosyal.TextArg("name", k.Name))})
	}
	for _, t := range c.texts() {
		for _, word := range k.Tone.Banned {
			if says(t.text, word, c.language()) {
				issues = append(issues, Issue{"content." + t.field, Error, sosyal.Because("brand.tone.banned",
					sosyal.TermArg("field", "brand.field."+t.field), sosyal.TextArg("word", word))})
			}
		}
	}
	return issues
}

// contrast checks the pairs that every template may use.
func (k Kit) contrast() []Issue {
	c := k.Colors
	var issues []Issue
	for _, pair := range []struct {
		name    string
		ink, on Color
		need    float64
		ground  string
	}{
		{"text", c.Text, c.Background, smallText, "background"},
		{"text", c.Text, c.Surface, smallText, "surface"},
		{"muted", c.Muted, c.Background, smallText, "background"},
		{"on_primary", c.OnPrimary, c.Primary, smallText, "primary"},
		{"on_accent", c.OnAccent, c.Accent, smallText, "accent"},
		{"primary", c.Primary, c.Background, largeText, "background"},
		{"accent", c.Accent, c.Background, largeText, "background"},
	} {
		ratio := Contrast(pair.ink, pair.on)
		if ratio >= pair.need {
			continue
		}
		severity := Warning
		if ratio < largeText {
			severity = Error
		}
		issues = append(issues, Issue{"colors." + pair.name, severity, contrastReason(pair.name, pair.ground, ratio, pair.need)})
	}
	return issues
}

func contrastReason(ink, ground string, ratio, need float64) sosyal.Reason {
	return sosyal.Because("brand.contrast.low", sosyal.TermArg("color", "brand.color."+ink), sosyal.TermArg("ground", "brand.color."+ground),
		sosyal.NumberArg("ratio", ratio, 1), sosyal.NumberArg("needed", need, 1))
}

// CheckTemplate holds a template to a kit and a placement: every text must be
// readable on its ground in every variant, and stay out of the margins that the
// network covers.
func CheckTemplate(k Kit, t Template, p Placement) []Issue {
	var issues []Issue
	for i, l := range t.Layouts[p.Size.Shape()] {
		field := fmt.Sprintf("layouts.%s[%d]", p.Size.Shape(), i)
		if l.Kind == "stack" || l.Kind == "logo" {
			if side := p.Covered.hides(l.Box); side != "" {
				issues = append(issues, Issue{field, Warning, sosyal.Because("brand.safe_zone",
					sosyal.TextArg("template", string(t.ID)), sosyal.TermArg("network", p.Network), sosyal.TermArg("format", p.Format),
					sosyal.TermArg("side", "brand.side."+side))})
			}
		}
		for j, item := range l.Items {
			if found, ok := k.unreadable(item); ok {
				found.Field = fmt.Sprintf("%s.items[%d]", field, j)
				issues = append(issues, found)
			}
		}
	}
	return issues
}

// hides names the side on which a box reaches into covered margins.
func (m Margins) hides(b []float64) string {
	const slack = 1e-9
	switch {
	case len(b) != 4:
		return ""
	case b[1] < m.Top-slack:
		return "top"
	case b[1]+b[3] > 1-m.Bottom+slack:
		return "bottom"
	case b[0] < m.Left-slack:
		return "left"
	case b[0]+b[2] > 1-m.Right+slack:
		return "right"
	}
	return ""
}

// largeFrom is the size, as a share of the shorter side, from which text counts
// as large: 18 points on a screen 360 points wide, 14 points if bold.
const (
	largeFrom     = 0.05
	largeFromBold = 0.039
)

// unreadable finds the variant in which an item has the least contrast, where
// that is too little.
func (k Kit) unreadable(i Item) (Issue, bool) {
	ground := i.On
	if ground == "" || i.Kind == "rule" {
		return Issue{}, false
	}
	ink := cmp.Or(i.Color, "text")
	if i.Kind == "steps" {
		ink, ground = i.On, i.Fill
	}
	need := smallText
	if i.Size >= largeFrom || (i.Bold && i.Size >= largeFromBold) || i.Kind == "price" {
		need = largeText
	}
	least := 21.0
	for v := range variants {
		a, errA := k.Colors.role(ink, v)
		b, errB := k.Colors.role(ground, v)
		if errA != nil || errB != nil {
			return Issue{}, false
		}
		least = min(least, Contrast(a, b))
	}
	if least >= need {
		return Issue{}, false
	}
	severity := Warning
	if least < largeText {
		severity = Error
	}
	return Issue{Severity: severity, Reason: contrastReason(ink, ground, least, need)}, true
}

// says reports whether a text holds a word or phrase, whole and in whatever
// case. Case is folded by the language: in Turkish I belongs to ı and İ to i.
func says(text, phrase string, l sosyal.Language) bool {
	said, banned := words(text, l), words(phrase, l)
	for i := 0; len(banned) > 0 && i+len(banned) <= len(said); i++ {
		if slices.Equal(said[i:i+len(banned)], banned) {
			return true
		}
	}
	return false
}

func words(text string, l sosyal.Language) []string {
	lower := cases.Lower(language.Make(string(l))).String(text)
	return strings.FieldsFunc(lower, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '%' })
}
