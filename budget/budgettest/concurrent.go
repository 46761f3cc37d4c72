package budgettest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/budget"
)

// together runs n workers at once and joins their errors.
func together(n int, work func(worker int) error) error {
	errs := make([]error, n)
	start := make(chan struct{})
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() {
			<-start
			errs[i] = work(i)
		})
	}
	close(start)
	group.Wait()
	return errors.Join(errs...)
}

func oneWinner(ctx context.Context, l budget.Ledger) error {
	const workers = 16
	var won atomic.Int64
	err := together(workers, func(i int) error {
		_, err := l.Append(ctx, brandA, budget.Head{Book: book}, approve(fmt.Sprint(i), int64(i+1)))
		switch {
		case err == nil:
			won.Add(1)
		case !errors.Is(err, sosyal.ErrConflict):
			return err
		}
		return nil
	})
	if err != nil {
		return err
	}
	if won.Load() != 1 {
		return fmt.Errorf("%d of %d appends on the same head succeeded, want 1", won.Load(), workers)
	}
	return holds(ctx, l, brandA, book, 1)
}

// attempts is how often a case tries again before it gives up on a ledger.
const attempts = 10_000

// persist appends until nobody gets in the way.
func persist(ctx context.Context, l budget.Ledger, e budget.Entry) error {
	for range attempts {
		_, err := appendTo(ctx, l, brandA, book, e)
		if !errors.Is(err, sosyal.ErrConflict) {
			return err
		}
	}
	return fmt.Errorf("%d attempts in a row met a conflict", attempts)
}

func concurrentAppends(ctx context.Context, l budget.Ledger) error {
	const workers, each = 8, 12
	err := together(workers, func(i int) error {
		for n := range each {
			e := approve(fmt.Sprintf("%d-%d", i, n), int64(i*each+n+1))
			if err := persist(ctx, l, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := holds(ctx, l, brandA, book, workers*each); err != nil {
		return err
	}
	s, err := budget.ReadStatement(l.Entries(ctx, brandA, book, 1))
	if err != nil {
		return err
	}
	const want = workers * each * (workers*each + 1) / 2
	if got := s.Balance(budget.Account{Line: "meta", Bucket: budget.Available}); got != want {
		return fmt.Errorf("balance is %d, want %d", got, want)
	}
	return nil
}

// approved is a budget of one line with 1,000.00 liras approved and entered.
func approved(ctx context.Context, l budget.Ledger) (budget.Budget, budget.Request, error) {
	amount, err := sosyal.MoneyFromMinor(100_000, "TRY")
	if err != nil {
		return budget.Budget{}, budget.Request{}, err
	}
	b := budget.Budget{
		ID: budget.ID(book), Brand: brandA, Name: "Autumn", Period: sosyal.Month(2026, time.November), Currency: "TRY",
		Lines:   []budget.Line{{ID: "meta", Kind: budget.Media, Planned: amount}},
		Version: 1,
	}
	r := budget.Request{
		ID: "r1", Brand: brandA, Budget: b.ID, Period: b.Period, Purpose: "Autumn", Effect: "Sales",
		Lines: []budget.RequestLine{{Line: "meta", Amount: amount}},
	}
	policy := budget.Thresholds{{Policy: sosyal.ApprovalPolicy{Automatic: true}}}
	r, err = r.Submit(policy, sosyal.Actor{ID: "manager", Party: sosyal.PartyClient}, "", noon())
	if err != nil {
		return b, r, err
	}
	c := controller(l)
	if err := c.Plan(ctx, b, "manager"); err != nil {
		return b, r, err
	}
	return b, r, c.Approve(ctx, b, r, "director")
}

// controller is that of one process.
func controller(l budget.Ledger) *budget.Controller {
	return &budget.Controller{Ledger: l, Now: noon, Attempts: attempts}
}

func neverOverspent(ctx context.Context, l budget.Ledger) error {
	b, r, err := approved(ctx, l)
	if err != nil {
		return err
	}
	part, err := sosyal.MoneyFromMinor(15_000, "TRY")
	if err != nil {
		return err
	}
	var won atomic.Int64
	err = together(10, func(i int) error {
		c := controller(l)
		for n := range 2 {
			_, err := c.Reserve(ctx, b, r, budget.Commitment{
				Key: fmt.Sprintf("%d-%d", i, n), Line: "meta", Amount: part, By: "manager",
			})
			if _, short := errors.AsType[budget.ShortError](err); short {
				continue
			}
			if err != nil {
				return err
			}
			won.Add(1)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if won.Load() != 6 { // of 150 each within 1,000
		return fmt.Errorf("%d commitments succeeded, want 6", won.Load())
	}
	return balanced(ctx, l)
}

func reversedOnce(ctx context.Context, l budget.Ledger) error {
	b, r, err := approved(ctx, l)
	if err != nil {
		return err
	}
	part, err := sosyal.MoneyFromMinor(1_000, "TRY")
	if err != nil {
		return err
	}
	const payments = 10
	c := controller(l)
	for i := range payments {
		_, err := c.Post(ctx, b, r, budget.Payment{
			Key: fmt.Sprint(i), Line: "meta", Amount: part, Day: date.New(2026, time.November, 3), By: "finance",
		})
		if err != nil {
			return err
		}
	}
	var won, lost atomic.Int64
	err = together(2*payments, func(i int) error { // each reversal is sent twice
		err := controller(l).Reverse(ctx, b, fmt.Sprint(i%payments), "finance")
		switch {
		case err == nil:
			won.Add(1)
		case errors.Is(err, sosyal.ErrInvalid):
			lost.Add(1)
		default:
			return err
		}
		return nil
	})
	if err != nil {
		return err
	}
	if won.Load() != payments || lost.Load() != payments {
		return fmt.Errorf("%d reversals succeeded and %d failed, want %d each", won.Load(), lost.Load(), payments)
	}
	s, err := budget.ReadStatement(l.Entries(ctx, brandA, book, 1))
	if err != nil {
		return err
	}
	if p := s.Position("meta"); !p.Spent.IsZero() || !p.Available.Equal(p.Approved) {
		return fmt.Errorf("after all reversals %s is spent and %s of %s available", p.Spent, p.Available, p.Approved)
	}
	return balanced(ctx, l)
}

// balanced adds the book up entry by entry: at every point the balances sum to
// zero and no more is committed or spent than was approved.
func balanced(ctx context.Context, l budget.Ledger) error {
	sums := map[budget.Account]int64{}
	for e, err := range l.Entries(ctx, brandA, book, 1) {
		if err != nil {
			return err
		}
		var total int64
		for _, p := range e.Postings {
			sums[p.Account] += p.Units
		}
		for _, units := range sums {
			total += units
		}
		if total != 0 {
			return fmt.Errorf("after entry %d the balances sum to %d", e.Sequence, total)
		}
		if free := sums[budget.Account{Line: "meta", Bucket: budget.Available}]; free < 0 {
			return fmt.Errorf("after entry %d the line is %d over", e.Sequence, -free)
		}
	}
	return nil
}
