package sqlstore_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/budget"
	"github.com/yukselenler/sosyal/examples/adapters/sqlstore"
)

// A process that is killed at any moment loses nothing that it reported as
// stored, doubles nothing, and leaves no half of a write.
//
// The child writes step after step: two documents with an event each, then an
// entry of a ledger, and says so after each. The parent kills it at random
// moments and starts it again; the child goes on where the database is.
func TestKilledProcessLosesNothing(t *testing.T) {
	rounds := 12
	if testing.Short() {
		rounds = 3
	}
	for _, on := range databases() {
		t.Run(on.name, func(t *testing.T) {
			at := on.empty(t)
			at.opened(t) // makes the tables; the children migrate too, which does nothing
			rnd := rand.New(rand.NewPCG(1, 2))
			told := 0
			for range rounds {
				told = max(told, killed(t, at, time.Duration(20+rnd.IntN(60))*time.Millisecond))
			}
			t.Logf("%d steps were reported as stored over %d kills", told, rounds)
			require.Positive(t, told, "the child must have come to work")
			survived(t, at, told)
		})
	}
}

const killKind = "sqlstore.kill"

// child is the process that is killed.
func child() {
	if err := writeSteps(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func writeSteps(ctx context.Context) error {
	var at place
	parts := strings.SplitN(os.Getenv(envChild), " ", 3)
	at.dialect, at.driver, at.dsn = sqlstore.Dialect(parts[0]), parts[1], parts[2]
	_, store, err := at.open(ctx)
	if err != nil {
		return err
	}
	docs, ledger := store.Documents(), store.Ledger()
	head, err := ledger.Head(ctx, "rosa", "book")
	if err != nil {
		return err
	}
	for step := int(head.Sequence) + 1; ; step++ {
		err := docs.Write(ctx, "rosa", half("a", step), half("b", step))
		// A conflict is the trace of a step whose ledger entry was not reached.
		if err != nil && !errors.Is(err, sosyal.ErrConflict) {
			return err
		}
		out, err := ledger.Append(ctx, "rosa", head, spend(step))
		if err != nil {
			return err
		}
		head = out.Head
		fmt.Println(step)
	}
}

// half is one of the two documents of a step.
func half(side string, step int) sosyal.DocChange {
	return sosyal.DocChange{
		Doc:    sosyal.Doc{Kind: killKind, ID: fmt.Sprintf("%s-%06d", side, step), Schema: 1, Body: json.RawMessage(strconv.Itoa(step))},
		Events: []sosyal.Event{{Kind: "written", At: time.Unix(int64(step), 0)}},
	}
}

func spend(step int) budget.Entry {
	return budget.Entry{
		Key: strconv.Itoa(step), Kind: budget.EntryPlan, At: time.Unix(int64(step), 0), By: "child", Currency: "TRY",
		Postings: []budget.Posting{
			{Account: budget.Account{Line: "ads", Bucket: budget.PlanSource}, Units: -int64(step)},
			{Account: budget.Account{Line: "ads", Bucket: budget.Planned}, Units: int64(step)},
		},
	}
}

// killed lets a child work for a while after its first report, kills it, and
// returns the last step that it reported.
func killed(t *testing.T, at place, after time.Duration) int {
	t.Helper()
	exe, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Env = append(os.Environ(), envChild+"="+strings.Join([]string{string(at.dialect), at.driver, at.dsn}, " "))
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	last := 0
	lines := bufio.NewScanner(out)
	var timer *time.Timer
	for lines.Scan() {
		if timer == nil {
			timer = time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		}
		if step, err := strconv.Atoi(lines.Text()); err == nil { // the last line may be cut
			last = step
		}
	}
	_ = cmd.Wait() // killed, or failed: then it says why
	require.Empty(t, complaints.String())
	return last
}

// survived holds the database against what was reported.
func survived(t *testing.T, at place, told int) {
	t.Helper()
	ctx := t.Context()
	_, store := at.opened(t)
	time.Sleep(100 * time.Millisecond) // a server may still be finishing what a killed client asked for

	verified, err := budget.Verify(store.Ledger().Entries(ctx, "rosa", "book", 1))
	require.NoError(t, err, "the chain of hashes holds")
	var entries []budget.Entry
	for e, err := range store.Ledger().Entries(ctx, "rosa", "book", 1) {
		require.NoError(t, err)
		entries = append(entries, e)
	}
	head, err := store.Ledger().Head(ctx, "rosa", "book")
	require.NoError(t, err)
	assert.GreaterOrEqual(t, len(entries), told, "what was reported is there")
	assert.LessOrEqual(t, len(entries), told+1, "and at most the step that was cut off before its report")
	assert.Equal(t, verified, head, "the head is the end of the book")
	for i, e := range entries {
		require.Equal(t, strconv.Itoa(i+1), e.Key, "each step once, in order")
		require.EqualValues(t, i+1, e.Sequence)
	}

	events := map[string]int{}
	for d, err := range store.Documents().Pending(ctx, "rosa", time.Now(), 0) {
		require.NoError(t, err)
		events[d.Event.Subject.ID]++
	}
	docs := map[string]bool{}
	for d, err := range store.Documents().List(ctx, "rosa", sosyal.Query{Kind: killKind}) {
		require.NoError(t, err)
		docs[d.ID] = true
		require.EqualValues(t, 1, d.Version)
		require.Equal(t, 1, events[d.ID], "a document has its event, once")
	}
	assert.Len(t, events, len(docs), "and there is no event without its document")
	steps := len(docs) / 2
	for step := 1; step <= steps; step++ {
		require.True(t, docs[half("a", step).Doc.ID] && docs[half("b", step).Doc.ID], "both halves of a step, or none")
	}
	assert.Len(t, docs, 2*steps)
	assert.GreaterOrEqual(t, steps, len(entries), "documents are written before the entry of their step")
}
