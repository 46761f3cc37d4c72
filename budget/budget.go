package budget

import (
	"fmt"
	"slices"

	"github.com/yukselenler/sosyal"
)

// ID names a budget of a brand.
type ID string

// LineID names a line of a budget and stays the same over its versions.
type LineID string

// LineKind is what the money of a line is for.
type LineKind string

// Kinds of lines.
const (
	Media      LineKind = "media"       // bought from ad platforms
	Production LineKind = "production"  // shooting, editing, design
	CreatorFee LineKind = "creator_fee" // paid to creators and influencers
	AgencyFee  LineKind = "agency_fee"
	Tax        LineKind = "tax" // value added tax, withholding, digital service tax
)

// LineKinds returns the kinds above in a fixed order.
func LineKinds() []LineKind { return []LineKind{Media, Production, CreatorFee, AgencyFee, Tax} }

// Line is one purpose within a budget. Campaign, Network, Segment and Category
// narrow it down and may be empty: "all".
type Line struct {
	ID       LineID            `json:"id"`
	Kind     LineKind          `json:"kind"`
	Name     string            `json:"name,omitzero"`
	Campaign sosyal.CampaignID `json:"campaign,omitzero"`
	Network  sosyal.Network    `json:"network,omitzero"`
	Segment  sosyal.SegmentID  `json:"segment,omitzero"`
	Category sosyal.CategoryID `json:"category,omitzero"`
	// Planned is in the budget's currency and in whole minor units.
	Planned sosyal.Money `json:"planned"`
}

// Budget is the plan of a period. A revision is a new version; what was planned
// before stays in the ledger. What is approved, committed and spent is not
// part of the plan: see [Position].
type Budget struct {
	ID       ID             `json:"id"`
	Brand    sosyal.BrandID `json:"brand"`
	Name     string         `json:"name"`
	Period   sosyal.Period  `json:"period"`
	Currency string         `json:"currency"`
	Lines    []Line         `json:"lines"`
	// Version counts from 1 and grows with each revision.
	Version int64 `json:"version"`
}

// Book returns the ledger book that holds the money of the budget.
func (b Budget) Book() BookID { return BookID(b.ID) }

// Line returns the line of that id.
func (b Budget) Line(id LineID) (Line, bool) {
	i := slices.IndexFunc(b.Lines, func(l Line) bool { return l.ID == id })
	if i < 0 {
		return Line{}, false
	}
	return b.Lines[i], true
}

// Planned is the sum of the lines.
func (b Budget) Planned() (sosyal.Money, error) {
	total, err := sosyal.MoneyFromMinor(0, b.Currency)
	if err != nil {
		return sosyal.Money{}, err
	}
	for _, l := range b.Lines {
		if total, err = total.Add(l.Planned); err != nil {
			return sosyal.Money{}, fmt.Errorf("budget %s: line %s: %w", b.ID, l.ID, err)
		}
	}
	return total, nil
}

// mediaLine returns the line that a campaign's platform spend belongs to: the
// media line of the campaign on the network, else that of the campaign on all
// networks. The first in the budget's order wins.
func (b Budget) mediaLine(campaignID sosyal.CampaignID, network sosyal.Network) (Line, bool) {
	if campaignID == "" {
		return Line{}, false
	}
	for _, want := range []sosyal.Network{network, ""} {
		for _, l := range b.Lines {
			if l.Kind == Media && l.Campaign == campaignID && l.Network == want {
				return l, true
			}
		}
	}
	// A campaign with a single media line runs on that line's network, however
	// the platform names it.
	var only []Line
	for _, l := range b.Lines {
		if l.Kind == Media && l.Campaign == campaignID {
			only = append(only, l)
		}
	}
	if len(only) == 1 && network == "" {
		return only[0], true
	}
	return Line{}, false
}

// Validate reports missing parts, an empty period, an unknown currency, lines
// without an id or with the same one, two lines for the same purpose, and
// planned amounts that are negative, in another currency or finer than the
// currency's minor unit.
func (b Budget) Validate() error {
	var p sosyal.Problems
	p.Require(b.ID != "", "id", "must not be empty", "")
	p.Require(b.Brand != "", "brand", "must not be empty", "")
	p.Require(b.Name != "", "name", "must not be empty", "")
	p.Require(b.Version >= 1, "version", "must be at least 1", fmt.Sprint(b.Version))
	p.Nest("period", b.Period.Validate())
	if _, err := sosyal.MoneyFromMinor(0, b.Currency); err != nil {
		p.Add("currency", "must be an ISO 4217 code", b.Currency)
	}
	p.Require(len(b.Lines) > 0, "lines", "must hold at least one line", "")
	ids := map[LineID]bool{}
	purposes := map[purpose]LineID{}
	for i, l := range b.Lines {
		field := fmt.Sprintf("lines[%d]", i)
		p.Nest(field, l.validate(b.Currency))
		p.Require(!ids[l.ID] || l.ID == "", field+".id", "must be unique", string(l.ID))
		ids[l.ID] = true
		if first, ok := purposes[l.purpose()]; ok {
			p.Add(field, "must not have the same purpose as line "+string(first), string(l.ID))
		} else {
			purposes[l.purpose()] = l.ID
		}
	}
	return p.Err()
}

// purpose is what no two lines of a budget may share.
type purpose struct {
	kind        LineKind
	name        string
	forCampaign sosyal.CampaignID
	network     sosyal.Network
	segment     sosyal.SegmentID
	category    sosyal.CategoryID
}

func (l Line) purpose() purpose {
	p := purpose{l.Kind, l.Name, l.Campaign, l.Network, l.Segment, l.Category}
	if l.Kind == Media && l.Campaign != "" {
		// Platform spend finds its line by campaign and network alone.
		p.name, p.segment, p.category = "", "", ""
	}
	return p
}

func (l Line) validate(currency string) error {
	var p sosyal.Problems
	p.Require(l.ID != "", "id", "must not be empty", "")
	p.Require(slices.Contains(LineKinds(), l.Kind), "kind", "must be a kind of line", string(l.Kind))
	p.Nest("planned", checkAmount(l.Planned, currency, zeroAllowed))
	return p.Err()
}

// sign says which amounts checkAmount lets through.
type sign int

const (
	positive sign = iota
	zeroAllowed
)

// checkAmount holds an amount to the currency, to whole minor units and to a
// sign.
func checkAmount(m sosyal.Money, currency string, s sign) error {
	var p sosyal.Problems
	p.Require(m.Currency() == currency, "currency", "must be "+currency, m.Currency())
	if m.Currency() != "" {
		if _, err := m.Minor(); err != nil {
			p.Add("amount", "must be whole minor units that fit 64 bits", m.String())
		}
	}
	switch s {
	case positive:
		p.Require(m.Sign() > 0, "amount", "must be positive", m.String())
	case zeroAllowed:
		p.Require(m.Sign() >= 0, "amount", "must not be negative", m.String())
	}
	return p.Err()
}
