package series

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Day is what came in on a day that has passed, and the weight that the day had
// in the plan: 1 for every day, or what a weekday or season makes of it.
type Day struct {
	Value, Weight float64
}

// MinDays is the number of days with weight that a forecast needs.
const MinDays = 7

// ErrTooFewDays says that fewer than MinDays days have passed.
var ErrTooFewDays = errors.New("too few days for a forecast")

// Forecast is what the whole period will come to, with an interval in which the
// total lies with the probability that was asked for.
type Forecast struct {
	Total, Low, High float64
	// Rate is the value per unit of weight so far; Days is how many days it
	// rests on.
	Rate float64
	Days int
}

// mostMemory bounds the correlation of days that a forecast reckons with.
const mostMemory = 0.9

// Runrate carries the rate so far over the weight that is left.
//
// The model is x_d = r w_d + e_d with variance phi w_d: the ratio estimator
// r = sum x / sum w, its dispersion phi = 1/(n-1) sum (x - r w)^2 / w, and for
// the remaining weight W the prediction variance phi (W + W^2 / sum w), which
// counts both the noise of the days to come and that of the rate (the ratio
// estimator of survey sampling: Cochran, Sampling Techniques, chapter 6).
//
// Days resemble the day before. With lag-1 correlation c of the standardised
// residuals, sums vary by (1+c)/(1-c) times as much and n days tell as much as
// n (1-c)/(1+c) independent ones; the variance and the degrees of freedom of
// Student's t are set accordingly. The estimate of c is corrected for its bias
// (Kendall, 1954, Biometrika 41) and taken between 0 and 0.9. Drift and seasons
// that the weights do not hold are beyond the model and make the interval too
// narrow. The level is the interval's, 0.9 say.
func Runrate(done []Day, remaining, level float64) (Forecast, error) {
	var sum, weight float64
	days := make([]Day, 0, len(done))
	for _, d := range done {
		sum += d.Value
		if d.Weight > 0 {
			weight += d.Weight
			days = append(days, d)
		}
	}
	n := len(days)
	if n < MinDays {
		return Forecast{}, ErrTooFewDays
	}
	rate := sum / weight
	residuals := make([]float64, n)
	for i, d := range days {
		residuals[i] = (d.Value - rate*d.Weight) / math.Sqrt(d.Weight)
	}
	phi, memory := scatter(residuals)
	inflation := (1 + memory) / (1 - memory)
	freedom := max(1, float64(n)/inflation-1)
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: freedom}.Quantile(0.5 + level/2)
	half := t * math.Sqrt(phi*inflation*(remaining+remaining*remaining/weight))
	total := sum + rate*remaining
	return Forecast{Total: total, Low: total - half, High: total + half, Rate: rate, Days: n}, nil
}

// scatter returns the variance of the residuals and the correlation of each with
// the one before.
func scatter(residuals []float64) (variance, memory float64) {
	n := float64(len(residuals))
	var squares, products float64
	for i, e := range residuals {
		squares += e * e
		if i > 0 {
			products += e * residuals[i-1]
		}
	}
	if squares == 0 {
		return 0, 0
	}
	r := products / squares
	return squares / (n - 1), min(max(r+(1+4*r)/n, 0), mostMemory)
}
