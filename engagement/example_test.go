package engagement_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement"
)

// A year of posts: how-to posts do better, and they go out in the evening.
func examplePosts() []engagement.Post {
	var posts []engagement.Post
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 240 {
		category, hour, rate := sosyal.CategoryID("product"), 10+i%5, 40.0
		if i%3 == 0 {
			category, hour, rate = "how-to", 17+i%5, 60
		}
		posts = append(posts, engagement.Post{
			ID: fmt.Sprint(i), At: start.Add(time.Duration(i*36+hour) * time.Hour),
			Features: sosyal.Features{Network: sosyal.Instagram, Format: sosyal.FormatPhoto, Category: category},
			Counts:   sosyal.Counts{sosyal.Reach: 1000, sosyal.Interactions: rate + float64(i*7%23)},
		})
	}
	return posts
}

func ExampleAnalyze() {
	a, err := engagement.Summarize(engagement.Posts(examplePosts()), engagement.SummarizeOptions{
		Measures:   []engagement.Measure{engagement.ByExposure()},
		Dimensions: []engagement.Dimension{engagement.ByNetwork, engagement.ByCategory, engagement.ByWeekday, engagement.ByMonth},
		Zone:       time.UTC,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	analysis, err := engagement.Analyze(a, engagement.AnalyzeOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	text := sosyal.NewCatalogue(sosyal.English, engagement.Messages(sosyal.English))
	for _, g := range analysis.By(engagement.ByCategory) {
		fmt.Println(g.Verdict, text.Text(g.Reasons[0]))
	}
	// Output:
	// works Category how-to: 25% above the average post, other things equal (ratio 1.25, 95% interval 1.22 to 1.28, 80 posts).
	// does_not Category product: 10% below the average post, other things equal (ratio 0.90, 95% interval 0.89 to 0.91, 160 posts).
}

func ExampleRecommend() {
	a, _ := engagement.Summarize(engagement.Posts(examplePosts()), engagement.SummarizeOptions{
		Measures:   []engagement.Measure{engagement.ByExposure()},
		Dimensions: []engagement.Dimension{engagement.ByCategory, engagement.ByMonth},
	})
	analysis, err := engagement.Analyze(a, engagement.AnalyzeOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := engagement.Recommend(analysis, nil, engagement.RecommendOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	text := sosyal.NewCatalogue(sosyal.Turkish, engagement.Messages(sosyal.Turkish))
	for _, c := range r.Changes {
		fmt.Println(text.Text(c.Reasons[0]))
	}
	// Output:
	// how-to: Gönderiler içindeki payı %33 yerine %41 olsun; ihtiyatlı tahminle takipçiler bu içeriğe %25 daha fazla karşılık veriyor (80 gönderi).
	// product: Gönderiler içindeki payı %67 yerine %59 olsun; ihtiyatlı tahminle takipçiler bu içeriğe %10 daha az karşılık veriyor (160 gönderi).
}

func ExampleAnalysis_BestTimes() {
	a, _ := engagement.Summarize(engagement.Posts(examplePosts()), engagement.SummarizeOptions{
		Measures: []engagement.Measure{engagement.ByExposure()},
	})
	analysis, err := engagement.Analyze(a, engagement.AnalyzeOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	times := analysis.BestTimes()
	fmt.Println("the hour matters:", !times.Hours.NoEvidence)
	f := sosyal.Features{Network: sosyal.Instagram, Category: "how-to"}
	fmt.Printf("a how-to post: %.2f\n", times.Value(f, time.Date(2026, 12, 1, 19, 0, 0, 0, time.UTC)))
	// Output:
	// the hour matters: false
	// a how-to post: 1.25
}

func ExampleReadPosts() {
	file := "post_id,network,account,published_at,format,category,template,language,paid,caption,products,link\n" +
		"P1,instagram,shop,2026-10-01 19:05:00,reel,how-to,,tr,no,Akşam bakımı #cilt,S1,\n" +
		"P2,instagram,shop,yesterday,reel,how-to,,tr,no,,,\n"
	for p, err := range engagement.ReadPosts(strings.NewReader(file), "posts.csv", sosyal.Mapping{}) {
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(p.ID, p.Features, p.At.Format(time.RFC3339), p.Hashtags)
	}
	// Output:
	// P1 instagram/reel/how-to/tr 2026-10-01T19:05:00+03:00 [cilt]
	// posts.csv:3: column "published_at": at: must be a date like 2026-11-03, 3.11.2026 or 3 Kasım 2026 (got "yesterday")
}

func ExampleAtAge() {
	published := time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)
	at := func(age time.Duration, likes float64) engagement.Snapshot {
		return engagement.Snapshot{Post: "P1", Metric: sosyal.Likes, Value: likes, At: published.Add(age)}
	}
	counts := engagement.AtAge(published, []engagement.Snapshot{at(6*time.Hour, 40), at(24*time.Hour, 80)}, 12*time.Hour)
	fmt.Printf("%.0f\n", counts[sosyal.Likes])
	// Output: 60
}
