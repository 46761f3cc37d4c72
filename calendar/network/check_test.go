package network_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/calendar/network"
	"github.com/yukselenler/sosyal/sosyaltest"
)

func TestEveryNetworkHasFacts(t *testing.T) {
	for _, n := range sosyal.Networks() {
		r := rulesOf(t, n, "2026-11-03")
		assert.NotEmpty(t, r.Facts, n)
		assert.NotEmpty(t, r.Formats, n)
		assert.NotZero(t, r.AsOf, n)
		assert.NotEmpty(t, append(r.Count(network.FieldText, "x"), r.Count(network.FieldTitle, "x")...), n)
		for _, f := range r.Facts {
			assert.Contains(t, []string{"P", "S", "U"}, f.Confidence, n)
			assert.NotEmpty(t, f.Source, n)
		}
	}
}

func TestUnknownNetworkIsUnsupported(t *testing.T) {
	for _, n := range []sosyal.Network{"orkut", "", "../rules", "facts/x"} {
		_, err := network.For(sosyal.Destination{Network: n}, 0)
		assert.ErrorIs(t, err, sosyal.ErrUnsupported, string(n))
	}
}

func photo() network.Media {
	return network.Media{Ref: "a.jpg", Kind: network.Image, Type: "image/jpeg", Width: 1080, Height: 1350, Bytes: 400_000}
}

func clip(d time.Duration) network.Media {
	return network.Media{Ref: "a.mp4", Kind: network.Video, Type: "video/mp4", Width: 1080, Height: 1920, Bytes: 40_000_000, Duration: d}
}

// found writes issues as "field severity limit found".
func found(issues []network.Issue) []string {
	out := []string{}
	for _, i := range issues {
		out = append(out, fmt.Sprintf("%s %s %v %.4g", i.Field, i.Severity, i.Limit, i.Found))
	}
	return out
}

func TestCheck(t *testing.T) {
	tags := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "#etiket%da ", i)
		}
		return b.String()
	}
	wide, png, alt := photo(), photo(), photo()
	wide.Width, wide.Height = 2000, 1000
	png.Type = "image/png"
	alt.AltText = strings.Repeat("a", 1001)
	for _, c := range []struct {
		name    string
		network sosyal.Network
		day     string
		content network.Content
		want    []string
	}{
		{"a good photo", sosyal.Instagram, "2026-11-03", network.Content{Format: sosyal.FormatPhoto, Text: "Merhaba", Media: []network.Media{photo()}}, []string{}},
		{
			"conflicting statements: the stricter warns", sosyal.Instagram, "2026-11-03",
			network.Content{Format: sosyal.FormatPhoto, Text: tags(6), Media: []network.Media{photo()}},
			[]string{"hashtags warning 5 6"},
		},
		{
			"on the day of the stricter statement", sosyal.Instagram, "2025-12-19",
			network.Content{Format: sosyal.FormatPhoto, Text: tags(6), Media: []network.Media{photo()}},
			[]string{"hashtags warning 5 6"},
		},
		{
			"before the stricter statement was made", sosyal.Instagram, "2025-12-18",
			network.Content{Format: sosyal.FormatPhoto, Text: tags(6), Media: []network.Media{photo()}},
			[]string{},
		},
		{
			"the looser one is an error", sosyal.Instagram, "2026-11-03",
			network.Content{Format: sosyal.FormatPhoto, Text: tags(31), Media: []network.Media{photo()}},
			[]string{"hashtags error 30 31", "hashtags warning 5 31"},
		},
		{
			"no media", sosyal.Instagram, "2026-11-03",
			network.Content{Format: sosyal.FormatPhoto},
			[]string{"media_count error 1 0"},
		},
		{
			"a carousel of one", sosyal.Instagram, "2026-11-03",
			network.Content{Format: sosyal.FormatCarousel, Media: []network.Media{photo()}},
			[]string{"media_count error 2 1"},
		},
		{
			"a format that does not exist there", sosyal.YouTube, "2026-11-03",
			network.Content{Format: sosyal.FormatPhoto, Title: "Başlık", Media: []network.Media{photo()}},
			[]string{"format error 0 0"},
		},
		{
			"wide, not JPEG, long alt text", sosyal.Instagram, "2026-11-03",
			network.Content{Format: sosyal.FormatCarousel, Media: []network.Media{wide, png, alt}},
			[]string{"alt_text error 1000 1001", "media_type error 0 0", "media_ratio error 1.91 2"},
		},
		{
			"a short of four minutes", sosyal.YouTube, "2026-11-03",
			network.Content{Format: sosyal.FormatShort, Title: "Kısa", Media: []network.Media{clip(4 * time.Minute)}},
			[]string{"media_duration error 180 240"},
		},
		{
			"refused characters", sosyal.YouTube, "2026-11-03",
			network.Content{Format: sosyal.FormatVideo, Title: "a<b", Media: []network.Media{clip(time.Minute)}},
			[]string{"title error 0 0"},
		},
		{
			"mixed media", sosyal.X, "2026-11-03",
			network.Content{Format: sosyal.FormatPhoto, Text: "x", Media: []network.Media{photo(), clip(time.Second)}},
			[]string{"media_count error 1 2", "media_height error 1024 1920"},
		},
		{
			"caption under a photo", sosyal.Telegram, "2026-11-03",
			network.Content{Format: sosyal.FormatPhoto, Text: strings.Repeat("a", 1025), Media: []network.Media{photo()}},
			[]string{"caption error 1024 1025"},
		},
		{
			"a message as long", sosyal.Telegram, "2026-11-03",
			network.Content{Format: sosyal.FormatText, Text: strings.Repeat("a", 1025)},
			[]string{},
		},
		{
			"an empty post", sosyal.Facebook, "2026-11-03",
			network.Content{Format: sosyal.FormatText, Text: "  "},
			[]string{"text error 0 0"},
		},
		{
			"photo description of TikTok", sosyal.TikTok, "2026-11-03",
			network.Content{Format: sosyal.FormatPhoto, Text: strings.Repeat("a", 4001), Title: strings.Repeat("a", 91), Media: []network.Media{photo()}},
			[]string{"title error 90 91", "description error 4000 4001"},
		},
		{
			"six links", sosyal.Threads, "2026-11-03",
			network.Content{Format: sosyal.FormatText, Text: "a.com b.com c.com d.com e.com f.com"},
			[]string{"links error 5 6"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := found(rulesOf(t, c.network, c.day).Check(c.content))
			slices.Sort(got)
			slices.Sort(c.want)
			assert.Equal(t, c.want, got)
		})
	}
}

func TestAccountsMayHaveTheirOwnFacts(t *testing.T) {
	r := rulesOf(t, sosyal.X, "2026-11-03")
	post := network.Content{Format: sosyal.FormatText, Text: strings.Repeat("a", 281)}
	require.Len(t, r.Check(post), 1)
	premium := r.With(network.Fact{Field: network.FieldText, Unit: network.XWeight, Max: 25_000, Severity: network.Error, Source: "account", Confidence: "H"})
	assert.Empty(t, premium.Check(post))
	assert.Len(t, r.Check(post), 1, "the rules it was made from stay as they were")
	assert.False(t, r.Stale(60))
	assert.True(t, r.Stale(20))
}

func TestReadFactsNamesWhatIsWrong(t *testing.T) {
	for text, field := range map[string]string{
		`{"network":"x","as_of":"2026-02-30","facts":[]}`: "as_of",
		`{"network":"","as_of":"2026-02-28","facts":[]}`:  "network",
		`{"network":"x","as_of":"2026-02-28","facts":[{"field":"text","unit":"words","max":3,"severity":"error","source":"s","confidence":"P"}]}`: "facts[0].unit",
		`{"network":"x","as_of":"2026-02-28","facts":[{"field":"text","severity":"error","source":"s","confidence":"P"}]}`:                        "facts[0].max",
		`{"network":"x","as_of":"2026-02-28","formats":[{"format":"photo","media":[{"kinds":["image"],"min":3,"max":2}]}]}`:                       "formats[0].media[0]",
		`{"netwrok":"x"}`: "facts",
		`nonsense`:        "facts",
	} {
		_, err := network.ReadFacts(strings.NewReader(text))
		require.ErrorIs(t, err, sosyal.ErrInvalid, text)
		assert.Equal(t, field, sosyal.FieldErrors(err)[0].Field, text)
	}
}

func TestMessagesAreCompleteInBothLanguages(t *testing.T) {
	en, tr := network.Messages(sosyal.English), network.Messages(sosyal.Turkish)
	assert.NoError(t, sosyaltest.CheckMessages(en, tr))
	assert.Nil(t, network.Messages("de"))
	catalogue := sosyal.NewCatalogue(sosyal.Turkish, sosyal.StandardMessages(sosyal.Turkish), tr)
	for _, n := range sosyal.Networks() {
		r := rulesOf(t, n, "2026-11-03")
		long := strings.Repeat("@a #b1 <x> https://a.com 👋 ", 4000)
		media := []network.Media{{Kind: network.Image, Type: "image/x", Width: 9, Height: 99999, Bytes: 1 << 50}, {Kind: network.Video, Type: "video/x", Width: 99999, Height: 9, Bytes: 1 << 50, Duration: 99 * time.Hour}}
		for _, f := range append(sosyal.Formats(), "hologram") {
			for _, issue := range r.Check(network.Content{Format: f, Title: long, Text: long, Comment: long, Tags: []string{long}, Media: media}) {
				text := catalogue.Text(issue.Fix)
				assert.Contains(t, tr, issue.Fix.Code)
				assert.NotContains(t, text, "{")
				for _, a := range issue.Fix.Args {
					if a.Kind == sosyal.KindTerm && a.Value != "hologram" {
						assert.True(t, catalogue.Has("term."+a.Value), a.Value)
					}
				}
			}
		}
	}
}

func FuzzReadFacts(f *testing.F) {
	f.Add(`{"network":"x","as_of":"2026-10-01","formats":[{"format":"photo","media":[{"kinds":["image"],"min":1,"max":4}]}],"facts":[{"field":"text","unit":"x_weight","max":280,"severity":"error","source":"s","confidence":"P","from":"2026-01-01"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		facts, err := network.ReadFacts(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, i := range facts.For(sosyal.Destination{}, 1).Check(network.Content{Format: sosyal.FormatPhoto, Text: "a", Media: []network.Media{photo()}}) {
			if i.Severity == "" || i.Fix.Code == "" {
				t.Fatalf("an issue without severity or fix: %+v", i)
			}
		}
	})
}
