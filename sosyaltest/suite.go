package sosyaltest

import (
	"context"
	"crypto/rand"
	"testing"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/conformancetest"
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
	conformancetest.Test(t, documentsCases(), open.store)
}

// CheckDocuments runs the contract of [sosyal.Documents] against a store and
// returns what it breaks, each with the name of the case and its explanation.
func CheckDocuments(ctx context.Context, open NewDocuments) error {
	return conformancetest.Check(ctx, documentsCases(), open.store)
}

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

func (open NewDocuments) store(ctx context.Context) (store, error) {
	documents, err := open(ctx)
	mark := rand.Text()
	return store{documents, sosyal.BrandID("rosa-" + mark), sosyal.BrandID("lale-" + mark)}, err
}

func (s store) outbox() (sosyal.Outbox, error) {
	if o, ok := s.Documents.(sosyal.Outbox); ok {
		return o, nil
	}
	return nil, conformancetest.ErrAbsent
}

func (s store) forgetter() (sosyal.Forgetter, error) {
	if f, ok := s.Documents.(sosyal.Forgetter); ok {
		return f, nil
	}
	return nil, conformancetest.ErrAbsent
}

func documentsCases() []conformancetest.Case[store] {
	var all []conformancetest.Case[store]
	for _, part := range [][]documentsCase{
		keepCases(), versionCases(), nameCases(), brandCases(), listCases(),
		contextCases(), concurrentCases(), outboxCases(), forgetCases(), modelCases(),
	} {
		for _, c := range part {
			all = append(all, conformancetest.Rule(c.name, c.why, c.run))
		}
	}
	return all
}
