// Package budgettest holds implementations of [budget.Ledger] to its contract.
//
// [CheckLedger] runs every case and returns what failed; [TestLedger] runs the
// same cases as subtests. Both want a function that returns an empty ledger.
package budgettest
