package reputation

import (
	"fmt"

	"github.com/yukselenler/sosyal"
)

// Label is a mood.
type Label string

// Labels. Unsure is the empty label: not looked at, or the classifier abstains.
const (
	Unsure   Label = ""
	Positive Label = "positive"
	Neutral  Label = "neutral"
	Negative Label = "negative"
)

// Sentiment is what a classifier makes of a text.
type Sentiment struct {
	// Label is the mood; [Unsure] where the classifier abstains.
	Label Label `json:"label,omitzero"`
	// Probability is how sure the model is of the most likely mood, from 0 to 1.
	// Whether it is calibrated is the model's business to say.
	Probability float64 `json:"probability,omitzero"`
	// Language is the text's, where the model told it.
	Language sosyal.Language `json:"language,omitzero"`
	// Model names the model and its version, so that a change of it does not
	// pass for a change of mood.
	Model string `json:"model,omitzero"`
}

// Validate reports an unknown label and a probability that is none.
func (s Sentiment) Validate() error {
	var p sosyal.Problems
	known := s.Label == Unsure || s.Label == Positive || s.Label == Neutral || s.Label == Negative
	p.Require(known, "label", "must be positive, neutral, negative or empty", string(s.Label))
	p.Require(s.Probability >= 0 && s.Probability <= 1, "probability", "must be from 0 to 1", fmt.Sprint(s.Probability))
	return p.Err()
}
