package main

import (
	"time"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/calendar"
	"github.com/yukselenler/sosyal/planning"
)

const (
	brand = sosyal.BrandID("lale")
	zone  = "Europe/Istanbul"
)

// fortnight is 9 to 22 November 2026: a day of commemoration, on which nothing
// is sold, and the shopping day that follows it.
func fortnight() sosyal.Period {
	return sosyal.Period{From: date.New(2026, time.November, 9), To: date.New(2026, time.November, 23)}
}

// goal is what management wants of the fortnight.
func goal() planning.Goal {
	return planning.Goal{
		ID: "sales", Brand: brand, Name: "Sosyal medyadan ciro", Level: planning.Company, Objective: sosyal.Sales,
		Measure: planning.SocialRevenue, Target: decimal.New(50_000, 0), Currency: "TRY", Period: fortnight(),
	}
}

// parts divide the goal by network.
func parts() []planning.Part {
	return []planning.Part{
		{Name: "Instagram", Network: sosyal.Instagram, Weight: decimal.New(2, 0)},
		{Name: "Facebook", Network: sosyal.Facebook, Weight: decimal.New(1, 0)},
	}
}

// programme is the calendar that the shop wants: its categories with their
// shares, how often each network is posted to, and the ideas that it has.
func programme(worth calendar.Value) calendar.Programme {
	return calendar.Programme{
		Brand: brand, Period: fortnight(), Country: "TR", Language: sosyal.Turkish,
		Categories: []calendar.Category{
			{ID: "nasil_yapilir", Name: "Nasıl yapılır", Share: 3},
			{ID: "urun", Name: "Ürün", Share: 3},
			{ID: "kampanya", Name: "Kampanya", Share: 2, Selling: true, Occasions: []string{"singles_day"}},
			{ID: "anma", Name: "Anma", Share: 1, Formats: []sosyal.Format{sosyal.FormatPhoto}, Occasions: []string{"ataturk_memorial"}},
		},
		Channels: []calendar.Channel{
			{Cadence: cadence(sosyal.Instagram, 5), Formats: []sosyal.Format{sosyal.FormatReel, sosyal.FormatCarousel, sosyal.FormatPhoto}},
			{Cadence: cadence(sosyal.Facebook, 3), Formats: []sosyal.Format{sosyal.FormatPhoto}},
		},
		Ideas: []calendar.Idea{
			{ID: "i1", Category: "nasil_yapilir", Title: "Kışa hazırlık: üç adımda nem bakımı"},
			{ID: "i2", Category: "nasil_yapilir", Title: "Saç yağı nasıl sürülür?"},
			{ID: "i3", Category: "nasil_yapilir", Title: "Ruj gün boyu nasıl kalır?"},
			{ID: "i4", Category: "nasil_yapilir", Title: "Parfüm nereye sıkılır?"},
			{ID: "i5", Category: "urun", Title: "Yeni serum: ilk bakış", Products: []sosyal.ProductID{"SER-01"}},
			{ID: "i6", Category: "urun", Title: "Parfüm seçerken", Products: []sosyal.ProductID{"PRF-08"}},
			{ID: "i7", Category: "urun", Title: "En çok sevilen krem", Products: []sosyal.ProductID{"KRM-02"}},
			{ID: "i8", Category: "kampanya", Title: "Hafta boyu ücretsiz kargo"},
		},
		Value: worth,
	}
}

// cadence posts at full hours from 9 to 23 o'clock.
func cadence(n sosyal.Network, perWeek int) calendar.Cadence {
	return calendar.Cadence{
		Destination: sosyal.Destination{Brand: brand, Network: n, Account: "lalekozmetik"},
		Zone:        zone, PerWeek: perWeek, PerDay: 1,
		Hours: sosyal.Hours{{Open: 9 * 3600, Close: 23 * 3600}},
	}
}

// categoryNames are the categories' names as texts of a catalogue.
func categoryNames() sosyal.Messages {
	names := sosyal.Messages{}
	for _, c := range programme(nil).Categories {
		names["term."+string(c.ID)] = c.Name
	}
	return names
}

// decided is when management looks at the calendar.
func decided() time.Time { return time.Date(2026, time.November, 6, 12, 0, 0, 0, time.UTC) }

// approve asks management for the calendar and lets it decide: it agrees to
// these items and to nothing else.
func approve(items []calendar.Item) (sosyal.Approval, error) {
	manager := sosyal.Actor{ID: "elif", Roles: []sosyal.Role{sosyal.RoleManager}, Party: sosyal.PartyClient}
	management := sosyal.Actor{ID: "kerem", Roles: []sosyal.Role{sosyal.RoleManagement}, Party: sosyal.PartyClient}
	content := sosyal.NewContentHasher("v1", "calendar")
	for _, it := range items {
		content.Hash("item", it.ContentHash())
	}
	a, err := sosyal.NewApproval(
		sosyal.ApprovalPolicy{Steps: []sosyal.ApprovalStep{{Name: "Yönetim", Roles: []sosyal.Role{sosyal.RoleManagement}}}},
		sosyal.ApprovalRequest{Brand: brand, Subject: "İçerik takvimi", By: manager, Hash: content.Sum()}, decided())
	if err != nil {
		return a, err
	}
	return a.Decide(sosyal.Decision{By: management, Verdict: sosyal.VerdictApprove, Hash: a.Hash()}, decided())
}
