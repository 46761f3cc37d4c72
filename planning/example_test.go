package planning_test

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/planning"
)

// What management wants of the whole becomes a goal for each network, to the
// kuruş.
func ExampleGoal_Breakdown() {
	goal := planning.Goal{
		ID: "november", Brand: "lale", Name: "November sales", Level: planning.Company, Objective: sosyal.Sales,
		Measure: planning.SocialRevenue, Target: decimal.NewFromInt(100_000), Currency: "TRY",
		Period: sosyal.Month(2026, time.November),
	}
	parts, err := goal.Breakdown(
		planning.Part{Name: "Instagram", Network: sosyal.Instagram, Weight: decimal.NewFromInt(2)},
		planning.Part{Name: "TikTok", Network: sosyal.TikTok, Weight: decimal.NewFromInt(1)},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range parts {
		money, err := p.TargetMoney()
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(p.Network, money.Format(sosyal.Turkish))
	}
	// Output:
	// instagram ₺66.666,67
	// tiktok ₺33.333,33
}

// After ten days of the month the goal is judged by a forecast, not by the share
// of it that is done.
func ExampleFollow() {
	goal := planning.Goal{
		ID: "orders", Brand: "lale", Name: "Orders", Level: planning.Team, Objective: sosyal.Sales,
		Measure: planning.Orders, Target: decimal.NewFromInt(600), Period: sosyal.Month(2026, time.November),
	}
	var observed []planning.Observed
	for i, orders := range []int64{30, 34, 31, 29, 33, 32, 30, 35, 31, 33} {
		observed = append(observed, planning.Observed{Day: goal.Period.From + date.Date(i), Value: decimal.NewFromInt(orders)})
	}
	progress, err := planning.Follow(goal, observed, goal.Period.From+10, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s of %s expected by now: %s\n", progress.Actual, progress.Expected.Round(0), progress.Standing)
	// Output:
	// 318 of 200 expected by now: ahead
}

// Each network gets a strategy of its own: here one that sells and one that
// makes the brand known.
func ExamplePlanChannels() {
	mix, err := sosyal.NewMix(sosyal.Share{Category: "how_to", Share: 2}, sosyal.Share{Category: "offers", Share: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	lira := func(amount int64) sosyal.Money {
		m, err := sosyal.NewMoney(decimal.NewFromInt(amount), "TRY")
		if err != nil {
			fmt.Println(err)
		}
		return m
	}
	november := sosyal.Month(2026, time.November)
	goal := func(id planning.GoalID, o sosyal.Objective, m planning.Measure, target int64, currency string) planning.Goal {
		return planning.Goal{
			ID: id, Brand: "lale", Name: string(id), Level: planning.Company, Objective: o, Measure: m,
			Target: decimal.NewFromInt(target), Currency: currency, Period: november,
		}
	}
	strategy, err := planning.PlanChannels(planning.StrategyInput{
		Brand: "lale", Period: november,
		Goals: planning.Tree{
			goal("sales", sosyal.Sales, planning.SocialRevenue, 100_000, "TRY"),
			goal("followers", sosyal.Awareness, planning.Followers, 12_000, ""),
		},
		Networks: []planning.NetworkResult{
			{
				Destination: sosyal.Destination{Brand: "lale", Network: sosyal.Instagram, Account: "lale"}, Posts: 40, Days: 28, Mix: mix,
				Revenue: lira(70_000), Counts: sosyal.Counts{sosyal.Impressions: 100_000}, Formats: map[sosyal.Format]int{sosyal.FormatPhoto: 40},
			},
			{
				Destination: sosyal.Destination{Brand: "lale", Network: sosyal.TikTok, Account: "lale"}, Posts: 20, Days: 28, Mix: mix,
				Revenue: lira(10_000), Counts: sosyal.Counts{sosyal.Views: 300_000}, Formats: map[sosyal.Format]int{sosyal.FormatVideo: 20},
			},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	texts := planning.Catalogue(sosyal.English)
	for _, c := range strategy.Channels {
		fmt.Printf("%s: %v, %d posts a week\n", c.Destination, c.Objectives, c.PerWeek)
		fmt.Println("  " + texts.Text(c.Reasons[0]))
	}
	// Output:
	// instagram/lale: [sales], 10 posts a week
	//   Instagram serves sales: it brought 87.5% of what all networks brought, 1.31 times its share of the posts (40 posts).
	// tiktok/lale: [awareness], 5 posts a week
	//   TikTok serves awareness: it brought 75.0% of what all networks brought, 2.25 times its share of the posts (20 posts).
}

// A brief is the report that management receives, here as Markdown.
func ExampleBrief() {
	r, err := planning.Brief(planning.BriefInput{
		Title: "Lale in November", Created: time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC), Period: sosyal.Month(2026, time.November),
		Notes: []sosyal.Reason{sosyal.Because("planning.formats.unknown", sosyal.TermArg("network", sosyal.TikTok))},
	}, planning.Catalogue(sosyal.English))
	if err != nil {
		fmt.Println(err)
		return
	}
	var text bytes.Buffer
	if err := r.Markdown(&text); err != nil {
		fmt.Println(err)
		return
	}
	for line := range strings.Lines(text.String()) {
		if strings.TrimSpace(line) != "" {
			fmt.Print(line)
		}
	}
	// Output:
	// # Lale in November
	// ## At a glance
	// - **Posts planned**: 0 (0 published)
	// ## Goals
	// No goals are set for this period.
	// ## What followers answer to
	// There are too few posts to tell effect from luck.
	// ## Content calendar
	// Nothing is planned yet.
	// ## About the data
	// - TikTok: too few posts to tell formats apart, so they stay as they are.
}
