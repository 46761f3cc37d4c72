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

// Runrate carries the rate so far over the weight that is left.
//
// The model is x_d = r w_d + e_d with variance phi w_d: the ratio estimator
// r = sum x / sum w, its dispersion phi = 1/(n-1) sum (x - r w)^2 / w, and for
// the remaining weight W the prediction variance phi (W + W^2 / sum w), which
// counts both the noise of the days to come and that of the rate (the ratio
// estimator of survey sampling: Cochran, Sampling Techniques, chapter 6). The
// interval takes
// Student's t with n-1 degrees of freedom at the level, 0.9 say.
func Runrate(done []Day, remaining, level float64) (Forecast, error) {
	var sum, weight float64
	n := 0
	for _, d := range done {
		sum += d.Value
		if d.Weight > 0 {
			weight += d.Weight
			n++
		}
	}
	if n < MinDays {
		return Forecast{}, ErrTooFewDays
	}
	rate := sum / weight
	var squares float64
	for _, d := range done {
		if d.Weight > 0 {
			e := d.Value - rate*d.Weight
			squares += e * e / d.Weight
		}
	}
	phi := squares / float64(n-1)
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(n - 1)}.Quantile(0.5 + level/2)
	half := t * math.Sqrt(phi*(remaining+remaining*remaining/weight))
	total := sum + rate*remaining
	return Forecast{Total: total, Low: total - half, High: total + half, Rate: rate, Days: n}, nil
}
