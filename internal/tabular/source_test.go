package tabular_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/tabular"
)

func TestValues(t *testing.T) {
	ready := func() ([]sosyal.Mapping, error) {
		return []sosyal.Mapping{{Name: "ready", Columns: map[string][]string{"n": {"Count"}}}}, nil
	}
	own := sosyal.Mapping{Name: "own", Columns: map[string][]string{"n": {"Zahl"}}}
	down := errors.New("no mappings here")
	number := func(row tabular.Row) (int64, error) {
		if row.Text("n") == "-" {
			return 7, tabular.ErrSkip
		}
		n, err := row.Int("n")
		return n + 100, err // a value beside an error is not to be seen
	}
	for name, c := range map[string]struct {
		source tabular.Source
		text   string
		want   []int64
		errs   []string
	}{
		"records in order, a bad one among them, one left out": {
			tabular.Source{Ready: ready}, "Count\n1\nx\n-\n2\n", []int64{101, 0, 102}, []string{"f.csv:3:"},
		},
		"a given mapping and not the ready ones": {tabular.Source{Mapping: own, Ready: ready}, "Zahl\n3\n", []int64{103}, nil},
		"no mapping fits":                        {tabular.Source{Ready: ready}, "Zahl\n3\n", []int64{0}, []string{"f.csv"}},
		"no mappings": {
			tabular.Source{Ready: func() ([]sosyal.Mapping, error) { return nil, down }}, "Count\n3\n", []int64{0}, []string{down.Error()},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c.source.Reader, c.source.File, c.source.Required = strings.NewReader(c.text), "f.csv", []string{"n"}
			var got []int64
			var errs []string
			for n, err := range tabular.Values(c.source, number) {
				got = append(got, n)
				if err != nil {
					errs = append(errs, err.Error())
				}
			}
			assert.Equal(t, c.want, got)
			if assert.Len(t, errs, len(c.errs)) {
				for i, place := range c.errs {
					assert.Contains(t, errs[i], place)
				}
			}
		})
	}
	two := tabular.Source{Reader: strings.NewReader("Count\n1\n2\n"), Ready: ready, Required: []string{"n"}}
	for n, err := range tabular.Values(two, number) {
		assert.NoError(t, err)
		assert.Equal(t, int64(101), n)
		break // who has enough stops reading
	}
}
