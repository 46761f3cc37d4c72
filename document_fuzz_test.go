package sosyal_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
)

// Whatever the rules accept comes back as it was and is found by every field;
// whatever they refuse is refused as invalid.
func FuzzDocument(f *testing.F) {
	f.Add("rosa", "goal", "autumn", "open", "parent", "p-1", `{"a":1}`, int64(0), int64(1))
	f.Add("a'b", "%", "_", `\`, "?", "$1", `"ışık 🧿"`, int64(-1<<62), int64(1<<62))
	f.Add("\x00", "\xff", "", "\x00", "\xff", "", `{`, int64(5), int64(5))
	f.Fuzz(func(t *testing.T, brand, kind, id, state, parent, person, body string, from, to int64) {
		docs := &sosyal.MemoryDocuments{}
		doc := sosyal.Doc{
			Kind: kind, ID: id, State: state, Parent: parent, Person: sosyal.PersonID(person),
			From: time.Unix(from, 0).UTC(), To: time.Unix(to, 0).UTC(), Body: json.RawMessage(body),
		}
		change := sosyal.DocChange{Doc: doc}
		refused := sosyal.CheckChanges(sosyal.BrandID(brand), []sosyal.DocChange{change})
		err := docs.Write(t.Context(), sosyal.BrandID(brand), change)
		if refused != nil {
			require.ErrorIs(t, err, sosyal.ErrInvalid)
			return
		}
		require.NoError(t, err)
		doc.Version = 1
		q := sosyal.Query{
			Kind: kind, IDs: []string{id}, States: []string{state}, Parent: parent, Person: sosyal.PersonID(person), From: doc.From, To: doc.To,
		}
		n := 0
		for d, err := range docs.List(t.Context(), sosyal.BrandID(brand), q) {
			require.NoError(t, err)
			assert.Equal(t, doc, d)
			n++
		}
		assert.Equal(t, 1, n)
		stored, err := json.Marshal(doc)
		require.NoError(t, err)
		var read sosyal.Doc
		require.NoError(t, json.Unmarshal(stored, &read))
		read.Body, doc.Body = nil, nil // spacing may change
		assert.Equal(t, doc, read)
	})
}
