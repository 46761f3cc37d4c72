package planning

import (
	_ "embed"
	"encoding/json"

	"github.com/yukselenler/sosyal"
)

//go:embed messages_en.json
var messagesEnglish []byte

//go:embed messages_tr.json
var messagesTurkish []byte

// Messages returns the package's texts in a language, nil where it has none.
func Messages(l sosyal.Language) sosyal.Messages {
	var raw []byte
	switch l {
	case sosyal.English:
		raw = messagesEnglish
	case sosyal.Turkish:
		raw = messagesTurkish
	}
	var m sosyal.Messages
	if json.Unmarshal(raw, &m) != nil {
		return nil
	}
	return m
}
