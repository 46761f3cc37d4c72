package audience_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

func value(name string, n int) audience.ValueCount { return audience.ValueCount{Value: name, Count: n} }

func account(network sosyal.Network) sosyal.Destination {
	return sosyal.Destination{Brand: "shop", Network: network, Account: "ayna"}
}

// instagramFollowers are as a network gives them: ages of most, three cities of
// many, several interests for each.
func instagramFollowers() audience.Followers {
	age := audience.NewFollowerCounts("age_band", value("25-34", 5000), value("18-24", 3000), value("35-44", 1000))
	city := audience.NewFollowerCounts("city", value("İstanbul", 3000), value("Ankara", 1000), value("İzmir", 900))
	city.Limit = 3
	interest := audience.NewFollowerCounts("interest", value("makyaj", 4000), value("cilt bakımı", 3500))
	interest.Several, interest.Base, interest.Least = true, 6000, 100
	return audience.Followers{
		Destination: account(sosyal.Instagram), AsOf: date.New(2026, 11, 1), Source: "graph api v24", Size: 10_000,
		Counts: []audience.FollowerCounts{age, city, interest},
	}
}

func TestFollowersKeepTheUnknownUnknown(t *testing.T) {
	f := instagramFollowers()
	require.NoError(t, f.Validate())
	p := f.Profile()
	require.NoError(t, p.Validate())
	assert.InDelta(t, 0.9, f.Coverage("age_band"), 1e-12)
	assert.InDelta(t, 0.49, f.Coverage("city"), 1e-12)
	assert.InDelta(t, 0.6, f.Coverage("interest"), 1e-12)
	assert.Zero(t, f.Coverage("gender"))
	city, _ := p.Counts("city")
	assert.True(t, city.Partial, "cities that are not listed are unknown")
	assert.Equal(t, 4900, city.Known)
	age, _ := p.Counts("age_band")
	assert.False(t, age.Partial)
}

func TestFollowerCountsAreSortedAndAddedUp(t *testing.T) {
	assert.Equal(t, []audience.ValueCount{value("a", 4), value("b", 2)},
		audience.NewFollowerCounts("city", value("b", 2), value("a", 3), value("a", 1)).Values)
}

func TestFollowersValidateReportsEveryProblem(t *testing.T) {
	f := audience.Followers{Size: 10, Counts: []audience.FollowerCounts{
		{Dimension: "city", Limit: 1, Least: 5, Values: []audience.ValueCount{value("b", 3), value("a", 20)}},
		{Dimension: "city", Base: -1, Limit: -1, Least: -1},
		{Dimension: "interest", Several: true, Values: []audience.ValueCount{value("a", 1)}},
		{Dimension: "interest2", Base: 4, Values: []audience.ValueCount{value("a", 3)}},
	}}
	var fields []string
	for _, e := range sosyal.FieldErrors(f.Validate()) {
		fields = append(fields, e.Field)
	}
	assert.Equal(t, []string{
		"destination.brand", "destination.network", "destination.account", "as_of", "source",
		"counts[0].values", "counts[0].values", "counts[0].values[1].value", "counts[0].base",
		"counts[1].base", "counts[1].limit", "counts[1].least", "counts[1].base", "counts[1].dimension",
		"counts[2].base", "counts[3].base",
	}, fields)
}

func TestFollowersRoundTrip(t *testing.T) {
	data, err := json.Marshal(instagramFollowers())
	require.NoError(t, err)
	var back audience.Followers
	require.NoError(t, json.Unmarshal(data, &back))
	assert.Equal(t, instagramFollowers(), back)
	assert.ErrorContains(t, json.Unmarshal([]byte(`{"as_of":"2026-02-30"}`), &back), "as_of")
}

func TestMemoryInsights(t *testing.T) {
	var m audience.MemoryInsights
	f := instagramFollowers()
	require.NoError(t, m.Put(f))
	older := instagramFollowers()
	older.AsOf, older.Size = older.AsOf-1, 20_000
	require.NoError(t, m.Put(older))
	got, err := m.Followers(t.Context(), f.Destination)
	require.NoError(t, err)
	assert.Equal(t, f, got, "figures of an earlier day do not replace later ones")
	got.Counts[0].Values[0].Count = 0
	again, err := m.Followers(t.Context(), f.Destination)
	require.NoError(t, err)
	assert.Equal(t, f, again, "what was returned is the caller's own")
	other := f.Destination
	other.Brand = "other"
	_, err = m.Followers(t.Context(), other)
	assert.ErrorIs(t, err, sosyal.ErrNotFound, "brands never meet")
	assert.ErrorIs(t, m.Put(audience.Followers{}), sosyal.ErrInvalid)
	done, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = m.Followers(done, f.Destination)
	assert.ErrorIs(t, err, context.Canceled)
}

func TestMemoryInsightsIsSafeForConcurrentUse(t *testing.T) {
	var m audience.MemoryInsights
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				assert.NoError(t, m.Put(instagramFollowers()))
				_, err := m.Followers(t.Context(), account(sosyal.Instagram))
				assert.NoError(t, err)
			}
		})
	}
	wg.Wait()
}

// answers is a port that answers with one thing.
type answers struct {
	f   audience.Followers
	err error
}

func (a answers) Followers(context.Context, sosyal.Destination) (audience.Followers, error) {
	return a.f, a.err
}

func TestReadFollowersTrustsNoPort(t *testing.T) {
	now := time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)
	f, err := audience.ReadFollowers(t.Context(), answers{f: instagramFollowers()}, account(sosyal.Instagram), now)
	require.NoError(t, err)
	assert.Equal(t, 10_000, f.Size)
	_, err = audience.ReadFollowers(t.Context(), answers{f: instagramFollowers()}, account(sosyal.TikTok), now)
	assert.ErrorContains(t, err, "must be the account that was asked for")
	_, err = audience.ReadFollowers(t.Context(), answers{f: instagramFollowers()}, account(sosyal.Instagram), now.AddDate(0, -1, 0))
	assert.ErrorContains(t, err, "must not lie in the future")
	_, err = audience.ReadFollowers(t.Context(), answers{}, account(sosyal.Instagram), now)
	assert.ErrorIs(t, err, sosyal.ErrInvalid)
	broken := errors.New("broken")
	_, err = audience.ReadFollowers(t.Context(), answers{err: broken}, account(sosyal.Instagram), now)
	assert.ErrorIs(t, err, broken)
	_, err = audience.ReadFollowers(t.Context(), answers{}, sosyal.Destination{}, now)
	assert.ErrorIs(t, err, sosyal.ErrInvalid)
}

// What a network says about followers, of whom it knows only some.
func ExampleReadFollowers() {
	city := audience.NewFollowerCounts(audience.CityDimension,
		audience.ValueCount{Value: "İstanbul", Count: 4200}, audience.ValueCount{Value: "Ankara", Count: 1100})
	city.Limit = 45 // the network lists no more cities
	shop := sosyal.Destination{Brand: "ayna-kozmetik", Network: sosyal.Instagram, Account: "aynakozmetik"}
	var insights audience.MemoryInsights
	err := insights.Put(audience.Followers{
		Destination: shop, AsOf: date.New(2026, 11, 1), Source: "Instagram insights", Size: 9000, Counts: []audience.FollowerCounts{city},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	f, err := audience.ReadFollowers(context.Background(), &insights, shop, time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC))
	fmt.Printf("%d followers, city known of %.0f%% %v\n", f.Size, 100*f.Coverage(audience.CityDimension), err)
	// Output: 9000 followers, city known of 59% <nil>
}
