package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Markdown writes the report as CommonMark with tables, for mail and chat.
// Charts become tables of their numbers; pictures given as data are left out,
// with their captions kept.
func (r Report) Markdown(w io.Writer) error {
	if err := r.Validate(); err != nil {
		return fmt.Errorf("writing report: %w", err)
	}
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "# %s\n", plain(r.Title))
	if r.Subtitle != "" {
		fmt.Fprintf(out, "\n%s\n", plain(r.Subtitle))
	}
	for _, s := range r.Sections {
		fmt.Fprintf(out, "\n## %s\n", plain(s.Title))
		for _, b := range s.Blocks {
			fmt.Fprintln(out)
			r.block(out, b)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing report: %w", err)
	}
	return nil
}

func (r Report) block(out *bufio.Writer, b Block) {
	switch {
	case b.Text != nil:
		for i, p := range b.Text.Paragraphs {
			switch {
			case b.Text.List:
				fmt.Fprintf(out, "- %s\n", plain(p))
			case i > 0:
				fmt.Fprintf(out, "\n%s\n", plain(p))
			default:
				fmt.Fprintf(out, "%s\n", plain(p))
			}
		}
	case len(b.Figures) > 0:
		for _, f := range b.Figures {
			fmt.Fprintf(out, "- **%s**: %s", plain(f.Label), plain(f.Value))
			if f.Note != "" {
				fmt.Fprintf(out, " (%s)", plain(f.Note))
			}
			fmt.Fprintln(out)
		}
	case b.Table != nil:
		markdownTable(out, *b.Table)
	case b.Chart != nil:
		markdownTable(out, b.Chart.table(r))
	case b.Gallery != nil:
		for _, p := range b.Gallery.Pictures {
			if strings.HasPrefix(p.Source, "data:") {
				fmt.Fprintf(out, "- %s\n", plain(p.Caption))
				continue
			}
			fmt.Fprintf(out, "![%s](<%s>)\n", plain(p.Alt), picture(p.Source))
		}
	}
}

// table shows a chart's numbers.
func (c Chart) table(r Report) Table {
	t := Table{Caption: c.Title, Columns: []Column{{Title: ""}}}
	if c.Kind == Intervals {
		t.Columns = append(t.Columns, Column{Title: c.Title, Number: true}, Column{Title: "", Number: true})
		for i, e := range c.Estimates {
			t.Rows = append(t.Rows, Cells(c.Categories[i], estimate(e.Value, r.Language)+c.Unit,
				estimate(e.Low, r.Language)+" – "+estimate(e.High, r.Language)))
		}
		return t
	}
	for _, s := range c.Series {
		t.Columns = append(t.Columns, Column{Title: s.Name, Number: true})
	}
	for i, category := range c.Categories {
		row := Cells(category)
		for _, s := range c.Series {
			text := ""
			if v := s.Values[i]; v != nil {
				text = number(*v, r.Language)
			}
			row = append(row, Cell{Text: text})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func markdownTable(out *bufio.Writer, t Table) {
	if t.Caption != "" {
		fmt.Fprintf(out, "%s\n\n", plain(t.Caption))
	}
	for _, c := range t.Columns {
		fmt.Fprintf(out, "| %s ", cell(c.Title))
	}
	fmt.Fprint(out, "|\n")
	for _, c := range t.Columns {
		rule := "---"
		if c.Number {
			rule = "---:"
		}
		fmt.Fprintf(out, "| %s ", rule)
	}
	fmt.Fprint(out, "|\n")
	for _, row := range t.Rows {
		for _, c := range row {
			fmt.Fprintf(out, "| %s ", cell(c.Text))
		}
		fmt.Fprint(out, "|\n")
	}
}

// plain keeps text from being taken for markup.
func plain(text string) string {
	return strings.NewReplacer(
		`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", "#", `\#`, "\r", "", "\n", " ",
	).Replace(text)
}

func cell(text string) string { return strings.ReplaceAll(plain(text), "|", `\|`) }
