package upload

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

//go:embed facts/states.json
var statesTable []byte

// state is a state or province by its name without spaces, in ASCII.
type state struct {
	Name string `json:"name"`
	Code string `json:"code"`
}

// readStates returns the table with longer names first, so that West Virginia is
// not taken for Virginia.
func readStates() ([]state, error) {
	var table struct {
		States []state `json:"states"`
	}
	if err := json.Unmarshal(statesTable, &table); err != nil {
		return nil, err
	}
	slices.SortStableFunc(table.States, func(a, b state) int { return cmp.Compare(len(b.Name), len(a.Name)) })
	return table.States, nil
}

// stateLetters is [StateTwoLetters].
func stateLetters(text string, states []state) string {
	letters := without(lowered(text), isNotASCIILetter)
	for _, s := range states {
		if strings.Contains(letters, s.Name) {
			return s.Code
		}
	}
	return letters[:min(2, len(letters))]
}

// postalCompact is [PostalCompact].
func postalCompact(text string) string {
	text, _, _ = strings.Cut(lowered(trimmed(text)), "-")
	return without(text, isSpace)
}

// countryCode returns the upper-case code of a country, and false for what is
// none: names of countries are not guessed at, codes of three letters and codes
// that were replaced (UK) are refused.
func countryCode(text string) (string, bool) {
	text = strings.ToUpper(trimmed(text))
	if len(text) != 2 || without(text, isNotASCIILetter) != text {
		return "", false
	}
	region, err := language.ParseRegion(text)
	return text, err == nil && region.IsCountry() && region.Canonicalize() == region
}
