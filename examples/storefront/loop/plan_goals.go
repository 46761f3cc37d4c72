package loop

import (
	"context"
	"errors"
	"fmt"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement"
	"github.com/yukselenler/sosyal/planning"
)

// stretch is by how much the shop wants to do better than its own trend.
const stretch = "1.05"

// setGoals sets the month's goals with management, once.
func (r *run) setGoals(ctx context.Context) error {
	plan, made, err := once(ctx, r.store.goals, r.brand, r.monthID(), func() (goalPlan, []sosyal.Event, error) {
		tree, err := r.proposeGoals()
		plan := goalPlan{Tree: tree}
		if err := errors.Join(err, tree.Validate()); err != nil {
			return plan, nil, fmt.Errorf("setting goals: %w", err)
		}
		plan.Approval, err = agreed(policy("management", sosyal.RoleManagement), r.brand, "goals/"+r.monthID(), plan.hash(), r.people.manager, r.people.management, r.now)
		return plan, []sosyal.Event{r.event("planning.goals.approved", "storefront.goals", r.monthID(),
			sosyal.Because("storefront.agreed", sosyal.TextArg("month", r.monthID())))}, err
	})
	if err != nil {
		return err
	}
	r.goals = plan
	r.said(made, "goals: %d, agreed with management", len(plan.Tree))
	return nil
}

// proposeGoals derives goals from the shop's own past: revenue by trend and by
// the same month a year before where there is one, the part that social networks
// bring, interactions, and followers where they are known.
func (r *run) proposeGoals() (planning.Tree, error) {
	factor := decimal.RequireFromString(stretch)
	recent := r.before(30)
	goal := func(id planning.GoalID, name string, o sosyal.Objective, m planning.Measure, level planning.Level, target decimal.Decimal) planning.Goal {
		g := planning.Goal{
			ID: planning.GoalID(r.monthID()) + "/" + id, Brand: r.brand, Name: name, Level: level, Owner: r.people.manager.ID,
			Objective: o, Measure: m, Target: target, Period: r.period,
		}
		if m.InMoney() {
			g.Currency = r.data.currency
		}
		return g
	}
	var tree planning.Tree
	revenue := goal("revenue", r.word("Ciro", "Revenue"), sosyal.Sales, planning.Revenue, planning.Company,
		roundTo(r.expectedRevenue().Mul(factor), 1000))
	tree = append(tree, revenue)
	if social, parts := r.socialRevenue(recent); social.Sign() > 0 {
		target := roundTo(social.Mul(decimal.NewFromInt(int64(r.period.Days()))).DivRound(decimal.NewFromInt(30), 2).Mul(factor), 100)
		g := goal("social", r.word("Sosyal ağlardan ciro", "Revenue from social networks"), sosyal.Sales, planning.SocialRevenue, planning.Team,
			decimal.Min(target, revenue.Target)) // the whole is carried on from three months, its part from one
		g.Parent = revenue.ID
		tree = append(tree, g)
		children, err := g.Breakdown(parts...)
		if err != nil {
			return nil, err
		}
		tree = append(tree, children...)
	}
	if n := r.interactions(r.lastPosts(30)); n > 0 {
		target := decimal.NewFromFloat(n / 30 * float64(r.period.Days())).Mul(factor)
		tree = append(tree, goal("engagement", r.word("Etkileşim", "Interactions"), sosyal.Engagement, planning.Interactions, planning.Team, roundTo(target, 10)))
	}
	if now, gain, ok := r.followerTrend(); ok {
		g := goal("awareness", r.word("Takipçi", "Followers"), sosyal.Awareness, planning.Followers, planning.Team,
			roundTo(decimal.NewFromFloat(now+gain), 10))
		g.Baseline = decimal.NewFromFloat(now)
		tree = append(tree, g)
	}
	return tree, nil
}

// roundTo rounds up to a multiple, and to at least one of it.
func roundTo(d decimal.Decimal, multiple int64) decimal.Decimal {
	m := decimal.NewFromInt(multiple)
	return decimal.Max(d.DivRound(m, 8).Ceil(), decimal.NewFromInt(1)).Mul(m)
}

// before is the period of so many days that ends where the month begins, or
// where the data end before that.
func (r *run) before(days int) sosyal.Period {
	end := min(r.period.From, r.data.lastOrder+1)
	return sosyal.Period{From: end - date.Date(days), To: end}
}

// lastPosts is the period of so many days that ends with the last post. Two
// exports need not end on the same day, or even in the same year.
func (r *run) lastPosts(days int) sosyal.Period {
	var last date.Date
	for _, p := range r.data.posts {
		last = max(last, sosyal.DateOf(p.At, r.zone))
	}
	return sosyal.Period{From: last + 1 - date.Date(days), To: last + 1}
}

// expectedRevenue carries the last ninety days on; where the same days a year
// ago are known, by what the month was then against them.
func (r *run) expectedRevenue() decimal.Decimal {
	recent := r.before(90)
	daily := r.data.book.Revenue(recent).Net.Amount().DivRound(decimal.NewFromInt(90), 8)
	expected := daily.Mul(decimal.NewFromInt(int64(r.period.Days())))
	yearAgo := func(p sosyal.Period) sosyal.Period {
		return sosyal.Period{From: p.From.AddDate(-1, 0, 0), To: p.To.AddDate(-1, 0, 0)}
	}
	then := r.data.book.Revenue(yearAgo(recent)).Net
	month := r.data.book.Revenue(yearAgo(r.period)).Net
	if then.Sign() <= 0 || month.Sign() <= 0 || r.data.first > yearAgo(recent).From {
		return expected
	}
	days := decimal.NewFromInt(int64(yearAgo(r.period).Days()))
	season := month.Amount().DivRound(days, 8).DivRound(then.Amount().DivRound(decimal.NewFromInt(90), 8), 8)
	return expected.Mul(season)
}

// socialRevenue is what orders brought whose links name a network or an ad
// platform, with the parts of each.
func (r *run) socialRevenue(p sosyal.Period) (decimal.Decimal, []planning.Part) {
	bySource := map[string]decimal.Decimal{}
	for _, o := range r.data.book.Origins(p) {
		if o.UTM.Source != "" && (o.UTM.Medium == "social" || o.UTM.Medium == "paid_social") {
			bySource[o.UTM.Source] = bySource[o.UTM.Source].Add(o.Net.Amount())
		}
	}
	total := decimal.Zero
	var parts []planning.Part
	for _, source := range sortedKeys(bySource) {
		amount := decimal.Max(bySource[source], decimal.Zero)
		total = total.Add(amount)
		part := planning.Part{Name: r.texts.Term(source), Weight: amount}
		if r.isNetwork(source) {
			part.Network = sosyal.Network(source)
		}
		parts = append(parts, part)
	}
	return total, parts
}

// interactions sums up what posts of a period received so far.
func (r *run) interactions(p sosyal.Period) float64 {
	sum := 0.0
	for _, post := range r.data.posts {
		if p.Contains(sosyal.DateOf(post.At, r.zone)) {
			if v, ok := r.latest(post).Value(sosyal.Interactions); ok {
				sum += v
			}
		}
	}
	return sum
}

// latest is the last known state of a post: its captures, or what the export says.
func (r *run) latest(p engagement.Post) sosyal.Counts {
	if c, ok := r.captured[p.ID]; ok {
		return c
	}
	return p.Counts
}

// followerTrend is the number of followers now and what the last thirty days
// added, over all networks.
func (r *run) followerTrend() (now, gain float64, ok bool) {
	for _, levels := range r.data.followers {
		last, before := levels[len(levels)-1], levels[0]
		for _, l := range levels {
			if l.day <= last.day-30 {
				before = l
			}
		}
		now, gain, ok = now+last.value, gain+last.value-before.value, true
	}
	return now, gain, ok
}

// followersOn is the sum of the networks' followers at the end of a day, and
// false where one of them is not known.
func (r *run) followersOn(d date.Date) (float64, bool) {
	sum := 0.0
	for _, levels := range r.data.followers {
		found := false
		for _, l := range levels {
			if l.day == d {
				sum, found = sum+l.value, true
			}
		}
		if !found {
			return 0, false
		}
	}
	return sum, len(r.data.followers) > 0
}
