package audience

import (
	"fmt"
	"math"
	"strconv"

	"github.com/yukselenler/sosyal"
)

// Set is a set of customers of which only counts are asked: how many it holds
// and how many it shares with another of its kind. *Members is one.
type Set[T any] interface {
	Count() int
	CountBoth(other T) int
}

// SharedCounts are the sizes of two sets and of what they share. Everything
// that says how alike two sets are follows from these three numbers.
type SharedCounts struct {
	A    int `json:"a"`
	B    int `json:"b"`
	Both int `json:"both"`
}

// CountShared counts two sets and what they share.
func CountShared[S Set[S]](a, b S) SharedCounts {
	return SharedCounts{A: a.Count(), B: b.Count(), Both: a.CountBoth(b)}
}

// Validate reports negative sizes and a shared part that is larger than one of
// the sets.
func (c SharedCounts) Validate() error {
	var p sosyal.Problems
	p.Require(c.A >= 0, "a", "must not be negative", strconv.Itoa(c.A))
	p.Require(c.B >= 0, "b", "must not be negative", strconv.Itoa(c.B))
	p.Require(c.Both >= 0 && c.Both <= min(c.A, c.B), "both", "must lie between 0 and the smaller set", strconv.Itoa(c.Both))
	return p.Err()
}

// Union is the size of the two sets together.
func (c SharedCounts) Union() int { return c.A + c.B - c.Both }

// Jaccard is |A∩B| / |A∪B|, from 0 (nothing in common) to 1 (the same set); 0
// where both are empty (Jaccard, 1912, New Phytologist 11).
func (c SharedCounts) Jaccard() float64 { return partOf(c.Both, c.Union()) }

// OverlapCoefficient is |A∩B| / min(|A|, |B|): 1 where one set lies within the
// other; 0 where one is empty (Simpson, 1960, American Journal of Science 258-A).
func (c SharedCounts) OverlapCoefficient() float64 { return partOf(c.Both, min(c.A, c.B)) }

// Lift is how many times more people the sets share than two independent sets
// of their sizes would in a universe of that many people: |A∩B| · n / (|A| |B|).
// It is 1 for sets that have nothing to do with each other, and an error where
// the universe cannot hold both or one of the sets is empty.
func (c SharedCounts) Lift(universe int) (float64, error) {
	if universe < c.Union() {
		return 0, sosyal.FieldError{Field: "universe", Rule: "must hold both sets", Value: strconv.Itoa(universe)}
	}
	if c.A == 0 || c.B == 0 {
		return 0, fmt.Errorf("lift of an empty set: %w", sosyal.ErrInsufficientData)
	}
	return float64(c.Both) / float64(c.A) * (float64(universe) / float64(c.B)), nil
}

func partOf(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// JensenShannon is the Jensen-Shannon divergence in bits of two distributions
// that are given by weights in the same order: 0 for the same distribution, 1
// for two without anything in common. Weights are scaled to add up to 1 and may
// be 0 (Lin, 1991, IEEE Transactions on Information Theory 37).
//
// Two samples of one distribution do diverge, the more the smaller they are:
// [SampleDifference] says whether a divergence of samples is more than that.
//
// Distributions of different length, negative or infinite weights and weights
// without a positive one are errors.
func JensenShannon(p, q []float64) (float64, error) {
	p, q, err := distributions(p, q)
	if err != nil {
		return 0, err
	}
	divergence := 0.0
	for i := range p {
		middle := (p[i] + q[i]) / 2
		divergence += entropyTerm(p[i], middle)/2 + entropyTerm(q[i], middle)/2
	}
	return min(1, max(0, divergence)), nil
}

// entropyTerm is a term of the Kullback-Leibler divergence, in bits.
func entropyTerm(p, m float64) float64 {
	if p == 0 {
		return 0
	}
	return p * math.Log2(p/m)
}

// PopulationStability is the population stability index Σ (p-q) ln(p/q) of two
// distributions given by weights in the same order: the symmetric divergence of
// Jeffreys. It has no upper bound, and a value that only one of the two holds
// makes it infinite, which is an error here; the usual bands of 0.1 and 0.25
// are custom without a source. Use it to compare with other reports and
// [JensenShannon] to judge.
func PopulationStability(p, q []float64) (float64, error) {
	p, q, err := distributions(p, q)
	if err != nil {
		return 0, err
	}
	sum := 0.0
	for i := range p {
		switch {
		case p[i] == 0 && q[i] == 0:
		case p[i] == 0 || q[i] == 0:
			return 0, sosyal.FieldError{Field: "[" + strconv.Itoa(i) + "]", Rule: "must be positive in both distributions or in neither", Value: "0"}
		default:
			sum += (p[i] - q[i]) * math.Log(p[i]/q[i])
		}
	}
	return sum, nil
}

// distributions scales two lists of weights to add up to 1.
func distributions(p, q []float64) ([]float64, []float64, error) {
	if len(p) != len(q) {
		return nil, nil, sosyal.FieldError{Field: "q", Rule: "must be as long as p", Value: strconv.Itoa(len(q))}
	}
	var problems sosyal.Problems
	scaledP := toOne("p", p, &problems)
	scaledQ := toOne("q", q, &problems)
	return scaledP, scaledQ, problems.Err()
}

func toOne(name string, weights []float64, p *sosyal.Problems) []float64 {
	largest := 0.0
	for i, w := range weights {
		p.Require(w >= 0 && !math.IsInf(w, 0), name+"["+strconv.Itoa(i)+"]", "must be finite and not negative", strconv.FormatFloat(w, 'g', -1, 64))
		largest = max(largest, w)
	}
	p.Require(largest > 0, name, "must hold a positive weight", "")
	// Over the largest first: a sum of weights near the end of the range would
	// be infinite.
	out, sum := make([]float64, len(weights)), 0.0
	for i, w := range weights {
		out[i] = w / largest
		sum += out[i]
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}
