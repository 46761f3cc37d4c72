// Package engagement follows posts after they go out and tells effect from
// luck: which content followers answer to, which they pass over, at what times,
// and what that means for the next month's plan.
//
// [ReadPosts] and [ReadSnapshots] read what networks export; an [Archive] keeps
// the values as they were captured. Posts of different age are only compared at
// equal age ([AtAge], [AtEqualAge]), and what a network did not report stays
// absent.
//
// [Summarize] reduces posts to an [Aggregate] that can be merged exactly over
// shards. [Analyze] fits it: the effect of each category, format, network, time
// and so on, adjusted for all the others and for the month, because a shop that
// posts its best category in the evening would otherwise mistake one for the
// other. Every group gets a [Verdict] with its evidence, and false verdicts over
// all groups stay under a stated rate. From the [Analysis] follow the times
// ([Analysis.BestTimes]), what followers ignore ([Analysis.Ignored]) and the
// next content mix ([Recommend]).
//
// # Scale
//
// Effects are estimated on the logarithm of the measure and reported as ratios
// to the brand's average post, other things equal: 1.20 is a fifth more. One
// viral post moves such a mean little. Rates are always named with numerator,
// denominator and averaging, because another choice may name another winner.
package engagement
