package engagement_test

import (
	"testing"

	"github.com/yukselenler/sosyal/engagement"
)

func BenchmarkSummarize(b *testing.B) {
	posts := planted().posts(5000, 1)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := engagement.Summarize(engagement.Posts(posts), engagement.SummarizeOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAnalyze(b *testing.B) {
	a, err := engagement.Summarize(engagement.Posts(planted().posts(600, 1)), engagement.SummarizeOptions{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := engagement.Analyze(a, engagement.AnalyzeOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
