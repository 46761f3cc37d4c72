package value

import (
	"math/bits"
	"slices"
)

// digitBits is how much of a number one pass of a radix sort looks at.
const digitBits = 11

// ascending returns the numbers sorted. It passes over them once for every eleven
// bits by which the largest exceeds the smallest: twice or three times, as a rule.
func ascending(numbers []int64) []int64 {
	out := slices.Clone(numbers)
	if len(out) == 0 {
		return out
	}
	least, most := slices.Min(out), slices.Max(out)
	spare := make([]int64, len(out))
	for done := 0; done < bits.Len64(uint64(most)-uint64(least)); done += digitBits {
		digit := func(v int64) uint64 { return (uint64(v) - uint64(least)) >> done & (1<<digitBits - 1) }
		var at [1 << digitBits]int
		for _, v := range out {
			at[digit(v)]++
		}
		next := 0
		for d, n := range at {
			at[d], next = next, next+n
		}
		for _, v := range out {
			d := digit(v)
			spare[at[d]] = v
			at[d]++
		}
		out, spare = spare, out
	}
	return out
}
