package upload_test

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/upload"
)

// customer is a row of the shop's own table.
type customer struct {
	id, email, phone string
	consent          audience.ConsentStatus
}

// recipients hands the shop's customers to an export.
func recipients(customers []customer) iter.Seq2[upload.Recipient, error] {
	return func(yield func(upload.Recipient, error) bool) {
		for _, c := range customers {
			var consents []audience.Consent
			for _, purpose := range []audience.Purpose{audience.AdUserData, audience.AdPersonalization} {
				consents = append(consents, audience.Consent{
					Purpose: purpose, Channel: audience.Ads, Status: c.consent, Source: "shop", TextVersion: "2026-09",
					At: time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC),
				})
			}
			if !yield(upload.Recipient{
				Person:      sosyal.PersonID(c.id),
				Identifiers: upload.Identifiers{Emails: []string{c.email}, Phones: []string{c.phone}},
				Consents:    consents,
			}, nil) {
				return
			}
		}
	}
}

// vips are 120 customers of whom every twentieth has not agreed.
func vips() []customer {
	var all []customer
	for i := range 120 {
		c := customer{
			id: fmt.Sprintf("c-%03d", i), email: fmt.Sprintf("Vip%d@ornek.com.tr", i), phone: fmt.Sprintf("0532 123 %04d", i),
			consent: audience.ConsentGranted,
		}
		if i%20 == 0 {
			c.consent = audience.ConsentDenied
		}
		all = append(all, c)
	}
	return all
}

// A shop sends its VIP segment to Meta, and on the next day only the difference.
func ExampleExporter() {
	ctx := context.Background()
	meta := &upload.Memory{} // an adapter to the platform
	exporter := &upload.Exporter{
		Uploaders:   map[upload.Platform]upload.Uploader{upload.Meta: meta},
		State:       &upload.MemoryState{},
		Exports:     upload.Exports(&sosyal.MemoryDocuments{}),
		PhoneRegion: "TR",
		Now:         func() time.Time { return time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC) },
	}
	request := upload.Request{
		Audience:   upload.Audience{Brand: "butik", Platform: upload.Meta, Account: "act_1", ID: "vip"},
		Segment:    "vip",
		Attributes: []string{"orders", "spent", "last_order_days"},
		By:         sosyal.Actor{ID: "deniz", Party: sosyal.PartyClient},
		Why:        "autumn campaign",
	}
	english := sosyal.NewCatalogue(sosyal.English, upload.Messages(sosyal.English))

	customers := vips()
	request.Members = recipients(customers)
	first, err := exporter.Export(ctx, request)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(first.Added.Done, "added,", first.Removed.Done, "removed in", first.Batches, "call")
	fmt.Println(english.Texts(first.Reasons))

	// A day later two have left, one has withdrawn and one has joined.
	customers[5].consent = audience.ConsentWithdrawn
	joined := customer{id: "c-120", email: "yeni@ornek.com.tr", consent: audience.ConsentGranted}
	request.Members = recipients(append(customers[3:], joined))
	second, err := exporter.Export(ctx, request)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(second.Added.Done, "added,", second.Removed.Done, "removed,", second.Kept, "kept in", second.Batches, "calls")
	size, _ := meta.Size(ctx, request.Audience)
	fmt.Println(size, "in the audience")

	// Output:
	// 114 added, 0 removed in 1 call
	// [6 people have not consented and were not sent.]
	// 1 added, 3 removed, 111 kept in 2 calls
	// 112 in the audience
}

// The same address has another hash on each platform.
func ExampleNormalizer() {
	all, _ := upload.StandardFacts()
	for _, name := range []upload.Platform{upload.Meta, upload.Google, upload.TikTok} {
		facts, _ := all.Platform(name)
		normalizer, err := facts.Normalizer()
		if err != nil {
			fmt.Println(err)
			return
		}
		email, _ := normalizer.Normalize(upload.KindEmail, " Jane.Doe+shop@Gmail.com", "")
		phone, _ := normalizer.Normalize(upload.KindPhone, "0532 123 45 67", "TR")
		key, _ := normalizer.Key(upload.KindEmail, " Jane.Doe+shop@Gmail.com")
		fmt.Println(name, email, phone, key.Value[:8])
	}
	// Output:
	// meta jane.doe+shop@gmail.com 905321234567 12122421
	// google janedoe@gmail.com +905321234567 d6117306
	// tiktok jane.doe@gmail.com 905321234567 831f6494
}

// A segment that is chosen by health is refused, and no exception helps on Meta.
func ExampleSensitive_Check() {
	sensitive, _ := upload.StandardSensitive()
	all, _ := upload.StandardFacts()
	meta, _ := all.Platform(upload.Meta)
	fmt.Println(sensitive.Check([]string{"orders", "sağlık_durumu"}, meta, true))
	// Output:
	// attributes[1]: must not be about health, which meta forbids (got "sağlık_durumu")
}
