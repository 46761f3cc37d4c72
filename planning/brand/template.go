package brand

import (
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/yukselenler/sosyal"
)

// Template lays a kind of post out in the shapes that networks show.
type Template struct {
	ID sosyal.TemplateID `json:"id"`
	// Names are what people call it, by language.
	Names map[sosyal.Language]string `json:"names"`
	// Needs are the fields that a content must have.
	Needs   []string          `json:"needs"`
	Layouts map[Shape][]Layer `json:"layouts"`
}

// Layer is one thing that is painted, from the back to the front.
type Layer struct {
	// Kind is fill, ramp, rect, circle, ring, burst, image, mark, stack or logo.
	Kind string `json:"kind"`
	// Box is left, top, width and height in shares of the picture. Of circles,
	// rings and bursts it is the centre and the diameter, the latter as a share
	// of the shorter side.
	Box []float64 `json:"box,omitempty"`
	// When names a field without which the layer is left out, Unless one with
	// which it is.
	When   string `json:"when,omitzero"`
	Unless string `json:"unless,omitzero"`

	// Color and To are roles of the palette; To and Angle are for ramps.
	Color   string  `json:"color,omitzero"`
	To      string  `json:"to,omitzero"`
	Angle   float64 `json:"angle,omitzero"`
	Opacity float64 `json:"opacity,omitzero"` // 0: opaque
	Radius  float64 `json:"radius,omitzero"`
	Width   float64 `json:"width,omitzero"` // of a ring's line
	Shadow  bool    `json:"shadow,omitzero"`

	// Text and Size are for marks: a sign as decoration.
	Text string  `json:"text,omitzero"`
	Size float64 `json:"size,omitzero"`

	// Align is left, center or right, VAlign top, center or bottom.
	Align  string  `json:"align,omitzero"`
	VAlign string  `json:"valign,omitzero"`
	Gap    float64 `json:"gap,omitzero"`
	// Grow is how much larger than their sizes the items may be set where there
	// is room; 0: 1.
	Grow float64 `json:"grow,omitzero"`
	// Items are the texts of a stack, one below the other. They share its box:
	// where they need more room, all shrink alike.
	Items []Item `json:"items,omitempty"`
}

// Item is a text within a stack.
type Item struct {
	// Kind is text, pill, price, steps or rule.
	Kind  string `json:"kind"`
	Field string `json:"field,omitzero"`
	// Size is that of the letters, Min the smallest they may shrink to (0: 60 %).
	Size float64 `json:"size,omitzero"`
	Min  float64 `json:"min,omitzero"`
	Bold bool    `json:"bold,omitzero"`
	// Color is the text's role; On is the role it is written on, for the check of
	// contrast. Fill is that of a pill or of the circles of steps.
	Color string `json:"color,omitzero"`
	On    string `json:"on,omitzero"`
	Fill  string `json:"fill,omitzero"`
	// Lines bounds how many lines a text may take; 0: as many as fit. Steps take
	// more where they would not fit otherwise.
	Lines    int     `json:"lines,omitzero"`
	Leading  float64 `json:"leading,omitzero"` // line height in sizes; 0: 1.25
	Tracking float64 `json:"tracking,omitzero"`
	Upper    bool    `json:"upper,omitzero"`
	// Ellipsis lets the text be cut after a word where it does not fit. Without
	// it that is an error.
	Ellipsis bool `json:"ellipsis,omitzero"`
	// Gap before the item; 0: the stack's.
	Gap float64 `json:"gap,omitzero"`
}

//go:embed templates/*.json
var templates embed.FS

// Templates returns the templates that the module carries, by id.
func Templates() ([]Template, error) {
	entries, err := templates.ReadDir("templates")
	if err != nil {
		return nil, fmt.Errorf("read templates: %w", err)
	}
	var out []Template
	for _, e := range entries {
		f, err := templates.Open("templates/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("read templates: %w", err)
		}
		t, err := ReadTemplate(f)
		if err != nil {
			return nil, fmt.Errorf("template %s: %w", e.Name(), err)
		}
		out = append(out, t)
	}
	return out, nil
}

// TemplateByID returns one of the templates that the module carries;
// [sosyal.ErrNotFound] where there is none of that id.
func TemplateByID(id sosyal.TemplateID) (Template, error) {
	all, err := Templates()
	if err != nil {
		return Template{}, err
	}
	i := slices.IndexFunc(all, func(t Template) bool { return t.ID == id })
	if i < 0 {
		return Template{}, fmt.Errorf("template %s: %w", id, sosyal.ErrNotFound)
	}
	return all[i], nil
}

// ReadTemplate reads a template in JSON. Fields it does not know are an error.
func ReadTemplate(r io.Reader) (Template, error) {
	var t Template
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&t); err != nil {
		return Template{}, fmt.Errorf("read template: %w", err)
	}
	if err := t.Validate(); err != nil {
		return Template{}, fmt.Errorf("read template: %w", err)
	}
	return t, nil
}

// Validate reports missing parts, unknown kinds, fields, roles and alignments,
// and boxes that leave the picture.
func (t Template) Validate() error {
	var p sosyal.Problems
	p.Require(t.ID != "", "id", "must not be empty", "")
	p.Require(len(t.Layouts) > 0, "layouts", "must hold at least one", "")
	for i, f := range t.Needs {
		p.Require(slices.Contains(fields(), f), fmt.Sprintf("needs[%d]", i), "must be a field of content", f)
	}
	for shape := range t.Layouts {
		p.Require(slices.Contains(Shapes(), shape), "layouts", "must be named by shapes", string(shape))
	}
	for _, shape := range Shapes() {
		for i, l := range t.Layouts[shape] {
			p.Nest(fmt.Sprintf("layouts.%s[%d]", shape, i), l.validate())
		}
	}
	return p.Err()
}

func layerKinds() []string {
	return []string{"fill", "ramp", "rect", "circle", "ring", "burst", "image", "mark", "stack", "logo"}
}

func (l Layer) validate() error {
	var p sosyal.Problems
	p.Require(slices.Contains(layerKinds(), l.Kind), "kind", "must be a kind of layer", l.Kind)
	size := 4
	switch l.Kind {
	case "fill", "ramp":
		size = 0
	case "circle", "ring", "burst":
		size = 3
	}
	p.Require(len(l.Box) == size, "box", fmt.Sprintf("must be %d numbers", size), fmt.Sprint(l.Box))
	if l.Kind == "stack" || l.Kind == "logo" || l.Kind == "image" {
		inside := len(l.Box) == 4 && l.Box[0] >= 0 && l.Box[1] >= 0 && l.Box[2] > 0 && l.Box[3] > 0 &&
			l.Box[0]+l.Box[2] <= 1.0001 && l.Box[1]+l.Box[3] <= 1.0001
		p.Require(inside, "box", "must lie within the picture", fmt.Sprint(l.Box))
	}
	p.Require(l.Align == "" || slices.Contains([]string{"left", "center", "right"}, l.Align), "align", "must be left, center or right", l.Align)
	p.Require(l.VAlign == "" || slices.Contains([]string{"top", "center", "bottom"}, l.VAlign), "valign", "must be top, center or bottom", l.VAlign)
	for _, v := range l.Box {
		p.Require(v >= -2 && v <= 3, "box", "must lie around the picture", fmt.Sprint(l.Box))
	}
	p.Require(l.Kind != "mark" || (l.Size > 0 && l.Size <= 2 && l.Text != ""), "size", "must lie between 0 and 2, and text be set, for a mark", fmt.Sprint(l.Size))
	p.Require(l.Radius >= 0 && l.Radius <= 1, "radius", "must lie between 0 and 1", fmt.Sprint(l.Radius))
	p.Require(l.Width >= 0 && l.Width <= 1, "width", "must lie between 0 and 1", fmt.Sprint(l.Width))
	p.Require(l.Gap >= 0 && l.Gap <= 1, "gap", "must lie between 0 and 1", fmt.Sprint(l.Gap))
	p.Require(l.Grow == 0 || (l.Grow >= 1 && l.Grow <= 3), "grow", "must lie between 1 and 3", fmt.Sprint(l.Grow))
	p.Require(l.Opacity >= 0 && l.Opacity <= 1, "opacity", "must lie between 0 and 1", fmt.Sprint(l.Opacity))
	for _, f := range []string{l.When, l.Unless} {
		p.Require(f == "" || slices.Contains(fields(), f), "when", "must be a field of content", f)
	}
	checkRoles(&p, l.Color, l.To)
	for i, item := range l.Items {
		p.Nest(fmt.Sprintf("items[%d]", i), item.validate())
	}
	return p.Err()
}

// checkRoles reports names that are no roles; empty ones are left to defaults.
func checkRoles(p *sosyal.Problems, names ...string) {
	for _, name := range names {
		if name == "" {
			continue
		}
		if _, err := (Palette{}).role(name, 0); err != nil {
			p.Add("color", "must be a role of the palette", name)
		}
	}
}

func (i Item) validate() error {
	var p sosyal.Problems
	kinds := []string{"text", "pill", "price", "steps", "rule"}
	p.Require(slices.Contains(kinds, i.Kind), "kind", "must be a kind of item", i.Kind)
	if i.Kind == "text" || i.Kind == "pill" {
		p.Require(slices.Contains(fields()[:6], i.Field), "field", "must be a text of content", i.Field)
	}
	p.Require(i.Size > 0 && i.Size < 1, "size", "must lie between 0 and 1", fmt.Sprint(i.Size))
	p.Require(i.Min >= 0 && i.Min <= i.Size, "min", "must not be above the size", fmt.Sprint(i.Min))
	p.Require(i.Leading >= 0 && i.Leading <= 4, "leading", "must lie between 0 and 4", fmt.Sprint(i.Leading))
	p.Require(i.Tracking >= -0.2 && i.Tracking <= 1, "tracking", "must lie between -0.2 and 1", fmt.Sprint(i.Tracking))
	p.Require(i.Gap >= 0 && i.Gap <= 1, "gap", "must lie between 0 and 1", fmt.Sprint(i.Gap))
	p.Require(i.Lines >= 0, "lines", "must not be negative", fmt.Sprint(i.Lines))
	checkRoles(&p, i.Color, i.On, i.Fill)
	return p.Err()
}

// field is the field of content that an item shows.
func (i Item) field() string {
	switch i.Kind {
	case "price", "steps":
		return i.Kind
	}
	return i.Field
}
