package demo

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/rickb777/date/v2"
)

// product is what stays of a product; price and stock follow from the day.
type product struct {
	id, name, category, url, image string
	base                           float64 // TRY at the start of the history
	popularity                     float64
	launch                         date.Date
	level                          []float64 // price level at the start of each month of history, then one more
}

// state is a product on a day; amounts in kuruş.
type state struct {
	price, list int64
	stock       int
}

const (
	monthlyRise  = 0.023 // mean log rise of prices a month
	stockOutRate = 0.06  // stock-outs a month
)

func (w *World) makeProducts() []product {
	n := max(40, int(math.Round(400*w.options.Scale)))
	pairs := len(w.texts.nouns) * len(w.texts.series)
	list := make([]product, min(n, pairs))
	for i := range list {
		r := w.keyed("product", i, 0)
		kind := w.texts.nouns[i%len(w.texts.nouns)]
		line := w.texts.series[(i/len(w.texts.nouns)+i*5)%len(w.texts.series)]
		slug := fmt.Sprintf("%s-%s-%d", line[1], ascii(kind.name), i+1)
		p := product{
			id:         fmt.Sprintf("P%04d", i+1),
			name:       fmt.Sprintf("%s %s %s", line[0], kind.name, kind.size),
			category:   kind.category,
			url:        "https://www.zerise.example/urun/" + slug,
			image:      "https://cdn.zerise.example/urun/" + slug + ".jpg",
			base:       kind.low * math.Pow(kind.high/kind.low, r.float()),
			popularity: r.lognormal(1.1) * math.Pow(200/kind.low, 0.5),
			launch:     w.options.Start,
		}
		if r.chance(0.10) {
			p.launch += date.Date(r.below(max(1, int(w.end-w.options.Start)*4/5)))
		}
		p.level = append(p.level, 1)
		for m := range w.options.Months {
			p.level = append(p.level, p.level[m]*w.rise(i, m))
		}
		list[i] = p
	}
	return list
}

// ascii is the text in lower case without Turkish letters and blanks, for addresses.
func ascii(text string) string {
	return strings.NewReplacer("ç", "c", "ğ", "g", "ı", "i", "ö", "o", "ş", "s", "ü", "u",
		"Ç", "c", "Ğ", "g", "I", "i", "İ", "i", "Ö", "o", "Ş", "s", "Ü", "u", " ", "-").Replace(lowerTurkish(text))
}

func lowerTurkish(text string) string {
	return strings.ToLower(strings.NewReplacer("I", "ı", "İ", "i").Replace(text))
}

// rise is the factor of a product's list price in a month: most months one
// step, some months none.
func (w *World) rise(i, m int) float64 {
	r := w.keyed("rise", i, m)
	if !r.chance(0.6) {
		return 1
	}
	return math.Exp(monthlyRise / 0.6 * r.between(0.5, 1.5))
}

// monthIndex numbers the calendar months of the world from 0.
func (w *World) monthIndex(d date.Date) int {
	s := w.options.Start
	return (d.Year()-s.Year())*12 + int(d.Month()) - int(s.Month())
}

// on is the state of a product on a day.
func (w *World) on(i int, d date.Date) state {
	p := &w.products[i]
	m := max(0, w.monthIndex(d))
	level := p.level[min(m, len(p.level)-1)]
	for k := len(p.level) - 1; k < m; k++ {
		level *= w.rise(i, k)
	}
	r := w.keyed("month of product", i, m)
	step, promo, off, out := 1+r.below(28), r.below(24), r.between(0.10, 0.30), r.below(24)
	promoDays, outDays := 3+r.below(5), 2+r.below(8)
	hasPromo, hasOut := r.chance(0.15), r.chance(stockOutRate)
	if d.Day() >= step {
		level *= w.rise(i, m)
	}
	list := nice(p.base * level)
	s := state{price: list, list: list, stock: w.stock(i, d)}
	if hasPromo && d.Day() > promo && d.Day() <= promo+promoDays {
		s.price = nice(p.base * level * (1 - off))
	}
	if share, cut := promotion(d); share > 0 {
		e := w.keyed("event promotion", i, m)
		if e.chance(share) {
			s.price = min(s.price, nice(p.base*level*(1-cut*e.between(0.8, 1.2))))
		}
	}
	if hasOut && d.Day() > out && d.Day() <= out+outDays {
		s.stock = 0
	}
	return s
}

// promotion is the share of the range that is reduced on a sales event, and by
// how much.
func promotion(d date.Date) (share, cut float64) {
	friday := nth(d.Year(), time.November, time.Friday, 23)
	mothers := nth(d.Year(), time.May, time.Sunday, 8)
	switch {
	case d >= friday-4 && d <= friday+3:
		return 0.7, 0.30
	case d.Month() == time.November && (d.Day() == 10 || d.Day() == 11):
		return 0.5, 0.25
	case d.Month() == time.December && d.Day() == 12:
		return 0.4, 0.20
	case d >= mothers-7 && d < mothers:
		return 0.3, 0.15
	}
	return 0, 0
}

// stock is counted on some Mondays and stands until the next count.
func (w *World) stock(i int, d date.Date) int {
	week := (int(d) + 6) / 7 // 0001-01-01 was a Monday
	for back := range 8 {
		r := w.keyed("stock", i, week-back)
		if r.chance(0.35) || back == 7 {
			return 5 + int(r.lognormal(0.8)*60)
		}
	}
	return 0
}

// nice rounds to whole lira less ten kuruş, as prices are written.
func nice(lira float64) int64 { return int64(math.Round(max(lira, 5)))*100 - 10 }

// shelf is what can be bought on a day.
type shelf struct {
	states  []state
	running []float64
}

func (w *World) shelf(d date.Date) shelf {
	s := shelf{states: make([]state, len(w.products)), running: make([]float64, len(w.products))}
	total := 0.0
	for i, p := range w.products {
		s.states[i] = w.on(i, d)
		if d >= p.launch && s.states[i].stock > 0 {
			weight := p.popularity
			if s.states[i].price < s.states[i].list && !w.options.Null {
				weight *= promotionPull
			}
			total += weight
		}
		s.running[i] = total
	}
	return s
}

// promotionPull is how much more often a reduced product is chosen.
const promotionPull = 1.6

func productsHeader() string {
	return "changed_at,product_id,name,category,url,image,price,list_price,stock\n"
}

// appendProducts writes a row for each product that changed from the day
// before; on the first day of the world for all that exist.
func (w *World) appendProducts(b []byte, d date.Date, today, yesterday shelf) []byte {
	for i, p := range w.products {
		first := d == p.launch
		if d < p.launch || !first && today.states[i] == yesterday.states[i] {
			continue
		}
		s := today.states[i]
		b = appendTime(b, midnight(d))
		b = appendText(b, p.id, p.name, p.category, p.url, p.image)
		b = appendAmount(b, s.price)
		b = appendAmount(b, s.list)
		b = appendInt(b, s.stock)
		b = append(b, '\n')
	}
	return b
}
