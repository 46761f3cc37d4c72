// Package budget keeps the money of social media management: what is planned,
// what management approved, what is committed to campaigns and what is spent.
//
// A [Budget] is a plan for a period with a [Line] for each purpose. A [Request]
// asks management for money on it; its approval is a [sosyal.Approval] bound to
// the very content of the request. Nothing is committed without it.
//
// The money itself is in a [Ledger]: one append-only chain of double-entry
// records for each budget, in which every record carries the hash of the one
// before. A [Statement] is what the records add up to; a [Controller] writes
// them: it enters approvals, reserves money for campaigns, posts what was
// spent, releases what was not, and follows the spend that ad platforms report
// and restate for days. A [Position] keeps planned, approved, committed and
// spent money apart for each line.
//
// On top of the positions, [Pace] says whether a line is on track and where it
// will end, [Renew] proposes the next period's budget while there is time to
// decide on it, and [WriteCSV] writes the table that a manager reads.
//
// # Money
//
// The ledger counts whole minor units of one currency in int64. Amounts enter
// and leave as [sosyal.Money]; an amount with a fraction of a minor unit is an
// error and is never rounded silently. Forecasts are statistics: they compute
// in float64 and return money rounded half up to minor units.
package budget
