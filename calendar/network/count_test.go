package network_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/calendar/network"
)

func rulesOf(t *testing.T, n sosyal.Network, day string) network.Rules {
	t.Helper()
	on, err := sosyal.ParseDate(day)
	require.NoError(t, err)
	r, err := network.For(sosyal.Destination{Brand: "lale", Network: n, Account: "lale"}, on)
	require.NoError(t, err)
	return r
}

// The published examples of X and what follows from Unicode text segmentation.
func TestCountingVectors(t *testing.T) {
	for _, v := range []struct {
		name, text                                     string
		characters, utf16, bytes, graphemes, xWeighted int
	}{
		{"the vendor's own example", "Hello, world! 👋", 15, 16, 18, 15, 16},
		{"composed accent", "caf\u00e9", 4, 4, 5, 4, 4},
		{"decomposed accent", "cafe\u0301", 5, 5, 6, 4, 4},
		{"Arabic letters", "سلام", 4, 4, 8, 4, 4},
		{"Persian with a non-joiner", "می\u200cروم", 6, 6, 13, 5, 6},
		{"Persian digits", "۱۲۳", 3, 3, 6, 3, 3},
		{"Japanese", "日本語", 3, 3, 9, 3, 6},
		{"family of four", "👨\u200d👩\u200d👧\u200d👦", 7, 11, 25, 1, 2},
		{"flag", "🇹🇷", 2, 4, 8, 1, 2},
		{"keycap", "1\ufe0f\u20e3", 3, 3, 7, 1, 2},
		{"raised hand with skin tone", "✋🏽", 2, 3, 7, 1, 2},
		{"waving hand with skin tone", "👋🏽", 2, 4, 8, 1, 2},
		{"ellipsis", "…", 1, 1, 3, 1, 2},
		{"euro", "€", 1, 1, 3, 1, 2},
		{"bullet", "•", 1, 1, 3, 1, 2},
		{"right-to-left mark", "\u200f", 1, 1, 3, 1, 2},
		{"Turkish", "İçtiğimiz çay ığdır", 19, 19, 26, 19, 19},
		{"line end of two characters", "a\r\nb", 4, 4, 4, 3, 4},
		{"either side of the light ranges", "\u10ff\u1100\u200d\u200e\u2032\u2038", 6, 6, 18, 5, 9},
		{"nothing", "", 0, 0, 0, 0, 0},
	} {
		t.Run(v.name, func(t *testing.T) {
			for unit, want := range map[network.Unit]int{
				network.Characters: v.characters, network.UTF16: v.utf16, network.Bytes: v.bytes,
				network.Graphemes: v.graphemes, network.XWeight: v.xWeighted,
			} {
				n, ok := unit.Of(network.FieldText, v.text)
				assert.True(t, ok)
				assert.Equal(t, want, n, unit)
			}
		})
	}
}

func TestAddressesCountTwentyThreeOnX(t *testing.T) {
	long := "https://lale.example/" + strings.Repeat("a", 300) + "?utm_source=x&utm_medium=social"
	for text, want := range map[string]int{
		long:                                23,
		"See " + long + ".":                 4 + 23 + 1,
		"Bak: lale.com.tr/yeni":             5 + 23,
		"(https://lale.com/a_(b))":          1 + 23 + 1,
		"Bitti.Sonra devam":                 17, // a sentence, not an address
		"mail@lale.com":                     13,
		"日本https://lale.com":                4 + 23,
		"https://lale.com https://lale.com": 23 + 1 + 23,
		"http://localhost/x":                18,
		"1.5 puan":                          8,
	} {
		n, _ := network.XWeight.Of(network.FieldText, text)
		assert.Equal(t, want, n, text)
	}
}

func TestUnitsOfSingleNetworks(t *testing.T) {
	for _, c := range []struct {
		unit network.Unit
		text string
		want int
	}{
		{network.MastodonCharacters, "hi @lale@mastodon.example", 8},
		{network.MastodonCharacters, "https://lale.example/" + strings.Repeat("x", 100), 23},
		{network.MastodonCharacters, "👨\u200d👩\u200d👧\u200d👦 aile", 6},
		{network.MastodonCharacters, "lale.com", 8}, // without a scheme it is text
		{network.ThreadsCharacters, "çok iyi 🎉", 12},
		{network.ThreadsCharacters, "→ 50 €", 6},
		{network.EscapedCharacters, "#indirim (yeni)", 18},
		{network.TagCharacters, "çay,kahve makinesi", 20},
		{network.TagCharacters, "", 0},
	} {
		n, ok := c.unit.Of(network.FieldText, c.text)
		assert.True(t, ok)
		assert.Equal(t, c.want, n, "%s of %q", c.unit, c.text)
	}
}

func TestHashtagsMentionsAndLinks(t *testing.T) {
	text := "Yeni! #işbirliği #2026 #yaz2026 a#b &#39; ##x @lale.tr @ben, e@posta.com @uzak@sunucu.example bkz. https://lale.com/x?y=1#z."
	assert.Equal(t, []string{"işbirliği", "yaz2026"}, network.Hashtags(text))
	assert.Equal(t, []string{"lale.tr", "ben", "uzak@sunucu.example"}, network.Mentions(text))
	assert.Equal(t, []string{"https://lale.com/x?y=1#z"}, network.Links(text))
}

func TestCountReturnsEveryUnitOfTheNetwork(t *testing.T) {
	for _, c := range []struct {
		network sosyal.Network
		field   network.Field
		want    []network.Size
	}{
		{sosyal.Bluesky, network.FieldText, []network.Size{
			{Unit: network.Graphemes, N: 3, Limit: 300, Severity: network.Error},
			{Unit: network.Bytes, N: 9, Limit: 3000, Severity: network.Error},
		}},
		{sosyal.X, network.FieldText, []network.Size{{Unit: network.XWeight, N: 6, Limit: 280, Severity: network.Error}}},
		{sosyal.YouTube, network.FieldDescription, []network.Size{{Unit: network.Bytes, N: 9, Limit: 5000, Severity: network.Error}}},
		{sosyal.Telegram, network.FieldCaption, []network.Size{{Unit: network.Characters, N: 3, Limit: 1024, Severity: network.Error}}},
		{sosyal.X, network.FieldTitle, nil},
	} {
		assert.Equal(t, c.want, rulesOf(t, c.network, "2026-11-03").Count(c.field, "日本語"), c.network)
	}
}

func FuzzCount(f *testing.F) {
	for _, text := range []string{"Hello #a @b https://c.com", "👨\u200d👩", "a.b.c.d", "\xff\xfe", "@a@b.c", strings.Repeat(".", 50), "x(((https://a.tr/)))"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, unit := range []network.Unit{
			network.Characters, network.Graphemes, network.UTF16, network.Bytes, network.XWeight,
			network.MastodonCharacters, network.ThreadsCharacters, network.EscapedCharacters, network.TagCharacters,
		} {
			n, ok := unit.Of(network.FieldText, text)
			if !ok || n < 0 {
				t.Fatalf("%s of %q: %d %v", unit, text, n, ok)
			}
		}
		for _, part := range [][]string{network.Hashtags(text), network.Mentions(text), network.Links(text)} {
			for _, p := range part {
				if p == "" || !strings.Contains(text, p) {
					t.Fatalf("%q is not a part of %q", p, text)
				}
			}
		}
		if utf8.ValidString(text) {
			g, _ := network.Graphemes.Of(network.FieldText, text)
			if g > utf8.RuneCountInString(text) {
				t.Fatalf("more graphemes than code points in %q", text)
			}
		}
	})
}

func BenchmarkCount(b *testing.B) {
	for name, text := range map[string]string{
		"ascii": strings.Repeat("New in the shop: the spring collection. See lale.com/spring for more ", 1000),
		"emoji": strings.Repeat("Yeni koleksiyon 👨‍👩‍👧‍👦🎉🇹🇷 çıktı ", 1000),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				network.XWeight.Of(network.FieldText, text)
			}
		})
	}
}
