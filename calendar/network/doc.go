// Package network knows what each social network accepts: how it counts text, how
// many hashtags, mentions and media it takes, and which files.
//
// Everything it knows is dated data with a source and a confidence, embedded in
// the package, replaceable by a newer file ([ReadFacts]) and per account
// ([Rules.With]), because networks change their limits without notice. Where two
// official statements disagree, the stricter one is a warning and the looser one
// an error.
package network
