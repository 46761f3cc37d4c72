package budgettest

import (
	"context"
	"testing"

	"github.com/yukselenler/sosyal/budget"
	"github.com/yukselenler/sosyal/internal/conformancetest"
)

// NewLedger returns an empty ledger. It is called once for each case; a ledger
// that is not empty but has none of the brands "brand-a" and "brand-b" will do.
type NewLedger func(ctx context.Context) (budget.Ledger, error)

// TestLedger runs the contract of [budget.Ledger] against what open returns, one
// subtest for each case.
func TestLedger(t *testing.T, open NewLedger) {
	t.Helper()
	conformancetest.Test(t, ledgerCases(), open)
}

// CheckLedger runs the contract of [budget.Ledger] against what open returns and
// returns what it breaks, each with the name of the case and its explanation.
func CheckLedger(ctx context.Context, open NewLedger) error {
	return conformancetest.Check(ctx, ledgerCases(), open)
}

func ledgerCases() []conformancetest.Case[budget.Ledger] {
	return []conformancetest.Case[budget.Ledger]{
		conformancetest.Rule("empty book", "a new budget could not be started", emptyBook),
		conformancetest.Rule("append and read", "what was recorded must come back bit by bit, or the chain cannot be verified", appendAndRead),
		conformancetest.Rule("read from", "readers that follow a book would see entries twice or never", readFrom),
		conformancetest.Rule("stale head", "a decision made on an older state would be recorded", staleHead),
		conformancetest.Rule("one winner", "two decisions on the same state would both be recorded", oneWinner),
		conformancetest.Rule("replay", "a repeated call would spend twice", replay),
		conformancetest.Rule("key with other input", "a different payment would be mistaken for a repeated one", otherInput),
		conformancetest.Rule("partly recorded", "a set of entries would be recorded in part", partlyRecorded),
		conformancetest.Rule("all or nothing", "money would leave one place and not arrive at the other", allOrNothing),
		conformancetest.Rule("input", "entries without owner, key, time or balance would be recorded", badInput),
		conformancetest.Rule("brands apart", "one brand would see or move another's money", brandsApart),
		conformancetest.Rule("books apart", "entries of one budget would stop those of another", booksApart),
		conformancetest.Rule("own copies", "a caller's later changes would alter the books", ownCopies),
		conformancetest.Rule("cancelled", "a caller that gave up would still be served", cancelled),
		conformancetest.Rule("find", "a repeated call would not be recognised", find),
		conformancetest.Rule("concurrent appends", "entries would be lost or chained twice", concurrentAppends),
		conformancetest.Rule("never overspent", "concurrent commitments would exceed what is available", neverOverspent),
		conformancetest.Rule("reversed once", "a reversal sent twice would return money twice", reversedOnce),
	}
}
