package campaign_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/campaign"
	"github.com/yukselenler/sosyal/sosyaltest"
)

// The cross-network table of the fact sheet, typed in by hand.
func TestObjectivesAreCalledWhatThePlatformsCallThem(t *testing.T) {
	want := map[campaign.Platform]string{
		campaign.Meta:      "OUTCOME_AWARENESS OUTCOME_ENGAGEMENT OUTCOME_ENGAGEMENT OUTCOME_TRAFFIC OUTCOME_LEADS OUTCOME_APP_PROMOTION OUTCOME_SALES OUTCOME_SALES",
		campaign.TikTok:    "REACH VIDEO_VIEWS ENGAGEMENT TRAFFIC LEAD_GENERATION APP_PROMOTION WEB_CONVERSIONS PRODUCT_SALES",
		campaign.LinkedIn:  "BRAND_AWARENESS VIDEO_VIEW ENGAGEMENT WEBSITE_VISIT LEAD_GENERATION - WEBSITE_CONVERSION -",
		campaign.Pinterest: "AWARENESS VIDEO_COMPLETION CONSIDERATION CONSIDERATION WEB_CONVERSION - WEB_CONVERSION CATALOG_SALES",
		campaign.Google:    "DEMAND_GEN DEMAND_GEN - DEMAND_GEN DEMAND_GEN MULTI_CHANNEL DEMAND_GEN DEMAND_GEN",
		campaign.X:         "REACH VIDEO_VIEWS ENGAGEMENTS WEBSITE_CLICKS LEAD_GENERATION APP_INSTALLS WEBSITE_CONVERSIONS -",
	}
	f := facts(t)
	assert.Equal(t, slices.Sorted(maps.Keys(want)), slices.Sorted(slices.Values(f.Platforms())))
	for platform, names := range want {
		for i, name := range strings.Fields(names) {
			c := sale()
			c.Platform, c.Objective = platform, sosyal.Objectives()[i]
			native, err := f.Native(c, campaign.AdSet{})
			if name == "-" {
				require.ErrorIs(t, err, sosyal.ErrUnsupported, "%s %s", platform, c.Objective)
				continue
			}
			require.NoError(t, err)
			assert.Equal(t, name, native.Objective, "%s %s", platform, c.Objective)
		}
	}
	video := sale()
	video.Objective = sosyal.VideoViews
	native, err := f.Native(video, campaign.AdSet{})
	require.NoError(t, err)
	assert.Equal(t, "THRUPLAY", native.Goal, "an engagement campaign for views")
}

func TestListsHaveTheLengthsOfTheSources(t *testing.T) {
	f := facts(t)
	meta, _ := f.Platform(campaign.Meta)
	assert.Len(t, append(meta.Objectives, meta.LegacyObjectives...), 21)
	assert.Len(t, meta.Goals, 32)
	assert.Len(t, meta.Billing, 11)
	assert.Len(t, meta.Bids, 4)
	tiktok, _ := f.Platform(campaign.TikTok)
	assert.Len(t, tiktok.Goals, 28)
	assert.Len(t, tiktok.Billing, 6)
	for _, name := range f.Platforms() {
		p, _ := f.Platform(name)
		assert.NotEmpty(t, p.Source, name)
		assert.Positive(t, int(p.AsOf), name)
		assert.NotEmpty(t, p.Networks, name)
		assert.NotEmpty(t, p.UTM.Source, name)
	}
}

func TestAValueThatThePlatformDoesNotListIsRefused(t *testing.T) {
	f := facts(t)
	c := sale()
	c.AdSets[0].Goal = campaign.OwnGoal("QUALITY_LEAD")
	_, err := f.Check(c)
	require.NoError(t, err, "one of its own")
	c.AdSets[0].Goal = campaign.OwnGoal("TWO_SECOND_CONTINUOUS_VIDEO_VIEWS")
	c.AdSets[0].Placements = []string{"billboard"}
	c.SpecialCategories = []string{"WEAPONS"}
	_, err = f.Check(c)
	assert.Equal(t, []string{"special_categories[0]", "ad_sets[0].goal", "ad_sets[0].placements[0]"}, fields(err))

	c = sale()
	c.AdSets[0].Goal = "happiness"
	_, err = f.Check(c)
	require.ErrorIs(t, err, sosyal.ErrUnsupported)
	c = sale()
	c.Platform = "myspace"
	_, err = f.Check(c)
	require.ErrorIs(t, err, sosyal.ErrUnsupported)
	c = sale()
	c.Platform = campaign.LinkedIn
	c.AdSets[0].Billing = ""
	bid, err := campaign.MinROAS(decimal.NewFromInt(2))
	require.NoError(t, err)
	c.AdSets[0].Bid = bid
	_, err = f.Check(c)
	require.ErrorIs(t, err, sosyal.ErrUnsupported)
}

func TestAPairThatIsNotListedIsAWarning(t *testing.T) {
	f := facts(t)
	c := sale()
	warnings, err := f.Check(c)
	require.NoError(t, err)
	assert.Empty(t, warnings)
	c.AdSets[0].Goal = campaign.GoalReach
	warnings, err = f.Check(c)
	require.NoError(t, err)
	require.Len(t, warnings, 1)
	english := sosyal.NewCatalogue(sosyal.English, campaign.Messages(sosyal.English))
	assert.Equal(t, "retargeting: OUTCOME_SALES with REACH is not listed for Meta as of 1 August 2026; it may be refused", english.Text(warnings[0]))

	c.AdSets[0].Goal, c.AdSets[0].Billing = campaign.GoalConversions, campaign.BillLinkClick
	warnings, err = f.Check(c)
	require.NoError(t, err)
	assert.Len(t, warnings, 1, "paying per click asks for clicks as the goal")
}

func TestFrequencyCapsFollowThePlatform(t *testing.T) {
	f := facts(t)
	c := sale()
	c.AdSets[0].Frequency = &campaign.FrequencyCap{Impressions: 3, Days: 7}
	_, err := f.Check(c)
	assert.Equal(t, []string{"ad_sets[0].frequency"}, fields(err), "conversions cannot be capped")

	c.Platform, c.Objective = campaign.TikTok, sosyal.Awareness
	c.AdSets[0].Goal = campaign.GoalReach
	_, err = f.Check(c)
	require.NoError(t, err)
	c.AdSets[0].Frequency = &campaign.FrequencyCap{Impressions: 28, Days: 9}
	_, err = f.Check(c)
	assert.Equal(t, []string{"ad_sets[0].frequency.days", "ad_sets[0].frequency.impressions"}, fields(err))
}

func TestAmountsAreWrittenAsEachPlatformWantsThem(t *testing.T) {
	f := facts(t)
	for _, c := range []struct {
		platform         campaign.Platform
		amount, currency string
		want             string
	}{
		{campaign.Meta, "12.50", "TRY", "1250"},
		{campaign.Meta, "1000", "HUF", "1000"}, // two decimals in ISO 4217, none here
		{campaign.Meta, "1000", "JPY", "1000"},
		{campaign.Meta, "1.250", "KWD", "125"}, // three decimals in ISO 4217, two here
		{campaign.TikTok, "12.50", "TRY", "12.5"},
		{campaign.Google, "12.50", "TRY", "12500000"},
		{campaign.X, "0.000001", "TRY", "1"},
		{campaign.Pinterest, "1000", "JPY", "1000000000"},
	} {
		p, ok := f.Platform(c.platform)
		require.True(t, ok)
		m, err := sosyal.NewMoney(decimal.RequireFromString(c.amount), c.currency)
		require.NoError(t, err)
		got, err := p.Amounts.Encode(m)
		require.NoError(t, err)
		assert.Equal(t, c.want, got, "%s %s", c.platform, m)
		back, err := p.Amounts.Decode(got, c.currency)
		require.NoError(t, err)
		assert.True(t, m.Equal(back), "%s and back: %s", m, back)
	}
	meta, _ := f.Platform(campaign.Meta)
	for _, bad := range []string{"12.505", "-1"} {
		m, err := sosyal.NewMoney(decimal.RequireFromString(bad), "TRY")
		require.NoError(t, err)
		_, err = meta.Amounts.Encode(m)
		require.ErrorIs(t, err, sosyal.ErrInvalid, bad)
	}
	_, err := meta.Amounts.Decode("12.5", "TRY")
	require.ErrorIs(t, err, sosyal.ErrInvalid)
}

func TestFactsThatContradictThemselvesAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"empty":           `{}`,
		"unknown key":     `{"platfroms":[]}`,
		"no such day":     `{"platforms":[{"platform":"p","source":"s","as_of":"2026-02-30","objectives":["A"],"amounts":{"unit":"decimal"}}]}`,
		"not in the list": `{"platforms":[{"platform":"p","source":"s","as_of":"2026-02-01","objectives":["A"],"neutral_objectives":{"sales":{"objective":"B"}},"amounts":{"unit":"decimal"},"recommended":{"formats":{"sales":["photo"]}}}]}`,
		"no unit":         `{"platforms":[{"platform":"p","source":"s","as_of":"2026-02-01","objectives":["A"],"amounts":{}}]}`,
		"no source":       `{"platforms":[{"platform":"p","as_of":"2026-02-01","objectives":["A"],"amounts":{"unit":"decimal"}}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := campaign.ReadFacts(strings.NewReader(text))
			require.ErrorIs(t, err, sosyal.ErrInvalid)
		})
	}
	_, err := campaign.ReadFacts(strings.NewReader(`{"platforms":[{"platform":"p","source":"s","as_of":"2026-02-01","objectives":["A"],"amounts":{"unit":"decimal"}}]}`))
	require.NoError(t, err)
}

func TestOldFactsAreWarnedOf(t *testing.T) {
	f := facts(t)
	meta, _ := f.Platform(campaign.Meta)
	assert.Empty(t, f.Stale(meta.AsOf+campaign.FreshDays))
	warnings := f.Stale(meta.AsOf + campaign.FreshDays + 1)
	require.Len(t, warnings, len(f.Platforms()))
	turkish := sosyal.NewCatalogue(sosyal.Turkish, campaign.Messages(sosyal.Turkish))
	assert.Equal(t, "Meta hakkındaki bilgiler 1 Ağustos 2026 tarihli, 181 günlük; güvenmeden önce kontrol edin", turkish.Text(warnings[0]))
}

func TestBothLanguagesSayTheSame(t *testing.T) {
	en, tr := campaign.Messages(sosyal.English), campaign.Messages(sosyal.Turkish)
	assert.NoError(t, sosyaltest.CheckMessages(en, tr))
	for code := range en {
		assert.True(t, strings.HasPrefix(code, "campaign.") || strings.HasPrefix(code, "term."), code)
	}
	assert.Nil(t, campaign.Messages("de"))
}
