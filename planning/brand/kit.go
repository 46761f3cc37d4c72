package brand

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/yukselenler/sosyal"
)

// Kit is a brand's look and voice.
type Kit struct {
	Brand   sosyal.BrandID `json:"brand"`
	Version int64          `json:"version"`
	// Name is how the brand writes itself. It stands where there is no logo.
	Name   string  `json:"name"`
	Colors Palette `json:"colors"`
	Fonts  Fonts   `json:"fonts,omitzero"`
	Logo   Logo    `json:"logo,omitzero"`
	Tone   Tone    `json:"tone,omitzero"`
	// Templates are the templates that the brand uses; empty: all.
	Templates []sosyal.TemplateID `json:"templates,omitempty"`
}

// Palette is a kit's colours by what they are for.
type Palette struct {
	// Primary carries the brand, Accent draws the eye to prices and badges.
	Primary Color `json:"primary"`
	Accent  Color `json:"accent"`
	// Background is behind everything, Surface behind what lies on it.
	Background Color `json:"background"`
	Surface    Color `json:"surface"`
	// Text and Muted are written on Background and Surface, OnPrimary and
	// OnAccent on those colours.
	Text      Color `json:"text"`
	Muted     Color `json:"muted"`
	OnPrimary Color `json:"on_primary"`
	OnAccent  Color `json:"on_accent"`
}

// Fonts are a kit's own fonts, OpenType or TrueType files. Empty: Inter.
type Fonts struct {
	Regular []byte `json:"regular,omitempty"`
	Bold    []byte `json:"bold,omitempty"`
}

// Logo is a mark and a name.
type Logo struct {
	// SVG is the mark, with currentColor where it takes the colour of the text
	// around it. Text in it must be outlines.
	SVG string `json:"svg,omitzero"`
	// Text is written beside the mark, or alone where there is none.
	Text string `json:"text,omitzero"`
}

// Tone is what the brand says and does not say.
type Tone struct {
	// Voice describes the tone to whoever writes.
	Voice string `json:"voice,omitzero"`
	// Banned are words and phrases that must not appear, in whatever case.
	Banned []string `json:"banned,omitempty"`
}

// ReadKit reads a kit in JSON. Fields it does not know are an error.
func ReadKit(r io.Reader) (Kit, error) {
	var k Kit
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&k); err != nil {
		return Kit{}, fmt.Errorf("read brand kit: %w", err)
	}
	if err := k.Validate(); err != nil {
		return Kit{}, fmt.Errorf("read brand kit: %w", err)
	}
	return k, nil
}

// Validate reports missing parts, a logo that cannot be drawn and fonts that
// cannot be read. What is bad style but can be drawn is for [Check].
func (k Kit) Validate() error {
	var p sosyal.Problems
	p.Require(k.Brand != "", "brand", "must not be empty", "")
	p.Require(k.Name != "", "name", "must not be empty", "")
	p.Require(k.Version >= 0, "version", "must not be negative", fmt.Sprint(k.Version))
	p.Require(k.Colors != Palette{}, "colors", "must be set", "")
	if k.Logo.SVG != "" {
		if _, err := parseSVG(k.Logo.SVG, k.Colors.Text); err != nil {
			p.Nest("logo.svg", err)
		}
	}
	for _, f := range []struct {
		field string
		data  []byte
	}{{"fonts.regular", k.Fonts.Regular}, {"fonts.bold", k.Fonts.Bold}} {
		if len(f.data) > 0 {
			_, err := parseFont(f.data)
			p.Nest(f.field, err)
		}
	}
	for i, word := range k.Tone.Banned {
		p.Require(word != "", fmt.Sprintf("tone.banned[%d]", i), "must not be empty", "")
	}
	return p.Err()
}

// role is a colour of a template by name. Tints are the paper on which the
// variants of a template differ.
func (p Palette) role(name string, variant int) (Color, error) {
	white := Color{255, 255, 255}
	switch name {
	case "primary":
		return p.Primary, nil
	case "primary_dark":
		return p.Primary.mix(Color{}, 0.35), nil
	case "primary_light":
		return p.Primary.mix(white, 0.25), nil
	case "accent":
		return p.Accent, nil
	case "accent_light":
		return p.Accent.mix(white, 0.45), nil
	case "background":
		return p.Background, nil
	case "surface":
		return p.Surface, nil
	case "text":
		return p.Text, nil
	case "muted":
		return p.Muted, nil
	case "on_primary":
		return p.OnPrimary, nil
	case "on_accent":
		return p.OnAccent, nil
	case "ground":
		return p.ground(variant), nil
	case "ground_dark":
		return p.ground(variant).mix(Color{}, 0.35), nil
	case "ground_light":
		return p.ground(variant).mix(white, 0.25), nil
	case "pop":
		if p.warm(variant) {
			return p.Primary, nil
		}
		return p.Accent, nil
	case "on_pop":
		if p.warm(variant) {
			return p.OnPrimary, nil
		}
		return p.OnAccent, nil
	case "tint":
		return p.tint(variant), nil
	case "tint_deep":
		return p.tint(variant).mix(p.Accent, 0.17), nil
	}
	return Color{}, sosyal.FieldError{Field: "color", Rule: "must be a role of the palette", Value: name}
}

// variants is how many papers and grounds there are.
const variants = 4

// largeText and smallText are the contrasts that WCAG 2.2, success criterion
// 1.4.3, asks for.
const (
	largeText = 3.0
	smallText = 4.5
)

// warm reports whether the ground of a variant is made of the accent.
func (p Palette) warm(variant int) bool { return ((variant%variants)+variants)%variants == 1 }

// ground is the coloured paper of a variant, dark enough for OnPrimary wherever
// darkening can help.
func (p Palette) ground(variant int) Color {
	c := p.Primary
	switch ((variant % variants) + variants) % variants {
	case 1:
		c = p.Accent
	case 2:
		c = p.Primary.mix(p.Accent, 0.35)
	case 3:
		c = p.Primary.mix(Color{}, 0.3)
	}
	for range 8 {
		if c == p.Primary || Contrast(c, p.OnPrimary) >= smallText {
			return c
		}
		c = c.mix(Color{}, 0.12)
	}
	return p.Primary
}

func (p Palette) tint(variant int) Color {
	switch ((variant % variants) + variants) % variants {
	case 1:
		return p.Background.mix(p.Primary, 0.13)
	case 2:
		return p.Background.mix(p.Accent, 0.30)
	case 3:
		return p.Background.mix(p.Accent.mix(p.Primary, 0.5), 0.16)
	}
	return p.Background.mix(p.Accent, 0.15)
}
