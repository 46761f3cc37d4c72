package calendar

import (
	"slices"
	"strconv"

	"github.com/yukselenler/sosyal"
)

// Category is a kind of content that recurs, also called a content pillar: "how
// to", "new products", "customers' words".
type Category struct {
	ID   sosyal.CategoryID `json:"id"`
	Name string            `json:"name"`
	// Share is the weight of the category among all; [MixOf] scales the weights
	// to shares that add up to 1.
	Share float64 `json:"share"`
	// Formats and Networks are where the category goes; empty means anywhere.
	Formats  []sosyal.Format  `json:"formats,omitempty"`
	Networks []sosyal.Network `json:"networks,omitempty"`
	// Selling says that the content offers something for sale. It is kept off
	// days on which selling offends.
	Selling bool `json:"selling,omitzero"`
	// Occasions are the ids of special days that this category marks.
	Occasions []string `json:"occasions,omitempty"`
}

// Validate reports missing names and a negative share.
func (c Category) Validate() error {
	var p sosyal.Problems
	p.Require(c.ID != "", "id", "is required", "")
	p.Require(c.Name != "", "name", "is required", string(c.ID))
	p.Require(c.Share >= 0, "share", "must not be negative", strconv.FormatFloat(c.Share, 'g', -1, 64))
	return p.Err()
}

// On reports whether the category goes to a network.
func (c Category) On(n sosyal.Network) bool {
	return len(c.Networks) == 0 || slices.Contains(c.Networks, n)
}

// MixOf returns the shares of the categories that go to a network, scaled to add
// up to 1. An empty network takes every category.
func MixOf(categories []Category, n sosyal.Network) (sosyal.Mix, error) {
	var weights []sosyal.Share
	for _, c := range categories {
		if n == "" || c.On(n) {
			weights = append(weights, sosyal.Share{Category: c.ID, Share: c.Share})
		}
	}
	return sosyal.NewMix(weights...)
}

// IdeaID is an idea for content.
type IdeaID string

// Idea is a thought that may become content: from a person, a reputation topic, a
// special day or a language model.
type Idea struct {
	ID       IdeaID             `json:"id"`
	Category sosyal.CategoryID  `json:"category"`
	Title    string             `json:"title"`
	Note     string             `json:"note,omitzero"`
	Products []sosyal.ProductID `json:"products,omitempty"`
	Source   string             `json:"source,omitzero"`
	// Reasons say why the idea was had.
	Reasons []sosyal.Reason `json:"reasons,omitempty"`
}

// Validate reports missing parts.
func (i Idea) Validate() error {
	var p sosyal.Problems
	p.Require(i.ID != "", "id", "is required", "")
	p.Require(i.Category != "", "category", "is required", "")
	p.Require(i.Title != "", "title", "is required", "")
	return p.Err()
}
