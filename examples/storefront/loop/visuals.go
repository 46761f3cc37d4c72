package loop

import (
	"context"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/calendar"
	"github.com/yukselenler/sosyal/planning/brand"
)

//go:embed kit.json
var kitFile string

func dataURL(data []byte) string {
	return "data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(data)
}

// card is a visual to be drawn.
type card struct {
	path      string
	template  brand.Template
	content   brand.Content
	placement brand.Placement
}

// drawVisuals renders one picture for each planned feed post, in the size that
// its network shows, by the brand's kit. Pictures that are there already are
// kept.
func (r *run) drawVisuals(ctx context.Context) error {
	if r.options.NoVisuals {
		return nil
	}
	kit, err := brand.ReadKit(strings.NewReader(kitFile))
	if err != nil {
		return err
	}
	kit.Brand, kit.Name, kit.Logo.Text = r.brand, r.name, r.name
	cards, err := r.cards(kit)
	if err != nil {
		return err
	}
	b := r.bar("drawing visuals", int64(len(cards)), false)
	var mu sync.Mutex
	done := 0
	errs := make([]error, runtime.GOMAXPROCS(0))
	next := make(chan card)
	var workers sync.WaitGroup
	for i := range errs {
		workers.Go(func() {
			renderer, err := brand.NewRenderer(kit)
			for c := range next {
				if err == nil {
					err = draw(renderer, c)
				}
				mu.Lock()
				done++
				b.set(int64(done))
				mu.Unlock()
			}
			errs[i] = err
		})
	}
	for _, c := range cards {
		if ctx.Err() != nil {
			break
		}
		next <- c
	}
	close(next)
	workers.Wait()
	b.done()
	r.step("  visuals: %d new, for %s", len(cards), counted(len(r.pictures), "piece of content", "pieces of content"))
	return errors.Join(append(errs, ctx.Err())...)
}

// draw renders a picture. A headline that is too long for its place, as names of
// products often are, is shortened after a word until it fits; a picture whose
// headline cannot be made to fit is left out.
func draw(renderer *brand.Renderer, c card) error {
	for {
		img, err := renderer.Render(c.template, c.content, c.placement.Size)
		if _, tooLong := errors.AsType[brand.FitError](err); tooLong {
			shorter, ok := withoutLastWord(c.content.Headline)
			if !ok {
				return nil
			}
			c.content.Headline = shorter
			continue
		}
		if err != nil {
			return fmt.Errorf("drawing %s: %w", c.path, err)
		}
		return writeFile(c.path, func(w io.Writer) error { return brand.EncodeJPEG(w, img) })
	}
}

// withoutLastWord shortens a text, and reports false for a single word.
func withoutLastWord(text string) (string, bool) {
	text = strings.TrimSuffix(text, "…")
	i := strings.LastIndexByte(text, ' ')
	if i <= 0 {
		return text, false
	}
	return strings.TrimRight(text[:i], " ,.:;") + "…", true
}

// cards lists the pictures that are missing and remembers where each item's
// first one is.
func (r *run) cards(kit brand.Kit) ([]card, error) {
	placements, err := brand.Placements()
	if err != nil {
		return nil, err
	}
	var out []card
	for n, stored := range r.pieces {
		it := stored.Value.Item
		for _, v := range it.Variants {
			if !v.Format.Feed() || v.At == (sosyal.LocalTime{}) {
				continue
			}
			placement, err := brand.PlacementFor(placements, v.Destination.Network, v.Format)
			if errors.Is(err, sosyal.ErrUnsupported) || errors.Is(err, sosyal.ErrNotFound) {
				continue // a text or link post is shown without a picture of its own
			}
			if err != nil {
				return nil, err
			}
			name := filepath.Join("visuals", fmt.Sprintf("%s_%s_%s.jpg", v.At.Date, strings.ReplaceAll(string(it.ID), "/", "-")[11:], v.Destination.Network))
			if _, seen := r.pictures[it.ID]; !seen {
				r.pictures[it.ID] = name
			}
			path := filepath.Join(r.options.Out, name)
			if _, err := os.Stat(path); err == nil {
				continue
			}
			template, content, err := r.design(it, n)
			if err != nil {
				return nil, err
			}
			for _, issue := range brand.Check(kit, content) {
				if issue.Severity == brand.Error {
					return nil, fmt.Errorf("visual of %s: %s", it.ID, r.texts.Text(issue.Reason))
				}
			}
			out = append(out, card{path: path, template: template, content: content, placement: placement})
		}
	}
	return out, nil
}

// design picks the template for an item's category and fills it.
func (r *run) design(it calendar.Item, n int) (brand.Template, brand.Content, error) {
	c := brand.Content{
		Kicker: r.texts.Term(string(it.Category)), Headline: it.Title, Language: r.options.Language, Variant: n, CTA: strings.TrimSuffix(strings.TrimPrefix(r.home, "https://"), "/"),
	}
	var product sosyal.Product
	if len(it.Products) > 0 {
		product = r.data.products[it.Products[0]]
	}
	c.Illustration = drawingOf(product)
	if len(it.Variants) > 0 {
		c.Body, _, _ = strings.Cut(it.Variants[0].Text, " #")
	}
	id := sosyal.TemplateID("quote")
	if it.Occasion != "" && len(it.Products) == 0 {
		c.Kicker, c.CTA = "", "" // a day of remembrance sells nothing
	}
	switch it.Category {
	case "urun", "product":
		id = "product"
		c.Price = product.Price
	case "kampanya", "action":
		id = "campaign"
		c.Badge = r.word("Öneri", "Pick")
		c.Price = product.Price
		old, proven, err := r.oldPrice(product)
		if err != nil {
			return brand.Template{}, c, err
		}
		if proven {
			c.OldPrice, c.Badge = old, r.word("İndirim", "Sale")
		}
	case "nasil_yapilir":
		id = "how_to"
		c.Steps = []string{
			r.word("Cildinizi temizleyin", "Cleanse your skin"),
			fill(r.word("%s uygulayın", "Apply %s"), product.Name),
			r.word("Nemlendirip bitirin", "Moisturise to finish"),
		}
	}
	t, err := brand.TemplateByID(id)
	if err != nil {
		return t, c, err
	}
	return t, c, nil
}

// drawingOf picks the drawing that stands in for a product's photograph.
func drawingOf(p sosyal.Product) string {
	text := strings.ToLower(p.Name + " " + strings.Join(p.Categories, " "))
	for _, d := range []struct{ word, drawing string }{
		{"ruj", "lipstick"},
		{"allık", "lipstick"},
		{"makyaj", "lipstick"},
		{"parfüm", "perfume"},
		{"kolonya", "perfume"},
		{"eau de", "perfume"},
		{"serum", "dropper"},
		{"yağı", "dropper"},
		{"maske", "jar"},
		{"krem", "jar"},
		{"peeling", "jar"},
		{"jel", "tube"},
		{"saç", "bottle"},
		{"tonik", "bottle"},
	} {
		if strings.Contains(text, d.word) {
			return d.drawing
		}
	}
	return "leaves"
}

// oldPrice is what may be shown struck through beside a product's price by the
// law of the shop's country, and false where nothing may.
func (r *run) oldPrice(p sosyal.Product) (sosyal.Money, bool, error) {
	rules, err := sosyal.StandardOldPriceRules()
	if err != nil {
		return sosyal.Money{}, false, err
	}
	rule, known := rules.For("TR", sosyal.DateOf(r.now, r.zone))
	if !known {
		return sosyal.Money{}, false, nil
	}
	old, err := p.OldPrice(r.now, rule.Days)
	if isThin(err) {
		return sosyal.Money{}, false, nil
	}
	return old, err == nil, err
}
