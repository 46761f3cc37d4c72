package demo

import (
	"fmt"
	"math"
	"time"

	"github.com/rickb777/date/v2"
)

// Zone is the time zone of every local time in the files and arguments.
const Zone = "Europe/Istanbul"

// Currency is the currency of every amount.
const Currency = "TRY"

// Options choose a world. The zero value of Start, Months and Scale means the
// documented default.
type Options struct {
	// Seed names the world: equal options give equal bytes.
	Seed uint64
	// Null switches every planted effect off while volumes, rates, habits and
	// spend stay what they are.
	Null bool
	// Start is the first day of the history; default 2025-05-01.
	Start date.Date
	// Months is the length of the history in calendar months; default 18, at most 60.
	Months int
	// Scale multiplies the crowd: customers, orders, products, mentions,
	// followers, and the amounts and results of ads. Posts stay at about 600 for
	// 18 months, whatever the scale. Default 1, allowed 0.01 to 10.
	Scale float64
}

// World is a shop and the public around it. It holds no state that changes: its
// methods are safe for concurrent use and answer the same arguments with the
// same bytes.
type World struct {
	options   Options
	end       date.Date // the first day after the history
	zone      *time.Location
	bayrams   []bayram
	texts     texts
	lifts     []float64 // of the special days, for each day of the history
	products  []product
	customers []customer // in order of the day they arrive, from before the history
	posts     []post     // the history's, in order of publication
	neutral   map[string]neutral
	adDays    []adDay // the history's, one per day
	flat      flat
}

// New makes the world of the options. It returns an error that names the field
// when an option is out of its range, or when the history leaves the years
// whose religious holidays are known (2015 to 2032).
func New(options Options) (*World, error) {
	if options.Start == 0 {
		options.Start = date.New(2025, time.May, 1)
	}
	if options.Months == 0 {
		options.Months = 18
	}
	if options.Scale == 0 {
		options.Scale = 1
	}
	if options.Months < 1 || options.Months > 60 {
		return nil, fmt.Errorf("months: must be 1 to 60, is %d", options.Months)
	}
	if math.IsNaN(options.Scale) || options.Scale < 0.01 || options.Scale > 10 {
		return nil, fmt.Errorf("scale: must be 0.01 to 10, is %v", options.Scale)
	}
	zone, err := time.LoadLocation(Zone)
	if err != nil {
		return nil, fmt.Errorf("load time zone %s: %w", Zone, err)
	}
	w := &World{options: options, zone: zone, end: options.Start.AddDate(0, options.Months, 0)}
	if w.bayrams, err = readBayrams(); err != nil {
		return nil, err
	}
	if w.texts, err = readTexts(); err != nil {
		return nil, err
	}
	for _, d := range []date.Date{options.Start, w.end - 1} {
		if err := w.known(d); err != nil {
			return nil, fmt.Errorf("start: %w", err)
		}
	}
	for d := options.Start; d < w.end; d++ {
		w.lifts = append(w.lifts, w.lift(d))
	}
	w.products = w.makeProducts()
	w.posts = w.makePosts()
	w.neutral = w.makeNeutral()
	w.flat = w.makeFlat()
	for i := range w.posts {
		o := w.outcome(w.posts[i])
		w.posts[i].known = &o
	}
	w.customers = w.priorCustomers()
	for d := options.Start; d < w.end; d++ {
		day := w.advertise(d, w.plannedAds(d))
		w.adDays = append(w.adDays, day)
		w.customers = append(w.customers, w.arrivals(d)...)
		w.customers = append(w.customers, w.broughtCustomers(d, day)...)
	}
	return w, nil
}

// Start is the first day of the history, End the first day after it: the first
// day that can be played.
func (w *World) Start() date.Date { return w.options.Start }

// End is the first day after the history.
func (w *World) End() date.Date { return w.end }

// known tells whether the day's special days are in the embedded table.
func (w *World) known(d date.Date) error {
	if y := d.Year(); y < 2015 || y > 2032 {
		return fmt.Errorf("day must lie in the years 2015 to 2032, is %s", d)
	}
	return nil
}

// month is the age of the world at a moment of a day, in months of 30.4375 days
// since the start of the history.
func (w *World) month(d date.Date) float64 { return float64(d-w.options.Start) / 30.4375 }

// seconds is local wall time as seconds since 1970-01-01 00:00 of the same
// wall clock. Türkiye has kept one offset since 2016, so differences are real.
type seconds int64

const (
	minute seconds = 60
	hour           = 60 * minute
	oneDay         = 24 * hour
)

func midnight(d date.Date) seconds { return seconds(d.MidnightUTC().Unix()) }

func (s seconds) day() date.Date { return date.NewAt(s.clock()) }

func (s seconds) clock() time.Time { return time.Unix(int64(s), 0).UTC() }

// hours is the time of day in hours, 0 to 24.
func (s seconds) hours() float64 { return float64(((s%oneDay)+oneDay)%oneDay) / float64(hour) }

func (w *World) local(t time.Time) seconds {
	_, offset := t.In(w.zone).Zone()
	return seconds(t.Unix() + int64(offset))
}
