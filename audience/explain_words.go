package audience

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// explainer finds words for the parts of rules.
type explainer struct{ sosyal.Catalogue }

// phrase is a condition in words, without its subject.
type phrase struct {
	text    string
	subject grammar
	// plain phrases can be strung together in a sentence.
	plain bool
}

// say is the text of a message of rules.
func (e explainer) say(code string, args ...sosyal.Arg) string {
	return e.Text(sosyal.Because("audience.rule."+code, args...))
}

// join strings texts together with "and" or "or".
func (e explainer) join(code string, texts []string) string {
	last := len(texts) - 1
	if last <= 0 {
		return strings.Join(texts, "")
	}
	return e.say(code, sosyal.TextArg("list", strings.Join(texts[:last], ", ")), sosyal.TextArg("last", texts[last]))
}

// term is the catalogue's word for a name of a kind, and whether it has one; the
// name in quotes where it has none.
func (e explainer) term(kind, name string) (word string, known bool) {
	for _, code := range []string{kind + "." + name, name} {
		if e.Has("term." + code) {
			return e.Term(code), true
		}
	}
	return e.quote(name), false
}

// form is the term in one of its further forms, made by a message where the
// catalogue does not have it.
func (e explainer) form(kind, name, form string) string {
	for _, code := range []string{kind + "." + name + "." + form, name + "." + form} {
		if e.Has("term." + code) {
			return e.Term(code)
		}
	}
	word, _ := e.term(kind, name)
	return e.say(kind+"."+form, sosyal.TextArg("name", word))
}

// terms are the words for several names, each once, strung together.
func (e explainer) terms(join, kind string, names []string) string {
	names = distinct(names)
	words := make([]string, len(names))
	for i, name := range names {
		words[i], _ = e.term(kind, name)
	}
	return e.join(join, words)
}

// distinct leaves repeats out.
func distinct(texts []string) []string {
	var out []string
	for _, t := range texts {
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// of is a property as something that a customer or an event has.
func (e explainer) of(name string) sosyal.Arg {
	return sosyal.TextArg("of", e.form("property", name, "of"))
}

// quote sets a text off from the words around it and shows what of it cannot be
// seen; no text breaks a line.
func (e explainer) quote(text string) string {
	return e.say("quote", sosyal.TextArg("text", strings.Map(func(r rune) rune {
		switch {
		case r < ' ':
			return '\u2400' + r // the picture of the control character
		case unicode.IsControl(r) || r == '\u2028' || r == '\u2029':
			return unicode.ReplacementChar
		}
		return r
	}, text)))
}

// texts are values of texts, each once, strung together.
func (e explainer) texts(values []string) string {
	values = distinct(values)
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = e.quote(v)
		if v == "" {
			words[i] = e.say("empty")
		}
	}
	return e.join("or", words)
}

// opposite is the comparison of sizes that holds where another does not; that of
// equals is equals with a not, which it reports.
func (c Comparison) opposite() (Comparison, bool) {
	switch c {
	case AtLeast:
		return LessThan, false
	case AtMost:
		return MoreThan, false
	case MoreThan:
		return AtMost, false
	case LessThan:
		return AtLeast, false
	default:
		return c, true
	}
}

// sized returns the comparison to be said, and "" or ".no" for the message that
// says it.
func sized(is Comparison, not bool) (Comparison, string) {
	if not {
		if is, not = is.opposite(); not {
			return is, ".no"
		}
	}
	return is, ""
}

// size says a comparison with a value in a unit: number, count, money or date.
func (e explainer) size(unit string, is Comparison, value sosyal.Arg) sosyal.Arg {
	value.Name = "value"
	return sosyal.TextArg("is", e.say("is."+unit+"."+string(is), value))
}

// number is a number with as many decimals as it needs.
func number(d decimal.Decimal) sosyal.Arg {
	return sosyal.Arg{Kind: sosyal.KindNumber, Value: d.String()}
}

// longScore is the number of characters from which a score is written with an
// exponent.
const longScore = 30

// score is what a model says; probabilities are shares.
func score(name Prediction, v float64) sosyal.Arg {
	exact := strconv.FormatFloat(v, 'f', -1, 64)
	d, err := decimal.NewFromString(exact)
	switch {
	case err != nil || len(exact) > longScore:
		return sosyal.Arg{Kind: sosyal.KindText, Value: strconv.FormatFloat(v, 'g', -1, 64)}
	case name == ProbabilityAlive:
		return sosyal.Arg{Kind: sosyal.KindPercent, Value: d.Shift(2).String()}
	}
	return number(d)
}

// money is an amount; one that is finer than [sosyal.Money.Format] shows is a
// number with the code of the currency.
func (e explainer) money(m sosyal.Money) sosyal.Arg {
	if places := -m.Amount().Exponent(); places > maxDecimals {
		text := sosyal.FormatDecimal(m.Amount(), places, e.Language().Convention())
		return sosyal.Arg{Kind: sosyal.KindText, Value: text + " " + m.Currency()}
	}
	return sosyal.MoneyArg("", m)
}

// ago says how long ago something is, or how far ahead. What may still be to
// come, as days of customers may and events may not, is said as well.
func (e explainer) ago(is Comparison, days int, ahead bool) sosyal.Arg {
	distance := "ago"
	switch {
	case days == 0 && !ahead && is == AtMost:
		distance, is = "today", Equals
	case days == 0:
		distance = "today"
	case days < 0:
		distance, days = "ahead", -days
	}
	text := e.say(distance+"."+string(is), sosyal.CountArg("n", days))
	if distance == "ago" && ahead && (is == AtMost || is == LessThan) {
		text = e.say("or_ahead", sosyal.TextArg("what", text))
	}
	return sosyal.TextArg("is", text)
}
