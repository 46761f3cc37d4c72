package reputation

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/yukselenler/sosyal"
)

// Mentions keeps mentions. A host plugs in a table; [Memory] is one in memory.
// Package reputationtest holds implementations to this contract:
//
// Mentions belong to the brand that listens, competitors' mentions included, and
// no call of one brand shows another's. A mention is identified by its id.
// Implementations are safe for concurrent use, and a call under a cancelled
// context returns its error and changes nothing.
type Mentions interface {
	// Append stores mentions, all or none. A mention whose id is known replaces
	// the earlier one: sources edit, and sentiment is added later. One that does
	// not validate, or an empty brand, is [sosyal.ErrInvalid].
	Append(ctx context.Context, brand sosyal.BrandID, mentions ...Mention) error
	// Scan yields the mentions that match, ordered by instant and id, with
	// instants in UTC cut to the microsecond. An error is yielded once, last.
	Scan(ctx context.Context, brand sosyal.BrandID, q Query) iter.Seq2[Mention, error]
	// Forget deletes what the person wrote and returns the record of it, which
	// counts the mentions as "mention"; it is [sosyal.Forgetter].
	Forget(ctx context.Context, brand sosyal.BrandID, person sosyal.PersonID) (sosyal.Erasure, error)
}

// ErasedMention is the kind under which a record of erasure counts mentions.
const ErasedMention = "mention"

// Query selects mentions; the zero Query selects all of a brand's.
type Query struct {
	// About and Networks limit to those named; none means any.
	About    []Tracked
	Networks []sosyal.Network
	// From and To limit the instant, half-open; zero means open.
	From, To time.Time
}

// Matches reports whether a mention is selected.
func (q Query) Matches(m Mention) bool {
	return (len(q.About) == 0 || slices.Contains(q.About, m.About)) &&
		(len(q.Networks) == 0 || slices.Contains(q.Networks, m.Network)) &&
		(q.From.IsZero() || !m.At.Before(q.From)) && (q.To.IsZero() || m.At.Before(q.To))
}

// Classifier reads the mood of texts: a model of the host's, or
// [DefaultClassifier]. It returns one sentiment for each text, in order.
type Classifier interface {
	Classify(ctx context.Context, texts []string) ([]Sentiment, error)
}
