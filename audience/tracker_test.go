package audience_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/audiencetest"
)

// shopLog is a source of customers and of changes that a test writes to.
type shopLog struct {
	customers []audience.Customer
	changes   []audience.CustomerChange
	broken    error
}

func (s *shopLog) Customers(context.Context, sosyal.BrandID) iter.Seq2[audience.Customer, error] {
	return stream(s.customers)
}

func (s *shopLog) Changes(_ context.Context, _ sosyal.BrandID, since string) iter.Seq2[audience.CustomerChange, error] {
	return func(yield func(audience.CustomerChange, error) bool) {
		from, _ := strconv.Atoi(since)
		for i := from; i < len(s.changes); i++ {
			c := s.changes[i]
			c.Cursor = strconv.Itoa(i + 1)
			if !yield(c, nil) {
				return
			}
		}
		if s.broken != nil {
			yield(audience.CustomerChange{}, s.broken)
		}
	}
}

func segment(tb testing.TB, id sosyal.SegmentID, condition string) audience.Definition {
	tb.Helper()
	r := rule(tb, condition)
	return audience.Definition{ID: id, Name: string(id), Kind: audience.RuleSegment, Rule: &r}
}

func tracker(tb testing.TB, shop *shopLog, now *time.Time) *audience.Tracker {
	tb.Helper()
	e := env(tb)
	return &audience.Tracker{
		Brand: "b", Zone: e.Zone, Schema: e.Schema, Source: shop, Changes: shop, Now: func() time.Time { return *now }, Batch: 7,
	}
}

func TestATrackerPublishesWhoCameAndWhoWent(t *testing.T) {
	now := time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)
	shop := &shopLog{customers: []audience.Customer{{ID: "a", Interests: []string{"hair"}}, {ID: "b"}, {ID: "c", Group: "loyal"}}}
	tr := tracker(t, shop, &now)
	var observed []string
	tr.Observe = func(_ context.Context, e sosyal.Event) { observed = append(observed, e.ID) }
	_, err := tr.Load(t.Context(), "")
	require.NoError(t, err)
	n, err := tr.Count(t.Context(), rule(t, `{"interest":["hair"]}`))
	require.NoError(t, err)
	assert.Equal(t, 1, n, "count before save")
	moved, err := tr.Save(t.Context(), segment(t, "hair", `{"interest":["hair"]}`))
	require.NoError(t, err)
	require.Len(t, moved, 1)
	assert.Equal(t, []string{"a"}, people(moved[0].Entered))
	_, err = tr.Save(t.Context(), segment(t, "others", `{"not":{"in_segment":"hair"}}`))
	require.NoError(t, err)
	_, err = tr.Save(t.Context(), audience.Definition{ID: "rfm-loyal", Name: "rfm.loyal", Kind: audience.RFMSegment})
	require.NoError(t, err)

	shop.changes = []audience.CustomerChange{
		{ID: "b", Put: &audience.Customer{ID: "b", Interests: []string{"hair"}}}, {ID: "d", Put: &audience.Customer{ID: "d"}}, {ID: "a", Remove: true},
	}
	now = now.Add(time.Hour)
	moved, err = tr.Sync(t.Context())
	require.NoError(t, err)
	require.Len(t, moved, 2, "the loyal did not move")
	assert.Equal(t, []string{"b"}, people(moved[0].Entered))
	assert.Equal(t, []string{"a"}, people(moved[0].Left), "who was removed is still named once")
	assert.Equal(t, []string{"d"}, people(moved[1].Entered))
	assert.Equal(t, []string{"b"}, people(moved[1].Left))
	hair, err := tr.Segment("hair")
	require.NoError(t, err)
	assert.Equal(t, int64(2), hair.Version)
	assert.Equal(t, now, hair.ComputedAt)
	loyal, err := tr.Segment("rfm-loyal")
	require.NoError(t, err)
	assert.Equal(t, int64(1), loyal.Version)
	assert.Equal(t, now, loyal.ComputedAt)
	moved, err = tr.Sync(t.Context())
	require.NoError(t, err)
	assert.Empty(t, moved, "each change is met once")
	assert.Equal(t, []string{
		"audience.segment/hair@1/20261103T090000.000000000Z", "audience.segment/others@1/20261103T090000.000000000Z",
		"audience.segment/rfm-loyal@1/20261103T090000.000000000Z",
		"audience.segment/hair@2/20261103T100000.000000000Z", "audience.segment/others@2/20261103T100000.000000000Z",
	}, observed)

	var ids []string
	for p := range tr.Segments() {
		ids = append(ids, fmt.Sprint(p.ID, p.Members.Count()))
	}
	assert.Equal(t, []string{"hair1", "others2", "rfm-loyal1"}, ids)
	require.ErrorContains(t, tr.Remove(t.Context(), "hair"), "that segment others looks at")
	require.NoError(t, tr.Remove(t.Context(), "others"))
	_, err = tr.Segment("others")
	require.ErrorIs(t, err, sosyal.ErrNotFound)
}

func TestATrackerRefusesSegmentsThatDoNotFit(t *testing.T) {
	now := time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)
	tr := tracker(t, &shopLog{}, &now)
	_, err := tr.Save(t.Context(), segment(t, "x", `{"property":{"name":"shoe","is":"missing"}}`))
	require.ErrorContains(t, err, "segments.x.rule.property.name: must be a property of the schema")
	_, err = tr.Save(t.Context(), segment(t, "a", `{"in_segment":"b"}`))
	require.ErrorContains(t, err, "must be a known segment")
	_, err = tr.Save(t.Context(), segment(t, "b", `{"interest":["hair"]}`))
	require.NoError(t, err)
	_, err = tr.Save(t.Context(), segment(t, "a", `{"in_segment":"b"}`))
	require.NoError(t, err)
	_, err = tr.Save(t.Context(), segment(t, "b", `{"in_segment":"a"}`))
	require.ErrorContains(t, err, `must not contain itself (got "a > b > a")`)
	_, err = tr.Save(t.Context(), segment(t, "c", `{"any":[{"in_segment":"c"}]}`))
	require.ErrorContains(t, err, "must not contain itself")
	n := 0
	for range tr.Segments() {
		n++
	}
	assert.Equal(t, 2, n, "what was refused changed nothing")
	_, err = (&audience.Tracker{}).Sync(t.Context())
	assert.Len(t, sosyal.FieldErrors(err), 2)
}

// A source that breaks off keeps what came before, a cancelled refresh keeps the
// changes, and a segment that no longer fits keeps its last members while the
// others go on.
func TestATrackerLosesNothing(t *testing.T) {
	now := time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)
	shop := &shopLog{}
	tr := tracker(t, shop, &now)
	_, err := tr.Save(t.Context(), segment(t, "all", `{"all":[]}`))
	require.NoError(t, err)
	for i := range 20 {
		id := sosyal.PersonID(fmt.Sprint("p", i))
		shop.changes = append(shop.changes, audience.CustomerChange{ID: id, Put: &audience.Customer{ID: id}})
	}
	shop.broken = errors.New("the line is dead")
	moved, err := tr.Sync(t.Context())
	require.ErrorIs(t, err, shop.broken)
	require.Len(t, moved, 1)
	assert.Equal(t, 20, moved[0].Entered.Count())
	_, cursor := tr.Index()
	assert.Equal(t, "20", cursor)

	shop.broken = nil
	shop.changes = append(shop.changes, audience.CustomerChange{ID: "late", Put: &audience.Customer{ID: "late"}})
	ctx, cancel := context.WithCancel(t.Context())
	cancelling := *shop
	tr.Changes = cancelOnce{&cancelling, cancel}
	_, err = tr.Sync(ctx)
	require.ErrorIs(t, err, context.Canceled)
	all, err := tr.Segment("all")
	require.NoError(t, err)
	assert.Equal(t, 20, all.Members.Count(), "nothing half published")
	tr.Changes = shop
	moved, err = tr.Sync(t.Context())
	require.NoError(t, err)
	require.Len(t, moved, 1)
	assert.Equal(t, []string{"late"}, people(moved[0].Entered))

	_, err = tr.Save(t.Context(), segment(t, "tier", `{"not":{"property":{"name":"tier","is":"equals","value":"gold"}}}`))
	require.NoError(t, err)
	tr.Schema.Properties = map[string]audience.PropertyType{}
	now = now.AddDate(0, 0, 1)
	_, err = tr.Refresh(t.Context())
	var failed *audience.SegmentError
	require.ErrorAs(t, err, &failed)
	assert.Equal(t, sosyal.SegmentID("tier"), failed.Segment)
	tier, err := tr.Segment("tier")
	require.NoError(t, err)
	assert.Equal(t, now.AddDate(0, 0, -1), tier.ComputedAt, "the time moves with the members only")
	assert.Equal(t, 21, tier.Members.Count())
	all, err = tr.Segment("all")
	require.NoError(t, err)
	assert.Equal(t, now, all.ComputedAt)

	record, err := tr.Forget(t.Context(), "b", "late")
	require.NoError(t, err)
	assert.Equal(t, map[string]int{"audience.customer": 1, "audience.segment": 2}, record.Records)
	tier, err = tr.Segment("tier")
	require.NoError(t, err)
	assert.False(t, tier.Members.Contains("late"), "also from a segment that cannot be refreshed")
	assert.Equal(t, 20, tier.Members.Count())
	record, err = tr.Forget(t.Context(), "b", "late")
	require.NoError(t, err)
	assert.Zero(t, record.Total())
	record, err = tr.Forget(t.Context(), "another", "p1")
	require.NoError(t, err)
	assert.Zero(t, record.Total())
	kept := 0
	for _, err := range tr.Erasures(t.Context(), "b") {
		require.NoError(t, err)
		kept++
	}
	assert.Equal(t, 2, kept)
}

// A change that does not suit is shown to the host, who may go on without it.
func TestATrackerAsksAboutChangesThatDoNotSuit(t *testing.T) {
	now := time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)
	put := func(c audience.Customer) audience.CustomerChange {
		return audience.CustomerChange{ID: c.ID, Put: &c}
	}
	bad := audience.Customer{ID: "bad", Properties: map[string]audience.Value{"shoe": audience.TextValue("42")}}
	shop := &shopLog{changes: []audience.CustomerChange{put(audience.Customer{ID: "a"}), put(bad), put(audience.Customer{ID: "c"}), put(bad)}}
	tr := tracker(t, shop, &now)
	_, err := tr.Count(t.Context(), rule(t, `{"all":[]}`))
	require.ErrorIs(t, err, sosyal.ErrInsufficientData, "nobody is loaded yet")
	_, err = tr.Load(t.Context(), "")
	require.NoError(t, err)
	_, err = tr.Sync(t.Context())
	require.ErrorContains(t, err, `cursor "2": properties.shoe: must be a property of the schema`)
	ix, cursor := tr.Index()
	assert.Equal(t, "1", cursor)
	assert.Equal(t, 1, ix.Len())

	var refused []string
	tr.Refused = func(c audience.CustomerChange, _ error) error {
		refused = append(refused, c.Cursor)
		return nil
	}
	_, err = tr.Sync(t.Context())
	require.NoError(t, err)
	_, err = tr.Sync(t.Context())
	require.NoError(t, err)
	ix, cursor = tr.Index()
	assert.Equal(t, "4", cursor)
	assert.Equal(t, 2, ix.Len())
	assert.Equal(t, []string{"2", "4"}, refused, "each once")
}

// What a segment looks at includes what the segments look at that it looks at.
func TestAttributesGoThroughNestedSegments(t *testing.T) {
	now := time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)
	tr := tracker(t, &shopLog{}, &now)
	_, err := tr.Save(t.Context(), segment(t, "ill", `{"property":{"name":"tier","is":"equals","value":"x"}}`),
		segment(t, "between", `{"not":{"in_segment":"ill"}}`), segment(t, "outer", `{"all":[{"in_segment":"between"},{"interest":["hair"]}]}`))
	require.NoError(t, err)
	outer, err := tr.Segment("outer")
	require.NoError(t, err)
	want := []string{"interest.hair", "segment.between", "segment.ill", "tier"}
	assert.Equal(t, want, outer.Attributes)
	e := env(t)
	e.Segments = map[sosyal.SegmentID]audience.Definition{}
	for p := range tr.Segments() {
		e.Segments[p.ID] = p.Definition
	}
	p, err := rule(t, `{"all":[{"in_segment":"between"},{"interest":["hair"]}]}`).Compile(e)
	require.NoError(t, err)
	assert.Equal(t, want, p.Attributes())
}

// cancelOnce cancels the context when all changes were read.
type cancelOnce struct {
	audience.ChangeSource
	cancel context.CancelFunc
}

func (c cancelOnce) Changes(ctx context.Context, b sosyal.BrandID, since string) iter.Seq2[audience.CustomerChange, error] {
	return func(yield func(audience.CustomerChange, error) bool) {
		for change, err := range c.ChangeSource.Changes(ctx, b, since) {
			if !yield(change, err) {
				return
			}
		}
		defer c.cancel()
	}
}

// However customers and the clock change, refreshing what changed comes to the
// same members as working everything out anew, and the movements add up.
func TestRefreshingIsWorkingOutAnew(t *testing.T) {
	for seed := range uint64(4) {
		w, err := audiencetest.NewWorld(seed+500, 150)
		require.NoError(t, err)
		r := rand.New(rand.NewPCG(seed, 1))
		now := w.Env.Now
		shop := &shopLog{customers: w.Customers[:60]}
		tr := &audience.Tracker{Brand: w.Env.Brand, Zone: w.Env.Zone, Schema: w.Env.Schema, Source: shop, Changes: shop, Now: func() time.Time { return now }}
		_, err = tr.Load(t.Context(), "")
		require.NoError(t, err)
		_, err = tr.Save(t.Context(), slices.Collect(maps.Values(w.Env.Segments))...)
		require.NoError(t, err)
		for i := range 15 {
			d := audience.Definition{ID: sosyal.SegmentID(fmt.Sprint("drawn-", i)), Name: "x", Kind: audience.RuleSegment}
			drawn := w.Rule(r)
			d.Rule = &drawn
			_, err = tr.Save(t.Context(), d)
			require.NoError(t, err)
		}
		counts := map[sosyal.SegmentID]int{}
		for p := range tr.Segments() {
			counts[p.ID] = p.Members.Count()
		}
		require.Greater(t, len(counts), 15)
		for range 8 {
			for range r.IntN(20) {
				c := w.Customers[r.IntN(len(w.Customers))]
				switch r.IntN(5) {
				case 0:
					shop.changes = append(shop.changes, audience.CustomerChange{ID: c.ID, Remove: true})
				case 1:
					if len(c.Events) > 0 {
						shop.changes = append(shop.changes, audience.CustomerChange{ID: c.ID, Add: c.Events[:1]})
					}
				default:
					shop.changes = append(shop.changes, audience.CustomerChange{ID: c.ID, Put: &c})
				}
			}
			now = now.Add(time.Duration(r.IntN(30)) * time.Hour * time.Duration(r.IntN(2)))
			moved, err := tr.Sync(t.Context())
			require.NoError(t, err)
			for _, m := range moved {
				counts[m.Segment] += m.Entered.Count() - m.Left.Count()
			}
			ix, _ := tr.Index()
			defs := map[sosyal.SegmentID]audience.Definition{}
			for p := range tr.Segments() {
				defs[p.ID] = p.Definition
			}
			env := w.Env
			env.Now, env.Segments = now, defs
			for p := range tr.Segments() {
				anew, err := audience.Rule{Condition: audience.InSegment(p.ID)}.Compile(env)
				require.NoError(t, err)
				want, err := anew.Evaluate(t.Context(), ix)
				require.NoError(t, err)
				if !slices.Equal(people(want), people(p.Members)) {
					t.Fatalf("seed %d, segment %s: %v instead of %v", seed, p.ID, people(p.Members), people(want))
				}
				require.Equal(t, p.Members.Count(), counts[p.ID], "seed %d, segment %s", seed, p.ID)
			}
		}
	}
}

// A thousand segments of which ten thousand customers changed.
func BenchmarkRefreshSegments(b *testing.B) {
	for _, n := range []int{benchCustomers(b) / 10, benchCustomers(b)} {
		for _, changed := range []int{1_000, 10_000} {
			b.Run(fmt.Sprintf("%d customers/%d changed", n, changed), func(b *testing.B) { benchRefresh(b, n, changed) })
		}
	}
}

func benchRefresh(b *testing.B, n, changed int) {
	b.Helper()
	tr := &audience.Tracker{Brand: "shop", Zone: time.UTC, Schema: benchSchema(), Now: benchNow}
	_, err := tr.Adopt(b.Context(), benchIndex(b, n), "")
	require.NoError(b, err)
	interests := benchInterests()
	definitions := make([]audience.Definition, 1_000)
	for i := range definitions {
		definitions[i] = segment(b, sosyal.SegmentID(fmt.Sprint("s", i)), fmt.Sprintf(
			`{"all":[{"interest":["%s"]},{"count":{"of":"order","is":"at_least","value":%d,"days":%d}},{"not":{"property":{"name":"city","is":"equals","value":"city-%d"}}}]}`,
			interests[i%16], i%4, 30+i%300, i))
	}
	_, err = tr.Save(b.Context(), definitions...)
	require.NoError(b, err)
	next := 0
	for b.Loop() {
		b.StopTimer()
		var changes []audience.CustomerChange
		for c, err := range benchShop(changed) {
			require.NoError(b, err)
			c.ID = sosyal.PersonID(fmt.Sprint("c", next*7919%n))
			c.Interests, c.Events = slices.Clone(c.Interests), slices.Clone(c.Events)
			changes = append(changes, audience.CustomerChange{ID: c.ID, Put: &c})
			next++
		}
		tr.Changes = &shopLog{changes: changes}
		tr.Batch = changed
		b.StartTimer()
		if _, err := tr.Sync(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		ix, _ := tr.Index()
		if _, err := tr.Adopt(b.Context(), ix, ""); err != nil { // the cursor starts over
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
