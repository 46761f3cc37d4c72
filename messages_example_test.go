package sosyal_test

import (
	"fmt"
	"testing/fstest"

	"github.com/yukselenler/sosyal"
)

// A host adds a language by a file beside its own; embed.FS and os.DirFS are
// file systems too.
func ExampleReadMessages() {
	files := fstest.MapFS{"texts/messages_de.json": {Data: []byte(
		`{"planning.cadence":"{n} {n?Beitrag|Beiträge} pro Woche, wie bisher"}`,
	)}}
	german, err := sosyal.ReadMessages(files, "texts", "de")
	if err != nil {
		fmt.Println(err)
		return
	}
	texts := sosyal.NewCatalogue("de", german)
	fmt.Println(texts.Text(sosyal.Because("planning.cadence", sosyal.CountArg("n", 1))))
	fmt.Println(texts.Text(sosyal.Because("planning.cadence", sosyal.CountArg("n", 5))))
	// Output:
	// 1 Beitrag pro Woche, wie bisher
	// 5 Beiträge pro Woche, wie bisher
}
