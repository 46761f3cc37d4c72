package brand_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	scale "golang.org/x/image/draw"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/planning/brand"
)

var update = flag.Bool("update", false, "write the golden pictures anew")

func renderer(tb testing.TB) *brand.Renderer {
	tb.Helper()
	r, err := brand.NewRenderer(kit(tb))
	require.NoError(tb, err)
	return r
}

func template(tb testing.TB, id sosyal.TemplateID) brand.Template {
	tb.Helper()
	found, err := brand.TemplateByID(id)
	require.NoError(tb, err)
	return found
}

func portrait() brand.Size { return brand.Size{Width: 1080, Height: 1350} }

// Pictures are compared at a third of their size, so that a rounding that
// differs between processors does not matter and a moved line does.
func TestGoldens(t *testing.T) {
	r := renderer(t)
	sizes := map[string]brand.Size{
		"portrait": {Width: 540, Height: 675}, "square": {Width: 540, Height: 540}, "tall": {Width: 540, Height: 960}, "wide": {Width: 800, Height: 450},
	}
	for id, content := range samples(t) {
		for shape, size := range sizes {
			t.Run(string(id)+" "+shape, func(t *testing.T) {
				img, err := r.Render(template(t, id), content, size)
				require.NoError(t, err)
				small := image.NewRGBA(image.Rect(0, 0, size.Width/3, size.Height/3))
				scale.BiLinear.Scale(small, small.Bounds(), img, img.Bounds(), draw.Src, nil)
				name := filepath.Join("testdata", fmt.Sprintf("%s-%s.png", id, shape))
				if *update {
					var b bytes.Buffer
					require.NoError(t, png.Encode(&b, small))
					require.NoError(t, os.WriteFile(name, b.Bytes(), 0o644))
				}
				f, err := os.Open(name)
				require.NoError(t, err)
				defer func() { assert.NoError(t, f.Close()) }()
				want, err := png.Decode(f)
				require.NoError(t, err)
				require.Equal(t, want.Bounds(), small.Bounds())
				assert.Less(t, worstBlock(want, small), 12.0, "run the tests with -update and look at the pictures")
			})
		}
	}
}

// worstBlock is the largest mean difference of a colour channel over blocks of
// 8 x 8 pixels.
func worstBlock(a, b image.Image) float64 {
	worst := 0.0
	bounds := a.Bounds()
	for y := 0; y+8 <= bounds.Dy(); y += 8 {
		for x := 0; x+8 <= bounds.Dx(); x += 8 {
			sum := 0.0
			for dy := range 8 {
				for dx := range 8 {
					r1, g1, b1, _ := a.At(x+dx, y+dy).RGBA()
					r2, g2, b2, _ := b.At(x+dx, y+dy).RGBA()
					for _, d := range []int{int(r1) - int(r2), int(g1) - int(g2), int(b1) - int(b2)} {
						sum += float64(max(d, -d)) / 257
					}
				}
			}
			worst = max(worst, sum/(64*3))
		}
	}
	return worst
}

// The same input gives the same bytes, from one renderer in many goroutines and
// from a new one.
func TestDeterministic(t *testing.T) {
	encode := func(r *brand.Renderer) []byte {
		img, err := r.Render(template(t, "product"), samples(t)["product"], brand.Size{Width: 540, Height: 675})
		assert.NoError(t, err)
		var b bytes.Buffer
		assert.NoError(t, brand.EncodeJPEG(&b, img))
		return b.Bytes()
	}
	r := renderer(t)
	want := encode(r)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() { assert.True(t, bytes.Equal(want, encode(r))) })
	}
	group.Wait()
	assert.True(t, bytes.Equal(want, encode(renderer(t))))
	decoded, err := jpeg.DecodeConfig(bytes.NewReader(want))
	require.NoError(t, err)
	assert.Equal(t, [2]int{540, 675}, [2]int{decoded.Width, decoded.Height})
}

func TestRenderRefuses(t *testing.T) {
	r := renderer(t)
	good := samples(t)
	long := strings.Repeat("uzunca bir başlık ", 40)
	for name, c := range map[string]struct {
		template sosyal.TemplateID
		change   func(*brand.Content)
		check    func(error) bool
	}{
		"a missing headline": {"product", func(c *brand.Content) { c.Headline = " \t" }, isInvalid},
		"missing steps":      {"how_to", func(c *brand.Content) { c.Steps = nil }, isInvalid},
		"a negative price":   {"product", func(c *brand.Content) { c.Price = c.Price.Neg() }, isInvalid},
		"an old price below": {"product", func(c *brand.Content) { c.OldPrice, c.Price = c.Price, c.OldPrice }, isInvalid},
		"an unknown drawing": {"product", func(c *brand.Content) { c.Illustration = "../kit" }, isInvalid},
		"a headline without end": {"product", func(c *brand.Content) { c.Headline = long }, func(err error) bool {
			fit, ok := errors.AsType[brand.FitError](err)
			return ok && fit.Field == "headline" && !strings.Contains(err.Error(), "uzunca")
		}},
		"an emoji": {"quote", func(c *brand.Content) { c.Headline = "Günaydın 😀" }, func(err error) bool {
			missing, ok := errors.AsType[brand.MissingGlyphError](err)
			return ok && missing.Rune == '😀' && missing.Field == "headline"
		}},
		"an emoji in a step": {"how_to", func(c *brand.Content) { c.Steps = []string{"bir", "iki 🧴"} }, func(err error) bool {
			missing, ok := errors.AsType[brand.MissingGlyphError](err)
			return ok && missing.Field == "steps"
		}},
	} {
		t.Run(name, func(t *testing.T) {
			content := good[c.template]
			c.change(&content)
			_, err := r.Render(template(t, c.template), content, portrait())
			require.Error(t, err)
			assert.True(t, c.check(err), "%v", err)
		})
	}
	for _, s := range []brand.Size{{}, {Width: 100, Height: 1000}, {Width: 100_000, Height: 1000}} {
		_, err := r.Render(template(t, "quote"), good["quote"], s)
		require.ErrorIs(t, err, sosyal.ErrInvalid)
	}
}

func isInvalid(err error) bool { return errors.Is(err, sosyal.ErrInvalid) }

// What Turkish shops write can be written.
func TestTurkishIsWritten(t *testing.T) {
	r := renderer(t)
	for _, text := range []string{"Iğdır'ın ışıltısı", "İSTANBUL ŞİŞLİ", "çğıöşü ÇĞİÖŞÜ âîû", "₺1.234,50 – %40’a varan “fırsat”…", "1+1 = 2 €/$ №5"} {
		_, err := r.Render(template(t, "quote"), brand.Content{Headline: text}, portrait())
		require.NoError(t, err, text)
	}
	upper := func(l sosyal.Language) []byte {
		img, err := r.Render(template(t, "quote"), brand.Content{Headline: "x", Kicker: "indirim", Language: l}, brand.Size{Width: 400, Height: 500})
		require.NoError(t, err)
		return img.Pix
	}
	assert.False(t, bytes.Equal(upper(sosyal.Turkish), upper(sosyal.English)), "INDIRIM has its dots in Turkish only")
}

// A body that is too long is cut after a word; a missing field leaves no hole.
func TestOptionalFields(t *testing.T) {
	r := renderer(t)
	c := samples(t)["campaign"]
	c.Body = strings.Repeat("Sepette ek indirim ve ücretsiz kargo. ", 30)
	_, err := r.Render(template(t, "campaign"), c, portrait())
	require.NoError(t, err)
	for id, content := range samples(t) {
		bare := brand.Content{Headline: content.Headline, Badge: content.Badge, Steps: content.Steps}
		if id == "product" {
			bare.Badge = ""
		}
		for _, s := range []brand.Size{{Width: 432, Height: 540}, {Width: 432, Height: 432}, {Width: 432, Height: 768}, {Width: 640, Height: 360}} {
			_, err := r.Render(template(t, id), bare, s)
			require.NoError(t, err, id)
		}
	}
}

// The photograph covers its place: the middle of a wide picture is kept, both
// ends are cut alike.
func TestPhotographCovers(t *testing.T) {
	photo := image.NewRGBA(image.Rect(0, 0, 3000, 1000))
	draw.Draw(photo, image.Rect(0, 0, 1500, 1000), image.NewUniform(color.RGBA{255, 0, 0, 255}), image.Point{}, draw.Src)
	draw.Draw(photo, image.Rect(1500, 0, 3000, 1000), image.NewUniform(color.RGBA{0, 0, 255, 255}), image.Point{}, draw.Src)
	c := brand.Content{Headline: "Krem", Image: photo}
	img, err := renderer(t).Render(template(t, "product"), c, portrait())
	require.NoError(t, err)
	assert.Equal(t, color.RGBA{255, 0, 0, 255}, img.RGBAAt(500, 400))
	assert.Equal(t, color.RGBA{0, 0, 255, 255}, img.RGBAAt(580, 400))
	assert.Equal(t, color.RGBA{255, 0, 0, 255}, img.RGBAAt(62, 400), "to the edge of the panel")
	assert.Equal(t, color.RGBA{0xfb, 0xf5, 0xf1, 255}, img.RGBAAt(50, 400), "and not beyond it")
	assert.Equal(t, color.RGBA{0xfb, 0xf5, 0xf1, 255}, img.RGBAAt(61, 61), "round corners")
}

// The old price is struck through: there is an unbroken line of its colour, at
// least as long as the price is written.
func TestOldPriceIsStruck(t *testing.T) {
	longest := func(c brand.Content) int {
		img, err := renderer(t).Render(template(t, "product"), c, portrait())
		require.NoError(t, err)
		best := 0
		for y := range 1200 {
			run := 0
			for x := range 1080 {
				if img.RGBAAt(x, y) == (color.RGBA{0x75, 0x5b, 0x69, 255}) {
					run++
					best = max(best, run)
				} else {
					run = 0
				}
			}
		}
		return best
	}
	c := samples(t)["product"]
	assert.Greater(t, longest(c), 140)
	c.OldPrice = sosyal.Money{}
	assert.Less(t, longest(c), 40)
}

// A light accent is darkened until text can be read on it.
func TestGroundsCanBeWrittenOn(t *testing.T) {
	k := kit(t)
	k.Colors.Accent = brand.Color{R: 0xff, G: 0x8f, B: 0xa3}
	for variant := range 4 {
		c := samples(t)["how_to"]
		c.Variant = variant
		img, err := brand.Render(k, template(t, "how_to"), c, brand.Size{Width: 432, Height: 540})
		require.NoError(t, err)
		p := img.RGBAAt(4, 4)
		assert.GreaterOrEqual(t, brand.Contrast(brand.Color{R: p.R, G: p.G, B: p.B}, k.Colors.OnPrimary), 4.5, "variant %d", variant)
	}
}

// Glyph advances come from the font itself: Inter sets every digit in the same
// width only when asked to, and width grows with size.
func TestWidthsScale(t *testing.T) {
	one, err := brand.Width("Işıltı", 20)
	require.NoError(t, err)
	ten, err := brand.Width("Işıltı", 200)
	require.NoError(t, err)
	assert.InDelta(t, 10*one, ten, 0.02*ten)
	twice, err := brand.Width("Işıltı Işıltı", 200)
	require.NoError(t, err)
	assert.Greater(t, twice, 2*ten)
}

// Balanced lines are as many as greedy ones and less uneven.
func TestBalance(t *testing.T) {
	const text = "Cildine gösterdiğin özen, kendine verdiğin en güzel sözdür."
	for width := 300.0; width < 1200; width += 37 {
		greedy, err := brand.Wrap(text, 60, width, false)
		require.NoError(t, err)
		even, err := brand.Wrap(text, 60, width, true)
		require.NoError(t, err)
		require.Len(t, even, len(greedy))
		assert.LessOrEqual(t, widest(even), widest(greedy))
	}
}

// A word that fits is never cut for the sake of even lines.
func TestBalanceKeepsWordsWhole(t *testing.T) {
	whole := [][]int{{19}, {13, 5}, {10, 8}, {10, 2, 5}} // letters of lines of whole words
	for width := 340.0; width < 700; width += 7 {
		even, err := brand.Wrap("Moisturise to close", 60, width, true)
		require.NoError(t, err)
		var letters []int
		for _, l := range even {
			letters = append(letters, l.Glyphs)
		}
		assert.Contains(t, whole, letters, "width %v", width)
	}
}

func widest(lines []brand.Line) float64 {
	w := 0.0
	for _, l := range lines {
		w = max(w, l.Width)
	}
	return w
}

// FuzzWrap: no line is wider than asked for unless it is a single grapheme
// cluster, and nothing but the spaces at line ends is lost.
func FuzzWrap(f *testing.F) {
	f.Add("Gül özlü nemlendirici krem", 30.0, 200.0)
	f.Add("Donaudampfschifffahrtsgesellschaft", 40.0, 120.0)
	f.Add("e\u0301e\u0301e\u0301 ş̧ğ\u0306", 40.0, 10.0)
	f.Add("a\nb\n\nc", 10.0, 1000.0)
	f.Add("https://narkozmetik.example/gul-ozlu?utm_source=instagram", 30.0, 150.0)
	f.Fuzz(func(t *testing.T, text string, size, width float64) {
		if !utf8.ValidString(text) || len(text) > 200 || !(size >= 4 && size <= 200) || !(width >= 1 && width <= 3000) {
			return
		}
		lines, err := brand.Wrap(text, size, width, false)
		if err != nil {
			_, ok := errors.AsType[brand.MissingGlyphError](err)
			require.True(t, ok, "%v", err)
			return
		}
		for _, l := range lines {
			require.True(t, l.Width <= width || l.Glyphs <= maxClusterGlyphs(text), "a line of %g pixels in %g", l.Width, width)
		}
		// Every cluster alone on its line is the narrowest there is.
		narrow, err := brand.Wrap(text, size, 0.001, false)
		require.NoError(t, err)
		require.LessOrEqual(t, len(lines), max(len(narrow), 1))
	})
}

// maxClusterGlyphs bounds how many glyphs one grapheme cluster of text can take.
func maxClusterGlyphs(text string) int {
	most := 0
	for g := uniseg.NewGraphemes(text); g.Next(); {
		most = max(most, 3*len(g.Runes()))
	}
	return most
}

// FuzzReadKit: a kit is refused or can be drawn with.
func FuzzReadKit(f *testing.F) {
	f.Add(kitJSON)
	f.Add(strings.Replace(kitJSON, "M50 10", "M50 1e999 A1 1", 1))
	f.Fuzz(func(t *testing.T, text string) {
		k, err := brand.ReadKit(strings.NewReader(text))
		if err != nil || len(text) > 4000 {
			return
		}
		r, err := brand.NewRenderer(k)
		require.NoError(t, err)
		// A logo that cannot be painted is an error, not a crash.
		_, _ = r.Render(template(t, "quote"), brand.Content{Headline: "x"}, brand.Size{Width: 200, Height: 250})
	})
}

// FuzzReadTemplate: a template is refused or draws, or says why it cannot.
func FuzzReadTemplate(f *testing.F) {
	for _, name := range []string{"product", "quote", "how_to", "campaign"} {
		data, err := os.ReadFile(filepath.Join("templates", name+".json"))
		require.NoError(f, err)
		f.Add(string(data))
	}
	r := renderer(f)
	content := brand.Content{Headline: "Krem", Badge: "Yeni", Steps: []string{"bir"}, Kicker: "k", Body: "b", CTA: "c", Author: "a", Price: tl(f, "5")}
	f.Fuzz(func(_ *testing.T, text string) {
		read, err := brand.ReadTemplate(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, s := range []brand.Size{{Width: 240, Height: 300}, {Width: 200, Height: 400}} {
			_, _ = r.Render(read, content, s)
		}
	})
}

func BenchmarkRender(b *testing.B) {
	r := renderer(b)
	for id, content := range samples(b) {
		b.Run(string(id), func(b *testing.B) {
			chosen := template(b, id)
			for b.Loop() {
				if _, err := r.Render(chosen, content, portrait()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEncodeJPEG(b *testing.B) {
	img, err := renderer(b).Render(template(b, "product"), samples(b)["product"], portrait())
	require.NoError(b, err)
	for b.Loop() {
		var out bytes.Buffer
		if err := brand.EncodeJPEG(&out, img); err != nil {
			b.Fatal(err)
		}
	}
}
