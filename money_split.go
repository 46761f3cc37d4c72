package sosyal

import (
	"math/big"
	"slices"

	"github.com/shopspring/decimal"
)

// Split divides m by weights into parts that add up to m exactly, in whole
// minor units, by the method of the largest remainder (Hamilton). What is left
// after rounding down goes to the parts with the largest remainders, ties to
// the lower index. A weight of zero receives nothing. A negative amount is
// split like its opposite.
//
// It is an error when m has a fraction of a minor unit, when a weight is
// negative, or when no weight is positive.
func (m Money) Split(weights ...decimal.Decimal) ([]Money, error) {
	units, err := m.minorBig()
	if err != nil {
		return nil, err
	}
	scaled, err := integerWeights(weights)
	if err != nil {
		return nil, err
	}
	parts := largestRemainder(new(big.Int).Abs(units), scaled)
	out := make([]Money, len(parts))
	if m.currency == "" {
		return out, nil
	}
	digits, err := minorDigits(m.currency)
	if err != nil {
		return nil, err
	}
	for i, part := range parts {
		if units.Sign() < 0 {
			part.Neg(part)
		}
		out[i] = Money{amount: decimal.NewFromBigInt(part, -digits), currency: m.currency}
	}
	return out, nil
}

// Apportion divides whole units, such as posts or orders, by the rule of
// [Money.Split].
func Apportion(units int64, weights ...decimal.Decimal) ([]int64, error) {
	scaled, err := integerWeights(weights)
	if err != nil {
		return nil, err
	}
	total := big.NewInt(units)
	out := make([]int64, len(weights))
	for i, part := range largestRemainder(new(big.Int).Abs(total), scaled) {
		out[i] = part.Int64() * int64(total.Sign())
	}
	return out, nil
}

// integerWeights brings the weights to one scale without loss.
func integerWeights(weights []decimal.Decimal) ([]*big.Int, error) {
	var p Problems
	var exponent int32
	positive := false
	for i, w := range weights {
		if w.Sign() < 0 {
			p.Add(indexed("weights", i), "must not be negative", w.String())
		}
		positive = positive || w.Sign() > 0
		exponent = min(exponent, w.Exponent())
	}
	p.Require(positive, "weights", "must hold a positive weight", "")
	if err := p.Err(); err != nil {
		return nil, err
	}
	scaled := make([]*big.Int, len(weights))
	for i, w := range weights {
		scaled[i] = w.Shift(-exponent).BigInt()
	}
	return scaled, nil
}

// largestRemainder divides total, which is not negative, by weights of which at
// least one is positive.
func largestRemainder(total *big.Int, weights []*big.Int) []*big.Int {
	sum := new(big.Int)
	for _, w := range weights {
		sum.Add(sum, w)
	}
	parts := make([]*big.Int, len(weights))
	remainders := make([]*big.Int, len(weights))
	left := new(big.Int).Set(total)
	for i, w := range weights {
		parts[i], remainders[i] = new(big.Int).QuoRem(new(big.Int).Mul(total, w), sum, new(big.Int))
		left.Sub(left, parts[i])
	}
	// The remainders sum to left x sum and each is below sum, so left is less
	// than the number of positive remainders: weight zero never gets a unit.
	order := make([]int, len(weights))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return remainders[b].Cmp(remainders[a]) })
	one := big.NewInt(1)
	for _, i := range order[:int(left.Int64())] {
		parts[i].Add(parts[i], one)
	}
	return parts
}
