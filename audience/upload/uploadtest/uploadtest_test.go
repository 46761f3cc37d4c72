package uploadtest_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience/upload"
	"github.com/yukselenler/sosyal/audience/upload/uploadtest"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	uploadtest.TestUploader(t, func(context.Context) (upload.Uploader, error) { return new(upload.Memory), nil })
}

func TestMemoryStateKeepsTheContract(t *testing.T) {
	uploadtest.TestState(t, func(context.Context) (upload.State, error) { return new(upload.MemoryState), nil })
}

// plainUploader has no optional port.
type plainUploader struct{ upload.Uploader }

func TestOptionalPortsAreNotAskedFor(t *testing.T) {
	assert.NoError(t, uploadtest.CheckUploader(t.Context(), func(context.Context) (upload.Uploader, error) {
		return plainUploader{new(upload.Memory)}, nil
	}))
	err := uploadtest.CheckUploader(t.Context(), func(context.Context) (upload.Uploader, error) { return nil, errors.New("no account") })
	assert.ErrorContains(t, err, "no account")
}

// brokenUploader is a good uploader with one defect.
type brokenUploader struct {
	*upload.Memory

	call func(ctx context.Context, m *upload.Memory, action upload.Action, b upload.Batch) (upload.Result, error)
	find func(ctx context.Context, m *upload.Memory, b upload.Batch) (upload.Result, error)
}

func (u brokenUploader) Add(ctx context.Context, b upload.Batch) (upload.Result, error) {
	return u.call(ctx, u.Memory, upload.Add, b)
}

func (u brokenUploader) Remove(ctx context.Context, b upload.Batch) (upload.Result, error) {
	return u.call(ctx, u.Memory, upload.Remove, b)
}

func (u brokenUploader) Find(ctx context.Context, b upload.Batch) (upload.Result, error) {
	if u.find != nil {
		return u.find(ctx, u.Memory, b)
	}
	return u.Memory.Find(ctx, b)
}

func good(ctx context.Context, m *upload.Memory, action upload.Action, b upload.Batch) (upload.Result, error) {
	if action == upload.Remove {
		return m.Remove(ctx, b)
	}
	return m.Add(ctx, b)
}

func TestSuiteFindsBrokenUploaders(t *testing.T) {
	type call = func(context.Context, *upload.Memory, upload.Action, upload.Batch) (upload.Result, error)
	for name, c := range map[string]struct {
		broken call
		find   func(context.Context, *upload.Memory, upload.Batch) (upload.Result, error)
		rule   string
	}{
		"removes nobody": {broken: func(ctx context.Context, m *upload.Memory, action upload.Action, b upload.Batch) (upload.Result, error) {
			if action == upload.Remove {
				return upload.Result{}, ctx.Err()
			}
			return m.Add(ctx, b)
		}, rule: "add and remove"},
		"forgets to say what it rejected": {broken: func(ctx context.Context, m *upload.Memory, action upload.Action, b upload.Batch) (upload.Result, error) {
			_, err := good(ctx, m, action, b)
			return upload.Result{}, err
		}, rule: "rejected rows"},
		"counts rejected rows from one": {broken: func(ctx context.Context, m *upload.Memory, action upload.Action, b upload.Batch) (upload.Result, error) {
			r, err := good(ctx, m, action, b)
			for i := range r.Rejections {
				r.Rejections[i].Row++
			}
			return r, err
		}, rule: "rejected rows"},
		"refuses the batch for one row": {broken: func(ctx context.Context, m *upload.Memory, action upload.Action, b upload.Batch) (upload.Result, error) {
			r, err := good(ctx, m, action, b)
			if len(r.Rejections) > 0 {
				return upload.Result{}, upload.RefusedError{}
			}
			return r, err
		}, rule: "rejected rows"},
		"hides refusals": {broken: func(ctx context.Context, m *upload.Memory, action upload.Action, b upload.Batch) (upload.Result, error) {
			r, err := good(ctx, m, action, b)
			if _, refused := errors.AsType[upload.RefusedError](err); refused {
				return r, errors.New("something went wrong")
			}
			return r, err
		}, rule: "invalid batch"},
		"calls a lost answer a refusal": {broken: func(ctx context.Context, m *upload.Memory, action upload.Action, b upload.Batch) (upload.Result, error) {
			if err := ctx.Err(); err != nil {
				return upload.Result{}, upload.RefusedError{Cause: err}
			}
			return good(ctx, m, action, b)
		}, rule: "cancelled"},
		"ignores the action": {broken: func(ctx context.Context, m *upload.Memory, action upload.Action, b upload.Batch) (upload.Result, error) {
			if b.Action == upload.Add || b.Action == upload.Remove {
				b.Action = action
			}
			return good(ctx, m, action, b)
		}, rule: "wrong call"},
		"does not know keys": {broken: func(ctx context.Context, m *upload.Memory, action upload.Action, b upload.Batch) (upload.Result, error) {
			for next := int64(1000); ; next++ {
				renamed := b
				if b.Key != "" {
					renamed.Sequence, renamed.Key = next, upload.BatchKey(b.Audience, next)
				}
				if _, err := m.Find(ctx, renamed); err == nil {
					continue
				}
				return good(ctx, m, action, renamed)
			}
		}, rule: "repeated key"},
		"has one audience for all brands": {broken: func(ctx context.Context, m *upload.Memory, action upload.Action, b upload.Batch) (upload.Result, error) {
			r, err := good(ctx, m, action, b)
			if err == nil && b.Audience.Brand == "theirs" && action == upload.Remove {
				b.Audience.Brand = "mine"
				b.Sequence += 100
				b.Key = upload.BatchKey(b.Audience, b.Sequence)
				_, err = good(ctx, m, action, b)
			}
			return r, err
		}, rule: "tenancy"},
		"finds what was never sent": {
			broken: good, rule: "find",
			find: func(context.Context, *upload.Memory, upload.Batch) (upload.Result, error) {
				return upload.Result{}, nil
			},
		},
		"panics": {broken: func(ctx context.Context, m *upload.Memory, action upload.Action, b upload.Batch) (upload.Result, error) {
			if action == upload.Remove {
				panic("broken")
			}
			return m.Add(ctx, b)
		}, rule: "add and remove"},
	} {
		t.Run(name, func(t *testing.T) {
			err := uploadtest.CheckUploader(t.Context(), func(context.Context) (upload.Uploader, error) {
				return brokenUploader{new(upload.Memory), c.broken, c.find}, nil
			})
			require.Error(t, err)
			assert.True(t, slices.ContainsFunc(strings.Split(err.Error(), "\n"), func(line string) bool {
				return strings.HasPrefix(line, c.rule+": ")
			}), "%q is not among\n%v", c.rule, err)
		})
	}
}

// brokenState is a good state with one defect.
type brokenState struct {
	*upload.MemoryState

	record  func(ctx context.Context, m *upload.MemoryState, b upload.Batch) error
	members func(ctx context.Context, m *upload.MemoryState, brand sosyal.BrandID, q upload.Query) iter.Seq2[upload.Member, error]
	batches func(ctx context.Context, m *upload.MemoryState, brand sosyal.BrandID, q upload.Query) iter.Seq2[upload.Batch, error]
	forget  func(ctx context.Context, m *upload.MemoryState, brand sosyal.BrandID, p sosyal.PersonID) (sosyal.Erasure, error)
}

func (s brokenState) Record(ctx context.Context, b upload.Batch) error {
	if s.record != nil {
		return s.record(ctx, s.MemoryState, b)
	}
	return s.MemoryState.Record(ctx, b)
}

func (s brokenState) Members(ctx context.Context, brand sosyal.BrandID, q upload.Query) iter.Seq2[upload.Member, error] {
	if s.members != nil {
		return s.members(ctx, s.MemoryState, brand, q)
	}
	return s.MemoryState.Members(ctx, brand, q)
}

func (s brokenState) Batches(ctx context.Context, brand sosyal.BrandID, q upload.Query) iter.Seq2[upload.Batch, error] {
	if s.batches != nil {
		return s.batches(ctx, s.MemoryState, brand, q)
	}
	return s.MemoryState.Batches(ctx, brand, q)
}

func (s brokenState) Forget(ctx context.Context, brand sosyal.BrandID, p sosyal.PersonID) (sosyal.Erasure, error) {
	if s.forget != nil {
		return s.forget(ctx, s.MemoryState, brand, p)
	}
	return s.MemoryState.Forget(ctx, brand, p)
}

func TestSuiteFindsBrokenStates(t *testing.T) {
	for name, c := range map[string]struct {
		broken brokenState
		rule   string
	}{
		"makes members before the answer": {brokenState{record: func(ctx context.Context, m *upload.MemoryState, b upload.Batch) error {
			if err := m.Record(ctx, b); err != nil || b.Outcome != upload.Open {
				return err
			}
			b.Outcome, b.Ended = upload.Done, b.At
			return m.Record(ctx, b)
		}}, "intent"},
		"makes members of rejected rows": {brokenState{record: func(ctx context.Context, m *upload.MemoryState, b upload.Batch) error {
			b.Rejections = nil
			return m.Record(ctx, b)
		}}, "done"},
		"keeps nobody": {brokenState{record: func(ctx context.Context, m *upload.MemoryState, b upload.Batch) error {
			if b.Outcome == upload.Done {
				b.Outcome, b.Rejections = upload.Lost, nil
			}
			return m.Record(ctx, b)
		}}, "done"},
		"counts lost batches": {brokenState{record: func(ctx context.Context, m *upload.MemoryState, b upload.Batch) error {
			if b.Outcome == upload.Superseded {
				b.Outcome = upload.Done
			}
			return m.Record(ctx, b)
		}}, "not taken"},
		"lets an old outcome undo a new one": {brokenState{record: func(ctx context.Context, m *upload.MemoryState, b upload.Batch) error {
			err := m.Record(ctx, b)
			if err == nil && b.Sequence == 1 && b.Outcome == upload.Done {
				again := b
				again.Sequence, again.Outcome, again.Ended, again.Rejections = 4, upload.Open, time.Time{}, nil
				again.Key = upload.BatchKey(again.Audience, 4)
				if m.Record(ctx, again) == nil { // only there are three others before it
					again.Outcome, again.Ended = upload.Done, b.Ended
					return m.Record(ctx, again)
				}
			}
			return err
		}}, "later ends earlier"},
		"hides conflicts": {brokenState{record: func(ctx context.Context, m *upload.MemoryState, b upload.Batch) error {
			if err := m.Record(ctx, b); !errors.Is(err, sosyal.ErrConflict) {
				return err
			}
			return nil
		}}, "sequence"},
		"brands meet": {brokenState{members: func(ctx context.Context, m *upload.MemoryState, brand sosyal.BrandID, q upload.Query) iter.Seq2[upload.Member, error] {
			if brand == "theirs" {
				brand = "mine"
			}
			return m.Members(ctx, brand, q)
		}}, "tenancy"},
		"forgets the query": {brokenState{members: func(ctx context.Context, m *upload.MemoryState, brand sosyal.BrandID, q upload.Query) iter.Seq2[upload.Member, error] {
			return m.Members(ctx, brand, upload.Query{Platform: q.Platform})
		}}, "query"},
		"oldest first": {brokenState{batches: func(ctx context.Context, m *upload.MemoryState, brand sosyal.BrandID, q upload.Query) iter.Seq2[upload.Batch, error] {
			return func(yield func(upload.Batch, error) bool) {
				var all []upload.Batch
				for b, err := range m.Batches(ctx, brand, q) {
					if err != nil {
						yield(b, err)
						return
					}
					all = append(all, b)
				}
				for _, b := range slices.Backward(all) {
					if !yield(b, nil) {
						return
					}
				}
			}
		}}, "order"},
		"loses the rest when left early": {brokenState{batches: func(ctx context.Context, m *upload.MemoryState, brand sosyal.BrandID, q upload.Query) iter.Seq2[upload.Batch, error] {
			return func(yield func(upload.Batch, error) bool) {
				for b, err := range m.Batches(ctx, brand, q) {
					yield(b, err) // goes on after the reader has left
				}
			}
		}}, "stop"},
		"forgets nobody": {brokenState{forget: func(_ context.Context, _ *upload.MemoryState, brand sosyal.BrandID, p sosyal.PersonID) (sosyal.Erasure, error) {
			return sosyal.Erasure{Brand: brand, Person: sosyal.PersonDigest(brand, p)}, nil
		}}, "forget"},
		"keeps no record": {brokenState{forget: func(ctx context.Context, m *upload.MemoryState, brand sosyal.BrandID, p sosyal.PersonID) (sosyal.Erasure, error) {
			r, err := m.Forget(ctx, brand, p)
			r.Records = nil
			return r, err
		}}, "forget"},
		"works under a cancelled context": {brokenState{record: func(ctx context.Context, m *upload.MemoryState, b upload.Batch) error {
			return m.Record(context.WithoutCancel(ctx), b)
		}}, "cancelled"},
	} {
		t.Run(name, func(t *testing.T) {
			err := uploadtest.CheckState(t.Context(), func(context.Context) (upload.State, error) {
				broken := c.broken
				broken.MemoryState = new(upload.MemoryState)
				return broken, nil
			})
			require.Error(t, err)
			assert.True(t, slices.ContainsFunc(strings.Split(err.Error(), "\n"), func(line string) bool {
				return strings.HasPrefix(line, c.rule+": ")
			}), "%q is not among\n%v", c.rule, err)
		})
	}
}
