package demo

import "math"

// The planted effects, all on the log scale. Engagement effects act on the rate
// of interactions (likes, comments, shares, saves) per exposure of the network.

func categoryEffects() map[string]float64 {
	return map[string]float64{
		"nasil_yapilir": 0.35, "ilham": 0.20, "topluluk": 0.10,
		"urun": 0, "marka_hikayesi": -0.10, "kampanya": -0.30,
	}
}

func formatEffects() map[string]float64 {
	return map[string]float64{
		"reel": 0.30, "short": 0.25, "carousel": 0.12, "video": 0.10,
		"photo": 0, "text": -0.10, "story": -0.15, "link": -0.35,
	}
}

// formatReach acts on the exposure itself.
func formatReach() map[string]float64 {
	return map[string]float64{
		"reel": 0.25, "short": 0.30, "carousel": 0.05, "video": 0.10,
		"photo": 0, "text": 0.05, "story": -0.80, "link": -0.25,
	}
}

// weekdayEffects start on Monday.
func weekdayEffects() [7]float64 { return [7]float64{0, 0.05, 0.08, 0.12, 0, -0.12, 0.04} }

const (
	paidEffect    = 0.15
	paidReach     = 0.70
	englishEffect = -0.20
	monthlyDrift  = -0.025 // of the rate, a month
	reachGrowth   = 0.015  // of the exposure, a month
	noiseSpread   = 0.80   // of the log rate
	reachSpread   = 0.60   // of the log exposure
	viralRate     = 0.015  // share of posts
	viralLeast    = 6.0    // factor on the exposure, Pareto
	viralTail     = 1.1
	viralMost     = 60.0
	greatestRate  = 0.6
)

// place is a network with its habits and its answer to the hour.
type place struct {
	network, account        string
	share                   float64 // of the posts
	exposure, rate          float64 // logs
	amplitude, peak         float64 // of the hour effect; hour of the day
	halfLife                float64 // hours
	denominator             string  // the metric that counts exposure
	likes, comments, shares float64 // shares of the interactions; the rest are saves
	click                   float64 // clicks per exposure
	followers, growth       float64 // at the start; log growth a day
}

func places() []place {
	return []place{
		{"instagram", "zerise.kozmetik", 0.36, 8.4, -3.1, 0.35, 20.5, 14, "reach", 0.90, 0.04, 0.03, 0.004, 86000, 0.0007},
		{"facebook", "zerisekozmetik", 0.20, 7.9, -3.9, 0.30, 20.0, 10, "reach", 0.86, 0.08, 0.06, 0.010, 41000, 0.0001},
		{"tiktok", "zerise.kozmetik", 0.18, 8.8, -2.9, 0.40, 21.5, 30, "reach", 0.92, 0.03, 0.05, 0.003, 52000, 0.0015},
		{"youtube", "zerisekozmetik", 0.11, 7.8, -3.2, 0.30, 19.0, 96, "views", 0.93, 0.05, 0.02, 0.004, 12500, 0.0006},
		{"x", "zerise", 0.15, 8.1, -3.9, 0.30, 21.0, 4, "impressions", 0.80, 0.08, 0.09, 0.007, 23000, -0.0001},
	}
}

func placeOf(network string) (place, bool) {
	for _, p := range places() {
		if p.network == network {
			return p, true
		}
	}
	return place{}, false
}

// hourEffect is a smooth wave over the day: the amplitude at the peak, its
// negative twelve hours away.
func (p place) hourEffect(hours float64) float64 {
	return p.amplitude * math.Cos(2*math.Pi*(hours-p.peak)/24)
}

// salesFactor is how many orders a click of a category brings against others.
func salesFactor(category string) float64 {
	switch category {
	case "kampanya":
		return 2
	case "urun":
		return 1.5
	}
	return 1
}

const (
	ordersPerClick = 0.03
	linkClicks     = 2.5 // clicks of a link post against others
	mostOrders     = 60  // that one post brings
)

// rateEffects is the sum of a post's effects on the log rate, without the
// network's level, the drift and the noise.
func (w *World) rateEffects(p post) float64 {
	place, _ := placeOf(p.Network)
	sum := categoryEffects()[p.Category] + formatEffects()[p.Format] +
		place.hourEffect(p.at.hours()) + weekdayEffects()[monday(p.at.day())]
	if p.Paid {
		sum += paidEffect
	}
	if p.Language == "en" {
		sum += englishEffect
	}
	return sum
}

func (w *World) reachEffects(p post) float64 {
	sum := formatReach()[p.Format]
	if p.Paid {
		sum += paidReach
	}
	return sum
}

// neutral holds, for a network, the mean effects of the history's posts: what
// every post gets in the null world.
type neutral struct {
	rate, reach float64
	orders      float64 // that a post brings in its lifetime at scale 1
}

func (w *World) makeNeutral() map[string]neutral {
	means := map[string]neutral{}
	counts := map[string]float64{}
	for _, p := range w.posts {
		n := means[p.Network]
		n.rate += w.rateEffects(p)
		n.reach += w.reachEffects(p)
		n.orders += clickOrders(p, w.outcomeOf(p, w.rateEffects(p), w.reachEffects(p), linkClicks))
		means[p.Network] = n
		counts[p.Network]++
	}
	for network, n := range means {
		c := counts[network]
		means[network] = neutral{n.rate / c, n.reach / c, n.orders / c}
	}
	return means
}
