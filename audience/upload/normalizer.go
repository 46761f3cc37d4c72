package upload

import (
	"slices"
	"strings"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
)

// Normalizer turns identifiers into the keys that one platform matches people
// by. [PlatformFacts.Normalizer] makes one; it is immutable and safe for
// concurrent use.
type Normalizer struct {
	facts  PlatformFacts
	states []state
}

// Normalizer returns the platform's normalizer.
func (f PlatformFacts) Normalizer() (*Normalizer, error) {
	if err := f.Validate(); err != nil {
		return nil, err
	}
	states, err := readStates()
	if err != nil {
		return nil, err
	}
	return &Normalizer{facts: f, states: states}, nil
}

// Keys returns what the platform takes of the identifiers, in the order of its
// facts and without repetition. Identifiers that the platform does not take are
// left out. Those that are unusable are left out as well and reported as
// [sosyal.FieldError] values without the personal text, so keys and an error may
// come together: one wrong phone does not keep an address from being sent.
// [Normalizer.Enough] tells whether the keys identify a person.
func (n *Normalizer) Keys(id Identifiers) ([]Key, error) {
	var p sosyal.Problems
	var keys []Key
	for k := range n.facts.Identifiers {
		fact := &n.facts.Identifiers[k]
		texts, field := id.texts(fact.Kind)
		for i, text := range texts {
			if text == "" {
				continue
			}
			value, rule := n.value(fact, text, id.PhoneRegion)
			if rule != "" {
				p.Add(fieldAt(field, i, len(texts)), rule, "")
				continue
			}
			key := Key{Kind: fact.Kind, Value: value, Plain: fact.Hash == ""}
			if !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	return n.limited(n.complete(keys)), p.Err()
}

// Key returns one identifier as the platform takes it. Birth dates are texts
// like 1990-01-05, genders the words of [ParseGender], phones in international
// form. A kind that the platform does not take is [sosyal.ErrUnsupported], an
// unusable text [sosyal.ErrInvalid].
func (n *Normalizer) Key(kind Kind, text string) (Key, error) {
	fact, ok := n.takes(kind)
	if !ok {
		return Key{}, unsupported(n.facts.Platform, "identifier "+string(kind))
	}
	value, rule := n.value(fact, text, "")
	if rule != "" {
		return Key{}, sosyal.FieldError{Field: string(kind), Rule: rule}
	}
	return Key{Kind: kind, Value: value, Plain: fact.Hash == ""}, nil
}

// Normalize returns the text that is hashed: what to look at when a hash is not
// the one that a platform computes. It is personal data. The errors are those of
// [Normalizer.Key]; a text that is hashed already has no such form.
func (n *Normalizer) Normalize(kind Kind, text, phoneRegion string) (string, error) {
	fact, ok := n.takes(kind)
	if !ok {
		return "", unsupported(n.facts.Platform, "identifier "+string(kind))
	}
	var room [maxEmail + 2]byte
	plain, rule := n.normalized(room[:0], fact.Form, text, phoneRegion)
	if rule != "" {
		return "", sosyal.FieldError{Field: string(kind), Rule: rule}
	}
	return string(plain), nil
}

// takes is [PlatformFacts.Takes] without copying.
func (n *Normalizer) takes(kind Kind) (*IdentifierFact, bool) {
	for i := range n.facts.Identifiers {
		if fact := &n.facts.Identifiers[i]; fact.Kind == kind {
			return fact, true
		}
	}
	return nil, false
}

// Enough reports whether the keys hold one of the platform's sufficient sets.
func (n *Normalizer) Enough(keys []Key) bool {
	return slices.ContainsFunc(n.facts.Sufficient, func(set []Kind) bool { return holdsAll(keys, set) })
}

// value is the text of a key; rule says what is wrong with it.
func (n *Normalizer) value(fact *IdentifierFact, text, region string) (value, rule string) {
	text = trimmed(text)
	if fact.Hash != "" {
		if digest, ok := alreadyHashed(text); ok {
			return digest, ""
		}
	}
	var room [maxEmail + 2]byte
	plain, rule := n.normalized(room[:0], fact.Form, text, region)
	if rule != "" {
		return "", rule
	}
	if fact.Hash == "" {
		return string(plain), ""
	}
	return hashed(plain), ""
}

// normalized appends a text in a form to dst.
func (n *Normalizer) normalized(dst []byte, form Form, text, region string) (plain []byte, rule string) {
	var out string
	switch form {
	case EmailLower, EmailGmail, EmailUntagged:
		return appendEmail(dst, text, form)
	case PhoneDigits, PhonePlus:
		out, rule = e164(text, region)
		if form == PhoneDigits {
			out = strings.TrimPrefix(out, "+")
		}
	case NameLetters:
		out = without(lowered(text), isSpaceOrASCIIMark)
	case NameGiven:
		out = givenName(lowered(trimmed(text)))
	case NameFamily:
		out = familyName(lowered(trimmed(text)))
	case CityASCII:
		out = lowered(without(text, isNotASCIILetterOrDigit))
		if out != "" && !isASCIILetter(rune(out[0])) {
			rule = "must begin with a letter"
		}
	case StateTwoLetters:
		out = stateLetters(text, n.states)
	case PostalCompact:
		out = postalCompact(text)
	case PostalTrim:
		out = trimmed(text)
	case CountryLower, CountryUpper:
		code, ok := countryCode(text)
		if !ok {
			return nil, "must be a country code of ISO 3166-1 alpha-2"
		}
		if form == CountryLower {
			code = strings.ToLower(code)
		}
		out = code
	case GenderLetter:
		gender, err := ParseGender(text)
		if err != nil {
			return nil, "must be a word for female or male"
		}
		out = string(gender)
	case DateCompact:
		out, rule = birthDate(text)
	case IDLower:
		out = without(lowered(text), isSpace)
	case HandleLower:
		out = strings.TrimLeft(lowered(trimmed(text)), "@")
	default:
		return nil, "must have a known form"
	}
	if rule == "" && out == "" {
		rule = "must hold something that the platform compares"
	}
	return append(dst, out...), rule
}

// birthDate reads 1990-01-05 and nothing else: of 05.01.1990 nobody knows
// whether it is in May.
func birthDate(text string) (string, string) {
	day, err := sosyal.ParseDate(trimmed(text))
	if err != nil {
		return "", "must be a calendar day like 1990-01-05"
	}
	if day.Year() < 1900 || day.Year() > 9999 {
		return "", "must be a year of four digits from 1900 on"
	}
	return strings.ReplaceAll(day.String(), "-", ""), ""
}

// complete drops kinds that go together where one of them is missing.
func (n *Normalizer) complete(keys []Key) []Key {
	if holdsAll(keys, n.facts.Together) {
		return keys
	}
	return slices.DeleteFunc(keys, func(k Key) bool { return slices.Contains(n.facts.Together, k.Kind) })
}

// limited keeps as many keys as the platform takes of one person; kinds that go
// together count as one and stay.
func (n *Normalizer) limited(keys []Key) []Key {
	limit, ok := n.facts.Limit(RowIdentifiers)
	if !ok || len(keys) <= limit.Value {
		return keys
	}
	room := limit.Value
	if len(n.facts.Together) > 0 && holdsAll(keys, n.facts.Together) {
		room--
	}
	return slices.DeleteFunc(keys, func(k Key) bool {
		if slices.Contains(n.facts.Together, k.Kind) {
			return false
		}
		room--
		return room < 0
	})
}

// holdsAll reports whether there is a key of each kind.
func holdsAll(keys []Key, kinds []Kind) bool {
	for _, kind := range kinds {
		if !slices.ContainsFunc(keys, func(k Key) bool { return k.Kind == kind }) {
			return false
		}
	}
	return true
}

// texts returns the identifiers of a kind and the field they stand in.
func (id Identifiers) texts(kind Kind) ([]string, string) {
	switch kind {
	case KindEmail:
		return id.Emails, "emails"
	case KindPhone:
		return id.Phones, "phones"
	case KindFirstName:
		return []string{id.FirstName}, "first_name"
	case KindLastName:
		return []string{id.LastName}, "last_name"
	case KindCity:
		return []string{id.City}, "city"
	case KindState:
		return []string{id.State}, "state"
	case KindPostalCode:
		return []string{id.PostalCode}, "postal_code"
	case KindCountry:
		return []string{id.Country}, "country"
	case KindGender:
		return []string{string(id.Gender)}, "gender"
	case KindBirthDate:
		if id.Born == date.Date(0) {
			return nil, "born"
		}
		return []string{id.Born.String()}, "born"
	case KindExternalID:
		return []string{id.ExternalID}, "external_id"
	case KindHandle:
		return []string{id.Handle}, "handle"
	default:
		return nil, string(kind)
	}
}
