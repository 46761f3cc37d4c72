package sosyal_test

import (
	"encoding/json"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
)

func money(t *testing.T, amount, code string) sosyal.Money {
	t.Helper()
	m, err := sosyal.NewMoney(decimal.RequireFromString(amount), code)
	require.NoError(t, err)
	return m
}

func TestMoneyCurrency(t *testing.T) {
	for _, code := range []string{"", "try", "TL", "XXZ", "TRYY"} {
		_, err := sosyal.NewMoney(decimal.NewFromInt(1), code)
		require.ErrorIs(t, err, sosyal.ErrInvalid, code)
	}
}

func TestMoneyMinor(t *testing.T) {
	// Minor units as ISO 4217 lists them.
	cases := []struct {
		amount, code string
		want         int64
		fails        bool
	}{
		{"12.50", "TRY", 1250, false},
		{"12.5", "USD", 1250, false},
		{"1250", "JPY", 1250, false},
		{"1.250", "KWD", 1250, false},
		{"0.1234", "CLF", 1234, false},
		{"-0.01", "EUR", -1, false},
		{"0.125", "GBP", 0, true},
		{"0.5", "JPY", 0, true},
		{"92233720368547758.07", "USD", 9223372036854775807, false},
		{"92233720368547758.08", "USD", 0, true},
	}
	for _, c := range cases {
		t.Run(c.amount+" "+c.code, func(t *testing.T) {
			units, err := money(t, c.amount, c.code).Minor()
			if c.fails {
				require.ErrorIs(t, err, sosyal.ErrInvalid)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.want, units)
			back, err := sosyal.MoneyFromMinor(units, c.code)
			require.NoError(t, err)
			assert.True(t, back.Equal(money(t, c.amount, c.code)))
		})
	}
}

func TestMoneyKeepsScale(t *testing.T) {
	third := money(t, "0.001", "GBP")
	sum := sosyal.Money{}
	var err error
	for range 1000 {
		sum, err = sum.Add(third)
		require.NoError(t, err)
	}
	assert.True(t, sum.Equal(money(t, "1", "GBP")))
	assert.Equal(t, "0.001 GBP", third.String())
	assert.Equal(t, "1.00 GBP", money(t, "1", "GBP").String())
}

func TestMoneyAcrossCurrencies(t *testing.T) {
	lira, euro := money(t, "1", "TRY"), money(t, "1", "EUR")
	_, err := lira.Add(euro)
	require.ErrorIs(t, err, sosyal.ErrInvalid)
	_, err = lira.Sub(euro)
	require.Error(t, err)
	_, err = lira.Compare(euro)
	require.Error(t, err)
	_, err = lira.Ratio(euro)
	require.Error(t, err)
	assert.False(t, lira.Equal(euro))

	sum, err := sosyal.Money{}.Add(lira)
	require.NoError(t, err)
	assert.True(t, sum.Equal(lira), "the zero Money goes with any currency")
}

func TestMoneyRound(t *testing.T) {
	cases := []struct {
		amount, code string
		rounding     sosyal.Rounding
		want         string
	}{
		{"0.125", "TRY", sosyal.HalfUp, "0.13"},
		{"0.125", "TRY", sosyal.HalfEven, "0.12"},
		{"0.135", "TRY", sosyal.HalfEven, "0.14"},
		{"-0.125", "TRY", sosyal.HalfUp, "-0.13"},
		{"0.129", "TRY", sosyal.Down, "0.12"},
		{"-0.129", "TRY", sosyal.Down, "-0.12"},
		{"0.121", "TRY", sosyal.Up, "0.13"},
		{"-0.121", "TRY", sosyal.Up, "-0.13"},
		{"2.5", "JPY", sosyal.HalfEven, "2"},
		{"1.0005", "KWD", sosyal.HalfUp, "1.001"},
	}
	for _, c := range cases {
		got := money(t, c.amount, c.code).Round(c.rounding)
		assert.True(t, got.Equal(money(t, c.want, c.code)), "%s: got %s, want %s", c.amount, got, c.want)
	}
}

func TestMoneySplit(t *testing.T) {
	cases := []struct {
		name, amount, code string
		weights            []int64
		want               []string
	}{
		{"thirds: the first gets the odd one", "100", "TRY", []int64{1, 1, 1}, []string{"33.34", "33.33", "33.33"}},
		{"one cent 1:99 goes to the 99", "0.01", "USD", []int64{1, 99}, []string{"0", "0.01"}},
		{"weight zero gets nothing", "0.05", "USD", []int64{0, 1, 1, 0}, []string{"0", "0.03", "0.02", "0"}},
		{"negative like its opposite", "-100", "TRY", []int64{1, 1, 1}, []string{"-33.34", "-33.33", "-33.33"}},
		{"yen are whole", "100", "JPY", []int64{1, 1, 1}, []string{"34", "33", "33"}},
		{"dinars have three digits", "1", "KWD", []int64{1, 1, 1}, []string{"0.334", "0.333", "0.333"}},
		{"zero amount", "0", "TRY", []int64{1, 2}, []string{"0", "0"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			weights := make([]decimal.Decimal, len(c.weights))
			for i, w := range c.weights {
				weights[i] = decimal.NewFromInt(w)
			}
			parts, err := money(t, c.amount, c.code).Split(weights...)
			require.NoError(t, err)
			require.Len(t, parts, len(c.want))
			for i := range parts {
				assert.True(t, parts[i].Equal(money(t, c.want[i], c.code)), "part %d: got %s, want %s", i, parts[i], c.want[i])
			}
		})
	}
}

func TestMoneySplitRefuses(t *testing.T) {
	one := decimal.NewFromInt(1)
	m := money(t, "1", "TRY")
	for name, weights := range map[string][]decimal.Decimal{
		"no weights":      nil,
		"all zero":        {decimal.Zero, decimal.Zero},
		"negative weight": {one, one.Neg()},
	} {
		_, err := m.Split(weights...)
		require.ErrorIs(t, err, sosyal.ErrInvalid, name)
	}
	_, err := money(t, "0.001", "TRY").Split(one)
	require.ErrorIs(t, err, sosyal.ErrInvalid, "a fraction of a minor unit")
}

// The quota rule and the sum are checked with rational arithmetic, which shares
// nothing with the implementation.
func TestMoneySplitIsFairAndExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		units := rng.Int64N(2_000_000_000_000) - 1_000_000_000_000
		m, err := sosyal.MoneyFromMinor(units, "TRY")
		require.NoError(t, err)
		weights := make([]decimal.Decimal, 1+rng.IntN(9))
		sum := new(big.Rat)
		for i := range weights {
			weights[i] = decimal.New(rng.Int64N(1000)*rng.Int64N(2), -int32(rng.IntN(4)))
			sum.Add(sum, weights[i].Rat())
		}
		if sum.Sign() == 0 {
			continue
		}
		parts, err := m.Split(weights...)
		require.NoError(t, err)
		var total int64
		for i, part := range parts {
			got, err := part.Minor()
			require.NoError(t, err)
			total += got
			quota := new(big.Rat).Mul(new(big.Rat).SetInt64(units), weights[i].Rat())
			quota.Quo(quota, sum)
			distance := new(big.Rat).Sub(new(big.Rat).SetInt64(got), quota)
			require.Negative(t, distance.Abs(distance).Cmp(big.NewRat(1, 1)), "part %d is a unit or more away from its share", i)
			if weights[i].IsZero() {
				require.Zero(t, got)
			}
		}
		require.Equal(t, units, total)
	}
}

func TestApportion(t *testing.T) {
	weights := []decimal.Decimal{decimal.NewFromInt(5), decimal.NewFromInt(0), decimal.NewFromInt(3), decimal.NewFromInt(3)}
	parts, err := sosyal.Apportion(10, weights...)
	require.NoError(t, err)
	assert.Equal(t, []int64{4, 0, 3, 3}, parts, "quotas 4.55, 0, 2.73, 2.73: the two left over go to the largest remainders")
	parts, err = sosyal.Apportion(-10, weights...)
	require.NoError(t, err)
	assert.Equal(t, []int64{-4, 0, -3, -3}, parts)
	_, err = sosyal.Apportion(1)
	require.ErrorIs(t, err, sosyal.ErrInvalid)
}

func TestMoneyJSON(t *testing.T) {
	data, err := json.Marshal(money(t, "1234.50", "TRY"))
	require.NoError(t, err)
	assert.JSONEq(t, `{"amount":"1234.5","currency":"TRY"}`, string(data))
	var back sosyal.Money
	require.NoError(t, json.Unmarshal(data, &back))
	assert.True(t, back.Equal(money(t, "1234.5", "TRY")))

	for _, bad := range []string{
		`{"amount":1234.5,"currency":"TRY"}`, `{"amount":"1e400","currency":"TRY"}`,
		`{"amount":"1,5","currency":"TRY"}`, `{"amount":"","currency":"TRY"}`, `{"amount":"1","currency":"TL"}`, `[]`,
	} {
		require.ErrorIs(t, json.Unmarshal([]byte(bad), &back), sosyal.ErrInvalid, bad)
	}
	require.NoError(t, json.Unmarshal([]byte("null"), &back))
	assert.Empty(t, back.Currency())
}

func TestMoneyText(t *testing.T) {
	cases := []struct {
		amount, code string
		language     sosyal.Language
		want         string
	}{
		{"1234.5", "TRY", sosyal.Turkish, "₺1.234,50"},
		{"1234.5", "TRY", sosyal.English, "TRY\u00a01,234.50"},
		{"0.125", "GBP", sosyal.English, "£0.125"},
		{"-12", "USD", sosyal.English, "-$12.00"},
		{"1500000", "JPY", sosyal.Turkish, "¥1.500.000"},
	}
	for _, c := range cases {
		assert.Equal(t, c.want, money(t, c.amount, c.code).Format(c.language))
	}
}

func TestParseMoney(t *testing.T) {
	good := []struct {
		text, code string
		language   sosyal.Language
		want       string
	}{
		{"₺1.234,50", "TRY", sosyal.Turkish, "1234.50"},
		{"1.234,50 TL", "TRY", sosyal.Turkish, "1234.50"},
		{"1234,5 ₺", "TRY", sosyal.Turkish, "1234.5"},
		{"-1.234,50 TL", "TRY", sosyal.Turkish, "-1234.50"},
		{"-₺12", "TRY", sosyal.Turkish, "-12"},
		{"TRY\u00a01,234.50", "TRY", sosyal.English, "1234.50"},
		{"$1,234.50", "USD", sosyal.English, "1234.50"},
		{"0.125 GBP", "GBP", sosyal.English, "0.125"},
		{" 2.550,00 ", "TRY", sosyal.Turkish, "2550"},
	}
	for _, c := range good {
		m, err := sosyal.ParseMoney(c.text, c.code, c.language)
		require.NoError(t, err, c.text)
		assert.True(t, m.Equal(money(t, c.want, c.code)), "%s: %s", c.text, m)
	}
	for _, bad := range []string{"", "₺", "1.23,50", "12,50,3", "1,234.50", "12 34", "$5", "beş", "1e3", "--5", "1.2345"} {
		_, err := sosyal.ParseMoney(bad, "TRY", sosyal.Turkish)
		require.ErrorIs(t, err, sosyal.ErrInvalid, bad)
	}
}

func FuzzParseMoney(f *testing.F) {
	for _, s := range []string{"₺1.234,50", "-12", "1.234,50 TL", "\u22125", "1,", ",5", "0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, l := range []sosyal.Language{sosyal.Turkish, sosyal.English} {
			m, err := sosyal.ParseMoney(text, "TRY", l)
			if err != nil {
				continue
			}
			// What it read, written out to the same scale, must read the same.
			places := max(0, -m.Amount().Exponent())
			again, err := sosyal.ParseMoney(sosyal.FormatDecimal(m.Amount(), places, l.Convention()), "TRY", l)
			require.NoError(t, err)
			require.True(t, m.Equal(again))
		}
	})
}

func FuzzMoneyJSON(f *testing.F) {
	f.Add(`{"amount":"1.5","currency":"TRY"}`)
	f.Fuzz(func(t *testing.T, text string) {
		var m, back sosyal.Money
		if json.Unmarshal([]byte(text), &m) != nil {
			return
		}
		data, err := json.Marshal(m)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(data, &back))
		require.True(t, m.Equal(back))
	})
}
