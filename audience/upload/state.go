package upload

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/yukselenler/sosyal"
)

// State is the port that remembers what was sent: the members of each audience
// and the batches that made them so. It keeps hashes and digests, and no
// address, phone or name; of plain keys it keeps the few that a platform takes
// plain. [MemoryState] is one in memory. Package uploadtest holds
// implementations to this contract:
//
// Everything belongs to a brand and no call of one brand shows another's.
// Implementations are safe for concurrent use, what they return shares nothing
// with what they keep, and a call under a cancelled context returns its error
// and changes nothing.
type State interface {
	// Record stores a batch: first as [Open], before it is sent, and again with its
	// outcome. [Admit] decides what is accepted. In the same step as an outcome it
	// settles the members ([Batch.Settle]), takes whoever was settled out of the
	// open batches of the audience that came before, where nothing is left to know
	// about him, and takes all people out of the record of the batch.
	Record(ctx context.Context, b Batch) error
	// Members yields the members that the query asks for, ordered by platform,
	// account, audience and person. An error is yielded once, last.
	Members(ctx context.Context, brand sosyal.BrandID, q Query) iter.Seq2[Member, error]
	// Batches yields the batches that the query asks for, ordered by platform,
	// account and audience, in each the newest first. An error is yielded once,
	// last.
	Batches(ctx context.Context, brand sosyal.BrandID, q Query) iter.Seq2[Batch, error]
	// Forget erases the person from all members and open batches, keeps a record of
	// it and returns it: members are counted as [ErasedMember], rows of open
	// batches as [ErasedRow]. It is [sosyal.Forgetter], and does not take the
	// person off the platforms; [Exporter.Forget] does both.
	Forget(ctx context.Context, brand sosyal.BrandID, person sosyal.PersonID) (sosyal.Erasure, error)
}

// Kinds under which records of erasure count.
const (
	ErasedMember = "upload.member"
	ErasedRow    = "upload.row"
)

// Query selects members or batches of a brand; the zero Query selects all.
type Query struct {
	Platform Platform
	Account  sosyal.AccountID
	Audience AudienceID
	// Person is [sosyal.PersonDigest] of a person: his memberships, and the open
	// batches that he is in.
	Person string
	// Open selects batches whose outcome is not known.
	Open bool
}

// query selects an audience.
func (a Audience) query() Query {
	return Query{Platform: a.Platform, Account: a.Account, Audience: a.ID}
}

func (q Query) matches(a Audience) bool {
	return (q.Platform == "" || q.Platform == a.Platform) && (q.Account == "" || q.Account == a.Account) &&
		(q.Audience == "" || q.Audience == a.ID)
}

// MatchesMember reports whether a member is selected.
func (q Query) MatchesMember(m Member) bool {
	return q.matches(m.Audience) && (q.Person == "" || q.Person == m.Person)
}

// MatchesBatch reports whether a batch is selected.
func (q Query) MatchesBatch(b Batch) bool {
	return q.matches(b.Audience) && (!q.Open || b.Outcome == Open) &&
		(q.Person == "" || slices.ContainsFunc(b.Rows, func(r Row) bool { return r.Person == q.Person }))
}

// Admit decides whether a [State] takes a batch. last is the highest sequence of
// its audience, known the record under its key, if there is one. It returns true
// for a batch to store and false for the repetition of what is recorded, which
// changes nothing.
//
// A new batch must be open and next in the sequence: of two exports at the same
// time one gets [sosyal.ErrConflict] before it has sent anything. A known batch
// may be given one outcome, once, by whoever opened it, for the people whom its
// record still holds and maybe others who were in it; anything else is
// ErrConflict too.
func Admit(last int64, known *Batch, b Batch) (bool, error) {
	if err := b.Validate(); err != nil {
		return false, err
	}
	conflict := func(why string) error {
		return fmt.Errorf("batch %d of audience %s %s: %w", b.Sequence, b.Audience, why, sosyal.ErrConflict)
	}
	switch {
	case known == nil && b.Outcome != Open:
		return false, conflict("was never begun")
	case known == nil && b.Sequence != last+1:
		return false, conflict("is not the next one")
	case known == nil:
		return true, nil
	case known.Action != b.Action || known.Size != b.Size || known.Export != b.Export:
		return false, conflict("was begun by another export")
	case known.Outcome != Open:
		if known.Outcome == b.Outcome && known.Rejected == max(len(b.Rejections), b.Rejected) {
			return false, nil
		}
		return false, conflict("has another outcome")
	}
	for _, row := range known.Rows {
		if own, found := b.row(row.Person); !found || !own.same(row) {
			return false, conflict("was begun with other people")
		}
	}
	return b.Outcome != Open, nil
}
