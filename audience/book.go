package audience

import (
	"math"
	"strings"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// OrderBook folds order lines into totals, customers, days and origins. It
// keeps no line: its memory grows with the customers, the days on which each
// bought, and the order numbers, which it needs to count orders whose lines do
// not stand together.
//
// Sums are exact: whole numbers of the finest unit that was seen, at most eight
// decimals. A book has one currency, that of its first line; a line in another
// one is a [sosyal.CurrencyError], so keep a book for each currency. What a line
// counts for is described at the package.
//
// A book is for one goroutine while lines are added; after that any number may
// read it.
type OrderBook struct {
	zone     *time.Location
	currency string
	scale    int32
	volume   int64 // sum of all magnitudes, which bounds every other sum

	orders     map[string]orderMark
	lastOrder  string
	lastMark   orderMark
	people     map[sosyal.PersonID]int32
	customers  []customer
	visits     []visit
	baskets    []basket
	products   map[sosyal.ProductID]struct{}
	countries  names
	cities     names
	categories names
	days       map[date.Date]*sums
	origins    map[sosyal.UTM]*originSums
	totals     bookTotals
}

// orderMark is what is known of an order number.
type orderMark uint8

const (
	seenOrder orderMark = 1 << iota
	seenSale
	seenKnownSale
	seenCancelled
	seenReturned
)

// customer is kept in 64 bytes; the lists hang on it by index.
type customer struct {
	person      sosyal.PersonID
	gross, net  int64
	orders      int32
	takenBack   int32 // documents that cancelled or returned
	first, last int32 // days of sales
	visit       int32 // index of the latest visit + 1
	basket      int32 // index of the first basket + 1
	city        uint32
	country     uint32
}

// visit is a day on which a customer bought or brought back.
type visit struct {
	day    int32
	orders int32
	net    int64
	next   int32 // the one before it in the order of the file, + 1
}

// basket is what a customer bought of a product category.
type basket struct {
	category uint32
	next     int32
	net      int64
}

type sums struct {
	orders     int
	gross, net int64
}

type originSums struct {
	sums
	days map[date.Date]*sums
}

type bookTotals struct {
	lines, withoutCustomer      int
	orders, cancelled, returned int
	sales, knownSales           SalesCount
	gross, knownGross, net      int64
	first, last                 date.Date
	buyers                      int
}

// SalesCount counts sale lines and the orders that have one.
type SalesCount struct {
	Lines  int `json:"lines"`
	Orders int `json:"orders"`
}

// NewOrderBook returns an empty book whose days are those of the zone. A nil
// zone takes each line's day as its own time shows it.
func NewOrderBook(zone *time.Location) *OrderBook {
	return &OrderBook{
		zone: zone, scale: 2,
		orders: map[string]orderMark{}, people: map[sosyal.PersonID]int32{},
		products: map[sosyal.ProductID]struct{}{}, days: map[date.Date]*sums{}, origins: map[sosyal.UTM]*originSums{},
	}
}

// Add books a line. A line that is invalid, in another currency or too large to
// add up exactly is an error and leaves the book as it was.
func (b *OrderBook) Add(l OrderLine) error {
	if err := l.Validate(); err != nil {
		return err
	}
	if b.currency != "" && l.UnitPrice.Currency() != b.currency {
		return sosyal.CurrencyError{Left: b.currency, Right: l.UnitPrice.Currency()}
	}
	value, err := b.value(l)
	if err != nil {
		return err
	}
	b.currency = l.UnitPrice.Currency()
	b.fold(l, value)
	return nil
}

// value returns the line's value in the book's unit, making the unit finer where
// the line needs it. It fails before anything is changed.
func (b *OrderBook) value(l OrderLine) (int64, error) {
	u, err := unitsOf(l.Quantity, l.UnitPrice.Amount())
	if err != nil {
		return 0, err
	}
	if !l.Discount.IsZero() {
		sign := decimal.New(1, 0)
		if l.Quantity.Sign() < 0 {
			sign = decimal.New(-1, 0)
		}
		off, err := unitsOf(sign, l.Discount.Amount())
		if err != nil {
			return 0, err
		}
		var ok bool
		if u, ok = u.minus(off); !ok {
			return 0, errTooLarge()
		}
	}
	scale := max(b.scale, u.scale)
	value, ok := u.at(scale)
	volume, grown := units{value: b.volume, scale: b.scale}.at(scale)
	if !ok || !grown || magnitude(value) > uint64(math.MaxInt64-volume) {
		return 0, errTooLarge()
	}
	b.rescale(scale)
	b.volume += int64(magnitude(value))
	return value, nil
}

func errTooLarge() error {
	return sosyal.FieldError{Field: "unit_price", Rule: "must leave the book's sums within 64 bits"}
}

// rescale makes the unit finer. The bound on volume was checked, and every other
// sum is smaller.
func (b *OrderBook) rescale(scale int32) {
	if scale == b.scale {
		return
	}
	factor := int64(math.Pow10(int(scale - b.scale)))
	b.scale = scale
	b.volume *= factor
	b.totals.gross *= factor
	b.totals.knownGross *= factor
	b.totals.net *= factor
	for i := range b.customers {
		b.customers[i].gross *= factor
		b.customers[i].net *= factor
	}
	for i := range b.visits {
		b.visits[i].net *= factor
	}
	for i := range b.baskets {
		b.baskets[i].net *= factor
	}
	scaleSums(b.days, factor)
	for _, o := range b.origins {
		o.gross *= factor
		o.net *= factor
		scaleSums(o.days, factor)
	}
}

func scaleSums(days map[date.Date]*sums, factor int64) {
	for _, s := range days {
		s.gross *= factor
		s.net *= factor
	}
}

// fold adds a line whose value is known to fit.
func (b *OrderBook) fold(l OrderLine, value int64) {
	zone := b.zone
	if zone == nil {
		zone = l.At.Location()
	}
	day := sosyal.DateOf(l.At, zone)
	sale := l.IsSale()
	net := value
	if l.Status != Paid && (l.Status == Pending || l.Quantity.Sign() >= 0) {
		net = 0
	}
	gross := int64(0)
	if sale {
		gross = value
	}
	before, after := b.mark(l, sale)
	firstSale := sale && before&seenSale == 0

	t := &b.totals
	if t.lines == 0 {
		t.first, t.last = day, day
	}
	t.first, t.last = min(t.first, day), max(t.last, day)
	t.lines++
	t.gross += gross
	t.net += net
	if l.Customer == "" {
		t.withoutCustomer++
	}
	t.orders += count(before == 0)
	t.cancelled += count(after&^before&seenCancelled != 0)
	t.returned += count(after&^before&seenReturned != 0)
	t.sales.Lines += count(sale)
	t.sales.Orders += count(firstSale)

	if _, ok := b.products[l.Product]; !ok && l.Product != "" {
		b.products[sosyal.ProductID(strings.Clone(string(l.Product)))] = struct{}{}
	}
	country := b.countries.index(l.Country)
	b.day(b.days, day).add(gross, net, firstSale)
	if l.UTM != (sosyal.UTM{}) {
		b.origin(l.UTM, day, gross, net, firstSale)
	}
	if l.Customer != "" {
		b.foldCustomer(l, day, country, gross, net, before, after)
	}
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// mark notes what the line says of its order and returns what was known before
// and after.
func (b *OrderBook) mark(l OrderLine, sale bool) (before, after orderMark) {
	if l.Order == b.lastOrder {
		before = b.lastMark
	} else {
		before = b.orders[l.Order]
		b.lastOrder = l.Order
	}
	after = before | seenOrder
	switch {
	case sale && l.Customer != "":
		after |= seenSale | seenKnownSale
	case sale:
		after |= seenSale
	case l.Status == Cancelled:
		after |= seenCancelled
	case l.Status == Returned:
		after |= seenReturned
	}
	if after != before {
		b.lastOrder = strings.Clone(l.Order) // the line's text may be part of a whole record
		b.orders[b.lastOrder] = after
	}
	b.lastMark = after
	return before, after
}

func (s *sums) add(gross, net int64, firstSale bool) {
	s.gross += gross
	s.net += net
	s.orders += count(firstSale)
}

func (b *OrderBook) day(days map[date.Date]*sums, d date.Date) *sums {
	s, ok := days[d]
	if !ok {
		s = &sums{}
		days[d] = s
	}
	return s
}

func (b *OrderBook) origin(u sosyal.UTM, d date.Date, gross, net int64, firstSale bool) {
	o, ok := b.origins[u]
	if !ok {
		o = &originSums{days: map[date.Date]*sums{}}
		b.origins[sosyal.UTM{
			Source: strings.Clone(u.Source), Medium: strings.Clone(u.Medium), Campaign: strings.Clone(u.Campaign),
			Term: strings.Clone(u.Term), Content: strings.Clone(u.Content), ID: strings.Clone(u.ID),
		}] = o
	}
	o.add(gross, net, firstSale)
	b.day(o.days, d).add(gross, net, firstSale)
}

func (b *OrderBook) foldCustomer(l OrderLine, day date.Date, country uint32, gross, net int64, before, after orderMark) {
	i, ok := b.people[l.Customer]
	if !ok {
		i = int32(len(b.customers))
		person := sosyal.PersonID(strings.Clone(string(l.Customer)))
		b.people[person] = i
		b.customers = append(b.customers, customer{person: person})
	}
	c := &b.customers[i]
	sale := l.IsSale()
	firstSale := after&^before&seenKnownSale != 0
	b.totals.knownSales.Lines += count(sale)
	b.totals.knownSales.Orders += count(firstSale)
	b.totals.knownGross += gross
	c.gross += gross
	c.net += net
	c.takenBack += int32(count(after&^before&(seenCancelled|seenReturned) != 0))
	if l.Country != "" {
		c.country = country
	}
	if l.City != "" {
		c.city = b.cities.index(l.City)
	}
	if sale {
		if c.first == 0 { // no line is from that day
			c.first, c.last = int32(day), int32(day)
			b.totals.buyers++
		}
		c.first, c.last = min(c.first, int32(day)), max(c.last, int32(day))
	}
	if firstSale {
		c.orders++
	}
	if sale || net != 0 {
		v := b.visit(c, int32(day))
		v.net += net
		v.orders += int32(count(firstSale))
	}
	if l.ProductCategory != "" && net != 0 {
		b.basket(c, b.categories.index(l.ProductCategory)).net += net
	}
}

// visit returns the customer's entry of a day. Files are mostly in the order of
// time, so the latest is looked at first.
func (b *OrderBook) visit(c *customer, day int32) *visit {
	for i := c.visit; i != 0; i = b.visits[i-1].next {
		if b.visits[i-1].day == day {
			return &b.visits[i-1]
		}
	}
	b.visits = append(b.visits, visit{day: day, next: c.visit})
	c.visit = int32(len(b.visits))
	return &b.visits[c.visit-1]
}

func (b *OrderBook) basket(c *customer, category uint32) *basket {
	for i := c.basket; i != 0; i = b.baskets[i-1].next {
		if b.baskets[i-1].category == category {
			return &b.baskets[i-1]
		}
	}
	b.baskets = append(b.baskets, basket{category: category, next: c.basket})
	c.basket = int32(len(b.baskets))
	return &b.baskets[c.basket-1]
}

// names numbers texts from 1 in the order in which they come; 0 is none.
type names struct {
	texts   []string
	numbers map[string]uint32
}

func (n *names) index(text string) uint32 {
	if text == "" {
		return 0
	}
	if i, ok := n.numbers[text]; ok {
		return i
	}
	if n.numbers == nil {
		n.numbers = map[string]uint32{}
	}
	text = strings.Clone(text)
	n.texts = append(n.texts, text)
	i := uint32(len(n.texts))
	n.numbers[text] = i
	return i
}

func (n *names) text(i uint32) string {
	if i == 0 {
		return ""
	}
	return n.texts[i-1]
}

// money writes units of the book as an amount.
func (b *OrderBook) money(u int64) sosyal.Money {
	if b.currency == "" {
		return sosyal.Money{}
	}
	scale := b.scale
	for scale > 2 && u%10 == 0 {
		u, scale = u/10, scale-1
	}
	m, err := sosyal.NewMoney(decimal.New(u, -scale), b.currency)
	if err != nil {
		return sosyal.Money{} // the currency was taken from an amount
	}
	return m
}
