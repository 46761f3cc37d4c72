package budget_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/budget"
)

// overtaken lets somebody else act just after a key was looked up in vain.
type overtaken struct {
	*budget.MemoryLedger

	key  string
	then func()
}

func (o *overtaken) Find(ctx context.Context, brand sosyal.BrandID, book budget.BookID, key string) (budget.Entry, error) {
	e, err := o.MemoryLedger.Find(ctx, brand, book, key)
	if then := o.then; key == o.key && then != nil {
		o.then = nil
		then()
	}
	return e, err
}

// Two calls with one key at the same time are one: the later one finds what the
// earlier one recorded, although that took the money.
func TestSameKeyAtTheSameTime(t *testing.T) {
	now := at(2, 9)
	b := autumn(t)
	first, r := entered(t, b, &now)
	ledger, ok := first.Ledger.(*budget.MemoryLedger)
	require.True(t, ok)
	second := func(key string, then func()) *budget.Controller {
		return &budget.Controller{
			Ledger: &overtaken{MemoryLedger: ledger, key: key, then: then}, Now: func() time.Time { return now },
		}
	}
	all := budget.Commitment{Key: "all", Line: "meta", Amount: tl(t, "30000"), By: "manager"}
	pay := budget.Payment{Key: "invoice", Line: "meta", Reservation: "all", Amount: tl(t, "30000"), Day: nov(2), By: "finance"}
	calls := []struct {
		key  string
		call func(c *budget.Controller) error
	}{
		{"all", func(c *budget.Controller) error {
			_, err := c.Reserve(t.Context(), b, r, all)
			return err
		}},
		{"invoice", func(c *budget.Controller) error {
			_, err := c.Post(t.Context(), b, r, pay)
			return err
		}},
		{"credit", func(c *budget.Controller) error {
			return c.Refund(t.Context(), b, "credit", "invoice", tl(t, "30000"), "finance")
		}},
	}
	for _, step := range calls {
		c := second(step.key, func() { require.NoError(t, step.call(first)) })
		require.NoError(t, step.call(c), step.key)
	}
	assert.Equal(t, "30000/30000/30000/0/0", amounts(position(t, first, b, "meta")))

	c := second("more", func() {
		_, err := first.Reserve(t.Context(), b, r, budget.Commitment{Key: "more", Line: "tiktok", Amount: tl(t, "6000"), By: "manager"})
		require.NoError(t, err)
	})
	_, err := c.Reserve(t.Context(), b, r, budget.Commitment{Key: "more", Line: "tiktok", Amount: tl(t, "5000"), By: "manager"})
	require.ErrorIs(t, err, sosyal.ErrInvalid, "the same key with another amount is not the same call")
}

// The keys of what happens by itself are free when it happens.
func TestKeysOfTheControllerAreItsOwn(t *testing.T) {
	now := at(10, 9)
	b := autumn(t)
	b.Lines = append(b.Lines,
		budget.Line{ID: "a/b", Kind: budget.Production, Name: "one", Planned: tl(t, "1")},
		budget.Line{ID: "b", Kind: budget.Production, Name: "two", Planned: tl(t, "1")})
	c, r := entered(t, b, &now)
	_, err := c.Post(t.Context(), b, r, budget.Payment{Key: "p", Line: "meta", Amount: tl(t, "5"), Day: nov(2), By: "finance"})
	require.NoError(t, err)
	for _, key := range []string{"plan/v2/meta", "approve/r1/v1/meta/9", "spend/ads/meta/2026-11-03/1", "void/k", "expire/k", "reverse/p"} {
		_, err := c.Reserve(t.Context(), b, r, budget.Commitment{Key: key, Line: "meta", Amount: tl(t, "1"), By: "manager"})
		require.ErrorIs(t, err, sosyal.ErrInvalid, key)
		_, err = c.Post(t.Context(), b, r, budget.Payment{Key: key, Line: "meta", Amount: tl(t, "1"), Day: nov(2), By: "finance"})
		require.ErrorIs(t, err, sosyal.ErrInvalid, key)
		require.ErrorIs(t, c.Refund(t.Context(), b, key, "p", tl(t, "1"), "finance"), sosyal.ErrInvalid, key)
	}
	_, err = c.Sync(t.Context(), b, reports{
		{Source: "s", Line: "a/b", Day: nov(3), Amount: tl(t, "5"), Reported: at(4, 0)},
		{Source: "s/a", Line: "b", Day: nov(3), Amount: tl(t, "7"), Reported: at(4, 0)},
	}, b.Period)
	require.NoError(t, err, "names that contain a slash are not mixed up")
	assert.Equal(t, "5", position(t, c, b, "a/b").Spent.Amount().String())
	assert.Equal(t, "7", position(t, c, b, "b").Spent.Amount().String())
}
