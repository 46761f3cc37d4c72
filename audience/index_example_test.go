package audience_test

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// customers stand for a host's table.
type customers []audience.Customer

func (c customers) Customers(context.Context, sosyal.BrandID) iter.Seq2[audience.Customer, error] {
	return func(yield func(audience.Customer, error) bool) {
		for _, one := range c {
			if !yield(one, nil) {
				return
			}
		}
	}
}

// changes stand for a host's log of changes; cursors are places in it.
type changes []audience.CustomerChange

func (c changes) Changes(_ context.Context, _ sosyal.BrandID, since string) iter.Seq2[audience.CustomerChange, error] {
	return func(yield func(audience.CustomerChange, error) bool) {
		for _, one := range c {
			if one.Cursor > since && !yield(one, nil) {
				return
			}
		}
	}
}

// A segment is saved once and then follows the customers.
func ExampleTracker() {
	ctx := context.Background()
	now := time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)
	ordered := func(days int) audience.Event {
		return audience.Event{Name: audience.Order, At: now.AddDate(0, 0, -days)}
	}
	tracker := &audience.Tracker{
		Brand: "shop", Zone: time.UTC, Now: func() time.Time { return now },
		Source: customers{
			{ID: "m-7", Interests: []string{"skincare"}, Events: []audience.Event{ordered(200), ordered(12)}},
			{ID: "m-8", Interests: []string{"skincare"}, Events: []audience.Event{ordered(40)}},
		},
		Changes: changes{
			{ID: "m-8", Add: []audience.Event{ordered(0)}, Cursor: "1"},
			{ID: "m-7", Remove: true, Cursor: "2"},
		},
	}
	if _, err := tracker.Load(ctx, ""); err != nil {
		fmt.Println(err)
		return
	}
	rule, err := audience.ParseRule([]byte(`{"version": 1, "rule": {"all": [
		{"interest": ["skincare"]}, {"count": {"of": "order", "is": "at_least", "value": 2}}]}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	would, _ := tracker.Count(ctx, rule)
	fmt.Println("it would have", would)
	_, err = tracker.Save(ctx, audience.Definition{ID: "regulars", Name: "Regulars", Kind: audience.RuleSegment, Rule: &rule})
	if err != nil {
		fmt.Println(err)
		return
	}
	moved, err := tracker.Sync(ctx)
	for _, m := range moved {
		for id := range m.Entered.All() {
			fmt.Println(id, "entered", m.Segment)
		}
		for id := range m.Left.All() {
			fmt.Println(id, "left", m.Segment)
		}
	}
	regulars, _ := tracker.Segment("regulars")
	fmt.Println("version", regulars.Version, "has", regulars.Members.Count(), err)
	// Output:
	// it would have 1
	// m-8 entered regulars
	// m-7 left regulars
	// version 2 has 1 <nil>
}

// An index answers rules without keeping the customers themselves.
func ExampleBuildIndex() {
	ctx := context.Background()
	shop := customers{
		{ID: "m-7", Profile: audience.Profile{City: "İzmir"}, Interests: []string{"skincare"}},
		{ID: "m-8", Profile: audience.Profile{City: "Ankara"}},
		{ID: "m-9", Interests: []string{"skincare", "hair"}},
	}
	index, err := audience.BuildIndex(ctx, "shop", audience.Schema{}, shop.Customers(ctx, "shop"))
	if err != nil {
		fmt.Println(err)
		return
	}
	rule := audience.Rule{Condition: audience.All{
		audience.HasInterest{"skincare"},
		audience.Not{Condition: audience.Property{Filter: audience.Filter{Name: "city", Is: audience.Equals, Value: audience.TextValue("İzmir")}}},
	}}
	program, err := rule.Compile(audience.Env{Brand: "shop", Now: time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC), Zone: time.UTC})
	if err != nil {
		fmt.Println(err)
		return
	}
	members, err := program.Evaluate(ctx, index)
	if err != nil {
		fmt.Println(err)
		return
	}
	for id := range members.All() {
		fmt.Println(id)
	}
	fmt.Println(members.Count(), "of", index.Len())
	// Output:
	// m-9
	// 1 of 3
}
