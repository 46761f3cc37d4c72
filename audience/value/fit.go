package value

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"gonum.org/v1/gonum/mat"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/stat"
)

// Fit is the evidence behind a model's parameters.
type Fit struct {
	// Customers were counted, in Rows groups with the same history.
	Customers int `json:"customers"`
	Rows      int `json:"rows"`
	// Steps were taken from the best of several starts; Left is the
	// log-likelihood that a further one promised to gain.
	Steps int     `json:"steps"`
	Left  float64 `json:"left"`
	// RelativeErrors are the standard errors of the parameters' logarithms, in
	// the order of the model's fields: 0.05 is about 5% of the parameter. They
	// come from the curvature of the likelihood at its maximum; 0 where the model
	// has fewer than four parameters.
	RelativeErrors [4]float64 `json:"relative_errors"`
}

// FitError says that a likelihood has no maximum that can be told: it keeps
// rising as a parameter grows or shrinks without bound, or no maximum was
// reached.
type FitError struct {
	Model string `json:"model"`
	// Parameter is the parameter that ran away, empty where none did; Grows says
	// whether towards infinity or towards zero.
	Parameter string `json:"parameter,omitzero"`
	Grows     bool   `json:"grows,omitzero"`
	// LogLikelihood is how far it had risen; 0 where no parameter ran away.
	LogLikelihood float64 `json:"log_likelihood,omitzero"`
}

// Error names the model and the parameter.
func (e FitError) Error() string {
	switch {
	case e.Parameter == "":
		return fmt.Sprintf("fitting %s: no maximum of the likelihood was reached", e.Model)
	case e.Grows:
		return fmt.Sprintf("fitting %s: the likelihood keeps rising as %s grows without bound", e.Model, e.Parameter)
	}
	return fmt.Sprintf("fitting %s: the likelihood keeps rising as %s falls to zero", e.Model, e.Parameter)
}

const (
	// leastCustomers are too few for any of the models below.
	leastCustomers = 10
	// left is the log-likelihood that a further step may still promise to gain, for
	// few customers and for each: a millionth of a standard error, and for a million
	// customers, whose errors are smaller, a seven-thousandth.
	left, leftEach = 1e-12, 1e-14
	// furthest is the logarithm beyond which a parameter, in units of the mean age
	// or the mean spend, counts as zero or infinite: a factor of eight thousand.
	furthest = 9.0
)

// likelihood is the mean log-likelihood per customer, turned around, as a
// function of the logarithms of the parameters.
type likelihood struct {
	model      string
	parameters []string
	customers  float64
	rows       int
	starts     [][]float64
	// offset is what the units of the data add to the log-likelihood of all
	// customers.
	offset float64
	// all is the function; every is that of a systematic sample, each nth row.
	all   stat.Objective
	every func(n int) stat.Objective
}

// maximize returns the parameters, not their logarithms, and the log-likelihood of
// all customers there.
func (l likelihood) maximize() (parameters []float64, log float64, f Fit, err error) {
	stages := l.stages()
	search := stat.Minimization{Tolerance: left/l.customers + leftEach, Bound: furthest}
	at := l.best(stages[0])
	var m stat.Minimum
	steps := 0
	for _, search.F = range stages {
		m, err = search.Minimize(at)
		steps += m.Steps
		search.Curvature = nil // a sample may have no maximum where the whole has one
		if err == nil {
			at, search.Curvature = m.X, search.F
		}
	}
	if err != nil {
		fe := FitError{Model: l.model}
		if be, ok := errors.AsType[stat.BoundError](err); ok {
			fe.Parameter, fe.Grows = l.parameters[be.Variable], be.Upper
			fe.LogLikelihood = l.offset - m.Value*l.customers
		}
		return nil, 0, Fit{}, fe
	}
	fit := Fit{Customers: int(l.customers), Rows: l.rows, Steps: steps, Left: m.Left * l.customers}
	var inverse mat.Dense
	if err := inverse.Inverse(m.Hessian); err != nil {
		return nil, 0, Fit{}, FitError{Model: l.model}
	}
	out := make([]float64, len(m.X))
	for i, x := range m.X {
		out[i] = math.Exp(x)
		fit.RelativeErrors[i] = math.Sqrt(inverse.At(i, i) / l.customers)
	}
	return out, l.offset - m.Value*l.customers, fit, nil
}

// stageRows is how many rows are enough to find the way with, and stageGrowth how
// many times more those of the next stage are.
const stageRows, stageGrowth = 8192, 8

// stages are functions ever closer to that of all rows, which is the last one.
// Each starts where the one before it ended, and borrows its curvature.
func (l likelihood) stages() []stat.Objective {
	var out []stat.Objective
	for n := l.rows / stageRows; n > 1; n /= stageGrowth {
		out = append(out, l.every(n))
	}
	return append(out, l.all)
}

func (l likelihood) best(f stat.Objective) []float64 {
	var best []float64
	least := math.Inf(1)
	gradient := make([]float64, len(l.parameters))
	for _, s := range l.starts {
		if v := f(s, gradient); v < least {
			best, least = s, v
		}
	}
	if best == nil {
		return l.starts[0]
	}
	return best
}

// thin is why so few data are no ground for a model.
func thin(model, why string) error {
	return fmt.Errorf("fitting %s: %s: %w", model, why, sosyal.ErrInsufficientData)
}

// terms are a log-likelihood and its derivatives by up to four parameters.
type terms [5]float64

func (t *terms) add(other terms) {
	for i, v := range other {
		t[i] += v
	}
}

// chunk is the number of rows that are added up in one go.
const chunk = 256

// sum adds up chunks of rows on all processors, in an order that does not depend
// on how many there are.
func sum[T any](rows []T, part func([]T) terms) terms {
	chunks := (len(rows) + chunk - 1) / chunk
	parts := make([]terms, chunks)
	parallel(chunks, func(i int) { parts[i] = part(rows[i*chunk : min((i+1)*chunk, len(rows))]) })
	var total terms
	for _, p := range parts {
		total.add(p)
	}
	return total
}

// parallel calls f for 0 to n-1 on all processors and returns when all is done.
func parallel(n int, f func(int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	if workers <= 1 {
		for i := range n {
			f(i)
		}
		return
	}
	var next atomic.Int64
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				f(int(i))
			}
		})
	}
	group.Wait()
}
