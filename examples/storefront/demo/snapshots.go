package demo

import (
	"math"
	"slices"
	"time"

	"github.com/rickb777/date/v2"
)

// outcome is what a post reaches in its 28 days.
type outcome struct {
	exposure     float64
	rate         float64 // interactions per exposure, with its noise
	interactions int
	halfLife     float64 // hours
	final        map[string]int
	names        []string // of the metrics the network reports, in a fixed order
}

const lifetime = 28 * 24.0 // hours; what a post does later is left out

// outcome follows from the post and the seed alone.
func (w *World) outcome(p post) outcome {
	if p.known != nil {
		return *p.known
	}
	if w.options.Null {
		n := w.neutral[p.Network]
		return w.outcomeOf(p, n.rate, n.reach, 1)
	}
	return w.outcomeOf(p, w.rateEffects(p), w.reachEffects(p), linkClicks)
}

// outcomeOf is the outcome at given effects on the rate and the exposure, with
// the factor that a link has on clicks.
func (w *World) outcomeOf(p post, rate, reach, link float64) outcome {
	place, _ := placeOf(p.Network)
	r := w.named("outcome", p.ID, 0)
	age := w.month(p.at.day())
	o := outcome{halfLife: place.halfLife * r.lognormal(0.25)}
	if p.Format == "story" {
		o.halfLife = 5 * r.lognormal(0.2)
	}
	exposure := math.Exp(place.exposure + reach + reachGrowth*age + reachSpread*r.normal())
	if r.chance(viralRate) {
		exposure *= min(viralMost, viralLeast*math.Pow(1-r.float(), -1/viralTail))
	}
	o.exposure = math.Round(exposure)
	o.rate = min(greatestRate, math.Exp(place.rate+rate+monthlyDrift*age+noiseSpread*r.normal()))
	o.interactions = r.poisson(o.exposure * o.rate)
	saves := 1 - place.likes - place.comments - place.shares
	if place.network == "facebook" || place.network == "tiktok" || place.network == "youtube" {
		saves = 0
	}
	jitter := func(share float64) float64 { return share * r.lognormal(0.25) }
	parts := r.split(o.interactions, []float64{jitter(place.likes), jitter(place.comments), jitter(place.shares), saves})
	click := place.click
	if p.Format == "link" {
		click *= link
	}
	all := map[string]int{
		"likes": parts[0], "comments": parts[1], "shares": parts[2], "saves": parts[3],
		"clicks": r.poisson(o.exposure * click * r.lognormal(0.4)),
	}
	switch place.denominator {
	case "reach":
		all["reach"] = int(o.exposure)
		all["views"] = int(math.Round(o.exposure * (1.1 + 0.3*r.float())))
	case "views":
		all["views"] = int(o.exposure)
		all["impressions"] = int(math.Round(o.exposure / r.between(0.035, 0.07)))
	default:
		all["impressions"] = int(o.exposure)
	}
	o.final = all
	o.names = reported(p)
	return o
}

// reported are the metrics that a network reports for a format: what is not
// listed is absent from the files, not zero. YouTube reports impressions of
// thumbnails from 2026-01 on, not for Shorts; stories cannot be saved.
func reported(p post) []string {
	switch p.Network {
	case "instagram":
		if p.Format == "story" {
			return []string{"reach", "views", "likes", "comments", "shares"}
		}
		return []string{"reach", "views", "likes", "comments", "shares", "saves"}
	case "facebook":
		return []string{"reach", "views", "likes", "comments", "shares", "clicks"}
	case "tiktok":
		return []string{"reach", "views", "likes", "comments", "shares"}
	case "youtube":
		if p.Format == "video" && p.at.day() >= date.New(2026, time.January, 1) {
			return []string{"impressions", "views", "likes", "comments", "shares"}
		}
		return []string{"views", "likes", "comments", "shares"}
	default:
		return []string{"impressions", "likes", "comments", "shares", "saves", "clicks"}
	}
}

// grown is the share of the final counts that is reached at an age in hours:
// exponential saturation, one at the end of the lifetime.
func (o outcome) grown(hours float64) float64 {
	if hours <= 0 {
		return 0
	}
	hours = min(hours, lifetime)
	return (1 - math.Exp2(-hours/o.halfLife)) / (1 - math.Exp2(-lifetime/o.halfLife))
}

// ages are the hours at which posts are captured; stories are gone after a day.
func ages(p post) []float64 {
	if p.Format == "story" {
		return []float64{1, 6, 23}
	}
	return []float64{1, 6, 24, 48, 72, 168, 336, 672}
}

type capture struct {
	at    seconds
	post  string
	names []string
	value []int
}

// captures are all captures of a post: now and then one is missing or comes
// twice, and sometimes a network removes likes of spam, so that a count falls.
func (w *World) captures(p post) []capture {
	o := w.outcome(p)
	r := w.named("captures", p.ID, 0)
	list := ages(p)
	purge, kept := len(list), 1.0
	if r.chance(0.04) {
		purge, kept = 2+r.below(max(1, len(list)-2)), r.between(0.86, 0.97)
	}
	var captures []capture
	for i, hours := range list {
		late := seconds(r.below(20 * 60))
		missing, twice := r.chance(0.04), r.chance(0.02)
		if missing {
			continue
		}
		c := capture{at: p.at + seconds(hours*3600) + late, post: p.ID, names: o.names}
		share := o.grown(hours + float64(late)/3600)
		for _, name := range o.names {
			v := float64(o.final[name]) * share
			if i >= purge && (name == "likes" || name == "comments") {
				v *= kept
			}
			c.value = append(c.value, int(math.Floor(v+1e-9)))
		}
		captures = append(captures, c)
		if twice {
			captures = append(captures, c)
		}
	}
	return captures
}

// clickOrders are the orders that a post brings in the mean over its lifetime,
// at scale 1.
func clickOrders(p post, o outcome) float64 {
	return min(mostOrders, float64(o.final["clicks"])*ordersPerClick*salesFactor(p.Category))
}

// postClaims are the orders of a day that posts bring, by people who may be
// anybody among the customers.
func (w *World) postClaims(d date.Date, posts []post) []claim {
	var list []claim
	from := midnight(d)
	for _, p := range posts {
		age := float64(from-p.at) / float64(hour)
		if age <= -24 || age >= lifetime {
			continue
		}
		o := w.outcome(p)
		share := o.grown(age+24) - o.grown(age)
		r := w.named("post orders", p.ID, int(d))
		mean := clickOrders(p, o)
		if w.options.Null {
			mean = w.neutral[p.Network].orders
		}
		for range r.poisson(mean * share * w.options.Scale) {
			list = append(list, claim{origin: p.origin(), result: -1, after: p.at})
		}
	}
	return list
}

func snapshotsHeader() string { return "post_id,captured_at,metric,value\n" }

// appendSnapshots writes the captures of the posts that fall into [from, to),
// in order of time.
func (w *World) appendSnapshots(b []byte, posts []post, from, to seconds) []byte {
	var list []capture
	for _, p := range posts {
		if p.at >= to || p.at+seconds(lifetime)*hour+oneDay < from {
			continue
		}
		for _, c := range w.captures(p) {
			if c.at >= from && c.at < to {
				list = append(list, c)
			}
		}
	}
	slices.SortStableFunc(list, func(x, y capture) int { return int(x.at - y.at) })
	for _, c := range list {
		for i, name := range c.names {
			b = append(b, c.post...)
			b = append(b, ',')
			b = appendTime(b, c.at)
			b = appendText(b, name)
			b = appendInt(b, c.value[i])
			b = append(b, '\n')
		}
	}
	return b
}
