package brand

import (
	"embed"
	"image"
	"slices"
	"strings"

	"github.com/srwiley/oksvg"
	"github.com/srwiley/rasterx"
	"golang.org/x/image/draw"

	"github.com/yukselenler/sosyal"
)

// parseSVG reads a drawing; currentColor becomes c. The reader gives up on some
// malformed drawings by a panic, which is an error here.
func parseSVG(svg string, c Color) (icon *oksvg.SvgIcon, err error) {
	bad := sosyal.FieldError{Field: "svg", Rule: "must be a drawing with a view box"}
	defer func() {
		if recover() != nil {
			icon, err = nil, bad
		}
	}()
	icon, err = oksvg.ReadReplacingCurrentColor(strings.NewReader(svg), c.String(), oksvg.IgnoreErrorMode)
	if err != nil || icon.ViewBox.W <= 0 || icon.ViewBox.H <= 0 || len(icon.SVGPaths) == 0 {
		return nil, bad
	}
	return icon, nil
}

// drawSVG paints a drawing into a transparent picture of w x h pixels.
func drawSVG(svg string, c Color, w, h int) (out *image.RGBA, err error) {
	defer func() {
		if recover() != nil {
			out, err = nil, sosyal.FieldError{Field: "svg", Rule: "must be a drawing that can be painted"}
		}
	}()
	icon, err := parseSVG(svg, c)
	if err != nil {
		return nil, err
	}
	out = image.NewRGBA(image.Rect(0, 0, w, h))
	icon.SetTarget(0, 0, float64(w), float64(h))
	icon.Draw(rasterx.NewDasher(w, h, rasterx.NewScannerGV(w, h, out, out.Bounds())), 1)
	return out, nil
}

//go:embed illustrations/*.svg
var illustrations embed.FS

// Illustrations returns the names of the drawings that stand in for a picture.
func Illustrations() []string {
	entries, err := illustrations.ReadDir("illustrations")
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".svg"))
	}
	slices.Sort(names)
	return names
}

// illustration returns a drawing in the colours of a kit.
func illustration(name string, p Palette, variant int) (string, error) {
	data, err := illustrations.ReadFile("illustrations/" + name + ".svg")
	if err != nil || strings.ContainsAny(name, "/.") {
		return "", sosyal.FieldError{Field: "illustration", Rule: "must be one of " + strings.Join(Illustrations(), ", "), Value: name}
	}
	white := Color{255, 255, 255}
	colors := []string{
		"$primary_dark", p.Primary.mix(Color{}, 0.35).String(),
		"$primary_light", p.Primary.mix(white, 0.35).String(),
		"$primary", p.Primary.String(),
		"$accent_light", p.Accent.mix(white, 0.45).String(),
		"$accent_dark", p.Accent.mix(Color{}, 0.2).String(),
		"$accent", p.Accent.String(),
		"$deep", p.tint(variant).mix(p.Primary, 0.22).String(),
		"$surface", p.Surface.String(),
	}
	return strings.NewReplacer(colors...).Replace(string(data)), nil
}

// cover scales a picture so that it covers w x h pixels and cuts what stands
// out, evenly on both sides.
func cover(src image.Image, w, h int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	b := src.Bounds()
	if b.Empty() {
		return out
	}
	part := b
	if b.Dx()*h > b.Dy()*w { // too wide
		cut := b.Dx() - b.Dy()*w/h
		part.Min.X += cut / 2
		part.Max.X -= cut - cut/2
	} else {
		cut := b.Dy() - b.Dx()*h/w
		part.Min.Y += cut / 2
		part.Max.Y -= cut - cut/2
	}
	draw.BiLinear.Scale(out, out.Bounds(), src, part, draw.Src, nil)
	return out
}
