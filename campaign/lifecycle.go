package campaign

import (
	"slices"
	"time"

	"github.com/yukselenler/sosyal"
)

// State is where a campaign stands.
type State string

// States of a campaign. Only Active delivers; in Scheduled and Paused the
// campaign stands on the platform, paused.
const (
	Draft     State = "draft"
	InReview  State = "in_review"
	Approved  State = "approved"
	Scheduled State = "scheduled"
	Active    State = "active"
	Paused    State = "paused"
	Ended     State = "ended"
	Archived  State = "archived"
)

// Next returns the states that may follow, in a fixed order. Nothing becomes
// active but what was scheduled or paused, so everything is created paused.
func (s State) Next() []State {
	switch s {
	case "", Draft:
		return []State{InReview, Archived}
	case InReview:
		return []State{Draft, Approved}
	case Approved:
		return []State{Draft, InReview, Scheduled}
	case Scheduled:
		return []State{Draft, InReview, Active, Paused, Ended}
	case Active:
		return []State{Paused, Ended}
	case Paused:
		return []State{Draft, InReview, Active, Ended}
	case Ended:
		return []State{Archived}
	case Archived:
		return nil
	default:
		return nil
	}
}

// Delivers reports whether the campaign may spend in this state. On the platform
// every other state is paused.
func (s State) Delivers() bool { return s == Active }

func (s State) valid() bool {
	return slices.Contains([]State{Draft, InReview, Approved, Scheduled, Active, Paused, Ended, Archived}, s)
}

// Gate is what a campaign needs to go on: the approval of its content, the
// approval of its money, and the brand's holds.
type Gate struct {
	// Content is the approval of the campaign's ContentHash.
	Content sosyal.Approval
	// Money is the approval of Funding, which identifies what was approved
	// there, and Amount how much of it is for this campaign.
	Money   sosyal.Approval
	Funding sosyal.ContentHash
	Amount  sosyal.Money
	Holds   sosyal.Holds
	// Facts give the networks that the platform's ads run on, which holds are
	// about.
	Facts Facts
}

// Move brings the campaign into another state, or says why it must not.
//
//   - in review: the campaign is complete and its content is submitted as it
//     stands
//   - approved: this very content is approved
//   - scheduled and active: besides, money is approved that covers the total,
//     no hold covers the campaign, and it has days left
//   - active: the first day has come
func (c Campaign) Move(to State, g Gate, now time.Time) (Campaign, error) {
	if !slices.Contains(c.State.Next(), to) {
		return c, sosyal.FieldError{Field: "state", Rule: "must not follow " + string(c.state()), Value: string(to)}
	}
	var p sosyal.Problems
	switch to {
	case InReview:
		p.Nest("", c.Ready())
		state := g.Content.State(now)
		open := state == sosyal.InReview || state == sosyal.Approved
		p.Require(open && g.Content.Hash() == c.ContentHash(), "content", "must be submitted for approval as it stands", string(state))
	case Approved:
		p.Nest("", c.approvedContent(g, now))
	case Scheduled, Active:
		p.Nest("", c.mayRun(g, now))
		if to == Active && p.Err() == nil {
			zone, _ := sosyal.LoadZone(c.Zone) // Validate has read it
			from, _ := c.Period.In(zone)
			p.Require(!now.Before(from), "period", "must have begun", c.Period.String())
		}
	case Draft, Paused, Ended, Archived:
	}
	if err := p.Err(); err != nil {
		return c, err
	}
	c.State = to
	return c, nil
}

func (c Campaign) state() State {
	if c.State == "" {
		return Draft
	}
	return c.State
}

func (c Campaign) approvedContent(g Gate, now time.Time) error {
	var p sosyal.Problems
	p.Nest("", c.Ready())
	state := g.Content.State(now)
	p.Require(state == sosyal.Approved, "content", "must be approved", string(state))
	p.Require(state != sosyal.Approved || g.Content.Approved(c.ContentHash(), now), "content", "must not have changed since it was approved", "")
	return p.Err()
}

// mayRun reports everything that keeps the campaign from going live.
func (c Campaign) mayRun(g Gate, now time.Time) error {
	var p sosyal.Problems
	p.Nest("", c.approvedContent(g, now))
	state := g.Money.State(now)
	p.Require(state == sosyal.Approved, "money", "must be approved", string(state))
	p.Require(state != sosyal.Approved || g.Money.Approved(g.Funding, now), "money", "must not have changed since it was approved", "")
	total, err := c.Total()
	p.Nest("", err)
	order, err := total.Compare(g.Amount)
	p.Nest("money", err)
	p.Require(err != nil || order <= 0, "money", "must cover the campaign: "+total.String(), g.Amount.String())
	if h, held := c.held(g, now); held {
		p.Add("hold", "must not be in force", h.ID)
	}
	zone, err := sosyal.LoadZone(c.Zone)
	if err == nil {
		_, to := c.Period.In(zone)
		p.Require(now.Before(to), "period", "must not be over", c.Period.String())
	}
	return p.Err()
}

// held returns the hold that covers the whole campaign at the instant: on the
// brand, on one of the platform's networks that its ads run on, on the account
// or on a country.
func (c Campaign) held(g Gate, now time.Time) (sosyal.Hold, bool) {
	for _, t := range c.targets(g.Facts, nil) {
		if h, ok := g.Holds.Covers(t, now); ok {
			return h, true
		}
	}
	return sosyal.Hold{}, false
}

// targets are where the campaign's ads go, for holds. A platform without known
// networks may reach any.
func (c Campaign) targets(f Facts, products []sosyal.ProductID) []sosyal.HoldTarget {
	networks := []sosyal.Network{""}
	if platform, ok := f.Platform(c.Platform); ok && len(platform.Networks) > 0 {
		networks = platform.Networks
	}
	var countries []string
	for _, s := range c.AdSets {
		countries = append(countries, s.Targeting.Countries...)
	}
	targets := make([]sosyal.HoldTarget, len(networks))
	for i, n := range networks {
		targets[i] = sosyal.HoldTarget{
			Destination: sosyal.Destination{Brand: c.Brand, Network: n, Account: c.Account},
			Countries:   countries, Products: products,
		}
	}
	return targets
}

// Enforce brings a campaign down to what is still permitted: an active one is
// paused when its content or money is no longer approved or a hold covers it,
// what was to run and has no days left is ended. The reasons say why; without any the
// campaign is as it was.
func (c Campaign) Enforce(g Gate, now time.Time) (Campaign, []sosyal.Reason) {
	running := c.State == Scheduled || c.State == Active || c.State == Paused
	if !running {
		return c, nil
	}
	if zone, err := sosyal.LoadZone(c.Zone); err == nil {
		if _, to := c.Period.In(zone); !now.Before(to) {
			c.State = Ended
			return c, []sosyal.Reason{sosyal.Because("campaign.ended", sosyal.TextArg("name", c.Name), sosyal.DateArg("day", c.Period.To-1))}
		}
	}
	if c.State == Paused {
		return c, nil
	}
	var reasons []sosyal.Reason
	if h, held := c.held(g, now); held {
		reasons = append(reasons, sosyal.Because("campaign.paused.hold", sosyal.TextArg("name", c.Name), sosyal.TextArg("reason", h.Reason)))
	} else if err := c.mayRun(g, now); err != nil {
		reasons = append(reasons, sosyal.Because("campaign.paused.approval", sosyal.TextArg("name", c.Name)))
	}
	if len(reasons) > 0 {
		c.State = Paused
	}
	return c, reasons
}

// BlockedAds returns the ads that must not run at the instant although the
// campaign may: none of their products can be bought, the creator's rights do
// not hold, or a hold covers one of their products. The keys are ad set and ad.
func (c Campaign) BlockedAds(g Gate, products func(sosyal.ProductID) (sosyal.Product, bool), now time.Time) (map[AdKey][]sosyal.Reason, error) {
	zone, err := sosyal.LoadZone(c.Zone)
	if err != nil {
		return nil, err
	}
	blocked := map[AdKey][]sosyal.Reason{}
	for _, s := range c.AdSets {
		for _, a := range s.Ads {
			reasons := a.Blocked(products, now, zone)
			for _, t := range c.targets(g.Facts, a.Products) {
				if h, ok := g.Holds.Covers(t, now); ok {
					reasons = append(reasons, h.Because())
					break
				}
			}
			if len(reasons) > 0 {
				blocked[AdKey{s.ID, a.ID}] = reasons
			}
		}
	}
	return blocked, nil
}

// AdKey names an ad within a campaign.
type AdKey struct {
	AdSet AdSetID
	Ad    AdID
}
