package upload_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience/upload"
	"github.com/yukselenler/sosyal/sosyaltest"
)

func TestBothLanguagesSayTheSame(t *testing.T) {
	assert.NoError(t, sosyaltest.CheckMessages(upload.Messages(sosyal.English), upload.Messages(sosyal.Turkish)))
	assert.Nil(t, upload.Messages("de"))
}

// Every code that the sources of the package give a reason has a text, and every
// text a code.
func TestEveryReasonHasASentence(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	given := map[string]bool{ // made from the names of limits
		"upload." + string(upload.MinimumAudience): true, "upload." + string(upload.MinimumSeed): true,
	}
	code := regexp.MustCompile(`(?:Because\(|\{)"(upload\.[a-z_.]+)"`)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, found := range code.FindAllStringSubmatch(string(text), -1) {
			if !strings.HasSuffix(found[1], ".") {
				given[found[1]] = true
			}
		}
	}
	var texts []string
	for _, key := range slices.Sorted(maps.Keys(upload.Messages(sosyal.English))) {
		if strings.HasPrefix(key, "upload.") {
			texts = append(texts, key)
		}
	}
	assert.Equal(t, slices.Sorted(maps.Keys(given)), texts)
}
