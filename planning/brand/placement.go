package brand

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
)

// Size is a picture's size in pixels.
type Size struct {
	Width  int `json:"width"`
	Height int `json:"height"`
}

// Shape names the layout of a template.
type Shape string

// Shapes by width over height: tall below 0.65, portrait below 0.9, square up to
// 1.15, wide above.
const (
	Tall     Shape = "tall"
	Portrait Shape = "portrait"
	Square   Shape = "square"
	Wide     Shape = "wide"
)

// Shapes returns the shapes above in a fixed order.
func Shapes() []Shape { return []Shape{Tall, Portrait, Square, Wide} }

// Shape returns the layout that fits the size.
func (s Size) Shape() Shape {
	switch r := float64(s.Width) / float64(max(1, s.Height)); {
	case r < 0.65:
		return Tall
	case r < 0.9:
		return Portrait
	case r <= 1.15:
		return Square
	}
	return Wide
}

// maxSide bounds pictures to what networks show, and memory with it.
const maxSide = 4096

// Validate reports sides that are too small to write on or too large to show.
func (s Size) Validate() error {
	var p sosyal.Problems
	p.Require(s.Width >= 200 && s.Width <= maxSide, "width", "must be 200 to 4096 pixels", fmt.Sprint(s.Width))
	p.Require(s.Height >= 200 && s.Height <= maxSide, "height", "must be 200 to 4096 pixels", fmt.Sprint(s.Height))
	return p.Err()
}

// Margins are shares of the width (left, right) and height (top, bottom).
type Margins struct {
	Top    float64 `json:"top"`
	Right  float64 `json:"right"`
	Bottom float64 `json:"bottom"`
	Left   float64 `json:"left"`
}

// Placement is where a network shows a picture: its size, and the margins that
// the network's own buttons and texts cover.
type Placement struct {
	Network sosyal.Network `json:"network"`
	Format  sosyal.Format  `json:"format"`
	Size    Size           `json:"size"`
	Covered Margins        `json:"covered"`
	// Source, AsOf and Confidence say where the fact is from, when it was looked
	// up, and whether the network publishes it (P), others report it (S) or it is
	// general knowledge (G).
	Source     string    `json:"source"`
	AsOf       date.Date `json:"-"`
	Confidence string    `json:"confidence"`
}

//go:embed facts/placements.json
var placements string

// Placements returns the placements that the module carries.
func Placements() ([]Placement, error) { return ReadPlacements(strings.NewReader(placements)) }

// ReadPlacements reads a list of placements in JSON with the day each was looked
// up in as_of. Every placement names its source.
func ReadPlacements(r io.Reader) ([]Placement, error) {
	var raw []struct {
		Placement

		AsOf string `json:"as_of"`
	}
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&raw); err != nil {
		return nil, fmt.Errorf("read placements: %w", err)
	}
	var p sosyal.Problems
	out := make([]Placement, len(raw))
	for i, x := range raw {
		field := fmt.Sprintf("[%d]", i)
		p.Nest(field+".size", x.Size.Validate())
		p.Require(x.Network != "", field+".network", "must not be empty", "")
		p.Require(x.Format != "", field+".format", "must not be empty", "")
		p.Require(x.Source != "", field+".source", "must not be empty", "")
		p.Require(x.Confidence == "P" || x.Confidence == "S" || x.Confidence == "G", field+".confidence", "must be P, S or G", x.Confidence)
		c := x.Covered
		ok := min(c.Top, c.Right, c.Bottom, c.Left) >= 0 && c.Top+c.Bottom < 0.9 && c.Left+c.Right < 0.9
		p.Require(ok, field+".covered", "must leave room", "")
		day, err := sosyal.ParseDate(x.AsOf)
		p.Require(err == nil, field+".as_of", "must be a calendar day like 2026-11-03", x.AsOf)
		out[i] = x.Placement
		out[i].AsOf = day
	}
	if err := p.Err(); err != nil {
		return nil, fmt.Errorf("read placements: %w", err)
	}
	return out, nil
}

// PlacementFor returns the placement for a network and format;
// [sosyal.ErrNotFound] where there is none, as for posts without pictures.
func PlacementFor(all []Placement, n sosyal.Network, f sosyal.Format) (Placement, error) {
	for _, p := range all {
		if p.Network == n && p.Format == f {
			return p, nil
		}
	}
	return Placement{}, fmt.Errorf("placement for %s %s: %w", n, f, sosyal.ErrNotFound)
}
