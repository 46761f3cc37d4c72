package demo_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal/examples/storefront/demo"
)

func running(platform, channel, amount string) demo.RunningAd {
	return demo.RunningAd{
		Campaign: "2026-11_sales_" + platform + "_" + channel, AdSet: "set", Ad: "ad",
		Platform: platform, Objective: "sales", Channel: channel, DailyBudget: amount,
	}
}

func published(id, network, format, category string, at time.Time) demo.Published {
	return demo.Published{ID: id, Network: network, Format: format, Category: category, Language: "tr", At: at}
}

func TestDayDependsOnItsArgumentsAlone(t *testing.T) {
	options := demo.Options{Seed: 41, Scale: 0.2}
	one, err := demo.New(options)
	require.NoError(t, err)
	at := time.Date(2026, time.November, 3, 17, 0, 0, 0, time.UTC)
	posts := []demo.Published{
		published("a", "instagram", "reel", "ilham", at),
		published("b", "x", "text", "topluluk", at.Add(time.Hour)),
		published("c", "facebook", "link", "kampanya", at.Add(48*time.Hour)),
	}
	for i := range 40 {
		posts = append(posts, published(fmt.Sprintf("d%d", i), "facebook", "link", "kampanya", at))
	}
	ads := []demo.RunningAd{running("meta", "prospecting", "1500"), running("tiktok", "prospecting", "800.50"), running("google", "", "700")}
	day := date.New(2026, time.November, 5)
	want, err := one.Day(day, posts, ads)
	require.NoError(t, err)

	two, err := demo.New(options)
	require.NoError(t, err)
	for d := day + 3; d > day; d-- {
		_, err := two.Day(d, posts[:1], ads[:1])
		require.NoError(t, err)
	}
	slices.Reverse(posts)
	slices.Reverse(ads)
	got, err := two.Day(day, posts, ads)
	require.NoError(t, err)
	assert.Equal(t, want, got, "whatever was asked before, in whatever order")
}

func TestDayHasTheLayoutOfTheHistory(t *testing.T) {
	w, dir := world(t, demo.Options{Seed: 42, Scale: 0.05})
	day, err := w.Day(w.End(), nil, []demo.RunningAd{running("x", "traffic", "100")})
	require.NoError(t, err)
	for name, content := range map[string][]byte{
		"orders.csv": day.Orders, "snapshots.csv": day.Snapshots, "mentions.csv": day.Mentions, "ads.csv": day.Ads,
		"products.csv": day.Products, "mentions_truth.csv": day.MentionsTruth, "followers.csv": day.Followers,
	} {
		played, history := parse(t, content), read(t, dir, name)
		require.NotEmpty(t, played, name)
		assert.Equal(t, history[0].columns, played[0].columns, name)
	}
}

func TestPostsOfTheHistoryGrowOnAndReturnsArrive(t *testing.T) {
	w, dir := world(t, demo.Options{Seed: 43, Scale: 0.3})
	sold := map[string]bool{}
	for _, r := range read(t, dir, "orders.csv") {
		sold[r.at("order_id")] = true
	}
	returns, captured := 0, map[string]bool{}
	for d := w.End(); d < w.End()+14; d++ {
		day, err := w.Day(d, nil, nil)
		require.NoError(t, err)
		rows := parse(t, day.Orders)
		for _, r := range rows {
			if id, ok := strings.CutSuffix(r.at("order_id"), "-R"); ok {
				assert.True(t, sold[id], "%s was sold before", id)
				assert.False(t, sold[r.at("order_id")], "%s comes once", r.at("order_id"))
				returns++
			}
			assert.Equal(t, d.String(), r.at("ordered_at")[:10])
		}
		for _, r := range rows {
			sold[r.at("order_id")] = true
		}
		for _, r := range parse(t, day.Snapshots) {
			captured[r.at("post_id")] = true
			assert.Equal(t, d.String(), r.at("captured_at")[:10])
		}
	}
	assert.Greater(t, returns, 10)
	assert.Greater(t, len(captured), 10)
}

func TestWorldAnswersToWhatIsPublished(t *testing.T) {
	for _, null := range []bool{false, true} {
		w, err := demo.New(demo.Options{Seed: 44, Scale: 0.01, Null: null})
		require.NoError(t, err)
		zone, err := time.LoadLocation(demo.Zone)
		require.NoError(t, err)
		rate := func(format, category string, hour int) float64 {
			var posts []demo.Published
			for i := range 300 {
				at := time.Date(2026, time.November, 4, hour, 0, 0, 0, zone)
				posts = append(posts, published(fmt.Sprintf("%s-%s-%d-%d", format, category, hour, i), "instagram", format, category, at))
			}
			day, err := w.Day(date.New(2026, time.November, 6), posts, nil)
			require.NoError(t, err)
			interactions, reach := map[string]float64{}, map[string]float64{}
			for _, r := range parse(t, day.Snapshots) {
				switch r.at("metric") {
				case "reach":
					reach[r.at("post_id")] = r.number(t, "value")
				case "likes", "comments", "shares", "saves":
					interactions[r.at("post_id")] += r.number(t, "value")
				}
			}
			var logs []float64
			for id, n := range interactions {
				if strings.HasPrefix(id, format) && reach[id] > 0 {
					logs = append(logs, math.Log((n+0.5)/reach[id]))
				}
			}
			require.Greater(t, len(logs), 250)
			return mean(logs)
		}
		// Two means of 300 with a spread of 0.8: four standard errors are 0.26.
		got := rate("reel", "nasil_yapilir", 20) - rate("photo", "kampanya", 9)
		want := 0.0
		if !null {
			want = 0.35 + 0.30 + 0.30 + 0.35*(0.9914+0.9914)
		}
		assert.InDelta(t, want, got, 0.28, "null %v", null)
	}
}

func TestWorldAnswersToWhatIsSpent(t *testing.T) {
	conversions := func(w *demo.World, channel, amount string) (sum float64) {
		platform, name, _ := strings.Cut(channel, "_")
		for d := w.End(); d < w.End()+40; d++ {
			a := running(platform, name, amount)
			if platform == "x" {
				a.Objective = "traffic"
			}
			day, err := w.Day(d, nil, []demo.RunningAd{a})
			require.NoError(t, err)
			rows := parse(t, day.Ads)
			sum += rows[1].number(t, "conversions")
			marked := 0
			seen := map[string]bool{}
			for _, r := range parse(t, day.Orders) {
				if r.at("utm_campaign") == a.Campaign && !seen[r.at("order_id")] {
					seen[r.at("order_id")] = true
					marked++
				}
			}
			assert.LessOrEqual(t, float64(marked), rows[1].number(t, "conversions"))
		}
		return sum
	}
	full, err := demo.New(demo.Options{Seed: 45, Scale: 0.5})
	require.NoError(t, err)
	null, err := demo.New(demo.Options{Seed: 45, Scale: 0.5, Null: true})
	require.NoError(t, err)
	assert.Greater(t, conversions(full, "tiktok_prospecting", "700"), 2.0*conversions(full, "tiktok_prospecting", "175"))
	assert.Less(t, conversions(full, "meta_retargeting", "1300"), 1.25*conversions(full, "meta_retargeting", "650"))
	assert.Zero(t, conversions(full, "meta_retargeting", "0"))
	assert.InDelta(t, 1, conversions(null, "tiktok_prospecting", "700")/conversions(null, "tiktok_prospecting", "175"), 0.3)
}

func TestDayNamesTheBadArgument(t *testing.T) {
	w, err := demo.New(demo.Options{Seed: 46, Scale: 0.01})
	require.NoError(t, err)
	at := time.Date(2026, time.November, 3, 17, 0, 0, 0, time.UTC)
	post := published("a", "instagram", "reel", "ilham", at)
	ad := running("meta", "prospecting", "10")
	cases := map[string]struct {
		day   date.Date
		posts []demo.Published
		ads   []demo.RunningAd
	}{
		"day: must not lie before 2026-11-01": {day: w.End() - 1},
		"years 2015 to 2032":                  {day: date.New(2033, time.January, 1)},
		"published[1].id":                     {posts: []demo.Published{post, post}},
		"published[0].id":                     {posts: []demo.Published{published("post-0001", "x", "text", "urun", at)}},
		"published[0].network":                {posts: []demo.Published{published("a", "linkedin", "text", "urun", at)}},
		"published[0].format":                 {posts: []demo.Published{published("a", "x", "poem", "urun", at)}},
		"published[0].category":               {posts: []demo.Published{published("a", "x", "text", "news", at)}},
		"published[0].at":                     {posts: []demo.Published{published("a", "x", "text", "urun", at.AddDate(-1, 0, 0))}},
		"ads[1].campaign":                     {ads: []demo.RunningAd{ad, ad}},
		"ads[0].channel":                      {ads: []demo.RunningAd{running("meta", "billboard", "10")}},
		"ads[0].daily_budget":                 {ads: []demo.RunningAd{running("meta", "prospecting", "1,5")}},
		"ads[0].objective":                    {ads: []demo.RunningAd{{Campaign: "c", Platform: "x", Objective: "fame", DailyBudget: "1"}}},
	}
	for want, c := range cases {
		if c.day == 0 {
			c.day = date.New(2026, time.November, 5)
		}
		_, err := w.Day(c.day, c.posts, c.ads)
		assert.ErrorContains(t, err, want)
	}
}

func FuzzDailyAmount(f *testing.F) {
	w, err := demo.New(demo.Options{Seed: 47, Scale: 0.01, Months: 1})
	if err != nil {
		f.Fatal(err)
	}
	for _, text := range []string{"0", "1250.5", "99999999", "-1", "1e3", ".5", "5.", "", "00.00", "1.234"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		day, err := w.Day(w.End(), nil, []demo.RunningAd{running("meta", "prospecting", text)})
		if err != nil {
			assert.ErrorContains(t, err, "ads[0].daily_budget")
			return
		}
		rows := parse(t, day.Ads)
		assert.Len(t, rows, 2)
		assert.GreaterOrEqual(t, rows[1].number(t, "spend"), 0.0)
	})
}

func ExampleWorld_Day() {
	w, err := demo.New(demo.Options{Seed: 1, Scale: 0.05})
	if err != nil {
		fmt.Println(err)
		return
	}
	ads := []demo.RunningAd{{
		Campaign: "2026-11_sales_tiktok_prospecting", AdSet: "genis-18-34", Ad: "video-a",
		Platform: "tiktok", Objective: "sales", Channel: "tiktok_prospecting", DailyBudget: "50",
	}}
	day, err := w.Day(w.End(), nil, ads)
	if err != nil {
		fmt.Println(err)
		return
	}
	header, _, _ := strings.Cut(string(day.Snapshots), "\n")
	fmt.Println(w.End(), header, strings.Count(string(day.Ads), "\n"))
	// Output: 2026-11-01 post_id,captured_at,metric,value 3
}

func BenchmarkWriteHistory(b *testing.B) {
	for b.Loop() {
		w, err := demo.New(demo.Options{Seed: 1})
		if err != nil {
			b.Fatal(err)
		}
		if err := w.WriteHistory(b.Context(), b.TempDir(), nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDay(b *testing.B) {
	w, err := demo.New(demo.Options{Seed: 1})
	if err != nil {
		b.Fatal(err)
	}
	ads := []demo.RunningAd{running("meta", "prospecting", "1400"), running("tiktok", "prospecting", "500")}
	for b.Loop() {
		if _, err := w.Day(w.End()+25, nil, ads); err != nil {
			b.Fatal(err)
		}
	}
}
