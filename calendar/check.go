package calendar

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/rickb777/date/v2"
	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/calendar/network"
)

// FieldDisclosure is the field of issues about advertising labels.
const FieldDisclosure network.Field = "disclosure"

// Check returns everything that the network of a variant would refuse or question
// on a day, and a missing or hidden advertising label where the item asks for one
// by the practice of a country (ISO 3166 alpha-2; others than Turkey have common
// labels). A network without facts is [sosyal.ErrUnsupported].
func Check(it Item, v Variant, country string, on date.Date) ([]network.Issue, error) {
	rules, err := network.For(v.Destination, on)
	if err != nil {
		return nil, fmt.Errorf("item %s: %w", it.ID, err)
	}
	issues := rules.Check(v.Content())
	label, err := checkDisclosure(it, v, country)
	if err != nil {
		return nil, err
	}
	return append(issues, label...), nil
}

// Content is the variant as far as a network's rules reach.
func (v Variant) Content() network.Content {
	link := ""
	if v.Link != (sosyal.Link{}) {
		link = v.Link.String()
	}
	return network.Content{
		Format: v.Format, Title: v.Title, Text: v.Text, Comment: v.FirstComment, Link: link, Media: v.Media,
	}
}

//go:embed data/disclosure.json
var disclosureFile []byte

type disclosureLabels struct {
	Country    string     `json:"country"`
	Disclosure Disclosure `json:"disclosure"`
	Labels     []string   `json:"labels"`
	Confidence string     `json:"confidence"`
	Source     string     `json:"source"`
}

func checkDisclosure(it Item, v Variant, country string) ([]network.Issue, error) {
	if it.Disclosure == "" {
		return nil, nil
	}
	var facts struct {
		Visible       int                `json:"visible"`
		VisibleSource string             `json:"visible_source"`
		Labels        []disclosureLabels `json:"labels"`
	}
	if err := json.Unmarshal(disclosureFile, &facts); err != nil {
		return nil, fmt.Errorf("embedded disclosure labels: %w", err)
	}
	at := slices.IndexFunc(facts.Labels, func(d disclosureLabels) bool {
		return d.Disclosure == it.Disclosure && (d.Country == country || d.Country == "")
	})
	if at < 0 {
		return nil, fmt.Errorf("item %s: disclosure %q: %w", it.ID, string(it.Disclosure), sosyal.ErrUnsupported)
	}
	known := facts.Labels[at]
	text := foldLabel(v.Text)
	for _, label := range known.Labels {
		before, found := cutLabel(text, foldLabel(label))
		if !found {
			continue
		}
		if n, _ := network.Graphemes.Of(network.FieldText, before); n+len([]rune(label)) <= facts.Visible {
			return nil, nil
		}
		return []network.Issue{{
			Field: FieldDisclosure, Media: -1, Unit: network.Graphemes, Limit: float64(facts.Visible), Severity: network.Warning,
			Fix:    sosyal.Because("calendar.disclosure.hidden", sosyal.TextArg("label", label), sosyal.CountArg("visible", facts.Visible)),
			Source: facts.VisibleSource, Confidence: "U",
		}}, nil
	}
	return []network.Issue{{
		Field: FieldDisclosure, Media: -1, Severity: network.Error,
		Fix:    sosyal.Because("calendar.disclosure.missing", sosyal.TextArg("labels", strings.Join(known.Labels, ", "))),
		Source: known.Source, Confidence: known.Confidence,
	}}, nil
}

// foldLabel makes labels comparable however they are capitalised: a Turkish
// capital I with or without dot is the same letter here.
func foldLabel(text string) string {
	text = strings.NewReplacer("İ", "i", "I", "i", "ı", "i").Replace(norm.NFC.String(text))
	return cases.Lower(language.Und).String(text)
}

// cutLabel returns the text before a label that stands as a whole.
func cutLabel(text, label string) (string, bool) {
	for at := 0; ; {
		k := strings.Index(text[at:], label)
		if k < 0 {
			return "", false
		}
		before, after := text[:at+k], text[at+k+len(label):]
		if after == "" || !strings.ContainsAny(after[:1], "abcdefghijklmnopqrstuvwxyz0123456789_") && after[0] < 0x80 {
			return before, true
		}
		at += k + len(label)
	}
}
