package sosyal

// Network is a social network. The constants are the networks that the module
// carries facts about; a host may use others.
type Network string

// Networks with dated facts in calendar/network.
const (
	Instagram Network = "instagram"
	Facebook  Network = "facebook"
	X         Network = "x"
	TikTok    Network = "tiktok"
	YouTube   Network = "youtube"
	LinkedIn  Network = "linkedin"
	Pinterest Network = "pinterest"
	Threads   Network = "threads"
	Mastodon  Network = "mastodon"
	Bluesky   Network = "bluesky"
	Telegram  Network = "telegram"
)

// Networks returns the networks above in a fixed order.
func Networks() []Network {
	return []Network{
		Instagram, Facebook, X, TikTok, YouTube, LinkedIn,
		Pinterest, Threads, Mastodon, Bluesky, Telegram,
	}
}

// Format is the form of a post. Networks name them differently; these are the
// neutral names that content is planned and analysed by.
type Format string

// Formats of posts.
const (
	FormatText     Format = "text"
	FormatLink     Format = "link"
	FormatPhoto    Format = "photo"
	FormatCarousel Format = "carousel"
	FormatVideo    Format = "video"
	FormatReel     Format = "reel"
	FormatShort    Format = "short"
	FormatStory    Format = "story"
	FormatLive     Format = "live"
	FormatPoll     Format = "poll"
	FormatPin      Format = "pin"
	FormatDocument Format = "document"
)

// Formats returns the formats above in a fixed order.
func Formats() []Format {
	return []Format{
		FormatText, FormatLink, FormatPhoto, FormatCarousel, FormatVideo, FormatReel,
		FormatShort, FormatStory, FormatLive, FormatPoll, FormatPin, FormatDocument,
	}
}

// Feed reports whether posts of this format stay in the feed, as opposed to
// stories and live streams, which disappear.
func (f Format) Feed() bool { return f != FormatStory && f != FormatLive }

// Moving reports whether the format is video.
func (f Format) Moving() bool {
	switch f {
	case FormatVideo, FormatReel, FormatShort, FormatLive:
		return true
	case FormatText, FormatLink, FormatPhoto, FormatCarousel, FormatStory,
		FormatPoll, FormatPin, FormatDocument:
		return false
	default:
		return false
	}
}

// Destination is where content goes: an account of a brand on a network.
type Destination struct {
	Brand   BrandID   `json:"brand"`
	Network Network   `json:"network"`
	Account AccountID `json:"account"`
}

// Validate reports missing parts.
func (d Destination) Validate() error {
	var p Problems
	p.Require(d.Brand != "", "brand", "is required", "")
	p.Require(d.Network != "", "network", "is required", "")
	p.Require(d.Account != "", "account", "is required", "")
	return p.Err()
}

// String reads "network/account". The brand is left out because a caller that
// prints destinations works within one.
func (d Destination) String() string {
	return string(d.Network) + "/" + string(d.Account)
}
