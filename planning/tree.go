package planning

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// Tree is a set of goals that hang together by their parents.
type Tree []Goal

// Validate checks each goal, that parents exist and do not go in circles, that
// children lie within their parent's period and currency, and that children of
// an accumulating goal with the parent's measure do not promise less than it.
func (t Tree) Validate() error {
	var p sosyal.Problems
	byID := make(map[GoalID]Goal, len(t))
	for _, g := range t {
		p.Nest(string(g.ID), g.Validate())
		_, twice := byID[g.ID]
		p.Require(!twice, string(g.ID), "must not stand twice", "")
		byID[g.ID] = g
	}
	for _, g := range t {
		if g.Parent == "" {
			continue
		}
		parent, ok := byID[g.Parent]
		p.Require(ok, string(g.ID)+".parent", "must be a goal of the tree", string(g.Parent))
		if ok {
			inside := parent.Period.From <= g.Period.From && g.Period.To <= parent.Period.To
			p.Require(inside, string(g.ID)+".period", "must lie within the parent's", g.Period.String())
			p.Require(parent.Brand == g.Brand, string(g.ID)+".brand", "must be the parent's", string(g.Brand))
		}
		p.Require(!t.circular(byID, g), string(g.ID)+".parent", "must not lead back to the goal", string(g.Parent))
	}
	for _, g := range t {
		if short, ok := t.shortfall(g); ok {
			p.Add(string(g.ID), "must be covered by its parts", short.String()+" short")
		}
	}
	return p.Err()
}

func (t Tree) circular(byID map[GoalID]Goal, g Goal) bool {
	at := g
	for range len(t) {
		parent, ok := byID[at.Parent]
		if at.Parent == "" || !ok {
			return false
		}
		if parent.ID == g.ID {
			return true
		}
		at = parent
	}
	return false // a circle further up, reported at its own members
}

// shortfall is by how much the parts of a goal fall short of it.
func (t Tree) shortfall(g Goal) (decimal.Decimal, bool) {
	if g.Measure.Accrual() == Stands {
		return decimal.Decimal{}, false
	}
	sum, parts := decimal.Zero, 0
	for _, child := range t.Children(g.ID) {
		if child.Measure == g.Measure && child.Currency == g.Currency {
			sum, parts = sum.Add(child.Target), parts+1
		}
	}
	short := g.Target.Sub(sum)
	return short, parts > 0 && short.Sign() > 0
}

// Children returns the parts of a goal in the tree's order.
func (t Tree) Children(id GoalID) []Goal {
	var out []Goal
	for _, g := range t {
		if g.Parent == id {
			out = append(out, g)
		}
	}
	return out
}

// Roots returns the goals without a parent.
func (t Tree) Roots() []Goal { return t.Children("") }

// Objectives returns the objectives that the tree's roots serve, in funnel
// order, each once.
func (t Tree) Objectives() []sosyal.Objective {
	var out []sosyal.Objective
	for _, o := range sosyal.Objectives() {
		if slices.ContainsFunc(t.Roots(), func(g Goal) bool { return g.Objective == o }) {
			out = append(out, o)
		}
	}
	return out
}
