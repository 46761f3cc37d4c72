package campaign

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// Where an aim's money begins when it goes to people who know the shop and to
// people who do not. It is a starting point that results replace.
const (
	retargetingPart = 40
	prospectingPart = 60
)

// Names of the two audiences in ad sets and in links.
const (
	retargeting = "retargeting"
	prospecting = "prospecting"
)

// audience is whom an ad set speaks to, and why.
type audience struct {
	name      string
	part      int64
	targeting Targeting
	reasons   []sosyal.Reason
}

// propose makes the campaign of one aim on one platform.
func (in StrategyInput) propose(a aim, c candidate, amount sosyal.Money) (Proposal, error) {
	share, err := amount.Ratio(in.Total)
	if err != nil {
		return Proposal{}, err
	}
	reasons := []sosyal.Reason{
		sosyal.Because("campaign.strategy.objective", sosyal.TermArg("objective", a.Objective),
			sosyal.TermArg("funnel", "funnel_"+FunnelOf(a.Objective)), sosyal.CountArg("goals", max(1, len(a.goals)))),
		c.reason,
		sosyal.Because("campaign.strategy.share", sosyal.MoneyArg("amount", amount),
			sosyal.MoneyArg("total", in.Total), sosyal.PercentArg("share", share.InexactFloat64(), 1)),
	}
	audiences, left := in.audiences(a.Objective, c.facts)
	reasons = append(reasons, left...)
	amounts, err := divide(amount, audiences)
	if err != nil {
		return Proposal{}, err
	}

	name := Name{
		Year: in.Period.From.Year(), Month: in.Period.From.Month(),
		Objective: a.Objective, Platform: c.facts.Platform, Audience: "all",
	}
	if len(audiences) == 1 {
		name.Audience = audiences[0].name
	}
	proposed := Campaign{
		ID: sosyal.CampaignID(name.String()), Brand: in.Brand, Account: in.Accounts[c.facts.Platform],
		Platform: c.facts.Platform, Name: name.String(), Objective: a.Objective,
		Period: in.Period, Zone: in.Zone, Attribution: AttributionWindow{ClickDays: 7, ViewDays: 1}, State: Draft,
	}
	capped := false
	for i, group := range audiences {
		if amounts[i].Sign() == 0 {
			continue
		}
		set := AdSet{
			ID: AdSetID(group.name), Name: group.name, Goal: c.facts.Recommended.Goals[a.Objective],
			Spend: &SpendLimit{Per: Lifetime, Amount: amounts[i]}, Targeting: group.targeting,
		}
		set.Frequency = c.facts.frequencyCap(a.Objective, set.Goal)
		capped = capped || set.Frequency != nil
		set.Ads = ads(a, c.facts, name.String(), group.name)
		proposed.AdSets = append(proposed.AdSets, set)
		reasons = append(reasons, sosyal.Because("campaign.strategy.ad_set",
			sosyal.TermArg("audience", "audience_"+group.name), sosyal.MoneyArg("amount", amounts[i])))
		reasons = append(reasons, group.reasons...)
	}
	for _, format := range c.facts.Recommended.Formats[a.Objective] {
		reasons = append(reasons, sosyal.Because("campaign.strategy.format",
			sosyal.TermArg("format", format), sosyal.TermArg("platform", c.facts.Platform), sosyal.TermArg("objective", a.Objective)))
	}
	if capped {
		reasons = append(reasons, sosyal.Because("campaign.strategy.frequency",
			sosyal.CountArg("n", weeklyImpressions), sosyal.CountArg("days", weekDays)))
	}
	warnings, err := in.Facts.Check(proposed)
	if err != nil {
		return Proposal{}, err
	}
	return Proposal{Campaign: proposed, Goals: a.goals, Share: share, Reasons: append(reasons, warnings...)}, nil
}

func divide(amount sosyal.Money, audiences []audience) ([]sosyal.Money, error) {
	parts := make([]decimal.Decimal, len(audiences))
	for i, group := range audiences {
		parts[i] = decimal.NewFromInt(group.part)
	}
	return amount.Split(parts...)
}

// Three times a week is enough to be noticed and too little to annoy; it is
// advice, set only where the platform takes a cap.
const (
	weeklyImpressions = 3
	weekDays          = 7
)

func (f PlatformFacts) frequencyCap(o sosyal.Objective, g Goal) *FrequencyCap {
	if FunnelOf(o) != TopOfFunnel || !slices.Contains(f.Frequency.Goals, f.NeutralGoals[g]) {
		return nil
	}
	return &FrequencyCap{Impressions: weeklyImpressions, Days: weekDays}
}

// audiences divides people by the stage of the funnel. The reasons returned
// apart are about segments that are not used.
func (in StrategyInput) audiences(o sosyal.Objective, f PlatformFacts) ([]audience, []sosyal.Reason) {
	var known []Segment  // who is spoken to because they know the shop
	var buyers []Segment // who is kept out of the search for new ones
	var unused []sosyal.Reason
	for _, s := range in.sorted() {
		wanted := slices.Contains(retargeted(o), s.Kind)
		bought := s.Kind != Visitors && s.Kind != Potential
		if s.Size < f.MinimumAudience {
			if wanted || bought {
				unused = append(unused, sosyal.Because("campaign.strategy.small", sosyal.TextArg("segment", s.label()),
					sosyal.CountArg("size", s.Size), sosyal.CountArg("minimum", f.MinimumAudience), sosyal.TermArg("platform", f.Platform)))
			}
			continue
		}
		if wanted {
			known = append(known, s)
		}
		if bought {
			buyers = append(buyers, s)
		}
	}
	var groups []audience
	if len(known) > 0 {
		groups = append(groups, in.retarget(known))
	}
	return append(groups, in.prospect(o, known, buyers, f)), unused
}

// retargeted are the kinds of segments that an objective speaks to again.
func retargeted(o sosyal.Objective) []SegmentKind {
	switch FunnelOf(o) {
	case BottomOfFunnel:
		return []SegmentKind{Visitors, Potential, AtRisk}
	case MiddleOfFunnel:
		return []SegmentKind{Visitors, Potential, NewBuyers}
	case TopOfFunnel:
	}
	return nil
}

// sorted lists segments by what they bring, then by id.
func (in StrategyInput) sorted() []Segment {
	return slices.SortedFunc(slices.Values(in.Segments), func(a, b Segment) int {
		return cmp.Or(cmp.Compare(b.RevenueShare, a.RevenueShare), cmp.Compare(a.ID, b.ID))
	})
}

func (s Segment) label() string { return cmp.Or(s.Name, string(s.ID)) }

func (in StrategyInput) retarget(known []Segment) audience {
	group := audience{name: retargeting, part: retargetingPart, targeting: Targeting{Countries: in.Countries}}
	for _, s := range known {
		group.targeting.Include = append(group.targeting.Include, s.ID)
		group.reasons = append(group.reasons, sosyal.Because("campaign.strategy.include",
			sosyal.TextArg("segment", s.label()), sosyal.CountArg("size", s.Size), sosyal.PercentArg("revenue", s.RevenueShare, 1)))
	}
	return group
}

// prospect looks for people like the best customers; without a segment to start
// from it leaves the choice to the platform.
func (in StrategyInput) prospect(o sosyal.Objective, known, buyers []Segment, f PlatformFacts) audience {
	group := audience{name: prospecting, part: prospectingPart, targeting: Targeting{Countries: in.Countries}}
	out, people := 0, 0
	for _, s := range slices.Concat(buyers, known) {
		if !slices.Contains(group.targeting.Exclude, s.ID) {
			group.targeting.Exclude = append(group.targeting.Exclude, s.ID)
			out++
			people += s.Size
		}
	}
	seed := slices.IndexFunc(buyers, func(s Segment) bool { return s.Kind == Champions })
	if seed < 0 {
		seed = slices.IndexFunc(buyers, func(s Segment) bool { return s.Kind == Loyal })
	}
	if seed < 0 {
		group.reasons = append(group.reasons, sosyal.Because("campaign.strategy.broad", sosyal.TermArg("platform", f.Platform)))
	} else {
		s := buyers[seed]
		group.targeting.Lookalike = &Lookalike{Seed: s.ID, Share: likeness(o)}
		group.reasons = append(group.reasons, sosyal.Because("campaign.strategy.lookalike",
			sosyal.TextArg("segment", s.label()), sosyal.CountArg("size", s.Size),
			sosyal.PercentArg("revenue", s.RevenueShare, 1), sosyal.PercentArg("share", likeness(o), 0)))
	}
	if out > 0 {
		group.reasons = append(group.reasons, sosyal.Because("campaign.strategy.exclude",
			sosyal.CountArg("n", out), sosyal.CountArg("people", people)))
	}
	return group
}

// likeness is how much of a country a lookalike takes: the nearer to buying, the
// more alike.
func likeness(o sosyal.Objective) float64 {
	switch FunnelOf(o) {
	case BottomOfFunnel:
		return 0.01
	case MiddleOfFunnel:
		return 0.03
	case TopOfFunnel:
	}
	return 0.10
}

// ads makes one ad for each recommended format, without creatives.
func ads(a aim, f PlatformFacts, name, set string) []Ad {
	var out []Ad
	for _, format := range f.Recommended.Formats[a.Objective] {
		ad := Ad{ID: AdID(format), Name: string(format), Model: model(a), Format: format, Products: slices.Clone(a.Products)}
		if a.Link.URL != "" {
			ad.Link = a.Link
			ad.Link.UTM = sosyal.UTM{
				Source: f.UTM.Source, Medium: f.UTM.Medium, Campaign: name, Content: set + "-" + string(format),
			}
		}
		out = append(out, ad)
	}
	return out
}

// model is the ad model of an aim.
func model(a aim) AdModel {
	switch {
	case a.Objective == sosyal.CatalogSales:
		return ModelCatalogue
	case a.Objective == sosyal.Leads && a.Link.URL == "":
		return ModelLeadForm
	}
	return ModelStandard
}
