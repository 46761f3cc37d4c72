package reputation

import (
	"embed"
	"io"
	"iter"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/tabular"
)

//go:embed mappings/*.json
var mappingFiles embed.FS

// Mappings returns the ready mappings of [ReadMentions].
func Mappings() ([]sosyal.Mapping, error) { return sosyal.ReadMappings(mappingFiles, "mappings") }

// ReadMentions reads an export of mentions with the fields id, about, network,
// at, author, text, url and label (positive, neutral or negative). A zero
// mapping means: the one among [Mappings] that fits the header. The file name is
// used in messages only. A row that cannot be read yields a zero Mention and a
// [*sosyal.RowError], which never holds the author or the text, and reading goes
// on; a file that cannot be read yields one error and ends.
func ReadMentions(r io.Reader, file string, m sosyal.Mapping) iter.Seq2[Mention, error] {
	return tabular.Values(tabular.Source{
		Reader: r, File: file, Mapping: m, Ready: Mappings, Required: []string{"id", "about", "network", "at"},
	}, readMention)
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
