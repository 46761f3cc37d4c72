package calendar

import (
	"fmt"
	"slices"
	"time"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/calendar/network"
)

// ItemID is a piece of content.
type ItemID string

// Item is a piece of content, the same thing said on one or more destinations.
// It carries what its variants share.
type Item struct {
	ID       ItemID            `json:"id"`
	Brand    sosyal.BrandID    `json:"brand"`
	Idea     IdeaID            `json:"idea,omitzero"`
	Title    string            `json:"title"`
	Category sosyal.CategoryID `json:"category"`
	// Occasion is the id of the special day that the item marks.
	Occasion string             `json:"occasion,omitzero"`
	Products []sosyal.ProductID `json:"products,omitempty"`
	// Disclosure says who paid, and decides which label the text must carry.
	Disclosure Disclosure `json:"disclosure,omitzero"`
	// Assignee makes the content, by Due.
	Assignee sosyal.ActorID   `json:"assignee,omitzero"`
	Due      sosyal.LocalTime `json:"due,omitzero"`
	// Window holds the days on which the item may be published; zero means any.
	// Its first day is the end of an embargo, one day alone pins the item.
	Window   sosyal.Period `json:"window,omitzero"`
	Variants []Variant     `json:"variants,omitempty"`
	// Version counts changes of content and moves in time ([Item.Revise],
	// [Schedule.Apply]).
	Version int64 `json:"version,omitzero"`
}

// Variant is an item as it appears on one destination.
type Variant struct {
	Destination  sosyal.Destination `json:"destination"`
	Format       sosyal.Format      `json:"format"`
	Template     sosyal.TemplateID  `json:"template,omitzero"`
	Language     sosyal.Language    `json:"language,omitzero"`
	Title        string             `json:"title,omitzero"` // YouTube, Pinterest, TikTok photos
	Text         string             `json:"text,omitzero"`
	Thread       []string           `json:"thread,omitempty"` // further parts, in order
	FirstComment string             `json:"first_comment,omitzero"`
	Link         sosyal.Link        `json:"link,omitzero"`
	Media        []network.Media    `json:"media,omitempty"`
	// At is when the variant is to be published; zero until it is planned.
	At sosyal.LocalTime `json:"at,omitzero"`
	// Locked keeps the planner from moving the variant away from At.
	Locked bool  `json:"locked,omitzero"`
	State  State `json:"state"`
	// HeldFrom is the state to which a held variant returns.
	HeldFrom State `json:"held_from,omitzero"`
	// Reasons say why it is planned where it is.
	Reasons []sosyal.Reason `json:"reasons,omitempty"`
	// Reference and PublishedAt are the network's id of the post and the instant,
	// once it is out.
	Reference   string    `json:"reference,omitzero"`
	PublishedAt time.Time `json:"published_at,omitzero"`
}

// Disclosure says in whose interest the content is.
type Disclosure string

// Disclosures. The empty one is the brand's own content, which needs no label on
// the brand's own account.
const (
	DisclosureAdvertisement Disclosure = "advertisement" // paid for
	DisclosureCollaboration Disclosure = "collaboration" // made with another brand or person for a benefit
	DisclosureGift          Disclosure = "gift"          // about products received free of charge
)

// Disclosures returns the disclosures that ask for a label.
func Disclosures() []Disclosure {
	return []Disclosure{DisclosureAdvertisement, DisclosureCollaboration, DisclosureGift}
}

// Validate reports everything that is wrong with the item by itself: missing
// parts, destinations of another brand or named twice, unknown states and zones.
// What a network refuses is found by [Check].
func (it Item) Validate() error {
	var p sosyal.Problems
	p.Require(it.ID != "", "id", "is required", "")
	p.Require(it.Brand != "", "brand", "is required", "")
	p.Require(it.Title != "", "title", "is required", string(it.ID))
	p.Require(it.Category != "", "category", "is required", string(it.ID))
	p.Require(it.Disclosure == "" || slices.Contains(Disclosures(), it.Disclosure),
		"disclosure", fmt.Sprintf("must be one of %v", Disclosures()), string(it.Disclosure))
	if it.Window != (sosyal.Period{}) {
		p.Nest("window", it.Window.Validate())
	}
	if it.Due != (sosyal.LocalTime{}) {
		p.Nest("due", it.Due.Validate())
	}
	seen := make(map[sosyal.Destination]bool, len(it.Variants))
	for i, v := range it.Variants {
		at := fmt.Sprintf("variants[%d]", i)
		p.Nest(at, v.Validate())
		p.Require(!seen[v.Destination], at+".destination", "must not repeat", v.Destination.String())
		p.Require(v.Destination.Brand == it.Brand, at+".destination.brand", "must be the item's brand", string(v.Destination.Brand))
		seen[v.Destination] = true
	}
	return p.Err()
}

// Validate reports what is wrong with the variant by itself.
func (v Variant) Validate() error {
	var p sosyal.Problems
	p.Nest("destination", v.Destination.Validate())
	p.Require(v.Format != "", "format", "is required", "")
	p.Require(v.State.Known() && v.State != StatePartlyPublished, "state", "must be a state of a variant", string(v.State))
	if v.At != (sosyal.LocalTime{}) {
		p.Nest("at", v.At.Validate())
	}
	if v.Link != (sosyal.Link{}) {
		p.Nest("link", v.Link.Validate())
	}
	p.Require(!v.Locked || v.At != (sosyal.LocalTime{}), "at", "is required of a locked variant", "")
	p.Require(v.State != StateScheduled || v.At != (sosyal.LocalTime{}), "at", "is required of a scheduled variant", "")
	p.Require((v.State == StateHeld) == (v.HeldFrom != ""), "held_from", "must be there exactly where the variant is held", string(v.HeldFrom))
	return p.Err()
}

// Features is what the variant is planned and analysed by.
func (it Item) Features(v Variant) sosyal.Features {
	return sosyal.Features{
		Network: v.Destination.Network, Format: v.Format, Category: it.Category,
		Template: v.Template, Language: v.Language, Paid: it.Disclosure == DisclosureAdvertisement,
	}
}

// Variant returns the variant of a destination, and false where there is none.
func (it Item) Variant(d sosyal.Destination) (Variant, bool) {
	for _, v := range it.Variants {
		if v.Destination == d {
			return v, true
		}
	}
	return Variant{}, false
}

// Clone returns a copy that shares nothing with the item.
func (it Item) Clone() Item {
	it.Products = slices.Clone(it.Products)
	it.Variants = slices.Clone(it.Variants)
	for i := range it.Variants {
		v := &it.Variants[i]
		v.Thread = slices.Clone(v.Thread)
		v.Media = slices.Clone(v.Media)
		v.Reasons = slices.Clone(v.Reasons)
	}
	return it
}
