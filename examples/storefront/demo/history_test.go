package demo_test

import (
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/rickb777/date/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal/examples/storefront/demo"
)

func digest(t *testing.T, dir, name string) [32]byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, name))
	require.NoError(t, err)
	return sha256.Sum256(content)
}

func TestEqualOptionsGiveEqualBytes(t *testing.T) {
	options := demo.Options{Seed: 7, Scale: 0.05}
	_, one := world(t, options)
	_, two := world(t, options)
	options.Seed = 8
	_, other := world(t, options)
	for _, name := range demo.Files() {
		assert.Equal(t, digest(t, one, name), digest(t, two, name), name)
		assert.NotEqual(t, digest(t, one, name), digest(t, other, name), name)
	}
}

// update is set by go test -update.
var update = flag.Bool("update", false, "write the digests of the frozen world")

// The world was settled before the analyses that it judges. Who changes it,
// does so knowingly.
func TestWorldIsFrozen(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("digests are those of amd64: other machines round sums differently")
	}
	var lines strings.Builder
	for _, null := range []bool{false, true} {
		w, dir := world(t, demo.Options{Seed: 1, Scale: 0.02, Null: null})
		for _, name := range demo.Files() {
			fmt.Fprintf(&lines, "%x %v %s\n", digest(t, dir, name), null, name)
		}
		day, err := w.Day(w.End()+20, nil, []demo.RunningAd{running("meta", "retargeting", "100")})
		require.NoError(t, err)
		fmt.Fprintf(&lines, "%x %v day\n", sha256.Sum256(slices.Concat(day.Orders, day.Snapshots, day.Mentions, day.Ads, day.Products)), null)
	}
	golden := filepath.Join("testdata", "digests.txt")
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(lines.String()), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), lines.String())
}

func TestFilesHaveTheirColumns(t *testing.T) {
	_, dir := world(t, demo.Options{Seed: 1, Scale: 0.02})
	headers := map[string]string{
		"products.csv":       "changed_at,product_id,name,category,url,image,price,list_price,stock",
		"orders.csv":         "order_id,ordered_at,customer_id,status,sku,product_category,quantity,unit_price,currency,city,utm_source,utm_medium,utm_campaign,coupon",
		"posts.csv":          "post_id,network,account,published_at,format,category,template,language,paid,caption,products,link",
		"snapshots.csv":      "post_id,captured_at,metric,value",
		"mentions.csv":       "mention_id,at,network,about,author,text,url",
		"mentions_truth.csv": "mention_id,sentiment,wave",
		"ads.csv":            "day,platform,campaign,adset,ad,objective,currency,spend,impressions,reach,clicks,conversions,conversion_value,reported_at",
		"followers.csv":      "day,network,followers",
	}
	for name, header := range headers {
		content, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		first, _, _ := strings.Cut(string(content), "\n")
		assert.Equal(t, header, first, name)
		assert.True(t, utf8.Valid(content), name)
		assert.NotContains(t, string(content), "\ufffd", name)
		assert.NotContains(t, string(content), "{", name+" holds an unfilled phrase")
		assert.NotEmpty(t, read(t, dir, name), name)
	}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, len(demo.Files()), "nothing else is left in the folder")
}

// Worlds of full size are slow to read, so everything that needs them is held
// against the same few.
func TestShopOfFullSize(t *testing.T) {
	for _, null := range []bool{false, true} {
		elasticities := map[string]float64{}
		for _, seed := range []uint64{11, 21} {
			_, dir := world(t, demo.Options{Seed: seed, Null: null})
			truth, orders, ads := readTruth(t, dir), read(t, dir, "orders.csv"), read(t, dir, "ads.csv")
			hasTheDescribedSize(t, dir, orders)
			followsSpecialDays(t, orders, null)
			carriesTheCampaigns(t, orders, ads)
			followsThePosts(t, orders, read(t, dir, "posts.csv"))
			hasVolumesAndMoods(t, dir, truth, null)
			if !null {
				hasACrisis(t, dir, truth)
			}
			for channel, v := range followsTheCurves(t, truth, ads, null) {
				elasticities[channel] += v / 2
			}
		}
		t.Log("null", null, "elasticities of conversions by spend", elasticities)
		if null {
			assert.InDelta(t, 0, elasticities["tiktok_prospecting"], 0.25, "no response in the null world")
			continue
		}
		assert.Less(t, elasticities["meta_retargeting"], 0.35, "saturated")
		assert.Greater(t, elasticities["tiktok_prospecting"], 0.55, "under-spent")
	}
}

func hasTheDescribedSize(t *testing.T, dir string, rows []row) {
	t.Helper()
	customers, orders := map[string]bool{}, map[string]bool{}
	for _, r := range rows {
		customers[r.at("customer_id")] = true
		if r.at("status") != "returned" {
			orders[r.at("order_id")] = true
		}
	}
	products := map[string]bool{}
	for _, r := range read(t, dir, "products.csv") {
		products[r.at("product_id")] = true
	}
	assert.InDelta(t, 20_000, len(customers), 2_000)
	assert.InDelta(t, 60_000, len(orders), 6_000)
	assert.InDelta(t, 400, len(products), 20)
	assert.InDelta(t, 600, len(read(t, dir, "posts.csv")), 30)
	assert.InDelta(t, 40, float64(len(read(t, dir, "mentions.csv")))/549, 4)
}

func TestNullWorldKeepsTheHabits(t *testing.T) {
	_, full := world(t, demo.Options{Seed: 5, Scale: 0.05})
	_, null := world(t, demo.Options{Seed: 5, Scale: 0.05, Null: true})
	assert.Equal(t, digest(t, full, "posts.csv"), digest(t, null, "posts.csv"), "the same posts are published")
	spend := func(dir string) (sum float64) {
		for _, r := range read(t, dir, "ads.csv") {
			sum += r.number(t, "spend")
		}
		return sum
	}
	assert.InDelta(t, spend(full), spend(null), 1e-6, "the same amounts are spent")
}

func TestNewNamesTheBadOption(t *testing.T) {
	for name, options := range map[string]demo.Options{
		"months": {Months: 61},
		"scale":  {Scale: 0.001},
		"start":  {Start: date.New(2032, time.December, 1)},
	} {
		_, err := demo.New(options)
		assert.ErrorContains(t, err, name)
	}
}

func TestCancelledHistoryLeavesNothingBehind(t *testing.T) {
	w, err := demo.New(demo.Options{Seed: 1, Scale: 0.02, Months: 2})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	dir := t.TempDir()
	calls := 0
	err = w.WriteHistory(ctx, dir, func(done, total int) {
		calls++
		assert.Equal(t, calls, done)
		assert.Equal(t, 61, total)
		if done == 40 {
			cancel()
		}
	})
	require.ErrorIs(t, err, context.Canceled)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, entries)
	assert.Equal(t, 40, calls)
}

func TestProductsRiseAndRunOut(t *testing.T) {
	_, dir := world(t, demo.Options{Seed: 2, Scale: 0.2})
	first, last := map[string]float64{}, map[string]float64{}
	out, reduced := 0, 0
	rows := read(t, dir, "products.csv")
	for _, r := range rows {
		id, list := r.at("product_id"), r.number(t, "list_price")
		if r.at("changed_at") == "2025-05-01 00:00:00" {
			first[id] = list
		}
		last[id] = list
		price := r.number(t, "price")
		assert.LessOrEqual(t, price, list)
		if price < list {
			reduced++
		}
		if r.at("stock") == "0" {
			out++
		}
	}
	var rises []float64
	for id, price := range first {
		rises = append(rises, last[id]/price)
	}
	assert.InDelta(t, 1.5, mean(rises), 0.2, "18 months at 2.3 %% a month")
	assert.Greater(t, out, len(rows)/100)
	assert.Greater(t, reduced, len(rows)/50)
}
