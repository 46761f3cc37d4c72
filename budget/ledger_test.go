package budget_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/budget"
)

// played is a book in which everything happened once.
func played(tb testing.TB) (budget.Budget, []budget.Entry) {
	tb.Helper()
	now := at(2, 9)
	b := autumn(tb)
	c, r := entered(tb, b, &now)
	ctx := tb.Context()
	_, err := c.Reserve(ctx, b, r, budget.Commitment{
		Key: "k", Line: "meta", Amount: tl(tb, "1000"), Expires: at(9, 0), By: "m", Why: []sosyal.Reason{sosyal.Because("launch", sosyal.TextArg("name", "Güz"))},
	})
	require.NoError(tb, err)
	_, err = c.Post(ctx, b, r, budget.Payment{Key: "p", Line: "meta", Reservation: "k", Amount: tl(tb, "300"), Day: nov(2), By: "f"})
	require.NoError(tb, err)
	require.NoError(tb, c.Refund(ctx, b, "f", "p", tl(tb, "20"), "f"))
	require.NoError(tb, c.Reverse(ctx, b, "p", "f"))
	_, err = c.Sync(ctx, b, reports{{Source: "s", Line: "meta", Day: nov(1), Amount: tl(tb, "50"), Reported: at(2, 0)}}, b.Period)
	require.NoError(tb, err)
	now = at(9, 0)
	_, err = c.Expire(ctx, b)
	require.NoError(tb, err)
	var all []budget.Entry
	for e, err := range c.Ledger.Entries(ctx, b.Brand, b.Book(), 1) {
		require.NoError(tb, err)
		all = append(all, e)
	}
	return b, all
}

func stream(entries []budget.Entry) func(func(budget.Entry, error) bool) {
	return func(yield func(budget.Entry, error) bool) {
		for _, e := range entries {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func TestVerifyFindsEveryChange(t *testing.T) {
	_, all := played(t)
	end, err := budget.Verify(stream(all))
	require.NoError(t, err)
	require.Equal(t, int64(len(all)), end.Sequence)
	for name, change := range map[string]func(*budget.Entry){
		"brand":    func(e *budget.Entry) { e.Brand = "other" },
		"book":     func(e *budget.Entry) { e.Book = "other" },
		"sequence": func(e *budget.Entry) { e.Sequence++ },
		"previous": func(e *budget.Entry) { e.Previous[3]++ },
		"hash":     func(e *budget.Entry) { e.Hash[3]++ },
		"key":      func(e *budget.Entry) { e.Key += "x" },
		"kind":     func(e *budget.Entry) { e.Kind += "x" },
		"at":       func(e *budget.Entry) { e.At = e.At.Add(1e3) },
		"by":       func(e *budget.Entry) { e.By += "x" },
		"why":      func(e *budget.Entry) { e.Why = append(e.Why, sosyal.Because("x")) },
		"argument": func(e *budget.Entry) {
			e.Why = []sosyal.Reason{sosyal.Because("launch", sosyal.TextArg("name", "Guz"))}
		},
		"currency":         func(e *budget.Entry) { e.Currency = "USD" },
		"line":             func(e *budget.Entry) { e.Postings[0].Line += "x" },
		"bucket":           func(e *budget.Entry) { e.Postings[0].Bucket = "pocket" },
		"units":            func(e *budget.Entry) { e.Postings[0].Units, e.Postings[1].Units = 7, -7 },
		"a third posting":  func(e *budget.Entry) { e.Postings = append(e.Postings, budget.Posting{}) },
		"request":          func(e *budget.Entry) { e.Request += "x" },
		"refers":           func(e *budget.Entry) { e.Refers += "x" },
		"expires":          func(e *budget.Entry) { e.Expires = e.Expires.Add(1e9) },
		"source":           func(e *budget.Entry) { e.Source += "x" },
		"day":              func(e *budget.Entry) { e.Day++ },
		"reported":         func(e *budget.Entry) { e.Reported = e.Reported.Add(1e9) },
		"text moved along": func(e *budget.Entry) { e.Key, e.By = e.Key+string(e.By), "" },
	} {
		for i := range all {
			changed := slices.Clone(all)
			changed[i].Postings = slices.Clone(changed[i].Postings)
			change(&changed[i])
			if name == "brand" || name == "book" { // a whole book may belong to anyone, an entry may not
				changed = changed[:max(i+1, 2)]
			}
			_, err := budget.Verify(stream(changed))
			require.ErrorIs(t, err, sosyal.ErrInvalid, "%s of entry %d", name, i+1)
		}
	}
	for i := range all {
		_, err := budget.Verify(stream(slices.Delete(slices.Clone(all), i, i+1)))
		if i < len(all)-1 {
			require.Error(t, err, "entry %d removed", i+1)
			swapped := slices.Clone(all)
			swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
			_, err = budget.Verify(stream(swapped))
			require.Error(t, err, "entries %d and %d swapped", i+1, i+2)
		}
	}
	for i := range len(all) - 1 {
		// Somebody who can compute hashes rewrites an entry in its place.
		l := &budget.MemoryLedger{}
		at := budget.Head{Book: all[0].Book}
		var forged []budget.Entry
		for j, e := range all[:i+1] {
			if j == i {
				e.By = "someone else"
			}
			out, err := l.Append(t.Context(), e.Brand, at, e)
			require.NoError(t, err)
			at = out.Head
			forged = append(forged, out.Entries...)
		}
		_, err = budget.Verify(stream(append(forged, all[i+1:]...)))
		require.ErrorIs(t, err, sosyal.ErrInvalid, "entry %d rewritten", i+1)
	}
	cut, err := budget.Verify(stream(all[:len(all)-1]))
	require.NoError(t, err)
	assert.NotEqual(t, end, cut, "a shortened chain shows in its end only")
}

func TestEntriesSurviveJSON(t *testing.T) {
	_, all := played(t)
	data, err := json.Marshal(all)
	require.NoError(t, err)
	var back []budget.Entry
	require.NoError(t, json.Unmarshal(data, &back))
	end, err := budget.Verify(stream(back))
	require.NoError(t, err)
	assert.Equal(t, all[len(all)-1].Hash, end.Hash)
	again, err := json.Marshal(back)
	require.NoError(t, err)
	assert.JSONEq(t, string(data), string(again))
}

// The statement is the last gate: whoever writes to the ledger past the
// controller does not get an invalid entry added up.
func TestStatementRefuses(t *testing.T) {
	b, all := played(t)
	all = all[:7] // planned, approved and reserved: 1,000 of 30,000 on meta
	base := func(t *testing.T) (*budget.MemoryLedger, budget.Head) {
		t.Helper()
		l := &budget.MemoryLedger{}
		var head budget.Head
		head.Book = b.Book()
		for _, e := range all {
			out, err := l.Append(t.Context(), b.Brand, head, e)
			require.NoError(t, err)
			head = out.Head
		}
		return l, head
	}
	move := func(line budget.LineID, from, to budget.Bucket, units int64) []budget.Posting {
		return []budget.Posting{{budget.Account{Line: line, Bucket: from}, -units}, {budget.Account{Line: line, Bucket: to}, units}}
	}
	entry := func(kind budget.EntryKind, postings []budget.Posting, change func(*budget.Entry)) budget.Entry {
		e := budget.Entry{Key: "x", Kind: kind, At: at(3, 0), By: "m", Currency: "TRY", Request: "r1", Day: nov(3), Postings: postings}
		if change != nil {
			change(&e)
		}
		return e
	}
	reported := func(e *budget.Entry) { e.Source, e.Reported = "s", at(3, 0) }
	for name, e := range map[string]budget.Entry{
		"another currency":                   entry(budget.EntryReserve, move("meta", budget.Available, budget.Committed, 1), func(e *budget.Entry) { e.Currency = "USD" }),
		"a plan below zero":                  entry(budget.EntryPlan, move("meta", budget.PlanSource, budget.Planned, -3_000_001), nil),
		"approval without request":           entry(budget.EntryApprove, move("meta", budget.Authority, budget.Available, 1), func(e *budget.Entry) { e.Request = "" }),
		"taking back what is used":           entry(budget.EntryApprove, move("meta", budget.Authority, budget.Available, -2_900_001), nil),
		"taking back another request's":      entry(budget.EntryApprove, move("meta", budget.Authority, budget.Available, -1), func(e *budget.Entry) { e.Request = "r2" }),
		"reserving too much":                 entry(budget.EntryReserve, move("meta", budget.Available, budget.Committed, 2_900_001), nil),
		"reserving less than nothing":        entry(budget.EntryReserve, move("meta", budget.Available, budget.Committed, -1), nil),
		"reserving under another request":    entry(budget.EntryReserve, move("meta", budget.Available, budget.Committed, 1), func(e *budget.Entry) { e.Request = "r2" }),
		"reserving until yesterday":          entry(budget.EntryReserve, move("meta", budget.Available, budget.Committed, 1), func(e *budget.Entry) { e.Expires = at(2, 0) }),
		"reserving what was not approved":    entry(budget.EntryReserve, move("meta", budget.Authority, budget.Committed, 1), nil),
		"spending what was not approved":     entry(budget.EntryPost, move("meta", budget.Authority, budget.Spent, 1), nil),
		"spending from no reservation":       entry(budget.EntryPost, move("meta", budget.Committed, budget.Spent, 1), nil),
		"spending more than is reserved":     entry(budget.EntryPost, move("meta", budget.Committed, budget.Spent, 100_001), func(e *budget.Entry) { e.Refers = "k" }),
		"spending another line's":            entry(budget.EntryPost, move("shoot", budget.Committed, budget.Spent, 1), func(e *budget.Entry) { e.Refers = "k" }),
		"spending on no day":                 entry(budget.EntryPost, move("meta", budget.Available, budget.Spent, 1), func(e *budget.Entry) { e.Day = 0 }),
		"spending less than nothing":         entry(budget.EntryPost, move("meta", budget.Available, budget.Spent, -1), nil),
		"spending under another request":     entry(budget.EntryPost, move("meta", budget.Available, budget.Spent, 1), func(e *budget.Entry) { e.Request = "r2" }),
		"reporting without a time":           entry(budget.EntryPost, move("meta", budget.Available, budget.Spent, 1), func(e *budget.Entry) { e.Source = "s" }),
		"correcting what was never spent":    entry(budget.EntryCorrect, move("meta", budget.Available, budget.Spent, -1), reported),
		"a person's correction upwards":      entry(budget.EntryCorrect, move("meta", budget.Available, budget.Spent, 1), nil),
		"releasing a part":                   entry(budget.EntryVoid, move("meta", budget.Committed, budget.Available, 1), func(e *budget.Entry) { e.Refers = "k" }),
		"releasing what is not there":        entry(budget.EntryVoid, move("meta", budget.Committed, budget.Available, 1), func(e *budget.Entry) { e.Refers = "z" }),
		"expiring too early":                 entry(budget.EntryExpire, move("meta", budget.Committed, budget.Available, 100_000), func(e *budget.Entry) { e.Refers = "k" }),
		"reversing what was never posted":    entry(budget.EntryReverse, move("meta", budget.Spent, budget.Available, 1), func(e *budget.Entry) { e.Refers = "k" }),
		"two lines in one entry":             entry(budget.EntryReserve, []budget.Posting{{budget.Account{Line: "meta", Bucket: budget.Available}, -1}, {budget.Account{Line: "shoot", Bucket: budget.Committed}, 1}}, nil),
		"a balance beyond 64 bits":           entry(budget.EntryApprove, move("meta", budget.Authority, budget.Available, 1<<63-1), nil),
		"a reservation dressed as a release": entry(budget.EntryVoid, move("meta", budget.Available, budget.Committed, 1), func(e *budget.Entry) { e.Refers = "k" }),
	} {
		t.Run(name, func(t *testing.T) {
			l, head := base(t)
			_, err := l.Append(t.Context(), b.Brand, head, e)
			require.NoError(t, err, "the ledger keeps records, it does not judge them")
			_, err = budget.ReadStatement(l.Entries(t.Context(), b.Brand, b.Book(), 1))
			require.ErrorIs(t, err, sosyal.ErrInvalid)
		})
	}
}

// FuzzUnmarshalEntry: whatever is read is either refused or read as it was.
func FuzzUnmarshalEntry(f *testing.F) {
	_, all := played(f)
	for _, e := range all {
		data, err := json.Marshal(e)
		require.NoError(f, err)
		f.Add(data)
	}
	f.Add([]byte(`{"day":"2026-02-30","hash":"zz"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var e budget.Entry
		if err := json.Unmarshal(data, &e); err != nil {
			return
		}
		_ = e.Validate()
		again, err := json.Marshal(e)
		if err != nil {
			return // years that JSON cannot carry
		}
		var back budget.Entry
		require.NoError(t, json.Unmarshal(again, &back))
		require.Equal(t, e.InputHash(), back.InputHash())
	})
}

// BenchmarkVerify checks the chain and the balances of a book.
func BenchmarkVerify(b *testing.B) {
	l := &budget.MemoryLedger{}
	head := budget.Head{Book: "b"}
	batch := make([]budget.Entry, 1000)
	const entries = 100_000
	for n := 0; n < entries; n += len(batch) {
		for i := range batch {
			batch[i] = budget.Entry{
				Key: fmt.Sprintf("spend/meta/line/%d", n+i), Kind: budget.EntryPost, At: at(3, 0), By: "sosyal", Currency: "TRY",
				Source: "meta", Day: nov(1) + 0, Reported: at(3, 0),
				Postings: []budget.Posting{{budget.Account{Line: "line", Bucket: budget.Available}, -1}, {budget.Account{Line: "line", Bucket: budget.Spent}, 1}},
			}
		}
		out, err := l.Append(b.Context(), "brand", head, batch...)
		require.NoError(b, err)
		head = out.Head
	}
	for b.Loop() {
		_, err := budget.Verify(l.Entries(b.Context(), "brand", "b", 1))
		require.NoError(b, err)
		_, err = budget.ReadStatement(l.Entries(b.Context(), "brand", "b", 1))
		require.NoError(b, err)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/entries, "ns/entry")
}
