package loop

import (
	"io"
	"strconv"
	"time"

	"github.com/yukselenler/sosyal"
)

// Options are what a run is told. The zero value plays the demo shop.
type Options struct {
	// Orders and Posts are exports of the shop and of its posts; Ads, Mentions
	// and Products are welcome. Without Orders and Posts the demo shop is played.
	Orders, Posts, Ads, Mentions, Products string
	// Mapping is a file that says how to read the exports; ready mappings are
	// found by their headers.
	Mapping string
	// Strict refuses exports with a single bad line.
	Strict bool
	// Out is the folder of the results and Database the SQLite file.
	// Default: out, and storefront.db in it.
	Out, Database string
	// Month is the month to play, as 2026-11. Default: the first month that the
	// database has not finished, which begins after the last order.
	Month string
	// Language of the results: tr or en. Default: tr.
	Language sosyal.Language
	// Zone of the shop. Default: Europe/Istanbul.
	Zone string
	// NoVisuals leaves out the pictures, which take most of the time.
	NoVisuals bool
	// Seed, Null and Scale belong to the demo shop: where its chance begins,
	// whether nothing has any effect in it, and its size (1 is full).
	Seed  uint64
	Null  bool
	Scale float64
	// Progress receives bars and what is going on, Errors the bad lines.
	Progress, Errors io.Writer
	// Terminal says that Progress can redraw a line.
	Terminal bool
	// stop, where set, is asked before each effect and ends the run by its error.
	// Tests use it to cut a run off.
	stop func(step string) error
}

// demo reports whether the generated shop is played.
func (o Options) demo() bool { return o.Orders == "" && o.Posts == "" }

// normal fills in the defaults and checks the rest.
func (o Options) normal() (Options, error) {
	var p sosyal.Problems
	both := o.Orders != "" && o.Posts != ""
	p.Require(o.demo() || both, "orders and posts", "must be given together", "")
	for _, f := range []struct{ name, value string }{{"ads", o.Ads}, {"mentions", o.Mentions}, {"products", o.Products}, {"mapping", o.Mapping}} {
		p.Require(f.value == "" || both, f.name, "goes with orders and posts", f.value)
	}
	if o.Out == "" {
		o.Out = "out"
	}
	if o.Language == "" {
		o.Language = sosyal.Turkish
	}
	p.Require(o.Language == sosyal.Turkish || o.Language == sosyal.English, "lang", "must be tr or en", string(o.Language))
	if o.Zone == "" {
		o.Zone = "Europe/Istanbul"
	}
	_, err := sosyal.LoadZone(o.Zone)
	p.Nest("", err)
	if o.Month != "" {
		_, err := time.Parse("2006-01", o.Month)
		p.Require(err == nil, "month", "must be a month like 2026-11", o.Month)
	}
	if o.Seed == 0 {
		o.Seed = 1
	}
	if o.Scale == 0 {
		o.Scale = 1
	}
	p.Require(o.Scale > 0 && o.Scale <= 1, "scale", "must be above 0 and at most 1", strconv.FormatFloat(o.Scale, 'g', -1, 64))
	if o.Progress == nil {
		o.Progress = io.Discard
	}
	if o.Errors == nil {
		o.Errors = io.Discard
	}
	if o.stop == nil {
		o.stop = func(string) error { return nil }
	}
	return o, p.Err()
}
