package brand_test

import (
	"fmt"
	"image/png"
	"os"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/planning/brand"
)

func mustColor(s string) brand.Color { c, err := brand.ParseColor(s); if err != nil { panic(err) }; return c }
func TestCards(t *testing.T) {
	out := os.Getenv("CARDS")
	if out == "" { t.Skip() }
	k := brand.Kit{Brand: "nar", Name: "nar kozmetik", Colors: brand.Palette{
		Primary: mustColor("#4a1f3d"), Accent: mustColor("#c8385a"), Background: mustColor("#fbf5f1"), Surface: mustColor("#ffffff"),
		Text: mustColor("#2a1722"), Muted: mustColor("#755b69"), OnPrimary: mustColor("#fff6f2"), OnAccent: mustColor("#ffffff")},
		Logo: brand.Logo{SVG: `<svg viewBox="0 0 100 100"><path fill="currentColor" d="M50 22 C76 22 92 40 92 61 C92 82 74 97 50 97 C26 97 8 82 8 61 C8 40 24 22 50 22 Z M50 36 C34 36 22 46 22 61 C22 75 34 84 50 84 C66 84 78 75 78 61 C78 46 66 36 50 36 Z"/><path fill="currentColor" d="M34 4 L44 14 L50 3 L56 14 L66 4 L64 24 L36 24 Z"/><circle fill="currentColor" cx="42" cy="56" r="6"/><circle fill="currentColor" cx="58" cy="56" r="6"/><circle fill="currentColor" cx="50" cy="70" r="6"/></svg>`, Text: "nar kozmetik"}}
	r, err := brand.NewRenderer(k)
	if err != nil { t.Fatal(err) }
	tl := func(s string) sosyal.Money { m, _ := sosyal.NewMoney(decimal.RequireFromString(s), "TRY"); return m }
	contents := map[sosyal.TemplateID]brand.Content{
		"product": {Kicker: "Cilt bakımı", Headline: "Gül Özlü Nemlendirici Krem 50 ml", Badge: "%25 indirim", Price: tl("349.9"), OldPrice: tl("466.5"), CTA: "narkozmetik.com", Illustration: "jar"},
		"quote": {Kicker: "Günün ilhamı", Headline: "Cildine gösterdiğin özen, kendine verdiğin en güzel sözdür.", Author: "Işıl Çağlayan, cilt bakım uzmanı"},
		"how_to": {Kicker: "Nasıl yapılır", Headline: "Üç dakikada doğal göz makyajı", Steps: []string{"Göz kapağına ince bir kat baz sür ve parmak ucunla dağıt.", "Şeftali tonunu kıvrıma, açık tonu iç köşeye uygula.", "Kirpik diplerine kahverengi kalemle yumuşak bir çizgi çek.", "İki kat maskara ile bitir."}, CTA: "narkozmetik.com"},
		"campaign": {Kicker: "11.11 fırsatları", Headline: "Bütün parfümlerde büyük kasım indirimi", Badge: "%40’a varan", Body: "Yalnızca 9–11 Kasım arasında, stoklarla sınırlı. Kargo bizden.", CTA: "Hemen keşfet", Illustration: "perfume"},
	}
	all, err := brand.Templates()
	if err != nil { t.Fatal(err) }
	sizes := []brand.Size{{1080, 1350}, {1080, 1080}, {1080, 1920}, {1600, 900}, {1280, 720}}
	for _, tm := range all {
		for i, s := range sizes {
			c := contents[tm.ID]
			c.Variant = i
			start := time.Now()
			img, err := r.Render(tm, c, s)
			if err != nil { t.Error(tm.ID, s, err); continue }
			d := time.Since(start)
			f, _ := os.Create(fmt.Sprintf("%s/%s-%dx%d.png", out, tm.ID, s.Width, s.Height))
			png.Encode(f, img); f.Close()
			start = time.Now()
			g, _ := os.Create(fmt.Sprintf("%s/%s-%dx%d.jpg", out, tm.ID, s.Width, s.Height))
			brand.EncodeJPEG(g, img); g.Close()
			t.Log(tm.ID, s, d, time.Since(start))
		}
	}
}
