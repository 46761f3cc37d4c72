package engagement

import (
	"embed"
	"slices"
	"strings"

	"github.com/yukselenler/sosyal"
)

//go:embed mappings/*.json
var mappingFiles embed.FS

// Mappings returns the ready mappings of [ReadPosts] and [ReadSnapshots], in
// alphabetical order of their names: those of posts begin with "posts-", those
// of snapshots with "snapshots-". Each says where its headers were taken from,
// when, and how sure that is; a host gives its own where a network has changed
// its export.
func Mappings() ([]sosyal.Mapping, error) { return sosyal.ReadMappings(mappingFiles, "mappings") }

// mappingsOf returns the ready mappings of a kind.
func mappingsOf(kind string) func() ([]sosyal.Mapping, error) {
	return func() ([]sosyal.Mapping, error) {
		all, err := Mappings()
		return slices.DeleteFunc(all, func(m sosyal.Mapping) bool { return !strings.HasPrefix(m.Name, kind) }), err
	}
}
