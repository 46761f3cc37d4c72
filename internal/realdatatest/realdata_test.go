package realdatatest_test

import (
	"bufio"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal/internal/realdatatest"
)

// checkout lays out a root module with a nested one and a data file beside it.
func checkout(t *testing.T) string {
	t.Helper()
	top := t.TempDir()
	for name, text := range map[string]string{
		"repo/go.mod":               "module github.com/yukselenler/sosyal\n",
		"repo/examples/go.mod":      "module github.com/yukselenler/sosyal/examples\n",
		"repo/examples/demo/x.go":   "package demo\n",
		"repo/audience/rule.go":     "package audience\n",
		"shared/data/set/one.csv":   "a,b\n",
		"repo/shared/data/set/two":  "not here\n",
		"other/go.mod":              "module example.com/other\n",
		"other/deep/inside/file.go": "package inside\n",
	} {
		path := filepath.Join(top, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	return top
}

func TestFind(t *testing.T) {
	t.Parallel()
	top := checkout(t)
	want := filepath.Join(top, "shared", "data", "set", "one.csv")

	for _, from := range []string{"repo", "repo/audience", "repo/examples", "repo/examples/demo"} {
		t.Run("from "+from, func(t *testing.T) {
			t.Parallel()
			got, err := realdatatest.Find(filepath.Join(top, from), "set/one.csv")
			require.NoError(t, err)
			assert.Equal(t, want, got)
		})
	}

	t.Run("a file that does not exist is absent", func(t *testing.T) {
		t.Parallel()
		_, err := realdatatest.Find(filepath.Join(top, "repo"), "set/two")
		require.ErrorIs(t, err, fs.ErrNotExist)
	})
	t.Run("outside the module everything is absent", func(t *testing.T) {
		t.Parallel()
		_, err := realdatatest.Find(filepath.Join(top, "other", "deep", "inside"), "set/one.csv")
		require.ErrorIs(t, err, fs.ErrNotExist)
	})
	for _, name := range []string{"", "/etc/hosts", "../shared/data/set/one.csv", "set//one.csv"} {
		t.Run("refuses the name "+name, func(t *testing.T) {
			t.Parallel()
			_, err := realdatatest.Find(filepath.Join(top, "repo"), name)
			require.ErrorContains(t, err, "clean relative path")
		})
	}
}

func TestOpenDecompresses(t *testing.T) {
	t.Parallel()
	const name = "online-retail/online_retail.csv.gz"
	lines := bufio.NewScanner(realdatatest.Open(t, name))
	require.True(t, lines.Scan(), "the file has a first line")
	assert.Contains(t, strings.ToLower(lines.Text()), "invoice")

	assert.FileExists(t, realdatatest.Path(t, name))
}

func TestMissingDataSetSkips(t *testing.T) {
	t.Parallel()
	var skipped bool
	t.Run("asks for a file that nobody has", func(t *testing.T) {
		defer func() { skipped = t.Skipped() }()
		realdatatest.Open(t, "no-such-set/nothing.csv")
	})
	assert.True(t, skipped, "a test whose data set is absent is skipped, not failed")
}
