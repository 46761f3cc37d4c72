package brand

import (
	"image"

	"github.com/yukselenler/sosyal"
)

// Content is what a picture says and shows. What is empty is left out, and the
// rest moves together; what a template needs must be there.
type Content struct {
	// Kicker is the small line above the headline: a category, a series.
	Kicker   string `json:"kicker,omitzero"`
	Headline string `json:"headline,omitzero"`
	Body     string `json:"body,omitzero"`
	// Badge is the short text of a label: "%25 indirim", "Yeni".
	Badge string `json:"badge,omitzero"`
	// CTA is what to do next: an address, a call.
	CTA    string `json:"cta,omitzero"`
	Author string `json:"author,omitzero"`
	// Steps are numbered in their order.
	Steps []string `json:"steps,omitempty"`
	// Price is shown in full, OldPrice struck through beside it. Whether an old
	// price may be claimed is for [sosyal.Product.OldPrice] to say.
	Price    sosyal.Money `json:"price,omitzero"`
	OldPrice sosyal.Money `json:"old_price,omitzero"`
	// Image is the photograph; where there is none, the drawing Illustration (one
	// of [Illustrations]) stands in.
	Image        image.Image `json:"-"`
	Illustration string      `json:"illustration,omitzero"`
	// Language decides how prices are written, letters are capitalised and text
	// is shaped. Default: Turkish.
	Language sosyal.Language `json:"language,omitzero"`
	// Variant chooses among a template's papers, so that posts in a row differ.
	Variant int `json:"variant,omitzero"`
}

func (c Content) language() sosyal.Language {
	if c.Language == "" {
		return sosyal.Turkish
	}
	return c.Language
}

// field returns a text of the content by name.
func (c Content) field(name string) string {
	switch name {
	case "kicker":
		return c.Kicker
	case "headline":
		return c.Headline
	case "body":
		return c.Body
	case "badge":
		return c.Badge
	case "cta":
		return c.CTA
	case "author":
		return c.Author
	}
	return ""
}

// has reports whether the content has something for a field.
func (c Content) has(name string) bool {
	switch name {
	case "price":
		return c.Price.Currency() != ""
	case "old_price":
		return c.OldPrice.Currency() != ""
	case "steps":
		return len(c.Steps) > 0
	}
	return cleaned(c.field(name)) != ""
}

// fields are the names that templates may use.
func fields() []string {
	return []string{"kicker", "headline", "body", "badge", "cta", "author", "price", "old_price", "steps"}
}

// texts returns every text with its field, in reading order.
func (c Content) texts() []fieldText {
	var out []fieldText
	for _, name := range []string{"kicker", "headline", "body", "badge", "cta", "author"} {
		if c.has(name) {
			out = append(out, fieldText{name, c.field(name)})
		}
	}
	for _, step := range c.Steps {
		out = append(out, fieldText{"steps", step})
	}
	return out
}

type fieldText struct{ field, text string }

// Validate reports prices that are negative or in two currencies, an old price
// that is not above the price, and an unknown illustration.
func (c Content) Validate() error {
	var p sosyal.Problems
	p.Require(c.Price.Sign() >= 0, "price", "must not be negative", c.Price.String())
	if c.has("old_price") {
		order, err := c.OldPrice.Compare(c.Price)
		p.Require(err == nil && order > 0, "old_price", "must be above the price, in its currency", c.OldPrice.String())
	}
	if c.Illustration != "" {
		_, err := illustration(c.Illustration, Palette{}, 0)
		p.Nest("illustration", err)
	}
	return p.Err()
}
