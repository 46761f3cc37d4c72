package audience_test

import (
	"fmt"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// A rule says in words whom it picks.
func ExampleRule_Explain() {
	rule, err := audience.ParseRule([]byte(`{"version": 1, "rule": {"all": [
		{"count": {"of": "order", "is": "at_least", "value": 3}},
		{"last": {"of": "order", "is": "at_most", "value": 90}},
		{"interest": ["skincare"]},
		{"property": {"name": "country", "is": "equals", "value": "TR"}},
		{"not": {"in_group": ["dormant"]}}
	]}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	terms := sosyal.Messages{"term.interest.skincare": "skincare"}
	fmt.Println(rule.Explain(sosyal.NewCatalogue(sosyal.English, audience.Messages(sosyal.English), terms)))

	terms = sosyal.Messages{"term.interest.skincare": "cilt bakımı"}
	fmt.Println(rule.Explain(sosyal.NewCatalogue(sosyal.Turkish, audience.Messages(sosyal.Turkish), terms)))
	// Output:
	// Customers who have at least 3 orders, whose last order was at most 90 days ago, who are interested in skincare, whose country is “TR” and who are not in the group Dormant.
	// Sipariş sayısı en az 3 olan, son sipariş tarihi en çok 90 gün önce olan, ilgi alanları arasında cilt bakımı bulunan, ülkesi “TR” olan ve Uykudakiler grubunda olmayan müşteriler.
}

// Conditions within conditions, and those on single orders, become a list.
func ExampleRule_Explain_list() {
	rule := audience.Rule{Condition: audience.All{
		audience.Consented{Purpose: audience.Marketing, Channel: audience.SMS, Sources: []string{"shop", "iys"}},
		audience.Any{
			audience.Anniversary{Name: "birthday", Within: 7},
			audience.Not{Condition: audience.Last{Events: audience.Events{Step: audience.Step{Of: audience.Order}}, Is: audience.AtMost, Value: 180}},
		},
	}}
	fmt.Println(rule.Explain(sosyal.NewCatalogue(sosyal.English, audience.Messages(sosyal.English))))
	fmt.Println(rule.Explain(sosyal.NewCatalogue(sosyal.Turkish, audience.Messages(sosyal.Turkish))))
	// Output:
	// Customers for whom all of the following are true:
	// - they have valid consent for marketing via SMS on record with the shop and İYS
	// - at least one of the following is true:
	//   - their birthday is today or within the next 7 days
	//   - their last order was more than 180 days ago (or there is none)
	// Şu koşulların tümünü karşılayan müşteriler:
	// - mağaza ve İYS kaydına göre pazarlama için SMS kanalında geçerli izni olan
	// - şu koşullardan en az birini karşılayan:
	//   - doğum günü bugün veya önümüzdeki 7 gün içinde olan
	//   - son sipariş tarihi 180 günden uzun süre önce olan (veya hiç bulunmayan)
}
