package upload_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/upload"
)

// world is a shop in which anything may fail, and a model of it that knows the
// truth: who consents now, and what the platform was sent.
type world struct {
	*shop

	t       *testing.T
	normal  *upload.Normalizer
	rng     *rand.Rand
	consent map[string]bool
	// doubt are the additions that this run was told nothing about, by key.
	doubt map[string][]string
}

const everybody = "abcdefghij"

// TestNothingGoesWrongForGood runs random exports, withdrawals and erasures
// against a platform whose answers get lost. At no moment is anybody sent who has
// not consented, nor anybody on the platform whom the state has forgotten, nor a
// doubtful addition repeated where twice may be two things. In the end one quiet
// export puts everything right.
func TestNothingGoesWrongForGood(t *testing.T) {
	normal := normalizer(t, upload.Meta)
	for seed := range uint64(30) {
		for _, kind := range []string{"repeatable", "finder", "plain"} {
			t.Run(fmt.Sprintf("%s/%d", kind, seed), func(t *testing.T) {
				w := &world{
					shop: newShop(t), t: t, normal: normal, rng: rand.New(rand.NewPCG(seed, 7)),
					consent: map[string]bool{}, doubt: map[string][]string{},
				}
				w.AllowSmall = true
				w.meta.repeatable = kind == "repeatable"
				var uploader upload.Uploader = watched{w}
				if kind == "finder" {
					uploader = watchedFinder{watched{w}}
				}
				w.Uploaders[upload.Meta] = uploader
				for range 12 {
					w.step()
				}
				w.quiet()
			})
		}
	}
}

func (w *world) step() {
	for _, r := range everybody {
		w.consent[string(r)] = w.rng.IntN(4) > 0
	}
	w.meta.next = nil
	for range 4 {
		w.meta.next = append(w.meta.next, []fault{none, none, none, lostBefore, lostAfter, refused}[w.rng.IntN(6)])
	}
	w.clock = w.clock.Add(time.Hour)
	crash := w.rng.IntN(4) == 0
	w.State = &crashing{State: w.state, dead: crash}
	switch name := string(everybody[w.rng.IntN(len(everybody))]); w.rng.IntN(6) {
	case 0:
		w.consent[name] = false
		_, _ = w.Withdraw(w.t.Context(), "butik", sosyal.PersonID(name), sosyal.Actor{ID: "destek"}, "asked") // may fail, and is tried again by the next export
	case 1:
		w.consent[name] = false
		_, _ = w.Forget(w.t.Context(), "butik", sosyal.PersonID(name))
	default:
		x, _ := w.Export(w.t.Context(), ask(w.segment()))
		assert.NoError(w.t, x.Validate())
	}
	w.State = w.state
	w.nobodyIsForgotten()
}

// segment is a random part of everybody, consenting or not, some under another
// address than before.
func (w *world) segment() []upload.Recipient {
	var all []upload.Recipient
	for _, r := range everybody {
		if w.rng.IntN(5) == 0 {
			continue
		}
		one := person(string(r))
		if w.rng.IntN(6) == 0 {
			one.Identifiers.Emails = []string{string(r) + "2@ornek.com.tr"}
		}
		if !w.consent[string(r)] {
			one.Consents = consents(audience.ConsentWithdrawn)
		}
		all = append(all, one)
	}
	return all
}

// nobodyIsForgotten: whoever is on the platform can still be taken off it.
func (w *world) nobodyIsForgotten() {
	known := map[upload.Key]bool{}
	for m, err := range w.state.Members(w.t.Context(), "butik", upload.Query{}) {
		require.NoError(w.t, err)
		for _, k := range m.Keys {
			known[k] = true
		}
	}
	for _, b := range w.open(w.t) {
		for _, row := range b.Rows {
			for _, k := range row.Keys {
				known[k] = true
			}
		}
	}
	for _, r := range everybody {
		for _, key := range w.keysOf(string(r)) {
			if w.meta.Holds(vip(), key) {
				assert.True(w.t, known[key], "%c is on the platform and nowhere else", r)
			}
		}
	}
}

func (w *world) keysOf(name string) []upload.Key {
	var keys []upload.Key
	for _, address := range []string{name + "@ornek.com.tr", name + "2@ornek.com.tr"} {
		key, err := w.normal.Key(upload.KindEmail, address)
		require.NoError(w.t, err)
		keys = append(keys, key)
	}
	return keys
}

// quiet is an export in which nothing fails, after which the platform holds
// exactly whom it should. Where it cannot be asked, a person looks first.
func (w *world) quiet() {
	w.meta.next = nil
	_, finder := w.Uploaders[upload.Meta].(upload.Finder)
	for _, b := range w.open(w.t) {
		if b.Action == upload.Remove || w.meta.repeatable || finder {
			continue
		}
		outcome := upload.Lost
		if _, err := w.meta.Memory.Find(w.t.Context(), b); err == nil {
			outcome = upload.Done
		}
		require.NoError(w.t, w.Resolve(w.t.Context(), vip(), b.Key, outcome, "deniz"))
	}
	w.doubt = map[string][]string{}
	w.clock = w.clock.Add(time.Hour)
	var all []upload.Recipient
	var want string
	for _, r := range everybody {
		one := person(string(r))
		if w.consent[string(r)] {
			want += string(r)
		} else {
			one.Consents = consents(audience.ConsentWithdrawn)
		}
		all = append(all, one)
	}
	x, err := w.Export(w.t.Context(), ask(all))
	require.NoError(w.t, err)
	require.NoError(w.t, x.Validate())
	x, err = w.Export(w.t.Context(), ask(all))
	require.NoError(w.t, err)
	assert.Equal(w.t, upload.Complete, x.Status)
	assert.Equal(w.t, []int{0, 0, len(want)}, []int{x.Added.Total(), x.Removed.Total(), x.Kept}, "nothing is left to do")
	assert.Equal(w.t, want, w.onPlatform(), "seen from the platform")
	size, err := w.meta.Size(w.t.Context(), vip())
	require.NoError(w.t, err)
	assert.Equal(w.t, len(want), size)
}

// onPlatform is who is there by the first address; nobody may be by the second.
func (w *world) onPlatform() string {
	var held strings.Builder
	for _, r := range everybody {
		keys := w.keysOf(string(r))
		if w.meta.Holds(vip(), keys[0]) {
			held.WriteRune(r)
		}
		assert.False(w.t, w.meta.Holds(vip(), keys[1]), "%c is left under an old address", r)
	}
	return held.String()
}

// watched looks at every call.
type watched struct{ w *world }

func (u watched) Repeatable() bool { return u.w.meta.repeatable }

func (u watched) Add(ctx context.Context, b upload.Batch) (upload.Result, error) {
	var names []string
	for _, row := range b.Rows {
		for _, r := range everybody {
			if row.Person == sosyal.PersonDigest("butik", sosyal.PersonID(r)) {
				names = append(names, string(r))
				assert.True(u.w.t, u.w.consent[string(r)], "%c is sent without consent", r)
			}
		}
	}
	if !u.w.meta.repeatable {
		for key, doubtful := range u.w.doubt {
			assert.False(u.w.t, slices.ContainsFunc(doubtful, func(n string) bool { return slices.Contains(names, n) }),
				"%v are sent again while batch %.8s is open", names, key)
		}
	}
	result, err := u.w.meta.Add(ctx, b)
	if _, definite := errors.AsType[upload.RefusedError](err); err != nil && !definite {
		if _, finder := u.w.Uploaders[upload.Meta].(upload.Finder); !finder {
			u.w.doubt[b.Key] = names
		}
	}
	return result, err
}

func (u watched) Remove(ctx context.Context, b upload.Batch) (upload.Result, error) {
	result, err := u.w.meta.Remove(ctx, b)
	if err == nil { // out for certain, so that adding him is a new thing
		for key, names := range u.w.doubt {
			u.w.doubt[key] = slices.DeleteFunc(names, func(n string) bool {
				return slices.ContainsFunc(b.Rows, func(r upload.Row) bool { return r.Person == sosyal.PersonDigest("butik", sosyal.PersonID(n)) })
			})
		}
	}
	return result, err
}

type watchedFinder struct{ watched }

func (u watchedFinder) Find(ctx context.Context, b upload.Batch) (upload.Result, error) {
	return u.w.meta.Memory.Find(ctx, b)
}
