package budget

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"time"

	"github.com/yukselenler/sosyal"
)

// Hash is a SHA-256. Its text and JSON form is hexadecimal.
type Hash [sha256.Size]byte

// IsZero reports whether the hash is not set, as before the first entry of a
// book.
func (h Hash) IsZero() bool { return h == Hash{} }

// String is the hexadecimal form.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText writes the hexadecimal form.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads the hexadecimal form.
func (h *Hash) UnmarshalText(text []byte) error {
	if len(text) != hex.EncodedLen(len(h)) {
		return sosyal.FieldError{Field: "hash", Rule: "must be 64 hexadecimal digits"}
	}
	if _, err := hex.Decode(h[:], text); err != nil {
		return sosyal.FieldError{Field: "hash", Rule: "must be 64 hexadecimal digits"}
	}
	return nil
}

// Versions of the encodings below. A hash names the encoding it was made by, so
// that books outlive a change of it.
const (
	inputVersion = "sosyal/budget/input/v1"
	chainVersion = "sosyal/budget/entry/v1"
)

// InputHash identifies what the entry asks for: everything but what the ledger
// sets and the time of the call. Two appends under one key are the same when
// their input hashes are.
func (e Entry) InputHash() Hash {
	b := appendText(make([]byte, 0, 512), inputVersion)
	return sha256.Sum256(e.appendInput(b))
}

// chainHash binds the entry to its place: brand, book, sequence and the hash of
// the entry before. buf is scratch space, returned for reuse.
func (e Entry) chainHash(buf []byte) (Hash, []byte) {
	buf = appendText(buf[:0], chainVersion)
	buf = appendText(buf, string(e.Brand))
	buf = appendText(buf, string(e.Book))
	buf = binary.BigEndian.AppendUint64(buf, uint64(e.Sequence))
	buf = append(buf, e.Previous[:]...)
	buf = appendTime(buf, e.At)
	buf = e.appendInput(buf)
	return sha256.Sum256(buf), buf
}

// appendInput writes the fields one after another. Texts and lists carry their
// length, so that no two inputs have the same encoding.
func (e Entry) appendInput(b []byte) []byte {
	b = appendText(b, e.Key)
	b = appendText(b, string(e.Kind))
	b = appendText(b, string(e.By))
	b = binary.AppendUvarint(b, uint64(len(e.Why)))
	for _, r := range e.Why {
		b = appendText(b, r.Code)
		b = binary.AppendUvarint(b, uint64(len(r.Args)))
		for _, a := range r.Args {
			b = appendText(b, a.Name)
			b = appendText(b, string(a.Kind))
			b = appendText(b, a.Value)
		}
	}
	b = appendText(b, e.Currency)
	b = binary.AppendUvarint(b, uint64(len(e.Postings)))
	for _, p := range e.Postings {
		b = appendText(b, string(p.Line))
		b = appendText(b, string(p.Bucket))
		b = binary.AppendVarint(b, p.Units)
	}
	b = appendText(b, string(e.Request))
	b = appendText(b, e.Refers)
	b = appendTime(b, e.Expires)
	b = appendText(b, e.Source)
	b = binary.AppendVarint(b, int64(e.Day))
	return appendTime(b, e.Reported)
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// appendTime writes the instant in microseconds, which every database keeps.
func appendTime(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return append(b, 0)
	}
	return binary.AppendVarint(append(b, 1), t.UnixMicro())
}

// seal places entries behind a head and returns them with their hashes.
func seal(brand sosyal.BrandID, head Head, entries []Entry) ([]Entry, Head) {
	sealed := slices.Clone(entries)
	var buf []byte
	for i := range sealed {
		e := &sealed[i]
		e.Brand, e.Book = brand, head.Book
		e.Sequence, e.Previous = head.Sequence+1, head.Hash
		e.At, e.Expires, e.Reported = instant(e.At), instant(e.Expires), instant(e.Reported)
		e.Postings, e.Why = slices.Clone(e.Postings), slices.Clone(e.Why)
		e.Hash, buf = e.chainHash(buf)
		head.Sequence, head.Hash = e.Sequence, e.Hash
	}
	return sealed, head
}

// instant is the time in UTC to the microsecond.
func instant(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Microsecond)
}
