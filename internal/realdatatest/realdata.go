// Package realdatatest hands real data sets to tests.
//
// The data sets are third-party files and are not part of the module: they lie
// in a folder "shared/data" beside the checkout of the root module. A test that
// wants one asks for it by its path below that folder; where the file is
// absent, the test is skipped with the reason, so the module tests the same on
// a machine that has only the sources.
package realdatatest

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// modulePath is the path that the go.mod of the root module declares. Nested
// modules (examples, adapters) declare longer ones, so a walk that starts in
// them passes over their go.mod and ends at the root's.
const modulePath = "github.com/yukselenler/sosyal"

// Path returns the absolute path of a data file named relative to the data
// folder with forward slashes, such as "online-retail/online_retail.csv.gz".
// It skips the test when the file does not exist.
func Path(tb testing.TB, name string) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatalf("finding the working folder: %v", err)
	}
	path, err := Find(dir, name)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			tb.Skipf("real data set is absent: %v", err)
		}
		tb.Fatalf("finding real data set: %v", err)
	}
	return path
}

// Open opens a data file as [Path] finds it and closes it when the test ends.
// A name that ends in ".gz" is decompressed while it is read. Closing the
// reader earlier is allowed.
func Open(tb testing.TB, name string) io.ReadCloser {
	tb.Helper()
	file, err := os.Open(Path(tb, name))
	if err != nil {
		tb.Fatalf("opening real data set: %v", err)
	}
	tb.Cleanup(func() { _ = file.Close() }) // a second close reports an error that means nothing
	if !strings.HasSuffix(name, ".gz") {
		return file
	}
	unzipped, err := gzip.NewReader(bufio.NewReader(file))
	if err != nil {
		tb.Fatalf("decompressing real data set %s: %v", name, err)
	}
	return gunzipped{Reader: unzipped, file: file}
}

// Find looks for a data file from the folder start upwards: the first parent
// whose go.mod declares the root module fixes the data folder. The error wraps
// [fs.ErrNotExist] when there is no such parent or no such file.
func Find(start, name string) (string, error) {
	if !fs.ValidPath(name) {
		return "", fmt.Errorf("data file name %q is not a clean relative path", name)
	}
	dir, err := filepath.Abs(start)
	if err != nil {
		return "", fmt.Errorf("resolving %q: %w", start, err)
	}
	for !isRoot(dir) {
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", fmt.Errorf("no parent of %s holds the go.mod of %s: %w", start, modulePath, fs.ErrNotExist)
		}
		dir = parent
	}
	path := filepath.Join(filepath.Dir(dir), "shared", "data", filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("looking for %s: %w", name, err)
	}
	return path, nil
}

// isRoot reports whether dir holds the go.mod of the root module.
func isRoot(dir string) bool {
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) >= 2 && fields[0] == "module" {
			return strings.Trim(fields[1], `"`) == modulePath
		}
	}
	return false
}

// gunzipped closes the file under the decompressor, which has nothing of its
// own to release.
type gunzipped struct {
	io.Reader
	file *os.File
}

func (g gunzipped) Close() error { return g.file.Close() }
