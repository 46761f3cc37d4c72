package conformancetest_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/yukselenler/sosyal/internal/conformancetest"
)

func TestCheck(t *testing.T) {
	var contexts []context.Context
	opened := 0
	open := func(context.Context) (int, error) {
		opened++
		return opened, nil
	}
	lost := errors.New("two are lost")
	cases := []conformancetest.Case[int]{
		conformancetest.Rule("kept", "things would be lost", func(ctx context.Context, port int) error {
			contexts = append(contexts, ctx)
			assert.Equal(t, 1, port, "an implementation of its own")
			return nil
		}),
		conformancetest.Rule("listed", "lists would be short", func(context.Context, int) error { return lost }),
		conformancetest.Rule("optional", "-", func(context.Context, int) error { return conformancetest.ErrAbsent }),
		conformancetest.Rule("calm", "the host would stop", func(context.Context, int) error { panic("no such key") }),
	}
	err := conformancetest.Check(t.Context(), cases, open)
	assert.ErrorIs(t, err, lost)
	assert.EqualError(t, err, "listed: two are lost (lists would be short)\ncalm: panicked: no such key (the host would stop)")
	assert.Equal(t, 4, opened)
	assert.Error(t, contexts[0].Err(), "what a case left running ends with it")

	assert.NoError(t, conformancetest.Check(t.Context(), nil, open))
	closed := errors.New("no route to host")
	err = conformancetest.Check(t.Context(), cases[:1], func(context.Context) (int, error) { return 0, closed })
	assert.ErrorIs(t, err, closed)
}

func TestTest(t *testing.T) {
	ran := 0
	conformancetest.Test(t, []conformancetest.Case[string]{
		conformancetest.Rule("kept", "-", func(_ context.Context, port string) error {
			ran++
			assert.Equal(t, "store", port)
			return nil
		}),
		conformancetest.Rule("optional", "-", func(context.Context, string) error { return conformancetest.ErrAbsent }),
	}, func(context.Context) (string, error) { return "store", nil })
	assert.Equal(t, 1, ran)
}
