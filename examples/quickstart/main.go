// Quickstart plans two weeks of content for a small shop, offline: its orders
// say who buys, its posts what followers answer to and when, and management
// approves the calendar that follows. What the shop chooses is in shop.go.
//
//	go run ./examples/quickstart
package main

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/value"
	"github.com/yukselenler/sosyal/calendar"
	"github.com/yukselenler/sosyal/engagement"
)

//go:embed orders.csv
var orders string

//go:embed posts.csv
var posts string

func main() {
	if err := Run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

// Run goes from the two exports to an approved calendar and writes it in Turkish.
func Run(ctx context.Context, w io.Writer) error {
	var r results
	book := audience.NewOrderBook(nil) // days are those that the orders show
	for line, err := range audience.ReadOrders(strings.NewReader(orders), "orders.csv", sosyal.Mapping{}) {
		if err == nil {
			err = book.Add(line)
		}
		if err != nil {
			r.bad = append(r.bad, err) // a bad row names its place, and reading goes on
		}
	}
	table, err := value.RFM(book.Customers(), fortnight().From, value.RFMOptions{})
	if err != nil {
		return err
	}
	r.totals = book.Totals()
	if r.segments, err = value.Segments(table, book.Customers(), audience.DescribeOptions{MinSize: 3}); err != nil {
		return err
	}
	summary, err := engagement.Summarize(engagement.ReadPosts(strings.NewReader(posts), "posts.csv", sosyal.Mapping{}), engagement.SummarizeOptions{})
	if err != nil {
		return err
	}
	if r.analysis, err = engagement.Analyze(summary, engagement.AnalyzeOptions{}); err != nil {
		return err
	}
	if r.goals, err = goal().Breakdown(parts()...); err != nil {
		return err
	}
	if r.plan, err = programme(r.analysis.BestTimes().Value).Plan(ctx, calendar.Planner{}); err != nil {
		return err
	}
	if r.approval, err = approve(r.plan.Items); err != nil {
		return err
	}
	return r.write(w)
}
