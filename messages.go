package sosyal

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

//go:embed internal/data/messages_en.json internal/data/messages_tr.json
var messageFiles embed.FS

// StandardMessages returns the root's own texts: approvals, holds and the names
// of networks, formats, objectives, metrics, roles and states, which other
// packages' texts refer to as terms. It is nil for languages that the module has
// no texts in.
func StandardMessages(l Language) Messages {
	m, err := ReadMessages(messageFiles, "internal/data", l)
	if err != nil {
		return nil // the files are embedded and a test reads them
	}
	return m
}

// ReadMessages reads the texts of a language from the file messages_<language>.json
// of a folder, a JSON object of texts by code. Every package keeps its texts like
// this, and a host may keep its own. The error is [ErrNotFound] where the folder
// has no texts in the language, and [ErrInvalid] where the file is not such an
// object or holds no text, or where the language is not a tag.
func ReadMessages(files fs.FS, folder string, l Language) (Messages, error) {
	if strings.ContainsRune(string(l), '/') { // it would name another folder
		return nil, FieldError{Field: "language", Rule: "must be a language tag", Value: string(l)}
	}
	name := path.Join(folder, "messages_"+string(l)+".json")
	data, err := fs.ReadFile(files, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("messages in %s: %w", l, ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("messages in %s: %w", l, err)
	}
	var m Messages
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, FieldError{Field: name, Rule: "must be an object of texts by code: " + err.Error()}
	}
	if len(m) == 0 {
		return nil, FieldError{Field: name, Rule: "must hold a text"}
	}
	return m, nil
}
