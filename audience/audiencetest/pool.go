package audiencetest

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// Customers and rules draw from the same small pools, so that rules hit and miss
// often. What stands first in a pool is drawn most often.

// pick draws from a pool, more often from its beginning.
func pick[T any](r *rand.Rand, pool []T) T {
	return pool[min(r.IntN(len(pool)), r.IntN(len(pool)), r.IntN(len(pool)))]
}

// some draws up to so many, with repeats.
func some[T any](r *rand.Rand, most int, pool []T) []T {
	var out []T
	for range r.IntN(most + 1) {
		out = append(out, pick(r, pool))
	}
	return out
}

// odds is true once in n.
func odds(r *rand.Rand, n int) bool { return r.IntN(n) == 0 }

// texts is the pool of a text property. Equal to a collation, a pattern or an
// eye is not equal byte by byte.
func texts(name string) []string {
	switch name {
	case "city":
		return []string{"İzmir", "Izmir", "izmir", "Iğdır", "ığdır", "Şişli", "ŞİŞLİ", "i̇zmir"}
	case "region":
		return []string{"Ege", "ege", "Ege ", "Marmara"}
	case "country":
		return []string{"TR", "DE", "tr", "US"}
	case "language":
		return []string{"tr", "en", "tr-TR", "az"}
	case "gender":
		return []string{"f", "m", "F"}
	}
	return []string{
		"gold", "Gold", "", "caf\u00e9", "cafe\u0301", "gold ", "100%", "100x", "a_b", "axb", `back\slash`, "it's", `say "hi"`, "😀 5",
		"'; DROP TABLE events; --", "line\nbreak", "true", "10.5", "null", "$1", "?", `["gold"]`,
	}
}

// listTexts is the pool of the entries of lists, none of which is empty.
func listTexts() []string {
	return []string{"hair", "makeup", "Hair", "saç", "SAÇ", "hair, makeup", `"hair"`, "ha", "it's", "100%", "hair ", "ıI", "💄", `a\b`, "{hair}"}
}

// operands are what a text or list is compared with.
func operands(name string, kind audience.PropertyType) []string {
	if kind == audience.ListProperty {
		return listTexts()
	}
	return append(texts(name), "%", "_", `\`, "nobody's")
}

func interests() []string {
	return []string{"skincare", "hair", "Skincare", "cilt bakımı", "Cilt Bakımı", "skin", "100%", "it's"}
}

func networks() []sosyal.Network {
	return []sosyal.Network{sosyal.Instagram, sosyal.TikTok, sosyal.Facebook, "INSTAGRAM", "host's own"}
}

func groups() []string { return []string{"loyal", "dormant", "Loyal", "new", "it's"} }

// listIDs are the list segments.
func listIDs() []sosyal.SegmentID { return []sosyal.SegmentID{"press", "Press", "it's 100% \"İ\""} }

func predictions() []audience.Prediction {
	return []audience.Prediction{audience.ProbabilityAlive, audience.LifetimeValue, audience.ExpectedOrders, "host's"}
}

// scores are what models say.
func scores() []float64 {
	return []float64{
		0.75, 0, 0.3, 0.1 + 0.2, math.Nextafter(0.75, 1), math.Nextafter(0.75, 0), math.Copysign(0, -1), 1, -1, 120.5,
		1e300, -1e300, 5e-324,
	}
}

// numbers are what a customer or an event may carry.
func numbers() []decimal.Decimal {
	return decimals(
		"10.5", "0", "10.50", "3", "-5", "10.500000", "10.499999", "10.500001", "0.1", "0.2", "0.3", "99.999999", "100", "-0.000001",
		"0.000001", "2.5", "-10.5", "999999999.999999", "-999999999.999999",
	)
}

// thresholds are what rules compare numbers with: also finer and larger ones than
// anybody can have, and sums.
func thresholds() []decimal.Decimal {
	return slices.Concat(
		decimals("10.5", "10.50000000000001", "0.0000001", "10.49999999999999", "-0.0000001", "21"),
		numbers(),
		decimals("0.30", "5.5", "31.5", "110.5", "99999999999999999999", "-99999999999999999999", "9223372036854775807", "9223372036854.775808"),
	)
}

func decimals(texts ...string) []decimal.Decimal {
	out := make([]decimal.Decimal, len(texts))
	for i, t := range texts {
		out[i], _ = decimal.NewFromString(t) // a test reads them all
	}
	return out
}

// daysAgo are the distances from today at which things lie.
func daysAgo() []int {
	return []int{1, 30, 0, 90, 7, 365, 2, 29, 31, 89, 91, 6, 8, 364, 366, 180, 730}
}

// hours are how long a second step may take.
func hours() []int { return []int{24, 48, 1, 72, 23, 25, 2160} }

// birthdays are days of birth, some of which return soon.
func birthdays(today date.Date) []date.Date {
	day := func(text string) date.Date {
		d, _ := sosyal.ParseDate(text) // a test reads them all
		return d
	}
	years := func(d date.Date, n int) date.Date { return date.New(d.Year()-n, d.Month(), d.Day()) }
	return []date.Date{
		day("1996-02-29"), years(today, 30), day("2000-02-29"), years(today+1, 25), day("1990-02-28"), day("1990-03-01"),
		years(today+7, 41), years(today+8, 41), years(today-1, 20), day("1970-01-01"), day("1999-12-31"), day("2001-01-01"), day("1931-05-05"), today,
	}
}
