package tabular

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// Row is one record. Fields are named as in the mapping.
type Row struct {
	t     *Reader
	cells []string
	line  int
}

// Line is the line of the file on which the record starts, from 1.
func (r Row) Line() int { return r.line }

// Mapping returns the mapping by which the record is read.
func (r Row) Mapping() sosyal.Mapping { return r.t.mapping }

// Has reports whether the field has a value: a filled cell or a constant.
func (r Row) Has(name string) bool { return r.raw(name) != "" }

// raw is the cell as the file has it, without white space around.
func (r Row) raw(name string) string {
	f := r.t.fields[name]
	switch {
	case f == nil:
		return ""
	case f.column < 0:
		return f.constant
	case f.column >= len(r.cells):
		return ""
	}
	return trim(r.cells[f.column])
}

// Text returns the field without white space around, translated by the
// mapping's values, empty where there is none.
func (r Row) Text(name string) string {
	raw := r.raw(name)
	f := r.t.fields[name]
	if raw == "" || f == nil || f.values == nil {
		return raw
	}
	if t, ok := f.translated[raw]; ok {
		return t
	}
	text, ok := f.values[fold(raw)]
	if !ok {
		text = raw
	}
	if len(f.translated) < maxTranslated {
		f.translated[strings.Clone(raw)] = text
	}
	return text
}

// Decimal returns a number, written in the mapping's convention or, where it
// has none, in whichever the value itself gives away. Currency signs around it
// are ignored.
func (r Row) Decimal(name string) (decimal.Decimal, error) {
	raw := r.Text(name)
	if raw == "" {
		return decimal.Decimal{}, r.Fail(name, "is required")
	}
	n, err := parseNumber(raw, r.t.mapping.Decimal)
	if err != nil {
		return decimal.Decimal{}, r.Fail(name, err.Error())
	}
	return n.value, nil
}

// Int returns a whole number.
func (r Row) Int(name string) (int64, error) {
	d, err := r.Decimal(name)
	if err != nil {
		return 0, err
	}
	if !d.IsInteger() {
		return 0, r.Fail(name, "must be a whole number")
	}
	if d.Cmp(decimal.NewFromInt(math.MaxInt64)) > 0 || d.Cmp(decimal.NewFromInt(math.MinInt64)) < 0 {
		return 0, r.Fail(name, "must fit 64 bits")
	}
	return d.IntPart(), nil
}

// Float returns a number for statistics.
func (r Row) Float(name string) (float64, error) {
	d, err := r.Decimal(name)
	if err != nil {
		return 0, err
	}
	f, _ := d.Float64()
	return f, nil
}

// Bool returns a yes or no in English or Turkish, as a word or as 1 and 0.
func (r Row) Bool(name string) (bool, error) {
	switch fold(r.Text(name)) {
	case "true", "yes", "y", "t", "1", "evet", "e", "var", "doğru", "x":
		return true, nil
	case "false", "no", "n", "f", "0", "hayir", "h", "yok", "yanliş":
		return false, nil
	case "":
		return false, r.Fail(name, "is required")
	}
	return false, r.Fail(name, "must be yes or no")
}

// Time returns an instant. A time without an offset is a wall time in the
// mapping's zone, a day alone its first instant there; where the mapping names
// no zone this is an error. The result is in the zone or offset it was read in.
func (r Row) Time(name string) (time.Time, error) {
	raw := r.Text(name)
	if raw == "" {
		return time.Time{}, r.Fail(name, "is required")
	}
	f := r.t.fields[name]
	if raw == f.lastText {
		return f.lastTime, nil
	}
	s, rule := parseStamp(raw, r.t.layouts)
	if rule != "" {
		return time.Time{}, r.Fail(name, rule)
	}
	if !s.zoned && r.t.zone == nil {
		return time.Time{}, r.Fail(name, "has no time zone: set zone in the mapping")
	}
	f.lastText, f.lastTime = raw, s.in(r.t.zone)
	return f.lastTime, nil
}

// Date returns the calendar day as the file writes it, whatever the zone.
func (r Row) Date(name string) (date.Date, error) {
	raw := r.Text(name)
	if raw == "" {
		return 0, r.Fail(name, "is required")
	}
	s, rule := parseStamp(raw, r.t.layouts)
	if rule != "" {
		return 0, r.Fail(name, rule)
	}
	return date.New(s.year, s.month, s.day), nil
}

// Money returns an amount. Its currency is that of the currency field, else the
// sign or code beside the amount, else the mapping's; where two of them
// contradict each other, and where there is none, it is an error.
func (r Row) Money(amount, currency string) (sosyal.Money, error) {
	raw := r.Text(amount)
	if raw == "" {
		return sosyal.Money{}, r.Fail(amount, "is required")
	}
	n, err := parseNumber(raw, r.t.mapping.Decimal)
	if err != nil {
		return sosyal.Money{}, r.Fail(amount, err.Error())
	}
	code := r.t.mapping.Currency
	if text := r.Text(currency); text != "" {
		code = currencyCode(text)
	}
	switch {
	case code == "" && n.currency == "":
		return sosyal.Money{}, r.Fail(amount, "has no currency: set currency in the mapping")
	case n.currency == "$" && code == "":
		return sosyal.Money{}, r.Fail(amount, "has a sign of several currencies: set currency in the mapping")
	case n.currency == "" || n.currency == code || n.currency == "$" && isDollar(code):
	case code == "":
		code = n.currency
	default:
		return sosyal.Money{}, r.Fail(amount, "must be in "+code)
	}
	m, err := sosyal.NewMoney(n.value, code)
	if err != nil {
		where := currency
		if !r.Has(currency) {
			where = amount
		}
		return sosyal.Money{}, r.Fail(where, "must be in a currency of ISO 4217")
	}
	return m, nil
}

// Fail returns the error of a field that breaks a rule, with line, column and
// the value as the file has it.
func (r Row) Fail(name, rule string) error {
	return r.fail(name, rule, r.raw(name))
}

// FailPersonal is [Row.Fail] without the value, for fields that are about a
// person.
func (r Row) FailPersonal(name, rule string) error { return r.fail(name, rule, "") }

func (r Row) fail(name, rule, value string) error {
	column := ""
	if f := r.t.fields[name]; f != nil {
		column = f.header
	}
	return &sosyal.RowError{
		File: r.t.file, Line: r.line, Column: column,
		Err: sosyal.FieldError{Field: name, Rule: rule, Value: strings.ToValidUTF8(cut(value, 80), "?")},
	}
}

// digitsOf reads up to 18 digits, which always fit 64 bits.
func digitsOf(s string) (int64, bool) {
	if s == "" || len(s) > 18 {
		return 0, false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}
