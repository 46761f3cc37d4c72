package budget_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/budget"
)

func lira(units int64) sosyal.Money {
	m, err := sosyal.MoneyFromMinor(units*100, "TRY")
	if err != nil {
		panic(err)
	}
	return m
}

// From the plan to the first spend: management approves, a campaign takes its
// share, an invoice is paid from it.
func ExampleController() {
	ctx := context.Background()
	now := time.Date(2026, time.November, 1, 9, 0, 0, 0, time.UTC)
	b := budget.Budget{
		ID: "november", Brand: "shop", Name: "November", Period: sosyal.Month(2026, time.November),
		Currency: "TRY", Version: 1,
		Lines: []budget.Line{{ID: "ads", Kind: budget.Media, Campaign: "sales", Planned: lira(30_000)}},
	}
	c := &budget.Controller{Ledger: &budget.MemoryLedger{}, Now: func() time.Time { return now }}
	if err := c.Plan(ctx, b, "manager"); err != nil {
		fmt.Println(err)
	}

	manager := sosyal.Actor{ID: "manager", Party: sosyal.PartyClient}
	director := sosyal.Actor{ID: "director", Roles: []sosyal.Role{sosyal.RoleManagement}, Party: sosyal.PartyClient}
	rules := budget.Thresholds{{Policy: sosyal.ApprovalPolicy{
		Steps: []sosyal.ApprovalStep{{Name: "management", Roles: []sosyal.Role{sosyal.RoleManagement}}},
	}}}
	r := budget.Request{
		ID: "r1", Brand: "shop", Budget: b.ID, Period: b.Period,
		Purpose: "Ads for November", Effect: "600 orders",
		Lines: []budget.RequestLine{{Line: "ads", Amount: lira(25_000)}},
	}
	r, err := r.Submit(rules, manager, "", now)
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println("approved by the one who asks:", r.Approved(now), "- entered:", c.Approve(ctx, b, r, "manager") == nil)

	r.Approval, err = r.Approval.Decide(sosyal.Decision{By: director, Verdict: sosyal.VerdictApprove, Hash: r.ContentHash()}, now)
	if err != nil {
		fmt.Println(err)
	}
	if err := c.Approve(ctx, b, r, "director"); err != nil {
		fmt.Println(err)
	}
	if _, err := c.Reserve(ctx, b, r, budget.Commitment{Key: "sales", Line: "ads", Amount: lira(20_000), By: "manager"}); err != nil {
		fmt.Println(err)
	}
	_, err = c.Reserve(ctx, b, r, budget.Commitment{Key: "more", Line: "ads", Amount: lira(6_000), By: "manager"})
	_, short := errors.AsType[budget.ShortError](err)
	fmt.Println("short:", short)
	_, err = c.Post(ctx, b, r, budget.Payment{
		Key: "invoice-17", Line: "ads", Reservation: "sales", Amount: lira(4_000), Day: date.New(2026, time.November, 1), By: "finance",
	})
	if err != nil {
		fmt.Println(err)
	}
	positions, err := c.Positions(ctx, b)
	if err != nil {
		fmt.Println(err)
	}
	for _, p := range positions {
		fmt.Println(p.Line, "planned", p.Planned, "approved", p.Approved, "committed", p.Committed, "spent", p.Spent)
	}
	head, err := budget.Verify(c.Ledger.Entries(ctx, b.Brand, b.Book(), 1))
	fmt.Println("entries:", head.Sequence, "intact:", err == nil)
	// Output:
	// approved by the one who asks: false - entered: false
	// short: true
	// ads planned 30000.00 TRY approved 25000.00 TRY committed 16000.00 TRY spent 4000.00 TRY
	// entries: 4 intact: true
}

func ExamplePace() {
	var daily []budget.DaySpend
	for day := range 10 {
		daily = append(daily, budget.DaySpend{Day: date.New(2026, time.November, 1+day), Amount: lira(140)})
	}
	p, err := budget.Pace(budget.PaceInput{
		Position: budget.Position{Line: "ads", Approved: lira(3_000), Spent: lira(1_400)},
		Period:   sosyal.Month(2026, time.November),
		Now:      time.Date(2026, time.November, 11, 9, 0, 0, 0, time.UTC),
		Daily:    daily,
	})
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(p.Verdict, *p.Index)
	for _, text := range sosyal.NewCatalogue(sosyal.Turkish, budget.Messages(sosyal.Turkish)).Texts(p.Reasons) {
		fmt.Println(text)
	}
	// Output:
	// over 1.4
	// ads kalemi fazla hızlı harcıyor: harcanan ₺1.400,00, bugüne kadar beklenen ₺1.000,00 (%140)
	// ads kalemi için dönem sonu tahmini ₺4.200,00 (%80 olasılıkla ₺4.200,00 ile ₺4.200,00 arasında, 10 günlük veriyle)
	// ads kaleminin parası 22 Kasım 2026 günü bitiyor, dönemin bitmesine 8 gün kala
}

func ExampleRenew() {
	b := budget.Budget{
		ID: "ads", Brand: "shop", Name: "Ads", Period: sosyal.Month(2026, time.November), Currency: "TRY", Version: 1,
		Lines: []budget.Line{{ID: "meta", Kind: budget.Media, Planned: lira(30_000)}},
	}
	positions := []budget.Position{{Line: "meta", Approved: lira(30_000), Spent: lira(27_000)}}
	pacings := []budget.Pacing{{Line: "meta", Forecast: &budget.Forecast{Amount: lira(36_000)}}}
	r, due, err := budget.Renew(b, positions, pacings, budget.RenewalPolicy{DaysToEnd: 7}, time.Date(2026, time.November, 25, 9, 0, 0, 0, time.UTC))
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(due, r.Budget.ID, r.Budget.Period, r.Request.Lines[0].Amount)
	for _, text := range sosyal.NewCatalogue(sosyal.Turkish, budget.Messages(sosyal.Turkish)).Texts(r.Request.Evidence) {
		fmt.Println("-", text)
	}
	// Output:
	// true ads/2026-12-01 2026-12-01/2027-01-01 37200.00 TRY
	// - Dönemin bitmesine 6 gün kaldı, son gün 30 Kasım 2026
	// - meta kalemi: ₺30.000,00 yerine ₺37.200,00 öneriliyor, çünkü bu dönemin tahmini ₺36.000,00
}

func ExampleWriteCSV() {
	b := budget.Budget{
		ID: "ads", Brand: "shop", Name: "Ads", Period: sosyal.Month(2026, time.November), Currency: "TRY", Version: 1,
		Lines: []budget.Line{{ID: "meta", Kind: budget.Media, Network: sosyal.Instagram, Planned: lira(30_000)}},
	}
	positions := []budget.Position{{Line: "meta", Planned: lira(30_000), Approved: lira(25_000), Committed: lira(8_000), Spent: lira(12_000)}}
	if err := budget.WriteCSV(os.Stdout, b, positions, nil, sosyal.English); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Line,Kind,Campaign,Network,Segment,Category,Currency,Planned,Approved,Committed,Spent,Remaining,Pace,Verdict,Forecast,"Forecast, low","Forecast, high",Runs out on
	// meta,Media,,instagram,,,TRY,30000.00,25000.00,8000.00,12000.00,13000.00,,,,,,
	// Total,,,,,,TRY,30000.00,25000.00,8000.00,12000.00,13000.00,,,,,,
}

func ExampleROAS() {
	spend, revenue := lira(1_000), lira(4_200)
	roas, known, err := budget.ROAS(budget.Results{Spend: &spend, Revenue: &revenue}, budget.Results{Spend: &spend})
	fmt.Println(roas.Value, known, roas.Known, "of", roas.Of, err)
	// Output: 4.2 true 1 of 2 <nil>
}
