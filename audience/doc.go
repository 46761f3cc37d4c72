// Package audience answers who a brand's customers are, which of them a goal
// should speak to and how well a group of them fits the brand.
//
// [ReadOrders] reads the order exports of shop systems and marketplaces as a
// stream of [OrderLine]. An [OrderBook] folds that stream, without keeping it,
// into what everything else needs: the customers' netted [Purchases], revenue by
// day and by origin, totals, and the rhythm of the week for pacing. [Describe]
// turns any division of the customers into [Segment] values with size, value
// and what sets them apart; package value divides them by recency, frequency
// and monetary value. A [Rule] picks customers by conditions, and [Granted]
// says whether a customer may be addressed at all.
//
// # What counts
//
// A line is a sale when it is paid and has a positive quantity and price. What
// is cancelled or returned nets out: a line of negative quantity is subtracted
// on its own day, a line of positive quantity whose status says cancelled or
// returned never counts. Lines awaiting payment do not count.
//
// Amounts are exact decimals in one currency for each book.
package audience
