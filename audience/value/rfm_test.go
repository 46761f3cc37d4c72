package value_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/value"
	"github.com/yukselenler/sosyal/internal/realdatatest"
)

// onlineRetail is the UCI data set folded into a book.
func onlineRetail(tb testing.TB) *audience.OrderBook {
	tb.Helper()
	book := audience.NewOrderBook(nil)
	file := realdatatest.Open(tb, "online-retail/online_retail.csv.gz")
	for l, err := range audience.ReadOrders(file, "online_retail.csv", sosyal.Mapping{}) {
		if err == nil {
			err = book.Add(l)
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	return book
}

// The expected figures were computed from the file by another program; see
// Chen, Sain, Guo (2012) for the data.
func TestOnlineRetail(t *testing.T) {
	book := onlineRetail(t) // once: it is large
	t.Run("golden numbers", func(t *testing.T) { goldenNumbers(t, book) })
	t.Run("segments cover everybody once", func(t *testing.T) { coverEverybody(t, book) })
	t.Run("forecasts", func(t *testing.T) { forecastEverybody(t, book) })
}

func goldenNumbers(t *testing.T, book *audience.OrderBook) {
	t.Helper()
	asOf := date.New(2011, 12, 10)
	table, err := value.RFM(book.Customers(), asOf, value.RFMOptions{Basis: value.Gross})
	require.NoError(t, err)
	require.NoError(t, table.Validate())
	assert.Equal(t, 4_338, table.Customers)
	assert.Equal(t, 4_372-4_338, table.Prospects)
	assert.Equal(t, value.Spread{Min: 1, Median: 51, Max: 374}, table.Days)
	var frequency [5]int
	for _, byFrequency := range table.Cells {
		for f, byMonetary := range byFrequency {
			for _, n := range byMonetary {
				frequency[f] += n
			}
		}
	}
	assert.Equal(t, [5]int{1_493, 0, 1_343, 630, 872}, frequency, "the 1,493 customers with one order stay together")
	assert.Equal(t, 334, table.Cells[0][0][0])
	assert.Equal(t, 348, table.Cells[4][4][4])

	// The stored thresholds give every customer the score that the cells count.
	var cells [5][5][5]int
	for p := range book.Customers() {
		s, err := table.Score(p, asOf)
		require.NoError(t, err)
		if p.Orders == 0 {
			require.Equal(t, value.Prospects, s.Group())
			continue
		}
		cells[s.Recency-1][s.Frequency-1][s.Monetary-1]++
	}
	assert.Equal(t, table.Cells, cells)
}

func coverEverybody(t *testing.T, book *audience.OrderBook) {
	t.Helper()
	table, err := value.RFM(book.Customers(), date.New(2011, 12, 10), value.RFMOptions{})
	require.NoError(t, err)
	segments, err := value.Segments(table, book.Customers(), audience.DescribeOptions{})
	require.NoError(t, err)
	require.Len(t, segments, 11)
	size, share, orders := 0, 0.0, 0
	var revenue sosyal.Money
	for _, s := range segments {
		size, share, orders = size+s.Size, share+s.RevenueShare, orders+s.Orders
		revenue, err = revenue.Add(s.Revenue)
		require.NoError(t, err)
	}
	assert.Equal(t, 4_372, size)
	assert.Equal(t, 18_532, orders)
	assert.InDelta(t, 1, share, 1e-12)
	assert.Equal(t, "rfm-champions", string(segments[0].ID))
	assert.Greater(t, segments[0].ValueIndex, 300.0, "champions carry more than their share")
	assert.Less(t, segments[9].ValueIndex, 30.0, "the dormant less")
}

// The shop sells to resellers who come back within the year: no model finds that
// anybody left, which is what a forecast of it must say.
func forecastEverybody(t *testing.T, book *audience.OrderBook) {
	t.Helper()
	predictions, report, err := value.Predict(value.HistoriesOf(book), date.New(2011, 12, 9), value.PredictOptions{HorizonDays: 90})
	require.NoError(t, err)
	assert.Equal(t, 4_372, report.Customers+report.LeftOut.Total())
	assert.Equal(t, value.MethodNBD, report.Method)
	assert.Nil(t, report.BGNBD)
	assert.True(t, slices.ContainsFunc(report.Reasons, func(r sosyal.Reason) bool { return r.Code == "value.fit.nobody_leaves" }))
	readable(t, report.Reasons)
	n := 0
	for p := range predictions {
		n++
		m := report.NBD
		require.InEpsilon(t, (m.R+float64(p.Summary.Frequency))/(m.Alpha+p.Summary.Age)*90/7, p.ExpectedPurchases, 1e-12)
		require.InDelta(t, 1, p.ProbabilityAlive, 0)
		require.True(t, p.SpendKnown)
		require.InEpsilon(t, p.ExpectedPurchases*p.ExpectedSpend, p.LifetimeValue, 1e-12)
	}
	assert.Equal(t, report.Customers, n)
	require.NotNil(t, report.Holdout)
	assert.Equal(t, 90, report.Holdout.Tested.Days())

	// Nothing is gained by the models that know of leaving.
	population, err := value.Summarize(value.HistoriesOf(book), date.New(2011, 12, 9), value.SummarizeOptions{})
	require.NoError(t, err)
	for _, fit := range []func([]value.Summary) error{
		func(s []value.Summary) error { _, err := value.FitBGNBD(s); return err },
		func(s []value.Summary) error { _, err := value.FitParetoNBD(s); return err },
	} {
		failed, ok := errors.AsType[value.FitError](fit(population.Summaries()))
		require.True(t, ok)
		assert.InDelta(t, report.NBD.LogLikelihood, failed.LogLikelihood, 2)
	}
}

// shop makes customers with the given orders, values in lira and days ago.
func shop(tb testing.TB, rows ...[3]int) []value.Purchases {
	tb.Helper()
	var out []value.Purchases
	for i, r := range rows {
		m, err := sosyal.NewMoney(decimal.New(int64(r[1]), 0), "TRY")
		require.NoError(tb, err)
		out = append(out, value.Purchases{
			Customer: sosyal.PersonID(fmt.Sprint("c", i)), Orders: r[0], Net: m, Gross: m,
			First: today - date.Date(r[2]), Last: today - date.Date(r[2]),
		})
	}
	return out
}

const today = date.Date(739_000)

func each(p []value.Purchases) iter.Seq[value.Purchases] { return slices.Values(p) }

func TestScoresAreFifthsByMidRank(t *testing.T) {
	// Ten different values: mid-ranks .05, .15, ..., so two of each score.
	var rows [][3]int
	for i := range 10 {
		rows = append(rows, [3]int{i + 1, 100 * (i + 1), 100 - i})
	}
	customers := shop(t, rows...)
	table, err := value.RFM(each(customers), today, value.RFMOptions{})
	require.NoError(t, err)
	for i, p := range customers {
		s, err := table.Score(p, today)
		require.NoError(t, err)
		want := i/2 + 1
		assert.Equal(t, value.Score{Recency: want, Frequency: want, Monetary: want}, s)
	}
	assert.Equal(t, [4]int{3, 5, 7, 9}, table.Thresholds.Frequency)
	assert.Equal(t, [4]int{98, 96, 94, 92}, table.Thresholds.Recency)
	assert.Equal(t, "900.00 TRY", table.Thresholds.Monetary[3].String())
}

func TestEqualCustomersAreAllAverage(t *testing.T) {
	customers := shop(t, [3]int{1, 10, 5}, [3]int{1, 10, 5}, [3]int{1, 10, 5}, [3]int{1, 10, 5}, [3]int{1, 10, 5})
	table, err := value.RFM(each(customers), today, value.RFMOptions{})
	require.NoError(t, err)
	assert.Equal(t, 5, table.Cells[2][2][2])
	assert.Equal(t, 0, table.Thresholds.Frequency[3], "nobody reached 4 or 5")
	assert.Equal(t, -1, table.Thresholds.Recency[3])
	assert.Empty(t, table.Thresholds.Monetary[3].Currency())
	better := shop(t, [3]int{100, 9999, 0})[0]
	s, err := table.Score(better, today)
	require.NoError(t, err)
	assert.Equal(t, "333", s.String(), "nor does anybody else by this table")
}

func TestScoresStayWhenOthersMove(t *testing.T) {
	customers := shop(t, [3]int{1, 10, 50}, [3]int{2, 20, 40}, [3]int{3, 30, 30}, [3]int{4, 40, 20}, [3]int{5, 50, 10})
	table, err := value.RFM(each(customers), today, value.RFMOptions{})
	require.NoError(t, err)
	data, err := json.Marshal(table)
	require.NoError(t, err)
	var stored value.RFMTable
	require.NoError(t, json.Unmarshal(data, &stored))
	assert.Equal(t, table.Thresholds.Recency, stored.Thresholds.Recency)
	assert.Equal(t, table.AsOf, stored.AsOf)
	for _, torn := range []string{
		strings.Replace(string(data), today.String(), "2026-02-30", 1), strings.Replace(string(data), `"schema":1`, `"schema":2`, 1), "{}", "[]",
	} {
		require.Error(t, json.Unmarshal([]byte(torn), &value.RFMTable{}), torn)
	}
	s, err := stored.Score(customers[2], today)
	require.NoError(t, err)
	assert.Equal(t, "333", s.String())
	later, err := stored.Score(customers[2], today+10)
	require.NoError(t, err)
	assert.Equal(t, "233", later.String(), "40 days ago by then")
}

// Against the definition itself: count the lower and the equal values.
func TestScoresAgainstBruteForce(t *testing.T) {
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 7))
		n := 5 + r.IntN(200)
		var rows [][3]int
		for range n {
			rows = append(rows, [3]int{1 + r.IntN(6), r.IntN(40) - 5, r.IntN(30)})
		}
		customers := shop(t, rows...)
		table, err := value.RFM(each(customers), today, value.RFMOptions{})
		require.NoError(t, err)
		require.NoError(t, table.Validate())
		score := func(better func(x, y [3]int) int, own [3]int) int {
			twice := 0
			for _, other := range rows {
				switch c := better(own, other); {
				case c > 0:
					twice += 2
				case c == 0:
					twice++
				}
			}
			return min(5*twice/(2*n), 4) + 1
		}
		for i, p := range customers {
			s, err := table.Score(p, today)
			require.NoError(t, err)
			require.Equal(t, value.Score{
				Recency:   score(func(x, y [3]int) int { return y[2] - x[2] }, rows[i]),
				Frequency: score(func(x, y [3]int) int { return x[0] - y[0] }, rows[i]),
				Monetary:  score(func(x, y [3]int) int { return x[1] - y[1] }, rows[i]),
			}, s)
		}
	}
}

func TestEveryScoreHasAGroup(t *testing.T) {
	seen := map[value.Group]bool{}
	for r := 1; r <= 5; r++ {
		for f := 1; f <= 5; f++ {
			for m := 1; m <= 5; m++ {
				seen[value.Score{Recency: r, Frequency: f, Monetary: m}.Group()] = true
			}
		}
	}
	seen[value.Score{}.Group()] = true
	assert.Len(t, seen, 11)
	for _, g := range value.Groups() {
		assert.True(t, seen[g], g)
		for _, l := range []sosyal.Language{sosyal.Turkish, sosyal.English} {
			c := sosyal.NewCatalogue(l, audience.Messages(l))
			assert.NotEqual(t, g.Term(), c.Term(g.Term()), "a name in %s", l)
		}
	}
	for score, want := range map[value.Score]value.Group{
		{5, 5, 5}: value.Champions, {4, 4, 5}: value.Loyal, {4, 3, 3}: value.Active, {5, 1, 1}: value.New, {4, 1, 2}: value.Promising,
		{3, 3, 3}: value.NeedsAttention, {2, 4, 4}: value.AtRisk, {2, 1, 2}: value.AlmostLost, {1, 5, 5}: value.PreviouslyLoyal,
		{1, 1, 1}: value.Dormant, {6, 5, 5}: value.Prospects,
	} {
		assert.Equal(t, want, score.Group(), score)
	}
	assert.Equal(t, value.Champions, value.Score{Recency: 5, Frequency: 3, Monetary: 4}.Group(), "halves up")
}

func TestRFMRefusesWhatItCannotJudge(t *testing.T) {
	four := shop(t, [3]int{1, 1, 1}, [3]int{1, 1, 1}, [3]int{1, 1, 1}, [3]int{1, 1, 1}, [3]int{0, 1, 1})
	_, err := value.RFM(each(four), today, value.RFMOptions{})
	assert.ErrorIs(t, err, sosyal.ErrInsufficientData)
	_, err = value.RFM(each(four), today-5, value.RFMOptions{})
	assert.ErrorContains(t, err, "as_of: must not be before a customer's last order")
	_, err = value.RFM(each(four), today, value.RFMOptions{Basis: "list"})
	assert.ErrorContains(t, err, "basis")
	mixed := shop(t, [3]int{1, 1, 1}, [3]int{1, 1, 1})
	mixed[1].Net, err = sosyal.NewMoney(decimal.New(1, 0), "EUR")
	require.NoError(t, err)
	_, err = value.RFM(each(mixed), today, value.RFMOptions{})
	assert.ErrorAs(t, err, &sosyal.CurrencyError{})
	five := shop(t, [3]int{1, 1, 1}, [3]int{1, 1, 1}, [3]int{1, 1, 1}, [3]int{1, 1, 1}, [3]int{1, 1, 1})
	table, err := value.RFM(each(five), today, value.RFMOptions{})
	require.NoError(t, err)
	_, err = table.Score(mixed[1], today)
	assert.ErrorAs(t, err, &sosyal.CurrencyError{})
	_, err = value.Segments(table, each(mixed), audience.DescribeOptions{})
	assert.ErrorAs(t, err, &sosyal.CurrencyError{})
	table.Cells[0][0][0]++
	table.Schema = 2
	assert.Len(t, sosyal.FieldErrors(table.Validate()), 2)
}

func TestAscending(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 7))
	for _, bound := range []int64{1, 2, 1 << 11, 1<<11 + 1, 1 << 23, math.MaxInt64} {
		for _, n := range []int{0, 1, 2, 1_000} {
			numbers := make([]int64, n)
			for i := range numbers {
				numbers[i] = r.Int64N(bound) - bound/2
			}
			if n > 1 && bound == math.MaxInt64 {
				numbers[0], numbers[1] = math.MaxInt64, math.MinInt64
			}
			want := slices.Clone(numbers)
			slices.Sort(want)
			given := slices.Clone(numbers)
			require.Equal(t, want, value.Ascending(numbers), "%d below %d", n, bound)
			require.Equal(t, given, numbers, "the argument stays")
		}
	}
}

func BenchmarkRFM(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	customers := make([]value.Purchases, 1_000_000)
	for i := range customers {
		m, err := sosyal.NewMoney(decimal.New(int64(r.IntN(1_000_000)), -2), "TRY")
		if err != nil {
			b.Fatal(err)
		}
		customers[i] = value.Purchases{Orders: 1 + r.IntN(20), Net: m, Last: today - date.Date(r.IntN(500))}
	}
	for b.Loop() {
		if _, err := value.RFM(each(customers), today, value.RFMOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
