package value_test

import (
	"context"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/value"
)

// Quintiles of a million customers from the ten million orders of an index.
func BenchmarkRFMOfAnIndex(b *testing.B) {
	const customers, orders = 1_000_000, 10
	now := time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)
	r := rand.New(rand.NewPCG(7, 8))
	price := make([]sosyal.Money, 256)
	for i := range price {
		price[i], _ = sosyal.NewMoney(decimal.New(int64(1000+i*377), -2), "TRY")
	}
	stream := func(yield func(audience.Customer, error) bool) {
		events := make([]audience.Event, 0, 2*orders)
		for i := range customers {
			events = events[:0]
			for range r.IntN(2*orders + 1) {
				events = append(events, audience.Event{
					Name: audience.Order, At: now.Add(-time.Duration(r.Int64N(int64(2 * 365 * 24 * time.Hour)))), Amount: price[r.IntN(len(price))],
				})
			}
			if !yield(audience.Customer{ID: sosyal.PersonID("c" + strconv.Itoa(i)), Events: events}, nil) {
				return
			}
		}
	}
	schema := audience.Schema{Events: map[string]audience.EventType{audience.Order: {Currency: "TRY"}}}
	ix, err := audience.BuildIndex(context.Background(), "shop", schema, stream)
	require.NoError(b, err)
	for b.Loop() {
		table, err := value.RFM(ix.Purchases(time.UTC), date.New(2026, 11, 4), value.RFMOptions{})
		require.NoError(b, err)
		require.Equal(b, customers, table.Customers+table.Prospects)
	}
}
