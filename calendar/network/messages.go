package network

import (
	"embed"
	"math"
	"strconv"

	"github.com/yukselenler/sosyal"
)

//go:embed messages_en.json messages_tr.json
var messageFiles embed.FS

// Messages returns the texts of the package's reasons, with codes that begin with
// "network.", and the terms they use beyond [sosyal.StandardMessages]. It is nil
// for languages that the module has no texts in.
func Messages(l sosyal.Language) sosyal.Messages {
	m, err := sosyal.ReadMessages(messageFiles, ".", l)
	if err != nil {
		return nil // the files are embedded and a test reads them
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
