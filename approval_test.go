package sosyal_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
)

func tuesday(hour int) time.Time { return time.Date(2026, time.November, 3, hour, 0, 0, 0, time.UTC) }

func member(id sosyal.ActorID) sosyal.Actor {
	for _, a := range team() {
		if a.ID == id {
			return a
		}
	}
	return sosyal.Actor{ID: id, Party: sosyal.PartyClient}
}

func managers(need int) sosyal.ApprovalPolicy {
	return sosyal.ApprovalPolicy{Steps: []sosyal.ApprovalStep{
		{Name: "managers", Roles: []sosyal.Role{sosyal.RoleManager}, Need: need},
	}}
}

func asked(t *testing.T, policy sosyal.ApprovalPolicy, by sosyal.ActorID) sosyal.Approval {
	t.Helper()
	a, err := sosyal.NewApproval(policy, sosyal.ApprovalRequest{
		Brand: "lale", Subject: "post/1", By: member(by), Hash: contents()[0],
	}, tuesday(9))
	require.NoError(t, err)
	return a
}

func says(t *testing.T, a sosyal.Approval, who sosyal.ActorID, v sosyal.Verdict, hour int) sosyal.Approval {
	t.Helper()
	next, err := a.Decide(sosyal.Decision{By: member(who), Verdict: v, Hash: a.Hash(), Note: "because"}, tuesday(hour))
	require.NoError(t, err)
	return next
}

func refused(t *testing.T, a sosyal.Approval, who sosyal.ActorID, hour int) {
	t.Helper()
	err := a.MayDecide(member(who), tuesday(hour))
	require.ErrorIs(t, err, sosyal.ErrInvalid)
}

func TestADecisionOnContentThatHasChangedSinceIsAConflict(t *testing.T) {
	a := asked(t, managers(1), "f")
	changed, err := a.Resubmit(member("f"), contents()[1], "typo", tuesday(10))
	require.NoError(t, err)
	_, err = changed.Decide(sosyal.Decision{By: member("c"), Verdict: sosyal.VerdictApprove, Hash: contents()[0]}, tuesday(11))
	require.ErrorIs(t, err, sosyal.ErrConflict)
}

func TestAnEditVoidsWhatWasDecided(t *testing.T) {
	a := says(t, asked(t, managers(1), "f"), "c", sosyal.VerdictApprove, 10)
	require.True(t, a.Approved(contents()[0], tuesday(10)))
	a, err := a.Resubmit(member("e"), contents()[1], "", tuesday(11))
	require.NoError(t, err)
	assert.Equal(t, sosyal.InReview, a.State(tuesday(11)))
	assert.False(t, a.Approved(contents()[0], tuesday(11)), "the old content")
	assert.False(t, a.Approved(contents()[1], tuesday(11)), "the new content")
	assert.Equal(t, 2, a.Version())
}

func TestWhoAskedOrEditedMayNotDecide(t *testing.T) {
	a := asked(t, managers(1), "c")
	refused(t, a, "c", 10)
	a, err := a.Resubmit(member("d"), contents()[1], "", tuesday(10))
	require.NoError(t, err)
	refused(t, a, "d", 11)
	refused(t, a, "c", 11)

	p := managers(1)
	p.AllowSelfApproval = true
	says(t, asked(t, p, "c"), "c", sosyal.VerdictApprove, 10)
}

func TestAnAgencyMayNotApproveForItsClient(t *testing.T) {
	refused(t, asked(t, managers(1), "a"), "b", 10)
	p := managers(1)
	p.AllowAgencyApproval = true
	says(t, asked(t, p, "a"), "b", sosyal.VerdictApprove, 10)

	_, err := asked(t, managers(1), "a").Delegate(sosyal.Delegation{By: member("b"), To: member("f"), Until: tuesday(20)}, tuesday(9))
	require.ErrorIs(t, err, sosyal.ErrInvalid, "it has no right that it could pass on")
	a, err := asked(t, managers(1), "a").Delegate(sosyal.Delegation{By: member("c"), To: member("b"), Until: tuesday(20)}, tuesday(9))
	require.NoError(t, err)
	refused(t, a, "b", 10)
}

func TestDelegation(t *testing.T) {
	passOn := func(t *testing.T, a sosyal.Approval, by, to sosyal.ActorID, hour, until int) sosyal.Approval {
		t.Helper()
		next, err := a.Delegate(sosyal.Delegation{By: member(by), To: member(to), Until: tuesday(until)}, tuesday(hour))
		require.NoError(t, err)
		return next
	}
	t.Run("a delegate decides in the place of another", func(t *testing.T) {
		a := says(t, passOn(t, asked(t, managers(1), "a"), "c", "f", 9, 20), "f", sosyal.VerdictApprove, 10)
		trail := a.Trail()
		assert.Equal(t, sosyal.ActorID("c"), trail[len(trail)-1].OnBehalf)
		assert.True(t, a.Approved(contents()[0], tuesday(10)))
	})
	t.Run("not before it begins nor after it ends", func(t *testing.T) {
		a, err := asked(t, managers(1), "a").Delegate(sosyal.Delegation{
			By: member("c"), To: member("f"), From: tuesday(12), Until: tuesday(14),
		}, tuesday(9))
		require.NoError(t, err)
		refused(t, a, "f", 11)
		require.NoError(t, a.MayDecide(member("f"), tuesday(12)))
		refused(t, a, "f", 14)
	})
	t.Run("not to whoever asked", func(t *testing.T) {
		_, err := asked(t, managers(1), "a").Delegate(sosyal.Delegation{By: member("c"), To: member("a"), Until: tuesday(20)}, tuesday(9))
		require.ErrorIs(t, err, sosyal.ErrInvalid)
	})
	t.Run("ends with the right it stands on", func(t *testing.T) {
		a := passOn(t, asked(t, managers(1), "a"), "c", "f", 9, 20)
		a, err := a.Resubmit(member("c"), contents()[1], "I changed it myself", tuesday(10))
		require.NoError(t, err)
		refused(t, a, "f", 11)
	})
	t.Run("is not passed on", func(t *testing.T) {
		a := passOn(t, asked(t, managers(1), "a"), "c", "f", 9, 20)
		_, err := a.Delegate(sosyal.Delegation{By: member("f"), To: member("e"), Until: tuesday(20)}, tuesday(9))
		require.ErrorIs(t, err, sosyal.ErrInvalid)
	})
	t.Run("can be revoked", func(t *testing.T) {
		a := passOn(t, asked(t, managers(1), "a"), "c", "f", 9, 20)
		a, err := a.Revoke(member("c"), "f", tuesday(10))
		require.NoError(t, err)
		refused(t, a, "f", 11)
	})
	t.Run("does not give one person two voices", func(t *testing.T) {
		a := passOn(t, asked(t, managers(2), "a"), "c", "d", 9, 20)
		a = says(t, a, "d", sosyal.VerdictApprove, 10)
		refused(t, a, "d", 11)
		a = says(t, a, "c", sosyal.VerdictApprove, 12)
		assert.True(t, a.Approved(contents()[0], tuesday(12)))
	})
}

func TestAStepOfAllWaitsForEveryNameAndEveryRole(t *testing.T) {
	p := sosyal.ApprovalPolicy{Steps: []sosyal.ApprovalStep{
		{Name: "all", Actors: []sosyal.ActorID{"f"}, Roles: []sosyal.Role{sosyal.RoleManager, sosyal.RoleLegal}, All: true},
	}}
	a := says(t, asked(t, p, "a"), "f", sosyal.VerdictApprove, 10)
	a = says(t, a, "c", sosyal.VerdictApprove, 11)
	assert.Equal(t, sosyal.InReview, a.State(tuesday(11)))
	both := says(t, a, "d", sosyal.VerdictApprove, 12)
	legal := says(t, a, "e", sosyal.VerdictApprove, 12)
	assert.True(t, both.Approved(contents()[0], tuesday(12)))
	assert.True(t, legal.Approved(contents()[0], tuesday(12)))
}

func TestTwoContinuationsOfOneApprovalDoNotMeet(t *testing.T) {
	a := asked(t, managers(2), "a")
	a = says(t, a, "c", sosyal.VerdictApprove, 10)
	for range 5 { // lets slices grow beyond their length
		next, err := a.Comment(member("f"), "hm", tuesday(10))
		require.NoError(t, err)
		a = next
	}
	yes := says(t, a, "d", sosyal.VerdictApprove, 11)
	no := says(t, a, "d", sosyal.VerdictReject, 11)
	assert.Equal(t, sosyal.Approved, yes.State(tuesday(11)))
	assert.Equal(t, sosyal.VerdictApprove, yes.Trail()[len(yes.Trail())-1].Verdict)
	assert.Equal(t, sosyal.Rejected, no.State(tuesday(11)))

	yes.Trail()[0].Note = "changed from outside"
	yes.Policy().Steps[0].Need = 9
	assert.Empty(t, yes.Trail()[0].Note)
	assert.Equal(t, 2, yes.Policy().Steps[0].Need)
}

func TestTimeRunsOut(t *testing.T) {
	p := managers(1)
	p.ExpireAfter, p.ValidFor = 3*time.Hour, 5*time.Hour
	a := asked(t, p, "a")
	assert.Equal(t, sosyal.InReview, a.State(tuesday(12).Add(-time.Nanosecond)))
	assert.Equal(t, sosyal.Expired, a.State(tuesday(12)))
	refused(t, a, "c", 12)
	_, err := a.Expire(tuesday(11))
	require.ErrorIs(t, err, sosyal.ErrInvalid)
	expired, err := a.Expire(tuesday(12))
	require.NoError(t, err)
	again, err := expired.Resubmit(member("a"), contents()[0], "still needed", tuesday(13))
	require.NoError(t, err)
	assert.Equal(t, sosyal.InReview, again.State(tuesday(13)))

	given := says(t, a, "c", sosyal.VerdictApprove, 10)
	assert.True(t, given.Approved(contents()[0], tuesday(14)))
	assert.False(t, given.Approved(contents()[0], tuesday(15)))
}

func TestAHoldStopsWhatIsOpenAndWhatIsApproved(t *testing.T) {
	a := says(t, asked(t, managers(1), "a"), "c", sosyal.VerdictApprove, 10)
	held, err := a.Hold(member("f"), "product recall", time.Time{}, tuesday(11))
	require.NoError(t, err)
	assert.Equal(t, sosyal.OnHold, held.State(tuesday(11)))
	assert.False(t, held.Approved(contents()[0], tuesday(11)))
	_, err = held.Release(member("e"), "", tuesday(12))
	require.ErrorIs(t, err, sosyal.ErrInvalid, "neither set it nor decides")
	for _, who := range []sosyal.ActorID{"f", "d"} {
		free, err := held.Release(member(who), "", tuesday(12))
		require.NoError(t, err)
		assert.True(t, free.Approved(contents()[0], tuesday(12)))
	}
	short, err := a.Hold(member("f"), "wait for the price", tuesday(13), tuesday(11))
	require.NoError(t, err)
	assert.False(t, short.Approved(contents()[0], tuesday(12)))
	assert.True(t, short.Approved(contents()[0], tuesday(13)))
}

func TestChangesRequestedAndRejected(t *testing.T) {
	a := asked(t, managers(1), "a")
	_, err := a.Decide(sosyal.Decision{By: member("c"), Verdict: sosyal.VerdictReject, Hash: a.Hash()}, tuesday(10))
	require.ErrorIs(t, err, sosyal.ErrInvalid, "a rejection says why")

	rejected := says(t, a, "c", sosyal.VerdictReject, 10)
	_, err = rejected.Resubmit(member("a"), contents()[0], "please", tuesday(11))
	require.ErrorIs(t, err, sosyal.ErrInvalid, "the same content again")

	back := says(t, a, "c", sosyal.VerdictChanges, 10)
	assert.Equal(t, sosyal.ChangesRequested, back.State(tuesday(10)))
	refused(t, back, "d", 11)
	next, err := back.Resubmit(member("a"), contents()[1], "done", tuesday(11))
	require.NoError(t, err)
	assert.Len(t, next.Comments(1), 1)
	assert.Empty(t, next.Comments(2))

	gone, err := next.Withdraw(member("a"), "", tuesday(12))
	require.NoError(t, err)
	_, err = gone.Resubmit(member("a"), contents()[2], "", tuesday(13))
	require.ErrorIs(t, err, sosyal.ErrInvalid)
	_, err = next.Withdraw(member("c"), "", tuesday(12))
	require.ErrorIs(t, err, sosyal.ErrInvalid, "not the one who asked")
}

func TestInstantsDoNotGoBack(t *testing.T) {
	_, err := asked(t, managers(1), "a").Comment(member("f"), "earlier", tuesday(8))
	require.ErrorIs(t, err, sosyal.ErrInvalid)
}

func TestPoliciesThatCannotWorkAreRefused(t *testing.T) {
	legal := sosyal.ApprovalStep{Name: "legal", Roles: []sosyal.Role{sosyal.RoleLegal}}
	cases := map[string]struct {
		policy sosyal.ApprovalPolicy
		field  string
	}{
		"no steps":                  {sosyal.ApprovalPolicy{}, "policy.steps"},
		"steps of an automatic one": {sosyal.ApprovalPolicy{Automatic: true, Steps: []sosyal.ApprovalStep{legal}}, "policy.steps"},
		"nobody":                    {sosyal.ApprovalPolicy{Steps: []sosyal.ApprovalStep{{Name: "x"}}}, "policy.steps[0].actors"},
		"the agency alone": {sosyal.ApprovalPolicy{Steps: []sosyal.ApprovalStep{
			{Name: "x", Roles: []sosyal.Role{sosyal.RoleManager}, Party: sosyal.PartyAgency},
		}}, "policy.steps"},
		"more than there are": {sosyal.ApprovalPolicy{Steps: []sosyal.ApprovalStep{
			{Name: "x", Actors: []sosyal.ActorID{"c"}, Need: 2},
		}}, "policy.steps[0].need"},
		"one name twice":    {sosyal.ApprovalPolicy{Steps: []sosyal.ApprovalStep{legal, legal}}, "policy.steps[1].name"},
		"time runs back":    {sosyal.ApprovalPolicy{Steps: []sosyal.ApprovalStep{legal}, ExpireAfter: -1}, "policy.expire_after"},
		"only whoever asks": {sosyal.ApprovalPolicy{Steps: []sosyal.ApprovalStep{{Name: "x", Actors: []sosyal.ActorID{"f"}}}}, "policy.steps[0].actors"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := sosyal.NewApproval(c.policy, sosyal.ApprovalRequest{
				Brand: "lale", Subject: "post/1", By: member("f"), Hash: contents()[0],
			}, tuesday(9))
			require.Error(t, err)
			assert.Equal(t, c.field, sosyal.FieldErrors(err)[0].Field)
		})
	}
}

func TestAutomaticApprovalMustBeAskedFor(t *testing.T) {
	a := asked(t, sosyal.ApprovalPolicy{Automatic: true}, "a")
	assert.True(t, a.Approved(contents()[0], tuesday(9)))
	assert.False(t, a.Approved(contents()[1], tuesday(9)))
}

func TestAStoredTrailThatDoesNotFollowFromThePolicyIsRefused(t *testing.T) {
	a := says(t, asked(t, managers(2), "a"), "c", sosyal.VerdictApprove, 10)
	a = says(t, a, "d", sosyal.VerdictApprove, 11)
	stored, err := json.Marshal(a)
	require.NoError(t, err)
	var back sosyal.Approval
	require.NoError(t, json.Unmarshal(stored, &back))
	assert.Equal(t, a, back)

	for name, forgery := range map[string][2]string{
		"another content":  {string(contents()[0]), string(contents()[1])},
		"another person":   {`"by":{"id":"d"`, `"by":{"id":"c"`},
		"the requester":    {`"by":{"id":"d"`, `"by":{"id":"a"`},
		"another step":     {`"step":"managers"`, `"step":"legal"`},
		"approved earlier": {`"in_review"`, `"approved"`},
		"another role":     {`"roles":["manager","legal"]`, `"roles":["author"]`},
		"a later schema":   {`"schema":1`, `"schema":2`},
	} {
		t.Run(name, func(t *testing.T) {
			forged := strings.Replace(string(stored), forgery[0], forgery[1], 1)
			require.NotEqual(t, string(stored), forged)
			var b sosyal.Approval
			require.ErrorIs(t, json.Unmarshal([]byte(forged), &b), sosyal.ErrInvalid)
			assert.True(t, b.IsZero())
		})
	}
	var none sosyal.Approval
	require.NoError(t, json.Unmarshal([]byte("null"), &none))
	assert.True(t, none.IsZero())
}

func TestPolicyDurationsAreTextInJSON(t *testing.T) {
	p := managers(1)
	p.ExpireAfter, p.RemindAfter = 72*time.Hour, 90*time.Minute
	data, err := json.Marshal(p)
	require.NoError(t, err)
	assert.JSONEq(t, `{"steps":[{"name":"managers","roles":["manager"],"need":1}],"expire_after":"72h0m0s","remind_after":"1h30m0s"}`, string(data))
	var back sosyal.ApprovalPolicy
	require.NoError(t, json.Unmarshal(data, &back))
	assert.Equal(t, p, back)
	require.ErrorIs(t, json.Unmarshal([]byte(`{"expire_after":"three days"}`), &back), sosyal.ErrInvalid)
}

func TestRemindersRunInOpenHours(t *testing.T) {
	istanbul, err := time.LoadLocation("Europe/Istanbul")
	require.NoError(t, err)
	at := func(day, hour int) time.Time { return time.Date(2026, time.November, day, hour, 0, 0, 0, istanbul) }
	p := sosyal.ApprovalPolicy{
		Steps: []sosyal.ApprovalStep{
			{Name: "yönetim", Actors: []sosyal.ActorID{"c", "f", "e"}, Need: 2},
		},
		RemindAfter: 4 * time.Hour, EscalateAfter: 10 * time.Hour, EscalateTo: []sosyal.Role{sosyal.RoleManagement},
	}
	// Friday 16:00, in a team that works from 9 to 18 on weekdays.
	a, err := sosyal.NewApproval(p, sosyal.ApprovalRequest{
		Brand: "lale", Subject: "bütçe/kasım", By: member("a"), Editors: []sosyal.ActorID{"e"}, Hash: contents()[0],
	}, at(6, 16))
	require.NoError(t, err)
	hours := sosyal.WeekdayHours("Europe/Istanbul", 9*3600, 18*3600)

	reminders, err := a.Reminders(hours, at(9, 12))
	require.NoError(t, err)
	require.Len(t, reminders, 3)
	for i, want := range []struct {
		at         time.Time
		due        bool
		escalation bool
	}{{at(9, 11), true, false}, {at(9, 15), false, false}, {at(9, 17), false, true}} {
		assert.True(t, want.at.Equal(reminders[i].At), "%d at %s", i, reminders[i].At)
		assert.Equal(t, want.due, reminders[i].Due)
		assert.Equal(t, want.escalation, reminders[i].Escalation)
	}
	assert.Equal(t, []sosyal.ActorID{"c", "f"}, reminders[0].Actors, "the editor is not waited for")
	assert.Equal(t, []sosyal.Role{sosyal.RoleManagement}, reminders[2].Roles)
	assert.NotEqual(t, reminders[0].Key, reminders[1].Key)
	turkish := sosyal.NewCatalogue(sosyal.Turkish, sosyal.StandardMessages(sosyal.Turkish))
	assert.Equal(t, "Hatırlatma: bütçe/kasım, sürüm 1, “yönetim” adımında bekliyor (gereken onay: 2, alınan: 0)", turkish.Text(reminders[0].Reason))

	half, err := a.Decide(sosyal.Decision{By: member("c"), Verdict: sosyal.VerdictApprove, Hash: a.Hash()}, at(9, 12))
	require.NoError(t, err)
	reminders, err = half.Reminders(hours, at(9, 12))
	require.NoError(t, err)
	assert.Equal(t, []sosyal.ActorID{"f"}, reminders[0].Actors)

	held, err := a.Hold(member("f"), "wait", time.Time{}, at(9, 12))
	require.NoError(t, err)
	reminders, err = held.Reminders(hours, at(9, 13))
	require.NoError(t, err)
	assert.Empty(t, reminders)
}

func TestEveryLineOfATrailCanBeRead(t *testing.T) {
	a := asked(t, managers(2), "a")
	steps := []func() (sosyal.Approval, error){
		func() (sosyal.Approval, error) { return a.Comment(member("f"), "which price?", tuesday(9)) },
		func() (sosyal.Approval, error) {
			return a.Delegate(sosyal.Delegation{By: member("c"), To: member("f"), Until: tuesday(20)}, tuesday(9))
		},
		func() (sosyal.Approval, error) {
			return a.Decide(sosyal.Decision{By: member("f"), Verdict: sosyal.VerdictApprove, Hash: a.Hash()}, tuesday(9))
		},
		func() (sosyal.Approval, error) { return a.Revoke(member("c"), "f", tuesday(9)) },
		func() (sosyal.Approval, error) { return a.Hold(member("f"), "wait", time.Time{}, tuesday(9)) },
		func() (sosyal.Approval, error) { return a.Release(member("f"), "", tuesday(9)) },
		func() (sosyal.Approval, error) {
			return a.Decide(sosyal.Decision{By: member("d"), Verdict: sosyal.VerdictApprove, Hash: a.Hash()}, tuesday(9))
		},
		func() (sosyal.Approval, error) { return a.Resubmit(member("a"), contents()[1], "", tuesday(9)) },
		func() (sosyal.Approval, error) { return a.Withdraw(member("a"), "", tuesday(9)) },
	}
	for _, step := range steps {
		next, err := step()
		require.NoError(t, err)
		a = next
	}
	for _, l := range []sosyal.Language{sosyal.Turkish, sosyal.English} {
		texts := sosyal.NewCatalogue(l, sosyal.StandardMessages(l))
		for _, e := range a.Trail() {
			assert.True(t, texts.Has(e.Reason().Code), "%s", e.Reason().Code)
			assert.NotContains(t, texts.Text(e.Reason()), "{")
		}
		for _, r := range a.Reasons(tuesday(9)) {
			assert.True(t, texts.Has(r.Code), "%s", r.Code)
		}
	}
}

func TestVotesOfOneContinuationDoNotReachAnother(t *testing.T) {
	p := sosyal.ApprovalPolicy{Steps: []sosyal.ApprovalStep{
		{Name: "five", Actors: []sosyal.ActorID{"c", "d", "e", "f", "g"}, Need: 5},
	}}
	a := asked(t, p, "a")
	for _, id := range []sosyal.ActorID{"c", "d", "e"} {
		a = says(t, a, id, sosyal.VerdictApprove, 10)
	}
	one := says(t, a, "f", sosyal.VerdictApprove, 11)
	says(t, a, "g", sosyal.VerdictApprove, 11)
	require.NoError(t, one.MayDecide(member("g"), tuesday(12)), "g has said nothing here")
	refused(t, one, "f", 12)
}

// The file was written when the schema was made and must stay readable.
func TestApprovalsOfTheFirstSchemaStayReadable(t *testing.T) {
	data, err := os.ReadFile("testdata/approval_schema1.json")
	require.NoError(t, err)
	var a sosyal.Approval
	require.NoError(t, json.Unmarshal(data, &a))
	assert.Equal(t, sosyal.OnHold, a.State(tuesday(15)))
	assert.True(t, a.Approved(contents()[1], tuesday(17)), "the hold has run out")
	assert.Equal(t, 2, a.Version())
	again, err := json.Marshal(a)
	require.NoError(t, err)
	assert.JSONEq(t, string(data), string(again))
}
