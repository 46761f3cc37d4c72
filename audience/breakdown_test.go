package audience_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

func potential(id string, size int, value, fit float64) audience.SegmentPotential {
	return audience.SegmentPotential{Segment: sosyal.SegmentID(id), Name: id, Size: size, Value: &value, Fit: &fit}
}

func TestBreakdownByHand(t *testing.T) {
	// Weights 100·3·80 : 200·1·40 : 50·2·80 = 24 : 8 : 8.
	segments := []audience.SegmentPotential{potential("a", 100, 3, 80), potential("b", 200, 1, 40), potential("c", 50, 2, 80)}
	b, err := audience.BreakdownMoney(lira(t, "1000.01"), segments, audience.BreakdownOptions{})
	require.NoError(t, err)
	assert.Equal(t, []string{"600.01 TRY", "200.00 TRY", "200.00 TRY"}, []string{b.Shares[0].Amount.String(), b.Shares[1].Amount.String(), b.Shares[2].Amount.String()})
	assert.True(t, b.Left.IsZero())
	// At 4 liras a head a takes 400, c 200, and b the rest within its 800.
	b, err = audience.BreakdownMoney(lira(t, "1000.01"), segments, audience.BreakdownOptions{PerPerson: decimal.NewFromInt(4)})
	require.NoError(t, err)
	assert.Equal(t, []string{"400.00 TRY", "400.01 TRY", "200.00 TRY"}, []string{b.Shares[0].Amount.String(), b.Shares[1].Amount.String(), b.Shares[2].Amount.String()})
	assert.True(t, b.Shares[0].Capped)
	// At 2 liras a head nobody can take more than 700 in all.
	b, err = audience.BreakdownMoney(lira(t, "1000.01"), segments, audience.BreakdownOptions{PerPerson: decimal.NewFromInt(2)})
	require.NoError(t, err)
	assert.Equal(t, "300.01 TRY", b.Left.String())
	assert.Equal(t, "audience.breakdown.left", b.Reasons[0].Code)
}

// Random breakdowns against filling up by bisection: nothing is lost or made up,
// no limit exceeded, and each share is within one unit of where the level of the
// water, found without any of this code, puts it.
func TestBreakdownIsExactAndProportional(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 7))
	for range 2000 {
		total := 1 + random.Int64N(5000)
		perPerson := float64(random.IntN(4)) / 2
		var segments []audience.SegmentPotential
		for i := range 1 + random.IntN(6) {
			segments = append(segments, potential(fmt.Sprint(i), random.IntN(900), float64(random.IntN(5)), float64(random.IntN(3))*50))
		}
		segments = append(segments, potential("last", 1, 1, 1))
		b, err := audience.BreakdownCount(total, segments, audience.BreakdownOptions{PerPerson: decimal.NewFromFloat(perPerson)})
		require.NoError(t, err)
		sum := b.Left
		for _, s := range b.Shares {
			sum += s.Amount
		}
		require.Equal(t, total, sum)
		weight, limit := make([]float64, len(segments)), make([]float64, len(segments))
		for i, s := range segments {
			weight[i], limit[i] = float64(s.Size)**s.Value**s.Fit, math.Inf(1)
			if perPerson > 0 {
				limit[i] = math.Floor(perPerson * float64(s.Size))
			}
		}
		low, high := 0.0, float64(total)
		for range 200 {
			level, filled := (low+high)/2, 0.0
			for i := range weight {
				filled += min(limit[i], level*weight[i])
			}
			if filled < float64(total) {
				low = level
			} else {
				high = level
			}
		}
		for i, s := range b.Shares {
			assert.InDelta(t, min(limit[i], high*weight[i]), float64(s.Amount), 1, "segment %d", i)
			assert.LessOrEqual(t, float64(s.Amount), limit[i])
			if weight[i] == 0 {
				assert.Zero(t, s.Amount)
			}
			if b.Left > 0 && weight[i] > 0 {
				assert.InDelta(t, limit[i], float64(s.Amount), 0, "something is left only where all are full")
			}
		}
	}
}

func TestUnknownValuesNeitherHelpNorHarm(t *testing.T) {
	unknown := potential("b", 300, 0, 0)
	unknown.Value, unknown.Fit = nil, nil
	b, err := audience.BreakdownCount(1000, []audience.SegmentPotential{potential("a", 100, 2, 60), unknown, potential("c", 300, 6, 20)}, audience.BreakdownOptions{})
	require.NoError(t, err)
	// Means by size: value (100·2 + 300·6)/400 = 5, fit (100·60 + 300·20)/400 = 30.
	assert.Equal(t, "45000", b.Shares[1].Weight.String())
	var codes []string
	for _, r := range b.Shares[1].Reasons {
		codes = append(codes, r.Code)
	}
	assert.Equal(t, []string{"audience.breakdown.share", "audience.breakdown.value_unknown", "audience.breakdown.fit_unknown"}, codes)
	unknown.Segment = "only"
	b, err = audience.BreakdownCount(1000, []audience.SegmentPotential{unknown}, audience.BreakdownOptions{})
	require.NoError(t, err)
	assert.Equal(t, int64(1000), b.Shares[0].Amount)
}

func TestBreakdownExponents(t *testing.T) {
	segments := []audience.SegmentPotential{potential("a", 400, 9, 50), potential("b", 100, 1, 50)}
	amounts := func(opt audience.BreakdownOptions) []int64 {
		b, err := audience.BreakdownCount(1000, segments, opt)
		require.NoError(t, err)
		return []int64{b.Shares[0].Amount, b.Shares[1].Amount}
	}
	assert.Equal(t, []int64{800, 200}, amounts(audience.BreakdownOptions{SizeWeight: 1}))
	assert.Equal(t, []int64{900, 100}, amounts(audience.BreakdownOptions{ValueWeight: 1}))
	assert.Equal(t, []int64{750, 250}, amounts(audience.BreakdownOptions{ValueWeight: 0.5}))
	assert.Equal(t, []int64{857, 143}, amounts(audience.BreakdownOptions{SizeWeight: 0.5, ValueWeight: 0.5}), "2·3 : 1·1")
	segments[1].Size = 0
	assert.Equal(t, []int64{1000, 0}, amounts(audience.BreakdownOptions{ValueWeight: 1}), "nobody can be asked of a segment of nobody")
	segments[1].Size = 100
	assert.Equal(t, []int64{941, 59}, amounts(audience.BreakdownOptions{SizeWeight: 2}), "16 : 1")
}

func TestBreakdownRefuses(t *testing.T) {
	_, err := audience.BreakdownCount(0, nil, audience.BreakdownOptions{SizeWeight: -1, PerPerson: decimal.NewFromInt(-1)})
	assert.Len(t, sosyal.FieldErrors(err), 4)
	_, err = audience.BreakdownCount(5, []audience.SegmentPotential{potential("", -1, math.Inf(1), 101), potential("a", 1, 1, 1), potential("a", 1, 1, 1)}, audience.BreakdownOptions{})
	assert.Len(t, sosyal.FieldErrors(err), 5)
	_, err = audience.BreakdownCount(5, []audience.SegmentPotential{potential("a", 10, 0, 50)}, audience.BreakdownOptions{})
	assert.ErrorContains(t, err, "must hold a positive weight")
	_, err = audience.BreakdownMoney(lira(t, "1.005"), []audience.SegmentPotential{potential("a", 10, 1, 50)}, audience.BreakdownOptions{})
	assert.Error(t, err)
	_, err = audience.BreakdownMoney(sosyal.Money{}, []audience.SegmentPotential{potential("a", 10, 1, 50)}, audience.BreakdownOptions{})
	assert.ErrorIs(t, err, sosyal.ErrInvalid)
}

func TestBreakdownRoundTrips(t *testing.T) {
	b, err := audience.BreakdownMoney(lira(t, "100"), []audience.SegmentPotential{potential("a", 10, 1, 50), potential("b", 20, 1, 50)}, audience.BreakdownOptions{})
	require.NoError(t, err)
	data, err := json.Marshal(b)
	require.NoError(t, err)
	var back audience.Breakdown[sosyal.Money]
	require.NoError(t, json.Unmarshal(data, &back))
	again, err := json.Marshal(back)
	require.NoError(t, err)
	assert.JSONEq(t, string(data), string(again))
}

// 250,000 liras of revenue over the segments of a cosmetics shop: by size, value
// and fit, and at most 40 liras of each person.
func ExampleBreakdownMoney() {
	goal, _ := sosyal.NewMoney(decimal.NewFromInt(250_000), "TRY")
	number := func(x float64) *float64 { return &x }
	b, err := audience.BreakdownMoney(goal, []audience.SegmentPotential{
		{Segment: "champions", Name: "Şampiyonlar", Size: 1200, Value: number(900), Fit: number(95)},
		{Segment: "active", Name: "Aktif müşteriler", Size: 5400, Value: number(350), Fit: number(88)},
		{Segment: "dormant", Name: "Uykudakiler", Size: 9000, Value: number(60)},
	}, audience.BreakdownOptions{PerPerson: decimal.NewFromInt(40)})
	if err != nil {
		fmt.Println(err)
		return
	}
	texts := sosyal.NewCatalogue(sosyal.Turkish, audience.Messages(sosyal.Turkish))
	for _, s := range b.Shares {
		for _, line := range texts.Texts(s.Reasons) {
			fmt.Println(line)
		}
	}
	// Output:
	// Şampiyonlar: ₺48.000,00, toplamdaki payı %19,2, 1.200 kişiden.
	// Şampiyonlar: kişi başına değer 400; segmentlerin ortalaması 100.
	// Şampiyonlar: uyum 106; segmentlerin ortalaması 100.
	// Şampiyonlar: 1.200 kişinin her biri için 40 sınırına ulaştı; kalanı diğer segmentlere dağıtıldı.
	// Aktif müşteriler: ₺156.607,78, toplamdaki payı %62,6, 5.400 kişiden.
	// Aktif müşteriler: kişi başına değer 156; segmentlerin ortalaması 100.
	// Aktif müşteriler: uyum 99; segmentlerin ortalaması 100.
	// Uykudakiler: ₺45.392,22, toplamdaki payı %18,2, 9.000 kişiden.
	// Uykudakiler: kişi başına değer 27; segmentlerin ortalaması 100.
	// Uykudakiler: uyum puanı yok, diğerlerinin ortalaması sayıldı.
}

// New customers are whole people.
func ExampleBreakdownCount() {
	b, err := audience.BreakdownCount(100, []audience.SegmentPotential{
		{Segment: "istanbul", Size: 2000}, {Segment: "ankara", Size: 1000}, {Segment: "izmir", Size: 1000},
	}, audience.BreakdownOptions{SizeWeight: 1})
	for _, s := range b.Shares {
		fmt.Println(s.Segment, s.Amount)
	}
	fmt.Println(err)
	// Output:
	// istanbul 50
	// ankara 25
	// izmir 25
	// <nil>
}
