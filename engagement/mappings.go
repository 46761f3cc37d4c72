package engagement

import (
	"embed"
	"fmt"
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

// candidates returns the mapping given, or the ready ones of a kind.
func candidates(given sosyal.Mapping, kind string) ([]sosyal.Mapping, error) {
	if given.Name != "" || len(given.Columns) > 0 {
		return []sosyal.Mapping{given}, given.Validate()
	}
	all, err := Mappings()
	if err != nil {
		return nil, err
	}
	var out []sosyal.Mapping
	for _, m := range all {
		if strings.HasPrefix(m.Name, kind) {
			out = append(out, m)
		}
	}
	return out, nil
}
