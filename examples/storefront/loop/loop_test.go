package loop_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	_ "modernc.org/sqlite"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/examples/storefront/loop"
	"github.com/yukselenler/sosyal/internal/realdatatest"
)

// results are the files that a month leaves behind.
func results() []string {
	return []string{"report.html", "calendar.ics", "calendar.csv", "budget.csv", "segments.csv"}
}

// small is a demo shop of a twentieth of the size.
func small(t *testing.T) loop.Options {
	t.Helper()
	return loop.Options{Out: filepath.Join(t.TempDir(), "out"), Scale: 0.05, NoVisuals: true}
}

func read(t *testing.T, o loop.Options, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(o.Out, name))
	require.NoError(t, err)
	return string(data)
}

// same compares long texts and shows where they part.
func same(t *testing.T, name, want, got string) {
	t.Helper()
	at := 0
	for at < min(len(want), len(got)) && want[at] == got[at] {
		at++
	}
	if want == got {
		return
	}
	show := func(s string) string { return s[max(0, at-80):min(len(s), at+160)] }
	assert.Fail(t, name+" differs", "at %d:\n%q\n%q", at, show(want), show(got))
}

// contents is everything in the database, table by table, row by row, apart
// from the moments at which rows were written.
func contents(t *testing.T, o loop.Options) map[string][]string {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(o.Out, "storefront.db"))
	require.NoError(t, err)
	defer db.Close() //nolint:errcheck // it was only read
	names := query(t, db, `select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name <> 'sosyal_schema' order by name`)
	out := map[string][]string{}
	for _, name := range names {
		out[name] = query(t, db, "select * from "+name+" order by 1, 2, 3")
	}
	return out
}

func query(t *testing.T, db *sql.DB, text string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), text)
	require.NoError(t, err)
	defer rows.Close() //nolint:errcheck // rows.Err is checked
	columns, err := rows.Columns()
	require.NoError(t, err)
	var out []string
	for rows.Next() {
		values := make([]sql.RawBytes, len(columns))
		into := make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		require.NoError(t, rows.Scan(into...))
		var line []string
		for _, v := range values {
			line = append(line, string(v))
		}
		out = append(out, strings.Join(line, "|"))
	}
	require.NoError(t, rows.Err())
	return out
}

// A run that is cut off anywhere is continued by the next one, and comes to what
// an uninterrupted run comes to: same files, same rows, nothing twice.
func TestCutOffAnywhere(t *testing.T) {
	whole := small(t)
	steps := 0
	require.NoError(t, loop.Run(t.Context(), whole.WithStop(func(string) error { steps++; return nil })))
	require.Greater(t, steps, 60, "one for each effect of each day")

	every := 9
	if testing.Short() || raceDetector {
		every = 40
	}
	cut := small(t)
	errCut := errors.New("cut off")
	runs := 0
	for finished := false; !finished; runs++ {
		require.Less(t, runs, steps+2, "every run gets further")
		left := every
		err := loop.Run(t.Context(), cut.WithStop(func(string) error {
			if left--; left < 0 {
				return errCut
			}
			return nil
		}))
		if err != nil {
			require.ErrorIs(t, err, errCut)
		}
		finished = err == nil
	}
	assert.Greater(t, runs, 1)
	for _, name := range results() {
		same(t, name, read(t, whole, name), read(t, cut, name))
	}
	want, got := contents(t, whole), contents(t, cut)
	for table := range want {
		same(t, table, strings.Join(want[table], "\n"), strings.Join(got[table], "\n"))
	}
}

// A finished month stays as it is. The next run goes on with the month after it,
// and asking for the finished one again changes nothing.
func TestGoesOnWithTheNextMonth(t *testing.T) {
	o := small(t)
	require.NoError(t, loop.Run(t.Context(), o))
	november := map[string]string{}
	for _, name := range results() {
		november[name] = read(t, o, name)
	}
	require.NoError(t, loop.Run(t.Context(), o))
	assert.Contains(t, read(t, o, "report.html"), "Aralık 2026")
	assert.NotContains(t, read(t, o, "calendar.csv"), "2026-11-")
	before := contents(t, o)

	again := o
	again.Month = "2026-11"
	require.NoError(t, loop.Run(t.Context(), again))
	for name, want := range november {
		same(t, name, want, read(t, o, name))
	}
	for table, rows := range contents(t, o) {
		same(t, table, strings.Join(before[table], "\n"), strings.Join(rows, "\n"))
	}
}

// In a world in which nothing has any effect the report claims none.
func TestNullWorld(t *testing.T) {
	o := small(t)
	o.Null = true
	o.Language = sosyal.English
	require.NoError(t, loop.Run(t.Context(), o))
	assert.Contains(t, read(t, o, "report.html"), "there is no evidence that it matters")
}

// Each planned feed post gets a picture in the size of its network.
func TestVisuals(t *testing.T) {
	o := small(t)
	o.NoVisuals = false
	require.NoError(t, loop.Run(t.Context(), o))
	files, err := filepath.Glob(filepath.Join(o.Out, "visuals", "*.jpg"))
	require.NoError(t, err)
	calendar := strings.Count(read(t, o, "calendar.csv"), "\r\n") - 1
	assert.Greater(t, len(files), calendar/2)
	assert.LessOrEqual(t, len(files), calendar)
	assert.Contains(t, read(t, o, "report.html"), "data:image/jpeg;base64,")
}

// Names as long as marketplaces make them shorten a headline and stop nothing.
func TestLongProductNames(t *testing.T) {
	o, _ := exportsOf(t, strings.ReplaceAll(orders(), ",p1,", ",Yoğun Nemlendirici Aloe Vera ve Hyalüronik Asit İçeren Gece Kremi Hassas Ciltler İçin 50 ml Vegan Formül,"))
	o.NoVisuals = false
	require.NoError(t, loop.Run(t.Context(), o))
	files, err := filepath.Glob(filepath.Join(o.Out, "visuals", "*.jpg"))
	require.NoError(t, err)
	assert.NotEmpty(t, files)
}

// gz writes a compressed file.
func gz(t *testing.T, path, text string) {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	require.NoError(t, os.WriteFile(path, b.Bytes(), 0o600))
}

const ordersHead = "order_id,ordered_at,customer_id,status,sku,product_category,quantity,unit_price,currency,city,utm_source,utm_medium,utm_campaign,coupon\n"

// orders is ten weeks of a small shop.
func orders() string {
	var b strings.Builder
	b.WriteString(ordersHead)
	for i := range 140 {
		fmt.Fprintf(&b, "o%d,2026-%02d-%02d 12:00:00,c%d,paid,p%d,cilt,1,%d.50,TRY,İzmir,instagram,social,x,\n", i, 8+i/56, 1+i/2%28, i%40, i%5, 100+i)
	}
	return b.String()
}

func posts() string {
	var b strings.Builder
	b.WriteString("Page total likes;Type;Category;Post Month;Post Weekday;Post Hour;Paid;Lifetime Post Total Reach;Lifetime Post Total Impressions;Lifetime Engaged Users;Lifetime Post Consumers;Lifetime Post Consumptions;Lifetime Post Impressions by people who have liked your Page;Lifetime Post reach by people who like your Page;Lifetime People who have liked your Page and engaged with your post;comment;like;share;Total Interactions\n")
	for i := range 60 {
		fmt.Fprintf(&b, "139441;Photo;%d;%d;%d;%d;0;%d;5091;178;109;159;3078;1640;119;4;%d;17;%d\n", 1+i%3, 1+i%9, 1+i%7, 9+i%10, 2000+i*17, 60+i, 81+i)
	}
	return b.String()
}

func exportsOf(t *testing.T, orderText string) (loop.Options, *bytes.Buffer) {
	t.Helper()
	folder := t.TempDir()
	gz(t, filepath.Join(folder, "orders.csv.gz"), orderText)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "posts.csv"), []byte(posts()), 0o600))
	var errs bytes.Buffer
	return loop.Options{
		Out: filepath.Join(folder, "out"), Orders: filepath.Join(folder, "orders.csv.gz"), Posts: filepath.Join(folder, "posts.csv"), Errors: &errs, NoVisuals: true,
	}, &errs
}

// Each bad line is one line with file, line and column; the good ones count.
func TestBadLines(t *testing.T) {
	bad := orders() + "x1,2026-10-01 10:00:00,c1,paid,p1,cilt,1,ucuz,TRY,İzmir,,,,\n" + "x2,2026-02-30 10:00:00,c1,paid,p1,cilt,1,5.00,TRY,İzmir,,,,\n"
	o, errs := exportsOf(t, bad)
	require.NoError(t, loop.Run(t.Context(), o))
	lines := strings.Split(strings.TrimSpace(errs.String()), "\n")
	require.Len(t, lines, 2)
	assert.Contains(t, lines[0], `orders.csv.gz:142: column "unit_price": `)
	assert.Contains(t, lines[1], `orders.csv.gz:143: column "ordered_at": `)
	assert.Contains(t, read(t, o, "report.html"), "okunamayan 2 satır")
	for _, name := range results() {
		assert.NotEmpty(t, read(t, o, name))
	}
}

// With -strict nothing at all is left behind but an empty database.
func TestStrict(t *testing.T) {
	o, _ := exportsOf(t, orders()+"x1,2026-10-01 10:00:00,c1,paid,p1,cilt,1,ucuz,TRY,İzmir,,,,\n")
	o.Strict = true
	require.ErrorIs(t, loop.Run(t.Context(), o), sosyal.ErrInvalid)
	files, err := os.ReadDir(o.Out)
	require.NoError(t, err)
	for _, f := range files {
		assert.Contains(t, f.Name(), "storefront.db")
	}
}

func TestRefuses(t *testing.T) {
	base := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(base, "other.csv"), []byte("a,b\n1,2\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(base, "mapping.json"), []byte(`{"siparis":{}}`), 0o600))
	for name, o := range map[string]loop.Options{
		"orders alone":      {Orders: "a.csv"},
		"ads alone":         {Ads: "a.csv"},
		"no such file":      {Orders: filepath.Join(base, "none.csv"), Posts: filepath.Join(base, "none.csv")},
		"unknown header":    {Orders: filepath.Join(base, "other.csv"), Posts: filepath.Join(base, "other.csv")},
		"unknown mapping":   {Orders: "a", Posts: "b", Mapping: filepath.Join(base, "mapping.json")},
		"no such month":     {Month: "2026-13"},
		"no such language":  {Language: "de"},
		"no such zone":      {Zone: "Mars"},
		"too large a scale": {Scale: 2},
	} {
		o.Out = filepath.Join(t.TempDir(), "out")
		require.Error(t, loop.Run(t.Context(), o), name)
	}
}

// A workbook is read like the CSV that it could have been saved as.
func TestXLSX(t *testing.T) {
	o, _ := exportsOf(t, orders())
	require.NoError(t, loop.Run(t.Context(), o))

	book := excelize.NewFile()
	for i, line := range strings.Split(strings.TrimSpace(orders()), "\n") {
		cells := []any{}
		for cell := range strings.SplitSeq(line, ",") {
			cells = append(cells, cell)
		}
		require.NoError(t, book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &cells))
	}
	sheet, _ := exportsOf(t, orders())
	sheet.Orders = filepath.Join(filepath.Dir(sheet.Orders), "orders.xlsx")
	require.NoError(t, book.SaveAs(sheet.Orders))
	require.NoError(t, loop.Run(t.Context(), sheet))
	assert.Equal(t, read(t, o, "segments.csv"), read(t, sheet, "segments.csv"))
	assert.Equal(t, read(t, o, "calendar.csv"), read(t, sheet, "calendar.csv"))
}

// A mapping file names the columns of an export that nothing ready fits.
func TestMapping(t *testing.T) {
	o, _ := exportsOf(t, strings.NewReplacer("order_id", "Belge", "unit_price", "Birim", "ordered_at", "Gün").Replace(orders()))
	require.Error(t, loop.Run(t.Context(), o), "no ready mapping fits")
	o.Mapping = filepath.Join(filepath.Dir(o.Orders), "mapping.json")
	require.NoError(t, os.WriteFile(o.Mapping, []byte(`{"orders":{"name":"own","zone":"Europe/Istanbul","decimal":".","columns":{
		"order":["Belge"],"at":["Gün"],"customer":["customer_id"],"quantity":["quantity"],"unit_price":["Birim"],"currency":["currency"],"product":["sku"]}}}`), 0o600))
	require.NoError(t, loop.Run(t.Context(), o))
}

// A month in the past is planned from what lay before it and played from what
// the export knows of it.
func TestReplayOfAPastMonth(t *testing.T) {
	o, _ := exportsOf(t, orders())
	o.Month = "2026-09"
	o.Language = sosyal.English
	require.NoError(t, loop.Run(t.Context(), o))
	page := read(t, o, "report.html")
	assert.Contains(t, page, "September 2026")
	assert.NotContains(t, page, "too early for a verdict", "its days are known")
}

// The two public data sets go through the whole loop.
func TestPublicData(t *testing.T) {
	o := loop.Options{
		Out: filepath.Join(t.TempDir(), "out"), Language: sosyal.English,
		Orders: realdatatest.Path(t, "online-retail/online_retail.csv.gz"), Posts: realdatatest.Path(t, "facebook-metrics/dataset_Facebook.csv"),
	}
	var errs bytes.Buffer
	o.Errors = &errs
	require.NoError(t, loop.Run(t.Context(), o))
	assert.Empty(t, errs.String(), "no line of them is bad")
	page := read(t, o, "report.html")
	assert.Contains(t, page, "541,909 lines, 25,900 orders, 4,372 customers, net £9,747,747.934")
	assert.Contains(t, page, "January 2012")
}

func TestCancelledRun(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.Error(t, loop.Run(ctx, small(t)))
}
