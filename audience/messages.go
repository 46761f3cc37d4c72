package audience

import (
	"embed"
	"encoding/json"

	"github.com/yukselenler/sosyal"
)

//go:embed messages_en.json messages_tr.json
var messageFiles embed.FS

// Messages returns the texts of the package's reasons and terms, those of
// package value included, in a language; nil for languages other than English
// and Turkish.
func Messages(l sosyal.Language) sosyal.Messages {
	name := ""
	switch l {
	case sosyal.English:
		name = "messages_en.json"
	case sosyal.Turkish:
		name = "messages_tr.json"
	default:
		return nil
	}
	data, err := messageFiles.ReadFile(name)
	if err != nil {
		return nil // the file is embedded; a test holds it to be there
	}
	var m sosyal.Messages
	if json.Unmarshal(data, &m) != nil {
		return nil // a test holds it to be valid
	}
	return m
}
