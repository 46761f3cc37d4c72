package budget_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/budget"
)

// The life of a line: every step moves money from one state to the next, and the
// five amounts are kept apart throughout.
func TestLifeOfALine(t *testing.T) {
	now := at(2, 9)
	b := autumn(t)
	c := &budget.Controller{Ledger: &budget.MemoryLedger{}, Now: func() time.Time { return now }}
	ctx := t.Context()
	want := func(step, amountsOfShoot string) {
		t.Helper()
		assert.Equal(t, amountsOfShoot, amounts(position(t, c, b, "shoot")), step)
	}
	require.NoError(t, c.Plan(ctx, b, "manager"))
	want("planned", "4000/0/0/0/0")
	r := granted(t, request(t, b, "r1", budget.RequestLine{Line: "shoot", Amount: tl(t, "3000")}))
	want("approved by management, not entered yet", "4000/0/0/0/0")
	require.NoError(t, c.Approve(ctx, b, r, "director"))
	require.NoError(t, c.Approve(ctx, b, r, "director"), "entering twice changes nothing")
	want("entered", "4000/3000/0/0/3000")
	kept, err := c.Reserve(ctx, b, r, budget.Commitment{Key: "studio", Line: "shoot", Amount: tl(t, "2000"), Expires: at(20, 0), By: "manager"})
	require.NoError(t, err)
	assert.True(t, kept.Open)
	want("committed", "4000/3000/2000/0/1000")
	_, err = c.Reserve(ctx, b, r, budget.Commitment{Key: "more", Line: "shoot", Amount: tl(t, "1000.01"), By: "manager"})
	short, ok := errors.AsType[budget.ShortError](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, "1000.00 TRY", short.Available.String())
	_, err = c.Post(ctx, b, r, budget.Payment{Key: "invoice 1", Line: "shoot", Reservation: "studio", Amount: tl(t, "1500"), Day: nov(2), By: "finance"})
	require.NoError(t, err)
	want("spent in part", "4000/3000/500/1500/1000")
	require.NoError(t, c.Refund(ctx, b, "credit note", "invoice 1", tl(t, "200"), "finance"))
	want("refunded in part, to the open reservation", "4000/3000/700/1300/1000")
	require.NoError(t, c.Release(ctx, b, "studio", "manager"))
	want("released", "4000/3000/0/1300/1700")
	require.Error(t, c.Release(ctx, b, "studio", "manager"), "once only")
	_, err = c.Post(ctx, b, r, budget.Payment{Key: "invoice 2", Line: "shoot", Reservation: "studio", Amount: tl(t, "1"), Day: nov(2), By: "finance"})
	require.ErrorIs(t, err, sosyal.ErrInvalid, "nothing is spent from a closed reservation")
	require.NoError(t, c.Reverse(ctx, b, "invoice 1", "finance"))
	want("reversed: what the refund left, to what is available", "4000/3000/0/0/3000")
	require.Error(t, c.Reverse(ctx, b, "invoice 1", "finance"), "once only")
	_, err = c.Post(ctx, b, r, budget.Payment{Key: "invoice 3", Line: "shoot", Amount: tl(t, "3000"), Day: nov(3), By: "finance"})
	require.NoError(t, err)
	want("spent without a reservation", "4000/3000/0/3000/0")
	_, err = c.Post(ctx, b, r, budget.Payment{Key: "invoice 4", Line: "shoot", Amount: tl(t, "0.01"), Day: nov(3), By: "finance"})
	require.ErrorIs(t, err, sosyal.ErrInvalid, "a person cannot overspend")
}

func TestRepeatedCallsChangeNothing(t *testing.T) {
	now := at(2, 9)
	b := autumn(t)
	c, r := entered(t, b, &now)
	in := budget.Commitment{Key: "k", Line: "meta", Amount: tl(t, "20000"), By: "manager"}
	pay := budget.Payment{Key: "p", Line: "meta", Reservation: "k", Amount: tl(t, "5000"), Day: nov(2), By: "finance"}
	for range 3 {
		_, err := c.Reserve(t.Context(), b, r, in)
		require.NoError(t, err, "the second is more than what is left, but it is the same")
		_, err = c.Post(t.Context(), b, r, pay)
		require.NoError(t, err)
		require.NoError(t, c.Refund(t.Context(), b, "f", "p", tl(t, "100"), "finance"))
		require.NoError(t, c.Plan(t.Context(), b, "manager"))
		now = now.Add(time.Hour)
	}
	assert.Equal(t, "30000/30000/15100/4900/10000", amounts(position(t, c, b, "meta")))
	in.Amount = tl(t, "1")
	_, err := c.Reserve(t.Context(), b, r, in)
	_, isKey := errors.AsType[budget.KeyError](err)
	assert.True(t, isKey, "the same key with another amount: %v", err)
}

// meddled lets somebody else write first, a few times.
type meddled struct {
	budget.Ledger

	before []func()
}

func (m *meddled) Append(ctx context.Context, brand sosyal.BrandID, prev budget.Head, e ...budget.Entry) (budget.Appended, error) {
	if len(m.before) > 0 {
		first := m.before[0]
		m.before = m.before[1:]
		first()
	}
	return m.Ledger.Append(ctx, brand, prev, e...)
}

// What was decided on an older state is decided again: the second process finds
// the money gone.
func TestControllersOfTwoProcesses(t *testing.T) {
	now := at(2, 9)
	b := autumn(t)
	other, r := entered(t, b, &now)
	take := func(c *budget.Controller, key, amount string) error {
		_, err := c.Reserve(t.Context(), b, r, budget.Commitment{Key: key, Line: "meta", Amount: tl(t, amount), By: "m"})
		return err
	}
	ledger := &meddled{Ledger: other.Ledger, before: []func(){
		func() { require.NoError(t, take(other, "a", "12000")) },
		func() { require.NoError(t, take(other, "b", "12000")) },
	}}
	c := &budget.Controller{Ledger: ledger, Now: other.Now}
	_, short := errors.AsType[budget.ShortError](take(c, "mine", "10000"))
	assert.True(t, short, "6,000 were left when it came to it")
	require.NoError(t, take(c, "mine", "6000"))
	require.NoError(t, other.Release(t.Context(), b, "a", "m"))
	ledger.before = []func(){func() { require.NoError(t, other.Release(t.Context(), b, "b", "m")) }}
	c.Attempts = 1
	require.ErrorIs(t, take(c, "late", "1"), sosyal.ErrConflict, "who may not try again is told")
}

func TestReservationsExpire(t *testing.T) {
	now := at(2, 9)
	b := autumn(t)
	c, r := entered(t, b, &now)
	_, err := c.Reserve(t.Context(), b, r, budget.Commitment{Key: "k", Line: "meta", Amount: tl(t, "100"), Expires: at(5, 0), By: "m"})
	require.NoError(t, err)
	n, err := c.Expire(t.Context(), b)
	require.NoError(t, err)
	assert.Zero(t, n)
	now = at(5, 0)
	_, err = c.Post(t.Context(), b, r, budget.Payment{Key: "p", Line: "meta", Reservation: "k", Amount: tl(t, "1"), Day: nov(5), By: "f"})
	require.ErrorIs(t, err, sosyal.ErrInvalid, "its time is over")
	for _, want := range []int{1, 0} {
		n, err = c.Expire(t.Context(), b)
		require.NoError(t, err)
		assert.Equal(t, want, n)
	}
	assert.Equal(t, "30000/30000/0/0/30000", amounts(position(t, c, b, "meta")))
}

func TestOnlyApprovedContentMovesMoney(t *testing.T) {
	b := autumn(t)
	b.Lines = append(b.Lines, budget.Line{ID: "meta ", Kind: budget.Production, Name: "Other", Planned: tl(t, "1")})
	line := budget.RequestLine{Line: "meta", Amount: tl(t, "8000")}
	for name, asked := range map[string]func() budget.Request{
		"not submitted": func() budget.Request { return request(t, b, "r2", line) },
		"in review": func() budget.Request {
			r, err := request(t, b, "r2", line).Submit(thresholds(t), manager(), "", at(1, 9))
			require.NoError(t, err)
			return r
		},
		"rejected": func() budget.Request {
			r, err := request(t, b, "r2", line).Submit(thresholds(t), manager(), "", at(1, 9))
			require.NoError(t, err)
			return decide(t, r, head(), sosyal.VerdictReject, at(1, 10))
		},
		"another amount than approved": func() budget.Request {
			r := granted(t, request(t, b, "r2", line))
			r.Lines = []budget.RequestLine{{Line: "meta", Amount: tl(t, "9000")}}
			return r
		},
		"another line than approved": func() budget.Request {
			r := granted(t, request(t, b, "r2", line))
			r.Lines = []budget.RequestLine{{Line: "tiktok", Amount: tl(t, "8000")}}
			return r
		},
		"a line whose id only looks the same": func() budget.Request {
			r := granted(t, request(t, b, "r2", line))
			r.Lines = []budget.RequestLine{{Line: "meta ", Amount: tl(t, "8000")}}
			return r
		},
		"the approval of another request": func() budget.Request {
			r := granted(t, request(t, b, "r2", line))
			r.ID = "r3"
			return r
		},
		"approved by fewer than the amount needs": func() budget.Request {
			r := request(t, b, "r2", budget.RequestLine{Line: "meta", Amount: tl(t, "20000")})
			low := thresholds(t)[:1]
			low[0].UpTo = sosyal.Money{}
			r, err := r.Submit(low, manager(), "", at(1, 9))
			require.NoError(t, err)
			return decide(t, r, head(), sosyal.VerdictApprove, at(1, 10))
		},
	} {
		t.Run(name, func(t *testing.T) {
			now := at(2, 9)
			c, _ := entered(t, b, &now)
			r := asked()
			before, err := c.Ledger.Head(t.Context(), b.Brand, b.Book())
			require.NoError(t, err)
			require.Error(t, c.Approve(t.Context(), b, r, "director"))
			_, err = c.Reserve(t.Context(), b, r, budget.Commitment{Key: "k", Line: "meta", Amount: tl(t, "1"), By: "m"})
			require.Error(t, err)
			_, err = c.Post(t.Context(), b, r, budget.Payment{Key: "p", Line: "meta", Amount: tl(t, "1"), Day: nov(2), By: "f"})
			require.Error(t, err)
			after, err := c.Ledger.Head(t.Context(), b.Brand, b.Book())
			require.NoError(t, err)
			assert.Equal(t, before, after)
		})
	}
}

// A request that was entered and then lost its approval gives back what was not
// used, and cannot use more.
func TestTakeBack(t *testing.T) {
	now := at(2, 9)
	b := autumn(t)
	c, r := entered(t, b, &now)
	_, err := c.Reserve(t.Context(), b, r, budget.Commitment{Key: "k", Line: "meta", Amount: tl(t, "12000"), By: "m"})
	require.NoError(t, err)
	require.Error(t, c.TakeBack(t.Context(), b, r, "director"), "the approval still stands")
	r.Purpose = "something else"
	_, err = c.Reserve(t.Context(), b, r, budget.Commitment{Key: "k2", Line: "meta", Amount: tl(t, "1"), By: "m"})
	require.Error(t, err)
	require.NoError(t, c.TakeBack(t.Context(), b, r, "director"))
	require.NoError(t, c.TakeBack(t.Context(), b, r, "director"))
	assert.Equal(t, "30000/12000/12000/0/0", amounts(position(t, c, b, "meta")))
	assert.Equal(t, "6000/0/0/0/0", amounts(position(t, c, b, "tiktok")))
}

// Money approved by one request is not spent under the name of another.
func TestRequestsHaveTheirOwnMoney(t *testing.T) {
	now := at(2, 9)
	b := autumn(t)
	c, _ := entered(t, b, &now)
	small := granted(t, request(t, b, "small", budget.RequestLine{Line: "meta", Amount: tl(t, "50")}))
	require.NoError(t, c.Approve(t.Context(), b, small, "director"))
	_, err := c.Reserve(t.Context(), b, small, budget.Commitment{Key: "k", Line: "meta", Amount: tl(t, "50.01"), By: "m"})
	_, short := errors.AsType[budget.ShortError](err)
	require.True(t, short, "%v", err)
	_, err = c.Reserve(t.Context(), b, small, budget.Commitment{Key: "k", Line: "meta", Amount: tl(t, "50"), By: "m"})
	require.NoError(t, err)
}

func TestRevisedPlanKeepsHistory(t *testing.T) {
	now := at(2, 9)
	b := autumn(t)
	c, _ := entered(t, b, &now)
	b.Version, b.Lines = 2, b.Lines[:2]
	b.Lines[0].Planned = tl(t, "25000")
	require.NoError(t, c.Plan(t.Context(), b, "manager"))
	assert.Equal(t, "25000/30000/0/0/30000", amounts(position(t, c, b, "meta")))
	assert.Equal(t, "0/4000/0/0/4000", amounts(position(t, c, b, "shoot")), "the approval of a line that is gone is not")
	var plans int
	for e, err := range c.Ledger.Entries(t.Context(), b.Brand, b.Book(), 1) {
		require.NoError(t, err)
		if e.Kind == budget.EntryPlan {
			plans++
		}
	}
	assert.Equal(t, 5, plans, "three of version 1, two changes of version 2")
}

func TestResubmittedForMoreNeedsOtherApprovers(t *testing.T) {
	b := autumn(t)
	r := granted(t, request(t, b, "r", budget.RequestLine{Line: "meta", Amount: tl(t, "9000")}))
	r.Lines = []budget.RequestLine{{Line: "meta", Amount: tl(t, "11000")}}
	r, err := r.Resubmit(thresholds(t), manager(), "prices rose", at(3, 9))
	require.NoError(t, err)
	require.Len(t, r.Earlier, 1)
	r = decide(t, r, head(), sosyal.VerdictApprove, at(3, 10))
	assert.False(t, r.Approved(at(3, 11)), "the director has not spoken")
	r = decide(t, r, director(), sosyal.VerdictApprove, at(3, 12))
	assert.True(t, r.Approved(at(3, 13)))
	data, err := json.Marshal(r)
	require.NoError(t, err)
	var back budget.Request
	require.NoError(t, json.Unmarshal(data, &back))
	assert.True(t, back.Approved(at(3, 13)))
	assert.Equal(t, r.ContentHash(), back.ContentHash())
}

func TestSelfApprovalIsNotThroughResubmission(t *testing.T) {
	b := autumn(t)
	asker := sosyal.Actor{ID: "both", Roles: []sosyal.Role{sosyal.RoleApprover, sosyal.RoleManager}, Party: sosyal.PartyClient}
	r, err := request(t, b, "r", budget.RequestLine{Line: "meta", Amount: tl(t, "11000")}).Submit(thresholds(t), asker, "", at(1, 9))
	require.NoError(t, err)
	r.Lines = []budget.RequestLine{{Line: "meta", Amount: tl(t, "100")}}
	r, err = r.Resubmit(thresholds(t), manager(), "", at(1, 10))
	require.NoError(t, err)
	require.Len(t, r.Earlier, 1, "another policy")
	_, err = r.Approval.Decide(sosyal.Decision{By: asker, Verdict: sosyal.VerdictApprove, Hash: r.ContentHash()}, at(1, 11))
	require.Error(t, err, "who asked first cannot approve the smaller amount")
}
