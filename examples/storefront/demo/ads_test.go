package demo_test

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal/examples/storefront/demo"
)

type channelDay struct {
	day                string
	spend, conversions float64
}

// channelDays sums the restated reports by channel and day.
func channelDays(t *testing.T, rows []row) map[string][]channelDay {
	t.Helper()
	last := map[string]row{}
	for _, r := range rows {
		key := r.at("day") + r.at("campaign") + r.at("adset") + r.at("ad")
		if last[key] == nil || last[key].at("reported_at") < r.at("reported_at") {
			last[key] = r
		}
	}
	sums := map[string]map[string]channelDay{}
	for _, r := range last {
		channel := strings.SplitN(r.at("campaign"), "_", 3)[2]
		if sums[channel] == nil {
			sums[channel] = map[string]channelDay{}
		}
		d := sums[channel][r.at("day")]
		d.day = r.at("day")
		d.spend += r.number(t, "spend")
		d.conversions += r.number(t, "conversions")
		sums[channel][r.at("day")] = d
	}
	list := map[string][]channelDay{}
	for channel, days := range sums {
		for _, d := range days {
			list[channel] = append(list[channel], d)
		}
		slices.SortFunc(list[channel], func(a, b channelDay) int {
			return cmp.Or(cmp.Compare(a.spend, b.spend), strings.Compare(a.day, b.day))
		})
	}
	return list
}

func hill(c demo.Channel, spend float64) float64 {
	p := math.Pow(spend, c.Shape)
	return c.Coefficient * p / (p + math.Pow(c.HalfSaturation, c.Shape))
}

// followsTheCurves compares conversions with the curves in thirds of the days by
// spend, and returns the elasticity between the outer thirds.
func followsTheCurves(t *testing.T, truth demo.Truth, rows []row, null bool) map[string]float64 {
	t.Helper()
	elasticities := map[string]float64{}
	byChannel := channelDays(t, rows)
	require.Len(t, byChannel, len(truth.Channels))
	for _, c := range truth.Channels {
		days := byChannel[c.ID]
		third := len(days) / 3
		var spent, found [3]float64
		for i := range 3 {
			expected := 0.0
			for _, d := range days[i*third : (i+1)*third] {
				spent[i] += d.spend
				found[i] += d.conversions / math.Pow(demand(t, truth, d.day), truth.DemandExponent)
				if null {
					expected += c.Flat
				} else {
					expected += hill(c, d.spend)
				}
			}
			// Weekly noise of 0.12 over some forty weeks, and counting.
			band := 4 * math.Sqrt(1/expected+0.12*0.12/40)
			assert.InDelta(t, 1, found[i]/expected, band, "%s, third %d", c.ID, i)
		}
		elasticities[c.ID] = math.Log(found[2]/found[0]) / math.Log(spent[2]/spent[0])
	}
	return elasticities
}

func TestReportsAreRestated(t *testing.T) {
	_, dir := world(t, demo.Options{Seed: 22, Scale: 0.5})
	first := map[string]row{}
	restated, later := 0, 0
	for _, r := range read(t, dir, "ads.csv") {
		key := r.at("day") + r.at("campaign") + r.at("adset") + r.at("ad")
		a, ok := first[key]
		if !ok {
			first[key] = r
			continue
		}
		restated++
		assert.Less(t, a.at("reported_at"), r.at("reported_at"))
		ratio := a.number(t, "spend") / r.number(t, "spend")
		assert.True(t, ratio > 0.95 && ratio <= 1)
		assert.LessOrEqual(t, a.number(t, "conversions"), r.number(t, "conversions"))
		if a.at("conversions") != r.at("conversions") {
			later++
		}
	}
	assert.Len(t, first, restated)
	assert.Positive(t, later)
}

func carriesTheCampaigns(t *testing.T, orders, ads []row) {
	t.Helper()
	conversions := 0.0
	for _, days := range channelDays(t, ads) {
		for _, d := range days {
			conversions += d.conversions
		}
	}
	marked := map[string]bool{}
	for _, r := range orders {
		if r.at("utm_medium") == "paid_social" || r.at("utm_medium") == "cpc" {
			marked[r.at("order_id")] = true
			if r.at("ordered_at")[:7] != r.at("utm_campaign")[:7] {
				t.Errorf("order %s carries another month's %s", r.at("order_id"), r.at("utm_campaign"))
			}
		}
	}
	assert.InDelta(t, 0.94, float64(len(marked))/conversions, 0.01)
}

func TestWeeksOfMetaCostNoMoreThanSevenDays(t *testing.T) {
	w, err := demo.New(demo.Options{Seed: 24, Scale: 0.05})
	require.NoError(t, err)
	first := w.End() + 8 // 2026-11-08 is not always a Sunday: move to one
	for first.Weekday() != 0 {
		first++
	}
	sum := 0.0
	for d := first; d < first+7; d++ {
		day, err := w.Day(d, nil, []demo.RunningAd{running("meta", "prospecting", "1000")})
		require.NoError(t, err)
		rows := parse(t, day.Ads)
		spend := rows[1].number(t, "spend")
		assert.LessOrEqual(t, spend, 1750.0)
		sum += spend
	}
	assert.LessOrEqual(t, sum, 7000.5)
	assert.Greater(t, sum, 6000.0)
}
