package reputation

import (
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/stat"
)

// SummaryOptions say over which days mentions are summarised. The zero options
// mean the defaults named at each field.
type SummaryOptions struct {
	// Period limits the days; days without a mention count as such. Default: from
	// the first mention's day to the last one's.
	Period sosyal.Period
	// Zone is the one that days are counted in. Default UTC.
	Zone *time.Location
	// Level is that of the intervals. Default 0.95.
	Level float64
	// MinDays is how many days a summary needs. Default 7.
	MinDays int
}

func (o SummaryOptions) withDefaults() (SummaryOptions, error) {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Level == 0 {
		o.Level = 0.95
	}
	if o.MinDays == 0 {
		o.MinDays = 7
	}
	var p sosyal.Problems
	p.Require(o.Level > 0 && o.Level < 1, "level", "must be between 0 and 1", fmt.Sprint(o.Level))
	p.Require(o.MinDays >= 2, "min_days", "must be at least 2", fmt.Sprint(o.MinDays))
	return o, p.Err()
}

// Portion is a share with its interval.
type Portion struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Voice is how much of the talk is about each tracked brand.
type Voice struct {
	Period sosyal.Period `json:"period"`
	// N is the number of mentions of all tracked brands.
	N      int          `json:"n"`
	Level  float64      `json:"level"`
	Brands []BrandVoice `json:"brands"`
}

// BrandVoice is one brand's part.
type BrandVoice struct {
	About Tracked `json:"about"`
	N     int     `json:"n"`
	Share Portion `json:"share"`
}

// ShareOfVoice divides the mentions over the tracked brands, the most spoken of
// first. The interval is that of a ratio over days (Cochran, Sampling Techniques,
// 1977, 6.3) on the logit scale with Student's t: a day is one draw, so bursts
// of talk within a day widen it as they should; that one day resembles the next
// does not enter. An error among the mentions ends the work; too few days are
// [sosyal.ErrInsufficientData].
func ShareOfVoice(mentions iter.Seq2[Mention, error], opt SummaryOptions) (Voice, error) {
	opt, err := opt.withDefaults()
	if err != nil {
		return Voice{}, err
	}
	days := newDays(opt)
	for m, err := range mentions {
		if err != nil {
			return Voice{}, err
		}
		days.add(m, string(m.About))
	}
	total, err := days.total()
	if err != nil {
		return Voice{}, err
	}
	out := Voice{Period: days.period, N: int(sum(total)), Level: opt.Level}
	for _, about := range slices.Sorted(maps.Keys(days.counts)) {
		of := days.of(about)
		out.Brands = append(out.Brands, BrandVoice{Tracked(about), int(sum(of)), portion(of, total, opt.Level)})
	}
	slices.SortStableFunc(out.Brands, func(a, b BrandVoice) int { return b.N - a.N })
	return out, nil
}

// Mood is the net sentiment of mentions. Both definitions in use are given,
// because they differ and are called the same.
type Mood struct {
	Period   sosyal.Period `json:"period"`
	Positive int           `json:"positive"`
	Neutral  int           `json:"neutral"`
	Negative int           `json:"negative"`
	// Unsure is how many mentions carry no mood.
	Unsure int     `json:"unsure"`
	Level  float64 `json:"level"`
	// OfAll is (positive - negative) / all mentions that a classifier was sure of.
	// It is the more common one.
	OfAll Portion `json:"of_all"`
	// OfOpinions is (positive - negative) / (positive + negative).
	OfOpinions Portion `json:"of_opinions"`
}

// NetSentiment sums up the mood of mentions, which must carry sentiment. The
// intervals are from the scatter between days as in [ShareOfVoice]; they say
// nothing of the classifier's own errors. Without any opinion it is
// [sosyal.ErrInsufficientData].
func NetSentiment(mentions iter.Seq2[Mention, error], opt SummaryOptions) (Mood, error) {
	opt, err := opt.withDefaults()
	if err != nil {
		return Mood{}, err
	}
	days := newDays(opt)
	for m, err := range mentions {
		if err != nil {
			return Mood{}, err
		}
		days.add(m, string(m.Sentiment.Label))
	}
	if _, err := days.total(); err != nil {
		return Mood{}, err
	}
	positive, neutral, negative := days.of(string(Positive)), days.of(string(Neutral)), days.of(string(Negative))
	out := Mood{
		Period: days.period, Level: opt.Level,
		Positive: int(sum(positive)), Neutral: int(sum(neutral)), Negative: int(sum(negative)), Unsure: int(sum(days.of(string(Unsure)))),
	}
	if out.Positive+out.Negative == 0 {
		return out, fmt.Errorf("no mention carries an opinion: %w", sosyal.ErrInsufficientData)
	}
	opinions, all := plus(positive, negative), plus(positive, negative, neutral)
	out.OfOpinions = net(positive, negative, opinions, opt.Level)
	out.OfAll = net(positive, negative, all, opt.Level)
	return out, nil
}

// days counts mentions by kind and day.
type days struct {
	opt    SummaryOptions
	period sosyal.Period
	counts map[string]map[date.Date]float64
}

func newDays(opt SummaryOptions) *days {
	return &days{opt: opt, period: opt.Period, counts: map[string]map[date.Date]float64{}}
}

func (d *days) add(m Mention, kind string) {
	day := sosyal.DateOf(m.At, d.opt.Zone)
	if d.opt.Period != (sosyal.Period{}) {
		if day < d.period.From || day >= d.period.To {
			return
		}
	} else {
		if d.period == (sosyal.Period{}) {
			d.period = sosyal.Period{From: day, To: day + 1}
		}
		d.period.From, d.period.To = min(d.period.From, day), max(d.period.To, day+1)
	}
	if d.counts[kind] == nil {
		d.counts[kind] = map[date.Date]float64{}
	}
	d.counts[kind][day]++
}

// of returns the counts of a kind for each day of the period.
func (d *days) of(kind string) []float64 {
	out := make([]float64, 0, d.period.Days())
	for day := range d.period.All() {
		out = append(out, d.counts[kind][day])
	}
	return out
}

func (d *days) total() ([]float64, error) {
	if d.period.Days() < d.opt.MinDays {
		return nil, fmt.Errorf("%d days of mentions, %d are needed: %w", d.period.Days(), d.opt.MinDays, sosyal.ErrInsufficientData)
	}
	total := make([]float64, d.period.Days())
	for kind := range d.counts {
		total = plus(total, d.of(kind)) // whole numbers: the order does not show
	}
	if sum(total) == 0 {
		return nil, fmt.Errorf("no mentions: %w", sosyal.ErrInsufficientData)
	}
	return total, nil
}

func plus(lists ...[]float64) []float64 {
	out := make([]float64, len(lists[0]))
	for _, list := range lists {
		for i, v := range list {
			out[i] += v
		}
	}
	return out
}

func sum(values []float64) float64 {
	s := 0.0
	for _, v := range values {
		s += v
	}
	return s
}

// ratioError returns a ratio of sums over days and its standard error.
func ratioError(top, bottom []float64) (ratio, se float64) {
	n := float64(len(top))
	ratio = sum(top) / sum(bottom)
	squares := 0.0
	for i := range top {
		e := top[i] - ratio*bottom[i]
		squares += e * e
	}
	return ratio, math.Sqrt(n/(n-1)*squares) / sum(bottom)
}

func portion(top, bottom []float64, level float64) Portion {
	p, se := ratioError(top, bottom)
	if p <= 0 || p >= 1 {
		return Portion{p, p, p}
	}
	half := stat.TQuantile(0.5+level/2, float64(len(top)-1)) * se / (p * (1 - p))
	logit := math.Log(p / (1 - p))
	back := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	return Portion{p, back(logit - half), back(logit + half)}
}

// net is (positive - negative) / bottom, which lies between -1 and 1.
func net(positive, negative, bottom []float64, level float64) Portion {
	difference := make([]float64, len(positive))
	for i := range difference {
		difference[i] = positive[i] - negative[i]
	}
	v, se := ratioError(difference, bottom)
	half := stat.TQuantile(0.5+level/2, float64(len(positive)-1)) * se
	return Portion{v, max(-1, v-half), min(1, v+half)}
}
