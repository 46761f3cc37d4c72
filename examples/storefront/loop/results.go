package loop

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/budget"
	"github.com/yukselenler/sosyal/calendar"
	"github.com/yukselenler/sosyal/calendar/ical"
	"github.com/yukselenler/sosyal/engagement"
	"github.com/yukselenler/sosyal/engagement/report"
	"github.com/yukselenler/sosyal/planning"
)

func isThin(err error) bool { return errors.Is(err, sosyal.ErrInsufficientData) }

// leaveResults writes what people and programs take away from the month.
func (r *run) leaveResults(ctx context.Context) error {
	brief, err := r.brief(ctx)
	if err != nil {
		return err
	}
	items := r.items()
	written := []string{}
	for _, file := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"report.html", brief.HTML},
		{"calendar.ics", func(w io.Writer) error { return r.writeICS(w, items) }},
		{"calendar.csv", func(w io.Writer) error { return calendar.WriteCSV(w, items, r.options.Language, r.terms()) }},
		{"budget.csv", func(w io.Writer) error { return r.writeMoney(ctx, w) }},
		{"segments.csv", func(w io.Writer) error { return audience.WriteSegments(w, r.table, r.texts) }},
	} {
		changed, err := writeChanged(filepath.Join(r.options.Out, file.name), file.write)
		if err != nil {
			return err
		}
		if changed {
			written = append(written, file.name)
		}
	}
	if len(written) == 0 {
		r.step("  results: nothing new, %s is up to date", r.options.Out)
		return nil
	}
	r.step("  results: %s in %s", counted(len(written), "file", "files"), r.options.Out)
	return nil
}

func (r *run) items() []calendar.Item {
	items := make([]calendar.Item, len(r.pieces))
	for i, p := range r.pieces {
		items[i] = p.Value.Item
	}
	return items
}

// terms are the names that the calendar's exports need besides the package's own.
func (r *run) terms() sosyal.Messages {
	terms := calendar.OccasionTerms(r.days, r.options.Language)
	if terms == nil {
		terms = sosyal.Messages{}
	}
	maps.Copy(terms, categoryNames(r.options.Language))
	return terms
}

func (r *run) writeICS(w io.Writer, items []calendar.Item) error {
	events, err := ical.Events(items, r.options.Language, r.terms())
	if err != nil {
		return err
	}
	events = append(events, ical.SpecialDays(r.days, r.options.Language)...)
	return ical.Calendar{Name: r.name + " " + r.monthID(), Events: events, Stamp: r.now}.Write(w)
}

// moneyNow is where the budget stands.
func (r *run) moneyNow(ctx context.Context) (*planning.MoneyResult, error) {
	if r.control == nil {
		return nil, nil //nolint:nilnil // there are no campaigns to pay for
	}
	statement, err := r.control.Statement(ctx, r.money)
	if err != nil {
		return nil, err
	}
	m := &planning.MoneyResult{Budget: r.money, Positions: statement.Positions(r.money), Approval: r.request.Approval.Reasons(r.now)}
	byDay := map[string]budget.DaySpend{}
	for _, p := range m.Positions {
		line, _ := r.money.Line(p.Line)
		daily := statement.Daily(p.Line)
		if line.Kind != budget.Media {
			continue
		}
		pacing, err := budget.Pace(budget.PaceInput{Position: p, Period: r.period, Now: r.now, Zone: r.zone, Daily: daily})
		if err != nil {
			return nil, err
		}
		m.Pacings = append(m.Pacings, pacing)
		for _, d := range daily {
			sum := byDay[d.Day.String()]
			if sum.Amount, err = sum.Amount.Add(d.Amount); err != nil {
				return nil, err
			}
			sum.Day = d.Day
			byDay[d.Day.String()] = sum
		}
	}
	for _, key := range sortedKeys(byDay) {
		m.Daily = append(m.Daily, byDay[key])
	}
	renewal, due, err := budget.Renew(r.money, m.Positions, m.Pacings, budget.RenewalPolicy{DaysToEnd: 10, ShareSpent: 0.8, ExhaustionDays: 3, Zone: r.zone}, r.now)
	if err != nil {
		return nil, err
	}
	if due {
		m.Renewal = &renewal
	}
	return m, nil
}

func (r *run) writeMoney(ctx context.Context, w io.Writer) error {
	m, err := r.moneyNow(ctx)
	if err != nil || m == nil {
		return err
	}
	return budget.WriteCSV(w, m.Budget, m.Positions, m.Pacings, "")
}

// brief assembles the report for management.
func (r *run) brief(ctx context.Context) (report.Report, error) {
	in := planning.BriefInput{
		Title:    r.word("Sosyal medya raporu, ", "Social media report, ") + sosyal.MonthName(r.period.From.Month(), r.options.Language) + " " + fmt.Sprint(r.period.From.Year()),
		Subtitle: r.name, Created: r.now.In(r.zone), Period: r.period, Segments: r.table, Strategy: r.strategy,
		Items: r.items(), Days: r.days,
	}
	// What the month itself taught is part of what is reported.
	if err := r.analyse(ctx); err != nil {
		return report.Report{}, err
	}
	in.Analysis = r.analysis
	if r.analysis != nil {
		if rec, err := engagement.Recommend(*r.analysis, nil, engagement.RecommendOptions{}); err == nil {
			in.Recommendation = &rec
		} else if !isThin(err) {
			return report.Report{}, err
		}
	}
	var err error
	if in.Progress, err = r.followGoals(); err != nil {
		return report.Report{}, err
	}
	if in.Money, err = r.moneyNow(ctx); err != nil {
		return report.Report{}, err
	}
	if in.Campaigns, err = r.campaignResults(in.Money); err != nil {
		return report.Report{}, err
	}
	seen := r.period
	if r.progress.Days == 0 {
		seen = r.before(30)
	}
	if in.Standing, err = r.standing(ctx, seen); err != nil {
		return report.Report{}, err
	}
	if in.Pictures, err = r.shownPictures(); err != nil {
		return report.Report{}, err
	}
	in.Notes = r.notes()
	return planning.Brief(in, r.texts.With(r.ownMessages()))
}

// followGoals measures every goal against what the days brought.
func (r *run) followGoals() ([]planning.Progress, error) {
	asOf := sosyal.DateOf(r.now, r.zone)
	if r.progress.Days < r.period.Days() {
		asOf = min(asOf, r.period.From+date.Date(r.progress.Days))
	}
	weights := r.data.book.DayWeights()
	var out []planning.Progress
	for _, g := range r.goals.Tree {
		p, err := planning.Follow(g, r.observed(g), asOf, weights)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// observed is what each played day brought towards a goal.
func (r *run) observed(g planning.Goal) []planning.Observed {
	var out []planning.Observed
	for n := range r.progress.Days {
		d := r.period.From + date.Date(n)
		one := sosyal.Period{From: d, To: d + 1}
		var v decimal.Decimal
		switch g.Measure {
		case planning.Revenue:
			v = r.data.book.Revenue(one).Net.Amount()
		case planning.SocialRevenue:
			for _, o := range r.data.book.Origins(one) {
				if (o.UTM.Medium == "social" || o.UTM.Medium == "paid_social") && (g.Network == "" || o.UTM.Source == string(g.Network)) &&
					(g.Network != "" || g.Parent == "" || r.namesSource(g, o.UTM.Source)) {
					v = v.Add(o.Net.Amount())
				}
			}
		case planning.Interactions:
			v = decimal.NewFromFloat(r.interactions(one))
		case planning.Followers:
			f, known := r.followersOn(d)
			if !known {
				continue
			}
			v = decimal.NewFromFloat(f)
		case planning.Orders, planning.NewCustomers, planning.ReachMeasure, planning.EngagementRate, planning.ShareOfVoice, planning.NetSentiment:
			continue
		}
		out = append(out, planning.Observed{Day: d, Value: v})
	}
	return out
}

// namesSource reports whether a part of the social goal is about a source that
// is no network, such as an ad platform. The social goal itself is about all.
func (r *run) namesSource(g planning.Goal, source string) bool {
	parent := planning.GoalID(r.monthID() + "/revenue")
	return g.Parent == parent || g.Name == r.texts.Term(source)
}

// campaignResults are the campaigns with what they cost and brought.
func (r *run) campaignResults(m *planning.MoneyResult) ([]planning.CampaignResult, error) {
	results, err := r.resultsOf(r.period)
	if err != nil {
		return nil, err
	}
	names := map[sosyal.SegmentID]string{}
	for _, s := range r.table {
		names[s.ID] = r.texts.Term(s.Name)
	}
	var out []planning.CampaignResult
	for _, stored := range r.sortedCampaigns() {
		c := stored.Value.Campaign
		amount, err := c.Total()
		if err != nil {
			return nil, err
		}
		row := planning.CampaignResult{
			Name: c.Name, Platform: string(c.Platform), Objective: c.Objective, Period: c.Period, State: string(c.State), Amount: amount,
			Reasons: stored.Value.Reasons[:min(3, len(stored.Value.Reasons))],
		}
		for _, s := range c.AdSets {
			row.Segments = append(row.Segments, r.targeting(s.Targeting.Include, names)...)
			if s.Targeting.Lookalike != nil {
				row.Segments = append(row.Segments, r.word("benzer kitle: ", "lookalike: ")+names[s.Targeting.Lookalike.Seed])
			}
		}
		if m != nil {
			for _, p := range m.Positions {
				if p.Line == budget.LineID(c.ID) {
					row.Spent = p.Spent
				}
			}
		}
		if res, ok := results[c.Name]; ok {
			if roas, known := res.ROAS(); known {
				row.ROAS = &roas
			}
			if res.Conversions.Rows > 0 {
				row.Conversions = &res.Conversions.Sum
			}
		}
		out = append(out, row)
	}
	return out, nil
}

func (r *run) targeting(ids []sosyal.SegmentID, names map[sosyal.SegmentID]string) []string {
	var out []string
	for _, id := range ids {
		out = append(out, names[id])
	}
	return out
}

// notes tell the reader what is to be known of the data.
func (r *run) notes() []sosyal.Reason {
	totals := r.data.book.Totals()
	notes := []sosyal.Reason{sosyal.Because("storefront.orders",
		sosyal.CountArg("lines", totals.Lines), sosyal.CountArg("orders", totals.Orders), sosyal.MoneyArg("net", totals.Net),
		sosyal.CountArg("customers", totals.Customers), sosyal.DateArg("from", r.data.first), sosyal.DateArg("to", r.data.lastOrder))}
	for _, file := range sortedKeys(r.in.bad) {
		notes = append(notes, sosyal.Because("storefront.bad", sosyal.TextArg("file", filepath.Base(file)), sosyal.CountArg("n", r.in.bad[file])))
	}
	if r.options.demo() {
		notes = append(notes, sosyal.Because("storefront.demo"))
	}
	return notes
}

// ownMessages are the texts of the example itself.
func (r *run) ownMessages() sosyal.Messages {
	if r.options.Language == sosyal.Turkish {
		return sosyal.Messages{
			"storefront.orders": "Siparişler: {lines} satır, {orders} sipariş, {customers} müşteri, net {net}; {from} – {to}.",
			"storefront.bad":    "{file}: okunamayan {n} satır atlandı.",
			"storefront.demo":   "Bu mağaza üretilmiştir; gerçek bir mağazanın verisi değildir.",
			"storefront.alarm":  "{day} {time}: {what}",
			"storefront.agreed": "{month}: hedefler yönetimle kararlaştırıldı.",
			"storefront.funded": "{month}: bütçe onaylandı, {amount}.",
		}
	}
	return sosyal.Messages{
		"storefront.agreed": "{month}: the goals are agreed with management.",
		"storefront.funded": "{month}: the budget of {amount} is approved.",
		"storefront.orders": "Orders: {lines} lines, {orders} orders, {customers} customers, net {net}; {from} to {to}.",
		"storefront.bad":    "{file}: {n} {n?line|lines} could not be read and {n?was|were} left out.",
		"storefront.demo":   "This shop is generated; it is not the data of a real one.",
		"storefront.alarm":  "{day} {time}: {what}",
	}
}

// shownPictures are a dozen of the month's visuals, inside the report.
func (r *run) shownPictures() ([]report.Picture, error) {
	var out []report.Picture
	for _, p := range r.pieces {
		name, ok := r.pictures[p.Value.Item.ID]
		if !ok || len(out) == 12 {
			continue
		}
		data, err := os.ReadFile(filepath.Join(r.options.Out, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // it was left out
		}
		if err != nil {
			return nil, fmt.Errorf("reading visual: %w", err)
		}
		out = append(out, report.Picture{Source: dataURL(data), Alt: p.Value.Item.Title, Caption: p.Value.Item.Title})
	}
	return out, nil
}

// tell delivers what people are to hear of. The events were stored with the
// changes that caused them; the shop's people read them here, a host's get mail.
func (r *run) tell(ctx context.Context) error {
	words := r.texts.With(r.ownMessages())
	relay := sosyal.Relay{Outbox: r.store.outbox, Notifier: sosyal.NotifierFunc(func(_ context.Context, e sosyal.Event) error {
		r.step("  told: %s", words.Text(e.Reason))
		return nil
	})}
	_, err := relay.Drain(ctx, r.brand)
	return err
}
