package campaign_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/campaign"
)

func states() []campaign.State {
	return []campaign.State{
		campaign.Draft, campaign.InReview, campaign.Approved, campaign.Scheduled,
		campaign.Active, campaign.Paused, campaign.Ended, campaign.Archived,
	}
}

func onDay(d int) time.Time { return time.Date(2026, time.November, d, 9, 0, 0, 0, time.UTC) }

// october is when things are asked for and decided.
func october() time.Time { return time.Date(2026, time.October, 20, 9, 0, 0, 0, time.UTC) }

func asked(t *testing.T, hash sosyal.ContentHash, subject string) sosyal.Approval {
	t.Helper()
	a, err := sosyal.NewApproval(
		sosyal.ApprovalPolicy{Steps: []sosyal.ApprovalStep{{Name: "management", Roles: []sosyal.Role{sosyal.RoleManager}}}},
		sosyal.ApprovalRequest{
			Brand: "lale", Subject: subject, Hash: hash,
			By: sosyal.Actor{ID: "elif", Party: sosyal.PartyClient},
		}, october())
	require.NoError(t, err)
	return a
}

func approve(t *testing.T, a sosyal.Approval) sosyal.Approval {
	t.Helper()
	manager := sosyal.Actor{ID: "ayla", Roles: []sosyal.Role{sosyal.RoleManager}, Party: sosyal.PartyClient}
	next, err := a.Decide(sosyal.Decision{By: manager, Verdict: sosyal.VerdictApprove, Hash: a.Hash()}, october())
	require.NoError(t, err)
	return next
}

func funding() sosyal.ContentHash {
	return sosyal.NewContentHasher("v1", "budget").Money("amount", lira("15000.00")).Sum()
}

// open lets everything through.
func open(t *testing.T) campaign.Gate {
	t.Helper()
	return campaign.Gate{
		Content: approve(t, asked(t, sale().ContentHash(), "campaign/c1")),
		Money:   approve(t, asked(t, funding(), "budget/1")), Funding: funding(), Amount: lira("15000.00"),
		Facts: facts(t),
	}
}

func moved(t *testing.T, c campaign.Campaign, g campaign.Gate, now time.Time, to ...campaign.State) campaign.Campaign {
	t.Helper()
	for _, s := range to {
		next, err := c.Move(s, g, now)
		require.NoError(t, err, "%s to %s", c.State, s)
		c = next
	}
	return c
}

func TestACampaignGoesFromDraftToTheArchive(t *testing.T) {
	g := open(t)
	c := moved(t, sale(), g, october(), campaign.InReview, campaign.Approved, campaign.Scheduled)
	assert.False(t, c.State.Delivers(), "it stands on the platform, paused")
	_, err := c.Move(campaign.Active, g, october())
	assert.Equal(t, []string{"period"}, fields(err), "before its first day")
	c = moved(t, c, g, onDay(1), campaign.Active)
	assert.True(t, c.State.Delivers())
	moved(t, c, g, onDay(2), campaign.Paused, campaign.Active, campaign.Ended, campaign.Archived)
}

func TestOnlyWhatWasSubmittedIsInReview(t *testing.T) {
	g := open(t)
	g.Content = asked(t, sale().ContentHash(), "campaign/c1")
	moved(t, sale(), g, october(), campaign.InReview)
	edited := sale()
	edited.Name = "2026-11_sales_meta_other"
	_, err := edited.Move(campaign.InReview, g, october())
	assert.Equal(t, []string{"content"}, fields(err))
	unfinished := sale()
	unfinished.AdSets[0].Ads = nil
	_, err = unfinished.Move(campaign.InReview, g, october())
	assert.Contains(t, fields(err), "ad_sets[0].ads")
}

func TestOnlyTransitionsOfTheTableArePossible(t *testing.T) {
	g := open(t)
	allowed := map[[2]campaign.State]bool{}
	for _, from := range states() {
		for _, to := range from.Next() {
			allowed[[2]campaign.State{from, to}] = true
		}
	}
	for _, from := range states() {
		for _, to := range states() {
			c := sale()
			c.State = from
			_, err := c.Move(to, g, onDay(3))
			assert.Equal(t, allowed[[2]campaign.State{from, to}], err == nil, "%s to %s: %v", from, to, err)
		}
	}
	assert.Empty(t, campaign.Archived.Next())
	for _, from := range states() {
		if from != campaign.Scheduled && from != campaign.Paused {
			assert.NotContains(t, from.Next(), campaign.Active, "everything is created paused")
		}
	}
}

func TestNothingGoesLiveWithoutApprovedContentAndApprovedMoney(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*campaign.Gate)
		field  string
	}{
		"content not asked for":    {func(g *campaign.Gate) { g.Content = sosyal.Approval{} }, "content"},
		"content in review":        {func(g *campaign.Gate) { g.Content = asked(t, sale().ContentHash(), "campaign/c1") }, "content"},
		"another content approved": {func(g *campaign.Gate) { g.Content = approve(t, asked(t, funding(), "campaign/c1")) }, "content"},
		"money in review":          {func(g *campaign.Gate) { g.Money = asked(t, funding(), "budget/1") }, "money"},
		"no money asked for":       {func(g *campaign.Gate) { g.Money, g.Funding = sosyal.Approval{}, "" }, "money"},
		"too little money":         {func(g *campaign.Gate) { g.Amount = lira("14999.99") }, "money"},
		"no money":                 {func(g *campaign.Gate) { g.Amount = sosyal.Money{} }, "money"},
		"a hold on the brand": {func(g *campaign.Gate) {
			g.Holds = sosyal.Holds{{ID: "h", Brand: "lale", Reason: "recall", By: "ayla"}}
		}, "hold"},
		"a hold on a network of the platform": {func(g *campaign.Gate) {
			g.Holds = sosyal.Holds{{ID: "h", Brand: "lale", Scope: sosyal.HoldScope{Network: sosyal.Instagram}, Reason: "recall", By: "ayla"}}
		}, "hold"},
		"a hold on the country": {func(g *campaign.Gate) {
			g.Holds = sosyal.Holds{{ID: "h", Brand: "lale", Scope: sosyal.HoldScope{Country: "TR"}, Reason: "mourning", By: "ayla"}}
		}, "hold"},
	} {
		t.Run(name, func(t *testing.T) {
			g := open(t)
			tc.change(&g)
			for _, from := range []campaign.State{campaign.Scheduled, campaign.Paused} {
				c := sale()
				c.State = from
				_, err := c.Move(campaign.Active, g, onDay(3))
				require.Error(t, err)
				assert.Contains(t, fields(err), tc.field)

				c.State = campaign.Active
				stopped, reasons := c.Enforce(g, onDay(3))
				assert.Equal(t, campaign.Paused, stopped.State)
				assert.NotEmpty(t, reasons)
			}
		})
	}
	g := open(t)
	g.Holds = sosyal.Holds{{ID: "h", Brand: "lale", Scope: sosyal.HoldScope{Network: sosyal.TikTok}, Reason: "outage", By: "ayla"}}
	c := sale()
	c.State = campaign.Active
	same, reasons := c.Enforce(g, onDay(3))
	assert.Equal(t, campaign.Active, same.State, "a hold elsewhere does not stop it")
	assert.Empty(t, reasons)
}

func TestAnEditStopsARunningCampaign(t *testing.T) {
	g := open(t)
	c := moved(t, sale(), g, onDay(2), campaign.InReview, campaign.Approved, campaign.Scheduled, campaign.Active)
	c.AdSets[0].Ads[0].Creative.Texts = []string{"Daha da ucuz"}
	stopped, reasons := c.Enforce(g, onDay(2))
	assert.Equal(t, campaign.Paused, stopped.State)
	turkish := sosyal.NewCatalogue(sosyal.Turkish, campaign.Messages(sosyal.Turkish))
	assert.Equal(t, []string{"2026-11_sales_meta_all duraklatıldı: içeriğinin veya bütçesinin onayı artık geçerli değil"}, turkish.Texts(reasons))
	_, err := stopped.Move(campaign.Active, g, onDay(2))
	require.ErrorIs(t, err, sosyal.ErrInvalid)
}

func TestWhatHasNoDaysLeftEnds(t *testing.T) {
	g := open(t)
	c := sale()
	c.State = campaign.Active
	// The last day ends at midnight in Istanbul, 21:00 UTC.
	before := time.Date(2026, time.November, 30, 20, 59, 0, 0, time.UTC)
	same, _ := c.Enforce(g, before)
	assert.Equal(t, campaign.Active, same.State)
	ended, reasons := c.Enforce(g, before.Add(time.Minute))
	assert.Equal(t, campaign.Ended, ended.State)
	assert.Equal(t, "campaign.ended", reasons[0].Code)
	c.State = campaign.Paused
	_, err := c.Move(campaign.Active, g, before.Add(time.Minute))
	assert.Contains(t, fields(err), "period")
}

func TestNoWalkThroughTheStatesDeliversWhatWasNotApproved(t *testing.T) {
	good := open(t)
	bad := []campaign.Gate{{Facts: good.Facts}, {Content: good.Content, Facts: good.Facts}, {Money: good.Money, Funding: good.Funding, Amount: good.Amount}}
	delivered := 0
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 1))
		c := sale()
		for range 40 {
			g, allowed := good, true
			if random.IntN(3) == 0 {
				g, allowed = bad[random.IntN(len(bad))], false
			}
			next, err := c.Move(states()[random.IntN(8)], g, onDay(1+random.IntN(28)))
			if err != nil {
				require.Equal(t, c.State, next.State)
				continue
			}
			c = next
			if c.State.Delivers() {
				delivered++
				require.True(t, allowed)
			}
		}
	}
	assert.Positive(t, delivered)
}
