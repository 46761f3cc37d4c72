package audience

import (
	"cmp"
	"embed"
	"io"
	"iter"
	"slices"
	"time"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/tabular"
)

// ProductChange is what the shop's catalogue says of a product from an instant
// on. A plain list of products is one change of each.
type ProductChange struct {
	At       time.Time        `json:"at"`
	Product  sosyal.ProductID `json:"product"`
	Name     string           `json:"name"`
	Category string           `json:"category,omitzero"`
	URL      string           `json:"url,omitzero"`
	Image    string           `json:"image,omitzero"`
	Price    sosyal.Money     `json:"price"`
	// Stock is nil where the shop does not count.
	Stock *int `json:"stock,omitempty"`
}

// Validate reports missing parts and a price that is not positive.
func (c ProductChange) Validate() error {
	var p sosyal.Problems
	p.Require(!c.At.IsZero(), "at", "is required", "")
	p.Require(c.Product != "", "product", "is required", "")
	p.Require(c.Name != "", "name", "is required", "")
	p.Require(c.Price.Sign() > 0, "price", "must be positive", c.Price.String())
	return p.Err()
}

// Apply returns the product after the change. The price history grows where the
// price differs, so that an old price can be proved later. Changes of a product
// must be applied in their order; one that lies before the last price is an
// error, and so is a change of another product or into another currency. The
// zero product becomes the one that the change is about.
func (c ProductChange) Apply(p sosyal.Product) (sosyal.Product, error) {
	var problems sosyal.Problems
	problems.Nest("", c.Validate())
	problems.Require(p.ID == "" || p.ID == c.Product, "product", "must be the product that changes", string(c.Product))
	if n := len(p.History); n > 0 {
		last := p.History[n-1]
		problems.Require(!c.At.Before(last.At), "at", "must not lie before the last price", c.At.Format(time.RFC3339))
		same := last.Price.Currency() == c.Price.Currency()
		problems.Require(same, "price", "must be in the product's currency", c.Price.String())
	}
	if err := problems.Err(); err != nil {
		return p, err
	}
	history := slices.Clone(p.History)
	switch n := len(history); {
	case n == 0 || !history[n-1].Price.Equal(c.Price) && history[n-1].At.Before(c.At):
		history = append(history, sosyal.PricePoint{At: c.At, Price: c.Price})
	case !history[n-1].Price.Equal(c.Price):
		history[n-1].Price = c.Price // corrected at the same instant
	}
	return sosyal.Product{
		ID: c.Product, Name: c.Name, URL: cmp.Or(c.URL, p.URL), Images: list(c.Image, p.Images),
		Categories: list(c.Category, p.Categories), Price: c.Price, History: history, Stock: c.Stock,
	}, nil
}

// list is what is known now, else what was known before.
func list(now string, before []string) []string {
	if now == "" {
		return before
	}
	return []string{now}
}

// ReadProducts reads a list of products or of their changes, one record each.
// The file name is for messages. A zero mapping means: find the one of
// [ProductMappings] that fits the header.
//
// Fields of the mapping: product, name, price and at are required; at may be a
// constant for a plain list. category, url, image, stock and currency are read
// where they are mapped.
//
// A record that cannot be read yields an error, a [*sosyal.RowError], and
// reading goes on; an unreadable file yields one error and ends.
func ReadProducts(r io.Reader, file string, m sosyal.Mapping) iter.Seq2[ProductChange, error] {
	return tabular.Values(tabular.Source{
		Reader: r, File: file, Mapping: m, Ready: ProductMappings, Required: []string{"product", "name", "price", "at"},
	}, readProduct)
}

func readProduct(row tabular.Row) (ProductChange, error) {
	c := ProductChange{
		Product: sosyal.ProductID(row.Text("product")), Name: row.Text("name"), Category: row.Text("category"),
		URL: row.Text("url"), Image: row.Text("image"),
	}
	var err error
	if c.At, err = row.Time("at"); err != nil {
		return c, err
	}
	if c.Price, err = row.Money("price", "currency"); err != nil {
		return c, err
	}
	if row.Has("stock") {
		units, err := row.Int("stock")
		if err != nil {
			return c, err
		}
		stock := int(units)
		c.Stock = &stock
	}
	for _, f := range sosyal.FieldErrors(c.Validate()) {
		return c, row.Fail(f.Field, f.Rule)
	}
	return c, nil
}

//go:embed mappings_products/*.json
var productMappingFiles embed.FS

// ProductMappings returns the ready mappings of [ReadProducts]: the demo shop's.
func ProductMappings() ([]sosyal.Mapping, error) {
	return sosyal.ReadMappings(productMappingFiles, "mappings_products")
}
