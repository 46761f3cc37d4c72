package value

import "math"

// series is the odds of a departure for many customers of the same frequency, as
// the source writes it: with c the larger and d the smaller of α and β, k = p+s,
// and q the power of the factor of d in the integrand (s+1 or p), the integral
// from t to infinity is
//
//	(c+t)^-k · G(z)   G(z) = Σ (q)_n/n! zⁿ/(k+n), z = (c-d)/(c+t)
//
// which is a hypergeometric function, 2F1(k, q; k+1; z)/k. Its coefficients and
// those of its derivatives, term by term, depend on the frequency alone.
type series struct {
	departure
	c, d, k float64
	// coefficients are those of G and of its derivatives by k, q and z, as sums of
	// powers of z in units of the greatest, so that none is too large.
	coefficients [][4]float64
	unit         float64
}

// newSeries takes as many terms as the argument z needs, which must be below 1;
// all other arguments must be smaller.
func newSeries(d departure, z float64) *series {
	s := &series{departure: d, c: max(d.alpha, d.beta), d: min(d.alpha, d.beta), k: d.power + d.s}
	q := d.s + 1
	if d.beta > d.alpha {
		q = d.power
	}
	if s.unit = z; z == 0 { // α = β: a single term
		s.unit = 1
	}
	size, slope := 1.0, 0.0
	for n := 0.0; ; n++ {
		g := size / (s.k + n)
		growth := (q + n) / (n + 1)
		s.coefficients = append(s.coefficients, [4]float64{g, -g / (s.k + n), g * slope, (n + 1) * size * growth / (s.k + n + 1)})
		slope += 1 / (q + n)
		size *= growth * z
		// The rest is below a geometric series, once its ratio is below 1.
		if ratio := growth * z; ratio < 1 && size*(n+1)*(1+slope) < 1e-16*(1-ratio) {
			return s
		}
	}
}

// at returns G and its derivatives by k, q and z.
func (s *series) at(z float64) (g, byK, byQ, byZ float64) {
	z /= s.unit
	for n := len(s.coefficients) - 1; n >= 0; n-- {
		c := &s.coefficients[n]
		g = g*z + c[0]
		byK = byK*z + c[1]
		byQ = byQ*z + c[2]
		byZ = byZ*z + c[3]
	}
	return g, byK, byQ, byZ
}

// odds is [departure.integral]: the integral from t on less that from T on, over
// the factors of being alive at T. What cancels where t and T are close is no
// loss, since the odds are small against 1 there.
func (s *series) odds(recency, age float64) terms {
	early, late, lateD := s.c+recency, s.c+age, s.d+age
	rise := math.Log(late / early)
	rest := math.Exp(-s.k * rise)
	g, gByK, gByQ, gByZ := s.at((s.c - s.d) / early)
	h, hByK, hByQ, hByZ := s.at((s.c - s.d) / late)
	mass := g - h*rest
	if mass <= 0 {
		return terms{math.Inf(-1)}
	}
	ratio := math.Log(lateD / late)
	byK := rise + (gByK-hByK*rest+h*rest*rise)/mass
	byQ := (gByQ - hByQ*rest) / mass
	riseByC := 1/late - 1/early
	byC := s.k*riseByC + (gByZ*(s.d+recency)/(early*early)-rest*hByZ*lateD/(late*late)+h*s.k*rest*riseByC)/mass
	byD := (rest*hByZ/late - gByZ/early) / mass
	log := math.Log(s.s*mass) + s.k*rise
	if s.beta > s.alpha { // being alive is (c+T)^-s (d+T)^-p, and q is p
		p := s.power
		return terms{log + p*ratio, byK + byQ + ratio, byD + p/lateD, byK + 1/s.s, byC - p/late}
	}
	return terms{log + s.s*ratio, byK, byC - s.s/late, byK + byQ + ratio + 1/s.s, byD + s.s/lateD}
}
