package upload

import (
	"embed"

	"github.com/yukselenler/sosyal"
)

//go:embed messages_en.json messages_tr.json
var messageFiles embed.FS

// Messages returns the texts of the package's reasons and terms. It is nil for
// languages that the module has no texts in.
func Messages(l sosyal.Language) sosyal.Messages {
	m, err := sosyal.ReadMessages(messageFiles, ".", l)
	if err != nil {
		return nil // the files are embedded and a test reads them
	}
	return m
}
