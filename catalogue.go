package sosyal

import (
	"maps"
	"slices"
	"strings"
)

// Messages are the texts of one language by code. A text holds the arguments of
// a [Reason] in braces: "{done} of {target}". An argument may choose between a
// singular and a plural, separated by a bar: "{n} {n?post|posts}" takes the
// first form where n is 1.
type Messages map[string]string

// Catalogue turns reasons into text in one language. It is immutable; hosts
// extend or replace texts with [Catalogue.With]. Every package that gives
// reasons has a Messages function with its own texts.
type Catalogue struct {
	language Language
	messages Messages
}

// NewCatalogue returns a catalogue of a language. Later messages replace
// earlier ones of the same code.
func NewCatalogue(l Language, messages ...Messages) Catalogue {
	return Catalogue{language: l}.With(messages...)
}

// With returns a catalogue with further messages.
func (c Catalogue) With(messages ...Messages) Catalogue {
	merged := maps.Clone(c.messages)
	if merged == nil {
		merged = Messages{}
	}
	for _, m := range messages {
		maps.Copy(merged, m)
	}
	return Catalogue{language: c.language, messages: merged}
}

// Language returns the language of the texts.
func (c Catalogue) Language() Language { return c.language }

// Has reports whether there is a text for the code.
func (c Catalogue) Has(code string) bool {
	_, ok := c.messages[code]
	return ok
}

// Term returns the text of a code that stands alone, such as the name of a
// network or a column: the message "term." and the code, or the code itself.
func (c Catalogue) Term(code string) string {
	if t, ok := c.messages["term."+code]; ok {
		return t
	}
	return code
}

// Text writes a reason. A code without a message is written with its arguments,
// so that nothing is lost when a catalogue lags behind.
func (c Catalogue) Text(r Reason) string {
	message, ok := c.messages[r.Code]
	if !ok {
		return c.bare(r)
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(message, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		inner, after, closed := strings.Cut(rest, "}")
		if !closed {
			b.WriteString("{" + rest)
			return b.String()
		}
		b.WriteString(c.fill(r, inner))
		message = after
	}
}

// fill writes one pair of braces.
func (c Catalogue) fill(r Reason, inner string) string {
	name, forms, plural := strings.Cut(inner, "?")
	arg := r.Arg(name)
	if arg.Name == "" {
		return "{" + inner + "}"
	}
	if !plural {
		return arg.text(c.language, c.messages)
	}
	one, many, _ := strings.Cut(forms, "|")
	if arg.Value == "1" {
		return one
	}
	return many
}

func (c Catalogue) bare(r Reason) string {
	var b strings.Builder
	b.WriteString(r.Code)
	for i, a := range r.Args {
		b.WriteString([]string{" (", ", "}[min(i, 1)] + a.Name + " " + a.text(c.language, c.messages))
	}
	if len(r.Args) > 0 {
		b.WriteString(")")
	}
	return b.String()
}

// Texts writes several reasons in order.
func (c Catalogue) Texts(reasons []Reason) []string {
	out := make([]string, len(reasons))
	for i, r := range reasons {
		out[i] = c.Text(r)
	}
	return out
}

// Placeholders returns the argument names that a message uses, sorted and
// without repeats, so that a test can hold two languages to the same ones.
func (m Messages) Placeholders(code string) []string {
	var names []string
	message := m[code]
	for {
		_, rest, found := strings.Cut(message, "{")
		if !found {
			break
		}
		inner, after, _ := strings.Cut(rest, "}")
		name, _, _ := strings.Cut(inner, "?")
		names = append(names, name)
		message = after
	}
	slices.Sort(names)
	return slices.Compact(names)
}
