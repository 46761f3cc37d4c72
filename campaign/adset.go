package campaign

import (
	"github.com/yukselenler/sosyal"
)

// AdSetID identifies an ad set within its campaign.
type AdSetID string

// AdSet is one audience with the money, the goal and the ads for it.
type AdSet struct {
	ID   AdSetID `json:"id"`
	Name string  `json:"name"`
	// Goal and Billing may stay empty where the platform has no such field.
	Goal    Goal         `json:"goal,omitzero"`
	Billing BillingEvent `json:"billing,omitzero"`
	Bid     Bid          `json:"bid"`
	// Spend is the ad set's own limit, nil where the campaign has one for all.
	Spend *SpendLimit `json:"spend,omitempty"`
	// Period is part of the campaign's; empty: all of it.
	Period sosyal.Period `json:"period,omitzero"`
	// Placements are the platform's names of where ads may stand; none: wherever
	// the platform likes.
	Placements []string      `json:"placements,omitempty"`
	Targeting  Targeting     `json:"targeting"`
	Frequency  *FrequencyCap `json:"frequency,omitempty"`
	// PromotedObject is what conversions are counted on: a pixel, app, page or
	// catalogue, by the platform's id.
	PromotedObject string `json:"promoted_object,omitzero"`
	Ads            []Ad   `json:"ads,omitempty"`
}

// Validate reports what contradicts itself within the ad set.
func (s AdSet) Validate() error {
	var p sosyal.Problems
	p.Require(s.ID != "", "id", "is required", "")
	p.Require(s.Name != "", "name", "is required", "")
	if s.Spend != nil {
		p.Nest("spend", s.Spend.Validate())
	}
	if s.Period != (sosyal.Period{}) {
		p.Nest("period", s.Period.Validate())
	}
	p.Nest("targeting", s.Targeting.Validate())
	if s.Frequency != nil {
		p.Nest("frequency", s.Frequency.Validate())
	}
	seen := make(map[AdID]bool, len(s.Ads))
	for i, a := range s.Ads {
		p.Nest(index("ads", i), a.Validate())
		p.Require(!seen[a.ID], index("ads", i)+".id", "must not repeat", string(a.ID))
		seen[a.ID] = true
	}
	return p.Err()
}

// SpendLimit is what may be spent, on each day or in all.
type SpendLimit struct {
	Per    SpendPer     `json:"per"`
	Amount sosyal.Money `json:"amount"`
}

// SpendPer is what a limit is for.
type SpendPer string

// Kinds of limits.
const (
	Daily    SpendPer = "daily"
	Lifetime SpendPer = "lifetime"
)

// Validate reports an amount that is not positive or not in whole minor units.
func (s SpendLimit) Validate() error {
	var p sosyal.Problems
	p.Require(s.Per == Daily || s.Per == Lifetime, "per", "must be daily or lifetime", string(s.Per))
	p.Require(s.Amount.Sign() > 0, "amount", "must be positive", s.Amount.String())
	_, err := s.Amount.Minor()
	p.Nest("", err)
	return p.Err()
}
