package audience_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// An export in a layout of one's own is read with a mapping; a bad record is an
// error of its own and reading goes on.
func ExampleReadOrders() {
	export := strings.NewReader("Nr;Tarih;Müşteri;Ürün;Adet;Fiyat\n" +
		"1;3.11.2026 14:05;m-7;KRM-1;2;1.250,50 TL\n" +
		"2;31.11.2026;m-8;KRM-1;1;1.250,50 TL\n" +
		"3;4.11.2026 9:30;m-7;SER-2;1;899,90 TL\n")
	mapping := sosyal.Mapping{
		Name: "own-shop",
		Columns: map[string][]string{
			"order": {"Nr"}, "at": {"Tarih"}, "customer": {"Müşteri"}, "product": {"Ürün"}, "quantity": {"Adet"}, "unit_price": {"Fiyat"},
		},
		Zone: "Europe/Istanbul",
	}
	book := audience.NewOrderBook(nil)
	for line, err := range audience.ReadOrders(export, "orders.csv", mapping) {
		if err == nil {
			err = book.Add(line)
		}
		if err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(book.Totals().Sales.Orders, "orders,", book.Totals().Net)
	// Output:
	// orders.csv:3: column "Tarih": at: must be a day that exists (got "31.11.2026")
	// 2 orders, 3400.90 TRY
}

// A book nets out what came back and knows what each customer bought.
func ExampleOrderBook() {
	price, _ := sosyal.NewMoney(decimal.RequireFromString("200"), "TRY")
	sold := audience.OrderLine{
		Order: "1", Customer: "m-7", Status: audience.Paid, At: time.Date(2026, time.November, 3, 12, 0, 0, 0, time.UTC),
		Quantity: decimal.New(3, 0), UnitPrice: price, UTM: sosyal.UTM{Campaign: "autumn"},
	}
	back := sold
	back.Order, back.Status, back.Quantity = "1-R", audience.Returned, decimal.New(-1, 0)

	book := audience.NewOrderBook(time.UTC)
	for _, line := range []audience.OrderLine{sold, back} {
		if err := book.Add(line); err != nil {
			fmt.Println(err)
		}
	}
	for p := range book.Customers() {
		fmt.Println(p.Customer, p.Orders, "order, gross", p.Gross, "net", p.Net)
	}
	fmt.Println(book.Campaign("autumn", sosyal.Month(2026, time.November)).Net)
	// Output:
	// m-7 1 order, gross 600.00 TRY net 400.00 TRY
	// 400.00 TRY
}

// The rhythm of the week paces a budget.
func ExampleOrderBook_WeekRhythm() {
	price, _ := sosyal.NewMoney(decimal.New(10, 0), "TRY")
	book := audience.NewOrderBook(time.UTC)
	for d := range 70 { // ten weeks with twice as many orders on Fridays
		at := time.Date(2026, time.July, 1+d, 12, 0, 0, 0, time.UTC)
		orders := 6
		if at.Weekday() == time.Friday {
			orders = 12
		}
		for n := range orders {
			_ = book.Add(audience.OrderLine{
				Order: fmt.Sprint(d, "-", n), Status: audience.Paid, At: at, Quantity: decimal.New(1, 0), UnitPrice: price,
			})
		}
	}
	rhythm, err := book.WeekRhythm()
	fmt.Printf("Friday %.2f, Monday %.2f, %v\n", rhythm.Of(time.Friday), rhythm.Of(time.Monday), err)
	// Output: Friday 1.68, Monday 0.89, <nil>
}

// Any division of customers can be described; small groups are not shown.
func ExampleDescribe() {
	spent, _ := sosyal.NewMoney(decimal.New(150, 0), "TRY")
	var customers []audience.Purchases
	for i := range 40 {
		customers = append(customers, audience.Purchases{Orders: 1 + i%4, Net: spent, Last: date.New(2026, 10, 1+i%10)})
	}
	regulars := audience.Definition{ID: "regulars", Name: "Regulars", Kind: audience.ListSegment}
	segments, err := audience.Describe(slices.Values(customers), date.New(2026, 11, 1), []audience.Definition{regulars},
		func(p audience.Purchases) []int {
			if p.Orders >= 3 {
				return []int{0}
			}
			return nil
		}, audience.DescribeOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	s := segments[0]
	fmt.Printf("%d of %d, %.0f%% to %.0f%%, %s\n", s.Size, s.Base, s.ShareLow*100, s.ShareHigh*100, s.Revenue)
	catalogue := sosyal.NewCatalogue(sosyal.Turkish, audience.Messages(sosyal.Turkish))
	fmt.Println(catalogue.Text(s.Reasons[0]))
	// Output:
	// 20 of 40, 35% to 65%, 3000.00 TRY
	// 20 müşteri (payı %50,0), cirodaki payı %50,0.
}

func ExampleWriteSegments() {
	segments := []audience.Segment{{
		Definition: audience.Definition{ID: "vip", Name: "VIP", Kind: audience.ListSegment},
		AsOf:       date.New(2026, 11, 1), Base: 400, Suppressed: true,
	}}
	var csv strings.Builder
	err := audience.WriteSegments(&csv, segments, sosyal.NewCatalogue(sosyal.English))
	fmt.Println(strings.ReplaceAll(csv.String(), "\r\n", "\n"), err)
	// Output:
	// segment,name,kind,as_of,base,customers,share,share_low,share_high,revenue,currency,revenue_share,value_index,orders,average_order,orders_per_customer,days_since_last,categories,fit,suppressed,reasons
	// vip,VIP,list,2026-11-01,400,,,,,,,,,,,,,,,true,
	//  <nil>
}

// Unknown is not granted, and a general grant does not undo a refusal.
func ExampleGranted() {
	said := func(d int, c audience.Channel, s audience.ConsentStatus) audience.Consent {
		return audience.Consent{
			Purpose: audience.Marketing, Channel: c, Status: s, Source: "shop", TextVersion: "2026-01",
			At: time.Date(2026, time.January, d, 0, 0, 0, 0, time.UTC),
		}
	}
	consents := []audience.Consent{
		said(1, audience.SMS, audience.ConsentDenied), said(2, audience.AnyChannel, audience.ConsentGranted),
	}
	now := time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	fmt.Println(audience.Granted(nil, audience.Marketing, audience.Email, now))
	fmt.Println(audience.Granted(consents, audience.Marketing, audience.Email, now))
	fmt.Println(audience.Granted(consents, audience.Marketing, audience.SMS, now))
	// Output:
	// false
	// true
	// false
}

func ExampleParseRule() {
	rule, err := audience.ParseRule([]byte(`{"version": 1, "rule": {"all": [
		{"count": {"of": "order", "is": "at_least", "value": 2, "days": 90}},
		{"interest": ["skincare"]},
		{"not": {"in_group": ["dormant"]}}]}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	program, err := rule.Compile(audience.Env{
		Brand: "shop", Now: time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC), Zone: time.UTC,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ordered := time.Date(2026, time.October, 1, 20, 0, 0, 0, time.UTC)
	fmt.Println(program.Matches(audience.Customer{
		ID: "m-7", Interests: []string{"skincare"}, Group: "active",
		Events: []audience.Event{{Name: audience.Order, At: ordered}, {Name: audience.Order, At: ordered.AddDate(0, 0, 9)}},
	}))
	// Output: true <nil>
}
