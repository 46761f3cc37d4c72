package sosyal_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
)

func validDoc() sosyal.Doc {
	return sosyal.Doc{Kind: "goal", ID: "autumn", Body: json.RawMessage(`{}`)}
}

func TestDocValidate(t *testing.T) {
	day := time.Date(2026, time.November, 3, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		bend func(*sosyal.Doc)
		want []string // fields at fault
	}{
		"valid":                   {func(*sosyal.Doc) {}, nil},
		"no names":                {func(d *sosyal.Doc) { d.Kind, d.ID = "", "" }, []string{"kind", "id"}},
		"255 bytes are a name":    {func(d *sosyal.Doc) { d.ID = strings.Repeat("x", 255) }, nil},
		"256 bytes are too many":  {func(d *sosyal.Doc) { d.ID = strings.Repeat("ç", 128) }, []string{"id"}},
		"not text":                {func(d *sosyal.Doc) { d.State, d.Parent, d.Person = "\xff", "\x00", "\xff" }, []string{"state", "parent", "person"}},
		"negative numbers":        {func(d *sosyal.Doc) { d.Version, d.Schema = -1, -1 }, []string{"version", "schema"}},
		"ends before it begins":   {func(d *sosyal.Doc) { d.From, d.To = day, day.Add(-1) }, []string{"to"}},
		"an instant":              {func(d *sosyal.Doc) { d.From, d.To = day, day }, nil},
		"open ends":               {func(d *sosyal.Doc) { d.To = day }, nil},
		"times beyond all stores": {func(d *sosyal.Doc) { d.From, d.To = day.AddDate(-400, 0, 0), day.AddDate(400, 0, 0) }, []string{"from", "to"}},
		"no body":                 {func(d *sosyal.Doc) { d.Body = nil }, []string{"body"}},
		"a body that is not JSON": {func(d *sosyal.Doc) { d.Body = json.RawMessage(`{`) }, []string{"body"}},
		"a body that is not text": {func(d *sosyal.Doc) { d.Body = json.RawMessage("\"\xff\"") }, []string{"body"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := validDoc()
			c.bend(&d)
			err := d.Validate()
			var fields []string
			for _, fe := range sosyal.FieldErrors(err) {
				fields = append(fields, fe.Field)
			}
			assert.Equal(t, c.want, fields)
			if len(c.want) > 0 {
				assert.ErrorIs(t, err, sosyal.ErrInvalid)
			}
		})
	}
}

func TestErrorsDoNotNamePersons(t *testing.T) {
	const person = "ayse.yilmaz@example.com"
	long := sosyal.PersonID(person + strings.Repeat("x", 300))
	d := validDoc()
	d.Person = long
	for what, err := range map[string]error{
		"a document": d.Validate(),
		"a query":    sosyal.Query{Kind: "goal", Person: long}.Validate(),
		"an erasure": sosyal.CheckPerson("rosa", long),
	} {
		require.Error(t, err, what)
		assert.NotContains(t, err.Error(), person, what)
	}
}

func TestCheckChangesNamesThePlace(t *testing.T) {
	good := sosyal.DocChange{Doc: validDoc()}
	bad := good
	bad.Doc.ID = "winter"
	bad.Doc.Schema = -1
	bad.Events = []sosyal.Event{{Kind: "x", At: time.Unix(0, 0)}, {}, {Kind: "x", At: time.Unix(0, 0), Brand: "lale"}}
	err := sosyal.CheckChanges("rosa", []sosyal.DocChange{good, bad, good})
	var fields []string
	for _, fe := range sosyal.FieldErrors(err) {
		fields = append(fields, fe.Field)
	}
	assert.Equal(t, []string{
		"changes[1].schema",
		"changes[1].events[1].kind", "changes[1].events[1].at",
		"changes[1].events[2].brand",
		"changes[2].id",
	}, fields)
}

func TestEventsAreCompletedAlikeByEveryStore(t *testing.T) {
	at := time.Date(2026, time.November, 3, 12, 0, 0, 0, time.FixedZone("+03", 3*60*60))
	change := sosyal.DocChange{
		Doc:    validDoc(),
		Events: []sosyal.Event{{Kind: "k", At: at}, {Kind: "k", At: at}, {Kind: "k", At: at, ID: "own", Subject: sosyal.Subject{Kind: "item", ID: "7"}}},
	}
	_, first := change.Stored("rosa", 3)
	_, again := change.Stored("rosa", 3)
	_, later := change.Stored("rosa", 4)
	_, elsewhere := change.Stored("lale", 3)

	assert.Equal(t, first, again, "the same write gives the same events")
	ids := map[string]bool{}
	for _, e := range []sosyal.Event{first[0], first[1], later[0], later[1], elsewhere[0], elsewhere[1]} {
		ids[e.ID] = true
	}
	assert.Len(t, ids, 6, "alike events of one write, of another version and of another brand are told apart")
	assert.Equal(t, sosyal.Subject{Kind: "goal", ID: "autumn", Version: 3}, first[0].Subject)
	assert.Equal(t, sosyal.BrandID("rosa"), first[0].Brand)
	assert.Equal(t, at.UTC(), first[0].At)
	assert.Equal(t, "own", first[2].ID)
	assert.Equal(t, sosyal.Subject{Kind: "item", ID: "7"}, first[2].Subject, "a subject of its own is kept")
	assert.Empty(t, change.Events[0].ID, "the caller's event is not changed")
}

// The ids are part of what hosts have remembered: they must never change.
func TestEventIDIsFixed(t *testing.T) {
	change := sosyal.DocChange{Doc: validDoc(), Events: []sosyal.Event{{Kind: "goal.set", At: time.Unix(0, 0)}}}
	_, events := change.Stored("rosa", 1)
	// printf of each part's length in 8 bytes and the part, through sha256sum.
	assert.Equal(t, "7c90a1d2c65ca2b63107ae1d754288d1", events[0].ID)
	assert.Equal(t, "2760229881a617b6c70acb6d01011d380a3874202cab916472a5dab0b8162003", sosyal.PersonDigest("rosa", "p-1"))
}
