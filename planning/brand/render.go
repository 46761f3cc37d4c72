package brand

import (
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"

	"github.com/yukselenler/sosyal"
)

// Renderer draws pictures of a kit. It keeps the kit's fonts read, so make one
// for many pictures. It is safe for concurrent use.
type Renderer struct {
	kit           Kit
	regular, bold *font.Font
}

// NewRenderer reads the kit's fonts.
func NewRenderer(k Kit) (*Renderer, error) {
	if err := k.Validate(); err != nil {
		return nil, fmt.Errorf("brand kit: %w", err)
	}
	r := &Renderer{kit: k}
	for _, f := range []struct {
		own, embedded []byte
		to            **font.Font
	}{{k.Fonts.Regular, interRegular, &r.regular}, {k.Fonts.Bold, interBold, &r.bold}} {
		data := f.own
		if len(data) == 0 {
			data = f.embedded
		}
		read, err := parseFont(data)
		if err != nil {
			return nil, fmt.Errorf("brand kit: %w", err)
		}
		*f.to = read
	}
	return r, nil
}

// Render draws a content by a template. It is [Renderer.Render] for a single
// picture.
func Render(k Kit, t Template, c Content, s Size) (*image.RGBA, error) {
	r, err := NewRenderer(k)
	if err != nil {
		return nil, err
	}
	return r.Render(t, c, s)
}

// rendering is the state of one picture.
type rendering struct {
	dst      *image.RGBA
	kit      Kit
	template Template
	content  Content
	set      *typesetter
	w, h     float64
	short    float64 // the shorter side
}

// Render draws a content by a template in a size. A field that the template
// needs and the content lacks is an error, as are text that does not fit
// ([FitError]) and characters that the font lacks ([MissingGlyphError]).
func (r *Renderer) Render(t Template, c Content, s Size) (*image.RGBA, error) {
	if err := checkRender(t, c, s); err != nil {
		return nil, fmt.Errorf("render template %s: %w", t.ID, err)
	}
	out := &rendering{
		dst: image.NewRGBA(image.Rect(0, 0, s.Width, s.Height)), kit: r.kit, template: t, content: c,
		set: &typesetter{
			regular: font.NewFace(r.regular), bold: font.NewFace(r.bold), language: language.NewLanguage(string(c.language())),
		},
		w: float64(s.Width), h: float64(s.Height), short: float64(min(s.Width, s.Height)),
	}
	fill(out.dst, r.kit.Colors.Background)
	for i, l := range t.Layouts[s.Shape()] {
		if (l.When != "" && !c.has(l.When)) || (l.Unless != "" && c.has(l.Unless)) {
			continue
		}
		if err := out.layer(l); err != nil {
			return nil, fmt.Errorf("render template %s, layer %d: %w", t.ID, i, err)
		}
	}
	return out.dst, nil
}

func checkRender(t Template, c Content, s Size) error {
	var p sosyal.Problems
	p.Nest("size", s.Validate())
	p.Nest("content", c.Validate())
	p.Nest("template", t.Validate())
	for _, f := range t.Needs {
		p.Require(c.has(f), "content."+f, "is needed by the template", "")
	}
	if s.Validate() == nil {
		_, ok := t.Layouts[s.Shape()]
		p.Require(ok, "template.layouts", "must have the shape of the size", string(s.Shape()))
	}
	return p.Err()
}

func (r *rendering) color(role string) (Color, error) {
	if role == "" {
		return r.kit.Colors.Text, nil
	}
	return r.kit.Colors.role(role, r.content.Variant)
}

// box turns shares into pixels.
func (r *rendering) box(b []float64) rect {
	return rect{b[0] * r.w, b[1] * r.h, b[2] * r.w, b[3] * r.h}
}

// round turns a centre and a diameter into pixels.
func (r *rendering) round(b []float64) rect {
	d := b[2] * r.short
	return rect{b[0]*r.w - d/2, b[1]*r.h - d/2, d, d}
}

func (r *rendering) layer(l Layer) error {
	c, err := r.color(l.Color)
	if err != nil {
		return err
	}
	opacity := l.Opacity
	if opacity == 0 {
		opacity = 1
	}
	switch l.Kind {
	case "fill":
		fill(r.dst, c)
	case "ramp":
		to, err := r.color(l.To)
		if err != nil {
			return err
		}
		ramp{from: c, to: to, angle: l.Angle}.paint(r.dst)
	case "rect":
		box := r.box(l.Box)
		if l.Shadow {
			r.shadow(box, l.Radius*r.short)
		}
		rounded(r.dst, box, l.Radius*r.short, c, opacity)
	case "circle":
		box := r.round(l.Box)
		rounded(r.dst, box, box.w/2, c, opacity)
	case "ring":
		ring(r.dst, r.round(l.Box), l.Width*r.short, c, opacity)
	case "burst":
		burst(r.dst, r.round(l.Box), 18, c, opacity)
	case "image":
		return r.image(l)
	case "mark":
		return r.mark(l, c, opacity)
	case "stack":
		return r.stack(l, r.box(l.Box))
	case "logo":
		return r.logo(l, r.box(l.Box), c)
	}
	return nil
}

func (r *rendering) shadow(box rect, radius float64) {
	down := rect{box.x, box.y + 0.012*r.short, box.w, box.h}
	shadow(r.dst, down, radius, 0.03*r.short, r.kit.Colors.Primary.mix(Color{}, 0.6), 0.16)
}

// image paints the photograph over the box, or the drawing within it.
func (r *rendering) image(l Layer) error {
	box := r.box(l.Box)
	if r.content.Image != nil {
		b := box.bounds()
		picture(r.dst, box, l.Radius*r.short, cover(r.content.Image, b.Dx(), b.Dy()))
		return nil
	}
	name := r.content.Illustration
	if name == "" {
		name = "leaves"
	}
	svg, err := illustration(name, r.kit.Colors, r.content.Variant)
	if err != nil {
		return err
	}
	side := min(box.w, box.h) * 0.86
	drawn, err := drawSVG(svg, r.kit.Colors.Text, int(side), int(side))
	if err != nil {
		return err
	}
	picture(r.dst, rect{box.x + (box.w-side)/2, box.y + (box.h-side)/2, side, side}, 0, drawn)
	return nil
}

// mark paints a sign as decoration.
func (r *rendering) mark(l Layer, c Color, opacity float64) error {
	set, err := r.set.shape("mark", l.Text, style{bold: true, size: l.Size * r.short})
	if err != nil {
		return err
	}
	box := r.box(l.Box)
	ink := color.NRGBA{c.R, c.G, c.B, uint8(opacity*255 + 0.5)}
	text(r.dst, set, aligned(l.Align, box, set.width), box.y+r.set.capHeight(set.style), ink)
	return nil
}

// logo paints the mark and the name beside it, within the box.
func (r *rendering) logo(l Layer, box rect, c Color) error {
	name := r.kit.Logo.Text
	if name == "" && r.kit.Logo.SVG == "" {
		name = r.kit.Name
	}
	height, ratio := box.h, 0.0
	if r.kit.Logo.SVG != "" {
		icon, err := parseSVG(r.kit.Logo.SVG, c)
		if err != nil {
			return err
		}
		ratio = icon.ViewBox.W / icon.ViewBox.H
	}
	var set line
	total := 0.0
	for range 2 { // the second time at the height at which both fit
		s := style{bold: true, size: 0.78 * height, tracking: 0.01}
		var err error
		if set, err = r.set.shape("logo", name, s); err != nil {
			return err
		}
		total = ratio*height + set.width
		if ratio > 0 && name != "" {
			total += 0.35 * height
		}
		if total <= box.w {
			break
		}
		height *= box.w / total
	}
	x, y := aligned(l.Align, box, total), box.y+(box.h-height)/2
	if ratio > 0 {
		drawn, err := drawSVG(r.kit.Logo.SVG, c, max(1, int(ratio*height)), max(1, int(height)))
		if err != nil {
			return err
		}
		picture(r.dst, rect{x, y, ratio * height, height}, 0, drawn)
		x += ratio*height + 0.35*height
	}
	text(r.dst, set, x, y+height/2+r.set.capHeight(set.style)/2, c.rgba())
	return nil
}

// jpegQuality keeps text crisp; networks compress once more.
const jpegQuality = 90

// EncodeJPEG writes a picture as networks take it.
func EncodeJPEG(w io.Writer, img image.Image) error {
	if err := jpeg.Encode(w, img, &jpeg.Options{Quality: jpegQuality}); err != nil {
		return fmt.Errorf("encode jpeg: %w", err)
	}
	return nil
}
