package upload

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// lowered returns a text in lower case by the rules of no language in particular.
// Those of Turkish would turn I into ı, which no platform does, and
// strings.ToLower turns İ into i where Unicode, JavaScript and Python keep the
// dot as a mark of its own: their hashes differ.
func lowered(text string) string {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return cases.Lower(language.Und).String(norm.NFC.String(text))
		}
	}
	return strings.ToLower(text) // ASCII alone
}

func lowerASCII(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + ('a' - 'A')
	}
	return c
}

// isSpace is white space as platforms strip it, the byte order mark included.
func isSpace(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' }

func trimmed(text string) string {
	for text != "" && isASCIISpace(text[0]) {
		text = text[1:]
	}
	for text != "" && isASCIISpace(text[len(text)-1]) {
		text = text[:len(text)-1]
	}
	if text == "" || text[0] < utf8.RuneSelf && text[len(text)-1] < utf8.RuneSelf {
		return text
	}
	return strings.TrimFunc(text, isSpace)
}

func isASCIISpace(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }

// without drops the characters that drop reports.
func without(text string, drop func(rune) bool) string {
	return strings.Map(func(r rune) rune {
		if drop(r) {
			return -1
		}
		return r
	}, text)
}

func isSpaceOrASCIIMark(r rune) bool {
	return isSpace(r) || r < utf8.RuneSelf && (unicode.IsPunct(r) || unicode.IsSymbol(r))
}

func isASCIILetter(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }

func isNotASCIILetter(r rune) bool { return !isASCIILetter(r) }

func isNotASCIILetterOrDigit(r rune) bool { return !isASCIILetter(r) && (r < '0' || r > '9') }
