package calendar_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/calendar"
)

func ExamplePlanner_Plan() {
	zone, err := sosyal.LoadZone("Europe/Istanbul")
	if err != nil {
		fmt.Println(err)
		return
	}
	account := sosyal.Destination{Brand: "lale", Network: sosyal.Instagram, Account: "lale"}
	problem := calendar.Problem{
		Items: []calendar.Item{
			{ID: "tea", Title: "How to brew tea", Category: "how-to"},
			{ID: "pot", Title: "The new pot", Category: "product"},
			{ID: "cup", Title: "The new cup", Category: "product"},
		},
		// What past posts say: evenings do better, products more so.
		Value: func(f sosyal.Features, at time.Time) float64 {
			value := float64(at.In(zone).Hour())
			if f.Category == "product" {
				value *= 2
			}
			return value
		},
		Rules: calendar.Rules{CategoryPerDay: 1},
	}
	for day := 3; day <= 4; day++ {
		for _, hour := range []int{10, 19} {
			at := time.Date(2026, time.November, day, hour, 30, 0, 0, zone)
			problem.Slots = append(problem.Slots, calendar.Slot{Destination: account, At: at, Zone: "Europe/Istanbul"})
		}
	}
	schedule, err := calendar.Planner{}.Plan(context.Background(), problem)
	if err != nil {
		fmt.Println(err)
		return
	}
	texts := sosyal.NewCatalogue(sosyal.English, calendar.Messages(sosyal.English))
	for _, a := range schedule.Assignments {
		local, err := a.Slot.Local()
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(local, a.Item, "-", texts.Text(a.Reasons[0]))
	}
	fmt.Printf("value %.0f, at most %.0f possible\n", schedule.Value, schedule.Bound)
	// Output:
	// 2026-11-03 10:30 Europe/Istanbul tea - Tuesday 10:30 has 53% of the value of the best of 4 possible times
	// 2026-11-03 19:30 Europe/Istanbul cup - Tuesday 19:30 is the best of 4 possible times
	// 2026-11-04 19:30 Europe/Istanbul pot - Wednesday 19:30 is the best of 4 possible times
	// value 86, at most 86 possible
}

func ExampleProgramme_Plan() {
	morning, _ := sosyal.NewWallTime(10, 0)
	night, _ := sosyal.NewWallTime(21, 0)
	programme := calendar.Programme{
		Brand: "lale", Period: sosyal.Month(2026, time.November), Country: "TR", Language: sosyal.English,
		Categories: []calendar.Category{
			{ID: "how-to", Name: "How to", Share: 2, Formats: []sosyal.Format{sosyal.FormatReel}},
			{ID: "offer", Name: "Offer", Share: 1, Selling: true, Occasions: []string{"black_friday"}},
		},
		Channels: []calendar.Channel{{
			Count:   3,
			Formats: []sosyal.Format{sosyal.FormatPhoto, sosyal.FormatReel},
			Cadence: calendar.Cadence{
				Destination: sosyal.Destination{Brand: "lale", Network: sosyal.Instagram, Account: "lale"},
				Zone:        "Europe/Istanbul", Hours: sosyal.Hours{{Open: morning, Close: night}},
			},
		}},
		Value: func(_ sosyal.Features, at time.Time) float64 {
			if at.Weekday() == time.Sunday {
				return 2
			}
			return 1
		},
	}
	plan, err := programme.Plan(context.Background(), calendar.Planner{})
	if err != nil {
		fmt.Println(err)
		return
	}
	agenda, err := calendar.Agenda(plan.Items)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range agenda {
		fmt.Println(e.Variant.At.Date.Weekday(), e.Variant.At.Date, e.Variant.Format, e.Item.Title)
	}
	// Output:
	// Sunday 2026-11-01 reel How to 1
	// Sunday 2026-11-22 reel How to 2
	// Friday 2026-11-27 photo Black Friday
}

func ExampleDays() {
	days, err := calendar.Days(sosyal.Month(2026, time.May), "TR", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range days {
		half := ""
		if d.Half {
			half = " (half)"
		}
		fmt.Printf("%s %s%s\n", d.Date, d.Name(sosyal.Turkish), half)
	}
	// Output:
	// 2026-05-01 Emek ve Dayanışma Günü
	// 2026-05-10 Anneler Günü
	// 2026-05-19 Atatürk'ü Anma, Gençlik ve Spor Bayramı
	// 2026-05-26 Kurban Bayramı arifesi (half)
	// 2026-05-27 Kurban Bayramı 1. gün
	// 2026-05-28 Kurban Bayramı 2. gün
	// 2026-05-29 Kurban Bayramı 3. gün
	// 2026-05-30 Kurban Bayramı 4. gün
}

func ExampleItem_Revise() {
	item := calendar.Item{
		ID: "tea", Brand: "lale", Title: "How to brew tea", Category: "how-to",
		Variants: []calendar.Variant{{
			Destination: sosyal.Destination{Brand: "lale", Network: sosyal.X, Account: "lale"},
			Format:      sosyal.FormatText, Text: "Three minutes.", State: calendar.StateApproved,
		}},
	}
	edited, err := item.Revise(func(it *calendar.Item) { it.Variants[0].Text = "Five minutes." })
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(item.State(), "->", edited.State())
	// Output:
	// approved -> in_review
}

func ExampleWriteCSV() {
	day, _ := sosyal.ParseDate("2026-11-03")
	clock, _ := sosyal.ParseWallTime("19:30")
	items := []calendar.Item{{
		ID: "tea", Brand: "lale", Title: "Çay nasıl demlenir", Category: "how-to", Assignee: "ayse",
		Variants: []calendar.Variant{{
			Destination: sosyal.Destination{Brand: "lale", Network: sosyal.Instagram, Account: "lale"},
			Format:      sosyal.FormatReel, Text: "Üç dakika", State: calendar.StateScheduled,
			At: sosyal.LocalTime{Date: day, Time: clock, Zone: "Europe/Istanbul"},
		}},
	}}
	var text strings.Builder
	if err := calendar.WriteCSV(&text, items, sosyal.Turkish, sosyal.Messages{"term.how-to": "Nasıl yapılır"}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(strings.ReplaceAll(text.String(), "\r\n", "\n"))
	// Output:
	// Tarih,Saat,Saat dilimi,Ağ,Hesap,Kategori,Biçim,Başlık,Metin,Durum,Sorumlu,İçerik no,Gerekçe
	// 2026-11-03,19:30,Europe/Istanbul,Instagram,lale,Nasıl yapılır,Reels,Çay nasıl demlenir,Üç dakika,zamanlandı,ayse,tea,
}
