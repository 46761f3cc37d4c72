package engagement

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/yukselenler/sosyal"
)

// Archive keeps snapshots. A host plugs in a time-series table; [Memory] is one
// in memory. Package engagementtest holds implementations to this contract:
//
// Snapshots belong to a brand, and no call of one brand shows another's. A
// snapshot is identified by post, metric, instant and version, the instant cut
// to the microsecond. Implementations are safe for concurrent use, and a call
// under a cancelled context returns its error and changes nothing.
type Archive interface {
	// Append stores snapshots, all or none. Appending one again changes nothing;
	// where the value or native name differs, the later append replaces the
	// earlier, because networks restate. A snapshot that does not validate, or
	// an empty brand, is [sosyal.ErrInvalid].
	Append(ctx context.Context, brand sosyal.BrandID, snapshots ...Snapshot) error
	// Scan yields the snapshots that match, ordered by post, metric, instant and
	// version, with instants in UTC. An error is yielded once, last.
	Scan(ctx context.Context, brand sosyal.BrandID, q Query) iter.Seq2[Snapshot, error]
}

// Query selects snapshots; the zero Query selects all of a brand's.
type Query struct {
	// Posts and Metrics limit to those named; none means any.
	Posts   []string
	Metrics []sosyal.Metric
	// From and To limit the instant of capture, half-open; zero means open.
	From, To time.Time
}

// Matches reports whether a snapshot is selected.
func (q Query) Matches(s Snapshot) bool {
	return anyOr(q.Posts, s.Post) && anyOr(q.Metrics, s.Metric) &&
		(q.From.IsZero() || !s.At.Before(q.From)) && (q.To.IsZero() || s.At.Before(q.To))
}

// anyOr reports whether a list holds the value; an empty one means any.
func anyOr[T comparable](list []T, value T) bool {
	return len(list) == 0 || slices.Contains(list, value)
}
