package sqlstore_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
)

// Whatever the rules accept comes back from the database as it was and is found
// by every field; whatever they refuse is refused before it reaches it.
//
// This is a test over fixed seeds and no fuzz target, because a build that is
// instrumented for fuzzing compiles the whole of SQLite for minutes.
func TestRandomTextsComeBack(t *testing.T) {
	alphabet := []string{
		"a", "A", "ı", "İ", "ş", "é", "e\u0301", "🧿", "'", `"`, `\`, "%", "_", "?", "$1", ";", "--", " ", "\n", "\t", "\u200b", "{", "}", "null",
		"\x00", "\xff",
	}
	for _, on := range databases() {
		t.Run(on.name, func(t *testing.T) {
			_, store := on.empty(t).opened(t)
			docs := store.Documents()
			rnd := rand.New(rand.NewPCG(7, 7))
			text := func() string {
				s := ""
				for range rnd.IntN(6) {
					s += alphabet[rnd.IntN(len(alphabet)-2)]
				}
				if rnd.IntN(60) == 0 {
					s += alphabet[len(alphabet)-1-rnd.IntN(2)]
				}
				return s
			}
			accepted := 0
			for range 300 {
				brand := sosyal.BrandID(text())
				body, err := json.Marshal(text())
				require.NoError(t, err)
				doc := sosyal.Doc{
					Kind: text(), ID: text(), State: text(), Parent: text(), Person: sosyal.PersonID(text()), Body: body,
				}
				write := docs.Write(t.Context(), brand, sosyal.DocChange{Doc: doc})
				if sosyal.CheckChanges(brand, []sosyal.DocChange{{Doc: doc}}) != nil {
					require.ErrorIs(t, write, sosyal.ErrInvalid)
					continue
				}
				require.NoError(t, write)
				accepted++
				got, err := docs.Load(t.Context(), brand, doc.Kind, doc.ID)
				require.NoError(t, err)
				doc.Version = got.Version
				require.Equal(t, doc, got)
				var found []sosyal.Doc
				for d, err := range docs.List(t.Context(), brand, sosyal.Query{
					Kind: doc.Kind, IDs: []string{doc.ID}, States: []string{doc.State}, Parent: doc.Parent, Person: doc.Person,
				}) {
					require.NoError(t, err)
					found = append(found, d)
				}
				require.Equal(t, []sosyal.Doc{doc}, found)
				require.NoError(t, docs.Write(t.Context(), brand, sosyal.DocChange{Doc: doc, Delete: true}))
			}
			assert.Greater(t, accepted, 100, "most texts are acceptable")
		})
	}
}
