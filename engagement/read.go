package engagement

import (
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/tabular"
)

// postMetrics are the metrics that an export of posts may carry, each in the
// field of its name.
func postMetrics() []sosyal.Metric {
	return []sosyal.Metric{
		sosyal.Impressions, sosyal.Reach, sosyal.Views, sosyal.Likes, sosyal.Comments, sosyal.Shares, sosyal.Saves,
		sosyal.Clicks, sosyal.LinkClicks, sosyal.Interactions, sosyal.EngagedUsers, sosyal.Followers,
		sosyal.NewFollowers, sosyal.WatchTime,
	}
}

// ReadPosts reads an export of posts with their lifetime counts. A zero mapping
// means: the one among [Mappings] that fits the header. The file name is used in
// messages only. A row that cannot be read yields a zero Post and a
// [*sosyal.RowError], and reading goes on; a file that cannot be read yields one
// error and ends.
//
// The mapping's fields are id, network, account, at, format, category, template,
// language, paid, text (and title, which stands before it), link, hashtags and
// products (separated by spaces, commas, semicolons or bars), campaign, and the
// names of metrics. Network and format are required, and the time: either at, or
// year, month, weekday (1 is Sunday) and hour. Where only those are known, the
// posts of one month and weekday are laid on its first such day, its second and
// so on in turn, so that the day of the month is arbitrary but always the same.
// Without an id a post gets the mapping's name and its line. An empty cell is an
// absent metric. Destination.Brand stays empty: the host knows whose export it
// is.
func ReadPosts(r io.Reader, file string, m sosyal.Mapping) iter.Seq2[Post, error] {
	days := dayPicker{}
	return tabular.Values(tabular.Source{
		Reader: r, File: file, Mapping: m, Ready: mappingsOf("posts-"), Required: []string{"network", "format", "at|hour"},
	}, func(row tabular.Row) (Post, error) {
		if row.IsTotal() {
			return Post{}, tabular.ErrSkip
		}
		return readPost(row, days)
	})
}

func readPost(row tabular.Row, days dayPicker) (Post, error) {
	p := Post{
		ID:       row.Text("id"),
		Text:     strings.TrimSpace(row.Text("title") + "\n" + row.Text("text")),
		Link:     row.Text("link"),
		Campaign: sosyal.CampaignID(row.Text("campaign")),
		Features: sosyal.Features{
			Network:  sosyal.Network(row.Text("network")),
			Format:   sosyal.Format(row.Text("format")),
			Category: sosyal.CategoryID(row.Text("category")),
			Template: sosyal.TemplateID(row.Text("template")),
			Language: sosyal.Language(row.Text("language")),
		},
		Hashtags: split(row.Text("hashtags")),
		Counts:   sosyal.Counts{},
	}
	if p.ID == "" {
		p.ID = row.Mapping().Name + ":" + strconv.Itoa(row.Line())
	}
	if len(p.Hashtags) == 0 {
		p.Hashtags = Hashtags(p.Text)
	}
	for _, id := range split(row.Text("products")) {
		p.Products = append(p.Products, sosyal.ProductID(id))
	}
	p.Destination = sosyal.Destination{Network: p.Features.Network, Account: sosyal.AccountID(row.Text("account"))}
	var err error
	if p.At, err = readTime(row, days); err != nil {
		return Post{}, err
	}
	if p.PaidUnknown = !row.Has("paid"); !p.PaidUnknown {
		if p.Features.Paid, err = row.Bool("paid"); err != nil {
			return Post{}, err
		}
	}
	for _, metric := range postMetrics() {
		if !row.Has(string(metric)) {
			continue
		}
		v, err := row.Float(string(metric))
		if err != nil {
			return Post{}, err
		}
		if v < 0 {
			return Post{}, row.Fail(string(metric), "must not be negative")
		}
		p.Counts[metric] = v
	}
	if found := sosyal.FieldErrors(p.Validate()); len(found) > 0 {
		field := strings.TrimPrefix(strings.TrimPrefix(found[0].Field, "features."), "counts.")
		return Post{}, row.Fail(field, found[0].Rule)
	}
	return p, nil
}

// split reads a list in a cell.
func split(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '|' })
}

// dayPicker counts how many posts a month and weekday have had.
type dayPicker map[[3]int]int

// readTime reads the instant, or makes one of month, weekday and hour.
func readTime(row tabular.Row, days dayPicker) (time.Time, error) {
	if row.Has("at") || !row.Has("hour") {
		return row.Time("at")
	}
	var parts [4]int
	for i, f := range []struct {
		name      string
		low, high int64
	}{{"year", 1990, 9999}, {"month", 1, 12}, {"weekday", 1, 7}, {"hour", 0, 24}} {
		v, err := row.Int(f.name)
		if err != nil {
			return time.Time{}, err
		}
		if v < f.low || v > f.high {
			return time.Time{}, row.Fail(f.name, "must be from "+strconv.FormatInt(f.low, 10)+" to "+strconv.FormatInt(f.high, 10))
		}
		parts[i] = int(v)
	}
	zone, err := sosyal.LoadZone(row.Mapping().Zone)
	if err != nil {
		return time.Time{}, err
	}
	month := time.Month(parts[1])
	first := time.Date(parts[0], month, 1, 0, 0, 0, 0, zone)
	offset := (parts[2] - 1 - int(first.Weekday()) + 7) % 7
	length := time.Date(parts[0], month+1, 0, 0, 0, 0, 0, zone).Day()
	key := [3]int{parts[0], parts[1], parts[2]}
	turn := days[key] % ((length - offset + 6) / 7)
	days[key]++
	return time.Date(parts[0], month, 1+offset+7*turn, parts[3], 0, 0, 0, zone), nil
}

// ReadSnapshots reads metric values by post and instant of capture, with the
// fields post, metric, at, value, native and version. Mapping and errors are
// dealt with as in [ReadPosts].
func ReadSnapshots(r io.Reader, file string, m sosyal.Mapping) iter.Seq2[Snapshot, error] {
	return tabular.Values(tabular.Source{
		Reader: r, File: file, Mapping: m, Ready: mappingsOf("snapshots-"), Required: []string{"post", "metric", "at", "value"},
	}, readSnapshot)
}

func readSnapshot(row tabular.Row) (Snapshot, error) {
	at, err := row.Time("at")
	if err != nil {
		return Snapshot{}, err
	}
	value, err := row.Float("value")
	if err != nil {
		return Snapshot{}, err
	}
	s := Snapshot{
		Post: row.Text("post"), Metric: sosyal.Metric(row.Text("metric")), Value: value, At: at,
		Native: row.Text("native"), Version: row.Text("version"),
	}
	if found := sosyal.FieldErrors(s.Validate()); len(found) > 0 {
		return Snapshot{}, row.Fail(found[0].Field, found[0].Rule)
	}
	return s, nil
}
