package sosyal

// Identifiers are opaque: the host chooses them, the library only compares
// them. Each kind is its own type so that one cannot stand in for another.
// The empty identifier means "none".
type (
	// BrandID is the tenant. It is part of every key and every query; nothing
	// of one brand is ever visible to another.
	BrandID string
	// AccountID is a brand's account on a network or an ad platform.
	AccountID string
	// ActorID is a person, team or program that does something.
	ActorID string
	// PersonID is a customer, follower or author: a person that data is about.
	// It is what Forget erases by, so it should not itself be readable.
	PersonID string
	// CategoryID is a content category, also called a content pillar.
	CategoryID string
	// ProductID is a product of the shop.
	ProductID string
	// SegmentID is a group of customers.
	SegmentID string
	// TemplateID is a design template.
	TemplateID string
	// CampaignID is an ad campaign.
	CampaignID string
)
