// Package sosyaltest tells whether an implementation of a port of the root
// package keeps its contract.
//
// Each suite comes in two forms over one table of cases: a Test function for Go
// tests, and a Check function that returns an error, for everything else. Each
// case explains what goes wrong in production when a store fails it.
//
//	func TestDocuments(t *testing.T) {
//		sosyaltest.TestDocuments(t, func(ctx context.Context) (sosyal.Documents, error) {
//			return mystore.Open(ctx, testDatabase)
//		})
//	}
//
// The suites write under brands of random names, so the store may be one that
// holds other things and need not be emptied between cases.
package sosyaltest
