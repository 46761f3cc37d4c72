package sosyaltest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/yukselenler/sosyal"
)

// contextCases: a caller that has given up is not served.
func contextCases() []documentsCase {
	return []documentsCase{
		{
			"a cancelled context stops everything",
			"a request that the user left would go on changing things",
			func(ctx context.Context, s store) error {
				if err := s.write(ctx, put("a", 0, `1`), put("b", 0, `1`)); err != nil {
					return err
				}
				cancelled, cancel := context.WithCancel(ctx)
				cancel()
				_, load := s.Load(cancelled, s.brand, kind, "a")
				_, list := collect(s.List(cancelled, s.brand, sosyal.Query{Kind: kind}))
				write := s.Write(cancelled, s.brand, put("a", 1, `2`), put("c", 0, `1`))
				return errors.Join(
					expect("loading", load, context.Canceled),
					expect("listing", list, context.Canceled),
					expect("writing", write, context.Canceled),
					s.holds(ctx, s.brand, put("a", 1, `1`).Doc),
					s.holdsNot(ctx, s.brand, "c"),
				)
			},
		},
		{
			"a context that is cancelled stops a list",
			"a stopped job would walk on over a million documents",
			func(ctx context.Context, s store) error {
				var changes []sosyal.DocChange
				const n = 1000
				for i := range n {
					changes = append(changes, put(fmt.Sprintf("%04d", i), 0, `1`))
				}
				if err := s.write(ctx, changes...); err != nil {
					return err
				}
				inner, cancel := context.WithCancel(ctx)
				defer cancel()
				seen := 0
				var last error
				for _, err := range s.List(inner, s.brand, sosyal.Query{Kind: kind}) {
					seen++
					last = err
					cancel()
				}
				if seen >= n || !errors.Is(last, context.Canceled) {
					return fmt.Errorf("the list went on for %d documents and ended with the error %s", seen, text(last))
				}
				return s.write(ctx, put("after", 0, `1`))
			},
		},
	}
}

// concurrentCases: many writers at once.
func concurrentCases() []documentsCase {
	return []documentsCase{
		{
			"every version has one winner",
			"two workers that both believe to have claimed an item publish it twice",
			func(ctx context.Context, s store) error {
				const workers, rounds = 6, 10
				if err := s.write(ctx, put("counter", 0, `0`)); err != nil {
					return err
				}
				err := together(workers, func(int) error {
					for range rounds {
						if err := s.increment(ctx, "counter"); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					return err
				}
				return s.holds(ctx, s.brand, put("counter", 1+workers*rounds, fmt.Sprint(workers*rounds)).Doc)
			},
		},
		{
			"one of many creators wins",
			"the same order imported by two workers becomes two",
			func(ctx context.Context, s store) error {
				const workers, rounds = 6, 10
				for r := range rounds {
					id := fmt.Sprint("item", r)
					var won atomic.Int64
					err := together(workers, func(w int) error {
						err := s.Write(ctx, s.brand, put(id, 0, fmt.Sprint(w)))
						if err == nil {
							won.Add(1)
							return nil
						}
						return expect("creating at the same time", err, sosyal.ErrConflict)
					})
					if err != nil {
						return err
					}
					if won.Load() != 1 {
						return fmt.Errorf("%d of %d concurrent creators were told that they had won", won.Load(), workers)
					}
				}
				return nil
			},
		},
		{
			"writes that cross do not lock each other",
			"two jobs that touch the same documents in opposite order would fail with an error that nobody handles",
			func(ctx context.Context, s store) error {
				ctx, cancel := context.WithTimeout(ctx, time.Minute)
				defer cancel()
				const workers, rounds = 4, 15
				if err := s.write(ctx, put("a", 0, `0`), put("b", 0, `0`)); err != nil {
					return err
				}
				err := together(workers, func(w int) error {
					for range rounds {
						if err := s.incrementBoth(ctx, w%2 == 0); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					return err
				}
				return errors.Join(
					s.holds(ctx, s.brand, put("a", 1+workers*rounds, fmt.Sprint(workers*rounds)).Doc),
					s.holds(ctx, s.brand, put("b", 1+workers*rounds, fmt.Sprint(workers*rounds)).Doc),
				)
			},
		},
	}
}

// patience is how often a write is tried again after a conflict. Every conflict
// means that another writer has won, so far fewer are needed.
const patience = 5000

// errImpatient says that a conflict goes on although nobody else can have won.
var errImpatient = errors.New("a write conflicted again and again with nobody else writing as often")

// increment adds one to a counter, trying again after each conflict.
func (s store) increment(ctx context.Context, id string) error {
	for range patience {
		change, err := s.plusOne(ctx, id)
		if err != nil {
			return err
		}
		err = s.Write(ctx, s.brand, change)
		if err == nil || !errors.Is(err, sosyal.ErrConflict) {
			return err
		}
	}
	return errImpatient
}

func (s store) incrementBoth(ctx context.Context, forward bool) error {
	for range patience {
		a, err := s.plusOne(ctx, "a")
		if err != nil {
			return err
		}
		b, err := s.plusOne(ctx, "b")
		if err != nil {
			return err
		}
		if !forward {
			a, b = b, a
		}
		err = s.Write(ctx, s.brand, a, b)
		if err == nil || !errors.Is(err, sosyal.ErrConflict) {
			return err
		}
	}
	return errImpatient
}

func (s store) plusOne(ctx context.Context, id string) (sosyal.DocChange, error) {
	d, err := s.Load(ctx, s.brand, kind, id)
	if err != nil {
		return sosyal.DocChange{}, err
	}
	var n int
	if err := json.Unmarshal(d.Body, &n); err != nil {
		return sosyal.DocChange{}, err
	}
	return put(id, d.Version, fmt.Sprint(n+1)), nil
}

// together runs f in several goroutines and joins them and their errors.
func together(workers int, f func(worker int) error) error {
	failed := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() { failed[w] = f(w) })
	}
	wg.Wait()
	return errors.Join(failed...)
}
