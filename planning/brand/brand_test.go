package brand_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/planning/brand"
	"github.com/yukselenler/sosyal/sosyaltest"
)

const kitJSON = `{
	"brand": "nar", "version": 1, "name": "nar kozmetik",
	"colors": {
		"primary": "#4a1f3d", "accent": "#c8385a", "background": "#fbf5f1", "surface": "#ffffff",
		"text": "#2a1722", "muted": "#755b69", "on_primary": "#fff6f2", "on_accent": "#ffffff"
	},
	"logo": {
		"svg": "<svg viewBox=\"0 0 100 100\"><path fill=\"currentColor\" d=\"M50 10 C80 10 95 35 90 60 C86 82 70 95 50 95 C30 95 14 82 10 60 C5 35 20 10 50 10 Z\"/></svg>",
		"text": "nar kozmetik"
	},
	"tone": {"voice": "samimi, sade", "banned": ["ucuz", "kaçırma", "garanti sonuç", "ILIK"]}
}`

func kit(tb testing.TB) brand.Kit {
	tb.Helper()
	k, err := brand.ReadKit(strings.NewReader(kitJSON))
	require.NoError(tb, err)
	return k
}

func tl(tb testing.TB, amount string) sosyal.Money {
	tb.Helper()
	m, err := sosyal.NewMoney(decimal.RequireFromString(amount), "TRY")
	require.NoError(tb, err)
	return m
}

// samples is a content for each template.
func samples(tb testing.TB) map[sosyal.TemplateID]brand.Content {
	tb.Helper()
	return map[sosyal.TemplateID]brand.Content{
		"product": {
			Kicker: "Cilt bakımı", Headline: "Gül Özlü Nemlendirici Krem 50 ml", Badge: "%25 indirim",
			Price: tl(tb, "349.9"), OldPrice: tl(tb, "466.5"), CTA: "narkozmetik.example", Illustration: "jar",
		},
		"quote": {
			Kicker: "Günün ilhamı", Headline: "Cildine gösterdiğin özen, kendine verdiğin en güzel sözdür.",
			Author: "Işıl Çağlayan, cilt bakım uzmanı", Variant: 1,
		},
		"how_to": {
			Kicker: "Nasıl yapılır", Headline: "Üç dakikada doğal göz makyajı", CTA: "narkozmetik.example",
			Steps: []string{
				"Göz kapağına ince bir kat baz sür ve parmak ucunla dağıt.", "Şeftali tonunu kıvrıma, açık tonu iç köşeye uygula.",
				"Kirpik diplerine kahverengi kalemle yumuşak bir çizgi çek.", "İki kat maskara ile bitir.",
			},
		},
		"campaign": {
			Kicker: "11.11 fırsatları", Headline: "Bütün parfümlerde büyük kasım indirimi", Badge: "%40’a varan",
			Body: "Yalnızca 9–11 Kasım arasında, stoklarla sınırlı. Kargo bizden.", CTA: "Hemen keşfet", Illustration: "perfume", Variant: 2,
		},
	}
}

// Values of the contrast ratio that are published with WCAG's techniques, or
// follow from its definition.
func TestContrast(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{
		{"#000000", "#ffffff", 21},
		{"#ffffff", "#ffffff", 1},
		{"#777777", "#ffffff", 4.48},
		{"#767676", "#FFFFFF", 4.54},
		{"#ff0000", "#ffffff", 4.00},
		{"#0000ff", "#ffffff", 8.59},
	} {
		a, err := brand.ParseColor(c.a)
		require.NoError(t, err)
		b, err := brand.ParseColor(c.b)
		require.NoError(t, err)
		assert.InDelta(t, c.want, brand.Contrast(a, b), 0.005, "%s on %s", c.a, c.b)
		assert.InDelta(t, c.want, brand.Contrast(b, a), 0.005)
	}
	for _, bad := range []string{"", "ffffff", "#fff", "#gggggg", "#ffffff00"} {
		_, err := brand.ParseColor(bad)
		require.ErrorIs(t, err, sosyal.ErrInvalid, bad)
	}
}

func TestKitRoundTrip(t *testing.T) {
	k := kit(t)
	data, err := json.Marshal(k)
	require.NoError(t, err)
	again, err := brand.ReadKit(strings.NewReader(string(data)))
	require.NoError(t, err)
	assert.Equal(t, k, again)
	for name, text := range map[string]string{
		"an unknown field":  strings.Replace(kitJSON, `"version"`, `"versoin"`, 1),
		"no name":           strings.Replace(kitJSON, `"name": "nar kozmetik"`, `"name": ""`, 1),
		"a bad colour":      strings.Replace(kitJSON, "#4a1f3d", "plum", 1),
		"an empty logo":     strings.Replace(kitJSON, `<path fill`, `<nothing fill`, 1),
		"a logo of nothing": strings.Replace(kitJSON, `<svg viewBox=\"0 0 100 100\">`, `<svg viewBox=\"0 0 0 0\">`, 1),
		"no banned word":    strings.Replace(kitJSON, `"ucuz"`, `""`, 1),
		"a font that is no font": strings.Replace(kitJSON, `"tone"`,
			`"fonts": {"bold": "bm8gZm9udA=="}, "tone"`, 1),
	} {
		_, err := brand.ReadKit(strings.NewReader(text))
		require.Error(t, err, name)
	}
}

func codes(issues []brand.Issue) []string {
	var out []string
	for _, i := range issues {
		out = append(out, string(i.Severity)+" "+i.Field+" "+i.Reason.Code)
	}
	return out
}

func TestCheck(t *testing.T) {
	assert.Empty(t, brand.Check(kit(t), samples(t)["product"]))

	k := kit(t)
	k.Logo = brand.Logo{}
	k.Colors.Muted = brand.Color{R: 0xaa, G: 0xaa, B: 0xaa}
	k.Colors.OnAccent = brand.Color{R: 0xff, G: 0x99, B: 0xaa}
	assert.Equal(t, []string{
		"error colors.muted brand.contrast.low", "error colors.on_accent brand.contrast.low", "warning logo brand.logo.missing",
	}, codes(brand.Check(k, brand.Content{})))

	said := func(text string) []string { return codes(brand.Check(kit(t), brand.Content{Headline: text})) }
	one := []string{"error content.headline brand.tone.banned"}
	assert.Equal(t, one, said("UCUZ ürünler"), "in whatever case")
	assert.Equal(t, one, said("Fırsatı KAÇIRMA!"), "with Turkish letters")
	assert.Equal(t, one, said("Garanti, sonuç"), "phrases over punctuation")
	assert.Equal(t, one, said("ılık bir duş"), "the list may be in capitals: I is ı")
	assert.Empty(t, said("ilik nakli"), "and i is another letter")
	assert.Empty(t, said("Ucuzluk"), "whole words only")
	assert.Empty(t, said("sonuç garanti"), "in order")
	text := sosyal.NewCatalogue(sosyal.Turkish, sosyal.StandardMessages(sosyal.Turkish), brand.Messages(sosyal.Turkish)).
		Text(brand.Check(kit(t), brand.Content{Steps: []string{"ucuz"}})[0].Reason)
	assert.Equal(t, "“ucuz” ifadesi markanın diline uymuyor (alan: adımlar)", text)
}

// Every template that the module carries is readable in every variant and keeps
// its text out of what networks cover, wherever it may be shown.
func TestTemplatesAreSound(t *testing.T) {
	all, err := brand.Templates()
	require.NoError(t, err)
	require.Len(t, all, 4)
	places, err := brand.Placements()
	require.NoError(t, err)
	for _, template := range all {
		assert.NotEmpty(t, template.Names[sosyal.Turkish])
		assert.NotEmpty(t, template.Names[sosyal.English])
		assert.Len(t, template.Layouts, len(brand.Shapes()))
		for _, p := range places {
			assert.Empty(t, brand.CheckTemplate(kit(t), template, p), "%s on %s %s", template.ID, p.Network, p.Format)
		}
	}
}

func TestCheckTemplateFindsFaults(t *testing.T) {
	template, err := brand.ReadTemplate(strings.NewReader(`{
		"id": "faulty", "names": {}, "needs": [],
		"layouts": {"tall": [
			{"kind": "stack", "box": [0.05, 0.05, 0.9, 0.1], "items": [{"kind": "text", "field": "body", "size": 0.03, "color": "tint", "on": "background"}]},
			{"kind": "stack", "box": [0.1, 0.5, 0.5, 0.1], "items": [{"kind": "text", "field": "body", "size": 0.03, "color": "accent", "on": "tint_deep"}]},
			{"kind": "logo", "box": [0.1, 0.64, 0.5, 0.02]}
		]}}`))
	require.NoError(t, err)
	reel := brand.Placement{
		Network: sosyal.Instagram, Format: sosyal.FormatReel, Size: brand.Size{Width: 1080, Height: 1920},
		Covered: brand.Margins{Top: 0.14, Right: 0.06, Bottom: 0.35, Left: 0.06},
	}
	issues := brand.CheckTemplate(kit(t), template, reel)
	assert.Equal(t, []string{
		"warning layouts.tall[0] brand.safe_zone", "error layouts.tall[0].items[0] brand.contrast.low",
		"error layouts.tall[1].items[0] brand.contrast.low", "warning layouts.tall[2] brand.safe_zone",
	}, codes(issues))
	assert.Equal(t, "faulty şablonu: Instagram (reels) üzerinde ağın kendi düğmeleri metni kapatıyor, kapanan taraf: üst",
		sosyal.NewCatalogue(sosyal.Turkish, brand.Messages(sosyal.Turkish), sosyal.Messages{"term.instagram": "Instagram", "term.reel": "reels"}).
			Text(issues[0].Reason))
}

// Papers differ in how much of the accent they hold: what can be read on three
// of them may be lost on the fourth.
func TestCheckTemplateLooksAtEveryVariant(t *testing.T) {
	template, err := brand.ReadTemplate(strings.NewReader(`{
		"id": "t", "names": {}, "needs": [], "layouts": {"square": [
			{"kind": "stack", "box": [0.1, 0.1, 0.8, 0.8], "items": [{"kind": "text", "field": "body", "size": 0.03, "color": "muted", "on": "tint"}]}
		]}}`))
	require.NoError(t, err)
	k := kit(t)
	k.Colors.Muted = brand.Color{R: 0x6c, G: 0x54, B: 0x61} // 5.1, 5.0, 4.1 and 4.9 on the papers
	square := brand.Placement{Size: brand.Size{Width: 1080, Height: 1080}}
	assert.Equal(t, []string{"warning layouts.square[0].items[0] brand.contrast.low"}, codes(brand.CheckTemplate(k, template, square)))
	k.Colors.Muted = k.Colors.Text
	assert.Empty(t, brand.CheckTemplate(k, template, square))
}

func TestPlacements(t *testing.T) {
	all, err := brand.Placements()
	require.NoError(t, err)
	for _, c := range []struct {
		network sosyal.Network
		format  sosyal.Format
		want    brand.Size
		shape   brand.Shape
	}{
		{sosyal.Instagram, sosyal.FormatPhoto, brand.Size{Width: 1080, Height: 1350}, brand.Portrait},
		{sosyal.Instagram, sosyal.FormatReel, brand.Size{Width: 1080, Height: 1920}, brand.Tall},
		{sosyal.Instagram, sosyal.FormatStory, brand.Size{Width: 1080, Height: 1920}, brand.Tall},
		{sosyal.Facebook, sosyal.FormatPhoto, brand.Size{Width: 1080, Height: 1080}, brand.Square},
		{sosyal.X, sosyal.FormatPhoto, brand.Size{Width: 1600, Height: 900}, brand.Wide},
		{sosyal.YouTube, sosyal.FormatVideo, brand.Size{Width: 1280, Height: 720}, brand.Wide},
		{sosyal.Pinterest, sosyal.FormatPin, brand.Size{Width: 1000, Height: 1500}, brand.Portrait},
	} {
		p, err := brand.PlacementFor(all, c.network, c.format)
		require.NoError(t, err)
		assert.Equal(t, c.want, p.Size)
		assert.Equal(t, c.shape, p.Size.Shape())
	}
	_, err = brand.PlacementFor(all, sosyal.X, sosyal.FormatText)
	require.ErrorIs(t, err, sosyal.ErrNotFound)
	for name, text := range map[string]string{
		"no source":      `[{"network":"x","format":"photo","size":{"width":900,"height":900},"as_of":"2026-01-01","confidence":"G"}]`,
		"no room":        `[{"network":"x","format":"photo","size":{"width":900,"height":900},"covered":{"top":0.5,"bottom":0.5},"source":"s","as_of":"2026-01-01","confidence":"G"}]`,
		"no such day":    `[{"network":"x","format":"photo","size":{"width":900,"height":900},"source":"s","as_of":"2026-02-30","confidence":"G"}]`,
		"unwritably low": `[{"network":"x","format":"photo","size":{"width":900,"height":9},"source":"s","as_of":"2026-02-03","confidence":"G"}]`,
	} {
		_, err := brand.ReadPlacements(strings.NewReader(text))
		require.Error(t, err, name)
	}
}

func TestReadTemplateRefuses(t *testing.T) {
	layer := func(l string) string {
		return `{"id":"t","names":{},"needs":[],"layouts":{"tall":[` + l + `]}}`
	}
	for name, text := range map[string]string{
		"no id":            `{"names":{},"needs":[],"layouts":{"tall":[]}}`,
		"no layouts":       `{"id":"t","names":{},"needs":[],"layouts":{}}`,
		"an unknown need":  `{"id":"t","names":{},"needs":["smell"],"layouts":{"tall":[]}}`,
		"an unknown shape": `{"id":"t","names":{},"needs":[],"layouts":{"oval":[]}}`,
		"an unknown kind":  layer(`{"kind":"video"}`),
		"a short box":      layer(`{"kind":"rect","box":[0,0,1]}`),
		"outside":          layer(`{"kind":"stack","box":[0.5,0,0.6,1]}`),
		"an unknown role":  layer(`{"kind":"fill","color":"pink"}`),
		"an unknown align": layer(`{"kind":"logo","box":[0,0,1,1],"align":"middle"}`),
		"too opaque":       layer(`{"kind":"rect","box":[0,0,1,1],"opacity":2}`),
		"too much growth":  layer(`{"kind":"stack","box":[0,0,1,1],"grow":9}`),
		"a giant mark":     layer(`{"kind":"mark","box":[0,0,1,1],"text":"x","size":50000}`),
		"a giant circle":   layer(`{"kind":"circle","box":[0,0,50000]}`),
		"a giant radius":   layer(`{"kind":"rect","box":[0,0,1,1],"radius":7}`),
		"spread letters":   layer(`{"kind":"stack","box":[0,0,1,1],"items":[{"kind":"text","field":"body","size":0.1,"tracking":9}]}`),
		"unknown when":     layer(`{"kind":"fill","when":"rain"}`),
		"an unknown item":  layer(`{"kind":"stack","box":[0,0,1,1],"items":[{"kind":"poem","size":0.1}]}`),
		"an unknown field": layer(`{"kind":"stack","box":[0,0,1,1],"items":[{"kind":"text","field":"price","size":0.1}]}`),
		"no size":          layer(`{"kind":"stack","box":[0,0,1,1],"items":[{"kind":"text","field":"body"}]}`),
	} {
		_, err := brand.ReadTemplate(strings.NewReader(text))
		require.Error(t, err, name)
	}
	_, err := brand.TemplateByID("poem")
	require.ErrorIs(t, err, sosyal.ErrNotFound)
}

func TestMessagesInBothLanguages(t *testing.T) {
	assert.NoError(t, sosyaltest.CheckMessages(brand.Messages(sosyal.English), brand.Messages(sosyal.Turkish)))
	assert.Nil(t, brand.Messages("de"))
}
