package upload_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience/upload"
)

var _ sosyal.Forgetter = (*upload.Exporter)(nil)

// everywhere sends a, b and c to two audiences at Meta and one at Google.
func everywhere(t *testing.T, s *shop) []upload.Audience {
	t.Helper()
	s.AllowSmall = true
	audiences := []upload.Audience{
		vip(),
		{Brand: "butik", Platform: upload.Meta, Account: "act_1", ID: "new"},
		{Brand: "butik", Platform: upload.Google, Account: "g", ID: "vip"},
	}
	for _, a := range audiences {
		r := ask(people("a", "b", "c"))
		r.Audience = a
		_, err := s.Export(t.Context(), r)
		require.NoError(t, err)
	}
	return audiences
}

func TestForgetTakesAPersonOffEveryPlatform(t *testing.T) {
	s := newShop(t)
	audiences := everywhere(t, s)
	erasure, err := s.Forget(t.Context(), "butik", "b")
	require.NoError(t, err)
	assert.Equal(t, "butik", string(erasure.Brand))
	assert.Equal(t, sosyal.PersonDigest("butik", "b"), erasure.Person)
	assert.Zero(t, erasure.Records[upload.ErasedMember], "the removals have ended the memberships")
	for _, a := range audiences {
		assert.Equal(t, "ac", s.holds(t, a, "abc"), a)
	}
	var kept int
	for record, err := range s.state.Erasures(t.Context(), "butik") {
		require.NoError(t, err)
		assert.Equal(t, erasure, record)
		kept++
	}
	assert.Equal(t, 1, kept)
	var withdrawals int
	for x, err := range s.records.List(t.Context(), "butik", sosyal.Query{}) {
		require.NoError(t, err)
		if x.Value.Use == upload.Withdrawal {
			withdrawals++
			assert.Equal(t, []any{"erasure", "sosyal", 1}, []any{x.Value.Why, string(x.Value.By.ID), x.Value.Removed.Done})
		}
	}
	assert.Equal(t, 3, withdrawals)

	_, err = s.Forget(t.Context(), "butik", "b")
	assert.NoError(t, err, "again")
	_, err = s.Forget(t.Context(), "butik", "stranger")
	assert.NoError(t, err)
	_, err = s.Forget(t.Context(), "butik", "")
	assert.ErrorIs(t, err, sosyal.ErrInvalid)
	_, err = s.Forget(t.Context(), "", "b")
	assert.ErrorIs(t, err, sosyal.ErrInvalid)
}

func TestForgetKeepsTheStateUntilThePersonIsOut(t *testing.T) {
	s := newShop(t)
	everywhere(t, s)
	s.meta.next = []fault{lostBefore}
	_, err := s.Forget(t.Context(), "butik", "b")
	require.ErrorIs(t, err, sosyal.ErrUnknownOutcome)
	for record, err := range s.state.Erasures(t.Context(), "butik") {
		t.Errorf("nothing was erased yet, but there is %v, %v", record, err)
	}
	_, err = s.Forget(t.Context(), "butik", "b")
	require.NoError(t, err)
	assert.Equal(t, "ac", s.holds(t, vip(), "abc"))
	assert.Empty(t, s.open(t))
}

// Somebody of whom nobody knows whether he arrived is taken out too, and the
// batch that he was in forgets him.
func TestForgetReachesDoubtfulBatches(t *testing.T) {
	for _, lost := range []fault{lostBefore, lostAfter} {
		s := newShop(t)
		s.meta.next = []fault{lost}
		_, err := s.Export(t.Context(), ask(people("a", "b", "c")))
		require.ErrorIs(t, err, sosyal.ErrUnknownOutcome)

		_, err = s.Forget(t.Context(), "butik", "b")
		require.NoError(t, err)
		require.Len(t, s.open(t), 1)
		assert.Len(t, s.open(t)[0].Rows, 2)

		_, err = s.Export(t.Context(), ask(people("a", "c")))
		require.NoError(t, err)
		assert.Equal(t, "ac", s.holds(t, vip(), "abc"))
		assert.Empty(t, s.open(t))
	}
}

func TestWithdrawDoesNotWaitForTheNextExport(t *testing.T) {
	s := newShop(t)
	audiences := everywhere(t, s)
	records, err := s.Withdraw(t.Context(), "butik", "a", sosyal.Actor{ID: "destek", Name: "Su Er"}, "asked by mail")
	require.NoError(t, err)
	require.Len(t, records, 3)
	for i, a := range audiences {
		assert.Equal(t, "bc", s.holds(t, a, "abc"))
		assert.Equal(t, []any{upload.Withdrawal, "destek", "asked by mail", ""},
			[]any{records[i].Use, string(records[i].By.ID), records[i].Why, records[i].By.Name})
	}
	_, err = s.Withdraw(t.Context(), "butik", "a", sosyal.Actor{}, "")
	assert.Len(t, sosyal.FieldErrors(err), 2)
	delete(s.Uploaders, upload.Google)
	_, err = s.Withdraw(t.Context(), "butik", "b", sosyal.Actor{ID: "destek"}, "asked")
	require.ErrorIs(t, err, sosyal.ErrUnsupported)
	assert.Equal(t, "c", s.holds(t, vip(), "abc"), "one platform does not keep the others from being tried")
}
