package network

import (
	_ "embed"
	"encoding/json"
	"math"
	"strconv"

	"github.com/yukselenler/sosyal"
)

//go:embed messages_en.json
var messagesEnglish []byte

//go:embed messages_tr.json
var messagesTurkish []byte

// Messages returns the texts of the package's reasons, with codes that begin with
// "network.", and the terms they use beyond [sosyal.StandardMessages]; nil for
// languages other than English and Turkish.
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

func format(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// places is how many decimals a number is shown with: none for whole ones.
func places(x float64) int {
	if x == math.Trunc(x) {
		return 0
	}
	return 2
}
