package demo_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal/examples/storefront/demo"
)

// daily counts the orders of each day, returns left out.
func daily(rows []row) map[string]float64 {
	seen, days := map[string]bool{}, map[string]float64{}
	for _, r := range rows {
		if r.at("status") != "returned" && !seen[r.at("order_id")] {
			seen[r.at("order_id")] = true
			days[r.at("ordered_at")[:10]]++
		}
	}
	return days
}

// lift is the log of a stretch's mean against the quiet days within six weeks.
func lift(days map[string]float64, from, to string, quiet func(day string) bool) float64 {
	a, _ := time.Parse(time.DateOnly, from)
	b, _ := time.Parse(time.DateOnly, to)
	var in, out []float64
	for d := a.AddDate(0, 0, -42); !d.After(b.AddDate(0, 0, 42)); d = d.AddDate(0, 0, 1) {
		day := d.Format(time.DateOnly)
		switch n, known := days[day]; {
		case !known:
		case day >= from && day <= to:
			in = append(in, n)
		case quiet(day):
			out = append(out, n)
		}
	}
	return math.Log(mean(in) / mean(out))
}

func followsSpecialDays(t *testing.T, orders []row, null bool) {
	t.Helper()
	cases := []struct {
		name, from, to string
		low, high      float64
	}{
		// The planted lift, less what ads do not follow, give or take the weekday.
		{"Black Friday 2025", "2025-11-28", "2025-11-28", 0.7, 1.2},
		{"11.11", "2025-11-11", "2025-11-11", 0.65, 1.2},
		{"12.12", "2025-12-12", "2025-12-12", 0.25, 0.8},
		{"before Kurban Bayramı 2026", "2026-05-18", "2026-05-25", 0.1, 0.5},
		{"Kurban Bayramı 2026", "2026-05-27", "2026-05-30", -0.75, -0.25},
		{"Ramazan Bayramı 2026", "2026-03-20", "2026-03-22", -0.75, -0.25},
		{"Mother's Day 2026", "2026-05-06", "2026-05-09", 0.25, 0.7},
	}
	days := daily(orders)
	w, err := demo.New(demo.Options{Scale: 0.01})
	require.NoError(t, err)
	special := w.Truth().Orders.Special
	quiet := func(day string) bool {
		for _, s := range special {
			if day >= s.From && day <= s.To {
				return false
			}
		}
		return true
	}
	for _, c := range cases {
		got := lift(days, c.from, c.to, quiet)
		if null {
			assert.InDelta(t, 0, got, 0.3, c.name)
			continue
		}
		assert.Truef(t, got > c.low && got < c.high, "%s: %.2f", c.name, got)
	}
}

// followsThePosts: no order carries the marks of a post before it is out.
func followsThePosts(t *testing.T, orders, posts []row) {
	t.Helper()
	first := map[string]string{}
	for _, p := range posts {
		name := p.at("published_at")[:7] + "_" + p.at("category") + "_" + p.at("network")
		if first[name] == "" || first[name] > p.at("published_at") {
			first[name] = p.at("published_at")
		}
	}
	marked, early := 0, 0
	for _, r := range orders {
		if r.at("utm_medium") != "social" {
			continue
		}
		marked++
		if out := first[r.at("utm_campaign")]; out == "" || r.at("ordered_at") < out {
			early++
		}
	}
	assert.Greater(t, marked, 500)
	assert.Zero(t, early)
}

func TestReturnsRefer(t *testing.T) {
	_, dir := world(t, demo.Options{Seed: 12, Scale: 0.1})
	type item struct {
		at       time.Time
		price    string
		quantity float64
		status   string
	}
	sold := map[string]item{}
	orders, returns, cancelled := map[string]bool{}, map[string]bool{}, map[string]bool{}
	rows := read(t, dir, "orders.csv")
	before := ""
	for _, r := range rows {
		assert.LessOrEqual(t, before, r.at("ordered_at"), "in order of time")
		before = r.at("ordered_at")
		i := item{r.time(t, "ordered_at"), r.at("unit_price"), r.number(t, "quantity"), r.at("status")}
		original, isReturn := strings.CutSuffix(r.at("order_id"), "-R")
		if !isReturn {
			require.Positive(t, i.quantity)
			sold[r.at("order_id")+r.at("sku")] = i
			orders[r.at("order_id")] = true
			if r.at("status") == "cancelled" {
				cancelled[r.at("order_id")] = true
			}
			continue
		}
		returns[original] = true
		s, ok := sold[original+r.at("sku")]
		require.True(t, ok, "the returned line was sold before")
		assert.Equal(t, "paid", s.status)
		assert.Equal(t, "returned", i.status)
		assert.Equal(t, s.price, i.price)
		assert.InDelta(t, -s.quantity, i.quantity, 0)
		days := math.Floor(i.at.Sub(s.at.Truncate(24*time.Hour)).Hours() / 24)
		assert.True(t, days >= 3 && days <= 14)
		assert.Empty(t, r.at("utm_source"))
	}
	n := float64(len(orders))
	assert.InDelta(t, 0.073, float64(len(returns))/n, 4*math.Sqrt(0.073/n))
	assert.InDelta(t, 0.025, float64(len(cancelled))/n, 4*math.Sqrt(0.025/n))
}

func TestCustomersAndBasketsAreHeavyTailed(t *testing.T) {
	_, dir := world(t, demo.Options{Seed: 13, Scale: 0.5})
	orders, values := map[string]map[string]bool{}, map[string]float64{}
	for _, r := range read(t, dir, "orders.csv") {
		if r.at("status") == "returned" {
			continue
		}
		values[r.at("order_id")] += r.number(t, "quantity") * r.number(t, "unit_price")
		if c := r.at("customer_id"); c != "" {
			if orders[c] == nil {
				orders[c] = map[string]bool{}
			}
			orders[c][r.at("order_id")] = true
		}
	}
	var counts []float64
	for _, o := range orders {
		counts = append(counts, float64(len(o)))
	}
	assert.Greater(t, spread(counts)*spread(counts), 3*mean(counts), "far from one rate for all")
	var amounts, logs []float64
	for _, v := range values {
		amounts = append(amounts, v)
		logs = append(logs, math.Log(v))
	}
	assert.Greater(t, spread(amounts), 1.2*mean(amounts))
	assert.InDelta(t, 0.9, spread(logs), 0.2)
}
