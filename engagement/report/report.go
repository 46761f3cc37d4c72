package report

import (
	"fmt"
	"time"

	"github.com/yukselenler/sosyal"
)

// Report is what is known at an instant, in the order in which it is read.
type Report struct {
	Title    string          `json:"title"`
	Subtitle string          `json:"subtitle,omitzero"`
	Language sosyal.Language `json:"language"`
	// Created is when the report was made; it is shown in the zone it carries.
	Created  time.Time `json:"created"`
	Sections []Section `json:"sections"`
}

// Section is one subject.
type Section struct {
	// ID is the anchor, made of letters, digits and hyphens.
	ID     string  `json:"id"`
	Title  string  `json:"title"`
	Blocks []Block `json:"blocks"`
}

// Block is one thing to show; exactly one field is set.
type Block struct {
	Text    *Text    `json:"text,omitempty"`
	Figures []Figure `json:"figures,omitempty"`
	Table   *Table   `json:"table,omitempty"`
	Chart   *Chart   `json:"chart,omitempty"`
	Gallery *Gallery `json:"gallery,omitempty"`
}

// Text is prose: a paragraph each.
type Text struct {
	Paragraphs []string `json:"paragraphs"`
	// List shows the paragraphs as points.
	List bool `json:"list,omitzero"`
}

// Tone says how a figure or cell is to be taken.
type Tone string

// Tones.
const (
	Neutral Tone = ""
	Good    Tone = "good"
	Bad     Tone = "bad"
	Unclear Tone = "unclear" // the data do not decide
)

// Figure is a number that stands out, with what it is compared to.
type Figure struct {
	Label string `json:"label"`
	Value string `json:"value"`
	Note  string `json:"note,omitzero"`
	Tone  Tone   `json:"tone,omitzero"`
}

// Gallery is a row of pictures.
type Gallery struct {
	Pictures []Picture `json:"pictures"`
}

// Picture is an image. Source is an address or a data URL.
type Picture struct {
	Source  string `json:"source"`
	Alt     string `json:"alt"`
	Caption string `json:"caption,omitzero"`
}

// Paragraph is a block of prose.
func Paragraph(text ...string) Block { return Block{Text: &Text{Paragraphs: text}} }

// Points is a block of prose as a list.
func Points(text ...string) Block { return Block{Text: &Text{Paragraphs: text, List: true}} }

// Validate reports missing titles, anchors that are not unique, blocks that are
// not exactly one thing, rows that do not fit their table, and charts whose
// series do not fit their categories.
func (r Report) Validate() error {
	var p sosyal.Problems
	p.Require(r.Title != "", "title", "is required", "")
	seen := map[string]bool{}
	for i, s := range r.Sections {
		field := fmt.Sprintf("sections[%d]", i)
		p.Require(validAnchor(s.ID), field+".id", "must be letters, digits and hyphens", s.ID)
		p.Require(!seen[s.ID], field+".id", "must not repeat", s.ID)
		p.Require(s.Title != "", field+".title", "is required", "")
		seen[s.ID] = true
		for j, b := range s.Blocks {
			p.Nest(fmt.Sprintf("%s.blocks[%d]", field, j), b.validate())
		}
	}
	return p.Err()
}

func (b Block) validate() error {
	var p sosyal.Problems
	set := 0
	if b.Text != nil {
		set++
	}
	if len(b.Figures) > 0 {
		set++
	}
	if b.Table != nil {
		set++
		p.Nest("table", b.Table.Validate())
	}
	if b.Chart != nil {
		set++
		p.Nest("chart", b.Chart.Validate())
	}
	if b.Gallery != nil {
		set++
	}
	p.Require(set == 1, "", "must be exactly one of text, figures, table, chart and gallery", "")
	return p.Err()
}

func validAnchor(id string) bool {
	for _, r := range id {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' {
			return false
		}
	}
	return id != ""
}
