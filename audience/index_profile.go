package audience

import (
	"context"
	"fmt"
	"iter"
	"math/bits"
	"slices"
	"strings"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// Profile counts members of the index by dimensions, for [Compare], [FitOf] and
// [ProposePersonas]: country, city, language, gender, interest, the age band on a
// day and the favourite category, or a text property of the schema by its name.
// Without dimensions it takes the seven.
//
// Ages are grouped as most ad platforms do: 13-17, 18-24, 25-34, 35-44, 45-54,
// 55-64 and 65+; younger ages are left out. The favourite category is the one of
// the most orders, of several the first by name.
//
// Members of another line of versions, or of a later version, are
// [sosyal.ErrConflict], and a dimension that is none of these is
// [sosyal.ErrInvalid].
func (ix *Index) Profile(ctx context.Context, m *Members, day date.Date, dimensions ...Dimension) (GroupProfile, error) {
	if m.Count() > 0 && (m.ix.chain != ix.chain || m.ix.version > ix.version) {
		return GroupProfile{}, fmt.Errorf("profile of members of another or a later index: %w", sosyal.ErrConflict)
	}
	if len(dimensions) == 0 {
		dimensions = []Dimension{
			CountryDimension, CityDimension, AgeDimension, GenderDimension, LanguageDimension, InterestDimension, CategoryDimension,
		}
	}
	p := GroupProfile{Size: m.Count()}
	for _, d := range slices.Compact(slices.Sorted(slices.Values(dimensions))) {
		if err := ctx.Err(); err != nil {
			return GroupProfile{}, err
		}
		c, err := ix.counts(m, d, day)
		if err != nil {
			return GroupProfile{}, err
		}
		if c.Known > 0 {
			p.Dimensions = append(p.Dimensions, c)
		}
	}
	return p, nil
}

func (ix *Index) counts(m *Members, d Dimension, day date.Date) (Counts, error) {
	t := tallyBook{counts: map[string]int{}}
	switch d {
	case InterestDimension:
		t.several = true
		ix.tallyTags(m, &t)
	case AgeDimension:
		ix.tallyColumn(m, field{name: "birthday"}, func(v int64, n int) { t.add(ageBand(date.Date(v), day), n) })
	case CategoryDimension:
		ix.tallyFavourites(m, &t)
	default:
		if kind, known := ix.schema.property(string(d)); !known || kind != TextProperty {
			return Counts{}, sosyal.FieldError{Field: "dimension", Rule: "must be one of the constants or a text property of the schema", Value: string(d)}
		}
		f := field{name: string(d)}
		texts := ix.chain.dictionary(f).all()
		ix.tallyColumn(m, f, func(v int64, n int) { t.add(texts[v], n) })
	}
	return t.dimension(d), nil
}

// tallyBook counts values.
type tallyBook struct {
	counts  map[string]int
	known   int
	several bool
}

func (t *tallyBook) add(value string, n int) {
	if value != "" {
		t.counts[value] += n
		if !t.several {
			t.known += n
		}
	}
}

func (t *tallyBook) dimension(d Dimension) Counts {
	c := Counts{Dimension: d, Known: t.known, Several: t.several}
	for value, n := range t.counts {
		if n > 0 {
			c.Values = append(c.Values, ValueCount{Value: value, Count: n})
		}
	}
	slices.SortFunc(c.Values, func(x, y ValueCount) int { return strings.Compare(x.Value, y.Value) })
	return c
}

// tallyColumn counts the values of a column of the members.
func (ix *Index) tallyColumn(m *Members, f field, add func(v int64, n int)) {
	counts := map[int64]int{}
	var w words
	for i, members := range m.blocks {
		c := ix.blocks[i].columns[f]
		if c == nil || members.n == 0 {
			continue
		}
		members.words(&w)
		for row := range w.rows() {
			if v := c.at(row); v != missing {
				counts[v]++
			}
		}
	}
	for v, n := range counts {
		add(v, n)
	}
}

func (ix *Index) tallyTags(m *Members, t *tallyBook) {
	for i, members := range m.blocks {
		if members.n == 0 {
			continue
		}
		var own, with, known words
		members.words(&own)
		for name, b := range ix.blocks[i].tags {
			if name.list != interestTags {
				continue
			}
			b.words(&with)
			n := 0
			for j, x := range with {
				n += bits.OnesCount64(x & own[j])
				known[j] |= x & own[j]
			}
			t.add(name.text, n)
		}
		t.known += known.count()
	}
}

func (ix *Index) tallyFavourites(m *Members, t *tallyBook) {
	sets := ix.chain.dictionary(field{eventField, Order, categoriesField}).all()
	var w words
	for i, members := range m.blocks {
		e := ix.blocks[i].events[Order]
		if e == nil || members.n == 0 || e.columns[categoriesField] == nil {
			continue
		}
		c := e.columns[categoriesField]
		members.words(&w)
		own := map[string]int{}
		for row := range w.rows() {
			clear(own)
			from, to := e.span(row)
			for k := from; k < to; k++ {
				if v := c.at(int(k)); v != missing && !e.adjustment(k) {
					for category := range strings.SplitSeq(sets[v], "\x00") {
						own[category]++
					}
				}
			}
			best := ""
			for category, n := range own {
				if n > own[best] || n == own[best] && category < best {
					best = category
				}
			}
			t.add(best, 1)
		}
	}
}

// ageBand is the band of somebody's age on a day.
func ageBand(birthday, day date.Date) string {
	age := day.Year() - birthday.Year()
	if day.Month() < birthday.Month() || day.Month() == birthday.Month() && day.Day() < birthday.Day() {
		age--
	}
	for _, b := range []struct {
		from int
		name string
	}{{65, "65+"}, {55, "55-64"}, {45, "45-54"}, {35, "35-44"}, {25, "25-34"}, {18, "18-24"}, {13, "13-17"}} {
		if age >= b.from {
			return b.name
		}
	}
	return ""
}

// Purchases yields what each customer of the index ordered, for [Describe] and
// for scoring by recency, frequency and monetary value, in the order in which the
// index came to know them; categories are left out. Days are those of the zone,
// UTC where it is nil.
// Gross is the value of the orders, Net that less what adjustments took back.
func (ix *Index) Purchases(zone *time.Location) iter.Seq[Purchases] {
	if zone == nil {
		zone = time.UTC
	}
	currency := ix.schema.Events[Order].Currency
	money := func(units int64) sosyal.Money {
		if currency == "" {
			return sosyal.Money{}
		}
		scale := int32(maxDecimals)
		for scale > 2 && units%10 == 0 {
			units, scale = units/10, scale-1
		}
		m, err := sosyal.NewMoney(decimal.New(units, -scale), currency)
		if err != nil {
			return sosyal.Money{} // the schema's currency was checked
		}
		return m
	}
	cities, countries := field{name: "city"}, field{name: "country"}
	cityNames, countryNames := ix.chain.dictionary(cities).all(), ix.chain.dictionary(countries).all()
	return func(yield func(Purchases) bool) {
		var w words
		for _, b := range ix.blocks {
			e := b.events[Order]
			b.live.words(&w)
			for row := range w.rows() {
				p := Purchases{Customer: b.ids.at(row)}
				if v := b.columns[cities].at(row); v != missing {
					p.City = cityNames[v]
				}
				if v := b.columns[countries].at(row); v != missing {
					p.Country = countryNames[v]
				}
				gross, net := e.fold(row, zone, &p)
				p.Gross = money(gross)
				if p.Net = p.Gross; net != gross {
					p.Net = money(net)
				}
				if !yield(p) {
					return
				}
			}
		}
	}
}

// fold adds up the orders of a row, in units of 10^-6.
func (b *eventBlock) fold(row int, zone *time.Location, p *Purchases) (gross, net int64) {
	from, to := b.span(row)
	if from == to {
		return 0, 0
	}
	amounts := b.columns[amountField]
	var first, last uint32
	for i := from; i < to; i++ {
		v := amounts.at(int(i))
		if v == missing {
			v = 0
		}
		net += v
		if b.adjustment(i) {
			p.TakenBack++
			continue
		}
		gross += v
		if p.Orders == 0 {
			first = b.at[i]
		}
		last = b.at[i]
		p.Orders++
	}
	if p.Orders > 0 {
		p.First = sosyal.DateOf(time.Unix(int64(first), 0), zone)
		p.Last = sosyal.DateOf(time.Unix(int64(last), 0), zone)
	}
	return gross, net
}
