package audience

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yukselenler/sosyal"
)

// Explain says in words whom a rule that compiles picks, for people who read
// neither JSON nor Go. A few plain conditions make a sentence:
//
//	Customers who have at least 3 orders, whose last order was at most 90 days
//	ago and who are not in the group Dormant.
//
// Others make a list, a condition a line, with lists within it indented. Nothing
// is said of a Not but by the conditions below it, whose opposite is said, and
// what holds of everybody or nobody is left out; so the words can be fewer than
// the rule, but they pick the same customers. Where the opposite of a condition
// takes in those of whom nothing is known, the words say so.
//
// The catalogue needs the texts of [Messages] and, for networks, those of
// [sosyal.StandardMessages]. Names are terms of it: property, event, segment,
// interest, network, prediction, purpose, channel, source and, for groups, rfm,
// with a dot and the name as in "term.property.tier", or else the name alone as in
// "term.tier". Names without a term stand in quotes, and so do values. A term may
// have further forms where a language needs them: "term.property.city.of" is the
// property as something that a customer has (şehri in Turkish, beside şehir),
// "term.event.order.of" the same of an event, and ".many" and ".a" are an event in
// the plural and with its article (orders, an order). Without them the words
// around make do.
func (r Rule) Explain(c sosyal.Catalogue) string {
	e := explainer{c}
	s := normal(r.Condition, false)
	switch parts, plain := e.clauses(s); {
	case plain && len(parts) == 0 && s.all:
		return e.say("everybody")
	case plain && len(parts) == 0:
		return e.say("nobody")
	case plain && s.all:
		return e.sentence("and", parts)
	case plain:
		return e.sentence("or", parts)
	}
	var b strings.Builder
	b.WriteString(e.say(s.kind()))
	e.list(&b, s, "\n")
	return b.String()
}

// maxClauses is how many conditions a sentence may have.
const maxClauses = 5

// statement is a condition without Not: a group of statements of which all or
// one at least must hold, or a condition that has no parts, or its opposite.
// Groups stand within groups of the other kind only, and an empty one only alone.
type statement struct {
	all   bool
	parts []statement

	leaf Condition
	not  bool
}

// kind names the kind of a group.
func (s statement) kind() string {
	if s.all {
		return "all"
	}
	return "any"
}

// normal turns a condition, or its opposite, into a statement: the opposite of
// all is any of the opposites, and that of any is all of them.
func normal(c Condition, not bool) statement {
	switch c := c.(type) {
	case All:
		return group(!not, c, not)
	case Any:
		return group(not, c, not)
	case Not:
		return normal(c.Condition, !not)
	case nil:
		return statement{all: not}
	}
	return statement{leaf: c, not: not}
}

func group(all bool, conditions []Condition, not bool) statement {
	g := statement{all: all}
	for _, c := range conditions {
		switch s := normal(c, not); {
		case s.leaf != nil || s.all != all && len(s.parts) > 0:
			g.parts = append(g.parts, s)
		case s.all == all:
			g.parts = append(g.parts, s.parts...)
		default: // nobody among all, or everybody among any
			return s
		}
	}
	if len(g.parts) == 1 {
		return g.parts[0]
	}
	return g
}

// clauses returns the conditions of what may be said in one sentence.
func (e explainer) clauses(s statement) (parts []phrase, plain bool) {
	if s.leaf != nil {
		return []phrase{e.phrase(s.leaf, s.not)}, true
	}
	if len(s.parts) > maxClauses {
		return nil, false
	}
	for _, part := range s.parts {
		if part.leaf == nil {
			return nil, false
		}
		p := e.phrase(part.leaf, part.not)
		if !p.plain {
			return nil, false
		}
		parts = append(parts, p)
	}
	return parts, true
}

func (e explainer) sentence(join string, parts []phrase) string {
	clauses := make([]string, len(parts))
	for i, p := range parts {
		clauses[i] = e.say(p.subject.inSentence(), sosyal.TextArg("what", p.text))
	}
	return e.capital(e.say("sentence", sosyal.TextArg("conditions", e.join(join, clauses))))
}

// list writes a line for each part of a group; start is what a line begins with.
func (e explainer) list(b *strings.Builder, s statement, start string) {
	for _, part := range s.parts {
		b.WriteString(start + "- ")
		if part.leaf != nil {
			p := e.phrase(part.leaf, part.not)
			b.WriteString(e.say(p.subject.inList(), sosyal.TextArg("what", p.text)))
			continue
		}
		b.WriteString(e.say("part." + part.kind()))
		e.list(b, part, start+"  ")
	}
}

// capital begins a text with a capital letter of the language.
func (e explainer) capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if e.Language() == sosyal.Turkish {
		return string(unicode.TurkishCase.ToUpper(first)) + text[size:]
	}
	return string(unicode.ToUpper(first)) + text[size:]
}
