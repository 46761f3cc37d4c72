package demo_test

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal/examples/storefront/demo"
)

// record is a line of a file by column name.
type record struct {
	columns map[string]int
	fields  []string
}

type row = *record

func (r *record) at(column string) string {
	if i, ok := r.columns[column]; ok {
		return r.fields[i]
	}
	panic("no column " + column)
}

func (r *record) number(t *testing.T, column string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(r.at(column), 64)
	require.NoError(t, err, column)
	return v
}

func (r *record) time(t *testing.T, column string) time.Time {
	t.Helper()
	v, err := time.Parse(time.DateTime, r.at(column))
	require.NoError(t, err, column)
	return v
}

func parse(t *testing.T, content []byte) []row {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(string(content))).ReadAll()
	require.NoError(t, err)
	list := make([]row, 0, len(lines))
	columns := map[string]int{}
	for i, name := range lines[0] {
		columns[name] = i
	}
	for _, line := range lines[1:] {
		list = append(list, &record{columns, line})
	}
	return list
}

// world makes a world and its history in a folder of the test.
func world(t *testing.T, options demo.Options) (*demo.World, string) {
	t.Helper()
	w, err := demo.New(options)
	require.NoError(t, err)
	dir := filepath.Join(t.TempDir(), "history")
	require.NoError(t, w.WriteHistory(t.Context(), dir, nil))
	return w, dir
}

func read(t *testing.T, dir, name string) []row {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, name))
	require.NoError(t, err)
	return parse(t, content)
}

func readTruth(t *testing.T, dir string) demo.Truth {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	require.NoError(t, err)
	var truth demo.Truth
	require.NoError(t, json.Unmarshal(content, &truth))
	return truth
}

// demand is a day's demand by the truth alone, independent of the generator.
func demand(t *testing.T, truth demo.Truth, day string) float64 {
	t.Helper()
	d, err := time.Parse(time.DateOnly, day)
	require.NoError(t, err)
	sum := truth.Orders.Weekday[strings.ToLower(d.Format("Mon"))]
	sum += truth.Orders.YearlyAmplitude * math.Cos(2*math.Pi*float64(d.YearDay()-truth.Orders.YearlyPeakDay)/365.25)
	for _, s := range truth.Orders.Special {
		if day >= s.From && day <= s.To {
			sum += s.Lift
		}
	}
	return math.Exp(sum)
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

func spread(values []float64) float64 {
	m, sum := mean(values), 0.0
	for _, v := range values {
		sum += (v - m) * (v - m)
	}
	return math.Sqrt(sum / float64(len(values)-1))
}
