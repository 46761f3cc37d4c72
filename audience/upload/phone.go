package upload

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// e164 returns a phone number in international form with the plus sign. region
// is the country by whose dialling rules it is written, empty where it is
// written in international form. A number is checked for a possible length, not
// for being in use.
func e164(text, region string) (string, string) {
	text = trimmed(text)
	if isE164(text) {
		return text, "" // nothing to work out, and the library takes a hundred times longer
	}
	if region == "" && !strings.HasPrefix(text, "+") && !strings.HasPrefix(text, "＋") {
		return "", "must be in international form with + where the country it is written by is not given"
	}
	if region == "" {
		region = phonenumbers.UNKNOWN_REGION
	}
	number, err := phonenumbers.Parse(text, region)
	if err != nil || !phonenumbers.IsPossibleNumber(number) {
		return "", "must be a possible phone number of the country it is written by"
	}
	return phonenumbers.Format(number, phonenumbers.E164), ""
}

// isE164 reports whether a text is a number in E.164 beyond doubt: plus, calling
// code and national number, 8 to 15 digits in all. A national number that begins
// with 0 may hold a trunk prefix that does not belong there (+90 0532...), or be
// Italian, and is left to the library.
func isE164(text string) bool {
	if len(text) < 9 || len(text) > 16 || text[0] != '+' || text[1] == '0' {
		return false
	}
	digits := text[1:]
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return false
		}
	}
	return digits[callingCodeLength(digits)] != '0'
}

// callingCodeLength is how many digits the calling code has at the head of an
// international number (ITU-T E.164 annex: 1 and 7 stand alone, these pairs are
// codes of two digits, all other codes have three).
func callingCodeLength(digits string) int {
	const pairs = "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 " +
		"60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98"
	switch {
	case digits[0] == '1' || digits[0] == '7':
		return 1
	case strings.Contains(pairs, digits[:2]):
		return 2
	}
	return 3
}
