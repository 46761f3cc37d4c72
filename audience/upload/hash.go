package upload

import (
	"crypto/sha256"
	"encoding/hex"
)

// sha256Name is how the facts call the only hash there is.
const sha256Name = "sha256"

// hashed returns the SHA-256 of a text as 64 lower-case hexadecimal digits.
func hashed(text []byte) string {
	sum := sha256.Sum256(text)
	var digits [2 * sha256.Size]byte
	hex.Encode(digits[:], sum[:])
	return string(digits[:])
}

// alreadyHashed returns a text that has the form of a SHA-256 in hexadecimal, in
// lower case. Nobody's email, phone or name has 64 hexadecimal digits, so it is
// one and must not be hashed again.
func alreadyHashed(text string) (string, bool) {
	if len(text) != 2*sha256.Size {
		return "", false
	}
	lower := true
	for i := range len(text) {
		switch c := text[i]; {
		case '0' <= c && c <= '9', 'a' <= c && c <= 'f':
		case 'A' <= c && c <= 'F':
			lower = false
		default:
			return "", false
		}
	}
	if lower {
		return text, true
	}
	digits := []byte(text)
	for i, c := range digits {
		digits[i] = lowerASCII(c)
	}
	return string(digits), true
}

// IsHash reports whether a text is a SHA-256 as platforms take it: 64 lower-case
// hexadecimal digits.
func IsHash(text string) bool {
	lower, ok := alreadyHashed(text)
	return ok && lower == text
}
