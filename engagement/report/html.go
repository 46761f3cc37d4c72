package report

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/yukselenler/sosyal"
)

//go:embed report.gohtml
var page string

// HTML writes the report as one file that needs nothing else: styles and
// drawings are part of it, it adapts to a phone and to dark screens, and it
// prints. Pictures are referred to as they are given; use data URLs to have
// them inside as well. Texts are escaped.
func (r Report) HTML(w io.Writer) error {
	if err := r.Validate(); err != nil {
		return fmt.Errorf("writing report: %w", err)
	}
	t, err := template.New("report").Funcs(template.FuncMap{
		"svg":     func(c *Chart) (template.HTML, error) { return drawn(c, r.Language) },
		"picture": picture,
		"created": func() string { return created(r) },
	}).Parse(page)
	if err != nil {
		return fmt.Errorf("writing report: %w", err)
	}
	if err := t.Execute(w, r); err != nil {
		return fmt.Errorf("writing report: %w", err)
	}
	return nil
}

// drawn trusts the drawing: this package makes it and escapes the texts in it.
func drawn(c *Chart, l sosyal.Language) (template.HTML, error) {
	svg, err := c.SVG(l)
	return template.HTML(svg), err //nolint:gosec // made and escaped here
}

// picture lets relative addresses, http(s) and pictures as data pass; anything
// else could run code.
func picture(source string) template.URL {
	scheme, _, found := strings.Cut(source, ":")
	image := strings.HasPrefix(source, "data:image/")
	if found && !image && scheme != "https" && scheme != "http" && !strings.Contains(scheme, "/") {
		return "#"
	}
	return template.URL(source) //nolint:gosec // checked above
}

func created(r Report) string {
	t := r.Created
	return sosyal.FormatDate(sosyal.DateOf(t, t.Location()), r.Language) + " " + t.Format("15:04")
}

// JSON writes the report as it is, indented, for programs that show it their
// own way.
func (r Report) JSON(w io.Writer) error {
	if err := r.Validate(); err != nil {
		return fmt.Errorf("writing report: %w", err)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(r); err != nil {
		return fmt.Errorf("writing report: %w", err)
	}
	return nil
}
