package network_test

import (
	"fmt"
	"strings"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/calendar/network"
)

func ExampleFor() {
	day, _ := sosyal.ParseDate("2026-11-03")
	rules, err := network.For(sosyal.Destination{Brand: "lale", Network: sosyal.Bluesky, Account: "lale"}, day)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, size := range rules.Count(network.FieldText, "Yeni sezon 👨‍👩‍👧‍👦") {
		fmt.Println(size.N, "of", size.Limit, size.Unit)
	}
	// Output:
	// 12 of 300 graphemes
	// 36 of 3000 bytes
}

func ExampleRules_Check() {
	day, _ := sosyal.ParseDate("2026-11-03")
	rules, err := network.For(sosyal.Destination{Brand: "lale", Network: sosyal.X, Account: "lale"}, day)
	if err != nil {
		fmt.Println(err)
		return
	}
	english := sosyal.NewCatalogue(sosyal.English, network.Messages(sosyal.English), sosyal.StandardMessages(sosyal.English))
	turkish := sosyal.NewCatalogue(sosyal.Turkish, network.Messages(sosyal.Turkish), sosyal.StandardMessages(sosyal.Turkish))
	for _, issue := range rules.Check(network.Content{Format: sosyal.FormatText, Text: strings.Repeat("ş", 300)}) {
		fmt.Println(issue.Severity, english.Text(issue.Fix))
		fmt.Println(issue.Severity, turkish.Text(issue.Fix))
	}
	// Output:
	// error text: 300 weighted characters, at most 280; 20 too many
	// error metin: 300 ağırlıklı karakter, en fazla 280; fazlası: 20
}
