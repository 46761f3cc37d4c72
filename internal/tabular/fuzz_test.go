package tabular_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/realdatatest"
	"github.com/yukselenler/sosyal/internal/tabular"
)

// FuzzOpen holds any file to: no panic, errors with a line of the file, and an
// end.
func FuzzOpen(f *testing.F) {
	f.Add([]byte(panel))
	f.Add([]byte("Sipariş No;Tarih;Birim Fiyatı\n1;3.11.2026 14:05;1.234\n\"2;;"))
	f.Add([]byte("\xff\xfeS\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := tabular.Open(bytes.NewReader(data), "f.csv", []sosyal.Mapping{turkish()}, "order")
		if err != nil {
			return
		}
		for row, err := range r.Rows() {
			if err != nil {
				continue
			}
			if row.Line() < 2 {
				t.Fatalf("record on line %d, above the header", row.Line())
			}
			_, failed := row.Time("at")
			check(t, failed)
			m, failed := row.Money("price", "")
			check(t, failed)
			if failed == nil && m.Currency() != "TRY" {
				t.Fatalf("price in %q", m.Currency())
			}
		}
	})
}

func check(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	bad, ok := errors.AsType[*sosyal.RowError](err)
	if !ok || bad.Line < 2 || bad.Column == "" && !strings.Contains(err.Error(), "required") {
		t.Fatalf("error without a place: %v", err)
	}
}

// FuzzDecimal writes numbers in each convention and reads them back.
func FuzzDecimal(f *testing.F) {
	f.Add(int64(255000), int32(2))
	f.Add(int64(-1), int32(0))
	f.Fuzz(func(t *testing.T, units int64, places int32) {
		places = (places%6 + 6) % 6
		want := decimal.New(units, -places)
		for mark, c := range map[string]sosyal.Convention{".": sosyal.PointDecimal, ",": sosyal.CommaDecimal} {
			text := sosyal.FormatDecimal(want, places, c)
			for _, given := range []string{mark, ""} {
				got, err := one(t, sosyal.Mapping{Decimal: given}, text).Decimal("v")
				if given == "" && err != nil && strings.Contains(err.Error(), "ambiguous") {
					continue // that is what it is there for
				}
				if err != nil || !got.Equal(want) {
					t.Fatalf("%s with mark %q read as %s, %v", text, given, got, err)
				}
			}
		}
	})
}

func BenchmarkRows(b *testing.B) {
	m := sosyal.Mapping{
		Name: "uci", Decimal: ".", Zone: "Europe/London", Currency: "GBP",
		Columns: map[string][]string{"order": {"invoice_no"}, "at": {"invoice_date"}, "quantity": {"quantity"}, "price": {"unit_price"}},
	}
	for b.Loop() {
		r, err := tabular.Open(realdatatest.Open(b, "online-retail/online_retail.csv.gz"), "uci", []sosyal.Mapping{m}, "order")
		if err != nil {
			b.Fatal(err)
		}
		lines := 0
		for row, err := range r.Rows() {
			if err != nil {
				b.Fatal(err)
			}
			if _, err := row.Time("at"); err != nil {
				b.Fatal(err)
			}
			if _, err := row.Int("quantity"); err != nil {
				b.Fatal(err)
			}
			if _, err := row.Money("price", ""); err != nil {
				b.Fatal(err)
			}
			lines++
		}
		b.ReportMetric(float64(lines), "lines")
	}
}
