package tabular

import (
	"strings"
	"unicode"
)

// fold brings a header or code to the form in which it is compared: lower case
// with every i alike, so that "SİPARİŞ TARİHİ", "Sipariş Tarihi" and what a
// program without Turkish rules makes of them are the same, and single spaces.
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch r {
		case 'İ', 'I', 'ı':
			r = 'i'
		case '\u0307', '\ufeff', '\u200b': // the dot that lower-casing İ leaves, and marks without width
			continue
		}
		if unicode.IsSpace(r) {
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// trim removes what stands around a cell's text: white space, and the ="..." in
// which some programs wrap texts of digits so that spreadsheets leave them alone.
func trim(s string) string {
	if s == "" || (s[0] > ' ' && s[0] < 0x7f && s[0] != '=' && s[len(s)-1] > ' ' && s[len(s)-1] < 0x7f) {
		return s
	}
	s = strings.TrimSpace(s)
	if rest, ok := strings.CutPrefix(s, `="`); ok {
		if inner, ok := strings.CutSuffix(rest, `"`); ok {
			return strings.TrimSpace(inner)
		}
	}
	return s
}
