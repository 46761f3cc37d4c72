//go:build race

package loop_test

// raceDetector makes the tests do less of the same: everything is several times
// slower under it.
const raceDetector = true
