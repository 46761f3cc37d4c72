package loop

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/campaign"
)

// planCampaigns proposes one campaign for each objective of the goals and has
// its content approved, once. Money comes next; nothing runs before it.
func (r *run) planCampaigns(ctx context.Context) error {
	if err := r.loadCampaigns(ctx); err != nil || len(r.campaigns) > 0 {
		r.said(false, "campaigns: %d", len(r.campaigns))
		return err
	}
	in, err := r.campaignInput()
	if err != nil {
		return err
	}
	if len(in.Aims) == 0 {
		r.step("  campaigns: no platform in use serves the goals")
		return nil
	}
	proposals, err := campaign.Propose(in)
	if err != nil {
		return fmt.Errorf("proposing campaigns: %w", err)
	}
	var changes []sosyal.Change[adPlan]
	for _, p := range proposals {
		plan := adPlan{Campaign: p.Campaign, Reasons: p.Reasons}
		r.addCreatives(&plan.Campaign)
		if err := r.approveContent(&plan); err != nil {
			return fmt.Errorf("campaign %s: %w", plan.Campaign.Name, err)
		}
		changes = append(changes, sosyal.Create(string(plan.Campaign.ID), plan))
	}
	if err := r.options.stop("campaigns"); err != nil {
		return err
	}
	if err := r.store.ads.Write(ctx, r.brand, changes...); err != nil {
		return fmt.Errorf("storing campaigns: %w", err)
	}
	r.said(true, "campaigns: %d proposed, content approved", len(changes))
	return r.loadCampaigns(ctx)
}

func (r *run) loadCampaigns(ctx context.Context) error {
	r.campaigns = nil
	for stored, err := range r.store.ads.List(ctx, r.brand, sosyal.Query{Parent: r.monthID()}) {
		if err != nil {
			return fmt.Errorf("loading campaigns: %w", err)
		}
		r.campaigns = append(r.campaigns, stored)
	}
	return nil
}

func (r *run) campaignInput() (campaign.StrategyInput, error) {
	in := campaign.StrategyInput{
		Brand: r.brand, Period: r.period, Zone: r.options.Zone, Countries: []string{"TR"}, Facts: r.facts,
		Accounts: map[campaign.Platform]sosyal.AccountID{},
	}
	for _, d := range r.data.networks() {
		in.Networks = append(in.Networks, d.Network)
	}
	var err error
	if in.Total, err = r.adMoney(); err != nil {
		return in, err
	}
	// The last ninety days count; older results are of another season.
	recent := r.before(90)
	in.Past, err = campaign.Summarize(func(yield func(campaign.AdRow, error) bool) {
		for _, row := range r.data.ads {
			if recent.Contains(row.Period.From) && !yield(row, nil) {
				return
			}
		}
	}, campaign.ByPlatform, campaign.ByObjective)
	if err != nil {
		return in, err
	}
	for _, s := range r.table {
		if kind, ok := segmentKind(groupOf(s)); ok && !s.Suppressed && s.Size > 0 {
			in.Segments = append(in.Segments, campaign.Segment{ID: s.ID, Name: r.texts.Term(s.Name), Size: s.Size, RevenueShare: min(max(s.RevenueShare, 0), 1), Kind: kind})
		}
	}
	best := r.data.bestSellers(3)
	for _, g := range r.goals.Tree.Roots() {
		aim := campaign.Aim{Goal: g.Name, Objective: g.Objective, Weight: aimWeight(g.Objective), Link: sosyal.Link{URL: r.home}}
		for _, p := range best {
			aim.Products = append(aim.Products, p.ID)
		}
		in.Aims = append(in.Aims, aim)
	}
	return in, nil
}

// aimWeight is the shop's own choice: three parts to sales, one to each other
// objective.
func aimWeight(o sosyal.Objective) int {
	if o == sosyal.Sales {
		return 3
	}
	return 1
}

// segmentKind is where the customers of an RFM group stand.
func segmentKind(group string) (campaign.SegmentKind, bool) {
	switch group {
	case "champions":
		return campaign.Champions, true
	case "loyal", "active":
		return campaign.Loyal, true
	case "new", "promising":
		return campaign.NewBuyers, true
	case "needs_attention", "at_risk", "almost_lost", "previously_loyal":
		return campaign.AtRisk, true
	case "dormant":
		return campaign.Lost, true
	case "prospects":
		return campaign.Potential, true
	}
	return "", false
}

// adMoney is what campaigns may ask for: what the last thirty days cost, or,
// where no spend is known, three per cent of the revenue that is aimed for.
func (r *run) adMoney() (sosyal.Money, error) {
	recent := r.before(30)
	rows, err := campaign.Latest(rowsOf(r.data.ads))
	if err != nil {
		return sosyal.Money{}, err
	}
	spent := decimal.Zero
	for _, row := range rows {
		if recent.Contains(row.Period.From) {
			spent = spent.Add(row.Spend.Amount())
		}
	}
	if spent.Sign() <= 0 {
		for _, g := range r.goals.Tree.Roots() {
			if g.Measure.InMoney() {
				spent = g.Target.Mul(decimal.RequireFromString("0.03"))
			}
		}
	}
	return sosyal.NewMoney(roundTo(spent, 100), r.data.currency)
}

func rowsOf(rows []campaign.AdRow) iter.Seq2[campaign.AdRow, error] {
	return func(yield func(campaign.AdRow, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// addCreatives gives every ad its texts and pictures.
func (r *run) addCreatives(c *campaign.Campaign) {
	product := r.name
	if best := r.data.bestSellers(1); len(best) > 0 {
		product = best[0].Name
	}
	for i := range c.AdSets {
		for j := range c.AdSets[i].Ads {
			ad := &c.AdSets[i].Ads[j]
			ad.Creative.Headlines = []string{product}
			ad.Creative.Texts = []string{fill(r.word("%s: sevilen ürünleri keşfedin.", "%s: find what others love."), product)}
			if len(ad.Creative.Media) == 0 {
				ad.Creative.Media = []campaign.Media{r.adMedia(ad.Format)}
			}
			if ad.Link.URL == "" {
				ad.Link = sosyal.Link{URL: r.home, UTM: sosyal.UTM{Source: string(c.Platform), Medium: "paid_social", Campaign: c.Name}}
			}
		}
	}
}

// adMedia names the file that the creative team delivers for a format.
func (r *run) adMedia(f sosyal.Format) campaign.Media {
	m := campaign.Media{Ref: "creative/" + r.monthID() + "/" + string(f), Width: 1080, Height: 1350, Alt: r.name}
	if f.Moving() || f == sosyal.FormatStory {
		m.Height = 1920
	}
	if f.Moving() {
		m.Seconds = 15
	}
	return m
}

// approveContent takes a campaign through review.
func (r *run) approveContent(plan *adPlan) error {
	c := plan.Campaign
	var err error
	plan.Approval, err = agreed(policy("campaign", sosyal.RoleManagement), r.brand, "campaign/"+string(c.ID), c.ContentHash(), r.people.manager, r.people.management, r.now)
	if err != nil {
		return err
	}
	gate := campaign.Gate{Content: plan.Approval, Facts: r.facts}
	for _, s := range []campaign.State{campaign.InReview, campaign.Approved} {
		if c, err = c.Move(s, gate, r.now.Add(reviewTime)); err != nil {
			return err
		}
	}
	plan.Campaign = c
	return nil
}

// resultsOf sums up what a period's campaigns brought, by campaign, with days
// counted as they were last reported before a moment.
func (r *run) resultsOf(p sosyal.Period) (map[string]campaign.Result, error) {
	results, err := campaign.Summarize(func(yield func(campaign.AdRow, error) bool) {
		for _, row := range r.data.ads {
			if p.Contains(row.Period.From) && !row.ReportedAt.After(r.now) && !yield(row, nil) {
				return
			}
		}
	}, campaign.ByCampaign)
	if err != nil {
		return nil, err
	}
	out := make(map[string]campaign.Result, len(results))
	for _, res := range results {
		out[res.Campaign] = res
	}
	return out, nil
}

// byName orders campaigns.
func byName(a, b sosyal.Stored[adPlan]) int { return cmp.Compare(a.ID, b.ID) }

func (r *run) sortedCampaigns() []sosyal.Stored[adPlan] {
	return slices.SortedFunc(slices.Values(r.campaigns), byName)
}
