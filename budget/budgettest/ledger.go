package budgettest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/yukselenler/sosyal/budget"
)

// New returns an empty ledger. It is called once for each case; a ledger that
// is not empty but has none of the brands "brand-a" and "brand-b" will do.
type New func(ctx context.Context) (budget.Ledger, error)

// ledgerCase is one part of the contract. Why says what goes wrong for a host
// whose ledger breaks it.
type ledgerCase struct {
	name, why string
	run       func(ctx context.Context, l budget.Ledger) error
}

func ledgerCases() []ledgerCase {
	return []ledgerCase{
		{"empty book", "a new budget could not be started", emptyBook},
		{"append and read", "what was recorded must come back bit by bit, or the chain cannot be verified", appendAndRead},
		{"read from", "readers that follow a book would see entries twice or never", readFrom},
		{"stale head", "a decision made on an older state would be recorded", staleHead},
		{"one winner", "two decisions on the same state would both be recorded", oneWinner},
		{"replay", "a repeated call would spend twice", replay},
		{"key with other input", "a different payment would be mistaken for a repeated one", otherInput},
		{"partly recorded", "a set of entries would be recorded in part", partlyRecorded},
		{"all or nothing", "money would leave one place and not arrive at the other", allOrNothing},
		{"input", "entries without owner, key, time or balance would be recorded", badInput},
		{"brands apart", "one brand would see or move another's money", brandsApart},
		{"books apart", "entries of one budget would stop those of another", booksApart},
		{"own copies", "a caller's later changes would alter the books", ownCopies},
		{"cancelled", "a caller that gave up would still be served", cancelled},
		{"find", "a repeated call would not be recognised", find},
		{"concurrent appends", "entries would be lost or chained twice", concurrentAppends},
		{"never overspent", "concurrent commitments would exceed what is available", neverOverspent},
		{"reversed once", "a reversal sent twice would return money twice", reversedOnce},
	}
}

// CheckLedger runs every case on a ledger of its own and returns all failures
// joined, or nil.
func CheckLedger(ctx context.Context, newLedger New) error {
	var errs []error
	for _, c := range ledgerCases() {
		if err := c.check(ctx, newLedger); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w (otherwise %s)", c.name, err, c.why))
		}
	}
	return errors.Join(errs...)
}

// TestLedger runs every case as a subtest.
func TestLedger(t *testing.T, newLedger New) {
	t.Helper()
	for _, c := range ledgerCases() {
		t.Run(c.name, func(t *testing.T) {
			if err := c.check(t.Context(), newLedger); err != nil {
				t.Errorf("%v (otherwise %s)", err, c.why)
			}
		})
	}
}

func (c ledgerCase) check(ctx context.Context, newLedger New) error {
	l, err := newLedger(ctx)
	if err != nil {
		return fmt.Errorf("make a ledger: %w", err)
	}
	return c.run(ctx, l)
}
