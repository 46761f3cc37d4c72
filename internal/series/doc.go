// Package series makes forecasts of things that add up day by day: revenue
// towards a goal, spend towards a plan.
package series
