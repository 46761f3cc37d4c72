package tabular

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/yukselenler/sosyal"
)

// Source is an export with what is needed to read it.
type Source struct {
	Reader io.Reader
	// File is the name for messages.
	File string
	// Mapping says how the export is to be read. The zero Mapping means: the one
	// of Ready that fits the header.
	Mapping sosyal.Mapping
	Ready   func() ([]sosyal.Mapping, error)
	// Required are the fields that must have a column; see [Open].
	Required []string
	// Optional are the other fields that are read; nil where they cannot be
	// listed. A mapping that names another field misspells one of them.
	Optional []string
}

// Open finds the header and the mapping that fits it.
func (s Source) Open() (*Reader, error) {
	mappings := []sosyal.Mapping{s.Mapping}
	if s.Mapping.Name == "" && len(s.Mapping.Columns) == 0 {
		var err error
		if mappings, err = s.Ready(); err != nil {
			return nil, err
		}
	}
	if err := s.checkFields(); err != nil {
		return nil, fmt.Errorf("%s: %w", s.File, err)
	}
	return Open(s.Reader, s.File, mappings, s.Required...)
}

// checkFields refuses fields that nothing would read: their columns would be
// lost without a word.
func (s Source) checkFields() error {
	if s.Optional == nil {
		return nil
	}
	known := slices.Clone(s.Optional)
	for _, r := range s.Required {
		known = append(known, strings.Split(r, "|")...)
	}
	var p sosyal.Problems
	for _, field := range slices.Sorted(maps.Keys(s.Mapping.Columns)) {
		p.Require(slices.Contains(known, field), "mapping.columns."+field, "must be one of "+strings.Join(known, ", "), "")
	}
	return p.Err()
}

// ErrSkip leaves a record out; see [Values].
var ErrSkip = errors.New("the record is left out")

// Values reads a value from every record. A record that cannot be read yields
// the zero value and its error, and reading goes on; a file that cannot be read
// yields one error and ends. When read returns [ErrSkip], the record yields
// nothing.
func Values[T any](s Source, read func(Row) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		table, err := s.Open()
		if err != nil {
			yield(zero, err)
			return
		}
		for row, err := range table.Rows() {
			value := zero
			if err == nil {
				value, err = read(row)
			}
			if errors.Is(err, ErrSkip) {
				continue
			}
			if err != nil {
				value = zero
			}
			if !yield(value, err) {
				return
			}
		}
	}
}
