package audience_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

func TestGranted(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, time.November, d, 0, 0, 0, 0, time.UTC) }
	said := func(source string, channel audience.Channel, status audience.ConsentStatus, d int) audience.Consent {
		return audience.Consent{
			Purpose: audience.Marketing, Channel: channel, Status: status, Source: source, TextVersion: "v1", At: day(d),
		}
	}
	const yes, no, gone = audience.ConsentGranted, audience.ConsentDenied, audience.ConsentWithdrawn
	expiring := said("shop", audience.Email, yes, 1)
	expiring.Expires = day(10)
	for name, c := range map[string]struct {
		consents []audience.Consent
		want     bool
	}{
		"unknown is not granted":                  {nil, false},
		"an empty status is not granted":          {[]audience.Consent{said("shop", audience.Email, "", 1)}, false},
		"granted":                                 {[]audience.Consent{said("shop", audience.Email, yes, 1)}, true},
		"granted for all channels":                {[]audience.Consent{said("shop", audience.AnyChannel, yes, 1)}, true},
		"granted for another channel":             {[]audience.Consent{said("shop", audience.SMS, yes, 1)}, false},
		"withdrawn later":                         {[]audience.Consent{said("shop", audience.Email, yes, 1), said("shop", audience.Email, gone, 2)}, false},
		"granted again":                           {[]audience.Consent{said("shop", audience.Email, gone, 1), said("shop", audience.Email, yes, 2)}, true},
		"order of records does not count":         {[]audience.Consent{said("shop", audience.Email, yes, 2), said("shop", audience.Email, gone, 1)}, true},
		"refusal wins at the same instant":        {[]audience.Consent{said("shop", audience.Email, no, 1), said("shop", audience.Email, yes, 1)}, false},
		"a general grant undoes no refusal":       {[]audience.Consent{said("shop", audience.Email, no, 1), said("shop", audience.AnyChannel, yes, 2)}, false},
		"a general refusal stops a channel":       {[]audience.Consent{said("shop", audience.Email, yes, 2), said("shop", audience.AnyChannel, no, 1)}, false},
		"another source's refusal stops":          {[]audience.Consent{said("shop", audience.Email, yes, 2), said("iys", audience.Email, no, 1)}, false},
		"what is said after now is not known yet": {[]audience.Consent{said("shop", audience.Email, yes, 20)}, false},
		"expired": {[]audience.Consent{expiring}, false},
		"another purpose": {[]audience.Consent{{
			Purpose: audience.AdUserData, Channel: audience.Email, Status: yes, Source: "shop", At: day(1),
		}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.want, audience.Granted(c.consents, audience.Marketing, audience.Email, day(10)))
		})
	}
	assert.True(t, audience.Granted([]audience.Consent{expiring}, audience.Marketing, audience.Email, day(9)))

	shop := []audience.Consent{said("shop", audience.Email, yes, 1)}
	assert.False(t, audience.GrantedBy(shop, audience.Marketing, audience.Email, day(10), "shop", "iys"), "the register has not said so")
	both := append(shop, said("iys", audience.Email, yes, 1))
	assert.True(t, audience.GrantedBy(both, audience.Marketing, audience.Email, day(10), "shop", "iys"))
	assert.False(t, audience.GrantedBy(both, audience.Marketing, audience.Email, day(10)), "no source is no permission")
}

func TestConsentValidate(t *testing.T) {
	now := time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	good := audience.Consent{Purpose: audience.Marketing, Status: audience.ConsentGranted, Source: "shop", TextVersion: "v1", At: now}
	assert.NoError(t, good.Validate())
	bad := audience.Consent{Status: "maybe", Expires: now}
	assert.Len(t, sosyal.FieldErrors(bad.Validate()), 4)
	ungrounded := good
	ungrounded.TextVersion, ungrounded.Expires = "", now
	assert.Len(t, sosyal.FieldErrors(ungrounded.Validate()), 2)
}

// What is said at the same instant counts in the same way in whatever order it
// is kept.
func TestOfStatementsAtTheSameInstantTheOneThatHoldsBackMostCounts(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.November, 3, 12, 0, 0, 0, time.UTC)
	said := func(status audience.ConsentStatus, expires time.Time) audience.Consent {
		return audience.Consent{Purpose: audience.Marketing, Source: "shop", Status: status, TextVersion: "1", At: now.Add(-time.Hour), Expires: expires}
	}
	granted := said(audience.ConsentGranted, time.Time{})
	for name, pair := range map[string][2]audience.Consent{
		"a denial before a grant":                      {granted, said(audience.ConsentDenied, time.Time{})},
		"a denial before nothing":                      {said("", time.Time{}), said(audience.ConsentDenied, time.Time{})},
		"nothing before a grant":                       {granted, said("", time.Time{})},
		"an expired grant before one without an end":   {granted, said(audience.ConsentGranted, now)},
		"an expired grant before one that still holds": {said(audience.ConsentGranted, now.Add(1)), said(audience.ConsentGranted, now)},
	} {
		other := audience.Consent{Purpose: audience.Marketing, Source: "iys", Status: audience.ConsentGranted, TextVersion: "1", At: now.Add(-time.Hour)}
		for _, consents := range [][]audience.Consent{{pair[0], pair[1]}, {pair[1], pair[0]}} {
			assert.False(t, audience.Granted(consents, audience.Marketing, audience.Email, now), name)
			if pair[1].Status == audience.ConsentDenied {
				assert.False(t, audience.Granted(append(consents, other), audience.Marketing, audience.Email, now), name)
			}
		}
	}
}
