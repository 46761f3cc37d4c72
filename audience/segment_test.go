package audience_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"slices"
	"testing"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/sosyaltest"
)

const asOf = date.Date(739_000)

// buyers makes n customers who bought the same.
func buyers(tb testing.TB, n, orders int, net string, daysAgo int, categories ...string) []audience.Purchases {
	tb.Helper()
	var own []audience.CategoryValue
	for _, c := range categories {
		own = append(own, audience.CategoryValue{Category: c, Net: lira(tb, net)})
	}
	var out []audience.Purchases
	for range n {
		out = append(out, audience.Purchases{
			Orders: orders, Net: lira(tb, net), Gross: lira(tb, net), Last: asOf - date.Date(daysAgo), Categories: own,
		})
	}
	return out
}

func two() []audience.Definition {
	return []audience.Definition{
		{ID: "often", Name: "Often", Kind: audience.ListSegment}, {ID: "other", Name: "=1+1", Kind: audience.ListSegment},
	}
}

func often(p audience.Purchases) []int {
	if p.Orders >= 3 {
		return []int{0}
	}
	return []int{1}
}

func TestDescribe(t *testing.T) {
	customers := append(buyers(t, 20, 4, "300", 10, "skin"), buyers(t, 60, 1, "50", 100, "hair")...)
	segments, err := audience.Describe(slices.Values(customers), asOf, two(), often, audience.DescribeOptions{})
	require.NoError(t, err)
	s := segments[0]
	assert.Equal(t, 20, s.Size)
	assert.Equal(t, 80, s.Base)
	assert.InDelta(t, 0.25, s.Share, 1e-15)
	// Wilson's interval of 20 in 80, worked by hand: centre (20+z²/2)/(80+z²),
	// half width z/(80+z²) sqrt(20*60/80+z²/4), z = 1.959964.
	z := 1.959963984540054
	centre, half := (20+z*z/2)/(80+z*z), z/(80+z*z)*math.Sqrt(20*60/80.0+z*z/4)
	assert.InDelta(t, centre-half, s.ShareLow, 1e-9)
	assert.InDelta(t, centre+half, s.ShareHigh, 1e-9)
	assert.Equal(t, "6000.00 TRY", s.Revenue.String())
	assert.InDelta(t, 2.0/3, s.RevenueShare, 1e-12)
	assert.InDelta(t, 800.0/3, s.ValueIndex, 1e-9, "share of revenue 2/3 over share of customers 1/4")
	assert.Equal(t, 80, s.Orders)
	assert.Equal(t, "75.00 TRY", s.AverageOrder.String())
	assert.InDelta(t, 4, s.OrdersPerCustomer, 0)
	assert.Equal(t, 10, s.DaysSinceLast)
	require.Len(t, s.Categories, 1)
	assert.Equal(t, "skin", s.Categories[0].Category)
	assert.InDelta(t, 400, s.Categories[0].Index, 1e-9, "all of the segment, a quarter of the base")
	assert.InDelta(t, 400/(1+z*z/20), s.Categories[0].IndexLow, 1e-6)
	require.NotNil(t, s.Fit)
	// Base: skin 6000, hair 3000. JSD((1,0),(2/3,1/3)) in bits, by hand.
	jsd := 0.5*math.Log2(1/(5.0/6)) + 0.5*(2.0/3*math.Log2((2.0/3)/(5.0/6))+1.0/3*math.Log2((1.0/3)/(1.0/6)))
	assert.InDelta(t, 1-jsd, *s.Fit, 1e-12)

	c := sosyal.NewCatalogue(sosyal.English, audience.Messages(sosyal.English))
	assert.Equal(t, []string{
		"20 customers (25.0%) with 66.7% of revenue.",
		"skin is the favourite category of more members than of customers on average: index 400, 20 customers.",
	}, c.Texts(s.Reasons))
}

func TestBuyingEverythingIsNoPreference(t *testing.T) {
	// The regulars buy skin first and hair second, the others skin or hair, in
	// the same proportion: nobody prefers anything.
	customers := append(buyers(t, 20, 4, "300", 10, "skin", "hair"), buyers(t, 20, 4, "300", 10, "hair", "skin")...)
	customers = append(customers, buyers(t, 100, 1, "50", 10, "skin")...)
	customers = append(customers, buyers(t, 100, 1, "50", 10, "hair")...)
	customers = append(customers, buyers(t, 5, 4, "50", 10, "perfume")...)
	segments, err := audience.Describe(slices.Values(customers), asOf, two(), often, audience.DescribeOptions{})
	require.NoError(t, err)
	require.Len(t, segments[0].Categories, 2, "the five who like perfume are too few to be shown")
	for _, c := range segments[0].Categories {
		assert.InDelta(t, 100*(20.0/45)/(120.0/245), c.Index, 1e-9)
		assert.Less(t, c.IndexLow, 100.0)
	}
	assert.Len(t, segments[0].Reasons, 1)
}

func TestSegmentsAreStored(t *testing.T) {
	segments, err := audience.Describe(slices.Values(buyers(t, 20, 4, "300", 10, "skin")), asOf, two(), often, audience.DescribeOptions{})
	require.NoError(t, err)
	data, err := json.Marshal(segments)
	require.NoError(t, err)
	var back []audience.Segment
	require.NoError(t, json.Unmarshal(data, &back))
	again, err := json.Marshal(back)
	require.NoError(t, err)
	assert.JSONEq(t, string(data), string(again))
	assert.Equal(t, asOf, back[0].AsOf)
	wrong := bytes.Replace(data, []byte(asOf.String()), []byte("2026-02-30"), 1)
	assert.ErrorContains(t, json.Unmarshal(wrong, &back), "as_of")
}

func TestASmallSegmentIsSuppressed(t *testing.T) {
	customers := append(buyers(t, 9, 4, "300", 10, "skin"), buyers(t, 60, 1, "50", 100)...)
	segments, err := audience.Describe(slices.Values(customers), asOf, two(), often, audience.DescribeOptions{})
	require.NoError(t, err)
	s := segments[0]
	assert.True(t, s.Suppressed)
	assert.Zero(t, s.Size)
	assert.True(t, s.Revenue.IsZero())
	assert.Empty(t, s.Categories)
	shown, err := audience.Describe(slices.Values(customers), asOf, two(), often, audience.DescribeOptions{MinSize: 9})
	require.NoError(t, err)
	assert.Equal(t, 9, shown[0].Size)
	assert.Nil(t, shown[1].Fit, "no categories are known of the others")
}

func TestDescribeWithoutMembersOrOrders(t *testing.T) {
	visitors := []audience.Purchases{}
	for range 12 {
		visitors = append(visitors, audience.Purchases{})
	}
	segments, err := audience.Describe(slices.Values(visitors), asOf, two(), often, audience.DescribeOptions{})
	require.NoError(t, err)
	assert.Equal(t, 0, segments[0].Size)
	assert.False(t, segments[0].Suppressed, "nobody is in it who could be told about")
	assert.Equal(t, 12, segments[1].Size)
	assert.Equal(t, -1, segments[1].DaysSinceLast)
	assert.Zero(t, segments[1].ValueIndex)
}

func TestDescribeRefusesBadArguments(t *testing.T) {
	customers := buyers(t, 20, 4, "300", 10)
	none := slices.Values(customers)
	_, err := audience.Describe(none, asOf, two(), often, audience.DescribeOptions{MinSize: -1, Level: 2, Categories: -1})
	assert.Len(t, sosyal.FieldErrors(err), 3)
	_, err = audience.Describe(none, asOf, two(), func(audience.Purchases) []int { return []int{2} }, audience.DescribeOptions{})
	assert.ErrorContains(t, err, "indexes of the definitions")
	var euro error
	customers[1].Net, euro = sosyal.NewMoney(decimal.New(1, 0), "EUR")
	require.NoError(t, euro)
	_, err = audience.Describe(none, asOf, two(), often, audience.DescribeOptions{})
	assert.ErrorAs(t, err, &sosyal.CurrencyError{})
	assert.Len(t, sosyal.FieldErrors(audience.Definition{Kind: "crowd"}.Validate()), 3)
	assert.NoError(t, two()[0].Validate())
}

func TestWriteSegments(t *testing.T) {
	customers := append(buyers(t, 9, 4, "300.5", 10, "=skin"), buyers(t, 60, 1, "50", 100, "@hair, long")...)
	segments, err := audience.Describe(slices.Values(customers), asOf, two(), often, audience.DescribeOptions{})
	require.NoError(t, err)
	var b bytes.Buffer
	c := sosyal.NewCatalogue(sosyal.Turkish, audience.Messages(sosyal.Turkish))
	require.NoError(t, audience.WriteSegments(&b, segments, c))
	rows, err := csv.NewReader(bytes.NewReader(b.Bytes())).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 3)
	column := func(row int, name string) string { return rows[row][slices.Index(rows[0], name)] }
	assert.Equal(t, "often", column(1, "segment"))
	assert.Empty(t, column(1, "customers"), "suppressed")
	assert.Equal(t, "true", column(1, "suppressed"))
	assert.Contains(t, column(1, "reasons"), "gösterim sınırının (10) altında")
	assert.Equal(t, "'=1+1", column(2, "name"))
	assert.Equal(t, "'@hair, long", column(2, "categories"))
	assert.Equal(t, "60", column(2, "customers"))
	assert.Equal(t, "0.8696", column(2, "share"))
	assert.Equal(t, "3000.00", column(2, "revenue"))
	assert.Equal(t, "TRY", column(2, "currency"))
	assert.Equal(t, "100", column(2, "days_since_last"))
	assert.Contains(t, b.String(), "\r\n")
	again := bytes.Buffer{}
	require.NoError(t, audience.WriteSegments(&again, segments, c))
	assert.Equal(t, b.String(), again.String())
}

func TestMessagesExistInBothLanguages(t *testing.T) {
	assert.NoError(t, sosyaltest.CheckMessages(audience.Messages(sosyal.English), audience.Messages(sosyal.Turkish)))
	assert.Nil(t, audience.Messages("de"))
}
