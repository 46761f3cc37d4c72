package brand_test

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/planning/brand"
)

// A product card for the Instagram feed: checked, drawn, encoded.
func ExampleRenderer_Render() {
	kit, err := brand.ReadKit(strings.NewReader(`{
		"brand": "nar", "version": 1, "name": "nar kozmetik",
		"colors": {
			"primary": "#4a1f3d", "accent": "#c8385a", "background": "#fbf5f1", "surface": "#ffffff",
			"text": "#2a1722", "muted": "#755b69", "on_primary": "#fff6f2", "on_accent": "#ffffff"
		},
		"logo": {"text": "nar kozmetik"},
		"tone": {"banned": ["ucuz"]}
	}`))
	if err != nil {
		fmt.Println(err)
	}
	price, err := sosyal.NewMoney(decimal.RequireFromString("349.90"), "TRY")
	if err != nil {
		fmt.Println(err)
	}
	content := brand.Content{
		Kicker: "Cilt bakımı", Headline: "Gül Özlü Nemlendirici Krem", Badge: "Yeni", Price: price, Illustration: "jar",
	}
	fmt.Println("issues:", len(brand.Check(kit, content)))

	places, err := brand.Placements()
	if err != nil {
		fmt.Println(err)
	}
	place, err := brand.PlacementFor(places, sosyal.Instagram, sosyal.FormatPhoto)
	if err != nil {
		fmt.Println(err)
	}
	template, err := brand.TemplateByID("product")
	if err != nil {
		fmt.Println(err)
	}
	renderer, err := brand.NewRenderer(kit)
	if err != nil {
		fmt.Println(err)
	}
	img, err := renderer.Render(template, content, place.Size)
	if err != nil {
		fmt.Println(err)
	}
	var file bytes.Buffer
	if err := brand.EncodeJPEG(&file, img); err != nil {
		fmt.Println(err)
	}
	fmt.Println(img.Bounds().Size(), file.Len() > 20_000)

	content.Headline = "Ucuz mu ucuz 😀"
	for _, issue := range brand.Check(kit, content) {
		fmt.Println(sosyal.NewCatalogue(sosyal.English, brand.Messages(sosyal.English)).Text(issue.Reason))
	}
	_, err = renderer.Render(template, content, place.Size)
	fmt.Println(err)
	// Output:
	// issues: 0
	// (1080,1350) true
	// “ucuz” in the headline is not the brand's way of speaking
	// render template product, layer 5: headline: the font has no glyph for '😀' (U+1F600)
}

func ExampleContrast() {
	white, err := brand.ParseColor("#ffffff")
	if err != nil {
		fmt.Println(err)
	}
	grey, err := brand.ParseColor("#777777")
	if err != nil {
		fmt.Println(err)
	}
	fmt.Printf("%.2f\n", brand.Contrast(grey, white))
	// Output: 4.48
}
