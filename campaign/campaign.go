package campaign

import (
	"strconv"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// Campaign is one objective pursued on one platform for a time. Its zero State
// is [Draft].
type Campaign struct {
	ID       sosyal.CampaignID `json:"id"`
	Brand    sosyal.BrandID    `json:"brand"`
	Account  sosyal.AccountID  `json:"account,omitzero"`
	Platform Platform          `json:"platform"`
	// Name is what the platform and the links call it, see [Name].
	Name      string           `json:"name"`
	Objective sosyal.Objective `json:"objective"`
	// Period are the days on which it runs, in the wall time of Zone.
	Period sosyal.Period `json:"period"`
	Zone   string        `json:"zone"`
	// Spend is one limit for all ad sets; nil where each has its own. Exactly one
	// of the two levels has limits.
	Spend *SpendLimit `json:"spend,omitempty"`
	// SpecialCategories are the platform's names of fields in which advertising
	// is restricted, such as credit or housing.
	SpecialCategories []string          `json:"special_categories,omitempty"`
	Attribution       AttributionWindow `json:"attribution"`
	AdSets            []AdSet           `json:"ad_sets,omitempty"`
	State             State             `json:"state"`
	Version           int64             `json:"version,omitzero"`
}

// Validate reports everything that contradicts itself, whatever the platform.
// What a platform accepts is asked of [Facts.Check].
func (c Campaign) Validate() error {
	var p sosyal.Problems
	p.Require(c.ID != "", "id", "is required", "")
	p.Require(c.Brand != "", "brand", "is required", "")
	p.Require(c.Platform != "", "platform", "is required", "")
	p.Require(c.Name != "", "name", "is required", "")
	p.Require(c.Objective != "", "objective", "is required", "")
	p.Nest("period", c.Period.Validate())
	_, err := sosyal.LoadZone(c.Zone)
	p.Nest("", err)
	p.Nest("attribution", c.Attribution.Validate())
	p.Require(c.State == "" || c.State.valid(), "state", "must be one of the states", string(c.State))
	if c.Spend != nil {
		p.Nest("spend", c.Spend.Validate())
	}
	seen := make(map[AdSetID]bool, len(c.AdSets))
	for i, s := range c.AdSets {
		field := index("ad_sets", i)
		p.Nest(field, s.Validate())
		p.Require(!seen[s.ID], field+".id", "must not repeat", string(s.ID))
		seen[s.ID] = true
		p.Require((s.Spend == nil) == (c.Spend != nil), field+".spend", "must be set exactly where the campaign has none", "")
		inside := s.Period.Days() == 0 || s.Period.Intersect(c.Period) == s.Period
		p.Require(inside, field+".period", "must lie within that of the campaign", s.Period.String())
	}
	if err := p.Err(); err != nil {
		return err
	}
	_, err = c.Total()
	return err
}

// Ready reports what the campaign lacks before it can be reviewed.
func (c Campaign) Ready() error {
	var p sosyal.Problems
	p.Nest("", c.Validate())
	p.Require(len(c.AdSets) > 0, "ad_sets", "must hold an ad set", "")
	for i, s := range c.AdSets {
		field := index("ad_sets", i)
		p.Require(len(s.Ads) > 0, field+".ads", "must hold an ad", "")
		for j, a := range s.Ads {
			p.Nest(field+"."+index("ads", j), a.Ready())
		}
	}
	return p.Err()
}

// Total returns what the campaign may spend in all: limits of days times the
// days they hold on. It is the amount that has to be approved. A campaign
// without limits is an error once it has ad sets.
func (c Campaign) Total() (sosyal.Money, error) {
	if c.Spend != nil {
		return c.Spend.over(c.Period.Days()), nil
	}
	var total sosyal.Money
	for i, s := range c.AdSets {
		if s.Spend == nil {
			return sosyal.Money{}, sosyal.FieldError{Field: index("ad_sets", i) + ".spend", Rule: "is required"}
		}
		sum, err := total.Add(s.Spend.over(c.running(s).Days()))
		if err != nil {
			return sosyal.Money{}, sosyal.FieldError{Field: index("ad_sets", i) + ".spend", Rule: "must be in one currency: " + err.Error()}
		}
		total = sum
	}
	return total, nil
}

// over is the limit over a number of days.
func (s SpendLimit) over(days int) sosyal.Money {
	if s.Per == Lifetime {
		return s.Amount
	}
	return s.Amount.Mul(decimal.NewFromInt(int64(days)))
}

// running are the days of an ad set.
func (c Campaign) running(s AdSet) sosyal.Period {
	if s.Period.Days() == 0 {
		return c.Period
	}
	return s.Period
}

// On returns what the campaign is meant to spend on a day: daily limits as they
// stand and lifetime limits spread evenly, to the minor unit, over their days.
// Platforms deliver unevenly; this is the plan, not a forecast. Outside the
// period it is zero.
func (c Campaign) On(day date.Date) (sosyal.Money, error) {
	total, err := c.Total()
	if err != nil {
		return sosyal.Money{}, err
	}
	zero := total.Mul(decimal.Zero)
	if c.Spend != nil {
		return c.Spend.on(day, c.Period, zero)
	}
	sum := zero
	for i, s := range c.AdSets {
		part, err := s.Spend.on(day, c.running(s), zero)
		if err == nil {
			sum, err = sum.Add(part)
		}
		if err != nil {
			return sosyal.Money{}, sosyal.FieldError{Field: index("ad_sets", i) + ".spend", Rule: "must be divisible into days: " + err.Error()}
		}
	}
	return sum, nil
}

func (s SpendLimit) on(day date.Date, period sosyal.Period, zero sosyal.Money) (sosyal.Money, error) {
	switch {
	case !period.Contains(day):
		return zero, nil
	case s.Per == Daily:
		return s.Amount, nil
	}
	weights := make([]decimal.Decimal, period.Days())
	for i := range weights {
		weights[i] = decimal.NewFromInt(1)
	}
	parts, err := s.Amount.Split(weights...)
	if err != nil {
		return zero, err
	}
	return parts[int(day-period.From)], nil
}

// ContentHash identifies everything about the campaign that is approved, by the
// field list below. Id, state and version are not part of it.
func (c Campaign) ContentHash() sosyal.ContentHash {
	h := sosyal.NewContentHasher("v1", "campaign").
		Code("brand", string(c.Brand)).
		Code("account", string(c.Account)).
		Code("platform", string(c.Platform)).
		Text("name", c.Name).
		Code("objective", string(c.Objective)).
		Period("period", c.Period).
		Text("zone", c.Zone).
		Texts("special_categories", c.SpecialCategories...).
		Int("attribution.click_days", int64(c.Attribution.ClickDays)).
		Int("attribution.view_days", int64(c.Attribution.ViewDays))
	if c.Spend != nil {
		h.Code("spend.per", string(c.Spend.Per)).Money("spend.amount", c.Spend.Amount)
	}
	h.Int("ad_sets", int64(len(c.AdSets)))
	for _, s := range c.AdSets {
		h.Hash("ad_set", s.contentHash())
	}
	return h.Sum()
}

func (s AdSet) contentHash() sosyal.ContentHash {
	t := s.Targeting
	h := sosyal.NewContentHasher("v1", "ad_set").
		Text("name", s.Name).
		Code("goal", string(s.Goal)).
		Code("billing", string(s.Billing)).
		Code("bid.kind", string(s.Bid.Kind())).
		Money("bid.amount", s.Bid.amount).
		Period("period", s.Period).
		Texts("placements", s.Placements...).
		Codes("include", texts(t.Include)...).
		Codes("exclude", texts(t.Exclude)...).
		Texts("countries", t.Countries...).
		Int("age_min", int64(t.AgeMin)).
		Int("age_max", int64(t.AgeMax)).
		Texts("genders", texts(t.Genders)...).
		Texts("interests", t.Interests...).
		Text("promoted_object", s.PromotedObject)
	if roas, ok := s.Bid.ROAS(); ok {
		h.Text("bid.roas", roas.String())
	}
	if s.Spend != nil {
		h.Code("spend.per", string(s.Spend.Per)).Money("spend.amount", s.Spend.Amount)
	}
	if t.Lookalike != nil {
		h.Code("lookalike.seed", string(t.Lookalike.Seed)).
			Text("lookalike.share", strconv.FormatFloat(t.Lookalike.Share, 'g', -1, 64))
	}
	if s.Frequency != nil {
		h.Int("frequency.impressions", int64(s.Frequency.Impressions)).Int("frequency.days", int64(s.Frequency.Days))
	}
	for _, a := range s.Ads {
		h.Hash("ad", a.contentHash())
	}
	return h.Sum()
}

func (a Ad) contentHash() sosyal.ContentHash {
	c := a.Creative
	h := sosyal.NewContentHasher("v1", "ad").
		Text("name", a.Name).
		Code("model", string(a.Model)).
		Code("format", string(a.Format)).
		Texts("headlines", c.Headlines...).
		Texts("texts", c.Texts...).
		Text("call_to_action", c.CallToAction).
		Text("post", c.Post).
		Text("creator", c.Creator).
		Period("rights", c.Rights).
		Text("disclosure", c.Disclosure).
		Texts("products", texts(a.Products)...)
	if a.Link != (sosyal.Link{}) {
		h.Text("link", a.Link.String())
	}
	for _, m := range c.Media {
		h.Text("media", m.Ref).Text("media.alt", m.Alt).
			Int("media.width", int64(m.Width)).Int("media.height", int64(m.Height)).
			Text("media.seconds", strconv.FormatFloat(m.Seconds, 'g', -1, 64))
	}
	return h.Sum()
}

func texts[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}
