// Package conformancetest runs the cases of a port's contract against an
// implementation, as tests or outside of them.
package conformancetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

// ErrAbsent is what a case returns about an implementation that does not have
// the optional port which the case is about.
var ErrAbsent = errors.New("the implementation does not have this optional port")

// Case is one rule of the contract of a port T.
type Case[T any] struct {
	Name string
	// Why says what goes wrong for a host whose implementation breaks the rule.
	Why string
	Run func(ctx context.Context, port T) error
}

// Rule returns a case.
func Rule[T any](name, why string, run func(ctx context.Context, port T) error) Case[T] {
	return Case[T]{Name: name, Why: why, Run: run}
}

// Test runs every case as a subtest, on an implementation of its own.
func Test[T any](t *testing.T, cases []Case[T], open func(ctx context.Context) (T, error)) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			switch err := c.check(t.Context(), open); {
			case errors.Is(err, ErrAbsent):
				t.Skip(err)
			case err != nil:
				t.Error(err)
			}
		})
	}
}

// Check runs every case, on an implementation of its own, and returns what is
// broken, each with the name of the case and why it matters; nil where nothing
// is.
func Check[T any](ctx context.Context, cases []Case[T], open func(ctx context.Context) (T, error)) error {
	var broken []error
	for _, c := range cases {
		if err := c.check(ctx, open); err != nil && !errors.Is(err, ErrAbsent) {
			broken = append(broken, err)
		}
	}
	return errors.Join(broken...)
}

// check runs the case under a context that ends with it. What is opened may
// outlive the case, so it is not opened under that context.
func (c Case[T]) check(ctx context.Context, open func(ctx context.Context) (T, error)) (err error) {
	port, err := open(ctx)
	if err != nil {
		return fmt.Errorf("%s: opening: %w", c.Name, err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s: panicked: %v (%s)", c.Name, p, c.Why)
		}
	}()
	if err := c.Run(ctx, port); err != nil {
		return fmt.Errorf("%s: %w (%s)", c.Name, err, c.Why)
	}
	return nil
}
