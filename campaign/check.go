package campaign

import (
	"slices"
	"strconv"
	"strings"

	"github.com/yukselenler/sosyal"
)

// NativeSet is what an ad set says to its platform, in the platform's own words.
// Fields that the platform does not have are empty.
type NativeSet struct {
	Objective string `json:"objective"`
	Goal      string `json:"goal,omitzero"`
	Billing   string `json:"billing,omitzero"`
	Bid       string `json:"bid"`
}

// Native says an ad set in the platform's own words. What the platform does not
// know is an [sosyal.ErrUnsupported] or [sosyal.ErrInvalid] error.
func (f Facts) Native(c Campaign, s AdSet) (NativeSet, error) {
	platform, ok := f.Platform(c.Platform)
	if !ok {
		return NativeSet{}, UnsupportedError{Platform: c.Platform, Field: "platform", Value: string(c.Platform)}
	}
	objective, ok := platform.NeutralObjectives[c.Objective]
	if !ok {
		return NativeSet{}, UnsupportedError{Platform: c.Platform, Field: "objective", Value: string(c.Objective)}
	}
	native := NativeSet{Objective: objective.Objective, Goal: objective.Goal, Bid: objective.Bid}
	if s.Goal != "" {
		goal, err := translate(platform, "goal", s.Goal, platform.NeutralGoals, platform.Goals)
		if err != nil {
			return NativeSet{}, err
		}
		native.Goal = goal
	}
	if s.Billing != "" {
		billing, err := translate(platform, "billing", s.Billing, platform.NeutralBilling, platform.Billing)
		if err != nil {
			return NativeSet{}, err
		}
		native.Billing = billing
	}
	// A platform that says the objective by a bid strategy keeps it unless
	// another strategy was asked for.
	if native.Bid == "" || s.Bid.Kind() != BidLowestCost {
		bid, err := translate(platform, "bid", s.Bid.Kind(), platform.NeutralBids, platform.Bids)
		if err != nil {
			return NativeSet{}, err
		}
		native.Bid = bid
	}
	return native, nil
}

// translate finds the platform's word for a neutral one, or checks one of the
// platform's own against its list.
func translate[T ~string](p PlatformFacts, field string, value T, neutral map[T]string, list []string) (string, error) {
	if own, isOwn := strings.CutPrefix(string(value), ownPrefix); isOwn {
		if !slices.Contains(list, own) {
			return "", sosyal.FieldError{Field: field, Rule: "must be one of " + string(p.Platform) + "'s own values", Value: own}
		}
		return own, nil
	}
	native, ok := neutral[value]
	if !ok {
		return "", UnsupportedError{Platform: p.Platform, Field: field, Value: string(value)}
	}
	return native, nil
}

// UnsupportedError says that a platform has no such thing. It is
// [sosyal.ErrUnsupported].
type UnsupportedError struct {
	Platform Platform
	Field    string
	Value    string
}

// Error names platform, field and value.
func (e UnsupportedError) Error() string {
	return e.Field + ": " + string(e.Platform) + " does not support it (got " + strconv.Quote(e.Value) + ")"
}

// Is reports whether target is [sosyal.ErrUnsupported].
func (e UnsupportedError) Is(target error) bool { return target == sosyal.ErrUnsupported }

// Check holds a campaign against what is known of its platform. Values that the
// platform refuses are errors, all of them at once; pairs that are not listed as
// going together are warnings.
func (f Facts) Check(c Campaign) ([]sosyal.Reason, error) {
	platform, ok := f.Platform(c.Platform)
	if !ok {
		return nil, UnsupportedError{Platform: c.Platform, Field: "platform", Value: string(c.Platform)}
	}
	var p sosyal.Problems
	p.Nest("", c.Validate())
	for i, v := range c.SpecialCategories {
		p.Require(slices.Contains(platform.SpecialCategories, v), index("special_categories", i), "must be one of the platform's", v)
	}
	if c.Spend != nil {
		_, err := platform.Amounts.Encode(c.Spend.Amount)
		p.Nest("spend", err)
	}
	var warnings []sosyal.Reason
	for i, s := range c.AdSets {
		field := index("ad_sets", i)
		native, err := f.Native(c, s)
		p.Nest(field, err)
		p.Nest(field, platform.checkSet(s, native))
		if err == nil {
			warnings = append(warnings, platform.warn(s, native)...)
		}
	}
	return warnings, p.Err()
}

// checkSet reports what the platform refuses of an ad set.
func (f PlatformFacts) checkSet(s AdSet, native NativeSet) error {
	var p sosyal.Problems
	for i, v := range s.Placements {
		p.Require(slices.Contains(f.Placements, v), index("placements", i), "must be one of the platform's", v)
	}
	if s.Spend != nil {
		_, err := f.Amounts.Encode(s.Spend.Amount)
		p.Nest("spend", err)
	}
	if amount, ok := s.Bid.Amount(); ok {
		_, err := f.Amounts.Encode(amount)
		p.Nest("bid", err)
	}
	if limit := s.Frequency; limit != nil {
		p.Require(slices.Contains(f.Frequency.Goals, native.Goal), "frequency", "must go with a goal that allows a cap", native.Goal)
		p.Require(f.Frequency.MaxDays == 0 || limit.Days <= f.Frequency.MaxDays, "frequency.days", "must be at most "+strconv.Itoa(f.Frequency.MaxDays), strconv.Itoa(limit.Days))
		most := f.Frequency.MaxPerDay * limit.Days
		p.Require(most == 0 || limit.Impressions <= most, "frequency.impressions", "must be at most "+strconv.Itoa(most), strconv.Itoa(limit.Impressions))
	}
	return p.Err()
}

// warn lists pairs of an ad set that are not known to go together.
func (f PlatformFacts) warn(s AdSet, native NativeSet) []sosyal.Reason {
	var warnings []sosyal.Reason
	unlisted := func(left, right string) {
		warnings = append(warnings, sosyal.Because("campaign.check.unlisted",
			sosyal.TextArg("adset", s.Name), sosyal.TextArg("left", left), sosyal.TextArg("right", right),
			sosyal.TermArg("platform", f.Platform), sosyal.DateArg("day", f.AsOf)))
	}
	goals, known := f.ObjectiveGoals[native.Objective]
	if known && native.Goal != "" && !slices.Contains(goals, native.Goal) {
		unlisted(native.Objective, native.Goal)
	}
	goals, known = f.BillingGoals[native.Billing]
	if known && native.Goal != "" && !slices.Contains(goals, native.Goal) {
		unlisted(native.Billing, native.Goal)
	}
	return warnings
}
