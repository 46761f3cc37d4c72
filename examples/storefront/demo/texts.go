package demo

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/rickb777/date/v2"
)

//go:embed data/*.tsv
var data embed.FS

// bayram is the first day of a religious holiday.
type bayram struct {
	name  string
	first date.Date
	days  int
}

// kind of product as the catalogue knows it.
type noun struct {
	category, name, size string
	low, high            float64
}

// phrase is a fragment with its language; mood is empty outside mentions.
type phrase struct{ mood, language, text string }

// texts are the embedded vocabularies.
type texts struct {
	nouns      []noun
	series     [][2]string // name, ASCII form
	cities     []string
	cityTotals []float64 // running weights
	captions   map[string][]phrase
	tags       map[string][]string
	mentions   map[string][]phrase
	things     []string
}

// rows reads an embedded table: lines of tab-separated fields, # opens a comment.
func rows(name string, fields int) ([][]string, error) {
	text, err := data.ReadFile("data/" + name)
	if err != nil {
		return nil, fmt.Errorf("read embedded table: %w", err)
	}
	var table [][]string
	line := 0
	for text := range strings.Lines(string(text)) {
		line++
		text = strings.TrimRight(text, "\n")
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		row := strings.Split(text, "\t")
		if len(row) != fields {
			return nil, fmt.Errorf("embedded %s line %d: %d fields, must be %d", name, line, len(row), fields)
		}
		table = append(table, row)
	}
	return table, nil
}

func readBayrams() ([]bayram, error) {
	table, err := rows("bayram.tsv", 3)
	if err != nil {
		return nil, err
	}
	var list []bayram
	for _, row := range table {
		for i, b := range []bayram{{name: "ramazan_bayrami", days: 3}, {name: "kurban_bayrami", days: 4}} {
			t, err := time.Parse(time.DateOnly, row[i+1])
			if err != nil {
				return nil, fmt.Errorf("embedded bayram.tsv: %w", err)
			}
			b.first = date.NewAt(t)
			list = append(list, b)
		}
	}
	return list, nil
}

func readTexts() (texts, error) {
	t := texts{captions: map[string][]phrase{}, tags: map[string][]string{}, mentions: map[string][]phrase{}}
	nouns, err := rows("products.tsv", 5)
	if err != nil {
		return t, err
	}
	for _, row := range nouns {
		low, err := strconv.ParseFloat(row[2], 64)
		if err != nil {
			return t, fmt.Errorf("embedded products.tsv: %w", err)
		}
		high, err := strconv.ParseFloat(row[3], 64)
		if err != nil {
			return t, fmt.Errorf("embedded products.tsv: %w", err)
		}
		t.nouns = append(t.nouns, noun{row[0], row[1], row[4], low, high})
	}
	series, err := rows("series.tsv", 2)
	if err != nil {
		return t, err
	}
	for _, row := range series {
		t.series = append(t.series, [2]string{row[0], row[1]})
	}
	cities, err := rows("cities.tsv", 2)
	if err != nil {
		return t, err
	}
	total := 0.0
	for _, row := range cities {
		weight, err := strconv.ParseFloat(row[1], 64)
		if err != nil {
			return t, fmt.Errorf("embedded cities.tsv: %w", err)
		}
		total += weight
		t.cities = append(t.cities, row[0])
		t.cityTotals = append(t.cityTotals, total)
	}
	captions, err := rows("captions.tsv", 3)
	if err != nil {
		return t, err
	}
	for _, row := range captions {
		if row[1] == "#" {
			t.tags[row[0]] = append(t.tags[row[0]], strings.Fields(row[2])...)
			continue
		}
		key := row[0] + "/" + row[1]
		t.captions[key] = append(t.captions[key], phrase{"", row[1], row[2]})
	}
	mentions, err := rows("mentions.tsv", 3)
	if err != nil {
		return t, err
	}
	for _, row := range mentions {
		if row[0] == "thing" {
			t.things = append(t.things, row[2])
			continue
		}
		key := row[0] + "/" + row[1]
		t.mentions[key] = append(t.mentions[key], phrase{row[0], row[1], row[2]})
	}
	return t, nil
}
