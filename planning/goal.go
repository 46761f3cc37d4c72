package planning

import (
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// GoalID identifies a goal of a brand.
type GoalID string

// Measure is what a goal is measured by.
type Measure string

// Measures of goals. Those of the networks carry the metric's own name.
const (
	Revenue        Measure = "revenue"         // net revenue of the shop, money
	SocialRevenue  Measure = "social_revenue"  // revenue of orders that social networks brought, money
	Orders         Measure = "orders"          // orders
	NewCustomers   Measure = "new_customers"   // customers with their first order
	ReachMeasure   Measure = "reach"           // people reached
	Interactions   Measure = "interactions"    // likes, comments, shares and saves
	Followers      Measure = "followers"       // followers at the end
	EngagementRate Measure = "engagement_rate" // interactions per denominator, a share
	ShareOfVoice   Measure = "share_of_voice"  // own mentions of all mentions, a share
	NetSentiment   Measure = "net_sentiment"   // (positive - negative) / all, -1 to 1
)

// Accrual says how a measure comes about over a period.
type Accrual string

// Accruals.
const (
	// Accumulates is summed over the days: revenue, orders, interactions.
	Accumulates Accrual = "accumulates"
	// Stands is what is there at the end or holds over the period: followers,
	// rates. Its parts cannot be added up.
	Stands Accrual = "stands"
)

// Accrual returns how the measure comes about. Reach stands: the same people
// are reached again on other days and networks.
func (m Measure) Accrual() Accrual {
	switch m {
	case ReachMeasure, Followers, EngagementRate, ShareOfVoice, NetSentiment:
		return Stands
	case Revenue, SocialRevenue, Orders, NewCustomers, Interactions:
		return Accumulates
	}
	return Accumulates
}

// Level says who set a goal.
type Level string

// Levels of goals.
const (
	Company Level = "company" // company management
	Team    Level = "team"    // the social media manager
)

// Goal is an aim of the work on social networks over a period.
type Goal struct {
	ID        GoalID           `json:"id"`
	Parent    GoalID           `json:"parent,omitzero"`
	Brand     sosyal.BrandID   `json:"brand"`
	Name      string           `json:"name"`
	Level     Level            `json:"level"`
	Owner     sosyal.ActorID   `json:"owner,omitzero"`
	Objective sosyal.Objective `json:"objective"`
	Measure   Measure          `json:"measure"`
	// Target is the value to reach: an amount of Currency, a number, or a share
	// (0.05 for 5 %).
	Target decimal.Decimal `json:"target"`
	// Baseline is where a standing measure stood when the period began.
	Baseline decimal.Decimal `json:"baseline,omitzero"`
	// Currency is the ISO 4217 code of measures in money, empty otherwise.
	Currency string           `json:"currency,omitzero"`
	Period   sosyal.Period    `json:"period"`
	Network  sosyal.Network   `json:"network,omitzero"`
	Segment  sosyal.SegmentID `json:"segment,omitzero"`
}

// InMoney reports whether the measure is an amount of money.
func (m Measure) InMoney() bool { return m == Revenue || m == SocialRevenue }

// Validate reports missing fields, a target that is not positive, money without
// a currency and a currency without money.
func (g Goal) Validate() error {
	var p sosyal.Problems
	p.Require(g.ID != "", "id", "is required", "")
	p.Require(g.Brand != "", "brand", "is required", "")
	p.Require(g.Name != "", "name", "is required", "")
	p.Require(g.Objective != "", "objective", "is required", "")
	p.Require(g.Measure != "", "measure", "is required", "")
	p.Require(g.Level == Company || g.Level == Team, "level", "must be company or team", string(g.Level))
	p.Require(g.Parent != g.ID || g.ID == "", "parent", "must not be the goal itself", string(g.Parent))
	p.Nest("period", g.Period.Validate())
	p.Require(g.Target.Sign() > 0 || g.Measure == NetSentiment, "target", "must be positive", g.Target.String())
	if g.Measure.InMoney() {
		_, err := sosyal.NewMoney(g.Target, g.Currency)
		p.Nest("", err)
	} else {
		p.Require(g.Currency == "", "currency", "must be empty for "+string(g.Measure), g.Currency)
	}
	return p.Err()
}

// TargetMoney returns the target as money; it is an error for other measures.
func (g Goal) TargetMoney() (sosyal.Money, error) {
	if !g.Measure.InMoney() {
		return sosyal.Money{}, sosyal.FieldError{Field: "measure", Rule: "must be in money", Value: string(g.Measure)}
	}
	return sosyal.NewMoney(g.Target, g.Currency)
}

// ContentHash is what an approval of the goal binds to: everything but its
// identifier's parent link and its owner (field list v1).
func (g Goal) ContentHash() sosyal.ContentHash {
	return sosyal.NewContentHasher("v1", "goal").
		Code("brand", string(g.Brand)).
		Code("id", string(g.ID)).
		Text("name", g.Name).
		Code("objective", string(g.Objective)).
		Code("measure", string(g.Measure)).
		Text("target", g.Target.String()).
		Text("baseline", g.Baseline.String()).
		Text("currency", g.Currency).
		Period("period", g.Period).
		Code("network", string(g.Network)).
		Code("segment", string(g.Segment)).
		Sum()
}

// Part is one part of a broken-down goal.
type Part struct {
	Name    string
	Network sosyal.Network
	Segment sosyal.SegmentID
	// Weight is the part's share, up to a common factor.
	Weight decimal.Decimal
}

// Breakdown divides a goal into one goal for each part, in proportion to the
// weights, so that the parts' targets add up to the goal's exactly: money in
// whole minor units, other measures in whole numbers, by the largest remainder.
// The children belong to the team and carry the goal's period.
//
// A measure that stands (followers, reach, rates) cannot be divided and is
// [sosyal.ErrUnsupported]: set the parts' goals one by one.
func (g Goal) Breakdown(parts ...Part) ([]Goal, error) {
	if err := g.Validate(); err != nil {
		return nil, err
	}
	if g.Measure.Accrual() == Stands {
		return nil, sosyal.ErrUnsupported
	}
	weights := make([]decimal.Decimal, len(parts))
	for i, part := range parts {
		weights[i] = part.Weight
	}
	targets, err := g.split(weights)
	if err != nil {
		return nil, err
	}
	children := make([]Goal, 0, len(parts))
	for i, part := range parts {
		if targets[i].IsZero() {
			continue // nothing is asked of a part without weight
		}
		child := g
		child.ID = g.ID + "." + GoalID(strconv.Itoa(i+1))
		child.Parent, child.Level = g.ID, Team
		child.Name, child.Network, child.Segment = part.Name, part.Network, part.Segment
		child.Target = targets[i]
		children = append(children, child)
	}
	return children, nil
}

// split divides the target.
func (g Goal) split(weights []decimal.Decimal) ([]decimal.Decimal, error) {
	targets := make([]decimal.Decimal, len(weights))
	if g.Measure.InMoney() {
		total, err := g.TargetMoney()
		if err != nil {
			return nil, err
		}
		shares, err := total.Split(weights...)
		for i, s := range shares {
			targets[i] = s.Amount()
		}
		return targets, err
	}
	if !g.Target.IsInteger() {
		return nil, sosyal.FieldError{Field: "target", Rule: "must be a whole number to be divided", Value: g.Target.String()}
	}
	shares, err := sosyal.Apportion(g.Target.IntPart(), weights...)
	for i, s := range shares {
		targets[i] = decimal.NewFromInt(s)
	}
	return targets, err
}
