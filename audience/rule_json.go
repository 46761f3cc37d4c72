package audience

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// ruleVersion is the version of the JSON form of rules.
const ruleVersion = 1

// ParseRule reads a rule:
//
//	{"version": 1, "rule": {"all": [
//	    {"order_count": {"is": "at_least", "value": 3}},
//	    {"last_order": {"is": "at_most", "value": 90}},
//	    {"property": {"name": "interests", "is": "contains", "value": "skincare"}},
//	    {"not": {"in_group": ["dormant"]}}
//	]}}
//
// Each condition is an object with one key, its kind: all, any, not, property,
// order_count, order_sum (its value is {"amount":"250.00","currency":"TRY"}),
// last_order or in_group. Unknown keys, rules over 1 MB, deeper than 64 or of
// more than 10,000 conditions are errors; every error carries its path.
func ParseRule(data []byte) (Rule, error) {
	if len(data) > maxRuleBytes {
		return Rule{}, sosyal.FieldError{Field: "rule", Rule: "must not be longer than 1 MB"}
	}
	var outer struct {
		Version int             `json:"version"`
		Rule    json.RawMessage `json:"rule"`
	}
	if err := strict(data, &outer); err != nil {
		return Rule{}, sosyal.FieldError{Field: "rule", Rule: "must be an object with version and rule: " + brief(err)}
	}
	if outer.Version != ruleVersion {
		return Rule{}, sosyal.FieldError{Field: "version", Rule: "must be 1", Value: strconv.Itoa(outer.Version)}
	}
	var p sosyal.Problems
	c := parseCondition(outer.Rule, &p, "rule", &limits{})
	if err := p.Err(); err != nil {
		return Rule{}, err
	}
	r := Rule{Condition: c}
	return r, r.Validate()
}

// strict decodes one JSON value without unknown keys.
func strict(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("text after the value")
	}
	return nil
}

// brief is what the JSON package complained of, without Go's type names.
func brief(err error) string {
	text := strings.TrimPrefix(err.Error(), "json: ")
	if _, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		text = "a value of another type"
	}
	if len(text) > 100 {
		text = text[:100]
	}
	return strings.ToValidUTF8(text, "?")
}

func parseCondition(data json.RawMessage, p *sosyal.Problems, path string, l *limits) Condition {
	defer l.leave()
	if !l.enter(p, path) {
		return nil
	}
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(data, &parts); err != nil || len(parts) != 1 {
		p.Add(path, "must be an object with one key, the kind of condition", "")
		return nil
	}
	for kind, body := range parts {
		return parseKind(kind, body, p, path, l)
	}
	return nil
}

func parseKind(kind string, body json.RawMessage, p *sosyal.Problems, path string, l *limits) Condition {
	inner := path + "." + kind
	switch kind {
	case "all":
		return All(parseEach(body, p, inner, l))
	case "any":
		return Any(parseEach(body, p, inner, l))
	case "not":
		return Not{Condition: parseCondition(body, p, inner, l)}
	case "property":
		return decoded[Property](body, p, inner)
	case "order_count":
		return decoded[OrderCount](body, p, inner)
	case "order_sum":
		return decoded[OrderSum](body, p, inner)
	case "last_order":
		return decoded[LastOrder](body, p, inner)
	case "in_group":
		return decoded[InGroup](body, p, inner)
	}
	p.Add(path, "must be a known kind of condition", kind)
	return nil
}

func parseEach(body json.RawMessage, p *sosyal.Problems, path string, l *limits) []Condition {
	var parts []json.RawMessage
	if err := json.Unmarshal(body, &parts); err != nil || parts == nil {
		p.Add(path, "must be a list of conditions", "")
		return nil
	}
	out := make([]Condition, 0, len(parts))
	for i, part := range parts {
		out = append(out, parseCondition(part, p, path+"["+strconv.Itoa(i)+"]", l))
		if l.nodes > maxRuleNodes {
			break
		}
	}
	return out
}

func decoded[T Condition](body json.RawMessage, p *sosyal.Problems, path string) Condition {
	var c T
	if err := strict(body, &c); err != nil {
		if found := sosyal.FieldErrors(err); len(found) > 0 {
			p.Nest(path, found[0])
		} else {
			p.Add(path, "must be of its form: "+brief(err), "")
		}
		return nil
	}
	return c
}

// MarshalJSON writes the form that [ParseRule] reads.
func (r Rule) MarshalJSON() ([]byte, error) {
	if err := r.Validate(); err != nil {
		return nil, err
	}
	return json.Marshal(struct {
		Version int `json:"version"`
		Rule    any `json:"rule"`
	}{ruleVersion, conditionJSON(r.Condition)})
}

// UnmarshalJSON is [ParseRule].
func (r *Rule) UnmarshalJSON(data []byte) error {
	read, err := ParseRule(data)
	if err != nil {
		return err
	}
	*r = read
	return nil
}

func conditionJSON(c Condition) map[string]any {
	switch c := c.(type) {
	case All:
		return map[string]any{"all": eachJSON(c)}
	case Any:
		return map[string]any{"any": eachJSON(c)}
	case Not:
		return map[string]any{"not": conditionJSON(c.Condition)}
	case Property:
		return map[string]any{"property": c}
	case OrderCount:
		return map[string]any{"order_count": c}
	case OrderSum:
		return map[string]any{"order_sum": c}
	case LastOrder:
		return map[string]any{"last_order": c}
	case InGroup:
		return map[string]any{"in_group": []string(c)}
	}
	return nil
}

func eachJSON(conditions []Condition) []any {
	out := make([]any, 0, len(conditions))
	for _, c := range conditions {
		out = append(out, conditionJSON(c))
	}
	return out
}

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
