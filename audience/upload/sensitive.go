package upload

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
)

// Category is a kind of attribute that people must not be advertised to by.
type Category string

// Categories that the standard list holds: the special categories of data
// protection law and what ad platforms treat alike. Hosts may use others.
const (
	CategoryHealth            Category = "health"
	CategoryReligion          Category = "religion"
	CategoryPolitics          Category = "politics"
	CategorySexualOrientation Category = "sexual_orientation"
	CategoryEthnicity         Category = "ethnicity"
	CategoryTradeUnion        Category = "trade_union"
	CategoryFinancialDistress Category = "financial_distress"
	CategoryCriminalRecord    Category = "criminal_record"
	CategoryBiometric         Category = "biometric"
)

// Sensitive is a list of names by which attributes are known to be sensitive.
// It reads names, not contents: an attribute "score7" that holds a diagnosis has
// to be named by the host ([Sensitive.With]). The zero Sensitive knows none.
type Sensitive struct {
	// AsOf and Source are those of the list that was read.
	AsOf   date.Date
	Source string
	names  []sensitiveName
	except []string
}

// sensitiveName is one or more words that follow each other in the name of an
// attribute. The last one may stand for all words that begin like it.
type sensitiveName struct {
	category Category
	words    []string
	prefix   bool
}

// Finding is a sensitive attribute.
type Finding struct {
	// Attribute is the name as it was given, Index its place.
	Attribute string   `json:"attribute"`
	Index     int      `json:"index"`
	Category  Category `json:"category"`
}

//go:embed facts/sensitive.json
var standardSensitive string

// StandardSensitive returns the list embedded in the module: English and Turkish
// names of health, religion, politics, sexual orientation, ethnicity, trade
// union, financial distress, criminal record and biometrics.
func StandardSensitive() (Sensitive, error) {
	return ReadSensitive(strings.NewReader(standardSensitive))
}

// ReadSensitive reads a list: {"source":"...","as_of":"2026-11-25",
// "confidence":"G","categories":[{"category":"health","names":["disease*",
// "kan grubu"]}]}. A name is one or more words; a star at its end stands for any
// ending, which Turkish names need. Letters are compared without case and
// diacritics.
func ReadSensitive(r io.Reader) (Sensitive, error) {
	var raw struct {
		Source     string `json:"source"`
		AsOf       string `json:"as_of"`
		Confidence string `json:"confidence"`
		Categories []struct {
			Category Category `json:"category"`
			Names    []string `json:"names"`
		} `json:"categories"`
	}
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&raw); err != nil {
		return Sensitive{}, sosyal.FieldError{Field: "sensitive", Rule: "must be a list of sensitive names: " + err.Error()}
	}
	var p sosyal.Problems
	p.Require(raw.Source != "", "source", "is required", "")
	p.Require(raw.Confidence != "", "confidence", "is required", "")
	p.Require(len(raw.Categories) > 0, "categories", "must hold a category", "")
	s := Sensitive{AsOf: readDay(&p, "as_of", raw.AsOf), Source: raw.Source}
	for i, c := range raw.Categories {
		p.Require(c.Category != "", fmt.Sprintf("categories[%d].category", i), "is required", "")
		with, err := s.With(c.Category, c.Names...)
		p.Nest(fmt.Sprintf("categories[%d]", i), err)
		s = with
	}
	if err := p.Err(); err != nil {
		return Sensitive{}, err
	}
	return s, nil
}

// With returns the list with further names of a category, written as
// [ReadSensitive] says. A name without a letter or digit is refused.
func (s Sensitive) With(category Category, names ...string) (Sensitive, error) {
	var p sosyal.Problems
	s.names = slices.Clone(s.names)
	for i, name := range names {
		bare, prefix := strings.CutSuffix(name, "*")
		words := wordsOf(bare)
		p.Require(len(words) > 0, fmt.Sprintf("names[%d]", i), "must hold a word", name)
		s.names = append(s.names, sensitiveName{category: category, words: words, prefix: prefix})
	}
	return s, p.Err()
}

// Except returns the list blind to attributes of exactly these names, which the
// host has looked at and knows to be harmless: "screen election" of a television
// is no politics.
func (s Sensitive) Except(attributes ...string) Sensitive {
	s.except = append(slices.Clone(s.except), attributes...)
	return s
}

// Find returns the sensitive ones among the names of attributes, in their order,
// each with the first category that fits.
func (s Sensitive) Find(attributes []string) []Finding {
	var found []Finding
	for i, attribute := range attributes {
		if slices.Contains(s.except, attribute) {
			continue
		}
		words := wordsOf(attribute)
		if k := slices.IndexFunc(s.names, func(n sensitiveName) bool { return n.in(words) }); k >= 0 {
			found = append(found, Finding{Attribute: attribute, Index: i, Category: s.names[k].category})
		}
	}
	return found
}

// Check refuses a segment by the attributes that it uses, as
// [sosyal.ErrInvalid] with a [sosyal.FieldError] for each sensitive one. With
// allowed, which is for a shop's own recorded exception, only those are refused
// that the platform itself forbids.
func (s Sensitive) Check(attributes []string, platform PlatformFacts, allowed bool) error {
	var p sosyal.Problems
	for _, f := range s.Find(attributes) {
		field := fmt.Sprintf("attributes[%d]", f.Index)
		switch {
		case platform.forbids(f.Category):
			p.Add(field, "must not be about "+string(f.Category)+", which "+string(platform.Platform)+" forbids", f.Attribute)
		case !allowed:
			p.Add(field, "must not be about "+string(f.Category)+" without an exception that the policy allows", f.Attribute)
		}
	}
	return p.Err()
}

func (f PlatformFacts) forbids(c Category) bool {
	return slices.ContainsFunc(f.Forbidden, func(known CategoryFact) bool { return known.Category == c })
}

// in reports whether the words of the name follow each other in others.
func (n sensitiveName) in(others []string) bool {
	for from := 0; from+len(n.words) <= len(others); from++ {
		if n.at(others[from:]) {
			return true
		}
	}
	return false
}

func (n sensitiveName) at(others []string) bool {
	last := len(n.words) - 1
	for i, word := range n.words {
		same := word == others[i]
		if i == last && n.prefix {
			same = strings.HasPrefix(others[i], word)
		}
		if !same {
			return false
		}
	}
	return true
}

// wordsOf splits the name of an attribute into words in lower-case ASCII:
// "kanGrubu", "kan_grubu" and "Kan Grubu" are the same two.
func wordsOf(name string) []string {
	var words []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
			word.Reset()
		}
	}
	before := ' '
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			end()
		} else {
			if unicode.IsUpper(r) && unicode.IsLower(before) {
				end()
			}
			if folded := asciiTurkish(r); folded >= 0 {
				word.WriteRune(unicode.ToLower(folded))
			}
		}
		before = r
	}
	end()
	return words
}
