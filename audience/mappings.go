package audience

import (
	"embed"

	"github.com/yukselenler/sosyal"
)

//go:embed mappings/*.json
var mappingFiles embed.FS

// Mappings returns the ready mappings of order exports, in alphabetical order of
// their names: ikas, Shopify, the demo shop, Ticimax, Trendyol and the UCI
// Online Retail data set. Each says where its headers were taken from, when, and
// how sure that is. Panels change; a host gives [ReadOrders] a mapping of its
// own where they have.
func Mappings() ([]sosyal.Mapping, error) { return sosyal.ReadMappings(mappingFiles, "mappings") }
