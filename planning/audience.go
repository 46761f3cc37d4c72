package planning

import "github.com/yukselenler/sosyal"

// ObjectivesOf returns what customers of an RFM group are addressed for: those
// who buy already for sales, those who drift away to be brought back to the
// shop, those who are new or have not bought yet to get to know the brand. Other
// kinds of segments have none.
func ObjectivesOf(group string) []sosyal.Objective {
	switch group {
	case "champions", "loyal":
		return []sosyal.Objective{sosyal.Engagement, sosyal.Sales, sosyal.CatalogSales}
	case "active", "promising":
		return []sosyal.Objective{sosyal.Sales, sosyal.CatalogSales, sosyal.Engagement}
	case "new", "prospects":
		return []sosyal.Objective{sosyal.Awareness, sosyal.VideoViews, sosyal.Engagement}
	case "needs_attention", "at_risk", "almost_lost":
		return []sosyal.Objective{sosyal.Traffic, sosyal.Sales}
	case "previously_loyal", "dormant":
		return []sosyal.Objective{sosyal.Traffic, sosyal.Awareness}
	}
	return nil
}
