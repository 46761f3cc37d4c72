package calendar

import (
	"embed"

	"github.com/yukselenler/sosyal"
)

//go:embed messages_en.json messages_tr.json
var messageFiles embed.FS

// Messages returns the texts of the package's reasons, with codes that begin with
// "calendar.", and the terms they use. It is nil for languages that the module
// has no texts in. Names of special days are in [OccasionTerms], those of networks
// and formats in [sosyal.StandardMessages].
func Messages(l sosyal.Language) sosyal.Messages {
	m, err := sosyal.ReadMessages(messageFiles, ".", l)
	if err != nil {
		return nil // the files are embedded and a test reads them
	}
	return m
}
