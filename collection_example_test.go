package sosyal_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/yukselenler/sosyal"
)

// idea is a value of a host, stored beside those of the library.
type idea struct {
	Title string    `json:"title"`
	State string    `json:"state"`
	Due   time.Time `json:"due,omitzero"`
}

func ideas(documents sosyal.Documents) sosyal.Collection[idea] {
	return sosyal.Collection[idea]{
		Documents: documents,
		Kind:      "shop.idea",
		Schema:    1,
		Index: func(i idea) sosyal.Index {
			return sosyal.Index{State: i.State, From: i.Due, To: i.Due}
		},
	}
}

func ExampleCollection() {
	ctx := context.Background()
	store := ideas(&sosyal.MemoryDocuments{})

	err := store.Write(ctx, "rosa",
		sosyal.Create("lipstick", idea{Title: "Which red suits you?", State: "open"}),
		sosyal.Create("serum", idea{Title: "A week with the serum", State: "open"}),
	)
	if err != nil {
		fmt.Println(err)
		return
	}

	// Two people load the same version; the second to write is told.
	first, _ := store.Load(ctx, "rosa", "serum")
	second := first
	err = store.Write(ctx, "rosa", first.Change(idea{Title: "Ten days with the serum", State: "planned"}))
	fmt.Println("first:", err)
	err = store.Write(ctx, "rosa", second.Change(idea{Title: "A month with the serum", State: "open"}))
	fmt.Println("second is stale:", errors.Is(err, sosyal.ErrConflict))

	for s, err := range store.List(ctx, "rosa", sosyal.Query{States: []string{"open", "planned"}}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s, version %d: %s\n", s.ID, s.Version, s.Value.Title)
	}
	// Output:
	// first: <nil>
	// second is stale: true
	// lipstick, version 1: Which red suits you?
	// serum, version 2: Ten days with the serum
}

// Values that were stored in an older form are brought up to date when they are
// read.
func ExampleCollection_upgrade() {
	ctx := context.Background()
	documents := &sosyal.MemoryDocuments{}
	err := documents.Write(ctx, "rosa", sosyal.DocChange{Doc: sosyal.Doc{
		Kind: "shop.idea", ID: "serum", Schema: 1, Body: json.RawMessage(`{"name":"A week with the serum"}`),
	}})
	if err != nil {
		fmt.Println(err)
		return
	}

	store := ideas(documents)
	store.Schema = 2 // in which "name" became "title"
	store.Upgrades = map[int]sosyal.Upgrade{
		1: func(body json.RawMessage) (json.RawMessage, error) {
			return json.RawMessage(strings.Replace(string(body), `"name"`, `"title"`, 1)), nil
		},
	}
	s, err := store.Load(ctx, "rosa", "serum")
	fmt.Println(s.Value.Title, err)
	// Output: A week with the serum <nil>
}

// A change and the news of it are stored together; the relay tells people.
func ExampleRelay() {
	ctx := context.Background()
	documents := &sosyal.MemoryDocuments{}
	at := time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)

	err := ideas(documents).Write(ctx, "rosa", sosyal.Create("serum", idea{Title: "A week with the serum"},
		sosyal.Event{Kind: "shop.idea.proposed", At: at, Actor: "elif"},
	))
	if err != nil {
		fmt.Println(err)
		return
	}

	relay := sosyal.Relay{
		Outbox: documents,
		Notifier: sosyal.NotifierFunc(func(_ context.Context, e sosyal.Event) error {
			fmt.Println(e.Kind, "by", e.Actor, "about", e.Subject)
			return nil
		}),
		Now: func() time.Time { return at },
	}
	n, err := relay.DrainAll(ctx)
	fmt.Println("delivered:", n.Delivered, err)
	// Output:
	// shop.idea.proposed by elif about shop.idea/serum@1
	// delivered: 1 <nil>
}

// One call erases a person everywhere.
func ExampleForgetters() {
	ctx := context.Background()
	documents := &sosyal.MemoryDocuments{
		Now: func() time.Time { return time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC) },
	}
	err := documents.Write(ctx, "rosa", sosyal.DocChange{Doc: sosyal.Doc{
		Kind: "shop.message", ID: "m1", Person: "p-81", Body: json.RawMessage(`{"text":"where is my parcel?"}`),
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	record, err := sosyal.Forgetters{documents}.Forget(ctx, "rosa", "p-81")
	fmt.Println(record.Total(), record.Records, record.At.Format(time.DateOnly), err)
	_, err = documents.Load(ctx, "rosa", "shop.message", "m1")
	fmt.Println("gone:", errors.Is(err, sosyal.ErrNotFound))
	// Output:
	// 1 map[shop.message:1] 2026-11-03 <nil>
	// gone: true
}
