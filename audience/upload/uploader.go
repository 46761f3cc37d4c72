package upload

import (
	"context"
	"fmt"

	"github.com/yukselenler/sosyal"
)

// Uploader is the port to the custom audiences of an ad platform. An adapter
// turns a [Batch] into the platform's call; it hashes nothing and decides
// nothing. Package uploadtest holds implementations to this contract:
//
// A call has three ends. Without an error the platform has taken the batch, and
// the result names the rows that it did not take. A [RefusedError] says that the
// platform took nothing of it, which includes a batch that the adapter itself
// would not send. Every other error, a cancelled context among them, leaves open
// whether the batch arrived.
//
// Adding who is there already changes keys and value and is no error; removing
// who is not there is no error. Errors and reasons hold no personal data and no
// secrets, for they are logged. Implementations are safe for concurrent use, and
// audiences of two brands never meet, whatever their ids.
type Uploader interface {
	// Add puts the people of the batch into the audience.
	Add(ctx context.Context, b Batch) (Result, error)
	// Remove takes them out. It asks for nobody's consent.
	Remove(ctx context.Context, b Batch) (Result, error)
}

// Repeatable is an [Uploader] that may be told whether it takes a batch again
// without any further effect, because the platform knows batches by their key.
// Only then is an addition of unknown outcome sent again. Without this port it
// is not, and a person decides.
type Repeatable interface {
	Repeatable() bool
}

// Finder is an [Uploader] that can look up what became of a batch.
type Finder interface {
	// Find returns the result of a batch that arrived, [sosyal.ErrNotFound] for one
	// that certainly did not and never will, and any other error while it is not
	// known. It changes nothing.
	Find(ctx context.Context, b Batch) (Result, error)
}

// Sizer is an [Uploader] that can tell how many people an audience holds, as far
// as the platform says it.
type Sizer interface {
	Size(ctx context.Context, a Audience) (int, error)
}

// Result is what a platform answered to a batch that it took.
type Result struct {
	// Rejections are the rows that it did not take, ascending; all others it took.
	Rejections []Rejection `json:"rejections,omitempty"`
}

// Validate reports rejections of rows that a batch of that many does not have,
// and such that do not ascend or give no reason.
func (r Result) Validate(rows int) error {
	var p sosyal.Problems
	before := -1
	for i, one := range r.Rejections {
		field := fmt.Sprintf("rejections[%d]", i)
		p.Require(one.Row > before && one.Row < rows, field+".row", "must be a row of the batch after the one before", fmt.Sprint(one.Row))
		p.Require(one.Reason.Code != "", field+".reason", "is required", "")
		before = one.Row
	}
	return p.Err()
}
