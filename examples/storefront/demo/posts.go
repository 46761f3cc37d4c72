package demo

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/rickb777/date/v2"
)

// post is a published post with its local time.
type post struct {
	Published
	at    seconds
	known *outcome // of the history's posts, which is asked for again and again
}

// habits say how the shop used to post: the confounding is in here. The best
// category goes out in the morning, the worst hours; a middling one in the
// evening, the best hours.
type habit struct {
	category string
	share    float64
	from, to float64 // favourite hours
	loyalty  float64 // share of posts within them
	template string
	video    float64 // leaning to moving pictures
	days     []float64
}

func habits() []habit {
	even := []float64{1, 1, 1, 1, 1, 0.6, 0.6}
	return []habit{
		{"urun", 0.27, 10, 21, 0.7, "urun-vitrin", 1, even},
		{"kampanya", 0.21, 12, 17, 0.7, "indirim-afis", 0.6, []float64{0.8, 0.7, 0.8, 1.2, 2, 0.8, 0.8}},
		{"nasil_yapilir", 0.15, 8, 11, 0.75, "adim-adim", 2.2, even},
		{"ilham", 0.14, 12, 15, 0.6, "alinti", 1, []float64{1, 1, 1, 1, 1, 1, 1.3}},
		{"topluluk", 0.13, 18, 22, 0.75, "soru-cevap", 0.8, even},
		{"marka_hikayesi", 0.10, 14, 17, 0.6, "atolye", 1.2, even},
	}
}

// formatsOf are the formats of a network with the weights the shop used.
func formatsOf(network string) ([]string, []float64) {
	switch network {
	case "instagram":
		return []string{"photo", "carousel", "reel", "story"}, []float64{0.32, 0.24, 0.28, 0.16}
	case "facebook":
		return []string{"photo", "carousel", "video", "link"}, []float64{0.45, 0.12, 0.2, 0.23}
	case "tiktok":
		return []string{"video", "carousel"}, []float64{0.82, 0.18}
	case "youtube":
		return []string{"video", "short"}, []float64{0.45, 0.55}
	default:
		return []string{"text", "photo", "video", "link"}, []float64{0.3, 0.38, 0.12, 0.2}
	}
}

func moving(format string) bool { return format == "reel" || format == "video" || format == "short" }

func (w *World) makePosts() []post {
	days := int(w.end - w.options.Start)
	n := max(20, int(math.Round(600*float64(days)/549)))
	list := make([]post, n)
	for i := range list {
		list[i] = w.makePost(i, n, days)
	}
	slices.SortStableFunc(list, func(a, b post) int { return int(a.at - b.at) })
	for i := range list {
		list[i].ID = fmt.Sprintf("post-%04d", i+1)
	}
	return list
}

func (w *World) makePost(i, n, days int) post {
	r := w.keyed("post", i, 0)
	place := places()[pickBy(&r, places(), func(p place) float64 { return p.share })]
	h := habits()[pickBy(&r, habits(), func(h habit) float64 { return h.share })]
	p := post{Published: Published{
		Network: place.network, Account: place.account, Category: h.category, Template: h.template, Language: "tr",
	}}
	formats, weights := formatsOf(place.network)
	for k, f := range formats {
		if moving(f) {
			weights[k] *= h.video
		}
	}
	p.Format = formats[r.pick(weights...)]
	if r.chance(0.3) {
		p.Template = habits()[r.below(len(habits()))].template
	}
	if r.chance(0.10) {
		p.Language = "en"
	}
	age := (float64(i) + r.float()) / float64(n)
	d := w.options.Start + date.Date(min(int(age*float64(days)), days-1))
	// The weekday moves within the week around the drawn day.
	d += date.Date(r.pick(h.days...) - monday(d))
	d = min(max(d, w.options.Start), w.end-1)
	hours := r.between(8, 23)
	if r.chance(h.loyalty) {
		hours = r.between(h.from, h.to)
	}
	p.at = midnight(d) + seconds(hours*4)*15*minute + seconds(r.below(60))
	// Promotion began late and went to the campaign category.
	paid := 0.01 + 0.05*age
	if h.category == "kampanya" {
		paid = 0.08 + 0.70*age
	}
	p.Paid = r.chance(paid)
	if h.category != "topluluk" && h.category != "marka_hikayesi" {
		for range 1 + r.pick(0.7, 0.2, 0.1) {
			known := w.products[r.below(len(w.products))]
			if known.launch <= d && !slices.Contains(p.Products, known.id) {
				p.Products = append(p.Products, known.id)
			}
		}
	}
	p.Caption = w.caption(&r, p)
	return p
}

func pickBy[T any](r *random, list []T, weight func(T) float64) int {
	weights := make([]float64, len(list))
	for i, v := range list {
		weights[i] = weight(v)
	}
	return r.pick(weights...)
}

// caption writes one or two sentences and some hashtags.
func (w *World) caption(r *random, p post) string {
	name := "Gül Tonik"
	if len(p.Products) > 0 {
		if i := w.productIndex(p.Products[0]); i >= 0 {
			name = w.products[i].name
		}
	}
	pool := w.texts.captions[p.Category+"/"+p.Language]
	first := r.below(len(pool))
	text := pool[first].text
	if r.chance(0.6) {
		closing := w.texts.captions["kapanis/"+p.Language]
		text += " " + closing[r.below(len(closing))].text
	}
	text = strings.NewReplacer("{urun}", name, "{oran}", strconv.Itoa(10+5*r.below(7)), "{gun}", strconv.Itoa(2+r.below(4))).Replace(text)
	tags := slices.Concat(w.texts.tags["genel"], w.texts.tags[p.Category])
	for range 1 + r.below(4) {
		tag := tags[r.below(len(tags))]
		if !strings.Contains(text, tag) {
			text += " " + tag
		}
	}
	return text
}

func (w *World) productIndex(id string) int {
	return slices.IndexFunc(w.products, func(p product) bool { return p.id == id })
}

// origin is the UTM marking of a post's link: the month, the category and the
// network make the campaign.
func (p post) origin() origin {
	return origin{p.Network, "social", p.at.day().Format("2006-01") + "_" + p.Category + "_" + p.Network}
}

func (w *World) link(p post) string {
	target := "https://www.zerise.example/"
	if len(p.Products) > 0 {
		if i := w.productIndex(p.Products[0]); i >= 0 {
			target = w.products[i].url
		}
	}
	o := p.origin()
	return target + "?utm_source=" + o.source + "&utm_medium=" + o.medium + "&utm_campaign=" + o.campaign + "&utm_content=" + p.ID
}

func postsHeader() string {
	return "post_id,network,account,published_at,format,category,template,language,paid,caption,products,link\n"
}

func (w *World) appendPosts(b []byte) []byte {
	for _, p := range w.posts {
		b = append(b, p.ID...)
		b = appendText(b, p.Network, p.Account)
		b = append(b, ',')
		b = appendTime(b, p.at)
		b = appendText(b, p.Format, p.Category, p.Template, p.Language, strconv.FormatBool(p.Paid),
			p.Caption, strings.Join(p.Products, "|"), w.link(p))
		b = append(b, '\n')
	}
	return b
}
