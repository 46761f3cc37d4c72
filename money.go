package sosyal

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"

	"github.com/bojanz/currency"
	"github.com/shopspring/decimal"
)

// Money is an amount in a currency. It is immutable and keeps any scale it was
// made with, so a unit price of 0.125 stays 0.125; only [Money.Minor],
// [Money.Split] and ledgers insist on whole minor units.
//
// Compare with [Money.Equal], not ==: equal amounts may be held differently.
// The zero Money has no currency and is the identity of [Money.Add], so a sum
// can start from it.
type Money struct {
	amount   decimal.Decimal
	currency string
}

// NewMoney returns an amount in an ISO 4217 currency. The code must be one of
// the current list in capital letters.
func NewMoney(amount decimal.Decimal, currencyCode string) (Money, error) {
	if !validCurrency(currencyCode) {
		return Money{}, FieldError{Field: "currency", Rule: "must be an ISO 4217 code", Value: currencyCode}
	}
	return Money{amount: amount, currency: currencyCode}, nil
}

// validCurrency refuses the empty code, which the currency table allows.
func validCurrency(code string) bool { return code != "" && currency.IsValid(code) }

// MoneyFromMinor returns units of the currency's minor unit: 1250 and "TRY" are
// 12.50 liras, 1250 and "JPY" are 1250 yen, 1250 and "KWD" are 1.250 dinars.
func MoneyFromMinor(units int64, currencyCode string) (Money, error) {
	digits, err := minorDigits(currencyCode)
	if err != nil {
		return Money{}, err
	}
	return Money{amount: decimal.New(units, -digits), currency: currencyCode}, nil
}

// minorDigits is the number of decimals of a currency by ISO 4217.
func minorDigits(currencyCode string) (int32, error) {
	digits, ok := currency.GetDigits(currencyCode)
	if !ok || currencyCode == "" {
		return 0, FieldError{Field: "currency", Rule: "must be an ISO 4217 code", Value: currencyCode}
	}
	return int32(digits), nil
}

// Amount returns the number.
func (m Money) Amount() decimal.Decimal { return m.amount }

// Currency returns the ISO 4217 code; it is empty for the zero Money.
func (m Money) Currency() string { return m.currency }

// IsZero reports whether the amount is zero, in whatever currency.
func (m Money) IsZero() bool { return m.amount.IsZero() }

// Sign returns -1, 0 or +1.
func (m Money) Sign() int { return m.amount.Sign() }

// Neg returns the amount with the opposite sign.
func (m Money) Neg() Money { return Money{amount: m.amount.Neg(), currency: m.currency} }

// CurrencyError says that an operation met two currencies.
type CurrencyError struct {
	Left, Right string
}

// Error names both currencies.
func (e CurrencyError) Error() string {
	return fmt.Sprintf("currencies differ: %s and %s", e.Left, e.Right)
}

// Is reports whether target is [ErrInvalid].
func (e CurrencyError) Is(target error) bool { return target == ErrInvalid }

// common returns the currency that m and n share. The zero Money goes with any.
func (m Money) common(n Money) (string, error) {
	switch {
	case m.currency == n.currency, n.currency == "" && n.amount.IsZero():
		return m.currency, nil
	case m.currency == "" && m.amount.IsZero():
		return n.currency, nil
	}
	return "", CurrencyError{Left: m.currency, Right: n.currency}
}

// Add returns m + n. Different currencies are a [CurrencyError].
func (m Money) Add(n Money) (Money, error) {
	code, err := m.common(n)
	if err != nil {
		return Money{}, err
	}
	return Money{amount: m.amount.Add(n.amount), currency: code}, nil
}

// Sub returns m - n. Different currencies are a [CurrencyError].
func (m Money) Sub(n Money) (Money, error) { return m.Add(n.Neg()) }

// Mul returns m times factor, exactly: the scale grows, nothing is rounded.
func (m Money) Mul(factor decimal.Decimal) Money {
	return Money{amount: m.amount.Mul(factor), currency: m.currency}
}

// Ratio returns m divided by n to 16 decimals, half away from zero: a share or
// a return on spend, not an amount of money. Division by zero is an error.
func (m Money) Ratio(n Money) (decimal.Decimal, error) {
	if _, err := m.common(n); err != nil {
		return decimal.Decimal{}, err
	}
	if n.amount.IsZero() {
		return decimal.Decimal{}, FieldError{Field: "divisor", Rule: "must not be zero"}
	}
	return m.amount.DivRound(n.amount, 16), nil
}

// Compare returns -1, 0 or +1. Different currencies are a [CurrencyError].
func (m Money) Compare(n Money) (int, error) {
	if _, err := m.common(n); err != nil {
		return 0, err
	}
	return m.amount.Cmp(n.amount), nil
}

// Equal reports whether m and n are the same amount of the same currency.
func (m Money) Equal(n Money) bool {
	return m.currency == n.currency && m.amount.Equal(n.amount)
}

// Rounding is how an amount is brought to whole minor units.
type Rounding int

// Roundings. Turkish tax amounts are usually rounded half up; half even avoids
// a bias over many roundings.
const (
	HalfUp   Rounding = iota // to the nearest, halves away from zero
	HalfEven                 // to the nearest, halves to the even neighbour
	Down                     // towards zero
	Up                       // away from zero
)

// Round returns m in whole minor units of its currency.
func (m Money) Round(r Rounding) Money {
	digits, err := minorDigits(m.currency)
	if err != nil {
		return m // the zero Money
	}
	rounded := m.amount
	switch r {
	case HalfUp:
		rounded = m.amount.Round(digits)
	case HalfEven:
		rounded = m.amount.RoundBank(digits)
	case Down:
		rounded = m.amount.RoundDown(digits)
	case Up:
		rounded = m.amount.RoundUp(digits)
	}
	return Money{amount: rounded, currency: m.currency}
}

// Minor returns the amount in whole minor units, for storage and exact sums.
// An amount with a fraction of a minor unit, or one that does not fit an int64,
// is an error: round first, explicitly. The zero Money is 0.
func (m Money) Minor() (int64, error) {
	units, err := m.minorBig()
	if err != nil {
		return 0, err
	}
	if !units.IsInt64() {
		return 0, FieldError{Field: "amount", Rule: "must fit 64 bits of minor units", Value: m.String()}
	}
	return units.Int64(), nil
}

func (m Money) minorBig() (*big.Int, error) {
	if m.currency == "" && m.amount.IsZero() {
		return new(big.Int), nil
	}
	digits, err := minorDigits(m.currency)
	if err != nil {
		return nil, err
	}
	shifted := m.amount.Shift(digits)
	if !shifted.IsInteger() {
		return nil, FieldError{
			Field: "amount", Rule: fmt.Sprintf("must have at most %d decimals", digits), Value: m.String(),
		}
	}
	return shifted.BigInt(), nil
}

// Float returns the amount for statistical models. It must not be used for
// money that is owed, planned or spent.
func (m Money) Float() float64 {
	f, _ := m.amount.Float64()
	if math.IsInf(f, 0) {
		return math.Copysign(math.MaxFloat64, f)
	}
	return f
}

// String reads "1234.50 TRY" with at least the currency's own decimals.
func (m Money) String() string {
	if m.currency == "" {
		return m.amount.String()
	}
	digits, err := minorDigits(m.currency)
	if err != nil {
		return m.amount.String() + " " + m.currency
	}
	return m.amount.StringFixed(max(digits, -m.amount.Exponent())) + " " + m.currency
}

type moneyJSON struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

// MarshalJSON writes {"amount":"1234.50","currency":"TRY"}: the amount is text,
// so that no reader passes it through a float. The zero Money is null.
func (m Money) MarshalJSON() ([]byte, error) {
	if m.currency == "" {
		return []byte("null"), nil
	}
	return json.Marshal(moneyJSON{Amount: m.amount.String(), Currency: m.currency})
}

// UnmarshalJSON reads what [Money.MarshalJSON] writes. The number must be text
// in plain notation and the currency an ISO 4217 code.
func (m *Money) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*m = Money{}
		return nil
	}
	var raw moneyJSON
	if err := json.Unmarshal(data, &raw); err != nil {
		return FieldError{Field: "money", Rule: "must be an object with amount and currency as text"}
	}
	amount, err := ParseDecimal(raw.Amount, Plain)
	if err != nil {
		return FieldError{Field: "amount", Rule: "must be a decimal number", Value: raw.Amount}
	}
	read, err := NewMoney(amount, raw.Currency)
	if err != nil {
		return err
	}
	*m = read
	return nil
}
