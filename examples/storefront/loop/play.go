package loop

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/budget"
	"github.com/yukselenler/sosyal/calendar"
	"github.com/yukselenler/sosyal/campaign"
	"github.com/yukselenler/sosyal/engagement"
	"github.com/yukselenler/sosyal/examples/storefront/demo"
)

// launch schedules the campaigns whose content and money are approved.
func (r *run) launch(ctx context.Context) error {
	r.now = r.now.Add(24 * time.Hour)
	return r.moveCampaigns(ctx, campaign.Scheduled)
}

// moveCampaigns brings every campaign that may go there into a state.
func (r *run) moveCampaigns(ctx context.Context, to campaign.State) error {
	var changes []sosyal.Change[adPlan]
	for _, stored := range r.campaigns {
		if !slices.Contains(stored.Value.Campaign.State.Next(), to) || to == campaign.Active && stored.Value.Campaign.State == campaign.Paused {
			continue
		}
		moved, err := stored.Value.Campaign.Move(to, r.gate(stored.Value), r.now)
		if err != nil {
			return fmt.Errorf("campaign %s: %w", stored.ID, err)
		}
		plan := stored.Value
		plan.Campaign = moved
		changes = append(changes, stored.Change(plan))
	}
	if len(changes) == 0 {
		return nil
	}
	if err := r.options.stop("campaign " + string(to)); err != nil {
		return err
	}
	if err := r.store.ads.Write(ctx, r.brand, changes...); err != nil {
		return fmt.Errorf("storing campaigns: %w", err)
	}
	return r.loadCampaigns(ctx)
}

// play goes through the days of the month, as far as they are known. The days
// that an earlier run has behind it are taken from the database and repeated in
// memory only.
func (r *run) play(ctx context.Context) error {
	if err := r.listen(ctx); err != nil {
		return err
	}
	b := r.bar("playing the month", int64(r.period.Days()), false)
	begun := r.progress.Days
	for n := range r.period.Days() {
		if err := ctx.Err(); err != nil {
			return err
		}
		known, err := r.playDay(ctx, r.period.From+date.Date(n), n >= begun)
		if err != nil {
			return err
		}
		if !known {
			break
		}
		b.set(int64(n + 1))
		r.progress.Days = max(r.progress.Days, n+1)
	}
	b.done()
	switch {
	case r.progress.Days == 0:
		r.step("  the month has not begun in the data: run again with newer exports")
	case begun > 0:
		r.step("  %d of %d days, %d of them kept from an earlier run", r.progress.Days, r.period.Days(), begun)
	default:
		r.step("  %d of %d days", r.progress.Days, r.period.Days())
	}
	return r.finish(ctx)
}

// playDay publishes what is due, takes in what the day brought, and brings money
// and alarms up to date. A day that was played before is only read again.
func (r *run) playDay(ctx context.Context, d date.Date, fresh bool) (bool, error) {
	_, isDemo := r.source.(*generated)
	if fresh && isDemo {
		r.now = sosyal.WallTime(0).On(d, r.zone)
		if err := r.moveCampaigns(ctx, campaign.Active); err != nil {
			return false, err
		}
		if err := r.publish(ctx, d); err != nil {
			return false, err
		}
	}
	out, err := r.outOn(ctx, d)
	if err != nil {
		return false, err
	}
	known, err := r.source.day(ctx, d, out, r.data)
	if err != nil || !known {
		return false, err
	}
	r.now = sosyal.WallTime(6*3600).On(d+1, r.zone) // the next morning
	r.seen = sosyal.WallTime(0).On(d+1, r.zone)
	if fresh {
		err = r.keep(ctx)
	} else { // kept when it was played
		r.remember()
		r.data.mentions = nil
	}
	if err != nil {
		return false, err
	}
	heard := len(r.alarms)
	if err := r.hear(ctx, d); err != nil {
		return false, err
	}
	if !fresh {
		return true, nil
	}
	if r.control != nil {
		if err := r.options.stop("sync"); err != nil {
			return false, err
		}
		if _, err := r.control.Sync(ctx, r.money, spendSource{r}, r.period); err != nil {
			return false, err
		}
	}
	if err := r.options.stop("day"); err != nil {
		return false, err
	}
	return true, r.noteDay(ctx, int(d-r.period.From)+1, false, r.alarms[heard:]...)
}

// noteDay records how far the month has been played, and has people told of the
// day's alarms.
func (r *run) noteDay(ctx context.Context, days int, finished bool, alarms ...sosyal.Reason) error {
	now := month{Days: days, Finished: finished}
	var events []sosyal.Event
	for _, alarm := range alarms {
		events = append(events, r.event("reputation.alarm", "storefront.month", r.monthID(), alarm))
	}
	stored, err := r.store.months.Load(ctx, r.brand, r.monthID())
	change := stored.Change(now, events...)
	switch {
	case errors.Is(err, sosyal.ErrNotFound):
		change = sosyal.Create(r.monthID(), now, events...)
	case err != nil:
		return fmt.Errorf("loading the month: %w", err)
	case stored.Value == now:
		return nil
	}
	if err := r.store.months.Write(ctx, r.brand, change); err != nil {
		return fmt.Errorf("storing the day: %w", err)
	}
	return nil
}

// publish sends out what is due on a day. The demo shop's networks are its
// world, which takes the posts as published; a host's publishers stand here.
// The state is stored before the world hears of a post, and the reference is
// made of the item, so a post cannot go out twice.
func (r *run) publish(ctx context.Context, d date.Date) error {
	var changes []sosyal.Change[piece]
	for _, stored := range r.pieces {
		p := stored.Value
		p.Item = p.Item.Clone()
		changed := false
		for i, v := range p.Item.Variants {
			if v.State != calendar.StateScheduled || v.At.Date != d {
				continue
			}
			if !p.Approval.Approved(p.Item.ContentHash(), r.now) {
				return fmt.Errorf("item %s: %w", p.Item.ID, sosyal.FieldError{Field: "approval", Rule: "must cover what is published"})
			}
			out, err := sent(p.Item, v)
			if err != nil {
				return fmt.Errorf("item %s: %w", p.Item.ID, err)
			}
			p.Item.Variants[i], changed = out, true
		}
		if changed {
			changes = append(changes, stored.Change(p))
		}
	}
	if len(changes) == 0 {
		return nil
	}
	if err := r.options.stop("publish"); err != nil {
		return err
	}
	if err := r.store.pieces.Write(ctx, r.brand, changes...); err != nil {
		return fmt.Errorf("storing what was published: %w", err)
	}
	return r.loadPieces(ctx)
}

// sent is a variant after it went out.
func sent(it calendar.Item, v calendar.Variant) (calendar.Variant, error) {
	at, err := v.At.Instant()
	if err != nil {
		return v, err
	}
	for _, s := range []calendar.State{calendar.StatePublishing, calendar.StatePublished} {
		if v, err = v.Become(s); err != nil {
			return v, err
		}
	}
	v.Reference, v.PublishedAt = fmt.Sprintf("%s@%s", it.ID, v.Destination), at
	return v, nil
}

// outOn is what is out on a day: posts of the played months up to it and the
// campaigns that run.
func (r *run) outOn(ctx context.Context, d date.Date) (running, error) {
	var out running
	for stored, err := range r.store.pieces.List(ctx, r.brand, sosyal.Query{}) {
		if err != nil {
			return out, fmt.Errorf("listing what is out: %w", err)
		}
		it := stored.Value.Item
		for _, v := range it.Variants {
			if v.State == calendar.StatePublished && v.At.Date <= d {
				out.posts = append(out.posts, worldPost(it, v))
				r.follow(postOf(it, v))
			}
		}
	}
	for stored, err := range r.store.ads.List(ctx, r.brand, sosyal.Query{}) {
		if err != nil {
			return out, fmt.Errorf("listing what is out: %w", err)
		}
		ads, err := worldAds(stored.Value.Campaign, d)
		if err != nil {
			return out, err
		}
		out.ads = append(out.ads, ads...)
	}
	return out, nil
}

// follow adds a post to those that are analysed, once.
func (r *run) follow(p engagement.Post) {
	for _, known := range slices.Backward(r.data.posts) {
		if known.ID == p.ID {
			return
		}
	}
	r.data.posts = append(r.data.posts, p)
}

// worldPost is a published variant as the demo world knows it.
func worldPost(it calendar.Item, v calendar.Variant) demo.Published {
	p := demo.Published{
		ID: v.Reference, Network: string(v.Destination.Network), Account: string(v.Destination.Account), Format: string(v.Format),
		Category: string(it.Category), Template: string(v.Template), Language: string(v.Language), At: v.PublishedAt, Caption: v.Text,
	}
	for _, id := range it.Products {
		p.Products = append(p.Products, string(id))
	}
	return p
}

// worldAds are a campaign's ads as the demo world knows them: one for each ad
// set, with its part of the day's money.
func worldAds(c campaign.Campaign, d date.Date) ([]demo.RunningAd, error) {
	ran := c.State == campaign.Active || c.State == campaign.Ended
	if !ran || !c.Period.Contains(d) {
		return nil, nil
	}
	day, err := c.On(d)
	if err != nil {
		return nil, err
	}
	weights := make([]decimal.Decimal, len(c.AdSets))
	for i, s := range c.AdSets {
		weights[i] = s.Spend.Amount.Amount()
	}
	parts, err := day.Split(weights...)
	if err != nil {
		return nil, err
	}
	var out []demo.RunningAd
	for i, s := range c.AdSets {
		if parts[i].Sign() == 0 {
			continue
		}
		out = append(out, demo.RunningAd{
			Campaign: string(c.ID), AdSet: string(s.ID), Ad: string(s.Ads[0].ID), Platform: string(c.Platform), Objective: string(c.Objective),
			Channel: channelOf(c.Platform, s.ID), DailyBudget: parts[i].Amount().StringFixed(2),
		})
	}
	return out, nil
}

// channelOf names the world's channel that an ad set speaks through; Meta has
// one for each kind of audience.
func channelOf(p campaign.Platform, s campaign.AdSetID) string {
	if p == campaign.Meta && s == "retargeting" {
		return "retargeting"
	}
	return ""
}

// finish closes the month when its last day is known.
func (r *run) finish(ctx context.Context) error {
	if r.progress.Days < r.period.Days() {
		return nil
	}
	r.now = sosyal.WallTime(9*3600).On(r.period.To+3, r.zone) // the platforms' last restatements are in
	if r.control != nil {
		if _, err := r.control.Sync(ctx, r.money, spendSource{r}, r.period); err != nil {
			return err
		}
		if err := r.moveCampaigns(ctx, campaign.Ended); err != nil {
			return err
		}
		if err := r.release(ctx); err != nil {
			return err
		}
	}
	if err := r.options.stop("finish"); err != nil {
		return err
	}
	r.progress.Finished = true
	return r.noteDay(ctx, r.progress.Days, true)
}

// release returns what campaigns did not spend; production was delivered and is
// paid in full.
func (r *run) release(ctx context.Context) error {
	production, ok := r.money.Line("production")
	if ok && production.Planned.Sign() > 0 {
		_, err := r.control.Post(ctx, r.money, r.request, budget.Payment{
			Key: "invoice/production", Line: production.ID, Reservation: "commit/production", Amount: production.Planned,
			Day: r.period.To - 1, By: r.people.finance.ID,
		})
		if err != nil {
			return err
		}
	}
	statement, err := r.control.Statement(ctx, r.money)
	if err != nil {
		return err
	}
	for _, stored := range r.sortedCampaigns() {
		left, known := statement.Reservation("commit/" + string(stored.Value.Campaign.ID))
		if !known || !left.Open || left.Rest.Sign() == 0 {
			continue
		}
		if err := r.control.Release(ctx, r.money, "commit/"+string(stored.Value.Campaign.ID), r.people.manager.ID); err != nil {
			return err
		}
	}
	return nil
}
