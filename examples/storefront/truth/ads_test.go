package truth_test

import (
	"math"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/campaign"
	"github.com/yukselenler/sosyal/examples/storefront/demo"
)

// naiveAds are the sums over the last reported row of each ad and day.
type naiveAds struct {
	spend, value                     decimal.Decimal
	impressions, clicks, conversions int64
	rows                             int
}

func (n *naiveAds) add(row map[string]string) {
	whole := func(column string) int64 { return decimal.RequireFromString(row[column]).IntPart() }
	n.spend = n.spend.Add(decimal.RequireFromString(row["spend"]))
	n.value = n.value.Add(decimal.RequireFromString(row["conversion_value"]))
	n.impressions += whole("impressions")
	n.clicks += whole("clicks")
	n.conversions += whole("conversions")
	n.rows++
}

func TestAdReportsAddUp(t *testing.T) {
	w := history(t, demo.Options{Seed: firstSeed, Scale: 0.3})
	type key struct{ day, platform, name, adset, ad string }
	last := map[key]map[string]string{}
	rows := w.table(t, "ads.csv")
	for _, row := range rows {
		k := key{row["day"], row["platform"], row["campaign"], row["adset"], row["ad"]}
		if before := last[k]; before == nil || row["reported_at"] >= before["reported_at"] {
			last[k] = row
		}
	}
	assert.Len(t, rows, 2*len(last), "every ad is reported twice")
	all, byCampaign, byPlatform := &naiveAds{}, map[string]*naiveAds{}, map[string]*naiveAds{}
	for _, row := range last {
		for m, name := range map[string]map[string]*naiveAds{row["campaign"]: byCampaign, row["platform"]: byPlatform} {
			if name[m] == nil {
				name[m] = &naiveAds{}
			}
			name[m].add(row)
		}
		all.add(row)
	}

	read := campaign.ReadAdReport(w.open(t, "ads.csv"), "ads.csv", sosyal.Mapping{})
	total, err := campaign.Summarize(read)
	require.NoError(t, err)
	require.Len(t, total, 1)
	agrees(t, *all, total[0])
	roas, _ := total[0].ROAS()
	cpa, _ := total[0].CPA()
	t.Logf("%d rows, %d held; spend %s, value %s, ROAS %s, CPA %s", len(rows), all.rows, total[0].Spend, total[0].Value.Sum, roas.Round(4), cpa)

	results, err := campaign.Summarize(campaign.ReadAdReport(w.open(t, "ads.csv"), "ads.csv", sosyal.Mapping{}), campaign.ByCampaign)
	require.NoError(t, err)
	require.Len(t, results, len(byCampaign))
	for _, r := range results {
		agrees(t, *byCampaign[r.Campaign], r)
	}
	results, err = campaign.Summarize(campaign.ReadAdReport(w.open(t, "ads.csv"), "ads.csv", sosyal.Mapping{}), campaign.ByPlatform)
	require.NoError(t, err)
	require.Len(t, results, len(byPlatform))
	for _, r := range results {
		agrees(t, *byPlatform[string(r.Platform)], r)
	}
}

// agrees compares sums exactly and ratios with those of the sums.
func agrees(t *testing.T, want naiveAds, got campaign.Result) {
	t.Helper()
	amount(t, want.spend, got.Spend, "spend of "+got.Campaign)
	amount(t, want.value, got.Value.Sum, "value of "+got.Campaign)
	assert.Equal(t, want.rows, got.Rows)
	assert.InDelta(t, float64(want.impressions), got.Impressions.Sum, 0)
	assert.InDelta(t, float64(want.clicks), got.Clicks.Sum, 0)
	assert.InDelta(t, float64(want.conversions), got.Conversions.Sum, 0)
	roas, ok := got.ROAS()
	require.True(t, ok)
	assert.InDelta(t, want.value.InexactFloat64()/want.spend.InexactFloat64(), roas.InexactFloat64(), 1e-9)
	ctr, ok := got.CTR()
	require.True(t, ok)
	assert.InDelta(t, float64(want.clicks)/float64(want.impressions), ctr, 1e-12)
	cpa, ok := got.CPA()
	assert.Equal(t, want.conversions > 0, ok)
	if ok {
		exact := want.spend.InexactFloat64() / float64(want.conversions)
		assert.LessOrEqual(t, math.Abs(exact-cpa.Float()), 0.005+1e-9, "to the kuruş")
	}
}
