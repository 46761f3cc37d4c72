package loop

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/budget"
	"github.com/yukselenler/sosyal/calendar"
	"github.com/yukselenler/sosyal/campaign"
	"github.com/yukselenler/sosyal/engagement"
	"github.com/yukselenler/sosyal/engagement/reputation"
	"github.com/yukselenler/sosyal/planning"
)

// Run plays the month.
func Run(ctx context.Context, o Options) (err error) {
	o, err = o.normal()
	if err != nil {
		return err
	}
	rep := reporter{w: o.Progress, terminal: o.Terminal}
	in := &inputs{reporter: rep, errors: o.Errors, strict: o.Strict, bad: map[string]int{}}
	s, err := openStorage(ctx, cmp.Or(o.Database, filepath.Join(o.Out, "storefront.db")))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.db.Close()) }()
	r, err := newRun(o, rep, in, s)
	if err != nil {
		return err
	}
	if err := r.open(ctx); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{
		r.setGoals, r.findAudience, r.analyse, r.planChannels, r.planContent, r.drawVisuals,
		r.planCampaigns, r.planMoney, r.launch, r.play, r.leaveResults, r.tell,
	} {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// run is one pass of the loop over a month.
type run struct {
	reporter
	options Options
	in      *inputs
	store   *storage
	source  source
	people  people
	texts   sosyal.Catalogue
	facts   campaign.Facts
	brand   sosyal.BrandID
	name    string // of the shop
	home    string // its address
	zone    *time.Location
	period  sosyal.Period
	// now is the moment of the month that is being played.
	now time.Time
	// seen is the end of the last day of which the data are in.
	seen time.Time
	data *data
	// captured is the latest known state of each post that has captures.
	captured map[string]sosyal.Counts

	goals     goalPlan
	table     []audience.Segment
	analysis  *engagement.Analysis
	networks  map[sosyal.Network]*engagement.Analysis
	strategy  planning.Strategy
	pieces    []sosyal.Stored[piece]
	days      []calendar.SpecialDay
	pictures  map[calendar.ItemID]string
	campaigns []sosyal.Stored[adPlan]
	money     budget.Budget
	request   budget.Request
	control   *budget.Controller
	detector  *reputation.Detector
	alarms    []sosyal.Reason
	progress  month
}

func newRun(o Options, rep reporter, in *inputs, s *storage) (*run, error) {
	zone, err := sosyal.LoadZone(o.Zone)
	if err != nil {
		return nil, err
	}
	facts, err := campaign.StandardFacts()
	if err != nil {
		return nil, err
	}
	r := &run{
		reporter: rep, options: o, in: in, store: s, people: staff(), zone: zone, facts: facts,
		captured: map[string]sosyal.Counts{}, pictures: map[calendar.ItemID]string{}, networks: map[sosyal.Network]*engagement.Analysis{},
		brand: "shop", name: "Shop", home: "https://shop.example/",
	}
	r.texts = planning.Catalogue(o.Language, campaign.Messages(o.Language), reputation.Messages(o.Language), categoryNames(o.Language))
	return r, nil
}

// monthID names the month: 2026-11.
func (r *run) monthID() string { return r.period.From.Format("2006-01") }

// word picks a word by the language of the results.
func (r *run) word(turkish, english string) string {
	if r.options.Language == sosyal.Turkish {
		return turkish
	}
	return english
}

// said announces what a step did, or that an earlier run had done it.
func (r *run) said(made bool, format string, args ...any) {
	if !made {
		format += " (kept from an earlier run)"
	}
	r.step("  "+format, args...)
}

// event is something that people hear of.
func (r *run) event(kind, subject, id string, reasons ...sosyal.Reason) sosyal.Event {
	e := sosyal.Event{
		Brand: r.brand, Kind: kind, Subject: sosyal.Subject{Kind: subject, ID: id}, At: r.now, Actor: r.people.manager.ID,
	}
	if len(reasons) > 0 {
		e.Reason = reasons[0]
	}
	return e
}

func (r *run) isNetwork(name string) bool {
	return slices.Contains(sosyal.Networks(), sosyal.Network(name))
}

// open finds the month to play and reads what is known before it.
func (r *run) open(ctx context.Context) error {
	months := map[string]month{}
	for stored, err := range r.store.months.List(ctx, r.shopBrand(), sosyal.Query{}) {
		if err != nil {
			return fmt.Errorf("listing months: %w", err)
		}
		months[stored.ID] = stored.Value
	}
	if err := r.openSource(ctx); err != nil {
		return err
	}
	r.data = newData(r.zone)
	period, known := r.monthToPlay(months)
	if !known {
		// Exports: only reading them tells where they end.
		if err := r.source.history(ctx, 0, r.data); err != nil {
			return err
		}
		period = sosyal.MonthOf(r.data.lastOrder).Next()
		if last, ok := lastOf(months); ok && period.From < last.To {
			period = last
		}
	} else if err := r.source.history(ctx, period.From, r.data); err != nil {
		return err
	}
	if r.data.lastOrder == 0 {
		return fmt.Errorf("there is no order before %s", period.From)
	}
	r.period, r.progress = period, months[period.From.Format("2006-01")]
	r.step("%s, %s", r.name, r.period.From.Format("2006-01"))
	r.now = sosyal.WallTime(9*3600).On(r.period.From-3, r.zone)
	r.seen, _ = r.period.In(r.zone)
	return r.keepHistory(ctx)
}

// keepHistory puts what lies before the month into the database, unless an
// earlier run has put the very same there.
func (r *run) keepHistory(ctx context.Context) error {
	digest := sha256.New() // writing to it never fails
	for _, s := range r.data.snapshots {
		_, _ = fmt.Fprintln(digest, s.Post, s.Metric, s.Value, s.At.UnixNano())
	}
	for _, m := range r.data.mentions {
		_, _ = fmt.Fprintln(digest, m.ID, m.About, m.At.UnixNano(), m.Text)
	}
	id := hex.EncodeToString(digest.Sum(nil))
	_, err := r.store.imports.Load(ctx, r.brand, id)
	if err == nil {
		r.remember()
		r.data.mentions = nil
		return nil
	}
	if !errors.Is(err, sosyal.ErrNotFound) {
		return fmt.Errorf("loading imports: %w", err)
	}
	if err := r.keep(ctx); err != nil {
		return err
	}
	if err := r.store.imports.Write(ctx, r.brand, sosyal.Create(id, imported{Month: r.monthID()})); err != nil {
		return fmt.Errorf("storing the import: %w", err)
	}
	return nil
}

// remember notes the latest state of each captured post.
func (r *run) remember() {
	for _, s := range r.data.snapshots {
		c := r.captured[s.Post]
		if c == nil {
			c = sosyal.Counts{}
			r.captured[s.Post] = c
		}
		c[s.Metric] = s.Value // captures come in the order of time
	}
	r.data.snapshots = nil
}

// monthToPlay is the month asked for, else the earliest that was begun and not
// finished, else for the demo shop the one after the last.
func (r *run) monthToPlay(months map[string]month) (sosyal.Period, bool) {
	if r.options.Month != "" {
		return monthOf(r.options.Month), true
	}
	for _, id := range sortedKeys(months) {
		if !months[id].Finished {
			return monthOf(id), true
		}
	}
	if g, ok := r.source.(*generated); ok {
		if last, ok := lastOf(months); ok {
			return last.Next(), true
		}
		return sosyal.MonthOf(g.first), true
	}
	return sosyal.Period{}, false
}

func lastOf(months map[string]month) (sosyal.Period, bool) {
	ids := sortedKeys(months)
	if len(ids) == 0 {
		return sosyal.Period{}, false
	}
	return monthOf(ids[len(ids)-1]), true
}

// monthOf reads an id that is known to be a month.
func monthOf(id string) sosyal.Period {
	t, err := time.Parse("2006-01", id)
	if err != nil {
		return sosyal.Period{}
	}
	return sosyal.MonthOf(date.NewAt(t))
}

// keep puts what was captured and said into the database.
func (r *run) keep(ctx context.Context) error {
	for part := range slices.Chunk(r.data.snapshots, 2000) {
		if err := r.store.archive.Append(ctx, r.brand, part...); err != nil {
			return fmt.Errorf("keeping captures: %w", err)
		}
	}
	r.remember()
	for part := range slices.Chunk(r.data.mentions, 2000) {
		if err := r.classify(ctx, part); err != nil {
			return err
		}
		if err := r.store.mentions.Append(ctx, r.brand, part...); err != nil {
			return fmt.Errorf("keeping mentions: %w", err)
		}
	}
	r.data.mentions = nil
	return nil
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// classify reads the mood of mentions.
func (r *run) classify(ctx context.Context, mentions []reputation.Mention) error {
	texts := make([]string, len(mentions))
	for i, m := range mentions {
		texts[i] = m.Text
	}
	moods, err := reputation.DefaultClassifier().Classify(ctx, texts)
	if err != nil {
		return fmt.Errorf("reading the mood of mentions: %w", err)
	}
	for i := range mentions {
		mentions[i].Sentiment = moods[i]
	}
	return nil
}
