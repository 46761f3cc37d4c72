package tabular

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yukselenler/sosyal"
)

// Reader reads the records of one table. It is for one goroutine.
type Reader struct {
	file    string
	mapping sosyal.Mapping
	fields  map[string]*field
	width   int // columns of the header
	layouts []layout
	zone    *time.Location
	csv     *csv.Reader
	limit   *recordLimit
}

// field is where one of our fields comes from: a column or a constant.
type field struct {
	column   int // -1: constant
	header   string
	constant string
	values   map[string]string // folded code to its translation
	// Exports repeat a value over many records, above all the time of an order
	// over its lines, so the last one is kept with what it was read as.
	lastText   string
	lastTime   time.Time
	translated map[string]string // codes met so far, as they are spelled
}

// maxTranslated bounds the memory of a column that was expected to hold codes
// and does not.
const maxTranslated = 1 << 10

// Open finds the header of a table and the mapping that fits it: the one whose
// required fields all have a column or a constant, and of several the one with
// most columns, the earlier one where they are equal. The file name is used in
// messages only.
//
// An error says which fields were missing and which headers were seen.
func Open(r io.Reader, file string, mappings []sosyal.Mapping, required ...string) (*Reader, error) {
	for _, m := range mappings {
		if err := m.Validate(); err != nil {
			return nil, fmt.Errorf("%s: mapping %q: %w", file, m.Name, err)
		}
	}
	text, err := decode(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	limit := &recordLimit{r: text}
	br := bufio.NewReaderSize(limit, sniffed)
	top, err := br.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	h, err := findHeader(string(top), mappings, required)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	t := &Reader{file: file, mapping: h.mapping, width: len(h.cells), limit: limit}
	if h.mapping.Zone != "" {
		if t.zone, err = sosyal.LoadZone(h.mapping.Zone); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	t.layouts = newLayouts(h.mapping.Dates)
	t.fields = h.fields()
	t.csv = newCSV(br, h.separator)
	for range h.record + 1 {
		if _, err := t.csv.Read(); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	return t, nil
}

// newCSV returns a parser that forgives quotation marks inside of values, as in
// 5" and unequal lengths, which the reader judges itself.
func newCSV(r io.Reader, separator rune) *csv.Reader {
	c := csv.NewReader(r)
	c.Comma = separator
	c.LazyQuotes = true
	c.FieldsPerRecord = -1
	c.ReuseRecord = true
	return c
}

// Mapping returns the mapping that fitted.
func (t *Reader) Mapping() sosyal.Mapping { return t.mapping }

// Rows yields the records below the header. A record that is damaged is an
// error and reading goes on; when the file itself cannot be read further, the
// error is the last thing yielded. A Row is valid until the next one is yielded;
// texts taken from it stay valid.
func (t *Reader) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for {
			t.limit.read = 0
			cells, err := t.csv.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(Row{}, fmt.Errorf("%s: %w", t.file, err))
				return
			}
			line, _ := t.csv.FieldPos(0)
			row := Row{t: t, cells: cells, line: line}
			if row.blank() {
				continue
			}
			if !yield(row, row.check()) {
				return
			}
		}
	}
}

// blank reports whether no cell holds anything, as in the empty records that
// spreadsheets leave behind.
func (r Row) blank() bool {
	for _, c := range r.cells {
		if trim(c) != "" {
			return false
		}
	}
	return true
}

// check finds damage that concerns the whole record. Records shorter than the
// header are fine: programs leave empty cells at the end away.
func (r Row) check() error {
	for i, c := range r.cells {
		if i >= r.t.width && trim(c) != "" {
			return r.fail("", fmt.Sprintf("must have at most %d cells like the header", r.t.width), fmt.Sprint(len(r.cells)))
		}
		if !utf8.ValidString(c) {
			return r.fail("", "must be text in one encoding: it holds bytes that are not UTF-8", "")
		}
	}
	return nil
}

// IsTotal reports whether the record looks like the sum that ad platforms write
// below a report: its first filled cell is Total, Toplam or begins like that.
// Only the caller knows whether such a record may also be a real one.
func (r Row) IsTotal() bool {
	for _, c := range r.cells {
		if trim(c) == "" {
			continue
		}
		first := fold(c)
		for _, word := range []string{"total", "grand total", "toplam", "genel toplam", "results from", "sonuçlar"} {
			if first == word || strings.HasPrefix(first, word+":") || strings.HasPrefix(first, word+" ") {
				return true
			}
		}
		return false
	}
	return false
}
