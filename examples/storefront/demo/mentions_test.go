package demo_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal/examples/storefront/demo"
)

func hasVolumesAndMoods(t *testing.T, dir string, truth demo.Truth, null bool) {
	t.Helper()
	moods := map[string]row{}
	for _, r := range read(t, dir, "mentions_truth.csv") {
		moods[r.at("mention_id")] = r
	}
	perDay, negative := map[string]map[string]float64{}, map[string]float64{}
	hours := map[int]float64{}
	turkish, waves := 0, 0
	rows := read(t, dir, "mentions.csv")
	require.Len(t, moods, len(rows))
	for _, r := range rows {
		m := moods[r.at("mention_id")]
		require.NotNil(t, m)
		if m.at("wave") != "" {
			waves++
			continue
		}
		if perDay[r.at("about")] == nil {
			perDay[r.at("about")] = map[string]float64{}
		}
		perDay[r.at("about")][r.at("at")[:10]]++
		hours[r.time(t, "at").Hour()]++
		if m.at("sentiment") == "negative" {
			negative[r.at("about")]++
		}
		if strings.ContainsAny(r.at("text"), "çğışöüÇĞİŞÖÜ") {
			turkish++
		}
	}
	for _, b := range truth.Brands {
		var counts []float64
		sum := 0.0
		for d, _ := time.Parse(time.DateOnly, truth.Start); d.Format(time.DateOnly) < truth.End; d = d.AddDate(0, 0, 1) {
			n := perDay[b.ID][d.Format(time.DateOnly)]
			counts = append(counts, n)
			sum += n
		}
		variance := b.Mentions + b.Mentions*b.Mentions/truth.MentionShape
		assert.InDelta(t, b.Mentions, mean(counts), 4*spread(counts)/23.4, b.ID)
		assert.InDelta(t, 1, spread(counts)*spread(counts)/variance, 0.3, b.ID)
		assert.InDelta(t, b.Moods["negative"], negative[b.ID]/sum, 0.03, b.ID)
	}
	assert.Greater(t, hours[21], 5*hours[4], "a daily rhythm")
	assert.Greater(t, turkish, len(rows)/2)
	assert.Equal(t, null, waves == 0)
}

// hasACrisis that rises within a day and decays over the next two.
func hasACrisis(t *testing.T, dir string, truth demo.Truth) {
	t.Helper()
	require.Len(t, truth.Waves, 2)
	crisis := truth.Waves[0]
	require.False(t, crisis.Played)
	assert.Equal(t, "2026-06", crisis.From[:7], "the fourteenth month")
	from, err := time.Parse(time.DateTime, crisis.From)
	require.NoError(t, err)
	moods := map[string]string{}
	for _, r := range read(t, dir, "mentions_truth.csv") {
		moods[r.at("mention_id")] = r.at("sentiment")
	}
	var all, negative [6]float64 // by days since the start of the crisis, the last for the days before
	for _, r := range read(t, dir, "mentions.csv") {
		if r.at("about") != "zerise" {
			continue
		}
		days := int(r.time(t, "at").Sub(from).Hours()+24*100) / 24
		slot := 5
		switch {
		case days >= 100 && days < 105:
			slot = days - 100
		case days < 70 || days >= 100:
			continue
		}
		all[slot]++
		if moods[r.at("mention_id")] == "negative" {
			negative[slot]++
		}
	}
	usual := all[5] / 30
	assert.Greater(t, all[0], 4*usual, "the first day")
	assert.Greater(t, all[0], all[1])
	assert.Greater(t, all[1], all[2])
	assert.Less(t, all[4], 2.5*usual, "back to what is usual")
	assert.Greater(t, negative[0]/all[0], 0.6)
	assert.Less(t, negative[5]/all[5], 0.25)
}

func TestPlayedWaveComesOnTheTwentiethDay(t *testing.T) {
	count := func(null bool) (wave int) {
		w, err := demo.New(demo.Options{Seed: 33, Scale: 0.5, Null: null})
		require.NoError(t, err)
		for d := w.End() + 19; d < w.End()+21; d++ {
			day, err := w.Day(d, nil, nil)
			require.NoError(t, err)
			for _, r := range parse(t, day.MentionsTruth) {
				if r.at("wave") == "delivery" {
					wave++
				}
			}
		}
		return wave
	}
	assert.Greater(t, count(false), 10)
	assert.Zero(t, count(true))
}
