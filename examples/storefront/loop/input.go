package loop

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/yukselenler/sosyal"
)

// shownBadLines is how many bad lines of a file are printed; all are counted.
const shownBadLines = 20

// inputs reads exports: it opens whatever form they come in, shows progress,
// prints bad lines and counts them.
type inputs struct {
	reporter
	errors io.Writer
	strict bool
	bad    map[string]int
}

// reader is the shape of the library's readers.
type reader[T any] func(r io.Reader, file string, m sosyal.Mapping) iter.Seq2[T, error]

// readFile reads one export and hands every good record to take. A bad line is
// printed and counted and the rest is kept, unless the run is strict. It
// returns the number of good records.
func readFile[T any](in *inputs, path string, read reader[T], m sosyal.Mapping, take func(T) error) (int, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, fmt.Errorf("opening export: %w", err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	info, err := f.Stat()
	if err != nil {
		return 0, fmt.Errorf("opening export: %w", err)
	}
	b := in.bar(filepath.Base(path), info.Size(), true)
	var r io.Reader = &counting{Reader: f, bar: b}
	if strings.EqualFold(filepath.Ext(path), ".xlsx") {
		if r, err = xlsxAsCSV(r); err != nil {
			return 0, fmt.Errorf("%s: %w", path, err)
		}
	}
	n, err := readAll(in, r, path, read, m, take)
	if err == nil {
		b.done()
	}
	return n, err
}

// readAll does the same for what is open already.
func readAll[T any](in *inputs, r io.Reader, name string, read reader[T], m sosyal.Mapping, take func(T) error) (int, error) {
	good := 0
	for v, err := range read(r, name, m) {
		if err == nil {
			err = take(v)
		}
		row, isRow := errors.AsType[*sosyal.RowError](err)
		switch {
		case err == nil:
			good++
		case !isRow:
			if !strings.Contains(err.Error(), name) {
				err = fmt.Errorf("reading %s: %w", name, err)
			}
			if good == 0 && errors.Is(err, sosyal.ErrInvalid) {
				err = fmt.Errorf("%w; a file given with -mapping names the columns of an export that no ready mapping fits", err)
			}
			return good, err
		default:
			if in.strict {
				return good, fmt.Errorf("strict: %w", row)
			}
			in.bad[name]++
			if in.bad[name] <= shownBadLines {
				_, _ = fmt.Fprintln(in.errors, row)
			}
		}
	}
	if n := in.bad[name]; n > shownBadLines {
		_, _ = fmt.Fprintf(in.errors, "%s: %d more bad lines\n", name, n-shownBadLines)
	}
	if good == 0 {
		return 0, fmt.Errorf("reading %s: it holds no good line", name)
	}
	return good, nil
}

// readMapping reads one mapping.
func readMapping(data []byte) (sosyal.Mapping, error) {
	return sosyal.ReadMapping(bytes.NewReader(data))
}
