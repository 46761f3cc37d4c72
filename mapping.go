package sosyal

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"time"
)

// Mapping says how an export is to be read: under which headers our fields
// stand, and how the program that wrote it writes numbers and dates. It is a
// small JSON file; ready ones for common exports are embedded in the packages
// whose data they read.
type Mapping struct {
	// Name identifies the mapping ("shopify-orders").
	Name string `json:"name"`
	// Source and AsOf say where the headers were taken from and when.
	Source string `json:"source,omitzero"`
	AsOf   string `json:"as_of,omitzero"`
	// Columns gives, for each of our fields, the headers under which it may
	// stand, the first that is present wins. Headers are compared without regard
	// to case, Turkish i included, and surrounding white space.
	Columns map[string][]string `json:"columns"`
	// Constants gives fields that the export does not carry.
	Constants map[string]string `json:"constants,omitempty"`
	// Values translates what stands in a field: {"status":{"İptal":"cancelled"}}.
	Values map[string]map[string]string `json:"values,omitempty"`
	// Decimal is the decimal mark, "." or ","; empty means: work it out from each
	// value, which fails on ambiguous ones such as 1.234.
	Decimal string `json:"decimal,omitzero"`
	// Dates are layouts of package time to try in order. Empty means the forms
	// that people and programs commonly write, day before month.
	Dates []string `json:"dates,omitempty"`
	// Zone is the IANA zone of times written without one. Required where the
	// export has such times.
	Zone string `json:"zone,omitzero"`
	// Currency is the ISO 4217 code of amounts written without one.
	Currency string `json:"currency,omitzero"`
}

// Validate reports everything that would keep the mapping from working.
func (m Mapping) Validate() error {
	var p Problems
	p.Require(m.Name != "", "name", "is required", "")
	p.Require(len(m.Columns) > 0, "columns", "must name a column", "")
	for _, field := range slices.Sorted(maps.Keys(m.Columns)) {
		p.Require(len(m.Columns[field]) > 0, "columns."+field, "must name a header", "")
		_, both := m.Constants[field]
		p.Require(!both, "constants."+field, "must not also be a column", field)
	}
	p.Require(m.Decimal == "" || m.Decimal == "." || m.Decimal == ",", "decimal", `must be "." or ","`, m.Decimal)
	for i, layout := range m.Dates {
		sample := time.Date(2006, 1, 2, 15, 4, 5, 0, time.UTC)
		_, err := time.Parse(layout, sample.Format(layout))
		p.Require(err == nil && layout != "", indexed("dates", i), "must be a layout of package time", layout)
	}
	if m.Zone != "" {
		_, err := LoadZone(m.Zone)
		p.Nest("", err)
	}
	if m.Currency != "" {
		_, err := minorDigits(m.Currency)
		p.Nest("", err)
	}
	return p.Err()
}

// ReadMapping reads a mapping file. Unknown keys are errors, so that a typing
// mistake does not pass for an empty setting.
func ReadMapping(r io.Reader) (Mapping, error) {
	var m Mapping
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return Mapping{}, FieldError{Field: "mapping", Rule: "must be a mapping file: " + err.Error()}
	}
	if d.More() {
		return Mapping{}, FieldError{Field: "mapping", Rule: "must be one mapping", Value: m.Name}
	}
	return m, m.Validate()
}

// ReadMappings reads the mapping files of a folder, in the order of their names.
func ReadMappings(files fs.FS, folder string) ([]Mapping, error) {
	entries, err := fs.ReadDir(files, folder)
	if err != nil {
		return nil, fmt.Errorf("listing mappings: %w", err)
	}
	out := make([]Mapping, 0, len(entries))
	for _, e := range entries {
		f, err := files.Open(path.Join(folder, e.Name()))
		if err != nil {
			return nil, fmt.Errorf("opening mapping %s: %w", e.Name(), err)
		}
		m, err := ReadMapping(f)
		_ = f.Close() // it was only read
		if err != nil {
			return nil, fmt.Errorf("mapping %s: %w", e.Name(), err)
		}
		out = append(out, m)
	}
	return out, nil
}
