package campaign_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/campaign"
)

func fields(err error) []string {
	var names []string
	for _, fe := range sosyal.FieldErrors(err) {
		names = append(names, fe.Field)
	}
	return names
}

func TestACompleteCampaignIsValidAndReady(t *testing.T) {
	c := sale()
	require.NoError(t, c.Validate())
	require.NoError(t, c.Ready())
	total, err := c.Total()
	require.NoError(t, err)
	assert.Equal(t, "15000.00 TRY", total.String(), "500 on each of 30 days")
}

func TestWhatIsWrongIsReportedAllAtOnce(t *testing.T) {
	c := sale()
	c.Zone, c.Brand = "Mars/Olympus", ""
	s := &c.AdSets[0]
	s.Spend = nil
	s.Targeting.Exclude = []sosyal.SegmentID{"at-risk"}
	s.Targeting.Countries = []string{"tr"}
	s.Targeting.AgeMin, s.Targeting.AgeMax = 40, 30
	s.Targeting.Lookalike = &campaign.Lookalike{Seed: "x", Share: 0.5}
	s.Period = sosyal.Month(2026, time.December)
	s.Ads = append(s.Ads, s.Ads[0])
	s.Ads[1].Creative.Media = []campaign.Media{{Ref: "x"}}
	assert.Equal(t, []string{
		"brand", "zone", "ad_sets[0].targeting.countries[0]", "ad_sets[0].targeting.exclude[0]",
		"ad_sets[0].targeting.lookalike.share", "ad_sets[0].targeting.age_max",
		"ad_sets[0].ads[1].creative.media[0]", "ad_sets[0].ads[1].id", "ad_sets[0].spend", "ad_sets[0].period",
	}, fields(c.Validate()))

	c = sale()
	c.AdSets[0].Ads[0].Creative = campaign.Creative{}
	c.AdSets[0].Ads[0].Link = sosyal.Link{}
	require.NoError(t, c.Validate(), "a draft may be unfinished")
	assert.Equal(t, []string{"ad_sets[0].ads[0].creative.texts", "ad_sets[0].ads[0].creative.media", "ad_sets[0].ads[0].link"}, fields(c.Ready()))
}

func TestLimitsAreOnOneLevel(t *testing.T) {
	c := sale()
	c.Spend = &campaign.SpendLimit{Per: campaign.Lifetime, Amount: lira("900.00")}
	assert.Equal(t, []string{"ad_sets[0].spend"}, fields(c.Validate()))
	c.AdSets[0].Spend = nil
	require.NoError(t, c.Validate())
	total, err := c.Total()
	require.NoError(t, err)
	assert.Equal(t, "900.00 TRY", total.String())

	two := sale()
	dollars, err := sosyal.NewMoney(decimal.NewFromInt(5), "USD")
	require.NoError(t, err)
	two.AdSets = append(two.AdSets, two.AdSets[0])
	two.AdSets[1].ID, two.AdSets[1].Spend = "s2", &campaign.SpendLimit{Per: campaign.Daily, Amount: dollars}
	assert.Equal(t, []string{"ad_sets[1].spend"}, fields(two.Validate()), "two currencies")
}

func TestTheDaysOfALifetimeLimitAddUpToIt(t *testing.T) {
	c := sale()
	c.AdSets[0].Spend = &campaign.SpendLimit{Per: campaign.Lifetime, Amount: lira("1000.00")}
	var sum sosyal.Money
	for d := c.Period.From - 2; d < c.Period.To+2; d++ {
		on, err := c.On(d)
		require.NoError(t, err)
		assert.Equal(t, "TRY", on.Currency())
		assert.Equal(t, c.Period.Contains(d), on.Sign() > 0, "%s", d)
		sum, err = sum.Add(on)
		require.NoError(t, err)
	}
	assert.Equal(t, "1000.00 TRY", sum.String())
}

func TestACampaignRoundTripsThroughJSON(t *testing.T) {
	c := sale()
	bid, err := campaign.CostCap(lira("85.50"))
	require.NoError(t, err)
	c.AdSets[0].Bid = bid
	c.AdSets[0].Frequency = &campaign.FrequencyCap{Impressions: 3, Days: 7}
	c.AdSets[0].Ads[0].Creative.Rights = sosyal.Month(2026, time.November)
	data, err := json.Marshal(c)
	require.NoError(t, err)
	var back campaign.Campaign
	require.NoError(t, json.Unmarshal(data, &back))
	assert.Equal(t, c.ContentHash(), back.ContentHash())
	again, err := json.Marshal(back)
	require.NoError(t, err)
	assert.Equal(t, string(data), string(again))
	assert.NotContains(t, string(data), "Period")
}

func TestABidHoldsWhatItNeedsAndNothingElse(t *testing.T) {
	roas, err := campaign.MinROAS(decimal.RequireFromString("2.5"))
	require.NoError(t, err)
	limit, err := campaign.BidCap(lira("3.00"))
	require.NoError(t, err)
	for _, b := range []campaign.Bid{{}, campaign.LowestCost(), campaign.HighestValue(), roas, limit} {
		data, err := json.Marshal(b)
		require.NoError(t, err)
		var back campaign.Bid
		require.NoError(t, json.Unmarshal(data, &back))
		again, err := json.Marshal(back)
		require.NoError(t, err)
		assert.JSONEq(t, string(data), string(again))
		assert.Equal(t, b.Kind(), back.Kind())
	}
	for _, text := range []string{
		`{"kind":"cost_cap"}`, `{"kind":"cost_cap","amount":{"amount":"-1","currency":"TRY"}}`, `{"kind":"min_roas"}`,
		`{"kind":"min_roas","roas":"0"}`, `{"kind":"lowest_cost","amount":{"amount":"1","currency":"TRY"}}`,
		`{"kind":"min_roas","roas":"2","amount":{"amount":"1","currency":"TRY"}}`, `{"kind":"free"}`, `7`,
	} {
		var b campaign.Bid
		require.ErrorIs(t, json.Unmarshal([]byte(text), &b), sosyal.ErrInvalid, text)
	}
	_, err = campaign.MinROAS(decimal.Zero)
	require.ErrorIs(t, err, sosyal.ErrInvalid)
}

func TestEveryApprovedFieldIsPartOfTheHash(t *testing.T) {
	before := sale().ContentHash()
	roas, err := campaign.MinROAS(decimal.NewFromInt(2))
	require.NoError(t, err)
	changes := map[string]func(*campaign.Campaign){
		"account":     func(c *campaign.Campaign) { c.Account = "act_2" },
		"platform":    func(c *campaign.Campaign) { c.Platform = campaign.TikTok },
		"name":        func(c *campaign.Campaign) { c.Name = "x" },
		"objective":   func(c *campaign.Campaign) { c.Objective = sosyal.Traffic },
		"period":      func(c *campaign.Campaign) { c.Period.To++ },
		"zone":        func(c *campaign.Campaign) { c.Zone = "UTC" },
		"category":    func(c *campaign.Campaign) { c.SpecialCategories = []string{"CREDIT"} },
		"attribution": func(c *campaign.Campaign) { c.Attribution.ViewDays = 0 },
		"set removed": func(c *campaign.Campaign) { c.AdSets = nil },
		"set name":    func(c *campaign.Campaign) { c.AdSets[0].Name = "x" },
		"goal":        func(c *campaign.Campaign) { c.AdSets[0].Goal = campaign.GoalReach },
		"billing":     func(c *campaign.Campaign) { c.AdSets[0].Billing = campaign.BillLinkClick },
		"bid":         func(c *campaign.Campaign) { c.AdSets[0].Bid = roas },
		"spend":       func(c *campaign.Campaign) { c.AdSets[0].Spend.Amount = lira("501.00") },
		"spend kind":  func(c *campaign.Campaign) { c.AdSets[0].Spend.Per = campaign.Lifetime },
		"set period":  func(c *campaign.Campaign) { c.AdSets[0].Period = sosyal.Month(2026, time.November) },
		"placements":  func(c *campaign.Campaign) { c.AdSets[0].Placements = []string{"instagram"} },
		"include":     func(c *campaign.Campaign) { c.AdSets[0].Targeting.Include = nil },
		"exclude":     func(c *campaign.Campaign) { c.AdSets[0].Targeting.Exclude = []sosyal.SegmentID{"x"} },
		"lookalike": func(c *campaign.Campaign) {
			c.AdSets[0].Targeting.Lookalike = &campaign.Lookalike{Seed: "x", Share: 0.1}
		},
		"countries":  func(c *campaign.Campaign) { c.AdSets[0].Targeting.Countries = []string{"DE"} },
		"age":        func(c *campaign.Campaign) { c.AdSets[0].Targeting.AgeMin = 18 },
		"gender":     func(c *campaign.Campaign) { c.AdSets[0].Targeting.Genders = []campaign.Gender{campaign.Female} },
		"interests":  func(c *campaign.Campaign) { c.AdSets[0].Targeting.Interests = []string{"cilt bakımı"} },
		"frequency":  func(c *campaign.Campaign) { c.AdSets[0].Frequency = &campaign.FrequencyCap{Impressions: 1, Days: 1} },
		"pixel":      func(c *campaign.Campaign) { c.AdSets[0].PromotedObject = "px" },
		"ad name":    func(c *campaign.Campaign) { c.AdSets[0].Ads[0].Name = "x" },
		"model":      func(c *campaign.Campaign) { c.AdSets[0].Ads[0].Model = campaign.ModelBoost },
		"format":     func(c *campaign.Campaign) { c.AdSets[0].Ads[0].Format = sosyal.FormatPhoto },
		"text":       func(c *campaign.Campaign) { c.AdSets[0].Ads[0].Creative.Texts = []string{"x"} },
		"headline":   func(c *campaign.Campaign) { c.AdSets[0].Ads[0].Creative.Headlines = []string{"x"} },
		"media":      func(c *campaign.Campaign) { c.AdSets[0].Ads[0].Creative.Media[0].Ref = "x" },
		"seconds":    func(c *campaign.Campaign) { c.AdSets[0].Ads[0].Creative.Media[0].Seconds = 13 },
		"disclosure": func(c *campaign.Campaign) { c.AdSets[0].Ads[0].Creative.Disclosure = "Reklam" },
		"button":     func(c *campaign.Campaign) { c.AdSets[0].Ads[0].Creative.CallToAction = "SHOP_NOW" },
		"rights":     func(c *campaign.Campaign) { c.AdSets[0].Ads[0].Creative.Rights = sosyal.Month(2026, time.November) },
		"link":       func(c *campaign.Campaign) { c.AdSets[0].Ads[0].Link.URL = "https://other.example/" },
		"products":   func(c *campaign.Campaign) { c.AdSets[0].Ads[0].Products = nil },
	}
	seen := map[sosyal.ContentHash]string{before: "unchanged"}
	for name, change := range changes {
		c := sale()
		change(&c)
		hash := c.ContentHash()
		assert.Empty(t, seen[hash], "%s", name)
		seen[hash] = name
	}
	c := sale()
	c.State, c.Version, c.ID = campaign.Active, 9, "other"
	assert.Equal(t, before, c.ContentHash(), "neither state nor version nor id")
}

func TestNamesParseBack(t *testing.T) {
	n := campaign.Name{Year: 2026, Month: time.November, Objective: sosyal.CatalogSales, Platform: campaign.Meta, Audience: "sepet-7g"}
	require.NoError(t, n.Validate())
	assert.Equal(t, "2026-11_catalog-sales_meta_sepet-7g", n.String())
	back, err := campaign.ParseName(n.String())
	require.NoError(t, err)
	assert.Equal(t, n, back)
	for _, text := range []string{"", "2026-11_sales_meta", "2026-13_sales_meta_x", "2026-11_Sales_meta_x", "2026-11_sales_meta_", "2026-11_sales_meta_a--b", "2026-1_sales_meta_x", "2026-11_sales_meta_x_y"} {
		_, err := campaign.ParseName(text)
		require.ErrorIs(t, err, sosyal.ErrInvalid, text)
	}
}

func TestSlugs(t *testing.T) {
	for text, want := range map[string]string{
		"Sadık Müşteriler": "sadik-musteriler", "İLGİ: Cilt & Saç": "ilgi-cilt-sac", "ÇĞÖŞÜ ığ": "cgosu-ig",
		"--": "x", "": "x", "a_b": "a-b", "日本": "x", "%50 indirim!": "50-indirim",
	} {
		assert.Equal(t, want, campaign.Slug(text))
	}
}

func FuzzParseName(f *testing.F) {
	f.Add("2026-11_sales_meta_retargeting")
	f.Add("2026-11_video-views_x_a-b-c")
	f.Fuzz(func(t *testing.T, text string) {
		if n, err := campaign.ParseName(text); err == nil {
			require.NoError(t, n.Validate())
			require.Equal(t, text, n.String())
		}
		n := campaign.Name{Year: 2026, Month: time.May, Objective: sosyal.Sales, Platform: campaign.X, Audience: campaign.Slug(text)}
		require.NoError(t, n.Validate())
		back, err := campaign.ParseName(n.String())
		require.NoError(t, err)
		require.Equal(t, n, back)
	})
}

func TestAnAdWithoutAnythingToSellMustNotRun(t *testing.T) {
	none, some := 0, 3
	stock := map[sosyal.ProductID]*int{"krem-30": &none, "serum": &some, "parfum": nil}
	products := func(id sosyal.ProductID) (sosyal.Product, bool) {
		s, ok := stock[id]
		return sosyal.Product{ID: id, Stock: s}, ok
	}
	c := sale()
	gate := campaign.Gate{Facts: facts(t)}
	now := time.Date(2026, time.November, 10, 9, 0, 0, 0, time.UTC)
	key := campaign.AdKey{AdSet: "s1", Ad: "a1"}
	for name, tc := range map[string]struct {
		products []sosyal.ProductID
		rights   sosyal.Period
		codes    string
	}{
		"out of stock":            {[]sosyal.ProductID{"krem-30"}, sosyal.Period{}, "campaign.blocked.stock"},
		"gone":                    {[]sosyal.ProductID{"unknown"}, sosyal.Period{}, "campaign.blocked.stock"},
		"one of two is left":      {[]sosyal.ProductID{"krem-30", "serum"}, sosyal.Period{}, ""},
		"the shop does not count": {[]sosyal.ProductID{"parfum"}, sosyal.Period{}, ""},
		"about no product":        {nil, sosyal.Period{}, ""},
		"rights are over":         {nil, sosyal.Month(2026, time.October), "campaign.blocked.rights"},
		"rights hold":             {nil, sosyal.Month(2026, time.November), ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := c
			c.AdSets = []campaign.AdSet{c.AdSets[0]}
			c.AdSets[0].Ads = []campaign.Ad{c.AdSets[0].Ads[0]}
			c.AdSets[0].Ads[0].Products = tc.products
			c.AdSets[0].Ads[0].Creative.Rights = tc.rights
			blocked, err := c.BlockedAds(gate, products, now)
			require.NoError(t, err)
			var codes []string
			for _, r := range blocked[key] {
				codes = append(codes, r.Code)
			}
			assert.Equal(t, tc.codes, strings.Join(codes, ","))
		})
	}
	gate.Holds = sosyal.Holds{{ID: "h", Brand: "lale", Scope: sosyal.HoldScope{Product: "serum"}, Reason: "recall", By: "ayla"}}
	c.AdSets[0].Ads[0].Products = []sosyal.ProductID{"serum"}
	blocked, err := c.BlockedAds(gate, products, now)
	require.NoError(t, err)
	assert.Equal(t, "hold.open", blocked[key][0].Code)
}
