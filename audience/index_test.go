package audience_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/audiencetest"
)

// evaluateIn is an evaluator over the indexes of brands.
func evaluateIn(indexes map[sosyal.BrandID]*audience.Index) audiencetest.Evaluator {
	return func(ctx context.Context, p audience.Program) ([]sosyal.PersonID, error) {
		m, err := p.Evaluate(ctx, indexes[p.Brand()])
		if err != nil {
			return nil, err
		}
		return slices.Collect(m.All()), nil
	}
}

func eachBrand(w audiencetest.World, build func(sosyal.BrandID, []audience.Customer) (*audience.Index, error)) (audiencetest.Evaluator, error) {
	indexes := map[sosyal.BrandID]*audience.Index{}
	for brand, customers := range map[sosyal.BrandID][]audience.Customer{w.Env.Brand: w.Customers, w.OtherBrand: w.OtherCustomers} {
		ix, err := build(brand, customers)
		if err != nil {
			return nil, err
		}
		indexes[brand] = ix
	}
	return evaluateIn(indexes), nil
}

func stream[T any](values []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range values {
			if !yield(v, nil) {
				return
			}
		}
	}
}

func build(ctx context.Context, w audiencetest.World, brand sosyal.BrandID, customers []audience.Customer) (*audience.Index, error) {
	return audience.BuildIndex(ctx, brand, w.Env.Schema, stream(customers))
}

// An index that was built, one that was written and read, and one that came to
// be by changes all answer as the reference does.
func TestIndexesAnswerAsTheReference(t *testing.T) {
	t.Run("built", func(t *testing.T) {
		audiencetest.TestEvaluator(t, audiencetest.Options{Worlds: 9}, func(ctx context.Context, w audiencetest.World) (audiencetest.Evaluator, error) {
			return eachBrand(w, func(brand sosyal.BrandID, customers []audience.Customer) (*audience.Index, error) {
				return build(ctx, w, brand, customers)
			})
		})
	})
	t.Run("written and read", func(t *testing.T) {
		audiencetest.TestEvaluator(t, audiencetest.Options{Worlds: 9, Seed: 1000}, func(ctx context.Context, w audiencetest.World) (audiencetest.Evaluator, error) {
			return eachBrand(w, func(brand sosyal.BrandID, customers []audience.Customer) (*audience.Index, error) {
				ix, err := build(ctx, w, brand, customers)
				if err != nil {
					return nil, err
				}
				return readBack(ix)
			})
		})
	})
	t.Run("changed", func(t *testing.T) {
		audiencetest.TestEvaluator(t, audiencetest.Options{Worlds: 9, Seed: 2000}, func(ctx context.Context, w audiencetest.World) (audiencetest.Evaluator, error) {
			return eachBrand(w, func(brand sosyal.BrandID, customers []audience.Customer) (*audience.Index, error) {
				return grown(ctx, w, brand, customers)
			})
		})
	})
}

func readBack(ix *audience.Index) (*audience.Index, error) {
	var file bytes.Buffer
	n, err := ix.WriteTo(&file)
	if err != nil || n != int64(file.Len()) {
		return nil, fmt.Errorf("wrote %d of %d: %w", n, file.Len(), err)
	}
	var read audience.Index
	size := int64(file.Len())
	if n, err = read.ReadFrom(&file); err != nil || n != size {
		return nil, fmt.Errorf("read %d of %d: %w", n, size, err)
	}
	return &read, nil
}

// grown makes an index by many steps: strangers who are removed, customers as
// they once were, events that come one by one and out of order.
func grown(ctx context.Context, w audiencetest.World, brand sosyal.BrandID, customers []audience.Customer) (*audience.Index, error) {
	r := rand.New(rand.NewPCG(w.Seed, uint64(len(customers))))
	early := len(customers) / 3
	start := slices.Clone(customers[:early])
	for i := range start { // as somebody else will be
		id := start[i].ID
		start[i] = customers[len(customers)-1-i]
		start[i].ID = id
	}
	start = append(start, audience.Customer{ID: "stranger", Interests: []string{"hair"}, Group: "loyal"})
	ix, err := build(ctx, w, brand, start)
	if err != nil {
		return nil, err
	}
	if ix, err = keepSome(ctx, w, brand, ix); err != nil {
		return nil, err
	}
	changes := []audience.CustomerChange{{ID: "stranger", Remove: true}}
	for _, c := range customers {
		if r.IntN(2) == 0 || len(c.Events) == 0 {
			changes = append(changes, audience.CustomerChange{ID: c.ID, Put: &c})
			continue
		}
		events := c.Events
		c.Events = nil
		cut := r.IntN(len(events) + 1)
		changes = append(changes, audience.CustomerChange{ID: c.ID, Put: &c})
		for _, part := range [][]audience.Event{events[cut:], events[:cut]} {
			if len(part) > 0 {
				changes = append(changes, audience.CustomerChange{ID: c.ID, Add: part})
			}
		}
	}
	changes = append(changes,
		audience.CustomerChange{ID: "guest", Put: &audience.Customer{ID: "guest", Group: "loyal"}},
		audience.CustomerChange{ID: "guest", Remove: true})
	for len(changes) > 0 {
		n := 1 + r.IntN(len(changes))
		if ix, err = ix.Apply(ctx, stream(changes[:n])); err != nil {
			return nil, err
		}
		changes = changes[n:]
	}
	return ix, nil
}

// keepSome keeps the conditions of a few rules.
func keepSome(ctx context.Context, w audiencetest.World, brand sosyal.BrandID, ix *audience.Index) (*audience.Index, error) {
	r := rand.New(rand.NewPCG(w.Seed, 7))
	env := w.Env
	env.Brand = brand
	var programs []audience.Program
	for range 20 {
		p, err := w.Rule(r).Compile(env)
		if err != nil {
			return nil, err
		}
		programs = append(programs, p)
	}
	return ix.Keep(ctx, programs...)
}

// blockSize is how many customers a block of an index has.
const blockSize = 65_536

// A shop of several blocks is answered as customer by customer.
func TestLargeIndexesAnswerAsTheReference(t *testing.T) {
	const n = blockSize + 20_000
	ix := benchIndex(t, n)
	require.Equal(t, n, ix.Len())
	for _, condition := range []string{
		benchRule,
		`{"not":{"any":[{"interest":["skincare","hair"]},{"property":{"name":"city","is":"ends_with","value":"7"}}]}}`,
		`{"count":{"of":"order","is":"equals","value":0,"days":200}}`,
		`{"sum":{"of":"order","is":"more_than","value":{"amount":"412.77","currency":"TRY"},"days":300}}`,
		`{"first":{"of":"order","is":"at_least","value":400}}`,
		`{"count":{"of":"order","is":"at_least","value":2,"where":[{"name":"amount","is":"at_least","value":250}]}}`,
	} {
		p := benchProgram(t, condition)
		m, err := p.Evaluate(t.Context(), ix)
		require.NoError(t, err)
		want := 0
		for c, err := range benchShop(n) {
			require.NoError(t, err)
			ok, err := p.Matches(c)
			require.NoError(t, err)
			want += map[bool]int{true: 1}[ok]
			if ok != m.Contains(c.ID) {
				t.Fatalf("%s: %v about %s", condition, !ok, c.ID)
			}
		}
		assert.Equal(t, want, m.Count(), condition)
	}
}

func people(m *audience.Members) []string {
	var ids []string
	for id := range m.All() {
		ids = append(ids, string(id))
	}
	return ids
}

func smallIndex(tb testing.TB) *audience.Index {
	tb.Helper()
	customers := []audience.Customer{ayse(tb)}
	for i := range 9 {
		c := audience.Customer{ID: sosyal.PersonID(fmt.Sprint("p", i)), Interests: []string{"hair"}}
		if i%2 == 0 {
			c.Interests = []string{"skincare"}
			c.Profile.City = fmt.Sprint("city-", i)
		}
		customers = append(customers, c)
	}
	ix, err := audience.BuildIndex(tb.Context(), "b", schema(), stream(customers))
	require.NoError(tb, err)
	return ix
}

func evaluate(tb testing.TB, ix *audience.Index, condition string) *audience.Members {
	tb.Helper()
	p, err := rule(tb, condition).Compile(env(tb))
	require.NoError(tb, err)
	m, err := p.Evaluate(tb.Context(), ix)
	require.NoError(tb, err)
	return m
}

func TestMembersAreSets(t *testing.T) {
	ix := smallIndex(t)
	hair, skin := evaluate(t, ix, `{"interest":["hair"]}`), evaluate(t, ix, `{"interest":["skincare"]}`)
	assert.Equal(t, []string{"a", "p1", "p3", "p5", "p7"}, people(hair))
	assert.Equal(t, 6, skin.Count())
	assert.Equal(t, 1, hair.CountBoth(skin))
	assert.True(t, hair.Contains("p1"))
	assert.False(t, hair.Contains("p2"))
	assert.False(t, hair.Contains("nobody"))
	only, err := hair.Without(skin)
	require.NoError(t, err)
	assert.Equal(t, []string{"p1", "p3", "p5", "p7"}, people(only))
	assert.Equal(t, 10, ix.Members().Count())

	other := smallIndex(t) // the same people, built again: another line of versions
	assert.Equal(t, 5, hair.CountBoth(evaluate(t, other, `{"interest":["hair"]}`)))
	_, err = hair.Without(evaluate(t, other, `{"interest":["hair"]}`))
	require.ErrorIs(t, err, sosyal.ErrConflict)
	var none *audience.Members
	assert.Zero(t, none.Count()+none.CountBoth(hair)+hair.CountBoth(none)+len(people(none)))
	assert.False(t, (&audience.Members{}).Contains("a"))
}

func TestVersionsStayAsTheyWere(t *testing.T) {
	first := smallIndex(t)
	before := evaluate(t, first, `{"interest":["hair"]}`)
	second, err := first.Apply(t.Context(), stream([]audience.CustomerChange{
		{ID: "p1", Put: &audience.Customer{ID: "p1"}},
		{ID: "new", Put: &audience.Customer{ID: "new", Interests: []string{"hair"}}},
		{ID: "a", Remove: true},
		{ID: "never was", Remove: true},
	}))
	require.NoError(t, err)
	assert.Equal(t, []string{"p3", "p5", "p7", "new"}, people(evaluate(t, second, `{"interest":["hair"]}`)))
	assert.Equal(t, []string{"a", "p1", "p3", "p5", "p7"}, people(before))
	assert.Equal(t, people(before), people(evaluate(t, first, `{"interest":["hair"]}`)))
	assert.Equal(t, [3]int{10, 10, 1}, [3]int{first.Len(), second.Len(), int(second.Version())})
	left, err := before.Without(evaluate(t, second, `{"interest":["hair"]}`))
	require.NoError(t, err)
	assert.Equal(t, []string{"a", "p1"}, people(left), "members of the version that had them keep their names")

	_, err = first.Apply(t.Context(), stream([]audience.CustomerChange{{ID: "p2", Remove: true}}))
	require.ErrorIs(t, err, sosyal.ErrConflict, "two writers")
	_, err = first.Keep(t.Context())
	require.ErrorIs(t, err, sosyal.ErrConflict)

	again, err := second.Apply(t.Context(), stream([]audience.CustomerChange{{ID: "a", Put: &audience.Customer{ID: "a", Interests: []string{"hair"}}}}))
	require.NoError(t, err)
	assert.True(t, evaluate(t, again, `{"interest":["hair"]}`).Contains("a"), "somebody may come back")
}

// Columns, events and consents that nobody added to stay as short as they were
// when a block grows.
func TestABlockThatGrowsKeepsWhatDidNotChange(t *testing.T) {
	ix := smallIndex(t)
	var more []audience.CustomerChange
	for i := range 500 {
		id := sosyal.PersonID(fmt.Sprint("more-", i))
		more = append(more, audience.CustomerChange{ID: id, Put: &audience.Customer{ID: id}})
	}
	ix, err := ix.Apply(t.Context(), stream(more))
	require.NoError(t, err)
	read, err := readBack(ix)
	require.NoError(t, err)
	for _, version := range []*audience.Index{ix, read} {
		for condition, want := range map[string]int{
			`{"property":{"name":"city","is":"contains","value":"i"}}`:                                            6,
			`{"property":{"name":"city","is":"missing"}}`:                                                         504,
			`{"anniversary":{"name":"birthday","within":2}}`:                                                      1,
			`{"property":{"name":"points","is":"at_least","value":1}}`:                                            1,
			`{"count":{"of":"order","is":"at_most","value":2}}`:                                                   509,
			`{"sum":{"of":"order","is":"at_most","value":{"amount":"1","currency":"TRY"}}}`:                       509,
			`{"count":{"of":"order","is":"at_least","value":1,"where":[{"name":"coupon","is":"missing"}]}}`:       1,
			`{"consented":{"purpose":"marketing","channel":"email"}}`:                                             1,
			`{"not":{"funnel":{"first":{"of":"view"},"then":{"of":"order"},"hours":36}}}`:                         509,
			`{"any":[{"predicted":{"name":"probability_alive","is":"at_least","value":0.5}},{"in_group":["x"]}]}`: 1,
		} {
			assert.Equal(t, want, evaluate(t, version, condition).Count(), condition)
		}
	}
}

// Whole numbers are kept in a coarser unit than a rule may ask in.
func TestThresholdsLieBetweenTheNumbersOfAColumn(t *testing.T) {
	var all []audience.Customer
	for i := range 30 {
		all = append(all, audience.Customer{
			ID: sosyal.PersonID(fmt.Sprint("p", i)), Properties: map[string]audience.Value{"points": audience.NumberValue(decimal.New(int64(i+10)*100, 0))},
		})
	}
	ix, err := audience.BuildIndex(t.Context(), "b", schema(), stream(all))
	require.NoError(t, err)
	for condition, want := range map[string]int{
		`{"is":"at_least","value":1000}`: 30, `{"is":"at_least","value":1000.5}`: 29, `{"is":"more_than","value":1000}`: 29,
		`{"is":"at_most","value":1099.999999}`: 1, `{"is":"less_than","value":1100.000001}`: 2, `{"is":"equals","value":1050}`: 0,
		`{"is":"at_least","value":3900.000001}`: 0, `{"is":"at_most","value":-1}`: 0, `{"is":"at_most","value":999.9999999}`: 0,
	} {
		assert.Equal(t, want, evaluate(t, ix, `{"property":{"name":"points",`+condition[1:]+`}`).Count(), condition)
	}
}

// Large columns answer most of a question from bitmaps of ranges: whatever the
// values and the bounds, as the values themselves say.
func TestRangesOfLargeColumns(t *testing.T) {
	for name, draw := range map[string]func(r *rand.Rand) int64{
		"few values":          func(r *rand.Rand) int64 { return r.Int64N(5) },
		"one value":           func(*rand.Rand) int64 { return 7 },
		"many values":         func(r *rand.Rand) int64 { return r.Int64N(1_000_000) - 500_000 },
		"mostly one":          func(r *rand.Rand) int64 { return max(0, r.Int64N(1_000)-990) },
		"far apart":           func(r *rand.Rand) int64 { return (r.Int64N(3) - 1) * 999_999_999 },
		"one large exception": func(r *rand.Rand) int64 { return r.Int64N(300) / 299 * 100_000_000 },
	} {
		r := rand.New(rand.NewPCG(9, 10))
		points := make([]int64, 9_000)
		all := make([]audience.Customer, len(points))
		for i := range all {
			all[i].ID = sosyal.PersonID(fmt.Sprint("p", i))
			points[i] = -1 << 62 // none
			if r.IntN(5) > 0 {
				points[i] = draw(r)
				all[i].Properties = map[string]audience.Value{"points": audience.NumberValue(decimal.New(points[i], 0))}
			}
		}
		ix, err := audience.BuildIndex(t.Context(), "b", schema(), stream(all))
		require.NoError(t, err)
		for range 60 {
			bound := points[r.IntN(len(points))] + r.Int64N(3) - 1
			is := []audience.Comparison{audience.AtLeast, audience.MoreThan, audience.AtMost, audience.LessThan, audience.Equals}[r.IntN(5)]
			want := 0
			for _, v := range points {
				if v == -1<<62 {
					continue
				}
				met := map[audience.Comparison]bool{
					audience.AtLeast: v >= bound, audience.MoreThan: v > bound, audience.AtMost: v <= bound, audience.LessThan: v < bound, audience.Equals: v == bound,
				}[is]
				want += map[bool]int{true: 1}[met]
			}
			bound = max(bound, -1_000_000_000)
			condition := fmt.Sprintf(`{"property":{"name":"points","is":"%s","value":%d}}`, is, bound)
			require.Equal(t, want, evaluate(t, ix, condition).Count(), "%s: %s", name, condition)
		}
	}
}

func TestAnUpdateIsAllOrNothing(t *testing.T) {
	ix := smallIndex(t)
	broken := errors.New("the source broke off")
	good := audience.CustomerChange{ID: "p1", Remove: true}
	for name, changes := range map[string]iter.Seq2[audience.CustomerChange, error]{
		"invalid":         stream([]audience.CustomerChange{good, {ID: "p2"}}),
		"not the schema":  stream([]audience.CustomerChange{good, {ID: "p2", Put: &audience.Customer{ID: "p2", Properties: map[string]audience.Value{"shoe": audience.TextValue("42")}}}}),
		"another id":      stream([]audience.CustomerChange{good, {ID: "p2", Put: &audience.Customer{ID: "p3"}}}),
		"an absurd event": stream([]audience.CustomerChange{good, {ID: "p2", Add: []audience.Event{{Name: "view"}}}}),
		"broken off": func(yield func(audience.CustomerChange, error) bool) {
			_ = yield(good, nil) && yield(audience.CustomerChange{}, broken)
		},
	} {
		_, err := ix.Apply(t.Context(), changes)
		require.Error(t, err, name)
		if name != "broken off" {
			require.ErrorContains(t, err, "changes[1]", name)
			require.ErrorIs(t, err, sosyal.ErrInvalid)
		}
		assert.NotContains(t, err.Error(), "p2")
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := ix.Apply(cancelled, stream([]audience.CustomerChange{good}))
	require.ErrorIs(t, err, context.Canceled)
	next, err := ix.Apply(t.Context(), stream([]audience.CustomerChange{good}))
	require.NoError(t, err, "a failed update leaves the way free")
	assert.Equal(t, 9, next.Len())
}

func TestBuildIndexRefuses(t *testing.T) {
	for name, customers := range map[string][]audience.Customer{
		"customers[1].id: must not come twice":                                  {{ID: "a"}, {ID: "a"}},
		"customers[0].id: is required":                                          {{}},
		"customers[0].properties.shoe: must be a property of the schema":        {{ID: "a", Properties: map[string]audience.Value{"shoe": audience.TextValue("x")}}},
		"customers[0].properties.points: must be of the schema's type number":   {{ID: "a", Properties: map[string]audience.Value{"points": audience.TextValue("x")}}},
		"customers[0].profile.city: must be UTF-8 without U+0000":               {{ID: "a", Profile: audience.Profile{City: "a\x00"}}},
		"customers[0].events[0].name: must be an event of the schema":           {{ID: "a", Events: []audience.Event{{Name: "call", At: benchNow()}}}},
		"customers[0].events[0].at: must lie between 1990 and 2100":             {{ID: "a", Events: []audience.Event{{Name: "view"}}}},
		"customers[0].events[0].amount: must have at most 9 digits":             {{ID: "a", Events: []audience.Event{{Name: "order", At: benchNow(), Amount: lira(t, "1234567890")}}}},
		"customers[0].events[0].amount: must be in the currency of the schema":  {{ID: "a", Events: []audience.Event{{Name: "view", At: benchNow(), Amount: lira(t, "1")}}}},
		"customers[0].properties.expires: must be a day like 2026-11-03":        {{ID: "a", Properties: map[string]audience.Value{"expires": audience.TextValue("2026-02-30")}}},
		"customers[0].consents[0].purpose: is required":                         {{ID: "a", Consents: []audience.Consent{{Source: "shop", At: benchNow()}}}},
		"customers[0].profile.birthday: must lie in the years 0 to 9999":        {{ID: "a", Profile: audience.Profile{Birthday: date.New(12026, 1, 1)}}},
		"customers[0].interests: must not hold an empty text":                   {{ID: "a", Interests: []string{""}}},
		"customers[0].predictions.lifetime_value: must be a finite number with": {{ID: "a", Predictions: map[audience.Prediction]float64{audience.LifetimeValue: inf()}}},
	} {
		_, err := audience.BuildIndex(t.Context(), "b", schema(), stream(customers))
		require.ErrorContains(t, err, name)
		require.ErrorIs(t, err, sosyal.ErrInvalid)
	}
	_, err := audience.BuildIndex(t.Context(), "", schema(), stream[audience.Customer](nil))
	require.ErrorIs(t, err, sosyal.ErrInvalid)
	empty, err := audience.BuildIndex(t.Context(), "b", schema(), stream[audience.Customer](nil))
	require.NoError(t, err)
	assert.Zero(t, empty.Len()+evaluate(t, empty, `{"all":[]}`).Count())
	empty, err = readBack(empty)
	require.NoError(t, err)
	next, err := empty.Apply(t.Context(), stream([]audience.CustomerChange{{ID: "a", Put: &audience.Customer{ID: "a"}}}))
	require.NoError(t, err)
	assert.Equal(t, []string{"a"}, people(next.Members()))
}

func inf() float64 { return 1 / zero() }

func zero() float64 { return 0 }

func TestEvaluateRefusesWhatDoesNotFit(t *testing.T) {
	ix := smallIndex(t)
	e := env(t)
	e.Brand = "another"
	p, err := rule(t, `{"all":[]}`).Compile(e)
	require.NoError(t, err)
	_, err = p.Evaluate(t.Context(), ix)
	require.ErrorContains(t, err, "brand: must be that of the index")

	e = env(t)
	e.Schema.Properties = maps.Clone(e.Schema.Properties)
	e.Schema.Properties["tier"] = audience.NumberProperty
	p, err = rule(t, `{"property":{"name":"tier","is":"at_least","value":1}}`).Compile(e)
	require.NoError(t, err)
	_, err = p.Evaluate(t.Context(), ix)
	require.ErrorContains(t, err, "tier: must be of the type that it has in the index, text")

	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = benchProgram(t, benchRule).Evaluate(cancelled, benchIndex(t, 10))
	require.ErrorIs(t, err, context.Canceled)
	none, err := audience.Program{}.Evaluate(t.Context(), ix)
	require.NoError(t, err)
	assert.Zero(t, none.Count())
}

func TestErasedPeopleLeaveNothing(t *testing.T) {
	ix := smallIndex(t)
	secret := audience.Customer{
		ID: "id-of-fatma", Profile: audience.Profile{City: "city-of-fatma"}, Interests: []string{"interest-of-fatma"}, Group: "group-of-fatma",
		Properties: map[string]audience.Value{"tier": audience.TextValue("tier-of-fatma"), "sizes": audience.ListValue("size-of-fatma")},
		Events: []audience.Event{{Name: "order", At: benchNow(), Categories: []string{"category-of-fatma"}, Properties: map[string]audience.Value{
			"coupon": audience.TextValue("coupon-of-fatma"), "products": audience.ListValue("product-of-fatma", "p1"),
		}}},
	}
	ix, err := ix.Apply(t.Context(), stream([]audience.CustomerChange{{ID: secret.ID, Put: &secret}}))
	require.NoError(t, err)
	var file bytes.Buffer
	_, err = ix.WriteTo(&file)
	require.NoError(t, err)
	require.Equal(t, 9, strings.Count(file.String(), "of-fatma"))

	ix, err = ix.Erase(t.Context(), secret.ID, "never was")
	require.NoError(t, err)
	file.Reset()
	_, err = ix.WriteTo(&file)
	require.NoError(t, err)
	assert.NotContains(t, file.String(), "fatma")
	assert.Equal(t, 10, ix.Len())
	var read audience.Index
	_, err = read.ReadFrom(&file)
	require.NoError(t, err)
	assert.Equal(t, people(ix.Members()), people(read.Members()))
	assert.Equal(t, []string{"p0"}, people(evaluate(t, &read, `{"property":{"name":"city","is":"equals","value":"city-0"}}`)))
}

func TestErasureReachesWhatWasReplacedBefore(t *testing.T) {
	secret := audience.Customer{ID: "f", Profile: audience.Profile{City: "city-of-fatma"}, Group: "group-of-fatma"}
	ix, err := smallIndex(t).Apply(t.Context(), stream([]audience.CustomerChange{{ID: "f", Put: &secret}, {ID: "f", Put: &audience.Customer{ID: "f"}}}))
	require.NoError(t, err)
	ix, err = ix.Erase(t.Context(), "f")
	require.NoError(t, err)
	var file bytes.Buffer
	_, err = ix.WriteTo(&file)
	require.NoError(t, err)
	assert.NotContains(t, file.String(), "fatma")
}

func TestIndexFilesAreWholeOrRefused(t *testing.T) {
	ix := smallIndex(t)
	var file bytes.Buffer
	_, err := ix.WriteTo(&file)
	require.NoError(t, err)
	whole := file.Bytes()
	var again bytes.Buffer
	_, err = smallIndex(t).WriteTo(&again)
	require.NoError(t, err)
	assert.Equal(t, whole, again.Bytes(), "the same index gives the same bytes")

	refused := func(data []byte) {
		t.Helper()
		var read audience.Index
		_, err := read.ReadFrom(bytes.NewReader(data))
		require.ErrorIs(t, err, audience.ErrCorrupt)
		require.ErrorIs(t, err, sosyal.ErrInvalid)
		require.Zero(t, read.Len())
		_, err = read.ReadFrom(bytes.NewReader(whole))
		require.NoError(t, err, "the index stayed empty")
	}
	for n := range whole {
		if n < 150 || n%97 == 0 || n > len(whole)-40 {
			refused(whole[:n])
			changed := bytes.Clone(whole)
			changed[n] ^= 0x41
			refused(changed)
		}
	}
	refused(append(bytes.Clone(whole), 0))

	var read audience.Index
	_, err = read.ReadFrom(iotest.TimeoutReader(iotest.OneByteReader(bytes.NewReader(whole))))
	require.ErrorIs(t, err, iotest.ErrTimeout, "the source's own error stays itself")
	_, err = ix.ReadFrom(bytes.NewReader(whole))
	require.ErrorContains(t, err, "must be empty")
	_, err = ix.WriteTo(&limited{left: 100})
	require.ErrorIs(t, err, io.ErrShortWrite)
}

// limited is a disk that is full.
type limited struct{ left int }

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

// FuzzReadIndex reads files whose checksum is right whatever they say: they must
// be refused or be an index that answers and comes back the same.
func FuzzReadIndex(f *testing.F) {
	var file bytes.Buffer
	_, err := smallIndex(f).WriteTo(&file)
	require.NoError(f, err)
	f.Add(file.Bytes()[:file.Len()-sha256.Size])
	f.Add([]byte("sosyal audience index 1\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		sum := sha256.Sum256(data)
		var ix audience.Index
		if _, err := ix.ReadFrom(bytes.NewReader(append(bytes.Clone(data), sum[:]...))); err != nil {
			return
		}
		e := env(t)
		e.Brand = ix.Brand()
		for _, condition := range []string{
			`{"any":[{"interest":["hair"]},{"count":{"of":"order","is":"at_least","value":1,"where":[{"name":"categories","is":"contains","value":"hair"}]}},{"property":{"name":"city","is":"contains","value":"z"}}]}`,
			`{"any":[{"consented":{"purpose":"marketing","channel":"email"}},{"funnel":{"first":{"of":"view"},"then":{"of":"order"},"hours":36}},{"property":{"name":"points","is":"at_least","value":1}}]}`,
		} {
			p, err := rule(t, condition).Compile(e)
			require.NoError(t, err)
			m, err := p.Evaluate(t.Context(), &ix)
			if err == nil {
				assert.Len(t, people(m), m.Count())
			}
		}
		back, err := readBack(&ix)
		require.NoError(t, err)
		assert.Equal(t, ix.Len(), back.Len())
		assert.Equal(t, people(ix.Members()), people(back.Members()))
	})
}

// Readers of any version and one writer need no locks.
func TestReadersAndAWriter(t *testing.T) {
	ix := smallIndex(t)
	p, err := rule(t, `{"any":[{"property":{"name":"city","is":"starts_with","value":"city"}},{"interest":["hair"]}]}`).Compile(env(t))
	require.NoError(t, err)
	var group sync.WaitGroup
	for range 4 {
		version := ix
		group.Go(func() {
			for range 200 {
				m, err := p.Evaluate(context.Background(), version)
				if err != nil || m.Count() != 10 || !m.Contains("p1") {
					t.Errorf("%d members, %v", m.Count(), err)
					return
				}
			}
		})
	}
	for i := range 100 {
		id := sosyal.PersonID(fmt.Sprint("new-", i))
		ix, err = ix.Apply(t.Context(), stream([]audience.CustomerChange{{ID: id, Put: &audience.Customer{
			ID: id, Profile: audience.Profile{City: fmt.Sprint("another-", i)},
			Events: []audience.Event{{Name: "view", At: benchNow().Add(time.Duration(i) * time.Minute)}},
		}}}))
		require.NoError(t, err)
	}
	group.Wait()
	assert.Equal(t, 110, ix.Len())
	for i := range 100 {
		assert.True(t, ix.Members().Contains(sosyal.PersonID(fmt.Sprint("new-", i))))
	}
}

// A cancelled evaluation ends although much is left to do.
func TestACancelledEvaluationEnds(t *testing.T) {
	ix := benchIndex(t, 100_000)
	p := benchProgram(t, `{"any":[`+strings.Repeat(`{"sum":{"of":"order","is":"more_than","value":{"amount":"99999","currency":"TRY"},"days":900}},`, 2_000)+`{"any":[]}]}`)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := p.Evaluate(ctx, ix)
		done <- err
	}()
	time.Sleep(20 * time.Millisecond) // it would take minutes
	cancel()
	require.ErrorIs(t, <-done, context.Canceled)
}
