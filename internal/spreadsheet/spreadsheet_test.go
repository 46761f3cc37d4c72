package spreadsheet_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/yukselenler/sosyal/internal/spreadsheet"
)

func TestInert(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "Merhaba": "Merhaba", "a=b": "a=b", "12": "12", " =1": " =1",
		"=1+1": "'=1+1", "+90 212": "'+90 212", "-1": "'-1", "@ayse": "'@ayse", "＝1+1": "'＝1+1", "＋1": "'＋1", "－1": "'－1", "＠x": "'＠x",
		"\t=1": "'\t=1", "\r=1": "'\r=1", "\n=1": "'\n=1", "'=1": "'=1",
	} {
		assert.Equal(t, want, spreadsheet.Inert(text), "%q", text)
	}
}
