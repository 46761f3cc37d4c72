package tabular_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/tabular"
)

func turkish() sosyal.Mapping {
	return sosyal.Mapping{
		Name: "panel",
		Columns: map[string][]string{
			"order": {"Sipariş No"}, "city": {"Şehir", "İl"}, "price": {"Birim Fiyatı"}, "at": {"Tarih"}, "status": {"Durum"},
		},
		Values: map[string]map[string]string{"status": {"İptal Edildi": "cancelled"}},
		Zone:   "Europe/Istanbul", Currency: "TRY",
	}
}

const panel = "Sipariş No;Şehir;Birim Fiyatı;Tarih;Durum\n" +
	"1;Iğdır;\"1.250,50 TL\";3.11.2026 14:05;IPTAL EDILDI\n"

// rows reads everything, failing the test on any error.
func rows(t *testing.T, data string, m ...sosyal.Mapping) []map[string]string {
	t.Helper()
	r, err := tabular.Open(strings.NewReader(data), "file.csv", m, "order")
	require.NoError(t, err)
	var out []map[string]string
	for row, err := range r.Rows() {
		require.NoError(t, err)
		texts := map[string]string{}
		for field := range m[0].Columns {
			texts[field] = row.Text(field)
		}
		out = append(out, texts)
	}
	return out
}

func encoded(t *testing.T, e encoding.Encoding, text string) string {
	t.Helper()
	out, err := e.NewEncoder().String(text)
	require.NoError(t, err)
	return out
}

func zipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.String()
}

func TestOpenFindsOutHowAFileIsWritten(t *testing.T) {
	for name, data := range map[string]string{
		"UTF-8":              panel,
		"UTF-8 with mark":    "\ufeff" + panel,
		"UTF-16 LE":          encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), panel),
		"UTF-16 BE":          encoded(t, unicode.UTF16(unicode.BigEndian, unicode.UseBOM), panel),
		"windows-1254":       encoded(t, charmap.Windows1254, panel),
		"gzip":               zipped(t, panel),
		"gzip, windows-1254": zipped(t, encoded(t, charmap.Windows1254, panel)),
		"tabs":               strings.ReplaceAll(panel, ";", "\t"),
		"bars":               strings.ReplaceAll(panel, ";", "|"),
		"CRLF":               strings.ReplaceAll(panel, "\n", "\r\n"),
		"titles above":       "Rapor;\nÜretildi: 3.11.2026\n\n" + panel,
		"spreadsheet's sep":  "sep=;\n" + panel,
		"blank records":      panel + ";;;;\n\n",
		"header in capitals": strings.Replace(panel, "Sipariş No;Şehir", "SİPARİŞ NO; ŞEHİR ", 1),
	} {
		t.Run(name, func(t *testing.T) {
			got := rows(t, data, turkish())
			require.Len(t, got, 1)
			assert.Equal(t, map[string]string{
				"order": "1", "city": "Iğdır", "price": "1.250,50 TL", "at": "3.11.2026 14:05", "status": "cancelled",
			}, got[0])
		})
	}
}

func TestLegacyEncodingIsFoundFarIntoTheFile(t *testing.T) {
	plain := "order,city\n" + strings.Repeat("1,Ankara\n", 40_000)
	m := sosyal.Mapping{Name: "m", Columns: map[string][]string{"order": {"order"}, "city": {"city"}}}
	got := rows(t, encoded(t, charmap.Windows1254, plain+"2,Muğla\n"), m)
	assert.Equal(t, "Muğla", got[len(got)-1]["city"])
}

func TestDamagedUTF8IsAnErrorOfItsRecordOnly(t *testing.T) {
	m := turkish()
	r, err := tabular.Open(strings.NewReader("Sipariş No;Şehir\n1;Muğla\n2;Mu\xf0la\n3;Bolu\n"), "f.csv", []sosyal.Mapping{m}, "order")
	require.NoError(t, err)
	var good []string
	var bad []error
	for row, err := range r.Rows() {
		if err != nil {
			bad = append(bad, err)
			continue
		}
		good = append(good, row.Text("order"))
	}
	assert.Equal(t, []string{"1", "3"}, good)
	require.Len(t, bad, 1)
	assert.ErrorContains(t, bad[0], "f.csv:3: must be text in one encoding")
}

func TestOpenPicksTheMappingThatFits(t *testing.T) {
	small := sosyal.Mapping{Name: "small", Columns: map[string][]string{"order": {"Order"}}}
	large := sosyal.Mapping{Name: "large", Columns: map[string][]string{"order": {"Order"}, "city": {"City"}}}
	unfit := sosyal.Mapping{Name: "unfit", Columns: map[string][]string{"city": {"City"}, "at": {"At"}, "price": {"Price"}}}
	r, err := tabular.Open(strings.NewReader("City,Order,At,Price\n"), "f.csv", []sosyal.Mapping{small, large, unfit}, "order")
	require.NoError(t, err)
	assert.Equal(t, "large", r.Mapping().Name)
	twin := large
	twin.Name = "twin"
	r, err = tabular.Open(strings.NewReader("City,Order\n"), "f.csv", []sosyal.Mapping{large, twin}, "order")
	require.NoError(t, err)
	assert.Equal(t, "large", r.Mapping().Name, "the earlier of two that fit alike")
}

func TestOpenSaysWhatIsMissingAndWhatWasSeen(t *testing.T) {
	_, err := tabular.Open(strings.NewReader("City,Amount\nx,1\n"), "f.csv", []sosyal.Mapping{turkish()}, "order", "price|city")
	require.ErrorIs(t, err, sosyal.ErrInvalid)
	assert.EqualError(t, err, `f.csv: header: has no column for order, price|city (nearest mapping: panel) (got "City, Amount")`)
	_, err = tabular.Open(strings.NewReader(""), "f.csv", []sosyal.Mapping{turkish()}, "order")
	assert.ErrorContains(t, err, "the file is empty")
	_, err = tabular.Open(strings.NewReader(panel), "f.csv", nil, "order")
	assert.ErrorContains(t, err, "mapping: is required")
	_, err = tabular.Open(strings.NewReader("\x1f\x8bnot gzip"), "f.csv", []sosyal.Mapping{turkish()}, "order")
	assert.Error(t, err)
}

func TestConstantsStandInForColumns(t *testing.T) {
	m := sosyal.Mapping{Name: "m", Columns: map[string][]string{"order": {"o"}}, Constants: map[string]string{"year": "2014"}}
	r, err := tabular.Open(strings.NewReader("o\n1\n"), "f.csv", []sosyal.Mapping{m}, "order", "year")
	require.NoError(t, err)
	for row, err := range r.Rows() {
		require.NoError(t, err)
		year, err := row.Int("year")
		require.NoError(t, err)
		assert.Equal(t, int64(2014), year)
		assert.True(t, row.Has("year"))
		assert.False(t, row.Has("unmapped"))
	}
}

func TestRecords(t *testing.T) {
	m := sosyal.Mapping{Name: "m", Columns: map[string][]string{"order": {"order"}, "text": {"text"}, "last": {"last"}}}
	data := "order,text,last\n" + // line 1
		"1,\"two\nlines\",x\n" + // line 2 and 3
		"2,5\" screen,x\n" + // line 4
		"3\n" + // line 5: shorter
		"4,a,b,c\n" + // line 6: longer
		"=\"007\",\"a \"\"b\"\"\",x,\n" // line 7
	r, err := tabular.Open(strings.NewReader(data), "f.csv", []sosyal.Mapping{m}, "order")
	require.NoError(t, err)
	var got []string
	for row, err := range r.Rows() {
		if err != nil {
			bad, ok := errors.AsType[*sosyal.RowError](err)
			require.True(t, ok)
			got = append(got, bad.Error())
			continue
		}
		got = append(got, row.Text("order")+"|"+row.Text("text")+"|"+row.Text("last"))
	}
	assert.Equal(t, []string{
		"1|two\nlines|x", `2|5" screen|x`, "3||", `f.csv:6: must have at most 3 cells like the header (got "4")`, `007|a "b"|x`,
	}, got)
}

func TestRowsAreNumberedByLine(t *testing.T) {
	m := sosyal.Mapping{Name: "m", Columns: map[string][]string{"order": {"order"}}}
	r, err := tabular.Open(strings.NewReader("title\n\norder\n1\n\n2\n"), "f.csv", []sosyal.Mapping{m}, "order")
	require.NoError(t, err)
	var lines []int
	for row, err := range r.Rows() {
		require.NoError(t, err)
		lines = append(lines, row.Line())
	}
	assert.Equal(t, []int{4, 6}, lines)
}

func TestAQuoteThatNeverClosesStopsBeforeMemoryIsGone(t *testing.T) {
	m := sosyal.Mapping{Name: "m", Columns: map[string][]string{"order": {"order"}, "text": {"text"}}}
	data := "order,text\n1,\"open\n" + strings.Repeat("2,x\n", 6<<20)
	r, err := tabular.Open(strings.NewReader(data), "f.csv", []sosyal.Mapping{m}, "order")
	require.NoError(t, err)
	count := 0
	for _, err := range r.Rows() {
		count++
		assert.ErrorContains(t, err, "a quotation mark does not close")
	}
	assert.Equal(t, 1, count)
}

func TestALongFileIsNotALongRecord(t *testing.T) {
	m := sosyal.Mapping{Name: "m", Columns: map[string][]string{"order": {"order"}}}
	r, err := tabular.Open(strings.NewReader("order\n"+strings.Repeat("1234567890123456789\n", 1<<20)), "f.csv", []sosyal.Mapping{m}, "order")
	require.NoError(t, err)
	count := 0
	for _, err := range r.Rows() {
		require.NoError(t, err)
		count++
	}
	assert.Equal(t, 1<<20, count)
}

func TestTotalsBelowAReport(t *testing.T) {
	m := sosyal.Mapping{Name: "m", Columns: map[string][]string{"day": {"day"}, "spend": {"spend"}}}
	r, err := tabular.Open(strings.NewReader("day,spend\n2026-11-01,1\nTotal: account,1\n,1\nTOPLAM,1\n"), "f.csv", []sosyal.Mapping{m}, "day")
	require.NoError(t, err)
	var totals []bool
	for row, err := range r.Rows() {
		require.NoError(t, err)
		totals = append(totals, row.IsTotal())
	}
	assert.Equal(t, []bool{false, true, false, true}, totals)
}

// one reads a single cell under the mapping.
func one(t *testing.T, m sosyal.Mapping, cell string) tabular.Row {
	t.Helper()
	m.Name, m.Columns = "m", map[string][]string{"v": {"value"}, "c": {"currency"}}
	cell, currency, _ := strings.Cut(cell, "|")
	data := "value;currency\n\"" + strings.ReplaceAll(cell, `"`, `""`) + "\";" + currency + "\n"
	r, err := tabular.Open(strings.NewReader(data), "f.csv", []sosyal.Mapping{m}, "v")
	require.NoError(t, err)
	for row, err := range r.Rows() {
		require.NoError(t, err)
		kept := row
		return kept
	}
	t.Fatal("no record")
	return tabular.Row{}
}

// rule is which rule an error says was broken, without the value.
func rule(t *testing.T, err error) string {
	t.Helper()
	found := sosyal.FieldErrors(err)
	require.Len(t, found, 1)
	return found[0].Rule
}

func TestDecimal(t *testing.T) {
	for _, c := range []struct{ cell, mark, want string }{
		{"12", "", "12"},
		{"-12.5", "", "-12.5"},
		{"2.550", "", "is ambiguous: set decimal in the mapping"},
		{"2,550", "", "is ambiguous: set decimal in the mapping"},
		{"2.550", ".", "2.55"},
		{"2.550", ",", "2550"},
		{"2,550", ",", "2.55"},
		{"2,550", ".", "2550"},
		{"0.550", "", "0.55"},
		{"1234.567", "", "1234.567"},
		{"2.550,00", "", "2550"},
		{"2,550.00", "", "2550"},
		{"1.234.567", "", "1234567"},
		{"1,234,567", "", "1234567"},
		{"1 234,56", "", "1234.56"},
		{"1\u00a0234,56", "", "1234.56"},
		{"2.550,00 TL", "", "2550"},
		{"₺2.550,00", "", "2550"},
		{"-₺12,50", "", "-12.5"},
		{"₺-12,50", "", "-12.5"},
		{"(12,50)", "", "-12.5"},
		{"US$ 3.50", "", "3.5"},
		{"12,5 adet", "", "must be a number"},
		{"1,2,3", "", "must be a number"},
		{"1.23.4", "", "must be a number"},
		{"1e5", "", "must be a number"},
		{"NaN", "", "must be a number"},
		{"-", "", "must be a number"},
		{".5", "", "0.5"},
		{"123456789012345678901234.5", "", "123456789012345678901234.5"},
		{strings.Repeat("9", 100), "", "must be a number"},
	} {
		got, err := one(t, sosyal.Mapping{Decimal: c.mark}, c.cell).Decimal("v")
		if err != nil {
			assert.Equal(t, c.want, rule(t, err), c.cell)
			continue
		}
		assert.Equal(t, c.want, got.String(), c.cell)
	}
}

func TestIntFloatBool(t *testing.T) {
	n, err := one(t, sosyal.Mapping{}, "1.234.567").Int("v")
	require.NoError(t, err)
	assert.Equal(t, int64(1234567), n)
	_, err = one(t, sosyal.Mapping{}, "1.5").Int("v")
	assert.ErrorContains(t, err, `f.csv:2: column "value": v: must be a whole number (got "1.5")`)
	_, err = one(t, sosyal.Mapping{}, "9223372036854775808").Int("v")
	assert.ErrorContains(t, err, "must fit 64 bits")
	f, err := one(t, sosyal.Mapping{}, "0,25").Float("v")
	require.NoError(t, err)
	assert.InDelta(t, 0.25, f, 0)
	for cell, want := range map[string]bool{"Evet": true, "HAYIR": false, "1": true, "no": false} {
		b, err := one(t, sosyal.Mapping{}, cell).Bool("v")
		require.NoError(t, err, cell)
		assert.Equal(t, want, b, cell)
	}
	_, err = one(t, sosyal.Mapping{}, "belki").Bool("v")
	assert.ErrorContains(t, err, "must be yes or no")
	_, err = one(t, sosyal.Mapping{}, "|x").Bool("v")
	assert.ErrorContains(t, err, "is required")
}

func TestMoney(t *testing.T) {
	for _, c := range []struct{ cell, currency, want string }{
		{"2.550,00 TL", "", "2550.00 TRY"},
		{"12,50", "TRY", "12.50 TRY"},
		{"12,50|EUR", "TRY", "12.50 EUR"},
		{"12,50|tl", "", "12.50 TRY"},
		{"€12.50", "", "12.50 EUR"},
		{"$12.50", "CAD", "12.50 CAD"},
		{"$12.50", "", "sign of several currencies"},
		{"$12.50", "TRY", "must be in TRY"},
		{"€12.50", "TRY", "must be in TRY"},
		{"12.50", "", "has no currency"},
		{"12.50|XXQ", "", "must be in a currency of ISO 4217"},
		{"8.911", "GBP", "is ambiguous"},
	} {
		m, err := one(t, sosyal.Mapping{Currency: c.currency}, c.cell).Money("v", "c")
		if err != nil {
			assert.Contains(t, rule(t, err), c.want, c.cell)
			continue
		}
		assert.Equal(t, c.want, m.String(), c.cell)
	}
}

func TestTime(t *testing.T) {
	for _, c := range []struct{ cell, want string }{
		{"2026-11-03", "2026-11-02T21:00:00Z"},
		{"2026-11-03 14:05", "2026-11-03T11:05:00Z"},
		{"2026-11-03T14:05:06", "2026-11-03T11:05:06Z"},
		{"2026-11-03T14:05:06.25", "2026-11-03T11:05:06.25Z"},
		{"2026-11-03T14:05:00+03:00", "2026-11-03T11:05:00Z"},
		{"2026-11-03T14:05:00Z", "2026-11-03T14:05:00Z"},
		{"2026-11-03 14:05:00 -0500", "2026-11-03T19:05:00Z"},
		{"2026-11-03 14:05:00 UTC", "2026-11-03T14:05:00Z"},
		{"2026/11/03 14:05", "2026-11-03T11:05:00Z"},
		{"3.11.2026", "2026-11-02T21:00:00Z"},
		{"03/11/2026 14:05", "2026-11-03T11:05:00Z"},
		{"3.11.2026 - 14:05", "2026-11-03T11:05:00Z"},
		{"3-11-2026, 14:05", "2026-11-03T11:05:00Z"},
		{"3 Kasım 2026 14:05", "2026-11-03T11:05:00Z"},
		{"03 KASIM 2026", "2026-11-02T21:00:00Z"},
		{"3 Ağu 2026", "2026-08-02T21:00:00Z"},
		{"Nov 3, 2026 2:05 PM", "2026-11-03T11:05:00Z"},
		{"3 Nov 2026 12:05 AM", "2026-11-02T21:05:00Z"},
		{"11/23/2026", "day before the month"},
		{"3.11", "no year"},
		{"3 Kasım", "no year"},
		{"3 Kasım 14:05", "no year"},
		{"3.11.26", "no year"},
		{"31.11.2026", "day that exists"},
		{"29.2.2026", "day that exists"},
		{"2026-11-03 25:00", "time of day"},
		{"2026-11-03 14:5x", "must end in an offset"},
		{"2026-11-03 13:00 PM", "time of day"},
		{"46329", "must be a date"},
		{"dün", "must be a date"},
		{"2026-11-03x", "must be a date"},
	} {
		at, err := one(t, sosyal.Mapping{Zone: "Europe/Istanbul"}, c.cell).Time("v")
		if err != nil {
			assert.Contains(t, rule(t, err), c.want, c.cell)
			continue
		}
		assert.Equal(t, c.want, at.UTC().Format(time.RFC3339Nano), c.cell)
	}
}

func TestTimeNeedsAZone(t *testing.T) {
	_, err := one(t, sosyal.Mapping{}, "2026-11-03 14:05").Time("v")
	assert.ErrorContains(t, err, "has no time zone: set zone in the mapping")
	at, err := one(t, sosyal.Mapping{}, "2026-11-03 14:05 +03:00").Time("v")
	require.NoError(t, err)
	assert.Equal(t, 14, at.Hour(), "the offset is kept")
	day, err := one(t, sosyal.Mapping{}, "3.11.2026 23:30").Date("v")
	require.NoError(t, err)
	assert.Equal(t, "2026-11-03", day.String())
}

func TestTimeInTheGapAndTheOverlapOfAZone(t *testing.T) {
	london := sosyal.Mapping{Zone: "Europe/London"}
	at, err := one(t, london, "2026-03-29 01:30").Time("v")
	require.NoError(t, err)
	assert.Equal(t, "2026-03-29T01:30:00Z", at.UTC().Format(time.RFC3339), "01:30 is skipped and becomes 02:30 summer time")
	at, err = one(t, london, "2026-10-25 01:30").Time("v")
	require.NoError(t, err)
	assert.Equal(t, "2026-10-25T00:30:00Z", at.UTC().Format(time.RFC3339), "the first of two")
}

func TestTimeInTheMappingsLayouts(t *testing.T) {
	american := sosyal.Mapping{Zone: "Europe/London", Dates: []string{"1/2/2006 15:04", "1/2/2006"}}
	at, err := one(t, american, "12/1/2010 8:26").Time("v")
	require.NoError(t, err)
	assert.Equal(t, "2010-12-01T08:26:00Z", at.UTC().Format(time.RFC3339))
	_, err = one(t, american, "2010-12-01").Time("v")
	assert.ErrorContains(t, err, "one of the mapping's layouts")
	_, err = one(t, sosyal.Mapping{Zone: "Europe/London", Dates: []string{"2/1"}}, "3/11").Time("v")
	assert.ErrorContains(t, err, "has no year")

	excel := sosyal.Mapping{Zone: "Europe/Istanbul", Dates: []string{"excel"}}
	// 46329 is 2026-11-03 by the spreadsheets' own DATEVALUE.
	at, err = one(t, excel, "46329,586805556").Time("v")
	require.NoError(t, err)
	assert.Equal(t, "2026-11-03T11:05:00Z", at.UTC().Format(time.RFC3339))
	_, err = one(t, excel, "60").Time("v")
	assert.Error(t, err, "29 February 1900 never was")
}

func TestFailLeavesPersonalValuesOut(t *testing.T) {
	row := one(t, sosyal.Mapping{}, "ayse@example.com")
	assert.NotContains(t, row.FailPersonal("v", "must be an address").Error(), "ayse")
	assert.Contains(t, row.Fail("v", "must be an address").Error(), "ayse")
}
