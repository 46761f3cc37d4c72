package reputation

import (
	"embed"
	"fmt"
	"io"
	"iter"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/tabular"
)

//go:embed mappings/*.json
var mappingFiles embed.FS

// Mappings returns the ready mappings of [ReadMentions].
func Mappings() ([]sosyal.Mapping, error) {
	files, err := mappingFiles.ReadDir("mappings")
	if err != nil {
		return nil, fmt.Errorf("listing mappings: %w", err)
	}
	var out []sosyal.Mapping
	for _, f := range files {
		r, err := mappingFiles.Open("mappings/" + f.Name())
		if err != nil {
			return nil, fmt.Errorf("opening mapping %s: %w", f.Name(), err)
		}
		m, err := sosyal.ReadMapping(r)
		_ = r.Close() // an embedded file has nothing to lose
		if err != nil {
			return nil, fmt.Errorf("mapping %s: %w", f.Name(), err)
		}
		out = append(out, m)
	}
	return out, nil
}

// ReadMentions reads an export of mentions with the fields id, about, network,
// at, author, text, url and label (positive, neutral or negative). A zero
// mapping means: the one among [Mappings] that fits the header. The file name is
// used in messages only. A row that cannot be read yields a zero Mention and a
// [*sosyal.RowError], which never holds the author or the text, and reading goes
// on; a file that cannot be read yields one error and ends.
func ReadMentions(r io.Reader, file string, m sosyal.Mapping) iter.Seq2[Mention, error] {
	return func(yield func(Mention, error) bool) {
		mappings, err := []sosyal.Mapping{m}, error(nil)
		if m.Name == "" && len(m.Columns) == 0 {
			mappings, err = Mappings()
		}
		if err != nil {
			yield(Mention{}, err)
			return
		}
		table, err := tabular.Open(r, file, mappings, "id", "about", "network", "at")
		if err != nil {
			yield(Mention{}, err)
			return
		}
		for row, err := range table.Rows() {
			var mention Mention
			if err == nil {
				mention, err = readMention(row)
			}
			if err != nil {
				mention = Mention{}
			}
			if !yield(mention, err) {
				return
			}
		}
	}
}

func readMention(row tabular.Row) (Mention, error) {
	at, err := row.Time("at")
	if err != nil {
		return Mention{}, err
	}
	m := Mention{
		ID: row.Text("id"), About: Tracked(row.Text("about")), Network: sosyal.Network(row.Text("network")), At: at,
		Author: sosyal.PersonID(row.Text("author")), Text: row.Text("text"), URL: row.Text("url"),
		Sentiment: Sentiment{Label: Label(row.Text("label"))},
	}
	if found := sosyal.FieldErrors(m.Validate()); len(found) > 0 {
		if found[0].Field == "sentiment.label" {
			return Mention{}, row.Fail("label", found[0].Rule)
		}
		return Mention{}, row.FailPersonal(found[0].Field, found[0].Rule)
	}
	return m, nil
}
