package reputation

import (
	"time"

	"github.com/yukselenler/sosyal"
)

// Tracked is a brand that is listened for: the host's own or a competitor, by a
// name of the host's choosing.
type Tracked string

// Mention is something that somebody wrote about a tracked brand.
type Mention struct {
	ID      string         `json:"id"`
	About   Tracked        `json:"about"`
	Network sosyal.Network `json:"network"`
	At      time.Time      `json:"at"`
	// Author is whom the mention is erased by; empty where the source does not
	// say.
	Author sosyal.PersonID `json:"author,omitzero"`
	Text   string          `json:"text,omitzero"`
	URL    string          `json:"url,omitzero"`
	// Sentiment is what a classifier or a person made of it; zero where nobody
	// has looked yet.
	Sentiment Sentiment `json:"sentiment,omitzero"`
}

// Validate reports missing parts. No message holds the author or the text.
func (m Mention) Validate() error {
	var p sosyal.Problems
	p.Require(m.ID != "", "id", "is required", "")
	p.Require(m.About != "", "about", "is required", "")
	p.Require(m.Network != "", "network", "is required", "")
	p.Require(!m.At.IsZero(), "at", "is required", "")
	p.Nest("sentiment", m.Sentiment.Validate())
	return p.Err()
}
