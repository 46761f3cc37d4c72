package sosyal_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
)

// plan is the present form, schema 3. Schema 1 had a "name" and counted cents,
// schema 2 had a "title" and counted cents.
type plan struct {
	Title string `json:"title"`
	Lira  int    `json:"lira"`
}

func (p plan) Validate() error {
	var problems sosyal.Problems
	problems.Require(p.Title != "", "title", "must not be empty", "")
	return problems.Err()
}

var errOld = errors.New("cents are not a number")

func plans(docs sosyal.Documents) sosyal.Collection[plan] {
	rewrite := func(f func(map[string]any) error) sosyal.Upgrade {
		return func(body json.RawMessage) (json.RawMessage, error) {
			var fields map[string]any
			if err := json.Unmarshal(body, &fields); err != nil {
				return nil, err
			}
			if err := f(fields); err != nil {
				return nil, err
			}
			return json.Marshal(fields)
		}
	}
	return sosyal.Collection[plan]{
		Documents: docs, Kind: "plan", Schema: 3,
		Upgrades: map[int]sosyal.Upgrade{
			1: rewrite(func(m map[string]any) error { m["title"] = m["name"]; return nil }),
			2: rewrite(func(m map[string]any) error {
				cents, ok := m["cents"].(float64)
				if !ok {
					return errOld
				}
				m["lira"] = int(cents) / 100
				return nil
			}),
		},
		Index: func(p plan) sosyal.Index {
			at := time.Date(2026, time.November, 3, 0, 0, 0, 0, time.UTC)
			return sosyal.Index{State: "open", Parent: "autumn", Person: "p-1", From: at, To: at.AddDate(0, 0, p.Lira)}
		},
	}
}

var _ sosyal.Store[plan] = sosyal.Collection[plan]{}

func TestCollectionReadsEverySchema(t *testing.T) {
	docs := &sosyal.MemoryDocuments{}
	for schema, body := range map[int]string{
		1: `{"name":"Bayram","cents":120000}`,
		2: `{"title":"Bayram","cents":120000}`,
		3: `{"title":"Bayram","lira":1200}`,
	} {
		id := string(rune('0' + schema))
		doc := sosyal.Doc{Kind: "plan", ID: id, Schema: schema, Body: json.RawMessage(body)}
		require.NoError(t, docs.Write(t.Context(), "rosa", sosyal.DocChange{Doc: doc}))
		s, err := plans(docs).Load(t.Context(), "rosa", id)
		require.NoError(t, err)
		assert.Equal(t, sosyal.Stored[plan]{ID: id, Version: 1, Value: plan{"Bayram", 1200}}, s, "from schema %d", schema)

		require.NoError(t, plans(docs).Write(t.Context(), "rosa", s.Change(s.Value)))
		stored, err := docs.Load(t.Context(), "rosa", "plan", id)
		require.NoError(t, err)
		assert.Equal(t, 3, stored.Schema, "and is stored in the new form when written")
		assert.JSONEq(t, `{"title":"Bayram","lira":1200}`, string(stored.Body))
	}
}

func TestCollectionRefusesWhatItCannotRead(t *testing.T) {
	for name, c := range map[string]struct {
		doc  sosyal.Doc
		want error
	}{
		"of a newer program":         {sosyal.Doc{Schema: 4, Body: json.RawMessage(`{}`)}, sosyal.ErrUnsupported},
		"of a schema nobody knows":   {sosyal.Doc{Schema: 0, Body: json.RawMessage(`{}`)}, sosyal.ErrUnsupported},
		"where an upgrade fails":     {sosyal.Doc{Schema: 2, Body: json.RawMessage(`{"cents":"many"}`)}, errOld},
		"of another form altogether": {sosyal.Doc{Schema: 3, Body: json.RawMessage(`[1]`)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			docs := &sosyal.MemoryDocuments{}
			c.doc.Kind, c.doc.ID = "plan", "x"
			require.NoError(t, docs.Write(t.Context(), "rosa", sosyal.DocChange{Doc: c.doc}))
			_, err := plans(docs).Load(t.Context(), "rosa", "x")
			require.Error(t, err)
			if c.want != nil {
				assert.ErrorIs(t, err, c.want)
			}
			n := 0
			for _, listed := range plans(docs).List(t.Context(), "rosa", sosyal.Query{}) {
				n++
				assert.Equal(t, err.Error(), listed.Error(), "a list says the same")
			}
			assert.Equal(t, 1, n)
		})
	}
}

func TestCollectionIndexesValues(t *testing.T) {
	docs := &sosyal.MemoryDocuments{}
	require.NoError(t, plans(docs).Write(t.Context(), "rosa", sosyal.Create("a", plan{"Bayram", 2})))
	d, err := docs.Load(t.Context(), "rosa", "plan", "a")
	require.NoError(t, err)
	at := time.Date(2026, time.November, 3, 0, 0, 0, 0, time.UTC)
	assert.Equal(t, sosyal.Doc{
		Kind: "plan", ID: "a", Version: 1, Schema: 3, State: "open", Parent: "autumn", Person: "p-1",
		From: at, To: at.AddDate(0, 0, 2), Body: json.RawMessage(`{"title":"Bayram","lira":2}`),
	}, d)
}

func TestCollectionRefusesInvalidValues(t *testing.T) {
	docs := &sosyal.MemoryDocuments{}
	err := plans(docs).Write(t.Context(), "rosa", sosyal.Create("a", plan{"Bayram", 2}), sosyal.Create("b", plan{}))
	assert.ErrorContains(t, err, "changes[1].title: must not be empty")
	_, err = docs.Load(t.Context(), "rosa", "plan", "a")
	assert.ErrorIs(t, err, sosyal.ErrNotFound, "nothing is written")
}

func TestCollectionDeletes(t *testing.T) {
	docs := &sosyal.MemoryDocuments{}
	store := plans(docs)
	require.NoError(t, store.Write(t.Context(), "rosa", sosyal.Create("a", plan{"Bayram", 2})))
	s, err := store.Load(t.Context(), "rosa", "a")
	require.NoError(t, err)
	require.NoError(t, store.Write(t.Context(), "rosa", s.Delete(sosyal.Event{Kind: "plan.dropped", At: time.Unix(0, 0)})))
	_, err = store.Load(t.Context(), "rosa", "a")
	assert.ErrorIs(t, err, sosyal.ErrNotFound)
	for d, err := range docs.Pending(t.Context(), "rosa", time.Now(), 0) {
		require.NoError(t, err)
		assert.Equal(t, "plan/a@2", d.Event.Subject.String())
	}
}

// Values of several collections are written in one go.
func TestCollectionsShareAWrite(t *testing.T) {
	docs := &sosyal.MemoryDocuments{}
	store := plans(docs)
	other := store
	other.Kind = "plan.other"
	a, err := store.Change(sosyal.Create("a", plan{"Bayram", 1}))
	require.NoError(t, err)
	b, err := other.Change(sosyal.Change[plan]{ID: "b", Version: 7, Value: plan{"Yılbaşı", 1}})
	require.NoError(t, err)
	require.ErrorIs(t, docs.Write(t.Context(), "rosa", a, b), sosyal.ErrConflict)
	_, err = store.Load(t.Context(), "rosa", "a")
	assert.ErrorIs(t, err, sosyal.ErrNotFound)
}

func TestCollectionValidate(t *testing.T) {
	good := plans(&sosyal.MemoryDocuments{})
	require.NoError(t, good.Validate())
	for field, bend := range map[string]func(*sosyal.Collection[plan]){
		"documents": func(c *sosyal.Collection[plan]) { c.Documents = nil },
		"kind":      func(c *sosyal.Collection[plan]) { c.Kind = "" },
		"schema":    func(c *sosyal.Collection[plan]) { c.Schema = 0 },
		"upgrades":  func(c *sosyal.Collection[plan]) { c.Schema = 4 },
	} {
		c := good
		bend(&c)
		assert.ErrorContains(t, c.Validate(), field+": ")
		_, err := c.Load(t.Context(), "rosa", "a")
		assert.ErrorIs(t, err, sosyal.ErrInvalid, "and nothing works with it")
	}
}
