// Storefront plays one month of social media management for a shop: goals,
// audience, strategy, calendar, visuals, campaigns, money, what followers
// answered, and the report that management reads.
//
//	go run ./examples/storefront run
//	go run ./examples/storefront run -orders orders.csv -posts posts.csv
//
// Without exports it plays a generated shop. A run that was cut off is
// continued by the next one; nothing is done twice.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/mattn/go-isatty"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/examples/storefront/loop"
)

const usage = `usage: storefront run [flags]

Plays one month of social media management and leaves the results in a folder:
report.html, calendar.ics, calendar.csv, budget.csv, segments.csv and visuals.

`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string) int {
	if len(args) == 0 || args[0] != "run" {
		fmt.Fprint(os.Stderr, usage)
		return 2
	}
	options, err := parse(args[1:])
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2 // the flag package has said why
	}
	err = loop.Run(ctx, options)
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "storefront: interrupted; the next run goes on from here")
		return 130 // what a shell gives to a program that Ctrl-C ended
	}
	if err != nil {
		for line := range strings.Lines(err.Error()) {
			fmt.Fprint(os.Stderr, "storefront: ", strings.TrimRight(line, "\n"), "\n")
		}
		return 1
	}
	return 0
}

// parse reads the flags.
func parse(args []string) (loop.Options, error) {
	o := loop.Options{Progress: os.Stderr, Errors: os.Stderr, Terminal: isatty.IsTerminal(os.Stderr.Fd())}
	f := flag.NewFlagSet("storefront run", flag.ContinueOnError)
	f.Usage = func() {
		_, _ = fmt.Fprint(f.Output(), usage)
		f.PrintDefaults()
	}
	f.StringVar(&o.Orders, "orders", "", "export of orders: .csv, .csv.gz or .xlsx")
	f.StringVar(&o.Posts, "posts", "", "export of posts with their figures")
	f.StringVar(&o.Ads, "ads", "", "report of ad spend and results")
	f.StringVar(&o.Mentions, "mentions", "", "export of mentions")
	f.StringVar(&o.Products, "products", "", "export of products with prices and stock")
	f.StringVar(&o.Mapping, "mapping", "", "file that maps the exports' columns; ready mappings are found by the header")
	f.BoolVar(&o.Strict, "strict", false, "stop at the first bad line")
	f.StringVar(&o.Out, "out", "out", "folder of the results")
	f.StringVar(&o.Database, "db", "", "SQLite file (default: storefront.db in the folder of the results)")
	f.BoolVar(&o.NoVisuals, "no-visuals", false, "leave out the pictures")
	f.StringVar(&o.Month, "month", "", "month to play, such as 2026-11 (default: the next one)")
	language := f.String("lang", "tr", "language of the results: tr or en")
	f.StringVar(&o.Zone, "zone", "Europe/Istanbul", "time zone of the shop")
	f.Uint64Var(&o.Seed, "seed", 1, "where the chance of the demo shop begins")
	f.BoolVar(&o.Null, "null", false, "play a demo shop in which nothing has any effect")
	f.Float64Var(&o.Scale, "scale", 1, "size of the demo shop, above 0 to 1")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "storefront: unexpected argument %q\n", f.Arg(0))
		return o, errors.New("unexpected argument")
	}
	o.Language = sosyal.Language(*language)
	return o, nil
}
