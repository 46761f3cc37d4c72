package campaign

import (
	"strconv"
	"time"

	"github.com/yukselenler/sosyal"
)

// AdID identifies an ad within its ad set.
type AdID string

// Ad is one creative with its landing link and the products it is about.
type Ad struct {
	ID       AdID          `json:"id"`
	Name     string        `json:"name"`
	Model    AdModel       `json:"model"`
	Format   sosyal.Format `json:"format"`
	Creative Creative      `json:"creative"`
	// Link is where a click leads. A boosted post may go without.
	Link sosyal.Link `json:"link,omitzero"`
	// Products are what the ad is about: it must not run when none of them can
	// be bought.
	Products []sosyal.ProductID `json:"products,omitempty"`
}

// AdModel is the kind of ad.
type AdModel string

// Ad models.
const (
	// ModelStandard is an ad made of its own texts and media.
	ModelStandard AdModel = "standard"
	// ModelCatalogue shows products of the shop's catalogue, chosen by the
	// platform for each viewer.
	ModelCatalogue AdModel = "catalogue"
	// ModelLeadForm asks for contact details on the platform itself.
	ModelLeadForm AdModel = "lead_form"
	// ModelBoost pays for the reach of a post that already runs.
	ModelBoost AdModel = "boost"
	// ModelPartnership runs a creator's post under the creator's name.
	ModelPartnership AdModel = "partnership"
)

// Creative is what the viewer sees. Several texts are variants of one another.
type Creative struct {
	Headlines    []string `json:"headlines,omitempty"`
	Texts        []string `json:"texts,omitempty"`
	Media        []Media  `json:"media,omitempty"`
	CallToAction string   `json:"call_to_action,omitzero"`
	// Post is the running post of a boost or partnership ad.
	Post string `json:"post,omitzero"`
	// Creator is whose post a partnership ad runs, Rights the days on which the
	// contract allows it; empty: no limit.
	Creator string        `json:"creator,omitzero"`
	Rights  sosyal.Period `json:"rights,omitzero"`
	// Disclosure is the label that advertising rules ask for, such as "Reklam".
	Disclosure string `json:"disclosure,omitzero"`
}

// Media is an image or video by reference; the library never opens it. Seconds
// is 0 for images.
type Media struct {
	Ref     string  `json:"ref"`
	Width   int     `json:"width"`
	Height  int     `json:"height"`
	Seconds float64 `json:"seconds,omitzero"`
	Alt     string  `json:"alt,omitzero"`
}

// Validate reports what contradicts itself; [Ad.Ready] reports what is missing.
func (a Ad) Validate() error {
	var p sosyal.Problems
	p.Require(a.ID != "", "id", "is required", "")
	p.Require(a.Name != "", "name", "is required", "")
	switch a.Model {
	case ModelStandard, ModelCatalogue, ModelLeadForm, ModelBoost, ModelPartnership:
	default:
		p.Add("model", "must be one of the ad models", string(a.Model))
	}
	p.Require(a.Format != "", "format", "is required", "")
	if a.Link != (sosyal.Link{}) {
		p.Nest("link", a.Link.Validate())
	}
	for i, m := range a.Creative.Media {
		field := "creative." + index("media", i)
		p.Require(m.Ref != "", field+".ref", "is required", "")
		p.Require(m.Width > 0 && m.Height > 0, field, "must have a width and a height", strconv.Itoa(m.Width)+"x"+strconv.Itoa(m.Height))
		p.Require(m.Seconds >= 0, field+".seconds", "must not be negative", number(m.Seconds))
	}
	partner := a.Model == ModelPartnership
	p.Require(!partner || a.Creative.Creator != "", "creative.creator", "is required of a partnership ad", "")
	return p.Err()
}

// Ready reports what the ad lacks before it can be reviewed.
func (a Ad) Ready() error {
	var p sosyal.Problems
	switch a.Model {
	case ModelBoost, ModelPartnership:
		p.Require(a.Creative.Post != "", "creative.post", "is required", "")
	case ModelStandard, ModelLeadForm:
		p.Require(len(a.Creative.Texts) > 0, "creative.texts", "must hold a text", "")
		p.Require(len(a.Creative.Media) > 0 || a.Format == sosyal.FormatText || a.Format == sosyal.FormatLink, "creative.media", "must hold an image or video", "")
	case ModelCatalogue:
		p.Require(len(a.Creative.Texts) > 0, "creative.texts", "must hold a text", "")
		p.Require(len(a.Products) > 0, "products", "must name the products of the catalogue", "")
	}
	p.Require(a.Link.URL != "" || a.Model == ModelBoost || a.Model == ModelLeadForm, "link", "is required", "")
	return p.Err()
}

// Blocked returns why the ad must not run at the instant, as far as products
// and rights go: none of its products can be bought, or the day lies
// outside the creator's rights. Products that the function does not know count as gone. The day is
// read in zone.
func (a Ad) Blocked(products func(sosyal.ProductID) (sosyal.Product, bool), at time.Time, zone *time.Location) []sosyal.Reason {
	var reasons []sosyal.Reason
	if r := a.Creative.Rights; r.Days() > 0 && !r.Contains(sosyal.DateOf(at, zone)) {
		reasons = append(reasons, sosyal.Because("campaign.blocked.rights",
			sosyal.TextArg("ad", a.Name), sosyal.DateArg("from", r.From), sosyal.DateArg("until", r.To-1)))
	}
	for _, id := range a.Products {
		if p, ok := products(id); ok && p.InStock() {
			return reasons
		}
	}
	if len(a.Products) > 0 {
		reasons = append(reasons, sosyal.Because("campaign.blocked.stock",
			sosyal.TextArg("ad", a.Name), sosyal.CountArg("n", len(a.Products))))
	}
	return reasons
}
