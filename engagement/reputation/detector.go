package reputation

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/stat"
)

// Window is what was said in a span of time that ends at At: five minutes, an
// hour, a day, the same throughout.
type Window struct {
	At       time.Time `json:"at"`
	Mentions int       `json:"mentions"`
	// Negative is how many of them are negative; 0 throughout where nobody looks.
	Negative int `json:"negative"`
}

// Alarm is the answer to a window.
type Alarm struct {
	At time.Time `json:"at"`
	// Raised says that something is out of the ordinary and no alarm was raised
	// within the silence before.
	Raised bool `json:"raised"`
	// Score is from 0 to 1 and at least 0.5 where an alarm is raised. Within the
	// silence, and while the detector learns, it is 0.
	Score float64 `json:"score"`
	// Volume and Mood are how far the number of mentions and of negative ones lie
	// above what is usual, in standard deviations.
	Volume float64 `json:"volume"`
	Mood   float64 `json:"mood"`
	// Usual is the median of the mentions of a window and UsualNegative the share
	// of negative ones, over the time before.
	Usual         float64         `json:"usual"`
	UsualNegative float64         `json:"usual_negative"`
	Reasons       []sosyal.Reason `json:"reasons,omitempty"`
}

// Detector raises alarms on a stream of windows. It is online and causal: an
// answer depends on the windows up to it alone, and is never revised.
//
// Volume is judged by a robust z: the distance from the median of the trailing
// time over its interquartile range, on the square root of the counts, which
// evens out the scatter of small and large ones. Mood is judged by the number of
// negative mentions against the share that was negative before, with the
// variance of a beta-binomial whose overdispersion is estimated by moments from
// the windows before. After an alarm there is silence, because a crisis is one
// event; how much silence matters more than which statistic is used.
//
// The zero Detector is ready to use with the defaults named at each field. The
// fields must not change between calls. It is not safe for concurrent use; its
// JSON form carries all it has learned, so that it can be stored between calls.
type Detector struct {
	// Trailing is the time that is taken for usual. Default 7 days.
	Trailing time.Duration
	// Silence follows an alarm. Default 24 hours.
	Silence time.Duration
	// Learning is how long the first windows raise no alarm. Default 2 days.
	Learning time.Duration
	// Volume and Mood are the standard deviations that raise an alarm. Defaults 5
	// and 4.5.
	Volume, Mood float64
	// MinMentions and MinNegative are the counts below which a window raises none.
	// Defaults 10 and 5.
	MinMentions, MinNegative int

	windows []Window
	roots   []float64 // of the windows' mentions, ascending
	quiet   time.Time // end of the silence
	first   time.Time
	sums    moodSums
}

// moodSums are over the windows; the products only over those with more than
// one mention, which alone show overdispersion. Whole numbers do not drift.
type moodSums struct {
	mentions, negative        int
	n, nn, nNegative, squares int
}

func (m *moodSums) add(w Window, sign int) {
	m.mentions += sign * w.Mentions
	m.negative += sign * w.Negative
	if w.Mentions > 1 {
		m.n += sign * w.Mentions
		m.nn += sign * w.Mentions * w.Mentions
		m.nNegative += sign * w.Mentions * w.Negative
		m.squares += sign * w.Negative * w.Negative
	}
}

func (d *Detector) settings() Detector {
	s := Detector{
		Trailing: d.Trailing, Silence: d.Silence, Learning: d.Learning, Volume: d.Volume, Mood: d.Mood,
		MinMentions: d.MinMentions, MinNegative: d.MinNegative,
	}
	defaultTo(&s.Trailing, 7*24*time.Hour)
	defaultTo(&s.Silence, 24*time.Hour)
	defaultTo(&s.Learning, 2*24*time.Hour)
	defaultTo(&s.Volume, 5)
	defaultTo(&s.Mood, 4.5)
	defaultTo(&s.MinMentions, 10)
	defaultTo(&s.MinNegative, 5)
	return s
}

func defaultTo[T time.Duration | float64 | int](field *T, value T) {
	if *field == 0 {
		*field = value
	}
}

// Observe judges a window and learns from it. Windows must come in order; a
// window that does not, or whose counts cannot be, is [sosyal.ErrInvalid] and
// changes nothing.
func (d *Detector) Observe(w Window) (Alarm, error) {
	if err := d.validate(w); err != nil {
		return Alarm{}, err
	}
	s := d.settings()
	if d.first.IsZero() {
		d.first = w.At
	}
	d.drop(w.At.Add(-s.Trailing))
	a := Alarm{At: w.At}
	const fewest = 5 // windows without which there is no scatter to speak of
	if len(d.windows) >= fewest && w.At.Sub(d.first) >= s.Learning {
		d.judge(&a, w, s)
	}
	d.learn(w)
	return a, nil
}

func (d *Detector) validate(w Window) error {
	var p sosyal.Problems
	p.Require(!w.At.IsZero(), "at", "is required", "")
	p.Require(len(d.windows) == 0 || w.At.After(d.windows[len(d.windows)-1].At), "at", "must be after the window before", w.At.Format(time.RFC3339))
	p.Require(w.Mentions >= 0, "mentions", "must not be negative", strconv.Itoa(w.Mentions))
	p.Require(w.Negative >= 0 && w.Negative <= max(w.Mentions, 0), "negative", "must be from 0 to mentions", strconv.Itoa(w.Negative))
	p.Require(d.Trailing >= 0 && d.Silence >= 0 && d.Learning >= 0, "trailing", "spans must not be negative", "")
	return p.Err()
}

// drop forgets the windows up to an instant.
func (d *Detector) drop(until time.Time) {
	n := 0
	for n < len(d.windows) && !d.windows[n].At.After(until) {
		at, _ := slices.BinarySearch(d.roots, root(d.windows[n]))
		d.roots = slices.Delete(d.roots, at, at+1)
		d.sums.add(d.windows[n], -1)
		n++
	}
	d.windows = slices.Delete(d.windows, 0, n)
}

func (d *Detector) learn(w Window) {
	d.windows = append(d.windows, w)
	d.sums.add(w, 1)
	at, _ := slices.BinarySearch(d.roots, root(w))
	d.roots = slices.Insert(d.roots, at, root(w))
}

func root(w Window) float64 { return math.Sqrt(float64(w.Mentions)) }

func (d *Detector) judge(a *Alarm, w Window, s Detector) {
	median := stat.Quantile(d.roots, 0.5)
	// The interquartile range of a normal distribution is 1.349 standard
	// deviations. Counts of a quiet brand repeat, so the range may be 0: the
	// square root of a Poisson count scatters by a half.
	scatter := max((stat.Quantile(d.roots, 0.75)-stat.Quantile(d.roots, 0.25))/1.349, 0.5)
	a.Usual = median * median
	a.Volume = (root(w) - median) / scatter
	d.judgeMood(a, w)
	if w.At.Before(d.quiet) {
		return
	}
	strength, code := 0.0, ""
	if w.Mentions >= s.MinMentions {
		strength, code = a.Volume/s.Volume, "reputation.alarm.volume"
	}
	if m := a.Mood / s.Mood; w.Negative >= s.MinNegative && m > strength {
		strength, code = m, "reputation.alarm.negative"
	}
	if strength <= 0 {
		return
	}
	a.Score = strength / (1 + strength)
	if strength < 1 {
		return
	}
	a.Raised = true
	a.Reasons = []sosyal.Reason{sosyal.Because(code,
		sosyal.CountArg("n", w.Mentions), sosyal.NumberArg("usual", a.Usual, 0),
		sosyal.CountArg("negative", w.Negative), sosyal.PercentArg("usual_negative", a.UsualNegative, 0))}
	d.quiet = w.At.Add(s.Silence)
}

// judgeMood sets the mood of a window against the windows before. One half of
// each mood is added, so that a brand never spoken ill of has a share too.
func (d *Detector) judgeMood(a *Alarm, w Window) {
	mentions, negative := float64(d.sums.mentions), float64(d.sums.negative)
	p := (negative + 0.5) / (mentions + 1)
	a.UsualNegative = p
	if w.Mentions == 0 {
		return
	}
	// Overdispersion: Pearson's statistic over its expectation without any.
	squares := float64(d.sums.squares) - 2*p*float64(d.sums.nNegative) + p*p*float64(d.sums.nn)
	excess, weight := squares/(p*(1-p))-float64(d.sums.n), float64(d.sums.nn-d.sums.n)
	correlation := 0.0
	if weight > 0 {
		correlation = min(max(excess/weight, 0), 1)
	}
	n := float64(w.Mentions)
	// The share itself is only known from the mentions before.
	variance := n * p * (1 - p) * (1 + (n-1)*correlation + n/(mentions+1))
	a.Mood = (float64(w.Negative) - n*p) / math.Sqrt(variance)
}

// detectorSchema numbers the JSON form.
const detectorSchema = 1

type detectorJSON struct {
	Schema      int           `json:"schema"`
	Trailing    time.Duration `json:"trailing,omitzero"`
	Silence     time.Duration `json:"silence,omitzero"`
	Learning    time.Duration `json:"learning,omitzero"`
	Volume      float64       `json:"volume,omitzero"`
	Mood        float64       `json:"mood,omitzero"`
	MinMentions int           `json:"min_mentions,omitzero"`
	MinNegative int           `json:"min_negative,omitzero"`
	First       time.Time     `json:"first,omitzero"`
	Quiet       time.Time     `json:"quiet,omitzero"`
	Windows     []Window      `json:"windows,omitempty"`
}

// MarshalJSON writes the settings and all that the detector has learned;
// durations are in nanoseconds.
func (d *Detector) MarshalJSON() ([]byte, error) {
	return json.Marshal(detectorJSON{
		detectorSchema, d.Trailing, d.Silence, d.Learning, d.Volume, d.Mood, d.MinMentions, d.MinNegative, d.first, d.quiet, d.windows,
	})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (d *Detector) UnmarshalJSON(data []byte) error {
	var raw detectorJSON
	if err := json.Unmarshal(data, &raw); err != nil {
		return fmt.Errorf("reading a detector: %w", err)
	}
	read := Detector{
		Trailing: raw.Trailing, Silence: raw.Silence, Learning: raw.Learning, Volume: raw.Volume, Mood: raw.Mood,
		MinMentions: raw.MinMentions, MinNegative: raw.MinNegative, first: raw.First, quiet: raw.Quiet,
	}
	var p sosyal.Problems
	p.Require(raw.Schema == detectorSchema, "schema", "must be 1", strconv.Itoa(raw.Schema))
	for i, w := range raw.Windows {
		p.Nest("windows["+strconv.Itoa(i)+"]", read.validate(w))
		read.learn(w)
	}
	if err := p.Err(); err != nil {
		return err
	}
	*d = read
	return nil
}
