package report

import (
	"fmt"
	"html"
	"math"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// number writes an axis label: as many decimals as its size asks for.
func number(v float64, l sosyal.Language) string {
	places := int32(0)
	switch size := math.Abs(v); {
	case size == 0 || size >= 100:
	case size >= 10:
		places = 1
	default:
		places = 2
	}
	text := sosyal.FormatDecimal(decimal.NewFromFloat(v), places, l.Convention())
	mark := "."
	if l.Convention() == sosyal.CommaDecimal {
		mark = ","
	}
	if strings.Contains(text, mark) && places > 0 {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), mark)
	}
	return text
}

// estimate writes a value with the decimals that let it be compared with others.
func estimate(v float64, l sosyal.Language) string {
	places := int32(2)
	if math.Abs(v) >= 100 {
		places = 0
	}
	return sosyal.FormatDecimal(decimal.NewFromFloat(v), places, l.Convention())
}

const (
	rowHeight  = 30
	labelWidth = 210
	axisHeight = 28
	rightEdge  = chartWidth - 70
)

// intervalSVG draws one row for each category: the interval as a line, the
// estimate as a dot, and the baseline as a dashed line through all of them.
func (c Chart) intervalSVG(l sosyal.Language) []byte {
	low, high := c.Baseline, c.Baseline
	for _, e := range c.Estimates {
		low, high = min(low, e.Low), max(high, e.High)
	}
	step := niceStep((high - low) / 5)
	low, high = math.Floor(low/step)*step, math.Ceil(high/step)*step
	x := func(v float64) float64 { return labelWidth + (v-low)/(high-low)*(rightEdge-labelWidth) }
	height := len(c.Categories)*rowHeight + axisHeight + 8

	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s" font-family="inherit" font-size="13">`,
		chartWidth, height, html.EscapeString(c.Title))
	bottom := height - axisHeight
	for i := 0; ; i++ {
		v := low + float64(i)*step
		if v > high+step/2 {
			break
		}
		fmt.Fprintf(&b, `<line x1="%.1f" y1="4" x2="%.1f" y2="%d" stroke="currentColor" stroke-opacity="0.12"/>`, x(v), x(v), bottom)
		fmt.Fprintf(&b, `<text x="%.1f" y="%d" text-anchor="middle" fill="currentColor" fill-opacity="0.65">%s</text>`,
			x(v), bottom+19, html.EscapeString(number(v, l)+c.Unit))
	}
	fmt.Fprintf(&b, `<line x1="%.1f" y1="4" x2="%.1f" y2="%d" stroke="currentColor" stroke-dasharray="4 3" stroke-opacity="0.7"/>`,
		x(c.Baseline), x(c.Baseline), bottom)
	for i, e := range c.Estimates {
		y := float64(i)*rowHeight + rowHeight/2 + 4
		colour := toneColour(e.Tone)
		fmt.Fprintf(&b, `<text x="%d" y="%.1f" text-anchor="end" fill="currentColor">%s</text>`,
			labelWidth-14, y+4.5, html.EscapeString(c.Categories[i]))
		fmt.Fprintf(&b, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s" stroke-width="3" stroke-linecap="round" stroke-opacity="0.55"/>`,
			x(e.Low), y, x(e.High), y, colour)
		fmt.Fprintf(&b, `<circle cx="%.1f" cy="%.1f" r="5.5" fill="%s"/>`, x(e.Value), y, colour)
		fmt.Fprintf(&b, `<text x="%d" y="%.1f" fill="%s" font-weight="600">%s</text>`,
			rightEdge+12, y+4.5, colour, html.EscapeString(estimate(e.Value, l)+c.Unit))
	}
	b.WriteString("</svg>")
	return []byte(b.String())
}

// niceStep rounds up to 1, 2 or 5 times a power of ten.
func niceStep(raw float64) float64 {
	if raw <= 0 || math.IsNaN(raw) || math.IsInf(raw, 0) {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, factor := range []float64{1, 2, 5} {
		if raw <= factor*power {
			return factor * power
		}
	}
	return 10 * power
}

// toneColour holds colours that differ in lightness as well, for readers who do
// not tell green from red.
func toneColour(t Tone) string {
	switch t {
	case Good:
		return "#0f7b53"
	case Bad:
		return "#c2410c"
	case Unclear, Neutral:
	}
	return "#7a8699"
}
