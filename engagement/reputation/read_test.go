package reputation_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement/reputation"
	"github.com/yukselenler/sosyal/sosyaltest"
)

func TestMentionsAreRead(t *testing.T) {
	file := `mention_id,at,network,about,author,text,url
M1,2026-10-01 09:15:00,x,own,@ayse_1,"kargo geç geldi, ""bekliyorum""",https://x.example/1
M2,gestern,x,own,@gizli_ad,çok gizli metin,
M3,2026-10-01 09:20:00,,own,@gizli_ad,çok gizli metin,
M4,2026-10-01 09:25:00,instagram,rival,,,
`
	var got []reputation.Mention
	var errs []error
	for m, err := range reputation.ReadMentions(strings.NewReader(file), "mentions.csv", sosyal.Mapping{}) {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		got = append(got, m)
	}
	require.Len(t, got, 2)
	assert.Equal(t, reputation.Mention{
		ID: "M1", About: "own", Network: sosyal.X, Author: "@ayse_1", At: got[0].At,
		Text: `kargo geç geldi, "bekliyorum"`, URL: "https://x.example/1",
	}, got[0])
	assert.True(t, got[0].At.Equal(time.Date(2026, 10, 1, 6, 15, 0, 0, time.UTC)))
	require.Len(t, errs, 2)
	for i, place := range []string{"mentions.csv:3:", "mentions.csv:4:"} {
		assert.Contains(t, errs[i].Error(), place)
		assert.NotContains(t, errs[i].Error(), "gizli", "nothing personal in an error")
	}
}

func TestMappingsAreValid(t *testing.T) {
	mappings, err := reputation.Mappings()
	require.NoError(t, err)
	assert.NotEmpty(t, mappings)
}

func TestBothLanguagesSayTheSame(t *testing.T) {
	assert.NoError(t, sosyaltest.CheckMessages(reputation.Messages(sosyal.English), reputation.Messages(sosyal.Turkish)))
	assert.Nil(t, reputation.Messages("de"))
}

func TestValidationNeverShowsThePerson(t *testing.T) {
	err := reputation.Mention{Author: "gizli", Text: "gizli metin"}.Validate()
	require.ErrorIs(t, err, sosyal.ErrInvalid)
	assert.NotContains(t, err.Error(), "gizli")
	assert.Len(t, sosyal.FieldErrors(err), 4)
}
