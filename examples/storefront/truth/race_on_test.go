//go:build race

package truth_test

// raced says that the race detector is on, which makes everything about ten
// times slower: fewer seeds are played then.
const raced = true
