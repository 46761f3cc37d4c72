package tabular

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"github.com/yukselenler/sosyal"
)

const (
	sniffed      = 1 << 16 // bytes in which the header must stand
	titleRecords = 40      // records that may precede it
	shownHeaders = 30      // headers that an error lists
)

// header is what was found out about a table before its first record.
type header struct {
	separator rune
	record    int // how many records precede it
	cells     []string
	mapping   sosyal.Mapping
	columns   map[string]int // field to column
}

// findHeader tries every separator, record and mapping, so that nothing has to
// be guessed from the frequency of characters.
func findHeader(top string, mappings []sosyal.Mapping, required []string) (header, error) {
	var best, nearest header
	nearestMissing := []string(nil)
	for _, separator := range []rune{',', ';', '\t', '|'} {
		for n, cells := range firstRecords(top, separator) {
			position := positions(cells)
			for _, m := range mappings {
				h := header{separator: separator, record: n, cells: cells, mapping: m, columns: matched(m, position)}
				missing := h.missing(required)
				switch {
				case len(missing) == 0 && len(h.columns) > len(best.columns):
					best = h
				case len(h.columns) > len(nearest.columns) ||
					len(h.columns) == len(nearest.columns) && len(cells) > len(nearest.cells):
					nearest, nearestMissing = h, missing
				}
			}
		}
	}
	if len(best.columns) > 0 {
		return best, nil
	}
	return header{}, notFound(nearest, nearestMissing, mappings)
}

// firstRecords parses the top of the file, at most titleRecords records.
func firstRecords(top string, separator rune) [][]string {
	c := newCSV(bytes.NewReader([]byte(top)), separator)
	c.ReuseRecord = false
	var records [][]string
	for range titleRecords {
		cells, err := c.Read()
		if err != nil {
			break
		}
		records = append(records, cells)
	}
	return records
}

// positions returns the column of each header, the first where one stands twice.
func positions(cells []string) map[string]int {
	p := make(map[string]int, len(cells))
	for i, c := range cells {
		name := fold(c)
		if _, seen := p[name]; !seen && name != "" {
			p[name] = i
		}
	}
	return p
}

// matched returns the mapping's fields that have a column.
func matched(m sosyal.Mapping, position map[string]int) map[string]int {
	columns := map[string]int{}
	for name, headers := range m.Columns {
		for _, h := range headers {
			if i, ok := position[fold(h)]; ok {
				columns[name] = i
				break
			}
		}
	}
	return columns
}

// missing returns the required fields that have neither column nor constant. A
// requirement "a|b" is met by either.
func (h header) missing(required []string) []string {
	var out []string
	for _, requirement := range required {
		met := false
		for name := range strings.SplitSeq(requirement, "|") {
			_, column := h.columns[name]
			met = met || column || h.mapping.Constants[name] != ""
		}
		if !met {
			out = append(out, requirement)
		}
	}
	return out
}

// fields joins columns and constants.
func (h header) fields() map[string]*field {
	out := map[string]*field{}
	for name, value := range h.mapping.Constants {
		out[name] = &field{column: -1, header: name, constant: value}
	}
	for name, i := range h.columns {
		out[name] = &field{column: i, header: trim(h.cells[i])}
	}
	for name, values := range h.mapping.Values {
		f, ok := out[name]
		if !ok {
			continue
		}
		f.values = make(map[string]string, len(values))
		f.translated = map[string]string{}
		for _, code := range slices.Sorted(maps.Keys(values)) {
			f.values[fold(code)] = values[code]
		}
	}
	return out
}

// notFound explains why no mapping fits by the one that comes nearest.
func notFound(nearest header, missing []string, mappings []sosyal.Mapping) error {
	if len(mappings) == 0 {
		return sosyal.FieldError{Field: "mapping", Rule: "is required"}
	}
	if len(nearest.cells) == 0 {
		return sosyal.FieldError{Field: "header", Rule: "is missing: the file is empty"}
	}
	seen := make([]string, 0, len(nearest.cells))
	for _, c := range nearest.cells[:min(len(nearest.cells), shownHeaders)] {
		seen = append(seen, strings.ToValidUTF8(cut(trim(c), 60), "?"))
	}
	rule := "must have a column for each required field"
	if len(missing) > 0 && nearest.mapping.Name != "" {
		rule = "has no column for " + strings.Join(missing, ", ") + " (nearest mapping: " + nearest.mapping.Name + ")"
	}
	return sosyal.FieldError{Field: "header", Rule: rule, Value: strings.Join(seen, ", ")}
}

// cut shortens a text for a message.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[:n] + "..."
}
