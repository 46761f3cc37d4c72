package sosyal_test

import (
	"fmt"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// A monthly sum is divided over three networks without losing a kuruş.
func ExampleMoney_Split() {
	total, err := sosyal.NewMoney(decimal.RequireFromString("10000.00"), "TRY")
	if err != nil {
		fmt.Println(err)
		return
	}
	parts, err := total.Split(decimal.NewFromInt(1), decimal.NewFromInt(1), decimal.NewFromInt(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, part := range parts {
		fmt.Println(part, part.Format(sosyal.Turkish))
	}
	// Output:
	// 3333.34 TRY ₺3.333,34
	// 3333.33 TRY ₺3.333,33
	// 3333.33 TRY ₺3.333,33
}

// An amount is read the way a Turkish shop writes it.
func ExampleParseMoney() {
	m, err := sosyal.ParseMoney("2.550,00 TL", "TRY", sosyal.Turkish)
	fmt.Println(m, err)
	_, err = sosyal.ParseMoney("2,550.00", "TRY", sosyal.Turkish)
	fmt.Println(err)
	// Output:
	// 2550.00 TRY <nil>
	// amount: must be an amount of TRY like 1.234,56 (got "2,550.00")
}

// 02:30 does not exist on the night the clocks go forward.
func ExampleWallTime_On() {
	newYork, err := sosyal.LoadZone("America/New_York")
	if err != nil {
		fmt.Println(err)
		return
	}
	halfPastTwo, _ := sosyal.ParseWallTime("02:30")
	fmt.Println(halfPastTwo.On(date.New(2026, time.March, 8), newYork))
	// Output: 2026-03-08 03:30:00 -0400 EDT
}

// Eight working hours from Friday afternoon end on Monday.
func ExampleOpenHours_After() {
	hours := sosyal.WeekdayHours("Europe/Istanbul", 9*3600, 18*3600)
	friday := time.Date(2026, 11, 6, 13, 0, 0, 0, time.UTC) // 16:00 in Istanbul
	due, err := hours.After(friday, 8*time.Hour)
	fmt.Println(due, err)
	// Output: 2026-11-09 15:00:00 +0300 +03 <nil>
}

// A link carries where a visitor came from, and says so again.
func ExampleLink() {
	l := sosyal.Link{
		URL:    "https://shop.example/serum?size=30",
		UTM:    sosyal.UTM{Source: "instagram", Medium: "social", Campaign: "2026-11_launch"},
		Coupon: "KASIM10",
	}
	fmt.Println(l)
	back, err := sosyal.ParseLink(l.String())
	fmt.Println(back == l, err)
	// Output:
	// https://shop.example/serum?size=30&utm_source=instagram&utm_medium=social&utm_campaign=2026-11_launch&coupon=KASIM10
	// true <nil>
}

// An explanation is data; its text depends on who reads it.
func ExampleCatalogue_Text() {
	reason := sosyal.Because("pace.over", sosyal.PercentArg("by", 0.125, 1), sosyal.DateArg("until", date.New(2026, 11, 24)))
	english := sosyal.NewCatalogue(sosyal.English, sosyal.Messages{"pace.over": "spend is {by} ahead and runs out on {until}"})
	turkish := sosyal.NewCatalogue(sosyal.Turkish, sosyal.Messages{"pace.over": "harcama planın {by} önünde, bitiş günü {until}"})
	fmt.Println(english.Text(reason))
	fmt.Println(turkish.Text(reason))
	// Output:
	// spend is 12.5% ahead and runs out on 24 November 2026
	// harcama planın %12,5 önünde, bitiş günü 24 Kasım 2026
}

// The price that may be shown struck through is the lowest of the thirty days
// before the cut, not the one it was raised to just before.
func ExampleProduct_OldPrice() {
	price := func(day int, month time.Month, liras int64) sosyal.PricePoint {
		m, _ := sosyal.NewMoney(decimal.NewFromInt(liras), "TRY")
		return sosyal.PricePoint{At: time.Date(2026, month, day, 0, 0, 0, 0, time.UTC), Price: m}
	}
	serum := sosyal.Product{ID: "serum", Name: "Serum", History: []sosyal.PricePoint{
		price(1, time.June, 450), price(1, time.November, 500), price(10, time.November, 400),
	}}
	old, err := serum.OldPrice(time.Date(2026, 11, 11, 0, 0, 0, 0, time.UTC), 30)
	fmt.Println(old, err)
	// Output: 450.00 TRY <nil>
}

// A mix of categories becomes a number of posts.
func ExampleMix_Counts() {
	mix, err := sosyal.NewMix(
		sosyal.Share{Category: "how-to", Share: 40}, sosyal.Share{Category: "product", Share: 35}, sosyal.Share{Category: "offer", Share: 25})
	if err != nil {
		fmt.Println(err)
		return
	}
	counts, err := mix.Counts(30)
	fmt.Println(counts, err)
	// Output: [12 11 7] <nil>
}
