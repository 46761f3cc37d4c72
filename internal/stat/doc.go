// Package stat holds the statistics that more than one package needs: exact
// sums, intervals, false discovery control, and a linear mixed model that is
// fitted from the sums of its cells.
//
// Everything is deterministic: the same input gives the same bits.
package stat
