package upload

import (
	"bytes"
	"strings"
)

// maxEmail bounds an address, as RFC 5321 does a path.
const maxEmail = 254

// appendEmail appends an address in a form to dst. The text must be an ASCII
// address: local part of letters, digits, single dots and the usual signs, "@",
// and a domain name of two labels or more. Letters of other alphabets have no
// lower case that two platforms agree on.
func appendEmail(dst []byte, text string, form Form) ([]byte, string) {
	text = trimmed(text)
	if len(text) > maxEmail {
		return nil, "must have 254 characters at most"
	}
	at := -1
	for i := range len(text) {
		c := text[i]
		switch {
		case 'a' <= c && c <= 'z' || c == '.':
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		case c >= 0x80:
			return nil, "must be ASCII"
		case isASCIISpace(c):
			if form == EmailGmail {
				continue
			}
			return nil, "must not hold white space"
		case c == '@':
			if at >= 0 {
				return nil, `must hold one "@"`
			}
			at = len(dst)
		}
		dst = append(dst, c)
	}
	if at < 0 {
		return nil, `must hold one "@"`
	}
	local, domain := dst[:at], dst[at+1:]
	switch form {
	case EmailGmail:
		if google := string(domain); google == "gmail.com" || google == "googlemail.com" {
			dst = rejoined(dst, undotted(untagged(local)), domain)
		}
	case EmailUntagged:
		dst = rejoined(dst, untagged(local), domain)
	default:
	}
	at = bytes.IndexByte(dst, '@')
	if !isLocalPart(dst[:at]) {
		return nil, `must have letters, digits, single dots or usual signs before the "@"`
	}
	if !isDomain(dst[at+1:]) {
		return nil, `must have a domain name after the "@"`
	}
	return dst, ""
}

// rejoined writes a shortened local part and the domain over dst, in place: the
// local part lies at its beginning.
func rejoined(dst, local, domain []byte) []byte {
	return append(append(dst[:len(local)], '@'), domain...)
}

func untagged(local []byte) []byte {
	before, _, _ := bytes.Cut(local, []byte{'+'})
	return before
}

// undotted drops the dots, in place.
func undotted(local []byte) []byte {
	kept := local[:0]
	for _, c := range local {
		if c != '.' {
			kept = append(kept, c)
		}
	}
	return kept
}

func isLocalPart(local []byte) bool {
	before := byte('.') // a dot must not come first, nor after a dot
	for _, c := range local {
		if c == '.' && before == '.' || c != '.' && !isLowerOrDigit(c) && strings.IndexByte("!#$%&'*+/=?^_`{|}~-", c) < 0 {
			return false
		}
		before = c
	}
	return before != '.'
}

func isDomain(domain []byte) bool {
	labels, start := 0, 0
	for i := 0; i <= len(domain); i++ {
		if i < len(domain) && domain[i] != '.' {
			if !isLowerOrDigit(domain[i]) && domain[i] != '-' {
				return false
			}
			continue
		}
		label := domain[start:i]
		if len(label) == 0 || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		labels, start = labels+1, i+1
	}
	return labels >= 2
}

func isLowerOrDigit(c byte) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }
