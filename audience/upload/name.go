package upload

import (
	"slices"
	"strings"
)

// givenName drops the titles that Google drops, wherever they stand: words, in
// lower case, with their full stop.
func givenName(text string) string {
	words := slices.DeleteFunc(strings.Fields(text), func(w string) bool {
		return slices.Contains([]string{"mr.", "mrs.", "ms.", "dr."}, w)
	})
	return strings.Join(words, " ")
}

// familyName drops the suffixes that Google drops from the end, however many:
// generations with their full stop or as a numeral, and professional letters.
func familyName(text string) string {
	suffixes := []string{
		"jr.", "sr.", "2nd", "3rd", "ii", "iii", "iv", "v", "vi",
		"cpa", "dc", "dds", "vm", "jd", "md", "phd",
	}
	for {
		text = strings.TrimRight(text, " ,")
		cut := strings.LastIndexAny(text, " ,")
		if cut < 0 || !slices.Contains(suffixes, text[cut+1:]) {
			return text
		}
		text = text[:cut]
	}
}
