package engagement

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/stat"
)

const (
	// testedHarmonics are the waves per day that the test of the hour looks for:
	// one and two, which no random scatter of hours imitates easily.
	testedHarmonics = 2
	// smoothHarmonics are those that the shrunk curve is made of; the k-th counts
	// 1/k, so that the curve is smooth unless the data insist.
	smoothHarmonics = 4

	hourWaves     = "hour_waves"
	networkWaves  = "network_waves"
	weekdays      = "weekdays"
	networkByDays = "network_weekdays"
)

// clock is when the posts of each cell went out, as far as it is known.
type clock struct {
	network []int // index of the network of each cell
	names   []sosyal.Network
	hour    []int
	weekday []time.Weekday
	hasDay  bool
}

// times fits the effect of hour and weekday.
func (f *frame) times(zone string, groups []Group, opt AnalyzeOptions) (BestTimes, error) {
	b := BestTimes{
		Zone: zone, Level: opt.Level,
		Hours: TimeEffect{P: 1, NoEvidence: true}, Weekdays: TimeEffect{P: 1, NoEvidence: true},
	}
	if zone != "" {
		location, err := sosyal.LoadZone(zone)
		if err != nil {
			return BestTimes{}, err
		}
		b.location = location
	}
	for _, g := range groups {
		if g.Dimension.content() && g.Dimension != ByCampaign && g.Value != "" {
			b.Content = append(b.Content, Component{g.Dimension, g.Value, g.Shrunk.Value})
		}
	}
	c, ok := f.clock()
	if !ok {
		b.Reasons = []sosyal.Reason{sosyal.Because("engagement.times.unknown")}
		return b, nil
	}
	b.Shared, b.Networks = c.habits(f)
	c.setPriors(&b, f, opt.Prior)
	if err := f.testTimes(c, &b, opt); err != nil {
		return BestTimes{}, err
	}
	if !b.Hours.NoEvidence || !b.Weekdays.NoEvidence {
		if err := f.fitTimes(c, &b); err != nil {
			return BestTimes{}, err
		}
	}
	b.Reasons = []sosyal.Reason{b.Hours.reason(ByHour), b.Weekdays.reason(ByWeekday)}
	return b, nil
}

// smallestP is the smallest p-value that is told: below it the approximations
// behind it no longer hold, and written with three decimals it would be zero.
const smallestP = 0.001

func (e TimeEffect) reason(d Dimension) sosyal.Reason {
	code, p := "engagement.times.matter", e.P
	switch {
	case e.NoEvidence:
		code = "engagement.times.no_evidence"
	case p < smallestP:
		code, p = "engagement.times.matter_clearly", smallestP
	}
	return sosyal.Because(code, sosyal.TermArg("dimension", d), sosyal.NumberArg("p", p, 3))
}

// clock reads the hours, weekdays and networks of the cells; ok is false where
// posts are not told apart by hour.
func (f *frame) clock() (clock, bool) {
	hours, ok := f.factor(ByHour)
	if !ok {
		return clock{}, false
	}
	c := clock{
		hour: make([]int, len(f.cells)), weekday: make([]time.Weekday, len(f.cells)), network: make([]int, len(f.cells)),
		names: []sosyal.Network{""},
	}
	for i, l := range hours.of {
		c.hour[i], _ = hourOf(hours.levels[l])
	}
	days, ok := f.factor(ByWeekday)
	c.hasDay = ok
	if ok {
		for i, l := range days.of {
			c.weekday[i] = time.Weekday((weekdayNumber(days.levels[l]) + 1) % 7)
		}
	}
	if networks, ok := f.factor(ByNetwork); ok {
		c.network, c.names = networks.of, nil
		for _, l := range networks.levels {
			c.names = append(c.names, sosyal.Network(l))
		}
	} else {
		c.names[0] = sosyal.Network(f.single[ByNetwork])
	}
	return c, true
}

// habits counts when the brand has been posting.
func (c clock) habits(f *frame) (Curve, []Curve) {
	var shared Curve
	networks := make([]Curve, len(c.names))
	for i, n := range c.names {
		networks[i].Network = n
	}
	for i := range f.cells {
		n := f.tally[i].N
		shared.Posts[c.weekday[i]][c.hour[i]] += n
		networks[c.network[i]].Posts[c.weekday[i]][c.hour[i]] += n
	}
	return shared, networks
}

// setPriors writes the prior into the curves and makes it the known part of the
// model.
func (c clock) setPriors(b *BestTimes, f *frame, prior Prior) {
	if prior == nil {
		return
	}
	for i := range b.Networks {
		table := new([7][24]float64)
		for d := range time.Weekday(7) {
			for h := range 24 {
				if v := prior(c.names[i], d, h); v > 0 && !math.IsInf(v, 1) {
					table[d][h] = math.Log(v)
				}
			}
		}
		b.Networks[i].Prior = table
	}
	f.offset = make([]float64, len(f.cells))
	for i := range f.cells {
		f.offset[i] = b.Networks[c.network[i]].Prior[c.weekday[i]][c.hour[i]]
	}
}

// waves are the harmonics of an hour, at half past.
func waves(hour, harmonics int, weighted bool) []float64 {
	out := make([]float64, 0, 2*harmonics)
	for k := 1; k <= harmonics; k++ {
		angle := 2 * math.Pi * float64(k) * (float64(hour) + 0.5) / 24
		weight := 1.0
		if weighted {
			weight = 1 / float64(k)
		}
		out = append(out, weight*math.Cos(angle), weight*math.Sin(angle))
	}
	return out
}

func entries(from int, values []float64) []stat.Entry {
	out := make([]stat.Entry, len(values))
	for i, v := range values {
		out[i] = stat.Entry{Column: from + i, Value: v}
	}
	return out
}

// testTimes asks whether hours and weekdays matter at all once everything else
// is taken into account: two tests, held together to the false discovery rate.
func (f *frame) testTimes(c clock, b *BestTimes, opt AnalyzeOptions) error {
	fixed := []block{{hourWaves, 2 * testedHarmonics, func(i int) []stat.Entry {
		return entries(0, waves(c.hour[i], testedHarmonics, false))
	}}}
	days, hasDays := f.factor(ByWeekday)
	if hasDays {
		fixed = append(fixed, days.block())
	}
	var random []block
	others := f.without(ByHour, ByDaypart, ByWeekday)
	effects := 1 + 2.0*testedHarmonics + 6
	for _, fac := range others {
		effects += float64(len(fac.levels) - 1)
	}
	for _, fac := range others {
		if f.n >= postsPerEffect*effects || len(fac.levels) < 3 {
			fixed = append(fixed, fac.block())
		} else {
			random = append(random, fac.block())
		}
	}
	m, err := f.fit(fixed, random)
	if err != nil {
		return fmt.Errorf("fitting times: %w", sosyal.ErrInsufficientData)
	}
	var hours, dayContrasts [][]stat.Entry
	for i := range 2 * testedHarmonics {
		if contrast := []stat.Entry{{Column: m.from[hourWaves] + i, Value: 1}}; m.Estimable(contrast) {
			hours = append(hours, contrast)
		}
	}
	if hasDays {
		for i := 1; i < len(days.levels); i++ {
			first := m.from[string(ByWeekday)]
			if contrast := []stat.Entry{{Column: first, Value: -1}, {Column: first + i, Value: 1}}; m.Estimable(contrast) {
				dayContrasts = append(dayContrasts, contrast)
			}
		}
	}
	b.Hours.P, b.Weekdays.P = m.Wald(hours, m.FreedomLeft()), m.Wald(dayContrasts, m.FreedomLeft())
	q := stat.BenjaminiHochberg([]float64{b.Hours.P, b.Weekdays.P})
	b.Hours.NoEvidence, b.Weekdays.NoEvidence = q[0] > opt.FDR, q[1] > opt.FDR
	return nil
}

// fitTimes fits the shrunk curves of what there is evidence for.
func (f *frame) fitTimes(c clock, b *BestTimes) error {
	var fixed, random []block
	others := f.without(ByHour, ByDaypart, ByWeekday)
	effects := 1 + 2.0*smoothHarmonics + 6
	for _, fac := range others {
		effects += float64(len(fac.levels) - 1)
	}
	for _, fac := range others {
		if len(fac.levels) < 3 || fac.dimension == ByNetwork || f.n >= postsPerEffect*effects {
			fixed = append(fixed, fac.block())
		} else {
			random = append(random, fac.block())
		}
	}
	networks := len(c.names)
	wave := 2 * smoothHarmonics
	if !b.Hours.NoEvidence {
		random = append(random, block{hourWaves, wave, func(i int) []stat.Entry {
			return entries(0, waves(c.hour[i], smoothHarmonics, true))
		}})
		if networks > 1 {
			random = append(random, block{networkWaves, wave * networks, func(i int) []stat.Entry {
				return entries(wave*c.network[i], waves(c.hour[i], smoothHarmonics, true))
			}})
		}
	}
	if !b.Weekdays.NoEvidence {
		random = append(random, block{weekdays, 7, func(i int) []stat.Entry {
			return []stat.Entry{{Column: int(c.weekday[i]), Value: 1}}
		}})
		if networks > 1 {
			random = append(random, block{networkByDays, 7 * networks, func(i int) []stat.Entry {
				return []stat.Entry{{Column: 7*c.network[i] + int(c.weekday[i]), Value: 1}}
			}})
		}
	}
	m, err := f.fit(fixed, random)
	if err != nil {
		return fmt.Errorf("fitting times: %w", sosyal.ErrInsufficientData)
	}
	m.curve(&b.Shared, -1, b)
	for i := range b.Networks {
		m.curve(&b.Networks[i], i, b)
	}
	return nil
}

// curve reads a network's curve off the fit, against the average of the times at
// which the brand posts there; network -1 is the shared one.
func (m model) curve(c *Curve, network int, b *BestTimes) {
	var byHour [24]float64
	var byDay [7]float64
	total := 0.0
	for d := range 7 {
		for h := range 24 {
			n := float64(c.Posts[d][h])
			byHour[h], byDay[d], total = byHour[h]+n, byDay[d]+n, total+n
		}
	}
	if !b.Hours.NoEvidence {
		average := make([]float64, 2*smoothHarmonics)
		for h := range 24 {
			for k, v := range waves(h, smoothHarmonics, true) {
				average[k] += byHour[h] / total * v
			}
		}
		for h := range 24 {
			w := waves(h, smoothHarmonics, true)
			for k := range w {
				w[k] -= average[k]
			}
			contrast := entries(m.from[hourWaves], w)
			if from, ok := m.from[networkWaves]; ok && network >= 0 {
				contrast = slices.Concat(contrast, entries(from+len(w)*network, w))
			}
			c.Hours[h], c.HourErrors[h] = m.Contrast(contrast)
		}
	}
	if !b.Weekdays.NoEvidence {
		for d := range 7 {
			w := make([]float64, 7)
			for k := range w {
				w[k] = -byDay[k] / total
			}
			w[d]++
			contrast := entries(m.from[weekdays], w)
			if from, ok := m.from[networkByDays]; ok && network >= 0 {
				contrast = slices.Concat(contrast, entries(from+7*network, w))
			}
			c.Weekdays[d], c.WeekdayErrors[d] = m.Contrast(contrast)
		}
	}
}
