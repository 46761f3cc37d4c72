package upload_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience/upload"
)

func openBatch(t *testing.T) upload.Batch {
	t.Helper()
	worth, err := sosyal.NewMoney(decimal.New(14990, -2), "TRY")
	require.NoError(t, err)
	return upload.Batch{
		Key: upload.BatchKey(vip(), 1), Audience: vip(), Sequence: 1, Action: upload.Add, Size: 1, Export: "x", By: "deniz",
		At: time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC), Outcome: upload.Open,
		Rows: []upload.Row{{
			Person: sosyal.PersonDigest("butik", "a"), Value: &worth,
			Keys: []upload.Key{{Kind: upload.KindEmail, Value: "0"}, {Kind: upload.KindCountry, Value: "TR", Plain: true}},
		}},
	}
}

func TestStoredValuesReadBackAsTheyWere(t *testing.T) {
	b := openBatch(t)
	text, err := json.Marshal(b)
	require.NoError(t, err)
	var again upload.Batch
	require.NoError(t, json.Unmarshal(text, &again))
	assert.True(t, b.Rows[0].Value.Equal(*again.Rows[0].Value))
	again.Rows[0].Value = b.Rows[0].Value
	assert.Equal(t, b, again)

	m := upload.Member{Audience: vip(), Row: b.Rows[0], Since: b.At}
	text, err = json.Marshal(m)
	require.NoError(t, err)
	assert.JSONEq(t, `{"audience":{"brand":"butik","platform":"meta","account":"act_1","id":"vip"},
		"person":"`+m.Person+`","keys":[{"kind":"email","value":"0"},{"kind":"country","value":"TR","plain":true}],
		"value":{"amount":"149.9","currency":"TRY"},"since":"2026-11-26T09:00:00Z"}`, string(text))
}

// Keys differ by everything that makes an audience another, also where its parts
// read the same when they are put together.
func TestBatchKeysNeverMeet(t *testing.T) {
	seen := map[string]bool{}
	for _, a := range []upload.Audience{
		vip(),
		{Brand: "buti", Platform: "kmeta", Account: "act_1", ID: "vip"},
		{Brand: "butik", Platform: upload.Meta, Account: "act_1v", ID: "ip"},
		{Brand: "butik", Platform: upload.Google, Account: "act_1", ID: "vip"},
	} {
		for sequence := range int64(3) {
			seen[upload.BatchKey(a, sequence)] = true
		}
	}
	assert.Len(t, seen, 12)
}

func TestBatchesReportAllTheirProblems(t *testing.T) {
	b := openBatch(t)
	require.NoError(t, b.Validate())
	b.Key, b.Size, b.By, b.Ended = "", 0, "", b.At
	b.Rows = append(b.Rows, upload.Row{Person: b.Rows[0].Person}, upload.Row{})
	b.Rejections = []upload.Rejection{{Row: 3}, {Row: 1, Reason: sosyal.Because("x")}}
	var fields []string
	for _, fe := range sosyal.FieldErrors(b.Validate()) {
		fields = append(fields, fe.Field)
	}
	assert.Equal(t, []string{
		"key", "by", "ended", "size", "rows[1].person", "rows[1].keys", "rows[2].person", "rows[2].person", "rows[2].keys",
		"rejections[0].row", "rejections[0].reason", "rejections[1].row",
	}, fields)
}
