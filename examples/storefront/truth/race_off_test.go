//go:build !race

package truth_test

// raced says that the race detector is off.
const raced = false
