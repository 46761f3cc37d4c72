package budget_test

import (
	"context"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/budget"
)

// tl is an amount of liras such as "1250.50".
func tl(tb testing.TB, amount string) sosyal.Money {
	tb.Helper()
	d, err := decimal.NewFromString(amount)
	require.NoError(tb, err)
	m, err := sosyal.NewMoney(d, "TRY")
	require.NoError(tb, err)
	return m
}

func nov(day int) date.Date { return date.New(2026, time.November, day) }

func at(day, hour int) time.Time { return time.Date(2026, time.November, day, hour, 0, 0, 0, time.UTC) }

// autumn is a budget of 40,000 liras with two media lines and a fee.
func autumn(tb testing.TB) budget.Budget {
	tb.Helper()
	return budget.Budget{
		ID: "autumn", Brand: "shop", Name: "Autumn", Period: sosyal.Month(2026, time.November), Currency: "TRY", Version: 1,
		Lines: []budget.Line{
			{ID: "meta", Kind: budget.Media, Campaign: "sales", Network: sosyal.Instagram, Planned: tl(tb, "30000")},
			{ID: "tiktok", Kind: budget.Media, Campaign: "reach", Network: sosyal.TikTok, Planned: tl(tb, "6000")},
			{ID: "shoot", Kind: budget.Production, Name: "Studio", Planned: tl(tb, "4000")},
		},
	}
}

func request(tb testing.TB, b budget.Budget, id budget.RequestID, lines ...budget.RequestLine) budget.Request {
	tb.Helper()
	return budget.Request{
		ID: id, Brand: b.Brand, Budget: b.ID, Period: b.Period, Purpose: "November sales", Effect: "600 orders", Lines: lines,
	}
}

func manager() sosyal.Actor {
	return sosyal.Actor{ID: "manager", Roles: []sosyal.Role{sosyal.RoleManager}, Party: sosyal.PartyClient}
}

func director() sosyal.Actor {
	return sosyal.Actor{ID: "director", Roles: []sosyal.Role{sosyal.RoleManagement}, Party: sosyal.PartyClient}
}

func head() sosyal.Actor {
	return sosyal.Actor{ID: "head", Roles: []sosyal.Role{sosyal.RoleApprover}, Party: sosyal.PartyClient}
}

// thresholds: up to 10,000 the head of marketing, above that the director too.
func thresholds(tb testing.TB) budget.Thresholds {
	tb.Helper()
	byHead := sosyal.ApprovalStep{Name: "head", Roles: []sosyal.Role{sosyal.RoleApprover}}
	byDirector := sosyal.ApprovalStep{Name: "director", Roles: []sosyal.Role{sosyal.RoleManagement}}
	return budget.Thresholds{
		{UpTo: tl(tb, "10000"), Policy: sosyal.ApprovalPolicy{Steps: []sosyal.ApprovalStep{byHead}}},
		{Policy: sosyal.ApprovalPolicy{Steps: []sosyal.ApprovalStep{byHead, byDirector}}},
	}
}

// decide records a decision on the request as it is.
func decide(tb testing.TB, r budget.Request, by sosyal.Actor, v sosyal.Verdict, now time.Time) budget.Request {
	tb.Helper()
	a, err := r.Approval.Decide(sosyal.Decision{By: by, Verdict: v, Hash: r.ContentHash(), Note: "said so"}, now)
	require.NoError(tb, err)
	r.Approval = a
	return r
}

// granted is a request that everybody who must has approved.
func granted(tb testing.TB, r budget.Request) budget.Request {
	tb.Helper()
	r, err := r.Submit(thresholds(tb), manager(), "", at(1, 9))
	require.NoError(tb, err)
	for _, by := range []sosyal.Actor{head(), director()} {
		if r.Approval.State(at(1, 10)) == sosyal.InReview {
			r = decide(tb, r, by, sosyal.VerdictApprove, at(1, 10))
		}
	}
	require.True(tb, r.Approved(at(1, 10)))
	return r
}

// entered is a controller whose book holds the budget with all of it approved.
func entered(tb testing.TB, b budget.Budget, now *time.Time) (*budget.Controller, budget.Request) {
	tb.Helper()
	c := &budget.Controller{Ledger: &budget.MemoryLedger{}, Now: func() time.Time { return *now }, Thresholds: thresholds(tb)}
	require.NoError(tb, c.Plan(tb.Context(), b, "manager"))
	var lines []budget.RequestLine
	for _, l := range b.Lines {
		lines = append(lines, budget.RequestLine{Line: l.ID, Amount: l.Planned})
	}
	r := granted(tb, request(tb, b, "r1", lines...))
	require.NoError(tb, c.Approve(tb.Context(), b, r, "director"))
	return c, r
}

func position(tb testing.TB, c *budget.Controller, b budget.Budget, line budget.LineID) budget.Position {
	tb.Helper()
	s, err := c.Statement(tb.Context(), b)
	require.NoError(tb, err)
	return s.Position(line)
}

// amounts reads "planned/approved/committed/spent/available" in liras.
func amounts(p budget.Position) string {
	return fmt.Sprintf("%s/%s/%s/%s/%s", p.Planned.Amount(), p.Approved.Amount(), p.Committed.Amount(), p.Spent.Amount(), p.Available.Amount())
}

// reports is a source that yields what it is told.
type reports []budget.Spend

func (r reports) Spend(context.Context, sosyal.BrandID, sosyal.Period) iter.Seq2[budget.Spend, error] {
	return func(yield func(budget.Spend, error) bool) {
		for _, s := range r {
			if !yield(s, nil) {
				return
			}
		}
	}
}
