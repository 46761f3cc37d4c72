package main_test

import (
	"bufio"
	"bytes"
	"database/sql"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/examples/adapters/sqlstore"
	quickstart "github.com/yukselenler/sosyal/examples/quickstart"
	"github.com/yukselenler/sosyal/planning"
)

const root = "../.."

func readmes() []string { return []string{"README.md", "README.tr.md"} }

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	require.NoError(t, err)
	return string(text)
}

// blocks returns the fenced code blocks of a language, in order.
func blocks(text, language string) []string {
	var out []string
	for _, m := range regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```$").FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	return out
}

// shown returns what example_test.go offers to the README: the body of Example
// without indentation, what it prints, and the other functions whole.
func shown(t *testing.T) (code []string, output string) {
	t.Helper()
	source, err := os.ReadFile("example_test.go")
	require.NoError(t, err)
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "example_test.go", source, parser.ParseComments)
	require.NoError(t, err)
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		at := func(p token.Pos) int { return files.Position(p).Offset }
		if f.Name.Name != "Example" {
			code = append(code, string(source[at(f.Pos()):at(f.End())])+"\n")
			continue
		}
		body, out, found := strings.Cut(string(source[at(f.Body.Lbrace)+2:at(f.Body.Rbrace)]), "\t// Output:\n")
		require.True(t, found, "the example has an output")
		code = append(code, dedent(body, "\t"))
		output = dedent(out, "\t// ")
	}
	return code, output
}

func dedent(text, indent string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		out.WriteString(strings.TrimPrefix(line, indent))
	}
	return out.String()
}

func TestREADMECodeIsTheExample(t *testing.T) {
	code, output := shown(t)
	for _, name := range readmes() {
		text := read(t, name)
		assert.Equal(t, code, blocks(text, "go"), name)
		assert.Equal(t, []string{output}, blocks(text, "text"), name)
	}
}

func TestREADMECommands(t *testing.T) {
	commands := func(name string) []string {
		var out []string
		for _, block := range blocks(read(t, name), "sh") {
			for line := range strings.Lines(block) {
				out = append(out, strings.TrimSpace(line))
			}
		}
		return out
	}
	first := func(commands []string, prefix string) string {
		i := slices.IndexFunc(commands, func(c string) bool { return strings.HasPrefix(c, prefix) })
		require.GreaterOrEqual(t, i, 0, prefix)
		return commands[i]
	}
	english := commands("README.md")
	assert.Equal(t, english, commands("README.tr.md"))
	assert.Equal(t, "go run ./examples/storefront run", first(english, "go run "), "what .ci/run runs")
	assert.Equal(t, "go test work", first(english, "go test "), "what .ci/run runs")
	for _, c := range english {
		if words := strings.Fields(c); words[1] == "run" {
			assert.FileExists(t, filepath.Join(root, words[2], "main.go"))
		}
	}
}

// packages returns the folders of the library that hold a package for hosts.
func packages(t *testing.T) []string {
	t.Helper()
	var out []string
	err := fs.WalkDir(os.DirFS(root), ".", func(at string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if base := path.Base(at); d.IsDir() && at != "." && (base == "internal" || base == "examples" || base == "testdata" || base[0] == '.' || base == "out") {
			return fs.SkipDir
		}
		if path.Base(at) == "doc.go" {
			out = append(out, path.Dir(at))
		}
		return nil
	})
	require.NoError(t, err)
	return out
}

func TestREADMEMapsEveryPackage(t *testing.T) {
	row := regexp.MustCompile("(?m)^\\| \\[`[^`]+`\\]\\(([^)]+)\\) \\|.*\\| (.*) \\|$")
	suites := regexp.MustCompile(`test$`)
	for _, name := range readmes() {
		var mapped []string
		for _, m := range row.FindAllStringSubmatch(read(t, name), -1) {
			folder := path.Clean(m[1])
			mapped = append(mapped, folder)
			entries := regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(m[2], -1)
			for _, e := range entries {
				assert.True(t, declares(t, folder, e[1]), "%s: %s has no %s", name, folder, e[1])
			}
			assert.NotEmpty(t, entries, "%s: %s names where to start", name, folder)
		}
		for _, p := range packages(t) {
			if !suites.MatchString(p) {
				assert.Contains(t, mapped, p, name)
			}
		}
	}
}

// declares reports whether the package in a folder has an exported function, type or
// method of the name ("Goal" or "Goal.Breakdown").
func declares(t *testing.T, folder, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, folder, "*.go"))
	require.NoError(t, err)
	receiver, method, isMethod := strings.Cut(name, ".")
	pattern := `(?m)^(func ` + name + `\b|type ` + name + `\b)`
	if isMethod {
		pattern = `(?m)^func \(\w* ?\*?` + receiver + `(\[\w+\])?\) ` + method + `\b`
	}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		source, err := os.ReadFile(f)
		require.NoError(t, err)
		if regexp.MustCompile(pattern).Match(source) {
			return true
		}
	}
	return false
}

// Whoever looks for his shop's layout finds it, and finds none that is not there.
func TestREADMEListsEveryReadyMapping(t *testing.T) {
	var want []string
	for _, pattern := range []string{"*/mappings*/*.json", "*/*/mappings*/*.json"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		require.NoError(t, err)
		for _, file := range files {
			f, err := os.ReadFile(file)
			require.NoError(t, err)
			var m struct {
				Name string `json:"name"`
			}
			require.NoError(t, json.Unmarshal(f, &m))
			want = append(want, m.Name)
		}
	}
	for _, name := range readmes() {
		_, table, found := strings.Cut(read(t, name), "<!-- mappings -->\n")
		require.True(t, found, name)
		table, _, found = strings.Cut(table, "\n\n")
		require.True(t, found, name)
		var got []string
		for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(table, -1) {
			got = append(got, m[1])
		}
		assert.ElementsMatch(t, want, got, name)
	}
}

func TestREADMEMappingReadsOrders(t *testing.T) {
	for _, name := range readmes() {
		found := blocks(read(t, name), "json")
		require.Len(t, found, 1, name)
		var file struct {
			Orders sosyal.Mapping `json:"orders"`
		}
		require.NoError(t, json.Unmarshal([]byte(found[0]), &file))
		require.NoError(t, file.Orders.Validate())
		export := "No;Tarih;Müşteri;Ürün;Adet;Fiyat\n1;3.11.2026 14:05;m-7;KRM-1;2;1.250,50\n"
		for line, err := range audience.ReadOrders(strings.NewReader(export), "orders.csv", file.Orders) {
			require.NoError(t, err)
			assert.Equal(t, "1250.50 TRY", line.UnitPrice.String())
			assert.Equal(t, "2026-11-03T14:05:00+03:00", line.At.Format("2006-01-02T15:04:05Z07:00"))
		}
	}
}

func TestDocumentsLinkToWhatExists(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:]+)\)`)
	for _, name := range append(readmes(), "CHANGELOG.md", "ARCHITECTURE.md", "CONTRIBUTING.md") {
		for _, m := range link.FindAllStringSubmatch(read(t, name), -1) {
			_, err := os.Stat(filepath.Join(root, m[1]))
			assert.NoError(t, err, name)
		}
	}
}

func TestGoalsAreKeptInSQLite(t *testing.T) {
	db, err := sql.Open("sqlite", sqlstore.SQLiteDSN(filepath.Join(t.TempDir(), "shop.db")))
	require.NoError(t, err)
	defer func() { assert.NoError(t, db.Close()) }()
	goals, err := openGoals(t.Context(), db)
	require.NoError(t, err)
	goal := planning.Goal{
		ID: "g1", Brand: "lale", Name: "Ciro", Level: planning.Company, Objective: sosyal.Sales, Measure: planning.Revenue,
		Target: decimal.New(1_000_000, 0), Currency: "TRY", Period: sosyal.Month(2026, time.November),
	}
	require.NoError(t, goals.Write(t.Context(), "lale", sosyal.Create("g1", goal)))
	stored, err := goals.Load(t.Context(), "lale", "g1")
	require.NoError(t, err)
	assert.Equal(t, goal.ContentHash(), stored.Value.ContentHash())
}

func TestRunPlansTheFortnightInTurkish(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, quickstart.Run(t.Context(), &out))
	text := out.String()
	for _, line := range []string{
		`orders.csv:51: column "Sipariş Tarihi": at: must be a day that exists (got "31.09.2026 14:10")`,
		"37 alıcı, net ciro ₺74.614,40", "Şampiyonlar", "200 gönderi", "Kategori – Nasıl yapılır",
		"₺33.333,33", "₺16.666,67", "İçerik takvimi, sürüm 1: onaylandı", "16 gönderiden 16 tanesi yerleştirildi",
	} {
		assert.Contains(t, text, line)
	}
	row := regexp.MustCompile(`(?m)^  (\d+) Kasım 2026 +\S+ +\d\d:\d\d  (Instagram|Facebook) +.+?  +(.+)$`).FindAllStringSubmatch(text, -1)
	require.Len(t, row, 16)
	networks := map[string]int{}
	for _, r := range row {
		networks[r[2]]++
		assert.Equal(t, r[1] == "10", r[3] == "Atatürk'ü Anma Günü", "remembrance has its day to itself: %s", r[0])
		if r[3] == "11.11 alışveriş günü" {
			assert.Equal(t, "11", r[1])
		}
	}
	assert.Equal(t, map[string]int{"Instagram": 10, "Facebook": 6}, networks)
}

// The sum of the amounts is what the panel would show: worked out from the file
// by hand here, line by line.
func TestNetRevenueIsThatOfTheFile(t *testing.T) {
	source, err := os.ReadFile("orders.csv")
	require.NoError(t, err)
	net := decimal.Zero
	for line := range strings.Lines(string(source)) {
		cells := strings.Split(strings.TrimSpace(line), ";")
		if cells[2] != "Teslim Edildi" || strings.HasPrefix(cells[1], "31.09.") {
			continue // a header, cancelled, returned, or on a day that does not exist
		}
		price := strings.NewReplacer(".", "", ",", ".", " TL", "").Replace(cells[7])
		net = net.Add(decimal.RequireFromString(price).Mul(decimal.RequireFromString(cells[6])))
	}
	assert.Equal(t, "74614.4", net.String())
}

// Quick to read is part of being a quickstart.
func TestMainIsShort(t *testing.T) {
	f, err := os.Open("main.go")
	require.NoError(t, err)
	defer func() { assert.NoError(t, f.Close()) }()
	lines := 0
	for s := bufio.NewScanner(f); s.Scan(); {
		lines++
	}
	assert.Less(t, lines, 80)
}
