// Package value says what customers are worth: by recency, frequency and
// monetary value ([RFM]), and by what they are expected to buy ([Predict]).
//
// # Scores
//
// Scores are from 1 to 5. Equal values get equal scores, and the thresholds
// between scores are kept in the table, so that a customer's score moves when
// the customer does and not when others do; see [RFMTable.Score].
//
// # Forecasts
//
// [Predict] reads customers' purchase days, of an order book ([HistoriesOf]) or
// of a host's own tables ([PredictPopulation] takes ready summaries), and yields for each customer the chance that he still
// buys, how often and for how much he is expected to buy, and his value over a
// horizon. A [Report] carries the evidence: who was left out and why, the fitted
// models, and a check of the same forecast against days that were held back.
// Where a shop knows too little of its customers for a [Gate], there is no
// forecast but the reasons.
//
// Its parts can be used alone. [Summarize] makes purchase days into a [Summary]
// of each customer. [FitBGNBD] and [FitParetoNBD] fit models of purchases and
// [FitGammaGamma] one of spend, by maximum likelihood; [FitNBD] fits the model in
// which nobody leaves. [Horizon] discounts what they expect, and [CheckHoldout]
// holds them against what came and against forecasts that need no model.
//
// The amounts of forecasts are floats in the currency of the histories:
// expectations for statistics, not money that is owed; [Report.Money] rounds them
// for showing. Fits use all processors, and their results are the same, bit for
// bit, however many there are.
package value
