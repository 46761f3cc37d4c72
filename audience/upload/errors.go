package upload

import (
	"fmt"
	"strconv"

	"github.com/yukselenler/sosyal"
)

// RefusedError says that a platform took nothing of a batch and never will have:
// it answered with a refusal. It is the only error after which a batch is known
// not to have happened; an [Uploader] returns it for nothing else.
type RefusedError struct {
	Reason sosyal.Reason
	// Cause, where there is one, says more to programs: [sosyal.ErrRateLimited]
	// for a platform that asks to come back later.
	Cause error
}

// Error names the code of the reason and the cause.
func (e RefusedError) Error() string {
	text := "the platform refused the batch: " + e.Reason.Code
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e RefusedError) Unwrap() error { return e.Cause }

func unsupported(p Platform, what string) error {
	return fmt.Errorf("%s on ad platform %q: %w", what, string(p), sosyal.ErrUnsupported)
}

// fieldAt is the path of an element; of a list that is no list it is the field.
func fieldAt(field string, i, of int) string {
	if of == 1 && field != "emails" && field != "phones" {
		return field
	}
	return field + "[" + strconv.Itoa(i) + "]"
}
