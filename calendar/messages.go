package calendar

import (
	_ "embed"
	"encoding/json"

	"github.com/yukselenler/sosyal"
)

//go:embed messages_en.json
var messagesEnglish []byte

//go:embed messages_tr.json
var messagesTurkish []byte

// Messages returns the texts of the package's reasons, with codes that begin with
// "calendar.", and the terms they use; nil for languages other than English and
// Turkish. Names of special days are in [OccasionTerms], those of networks and
// formats in [sosyal.StandardMessages].
func Messages(l sosyal.Language) sosyal.Messages {
	var data []byte
	switch l {
	case sosyal.English:
		data = messagesEnglish
	case sosyal.Turkish:
		data = messagesTurkish
	default:
		return nil
	}
	var m sosyal.Messages
	// The files are part of the package and its tests read them.
	if err := json.Unmarshal(data, &m); err != nil {
		return nil
	}
	return m
}
