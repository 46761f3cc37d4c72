package demo

import (
	"fmt"
	"math"

	"github.com/rickb777/date/v2"
)

// customer buys at random: purchases after the first are Poisson with a rate of
// the customer's own, until the customer silently stays away. Rates and
// lifetimes are gamma mixtures (Schmittlein, Morrison, Colombo 1987), so a
// Pareto/NBD fit is the right one.
type customer struct {
	born   date.Date
	number int     // within the day
	death  float64 // date as a number
	rate   float64 // purchases a day on an ordinary day
	basket float64 // mean number of further lines in an order
	city   int
}

// Purchase process, time in days; the shape and the rate of each gamma.
const (
	purchaseShape, purchaseRate = 0.60, 66
	dropoutShape, dropoutRate   = 0.75, 70
	basketSpread                = 0.8 // log
)

const (
	organicArrivals = 19.8 // new customers on an ordinary day at the start
	arrivalGrowth   = 0.008
	priorDays       = 730 // customers of the two years before the history are known
	broughtFrom     = 5000
)

func (w *World) customer(d date.Date, number int) customer {
	r := w.keyed("customer", int(d), number)
	c := customer{born: d, number: number}
	c.rate = r.gamma(purchaseShape) / purchaseRate
	c.death = float64(d) + r.exponential()/(r.gamma(dropoutShape)/dropoutRate)
	c.basket = 0.9 * r.lognormal(basketSpread)
	c.city = r.search(w.texts.cityTotals)
	return c
}

func (c customer) id() string {
	return fmt.Sprintf("C%s-%04d", c.born.Format("060102"), c.number)
}

// arrivals are the customers who come by themselves on a day; each orders on
// that day.
func (w *World) arrivals(d date.Date) []customer {
	mean := organicArrivals * w.options.Scale * math.Exp(arrivalGrowth*w.month(d))
	if d >= w.options.Start {
		mean *= w.demand(d)
		if w.options.Null {
			mean += w.flat.newcomers
		}
	}
	r := w.keyed("arrivals", int(d), 0)
	list := make([]customer, min(r.poisson(mean), broughtFrom))
	for i := range list {
		list[i] = w.customer(d, i)
	}
	return list
}

// priorCustomers are those of the two years before the history.
func (w *World) priorCustomers() []customer {
	var list []customer
	for d := w.options.Start - priorDays; d < w.options.Start; d++ {
		list = append(list, w.arrivals(d)...)
	}
	return list
}

// public is everybody who may come back on a day, with running purchase rates.
type public struct {
	list    []*customer
	running []float64
}

// public gathers the customers who are alive on a day. Customers whom ads or
// posts bring on played days are not among them: whether they exist depends on
// the arguments of other days. played are those who came by themselves since the
// end of the history.
func (w *World) public(d date.Date, played []customer) public {
	p := public{list: make([]*customer, 0, len(w.customers)), running: make([]float64, 0, len(w.customers))}
	total := 0.0
	add := func(customers []customer) {
		for i := range customers {
			c := &customers[i]
			if c.born < d && c.death > float64(d) {
				total += c.rate
				p.list = append(p.list, c)
				p.running = append(p.running, total)
			}
		}
	}
	add(w.customers)
	add(played)
	return p
}

// played are the customers who come by themselves from the end of the history
// to the day before d.
func (w *World) played(d date.Date) []customer {
	var list []customer
	for day := w.end; day < d; day++ {
		list = append(list, w.arrivals(day)...)
	}
	return list
}

func (p public) rate() float64 {
	if len(p.running) == 0 {
		return 0
	}
	return p.running[len(p.running)-1]
}
