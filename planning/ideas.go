package planning

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/calendar"
	"github.com/yukselenler/sosyal/engagement/reputation"
	"github.com/yukselenler/sosyal/internal/stat"
)

// IdeaInput is what ideas are made from.
type IdeaInput struct {
	Topics []reputation.Topic
	// Answers is the category of content that answers complaints, Stories that of
	// content about what people like to talk about. A category that is left empty
	// gets no ideas; one of the two is required.
	Answers, Stories sosyal.CategoryID
	// MinMentions is how many mentions a topic needs. Default 10.
	MinMentions int
	// Limit is the most ideas returned. Default: one for each topic.
	Limit int
}

// ideaLevel is the level of the interval that makes a topic a complaint.
const ideaLevel = 0.95

// Ideas turns what people talk about into ideas for content, in the order of the
// topics. A topic is a complaint when more than half of its mentions are negative
// beyond chance: when the whole 95% interval of their share lies above one half
// (Wilson, JASA 22, 1927). Mentions that copy each other make the true interval
// wider, so a complaint on few mentions is a hint. Every other topic with enough
// mentions is something to tell a story about.
//
// Titles are written in the catalogue's language, with [Messages]. An idea's id
// is "topic/" and the keyword: the same topic next month is the same idea. Too
// thin topics give none, and without any the result is empty. The error tells
// what is wrong with the input.
func Ideas(in IdeaInput, c sosyal.Catalogue) ([]calendar.Idea, error) {
	if err := in.Validate(); err != nil {
		return nil, fmt.Errorf("ideas: %w", err)
	}
	least, limit := in.MinMentions, in.Limit
	if least == 0 {
		least = 10
	}
	if limit == 0 {
		limit = len(in.Topics)
	}
	var ideas []calendar.Idea
	for _, t := range in.Topics {
		if len(ideas) == limit {
			break
		}
		if t.Mentions < least {
			continue
		}
		category, code, why := in.Stories, "planning.idea.story", talkedAbout(t)
		if low, high := stat.Wilson(float64(t.Negative), float64(t.Mentions), ideaLevel); low > 0.5 {
			category, code, why = in.Answers, "planning.idea.answer", complainedAbout(t, low, high)
		}
		if category == "" {
			continue
		}
		ideas = append(ideas, calendar.Idea{
			ID: calendar.IdeaID("topic/" + t.Keyword), Category: category, Source: "reputation",
			Title:   c.Text(sosyal.Because(code, sosyal.TextArg("topic", cmp.Or(t.Spelling, t.Keyword)))),
			Reasons: []sosyal.Reason{why},
		})
	}
	return ideas, nil
}

// Validate reports what ideas cannot be made from.
func (in IdeaInput) Validate() error {
	var p sosyal.Problems
	p.Require(in.Answers != "" || in.Stories != "", "stories", "must be a category, or answers must be one", "")
	p.Require(in.MinMentions >= 0, "min_mentions", "must not be negative", strconv.Itoa(in.MinMentions))
	p.Require(in.Limit >= 0, "limit", "must not be negative", strconv.Itoa(in.Limit))
	seen := make(map[string]bool, len(in.Topics))
	for i, t := range in.Topics {
		at := fmt.Sprintf("topics[%d]", i)
		p.Require(t.Keyword != "", at+".keyword", "is required", "")
		p.Require(!seen[t.Keyword], at+".keyword", "must not repeat", t.Keyword)
		p.Require(t.Mentions >= 0, at+".mentions", "must not be negative", strconv.Itoa(t.Mentions))
		p.Require(t.Negative >= 0 && t.Negative <= t.Mentions, at+".negative", "must be from 0 to the mentions", strconv.Itoa(t.Negative))
		seen[t.Keyword] = true
	}
	return p.Err()
}

func complainedAbout(t reputation.Topic, low, high float64) sosyal.Reason {
	return sosyal.Because("planning.idea.complaint", sosyal.TextArg("topic", cmp.Or(t.Spelling, t.Keyword)),
		sosyal.PercentArg("share", float64(t.Negative)/float64(t.Mentions), 0), sosyal.CountArg("n", t.Mentions),
		sosyal.PercentArg("level", ideaLevel, 0), sosyal.PercentArg("low", low, 0), sosyal.PercentArg("high", high, 0))
}

func talkedAbout(t reputation.Topic) sosyal.Reason {
	return sosyal.Because("planning.idea.talk", sosyal.TextArg("topic", cmp.Or(t.Spelling, t.Keyword)),
		sosyal.CountArg("n", t.Mentions), sosyal.PercentArg("share", t.Share, 1))
}

// IdeaRequest asks an [Ideator] for ideas.
type IdeaRequest struct {
	Brand    sosyal.BrandID
	Language sosyal.Language
	// Period is the time that the ideas are for.
	Period sosyal.Period
	// Categories are those that need ideas, with their names and formats.
	Categories []calendar.Category
	// Topics, Days and Products are what an idea may take up.
	Topics   []reputation.Topic
	Days     []calendar.SpecialDay
	Products []sosyal.Product
	// Limit is the most ideas wanted; it must be positive.
	Limit int
}

// Ideator has ideas for content: a host's language model, or a person behind a
// form. It must be safe for concurrent use. Call it through [AskForIdeas], which
// holds the answer to the request.
type Ideator interface {
	Ideas(ctx context.Context, r IdeaRequest) ([]calendar.Idea, error)
}

// AskForIdeas asks an ideator and keeps what can be used, in the ideator's order
// and at most as many as asked for. An idea is dropped when it is incomplete, has
// the id of an earlier one, or names a category or a product that the request
// does not hold: models make things up. What was dropped is in the second
// result, one [sosyal.FieldError] for each broken rule. The error is the
// ideator's own, or tells what is wrong with the request; then there are no
// ideas.
func AskForIdeas(ctx context.Context, i Ideator, r IdeaRequest) (ideas []calendar.Idea, dropped []sosyal.FieldError, err error) {
	if err := r.Validate(); err != nil {
		return nil, nil, fmt.Errorf("asking for ideas: %w", err)
	}
	offered, err := i.Ideas(ctx, r)
	if err != nil {
		return nil, nil, fmt.Errorf("asking for ideas: %w", err)
	}
	seen := make(map[calendar.IdeaID]bool, len(offered))
	for k, idea := range offered {
		var p sosyal.Problems
		p.Nest(fmt.Sprintf("ideas[%d]", k), r.check(idea, seen))
		if err := p.Err(); err != nil {
			dropped = append(dropped, sosyal.FieldErrors(err)...)
			continue
		}
		seen[idea.ID] = true
		if len(ideas) < r.Limit {
			ideas = append(ideas, idea)
		}
	}
	return ideas, dropped, nil
}

// Validate reports what nobody can be asked with.
func (r IdeaRequest) Validate() error {
	var p sosyal.Problems
	p.Require(r.Brand != "", "brand", "is required", "")
	p.Require(r.Language != "", "language", "is required", "")
	p.Nest("period", r.Period.Validate())
	p.Require(len(r.Categories) > 0, "categories", "must not be empty", "")
	for i, c := range r.Categories {
		p.Nest(fmt.Sprintf("categories[%d]", i), c.Validate())
	}
	p.Require(r.Limit > 0, "limit", "must be positive", strconv.Itoa(r.Limit))
	return p.Err()
}

// check reports what keeps an idea from being used.
func (r IdeaRequest) check(idea calendar.Idea, seen map[calendar.IdeaID]bool) error {
	var p sosyal.Problems
	p.Nest("", idea.Validate())
	p.Require(!seen[idea.ID], "id", "must not repeat", string(idea.ID))
	known := slices.ContainsFunc(r.Categories, func(c calendar.Category) bool { return c.ID == idea.Category })
	p.Require(known || idea.Category == "", "category", "must be one that was asked for", string(idea.Category))
	for i, id := range idea.Products {
		offered := slices.ContainsFunc(r.Products, func(p sosyal.Product) bool { return p.ID == id })
		p.Require(offered, fmt.Sprintf("products[%d]", i), "must be a product of the request", string(id))
	}
	return p.Err()
}
