package brand

import (
	"fmt"
	"image"
	"strconv"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"

	"github.com/yukselenler/sosyal"
)

// FitError says that a text does not fit into its place even at the smallest
// size.
type FitError struct {
	Template sosyal.TemplateID
	Field    string
}

// Error names the template and the field; what the text says is left out.
func (e FitError) Error() string {
	return fmt.Sprintf("template %s: %s is too long for its place", e.Template, e.Field)
}

// Is reports whether target is [sosyal.ErrInvalid].
func (e FitError) Is(target error) bool { return target == sosyal.ErrInvalid }

// block is an item measured at some size, ready to paint into a column.
type block struct {
	gap, height float64
	paint       func(dst *image.RGBA, column rect, y float64)
}

// shrinkStep is by how much a stack tries to shrink at a time.
const shrinkStep = 0.04

// stack sets the items one below the other. Where they need too much room all
// shrink alike, each down to its smallest size; then texts that may be cut are
// cut; then it is an error.
func (r *rendering) stack(l Layer, box rect) error {
	for scale := max(1, l.Grow); scale > 0.35; scale -= shrinkStep {
		blocks, misfit, err := r.measure(l, box, scale, false)
		if err != nil {
			return err
		}
		if misfit == "" {
			r.paintStack(l, box, blocks)
			return nil
		}
	}
	blocks, misfit, err := r.measure(l, box, 0, true)
	if err != nil {
		return err
	}
	if misfit != "" {
		return FitError{Template: r.template.ID, Field: misfit}
	}
	r.paintStack(l, box, blocks)
	return nil
}

func (r *rendering) paintStack(l Layer, box rect, blocks []block) {
	total := 0.0
	for i, b := range blocks {
		total += b.height
		if i > 0 {
			total += b.gap
		}
	}
	y := box.y
	switch l.VAlign {
	case "center":
		y += (box.h - total) / 2
	case "bottom":
		y += box.h - total
	}
	for i, b := range blocks {
		if i > 0 {
			y += b.gap
		}
		b.paint(r.dst, box, y)
		y += b.height
	}
}

// measure sets every item at a scale. misfit names the first field that does
// not fit.
func (r *rendering) measure(l Layer, box rect, scale float64, last bool) (blocks []block, misfit string, err error) {
	total := 0.0
	for _, item := range l.Items {
		if item.Kind != "rule" && !r.content.has(item.field()) {
			continue
		}
		least := item.Min
		if least == 0 {
			least = 0.6 * item.Size
		}
		size := max(item.Size*scale, least) * r.short
		b, fits, err := r.item(l, item, size, box.w, last)
		if err != nil {
			return nil, "", err
		}
		if !fits {
			return nil, item.field(), nil
		}
		if b.gap = item.Gap * r.short; b.gap == 0 {
			b.gap = l.Gap * r.short
		}
		b.gap *= max(scale, 0.6)
		if total > 0 {
			total += b.gap
		}
		total += b.height
		blocks = append(blocks, b)
		if total > box.h {
			misfit = item.field()
		}
	}
	// A rule alone divides nothing.
	if len(blocks) == 1 && l.Items[0].Kind == "rule" {
		return nil, "", nil
	}
	return blocks, misfit, nil
}

func (r *rendering) item(l Layer, item Item, size, width float64, last bool) (block, bool, error) {
	switch item.Kind {
	case "pill":
		return r.pill(l, item, size, width)
	case "price":
		return r.price(l, item, size, width)
	case "steps":
		return r.steps(item, size, width, last)
	case "rule":
		c, err := r.color(item.Color)
		return block{height: size, paint: func(dst *image.RGBA, column rect, y float64) {
			w := 0.11 * r.short
			rounded(dst, rect{aligned(l.Align, column, w), y, w, size}, size/2, c, 1)
		}}, true, err
	}
	return r.text(l, item, size, width, last)
}

// aligned is where something of a width begins in a column.
func aligned(align string, column rect, w float64) float64 {
	switch align {
	case "center":
		return column.x + (column.w-w)/2
	case "right":
		return column.x + column.w - w
	}
	return column.x
}

func (r *rendering) textOf(item Item) string {
	t := cleaned(r.content.field(item.Field))
	if item.Upper {
		return cases.Upper(language.Make(string(r.content.language()))).String(t)
	}
	return t
}

func (i Item) leading() float64 {
	if i.Leading == 0 {
		return 1.25
	}
	return i.Leading
}

func (r *rendering) text(l Layer, item Item, size, width float64, last bool) (block, bool, error) {
	c, err := r.color(item.Color)
	if err != nil {
		return block{}, false, err
	}
	s := style{bold: item.Bold, size: size, tracking: item.Tracking}
	content := r.textOf(item)
	word, err := r.set.longestWord(item.Field, content, s)
	if err != nil {
		return block{}, false, err
	}
	if word > width && !last {
		return block{}, false, nil // rather smaller than with a broken word
	}
	long, err := r.set.tooLong(item.Field, content, s, width, item.Lines)
	if err != nil {
		return block{}, false, err
	}
	var lines []line
	if !long {
		if lines, err = r.set.balance(item.Field, content, s, width); err != nil {
			return block{}, false, err
		}
	}
	if long || (item.Lines > 0 && len(lines) > item.Lines) {
		if !last || !item.Ellipsis {
			return block{}, false, nil
		}
		if lines, err = r.set.ellipsised(item.Field, content, s, width, item.Lines); err != nil || len(lines) == 0 {
			return block{}, false, err
		}
	}
	pitch := item.leading() * size
	return block{height: pitch * float64(len(lines)), paint: func(dst *image.RGBA, column rect, y float64) {
		for i, set := range lines {
			base := y + pitch*float64(i) + pitch/2 + r.set.capHeight(s)/2
			text(dst, set, aligned(l.Align, column, set.width), base, c.rgba())
		}
	}}, true, nil
}

// pill is a text on a rounded ground.
func (r *rendering) pill(l Layer, item Item, size, width float64) (block, bool, error) {
	ink, err := r.color(item.Color)
	if err != nil {
		return block{}, false, err
	}
	ground, err := r.color(item.Fill)
	if err != nil {
		return block{}, false, err
	}
	s := style{bold: item.Bold, size: size, tracking: item.Tracking}
	set, err := r.set.shape(item.Field, r.textOf(item), s)
	if err != nil {
		return block{}, false, err
	}
	w, h := set.width+1.7*size, 2.05*size
	return block{height: h, paint: func(dst *image.RGBA, column rect, y float64) {
		x := aligned(l.Align, column, w)
		rounded(dst, rect{x, y, w, h}, h/2, ground, 1)
		text(dst, set, x+0.85*size, y+h/2+r.set.capHeight(s)/2, ink.rgba())
	}}, w <= width, nil
}

// price is the price in full and the old one, smaller and struck through,
// beside it or, where there is no room, above.
func (r *rendering) price(l Layer, item Item, size, width float64) (block, bool, error) {
	c, err := r.color(item.Color)
	if err != nil {
		return block{}, false, err
	}
	muted, err := r.color(item.Fill)
	if err != nil {
		return block{}, false, err
	}
	big, small := style{bold: true, size: size}, style{size: 0.52 * size}
	now, err := r.set.shape("price", r.content.Price.Format(r.content.language()), big)
	if err != nil {
		return block{}, false, err
	}
	var old line
	if r.content.has("old_price") {
		if old, err = r.set.shape("old_price", r.content.OldPrice.Format(r.content.language()), small); err != nil {
			return block{}, false, err
		}
	}
	pitch, gap := 1.15*size, 0.3*size
	strike := func(dst *image.RGBA, x, base float64) {
		text(dst, old, x, base, muted.rgba())
		y := base - 0.36*small.size
		rounded(dst, rect{x - 0.1*small.size, y, old.width + 0.2*small.size, 0.075 * small.size}, 1, muted, 1)
	}
	if old.glyphs == nil || now.width+gap+old.width <= width {
		total := now.width
		if old.glyphs != nil {
			total += gap + old.width
		}
		return block{height: pitch, paint: func(dst *image.RGBA, column rect, y float64) {
			x := aligned(l.Align, column, total)
			base := y + pitch/2 + r.set.capHeight(big)/2
			text(dst, now, x, base, c.rgba())
			if old.glyphs != nil {
				strike(dst, x+now.width+gap, base)
			}
		}}, now.width <= width, nil
	}
	upper := 1.3 * small.size
	return block{height: pitch + upper, paint: func(dst *image.RGBA, column rect, y float64) {
		strike(dst, aligned(l.Align, column, old.width), y+upper/2+r.set.capHeight(small)/2)
		text(dst, now, aligned(l.Align, column, now.width), y+upper+pitch/2+r.set.capHeight(big)/2, c.rgba())
	}}, max(now.width, old.width) <= width, nil
}

// steps are numbered circles with a text beside each.
func (r *rendering) steps(item Item, size, width float64, last bool) (block, bool, error) {
	ink, err := r.color(item.Color)
	if err != nil {
		return block{}, false, err
	}
	ground, err := r.color(item.Fill)
	if err != nil {
		return block{}, false, err
	}
	number, err := r.color(item.On)
	if err != nil {
		return block{}, false, err
	}
	s, n := style{size: size}, style{bold: true, size: size}
	d, gap, between, pitch := 1.9*size, 0.75*size, 0.85*size, item.leading()*size
	type row struct {
		number line
		lines  []line
		height float64
	}
	rows := make([]row, len(r.content.Steps))
	total := 0.0
	for i, step := range r.content.Steps {
		lines, err := r.set.balance("steps", cleaned(step), s, width-d-gap)
		if err != nil {
			return block{}, false, err
		}
		if item.Lines > 0 && len(lines) > item.Lines && !last {
			return block{}, false, nil
		}
		sign, err := r.set.shape("steps", strconv.Itoa(i+1), n)
		if err != nil {
			return block{}, false, err
		}
		rows[i] = row{sign, lines, max(d, pitch*float64(len(lines)))}
		if i > 0 {
			total += between
		}
		total += rows[i].height
	}
	return block{height: total, paint: func(dst *image.RGBA, column rect, y float64) {
		for _, w := range rows {
			middle := y + w.height/2
			circle := rect{column.x, middle - d/2, d, d}
			rounded(dst, circle, d/2, ground, 1)
			text(dst, w.number, column.x+(d-w.number.width)/2, middle+r.set.capHeight(n)/2, number.rgba())
			top := middle - pitch*float64(len(w.lines))/2
			for i, set := range w.lines {
				text(dst, set, column.x+d+gap, top+pitch*(float64(i)+0.5)+r.set.capHeight(s)/2, ink.rgba())
			}
			y += w.height + between
		}
	}}, true, nil
}
