// Package demo is the world of a shop that does not exist: Zerişe, a Turkish
// cosmetics brand that sells online and speaks on Instagram, Facebook, TikTok,
// YouTube and X. From a seed it makes eighteen months of history as an export
// would hold it (orders, catalogue, posts, captures of their metrics, mentions,
// ad reports, followers), and then plays any number of further days that answer
// to what the shop publishes and advertises. Equal options and arguments give
// equal bytes on one kind of machine.
//
// The world is made without the packages that analyse it, and was settled
// before them. Every effect in it is planted with a known size, and truth.json
// tells them all: categories, formats, hours, weekdays and promotion on the log
// of the rate of interactions; special days, weekdays and the year on orders;
// the response curves of five ad channels, one of them saturated and one
// under-spent; and a wave of complaints. It is not kind to naive analysis:
//
//   - The best category was posted at the worst hours, promotion went to the
//     weakest category and to later months, spend rose when demand was high
//     anyway. Raw means rank some groups wrongly; truth.json says which.
//   - Rates scatter by 0.8 on the log scale, one post in seventy goes viral,
//     baskets, customers and products are heavy-tailed.
//   - A metric that a network does not report is absent. Captures are missing
//     or come twice, and counters fall now and then.
//   - Ad reports come twice: on the next morning a few percent short, and three
//     days later restated (reported_at tells them apart, the later one holds).
//   - Guests have no customer_id, and one brought order in seventeen lost its UTM.
//
// In the null world (Options.Null) none of this has an effect, while volumes,
// rates, habits and spend stay alike: what an analysis finds there is false.
// Orders then have no season and no special days; posts and ads bring nothing,
// but their share of the orders is still marked as theirs, at a base rate that
// does not depend on what was spent.
//
// # Files
//
// UTF-8, commas, a header row, fields quoted by RFC 4180 where they need it,
// local times of Europe/Istanbul as 2006-01-02 15:04:05, amounts in TRY with
// two decimals.
//
//   - products.csv: a row for each change of price, list price or stock, stamped
//     with the midnight from which it holds; the first rows are the catalogue.
//   - orders.csv: a row for each line. The sku is the product_id. The status is
//     paid or cancelled, and it does not change: a return is an order of its own,
//     three to fourteen days later, whose order_id is that of the order with -R,
//     with status returned, negative quantities and no UTM or coupon. Returned
//     may be the first line alone.
//   - posts.csv: products are separated by |. The link carries the UTM marks
//     that the orders of the post carry.
//   - snapshots.csv: one row for each metric of a capture, cumulative counts.
//   - mentions.csv, and mentions_truth.csv with the mood of each.
//   - ads.csv: campaigns are called month_objective_channel.
//   - followers.csv: at the end of the day.
//   - truth.json: see Truth.
package demo
