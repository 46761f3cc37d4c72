package campaign

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// StrategyInput is what [Propose] recommends from. Everything is a value: the
// host hands over last month's results and this month's aims.
type StrategyInput struct {
	Brand sosyal.BrandID
	// Accounts are the ad accounts by platform; one that is not there stays empty
	// in the campaign.
	Accounts map[Platform]sosyal.AccountID
	Period   sosyal.Period
	Zone     string
	// Total is what all campaigns together may spend.
	Total    sosyal.Money
	Aims     []Aim
	Segments []Segment
	// Networks are those in use; the platforms that sell ads there come into
	// question.
	Networks []sosyal.Network
	// Past are results told apart by platform and by objective or campaign.
	Past      []Result
	Countries []string
	Facts     Facts
	// PlatformsPerAim is how many platforms share an aim; 0 is 1.
	PlatformsPerAim int
}

// Aim is a goal as far as ads serve it.
type Aim struct {
	// Goal is the host's name of it, for the reasons.
	Goal      string
	Objective sosyal.Objective
	// Weight is its part of the money against the other aims'; 0 is 1.
	Weight int
	// Link is where ads lead. Campaign parameters are filled in.
	Link     sosyal.Link
	Products []sosyal.ProductID
}

// Segment is a group of customers or visitors that ads may be shown to or kept
// from.
type Segment struct {
	ID   sosyal.SegmentID
	Name string
	Size int
	// RevenueShare is the part of the shop's revenue that it brings, 0 to 1.
	RevenueShare float64
	Kind         SegmentKind
}

// SegmentKind is where the people of a segment stand with the shop.
type SegmentKind string

// Kinds of segments. Visitors and Potential have not bought, the others have.
const (
	Champions SegmentKind = "champions"
	Loyal     SegmentKind = "loyal"
	NewBuyers SegmentKind = "new"
	AtRisk    SegmentKind = "at_risk"
	Lost      SegmentKind = "lost"
	Potential SegmentKind = "potential"
	Visitors  SegmentKind = "visitors"
)

// Proposal is a recommended campaign, a draft without creatives, with what
// speaks for it.
type Proposal struct {
	Campaign Campaign
	// Goals are the aims it serves, Share its part of the total.
	Goals   []string
	Share   decimal.Decimal
	Reasons []sosyal.Reason
}

// Validate reports what the proposals cannot be made from.
func (in StrategyInput) Validate() error {
	var p sosyal.Problems
	p.Require(in.Brand != "", "brand", "is required", "")
	p.Nest("period", in.Period.Validate())
	_, err := sosyal.LoadZone(in.Zone)
	p.Nest("", err)
	p.Require(in.Total.Sign() > 0, "total", "must be positive", in.Total.String())
	_, err = in.Total.Minor()
	p.Nest("total", err)
	p.Require(len(in.Aims) > 0, "aims", "must hold an aim", "")
	for i, a := range in.Aims {
		field := index("aims", i)
		p.Require(slices.Contains(sosyal.Objectives(), a.Objective), field+".objective", "must be one of the objectives", string(a.Objective))
		p.Require(a.Weight >= 0, field+".weight", "must not be negative", strconv.Itoa(a.Weight))
		if a.Link != (sosyal.Link{}) {
			p.Nest(field+".link", a.Link.Validate())
		}
	}
	seen := make(map[sosyal.SegmentID]bool, len(in.Segments))
	for i, s := range in.Segments {
		field := index("segments", i)
		p.Require(s.ID != "", field+".id", "is required", "")
		p.Require(!seen[s.ID], field+".id", "must not repeat", string(s.ID))
		p.Require(s.Size >= 0, field+".size", "must not be negative", strconv.Itoa(s.Size))
		p.Require(s.RevenueShare >= 0 && s.RevenueShare <= 1, field+".revenue_share", "must be from 0 to 1", number(s.RevenueShare))
		seen[s.ID] = true
	}
	p.Require(len(in.Countries) > 0, "countries", "must hold a country", "")
	p.Require(in.PlatformsPerAim >= 0, "platforms_per_aim", "must not be negative", strconv.Itoa(in.PlatformsPerAim))
	return p.Err()
}

// Propose recommends one campaign per objective (one on each of PlatformsPerAim
// platforms): on the platform where the same objective did best, for the people
// whom its stage of the funnel is about, with the formats that work there.
//
//   - The total is split over objectives by weight and over platforms by what
//     each brought for its money, exactly.
//   - A platform's past counts only with enough events behind it: 30
//     conversions, 100 clicks or 10,000 impressions. Platforms without come after
//     those with, in the order of the facts. A mean says nothing of the next
//     lira, which is what response curves are for.
//   - Near the bottom of the funnel the money goes to people who know the shop
//     and, more of it, to people like its best customers; at the top only to the
//     latter, existing customers excluded.
//
// The proposals come in the order of the aims. An objective that no platform in
// use serves is an error.
func Propose(in StrategyInput) ([]Proposal, error) {
	if err := in.Validate(); err != nil {
		return nil, err
	}
	aims := merge(in.Aims)
	weights := make([]decimal.Decimal, len(aims))
	for i, a := range aims {
		weights[i] = decimal.NewFromInt(int64(a.weight))
	}
	amounts, err := in.Total.Split(weights...)
	if err != nil {
		return nil, err
	}
	var proposals []Proposal
	for i, a := range aims {
		ranked := in.rank(a.Objective)
		if len(ranked) == 0 {
			return nil, sosyal.FieldError{Field: "aims", Rule: "must have an objective that a platform in use serves", Value: string(a.Objective)}
		}
		ranked = ranked[:min(len(ranked), max(1, in.PlatformsPerAim))]
		parts, err := amounts[i].Split(shares(ranked)...)
		if err != nil {
			return nil, err
		}
		for j, candidate := range ranked {
			if parts[j].Sign() == 0 {
				continue
			}
			p, err := in.propose(a, candidate, parts[j])
			if err != nil {
				return nil, err
			}
			proposals = append(proposals, p)
		}
	}
	return proposals, nil
}

// aim is an objective with all the goals that it serves.
type aim struct {
	Aim
	goals  []string
	weight int
}

// merge joins aims of one objective: their weights add up, the first link holds.
func merge(aims []Aim) []aim {
	var merged []aim
	for _, a := range aims {
		i := slices.IndexFunc(merged, func(m aim) bool { return m.Objective == a.Objective })
		if i < 0 {
			merged = append(merged, aim{Aim: a})
			i = len(merged) - 1
			merged[i].Products = nil
		}
		m := &merged[i]
		m.weight += max(1, a.Weight)
		if a.Goal != "" {
			m.goals = append(m.goals, a.Goal)
		}
		if m.Link == (sosyal.Link{}) {
			m.Link = a.Link
		}
		for _, id := range a.Products {
			if !slices.Contains(m.Products, id) {
				m.Products = append(m.Products, id)
			}
		}
	}
	return merged
}

// candidate is a platform for an objective with what is known of its past.
type candidate struct {
	facts    PlatformFacts
	measured bool
	score    float64 // more is better; only compared within one objective
	reason   sosyal.Reason
}

// rank lists the platforms in use that serve an objective, the best first.
func (in StrategyInput) rank(o sosyal.Objective) []candidate {
	var ranked []candidate
	for _, name := range in.Facts.Platforms() {
		facts, _ := in.Facts.Platform(name)
		used := slices.ContainsFunc(facts.Networks, func(n sosyal.Network) bool { return slices.Contains(in.Networks, n) })
		if _, serves := facts.NeutralObjectives[o]; used && serves {
			ranked = append(ranked, in.measure(facts, o))
		}
	}
	slices.SortStableFunc(ranked, func(a, b candidate) int {
		switch {
		case a.measured != b.measured && a.measured:
			return -1
		case a.measured != b.measured:
			return 1
		}
		return cmp.Compare(b.score, a.score)
	})
	return ranked
}

// shares are the weights by which platforms divide an aim's money: by what each
// brought where all are measured, evenly otherwise.
func shares(ranked []candidate) []decimal.Decimal {
	weights := make([]decimal.Decimal, len(ranked))
	all := !slices.ContainsFunc(ranked, func(c candidate) bool { return !c.measured || c.score <= 0 })
	for i, c := range ranked {
		weights[i] = decimal.NewFromInt(1)
		if all {
			weights[i] = decimal.NewFromFloat(c.score).Round(12)
		}
		if weights[i].Sign() <= 0 {
			weights[i] = decimal.New(1, -12)
		}
	}
	return weights
}
