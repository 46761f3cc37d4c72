package audiencetest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/internal/conformancetest"
)

// Evaluator returns the ids of the customers whom a program picks among those of
// [audience.Program.Brand], each once and in any order.
type Evaluator func(ctx context.Context, p audience.Program) ([]sosyal.PersonID, error)

// Load puts the customers of both brands of a world, and nobody else, into an
// evaluator. It is called once for each world, and again for ever smaller ones
// when a difference is being made small. An evaluator is not used any more once
// Load has been called again, so all may share one database that Load empties.
type Load func(ctx context.Context, w World) (Evaluator, error)

// Options are how much is tried. Zero fields mean the defaults.
type Options struct {
	// Worlds is the number of worlds, 20.
	Worlds int
	// Customers is the number of customers of each of the two brands, 120.
	Customers int
	// Rules is the number of rules that each world is asked, 60.
	Rules int
	// Seed is that of the first world; the others follow it. The same seeds give
	// the same worlds and rules.
	Seed uint64
	// Env adds to the environment of each world what the evaluator needs, such as
	// [audience.Env.Tables].
	Env func(env *audience.Env)
}

// TestEvaluator compares the evaluators that load returns with the reference,
// one subtest for each world.
func TestEvaluator(t *testing.T, o Options, load Load) {
	t.Helper()
	conformancetest.Test(t, o.cases(), open(load))
}

// CheckEvaluator compares the evaluators that load returns with the reference
// and returns a [DifferenceError] for each world in which they differ.
func CheckEvaluator(ctx context.Context, o Options, load Load) error {
	return conformancetest.Check(ctx, o.cases(), open(load))
}

func open(load Load) func(context.Context) (Load, error) {
	return func(context.Context) (Load, error) { return load, nil }
}

func (o Options) cases() []conformancetest.Case[Load] {
	var cases []conformancetest.Case[Load]
	for i := range cmp.Or(o.Worlds, 20) {
		seed := o.Seed + uint64(i)
		cases = append(cases, conformancetest.Rule(
			fmt.Sprintf("world %d", seed), "who belongs to a segment would depend on where it is worked out",
			func(ctx context.Context, load Load) error { return o.run(ctx, seed, load) },
		))
	}
	return cases
}

// run asks the rules of one world up to the first difference.
func (o Options) run(ctx context.Context, seed uint64, load Load) error {
	w, err := NewWorld(seed, cmp.Or(o.Customers, 120))
	if err != nil {
		return err
	}
	if o.Env != nil {
		o.Env(&w.Env)
	}
	evaluate, err := load(ctx, w)
	if err != nil {
		return fmt.Errorf("loading: %w", err)
	}
	r := source(seed, ruleStream)
	for range cmp.Or(o.Rules, 60) {
		if err := w.ask(ctx, w.Rule(r), evaluate, load); err != nil {
			return err
		}
	}
	return nil
}

// ask compares the answers to one rule and makes a difference small.
func (w World) ask(ctx context.Context, rule audience.Rule, evaluate Evaluator, load Load) error {
	err := w.compare(ctx, rule, evaluate)
	if d, ok := errors.AsType[*DifferenceError](err); ok && ctx.Err() == nil {
		return shrink(ctx, d, evaluate, load)
	}
	return err
}

// compare asks a rule for both brands. It returns the first difference as a
// [DifferenceError], and another error where the reference fails.
func (w World) compare(ctx context.Context, rule audience.Rule, evaluate Evaluator) error {
	for _, brand := range []sosyal.BrandID{w.Env.Brand, w.OtherBrand} {
		env := w.Env
		env.Brand = brand
		program, err := rule.Compile(env)
		if err != nil {
			return fmt.Errorf("world %d: compiling: %w", w.Seed, err)
		}
		d := DifferenceError{World: w, Brand: brand, Rule: rule}
		picked, err := evaluate(ctx, program)
		if err != nil {
			d.Err = err
			return &d
		}
		times := make(map[sosyal.PersonID]int, len(picked))
		for _, id := range picked {
			times[id]++
		}
		for _, c := range w.customers(brand) {
			want, err := program.Matches(c)
			if err != nil {
				return fmt.Errorf("world %d: the reference: %w", w.Seed, err)
			}
			if d.Got = times[c.ID]; d.Got != count(want) {
				d.Customer, d.Want = c, want
				return &d
			}
			delete(times, c.ID)
		}
		for _, id := range picked {
			if times[id] > 0 {
				d.Customer, d.Got = audience.Customer{ID: id}, times[id]
				return &d
			}
		}
	}
	return nil
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// Streams of random numbers, so that more rules do not change a world.
const (
	worldStream = 1 + iota
	ruleStream
)

func source(seed, stream uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, stream)) }
