package demo_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal/examples/storefront/demo"
)

// measured is a post with the log of its last known rate.
type measured struct {
	row
	rate  float64
	hours float64
	month float64
	level float64 // of the network in this world, by its truth
}

// engagement reads the posts that are at least a week old at the end.
func engagement(t *testing.T, dir string, truth demo.Truth) []measured {
	t.Helper()
	last := map[string]map[string]float64{}
	for _, r := range read(t, dir, "snapshots.csv") {
		if last[r.at("post_id")] == nil {
			last[r.at("post_id")] = map[string]float64{}
		}
		last[r.at("post_id")][r.at("metric")] = r.number(t, "value")
	}
	denominators, levels := map[string]string{}, map[string]float64{}
	for _, n := range truth.Engagement.Networks {
		denominators[n.Network], levels[n.Network] = n.Denominator, n.LogRate
	}
	start, err := time.Parse(time.DateOnly, truth.Start)
	require.NoError(t, err)
	var list []measured
	for _, r := range read(t, dir, "posts.csv") {
		at := r.time(t, "published_at")
		v := last[r.at("post_id")]
		exposure := v[denominators[r.at("network")]]
		if exposure == 0 || at.Format("2006-01-02") > "2026-10-24" {
			continue
		}
		sum := v["likes"] + v["comments"] + v["shares"] + v["saves"]
		list = append(list, measured{
			row: r, rate: math.Log((sum + 0.5) / exposure),
			hours: float64(at.Hour()) + float64(at.Minute())/60,
			month: math.Floor(at.Sub(start).Hours()/24) / 30.4375,
			level: levels[r.at("network")],
		})
	}
	return list
}

// seeds gathers the posts of several worlds.
func seeds(t *testing.T, null bool) ([]measured, demo.Truth) {
	t.Helper()
	var list []measured
	var truth demo.Truth
	for seed := range uint64(8) {
		_, dir := world(t, demo.Options{Seed: 100 + seed, Scale: 0.01, Null: null})
		truth = readTruth(t, dir)
		list = append(list, engagement(t, dir, truth)...)
	}
	require.Greater(t, len(list), 4500)
	return list, truth
}

// contrast is the mean difference between two groups within matched cells,
// weighted by what each cell can tell, and its standard error.
func contrast(posts []measured, cell func(measured) string, group func(measured) int) (difference, sd float64) {
	type sums struct{ n, sum [2]float64 }
	cells := map[string]*sums{}
	for _, p := range posts {
		g := group(p)
		if g < 0 {
			continue
		}
		c := cells[cell(p)]
		if c == nil {
			c = &sums{}
			cells[cell(p)] = c
		}
		c.n[g]++
		c.sum[g] += p.rate
	}
	total := 0.0
	for _, c := range cells {
		if c.n[0] == 0 || c.n[1] == 0 {
			continue
		}
		weight := c.n[0] * c.n[1] / (c.n[0] + c.n[1])
		difference += weight * (c.sum[1]/c.n[1] - c.sum[0]/c.n[0])
		total += weight
	}
	return difference / total, 0.85 / math.Sqrt(total)
}

func between(column, a, b string) func(measured) int {
	return func(p measured) int {
		switch p.at(column) {
		case a:
			return 0
		case b:
			return 1
		}
		return -1
	}
}

func block(hours float64) string { return string(rune('a' + int(hours/2))) }

func quarter(month float64) string { return string(rune('a' + int(month/3))) }

// The contrasts hold still what the shop's habits mix up. Four standard errors
// over eight seeds: a right world fails one contrast in 16,000 by chance. The
// allowance is for the width of the cells.
func TestPostsShowThePlantedEffects(t *testing.T) {
	const allowance = 0.04
	for _, null := range []bool{false, true} {
		posts, truth := seeds(t, null)
		truthExplains(t, posts, truth)
		if !null {
			rawMeansMislead(t, posts, truth)
		}
		e := truth.Engagement
		clock := func(p measured) int {
			switch {
			case p.hours >= 8 && p.hours < 11:
				return 0
			case p.hours >= 19 && p.hours < 22:
				return 1
			}
			return -1
		}
		wave := map[string]float64{}
		for _, n := range e.Networks {
			at := func(h float64) float64 { return n.Amplitude * math.Cos(2*math.Pi*(h-n.Peak)/24) }
			wave[n.Network] = at(20.5) - at(9.5)
		}
		amplitude := mean([]float64{wave["instagram"], wave["facebook"], wave["tiktok"], wave["youtube"], wave["x"]})
		for _, c := range []struct {
			name  string
			want  float64
			cell  func(measured) string
			group func(measured) int
		}{
			{
				"nasil_yapilir against kampanya", e.Category["nasil_yapilir"] - e.Category["kampanya"],
				func(p measured) string {
					return p.at("network") + p.at("format") + p.at("paid") + block(p.hours)
				},
				between("category", "kampanya", "nasil_yapilir"),
			},
			{
				"nasil_yapilir against topluluk", e.Category["nasil_yapilir"] - e.Category["topluluk"],
				func(p measured) string {
					return p.at("network") + p.at("format") + p.at("paid") + block(p.hours)
				},
				between("category", "topluluk", "nasil_yapilir"),
			},
			{
				"reel against photo", e.Format["reel"] - e.Format["photo"],
				func(p measured) string { return p.at("network") + p.at("category") + p.at("paid") },
				between("format", "photo", "reel"),
			},
			{
				"link against photo", e.Format["link"] - e.Format["photo"],
				func(p measured) string { return p.at("network") + p.at("category") + p.at("paid") },
				between("format", "photo", "link"),
			},
			{
				"evening against morning", amplitude,
				func(p measured) string { return p.at("network") + p.at("category") + p.at("format") },
				clock,
			},
			{
				"promoted against organic", e.Paid,
				func(p measured) string { return p.at("network") + p.at("category") + quarter(p.month) },
				between("paid", "false", "true"),
			},
			{
				"english against turkish", e.Language["en"],
				func(p measured) string { return p.at("network") + p.at("category") },
				between("language", "tr", "en"),
			},
		} {
			got, sd := contrast(posts, c.cell, c.group)
			t.Logf("null %v, %s: planted %.3f, found %.3f, standard error %.3f", null, c.name, c.want, got, sd)
			if null {
				assert.Zero(t, c.want, c.name)
			} else {
				assert.NotZero(t, c.want, c.name)
			}
			assert.InDelta(t, c.want, got, 4*sd+allowance, c.name)
		}
	}
}

// truthExplains: what the truth does not explain is noise of the stated spread,
// the same in every group.
func truthExplains(t *testing.T, posts []measured, truth demo.Truth) {
	t.Helper()
	e := truth.Engagement
	groups := map[string][]float64{}
	var all []float64
	for _, p := range posts {
		at := p.time(t, "published_at")
		day := strings.ToLower(at.Format("Mon"))
		explained := e.Category[p.at("category")] + e.Format[p.at("format")] + e.Weekday[day] +
			e.Language[p.at("language")] + e.MonthlyDrift*p.month + p.level
		for _, n := range e.Networks {
			if n.Network == p.at("network") {
				explained += n.Amplitude * math.Cos(2*math.Pi*(p.hours-n.Peak)/24)
			}
		}
		if p.at("paid") == "true" {
			explained += e.Paid
		}
		rest := p.rate - explained
		all = append(all, rest)
		for _, column := range []string{"category", "format", "template", "paid", "language"} {
			groups[column+" "+p.at(column)] = append(groups[column+" "+p.at(column)], rest)
		}
		groups["weekday "+day] = append(groups["weekday "+day], rest)
		groups["hours "+block(p.hours)] = append(groups["hours "+block(p.hours)], rest)
	}
	assert.InDelta(t, e.NoiseSpread, spread(all), 0.05)
	assert.InDelta(t, 0, mean(all), 0.06)
	for name, rest := range groups {
		assert.InDelta(t, mean(all), mean(rest), 4*e.NoiseSpread/math.Sqrt(float64(len(rest)))+0.03, name)
	}
}

// rawMeansMislead as the truth says.
func rawMeansMislead(t *testing.T, posts []measured, truth demo.Truth) {
	t.Helper()
	level := map[string][]float64{}
	for _, p := range posts {
		level[p.at("network")] = append(level[p.at("network")], p.rate)
	}
	raw := map[string][]float64{}
	for _, p := range posts {
		v := p.rate - mean(level[p.at("network")])
		raw[p.at("category")] = append(raw[p.at("category")], v)
		raw["paid "+p.at("paid")] = append(raw["paid "+p.at("paid")], v)
	}
	assert.Greater(t, truth.Engagement.Category["nasil_yapilir"], truth.Engagement.Category["topluluk"])
	assert.Less(t, mean(raw["nasil_yapilir"]), mean(raw["topluluk"]))
	assert.Positive(t, truth.Engagement.Paid)
	assert.Less(t, mean(raw["paid true"]), mean(raw["paid false"])-0.1)
}

func TestSnapshotsAreAsNetworksReportThem(t *testing.T) {
	_, dir := world(t, demo.Options{Seed: 4, Scale: 0.01})
	posts := map[string]row{}
	for _, r := range read(t, dir, "posts.csv") {
		posts[r.at("post_id")] = r
	}
	allowed := map[string]string{
		"instagram": "reach views likes comments shares saves",
		"facebook":  "reach views likes comments shares clicks",
		"tiktok":    "reach views likes comments shares",
		"youtube":   "impressions views likes comments shares",
		"x":         "impressions likes comments shares saves clicks",
	}
	last := map[string]float64{}
	seen := map[string]bool{}
	falls, twice, rows := 0, 0, 0
	for _, r := range read(t, dir, "snapshots.csv") {
		rows++
		p := posts[r.at("post_id")]
		require.NotNil(t, p)
		assert.Contains(t, allowed[p.at("network")], r.at("metric"))
		assert.False(t, r.time(t, "captured_at").Before(p.time(t, "published_at")))
		key := r.at("post_id") + r.at("metric")
		v := r.number(t, "value")
		if v < last[key] {
			falls++
			assert.Contains(t, "likes comments", r.at("metric"))
		}
		last[key] = v
		if full := key + r.at("captured_at"); seen[full] {
			twice++
		} else {
			seen[full] = true
		}
	}
	assert.Positive(t, falls)
	assert.InDelta(t, 0.02, float64(twice)/float64(rows), 0.012)
}
