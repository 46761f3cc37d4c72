// Package campaign turns goals into ads: which ad model, which targeting, which
// creatives, on which platform and for how much.
//
// A [Campaign] holds ad sets, an [AdSet] holds ads, an [Ad] holds a [Creative],
// all under neutral names. What a platform calls them, what it accepts and in
// which unit it wants its amounts is dated data in [Facts], not code.
//
// [Propose] recommends campaigns from aims, segments and past results, each with
// its reasons. A campaign then goes through the states of [Campaign.Move]:
// nothing goes live without approved content and approved money, and whatever
// stands on a platform before that stands there paused.
//
// [ReadAdReport] reads what platforms report back and [Summarize] makes results
// of it that the next proposal takes as evidence.
//
// Money stays money: ratios such as return on ad spend are exact quotients of
// sums, and a figure that a platform did not report is absent, not zero.
package campaign
