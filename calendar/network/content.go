package network

import (
	"time"

	"github.com/yukselenler/sosyal"
)

// MediaKind is what a medium is.
type MediaKind string

// Kinds of media.
const (
	Image    MediaKind = "image"
	Video    MediaKind = "video"
	GIF      MediaKind = "gif"
	Document MediaKind = "document"
)

// Media is a file that goes with a post. What is not known stays zero and is not
// checked.
type Media struct {
	// Ref is the host's reference to the file: an address or a key.
	Ref  string    `json:"ref"`
	Kind MediaKind `json:"kind"`
	// Type is the MIME type ("image/jpeg").
	Type string `json:"type,omitzero"`
	// Width and Height are in pixels, Bytes is the size of the file.
	Width  int   `json:"width,omitzero"`
	Height int   `json:"height,omitzero"`
	Bytes  int64 `json:"bytes,omitzero"`
	// Duration is of a video, in nanoseconds in JSON.
	Duration time.Duration `json:"duration,omitzero"`
	// AltText describes the medium to who cannot see it.
	AltText string `json:"alt_text,omitzero"`
}

// Content is a post as far as a network's rules reach.
type Content struct {
	Format sosyal.Format
	Title  string
	// Text is the caption, message or description, with its hashtags, mentions
	// and links.
	Text    string
	Comment string
	// Link is the target of a pin or link post that is not part of the text.
	Link  string
	Tags  []string // tags outside the text (YouTube)
	Media []Media
}
