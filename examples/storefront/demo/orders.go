package demo

import (
	"fmt"
	"math"
	"slices"

	"github.com/rickb777/date/v2"
)

type line struct {
	product, quantity int
	price             int64 // kuruş
}

// origin is what brought an order; empty for one that came by itself.
type origin struct{ source, medium, campaign string }

type order struct {
	id       string
	at       seconds
	customer string // empty for a guest
	city     int
	status   string
	lines    []line
	origin   origin
	coupon   string
	returned int // days until it comes back, 0 for never
	partly   bool
}

// Order numbers of a day, so that what comes by itself keeps its number
// whatever is published or advertised.
const (
	ownOrders  = 0
	postOrders = 60_000
	adOrders   = 80_000
)

const (
	cancelRate  = 0.025
	returnRate  = 0.075
	firstReturn = 3 // days
	lastReturn  = 14
	guestRate   = 0.03
	lostOrigin  = 0.06 // orders of ads and posts whose UTM marks got lost
	bulkRate    = 0.004
)

// orderHours is the daily rhythm of orders, from midnight.
func orderHours() []float64 {
	return []float64{2, 1.2, 0.7, 0.4, 0.4, 0.5, 1, 2, 3.2, 4.4, 5.2, 5.6, 5.8, 5.6, 5.4, 5.2, 5, 5.1, 5.4, 6, 7, 7.6, 6.6, 4}
}

// order makes the number-th order of a day for a customer.
func (w *World) order(d date.Date, number int, c *customer, s shelf) order {
	r := w.keyed("order", int(d), number)
	o := order{
		id:     fmt.Sprintf("S%s-%05d", d.Format("060102"), number),
		at:     midnight(d) + seconds(r.pick(orderHours()...))*hour + seconds(r.below(3600)),
		city:   c.city,
		status: "paid",
	}
	if !r.chance(guestRate) {
		o.customer = c.id()
	}
	percent := int64(0)
	if r.chance(0.12) {
		o.coupon, percent = "HOSGELDIN10", 10
		if c.born < d {
			o.coupon, percent = "TEKRAR5", 5
		}
	}
	n := 1 + min(r.poisson(c.basket), 30)
	bulk := r.chance(bulkRate)
	for range n {
		i := r.search(s.running)
		if slices.ContainsFunc(o.lines, func(l line) bool { return l.product == i }) {
			continue
		}
		q := 1 + r.pick(0.88, 0.09, 0.03)
		if bulk {
			q = 5 + int(r.exponential()*12)
		}
		price := s.states[i].price * (100 - percent) / 100
		o.lines = append(o.lines, line{i, q, price})
	}
	if r.chance(cancelRate) {
		o.status = "cancelled"
	} else if r.chance(returnRate) {
		o.returned = firstReturn + r.below(lastReturn-firstReturn+1)
		o.partly = r.chance(0.3)
	}
	return o
}

func (o order) value() int64 {
	sum := int64(0)
	for _, l := range o.lines {
		sum += int64(l.quantity) * l.price
	}
	return sum
}

// comeback is the row of a return: the order's number with -R, negative
// quantities, without marks of origin.
func (w *World) comeback(o order) order {
	r := w.named("return", o.id, 0)
	back := o
	back.id += "-R"
	back.status = "returned"
	back.origin, back.coupon = origin{}, ""
	back.at = midnight(o.at.day()+date.Date(o.returned)) + 9*hour + seconds(r.below(9*3600))
	if o.partly {
		back.lines = o.lines[:1]
	}
	back.lines = slices.Clone(back.lines)
	for i := range back.lines {
		back.lines[i].quantity *= -1
	}
	return back
}

// trade is what a day of trade needs to be known.
type trade struct {
	day    date.Date
	shelf  shelf
	public public
}

func (w *World) trade(d date.Date, played []customer) trade {
	return trade{d, w.shelf(d), w.public(d, played)}
}

// ownOrders are the orders that come by themselves: the first of each new
// customer and the repeated ones.
func (w *World) ownOrders(t trade) []order {
	var list []order
	arrivals := w.arrivals(t.day)
	for i := range arrivals {
		list = append(list, w.order(t.day, ownOrders+i, &arrivals[i], t.shelf))
	}
	if len(t.public.list) == 0 {
		return list
	}
	r := w.keyed("repeats", int(t.day), 0)
	mean := t.public.rate() * w.demand(t.day)
	if w.options.Null {
		mean += w.flat.repeats
	}
	for range r.poisson(mean) {
		c := t.public.list[r.search(t.public.running)]
		list = append(list, w.order(t.day, ownOrders+len(list), c, t.shelf))
	}
	return list
}

// claim is an order that an ad or a post brings.
type claim struct {
	origin origin
	fresh  bool // by a new customer
	result int  // index into the day's ads, -1 for a post
	seq    int
	after  seconds // when the post went out
}

func adClaims(w *World, d date.Date, day adDay) []claim {
	var list []claim
	for i, a := range day.results {
		for range a.conversion {
			seq := len(list)
			list = append(list, claim{origin: origin{a.Platform, a.channel.medium, a.Campaign}, fresh: w.brought(d, a, seq), result: i, seq: seq})
		}
	}
	return list
}

// bring makes the claimed orders. In the null world no order is brought: the
// claims are put on orders that came by themselves. settled says that returns
// must show at once, as cancellations, because nobody will remember the order.
func (w *World) bring(t trade, own []order, claims []claim, from int, settled bool, day *adDay) []order {
	var list []order
	for i, c := range claims {
		r := w.keyed("claim", int(t.day), from+i)
		target := c.origin
		if r.chance(lostOrigin) {
			target = origin{}
		}
		value := int64(0)
		if w.options.Null {
			value = claimOwn(&r, own, target, c.after)
		} else if o, ok := w.broughtOrder(t, c, from+i, &r); ok {
			o.origin = target
			if o.at < c.after {
				o.at = c.after + seconds(r.float()*float64(midnight(t.day+1)-c.after))
			}
			if settled && o.returned > 0 {
				o.status, o.returned = "cancelled", 0
			}
			value = o.value()
			list = append(list, o)
		}
		if c.result >= 0 {
			day.results[c.result].value += value
		}
	}
	return list
}

// claimOwn marks an unmarked order of the day, not before a moment, and returns
// its value.
func claimOwn(r *random, own []order, target origin, after seconds) int64 {
	if len(own) == 0 {
		return 0
	}
	first := r.below(len(own))
	for k := range own {
		o := &own[(first+k)%len(own)]
		if o.origin == (origin{}) && o.at >= after {
			o.origin = target
			return o.value()
		}
	}
	return 0
}

func (w *World) broughtOrder(t trade, c claim, number int, r *random) (order, bool) {
	if c.fresh {
		customer := w.customer(t.day, broughtFrom+c.seq)
		return w.order(t.day, number, &customer, t.shelf), true
	}
	if len(t.public.list) == 0 {
		return order{}, false
	}
	return w.order(t.day, number, t.public.list[r.search(t.public.running)], t.shelf), true
}

// historyOrders are the orders of a day that are known without arguments: its
// own, those of the history's posts and, in the history, those of its ads.
func (w *World) historyOrders(t trade) ([]order, adDay) {
	own := w.ownOrders(t)
	list := w.bring(t, own, w.postClaims(t.day, w.posts), postOrders, false, nil)
	var day adDay
	if t.day < w.end {
		day = adDay{slices.Clone(w.adDays[t.day-w.options.Start].results)}
		list = append(list, w.bring(t, own, adClaims(w, t.day, day), adOrders, false, &day)...)
	}
	return append(own, list...), day
}

// returnsOn gathers what comes back on a day out of the orders of a day before.
func (w *World) returnsOn(d date.Date, sold []order) []order {
	var list []order
	for _, o := range sold {
		if o.returned > 0 && o.at.day()+date.Date(o.returned) == d {
			list = append(list, w.comeback(o))
		}
	}
	return list
}

func ordersHeader() string {
	return "order_id,ordered_at,customer_id,status,sku,product_category,quantity,unit_price,currency,city,utm_source,utm_medium,utm_campaign,coupon\n"
}

// appendOrders writes a day's orders in order of time, one row a line.
func (w *World) appendOrders(b []byte, list []order) []byte {
	slices.SortStableFunc(list, func(x, y order) int { return int(x.at - y.at) })
	for _, o := range list {
		for _, l := range o.lines {
			p := &w.products[l.product]
			b = append(b, o.id...)
			b = append(b, ',')
			b = appendTime(b, o.at)
			b = appendText(b, o.customer, o.status, p.id, p.category)
			b = appendInt(b, l.quantity)
			b = appendAmount(b, l.price)
			b = appendText(b, Currency, w.texts.cities[o.city], o.origin.source, o.origin.medium, o.origin.campaign, o.coupon)
			b = append(b, '\n')
		}
	}
	return b
}

// flat holds the levels that replace the effects in the null world.
type flat struct {
	demand    float64 // mean demand of the history
	response  float64 // mean of its power that ads answer to
	newcomers float64 // new customers a day in place of those whom ads bring
	repeats   float64 // orders a day in place of those that ads and posts bring
}

func (w *World) makeFlat() flat {
	f := flat{}
	power, days := 0.0, 0.0
	for d := w.options.Start; d < w.end; d++ {
		s := w.season(d)
		f.demand += s
		power += math.Pow(s, demandExponent)
		days++
	}
	f.demand /= days
	for _, c := range w.channels() {
		f.newcomers += c.hill(c.mean) * c.fresh
		f.repeats += c.hill(c.mean) * (1 - c.fresh)
	}
	f.response = power / days
	f.newcomers *= f.response
	f.repeats *= f.response
	for _, p := range w.posts {
		f.repeats += w.neutral[p.Network].orders * w.options.Scale / days
	}
	return f
}
