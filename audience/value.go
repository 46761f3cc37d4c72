package audience

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// Value is a value of a property: a text, a number, a yes or no, or a list of
// texts. Days are texts; the schema says what a text means. The zero Value is
// none.
type Value struct {
	kind   valueKind
	text   string
	number decimal.Decimal
	flag   bool
	list   []string
}

type valueKind uint8

const (
	noValue valueKind = iota
	textValue
	numberValue
	flagValue
	listValue
)

// String names the kind in messages.
func (k valueKind) String() string {
	return [...]string{"without a value", "a text", "a number", "true or false", "a list"}[k]
}

// TextValue is a text or a day like 2026-11-03.
func TextValue(text string) Value { return Value{kind: textValue, text: text} }

// NumberValue is a number.
func NumberValue(n decimal.Decimal) Value { return Value{kind: numberValue, number: n} }

// FlagValue is a yes or no.
func FlagValue(yes bool) Value { return Value{kind: flagValue, flag: yes} }

// ListValue is a list of texts, such as the products of an order.
func ListValue(texts ...string) Value { return Value{kind: listValue, list: slices.Clone(texts)} }

// IsZero reports whether there is no value.
func (v Value) IsZero() bool { return v.kind == noValue }

// MarshalJSON writes a text, a number, true or false, a list of texts, or null.
func (v Value) MarshalJSON() ([]byte, error) {
	switch v.kind {
	case textValue:
		return json.Marshal(v.text)
	case numberValue:
		return []byte(v.number.String()), nil
	case flagValue:
		return json.Marshal(v.flag)
	case listValue:
		return json.Marshal(v.list)
	case noValue:
	}
	return []byte("null"), nil
}

// maxNumberDigits bounds numbers in rules, so that none is slow to compare.
const maxNumberDigits = 40

// UnmarshalJSON reads what [Value.MarshalJSON] writes. Numbers are exact and in
// plain notation, without an exponent.
func (v *Value) UnmarshalJSON(data []byte) error {
	bad := sosyal.FieldError{Field: "value", Rule: "must be a text, a number without exponent, true, false or a list of texts"}
	switch text := string(data); {
	case text == "null":
		*v = Value{}
		return nil
	case text == "true" || text == "false":
		*v = FlagValue(text == "true")
		return nil
	case strings.HasPrefix(text, `"`):
		var s string
		if json.Unmarshal(data, &s) != nil {
			return bad
		}
		*v = TextValue(s)
		return nil
	case strings.HasPrefix(text, "["):
		var list []*string
		if json.Unmarshal(data, &list) != nil || slices.Contains(list, nil) {
			return bad
		}
		texts := make([]string, len(list))
		for i, s := range list {
			texts[i] = *s
		}
		*v = Value{kind: listValue, list: texts}
		return nil
	case len(text) <= maxNumberDigits && strings.Trim(text, "-0123456789.") == "":
		n, err := decimal.NewFromString(text)
		if err != nil {
			return bad
		}
		*v = NumberValue(n)
		return nil
	}
	return bad
}

// texts returns the texts of a text or list.
func (v Value) texts() []string {
	switch v.kind {
	case textValue:
		return []string{v.text}
	case listValue:
		return v.list
	case noValue, numberValue, flagValue:
	}
	return nil
}
