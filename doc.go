// Package sosyal is the vocabulary of social media management in e-commerce:
// the values that the module's packages hand to each other.
//
// The work of a social media manager is a loop. Goals set with management pick
// an audience; the audience picks a strategy for each network; the strategy
// becomes a visual language, a content calendar and ad campaigns; campaigns
// need approved budgets; what followers answer to, and what they ignore, feeds
// the next round. Each of those steps is a package of its own ([planning],
// [audience], [calendar], [campaign], [budget], [engagement]), and a host may
// take one without the others: audience, calendar, budget and engagement know
// only this package, planning builds on those four, and nothing but campaign may
// build on planning. What crosses between them is defined here:
//
//   - who and where: [BrandID], [Network], [Format], [Destination], [Actor]
//   - money and time: [Money], [Period], [WallTime], [LocalTime], [OpenHours]
//   - what is measured: [Metric], [Rate], [Objective], [Features], [Mix]
//   - what is sold and linked to: [Product], [Link]
//   - what was decided and why: [Approval], [Hold], [Reason]
//   - where it is kept: [Documents], [Store], [Collection], [Event], [Notifier]
//
// The package does no input or output of its own apart from reading the fact
// tables embedded in it. Values are plain structs with a Validate method that
// reports every problem at once; functions that depend on the present moment
// take it as an argument.
//
// # Conventions
//
// Money is decimal with an ISO 4217 code and is never held in a float. Dates
// are calendar days without a zone; anything that a person reads off a clock is
// a wall time with an IANA zone; only instants are stored in UTC. A metric that
// a network did not report is absent, never zero.
//
// [planning]: https://pkg.go.dev/github.com/yukselenler/sosyal/planning
// [audience]: https://pkg.go.dev/github.com/yukselenler/sosyal/audience
// [calendar]: https://pkg.go.dev/github.com/yukselenler/sosyal/calendar
// [campaign]: https://pkg.go.dev/github.com/yukselenler/sosyal/campaign
// [budget]: https://pkg.go.dev/github.com/yukselenler/sosyal/budget
// [engagement]: https://pkg.go.dev/github.com/yukselenler/sosyal/engagement
package sosyal
