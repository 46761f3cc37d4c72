package audience

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
)

// ruleVersion is the version of the JSON form of rules.
const ruleVersion = 1

// ParseRule reads a rule:
//
//	{"version": 1, "rule": {"all": [
//	    {"count": {"of": "order", "is": "at_least", "value": 3}},
//	    {"last": {"of": "order", "is": "at_most", "value": 90}},
//	    {"interest": ["skincare"]},
//	    {"property": {"name": "country", "is": "equals", "value": "TR"}},
//	    {"not": {"in_group": ["dormant"]}}
//	]}}
//
// Each condition is an object with one key, its kind, and below it the fields of
// the Go type:
//
//	all, any         a list of conditions
//	not              a condition
//	property         name, is, value
//	days_since       name, is, value (days)
//	anniversary      name, within (days)
//	interest         a list of interests
//	network          a list of networks
//	in_group         a list of groups
//	in_segment       the id of a segment
//	count            of, is, value; and where, days, from, until
//	sum              the same; its value is {"amount":"250.00","currency":"TRY"}
//	last, first      the same; value is in days
//	funnel           first (of, where, days, from, until), then (of, where), hours, without
//	predicted        name, is, value
//	consented        purpose, channel, sources
//	bucket           salt, of, from, to
//
// Unknown keys, rules over 1 MB, deeper than 64 or of more than 10,000
// conditions are errors; every error carries its path.
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
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		text = e.Field[strings.LastIndex(e.Field, ".")+1:] + " must not be a " + e.Value
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
		if f, ok := decoded[Filter](body, p, inner); ok {
			return Property{Filter: f}
		}
		return nil
	case "count":
		return parseForm(body, p, inner, func(m measureJSON[int]) Condition { return Count{m.events(), m.Is, m.Value} })
	case "sum":
		return parseForm(body, p, inner, func(m measureJSON[sosyal.Money]) Condition { return Sum{m.events(), m.Is, m.Value} })
	case "last":
		return parseForm(body, p, inner, func(m measureJSON[int]) Condition { return Last{m.events(), m.Is, m.Value} })
	case "first":
		return parseForm(body, p, inner, func(m measureJSON[int]) Condition { return First{m.events(), m.Is, m.Value} })
	case "funnel":
		return parseForm(body, p, inner, func(f funnelJSON) Condition {
			return Funnel{First: f.First.events(), Then: f.Then, Hours: f.Hours, Without: f.Without}
		})
	}
	return parsePlain(kind, body, p, path, inner)
}

// parsePlain reads the kinds whose JSON form is that of their Go type.
func parsePlain(kind string, body json.RawMessage, p *sosyal.Problems, path, inner string) Condition {
	switch kind {
	case "days_since":
		return parseForm(body, p, inner, func(c DaysSince) Condition { return c })
	case "anniversary":
		return parseForm(body, p, inner, func(c Anniversary) Condition { return c })
	case "interest":
		return parseForm(body, p, inner, func(c HasInterest) Condition { return c })
	case "network":
		return parseForm(body, p, inner, func(c OnNetwork) Condition { return c })
	case "in_group":
		return parseForm(body, p, inner, func(c InGroup) Condition { return c })
	case "in_segment":
		return parseForm(body, p, inner, func(c InSegment) Condition { return c })
	case "predicted":
		return parseForm(body, p, inner, func(c Predicted) Condition { return c })
	case "consented":
		return parseForm(body, p, inner, func(c Consented) Condition { return c })
	case "bucket":
		return parseForm(body, p, inner, func(c Bucket) Condition { return c })
	}
	p.Add(path, "must be a known kind of condition", kind)
	return nil
}

// parseForm decodes the body of a condition and makes the condition of it.
func parseForm[T any](body json.RawMessage, p *sosyal.Problems, path string, condition func(T) Condition) Condition {
	form, ok := decoded[T](body, p, path)
	if !ok {
		return nil
	}
	return condition(form)
}

// windowJSON is the form of [Events].
type windowJSON struct {
	Of    string   `json:"of"`
	Where []Filter `json:"where,omitempty"`
	Days  int      `json:"days,omitzero"`
	From  ruleDay  `json:"from,omitzero"`
	Until ruleDay  `json:"until,omitzero"`
}

func (w windowJSON) events() Events {
	return Events{Step: Step{Of: w.Of, Where: w.Where}, Days: w.Days, From: date.Date(w.From), Until: date.Date(w.Until)}
}

func windowOf(e Events) windowJSON {
	return windowJSON{Of: e.Of, Where: e.Where, Days: e.Days, From: ruleDay(e.From), Until: ruleDay(e.Until)}
}

// measureJSON is the form of the conditions that compare what events come to.
type measureJSON[V any] struct {
	windowJSON
	Is    Comparison `json:"is"`
	Value V          `json:"value"`
}

type funnelJSON struct {
	First   windowJSON `json:"first"`
	Then    Step       `json:"then"`
	Hours   int        `json:"hours"`
	Without bool       `json:"without,omitzero"`
}

// ruleDay is a day that is read strictly.
type ruleDay date.Date

// MarshalText writes 2026-11-03.
func (d ruleDay) MarshalText() ([]byte, error) { return []byte(date.Date(d).String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *ruleDay) UnmarshalText(text []byte) error {
	day, err := sosyal.ParseDate(string(text))
	if err != nil {
		return sosyal.FieldError{Rule: "must have days like 2026-11-03", Value: string(text[:min(len(text), 20)])}
	}
	*d = ruleDay(day)
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

func decoded[T any](body json.RawMessage, p *sosyal.Problems, path string) (form T, ok bool) {
	if err := strict(body, &form); err != nil {
		if found := sosyal.FieldErrors(err); len(found) > 0 {
			p.Nest(path, found[0])
		} else {
			p.Add(path, "must be of its form: "+brief(err), "")
		}
		return form, false
	}
	return form, true
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
		return map[string]any{"property": c.Filter}
	case DaysSince:
		return map[string]any{"days_since": c}
	case Anniversary:
		return map[string]any{"anniversary": c}
	case HasInterest:
		return map[string]any{"interest": []string(c)}
	case OnNetwork:
		return map[string]any{"network": []sosyal.Network(c)}
	case InGroup:
		return map[string]any{"in_group": []string(c)}
	case InSegment:
		return map[string]any{"in_segment": sosyal.SegmentID(c)}
	case Count:
		return map[string]any{"count": measureJSON[int]{windowOf(c.Events), c.Is, c.Value}}
	case Sum:
		return map[string]any{"sum": measureJSON[sosyal.Money]{windowOf(c.Events), c.Is, c.Value}}
	case Last:
		return map[string]any{"last": measureJSON[int]{windowOf(c.Events), c.Is, c.Value}}
	case First:
		return map[string]any{"first": measureJSON[int]{windowOf(c.Events), c.Is, c.Value}}
	case Funnel:
		return map[string]any{"funnel": funnelJSON{windowOf(c.First), c.Then, c.Hours, c.Without}}
	case Predicted:
		return map[string]any{"predicted": c}
	case Consented:
		return map[string]any{"consented": c}
	case Bucket:
		return map[string]any{"bucket": c}
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
