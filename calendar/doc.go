// Package calendar plans what a brand publishes: the right content, in the form
// that each network takes, on the right day and at the right hour.
//
// # Content
//
// Content is split into categories ([Category], also called pillars), each with a
// share of all that is published. An [Idea] becomes an [Item], and an item has one
// [Variant] per destination, with its own text, media, time and state; the state
// of the item follows from those of its variants. States change only along the
// transition table ([State.Next]), and an edit of what was approved sends it back
// to review ([Item.Revise]).
//
// # Time
//
// A [Cadence] says when a destination may be published to; [Cadence.Slots] turns
// it into the openings of a period, resolved from wall times in an IANA zone, so
// that 19:00 stays 19:00 when the clocks change. [Days] lists public and religious
// holidays and days that matter to commerce.
//
// # Planning
//
// A [Planner] assigns items to slots so that the expected value is as high as the
// [Rules] allow, and returns an upper bound of what any plan could reach, a reason
// for every placement and for every item left out. The value of a placement is a
// function that the host supplies, usually from the analysis of earlier posts.
// [Programme] does the whole month in one call: category mix, formats, special
// days, slots, plan.
//
// What each network accepts is in package calendar/network; calendars are written
// as iCalendar by package calendar/ical and as CSV by [WriteCSV].
package calendar
