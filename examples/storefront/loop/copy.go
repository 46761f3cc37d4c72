package loop

import (
	"fmt"
	"strings"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/calendar"
	"github.com/yukselenler/sosyal/planning"
)

// line is a way to speak about a product in a content category: the title and
// the text, each with %s for the product's name.
type line struct{ title, text string }

// lines are the shop's copy by category, in Turkish and English. No line claims a
// discount: whether there is one only the price history can say, and then the
// visual shows it. A host's people or its language model write better ones.
func lines(category sosyal.CategoryID, l sosyal.Language) []line {
	turkish := map[sosyal.CategoryID][]line{
		"urun": {
			{"%s yakından", "%s: içindekiler, dokusu ve kime iyi geldiği. Sorularınızı yorumlara bırakın, tek tek yanıtlıyoruz."},
			{"En çok sorulan: %s", "%s hakkında en çok sorulanları topladık. Hangi cilt tipi, günde kaç kez, neyle birlikte?"},
		},
		"nasil_yapilir": {
			{"3 adımda %s", "1. Cildinizi temizleyin. 2. %s uygulayın. 3. Nemlendirip bitirin. Kaydedin, akşam deneyin!"},
			{"%s nasıl kullanılır?", "%s ile yapılan en yaygın hata: fazla kullanmak. Doğru miktarı ve sırayı gösteriyoruz."},
		},
		"ilham": {
			{"Küçük bir mola", "Gün bitti, sıra sizde. %s ile beş dakikalık bir mola, aynadaki gülümseme bedava."},
			{"Kendine iyi bak", "Kendinize ayırdığınız her dakika değerli. Bugünkü eşlikçiniz: %s."},
		},
		"kampanya": {
			{"Haftanın önerisi: %s", "%s bu haftanın önerisi. Stoklarla sınırlı, bağlantı profilde."},
			{"Sepetinize yakışır: %s", "%s sepetinize çok yakışır. Fiyatı ve koşulları sitede."},
		},
		"topluluk": {
			{"Sizden gelenler: %s", "%s hakkında yazdıklarınızı okuduk, teşekkür ederiz. Sizin yorumunuz hangisi?"},
			{"Sizce hangisi?", "%s: sabah mı, akşam mı? Yorumlarda buluşalım."},
		},
		"marka_hikayesi": {
			{"%s nasıl doğdu?", "%s için iki yıl, yirmi dört deneme ve bir sürü fikir ayrılığı. Hikâyesi burada."},
			{"Atölyeden", "%s üretim günü: eldivenler takıldı, gül kokusu koridorda."},
		},
	}
	english := map[sosyal.CategoryID][]line{
		"action":      {{"Pick of the week: %s", "%s is our pick of the week, while stocks last. Price and terms on the site."}},
		"product":     {{"A closer look at %s", "%s: what is in it and who it is for. Ask us anything in the comments."}},
		"inspiration": {{"A small break", "The day is done. Five minutes with %s are yours."}},
	}
	if l == sosyal.Turkish {
		if found := turkish[category]; len(found) > 0 {
			return found
		}
		return []line{{"%s", "%s hakkında merak ettikleriniz. Sorularınızı yorumlara bırakın."}}
	}
	if found := english[category]; len(found) > 0 {
		return found
	}
	return []line{{"%s", "%s: what you wanted to know. Ask us in the comments."}}
}

// ideas are what the month's content is about: each category goes through the
// products that sell best.
func (r *run) ideas(categories []calendar.Category, n int) []calendar.Idea {
	products := r.data.bestSellers(max(n, 1))
	var out []calendar.Idea
	for k, c := range categories {
		ways := lines(c.ID, r.options.Language)
		for i := range n {
			if len(products) == 0 {
				break
			}
			p := products[(i*3+k)%len(products)]
			out = append(out, calendar.Idea{
				ID: calendar.IdeaID(fmt.Sprintf("%s/%s/%02d", r.monthID(), c.ID, i+1)), Category: c.ID,
				Title: fill(ways[i%len(ways)].title, p.Name), Products: []sosyal.ProductID{p.ID},
			})
		}
	}
	return out
}

func fill(text, product string) string {
	if strings.Contains(text, "%s") {
		return fmt.Sprintf(text, product)
	}
	return text
}

// write fills in text, title and link of a variant in the network's voice.
func (r *run) write(it calendar.Item, v *calendar.Variant, voice planning.Voice, n int) {
	name := r.name
	home := r.home
	if len(it.Products) > 0 {
		p := r.data.products[it.Products[0]]
		name = p.Name
		if p.URL != "" {
			home = p.URL
		}
	}
	ways := lines(it.Category, r.options.Language)
	way := ways[n%len(ways)]
	if len(it.Products) == 0 {
		way = ways[0] // what people wrote, not a product
	}
	for _, w := range ways {
		if fill(w.title, name) == it.Title {
			way = w
		}
	}
	text := fill(way.text, name)
	tags := []string{"#" + hashtag(r.name), "#" + hashtag(r.texts.Term(string(it.Category)))}
	tags = tags[:min(len(tags), voice.Hashtags)]
	if d, ok := r.occasion(it); ok {
		text = it.Title + ". " + text
		if d.Tone == calendar.ToneCommemorate {
			text, tags = r.word("Saygı ve özlemle anıyoruz.", "With respect and gratitude."), nil
		}
	}
	v.Title = it.Title
	v.Text = strings.TrimSpace(text + " " + strings.Join(tags, " "))
	v.Link = sosyal.Link{URL: home, UTM: sosyal.UTM{
		Source: string(v.Destination.Network), Medium: "social",
		Campaign: fmt.Sprintf("%s_%s_%s", r.monthID(), it.Category, v.Destination.Network),
	}}
}

// hashtag joins the words of a text.
func hashtag(text string) string {
	var b strings.Builder
	for word := range strings.FieldsSeq(strings.ToLower(text)) {
		b.WriteString(strings.Trim(word, ".,:;!?()"))
	}
	return b.String()
}

// categoryNames are the names of the content categories of the demo shop and of
// the ready mappings.
func categoryNames(l sosyal.Language) sosyal.Messages {
	if l == sosyal.Turkish {
		return sosyal.Messages{
			"term.urun": "Ürün", "term.nasil_yapilir": "Nasıl yapılır", "term.ilham": "İlham", "term.kampanya": "Kampanya",
			"term.topluluk": "Topluluk", "term.marka_hikayesi": "Marka hikâyesi",
			"term.action": "Kampanya", "term.product": "Ürün", "term.inspiration": "İlham", "term.general": "Genel",
			"term.meta": "Meta", "term.google": "Google",
		}
	}
	return sosyal.Messages{
		"term.urun": "Product", "term.nasil_yapilir": "How-to", "term.ilham": "Inspiration", "term.kampanya": "Offer",
		"term.topluluk": "Community", "term.marka_hikayesi": "Brand story",
		"term.action": "Action", "term.product": "Product", "term.inspiration": "Inspiration", "term.general": "General",
		"term.meta": "Meta", "term.google": "Google",
	}
}
