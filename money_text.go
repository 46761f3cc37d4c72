package sosyal

import (
	"strings"

	"github.com/bojanz/currency"
)

// Format writes the amount as people who read the language write it, with the
// currency's symbol where there is a common one: ₺1.234,50 in Turkish,
// TRY 1,234.50 and $12.00 in English. Symbols and their place are those of
// CLDR. The amount is rounded half up to the currency's decimals, or shown
// with up to six when it has a finer scale.
func (m Money) Format(l Language) string {
	if m.currency == "" {
		return FormatDecimal(m.amount, max(0, -m.amount.Exponent()), l.Convention())
	}
	amount, err := currency.NewAmount(m.amount.String(), m.currency)
	if err != nil {
		return m.String()
	}
	return currency.NewFormatter(currency.NewLocale(string(l))).Format(amount)
}

// liraWords are ways in which people write the Turkish lira beside its code and
// CLDR symbol.
func liraWords() []string { return []string{"TL", "₺", "lira", "Lira"} }

// ParseMoney reads an amount as a person writes it in the language: with or
// without grouping, with the currency's code, its symbol, or, for the lira, TL,
// before or behind. Another currency's sign is an error. The scale is kept.
func ParseMoney(text string, currencyCode string, l Language) (Money, error) {
	if !validCurrency(currencyCode) {
		return Money{}, FieldError{Field: "currency", Rule: "must be an ISO 4217 code", Value: currencyCode}
	}
	signs := []string{currencyCode}
	if symbol, ok := currency.GetSymbol(currencyCode, currency.NewLocale(string(l))); ok {
		signs = append(signs, symbol)
	}
	if currencyCode == "TRY" {
		signs = append(signs, liraWords()...)
	}
	number := trimMoney(text)
	for _, sign := range signs {
		if rest, ok := cutSign(number, sign); ok {
			number = rest
			break
		}
	}
	amount, err := ParseDecimal(number, l.Convention())
	if err != nil {
		return Money{}, FieldError{
			Field: "amount", Rule: "must be an amount of " + currencyCode + " like " + l.Convention().sample(), Value: text,
		}
	}
	return NewMoney(amount, currencyCode)
}

// cutSign removes the currency sign from either end, keeping a minus before it.
func cutSign(s, sign string) (string, bool) {
	if rest, ok := strings.CutSuffix(s, sign); ok {
		return trimMoney(rest), true
	}
	minus := ""
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		minus, s = "-", trimMoney(rest)
	}
	rest, ok := strings.CutPrefix(s, sign)
	return minus + trimMoney(rest), ok
}

func trimMoney(s string) string { return strings.Trim(s, " \t\u00a0\u202f") }
