// Package loop plays one month of social media management for a shop, from
// goals to report, with every package of the library in its place. It is the
// storefront example without its command line.
//
// Everything that must not happen twice is kept in one SQLite file: goals and
// their approval, strategies, the calendar, campaigns, the ledger, captured
// metrics, mentions. Each step looks there first, so a run that was cut off at
// any point is continued by the next and repeats nothing.
//
// The shop's own data come from exports ([Options.Orders] and the rest) or,
// without them, from the generated shop of package demo, whose world also
// answers day by day to what the plan publishes and advertises.
package loop
