package sosyaltest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"testing"

	"github.com/yukselenler/sosyal"
)

// NewDocuments opens the store to be tested. It is called once for each case
// and may return the same store every time.
type NewDocuments func(ctx context.Context) (sosyal.Documents, error)

// TestDocuments runs the contract of [sosyal.Documents] against a store, one
// subtest for each case. Cases of the optional ports [sosyal.Outbox],
// [sosyal.Forgetter] and [sosyal.Erasures] are skipped where the store does not
// implement them.
func TestDocuments(t *testing.T, open NewDocuments) {
	t.Helper()
	for _, c := range documentsCases() {
		t.Run(c.name, func(t *testing.T) {
			switch err := c.check(t.Context(), open); {
			case errors.Is(err, errAbsent):
				t.Skip(err)
			case err != nil:
				t.Error(err)
			}
		})
	}
}

// CheckDocuments runs the contract of [sosyal.Documents] against a store and
// returns what it breaks, each with the name of the case and its explanation.
func CheckDocuments(ctx context.Context, open NewDocuments) error {
	var broken []error
	for _, c := range documentsCases() {
		if err := c.check(ctx, open); err != nil && !errors.Is(err, errAbsent) {
			broken = append(broken, err)
		}
	}
	return errors.Join(broken...)
}

// errAbsent says that a store does not implement an optional port.
var errAbsent = errors.New("the store does not implement this optional port")

// documentsCase is one rule of the contract.
type documentsCase struct {
	name string
	why  string // what goes wrong in production
	run  func(ctx context.Context, s store) error
}

// store is the store under test, with two brands that nobody else writes to.
type store struct {
	sosyal.Documents
	brand, other sosyal.BrandID
}

func (c documentsCase) check(ctx context.Context, open NewDocuments) (err error) {
	documents, err := open(ctx)
	if err != nil {
		return fmt.Errorf("%s: opening the store: %w", c.name, err)
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s: the store panicked: %v (%s)", c.name, p, c.why)
		}
	}()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	mark := rand.Text()
	s := store{documents, sosyal.BrandID("rosa-" + mark), sosyal.BrandID("lale-" + mark)}
	if err := c.run(ctx, s); err != nil {
		return fmt.Errorf("%s: %w (%s)", c.name, err, c.why)
	}
	return nil
}

func (s store) outbox() (sosyal.Outbox, error) {
	if o, ok := s.Documents.(sosyal.Outbox); ok {
		return o, nil
	}
	return nil, errAbsent
}

func (s store) forgetter() (sosyal.Forgetter, error) {
	if f, ok := s.Documents.(sosyal.Forgetter); ok {
		return f, nil
	}
	return nil, errAbsent
}

func documentsCases() []documentsCase {
	var all []documentsCase
	for _, part := range [][]documentsCase{
		keepCases(), versionCases(), nameCases(), brandCases(), listCases(),
		contextCases(), concurrentCases(), outboxCases(), forgetCases(), modelCases(),
	} {
		all = append(all, part...)
	}
	return all
}
