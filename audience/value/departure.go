package value

import "math"

// departure is when a customer may have left.
type departure struct {
	power, alpha, s, beta float64
}

// odds returns a function of a customer's latest purchase t and age T: the
// logarithm of the odds that he left between the two against his being alive,
//
//	s ∫ ((α+T)/(α+τ))^p ((β+T)/(β+τ))^s dτ/(β+τ)   τ from t to T, p = r+x
//
// and its derivatives by r, α, s and β. Many customers of one frequency take less
// time by the series of the source, where α and β are alike.
func (d departure) odds() func(recency, age float64) terms {
	z := 1 - min(d.alpha, d.beta)/max(d.alpha, d.beta)
	if z < 0.7 && (d.power+d.s)*-math.Log1p(-z) < 500 { // beyond, terms are too many or too large
		return newSeries(d, z).odds
	}
	return d.integral
}

// integral takes the odds and their derivatives as integrals over τ, in which all
// terms are positive. It runs over the logarithm of c+τ, c the smaller of α and β,
// in which the integrand has no singularity nearer than π to the real axis, so
// that few points of Gauss and Legendre give it to ten digits.
func (d departure) integral(recency, age float64) terms {
	if recency == age {
		return terms{math.Inf(-1)}
	}
	buys, stays := d.alpha+recency, d.beta+recency
	span := age - recency
	riseBuys, riseStays := math.Log1p(span/buys), math.Log1p(span/stays)
	fallBuys, fallStays := riseBuys, riseStays
	// Beyond the time at which a factor has fallen by e^-40 nothing is left.
	if end := min(buys*math.Expm1(40/d.power), stays*math.Expm1(40/d.s)); end < span {
		fallBuys, fallStays = math.Log1p(end/buys), math.Log1p(end/stays)
	}
	near, far, length := buys, stays, fallBuys // c+t, the other one, and the way
	if d.beta < d.alpha {
		near, far, length = stays, buys, fallStays
	}
	fall := d.power*fallBuys + d.s*fallStays
	enough, panels := length <= 1.2 && fall <= 1.5, 1.0
	if !enough {
		panels = math.Ceil(max(length/2.2, fall/6))
	}
	nodes, n := legendre(enough)
	half := length / panels / 2
	var mass, logBuys, perBuys, logStays, perStays float64
	at := func(u, growth, weight float64) { // growth is e^u
		n := near * growth
		f := n + (far - near)
		l := math.Log(f / far)
		b, lb, st, ls := n, u, f, l
		if d.beta < d.alpha {
			b, lb, st, ls = f, l, n, u
		}
		w := weight * math.Exp(-d.power*lb-d.s*ls) * n / st // dτ is n du
		mass += w
		logBuys += w * lb
		perBuys += w / b
		logStays += w * ls
		perStays += w / st
	}
	for panel := range int(panels) {
		middle := (2*float64(panel) + 1) * half
		center := math.Exp(middle)
		for _, node := range nodes[:n] {
			growth := math.Exp(half * node[0])
			at(middle+half*node[0], center*growth, node[1])
			at(middle-half*node[0], center/growth, node[1])
		}
	}
	return terms{
		math.Log(d.s*mass*half) + d.power*riseBuys + d.s*riseStays,
		riseBuys - logBuys/mass,
		d.power * (1/(d.alpha+age) - perBuys/mass),
		1/d.s + riseStays - logStays/mass,
		d.s/(d.beta+age) - (d.s+1)*perStays/mass,
	}
}

// legendre are the positive points of the ten of Gauss and Legendre on [-1, 1],
// or of the six where few are enough, with their weights; the others are the
// negative ones.
func legendre(enough bool) ([5][2]float64, int) {
	if enough {
		return [...][2]float64{
			{0.23861918608319690863, 0.46791393457269104739},
			{0.66120938646626451366, 0.36076157304813860757},
			{0.93246951420315202781, 0.17132449237917034504},
			{},
			{},
		}, 3
	}
	return [...][2]float64{
		{0.14887433898163121088, 0.29552422471475287017},
		{0.4333953941292471908, 0.26926671930999635509},
		{0.67940956829902440623, 0.219086362515982044},
		{0.86506336668898451073, 0.14945134915058059315},
		{0.97390652851717172008, 0.066671344308688137594},
	}, 5
}
