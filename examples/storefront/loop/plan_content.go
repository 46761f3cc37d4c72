package loop

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/calendar"
	"github.com/yukselenler/sosyal/calendar/network"
	"github.com/yukselenler/sosyal/engagement"
	"github.com/yukselenler/sosyal/engagement/reputation"
	"github.com/yukselenler/sosyal/planning"
)

// planContent makes the month's calendar, has each piece approved and schedules
// it, once.
func (r *run) planContent(ctx context.Context) error {
	days, err := calendar.Days(r.period, "TR", nil)
	if err != nil {
		return err
	}
	r.days = days
	r.texts = r.texts.With(calendar.OccasionTerms(days, r.options.Language))
	if err := r.loadPieces(ctx); err != nil || len(r.pieces) > 0 {
		r.said(false, "calendar: %d pieces of content", len(r.pieces))
		return err
	}
	talk, err := r.talkedAbout(ctx)
	if err != nil {
		return err
	}
	programme := r.programme()
	programme.Ideas = append(talk, programme.Ideas...)
	b := r.bar("planning the calendar", 1, false)
	plan, err := programme.Plan(ctx, calendar.Planner{})
	if err != nil {
		return err
	}
	b.done()
	var changes []sosyal.Change[piece]
	posts := 0
	for i, it := range plan.Items {
		p, err := r.approvePiece(it, i)
		if err != nil {
			return fmt.Errorf("item %s: %w", it.ID, err)
		}
		posts += len(p.Item.Variants)
		changes = append(changes, sosyal.Create(string(it.ID), p))
	}
	if err := r.options.stop("calendar"); err != nil {
		return err
	}
	if err := r.store.pieces.Write(ctx, r.brand, changes...); err != nil {
		return fmt.Errorf("storing the calendar: %w", err)
	}
	r.said(true, "calendar: %d pieces of content in %d posts, at most %.1f %% below the best possible plan",
		len(plan.Items), posts, 100*plan.Schedule.Gap())
	return r.loadPieces(ctx)
}

// loadPieces reads the month's calendar.
func (r *run) loadPieces(ctx context.Context) error {
	r.pieces = nil
	prefix := r.period.From.String() + "/"
	for stored, err := range r.store.pieces.List(ctx, r.brand, sosyal.Query{After: prefix}) {
		if err != nil {
			return fmt.Errorf("loading the calendar: %w", err)
		}
		if len(stored.ID) < len(prefix) || stored.ID[:len(prefix)] != prefix {
			break
		}
		r.pieces = append(r.pieces, stored)
	}
	return nil
}

// mostIdeas is how many ideas a category can need in a month.
const mostIdeas = 31

// programme turns the strategy into what the calendar is planned from.
func (r *run) programme() calendar.Programme {
	p := calendar.Programme{
		Brand: r.brand, Period: r.period, Country: "TR", Language: r.options.Language, Assignee: r.people.manager.ID,
	}
	if r.analysis != nil {
		p.Value = r.analysis.BestTimes().Value
	}
	hours := r.usualHours()
	seen := map[sosyal.CategoryID]float64{}
	for _, ch := range r.strategy.Channels {
		for _, s := range ch.Mix {
			seen[s.Category] += s.Share * float64(ch.PerWeek)
		}
	}
	for _, id := range sortedKeys(seen) {
		p.Categories = append(p.Categories, calendar.Category{
			ID: id, Name: r.texts.Term(string(id)), Share: seen[id], Selling: selling(id),
			Occasions: occasions(id),
		})
	}
	for _, ch := range r.strategy.Channels {
		count := int(math.Round(float64(ch.PerWeek) * float64(r.period.Days()) / 7))
		p.Channels = append(p.Channels, calendar.Channel{
			Cadence: calendar.Cadence{
				Destination: ch.Destination, Zone: r.options.Zone, PerDay: 2, MinGap: 3 * time.Hour,
				Hours: hours, Every: 60,
			},
			Count: count, Mix: ch.Mix, Formats: turns(ch.Formats),
		})
	}
	p.Ideas = r.ideas(p.Categories, mostIdeas)
	p.Rules = calendar.Rules{CategoryPerDay: 1, Blackouts: r.quietDays(p.Categories)}
	return p
}

// talkedAbout are ideas from what people wrote about the brand in the two months
// before, for the categories that listen and answer.
func (r *run) talkedAbout(ctx context.Context) ([]calendar.Idea, error) {
	from, to := sosyal.Period{From: r.period.From - 60, To: r.period.From}.In(r.zone)
	q := reputation.Query{About: []reputation.Tracked{r.ownBrand()}, From: from, To: to}
	topics, err := reputation.Topics(r.store.mentions.Scan(ctx, r.brand, q), reputation.TopicOptions{
		Keywords: listenFor(),
	})
	if err != nil {
		return nil, fmt.Errorf("listening: %w", err)
	}
	return planning.Ideas(planning.IdeaInput{Topics: topics, Answers: "topluluk", Stories: "topluluk", Limit: 2}, r.texts)
}

// usualPart is the part of the posts from which an hour counts as usual.
const usualPart = 0.03

// usualHours are the hours in which the shop has posted often enough for its
// figures to say something of them; a curve says nothing beyond its data. Without
// posts it is the day from eight to eleven.
func (r *run) usualHours() sosyal.Hours {
	var posts [24]int
	for _, p := range r.data.posts {
		posts[p.At.In(r.zone).Hour()]++
	}
	var out sosyal.Hours
	for h, n := range posts {
		if n == 0 || float64(n) < usualPart*float64(len(r.data.posts)) {
			continue
		}
		open := sosyal.WallTime(h * 3600)
		if last := len(out) - 1; last >= 0 && out[last].Close == open-3600+1 {
			out[last].Close = open + 1
		} else {
			out = append(out, sosyal.Span{Open: open, Close: open + 1})
		}
	}
	if len(out) == 0 {
		out = sosyal.Hours{{Open: 8 * 3600, Close: 23 * 3600}}
	}
	return out
}

// quietDays keeps a day of remembrance for the post that marks it.
func (r *run) quietDays(categories []calendar.Category) []calendar.Blackout {
	var out []calendar.Blackout
	for _, d := range r.days {
		if d.Tone != calendar.ToneCommemorate {
			continue
		}
		b := calendar.Blackout{Period: sosyal.Period{From: d.Date, To: d.Date + 1}}
		for _, c := range categories {
			if !slices.Contains(c.Occasions, d.ID) {
				b.Categories = append(b.Categories, c.ID)
			}
		}
		out = append(out, b)
	}
	return out
}

// occasion is the special day that an item marks.
func (r *run) occasion(it calendar.Item) (calendar.SpecialDay, bool) {
	for _, d := range r.days {
		if it.Occasion != "" && d.ID == it.Occasion {
			return d, true
		}
	}
	return calendar.SpecialDay{}, false
}

// selling categories offer something; they are kept off days of remembrance.
func selling(id sosyal.CategoryID) bool {
	return id == "kampanya" || id == "action" || id == "urun" || id == "product"
}

// occasions are the special days that a category marks.
func occasions(id sosyal.CategoryID) []string {
	switch id {
	case "kampanya", "action":
		return []string{"black_friday", "singles_day", "cyber_monday"}
	case "ilham", "inspiration":
		return []string{"republic_day", "teachers_day", "ataturk_memorial", "new_year", "ramazan_bayrami", "kurban_bayrami", "mothers_day", "womens_day"}
	}
	return nil
}

// turns lists formats so that taking them in turn keeps their shares.
func turns(shares []planning.FormatShare) []sosyal.Format {
	const length = 12
	var out []sosyal.Format
	given := make([]float64, len(shares))
	for n := 1; n <= length; n++ {
		best, most := -1, 0.0
		for i, s := range shares {
			if missing := s.Share*float64(n) - given[i]; best < 0 || missing > most {
				best, most = i, missing
			}
		}
		if best >= 0 {
			given[best]++
			out = append(out, shares[best].Format)
		}
	}
	return out
}

// approvePiece writes the texts, checks them against the networks, and takes
// the piece through review to its schedule. What a network would refuse stays a
// draft.
func (r *run) approvePiece(it calendar.Item, n int) (piece, error) {
	if d, ok := r.occasion(it); ok {
		it.Title = d.Name(r.options.Language)
		if d.Tone == calendar.ToneCommemorate {
			it.Products = nil
		}
	}
	for i := range it.Variants {
		v := &it.Variants[i]
		r.write(it, v, r.voice(v.Destination.Network), n)
	}
	p := piece{Item: it}
	if refused, err := r.refused(it); err != nil || refused {
		return p, err
	}
	var err error
	p.Approval, err = agreed(policy("content", sosyal.RoleReviewer), r.brand, "item/"+string(it.ID), it.ContentHash(), r.people.manager, r.people.reviewer, r.now)
	if err != nil {
		return p, err
	}
	for i, v := range it.Variants {
		states := []calendar.State{calendar.StateInReview, calendar.StateApproved}
		if v.At != (sosyal.LocalTime{}) {
			states = append(states, calendar.StateScheduled)
		}
		for _, s := range states {
			if v, err = v.Become(s); err != nil {
				return p, err
			}
		}
		p.Item.Variants[i] = v
	}
	return p, nil
}

// refused reports whether a network would refuse the text of a variant. Media
// are made after the plan and are checked when they are.
func (r *run) refused(it calendar.Item) (bool, error) {
	for _, v := range it.Variants {
		issues, err := calendar.Check(it, v, "TR", r.period.From)
		if err != nil {
			return false, err
		}
		for _, issue := range issues {
			if issue.Severity == network.Error && issue.Field != network.FieldMedia {
				r.step("  %s on %s stays a draft: %s", it.ID, v.Destination, r.texts.Text(issue.Fix))
				return true, nil
			}
		}
	}
	return false, nil
}

func (r *run) voice(n sosyal.Network) planning.Voice {
	for _, ch := range r.strategy.Channels {
		if ch.Destination.Network == n {
			return ch.Voice
		}
	}
	return planning.Voice{Hashtags: 1}
}

// postOf is a published variant as a post to be followed.
func postOf(it calendar.Item, v calendar.Variant) engagement.Post {
	return engagement.Post{
		ID: v.Reference, Destination: v.Destination, At: v.PublishedAt, Features: it.Features(v), Text: v.Text, Products: it.Products,
	}
}
