package upload

// Form is how an identifier is written before it is hashed. Platforms differ in
// it, so the same address has different hashes on two of them.
type Form string

// Forms.
const (
	// EmailLower: without space around it, in lower case.
	EmailLower Form = "email.lower"
	// EmailGmail: as EmailLower without any space; addresses of gmail.com and
	// googlemail.com lose the dots and what follows "+" before the "@".
	EmailGmail Form = "email.gmail"
	// EmailUntagged: as EmailLower, and what follows "+" before the "@" is dropped
	// in every domain.
	EmailUntagged Form = "email.untagged"
	// PhoneDigits: E.164 without the plus sign. PhonePlus: with it.
	PhoneDigits Form = "phone.digits"
	PhonePlus   Form = "phone.plus"
	// NameLetters: lower case without white space, ASCII punctuation and ASCII
	// symbols; letters of all scripts stay.
	NameLetters Form = "name.letters"
	// NameGiven and NameFamily: lower case without space around it; given names
	// lose titles ("Mrs."), family names suffixes ("Jr.").
	NameGiven  Form = "name.given"
	NameFamily Form = "name.family"
	// CityASCII: other than ASCII letters and digits are dropped, then lower case;
	// what is left must begin with a letter.
	CityASCII Form = "city.ascii"
	// StateTwoLetters: the code of the state of the United States or province of
	// Canada that the text names, by the longest name where there are several,
	// otherwise the first two ASCII letters.
	StateTwoLetters Form = "state.two_letters"
	// PostalCompact: lower case, cut at the first dash, without white space.
	PostalCompact Form = "postal.compact"
	// PostalTrim: without space around it.
	PostalTrim Form = "postal.trim"
	// CountryLower and CountryUpper: an ISO 3166-1 alpha-2 code.
	CountryLower Form = "country.lower"
	CountryUpper Form = "country.upper"
	// GenderLetter: "f" or "m".
	GenderLetter Form = "gender.letter"
	// DateCompact: the day of birth as 19900105.
	DateCompact Form = "date.compact"
	// IDLower: lower case without white space.
	IDLower Form = "id.lower"
	// HandleLower: lower case without space around it and without "@" before it.
	HandleLower Form = "handle.lower"
)

// kinds returns the kinds that a form is for; none where there is no such form.
func (f Form) kinds() []Kind {
	switch f {
	case EmailLower, EmailGmail, EmailUntagged:
		return []Kind{KindEmail}
	case PhoneDigits, PhonePlus:
		return []Kind{KindPhone}
	case NameLetters, NameGiven, NameFamily:
		return []Kind{KindFirstName, KindLastName}
	case CityASCII:
		return []Kind{KindCity}
	case StateTwoLetters:
		return []Kind{KindState}
	case PostalCompact, PostalTrim:
		return []Kind{KindPostalCode}
	case CountryLower, CountryUpper:
		return []Kind{KindCountry}
	case GenderLetter:
		return []Kind{KindGender}
	case DateCompact:
		return []Kind{KindBirthDate}
	case IDLower:
		return []Kind{KindExternalID}
	case HandleLower:
		return []Kind{KindHandle}
	default:
		return nil
	}
}
