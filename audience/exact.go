package audience

import (
	"math/bits"

	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// maxScale is the finest unit in which a book can add up: 10^-8 of a currency
// unit.
const maxScale = 8

// units is an amount as a whole number of 10^-scale.
type units struct {
	value int64
	scale int32
}

// unitsOf turns a product of two decimals into units without rounding, with as
// few decimals as it has.
func unitsOf(a, b decimal.Decimal) (units, error) {
	if a.NumDigits() > 18 || b.NumDigits() > 18 {
		return units{}, sosyal.FieldError{Field: "quantity", Rule: "must give an amount of at most 18 digits", Value: a.String()}
	}
	u := units{scale: -(a.Exponent() + b.Exponent())}
	x, y := a.CoefficientInt64(), b.CoefficientInt64()
	negative := (x < 0) != (y < 0)
	high, low := bits.Mul64(magnitude(x), magnitude(y))
	if high != 0 || low > 1<<62 {
		return units{}, sosyal.FieldError{Field: "unit_price", Rule: "must give an amount of at most 18 digits", Value: b.String()}
	}
	u.value = int64(low)
	for u.value != 0 && u.scale > 0 && u.value%10 == 0 {
		u.value, u.scale = u.value/10, u.scale-1
	}
	if u.value == 0 {
		u.scale = 0
	}
	for ; u.scale < 0; u.scale++ {
		grown, ok := timesTen(u.value)
		if !ok {
			return units{}, sosyal.FieldError{Field: "unit_price", Rule: "must give an amount of at most 18 digits", Value: b.String()}
		}
		u.value = grown
	}
	if u.scale > maxScale {
		return units{}, sosyal.FieldError{Field: "unit_price", Rule: "must give an amount of at most 8 decimals", Value: b.String()}
	}
	if negative {
		u.value = -u.value
	}
	return u, nil
}

// at returns the amount as a whole number of 10^-scale, for a scale that is at
// least as fine.
func (u units) at(scale int32) (int64, bool) {
	v, ok := u.value, true
	for s := u.scale; s < scale && ok; s++ {
		v, ok = timesTen(v)
	}
	return v, ok
}

func timesTen(v int64) (int64, bool) {
	if v > 1<<62/10 || v < -(1<<62)/10 {
		return 0, false
	}
	return v * 10, true
}

func magnitude(v int64) uint64 {
	if v < 0 {
		return uint64(-v)
	}
	return uint64(v)
}

func (u units) minus(v units) (units, bool) {
	scale := max(u.scale, v.scale)
	a, okA := u.at(scale)
	b, okB := v.at(scale)
	return units{value: a - b, scale: scale}, okA && okB
}
