package sosyal

import (
	"slices"
	"strings"
	"time"
)

// HoldScope is what a hold stops. Empty fields mean all, set ones must all
// match: {Network: X, Country: "TR"} stops what goes to Turkey on X.
type HoldScope struct {
	Network Network   `json:"network,omitzero"`
	Account AccountID `json:"account,omitzero"`
	// Country is an ISO 3166-1 alpha-2 code.
	Country string    `json:"country,omitzero"`
	Product ProductID `json:"product,omitzero"`
}

// Hold stops everything of a brand within a scope: posts, ads and replies
// alike. It stands until it runs out or is lifted, and a lifted hold stays
// readable.
type Hold struct {
	ID     string    `json:"id"`
	Brand  BrandID   `json:"brand"`
	Scope  HoldScope `json:"scope"`
	Reason string    `json:"reason"`
	By     ActorID   `json:"by"`
	From   time.Time `json:"from"`
	// Until is when the hold runs out by itself; zero: not before it is lifted.
	Until time.Time `json:"until,omitzero"`
	// Lifted says who ended the hold, when and why; nil while nobody has.
	Lifted *HoldLift `json:"lifted,omitempty"`
}

// HoldLift is the end that somebody put to a hold.
type HoldLift struct {
	By     ActorID   `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
}

// Validate reports missing fields, a country that is not a two-letter code and
// a hold that ends before it begins.
func (h Hold) Validate() error {
	var p Problems
	p.Require(h.ID != "", "id", "is required", "")
	p.Require(h.Brand != "", "brand", "is required", "")
	p.Require(strings.TrimSpace(h.Reason) != "", "reason", "is required", "")
	p.Require(h.By != "", "by", "is required", "")
	p.Require(!h.From.IsZero(), "from", "is required", "")
	p.Require(h.Until.IsZero() || h.Until.After(h.From), "until", "must be after from", h.Until.Format(time.RFC3339))
	country := h.Scope.Country
	letters := len(country) == 2 && strings.Trim(country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
	p.Require(country == "" || letters, "scope.country", "must be a two-letter country code in capitals", country)
	if h.Lifted != nil {
		p.Require(h.Lifted.By != "", "lifted.by", "is required", "")
		p.Require(!h.Lifted.At.IsZero(), "lifted.at", "is required", "")
	}
	return p.Err()
}

// InForce reports whether the hold stands at the instant.
func (h Hold) InForce(at time.Time) bool {
	switch {
	case at.Before(h.From):
		return false
	case !h.Until.IsZero() && !at.Before(h.Until):
		return false
	case h.Lifted != nil && !at.Before(h.Lifted.At):
		return false
	}
	return true
}

// Lift returns the hold ended at the instant; one that has not begun yet never
// will. A hold can be lifted once, and one that has run out needs no lifting:
// both are refused.
func (h Hold) Lift(by ActorID, reason string, now time.Time) (Hold, error) {
	var p Problems
	p.Require(by != "", "by", "is required", "")
	p.Require(strings.TrimSpace(reason) != "", "reason", "is required", "")
	p.Require(h.Lifted == nil, "hold", "must not be lifted already", h.ID)
	p.Require(h.Until.IsZero() || now.Before(h.Until), "hold", "must not have run out", h.ID)
	if err := p.Err(); err != nil {
		return h, err
	}
	h.Lifted = &HoldLift{By: by, At: now, Reason: reason}
	return h, nil
}

// HoldTarget is what is about to go out. An empty network, account or list of
// countries means that it is not narrowed down: a post without countries is
// seen everywhere, so a hold on any country stops it. An empty list of products
// means that it is about none.
type HoldTarget struct {
	Destination Destination
	Countries   []string
	Products    []ProductID
}

// Covers reports whether the hold, in force or not, is about the target.
func (h Hold) Covers(t HoldTarget) bool {
	s, d := h.Scope, t.Destination
	return h.Brand == d.Brand &&
		(s.Network == "" || d.Network == "" || s.Network == d.Network) &&
		(s.Account == "" || d.Account == "" || s.Account == d.Account) &&
		(s.Country == "" || len(t.Countries) == 0 || slices.Contains(t.Countries, s.Country)) &&
		(s.Product == "" || slices.Contains(t.Products, s.Product))
}

// Because explains the hold to whoever is stopped by it.
func (h Hold) Because() Reason {
	if h.Until.IsZero() {
		return Because("hold.open", TextArg("reason", h.Reason), TextArg("by", string(h.By)))
	}
	return Because("hold.until", TextArg("reason", h.Reason), TextArg("by", string(h.By)),
		TextArg("until", h.Until.Format(minuteLayout)))
}

// Holds are the holds of a brand, past ones included.
type Holds []Hold

// Covers returns the first hold that stops the target at the instant, and false
// where nothing does.
func (hs Holds) Covers(t HoldTarget, at time.Time) (Hold, bool) {
	for _, h := range hs {
		if h.InForce(at) && h.Covers(t) {
			return h, true
		}
	}
	return Hold{}, false
}

// InForce returns the holds that stand at the instant, in order.
func (hs Holds) InForce(at time.Time) Holds {
	var standing Holds
	for _, h := range hs {
		if h.InForce(at) {
			standing = append(standing, h)
		}
	}
	return standing
}
