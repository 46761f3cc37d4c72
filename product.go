package sosyal

import (
	"slices"
	"time"
)

// PricePoint is a price that came into force at an instant and stayed until the
// next one.
type PricePoint struct {
	At    time.Time `json:"at"`
	Price Money     `json:"price"`
}

// Product is what the shop sells, as far as content and ads need it.
type Product struct {
	ID         ProductID `json:"id"`
	Name       string    `json:"name"`
	URL        string    `json:"url,omitzero"`
	Images     []string  `json:"images,omitempty"`
	Categories []string  `json:"categories,omitempty"`
	// Price is the price in force now.
	Price Money `json:"price"`
	// History holds every price in the order in which they came into force, the
	// present one last. It is what a claimed old price is checked against.
	History []PricePoint `json:"history,omitempty"`
	// Stock is the number of units left; nil where the shop does not count.
	Stock *int `json:"stock,omitempty"`
}

// Validate reports missing names, a price that is not positive, history out of
// order or in another currency, and a history that does not end at the price.
func (p Product) Validate() error {
	var problems Problems
	problems.Require(p.ID != "", "id", "is required", "")
	problems.Require(p.Name != "", "name", "is required", "")
	problems.Require(p.Price.Sign() > 0, "price", "must be positive", p.Price.String())
	for i, point := range p.History {
		field := indexed("history", i)
		problems.Require(point.Price.Sign() > 0, field+".price", "must be positive", point.Price.String())
		problems.Require(point.Price.Currency() == p.Price.Currency(), field+".price", "must be in the product's currency", point.Price.String())
		problems.Require(i == 0 || p.History[i-1].At.Before(point.At), field+".at", "must be after the one before", point.At.Format(time.RFC3339))
	}
	if n := len(p.History); n > 0 {
		problems.Require(p.History[n-1].Price.Equal(p.Price), "history", "must end with the present price", p.History[n-1].Price.String())
	}
	return problems.Err()
}

// InStock reports whether there is something to sell; a shop that does not
// count always has.
func (p Product) InStock() bool { return p.Stock == nil || *p.Stock > 0 }

// PriceAt returns the price in force at an instant, and false where the history
// does not reach back that far.
func (p Product) PriceAt(t time.Time) (Money, bool) {
	i := p.pointAt(t)
	if i < 0 {
		return Money{}, false
	}
	return p.History[i].Price, true
}

// pointAt is the index of the price in force at t, -1 before the first.
func (p Product) pointAt(t time.Time) int {
	i, exact := slices.BinarySearchFunc(p.History, t, func(pt PricePoint, at time.Time) int { return pt.At.Compare(at) })
	if exact {
		return i
	}
	return i - 1
}

// OldPrice returns the price that may be shown struck through beside the price
// in force at the instant: the lowest price of the days before the cut that led
// to it. How many days that is the law says ([OldPriceRules]). Several cuts in a
// row are one discount, measured from before the first of them where no more
// than days days lie between.
//
// Three things make it [ErrInsufficientData]: no price cut (there is nothing to
// compare with), a history that does not cover all the days before the cut, and
// an instant before the history begins. The law counts days of 24 hours here.
func (p Product) OldPrice(at time.Time, days int) (Money, error) {
	if days <= 0 {
		return Money{}, FieldError{Field: "days", Rule: "must be positive"}
	}
	window := time.Duration(days) * 24 * time.Hour
	i := p.pointAt(at)
	if i <= 0 || !p.cut(i) {
		return Money{}, ErrInsufficientData
	}
	first := i
	for first > 1 && p.cut(first-1) && p.History[i].At.Sub(p.History[first-1].At) < window {
		first--
	}
	start := p.History[first].At.Add(-window)
	oldest := p.pointAt(start)
	if oldest < 0 {
		return Money{}, ErrInsufficientData
	}
	lowest := p.History[oldest].Price
	for _, point := range p.History[oldest+1 : first] {
		if point.Price.amount.LessThan(lowest.amount) {
			lowest = point.Price
		}
	}
	if !p.History[i].Price.amount.LessThan(lowest.amount) {
		return Money{}, ErrInsufficientData // not a discount against what was asked before
	}
	return lowest, nil
}

// cut reports whether the i-th price is below the one before it.
func (p Product) cut(i int) bool {
	return p.History[i].Price.amount.LessThan(p.History[i-1].Price.amount)
}
