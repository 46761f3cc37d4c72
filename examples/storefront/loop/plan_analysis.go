package loop

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/value"
	"github.com/yukselenler/sosyal/engagement"
	"github.com/yukselenler/sosyal/planning"
)

// findAudience groups the customers by recency, frequency and monetary value.
func (r *run) findAudience(context.Context) error {
	customers := 0
	for range r.data.book.Customers() {
		customers++
	}
	if customers == 0 {
		r.step("  audience: the orders name no customers")
		return nil
	}
	table, err := value.RFM(r.data.book.Customers(), r.data.lastOrder+1, value.RFMOptions{})
	if errors.Is(err, sosyal.ErrInsufficientData) {
		r.step("  audience: the orders name too few customers to group (%d)", customers)
		return nil
	}
	if err != nil {
		return fmt.Errorf("grouping customers: %w", err)
	}
	r.table, err = value.Segments(table, r.data.book.Customers(), audience.DescribeOptions{})
	if err != nil {
		return fmt.Errorf("grouping customers: %w", err)
	}
	r.step("  audience: %s in %s", counted(customers, "customer", "customers"), counted(len(r.table), "segment", "segments"))
	return nil
}

// comparedAt is the age at which posts are compared: late enough for most of
// the answers, early enough to learn from last week's posts.
const comparedAt = 7 * 24 * time.Hour

// analyse finds out what followers answer to, over all posts and for each
// network that has enough of its own.
func (r *run) analyse(ctx context.Context) error {
	posts, err := r.comparable(ctx)
	if err != nil {
		return err
	}
	all, err := r.analysisOf(posts)
	if err != nil {
		return err
	}
	r.analysis = all
	r.networks = map[sosyal.Network]*engagement.Analysis{}
	byNetwork := map[sosyal.Network][]engagement.Post{}
	for _, p := range posts {
		byNetwork[p.Destination.Network] = append(byNetwork[p.Destination.Network], p)
	}
	own := 0
	for _, n := range sortedKeys(byNetwork) {
		a, err := r.analysisOf(byNetwork[n])
		if err != nil {
			return err
		}
		if r.networks[n] = a; a != nil {
			own++
		}
	}
	if all == nil {
		answered := 0
		for _, p := range posts {
			if _, ok := p.Counts.Value(sosyal.Interactions); ok {
				answered++
			}
		}
		r.step("  analysis: %d of %d posts have figures, too few to tell effect from luck", answered, len(posts))
		return nil
	}
	r.step("  analysis: %s, %s with enough for one of its own", counted(all.N, "post", "posts"), counted(own, "network", "networks"))
	return nil
}

// comparable are the posts with what they had at one and the same age, as far as
// it was known at the moment of the month. Exports without captures say only
// what posts came to in the end.
func (r *run) comparable(ctx context.Context) ([]engagement.Post, error) {
	if len(r.captured) == 0 {
		return r.data.posts, nil
	}
	posts, err := engagement.AtEqualAge(r.data.posts, r.store.archive.Scan(ctx, r.brand, engagement.Query{To: r.seen}), comparedAt)
	if err != nil {
		return nil, fmt.Errorf("comparing posts: %w", err)
	}
	return posts, nil
}

// analysisOf is nil where the posts are too few for an analysis.
func (r *run) analysisOf(posts []engagement.Post) (*engagement.Analysis, error) {
	aggregate, err := engagement.Summarize(engagement.Posts(posts), engagement.SummarizeOptions{Zone: r.zone})
	if err != nil {
		return nil, fmt.Errorf("summarising posts: %w", err)
	}
	a, err := engagement.Analyze(aggregate, engagement.AnalyzeOptions{})
	if errors.Is(err, sosyal.ErrInsufficientData) {
		// Exports that do not report what a network's rate is taken of still
		// say how many people answered.
		a, err = engagement.Analyze(aggregate, engagement.AnalyzeOptions{Measure: string(sosyal.Interactions)})
	}
	if errors.Is(err, sosyal.ErrInsufficientData) {
		return nil, nil //nolint:nilnil // no analysis is an answer
	}
	if err != nil {
		return nil, fmt.Errorf("analysing posts: %w", err)
	}
	return &a, nil
}

// planChannels makes the month's strategy, once.
func (r *run) planChannels(ctx context.Context) error {
	s, made, err := once(ctx, r.store.strategies, r.brand, r.monthID(), func() (planning.Strategy, []sosyal.Event, error) {
		in, err := r.strategyInput()
		if err != nil {
			return planning.Strategy{}, nil, err
		}
		s, err := planning.PlanChannels(in)
		return s, nil, err
	})
	if err != nil {
		return err
	}
	r.strategy = s
	r.said(made, "strategy: %s", counted(len(s.Channels), "network", "networks"))
	return nil
}

func (r *run) strategyInput() (planning.StrategyInput, error) {
	in := planning.StrategyInput{Brand: r.brand, Period: r.period, Goals: r.goals.Tree, Audiences: r.audiences()}
	bySource := map[string]audience.OriginRevenue{}
	for _, o := range r.data.book.Origins(r.before(90)) {
		b, ok := bySource[o.UTM.Source]
		if !ok {
			bySource[o.UTM.Source] = o
			continue
		}
		sum, err := b.Net.Add(o.Net)
		if err != nil {
			return in, err
		}
		b.Net, b.Orders = sum, b.Orders+o.Orders
		bySource[o.UTM.Source] = b
	}
	for _, d := range r.data.networks() {
		n := planning.NetworkResult{Destination: d, Counts: sosyal.Counts{}, Formats: map[sosyal.Format]int{}, Analysis: r.bestAnalysis(d.Network)}
		r.addPosts(&n)
		if o, ok := bySource[string(d.Network)]; ok {
			n.Revenue, n.Orders = o.Net, o.Orders
		}
		mix, err := r.mixFor(n)
		if err != nil {
			return in, err
		}
		n.Mix = mix
		in.Networks = append(in.Networks, n)
	}
	return in, nil
}

// bestAnalysis is the network's own where it is clear about some content, else
// that of all posts, which has more to go by.
func (r *run) bestAnalysis(n sosyal.Network) *engagement.Analysis {
	own := r.networks[n]
	if own == nil {
		return r.analysis
	}
	for _, g := range own.Groups {
		if g.Verdict != engagement.NoEvidence && g.Dimension == engagement.ByCategory {
			return own
		}
	}
	return r.analysis
}

// addPosts adds up what a network's posts of the last half year brought.
func (r *run) addPosts(n *planning.NetworkResult) {
	last := time.Time{}
	for _, p := range r.data.posts {
		if p.At.After(last) {
			last = p.At
		}
	}
	const span = 182
	first := last
	for _, p := range r.data.posts {
		if p.Destination != n.Destination || last.Sub(p.At) > span*24*time.Hour {
			continue
		}
		if p.At.Before(first) {
			first = p.At
		}
		n.Posts++
		n.Formats[p.Features.Format]++
		for m, v := range r.latest(p) {
			n.Counts[m] += v
		}
	}
	n.Days = int(last.Sub(first).Hours()/24) + 1
}

// mixFor is the present mix of a network, moved by what the analysis found.
func (r *run) mixFor(n planning.NetworkResult) (sosyal.Mix, error) {
	weights := map[sosyal.CategoryID]float64{}
	for _, p := range r.data.posts {
		if p.Destination == n.Destination && p.Features.Category != "" {
			weights[p.Features.Category]++
		}
	}
	var shares []sosyal.Share
	for _, c := range sortedKeys(weights) {
		shares = append(shares, sosyal.Share{Category: c, Share: weights[c]})
	}
	if len(shares) == 0 {
		shares = []sosyal.Share{{Category: "general", Share: 1}}
	}
	present, err := sosyal.NewMix(shares...)
	if err != nil || n.Analysis == nil {
		return present, err
	}
	recommended, err := engagement.Recommend(*n.Analysis, present, engagement.RecommendOptions{})
	return recommended.Mix, err
}

// audiences are the segments as far as a strategy needs them.
func (r *run) audiences() []planning.Audience {
	var out []planning.Audience
	for _, s := range r.table {
		if s.Size > 0 && !s.Suppressed {
			out = append(out, planning.Audience{
				ID: s.ID, Name: r.texts.Term(s.Name), Size: s.Size, RevenueShare: s.RevenueShare, Objectives: planning.ObjectivesOf(groupOf(s)),
			})
		}
	}
	return out
}

// groupOf is the RFM group that a segment stands for, empty for others.
func groupOf(s audience.Segment) string {
	for _, g := range value.Groups() {
		if g.Segment() == s.ID {
			return string(g)
		}
	}
	return ""
}
