package brand

import (
	_ "embed"
	"encoding/json"

	"github.com/yukselenler/sosyal"
)

//go:embed messages_en.json
var messagesEN string

//go:embed messages_tr.json
var messagesTR string

// Messages returns the texts of the package's issues. It is nil for languages
// that the module has no texts in.
func Messages(l sosyal.Language) sosyal.Messages {
	text := ""
	switch l {
	case sosyal.English:
		text = messagesEN
	case sosyal.Turkish:
		text = messagesTR
	default:
		return nil
	}
	var m sosyal.Messages
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return nil
	}
	return m
}
