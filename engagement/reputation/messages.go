package reputation

import (
	_ "embed"
	"encoding/json"

	"github.com/yukselenler/sosyal"
)

//go:embed messages_en.json
var messagesEnglish []byte

//go:embed messages_tr.json
var messagesTurkish []byte

// Messages returns the texts of the package's reasons in a language; nil where
// there are none.
func Messages(l sosyal.Language) sosyal.Messages {
	switch l {
	case sosyal.English:
		return readMessages(messagesEnglish)
	case sosyal.Turkish:
		return readMessages(messagesTurkish)
	default:
		return nil
	}
}

func readMessages(data []byte) sosyal.Messages {
	var m sosyal.Messages
	if json.Unmarshal(data, &m) != nil {
		return nil // the files are embedded and a test reads them
	}
	return m
}
