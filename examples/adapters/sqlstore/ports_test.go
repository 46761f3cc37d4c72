package sqlstore_test

import (
	"context"
	"testing"

	"github.com/yukselenler/sosyal/budget"
	"github.com/yukselenler/sosyal/budget/budgettest"
	"github.com/yukselenler/sosyal/engagement"
	"github.com/yukselenler/sosyal/engagement/engagementtest"
	"github.com/yukselenler/sosyal/engagement/reputation"
	"github.com/yukselenler/sosyal/engagement/reputation/reputationtest"
	"github.com/yukselenler/sosyal/examples/adapters/sqlstore"
)

// fresh opens an empty database for each case of a suite.
func fresh[T any](t *testing.T, on database, port func(*sqlstore.DB) T) func(context.Context) (T, error) {
	t.Helper()
	return func(ctx context.Context) (T, error) {
		db, store, err := on.empty(t).open(ctx)
		if err != nil {
			var none T
			return none, err
		}
		t.Cleanup(func() { _ = db.Close() })
		return port(store), nil
	}
}

func TestLedgerKeepsTheContract(t *testing.T) {
	for _, on := range databases() {
		t.Run(on.name, func(t *testing.T) {
			budgettest.TestLedger(t, fresh(t, on, func(d *sqlstore.DB) budget.Ledger { return d.Ledger() }))
		})
	}
}

func TestArchiveKeepsTheContract(t *testing.T) {
	for _, on := range databases() {
		t.Run(on.name, func(t *testing.T) {
			engagementtest.TestArchive(t, fresh(t, on, func(d *sqlstore.DB) engagement.Archive { return d.Archive() }))
		})
	}
}

func TestMentionsKeepTheContract(t *testing.T) {
	for _, on := range databases() {
		t.Run(on.name, func(t *testing.T) {
			reputationtest.TestMentions(t, fresh(t, on, func(d *sqlstore.DB) reputation.Mentions { return d.Mentions() }))
		})
	}
}
