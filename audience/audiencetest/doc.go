// Package audiencetest holds evaluators of audience rules to one meaning, that
// of [audience.Program.Matches].
//
// A [World] is a shop made from a seed: an environment, customers who are full
// of corner cases, and another brand with customers of the same ids. [World.Rule]
// draws rules of every kind. [TestEvaluator] and [CheckEvaluator] load worlds
// into an evaluator, ask it rules and report the first difference of each world
// as small as they can make it. All data are invented.
package audiencetest
