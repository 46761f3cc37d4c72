package demo

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/rickb777/date/v2"
)

// channel is a way of advertising with a response curve of its own. A day's
// spend s of all its ads together brings
//
//	coefficient * s^shape / (s^shape + half^shape) * demand^0.5
//
// orders in the mean, at the objective that the history used. There is no
// carryover from day to day.
type channel struct {
	id, platform, objective, medium string
	coefficient, half, shape        float64 // orders a day, TRY a day
	mean                            float64 // TRY a day that the history spends
	fresh                           float64 // share of the buyers who are new
	cpm, ctr                        float64
	sets                            []string
}

const demandExponent = 0.5

// channels lists the shop's channels at the world's scale: retargeting is far
// past its half saturation, TikTok far below it.
func (w *World) channels() []channel {
	list := []channel{
		{"meta_prospecting", "meta", "sales", "paid_social", 16, 2000, 1.2, 1400, 0.75, 45, 0.012, []string{"genis-25-44", "benzer-kitle"}},
		{"meta_retargeting", "meta", "sales", "paid_social", 6, 300, 1.3, 1300, 0, 70, 0.020, []string{"sepet-7g", "ziyaret-30g"}},
		{"tiktok_prospecting", "tiktok", "sales", "paid_social", 22, 1800, 1.0, 350, 0.80, 30, 0.008, []string{"genis-18-34", "ilgi-cilt-bakimi"}},
		{"google_demandgen", "google", "sales", "cpc", 9, 900, 1.1, 700, 0.60, 55, 0.010, []string{"ilgi-guzellik", "ozel-segment"}},
		{"x_traffic", "x", "traffic", "paid_social", 1.6, 600, 1.0, 250, 0.70, 40, 0.006, []string{"ilgi-alanlari", "takipci-benzeri"}},
	}
	for i := range list {
		c := &list[i]
		c.coefficient *= w.options.Scale
		c.half *= w.options.Scale
		c.mean *= w.options.Scale
	}
	return list
}

// hill is the channel's mean of orders on an ordinary day.
func (c channel) hill(spend float64) float64 {
	if spend <= 0 {
		return 0
	}
	p := math.Pow(spend/c.half, c.shape)
	return c.coefficient * p / (1 + p)
}

// objectiveFactor is what an ad of an objective sells against one for sales.
func objectiveFactor() map[string]float64 {
	return map[string]float64{
		"sales": 1, "catalog_sales": 1, "traffic": 0.5, "leads": 0.4,
		"engagement": 0.15, "video_views": 0.1, "awareness": 0.1, "app_promotion": 0.1,
	}
}

// ad is one ad of a day with the amount it may spend, in kuruş.
type ad struct {
	RunningAd
	channel channel
	amount  int64
}

// adResult is what an ad did on a day.
type adResult struct {
	ad
	spend                                  int64 // kuruş
	impressions, reach, clicks, conversion int
	value                                  int64 // kuruş, filled in by the orders
}

type adDay struct{ results []adResult }

// plannedAds are the ads of a day of history. The weekly amounts vary, rise
// slowly, and are raised around special days, when demand is high anyway.
func (w *World) plannedAds(d date.Date) []ad {
	var list []ad
	for _, c := range w.channels() {
		r := w.keyed("weekly amount "+c.id, week(d), 0)
		amount := c.mean * r.lognormal(0.35) * math.Exp(0.012*(w.month(d)-float64(w.options.Months)/2))
		if w.special(d) > 0.2 {
			amount *= 1.4
		}
		campaign := fmt.Sprintf("%s_%s_%s", d.Format("2006-01"), c.objective, c.id)
		for i, set := range c.sets {
			for k, name := range []string{"video-a", "gorsel-b"} {
				share := []float64{0.6, 0.4}[i] * []float64{0.55, 0.45}[k]
				list = append(list, ad{
					RunningAd: RunningAd{Campaign: campaign, AdSet: set, Ad: name, Platform: c.platform, Objective: c.objective, Channel: c.id},
					channel:   c,
					amount:    int64(math.Round(amount*share)) * 100,
				})
			}
		}
	}
	return list
}

// week numbers the advertising weeks, Sunday to Saturday.
func week(d date.Date) int { return (int(d) + 1) / 7 }

// delivery is the share of the daily amount that a platform spends on a day.
// Meta may pass it by three quarters and Google may double it, but a week does
// not cost more than seven daily amounts; TikTok and X stay below it.
func (w *World) delivery(a ad, d date.Date) float64 {
	r := w.named("delivery", a.key(), week(d))
	var days [7]float64
	sum := 0.0
	for i := range days {
		switch a.Platform {
		case "meta", "google":
			days[i] = r.lognormal(0.2)
		default:
			days[i] = min(1, 0.95+0.04*r.normal())
		}
		sum += days[i]
	}
	share := days[(monday(d)+1)%7]
	switch a.Platform {
	case "meta":
		return min(1.75, share*min(1, 7/sum))
	case "google":
		return min(2, share*min(1, 7/sum))
	default:
		return max(0, share)
	}
}

func (a ad) key() string { return strings.Join([]string{a.Campaign, a.AdSet, a.Ad}, "\x00") }

// advertise runs a day's ads, in the order of their names.
func (w *World) advertise(d date.Date, ads []ad) adDay {
	ads = slices.Clone(ads)
	slices.SortFunc(ads, func(a, b ad) int { return strings.Compare(a.key(), b.key()) })
	spent := map[string]float64{}
	var day adDay
	for _, a := range ads {
		spend := int64(math.Round(float64(a.amount) * w.delivery(a, d)))
		day.results = append(day.results, adResult{ad: a, spend: spend})
		spent[a.channel.id] += float64(spend) / 100
	}
	factors := objectiveFactor()
	for i := range day.results {
		a := &day.results[i]
		if a.spend == 0 {
			continue
		}
		r := w.named("ad", a.key(), int(d))
		lira := float64(a.spend) / 100
		cpm, ctr := a.channel.cpm*math.Exp(0.015*w.month(d)), a.channel.ctr
		if a.Objective == "awareness" || a.Objective == "video_views" {
			cpm, ctr = cpm*0.6, ctr*0.5
		}
		a.impressions = r.poisson(lira / cpm * 1000 * r.lognormal(0.12))
		a.reach = r.binomial(a.impressions, 1/(1.25+0.2*r.float()))
		a.clicks = r.binomial(a.impressions, min(0.2, ctr*r.lognormal(0.15)))

		total := spent[a.channel.id]
		mean := a.channel.hill(total) * math.Pow(w.demand(d), demandExponent)
		mean *= factors[a.Objective] / factors[a.channel.objective]
		if w.options.Null {
			mean = a.channel.hill(a.channel.mean) * w.flat.response
		}
		noise := w.keyed("weekly response "+a.channel.id, week(d), 0)
		a.conversion = r.poisson(mean * lira / total * noise.lognormal(0.12))
	}
	return day
}

// brought draws whether a conversion is a new customer's; seq counts the
// day's conversions over all ads.
func (w *World) brought(d date.Date, a adResult, seq int) bool {
	r := w.keyed("brought", int(d), seq)
	return !w.options.Null && r.chance(a.channel.fresh)
}

func (w *World) broughtCustomers(d date.Date, day adDay) []customer {
	var list []customer
	seq := 0
	for _, a := range day.results {
		for range a.conversion {
			if w.brought(d, a, seq) {
				list = append(list, w.customer(d, broughtFrom+seq))
			}
			seq++
		}
	}
	return list
}

func adsHeader() string {
	return "day,platform,campaign,adset,ad,objective,currency,spend,impressions,reach,clicks,conversions,conversion_value,reported_at\n"
}

// appendAds writes two reports of each ad: the first on the next morning, a few
// percent short, and the restated one three days later.
func (w *World) appendAds(b []byte, d date.Date, day adDay) []byte {
	for _, restated := range []bool{false, true} {
		for _, a := range day.results {
			at, value := midnight(d+1)+7*hour, a.value
			if restated {
				at = midnight(d+4) + 7*hour
			} else {
				r := w.named("first report", a.key(), int(d))
				share := r.between(0.96, 1)
				a.spend = int64(math.Round(float64(a.spend) * share))
				a.impressions = int(float64(a.impressions) * share)
				a.reach = int(float64(a.reach) * share)
				a.clicks = int(float64(a.clicks) * share)
				if late := r.binomial(a.conversion, 0.06); late > 0 {
					value -= value * int64(late) / int64(a.conversion)
					a.conversion -= late
				}
			}
			b = appendDay(b, d)
			b = appendText(b, a.Platform, a.Campaign, a.AdSet, a.Ad, a.Objective, Currency)
			b = appendAmount(b, a.spend)
			b = appendInt(b, a.impressions)
			b = appendInt(b, a.reach)
			b = appendInt(b, a.clicks)
			b = appendInt(b, a.conversion)
			b = appendAmount(b, value)
			b = append(b, ',')
			b = appendTime(b, at)
			b = append(b, '\n')
		}
	}
	return b
}
