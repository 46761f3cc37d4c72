package calendar_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/calendar"
	"github.com/yukselenler/sosyal/sosyaltest"
)

func november(t *testing.T) calendar.Programme {
	t.Helper()
	channel := func(n sosyal.Network, perWeek int, formats ...sosyal.Format) calendar.Channel {
		return calendar.Channel{
			Formats: formats,
			Cadence: calendar.Cadence{
				Destination: sosyal.Destination{Brand: "lale", Network: n, Account: "lale"}, Zone: "Europe/Istanbul",
				PerWeek: perWeek, PerDay: 2, MinGap: 3 * time.Hour,
				Hours: sosyal.Hours{{Open: wall(t, "09:00"), Close: wall(t, "22:00")}},
			},
		}
	}
	return calendar.Programme{
		Brand: "lale", Period: sosyal.Month(2026, time.November), Country: "TR", Language: sosyal.Turkish, Assignee: "ayse",
		Categories: []calendar.Category{
			{ID: "howto", Name: "Nasıl yapılır", Share: 4, Formats: []sosyal.Format{sosyal.FormatReel, sosyal.FormatCarousel}},
			{ID: "product", Name: "Ürün", Share: 3, Selling: true, Occasions: []string{"black_friday", "singles_day"}},
			{ID: "days", Name: "Özel günler", Share: 2, Occasions: []string{"ataturk_memorial", "teachers_day"}},
			{ID: "trade", Name: "Sektör", Share: 1, Networks: []sosyal.Network{sosyal.LinkedIn}},
		},
		Channels: []calendar.Channel{
			channel(sosyal.Instagram, 5, sosyal.FormatReel, sosyal.FormatPhoto, sosyal.FormatCarousel),
			channel(sosyal.X, 3, sosyal.FormatText, sosyal.FormatPhoto),
			channel(sosyal.LinkedIn, 2),
		},
		Ideas: []calendar.Idea{{ID: "i1", Category: "howto", Title: "Çay nasıl demlenir", Products: []sosyal.ProductID{"cay"}}},
		Value: func(f sosyal.Features, at time.Time) float64 {
			value := 10.0
			if at.Weekday() == time.Tuesday {
				value += 5
			}
			if hour := at.UTC().Hour() + 3; hour >= 19 {
				value += float64(hour - 18)
			}
			if f.Format == sosyal.FormatReel {
				value *= 2
			}
			return value
		},
	}
}

func TestProgrammeMakesAMonth(t *testing.T) {
	p := november(t)
	plan, err := p.Plan(t.Context(), calendar.Planner{})
	require.NoError(t, err)
	assert.Empty(t, plan.Schedule.Left)

	perChannel, perCategory := map[sosyal.Network]int{}, map[string]int{}
	perDay, categoryDay := map[string]int{}, map[string]int{}
	titles := map[string]calendar.Item{}
	for _, it := range plan.Items {
		require.NoError(t, it.Validate())
		titles[it.Title] = it
		for _, v := range it.Variants {
			require.NotZero(t, v.At, it.ID)
			require.NotEmpty(t, v.Reasons)
			perChannel[v.Destination.Network]++
			perCategory[string(v.Destination.Network)+"/"+string(it.Category)]++
			key := v.Destination.String() + v.At.Date.String()
			perDay[key]++
			assert.LessOrEqual(t, perDay[key], 2)
			categoryDay[key+string(it.Category)]++
			assert.Equal(t, 1, categoryDay[key+string(it.Category)], "one of a category a day")
			assert.True(t, p.Period.Contains(v.At.Date))
			assert.True(t, v.At.Time >= wall(t, "09:00") && v.At.Time < wall(t, "22:00"))
		}
	}
	// 5, 3 and 2 a week over 30 days.
	assert.Equal(t, map[sosyal.Network]int{sosyal.Instagram: 21, sosyal.X: 13, sosyal.LinkedIn: 9}, perChannel)
	// 21 posts by 4:3:2 are 9⅓, 7, 4⅔; LinkedIn's 9 by 4:3:2:1 are 3.6, 2.7, 1.8, 0.9.
	assert.Equal(t, 9, perCategory["instagram/howto"])
	assert.Equal(t, 7, perCategory["instagram/product"])
	assert.Equal(t, 5, perCategory["instagram/days"])
	assert.Zero(t, perCategory["instagram/trade"])
	assert.Equal(t, 1, perCategory["linkedin/trade"])

	idea := titles["Çay nasıl demlenir"]
	assert.Equal(t, calendar.IdeaID("i1"), idea.Idea)
	assert.Equal(t, []sosyal.ProductID{"cay"}, idea.Products)
	friday := titles["Efsane Cuma (Black Friday)"]
	for _, v := range friday.Variants {
		assert.Equal(t, "2026-11-27", v.At.Date.String())
		assert.Equal(t, "calendar.plan.occasion", v.Reasons[0].Code)
	}
	for _, it := range plan.Items {
		for _, v := range it.Variants {
			assert.False(t, it.Category == "product" && v.At.Date.String() == "2026-11-10", "selling on a day of commemoration")
		}
	}
	memorial := titles["Atatürk'ü Anma Günü"]
	require.NotEmpty(t, memorial.Variants)
	assert.Equal(t, "2026-11-10", memorial.Variants[0].At.Date.String())
}

func TestProgrammeIsRepeatable(t *testing.T) {
	one, err := november(t).Plan(t.Context(), calendar.Planner{})
	require.NoError(t, err)
	two, err := november(t).Plan(t.Context(), calendar.Planner{})
	require.NoError(t, err)
	assert.Equal(t, one, two)
}

func TestProgrammeRefuses(t *testing.T) {
	for field, edit := range map[string]func(*calendar.Programme){
		"brand":                                 func(p *calendar.Programme) { p.Brand = "" },
		"period.to":                             func(p *calendar.Programme) { p.Period.To = p.Period.From },
		"categories":                            func(p *calendar.Programme) { p.Categories = nil },
		"categories[1].id":                      func(p *calendar.Programme) { p.Categories[1].ID = "howto" },
		"channels":                              func(p *calendar.Programme) { p.Channels = nil },
		"channels[0].count":                     func(p *calendar.Programme) { p.Channels[0].Count = -1 },
		"channels[1].cadence.zone":              func(p *calendar.Programme) { p.Channels[1].Cadence.Zone = "Mars/Olympus" },
		"channels[2].cadence.destination.brand": func(p *calendar.Programme) { p.Channels[2].Cadence.Destination.Brand = "gul" },
		"channels[0].mix[0].category":           func(p *calendar.Programme) { p.Channels[0].Mix = sosyal.Mix{{Category: "x", Share: 1}} },
		"formats":                               func(p *calendar.Programme) { p.Channels[1].Formats = []sosyal.Format{sosyal.FormatStory} },
	} {
		p := november(t)
		edit(&p)
		_, err := p.Plan(t.Context(), calendar.Planner{})
		require.ErrorIs(t, err, sosyal.ErrInvalid, field)
		assert.Equal(t, field, sosyal.FieldErrors(err)[0].Field)
	}
	p := november(t)
	p.Channels[0].Cadence.Destination.Network = "orkut"
	_, err := p.Plan(t.Context(), calendar.Planner{})
	assert.ErrorIs(t, err, sosyal.ErrUnsupported)
}

func TestCSVReadsBack(t *testing.T) {
	plan, err := november(t).Plan(t.Context(), calendar.Planner{})
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, calendar.WriteCSV(&b, plan.Items, sosyal.Turkish, calendar.OccasionTerms(plan.Days, sosyal.Turkish), sosyal.Messages{"term.howto": "Nasıl yapılır"}))
	assert.Equal(t, strings.Count(b.String(), "\n"), strings.Count(b.String(), "\r\n"))
	rows, err := csv.NewReader(&b).ReadAll()
	require.NoError(t, err)
	assert.Equal(t, []string{"Tarih", "Saat", "Saat dilimi", "Ağ", "Hesap", "Kategori", "Biçim", "Başlık", "Metin", "Durum", "Sorumlu", "İçerik no", "Gerekçe"}, rows[0])
	assert.Len(t, rows, 1+21+13+9)
	for i, row := range rows[1:] {
		assert.NotContains(t, row[12], "{")
		assert.NotContains(t, row[12], "calendar.")
		assert.Equal(t, "taslak", row[9])
		assert.True(t, i == 0 || rows[i][0]+rows[i][1] <= row[0]+row[1], "in order of time")
	}
}

func TestCSVCellsAreNotFormulas(t *testing.T) {
	it := post(t, calendar.StateDraft)
	it.Variants[0].Text, it.Title, it.Assignee = "=HYPERLINK(\"x\")", "+90 212", "@ayse"
	it.Variants[0].Destination.Account = "-1"
	var b bytes.Buffer
	require.NoError(t, calendar.WriteCSV(&b, []calendar.Item{it}, sosyal.English))
	rows, err := csv.NewReader(&b).ReadAll()
	require.NoError(t, err)
	assert.Equal(t, []string{"2026-11-03", "19:30", "Europe/Istanbul", "Instagram", "'-1", "product", "photo", "'+90 212", "'=HYPERLINK(\"x\")", "draft", "'@ayse", "p1", ""}, rows[1])
}

func TestMessagesAreCompleteInBothLanguages(t *testing.T) {
	en, tr := calendar.Messages(sosyal.English), calendar.Messages(sosyal.Turkish)
	assert.NoError(t, sosyaltest.CheckMessages(en, tr))
	assert.Nil(t, calendar.Messages("de"))
	for _, s := range calendar.States() {
		assert.Contains(t, en, "term.state."+string(s))
	}
}
