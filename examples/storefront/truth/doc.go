// Package truth holds the analyses of the library against the truth of the demo
// world, from the outside: the world was made and settled without the packages
// that analyse it, its truth says what is planted, and the tests of this package
// read its files as a host would and ask whether the estimates are right. They
// measure coverage, power and bias over many seeds, false verdicts where nothing
// is planted, and hold the exact sums against plain folds. There is nothing to
// import.
//
// Every bound is stated beside its test, and comes from the claim that it holds
// (the level of an interval, a false discovery rate) with a band of three
// standard errors for the number of seeds. A bound that fails is a finding about
// an estimator or its documentation: neither the bound nor the world is to be
// moved for it. TRUTH_WORLDS=5 plays five times as many worlds, and go test -v
// shows the figures.
package truth
