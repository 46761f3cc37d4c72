package sosyal_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
)

func TestOneHoldStopsWhateverItsScopeCovers(t *testing.T) {
	on := func(network sosyal.Network, account sosyal.AccountID) sosyal.Destination {
		return sosyal.Destination{Brand: "lale", Network: network, Account: account}
	}
	post := sosyal.HoldTarget{Destination: on(sosyal.Instagram, "lale.tr"), Products: []sosyal.ProductID{"krem-30"}}
	ad := sosyal.HoldTarget{Destination: on(sosyal.Facebook, "act_1"), Countries: []string{"DE"}}
	reply := sosyal.HoldTarget{Destination: on(sosyal.X, "lale")}
	cases := []struct {
		name             string
		scope            sosyal.HoldScope
		post, ad, replyS bool
	}{
		{"the whole brand", sosyal.HoldScope{}, true, true, true},
		{"one network", sosyal.HoldScope{Network: sosyal.X}, false, false, true},
		{"one account", sosyal.HoldScope{Account: "act_1"}, false, true, false},
		{"one product", sosyal.HoldScope{Product: "krem-30"}, true, false, false},
		{"a country that the ad does not run in", sosyal.HoldScope{Country: "TR"}, true, false, true},
		{"a country that the ad runs in", sosyal.HoldScope{Country: "DE"}, true, true, true},
		{"all of network and country", sosyal.HoldScope{Network: sosyal.Facebook, Country: "TR"}, false, false, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			holds := sosyal.Holds{{ID: "1", Brand: "lale", Scope: c.scope, Reason: "recall", By: "ayla", From: tuesday(9)}}
			for target, want := range map[*sosyal.HoldTarget]bool{&post: c.post, &ad: c.ad, &reply: c.replyS} {
				_, stopped := holds.Covers(*target, tuesday(10))
				assert.Equal(t, want, stopped, "%v", target.Destination)
			}
			_, stopped := holds.Covers(sosyal.HoldTarget{Destination: sosyal.Destination{Brand: "other"}}, tuesday(10))
			assert.False(t, stopped, "another brand")
		})
	}
}

func TestAHoldStandsUntilItRunsOutOrIsLifted(t *testing.T) {
	h := sosyal.Hold{ID: "1", Brand: "lale", Reason: "recall", By: "ayla", From: tuesday(9), Until: tuesday(17)}
	require.NoError(t, h.Validate())
	assert.False(t, h.InForce(tuesday(8)))
	assert.True(t, h.InForce(tuesday(9)))
	assert.False(t, h.InForce(tuesday(17)))

	lifted, err := h.Lift("mert", "batch was checked", tuesday(12))
	require.NoError(t, err)
	assert.True(t, lifted.InForce(tuesday(11)), "the past stays what it was")
	assert.False(t, lifted.InForce(tuesday(12)))
	assert.Equal(t, &sosyal.HoldLift{By: "mert", At: tuesday(12), Reason: "batch was checked"}, lifted.Lifted)
	assert.Nil(t, h.Lifted)
	assert.Len(t, sosyal.Holds{h, lifted}.InForce(tuesday(13)), 1)

	for name, lift := range map[string]func() (sosyal.Hold, error){
		"twice":            func() (sosyal.Hold, error) { return lifted.Lift("mert", "again", tuesday(13)) },
		"after it ran out": func() (sosyal.Hold, error) { return h.Lift("mert", "late", tuesday(17)) },
		"without a reason": func() (sosyal.Hold, error) { return h.Lift("mert", " ", tuesday(12)) },
		"by nobody":        func() (sosyal.Hold, error) { return h.Lift("", "why", tuesday(12)) },
	} {
		t.Run(name, func(t *testing.T) {
			_, err := lift()
			require.ErrorIs(t, err, sosyal.ErrInvalid)
		})
	}
}

func TestAHoldThatCannotBeReadIsRefused(t *testing.T) {
	err := sosyal.Hold{Scope: sosyal.HoldScope{Country: "Türkiye"}, From: tuesday(9), Until: tuesday(9)}.Validate()
	var fields []string
	for _, fe := range sosyal.FieldErrors(err) {
		fields = append(fields, fe.Field)
	}
	assert.Equal(t, []string{"id", "brand", "reason", "by", "until", "scope.country"}, fields)
}

func TestAHoldSaysWhy(t *testing.T) {
	h := sosyal.Hold{Reason: "ürün geri çağırma", By: "ayla", Until: time.Date(2026, time.November, 4, 18, 0, 0, 0, time.UTC)}
	turkish := sosyal.NewCatalogue(sosyal.Turkish, sosyal.StandardMessages(sosyal.Turkish))
	assert.Equal(t, "2026-11-04 18:00 UTC tarihine kadar durduruldu: ürün geri çağırma (ayla)", turkish.Text(h.Because()))
	h.Until = time.Time{}
	assert.Equal(t, "İkinci bir duyuruya kadar durduruldu: ürün geri çağırma (ayla)", turkish.Text(h.Because()))
}
