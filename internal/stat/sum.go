package stat

import (
	"encoding/json"
	"fmt"
	"math"
	"math/bits"
)

// sumShift is the resolution of a Sum: 2^-40, about 1e-12.
const sumShift = 40

// Sum adds up numbers exactly, so that the order of adding and merging does not
// show: each number is rounded once to a multiple of 2^-40 and kept in 128 bits.
// Numbers must be finite and below 2^80 in size; the sum holds 2^87. The zero
// Sum is 0.
type Sum struct {
	hi int64
	lo uint64
}

// Add adds x, rounded to the nearest multiple of 2^-40. Numbers that do not fit
// are refused.
func (s *Sum) Add(x float64) error {
	if math.IsNaN(x) || math.Abs(x) >= 1<<80 {
		return fmt.Errorf("number %g does not fit an exact sum", x)
	}
	scaled := math.RoundToEven(math.Ldexp(math.Abs(x), sumShift))
	hi := math.Floor(math.Ldexp(scaled, -64))
	part := Sum{hi: int64(hi), lo: uint64(scaled - math.Ldexp(hi, 64))}
	if x < 0 {
		part = part.negated()
	}
	s.Merge(part)
	return nil
}

// Merge adds another sum.
func (s *Sum) Merge(other Sum) {
	lo, carry := bits.Add64(s.lo, other.lo, 0)
	s.lo = lo
	s.hi += other.hi + int64(carry)
}

func (s Sum) negated() Sum {
	lo, carry := bits.Add64(^s.lo, 1, 0)
	return Sum{hi: ^s.hi + int64(carry), lo: lo}
}

// Float returns the sum, rounded to a float64.
func (s Sum) Float() float64 {
	if s.hi < 0 {
		return -s.negated().Float()
	}
	return math.Ldexp(math.Ldexp(float64(s.hi), 64)+float64(s.lo), -sumShift)
}

// MarshalJSON writes the two halves of the sum, so that nothing is lost.
func (s Sum) MarshalJSON() ([]byte, error) {
	return fmt.Appendf(nil, "[%d,%d]", s.hi, s.lo), nil
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *Sum) UnmarshalJSON(data []byte) error {
	var halves []json.Number
	if err := json.Unmarshal(data, &halves); err != nil {
		return fmt.Errorf("reading an exact sum: %w", err)
	}
	if len(halves) != 2 {
		return fmt.Errorf("an exact sum has 2 halves, not %d", len(halves))
	}
	var read Sum
	if _, err := fmt.Sscan(halves[0].String(), &read.hi); err != nil {
		return fmt.Errorf("reading an exact sum: %w", err)
	}
	if _, err := fmt.Sscan(halves[1].String(), &read.lo); err != nil {
		return fmt.Errorf("reading an exact sum: %w", err)
	}
	*s = read
	return nil
}
