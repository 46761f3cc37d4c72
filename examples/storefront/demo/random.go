package demo

import (
	"cmp"
	"math"
	"slices"
)

// random is a small counter-based generator (the SplitMix64 mixing function
// over a Weyl sequence: Steele, Lea, Flood 2014). A value type that is keyed,
// not shared: every decision of the world draws from a stream of its own, so
// that nothing depends on the order in which things are asked for.
type random struct{ state uint64 }

const weyl = 0x9e3779b97f4a7c15

func mix(z uint64) uint64 {
	z ^= z >> 30
	z *= 0xbf58476d1ce4e5b9
	z ^= z >> 27
	z *= 0x94d049bb133111eb
	return z ^ z>>31
}

// hash is the 64-bit FNV-1a hash of a text, mixed once more.
func hash(text string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 1099511628211
	}
	return mix(h)
}

// keyed opens the stream named by its subject and two numbers.
func (w *World) keyed(subject string, a, b int) random {
	s := mix(w.options.Seed + weyl)
	s = mix(s ^ hash(subject))
	s = mix(s + weyl*uint64(int64(a)+1))
	return random{mix(s ^ weyl*uint64(int64(b)+3))}
}

// named opens the stream of a subject that is known by a text, such as a post id.
func (w *World) named(subject, id string, a int) random {
	r := w.keyed(subject, a, 0)
	return random{mix(r.state ^ hash(id))}
}

func (r *random) next() uint64 {
	r.state += weyl
	return mix(r.state)
}

// float is uniform in [0, 1).
func (r *random) float() float64 { return float64(r.next()>>11) / (1 << 53) }

// below is uniform in 0..n-1; n must be positive.
func (r *random) below(n int) int { return int(r.float() * float64(n)) }

func (r *random) chance(p float64) bool { return r.float() < p }

func (r *random) between(low, high float64) float64 { return low + (high-low)*r.float() }

// normal is standard normal (Box and Muller).
func (r *random) normal() float64 {
	u := 1 - r.float()
	return math.Sqrt(-2*math.Log(u)) * math.Cos(2*math.Pi*r.float())
}

// lognormal has mean 1 and the given standard deviation on the log scale.
func (r *random) lognormal(sd float64) float64 { return math.Exp(sd*r.normal() - sd*sd/2) }

func (r *random) exponential() float64 { return -math.Log(1 - r.float()) }

// gamma has the given shape and scale 1 (Marsaglia and Tsang 2000).
func (r *random) gamma(shape float64) float64 {
	if shape < 1 {
		return r.gamma(shape+1) * math.Pow(1-r.float(), 1/shape)
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := r.normal()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log(1-r.float()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}

// poisson counts with the given mean. Above 400 the normal approximation is
// used: its error is far below what any reader of these files can see.
func (r *random) poisson(mean float64) int {
	switch {
	case mean <= 0:
		return 0
	case mean > 400:
		return max(0, int(math.Round(mean+math.Sqrt(mean)*r.normal())))
	case mean > 20:
		return r.poisson(mean/2) + r.poisson(mean/2)
	}
	limit, product := math.Exp(-mean), r.float()
	n := 0
	for product > limit {
		n++
		product *= r.float()
	}
	return n
}

// pick draws an index with probability proportional to its weight.
func (r *random) pick(weights ...float64) int {
	total := 0.0
	for _, v := range weights {
		total += v
	}
	x := r.float() * total
	for i, v := range weights {
		if x < v {
			return i
		}
		x -= v
	}
	return len(weights) - 1
}

// search draws an index from running totals.
func (r *random) search(running []float64) int {
	x := r.float() * running[len(running)-1]
	i, _ := slices.BinarySearchFunc(running, x, func(v, at float64) int {
		if v <= at {
			return -1
		}
		return cmp.Compare(v, at)
	})
	return min(i, len(running)-1)
}

// split shares n among the weights by binomial thinning, exactly for small n
// and by the normal approximation for large ones; the parts add up to n.
func (r *random) split(n int, weights []float64) []int {
	parts := make([]int, len(weights))
	rest := 0.0
	for _, v := range weights {
		rest += v
	}
	for i, v := range weights {
		if i == len(weights)-1 {
			parts[i] = n
			break
		}
		k := r.binomial(n, v/rest)
		parts[i] = k
		n -= k
		rest -= v
	}
	return parts
}

func (r *random) binomial(n int, p float64) int {
	p = min(max(p, 0), 1)
	mean := float64(n) * p
	if n > 200 {
		if mean < 10 {
			return min(n, r.poisson(mean))
		}
		k := math.Round(mean + math.Sqrt(mean*(1-p))*r.normal())
		return int(min(max(k, 0), float64(n)))
	}
	k := 0
	for range n {
		if r.chance(p) {
			k++
		}
	}
	return k
}
