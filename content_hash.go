package sosyal

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"strconv"
	"strings"
	"time"

	"github.com/rickb777/date/v2"
	"golang.org/x/text/unicode/norm"
)

// ContentHash identifies what was approved: the version of the list of fields
// that were hashed, a colon and the SHA-256 of them in hexadecimal ("v1:9f86…").
// Two values with the same hash are the same to whoever approves them; states,
// versions and notes are not part of it.
type ContentHash string

// Version returns the version of the field list ("v1").
func (h ContentHash) Version() string {
	version, _, _ := strings.Cut(string(h), ":")
	return version
}

// Validate reports a text that is not a version and 64 hexadecimal digits.
func (h ContentHash) Validate() error {
	version, sum, found := strings.Cut(string(h), ":")
	number, hasV := strings.CutPrefix(version, "v")
	n, err := strconv.Atoi(number)
	digits := strings.Trim(sum, "0123456789abcdef") == "" && len(sum) == 2*sha256.Size
	if !found || !hasV || err != nil || n < 1 || strconv.Itoa(n) != number || !digits {
		return FieldError{Field: "hash", Rule: "must be a version and a SHA-256 in hexadecimal, such as v1:9f86…", Value: string(h)}
	}
	return nil
}

// ContentHasher makes a [ContentHash] from named fields. The type that is
// approved owns the list: it names every field that matters, in a fixed order,
// and takes a new version when the list changes its meaning.
//
//	NewContentHasher("v1", "post").Text("caption", p.Caption).Texts("media", p.Media...).Sum()
//
// A field that is empty (no text, no items, zero, false, no money) leaves no
// trace, so a list may grow at its end without a new version: values that do
// not use the new field keep their hash.
//
// Text is normalised first: Unicode NFC, line ends to \n, no white space at the
// ends of lines or of the text. What is hashed is unambiguous: name, kind and
// value of each field are preceded by their lengths.
type ContentHasher struct {
	version string
	hash    hash.Hash
}

// NewContentHasher starts a hash. Kind separates types that might have equal
// fields; version is that of the field list ("v1").
func NewContentHasher(version, kind string) *ContentHasher {
	h := &ContentHasher{version: version, hash: sha256.New()}
	h.write(version)
	h.write(kind)
	return h
}

// write hashes one text with its length before it. A hash never fails to write.
func (h *ContentHasher) write(text string) {
	var length [8]byte
	binary.BigEndian.PutUint64(length[:], uint64(len(text)))
	h.hash.Write(length[:])
	h.hash.Write([]byte(text))
}

func (h *ContentHasher) field(name, kind string, values ...string) *ContentHasher {
	h.write(name)
	h.write(kind)
	h.write(strconv.Itoa(len(values)))
	for _, v := range values {
		h.write(v)
	}
	return h
}

// Text adds a text that people read.
func (h *ContentHasher) Text(name, value string) *ContentHasher {
	if value = normalText(value); value == "" {
		return h
	}
	return h.field(name, "text", value)
}

// Code adds an identifier or a code that programs compare: unlike a text it is
// not normalised, since two that look alike may name different things.
func (h *ContentHasher) Code(name, value string) *ContentHasher {
	if value == "" {
		return h
	}
	return h.field(name, "code", value)
}

// Codes adds identifiers whose order matters. Sort them first where it does not.
func (h *ContentHasher) Codes(name string, values ...string) *ContentHasher {
	if len(values) == 0 {
		return h
	}
	return h.field(name, "codes", values...)
}

// Texts adds texts whose order matters. Sort them first where it does not.
func (h *ContentHasher) Texts(name string, values ...string) *ContentHasher {
	if len(values) == 0 {
		return h
	}
	clean := make([]string, len(values))
	for i, v := range values {
		clean[i] = normalText(v)
	}
	return h.field(name, "texts", clean...)
}

// Int adds a whole number.
func (h *ContentHasher) Int(name string, value int64) *ContentHasher {
	if value == 0 {
		return h
	}
	return h.field(name, "int", strconv.FormatInt(value, 10))
}

// Bool adds a choice.
func (h *ContentHasher) Bool(name string, value bool) *ContentHasher {
	if !value {
		return h
	}
	return h.field(name, "bool", "true")
}

// Money adds an amount; 12.5 and 12.50 are the same, the zero Money is empty.
func (h *ContentHasher) Money(name string, value Money) *ContentHasher {
	if value.Currency() == "" {
		return h
	}
	return h.field(name, "money", value.Amount().String(), value.Currency())
}

// Time adds an instant, whatever zone it is written in.
func (h *ContentHasher) Time(name string, value time.Time) *ContentHasher {
	if value.IsZero() {
		return h
	}
	return h.field(name, "time", value.UTC().Format(time.RFC3339Nano))
}

// Date adds a calendar day. Every day counts; leave the call out for none.
func (h *ContentHasher) Date(name string, value date.Date) *ContentHasher {
	return h.field(name, "date", value.String())
}

// Period adds a span of days; one without days is empty.
func (h *ContentHasher) Period(name string, value Period) *ContentHasher {
	if value.Days() == 0 {
		return h
	}
	return h.field(name, "period", value.String())
}

// Hash adds the content of a part that has a hash of its own.
func (h *ContentHasher) Hash(name string, value ContentHash) *ContentHasher {
	if value == "" {
		return h
	}
	return h.field(name, "hash", string(value))
}

// Sum returns the hash of the fields added so far.
func (h *ContentHasher) Sum() ContentHash {
	return ContentHash(h.version + ":" + hex.EncodeToString(h.hash.Sum(nil)))
}

// normalText brings texts that look alike to one form.
func normalText(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	lines := strings.Split(norm.NFC.String(text), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t\u00a0")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
