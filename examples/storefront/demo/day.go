package demo

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rickb777/date/v2"
)

// Published is a post that the shop published on a played day.
type Published struct {
	ID       string // unique, not empty; the post's luck hangs on it
	Network  string // instagram, facebook, tiktok, youtube or x
	Account  string
	Format   string // photo, carousel, video, reel, story, short, text or link
	Category string // urun, nasil_yapilir, ilham, kampanya, topluluk or marka_hikayesi
	Template string // has no effect
	Language string // en has an effect, every other language has none
	Paid     bool
	At       time.Time
	Caption  string   // has no effect
	Products []string // has no effect
}

// RunningAd is an ad that is active on a played day.
type RunningAd struct {
	// Campaign, AdSet and Ad name the ad; together they must be unique in a day.
	// Orders carry the campaign as utm_campaign.
	Campaign, AdSet, Ad string
	// Platform is meta, tiktok, google or x.
	Platform string
	// Objective is a neutral one: awareness, video_views, engagement, traffic,
	// leads, app_promotion, sales or catalog_sales.
	Objective string
	// Channel is the id of one of Truth.Channels, or its ending after the
	// platform (prospecting), or empty for the platform's first one.
	Channel string
	// DailyBudget is a decimal amount of TRY with at most two decimals, not negative.
	DailyBudget string
	// Segment is the audience; it has no effect.
	Segment string
}

// Day is what a day brings, in the layout of the history's files, each with
// its header row.
type Day struct {
	Orders    []byte // orders of the day and returns of earlier ones
	Snapshots []byte // captures of the day, of the history's posts too
	Mentions  []byte
	Ads       []byte // both reports of each ad; reported_at tells when they become known
	Products  []byte // rows of what changed

	MentionsTruth []byte
	Followers     []byte
}

// Day plays one day at or after End. It is a function of the options, the day
// and the arguments; the order of the arguments is of no matter.
//
// published are all posts of the played time up to this day: their captures and
// orders go on for 28 days, older ones may be left out and later ones are
// ignored. ads are those that run on this day. Customers whom ads and posts win
// on played days do not come back on later ones, and of their orders those that
// would be returned show as cancelled, because no day knows another day's
// arguments.
//
// An argument out of its rules is an error that names the field, the rule and
// the value.
func (w *World) Day(day date.Date, published []Published, ads []RunningAd) (Day, error) {
	if day < w.end {
		return Day{}, fmt.Errorf("day: must not lie before %s, the end of the history, is %s", w.end, day)
	}
	if err := w.known(day); err != nil {
		return Day{}, err
	}
	posts, postErr := w.checkPosts(day, published)
	running, adErr := w.checkAds(ads)
	if err := errors.Join(postErr, adErr); err != nil {
		return Day{}, err
	}

	played := w.played(day)
	t := w.trade(day, played)
	own := w.ownOrders(t)
	orders := w.bring(t, own, w.postClaims(day, w.posts), postOrders, false, nil)
	orders = append(orders, w.bring(t, own, w.postClaims(day, posts), postOrders+postOrdersPlayed, true, nil)...)
	results := w.advertise(day, running)
	orders = append(orders, w.bring(t, own, adClaims(w, day, results), adOrders, true, &results)...)
	orders = append(orders, own...)
	for back := lastReturn; back >= firstReturn; back-- {
		if d := day - date.Date(back); d >= w.options.Start {
			sold, _ := w.historyOrders(w.trade(d, played))
			orders = append(orders, w.returnsOn(day, sold)...)
		}
	}
	said := w.mentions(day)
	from, to := midnight(day), midnight(day+1)
	return Day{
		Orders:        w.appendOrders([]byte(ordersHeader()), orders),
		Snapshots:     w.appendSnapshots([]byte(snapshotsHeader()), slices.Concat(w.posts, posts), from, to),
		Mentions:      appendMentions([]byte(mentionsHeader()), said),
		Ads:           w.appendAds([]byte(adsHeader()), day, results),
		Products:      w.appendProducts([]byte(productsHeader()), day, t.shelf, w.shelf(day-1)),
		MentionsTruth: appendMentionsTruth([]byte(mentionsTruthHeader()), said),
		Followers:     w.appendFollowers([]byte(followersHeader()), day),
	}, nil
}

// postOrdersPlayed parts the order numbers of played posts from the history's.
const postOrdersPlayed = 10_000

func dateOf(days int) date.Date { return date.Date(days) }

// checkPosts turns the posts that are out on a day into posts of the world, in
// order of their ids.
func (w *World) checkPosts(day date.Date, published []Published) ([]post, error) {
	var list []post
	var problems []error
	seen := map[string]bool{}
	for i, p := range published {
		field := "published[" + strconv.Itoa(i) + "]"
		refuse := func(name, rule, value string) {
			problems = append(problems, fmt.Errorf("%s.%s: %s, is %q", field, name, rule, value))
		}
		if p.ID == "" || seen[p.ID] || slices.ContainsFunc(w.posts, func(h post) bool { return h.ID == p.ID }) {
			refuse("id", "must be unique and not empty", p.ID)
		}
		seen[p.ID] = true
		if _, ok := placeOf(p.Network); !ok {
			refuse("network", "must be instagram, facebook, tiktok, youtube or x", p.Network)
		}
		if _, ok := formatEffects()[p.Format]; !ok {
			refuse("format", "must be photo, carousel, video, reel, story, short, text or link", p.Format)
		}
		if _, ok := categoryEffects()[p.Category]; !ok {
			refuse("category", "must be urun, nasil_yapilir, ilham, kampanya, topluluk or marka_hikayesi", p.Category)
		}
		at := w.local(p.At)
		if at < midnight(w.end) {
			refuse("at", "must not lie in the history", p.At.Format(time.RFC3339))
		}
		if at < midnight(day+1) {
			list = append(list, post{Published: p, at: at})
		}
	}
	slices.SortFunc(list, func(a, b post) int { return strings.Compare(a.ID, b.ID) })
	return list, errors.Join(problems...)
}

func (w *World) checkAds(running []RunningAd) ([]ad, error) {
	var list []ad
	var problems []error
	seen := map[string]bool{}
	for i, a := range running {
		field := "ads[" + strconv.Itoa(i) + "]"
		refuse := func(name, rule, value string) {
			problems = append(problems, fmt.Errorf("%s.%s: %s, is %q", field, name, rule, value))
		}
		if _, ok := objectiveFactor()[a.Objective]; !ok {
			refuse("objective", "must be a neutral objective such as sales or traffic", a.Objective)
		}
		c, ok := w.channelOf(a.Platform, a.Channel)
		if !ok {
			refuse("channel", "must be a channel of the platform "+strconv.Quote(a.Platform), a.Channel)
		}
		amount, ok := parseAmount(a.DailyBudget)
		if !ok {
			refuse("daily_budget", "must be a decimal from 0 to 10000000 with at most two decimals", a.DailyBudget)
		}
		own := ad{RunningAd: a, channel: c, amount: amount}
		if a.Campaign == "" || seen[own.key()] {
			refuse("campaign", "must be named, and unique together with ad set and ad", a.Campaign)
		}
		seen[own.key()] = true
		list = append(list, own)
	}
	return list, errors.Join(problems...)
}

func (w *World) channelOf(platform, name string) (channel, bool) {
	for _, c := range w.channels() {
		if c.platform == platform && (name == "" || name == c.id || platform+"_"+name == c.id) {
			return c, true
		}
	}
	return channel{}, false
}

// parseAmount reads a decimal such as 1250.50 into kuruş.
func parseAmount(text string) (int64, bool) {
	whole, part, point := strings.Cut(text, ".")
	if point && (part == "" || len(part) > 2) || whole == "" || len(whole) > 8 {
		return 0, false
	}
	for _, c := range whole + part {
		if c < '0' || c > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(whole+(part + "00")[:2], 10, 64)
	return n, err == nil && n <= 10_000_000_00
}
