package sosyal_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
)

func TestReadMappings(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	files := fstest.MapFS{
		"shop/b.json": file(`{"name":"b","columns":{"price":["Price"]}}`),
		"shop/a.json": file(`{"name":"a","columns":{"price":["Fiyat"]}}`),
		"bad/a.json":  file(`{"name":"a"}`),
		"two/a.json":  file(`{"name":"a","columns":{"price":["Fiyat"]}} {"name":"b"}`),
		"one.json":    file(`{"name":"one","columns":{"price":["Fiyat"]}}`),
	}
	names := func(mappings []sosyal.Mapping) (out []string) {
		for _, m := range mappings {
			out = append(out, m.Name)
		}
		return out
	}
	read, err := sosyal.ReadMappings(files, "shop")
	require.NoError(t, err)
	assert.Equal(t, []string{"a", "b"}, names(read))

	top, err := sosyal.ReadMappings(fstest.MapFS{"one.json": files["one.json"]}, ".")
	require.NoError(t, err)
	assert.Equal(t, []string{"one"}, names(top))

	for _, folder := range []string{"bad", "two"} {
		_, err = sosyal.ReadMappings(files, folder)
		require.ErrorIs(t, err, sosyal.ErrInvalid, folder)
		assert.ErrorContains(t, err, "mapping a.json", "the file at fault is named")
	}
	_, err = sosyal.ReadMappings(files, "nowhere")
	require.Error(t, err)
}
