package campaign

import (
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// AmountFacts is the form in which a platform wants amounts of money. Platforms
// disagree with ISO 4217 and with one another, so nothing is derived from the
// currency's own decimals.
type AmountFacts struct {
	Unit AmountUnit `json:"unit"`
	// Offset is how many units make one of the currency, Exceptions the
	// currencies for which it is another number.
	Offset     int64            `json:"offset,omitzero"`
	Exceptions map[string]int64 `json:"exceptions,omitempty"`
}

// AmountUnit is a way of writing amounts.
type AmountUnit string

// Units of amounts.
const (
	UnitOffset  AmountUnit = "offset"  // whole numbers of 1/offset of the currency
	UnitMicros  AmountUnit = "micros"  // whole numbers of a millionth of the currency
	UnitDecimal AmountUnit = "decimal" // decimal numbers of the currency
)

const microsPerUnit = 1_000_000

// Validate reports an unknown unit and offsets that are not positive.
func (a AmountFacts) Validate() error {
	var p sosyal.Problems
	known := a.Unit == UnitOffset || a.Unit == UnitMicros || a.Unit == UnitDecimal
	p.Require(known, "unit", "must be offset, micros or decimal", string(a.Unit))
	p.Require((a.Unit == UnitOffset) == (a.Offset > 0), "offset", "must be positive with the unit offset and left out otherwise", strconv.FormatInt(a.Offset, 10))
	for code, offset := range a.Exceptions {
		p.Require(offset > 0, "exceptions."+code, "must be positive", strconv.FormatInt(offset, 10))
	}
	return p.Err()
}

// Encode writes an amount as the platform wants it. An amount that the platform
// cannot express is an error; nothing is rounded.
func (a AmountFacts) Encode(m sosyal.Money) (string, error) {
	if m.Currency() == "" || m.Sign() < 0 {
		return "", sosyal.FieldError{Field: "amount", Rule: "must not be negative and must have a currency", Value: m.String()}
	}
	if a.Unit == UnitDecimal {
		return m.Amount().String(), nil
	}
	units := m.Amount().Mul(decimal.NewFromInt(a.unitsPer(m.Currency())))
	if !units.IsInteger() {
		return "", sosyal.FieldError{Field: "amount", Rule: "must be whole units of the platform", Value: m.String()}
	}
	return units.String(), nil
}

// Decode reads an amount that the platform wrote in a currency.
func (a AmountFacts) Decode(text, currency string) (sosyal.Money, error) {
	amount, err := sosyal.ParseDecimal(text, sosyal.Plain)
	if err != nil {
		return sosyal.Money{}, sosyal.FieldError{Field: "amount", Rule: "must be a number", Value: text}
	}
	if a.Unit == UnitDecimal {
		return sosyal.NewMoney(amount, currency)
	}
	if !amount.IsInteger() {
		return sosyal.Money{}, sosyal.FieldError{Field: "amount", Rule: "must be whole units of the platform", Value: text}
	}
	per := decimal.NewFromInt(a.unitsPer(currency))
	// Offsets and micros are powers of ten, so ten digits lose nothing.
	return sosyal.NewMoney(amount.DivRound(per, 10), currency)
}

func (a AmountFacts) unitsPer(currency string) int64 {
	if a.Unit == UnitMicros {
		return microsPerUnit
	}
	if offset, ok := a.Exceptions[currency]; ok {
		return offset
	}
	return a.Offset
}
