// Package value says what customers are worth: by recency, frequency and
// monetary value ([RFM]).
//
// Scores are from 1 to 5. Equal values get equal scores, and the thresholds
// between scores are kept in the table, so that a customer's score moves when
// the customer does and not when others do; see [RFMTable.Score].
package value
