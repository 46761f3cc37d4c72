package audience

import (
	"encoding/json"
	"fmt"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
)

// readDay reads a stored value whose day stands as text in text, and refuses
// days that do not exist, which the date library would carry over.
func readDay[T any](data []byte, into *T, text *string, field string, day *date.Date) error {
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("reading %s: %w", field, err)
	}
	d, err := sosyal.ParseDate(*text)
	if err != nil {
		return sosyal.FieldError{Field: field, Rule: "must be a calendar day like 2026-11-03", Value: *text}
	}
	*day = d
	return nil
}
