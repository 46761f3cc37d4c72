package loop

import (
	"context"
	"errors"
	"fmt"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/budget"
	"github.com/yukselenler/sosyal/calendar"
	"github.com/yukselenler/sosyal/campaign"
	"github.com/yukselenler/sosyal/planning"
)

// goalPlan is what management agreed to reach in a month.
type goalPlan struct {
	Tree     planning.Tree   `json:"tree"`
	Approval sosyal.Approval `json:"approval"`
}

// hash covers all goals.
func (g goalPlan) hash() sosyal.ContentHash {
	h := sosyal.NewContentHasher("v1", "goal_plan")
	for _, goal := range g.Tree {
		h.Hash("goal", goal.ContentHash())
	}
	return h.Sum()
}

// piece is an item of the calendar with its approval.
type piece struct {
	Item     calendar.Item   `json:"item"`
	Approval sosyal.Approval `json:"approval"`
}

// adPlan is an ad campaign with its approval and what speaks for it.
type adPlan struct {
	Campaign campaign.Campaign `json:"campaign"`
	Approval sosyal.Approval   `json:"approval"`
	Reasons  []sosyal.Reason   `json:"reasons,omitempty"`
}

// month is how far a month has been played.
type month struct {
	// Days is how many days are behind; a day counts when all it brought is kept.
	Days     int  `json:"days"`
	Finished bool `json:"finished"`
}

// imported notes that a history is in the database.
type imported struct {
	Month string `json:"month"`
}

// collections are the documents of the loop.
type collections struct {
	goals      sosyal.Collection[goalPlan]
	strategies sosyal.Collection[planning.Strategy]
	pieces     sosyal.Collection[piece]
	ads        sosyal.Collection[adPlan]
	budgets    sosyal.Collection[budget.Budget]
	requests   sosyal.Collection[budget.Request]
	months     sosyal.Collection[month]
	imports    sosyal.Collection[imported]
}

func newCollections(d sosyal.Documents) collections {
	return collections{
		goals:      sosyal.Collection[goalPlan]{Documents: d, Kind: "storefront.goals", Schema: 1},
		strategies: sosyal.Collection[planning.Strategy]{Documents: d, Kind: "planning.strategy", Schema: 1},
		pieces: sosyal.Collection[piece]{Documents: d, Kind: "calendar.item", Schema: 1, Index: func(p piece) sosyal.Index {
			return sosyal.Index{State: string(p.Item.State()), Parent: string(p.Item.Category)}
		}},
		ads: sosyal.Collection[adPlan]{Documents: d, Kind: "campaign.campaign", Schema: 1, Index: func(a adPlan) sosyal.Index {
			return sosyal.Index{State: string(a.Campaign.State), Parent: a.Campaign.Period.From.Format("2006-01")}
		}},
		budgets:  sosyal.Collection[budget.Budget]{Documents: d, Kind: "budget.budget", Schema: 1},
		requests: sosyal.Collection[budget.Request]{Documents: d, Kind: "budget.request", Schema: 1},
		months:   sosyal.Collection[month]{Documents: d, Kind: "storefront.month", Schema: 1},
		imports:  sosyal.Collection[imported]{Documents: d, Kind: "storefront.import", Schema: 1},
	}
}

// once returns what is stored under the id, and where nothing is, makes and
// stores it: that is how a run that was cut off repeats nothing.
func once[T any](
	ctx context.Context, c sosyal.Collection[T], brand sosyal.BrandID, id string, create func() (T, []sosyal.Event, error),
) (value T, made bool, err error) {
	stored, err := c.Load(ctx, brand, id)
	if err == nil {
		return stored.Value, false, nil
	}
	if !errors.Is(err, sosyal.ErrNotFound) {
		return value, false, fmt.Errorf("loading %s %s: %w", c.Kind, id, err)
	}
	value, events, err := create()
	if err != nil {
		return value, false, err
	}
	if err := c.Write(ctx, brand, sosyal.Create(id, value, events...)); err != nil {
		return value, false, fmt.Errorf("storing %s %s: %w", c.Kind, id, err)
	}
	return value, true, nil
}
