package sosyal_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/sosyaltest"
)

func TestMemoryDocumentsKeepTheContract(t *testing.T) {
	sosyaltest.TestDocuments(t, func(context.Context) (sosyal.Documents, error) { return &sosyal.MemoryDocuments{}, nil })
}

// Delivering removes from the middle of a queue that closes its gaps now and
// then; no event may be lost or doubled by that.
func TestMemoryOutboxKeepsOrderWhileGapsClose(t *testing.T) {
	ctx, docs := t.Context(), &sosyal.MemoryDocuments{}
	const n = 300
	var changes []sosyal.DocChange
	for i := range n {
		changes = append(changes, noted(fmt.Sprint(i), fmt.Sprint(i)))
	}
	require.NoError(t, docs.Write(ctx, "rosa", changes...))
	left := map[string]bool{}
	for i := range n {
		left[fmt.Sprint(i)] = true
	}
	for i := range n {
		id := fmt.Sprint(i * 7 % n) // all of them, in no particular order
		require.NoError(t, docs.Delivered(ctx, "rosa", id))
		delete(left, id)
		last, seen := -1, 0
		for d, err := range docs.Pending(ctx, "rosa", time.Now(), 0) {
			require.NoError(t, err)
			require.True(t, left[d.Event.ID])
			var number int
			_, err := fmt.Sscan(d.Event.ID, &number)
			require.NoError(t, err)
			require.Greater(t, number, last, "order of writing")
			last = number
			seen++
		}
		require.Len(t, left, seen)
	}
}

// noted creates a document with one event of the given id.
func noted(id, event string) sosyal.DocChange {
	return sosyal.DocChange{
		Doc:    sosyal.Doc{Kind: "note", ID: id, Body: json.RawMessage(`1`)},
		Events: []sosyal.Event{{ID: event, Kind: "noted", At: time.Unix(0, 0)}},
	}
}

func TestMemoryRecordsErasuresByItsClock(t *testing.T) {
	at := time.Date(2026, time.November, 3, 12, 0, 0, 0, time.FixedZone("+03", 3*60*60))
	docs := &sosyal.MemoryDocuments{Now: func() time.Time { return at }}
	record, err := docs.Forget(t.Context(), "rosa", "p-1")
	require.NoError(t, err)
	assert.Equal(t, at.UTC(), record.At)
}
