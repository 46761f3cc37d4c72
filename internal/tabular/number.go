package tabular

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

var (
	errNotNumber = errors.New("must be a number")
	errAmbiguous = errors.New("is ambiguous: set decimal in the mapping")
)

// number is a value with the currency that stood beside it: an ISO 4217 code,
// "$", which several currencies share, or nothing.
type number struct {
	value    decimal.Decimal
	currency string
}

// parseNumber reads a number with an optional currency before or behind. The
// decimal mark is ".", "," or, when empty, what the number gives away:
//
//   - of two different marks the last is the decimal mark
//   - a mark that repeats groups
//   - a single mark is ambiguous when it may group, that is, when exactly three
//     digits follow and one to three, not beginning with 0, precede
//
// A number in parentheses is negative, as accountants write it.
func parseNumber(text, mark string) (number, error) {
	if v, ok := plain(text, mark); ok {
		return number{value: v}, nil
	}
	s := strings.TrimSpace(text)
	negative := false
	if inner, ok := strings.CutPrefix(s, "("); ok {
		if inner, ok = strings.CutSuffix(inner, ")"); ok {
			s, negative = strings.TrimSpace(inner), true
		}
	}
	s, sign, ok := cutCurrency(s)
	if !ok {
		return number{}, errNotNumber
	}
	if mark == "" {
		var err error
		if mark, err = markOf(s); err != nil {
			return number{}, err
		}
	}
	convention := sosyal.PointDecimal
	if mark == "," {
		convention = sosyal.CommaDecimal
	}
	v, err := sosyal.ParseDecimal(strings.ReplaceAll(s, " ", "\u00a0"), convention)
	if err != nil {
		return number{}, errNotNumber
	}
	if negative {
		v = v.Neg()
	}
	return number{value: v, currency: sign}, nil
}

// plain reads what most values are, without allocating: a sign, digits and at
// most one decimal mark that cannot be anything else.
func plain(s, mark string) (decimal.Decimal, bool) {
	body, negative := strings.CutPrefix(s, "-")
	if len(body) == 0 || len(body) > 18 {
		return decimal.Decimal{}, false
	}
	var coefficient int64
	point := -1
	for i := range len(body) {
		switch c := body[i]; {
		case c >= '0' && c <= '9':
			coefficient = coefficient*10 + int64(c-'0')
		case (c == '.' || c == ',') && point < 0 && i > 0 && (mark == "" || mark[0] == c):
			point = i
		default:
			return decimal.Decimal{}, false
		}
	}
	scale := 0
	if point >= 0 {
		scale = len(body) - point - 1
		if scale == 0 || mark == "" && mayGroup(body[:point], scale) {
			return decimal.Decimal{}, false
		}
	}
	if negative {
		coefficient = -coefficient
	}
	return decimal.New(coefficient, -int32(scale)), true
}

// mayGroup reports whether a single mark after the digits whole and before
// behind more digits may be a grouping mark.
func mayGroup(whole string, behind int) bool {
	return behind == 3 && len(whole) <= 3 && whole != "" && whole[0] != '0'
}

// markOf works out the decimal mark of a number.
func markOf(s string) (string, error) {
	s = strings.TrimLeft(s, "+-\u2212")
	points, commas := strings.Count(s, "."), strings.Count(s, ",")
	last := strings.LastIndexAny(s, ".,")
	switch {
	case points+commas == 0:
		return ".", nil
	case points > 0 && commas > 0:
		return s[last : last+1], nil
	case points > 1:
		return ",", nil // the points group, so the decimal mark is the comma
	case commas > 1:
		return ".", nil
	case mayGroup(s[:last], len(s)-last-1):
		return "", errAmbiguous
	}
	return s[last : last+1], nil
}

// cutCurrency removes a currency's sign or code from either end, keeping a minus
// before it. It fails where something else than a currency stands there.
func cutCurrency(s string) (rest, code string, ok bool) {
	minus := ""
	body := s
	for _, m := range []string{"-", "\u2212"} {
		if after, found := strings.CutPrefix(body, m); found {
			minus, body = "-", strings.TrimSpace(after)
		}
	}
	isSign := func(r rune) bool { return unicode.IsLetter(r) || unicode.Is(unicode.Sc, r) }
	front := strings.TrimLeftFunc(body, isSign)
	before := strings.TrimSpace(body[:len(body)-len(front)])
	core := strings.TrimRightFunc(front, isSign)
	behind := strings.TrimSpace(front[len(core):])
	sign := before + behind
	switch {
	case sign == "":
		return s, "", true
	case before != "" && behind != "":
		return s, "", false
	}
	code = currencyCode(sign)
	if len(code) != 3 && code != "$" {
		return s, "", false
	}
	return minus + strings.TrimSpace(core), code, true
}

// currencyCode returns the ISO 4217 code of a currency as exports write it. What
// it does not know it returns in capitals: the caller checks the code.
func currencyCode(text string) string {
	switch fold(text) {
	case "tl", "₺", "ytl", "lira", "türk lirasi", "try":
		return "TRY"
	case "€", "euro", "avro", "eur":
		return "EUR"
	case "£", "gbp", "sterlin":
		return "GBP"
	case "us$", "usd", "dolar", "amerikan dolari":
		return "USD"
	case "$":
		return "$"
	}
	if utf8.RuneCountInString(text) == 3 {
		return strings.ToUpper(text)
	}
	return text
}

// isDollar reports whether a currency is written with the plain dollar sign.
func isDollar(code string) bool {
	switch code {
	case "USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "CLP", "COP", "ARS", "TWD":
		return true
	}
	return false
}
