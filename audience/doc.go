// Package audience answers who a brand's customers are, which of them a goal
// should speak to, how well a group of them fits the brand, and whom it may be
// said to at all.
//
// # From exports
//
// [ReadOrders] reads the order exports of shop systems and marketplaces as a
// stream of [OrderLine]. An [OrderBook] folds that stream, without keeping it,
// into the customers' netted [Purchases], revenue by day and by origin, totals,
// and the rhythm of the week for pacing. [Describe] turns any division of the
// customers into [Segment] values with size, value and what sets them apart;
// package value divides them by recency, frequency and monetary value and
// predicts what they will be worth.
//
// A line is a sale when it is paid and has a positive quantity and price. What
// is cancelled or returned nets out: a line of negative quantity is subtracted
// on its own day, a line of positive quantity whose status says cancelled or
// returned never counts. Lines awaiting payment do not count. Amounts are exact
// decimals in one currency for each book.
//
// # Rules
//
// A [Rule] picks customers by conditions on what is known of a [Customer]: the
// profile and the host's own properties, interests, networks, groups, other
// segments, orders and events in a window, funnels, predictions, consent, and a
// share drawn by lot. It is data: [ParseRule] reads it, [Rule.Explain] says it in
// English or Turkish, and [Rule.Compile] binds it to a brand, a moment, a zone, a
// [Schema] and the other segments.
//
// A [Program] has three evaluators of one meaning. [Program.Matches] asks one
// customer, [Program.Evaluate] an [Index] of millions, and [Program.SQL] writes a
// query over the host's own tables in PostgreSQL, SQLite or DuckDB, which also
// runs over shards. Package audiencetest holds them, and a host's own database,
// to the same answers.
//
// # Millions of customers
//
// [BuildIndex] keeps customers as narrow columns and bitmaps, about 60 bytes each
// for what shops usually ask about, and answers in milliseconds. An index is
// immutable; [Index.Apply] makes the next version from changes. A [Tracker] does
// the work of a service: it loads customers from a [Source], follows a
// [ChangeSource], and publishes the members of saved segments together with who
// came and who went, looking only at the customers that changed.
//
// # Fit, overlap and personas
//
// [Compare] holds a segment or a network's followers against the brand's
// customers, value by value with intervals and shrinkage; [FitOf] makes a score
// of named parts of it. [OverlapsOf] finds audiences that would bid against each
// other and who should be left out where. [ChooseSeed] picks the source of a
// platform's lookalike audience, [BreakdownMoney] and [BreakdownCount] divide a
// goal over segments, and [ProposePersonas] joins segments with what [Insights]
// says of followers into the [Persona] that content and ads are written for.
//
// # Consent
//
// A [Consent] is kept for each person, purpose and channel; what nobody said is
// not granted. [Granted] and [GrantedBy] decide, the latter also for the Turkish
// register of commercial messages (İYS), which is a source of its own. Package
// upload sends segments to ad platforms under these rules. Figures about fewer
// than a smallest number of people are left out, and [Tracker.Forget] erases a
// person.
package audience
