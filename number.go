package sosyal

import (
	"strings"

	"github.com/shopspring/decimal"
)

// Language is the language in which text is written for people: a BCP 47 tag.
type Language string

// Languages that the module's own texts exist in.
const (
	Turkish Language = "tr"
	English Language = "en"
)

// Convention is how a number is written.
type Convention int

// Conventions of writing numbers.
const (
	// Plain is 1234.56 with no grouping, as machines write it.
	Plain Convention = iota
	// CommaDecimal is 1.234,56, as in Turkish and German.
	CommaDecimal
	// PointDecimal is 1,234.56, as in English.
	PointDecimal
)

// Convention returns how the language writes numbers; [PointDecimal] for
// languages that the module has no texts in.
func (l Language) Convention() Convention {
	if l == Turkish {
		return CommaDecimal
	}
	return PointDecimal
}

// maxDigits and maxNumberLength bound what ParseDecimal takes: longer texts are
// no amounts, and arithmetic on them would be slow. The second leaves room for
// a sign and marks between 40 digits, so that what was read can be written in
// any convention and read again.
const (
	maxDigits       = 40
	maxNumberLength = 96
)

// ParseDecimal reads a number written by a person or a program: an optional
// sign, digits, the convention's decimal mark and its grouping mark, which may
// be left out but must stand at every third digit where it is used. Spaces
// around are ignored, and so are no-break spaces between groups. Exponents are
// not numbers a person writes and are refused.
func ParseDecimal(text string, c Convention) (decimal.Decimal, error) {
	bad := FieldError{Field: "number", Rule: "must be a number like " + c.sample(), Value: text}
	s := strings.TrimSpace(text)
	if len(s) > maxNumberLength {
		bad.Value = s[:maxNumberLength] + "..."
		return decimal.Decimal{}, bad
	}
	negative := false
	switch {
	case strings.HasPrefix(s, "-"):
		negative, s = true, s[1:]
	case strings.HasPrefix(s, "\u2212"): // the minus sign proper
		negative, s = true, s[len("\u2212"):]
	case strings.HasPrefix(s, "+"):
		s = s[1:]
	}
	point, groups := c.marks()
	whole, fraction, hasPoint := strings.Cut(s, point)
	digits, ok := ungroup(whole, groups)
	if !ok || !allDigits(fraction) || (hasPoint && fraction == "") || digits+fraction == "" || len(strings.TrimLeft(digits, "0")+fraction) > maxDigits {
		return decimal.Decimal{}, bad
	}
	number := digits
	if hasPoint {
		number += "." + fraction
	}
	d, err := decimal.NewFromString(number)
	if err != nil {
		return decimal.Decimal{}, bad
	}
	if negative {
		d = d.Neg()
	}
	return d, nil
}

func (c Convention) sample() string {
	switch c {
	case CommaDecimal:
		return "1.234,56"
	case PointDecimal:
		return "1,234.56"
	case Plain:
	}
	return "1234.56"
}

// marks returns the decimal mark and the grouping marks.
func (c Convention) marks() (point string, groups []string) {
	switch c {
	case CommaDecimal:
		return ",", []string{".", "\u00a0", "\u202f"}
	case PointDecimal:
		return ".", []string{",", "\u00a0", "\u202f"}
	case Plain:
	}
	return ".", nil
}

// ungroup removes one kind of grouping mark if it stands where it should.
func ungroup(whole string, groups []string) (string, bool) {
	for _, g := range groups {
		parts := strings.Split(whole, g)
		if len(parts) == 1 {
			continue
		}
		if parts[0] == "" || len(parts[0]) > 3 {
			return "", false
		}
		for _, part := range parts[1:] {
			if len(part) != 3 {
				return "", false
			}
		}
		whole = strings.Join(parts, "")
		break
	}
	return whole, allDigits(whole)
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// FormatDecimal writes d with places decimals, rounded half away from zero, in
// the given convention, grouped by three unless it is [Plain].
func FormatDecimal(d decimal.Decimal, places int32, c Convention) string {
	text := d.StringFixed(places)
	point, groups := c.marks()
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "-", text[1:]
	}
	whole, fraction, _ := strings.Cut(text, ".")
	if strings.Trim(whole+fraction, "0") == "" {
		sign = "" // what rounds to zero has no sign
	}
	if len(groups) > 0 {
		whole = grouped(whole, groups[0])
	}
	if fraction == "" {
		return sign + whole
	}
	return sign + whole + point + fraction
}

func grouped(whole, mark string) string {
	var b strings.Builder
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(mark)
		}
		b.WriteByte(whole[i])
	}
	return b.String()
}
