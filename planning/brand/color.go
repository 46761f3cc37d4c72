package brand

import (
	"encoding/hex"
	"image/color"
	"math"
	"strings"

	"github.com/yukselenler/sosyal"
)

// Color is an opaque sRGB colour. Its text and JSON form is #1a2b3c.
type Color struct{ R, G, B uint8 }

// ParseColor reads #1a2b3c, in letters of either case.
func ParseColor(text string) (Color, error) {
	digits, found := strings.CutPrefix(text, "#")
	raw, err := hex.DecodeString(digits)
	if !found || err != nil || len(raw) != 3 {
		return Color{}, sosyal.FieldError{Field: "color", Rule: "must be like #1a2b3c", Value: text}
	}
	return Color{raw[0], raw[1], raw[2]}, nil
}

// String writes #1a2b3c.
func (c Color) String() string { return "#" + hex.EncodeToString([]byte{c.R, c.G, c.B}) }

// MarshalText writes [Color.String].
func (c Color) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what [ParseColor] reads.
func (c *Color) UnmarshalText(text []byte) error {
	read, err := ParseColor(string(text))
	if err != nil {
		return err
	}
	*c = read
	return nil
}

func (c Color) rgba() color.RGBA { return color.RGBA{c.R, c.G, c.B, 255} }

// luminance is the relative luminance of WCAG 2.2.
func (c Color) luminance() float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// Contrast is the contrast ratio of two colours, 1 to 21 (WCAG 2.2, definition
// of contrast ratio). Text needs 4.5, large text 3 (success criterion 1.4.3).
func Contrast(a, b Color) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// mix goes from c to d: share 0 is c, share 1 is d.
func (c Color) mix(d Color, share float64) Color {
	part := func(a, b uint8) uint8 {
		return uint8(math.Round(float64(a) + (float64(b)-float64(a))*share))
	}
	return Color{part(c.R, d.R), part(c.G, d.G), part(c.B, d.B)}
}
