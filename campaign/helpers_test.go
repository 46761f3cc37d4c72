package campaign_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/campaign"
)

func errorAs(err error) (*sosyal.RowError, bool) { return errors.AsType[*sosyal.RowError](err) }

func facts(t *testing.T) campaign.Facts {
	t.Helper()
	f, err := campaign.StandardFacts()
	require.NoError(t, err)
	return f
}

// sale is a complete campaign.
func sale() campaign.Campaign {
	return campaign.Campaign{
		ID: "c1", Brand: "lale", Account: "act_1", Platform: campaign.Meta, Name: "2026-11_sales_meta_all",
		Objective: sosyal.Sales, Period: sosyal.Month(2026, time.November), Zone: "Europe/Istanbul",
		Attribution: campaign.AttributionWindow{ClickDays: 7, ViewDays: 1},
		AdSets: []campaign.AdSet{{
			ID: "s1", Name: "retargeting", Goal: campaign.GoalConversions, Billing: campaign.BillImpression,
			Spend:     &campaign.SpendLimit{Per: campaign.Daily, Amount: lira("500.00")},
			Targeting: campaign.Targeting{Include: []sosyal.SegmentID{"at-risk"}, Countries: []string{"TR"}},
			Ads: []campaign.Ad{{
				ID: "a1", Name: "video", Model: campaign.ModelStandard, Format: sosyal.FormatReel,
				Creative: campaign.Creative{
					Texts: []string{"Kasım fırsatları başladı"},
					Media: []campaign.Media{{Ref: "video-1", Width: 1080, Height: 1920, Seconds: 12}},
				},
				Link:     sosyal.Link{URL: "https://lale.example/kasim"},
				Products: []sosyal.ProductID{"krem-30"},
			}},
		}},
	}
}
