package upload

// Platform is an ad platform. The constants are those that the module has facts
// about; a host may use others with facts of its own.
type Platform string

// Platforms with dated facts.
const (
	Meta      Platform = "meta"
	Google    Platform = "google"
	TikTok    Platform = "tiktok"
	LinkedIn  Platform = "linkedin"
	Pinterest Platform = "pinterest"
	X         Platform = "x"
	Snap      Platform = "snap"
)
