// Package planning turns what management wants into what each network does.
//
// It holds the first steps of the loop and closes it: a [Goal] is set with
// management, broken down by network and segment with [Goal.Breakdown], approved
// through [sosyal.Approval], and followed with [Progress]. [PlanChannels] makes
// a strategy of its own for every network out of goals, segments and what the
// analysis of the last period found. [Ideas] turns what people talk about into
// ideas for content, [AskForIdeas] asks an [Ideator] of the host for more, and
// [Brief] assembles the report that management receives.
//
// The ideator apart, everything here is a pure function of its arguments: last
// month's analysis comes in as a value and next month's plan goes out as one.
package planning
