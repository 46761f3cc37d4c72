package sosyaltest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/yukselenler/sosyal"
)

// CheckMessages returns what keeps two languages from being translations of
// each other: codes that only one has, empty texts, braces that do not close,
// and texts of one code that use different arguments. English is the reference
// in what it says.
func CheckMessages(en, tr sosyal.Messages) error {
	var broken []error
	codes := map[string]bool{}
	for code := range en {
		codes[code] = true
	}
	for code := range tr {
		codes[code] = true
	}
	if len(codes) == 0 {
		return errors.New("there are no messages")
	}
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		_, inEnglish := en[code]
		_, inTurkish := tr[code]
		switch {
		case !inEnglish:
			broken = append(broken, fmt.Errorf("%s: there is no English text", code))
		case !inTurkish:
			broken = append(broken, fmt.Errorf("%s: there is no Turkish text", code))
		default:
			broken = append(broken, checkText(code, "English", en[code]), checkText(code, "Turkish", tr[code]))
			if x, y := en.Placeholders(code), tr.Placeholders(code); !slices.Equal(x, y) {
				broken = append(broken, fmt.Errorf("%s: the English text uses %q and the Turkish %q", code, x, y))
			}
		}
	}
	return errors.Join(broken...)
}

// checkText reports a text that cannot be shown.
func checkText(code, language, text string) error {
	if strings.TrimSpace(text) == "" {
		return fmt.Errorf("%s: the %s text is empty", code, language)
	}
	inside := false
	for _, r := range text {
		if (r == '{' && inside) || (r == '}' && !inside) {
			return fmt.Errorf("%s: the %s text has a brace out of place: %q", code, language, text)
		}
		if r == '{' || r == '}' {
			inside = !inside
		}
	}
	if inside {
		return fmt.Errorf("%s: the %s text has a brace that does not close: %q", code, language, text)
	}
	return nil
}
