package campaign

import (
	_ "embed"
	"encoding/json"

	"github.com/yukselenler/sosyal"
)

//go:embed messages_en.json
var messagesEN []byte

//go:embed messages_tr.json
var messagesTR []byte

// Messages returns the texts of this package's reasons, nil for languages that
// the module has no texts in. They refer to terms of [sosyal.StandardMessages].
func Messages(l sosyal.Language) sosyal.Messages {
	switch l {
	case sosyal.English:
		return readMessages(messagesEN)
	case sosyal.Turkish:
		return readMessages(messagesTR)
	}
	return nil
}

// readMessages reads an embedded catalogue; a test holds it to be readable.
func readMessages(data []byte) sosyal.Messages {
	var m sosyal.Messages
	if err := json.Unmarshal(data, &m); err != nil {
		return nil
	}
	return m
}
