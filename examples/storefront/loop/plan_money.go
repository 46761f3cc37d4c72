package loop

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/budget"
	"github.com/yukselenler/sosyal/campaign"
)

// reviewTime is how long the people of the shop take to decide.
const reviewTime = 3 * time.Hour

// planMoney plans the month's budget, asks for it, has it approved and commits
// it to the campaigns, once each.
func (r *run) planMoney(ctx context.Context) error {
	if len(r.campaigns) == 0 {
		return nil
	}
	thresholds, err := r.thresholds()
	if err != nil {
		return err
	}
	r.control = &budget.Controller{Ledger: r.store.ledger, Thresholds: thresholds, Now: func() time.Time { return r.now }}
	var made bool
	r.money, made, err = once(ctx, r.store.budgets, r.brand, r.monthID(), func() (budget.Budget, []sosyal.Event, error) {
		b, err := r.draftBudget()
		return b, nil, err
	})
	if err != nil {
		return err
	}
	r.request, _, err = once(ctx, r.store.requests, r.brand, r.monthID(), func() (budget.Request, []sosyal.Event, error) {
		request, err := r.askForMoney(thresholds)
		if err != nil {
			return request, nil, err
		}
		amount, err := request.Amount()
		funded := sosyal.Because("storefront.funded", sosyal.TextArg("month", r.monthID()), sosyal.MoneyArg("amount", amount))
		return request, []sosyal.Event{r.event("budget.request.approved", "budget.request", r.monthID(), funded)}, err
	})
	if err != nil {
		return err
	}
	if err := r.commit(ctx); err != nil {
		return err
	}
	total, err := r.money.Planned()
	if err != nil {
		return err
	}
	r.said(made, "money: %s planned and approved, committed to %s", total.Format(r.options.Language),
		counted(len(r.campaigns), "campaign", "campaigns"))
	return nil
}

// thresholds: finance decides up to a sum, above it management as well.
func (r *run) thresholds() (budget.Thresholds, error) {
	limit, err := sosyal.NewMoney(decimal.NewFromInt(100_000), r.data.currency)
	if err != nil {
		return nil, err
	}
	both := policy("finance", sosyal.RoleFinance)
	both.Steps = append(both.Steps, sosyal.ApprovalStep{Name: "management", Roles: []sosyal.Role{sosyal.RoleManagement}})
	return budget.Thresholds{{UpTo: limit, Policy: policy("finance", sosyal.RoleFinance)}, {Policy: both}}, nil
}

// productionPart is what making content costs beside what media cost.
const productionPart = "0.10"

// draftBudget has a line for each campaign and one for production.
func (r *run) draftBudget() (budget.Budget, error) {
	b := budget.Budget{
		ID: budget.ID("month/" + r.period.From.String()), Brand: r.brand, Name: r.word("Sosyal medya ", "Social media ") + r.monthID(),
		Period: r.period, Currency: r.data.currency, Version: 1,
	}
	media := sosyal.Money{}
	for _, stored := range r.sortedCampaigns() {
		c := stored.Value.Campaign
		total, err := c.Total()
		if err != nil {
			return b, err
		}
		if media, err = media.Add(total); err != nil {
			return b, err
		}
		b.Lines = append(b.Lines, budget.Line{ID: budget.LineID(c.ID), Kind: budget.Media, Name: c.Name, Campaign: c.ID, Planned: total})
	}
	production := media.Mul(decimal.RequireFromString(productionPart)).Round(sosyal.HalfUp)
	b.Lines = append(b.Lines, budget.Line{ID: "production", Kind: budget.Production, Name: r.word("İçerik yapımı", "Content production"), Planned: production})
	return b, nil
}

// askForMoney submits the request and lets the people whom its amount needs
// decide.
func (r *run) askForMoney(t budget.Thresholds) (budget.Request, error) {
	request := budget.Request{
		ID: budget.RequestID(r.monthID()), Brand: r.brand, Budget: r.money.ID, Period: r.period, Purpose: r.money.Name,
		Effect: r.word("Ayın hedeflerine ulaşmak", "Reaching the goals of the month"),
	}
	for _, l := range r.money.Lines {
		request.Lines = append(request.Lines, budget.RequestLine{Line: l.ID, Amount: l.Planned})
	}
	for _, stored := range r.sortedCampaigns() {
		reasons := stored.Value.Reasons
		request.Evidence = append(request.Evidence, reasons[:min(2, len(reasons))]...)
	}
	request, err := request.Submit(t, r.people.manager, "", r.now)
	if err != nil {
		return request, err
	}
	for i, decider := range []sosyal.Actor{r.people.finance, r.people.management} {
		at := r.now.Add(time.Duration(i+1) * time.Hour)
		if request.Approved(at) {
			break
		}
		request.Approval, err = request.Approval.Decide(sosyal.Decision{By: decider, Verdict: sosyal.VerdictApprove, Hash: request.ContentHash()}, at)
		if err != nil {
			return request, err
		}
	}
	return request, nil
}

// commit enters plan and approval into the ledger and reserves each campaign's
// money. All of it is safe to repeat.
func (r *run) commit(ctx context.Context) error {
	before := r.now
	r.now = r.now.Add(reviewTime)
	defer func() { r.now = before }()
	if err := r.control.Plan(ctx, r.money, r.people.manager.ID); err != nil {
		return err
	}
	if err := r.options.stop("approve"); err != nil {
		return err
	}
	if err := r.control.Approve(ctx, r.money, r.request, r.people.finance.ID); err != nil {
		return err
	}
	for _, l := range r.money.Lines {
		if err := r.options.stop("reserve"); err != nil {
			return err
		}
		_, err := r.control.Reserve(ctx, r.money, r.request, budget.Commitment{
			Key: "commit/" + string(l.ID), Line: l.ID, Amount: l.Planned, By: r.people.manager.ID,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// gate is what a campaign needs to run.
func (r *run) gate(plan adPlan) campaign.Gate {
	g := campaign.Gate{Content: plan.Approval, Money: r.request.Approval, Funding: r.request.ContentHash(), Facts: r.facts}
	for _, l := range r.request.Lines {
		if l.Line == budget.LineID(plan.Campaign.ID) {
			g.Amount = l.Amount
		}
	}
	return g
}

// spendSource hands what platforms have reported by now to the controller.
type spendSource struct{ run *run }

// Spend yields each campaign's spend by day, as last reported.
func (s spendSource) Spend(_ context.Context, _ sosyal.BrandID, period sosyal.Period) iter.Seq2[budget.Spend, error] {
	return func(yield func(budget.Spend, error) bool) {
		byDay := map[string]budget.Spend{}
		rows, err := campaign.Latest(func(yield func(campaign.AdRow, error) bool) {
			for _, row := range s.run.data.ads {
				if period.Contains(row.Period.From) && !row.ReportedAt.After(s.run.now) && !yield(row, nil) {
					return
				}
			}
		})
		if err != nil {
			yield(budget.Spend{}, err)
			return
		}
		for _, row := range rows {
			key := fmt.Sprintf("%s/%s", row.Campaign, row.Period.From)
			sum, ok := byDay[key]
			if !ok {
				sum = budget.Spend{Source: string(row.Platform), Campaign: sosyal.CampaignID(row.Campaign), Day: row.Period.From}
			}
			if sum.Amount, err = sum.Amount.Add(row.Spend); err != nil {
				yield(budget.Spend{}, err)
				return
			}
			if row.ReportedAt.After(sum.Reported) {
				sum.Reported = row.ReportedAt
			}
			byDay[key] = sum
		}
		for _, key := range sortedKeys(byDay) {
			if !yield(byDay[key], nil) {
				return
			}
		}
	}
}
