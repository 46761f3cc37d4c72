package bench_test

import (
	"math/rand/v2"
	"testing"

	"github.com/bojanz/currency"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
)

// invoice returns the same lira amounts for both sides: most are whole kuruş, a
// tenth of them carry a third decimal as unit prices in exports do.
func invoice(tb testing.TB) ([]sosyal.Money, []currency.Amount) {
	tb.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	ours := make([]sosyal.Money, 1000)
	theirs := make([]currency.Amount, len(ours))
	for i := range ours {
		amount := decimal.New(random.Int64N(500_000), -2)
		if i%10 == 0 {
			amount = decimal.New(random.Int64N(5_000_000), -3)
		}
		var err error
		ours[i], err = sosyal.NewMoney(amount, "TRY")
		require.NoError(tb, err)
		theirs[i], err = currency.NewAmount(amount.String(), "TRY")
		require.NoError(tb, err)
	}
	return ours, theirs
}

func sumOurs(lines []sosyal.Money) (sosyal.Money, error) {
	var total sosyal.Money
	var err error
	for _, line := range lines {
		if total, err = total.Add(line); err != nil {
			return sosyal.Money{}, err
		}
	}
	return total, nil
}

func sumTheirs(lines []currency.Amount) (currency.Amount, error) {
	var total currency.Amount
	var err error
	for _, line := range lines {
		if total, err = total.Add(line); err != nil {
			return currency.Amount{}, err
		}
	}
	return total, nil
}

func TestMoneyAgrees(t *testing.T) {
	t.Parallel()
	ours, theirs := invoice(t)
	sum, err := sumOurs(ours)
	require.NoError(t, err)
	peer, err := sumTheirs(theirs)
	require.NoError(t, err)
	want, err := decimal.NewFromString(peer.Number())
	require.NoError(t, err)
	require.True(t, sum.Amount().Equal(want), "%s and %s", sum.Amount(), want)
	require.Equal(t, peer.CurrencyCode(), sum.Currency())
}

// BenchmarkMoneySum adds up an order export of 1,000 lines.
func BenchmarkMoneySum(b *testing.B) {
	ours, theirs := invoice(b)
	b.Run("sosyal", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := sumOurs(ours); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("bojanz", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := sumTheirs(theirs); err != nil {
				b.Fatal(err)
			}
		}
	})
}
