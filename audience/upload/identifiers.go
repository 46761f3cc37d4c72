package upload

import (
	"strings"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
)

// Kind is a kind of identifier.
type Kind string

// Kinds of identifiers.
const (
	KindEmail      Kind = "email"
	KindPhone      Kind = "phone"
	KindFirstName  Kind = "first_name"
	KindLastName   Kind = "last_name"
	KindCity       Kind = "city"
	KindState      Kind = "state"
	KindPostalCode Kind = "postal_code"
	KindCountry    Kind = "country"
	KindGender     Kind = "gender"
	KindBirthDate  Kind = "birth_date"
	// KindExternalID is the shop's own id of the person.
	KindExternalID Kind = "external_id"
	// KindHandle is the person's name on the network, with or without "@".
	KindHandle Kind = "handle"
)

// Identifiers is what the shop knows about a person that an ad platform may
// know as well. It is personal data: it is turned into [Key] values by a
// [Normalizer] and not kept.
//
// What can be guessed wrong from text is typed: a country is a code, a birth
// date a date, a gender a [Gender], and phones are read by the dialling rules of
// a country that is named. Texts may also be given hashed already, as 64
// hexadecimal digits, which are passed on as they are.
type Identifiers struct {
	Emails []string
	Phones []string
	// PhoneRegion is the country (ISO 3166-1 alpha-2) by whose dialling rules the
	// phones are written. Phones in international form (+905321234567) need none.
	// Without it the other phones are refused: a number is not guessed from where
	// the person lives.
	PhoneRegion         string
	FirstName, LastName string
	City, State         string
	PostalCode          string
	// Country is where the person lives (ISO 3166-1 alpha-2).
	Country string
	Gender  Gender
	// Born is the day of birth; the zero date means that it is not known.
	Born       date.Date
	ExternalID string
	// Handle is the person's name on the platform's network.
	Handle string
}

// Key is one identifier as a platform takes it: 64 lower-case hexadecimal
// digits of a SHA-256, or plain text where the platform takes it plain, which of
// the standard facts only Google's country and postal code are.
//
// A hash is still personal data: whoever has the address can find it.
type Key struct {
	Kind  Kind   `json:"kind"`
	Value string `json:"value"`
	Plain bool   `json:"plain,omitzero"`
}

// Gender is what ad platforms match by: they know two. Anything else is the
// empty Gender, which is not sent.
type Gender string

// Genders that ad platforms match by.
const (
	Female Gender = "f"
	Male   Gender = "m"
)

// ParseGender reads the usual English and Turkish words, in any case: f, female,
// woman, girl, kadın, bayan; m, male, man, boy, erkek, bay. Others are
// [sosyal.ErrInvalid]; most of them are no error of the shop's but a person that
// platforms do not match by gender.
func ParseGender(text string) (Gender, error) {
	switch strings.Map(asciiTurkish, strings.TrimSpace(text)) {
	case "f", "female", "woman", "girl", "kadin", "bayan":
		return Female, nil
	case "m", "male", "man", "boy", "erkek", "bay":
		return Male, nil
	}
	return "", sosyal.FieldError{Field: string(KindGender), Rule: "must be a word for female or male"}
}

// asciiTurkish folds a letter to lower-case ASCII, all four letters i to one.
// It serves to compare words, never to hash.
func asciiTurkish(r rune) rune {
	switch r {
	case 'ı', 'I', 'İ', 'î', 'Î':
		return 'i'
	case 'ş', 'Ş':
		return 's'
	case 'ç', 'Ç':
		return 'c'
	case 'ğ', 'Ğ':
		return 'g'
	case 'ö', 'Ö':
		return 'o'
	case 'ü', 'Ü', 'û', 'Û':
		return 'u'
	case 'â', 'Â':
		return 'a'
	case '\u0307', '\u0327', '\u0308', '\u0306', '\u0302': // marks of decomposed letters
		return -1
	}
	if 'A' <= r && r <= 'Z' {
		return r + ('a' - 'A')
	}
	return r
}
