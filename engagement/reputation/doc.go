// Package reputation follows what is said about a brand and its competitors:
// how much, in what mood, about what, and when it turns into a crisis.
//
// Mentions come from a listening service or an export ([ReadMentions]) and are
// kept in a store ([Mentions]), from which a person can be erased. A
// [Classifier] reads their mood; [DefaultClassifier] is a lexicon for Turkish
// and English. [ShareOfVoice] and [NetSentiment] summarise them with intervals
// from the scatter between days, because mentions come in bursts and intervals
// for independent trials would be far too narrow. A [Detector] raises an alarm
// when volume or the share of negative mentions leaves what is usual.
package reputation
