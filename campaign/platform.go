package campaign

import "github.com/yukselenler/sosyal"

// Platform is where ads are bought. One platform may serve several networks.
type Platform string

// Platforms that the module carries facts about; a host may use others with
// facts of its own.
const (
	Meta      Platform = "meta"
	TikTok    Platform = "tiktok"
	LinkedIn  Platform = "linkedin"
	Pinterest Platform = "pinterest"
	Google    Platform = "google"
	X         Platform = "x"
)

// Goal is what a platform is asked to optimise delivery for, under neutral
// names. [OwnGoal] names one of a platform's own.
type Goal string

// Optimisation goals.
const (
	GoalReach            Goal = "reach"
	GoalImpressions      Goal = "impressions"
	GoalAdRecall         Goal = "ad_recall"
	GoalVideoViews       Goal = "video_views"
	GoalLinkClicks       Goal = "link_clicks"
	GoalLandingPageViews Goal = "landing_page_views"
	GoalPostEngagement   Goal = "post_engagement"
	GoalFollowers        Goal = "followers"
	GoalLeads            Goal = "leads"
	GoalAppInstalls      Goal = "app_installs"
	GoalConversions      Goal = "conversions"
	GoalConversionValue  Goal = "conversion_value"
)

// BillingEvent is what the platform charges for, under neutral names.
// [OwnBillingEvent] names one of a platform's own.
type BillingEvent string

// Billing events.
const (
	BillImpression          BillingEvent = "impression"
	BillOptimisedImpression BillingEvent = "optimised_impression"
	BillLinkClick           BillingEvent = "link_click"
	BillVideoView           BillingEvent = "video_view"
	BillEngagement          BillingEvent = "engagement"
	BillInstall             BillingEvent = "install"
	BillLead                BillingEvent = "lead"
	BillConversion          BillingEvent = "conversion"
)

// ownPrefix marks a platform's own value among the neutral ones.
const ownPrefix = "own:"

// OwnGoal returns a goal by the platform's own name ("QUALITY_LEAD"), for what
// has no neutral one. [Facts] refuse names that the platform does not list.
func OwnGoal(name string) Goal { return Goal(ownPrefix + name) }

// OwnBillingEvent returns a billing event by the platform's own name.
func OwnBillingEvent(name string) BillingEvent { return BillingEvent(ownPrefix + name) }

// Funnel is how near a person is to buying.
type Funnel string

// Stages of the funnel.
const (
	TopOfFunnel    Funnel = "top"
	MiddleOfFunnel Funnel = "middle"
	BottomOfFunnel Funnel = "bottom"
)

// FunnelOf returns the stage that an objective works on; the middle for
// objectives that the module does not know.
func FunnelOf(o sosyal.Objective) Funnel {
	switch o {
	case sosyal.Awareness, sosyal.VideoViews:
		return TopOfFunnel
	case sosyal.Sales, sosyal.CatalogSales:
		return BottomOfFunnel
	case sosyal.Engagement, sosyal.Traffic, sosyal.Leads, sosyal.AppPromotion:
		return MiddleOfFunnel
	default:
		return MiddleOfFunnel
	}
}
