package campaign_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/campaign"
)

func plan(t *testing.T) campaign.StrategyInput {
	t.Helper()
	shop := sosyal.Link{URL: "https://lale.example/", Coupon: "KASIM10"}
	return campaign.StrategyInput{
		Brand: "lale", Accounts: map[campaign.Platform]sosyal.AccountID{campaign.Meta: "act_1"},
		Period: sosyal.Month(2026, time.November), Zone: "Europe/Istanbul", Total: lira("10000.01"),
		Aims: []campaign.Aim{
			{Goal: "satış", Objective: sosyal.Sales, Weight: 3, Link: shop, Products: []sosyal.ProductID{"krem-30"}},
			{Goal: "bilinirlik", Objective: sosyal.Awareness, Link: shop},
			{Goal: "yeni ürün satışı", Objective: sosyal.Sales, Weight: 2, Products: []sosyal.ProductID{"serum"}},
			{Goal: "trafik", Objective: sosyal.Traffic, Link: shop},
		},
		Segments: []campaign.Segment{
			{ID: "visitors", Size: 9000, Kind: campaign.Visitors},
			{ID: "champions", Size: 1500, RevenueShare: 0.4, Kind: campaign.Champions},
			{ID: "loyal", Size: 3000, RevenueShare: 0.3, Kind: campaign.Loyal},
			{ID: "at-risk", Size: 2000, RevenueShare: 0.1, Kind: campaign.AtRisk},
			{ID: "new", Size: 2500, RevenueShare: 0.05, Kind: campaign.NewBuyers},
			{ID: "tiny", Size: 40, RevenueShare: 0.15, Kind: campaign.AtRisk},
		},
		Networks: []sosyal.Network{sosyal.Instagram, sosyal.TikTok, sosyal.X}, Countries: []string{"TR"}, Facts: facts(t),
	}
}

// did is a past result of a platform with an objective.
func did(platform campaign.Platform, o sosyal.Objective, spend, value string, conversions float64) campaign.Result {
	m := lira(spend)
	return campaign.Result{
		Platform: platform, Objective: o, Rows: 1, Spend: m,
		Conversions: campaign.Tally{Sum: conversions, Rows: 1, Spend: m},
		Value:       campaign.ValueTally{Sum: lira(value), Rows: 1, Spend: m},
	}
}

func TestOneCampaignPerObjectiveAndTheMoneyAddsUp(t *testing.T) {
	in := plan(t)
	proposals, err := campaign.Propose(in)
	require.NoError(t, err)
	var objectives []sosyal.Objective
	var sum sosyal.Money
	for _, p := range proposals {
		objectives = append(objectives, p.Campaign.Objective)
		total, err := p.Campaign.Total()
		require.NoError(t, err)
		sum, err = sum.Add(total)
		require.NoError(t, err)
		require.NoError(t, p.Campaign.Validate())
		_, err = in.Facts.Check(p.Campaign)
		require.NoError(t, err)
		name, err := campaign.ParseName(p.Campaign.Name)
		require.NoError(t, err)
		assert.Equal(t, p.Campaign.Objective, name.Objective)
		assert.Equal(t, campaign.Draft, p.Campaign.State)
		for _, s := range p.Campaign.AdSets {
			for _, a := range s.Ads {
				assert.Equal(t, p.Campaign.Name, a.Link.UTM.Campaign, "a sale can be traced to the campaign")
				assert.Equal(t, "KASIM10", a.Link.Coupon)
			}
		}
	}
	assert.Equal(t, []sosyal.Objective{sosyal.Sales, sosyal.Awareness, sosyal.Traffic}, objectives)
	assert.Equal(t, "10000.01 TRY", sum.String())
	assert.Equal(t, []string{"satış", "yeni ürün satışı"}, proposals[0].Goals)
	first, err := proposals[0].Campaign.Total()
	require.NoError(t, err)
	assert.Equal(t, "7142.87 TRY", first.String(), "five of seven parts and the kuruş that is left over")
	assert.Equal(t, []sosyal.ProductID{"krem-30", "serum"}, proposals[0].Campaign.AdSets[0].Ads[0].Products)
	assert.Equal(t, sosyal.AccountID("act_1"), proposals[0].Campaign.Account)
}

func TestMoneyGoesWhereItCameBack(t *testing.T) {
	in := plan(t)
	in.Aims = in.Aims[:1]
	platform := func() campaign.Platform {
		proposals, err := campaign.Propose(in)
		require.NoError(t, err)
		return proposals[0].Campaign.Platform
	}
	assert.Equal(t, campaign.Meta, platform(), "nothing is known: the order of the facts")

	in.Past = []campaign.Result{did(campaign.TikTok, sosyal.Sales, "1000.00", "5000.00", 29)}
	assert.Equal(t, campaign.Meta, platform(), "29 conversions are chance")
	in.Past = []campaign.Result{did(campaign.TikTok, sosyal.Sales, "1000.00", "5000.00", 30)}
	assert.Equal(t, campaign.TikTok, platform(), "measured comes before unmeasured")
	in.Past = append(in.Past, did(campaign.X, sosyal.Sales, "100.00", "600.00", 31))
	assert.Equal(t, campaign.X, platform(), "six for one beats five for one")
	in.Past = append(in.Past, did(campaign.Meta, sosyal.Traffic, "1.00", "600.00", 500))
	assert.Equal(t, campaign.X, platform(), "what other objectives brought does not count")

	named := did(campaign.Meta, "", "100.00", "900.00", 60)
	named.Campaign = "2026-10_sales_meta_all"
	in.Past = append(in.Past, named)
	assert.Equal(t, campaign.Meta, platform(), "the campaign's name says its objective")
}

func TestPlatformsShareByWhatTheyBrought(t *testing.T) {
	in := plan(t)
	in.Aims, in.PlatformsPerAim, in.Total = in.Aims[:1], 2, lira("9000.00")
	in.Past = []campaign.Result{
		did(campaign.TikTok, sosyal.Sales, "1000.00", "4000.00", 40), did(campaign.Meta, sosyal.Sales, "1000.00", "2000.00", 40),
	}
	proposals, err := campaign.Propose(in)
	require.NoError(t, err)
	require.Len(t, proposals, 2)
	for i, want := range []string{"6000.00 TRY", "3000.00 TRY"} {
		total, err := proposals[i].Campaign.Total()
		require.NoError(t, err)
		assert.Equal(t, want, total.String())
	}
	assert.Equal(t, campaign.TikTok, proposals[0].Campaign.Platform)
	assert.Equal(t, "0.6667", proposals[0].Share.StringFixed(4))
}

func TestTargetingFollowsTheFunnel(t *testing.T) {
	proposals, err := campaign.Propose(plan(t))
	require.NoError(t, err)
	sales, awareness, traffic := proposals[0].Campaign, proposals[1].Campaign, proposals[2].Campaign

	require.Len(t, sales.AdSets, 2)
	assert.Equal(t, []sosyal.SegmentID{"at-risk", "visitors"}, sales.AdSets[0].Targeting.Include)
	search := sales.AdSets[1].Targeting
	assert.Equal(t, &campaign.Lookalike{Seed: "champions", Share: 0.01}, search.Lookalike)
	assert.Equal(t, []sosyal.SegmentID{"champions", "loyal", "at-risk", "new", "visitors"}, search.Exclude,
		"the two ad sets do not bid against each other")

	require.Len(t, awareness.AdSets, 1, "at the top nobody is spoken to again")
	assert.NotContains(t, awareness.AdSets[0].Targeting.Exclude, sosyal.SegmentID("visitors"))
	assert.Equal(t, &campaign.FrequencyCap{Impressions: 3, Days: 7}, awareness.AdSets[0].Frequency)
	assert.Equal(t, campaign.GoalReach, awareness.AdSets[0].Goal)
	assert.Equal(t, []sosyal.SegmentID{"new", "visitors"}, traffic.AdSets[0].Targeting.Include)
	for _, p := range proposals {
		for _, s := range p.Campaign.AdSets {
			assert.NotContains(t, slices.Concat(s.Targeting.Include, s.Targeting.Exclude), sosyal.SegmentID("tiny"))
		}
	}
	small := slices.ContainsFunc(proposals[0].Reasons, func(r sosyal.Reason) bool { return r.Code == "campaign.strategy.small" })
	assert.True(t, small, "and it is said why")
}

func TestWithoutSegmentsThePlatformChooses(t *testing.T) {
	in := plan(t)
	in.Segments = nil
	proposals, err := campaign.Propose(in)
	require.NoError(t, err)
	for _, p := range proposals {
		require.Len(t, p.Campaign.AdSets, 1)
		assert.Nil(t, p.Campaign.AdSets[0].Targeting.Lookalike)
	}
}

func TestTheSameInputMakesTheSameProposals(t *testing.T) {
	in := plan(t)
	want, err := campaign.Propose(in)
	require.NoError(t, err)
	first, err := json.Marshal(want)
	require.NoError(t, err)
	for range 5 {
		slices.Reverse(in.Segments)
		again, err := campaign.Propose(in)
		require.NoError(t, err)
		text, err := json.Marshal(again)
		require.NoError(t, err)
		require.Equal(t, string(first), string(text))
	}
}

func TestEveryReasonCanBeRead(t *testing.T) {
	in := plan(t)
	in.Past = []campaign.Result{did(campaign.TikTok, sosyal.Sales, "1000.00", "5000.00", 30)}
	in.Past[0].Impressions = campaign.Tally{Sum: 50000, Rows: 1, Spend: lira("1000.00")}
	for _, o := range []sosyal.Objective{sosyal.Traffic, sosyal.Awareness, sosyal.Leads} {
		r := in.Past[0]
		r.Objective, r.Clicks = o, campaign.Tally{Sum: 400, Rows: 1, Spend: r.Spend}
		in.Past = append(in.Past, r)
	}
	in.Aims = append(in.Aims, campaign.Aim{Objective: sosyal.Leads})
	proposals, err := campaign.Propose(in)
	require.NoError(t, err)
	assert.Equal(t, campaign.ModelLeadForm, proposals[3].Campaign.AdSets[0].Ads[0].Model)
	codes := map[string]bool{}
	for _, l := range []sosyal.Language{sosyal.Turkish, sosyal.English} {
		texts := sosyal.NewCatalogue(l, sosyal.StandardMessages(l), campaign.Messages(l))
		for _, p := range proposals {
			for _, r := range p.Reasons {
				codes[r.Code] = true
				assert.True(t, texts.Has(r.Code), "%s", r.Code)
				assert.NotContains(t, texts.Text(r), "{")
				for _, a := range r.Args {
					if a.Kind == sosyal.KindTerm {
						assert.True(t, texts.Has("term."+a.Value), "%s in %s", a.Value, l)
					}
				}
			}
		}
	}
	for _, code := range []string{"measured_roas", "measured_clicks", "measured_impressions", "measured_conversions"} {
		assert.True(t, codes["campaign.strategy."+code], code)
	}
}

func TestWhatCannotBeProposedIsRefused(t *testing.T) {
	in := plan(t)
	in.Networks = []sosyal.Network{sosyal.X}
	in.Aims = []campaign.Aim{{Objective: sosyal.CatalogSales}}
	_, err := campaign.Propose(in)
	assert.Equal(t, []string{"aims"}, fields(err), "X has no catalogue sales")

	in = plan(t)
	in.Total, in.Countries, in.Aims[0].Objective = sosyal.Money{}, nil, "fame"
	in.Segments[1].ID = in.Segments[0].ID
	_, err = campaign.Propose(in)
	assert.Equal(t, []string{"total", "aims[0].objective", "segments[1].id", "countries"}, fields(err))
}
