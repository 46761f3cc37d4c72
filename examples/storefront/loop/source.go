package loop

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strconv"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/campaign"
	"github.com/yukselenler/sosyal/engagement"
	"github.com/yukselenler/sosyal/engagement/reputation"
	"github.com/yukselenler/sosyal/examples/storefront/demo"
)

// running is what the shop has out on a day.
type running struct {
	posts []demo.Published
	ads   []demo.RunningAd
}

// source is where the shop's data come from.
type source interface {
	// history hands over everything before a day; before the day 0 it hands over
	// everything there is.
	history(ctx context.Context, before date.Date, into *data) error
	// day hands over what a day brought, and false where that is not known yet.
	day(ctx context.Context, d date.Date, out running, into *data) (bool, error)
}

// exports reads the files of a real shop.
type exports struct {
	options  Options
	in       *inputs
	mappings mappings
	brand    sosyal.BrandID
	later    map[date.Date][]audience.OrderLine
	ads      map[date.Date][]campaign.AdRow
	known    date.Date // the last day with an order
}

// mappings is a mapping file: one mapping for each export that needs one.
type mappings struct {
	Orders   sosyal.Mapping `json:"orders"`
	Posts    sosyal.Mapping `json:"posts"`
	Ads      sosyal.Mapping `json:"ads"`
	Mentions sosyal.Mapping `json:"mentions"`
	Products sosyal.Mapping `json:"products"`
}

func (e *exports) history(ctx context.Context, before date.Date, into *data) error {
	keep := func(d date.Date) bool { return before == 0 || d < before }
	e.later, e.ads = map[date.Date][]audience.OrderLine{}, map[date.Date][]campaign.AdRow{}
	_, err := readFile(e.in, e.options.Orders, audience.ReadOrders, e.mappings.Orders, func(l audience.OrderLine) error {
		day := sosyal.DateOf(l.At, into.zone)
		var err error
		if keep(day) {
			err = into.addOrder(l)
		} else if err = into.bookable(l); err == nil {
			e.later[day] = append(e.later[day], l)
		}
		if err != nil {
			// One line in another currency is a bad line, not a bad file.
			return &sosyal.RowError{File: e.options.Orders, Line: l.Line, Err: err}
		}
		e.known = max(e.known, day)
		return nil
	})
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err = readFile(e.in, e.options.Posts, engagement.ReadPosts, e.mappings.Posts, func(p engagement.Post) error {
		// Posts of a month that is played for a second time lie after its
		// beginning and must not be known when it is planned.
		if e.options.Month == "" || keep(sosyal.DateOf(p.At, into.zone)) {
			p.Destination.Brand = e.brand
			if p.Destination.Account == "" {
				p.Destination.Account = "main"
			}
			into.posts = append(into.posts, p)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if e.options.Ads != "" {
		_, err = readFile(e.in, e.options.Ads, campaign.ReadAdReport, e.mappings.Ads, func(r campaign.AdRow) error {
			if keep(r.Period.From) {
				into.ads = append(into.ads, r)
			} else {
				e.ads[r.Period.From] = append(e.ads[r.Period.From], r)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if e.options.Products != "" {
		if _, err = readFile(e.in, e.options.Products, audience.ReadProducts, e.mappings.Products, into.addProduct); err != nil {
			return err
		}
	}
	if e.options.Mentions != "" {
		_, err = readFile(e.in, e.options.Mentions, reputation.ReadMentions, e.mappings.Mentions, func(m reputation.Mention) error {
			if keep(sosyal.DateOf(m.At, into.zone)) {
				into.mentions = append(into.mentions, m)
			}
			return nil
		})
	}
	return err
}

func (e *exports) day(_ context.Context, d date.Date, _ running, into *data) (bool, error) {
	if d > e.known {
		return false, nil
	}
	for _, l := range e.later[d] {
		if err := into.addOrder(l); err != nil {
			return false, &sosyal.RowError{File: e.options.Orders, Line: l.Line, Err: err}
		}
	}
	into.ads = append(into.ads, e.ads[d]...)
	return true, nil
}

// generated reads the files of the demo shop and asks its world for the rest.
type generated struct {
	world  *demo.World
	folder string
	in     *inputs
	brand  sosyal.BrandID
	// first is the first day that the world plays.
	first date.Date
	// played yields what was out on each day between the history and a day.
	played func(context.Context, date.Date) (running, error)
}

// write leaves the history's files in the folder, once.
func (g *generated) write(ctx context.Context, stamp string) error {
	marker := filepath.Join(g.folder, "complete")
	if done, err := os.ReadFile(marker); err == nil && string(done) == stamp {
		return nil
	}
	b := g.in.bar("generating the demo shop", 100, false)
	err := g.world.WriteHistory(ctx, g.folder, func(done, total int) { b.set(int64(done) * 100 / int64(max(total, 1))) })
	if err != nil {
		return fmt.Errorf("generating the demo shop: %w", err)
	}
	b.done()
	return writeFile(marker, func(w io.Writer) error {
		_, err := io.WriteString(w, stamp)
		return err
	})
}

func (g *generated) history(ctx context.Context, before date.Date, into *data) error {
	if before < g.first {
		return sosyal.FieldError{
			Field: "month", Rule: "must be " + g.first.Format("2006-01") + " or later, where the demo shop's history ends", Value: before.Format("2006-01"),
		}
	}
	read := func(name string, take func(path string) error) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return take(filepath.Join(g.folder, name))
	}
	for _, file := range []struct {
		name string
		take func(path string) error
	}{
		{"products.csv", func(p string) error {
			_, err := readFile(g.in, p, audience.ReadProducts, sosyal.Mapping{}, into.addProduct)
			return err
		}},
		{"orders.csv", func(p string) error {
			_, err := readFile(g.in, p, audience.ReadOrders, sosyal.Mapping{}, into.addOrder)
			return err
		}},
		{"posts.csv", func(p string) error {
			_, err := readFile(g.in, p, engagement.ReadPosts, sosyal.Mapping{}, func(v engagement.Post) error {
				v.Destination.Brand = g.brand
				into.posts = append(into.posts, v)
				return nil
			})
			return err
		}},
		{"snapshots.csv", func(p string) error {
			_, err := readFile(g.in, p, engagement.ReadSnapshots, sosyal.Mapping{}, into.addSnapshot)
			return err
		}},
		{"ads.csv", func(p string) error {
			_, err := readFile(g.in, p, campaign.ReadAdReport, sosyal.Mapping{}, into.addAd)
			return err
		}},
		{"mentions.csv", func(p string) error {
			_, err := readFile(g.in, p, reputation.ReadMentions, sosyal.Mapping{}, into.addMention)
			return err
		}},
		{"followers.csv", func(p string) error {
			_, err := readFile(g.in, p, readFollowers, sosyal.Mapping{}, into.addFollowers)
			return err
		}},
	} {
		if err := read(file.name, file.take); err != nil {
			return err
		}
	}
	for d := g.first; d < before; d++ {
		out, err := g.played(ctx, d)
		if err != nil {
			return err
		}
		if _, err := g.day(ctx, d, out, into); err != nil {
			return err
		}
	}
	return nil
}

func (d *data) addSnapshot(s engagement.Snapshot) error {
	d.snapshots = append(d.snapshots, s)
	return nil
}

func (d *data) addAd(r campaign.AdRow) error {
	d.ads = append(d.ads, r)
	return nil
}

func (d *data) addMention(m reputation.Mention) error {
	d.mentions = append(d.mentions, m)
	return nil
}

// followerRow is a line of followers.csv.
type followerRow struct {
	network sosyal.Network
	level
}

func (d *data) addFollowers(r followerRow) error {
	d.followers[r.network] = append(d.followers[r.network], r.level)
	return nil
}

// readFollowers reads the demo shop's followers.csv: day, network, followers.
func readFollowers(r io.Reader, file string, _ sosyal.Mapping) iter.Seq2[followerRow, error] {
	return func(yield func(followerRow, error) bool) {
		lines := csv.NewReader(r)
		lines.FieldsPerRecord = 3
		for n := 1; ; n++ {
			record, err := lines.Read()
			if err == io.EOF { //nolint:errorlint // the reader returns it bare
				return
			}
			if err != nil {
				yield(followerRow{}, err)
				return
			}
			if n == 1 {
				continue
			}
			day, dayErr := sosyal.ParseDate(record[0])
			value, err := strconv.ParseFloat(record[2], 64)
			if dayErr != nil || err != nil {
				if !yield(followerRow{}, &sosyal.RowError{File: file, Line: n, Err: sosyal.FieldError{Rule: "must be day, network and number"}}) {
					return
				}
				continue
			}
			if !yield(followerRow{network: sosyal.Network(record[1]), level: level{day, value}}, nil) {
				return
			}
		}
	}
}

func (g *generated) day(_ context.Context, d date.Date, out running, into *data) (bool, error) {
	brought, err := g.world.Day(d, out.posts, out.ads)
	if err != nil {
		return false, fmt.Errorf("playing %s: %w", d, err)
	}
	quiet := *g.in
	quiet.reporter = reporter{w: io.Discard}
	for _, part := range []struct {
		name  string
		bytes []byte
		read  func(r io.Reader, name string) (int, error)
	}{
		{"products", brought.Products, func(r io.Reader, name string) (int, error) {
			return readAll(&quiet, r, name, audience.ReadProducts, sosyal.Mapping{}, into.addProduct)
		}},
		{"orders", brought.Orders, func(r io.Reader, name string) (int, error) {
			return readAll(&quiet, r, name, audience.ReadOrders, sosyal.Mapping{}, into.addOrder)
		}},
		{"snapshots", brought.Snapshots, func(r io.Reader, name string) (int, error) {
			return readAll(&quiet, r, name, engagement.ReadSnapshots, sosyal.Mapping{}, into.addSnapshot)
		}},
		{"ads", brought.Ads, func(r io.Reader, name string) (int, error) {
			return readAll(&quiet, r, name, campaign.ReadAdReport, sosyal.Mapping{}, into.addAd)
		}},
		{"mentions", brought.Mentions, func(r io.Reader, name string) (int, error) {
			return readAll(&quiet, r, name, reputation.ReadMentions, sosyal.Mapping{}, into.addMention)
		}},
		{"followers", brought.Followers, func(r io.Reader, name string) (int, error) {
			return readAll(&quiet, r, name, readFollowers, sosyal.Mapping{}, into.addFollowers)
		}},
	} {
		if bytes.Count(part.bytes, []byte("\n")) < 2 {
			continue // a header alone: nothing of the kind happened
		}
		if _, err := part.read(bytes.NewReader(part.bytes), part.name+" of "+d.String()); err != nil {
			return false, err
		}
	}
	return true, nil
}
