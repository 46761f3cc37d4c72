package sosyal_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
)

// cabinet erases a fixed number of records, or fails.
type cabinet struct {
	records map[string]int
	at      time.Time
	err     error
}

func (c cabinet) Forget(_ context.Context, brand sosyal.BrandID, person sosyal.PersonID) (sosyal.Erasure, error) {
	if c.err != nil {
		return sosyal.Erasure{}, c.err
	}
	return sosyal.Erasure{Brand: brand, Person: sosyal.PersonDigest(brand, person), At: c.at, Records: c.records}, nil
}

func TestForgettersAskEveryPlace(t *testing.T) {
	early, late := time.Unix(100, 0).UTC(), time.Unix(200, 0).UTC()
	locked := errors.New("the cabinet is locked")
	record, err := sosyal.Forgetters{
		cabinet{records: map[string]int{"order": 2}, at: late},
		cabinet{err: locked},
		cabinet{records: map[string]int{"order": 1, "mention": 4}, at: early},
	}.Forget(t.Context(), "rosa", "p-1")

	require.ErrorIs(t, err, locked)
	assert.ErrorContains(t, err, "place 2 of 3")
	assert.NotContains(t, err.Error(), "p-1")
	assert.Equal(t, sosyal.Erasure{
		Brand: "rosa", Person: sosyal.PersonDigest("rosa", "p-1"), At: late, Records: map[string]int{"order": 3, "mention": 4},
	}, record)
	assert.Equal(t, 7, record.Total())
}

func TestForgettersRefuseNobody(t *testing.T) {
	_, err := sosyal.Forgetters{cabinet{}}.Forget(t.Context(), "rosa", "")
	assert.ErrorIs(t, err, sosyal.ErrInvalid)
	_, err = sosyal.Forgetters{cabinet{}}.Forget(t.Context(), "", "p-1")
	assert.ErrorIs(t, err, sosyal.ErrInvalid)
}

func TestDigestsDoNotMeet(t *testing.T) {
	digests := map[string]bool{}
	for _, d := range []string{
		sosyal.PersonDigest("ab", "c"), sosyal.PersonDigest("a", "bc"),
		sosyal.NameDigest("a", "b", "c"), sosyal.NameDigest("ab", "", "c"), sosyal.NameDigest("a", "bc", ""), sosyal.NameDigest("", "a", "bc"),
	} {
		digests[d] = true
	}
	assert.Len(t, digests, 6)
}
