package brand

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"
	"unicode"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	ot "github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"

	"github.com/yukselenler/sosyal"
)

//go:embed fonts/Inter-Regular.otf
var interRegular []byte

//go:embed fonts/InterDisplay-Bold.otf
var interBold []byte

// parseFont reads a font file.
func parseFont(data []byte) (*font.Font, error) {
	face, err := font.ParseTTF(bytes.NewReader(data))
	if err != nil {
		return nil, sosyal.FieldError{Field: "font", Rule: "must be an OpenType or TrueType file"}
	}
	return face.Font, nil
}

// MissingGlyphError says that the font cannot write a character.
type MissingGlyphError struct {
	// Field is the field of the content.
	Field string
	Rune  rune
}

// Error names the character.
func (e MissingGlyphError) Error() string {
	return fmt.Sprintf("%s: the font has no glyph for %q (U+%04X)", e.Field, e.Rune, e.Rune)
}

// Is reports whether target is [sosyal.ErrUnsupported].
func (e MissingGlyphError) Is(target error) bool { return target == sosyal.ErrUnsupported }

// typesetter shapes text for one picture. It is not safe for concurrent use.
type typesetter struct {
	regular, bold *font.Face
	shaper        shaping.HarfbuzzShaper
	language      language.Language
}

// style is how text is set. Size is in pixels, tracking in parts of it.
type style struct {
	bold     bool
	size     float64
	tracking float64
}

// line is shaped text on one line.
type line struct {
	glyphs []shaping.Glyph
	face   *font.Face
	style  style
	width  float64
}

func (t *typesetter) face(s style) *font.Face {
	if s.bold {
		return t.bold
	}
	return t.regular
}

// capHeight is the height of capitals in pixels.
func (t *typesetter) capHeight(s style) float64 {
	face := t.face(s)
	height := float64(face.LineMetric(font.CapHeight))
	if height <= 0 {
		height = 0.7 * float64(face.Upem())
	}
	return height / float64(face.Upem()) * s.size
}

// shape sets text on one line, however long.
func (t *typesetter) shape(field, text string, s style) (line, error) {
	runes := []rune(text)
	out := line{face: t.face(s), style: s}
	if len(runes) == 0 {
		return out, nil
	}
	shaped := t.shaper.Shape(shaping.Input{
		Text: runes, RunEnd: len(runes), Direction: di.DirectionLTR, Face: out.face,
		Size: fixed.Int26_6(s.size * 64), Script: script(runes), Language: t.language,
	})
	for _, g := range shaped.Glyphs {
		if g.GlyphID == 0 {
			return line{}, MissingGlyphError{Field: field, Rune: runes[min(max(g.TextIndex(), 0), len(runes)-1)]}
		}
		out.width += float64(g.Advance) / 64
	}
	out.glyphs = shaped.Glyphs
	if n := len(out.glyphs); n > 1 {
		out.width += float64(n-1) * s.tracking * s.size
	}
	return out, nil
}

// script is that of the first letter; digits and signs alone are Latin.
func script(runes []rune) language.Script {
	for _, r := range runes {
		if unicode.IsLetter(r) {
			return language.LookupScript(r)
		}
	}
	return language.Latin
}

// outline returns the shape of a glyph in font units, y upwards.
func outline(face *font.Face, gid font.GID) []ot.Segment {
	switch data := face.GlyphData(gid).(type) {
	case font.GlyphOutline:
		return data.Segments
	case font.GlyphSVG:
		return data.Outline.Segments
	case font.GlyphBitmap:
		if data.Outline != nil {
			return data.Outline.Segments
		}
	}
	return nil
}

// cleaned is text as it is set: control characters are spaces, runs of spaces
// one, line ends kept.
func cleaned(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.Join(strings.FieldsFunc(l, func(r rune) bool {
			return r == ' ' || unicode.IsControl(r)
		}), " ")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
