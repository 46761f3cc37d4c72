package campaign

import (
	"embed"
	"maps"
	"strings"

	"github.com/yukselenler/sosyal"
)

//go:embed mappings/*.json
var mappingFiles embed.FS

// currencyMark stands in a ready mapping for the currency that some platforms
// write into the header: "Amount spent ({currency})".
const currencyMark = "{currency}"

// headerCurrencies are the currencies that such a mapping is offered in.
func headerCurrencies() []string {
	return []string{"TRY", "EUR", "USD", "GBP", "AED", "AZN", "CHF", "RUB", "SAR"}
}

// Mappings returns the ready mappings of ad reports, in alphabetical order of
// their files: Google Ads, Meta Ads, the demo shop and TikTok Ads, with English
// and Turkish headers. Each says where its headers were taken from, when, and how
// sure that is. Reports change; a host gives [ReadAdReport] a mapping of its own
// where they have.
//
// Meta writes the currency into the header, so that mapping is there once for
// each of several currencies.
func Mappings() ([]sosyal.Mapping, error) {
	files, err := sosyal.ReadMappings(mappingFiles, "mappings")
	if err != nil {
		return nil, err
	}
	var out []sosyal.Mapping
	for _, m := range files {
		out = append(out, perCurrency(m)...)
	}
	return out, nil
}

// perCurrency makes a mapping for each currency of one that has the mark.
func perCurrency(m sosyal.Mapping) []sosyal.Mapping {
	marked := false
	for _, headers := range m.Columns {
		for _, h := range headers {
			marked = marked || strings.Contains(h, currencyMark)
		}
	}
	if !marked {
		return []sosyal.Mapping{m}
	}
	var out []sosyal.Mapping
	for _, code := range headerCurrencies() {
		one := m
		one.Name = m.Name + "-" + strings.ToLower(code)
		one.Currency = code
		one.Columns = maps.Clone(m.Columns)
		for field, headers := range m.Columns {
			written := make([]string, len(headers))
			for i, h := range headers {
				written[i] = strings.ReplaceAll(h, currencyMark, code)
			}
			one.Columns[field] = written
		}
		out = append(out, one)
	}
	return out
}
