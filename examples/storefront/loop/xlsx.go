package loop

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
)

// A workbook is compressed and names its cells, so that a small file can ask for
// any amount of memory. These bounds are far beyond real exports: half a million
// order lines are 160 MB of XML.
const (
	maxUnzipped = 512 << 20
	maxColumns  = 1024
)

// xlsxAsCSV reads the first sheet of a workbook as CSV, row by row, so that the
// library's readers take it like any other export and lines keep their numbers.
// Cells come as the sheet shows them.
func xlsxAsCSV(r io.Reader) (io.Reader, error) {
	book, err := excelize.OpenReader(r, excelize.Options{UnzipSizeLimit: maxUnzipped})
	if err != nil {
		return nil, fmt.Errorf("opening workbook: %w", err)
	}
	defer book.Close() //nolint:errcheck // it was only read
	sheets := book.GetSheetList()
	if len(sheets) == 0 {
		return nil, fmt.Errorf("opening workbook: it has no sheets")
	}
	rows, err := book.Rows(sheets[0])
	if err != nil {
		return nil, fmt.Errorf("opening workbook: %w", err)
	}
	defer rows.Close() //nolint:errcheck // it was only read
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	width := 0
	for rows.Next() {
		cells, err := rows.Columns()
		if err != nil {
			return nil, fmt.Errorf("reading workbook: %w", err)
		}
		if len(cells) > maxColumns {
			return nil, fmt.Errorf("reading workbook: it has more than %d columns", maxColumns)
		}
		width = max(width, len(cells))
		for len(cells) < width {
			cells = append(cells, "") // rows end at their last filled cell
		}
		if err := w.Write(cells); err != nil {
			return nil, fmt.Errorf("reading workbook: %w", err)
		}
	}
	w.Flush()
	if err := rows.Error(); err != nil {
		return nil, fmt.Errorf("reading workbook: %w", err)
	}
	return &out, w.Error()
}
