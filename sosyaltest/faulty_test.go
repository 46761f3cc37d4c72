package sosyaltest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/sosyaltest"
)

// faulty is a good store whose calls can be bent.
type faulty struct {
	*sosyal.MemoryDocuments
	load      func(ctx context.Context, brand sosyal.BrandID, kind, id string) (sosyal.Doc, error)
	write     func(ctx context.Context, brand sosyal.BrandID, changes []sosyal.DocChange) error
	list      func(ctx context.Context, brand sosyal.BrandID, q sosyal.Query) iter.Seq2[sosyal.Doc, error]
	pending   func(ctx context.Context, brand sosyal.BrandID, now time.Time, limit int) iter.Seq2[sosyal.Delivery, error]
	delivered func(ctx context.Context, brand sosyal.BrandID, ids []string) error
	postpone  func(ctx context.Context, brand sosyal.BrandID, id string, until time.Time) error
	waiting   func(ctx context.Context) iter.Seq2[sosyal.BrandID, error]
	forget    func(ctx context.Context, brand sosyal.BrandID, person sosyal.PersonID) (sosyal.Erasure, error)
	erasures  func(ctx context.Context, brand sosyal.BrandID) iter.Seq2[sosyal.Erasure, error]
}

func (f *faulty) Load(ctx context.Context, brand sosyal.BrandID, kind, id string) (sosyal.Doc, error) {
	if f.load != nil {
		return f.load(ctx, brand, kind, id)
	}
	return f.MemoryDocuments.Load(ctx, brand, kind, id)
}

func (f *faulty) Write(ctx context.Context, brand sosyal.BrandID, changes ...sosyal.DocChange) error {
	if f.write != nil {
		return f.write(ctx, brand, changes)
	}
	return f.MemoryDocuments.Write(ctx, brand, changes...)
}

func (f *faulty) List(ctx context.Context, brand sosyal.BrandID, q sosyal.Query) iter.Seq2[sosyal.Doc, error] {
	if f.list != nil {
		return f.list(ctx, brand, q)
	}
	return f.MemoryDocuments.List(ctx, brand, q)
}

func (f *faulty) Pending(ctx context.Context, brand sosyal.BrandID, now time.Time, limit int) iter.Seq2[sosyal.Delivery, error] {
	if f.pending != nil {
		return f.pending(ctx, brand, now, limit)
	}
	return f.MemoryDocuments.Pending(ctx, brand, now, limit)
}

func (f *faulty) Delivered(ctx context.Context, brand sosyal.BrandID, ids ...string) error {
	if f.delivered != nil {
		return f.delivered(ctx, brand, ids)
	}
	return f.MemoryDocuments.Delivered(ctx, brand, ids...)
}

func (f *faulty) Defer(ctx context.Context, brand sosyal.BrandID, id string, until time.Time) error {
	if f.postpone != nil {
		return f.postpone(ctx, brand, id, until)
	}
	return f.MemoryDocuments.Defer(ctx, brand, id, until)
}

func (f *faulty) Waiting(ctx context.Context) iter.Seq2[sosyal.BrandID, error] {
	if f.waiting != nil {
		return f.waiting(ctx)
	}
	return f.MemoryDocuments.Waiting(ctx)
}

func (f *faulty) Forget(ctx context.Context, brand sosyal.BrandID, person sosyal.PersonID) (sosyal.Erasure, error) {
	if f.forget != nil {
		return f.forget(ctx, brand, person)
	}
	return f.MemoryDocuments.Forget(ctx, brand, person)
}

func (f *faulty) Erasures(ctx context.Context, brand sosyal.BrandID) iter.Seq2[sosyal.Erasure, error] {
	if f.erasures != nil {
		return f.erasures(ctx, brand)
	}
	return f.MemoryDocuments.Erasures(ctx, brand)
}

// bendDocs lets fix change every document that is read.
func bendDocs(f *faulty, fix func(*sosyal.Doc)) {
	f.load = func(ctx context.Context, brand sosyal.BrandID, kind, id string) (sosyal.Doc, error) {
		d, err := f.MemoryDocuments.Load(ctx, brand, kind, id)
		fix(&d)
		return d, err
	}
	f.list = func(ctx context.Context, brand sosyal.BrandID, q sosyal.Query) iter.Seq2[sosyal.Doc, error] {
		return func(yield func(sosyal.Doc, error) bool) {
			for d, err := range f.MemoryDocuments.List(ctx, brand, q) {
				fix(&d)
				if !yield(d, err) {
					return
				}
			}
		}
	}
}

// bendNames lets fix change every id on its way in.
func bendNames(f *faulty, fix func(string) string) {
	f.load = func(ctx context.Context, brand sosyal.BrandID, kind, id string) (sosyal.Doc, error) {
		return f.MemoryDocuments.Load(ctx, brand, kind, fix(id))
	}
	f.write = func(ctx context.Context, brand sosyal.BrandID, changes []sosyal.DocChange) error {
		changes = slices.Clone(changes)
		for i := range changes {
			changes[i].Doc.ID = fix(changes[i].Doc.ID)
		}
		return f.MemoryDocuments.Write(ctx, brand, changes...)
	}
}

// bendQuery lets fix change every query.
func bendQuery(f *faulty, fix func(*sosyal.Query)) {
	f.list = func(ctx context.Context, brand sosyal.BrandID, q sosyal.Query) iter.Seq2[sosyal.Doc, error] {
		fix(&q)
		return f.MemoryDocuments.List(ctx, brand, q)
	}
}

// overwrite stores a change over whatever is there.
func overwrite(ctx context.Context, f *faulty, brand sosyal.BrandID, c sosyal.DocChange) error {
	d, err := f.MemoryDocuments.Load(ctx, brand, c.Doc.Kind, c.Doc.ID)
	if err != nil && !errors.Is(err, sosyal.ErrNotFound) {
		return err
	}
	c.Doc.Version = d.Version
	if c.Delete && d.Version == 0 {
		return nil
	}
	return f.MemoryDocuments.Write(ctx, brand, c)
}

type defect struct {
	name   string
	bend   func(*faulty)
	caught string // a case that must catch it
}

func defects() []defect {
	return slices.Concat(docDefects(), listDefects(), writeDefects(), contextDefects(), outboxDefects(), forgetDefects())
}

func docDefects() []defect {
	return []defect{
		{"numbers pass through a float", func(f *faulty) {
			bendDocs(f, func(d *sosyal.Doc) {
				var v any
				if json.Unmarshal(d.Body, &v) == nil {
					d.Body, _ = json.Marshal(v)
				}
			})
		}, "every field comes back"},
		{"times are cut to microseconds", func(f *faulty) {
			bendDocs(f, func(d *sosyal.Doc) { d.From = d.From.Truncate(time.Microsecond) })
		}, "every field comes back"},
		{"times are in the local zone", func(f *faulty) {
			zone := time.FixedZone("+03", 3*60*60)
			bendDocs(f, func(d *sosyal.Doc) {
				if !d.From.IsZero() {
					d.From = d.From.In(zone)
				}
			})
		}, "every field comes back"},
		{"the schema is lost", func(f *faulty) { bendDocs(f, func(d *sosyal.Doc) { d.Schema = 0 }) }, "every field comes back"},
		{"the person is lost", func(f *faulty) { bendDocs(f, func(d *sosyal.Doc) { d.Person = "" }) }, "every field comes back"},
		{"an open end becomes the beginning", func(f *faulty) {
			bendDocs(f, func(d *sosyal.Doc) {
				if d.To.IsZero() {
					d.To = d.From
				}
			})
		}, "every field comes back"},
		{"long bodies are cut", func(f *faulty) {
			bendDocs(f, func(d *sosyal.Doc) { d.Body = d.Body[:min(len(d.Body), 65535)] })
		}, "any JSON is a body"},
		{"bodies are shared with the caller", func(f *faulty) {
			var mu sync.Mutex
			first := map[string]json.RawMessage{}
			bendDocs(f, func(d *sosyal.Doc) {
				mu.Lock()
				defer mu.Unlock()
				key := fmt.Sprint(d.Kind, d.ID, d.Version)
				if first[key] == nil {
					first[key] = d.Body
				}
				d.Body = first[key]
			})
		}, "memory is not shared with the caller"},
		{"index fields stay behind", func(f *faulty) {
			f.write = func(ctx context.Context, brand sosyal.BrandID, changes []sosyal.DocChange) error {
				changes = slices.Clone(changes)
				for i, c := range changes {
					if old, err := f.MemoryDocuments.Load(ctx, brand, c.Doc.Kind, c.Doc.ID); err == nil && c.Doc.Parent == "" {
						changes[i].Doc.Parent = old.Parent
					}
				}
				return f.MemoryDocuments.Write(ctx, brand, changes...)
			}
		}, "a change replaces every field"},
		{"names are folded to lower case", func(f *faulty) { bendNames(f, strings.ToLower) }, "names differ where their bytes differ"},
		{"names are trimmed", func(f *faulty) { bendNames(f, strings.TrimSpace) }, "names differ where their bytes differ"},
		{"names are cut", func(f *faulty) { bendNames(f, func(s string) string { return s[:min(len(s), 250)] }) }, "names differ where their bytes differ"},
		{"an empty name is given one", func(f *faulty) {
			bendNames(f, func(s string) string {
				if s == "" {
					return "unnamed"
				}
				return s
			})
		}, "impossible names are refused"},
		{"kinds share their ids", func(f *faulty) {
			f.write = func(ctx context.Context, brand sosyal.BrandID, changes []sosyal.DocChange) error {
				changes = slices.Clone(changes)
				for i := range changes {
					changes[i].Doc.Kind = strings.TrimSuffix(changes[i].Doc.Kind, ".other")
				}
				return f.MemoryDocuments.Write(ctx, brand, changes...)
			}
		}, "kinds do not meet"},
		{"loading panics on what is missing", func(f *faulty) {
			f.load = func(ctx context.Context, brand sosyal.BrandID, kind, id string) (sosyal.Doc, error) {
				d, err := f.MemoryDocuments.Load(ctx, brand, kind, id)
				if err != nil {
					panic(err)
				}
				return d, nil
			}
		}, "a missing document is not found"},
		{"missing documents come back empty", func(f *faulty) {
			f.load = func(ctx context.Context, brand sosyal.BrandID, kind, id string) (sosyal.Doc, error) {
				d, err := f.MemoryDocuments.Load(ctx, brand, kind, id)
				if errors.Is(err, sosyal.ErrNotFound) {
					return sosyal.Doc{}, nil
				}
				return d, err
			}
		}, "a missing document is not found"},
	}
}

func listDefects() []defect {
	return []defect{
		{"a list is in reverse", func(f *faulty) {
			f.list = func(ctx context.Context, brand sosyal.BrandID, q sosyal.Query) iter.Seq2[sosyal.Doc, error] {
				return func(yield func(sosyal.Doc, error) bool) {
					var docs []sosyal.Doc
					for d, err := range f.MemoryDocuments.List(ctx, brand, q) {
						if err != nil {
							yield(d, err)
							return
						}
						docs = append(docs, d)
					}
					for _, d := range slices.Backward(docs) {
						if !yield(d, nil) {
							return
						}
					}
				}
			}
		}, "a list is in order of ids"},
		{"pages overlap", func(f *faulty) {
			bendQuery(f, func(q *sosyal.Query) {
				if n := len(q.After); n > 0 {
					q.After = q.After[:n-1]
				}
			})
		}, "pages hold everything once"},
		{"a page is always short", func(f *faulty) { bendQuery(f, func(q *sosyal.Query) { q.Limit = 1000 }) }, "pages hold everything once"},
		{"many ids are cut", func(f *faulty) {
			bendQuery(f, func(q *sosyal.Query) { q.IDs = q.IDs[:min(len(q.IDs), 1000)] })
		}, "pages hold everything once"},
		{"states do not narrow", func(f *faulty) { bendQuery(f, func(q *sosyal.Query) { q.States = nil }) }, "fields narrow a list together"},
		{"parents do not narrow", func(f *faulty) { bendQuery(f, func(q *sosyal.Query) { q.Parent = "" }) }, "fields narrow a list together"},
		{"persons do not narrow", func(f *faulty) { bendQuery(f, func(q *sosyal.Query) { q.Person = "" }) }, "fields narrow a list together"},
		{"ids do not narrow", func(f *faulty) { bendQuery(f, func(q *sosyal.Query) { q.IDs = nil }) }, "fields narrow a list together"},
		{"the end of a span belongs to it", func(f *faulty) {
			bendQuery(f, func(q *sosyal.Query) {
				if !q.To.IsZero() && q.To.After(q.From) {
					q.To = q.To.Add(1)
				}
			})
		}, "time narrows a list to what overlaps"},
		{"an open end is taken for an instant", func(f *faulty) {
			bendQuery(f, func(q *sosyal.Query) {
				if q.To.IsZero() {
					q.To = q.From
				}
			})
		}, "time narrows a list to what overlaps"},
		{"a query without a kind is taken", func(f *faulty) {
			bendQuery(f, func(q *sosyal.Query) {
				if q.Kind == "" {
					q.Kind = "any"
				}
			})
		}, "impossible queries are refused"},
		{"a list holds the store", func(f *faulty) {
			var listing sync.Mutex
			f.list = func(ctx context.Context, brand sosyal.BrandID, q sosyal.Query) iter.Seq2[sosyal.Doc, error] {
				return func(yield func(sosyal.Doc, error) bool) {
					listing.Lock()
					defer listing.Unlock()
					f.MemoryDocuments.List(ctx, brand, q)(yield)
				}
			}
			f.write = func(ctx context.Context, brand sosyal.BrandID, changes []sosyal.DocChange) error {
				if !listing.TryLock() {
					return errors.New("database is locked")
				}
				defer listing.Unlock()
				return f.MemoryDocuments.Write(ctx, brand, changes...)
			}
		}, "the store can be used while it lists"},
		{"a list goes on after its error", func(f *faulty) {
			f.list = func(ctx context.Context, brand sosyal.BrandID, q sosyal.Query) iter.Seq2[sosyal.Doc, error] {
				return func(yield func(sosyal.Doc, error) bool) {
					for d, err := range f.MemoryDocuments.List(ctx, brand, q) {
						if !yield(d, err) || (err != nil && !yield(d, nil)) {
							return
						}
					}
				}
			}
		}, "a cancelled context stops everything"},
	}
}

func writeDefects() []defect {
	return []defect{
		{"brands are one", func(f *faulty) {
			f.load = func(ctx context.Context, _ sosyal.BrandID, kind, id string) (sosyal.Doc, error) {
				return f.MemoryDocuments.Load(ctx, "all", kind, id)
			}
			f.write = func(ctx context.Context, _ sosyal.BrandID, changes []sosyal.DocChange) error {
				return f.MemoryDocuments.Write(ctx, "all", changes...)
			}
			f.list = func(ctx context.Context, _ sosyal.BrandID, q sosyal.Query) iter.Seq2[sosyal.Doc, error] {
				return f.MemoryDocuments.List(ctx, "all", q)
			}
		}, "brands do not meet"},
		{"brand and kind are joined", func(f *faulty) {
			split := func(brand sosyal.BrandID, kind string) (sosyal.BrandID, string) {
				before, after, _ := strings.Cut(string(brand)+"/"+kind, "/")
				return sosyal.BrandID(before), after
			}
			f.load = func(ctx context.Context, brand sosyal.BrandID, kind, id string) (sosyal.Doc, error) {
				brand, kind = split(brand, kind)
				d, err := f.MemoryDocuments.Load(ctx, brand, kind, id)
				return d, err
			}
		}, "brands whose names run together do not meet"},
		{"brands are folded to lower case", func(f *faulty) {
			fold := func(brand sosyal.BrandID) sosyal.BrandID { return sosyal.BrandID(strings.ToLower(string(brand))) }
			f.load = func(ctx context.Context, brand sosyal.BrandID, kind, id string) (sosyal.Doc, error) {
				return f.MemoryDocuments.Load(ctx, fold(brand), kind, id)
			}
			f.write = func(ctx context.Context, brand sosyal.BrandID, changes []sosyal.DocChange) error {
				return f.MemoryDocuments.Write(ctx, fold(brand), changes...)
			}
		}, "brands whose names run together do not meet"},
		{"the last writer wins", func(f *faulty) {
			f.write = func(ctx context.Context, brand sosyal.BrandID, changes []sosyal.DocChange) error {
				for _, c := range changes {
					if err := overwrite(ctx, f, brand, c); err != nil {
						return err
					}
				}
				return nil
			}
		}, "a stale write conflicts"},
		{"the version is checked before it is taken", func(f *faulty) {
			f.write = func(ctx context.Context, brand sosyal.BrandID, changes []sosyal.DocChange) error {
				for _, c := range changes {
					d, err := f.MemoryDocuments.Load(ctx, brand, c.Doc.Kind, c.Doc.ID)
					if err != nil && !errors.Is(err, sosyal.ErrNotFound) {
						return err
					}
					if d.Version != c.Doc.Version {
						return sosyal.ErrConflict
					}
				}
				time.Sleep(time.Millisecond)
				for _, c := range changes {
					for {
						err := overwrite(ctx, f, brand, c)
						if !errors.Is(err, sosyal.ErrConflict) {
							if err != nil {
								return err
							}
							break
						}
						runtime.Gosched()
					}
				}
				return nil
			}
		}, "every version has one winner"},
		{"changes are written one by one", func(f *faulty) {
			f.write = func(ctx context.Context, brand sosyal.BrandID, changes []sosyal.DocChange) error {
				for _, c := range changes {
					if err := f.MemoryDocuments.Write(ctx, brand, c); err != nil {
						return err
					}
				}
				return nil
			}
		}, "a write is all or nothing"},
		{"crossing writes fail", func(f *faulty) {
			f.write = func(ctx context.Context, brand sosyal.BrandID, changes []sosyal.DocChange) error {
				if len(changes) == 2 && changes[0].Doc.ID > changes[1].Doc.ID {
					return errors.New("deadlock detected")
				}
				return f.MemoryDocuments.Write(ctx, brand, changes...)
			}
		}, "writes that cross do not lock each other"},
		{"deleting what is missing succeeds", func(f *faulty) {
			f.write = func(ctx context.Context, brand sosyal.BrandID, changes []sosyal.DocChange) error {
				err := f.MemoryDocuments.Write(ctx, brand, changes...)
				if len(changes) == 1 && changes[0].Delete && errors.Is(err, sosyal.ErrConflict) {
					return nil
				}
				return err
			}
		}, "a stale write conflicts"},
		{"a conflict is called something else", func(f *faulty) {
			f.write = func(ctx context.Context, brand sosyal.BrandID, changes []sosyal.DocChange) error {
				err := f.MemoryDocuments.Write(ctx, brand, changes...)
				if errors.Is(err, sosyal.ErrConflict) {
					return errors.New("UNIQUE constraint failed")
				}
				return err
			}
		}, "one of many creators wins"},
		{"versions start again after a deletion", restartVersions, "versions are never used twice"},
		{"versions jump", func(f *faulty) { bendDocs(f, func(d *sosyal.Doc) { d.Version *= 2 }) }, "versions count from one"},
		{"a write of nothing fails", func(f *faulty) {
			f.write = func(ctx context.Context, brand sosyal.BrandID, changes []sosyal.DocChange) error {
				if len(changes) == 0 {
					return errors.New("syntax error near VALUES")
				}
				return f.MemoryDocuments.Write(ctx, brand, changes...)
			}
		}, "a write of nothing does nothing"},
		{"the last of two changes counts", func(f *faulty) {
			f.write = func(ctx context.Context, brand sosyal.BrandID, changes []sosyal.DocChange) error {
				if len(changes) == 2 && changes[0].Doc.ID == changes[1].Doc.ID && changes[0].Doc.Kind == changes[1].Doc.Kind {
					changes = changes[:1]
				}
				return f.MemoryDocuments.Write(ctx, brand, changes...)
			}
		}, "contradicting changes are refused"},
		{"one deletion in five writes is lost", func(f *faulty) {
			f.write = func(ctx context.Context, brand sosyal.BrandID, changes []sosyal.DocChange) error {
				if len(changes) == 3 && changes[2].Delete && !changes[1].Delete {
					return f.MemoryDocuments.Write(ctx, brand, changes[:2]...)
				}
				return f.MemoryDocuments.Write(ctx, brand, changes...)
			}
		}, "random writes do what a map would do"},
	}
}

// restartVersions gives a document that is created again a new name inside, so
// that it counts from one.
func restartVersions(f *faulty) {
	var mu sync.Mutex
	lives := map[string]int{}
	name := func(id string) string {
		mu.Lock()
		defer mu.Unlock()
		return fmt.Sprint(id, "#", lives[id])
	}
	f.load = func(ctx context.Context, brand sosyal.BrandID, kind, id string) (sosyal.Doc, error) {
		d, err := f.MemoryDocuments.Load(ctx, brand, kind, name(id))
		d.ID = id
		return d, err
	}
	f.write = func(ctx context.Context, brand sosyal.BrandID, changes []sosyal.DocChange) error {
		inner := slices.Clone(changes)
		for i := range inner {
			inner[i].Doc.ID = name(inner[i].Doc.ID)
		}
		err := f.MemoryDocuments.Write(ctx, brand, inner...)
		for _, c := range changes {
			if err == nil && c.Delete {
				mu.Lock()
				lives[c.Doc.ID]++
				mu.Unlock()
			}
		}
		return err
	}
}

func contextDefects() []defect {
	return []defect{
		{"loading ignores the context", func(f *faulty) {
			f.load = func(ctx context.Context, brand sosyal.BrandID, kind, id string) (sosyal.Doc, error) {
				return f.MemoryDocuments.Load(context.WithoutCancel(ctx), brand, kind, id)
			}
		}, "a cancelled context stops everything"},
		{"writing ignores the context", func(f *faulty) {
			f.write = func(ctx context.Context, brand sosyal.BrandID, changes []sosyal.DocChange) error {
				return f.MemoryDocuments.Write(context.WithoutCancel(ctx), brand, changes...)
			}
		}, "a cancelled context stops everything"},
		{"a list looks at the context only once", func(f *faulty) {
			f.list = func(ctx context.Context, brand sosyal.BrandID, q sosyal.Query) iter.Seq2[sosyal.Doc, error] {
				if ctx.Err() == nil {
					ctx = context.WithoutCancel(ctx)
				}
				return f.MemoryDocuments.List(ctx, brand, q)
			}
		}, "a context that is cancelled stops a list"},
	}
}

// bendPending lets fix change what is pending.
func bendPending(f *faulty, fix func([]sosyal.Delivery) []sosyal.Delivery) {
	f.pending = func(ctx context.Context, brand sosyal.BrandID, now time.Time, limit int) iter.Seq2[sosyal.Delivery, error] {
		return func(yield func(sosyal.Delivery, error) bool) {
			var all []sosyal.Delivery
			for d, err := range f.MemoryDocuments.Pending(ctx, brand, now, limit) {
				if err != nil {
					yield(d, err)
					return
				}
				all = append(all, d)
			}
			for _, d := range fix(all) {
				if !yield(d, nil) {
					return
				}
			}
		}
	}
}

func outboxDefects() []defect {
	return []defect{
		{"events are dropped", func(f *faulty) {
			f.write = func(ctx context.Context, brand sosyal.BrandID, changes []sosyal.DocChange) error {
				if err := sosyal.CheckChanges(brand, changes); err != nil {
					return err
				}
				changes = slices.Clone(changes)
				for i := range changes {
					changes[i].Events = nil
				}
				return f.MemoryDocuments.Write(ctx, brand, changes...)
			}
		}, "events are stored with their change"},
		{"events are stored although the write fails", func(f *faulty) {
			f.write = func(ctx context.Context, brand sosyal.BrandID, changes []sosyal.DocChange) error {
				err := f.MemoryDocuments.Write(ctx, brand, changes...)
				if errors.Is(err, sosyal.ErrConflict) && len(changes[0].Events) > 0 {
					_ = f.MemoryDocuments.Write(ctx, brand, sosyal.DocChange{
						Doc: sosyal.Doc{Kind: "events", ID: changes[0].Doc.ID, Body: json.RawMessage(`1`)}, Events: changes[0].Events,
					})
				}
				return err
			}
		}, "events are stored with their change"},
		{"events lose their reason", func(f *faulty) {
			bendPending(f, func(all []sosyal.Delivery) []sosyal.Delivery {
				for i := range all {
					all[i].Event.Reason.Args = nil
				}
				return all
			})
		}, "events come back whole"},
		{"events of a second life begin at version 1", func(f *faulty) {
			bendPending(f, func(all []sosyal.Delivery) []sosyal.Delivery {
				for i := range all {
					if all[i].Event.Subject.Version > 3 {
						all[i].Event.Subject.Version = 1
					}
				}
				return all
			})
		}, "events name the version they made"},
		{"events come last first", func(f *faulty) {
			bendPending(f, func(all []sosyal.Delivery) []sosyal.Delivery {
				slices.Reverse(all)
				return all
			})
		}, "the outbox is read in portions"},
		{"events are never removed", func(f *faulty) {
			f.delivered = func(context.Context, sosyal.BrandID, []string) error { return nil }
		}, "delivered events are gone"},
		{"a delivered event takes all with it", func(f *faulty) {
			f.delivered = func(ctx context.Context, brand sosyal.BrandID, _ []string) error {
				for d, err := range f.MemoryDocuments.Pending(ctx, brand, time.Now().AddDate(100, 0, 0), 0) {
					if err != nil {
						return err
					}
					if err := f.MemoryDocuments.Delivered(ctx, brand, d.Event.ID); err != nil {
						return err
					}
				}
				return nil
			}
		}, "delivered events are gone"},
		{"a deferred event holds up everything", func(f *faulty) {
			f.pending = func(ctx context.Context, brand sosyal.BrandID, now time.Time, limit int) iter.Seq2[sosyal.Delivery, error] {
				return func(yield func(sosyal.Delivery, error) bool) {
					for d, err := range f.MemoryDocuments.Pending(ctx, brand, now.AddDate(1, 0, 0), limit) {
						if (err == nil && d.Until.After(now)) || !yield(d, err) {
							return
						}
					}
				}
			}
		}, "a deferred event holds up its subject only"},
		{"a deferred event holds up nothing", func(f *faulty) {
			f.pending = func(ctx context.Context, brand sosyal.BrandID, now time.Time, limit int) iter.Seq2[sosyal.Delivery, error] {
				return func(yield func(sosyal.Delivery, error) bool) {
					for d, err := range f.MemoryDocuments.Pending(ctx, brand, now.AddDate(1, 0, 0), limit) {
						if err == nil && d.Until.After(now) {
							continue
						}
						if !yield(d, err) {
							return
						}
					}
				}
			}
		}, "a deferred event holds up its subject only"},
		{"attempts are not counted", func(f *faulty) {
			bendPending(f, func(all []sosyal.Delivery) []sosyal.Delivery {
				for i := range all {
					all[i].Attempts = min(all[i].Attempts, 1)
				}
				return all
			})
		}, "a deferred event holds up its subject only"},
		{"deferring what is gone succeeds", func(f *faulty) {
			f.postpone = func(ctx context.Context, brand sosyal.BrandID, id string, until time.Time) error {
				err := f.MemoryDocuments.Defer(ctx, brand, id, until)
				if errors.Is(err, sosyal.ErrNotFound) {
					return nil
				}
				return err
			}
		}, "a deferred event holds up its subject only"},
		{"the outbox knows no limit", func(f *faulty) {
			f.pending = func(ctx context.Context, brand sosyal.BrandID, now time.Time, _ int) iter.Seq2[sosyal.Delivery, error] {
				return f.MemoryDocuments.Pending(ctx, brand, now, 0)
			}
		}, "the outbox is read in portions"},
		{"an event id is kept twice", func(f *faulty) {
			f.write = func(ctx context.Context, brand sosyal.BrandID, changes []sosyal.DocChange) error {
				changes = slices.Clone(changes)
				for i := range changes {
					changes[i].Events = slices.Clone(changes[i].Events)
					for j := range changes[i].Events {
						changes[i].Events[j].ID = ""
					}
				}
				return f.MemoryDocuments.Write(ctx, brand, changes...)
			}
		}, "an event id is kept once"},
		{"no brand waits", func(f *faulty) {
			f.waiting = func(context.Context) iter.Seq2[sosyal.BrandID, error] {
				return func(func(sosyal.BrandID, error) bool) {}
			}
		}, "brands do not meet in the outbox"},
		{"a brand waits for ever", func(f *faulty) {
			var mu sync.Mutex
			seen := map[sosyal.BrandID]bool{}
			f.waiting = func(ctx context.Context) iter.Seq2[sosyal.BrandID, error] {
				return func(yield func(sosyal.BrandID, error) bool) {
					mu.Lock()
					for brand, err := range f.MemoryDocuments.Waiting(ctx) {
						if err == nil {
							seen[brand] = true
						}
					}
					all := slices.Sorted(maps.Keys(seen))
					mu.Unlock()
					for _, brand := range all {
						if !yield(brand, nil) {
							return
						}
					}
				}
			}
		}, "brands do not meet in the outbox"},
		{"one brand's outbox is everybody's", func(f *faulty) {
			f.delivered = func(ctx context.Context, _ sosyal.BrandID, ids []string) error {
				for brand, err := range f.MemoryDocuments.Waiting(ctx) {
					if err != nil {
						return err
					}
					if err := f.MemoryDocuments.Delivered(ctx, brand, ids...); err != nil {
						return err
					}
				}
				return nil
			}
		}, "brands do not meet in the outbox"},
		{"reading the outbox holds it", func(f *faulty) {
			var reading sync.Mutex
			f.pending = func(ctx context.Context, brand sosyal.BrandID, now time.Time, limit int) iter.Seq2[sosyal.Delivery, error] {
				return func(yield func(sosyal.Delivery, error) bool) {
					reading.Lock()
					defer reading.Unlock()
					f.MemoryDocuments.Pending(ctx, brand, now, limit)(yield)
				}
			}
			f.delivered = func(ctx context.Context, brand sosyal.BrandID, ids []string) error {
				if !reading.TryLock() {
					return errors.New("database is locked")
				}
				defer reading.Unlock()
				return f.MemoryDocuments.Delivered(ctx, brand, ids...)
			}
		}, "the outbox can be used while it is read"},
		{"removing events ignores the context", func(f *faulty) {
			f.delivered = func(ctx context.Context, brand sosyal.BrandID, ids []string) error {
				return f.MemoryDocuments.Delivered(context.WithoutCancel(ctx), brand, ids...)
			}
		}, "a cancelled context stops the outbox"},
	}
}

func forgetDefects() []defect {
	return []defect{
		{"erasing does nothing", func(f *faulty) {
			f.forget = func(_ context.Context, brand sosyal.BrandID, person sosyal.PersonID) (sosyal.Erasure, error) {
				return sosyal.Erasure{
					Brand: brand, Person: sosyal.PersonDigest(brand, person), At: time.Now(),
					Records: map[string]int{"sosyaltest.doc": 2, "sosyaltest.doc.other": 1},
				}, nil
			}
		}, "a forgotten person is gone"},
		{"erasing crosses brands", func(f *faulty) {
			var mu sync.Mutex
			brands := map[sosyal.BrandID]bool{}
			f.write = func(ctx context.Context, brand sosyal.BrandID, changes []sosyal.DocChange) error {
				mu.Lock()
				brands[brand] = true
				mu.Unlock()
				return f.MemoryDocuments.Write(ctx, brand, changes...)
			}
			f.forget = func(ctx context.Context, brand sosyal.BrandID, person sosyal.PersonID) (sosyal.Erasure, error) {
				record, err := f.MemoryDocuments.Forget(ctx, brand, person)
				for other := range brands {
					if other != brand && err == nil {
						_, err = f.MemoryDocuments.Forget(ctx, other, person)
					}
				}
				return record, err
			}
		}, "erasing stays within the brand"},
		{"erasing twice fails", func(f *faulty) {
			f.forget = func(ctx context.Context, brand sosyal.BrandID, person sosyal.PersonID) (sosyal.Erasure, error) {
				record, err := f.MemoryDocuments.Forget(ctx, brand, person)
				if err == nil && record.Total() == 0 {
					err = sosyal.ErrNotFound
				}
				return record, err
			}
		}, "erasing again is no error"},
		{"records are not kept", func(f *faulty) {
			f.erasures = func(context.Context, sosyal.BrandID) iter.Seq2[sosyal.Erasure, error] {
				return func(func(sosyal.Erasure, error) bool) {}
			}
		}, "erasures are on record"},
		{"records name the person", func(f *faulty) {
			var last sosyal.PersonID
			f.forget = func(ctx context.Context, brand sosyal.BrandID, person sosyal.PersonID) (sosyal.Erasure, error) {
				last = person
				return f.MemoryDocuments.Forget(ctx, brand, person)
			}
			f.erasures = func(ctx context.Context, brand sosyal.BrandID) iter.Seq2[sosyal.Erasure, error] {
				return func(yield func(sosyal.Erasure, error) bool) {
					for e, err := range f.MemoryDocuments.Erasures(ctx, brand) {
						e.Person = string(last)
						if !yield(e, err) {
							return
						}
					}
				}
			}
		}, "erasures are on record"},
		{"nobody can be erased", func(f *faulty) {
			f.forget = func(ctx context.Context, brand sosyal.BrandID, person sosyal.PersonID) (sosyal.Erasure, error) {
				if person == "" {
					person = "nobody"
				}
				return f.MemoryDocuments.Forget(ctx, brand, person)
			}
		}, "impossible people are refused"},
		{"what was erased can be written back", func(f *faulty) {
			f.write = func(ctx context.Context, brand sosyal.BrandID, changes []sosyal.DocChange) error {
				err := f.MemoryDocuments.Write(ctx, brand, changes...)
				if len(changes) == 1 && changes[0].Doc.Person != "" && errors.Is(err, sosyal.ErrConflict) {
					return overwrite(ctx, f, brand, changes[0])
				}
				return err
			}
		}, "what was erased does not come back"},
		{"news of the erased stay", func(f *faulty) {
			var mu sync.Mutex
			var kept []sosyal.Delivery
			f.forget = func(ctx context.Context, brand sosyal.BrandID, person sosyal.PersonID) (sosyal.Erasure, error) {
				mu.Lock()
				defer mu.Unlock()
				for d, err := range f.MemoryDocuments.Pending(ctx, brand, time.Now(), 1) {
					if err == nil {
						kept = append(kept, d)
					}
				}
				return f.MemoryDocuments.Forget(ctx, brand, person)
			}
			bendPending(f, func(all []sosyal.Delivery) []sosyal.Delivery { return append(kept, all...) })
		}, "pending news of the erased go too"},
	}
}

// Given a store with one defect, the suite must name the rule that is broken.
func TestSuiteFindsEachDefect(t *testing.T) {
	for _, d := range defects() {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			err := sosyaltest.CheckDocuments(t.Context(), func(context.Context) (sosyal.Documents, error) {
				f := &faulty{MemoryDocuments: &sosyal.MemoryDocuments{}}
				d.bend(f)
				return f, nil
			})
			require.Error(t, err)
			assert.Contains(t, err.Error(), d.caught+": ")
		})
	}
}

func TestSuiteAcceptsGoodStores(t *testing.T) {
	t.Run("in memory", func(t *testing.T) {
		assert.NoError(t, sosyaltest.CheckDocuments(t.Context(), memory))
	})
	t.Run("without the optional ports", func(t *testing.T) {
		type plain struct{ sosyal.Documents }
		assert.NoError(t, sosyaltest.CheckDocuments(t.Context(), func(context.Context) (sosyal.Documents, error) {
			return plain{&sosyal.MemoryDocuments{}}, nil
		}))
	})
	t.Run("shared by all cases", func(t *testing.T) {
		shared := &sosyal.MemoryDocuments{}
		for range 2 {
			assert.NoError(t, sosyaltest.CheckDocuments(t.Context(), func(context.Context) (sosyal.Documents, error) {
				return shared, nil
			}))
		}
	})
}

func TestSuiteReportsAStoreThatDoesNotOpen(t *testing.T) {
	broken := errors.New("no route to host")
	err := sosyaltest.CheckDocuments(t.Context(), func(context.Context) (sosyal.Documents, error) { return nil, broken })
	assert.ErrorIs(t, err, broken)
}

func TestCheckMessages(t *testing.T) {
	good := sosyal.Messages{"a.b": "{done} of {target} {target?post|posts}"}
	for name, c := range map[string]struct {
		tr   sosyal.Messages
		want string
	}{
		"the same":             {sosyal.Messages{"a.b": "Hedef {target}, tamamlanan {done}"}, ""},
		"a code is missing":    {sosyal.Messages{}, "a.b: there is no Turkish text"},
		"a code is too many":   {sosyal.Messages{"a.b": "{done} / {target}", "a.c": "x"}, "a.c: there is no English text"},
		"an argument is other": {sosyal.Messages{"a.b": "{done} / {goal}"}, `uses ["done" "target"] and the Turkish ["done" "goal"]`},
		"a text is empty":      {sosyal.Messages{"a.b": " "}, "the Turkish text is empty"},
		"a brace stays open":   {sosyal.Messages{"a.b": "{done} {target} {"}, "does not close"},
		"a brace is too many":  {sosyal.Messages{"a.b": "{done}} {target}"}, "out of place"},
	} {
		t.Run(name, func(t *testing.T) {
			err := sosyaltest.CheckMessages(good, c.tr)
			if c.want == "" {
				assert.NoError(t, err)
			} else {
				assert.ErrorContains(t, err, c.want)
			}
		})
	}
	assert.Error(t, sosyaltest.CheckMessages(nil, nil), "no messages at all prove nothing")
}
