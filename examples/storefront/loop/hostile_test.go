package loop_test

import (
	"archive/zip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/yukselenler/sosyal/examples/storefront/loop"
)

// A line that cannot be added up is left out like any other bad line, whether it
// lies before the month or in it.
func TestLinesThatDoNotAddUp(t *testing.T) {
	good, _ := exportsOf(t, orders())
	good.Month = "2026-10"
	require.NoError(t, loop.Run(t.Context(), good))

	o, printed := exportsOf(t, orders()+
		"e1,2026-08-20 10:00:00,c1,paid,p1,cilt,1,10.00,EUR,İzmir,,,,\n"+
		"e2,2026-10-20 10:00:00,c1,paid,p1,cilt,1,10.00,EUR,İzmir,,,,\n"+
		"e3,2026-08-20 10:00:00,c1,paid,p1,cilt,9999999999999999999,10.00,TRY,İzmir,,,,\n"+
		"e4,2026-10-20 10:00:00,c1,paid,p1,cilt,1,0.000000000001,TRY,İzmir,,,,\n")
	o.Month = "2026-10"
	require.NoError(t, loop.Run(t.Context(), o))
	for _, line := range []string{":142: currencies differ: TRY and EUR", ":143: currencies differ", ":144: quantity", ":145: unit_price"} {
		assert.Contains(t, printed.String(), line)
	}
	assert.Equal(t, read(t, good, "segments.csv"), read(t, o, "segments.csv"))
}

// A small workbook cannot ask for any amount of memory.
func TestWorkbooksAreBounded(t *testing.T) {
	o, _ := exportsOf(t, orders())
	o.Orders = filepath.Join(filepath.Dir(o.Orders), "orders.xlsx")

	wide := excelize.NewFile()
	require.NoError(t, wide.SetCellValue("Sheet1", "A1", "order_id"))
	require.NoError(t, wide.SetCellValue("Sheet1", "XFD2", "x"))
	require.NoError(t, wide.SaveAs(o.Orders))
	require.ErrorContains(t, loop.Run(t.Context(), o), "more than 1024 columns")

	f, err := os.Create(o.Orders)
	require.NoError(t, err)
	deep := zip.NewWriter(f)
	// A gigabyte, as the archive says; it is refused before it is unpacked.
	w, err := deep.CreateRaw(&zip.FileHeader{
		Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate, UncompressedSize64: 1 << 30, CompressedSize64: 4,
	})
	require.NoError(t, err)
	_, err = w.Write([]byte(strings.Repeat("x", 4)))
	require.NoError(t, err)
	require.NoError(t, deep.Close())
	require.NoError(t, f.Close())
	require.ErrorContains(t, loop.Run(t.Context(), o), "exceeds")
}
