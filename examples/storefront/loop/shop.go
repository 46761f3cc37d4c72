package loop

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/examples/storefront/demo"
)

// shopBrand is the tenant that everything is kept under.
func (r *run) shopBrand() sosyal.BrandID {
	if r.options.demo() {
		return "zerise"
	}
	return "shop"
}

// openSource decides where the shop's data come from.
func (r *run) openSource(ctx context.Context) error {
	r.brand = r.shopBrand()
	if r.options.demo() {
		r.name, r.home = "Zerişe", "https://zerise.example/"
		return r.openDemo(ctx)
	}
	var m mappings
	if r.options.Mapping != "" {
		var err error
		if m, err = readMappings(r.options.Mapping); err != nil {
			return err
		}
	}
	r.name = r.word("Mağaza", "Shop")
	r.source = &exports{options: r.options, in: r.in, mappings: m, brand: r.brand}
	return nil
}

// openDemo makes the demo shop's world and leaves its history as files.
func (r *run) openDemo(ctx context.Context) error {
	world, err := demo.New(demo.Options{Seed: r.options.Seed, Null: r.options.Null, Scale: r.options.Scale})
	if err != nil {
		return err
	}
	g := &generated{
		world: world, folder: filepath.Join(r.options.Out, "demo"), in: r.in, brand: r.brand, first: world.End(),
		played: func(ctx context.Context, d date.Date) (running, error) { return r.outOn(ctx, d) },
	}
	r.source = g
	return g.write(ctx, fmt.Sprintf("seed %d, null %t, scale %g\n", r.options.Seed, r.options.Null, r.options.Scale))
}

// readMappings reads a mapping file: an object with a mapping for each export
// that needs one, {"orders":{...},"posts":{...}}.
func readMappings(path string) (m mappings, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return m, fmt.Errorf("opening mapping: %w", err)
	}
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(data, &parts); err != nil {
		return m, fmt.Errorf("%s: %w", path, sosyal.FieldError{Field: "mapping", Rule: "must be an object with orders, posts, ads, mentions or products"})
	}
	into := map[string]*sosyal.Mapping{
		"orders": &m.Orders, "posts": &m.Posts, "ads": &m.Ads, "mentions": &m.Mentions, "products": &m.Products,
	}
	for _, name := range sortedKeys(parts) {
		target, ok := into[name]
		if !ok {
			return m, fmt.Errorf("%s: %w", path, sosyal.FieldError{Field: "mapping", Rule: "must hold orders, posts, ads, mentions or products only", Value: name})
		}
		if *target, err = readMapping(parts[name]); err != nil {
			return m, fmt.Errorf("%s: %s: %w", path, name, err)
		}
	}
	return m, nil
}
