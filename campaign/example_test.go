package campaign_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/campaign"
)

func lira(amount string) sosyal.Money {
	m, err := sosyal.NewMoney(decimal.RequireFromString(amount), "TRY")
	if err != nil {
		panic(err)
	}
	return m
}

// Last month's report becomes the evidence of this month's proposal.
func ExamplePropose() {
	report := "day,platform,campaign,adset,ad,objective,currency,spend,impressions,reach,clicks,conversions,conversion_value,reported_at\n" +
		"2026-10-30,meta,2026-10_sales_meta_all,genis,video-a,sales,TRY,9000.00,150000,90000,1800,60,31500.00,2026-10-31 06:00:00\n" +
		"2026-10-30,tiktok,2026-10_sales_tiktok_all,genis,video-a,sales,TRY,4000.00,120000,80000,900,40,26000.00,2026-10-31 06:00:00\n"
	past, err := campaign.Summarize(campaign.ReadAdReport(strings.NewReader(report), "ads.csv", sosyal.Mapping{}),
		campaign.ByPlatform, campaign.ByObjective)
	if err != nil {
		fmt.Println(err)
		return
	}
	facts, err := campaign.StandardFacts()
	if err != nil {
		fmt.Println(err)
		return
	}
	proposals, err := campaign.Propose(campaign.StrategyInput{
		Brand: "lale", Period: sosyal.Month(2026, time.November), Zone: "Europe/Istanbul", Total: lira("30000.00"),
		Aims: []campaign.Aim{{Goal: "kasım satışı", Objective: sosyal.Sales, Link: sosyal.Link{URL: "https://lale.example/kasim"}}},
		Segments: []campaign.Segment{
			{ID: "champions", Name: "Şampiyonlar", Size: 1200, RevenueShare: 0.41, Kind: campaign.Champions},
			{ID: "at-risk", Name: "Risk altındakiler", Size: 3400, RevenueShare: 0.18, Kind: campaign.AtRisk},
			{ID: "new", Name: "Yeni müşteriler", Size: 300, RevenueShare: 0.02, Kind: campaign.NewBuyers},
		},
		Networks: []sosyal.Network{sosyal.Instagram, sosyal.TikTok}, Countries: []string{"TR"}, Past: past, Facts: facts,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	texts := sosyal.NewCatalogue(sosyal.English, sosyal.StandardMessages(sosyal.English), campaign.Messages(sosyal.English))
	for _, p := range proposals {
		fmt.Println(p.Campaign.Name)
		for _, line := range texts.Texts(p.Reasons) {
			fmt.Println("-", strings.ReplaceAll(line, "\u00a0", " "))
		}
		fmt.Println(p.Campaign.AdSets[0].Ads[0].Link)
	}
	// Output:
	// 2026-11_sales_tiktok_all
	// - One campaign for sales (bottom of the funnel), serving 1 goal
	// - TikTok for sales so far: a return of 6.50 on TRY 4,000.00 spent, over 40 conversions
	// - Its part of the money: TRY 30,000.00 of TRY 30,000.00 (100.0%)
	// - “Yeni müşteriler” is too small for TikTok: 300 people, at least 1,000 are needed
	// - People who know the shop: TRY 12,000.00
	// - Shown to “Risk altındakiler”: 3,400 people, 18.0% of revenue
	// - New people: TRY 18,000.00
	// - Shown to the 1% of people most like “Şampiyonlar” (1,200 people, 41.0% of revenue)
	// - Not shown to 4,600 people in 2 segments who are customers or are spoken to elsewhere
	// - video on TikTok, a format that suits sales
	// https://lale.example/kasim?utm_source=tiktok&utm_medium=paid_social&utm_campaign=2026-11_sales_tiktok_all&utm_content=retargeting-video
}

// A cost cap without an amount cannot be built.
func ExampleCostCap() {
	_, err := campaign.CostCap(sosyal.Money{})
	fmt.Println(err)
	bid, _ := campaign.CostCap(lira("85.00"))
	data, _ := bid.MarshalJSON()
	fmt.Println(string(data))
	// Output:
	// amount: must be positive (got "0")
	// {"kind":"cost_cap","amount":{"amount":"85","currency":"TRY"}}
}

// Names carry month, objective, platform and audience and parse back.
func ExampleParseName() {
	n, err := campaign.ParseName("2026-11_video-views_meta_" + campaign.Slug("Sadık Müşteriler"))
	fmt.Println(n.Objective, n.Platform, n.Audience, err)
	fmt.Println(n)
	// Output:
	// video_views meta sadik-musteriler <nil>
	// 2026-11_video-views_meta_sadik-musteriler
}

// A report becomes results; what was restated counts once, and a figure that was
// not reported is absent.
func ExampleSummarize() {
	report := "Gün;Kampanya Adı;Harcanan Tutar (TRY);Gösterim;Bağlantı Tıklamaları;Alışverişler;Alışveriş Dönüşüm Değeri\n" +
		"03.11.2026;2026-11_sales_meta_all;1.250,50;40.120;512;9;6.480,00\n" +
		"04.11.2026;2026-11_sales_meta_all;980,00;31.400;402;;\n" +
		"Toplam;;2.230,50;71.520;914;9;6.480,00\n"
	results, err := campaign.Summarize(campaign.ReadAdReport(strings.NewReader(report), "meta.csv", sosyal.Mapping{}), campaign.ByCampaign)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range results {
		roas, _ := r.ROAS()
		cpa, _ := r.CPA()
		ctr, _ := r.CTR()
		fmt.Println(r.Campaign, r.Period, r.Spend)
		fmt.Printf("ROAS %s, CPA %s, CTR %.2f%%\n", roas.StringFixed(2), cpa, 100*ctr)
	}
	// Output:
	// 2026-11_sales_meta_all 2026-11-03/2026-11-05 2230.50 TRY
	// ROAS 5.18, CPA 138.94 TRY, CTR 1.28%
}

// Content that was changed after its approval does not go live.
func ExampleCampaign_Move() {
	c := sale()
	now := time.Date(2026, time.October, 20, 9, 0, 0, 0, time.UTC)
	author := sosyal.Actor{ID: "elif", Party: sosyal.PartyClient}
	manager := sosyal.Actor{ID: "ayla", Roles: []sosyal.Role{sosyal.RoleManager}, Party: sosyal.PartyClient}
	content, err := sosyal.NewApproval(
		sosyal.ApprovalPolicy{Steps: []sosyal.ApprovalStep{{Name: "management", Roles: []sosyal.Role{sosyal.RoleManager}}}},
		sosyal.ApprovalRequest{Brand: c.Brand, Subject: "campaign/" + string(c.ID), By: author, Hash: c.ContentHash()}, now)
	if err != nil {
		fmt.Println(err)
		return
	}
	gate := campaign.Gate{Content: content}
	c, err = c.Move(campaign.InReview, gate, now)
	fmt.Println(c.State, err)
	gate.Content, err = content.Decide(sosyal.Decision{By: manager, Verdict: sosyal.VerdictApprove, Hash: c.ContentHash()}, now)
	fmt.Println(gate.Content.State(now), err)

	edited := c
	edited.Period.To++
	_, err = edited.Move(campaign.Approved, gate, now)
	fmt.Println(err)
	c, err = c.Move(campaign.Approved, gate, now)
	fmt.Println(c.State, err)
	_, err = c.Move(campaign.Scheduled, gate, now)
	fmt.Println(sosyal.FieldErrors(err)[0])
	// Output:
	// in_review <nil>
	// approved <nil>
	// content: must not have changed since it was approved
	// approved <nil>
	// money: must be approved
}
