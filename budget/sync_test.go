package budget_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/budget"
)

func TestSyncFollowsRestatements(t *testing.T) {
	now := at(10, 9)
	b := autumn(t)
	c, r := entered(t, b, &now)
	ctx := t.Context()
	_, err := c.Reserve(ctx, b, r, budget.Commitment{Key: "k", Line: "meta", Amount: tl(t, "1000"), By: "m"})
	require.NoError(t, err)
	spend := func(day int, amount string, reported int) budget.Spend {
		return budget.Spend{Source: "meta/1", Campaign: "sales", Network: sosyal.Instagram, Day: nov(day), Amount: tl(t, amount), Reported: at(reported, 6)}
	}
	for _, step := range []struct {
		name    string
		reports reports
		want    [3]int
		after   string
	}{
		{"first report", reports{spend(1, "400", 2), spend(2, "500", 3)}, [3]int{2, 0, 0}, "30000/30000/100/900/29000"},
		{"the same again", reports{spend(1, "400", 2), spend(2, "500", 3)}, [3]int{0, 0, 2}, "30000/30000/100/900/29000"},
		{"restated up, beyond the reservation", reports{spend(2, "700", 4)}, [3]int{0, 1, 0}, "30000/30000/0/1100/28900"},
		{"an older report", reports{spend(2, "10", 3)}, [3]int{0, 0, 1}, "30000/30000/0/1100/28900"},
		{"restated down: the reservation refills first", reports{spend(2, "450", 5)}, [3]int{0, 1, 0}, "30000/30000/250/850/28900"},
		{"the later of two in one report", reports{spend(3, "9", 8), spend(3, "5", 7)}, [3]int{1, 0, 0}, "30000/30000/241/859/28900"},
		{"float noise is rounded", reports{spend(4, "1.429999948", 8)}, [3]int{1, 0, 0}, "30000/30000/239.57/860.43/28900"},
	} {
		out, err := c.Sync(ctx, b, step.reports, b.Period)
		require.NoError(t, err, step.name)
		assert.Equal(t, step.want, [3]int{out.Posted, out.Corrected, out.Unchanged}, step.name)
		assert.Equal(t, step.after, amounts(position(t, c, b, "meta")), step.name)
	}
}

func TestSyncBeyondApprovedIsAnAlert(t *testing.T) {
	now := at(10, 9)
	b := autumn(t)
	c, _ := entered(t, b, &now)
	var events []sosyal.Event
	c.Observe = func(_ context.Context, e sosyal.Event) { events = append(events, e) }
	out, err := c.Sync(t.Context(), b, reports{
		{Source: "tt", Line: "tiktok", Day: nov(3), Amount: tl(t, "6500"), Reported: at(4, 0)},
		{Source: "tt", Campaign: "unknown", Day: nov(3), Amount: tl(t, "1"), Reported: at(4, 0)},
	}, b.Period)
	require.NoError(t, err)
	assert.Equal(t, "6000/6000/0/6500/-500", amounts(position(t, c, b, "tiktok")), "spend is a fact")
	require.Len(t, out.Alerts, 1)
	assert.Equal(t, "tiktok kaleminde onaylanan ₺6.000,00 tutarı ₺500,00 aşıldı",
		sosyal.NewCatalogue(sosyal.Turkish, budget.Messages(sosyal.Turkish)).Text(out.Alerts[0]))
	require.Len(t, out.Unmatched, 1)
	assert.Equal(t, sosyal.CampaignID("unknown"), out.Unmatched[0].Campaign)
	var kinds []string
	for _, e := range events {
		kinds = append(kinds, e.Kind)
		require.NoError(t, e.Validate())
	}
	assert.Equal(t, []string{"budget.post", "budget.overspent"}, kinds)
}

// What platforms spent beyond every reservation is gone, whatever a request
// still has.
func TestReportedSpendCountsAgainstCommitments(t *testing.T) {
	now := at(10, 9)
	b := autumn(t)
	c, r := entered(t, b, &now)
	_, err := c.Sync(t.Context(), b, reports{{Source: "s", Line: "meta", Day: nov(3), Amount: tl(t, "29500"), Reported: at(4, 0)}}, b.Period)
	require.NoError(t, err)
	for _, pay := range []string{"reserve", "post"} {
		if pay == "reserve" {
			_, err = c.Reserve(t.Context(), b, r, budget.Commitment{Key: "k", Line: "meta", Amount: tl(t, "500.01"), By: "m"})
		} else {
			_, err = c.Post(t.Context(), b, r, budget.Payment{Key: "p", Line: "meta", Amount: tl(t, "500.01"), Day: nov(3), By: "f"})
		}
		_, short := errors.AsType[budget.ShortError](err)
		require.True(t, short, "%s: %v", pay, err)
	}
}

// rate is the same every day.
type rate string

func (r rate) Rate(context.Context, string, string, date.Date) (decimal.Decimal, error) {
	return decimal.NewFromString(string(r))
}

func TestSyncConverts(t *testing.T) {
	now := at(10, 9)
	b := autumn(t)
	c, _ := entered(t, b, &now)
	dollars, err := sosyal.MoneyFromMinor(1_999, "USD")
	require.NoError(t, err)
	source := reports{{Source: "meta/1", Line: "meta", Day: nov(3), Amount: dollars, Reported: at(4, 0)}}
	_, err = c.Sync(t.Context(), b, source, b.Period)
	require.ErrorIs(t, err, sosyal.ErrInvalid, "without rates")
	c.Rates = rate("41.255")
	_, err = c.Sync(t.Context(), b, source, b.Period)
	require.NoError(t, err)
	assert.Equal(t, "824.69 TRY", position(t, c, b, "meta").Spent.String()) // 19.99 x 41.255 = 824.68745
	for e, err := range c.Ledger.Entries(t.Context(), b.Brand, b.Book(), 7) {
		require.NoError(t, err)
		assert.Equal(t, "$19.99 converted at 41.255 of 3 November 2026",
			sosyal.NewCatalogue(sosyal.English, budget.Messages(sosyal.English)).Text(e.Why[0]))
	}
}

func TestSyncRefusesNonsense(t *testing.T) {
	now := at(10, 9)
	b := autumn(t)
	c, _ := entered(t, b, &now)
	good := budget.Spend{Source: "s", Line: "meta", Day: nov(3), Amount: tl(t, "1"), Reported: at(4, 0)}
	for name, change := range map[string]func(*budget.Spend){
		"no source":           func(s *budget.Spend) { s.Source = "" },
		"outside the period":  func(s *budget.Spend) { s.Day = nov(31) },
		"never reported":      func(s *budget.Spend) { s.Reported = time.Time{} },
		"negative":            func(s *budget.Spend) { s.Amount = tl(t, "-1") },
		"without currency":    func(s *budget.Spend) { s.Amount = sosyal.Money{} },
		"more than 64 bits":   func(s *budget.Spend) { s.Amount = tl(t, "1e20") },
		"the sum of 64 bits":  func(s *budget.Spend) { s.Amount = tl(t, "92233720368547758.07") },
		"unknown other money": func(s *budget.Spend) { s.Amount, _ = sosyal.MoneyFromMinor(1, "EUR") },
	} {
		bad := good
		change(&bad)
		other := good
		other.Source = "t"
		_, err := c.Sync(t.Context(), b, reports{other, bad}, b.Period)
		require.ErrorIs(t, err, sosyal.ErrInvalid, name)
		assert.True(t, position(t, c, b, "meta").Spent.IsZero(), "%s: nothing is recorded in part", name)
	}
}

// Whatever platforms report and restate in whatever order, the book ends at the
// sum of the last reports, and each of its four states adds up at every point.
func TestSyncAgainstLastReports(t *testing.T) {
	for seed := range uint64(30) {
		rng := rand.New(rand.NewPCG(seed, 1))
		now := at(1, 12)
		b := autumn(t)
		c, r := entered(t, b, &now)
		type key struct {
			line budget.LineID
			day  date.Date
			src  string
		}
		last := map[key]int64{}
		for step := range 40 {
			now = now.Add(time.Hour)
			if rng.IntN(3) == 0 {
				// A commitment that may or may not fit, and now and then its end.
				name := fmt.Sprint("k", step)
				units, err := sosyal.MoneyFromMinor(1+rng.Int64N(500_000), "TRY")
				require.NoError(t, err)
				if _, err := c.Reserve(t.Context(), b, r, budget.Commitment{Key: name, Line: "meta", Amount: units, By: "m"}); err == nil && rng.IntN(2) == 0 {
					_ = c.Release(t.Context(), b, name, "m")
				}
			}
			var batch reports
			for range 1 + rng.IntN(4) {
				k := key{b.Lines[rng.IntN(2)].ID, nov(1 + rng.IntN(5)), fmt.Sprint("s", rng.IntN(2))}
				units := rng.Int64N(400_000)
				amount, err := sosyal.MoneyFromMinor(units, "TRY")
				require.NoError(t, err)
				batch = append(batch, budget.Spend{Source: k.src, Line: k.line, Day: k.day, Amount: amount, Reported: now.Add(time.Duration(len(batch)) * time.Second)})
				last[k] = units
			}
			_, err := c.Sync(t.Context(), b, batch, b.Period)
			require.NoError(t, err)
		}
		want := map[budget.LineID]int64{}
		for k, units := range last {
			want[k.line] += units
		}
		for line, units := range want {
			got, err := position(t, c, b, line).Spent.Minor()
			require.NoError(t, err)
			require.Equal(t, units, got, "seed %d, line %s", seed, line)
		}
		requireSound(t, c.Ledger, b)
	}
}

// requireSound adds a book up without the package's own arithmetic.
func requireSound(tb testing.TB, l budget.Ledger, b budget.Budget) {
	tb.Helper()
	sums := map[budget.Account]int64{}
	for e, err := range l.Entries(tb.Context(), b.Brand, b.Book(), 1) {
		require.NoError(tb, err)
		for _, p := range e.Postings {
			sums[p.Account] += p.Units
		}
		for _, line := range b.Lines {
			of := func(bucket budget.Bucket) int64 { return sums[budget.Account{Line: line.ID, Bucket: bucket}] }
			require.Zero(tb, of(budget.PlanSource)+of(budget.Planned))
			require.Zero(tb, of(budget.Authority)+of(budget.Available)+of(budget.Committed)+of(budget.Spent))
			require.GreaterOrEqual(tb, of(budget.Committed), int64(0))
			require.GreaterOrEqual(tb, of(budget.Spent), int64(0))
		}
	}
	_, err := budget.Verify(l.Entries(tb.Context(), b.Brand, b.Book(), 1))
	require.NoError(tb, err)
}

// What a source takes back returns to a reservation only as far as the source
// took it from there: what a person paid from it is the person's to take back.
func TestRestatementLeavesWhatPeoplePaid(t *testing.T) {
	now := at(10, 9)
	b := autumn(t)
	c, _ := entered(t, b, &now)
	small := granted(t, request(t, b, "small", budget.RequestLine{Line: "meta", Amount: tl(t, "100")}))
	require.NoError(t, c.Approve(t.Context(), b, small, "director"))
	report := func(amount string, hour int) {
		t.Helper()
		_, err := c.Sync(t.Context(), b, reports{{Source: "ads", Line: "meta", Day: nov(3), Amount: tl(t, amount), Reported: at(4, hour)}}, b.Period)
		require.NoError(t, err)
	}
	report("60", 1) // before there is a reservation
	_, err := c.Reserve(t.Context(), b, small, budget.Commitment{Key: "k", Line: "meta", Amount: tl(t, "100"), By: "manager"})
	require.NoError(t, err)
	_, err = c.Post(t.Context(), b, small, budget.Payment{Key: "p", Line: "meta", Reservation: "k", Amount: tl(t, "60"), Day: nov(5), By: "finance"})
	require.NoError(t, err)
	report("0", 2)
	require.NoError(t, c.Reverse(t.Context(), b, "p", "finance"))
	s, err := c.Statement(t.Context(), b)
	require.NoError(t, err)
	kept, _ := s.Reservation("k")
	assert.Equal(t, "100.00 TRY", kept.Rest.String(), "no more than was committed")
	require.NoError(t, c.Release(t.Context(), b, "k", "manager"))
	_, err = c.Reserve(t.Context(), b, small, budget.Commitment{Key: "k2", Line: "meta", Amount: tl(t, "100.01"), By: "manager"})
	_, short := errors.AsType[budget.ShortError](err)
	assert.True(t, short, "the request approved 100: %v", err)
}
