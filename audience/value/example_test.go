package value_test

import (
	"fmt"
	"slices"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/value"
)

// customers are ten buyers: the later the number, the more recent, frequent and
// valuable.
func customers() []value.Purchases {
	var out []value.Purchases
	for i := range 10 {
		spent, _ := sosyal.NewMoney(decimal.New(int64(100*(i+1)), 0), "TRY")
		out = append(out, value.Purchases{
			Customer: sosyal.PersonID(fmt.Sprint("m-", i)), Orders: i + 1, Net: spent, Last: date.New(2026, 10, 1+2*i),
		})
	}
	return out
}

// Scores come from the table's thresholds, today and later.
func ExampleRFM() {
	table, err := value.RFM(slices.Values(customers()), date.New(2026, 11, 1), value.RFMOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	best := customers()[9]
	for _, day := range []date.Date{date.New(2026, 11, 1), date.New(2026, 12, 24)} {
		score, err := table.Score(best, day)
		fmt.Println(day, score, score.Group(), err)
	}
	// Output:
	// 2026-11-01 555 champions <nil>
	// 2026-12-24 155 previously_loyal <nil>
}

func ExampleSegments() {
	table, err := value.RFM(slices.Values(customers()), date.New(2026, 11, 1), value.RFMOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	segments, err := value.Segments(table, slices.Values(customers()), audience.DescribeOptions{MinSize: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	names := sosyal.NewCatalogue(sosyal.Turkish, audience.Messages(sosyal.Turkish))
	for _, s := range segments {
		if s.Size > 0 {
			fmt.Printf("%s: %d, %.0f%% of revenue\n", names.Term(s.Name), s.Size, s.RevenueShare*100)
		}
	}
	// Output:
	// Şampiyonlar: 2, 35% of revenue
	// Sadık müşteriler: 2, 27% of revenue
	// İlgi bekleyenler: 2, 20% of revenue
	// Kaybedilmek üzere olanlar: 2, 13% of revenue
	// Uykudakiler: 2, 5% of revenue
}
