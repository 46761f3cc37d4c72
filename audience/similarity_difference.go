package audience

import (
	"fmt"
	"math/rand/v2"
	"strconv"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/yukselenler/sosyal"
)

// Difference says whether two samples come from different distributions.
type Difference struct {
	// NA and NB are the sizes of the samples.
	NA int `json:"n_a"`
	NB int `json:"n_b"`
	// Divergence is their Jensen-Shannon divergence in bits, as it is.
	Divergence float64 `json:"divergence"`
	// Chance is the divergence that two samples of these sizes out of one
	// distribution have on average, and Corrected what is left beyond it, not
	// below 0.
	Chance    float64 `json:"chance"`
	Corrected float64 `json:"corrected"`
	// P is the share of such pairs of samples that diverge at least as much.
	P float64 `json:"p"`
	// Differs is whether P is at most 1 - level.
	Differs bool `json:"differs"`
}

// DifferenceOptions say how a difference is tested; the zero value means the
// defaults.
type DifferenceOptions struct {
	// MinSize is the smallest sample that is judged; 10 where 0.
	MinSize int
	// Level of confidence, between 0 and 1; 0.95 where 0.
	Level float64
	// Resamples is how many pairs of samples are drawn; 999 where 0.
	Resamples int
	// Seed of the draws: the same seed gives the same result.
	Seed uint64
}

func (o DifferenceOptions) withDefaults() (DifferenceOptions, error) {
	o.MinSize = orDefault(o.MinSize, 10)
	o.Level = orDefault(o.Level, 0.95)
	o.Resamples = orDefault(o.Resamples, 999)
	var p sosyal.Problems
	requirePositive(&p, "min_size", o.MinSize)
	requireLevel(&p, o.Level)
	p.Require(o.Resamples >= 99, "resamples", "must be at least 99", strconv.Itoa(o.Resamples))
	return o, p.Err()
}

// SampleDifference compares two samples given by counts of the same values in the
// same order, where each member has one value. A small sample diverges from a
// large one by chance alone; so pairs of samples of the same sizes are drawn
// from the pooled distribution, and only a divergence that few of them reach
// counts as a difference: the parametric bootstrap of a test of homogeneity,
// with the p-value (1 + reached) / (1 + drawn) of Davison and Hinkley (Bootstrap
// Methods and their Application, 1997, section 4.2).
//
// Not to find a difference is not to show that there is none. Samples smaller
// than MinSize are [sosyal.ErrInsufficientData].
func SampleDifference(a, b []int, opt DifferenceOptions) (Difference, error) {
	opt, err := opt.withDefaults()
	if err != nil {
		return Difference{}, err
	}
	if len(a) != len(b) {
		return Difference{}, sosyal.FieldError{Field: "b", Rule: "must be as long as a", Value: strconv.Itoa(len(b))}
	}
	var p sosyal.Problems
	pooled := make([]float64, len(a))
	for i := range a {
		p.Require(a[i] >= 0, "a["+strconv.Itoa(i)+"]", "must not be negative", strconv.Itoa(a[i]))
		p.Require(b[i] >= 0, "b["+strconv.Itoa(i)+"]", "must not be negative", strconv.Itoa(b[i]))
		pooled[i] = float64(a[i]) + float64(b[i])
	}
	if err := p.Err(); err != nil {
		return Difference{}, err
	}
	d := Difference{NA: sumOf(a), NB: sumOf(b)}
	if min(d.NA, d.NB) < opt.MinSize {
		return d, fmt.Errorf("difference of samples of %d and %d where %d are needed: %w", d.NA, d.NB, opt.MinSize, sosyal.ErrInsufficientData)
	}
	if d.Divergence, err = JensenShannon(asFloats(a), asFloats(b)); err != nil {
		return Difference{}, err
	}
	draw := newSampler(opt.Seed)
	reached, sum := 0, 0.0
	x, y := make([]float64, len(a)), make([]float64, len(b))
	for range opt.Resamples {
		draw.multinomial(d.NA, pooled, x)
		draw.multinomial(d.NB, pooled, y)
		drawn, err := JensenShannon(x, y)
		if err != nil {
			return Difference{}, err
		}
		sum += drawn
		if drawn >= d.Divergence*(1-1e-12) {
			reached++
		}
	}
	d.Chance = sum / float64(opt.Resamples)
	d.Corrected = max(0, d.Divergence-d.Chance)
	d.P = float64(1+reached) / float64(1+opt.Resamples)
	d.Differs = d.P <= 1-opt.Level
	return d, nil
}

// sampler draws samples; the same seed draws the same ones.
type sampler struct{ source rand.Source }

func newSampler(seed uint64) sampler { return sampler{rand.NewPCG(seed, 0x736f7379616c)} }

// multinomial draws n members with the given weights of values into out, value
// by value with what the earlier ones left.
func (s sampler) multinomial(n int, weights, out []float64) {
	left, weight := float64(n), 0.0
	for _, w := range weights {
		weight += w
	}
	for i, w := range weights {
		switch {
		case left == 0 || w == 0:
			out[i] = 0
		case w >= weight:
			out[i] = left
		default:
			out[i] = distuv.Binomial{N: left, P: w / weight, Src: s.source}.Rand()
		}
		left -= out[i]
		weight -= w
	}
}

func sumOf(counts []int) int {
	sum := 0
	for _, n := range counts {
		sum += n
	}
	return sum
}

func asFloats(counts []int) []float64 {
	out := make([]float64, len(counts))
	for i, n := range counts {
		out[i] = float64(n)
	}
	return out
}

// orDefault returns a number, its default where it is 0.
func orDefault[T int | float64](x, fallback T) T {
	if x == 0 {
		return fallback
	}
	return x
}

func requirePositive(p *sosyal.Problems, field string, n int) {
	p.Require(n > 0, field, "must be positive", strconv.Itoa(n))
}

func requireLevel(p *sosyal.Problems, level float64) {
	p.Require(level > 0 && level < 1, "level", "must lie between 0 and 1", strconv.FormatFloat(level, 'g', -1, 64))
}
