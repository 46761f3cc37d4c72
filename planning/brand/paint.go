package brand

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	ot "github.com/go-text/typesetting/font/opentype"
	"golang.org/x/image/vector"
)

// rect is a box in pixels.
type rect struct{ x, y, w, h float64 }

func (r rect) inset(d float64) rect { return rect{r.x + d, r.y + d, r.w - 2*d, r.h - 2*d} }

func (r rect) bounds() image.Rectangle {
	return image.Rect(int(math.Floor(r.x)), int(math.Floor(r.y)), int(math.Ceil(r.x+r.w)), int(math.Ceil(r.y+r.h)))
}

// over blends an opaque colour with coverage a (0 to 1) over a pixel of an
// opaque picture.
func over(pix []uint8, c Color, a float64) {
	switch {
	case a <= 0:
		return
	case a >= 1:
		pix[0], pix[1], pix[2], pix[3] = c.R, c.G, c.B, 255
		return
	}
	k := uint32(a*256 + 0.5)
	pix[0] = uint8((uint32(pix[0])*(256-k) + uint32(c.R)*k + 128) >> 8)
	pix[1] = uint8((uint32(pix[1])*(256-k) + uint32(c.G)*k + 128) >> 8)
	pix[2] = uint8((uint32(pix[2])*(256-k) + uint32(c.B)*k + 128) >> 8)
	pix[3] = 255
}

// fill paints the whole picture with one colour.
func fill(dst *image.RGBA, c Color) {
	draw.Draw(dst, dst.Bounds(), image.NewUniform(c.rgba()), image.Point{}, draw.Src)
}

// ramp is a gradient over a picture: from one colour to another in a direction
// given in degrees, 0 to the right, 90 downwards.
type ramp struct {
	from, to Color
	angle    float64
}

const rampSteps = 512

// paint fills the picture with the gradient.
func (g ramp) paint(dst *image.RGBA) {
	var steps [rampSteps + 1]Color
	for i := range steps {
		steps[i] = g.from.mix(g.to, float64(i)/rampSteps)
	}
	b := dst.Bounds()
	sin, cos := math.Sincos(g.angle * math.Pi / 180)
	w, h := float64(b.Dx()), float64(b.Dy())
	length := math.Abs(w*cos) + math.Abs(h*sin)
	for y := range b.Dy() {
		row := dst.Pix[y*dst.Stride:]
		for x := range b.Dx() {
			at := ((float64(x)-w/2)*cos+(float64(y)-h/2)*sin)/length + 0.5
			c := steps[int(min(max(at, 0), 1)*rampSteps)]
			row[4*x], row[4*x+1], row[4*x+2], row[4*x+3] = c.R, c.G, c.B, 255
		}
	}
}

// roundedDistance is how far a point lies outside a rounded box, negative
// inside.
func roundedDistance(r rect, radius, x, y float64) float64 {
	radius = min(radius, r.w/2, r.h/2)
	dx := math.Abs(x-r.x-r.w/2) - (r.w/2 - radius)
	dy := math.Abs(y-r.y-r.h/2) - (r.h/2 - radius)
	if dx <= 0 || dy <= 0 { // nearest to a side: no root needed
		return max(dx, dy) - radius
	}
	return math.Sqrt(dx*dx+dy*dy) - radius
}

// rounded paints a rounded box.
func rounded(dst *image.RGBA, r rect, radius float64, c Color, opacity float64) {
	b := r.bounds().Intersect(dst.Bounds())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		row := dst.Pix[dst.PixOffset(b.Min.X, y):]
		for x := b.Min.X; x < b.Max.X; x++ {
			d := roundedDistance(r, radius, float64(x)+0.5, float64(y)+0.5)
			if d < 0.5 {
				over(row[4*(x-b.Min.X):], c, min(1, 0.5-d)*opacity)
			}
		}
	}
}

// shadow paints a soft shadow of a rounded box.
func shadow(dst *image.RGBA, r rect, radius, blur float64, c Color, opacity float64) {
	b := r.inset(-blur).bounds().Intersect(dst.Bounds())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		row := dst.Pix[dst.PixOffset(b.Min.X, y):]
		for x := b.Min.X; x < b.Max.X; x++ {
			d := roundedDistance(r, radius, float64(x)+0.5, float64(y)+0.5)
			if d >= blur {
				continue
			}
			t := min(1, (blur-d)/(2*blur))
			over(row[4*(x-b.Min.X):], c, t*t*(3-2*t)*opacity)
		}
	}
}

// ring paints a circle line.
func ring(dst *image.RGBA, r rect, width float64, c Color, opacity float64) {
	b := r.inset(-width).bounds().Intersect(dst.Bounds())
	cx, cy, radius := r.x+r.w/2, r.y+r.h/2, r.w/2
	for y := b.Min.Y; y < b.Max.Y; y++ {
		row := dst.Pix[dst.PixOffset(b.Min.X, y):]
		for x := b.Min.X; x < b.Max.X; x++ {
			d := math.Abs(math.Hypot(float64(x)+0.5-cx, float64(y)+0.5-cy)-radius) - width/2
			if d < 0.5 {
				over(row[4*(x-b.Min.X):], c, min(1, 0.5-d)*opacity)
			}
		}
	}
}

// burst paints a star with many soft points, as on price labels.
func burst(dst *image.RGBA, r rect, points int, c Color, opacity float64) {
	b := r.bounds().Intersect(dst.Bounds())
	cx, cy, radius := r.x+r.w/2, r.y+r.h/2, min(r.w, r.h)/2
	for y := b.Min.Y; y < b.Max.Y; y++ {
		row := dst.Pix[dst.PixOffset(b.Min.X, y):]
		for x := b.Min.X; x < b.Max.X; x++ {
			dx, dy := float64(x)+0.5-cx, float64(y)+0.5-cy
			edge := radius * (0.95 + 0.05*math.Cos(float64(points)*math.Atan2(dy, dx)))
			if d := math.Hypot(dx, dy) - edge; d < 0.5 {
				over(row[4*(x-b.Min.X):], c, min(1, 0.5-d)*opacity)
			}
		}
	}
}

// picture paints src, which covers the box, with rounded corners.
func picture(dst *image.RGBA, r rect, radius float64, src *image.RGBA) {
	b := r.bounds().Intersect(dst.Bounds())
	origin := r.bounds().Min
	for y := b.Min.Y; y < b.Max.Y; y++ {
		row := dst.Pix[dst.PixOffset(b.Min.X, y):]
		for x := b.Min.X; x < b.Max.X; x++ {
			p := image.Pt(x-origin.X, y-origin.Y)
			if !p.In(src.Bounds()) {
				continue
			}
			s := src.Pix[src.PixOffset(p.X, p.Y):]
			alpha := float64(s[3]) / 255
			if alpha == 0 {
				continue
			}
			d := roundedDistance(r, radius, float64(x)+0.5, float64(y)+0.5)
			// The source is premultiplied.
			un := func(v uint8) uint8 { return uint8(min(255, float64(v)/alpha+0.5)) }
			over(row[4*(x-b.Min.X):], Color{un(s[0]), un(s[1]), un(s[2])}, min(1, max(0, 0.5-d))*alpha)
		}
	}
}

// text paints a line with its left end and baseline at x, y. The rasteriser
// covers the line alone: one of the whole picture would cost many times more.
func text(dst *image.RGBA, l line, x, y float64, c color.Color) {
	if len(l.glyphs) == 0 {
		return
	}
	scale := l.style.size / float64(l.face.Upem())
	pad := l.style.size
	left, top := math.Floor(x-pad/2), math.Floor(y-1.2*pad)
	w, h := int(math.Ceil(l.width+pad))+1, int(math.Ceil(1.8*pad))+1
	r := vector.NewRasterizer(w, h)
	pen := x - left
	base := y - top
	for _, g := range l.glyphs {
		gx := pen + float64(g.XOffset)/64
		gy := base - float64(g.YOffset)/64
		at := func(p ot.SegmentPoint) (float32, float32) {
			return float32(gx + float64(p.X)*scale), float32(gy - float64(p.Y)*scale)
		}
		trace(r, outline(l.face, g.GlyphID), at)
		pen += float64(g.Advance)/64 + l.style.tracking*l.style.size
	}
	box := image.Rect(0, 0, w, h).Add(image.Pt(int(left), int(top)))
	if box.In(dst.Bounds()) {
		r.Draw(dst, box, image.NewUniform(c), image.Point{})
		return
	}
	// The rasteriser does not clip.
	mask := image.NewAlpha(image.Rect(0, 0, w, h))
	r.Draw(mask, mask.Bounds(), image.Opaque, image.Point{})
	draw.DrawMask(dst, box, image.NewUniform(c), image.Point{}, mask, image.Point{}, draw.Over)
}

// trace draws an outline into the rasteriser.
func trace(r *vector.Rasterizer, segments []ot.Segment, at func(ot.SegmentPoint) (float32, float32)) {
	open := false
	for _, s := range segments {
		ax, ay := at(s.Args[0])
		switch s.Op {
		case ot.SegmentOpMoveTo:
			if open {
				r.ClosePath()
			}
			r.MoveTo(ax, ay)
			open = true
		case ot.SegmentOpLineTo:
			r.LineTo(ax, ay)
		case ot.SegmentOpQuadTo:
			bx, by := at(s.Args[1])
			r.QuadTo(ax, ay, bx, by)
		case ot.SegmentOpCubeTo:
			bx, by := at(s.Args[1])
			cx, cy := at(s.Args[2])
			r.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	if open {
		r.ClosePath()
	}
}
