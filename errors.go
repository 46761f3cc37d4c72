package sosyal

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Sentinel errors. Packages wrap them, so test with [errors.Is].
var (
	// ErrNotFound says that the brand has no such thing.
	ErrNotFound = errors.New("not found")
	// ErrConflict says that a write named a version that is no longer the
	// current one. Nothing was written: load again, apply the change, retry.
	ErrConflict = errors.New("version conflict")
	// ErrInvalid says that a value breaks a rule. [FieldError] carries which.
	ErrInvalid = errors.New("invalid value")
	// ErrUnsupported says that the network, platform or port cannot do this.
	ErrUnsupported = errors.New("unsupported")
	// ErrRateLimited says that the other side asked to come back later.
	ErrRateLimited = errors.New("rate limited")
	// ErrInsufficientData says that the data are too thin for a verdict.
	ErrInsufficientData = errors.New("insufficient data")
	// ErrUnknownOutcome says that an effect outside may or may not have
	// happened. It must be looked up, never repeated blindly.
	ErrUnknownOutcome = errors.New("outcome unknown")
)

// FieldError is one broken rule: which field, which rule, which value.
//
// Field is a path in the JSON form of the value ("lines[2].amount"). Value is
// the offending value as text and stays empty for personal fields and secrets.
// A FieldError is [ErrInvalid].
type FieldError struct {
	Field string `json:"field"`
	Rule  string `json:"rule"`
	Value string `json:"value,omitzero"`
}

// Error reads "field: rule" and, where there is a value, ` (got "value")`.
func (e FieldError) Error() string {
	text := e.Rule
	if e.Field != "" {
		text = e.Field + ": " + e.Rule
	}
	if e.Value != "" {
		text += " (got " + strconv.Quote(e.Value) + ")"
	}
	return text
}

// Is reports whether target is [ErrInvalid].
func (e FieldError) Is(target error) bool { return target == ErrInvalid }

// Problems collects the broken rules of one value, so that a Validate method
// can report all of them at once. The zero Problems is ready to use.
type Problems struct {
	errs []error
}

// Add notes that field breaks rule with value. Leave value empty for personal
// fields and secrets.
func (p *Problems) Add(field, rule, value string) {
	p.errs = append(p.errs, FieldError{Field: field, Rule: rule, Value: value})
}

// Require notes a broken rule unless ok.
func (p *Problems) Require(ok bool, field, rule, value string) {
	if !ok {
		p.Add(field, rule, value)
	}
}

// Nest adds the problems of a part under its field: a [FieldError] for "amount"
// nested under "lines[2]" becomes one for "lines[2].amount". A nil err adds
// nothing; an error that carries no FieldError is kept as it is.
func (p *Problems) Nest(field string, err error) {
	if err == nil {
		return
	}
	found := FieldErrors(err)
	if len(found) == 0 {
		if field != "" {
			err = fmt.Errorf("%s: %w", field, err)
		}
		p.errs = append(p.errs, err)
		return
	}
	for _, fe := range found {
		switch {
		case field == "": // a part without a name of its own
		case fe.Field == "":
			fe.Field = field
		case strings.HasPrefix(fe.Field, "["):
			fe.Field = field + fe.Field
		default:
			fe.Field = field + "." + fe.Field
		}
		p.errs = append(p.errs, fe)
	}
}

// Err returns the problems joined, in the order they were added, or nil.
func (p *Problems) Err() error { return errors.Join(p.errs...) }

// FieldErrors returns every [FieldError] that err holds, in order, however
// deeply they were joined or wrapped.
func FieldErrors(err error) []FieldError {
	switch e := err.(type) { //nolint:errorlint // this walks the tree itself
	case nil:
		return nil
	case FieldError:
		return []FieldError{e}
	case interface{ Unwrap() []error }:
		var all []FieldError
		for _, part := range e.Unwrap() {
			all = append(all, FieldErrors(part)...)
		}
		return all
	default:
		return FieldErrors(errors.Unwrap(err))
	}
}

// RowError is a record of a file that could not be read. Line counts from 1 and
// is the line on which the record starts. Column is the header of the column at
// fault as the file spells it, empty where the whole record is.
type RowError struct {
	File   string
	Line   int
	Column string
	Err    error
}

// Error reads `file:line: column "price": rule (got "x")` on a single line.
func (e *RowError) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	fmt.Fprintf(&b, ":%d: ", e.Line)
	if e.Column != "" {
		fmt.Fprintf(&b, "column %q: ", e.Column)
	}
	b.WriteString(strings.ReplaceAll(e.Err.Error(), "\n", "; "))
	return b.String()
}

// Unwrap returns the cause.
func (e *RowError) Unwrap() error { return e.Err }

// indexed is the path of an element: "lines[2]".
func indexed(field string, i int) string { return field + "[" + strconv.Itoa(i) + "]" }
