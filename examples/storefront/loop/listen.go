package loop

import (
	"context"
	"fmt"
	"time"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement/reputation"
	"github.com/yukselenler/sosyal/planning"
)

// listenSpan is how often the detector looks at what is said.
const listenSpan = 6 * time.Hour

// ownBrand is the name under which the shop itself is listened for.
func (r *run) ownBrand() reputation.Tracked { return reputation.Tracked(r.brand) }

// listenFor are words of the trade and of its service.
func listenFor() []string {
	return []string{"kargo", "iade", "paket", "koku", "alerji", "serum", "krem", "ruj", "maske", "şampuan", "parfüm", "fiyat"}
}

// listen teaches the detector what was usual in the weeks before the month.
func (r *run) listen(ctx context.Context) error {
	r.detector = &reputation.Detector{Silence: 48 * time.Hour}
	from, _ := sosyal.Period{From: r.period.From - 28, To: r.period.From}.In(r.zone)
	until, _ := r.period.In(r.zone)
	_, err := r.observe(ctx, from, until)
	return err
}

// hear lets the detector look at a day.
func (r *run) hear(ctx context.Context, d date.Date) error {
	from, until := sosyal.Period{From: d, To: d + 1}.In(r.zone)
	alarms, err := r.observe(ctx, from, until)
	r.alarms = append(r.alarms, alarms...)
	return err
}

// observe runs the detector over the windows of a span and returns the alarms.
func (r *run) observe(ctx context.Context, from, until time.Time) ([]sosyal.Reason, error) {
	windows := map[time.Time]*reputation.Window{}
	q := reputation.Query{About: []reputation.Tracked{r.ownBrand()}, From: from, To: until}
	for m, err := range r.store.mentions.Scan(ctx, r.brand, q) {
		if err != nil {
			return nil, fmt.Errorf("listening: %w", err)
		}
		end := from.Add(m.At.Sub(from).Truncate(listenSpan) + listenSpan)
		w := windows[end]
		if w == nil {
			w = &reputation.Window{}
			windows[end] = w
		}
		w.Mentions++
		if m.Sentiment.Label == reputation.Negative {
			w.Negative++
		}
	}
	var alarms []sosyal.Reason
	for end := from.Add(listenSpan); !end.After(until); end = end.Add(listenSpan) {
		w := reputation.Window{At: end}
		if known := windows[end]; known != nil {
			w.Mentions, w.Negative = known.Mentions, known.Negative
		}
		alarm, err := r.detector.Observe(w)
		if err != nil {
			return nil, fmt.Errorf("listening: %w", err)
		}
		if alarm.Raised {
			d := sosyal.DateOf(end.Add(-listenSpan), r.zone)
			alarms = append(alarms, sosyal.Because("storefront.alarm", sosyal.DateArg("day", d), sosyal.TimeArg("time", sosyal.WallTimeOf(end, r.zone)),
				sosyal.TextArg("what", r.texts.Text(alarm.Reasons[0]))))
		}
	}
	return alarms, nil
}

// standing sums up what was said in a period.
func (r *run) standing(ctx context.Context, p sosyal.Period) (*planning.ReputationResult, error) {
	from, to := p.In(r.zone)
	all := r.store.mentions.Scan(ctx, r.brand, reputation.Query{From: from, To: to})
	options := reputation.SummaryOptions{Zone: r.zone, Period: p}
	voice, err := reputation.ShareOfVoice(all, options)
	if isThin(err) {
		return nil, nil //nolint:nilnil // nothing was said, or nobody listens
	}
	if err != nil {
		return nil, err
	}
	out := &planning.ReputationResult{Alarms: r.alarms}
	for _, b := range voice.Brands {
		out.Brands = append(out.Brands, planning.BrandVoice{
			Name: string(b.About), Own: b.About == r.ownBrand(), Mentions: b.N,
			Share: planning.Estimate{Value: b.Share.Value, Low: b.Share.Low, High: b.Share.High},
		})
	}
	own := reputation.Query{About: []reputation.Tracked{r.ownBrand()}, From: from, To: to}
	mood, err := reputation.NetSentiment(r.store.mentions.Scan(ctx, r.brand, own), options)
	if err == nil {
		out.Sentiment = &planning.Estimate{Value: mood.OfAll.Value, Low: mood.OfAll.Low, High: mood.OfAll.High}
	} else if !isThin(err) {
		return nil, err
	}
	ignore := []string{string(r.brand), r.name}
	for _, b := range voice.Brands {
		ignore = append(ignore, string(b.About))
	}
	topics, err := reputation.Topics(r.store.mentions.Scan(ctx, r.brand, own), reputation.TopicOptions{Keywords: listenFor(), Ignore: ignore, Limit: 8})
	if err == nil && len(topics) == 0 {
		// Another trade, another language: whatever is said most.
		topics, err = reputation.Topics(r.store.mentions.Scan(ctx, r.brand, own), reputation.TopicOptions{Ignore: ignore, Limit: 8})
	}
	if err != nil {
		return nil, err
	}
	for _, t := range topics {
		out.Topics = append(out.Topics, fmt.Sprintf("%s (%d)", t.Spelling, t.Mentions))
	}
	return out, nil
}
