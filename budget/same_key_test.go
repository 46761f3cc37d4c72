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
