package sosyal

import (
	_ "embed"
	"encoding/json"
)

//go:embed internal/data/messages_en.json
var messagesEN []byte

//go:embed internal/data/messages_tr.json
var messagesTR []byte

// StandardMessages returns the root's own texts: approvals, holds and the names
// of networks, formats, objectives, metrics, roles and states, which other
// packages' texts refer to as terms. It is nil for languages that the module has
// no texts in.
func StandardMessages(l Language) Messages {
	switch l {
	case English:
		return readMessages(messagesEN)
	case Turkish:
		return readMessages(messagesTR)
	}
	return nil
}

// readMessages reads an embedded catalogue; a test holds it to be readable.
func readMessages(data []byte) Messages {
	var m Messages
	if err := json.Unmarshal(data, &m); err != nil {
		return nil
	}
	return m
}
