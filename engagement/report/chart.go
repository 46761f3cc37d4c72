package report

import (
	"fmt"
	"math"

	"github.com/go-analyze/charts"

	"github.com/yukselenler/sosyal"
)

// ChartKind is how a chart is drawn.
type ChartKind string

// Kinds of charts.
const (
	// Lines shows values over ordered categories, such as days.
	Lines ChartKind = "lines"
	// Bars shows values of few categories.
	Bars ChartKind = "bars"
	// Intervals shows an estimate with its interval for each category, against
	// a baseline: what differs from it and what may not.
	Intervals ChartKind = "intervals"
)

// Chart is numbers to be drawn.
type Chart struct {
	Kind       ChartKind `json:"kind"`
	Title      string    `json:"title"`
	Categories []string  `json:"categories"`
	Series     []Series  `json:"series,omitempty"`
	// Estimates, Baseline and Unit belong to Intervals; one estimate for each
	// category. Unit follows the numbers on the axis.
	Estimates []Estimate `json:"estimates,omitempty"`
	Baseline  float64    `json:"baseline,omitzero"`
	Unit      string     `json:"unit,omitzero"`
}

// Series is a line or a set of bars: one value for each category, nil where
// there is none.
type Series struct {
	Name   string     `json:"name"`
	Values []*float64 `json:"values"`
}

// Estimate is a value with its interval.
type Estimate struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Tone  Tone    `json:"tone,omitzero"`
}

// Values makes a series without gaps.
func Values(name string, values ...float64) Series {
	s := Series{Name: name, Values: make([]*float64, len(values))}
	for i := range values {
		s.Values[i] = &values[i]
	}
	return s
}

// Validate reports an unknown kind, lengths that do not fit, and values that
// are not finite.
func (c Chart) Validate() error {
	var p sosyal.Problems
	p.Require(c.Kind == Lines || c.Kind == Bars || c.Kind == Intervals, "kind", "must be lines, bars or intervals", string(c.Kind))
	p.Require(len(c.Categories) > 0, "categories", "must not be empty", "")
	if c.Kind == Intervals {
		p.Require(len(c.Estimates) == len(c.Categories), "estimates", "must be one for each category", fmt.Sprint(len(c.Estimates)))
		for i, e := range c.Estimates {
			ordered := e.Low <= e.Value && e.Value <= e.High
			p.Require(ordered && !math.IsInf(e.High-e.Low, 0), fmt.Sprintf("estimates[%d]", i), "must be finite and ordered", fmt.Sprint(e))
		}
		return p.Err()
	}
	p.Require(len(c.Series) > 0, "series", "must not be empty", "")
	for i, s := range c.Series {
		p.Require(len(s.Values) == len(c.Categories), fmt.Sprintf("series[%d]", i), "must have a value for each category", fmt.Sprint(len(s.Values)))
		for _, v := range s.Values {
			p.Require(v == nil || !math.IsNaN(*v) && !math.IsInf(*v, 0), fmt.Sprintf("series[%d]", i), "must be finite", "")
		}
	}
	return p.Err()
}

// chartWidth and chartHeight are the drawing's own units; it scales with the page.
const (
	chartWidth  = 760
	chartHeight = 300
)

// SVG draws the chart. The drawing is the same for the same chart.
func (c Chart) SVG(l sosyal.Language) ([]byte, error) {
	if err := c.Validate(); err != nil {
		return nil, fmt.Errorf("drawing chart: %w", err)
	}
	if c.Kind == Intervals {
		return c.intervalSVG(l), nil
	}
	painter := charts.NewPainter(charts.PainterOptions{
		OutputFormat: charts.ChartOutputSVG, Width: chartWidth, Height: chartHeight, Theme: charts.GetTheme(charts.ThemeLight),
	})
	names := make([]string, len(c.Series))
	for i, s := range c.Series {
		names[i] = s.Name
	}
	var err error
	if c.Kind == Lines {
		err = c.lines(painter, names, l)
	} else {
		err = c.bars(painter, names, l)
	}
	if err != nil {
		return nil, fmt.Errorf("drawing chart: %w", err)
	}
	return painter.Bytes()
}

func (c Chart) lines(painter *charts.Painter, names []string, l sosyal.Language) error {
	opt := charts.NewLineChartOptionWithData(c.data())
	opt.XAxis.Labels = c.Categories
	opt.XAxis.LabelCount = min(len(c.Categories), 10)
	opt.YAxis = []charts.ValueAxisOption{c.valueAxis()}
	opt.XAxis.LabelFontStyle = axisFont()
	opt.Legend = legend(names)
	opt.Symbol = charts.Symbol{Shape: charts.SymbolNone}
	opt.LineStrokeWidth = 2
	opt.ValueFormatter = formatter(l)
	return painter.LineChart(opt)
}

func (c Chart) bars(painter *charts.Painter, names []string, l sosyal.Language) error {
	opt := charts.NewBarChartOptionWithData(c.data())
	opt.CategoryAxis.Labels = c.Categories
	opt.CategoryAxis.LabelCount = min(len(c.Categories), 16)
	opt.ValueAxis = []charts.ValueAxisOption{c.valueAxis()}
	opt.CategoryAxis.LabelFontStyle = axisFont()
	opt.Legend = legend(names)
	opt.BarSize = min(0.7, float64(len(c.Categories)*len(names))*0.08)
	opt.ValueFormatter = formatter(l)
	return painter.BarChart(opt)
}

func axisFont() charts.FontStyle { return charts.FontStyle{FontSize: 10} }

// valueAxis begins at zero unless values lie below it: a bar that begins
// elsewhere has the wrong length.
func (c Chart) valueAxis() charts.ValueAxisOption {
	axis := charts.ValueAxisOption{LabelFontStyle: axisFont()}
	for _, s := range c.Series {
		for _, v := range s.Values {
			if v != nil && *v < 0 {
				return axis
			}
		}
	}
	axis.Min = new(0.0)
	return axis
}

// legend names the series; a single one is named by the title.
func legend(names []string) charts.LegendOption {
	return charts.LegendOption{SeriesNames: names, Show: new(len(names) > 1), FontStyle: axisFont()}
}

func (c Chart) data() [][]float64 {
	data := make([][]float64, len(c.Series))
	for i, s := range c.Series {
		data[i] = make([]float64, len(s.Values))
		for j, v := range s.Values {
			data[i][j] = charts.GetNullValue()
			if v != nil {
				data[i][j] = *v
			}
		}
	}
	return data
}

func formatter(l sosyal.Language) charts.ValueFormatter {
	return func(v float64) string { return number(v, l) }
}
