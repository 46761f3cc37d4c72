package reputation_test

import (
	"context"
	"fmt"
	"time"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement/reputation"
)

func ExampleDefaultClassifier() {
	texts := []string{"Bayıldım, kesinlikle tavsiye ederim 😍", "memnun kalmadım", "Mağazanız nerede?"}
	moods, err := reputation.DefaultClassifier().Classify(context.Background(), texts)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, m := range moods {
		fmt.Println(m.Label, "-", texts[i])
	}
	// Output:
	// positive - Bayıldım, kesinlikle tavsiye ederim 😍
	// negative - memnun kalmadım
	// neutral - Mağazanız nerede?
}

func ExampleDetector_Observe() {
	var d reputation.Detector
	text := sosyal.NewCatalogue(sosyal.English, reputation.Messages(sosyal.English))
	start := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for hour := range 24 * 8 {
		w := reputation.Window{At: start.Add(time.Duration(hour) * time.Hour), Mentions: 20 + hour%5, Negative: 3}
		if hour >= 24*7 { // from the eighth day on
			w.Negative = 15
		}
		alarm, err := d.Observe(w)
		if err != nil {
			fmt.Println(err)
			return
		}
		if alarm.Raised {
			fmt.Println(alarm.At.Format(time.DateTime), text.Text(alarm.Reasons[0]))
		}
	}
	// Output:
	// 2026-11-08 00:00:00 The mood has turned: 15 of 23 mentions are negative where 14% is usual.
}

func ExampleShareOfVoice() {
	var memory reputation.Memory
	ctx := context.Background()
	start := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	for i := range 60 {
		about := reputation.Tracked("own")
		if i%3 == 0 || i%7 == 0 {
			about = "rival"
		}
		m := reputation.Mention{ID: fmt.Sprint(i), About: about, Network: sosyal.X, At: start.Add(time.Duration(i) * 8 * time.Hour)}
		if err := memory.Append(ctx, "brand", m); err != nil {
			fmt.Println(err)
			return
		}
	}
	voice, err := reputation.ShareOfVoice(memory.Scan(ctx, "brand", reputation.Query{}), reputation.SummaryOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, b := range voice.Brands {
		fmt.Printf("%s %.2f (%.2f to %.2f)\n", b.About, b.Share.Value, b.Share.Low, b.Share.High)
	}
	// Output:
	// own 0.57 (0.49 to 0.64)
	// rival 0.43 (0.36 to 0.51)
}
