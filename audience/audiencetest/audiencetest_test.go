package audiencetest_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/audiencetest"
)

// reference judges customers one by one, as a host without an index would.
func reference(_ context.Context, w audiencetest.World) (audiencetest.Evaluator, error) {
	return func(ctx context.Context, p audience.Program) ([]sosyal.PersonID, error) {
		var picked []sosyal.PersonID
		for c, err := range w.Source().Customers(ctx, p.Brand()) {
			if err != nil {
				return nil, err
			}
			ok, err := p.Matches(c)
			if err != nil {
				return nil, err
			}
			if ok {
				picked = append(picked, c.ID)
			}
		}
		slices.Reverse(picked) // in any order
		return picked, nil
	}, nil
}

func TestTheReferenceAgreesWithItself(t *testing.T) {
	audiencetest.TestEvaluator(t, audiencetest.Options{}, reference)
}

// spoilt is the reference on customers as a careless evaluator keeps them.
func spoilt(change func(w audiencetest.World, c *audience.Customer)) audiencetest.Load {
	return func(ctx context.Context, w audiencetest.World) (audiencetest.Evaluator, error) {
		w.Customers, w.OtherCustomers = slices.Clone(w.Customers), slices.Clone(w.OtherCustomers)
		for _, customers := range [][]audience.Customer{w.Customers, w.OtherCustomers} {
			for i := range customers {
				customers[i] = copied(customers[i])
				change(w, &customers[i])
			}
		}
		return reference(ctx, w)
	}
}

// answering is the reference with its answers changed.
func answering(change func(w audiencetest.World, p audience.Program, picked []sosyal.PersonID) []sosyal.PersonID) audiencetest.Load {
	return func(ctx context.Context, w audiencetest.World) (audiencetest.Evaluator, error) {
		evaluate, err := reference(ctx, w)
		return func(ctx context.Context, p audience.Program) ([]sosyal.PersonID, error) {
			picked, err := evaluate(ctx, p)
			return change(w, p, picked), err
		}, err
	}
}

func copied(c audience.Customer) audience.Customer {
	c.Events, c.Consents = slices.Clone(c.Events), slices.Clone(c.Consents)
	c.Properties = maps.Clone(c.Properties)
	return c
}

func eachEvent(change func(w audiencetest.World, e *audience.Event)) audiencetest.Load {
	return spoilt(func(w audiencetest.World, c *audience.Customer) {
		for i := range c.Events {
			change(w, &c.Events[i])
		}
	})
}

func eachConsent(change func(w audiencetest.World, c *audience.Consent)) audiencetest.Load {
	return spoilt(func(w audiencetest.World, c *audience.Customer) {
		for i := range c.Consents {
			change(w, &c.Consents[i])
		}
	})
}

// eachProperty changes what is kept of the properties of customers.
func eachProperty(change func(v audience.Value) audience.Value) audiencetest.Load {
	return spoilt(func(_ audiencetest.World, c *audience.Customer) {
		for name, v := range c.Properties {
			c.Properties[name] = change(v)
		}
	})
}

// asText is the text of a value that is one.
func asText(v audience.Value) (text string, ok bool) {
	data, err := json.Marshal(v)
	return text, err == nil && json.Unmarshal(data, &text) == nil && string(data) != "null"
}

// Each of these is a mistake that evaluators are known to make.
func TestMistakesAreCaught(t *testing.T) {
	for name, load := range map[string]audiencetest.Load{
		"not of what is unknown is unknown, as in SQL": whateverTheCityIs,
		"a day late": eachEvent(func(_ audiencetest.World, e *audience.Event) { e.At = e.At.Add(24 * time.Hour) }),
		"days of UTC": eachEvent(func(w audiencetest.World, e *audience.Event) {
			_, offset := e.At.In(w.Env.Zone).Zone()
			e.At = e.At.Add(-time.Duration(offset) * time.Second)
		}),
		"today's offset for all days": eachEvent(func(w audiencetest.World, e *audience.Event) {
			_, today := w.Env.Now.In(w.Env.Zone).Zone()
			_, then := e.At.In(w.Env.Zone).Zone()
			e.At = e.At.Add(time.Duration(today-then) * time.Second)
		}),
		"a second late":   eachEvent(func(_ audiencetest.World, e *audience.Event) { e.At = e.At.Add(time.Second) }),
		"rounded seconds": eachEvent(func(_ audiencetest.World, e *audience.Event) { e.At = e.At.Round(time.Second) }),
		"days, no time": eachEvent(func(w audiencetest.World, e *audience.Event) {
			e.At = sosyal.WallTime(0).On(sosyal.DateOf(e.At, w.Env.Zone), w.Env.Zone)
		}),
		"whole amounts": eachEvent(func(_ audiencetest.World, e *audience.Event) {
			if e.Amount.Currency() != "" {
				e.Amount, _ = sosyal.NewMoney(e.Amount.Amount().Truncate(0), e.Amount.Currency())
			}
		}),
		"amounts of cents": eachEvent(func(_ audiencetest.World, e *audience.Event) {
			if e.Amount.Currency() != "" {
				e.Amount, _ = sosyal.NewMoney(e.Amount.Amount().Round(2), e.Amount.Currency())
			}
		}),
		"no amount is zero": eachEvent(func(w audiencetest.World, e *audience.Event) {
			if currency := w.Env.Schema.Events[e.Name].Currency; e.Amount.Currency() == "" && currency != "" {
				e.Amount, _ = sosyal.MoneyFromMinor(0, currency)
			}
		}),
		"adjustments are orders": eachEvent(func(_ audiencetest.World, e *audience.Event) { e.Adjustment = false }),
		"no adjustments": spoilt(func(_ audiencetest.World, c *audience.Customer) {
			c.Events = slices.DeleteFunc(c.Events, func(e audience.Event) bool { return e.Adjustment })
		}),
		"events at one instant are one": spoilt(func(_ audiencetest.World, c *audience.Customer) {
			seen := map[int64]bool{}
			c.Events = slices.DeleteFunc(c.Events, func(e audience.Event) bool {
				known := seen[e.At.Unix()]
				seen[e.At.Unix()] = true
				return known
			})
		}),
		"floats": eachProperty(func(v audience.Value) audience.Value {
			var f float32
			data, _ := json.Marshal(v)
			if json.Unmarshal(data, &f) != nil || string(data) == "null" {
				return v
			}
			return audience.NumberValue(decimal.NewFromFloat32(f).Round(6))
		}),
		"case folded": eachProperty(func(v audience.Value) audience.Value {
			if text, ok := asText(v); ok {
				return audience.TextValue(strings.ToLower(text))
			}
			return v
		}),
		"spaces cut": eachProperty(func(v audience.Value) audience.Value {
			if text, ok := asText(v); ok {
				return audience.TextValue(strings.TrimRight(text, " "))
			}
			return v
		}),
		"accents composed": eachProperty(func(v audience.Value) audience.Value {
			if text, ok := asText(v); ok {
				return audience.TextValue(strings.ReplaceAll(text, "e\u0301", "\u00e9"))
			}
			return v
		}),
		"empty texts are missing": eachProperty(func(v audience.Value) audience.Value {
			if text, ok := asText(v); ok && text == "" {
				return audience.Value{}
			}
			return v
		}),
		"no leap days": spoilt(func(_ audiencetest.World, c *audience.Customer) {
			if d := c.Profile.Birthday; d.Month() == time.February && d.Day() == 29 {
				c.Profile.Birthday = 0
			}
		}),
		"grants do not expire": eachConsent(func(_ audiencetest.World, c *audience.Consent) { c.Expires = time.Time{} }),
		"expired a second late": eachConsent(func(_ audiencetest.World, c *audience.Consent) {
			if !c.Expires.IsZero() {
				c.Expires = c.Expires.Add(time.Second)
			}
		}),
		"statements to come": eachConsent(func(w audiencetest.World, c *audience.Consent) {
			if c.At.After(w.Env.Now) {
				c.At = w.Env.Now.Add(-time.Minute)
			}
		}),
		"one source": eachConsent(func(_ audiencetest.World, c *audience.Consent) { c.Source = "shop" }),
		"the first of a tie": spoilt(func(_ audiencetest.World, c *audience.Customer) {
			seen := map[string]bool{}
			c.Consents = slices.DeleteFunc(c.Consents, func(c audience.Consent) bool {
				key := c.At.String() + c.Source + string(c.Channel) + string(c.Purpose)
				known := seen[key]
				seen[key] = true
				return known
			})
		}),
		"brands meet": func(ctx context.Context, w audiencetest.World) (audiencetest.Evaluator, error) {
			w.OtherCustomers = slices.Concat(w.OtherCustomers, w.Customers)
			evaluate, err := reference(ctx, w)
			return func(ctx context.Context, p audience.Program) ([]sosyal.PersonID, error) {
				picked, err := evaluate(ctx, p)
				slices.Sort(picked)
				return slices.Compact(picked), err
			}, err
		},
		"one brand only": answering(func(w audiencetest.World, p audience.Program, picked []sosyal.PersonID) []sosyal.PersonID {
			if p.Brand() == w.OtherBrand {
				return nil
			}
			return picked
		}),
		"customers without events are lost": answering(func(w audiencetest.World, _ audience.Program, picked []sosyal.PersonID) []sosyal.PersonID {
			return slices.DeleteFunc(picked, func(id sosyal.PersonID) bool {
				return slices.ContainsFunc(w.Customers, func(c audience.Customer) bool { return c.ID == id && len(c.Events) == 0 })
			})
		}),
		"ids folded": answering(func(_ audiencetest.World, _ audience.Program, picked []sosyal.PersonID) []sosyal.PersonID {
			for i, id := range picked {
				picked[i] = sosyal.PersonID(strings.ToLower(string(id)))
			}
			return picked
		}),
		"twice": answering(func(_ audiencetest.World, _ audience.Program, picked []sosyal.PersonID) []sosyal.PersonID {
			return append(picked, picked[:min(1, len(picked))]...)
		}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var d *audiencetest.DifferenceError
			for seed := uint64(0); d == nil; seed++ {
				require.Less(t, seed, uint64(14), "worlds without a difference")
				o := audiencetest.Options{Worlds: 1, Seed: seed}
				d, _ = errors.AsType[*audiencetest.DifferenceError](audiencetest.CheckEvaluator(t.Context(), o, load))
			}
			t.Log(d)
			assert.LessOrEqual(t, len(d.World.Customers)+len(d.World.OtherCustomers), 2, "as few customers as show the difference")
			assert.Less(t, len(d.Error()), 1000)
			if d.Err == nil { // the small world and rule repeat the difference
				assert.NotEqual(t, d.Want, picks(t, load, d))
				assert.Equal(t, d.Want, picks(t, reference, d))
			}
		})
	}
}

// picks asks an evaluator about the customer of a difference; one who is picked
// twice is not picked as he should be.
func picks(t *testing.T, load audiencetest.Load, d *audiencetest.DifferenceError) bool {
	t.Helper()
	evaluate, err := load(t.Context(), d.World)
	require.NoError(t, err)
	env := d.World.Env
	env.Brand = d.Brand
	p, err := d.Rule.Compile(env)
	require.NoError(t, err)
	picked, err := evaluate(t.Context(), p)
	require.NoError(t, err)
	times := 0
	for _, id := range picked {
		if id == d.Customer.ID {
			times++
		}
	}
	return times == 1
}

// whateverTheCityIs picks only those who would be picked whatever stood where
// the city is missing: the three-valued logic of databases.
func whateverTheCityIs(ctx context.Context, w audiencetest.World) (audiencetest.Evaluator, error) {
	var answers []audiencetest.Evaluator
	for _, city := range []string{"", "İzmir", "Izmir", "izmir"} {
		evaluate, err := spoilt(func(_ audiencetest.World, c *audience.Customer) {
			if c.Profile.City == "" {
				c.Profile.City = city
			}
		})(ctx, w)
		if err != nil {
			return nil, err
		}
		answers = append(answers, evaluate)
	}
	return func(ctx context.Context, p audience.Program) ([]sosyal.PersonID, error) {
		picked, err := answers[0](ctx, p)
		for _, evaluate := range answers[1:] {
			also, alsoErr := evaluate(ctx, p)
			err = errors.Join(err, alsoErr)
			picked = slices.DeleteFunc(picked, func(id sosyal.PersonID) bool { return !slices.Contains(also, id) })
		}
		return picked, err
	}, nil
}

// TestOrderDoesNotMatter: what is known of a customer is a set of facts.
func TestOrderDoesNotMatter(t *testing.T) {
	audiencetest.TestEvaluator(t, audiencetest.Options{}, spoilt(func(_ audiencetest.World, c *audience.Customer) {
		c.Interests, c.Lists = slices.Clone(c.Interests), slices.Clone(c.Lists)
		slices.Reverse(c.Events)
		slices.Reverse(c.Consents)
		slices.Reverse(c.Interests)
		slices.Reverse(c.Lists)
	}))
}
