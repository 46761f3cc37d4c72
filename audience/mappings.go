package audience

import (
	"embed"
	"fmt"

	"github.com/yukselenler/sosyal"
)

//go:embed mappings/*.json
var mappingFiles embed.FS

// Mappings returns the ready mappings of order exports, in alphabetical order of
// their names: ikas, Shopify, the demo shop, Ticimax, Trendyol and the UCI
// Online Retail data set. Each says where its headers were taken from, when, and
// how sure that is. Panels change; a host gives [ReadOrders] a mapping of its
// own where they have.
func Mappings() ([]sosyal.Mapping, error) {
	files, err := mappingFiles.ReadDir("mappings")
	if err != nil {
		return nil, fmt.Errorf("listing order mappings: %w", err)
	}
	var out []sosyal.Mapping
	for _, f := range files {
		r, err := mappingFiles.Open("mappings/" + f.Name())
		if err != nil {
			return nil, fmt.Errorf("opening order mapping %s: %w", f.Name(), err)
		}
		m, err := sosyal.ReadMapping(r)
		_ = r.Close() // an embedded file has nothing to lose
		if err != nil {
			return nil, fmt.Errorf("order mapping %s: %w", f.Name(), err)
		}
		out = append(out, m)
	}
	return out, nil
}
