// Package bench compares the library with its peers, side by side on the same
// input. Every comparison first proves that both sides give the same answer; a
// fast wrong one is worth nothing.
//
// It is a module of its own, outside the workspace, so that a peer never enters
// the module graph of a host or of the examples:
//
//	GOWORK=off go -C examples/bench test -bench .
//
// Read the ratios, not the times: machines differ.
package bench
