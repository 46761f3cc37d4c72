package demo

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/rickb777/date/v2"
)

// Truth is what was planted: what an estimator should find. Effects are on the
// log scale. In the null world the maps are there with zeros, and there are no
// waves, special days or winners.
type Truth struct {
	Schema int     `json:"schema"`
	Seed   uint64  `json:"seed"`
	Null   bool    `json:"null"`
	Scale  float64 `json:"scale"`
	Start  string  `json:"start"` // first day of the history
	End    string  `json:"end"`   // first day after it
	Zone   string  `json:"zone"`

	Engagement Engagement   `json:"engagement"`
	Confounded []Confounder `json:"confounded"`
	Orders     Orders       `json:"orders"`
	Channels   []Channel    `json:"channels"`
	// ObjectiveFactor multiplies the orders of a channel's curve, relative to the
	// objective that the history used.
	ObjectiveFactor map[string]float64 `json:"objective_factor"`
	DemandExponent  float64            `json:"demand_exponent"`
	Brands          []Brand            `json:"brands"`
	MentionShape    float64            `json:"mention_shape"` // variance of a daily count = mean + mean^2 / shape
	Waves           []Wave             `json:"waves"`
	Winners         Winners            `json:"winners"`
}

// Engagement holds the model of a post:
//
//	log exposure = network + format_reach + paid_reach + reach_growth * month + reach_spread * normal
//	log rate     = network + category + format + hour + weekday + paid + language + monthly_drift * month + noise_spread * normal
//	interactions = Poisson(exposure * rate)
//
// Interactions are likes, comments, shares and saves after 28 days, exposure is
// the network's denominator, month is the age since the start in months of
// 30.4375 days. There are no interactions between the effects.
type Engagement struct {
	Category     map[string]float64 `json:"category"`
	Format       map[string]float64 `json:"format"`
	Weekday      map[string]float64 `json:"weekday"`
	Language     map[string]float64 `json:"language"`
	Template     map[string]float64 `json:"template"`
	Paid         float64            `json:"paid"`
	MonthlyDrift float64            `json:"monthly_drift"`
	FormatReach  map[string]float64 `json:"format_reach"`
	PaidReach    float64            `json:"paid_reach"`
	ReachGrowth  float64            `json:"reach_growth"`
	NoiseSpread  float64            `json:"noise_spread"`
	ReachSpread  float64            `json:"reach_spread"`
	Viral        Viral              `json:"viral"`
	Networks     []NetworkTruth     `json:"networks"`
	// OrdersPerClick times a category's factor is what a post's clicks sell.
	OrdersPerClick float64            `json:"orders_per_click"`
	SalesFactor    map[string]float64 `json:"sales_factor"`
}

// Viral posts multiply their exposure by a Pareto factor from Least to Most.
type Viral struct {
	Share float64 `json:"share"`
	Least float64 `json:"least"`
	Tail  float64 `json:"tail"`
	Most  float64 `json:"most"`
}

// NetworkTruth is a network's level and its wave over the day: the effect at a
// local time h is amplitude * cos(2 pi (h - peak) / 24).
type NetworkTruth struct {
	Network     string      `json:"network"`
	Denominator string      `json:"denominator"`
	LogExposure float64     `json:"log_exposure"`
	LogRate     float64     `json:"log_rate"`
	Amplitude   float64     `json:"hour_amplitude"`
	Peak        float64     `json:"hour_peak"`
	Hour        [24]float64 `json:"hour"` // the effect at the half of each clock hour
	HalfLife    float64     `json:"half_life_hours"`
}

// Confounder tells how a habit of the shop misleads raw means.
type Confounder struct {
	Of     string `json:"of"`
	Habit  string `json:"habit"`
	Misled string `json:"misled"`
}

// Orders holds the demand of a day, on the log scale, and the customers' process.
type Orders struct {
	Weekday         map[string]float64 `json:"weekday"`
	YearlyAmplitude float64            `json:"yearly_amplitude"`
	YearlyPeakDay   int                `json:"yearly_peak_day"`
	Special         []SpecialDay       `json:"special"`
	// PurchaseShape and PurchaseRate (days) mix the customers' purchase rates,
	// DropoutShape and DropoutRate (days) their lifetimes: r, alpha, s and beta of
	// a Pareto/NBD model for days of ordinary demand.
	PurchaseShape float64 `json:"purchase_shape"`
	PurchaseRate  float64 `json:"purchase_rate"`
	DropoutShape  float64 `json:"dropout_shape"`
	DropoutRate   float64 `json:"dropout_rate"`
	CancelRate    float64 `json:"cancel_rate"`
	ReturnRate    float64 `json:"return_rate"`
	LostOrigin    float64 `json:"lost_origin"` // share of brought orders without UTM
	MonthlyRise   float64 `json:"monthly_rise"`
}

// SpecialDay lists the lifts around a special day; From and To are inclusive.
type SpecialDay struct {
	Name string  `json:"name"`
	Day  string  `json:"day"`
	From string  `json:"from"`
	To   string  `json:"to"`
	Lift float64 `json:"lift"`
}

// Channel is a channel's curve: spend s a day of all its ads brings, on a day of
// demand 1, Coefficient * s^Shape / (s^Shape + HalfSaturation^Shape) orders in
// the mean, without carryover, times demand to the DemandExponent. In the null
// world it brings none, and Flat orders a day are reported whatever is spent.
type Channel struct {
	ID             string  `json:"id"`
	Platform       string  `json:"platform"`
	Objective      string  `json:"objective"`
	Coefficient    float64 `json:"coefficient"`
	HalfSaturation float64 `json:"half_saturation"`
	Shape          float64 `json:"shape"`
	MeanSpend      float64 `json:"mean_spend"` // TRY a day, about, in the history
	Response       float64 `json:"response"`   // orders a day at MeanSpend
	Marginal       float64 `json:"marginal"`   // further orders per further 1,000 TRY at MeanSpend
	Verdict        string  `json:"verdict"`    // saturated, under-spent, or empty
	Flat           float64 `json:"flat"`
	NewCustomers   float64 `json:"new_customers"` // share of the buyers
}

// Brand is a brand's mean of mentions a day outside waves and its moods.
type Brand struct {
	ID       string             `json:"id"`
	Name     string             `json:"name"`
	Own      bool               `json:"own"`
	Mentions float64            `json:"mentions"`
	Moods    map[string]float64 `json:"moods"`
}

// Wave is a time of bad mentions of the own brand, local times, To exclusive.
type Wave struct {
	Name          string  `json:"name"`
	From          string  `json:"from"`
	Peak          string  `json:"peak"`
	To            string  `json:"to"`
	HalfLife      float64 `json:"half_life_hours"`
	VolumeFactor  float64 `json:"volume_factor"` // extra mentions an hour at the peak, in means of an hour
	NegativeShare float64 `json:"negative_share"`
	Played        bool    `json:"played"` // after the history
}

// Winners are the answers a good analysis gives.
type Winners struct {
	Category   []string           `json:"category"` // best first
	Format     []string           `json:"format"`   // best first, where a network has it
	Hour       map[string]float64 `json:"hour"`     // by network
	Weekday    string             `json:"weekday"`
	RaiseSpend []string           `json:"raise_spend"` // by marginal orders, best first
	CutSpend   []string           `json:"cut_spend"`   // worst first
}

// Truth tells what is planted in this world, by which estimators are judged.
func (w *World) Truth() Truth {
	on := 1.0
	if w.options.Null {
		on = 0
	}
	weekdays := []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
	byDay := func(values [7]float64) map[string]float64 {
		m := map[string]float64{}
		for i, v := range values {
			m[weekdays[i]] = v*on + 0 // the sum turns a negative zero into zero
		}
		return m
	}
	scaled := func(values map[string]float64) map[string]float64 {
		for k := range values {
			values[k] = values[k]*on + 0
		}
		return values
	}
	t := Truth{
		Schema: 1, Seed: w.options.Seed, Null: w.options.Null, Scale: w.options.Scale,
		Start: w.options.Start.String(), End: w.end.String(), Zone: Zone,
		Engagement: Engagement{
			Category: scaled(categoryEffects()), Format: scaled(formatEffects()), Weekday: byDay(weekdayEffects()),
			Language: scaled(map[string]float64{"tr": 0, "en": englishEffect}), Template: map[string]float64{},
			Paid: paidEffect * on, MonthlyDrift: monthlyDrift,
			FormatReach: scaled(formatReach()), PaidReach: paidReach * on, ReachGrowth: reachGrowth,
			NoiseSpread: noiseSpread, ReachSpread: reachSpread,
			Viral:          Viral{viralRate, viralLeast, viralTail, viralMost},
			OrdersPerClick: ordersPerClick * on, SalesFactor: map[string]float64{},
		},
		Orders: Orders{
			Weekday: byDay(weekdayDemand()), YearlyAmplitude: yearlyAmplitude * on, YearlyPeakDay: yearlyPeak,
			PurchaseShape: purchaseShape, PurchaseRate: purchaseRate, DropoutShape: dropoutShape, DropoutRate: dropoutRate,
			CancelRate: cancelRate, ReturnRate: (1 - cancelRate) * returnRate, LostOrigin: lostOrigin, MonthlyRise: monthlyRise,
		},
		ObjectiveFactor: objectiveFactor(), DemandExponent: demandExponent * on, MentionShape: mentionShape,
	}
	for _, h := range habits() {
		t.Engagement.Template[h.template] = 0
		t.Engagement.SalesFactor[h.category] = max(1, salesFactor(h.category)*on)
	}
	for _, p := range places() {
		n := NetworkTruth{
			Network: p.network, Denominator: p.denominator, LogExposure: p.exposure, LogRate: p.rate,
			Amplitude: p.amplitude * on, Peak: p.peak, HalfLife: p.halfLife,
		}
		if w.options.Null {
			n.LogExposure += w.neutral[p.network].reach
			n.LogRate += w.neutral[p.network].rate
		}
		for h := range n.Hour {
			n.Hour[h] = p.hourEffect(float64(h)+0.5)*on + 0
		}
		t.Engagement.Networks = append(t.Engagement.Networks, n)
	}
	t.Channels = w.channelTruths()
	for _, v := range w.rivals() {
		b := Brand{ID: v.id, Name: v.name, Own: v.id == ownBrand, Mentions: v.volume, Moods: map[string]float64{}}
		for i, mood := range moods() {
			b.Moods[mood] = v.moods[i]
		}
		t.Brands = append(t.Brands, b)
	}
	for _, v := range w.waves() {
		at := func(hours float64) string { return (v.start + seconds(hours*3600)).stamp() }
		t.Waves = append(t.Waves, Wave{v.name, at(0), at(v.rise), at(v.length), v.half, v.factor * waveIntensity, v.negative, v.start >= midnight(w.end)})
	}
	if !w.options.Null {
		t.Confounded = confounders()
		t.Orders.Special = w.specialDays()
		t.Winners = w.winners(t)
	}
	return t
}

func (w *World) channelTruths() []Channel {
	var list []Channel
	for _, c := range w.channels() {
		v := Channel{
			ID: c.id, Platform: c.platform, Objective: c.objective, Coefficient: c.coefficient, HalfSaturation: c.half,
			Shape: c.shape, MeanSpend: c.mean, Response: c.hill(c.mean), NewCustomers: c.fresh,
		}
		p := math.Pow(c.mean/c.half, c.shape)
		v.Marginal = 1000 * c.coefficient * c.shape * p / (c.mean * (1 + p) * (1 + p))
		switch {
		case c.mean > 2*c.half:
			v.Verdict = "saturated"
		case c.mean < c.half/4:
			v.Verdict = "under-spent"
		}
		if w.options.Null {
			v.Flat = v.Response * w.flat.response
			v.Coefficient, v.Response, v.Marginal, v.Verdict, v.NewCustomers = 0, 0, 0, "", 0
		}
		list = append(list, v)
	}
	return list
}

func confounders() []Confounder {
	return []Confounder{
		{
			"category by hour", "three quarters of nasil_yapilir go out from 8 to 11, three quarters of topluluk from 18 to 22",
			"by raw means topluluk ranks above nasil_yapilir, although its effect is smaller by 0.25",
		},
		{
			"paid by category and month", "promotion grows over the history and goes mostly to kampanya, while rates drift down",
			"by raw means promoted posts have a lower rate, although the effect of promotion is positive",
		},
		{
			"format by category", "nasil_yapilir leans to moving pictures, kampanya away from them",
			"raw differences of formats hold a part of the categories'",
		},
		{
			"template by category", "seven posts in ten carry their category's template",
			"templates differ by raw means, although no template has an effect",
		},
		{
			"spend by demand", "amounts are raised around special days, when orders come anyway",
			"orders over spend without the season make every channel look better",
		},
	}
}

// specialDays lists the lifts from the start of the history to a year after it.
func (w *World) specialDays() []SpecialDay {
	var list []SpecialDay
	from, to := w.options.Start, w.end+365
	for year := from.Year(); year <= min(to.Year()+1, 2033); year++ {
		for _, o := range w.occasions(year) {
			for _, s := range o.spans {
				a, b := o.day+date.Date(s.from), o.day+date.Date(s.to)
				if b >= from && a < to {
					list = append(list, SpecialDay{o.name, o.day.String(), a.String(), b.String(), s.lift})
				}
			}
		}
	}
	slices.SortStableFunc(list, func(a, b SpecialDay) int { return strings.Compare(a.From, b.From) })
	return list
}

func (w *World) winners(t Truth) Winners {
	v := Winners{Category: ranked(t.Engagement.Category), Format: ranked(t.Engagement.Format), Hour: map[string]float64{}}
	v.Weekday = ranked(t.Engagement.Weekday)[0]
	for _, n := range t.Engagement.Networks {
		v.Hour[n.Network] = n.Peak
	}
	marginal := map[string]float64{}
	for _, c := range t.Channels {
		marginal[c.ID] = c.Marginal
	}
	v.RaiseSpend = ranked(marginal)
	v.CutSpend = slices.Clone(v.RaiseSpend)
	slices.Reverse(v.CutSpend)
	v.RaiseSpend, v.CutSpend = v.RaiseSpend[:2], v.CutSpend[:2]
	return v
}

// ranked lists the names by falling value, equal ones by name.
func ranked(values map[string]float64) []string {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if values[a] != values[b] {
			if values[a] > values[b] {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	return names
}

func (t Truth) json() ([]byte, error) {
	b, err := json.MarshalIndent(t, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write truth: %w", err)
	}
	return append(b, '\n'), nil
}
