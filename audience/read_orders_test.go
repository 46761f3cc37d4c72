package audience_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// read returns the lines and the messages of what could not be read.
func read(data string, m sosyal.Mapping) (lines []audience.OrderLine, messages []string) {
	for l, err := range audience.ReadOrders(strings.NewReader(data), "orders.csv", m) {
		if err != nil {
			messages = append(messages, err.Error())
			continue
		}
		lines = append(lines, l)
	}
	return lines, messages
}

const shopify = `Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Discount Code,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing City,Billing Country,Cancelled at,Refunded Amount
#1001,Ayse@Example.com,partially_refunded,2026-11-03 14:06:00 +0300,fulfilled,TRY,250.00,HOSGELDIN10,25.00,2026-11-03 14:05:00 +0300,2,Serum,100.00,SER-1,İzmir,TR,,40.00
#1001,,,,,,,,,2026-11-03 14:05:00 +0300,1,Krem,75.00,KRM-1,,,,
#1002,veli@example.com,paid,,,TRY,50.00,,0.00,2026-11-03 15:00:00 +0300,1,Krem,50.00,KRM-1,Bolu,TR,2026-11-04 09:00:00 +0300,50.00
#1003,ayse@example.com ,refunded,,,TRY,50.00,,0.00,2026-11-05 15:00:00 +0300,1,Krem,50.00,KRM-1,Bolu,TR,,50.00
`

func TestReadShopifyOrders(t *testing.T) {
	lines, messages := read(shopify, sosyal.Mapping{})
	require.Empty(t, messages)
	require.Len(t, lines, 5)

	first := lines[0]
	assert.Equal(t, "#1001", first.Order)
	assert.Equal(t, audience.Paid, first.Status)
	assert.Equal(t, "2026-11-03T11:05:00Z", first.At.UTC().Format(time.RFC3339))
	assert.Equal(t, "100.00 TRY", first.UnitPrice.String())
	assert.Equal(t, "25.00 TRY", first.Discount.String())
	assert.Equal(t, "HOSGELDIN10", first.Coupon)
	assert.Equal(t, 2, first.Line)

	refund := lines[1]
	assert.Equal(t, audience.Returned, refund.Status)
	assert.Equal(t, "-1", refund.Quantity.String())
	assert.Equal(t, "40.00 TRY", refund.UnitPrice.String())
	assert.Empty(t, refund.Product)

	second := lines[2]
	assert.Equal(t, audience.Paid, second.Status, "taken over from the order's first line")
	assert.Equal(t, first.Customer, second.Customer)
	assert.Equal(t, "75.00 TRY", second.UnitPrice.String())
	assert.Equal(t, "İzmir", second.City)
	assert.True(t, second.Discount.IsZero(), "the order's discount counts once")

	assert.Equal(t, audience.Cancelled, lines[3].Status, "cancelled whatever was paid")
	assert.Equal(t, audience.Returned, lines[4].Status)
	assert.Equal(t, first.Customer, lines[4].Customer, "addresses are compared without case and spaces")
	assert.NotContains(t, string(first.Customer), "ayse")

	book := audience.NewOrderBook(nil)
	for _, l := range lines {
		require.NoError(t, book.Add(l))
	}
	assert.Equal(t, "210.00 TRY", book.Totals().Net.String(), "2 x 100 + 75 - 25 off - 40 back")
	assert.Equal(t, 1, book.Totals().Sales.Orders)
}

const trendyol = "Barkod;Paket No;Sipariş Tarihi;Sipariş Numarası;Alıcı;İl;Ürün Adı;Sipariş Statüsü;E-Posta;Stok Kodu;Adet;Birim Fiyatı;Satış Tutarı;İndirim Tutarı\n" +
	"869;1;03.11.2026 14:05;900;A** B**;Iğdır;Krem;Teslim Edildi;pf+1@trendyolmail.com;KRM-1;2;1.250,50;2.501,00;1,00\n" +
	"869;2;03.11.2026 15:05;901;C** D**;Muş;Krem;İade Edildi;pf+2@trendyolmail.com;KRM-1;1;1.250,50;1.250,50;0\n"

func TestReadTrendyolOrdersInWindows1254(t *testing.T) {
	legacy, err := charmap.Windows1254.NewEncoder().String(trendyol)
	require.NoError(t, err)
	for _, data := range []string{trendyol, legacy} {
		lines, messages := read(data, sosyal.Mapping{})
		require.Empty(t, messages)
		require.Len(t, lines, 2)
		assert.Equal(t, "Iğdır", lines[0].City)
		assert.Equal(t, "1250.50 TRY", lines[0].UnitPrice.String())
		assert.Equal(t, "2026-11-03T11:05:00Z", lines[0].At.UTC().Format(time.RFC3339))
		net, err := lines[0].Net()
		require.NoError(t, err)
		assert.Equal(t, "2500.00 TRY", net.String())
		assert.Equal(t, audience.Returned, lines[1].Status)
	}
}

func TestReadOrdersTellsExportsApart(t *testing.T) {
	ready, err := audience.Mappings()
	require.NoError(t, err)
	require.Len(t, ready, 6)
	for _, m := range ready {
		assert.NotEmpty(t, m.Source, m.Name)
		assert.NotEmpty(t, m.AsOf, m.Name)
		// A header that holds the mapping's first choice of every column must
		// lead back to it, not to another panel's mapping: the status tells.
		var headers []string
		cells := map[string]string{"order": "C1", "at": "2026-11-03 14:05:00", "quantity": "1", "unit_price": "1.5", "currency": "EUR"}
		var values []string
		for field, names := range m.Columns {
			headers = append(headers, names[0])
			value := cells[field]
			for code := range m.Values[field] {
				value = code
				break
			}
			if field == "status" && value == "" {
				value = "paid"
			}
			if field == "email" {
				value = "a@example.com"
			}
			values = append(values, value)
		}
		if m.Zone == "" {
			values = append([]string(nil), values...)
			for i, v := range values {
				values[i] = strings.Replace(v, "14:05:00", "14:05:00 +0300", 1)
			}
		}
		data := strings.Join(headers, "|") + "\n" + strings.Join(values, "|") + "\n"
		lines, messages := read(data, sosyal.Mapping{})
		assert.Empty(t, messages, m.Name)
		assert.Len(t, lines, 1, m.Name)
	}
}

func TestADiscountWithAMinusIsADiscount(t *testing.T) {
	lines, messages := read(strings.Replace(shopify, "HOSGELDIN10,25.00", "HOSGELDIN10,-25.00", 1), sosyal.Mapping{})
	require.Empty(t, messages)
	assert.Equal(t, "25.00 TRY", lines[0].Discount.String())
}

func TestABadRecordPassesNothingOn(t *testing.T) {
	// The order's second line must not take over from the line before the bad
	// one, which says something else.
	second := "#1001,,,,,,,,,2026-11-03 14:05:00 +0300,1,Krem,75.00,KRM-1,,,,\n"
	bad := "#1001,,paid,,,,,,,2026-11-03 14:05:00 +0300,bir,Krem,75.00,KRM-1,,,,\n"
	lines, messages := read(strings.Replace(shopify, second, bad+second, 1), sosyal.Mapping{})
	assert.Len(t, lines, 4)
	assert.Len(t, messages, 2, "the bad line and the one that needs it")
}

func TestReadOrdersReportsBadRecordsAndGoesOn(t *testing.T) {
	data := "order_id,ordered_at,customer_id,status,sku,product_category,quantity,unit_price,currency\n" +
		"S1,2026-11-03 10:00:00,c1,paid,p,k,1,10.00,TRY\n" +
		",2026-11-03 10:00:00,c1,paid,p,k,1,10.00,TRY\n" +
		"S2,03.11.2026,c1,paid,p,k,1,10.00,TRY\n" +
		"S3,2026-11-03 10:00:00,c1,paid,p,k,bir,10.00,TRY\n" +
		"S4,2026-11-03 10:00:00,c1,paid,p,k,1,10.00,KURUS\n" +
		"S5,2026-11-03 10:00:00,c1,sent,p,k,1,10.00,TRY\n" +
		"S6,2026-11-03 10:00:00,c1,,p,k,1,10.00,TRY\n" +
		"S7,1926-11-03 10:00:00,c1,paid,p,k,1,10.00,TRY\n" +
		"S8,2026-11-03 10:00:00,c1,paid,p,k,1,10.00,TRY\n"
	lines, messages := read(data, sosyal.Mapping{})
	require.Len(t, lines, 2)
	assert.Equal(t, "S8", lines[1].Order)
	assert.Equal(t, []string{
		`orders.csv:3: column "order_id": order: is required`,
		`orders.csv:4: column "ordered_at": at: must be a date in one of the mapping's layouts (got "03.11.2026")`,
		`orders.csv:5: column "quantity": quantity: must be a number (got "bir")`,
		`orders.csv:6: column "currency": currency: must be in a currency of ISO 4217 (got "KURUS")`,
		`orders.csv:7: column "status": status: must be paid, pending, cancelled or returned, or be translated by the mapping's values (got "sent")`,
		`orders.csv:8: column "status": status: is required`,
		`orders.csv:9: column "ordered_at": at: must lie between 1990 and 2100 (got "1926-11-03 10:00:00")`,
	}, messages)
}

func TestReadOrdersKeepsPersonalDataOutOfMessages(t *testing.T) {
	_, messages := read(strings.Replace(shopify, "Ayse@Example.com", "Ayşe Yılmaz", 1), sosyal.Mapping{})
	require.NotEmpty(t, messages)
	assert.NotContains(t, strings.Join(messages, ""), "Ayşe")
	assert.Contains(t, messages[0], `column "Email"`)
}

func TestReadOrdersOfAFileThatFitsNothing(t *testing.T) {
	lines, messages := read("a,b\n1,2\n", sosyal.Mapping{})
	assert.Empty(t, lines)
	require.Len(t, messages, 1)
	assert.Contains(t, messages[0], "orders.csv: header: has no column for order")
	var err error
	for _, err = range audience.ReadOrders(strings.NewReader(""), "orders.csv", sosyal.Mapping{}) {
		require.Error(t, err)
	}
	assert.ErrorIs(t, err, sosyal.ErrInvalid)
}

// A misspelled field would lose its column without a word: all customers, say.
func TestReadOrdersRefusesAFieldThatItDoesNotKnow(t *testing.T) {
	m := sosyal.Mapping{Name: "mine", Columns: map[string][]string{
		"order": {"No"}, "at": {"Date"}, "quantity": {"Pieces"}, "unit_price": {"Price"}, "costumer": {"Buyer"},
	}}
	export := "No,Date,Pieces,Price,Buyer\n1,2026-10-01 10:00,1,5.00,c1\n"
	lines, messages := read(export, m)
	assert.Empty(t, lines)
	require.Len(t, messages, 1)
	assert.Contains(t, messages[0], "orders.csv: mapping.columns.costumer: must be one of currency, ")
	assert.Contains(t, messages[0], "customer, ")

	m.Columns["customer"], m.Currency, m.Zone = m.Columns["costumer"], "TRY", "Europe/Istanbul"
	delete(m.Columns, "costumer")
	lines, messages = read(export, m)
	assert.Empty(t, messages)
	require.Len(t, lines, 1)
	assert.Equal(t, sosyal.PersonID("c1"), lines[0].Customer)
}

func TestReadOrdersStopsWhenAskedTo(t *testing.T) {
	n := 0
	for _, err := range audience.ReadOrders(strings.NewReader(shopify), "orders.csv", sosyal.Mapping{}) {
		require.NoError(t, err)
		n++
		break
	}
	assert.Equal(t, 1, n)
}

// FuzzReadOrders holds any file under any ready mapping to lines that are valid
// and to errors with a place.
func FuzzReadOrders(f *testing.F) {
	ready, err := audience.Mappings()
	if err != nil {
		f.Fatal(err)
	}
	for i := range ready {
		f.Add(i, shopify)
		f.Add(i, trendyol)
		f.Add(i, "invoice_no,stock_code,quantity,invoice_date,unit_price,customer_id,country\nC1,a,-1,2010-12-01 08:26:00,2.55,1,UK\n")
	}
	f.Fuzz(func(t *testing.T, which int, data string) {
		m := ready[uint(which)%uint(len(ready))]
		for l, err := range audience.ReadOrders(strings.NewReader(data), "f.csv", m) {
			if err != nil {
				if bad, ok := errors.AsType[*sosyal.RowError](err); ok && bad.Line < 2 {
					t.Fatalf("error above the first record: %v", err)
				}
				continue
			}
			if err := l.Validate(); err != nil {
				t.Fatalf("line %+v: %v", l, err)
			}
		}
	})
}
