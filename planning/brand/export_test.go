package brand

import (
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
)

// Line is a wrapped line as tests see it.
type Line struct {
	Glyphs int
	Width  float64
}

// Wrap breaks text set in the embedded regular font.
func Wrap(text string, size, width float64, balanced bool) ([]Line, error) {
	f, err := parseFont(interRegular)
	if err != nil {
		return nil, err
	}
	face := font.NewFace(f)
	t := &typesetter{regular: face, bold: face, language: language.NewLanguage("tr")}
	wrap := t.wrap
	if balanced {
		wrap = t.balance
	}
	set, err := wrap("text", cleaned(text), style{size: size}, width)
	lines := make([]Line, len(set))
	for i, l := range set {
		lines[i] = Line{len(l.glyphs), l.width}
	}
	return lines, err
}

// Width is how wide text is on one line.
func Width(text string, size float64) (float64, error) {
	lines, err := Wrap(text, size, 1e9, false)
	if err != nil || len(lines) == 0 {
		return 0, err
	}
	return lines[0].Width, nil
}
