package sosyal

import (
	"context"
	"iter"
	"time"
)

// Outbox is the optional port of [Documents] that keeps the events of their
// changes until they are delivered. Since a change and its events are stored in
// one step, nothing is announced that was not stored, and nothing stored goes
// unannounced. A [Relay] delivers what is pending.
type Outbox interface {
	// Waiting yields the brands that have events pending at all, in ascending
	// order.
	Waiting(ctx context.Context) iter.Seq2[BrandID, error]

	// Pending yields at most limit events of a brand that are due at now, in
	// the order in which they were written; a limit of 0 means all. As long as
	// an event is deferred, the later events of the same subject (kind and id,
	// whatever the version) wait behind it; other subjects do not.
	//
	// The outbox may be used from within the loop.
	Pending(ctx context.Context, brand BrandID, now time.Time, limit int) iter.Seq2[Delivery, error]

	// Delivered removes events that have been delivered. Ids that are not
	// pending are passed over.
	Delivered(ctx context.Context, brand BrandID, ids ...string) error

	// Defer notes a failed attempt to deliver an event and puts it off. An id
	// that is not pending is [ErrNotFound].
	Defer(ctx context.Context, brand BrandID, id string, until time.Time) error
}

// Delivery is an event that is pending in an [Outbox].
type Delivery struct {
	Event Event `json:"event"`
	// Attempts is how many times delivery has failed.
	Attempts int `json:"attempts,omitzero"`
	// Until is the instant before which delivery is not tried again; zero
	// before the first failure.
	Until time.Time `json:"until,omitzero"`
}
