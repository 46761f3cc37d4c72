package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement/report"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func sample() report.Report {
	spend := report.Values("Harcama", 1200, 1350, 990, 1500)
	plan := report.Values("Plan", 1250, 1250, 1250, 1250)
	spend.Values[2] = nil // not reported
	return report.Report{
		Title: "Kasım 2026 <raporu>", Subtitle: "Demo mağaza", Language: sosyal.Turkish,
		Created: time.Date(2026, 11, 30, 9, 5, 0, 0, time.FixedZone("+03", 3*3600)),
		Sections: []report.Section{
			{ID: "ozet", Title: "Özet", Blocks: []report.Block{
				{Figures: []report.Figure{
					{Label: "Ciro", Value: "₺1.234.567,00", Note: "hedefin %92'si", Tone: report.Bad},
					{Label: "Etkileşim oranı", Value: "%4,2", Tone: report.Good},
				}},
				report.Paragraph("İlk paragraf: *yıldız* ve <b>etiket</b> kaçışlı.", "İkinci."),
				report.Points("bir", "iki"),
			}},
			{ID: "tablo", Title: "Tablo", Blocks: []report.Block{
				{Table: &report.Table{
					Caption: "Kalemler", Columns: []report.Column{{Title: "Kalem"}, {Title: "Tutar", Number: true}},
					Rows: [][]report.Cell{
						{{Text: "Reklam | medya"}, {Text: "₺1.200,00", Raw: "1200.00"}},
						{{Text: "=HYPERLINK(\"x\")"}, {Text: "-5", Tone: report.Bad}},
					},
				}},
				{Chart: &report.Chart{Kind: report.Lines, Title: "Günlük harcama", Categories: []string{"1", "2", "3", "4"}, Series: []report.Series{spend, plan}}},
				{Chart: &report.Chart{Kind: report.Bars, Title: "Ağ başına", Categories: []string{"Instagram", "TikTok"}, Series: []report.Series{report.Values("Gönderi", 12, 20)}}},
				{Chart: &report.Chart{
					Kind: report.Intervals, Title: "Kategorilerin etkisi", Baseline: 1, Unit: "×", Categories: []string{"Nasıl yapılır", "İlham <&>", "Kampanya"},
					Estimates: []report.Estimate{{1.42, 1.2, 1.7, report.Good}, {1.02, 0.85, 1.2, report.Unclear}, {0.7, 0.6, 0.83, report.Bad}},
				}},
				{Gallery: &report.Gallery{Pictures: []report.Picture{{Source: "gorseller/1.jpg", Alt: "Serum", Caption: "Serum"}, {Source: "javascript:alert(1)", Alt: "x"}}}},
			}},
		},
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile("testdata/"+name, got, 0o600))
	}
	want, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got))
}

func TestMarkdown(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, sample().Markdown(&b))
	golden(t, "report.md", b.Bytes())
}

// The page is parsed by an HTML parser that is not ours, and what must be in it
// is looked for in the parsed tree.
func TestHTML(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, sample().HTML(&b))
	if *update {
		require.NoError(t, os.WriteFile(os.TempDir()+"/report.html", b.Bytes(), 0o600))
	}
	root, err := html.Parse(bytes.NewReader(b.Bytes()))
	require.NoError(t, err)
	count := map[string]int{}
	var texts []string
	var sources []string
	for n := range root.Descendants() {
		switch n.Type {
		case html.ElementNode:
			count[n.Data]++
			for _, a := range n.Attr {
				if a.Key == "src" || a.Key == "href" {
					sources = append(sources, a.Val)
				}
				assert.False(t, strings.HasPrefix(a.Key, "on"), "no handlers: %s", a.Key)
			}
		case html.TextNode:
			texts = append(texts, n.Data)
		case html.ErrorNode, html.DocumentNode, html.CommentNode, html.DoctypeNode, html.RawNode:
		}
	}
	assert.Equal(t, 2, count["section"])
	assert.Equal(t, 3, count["svg"])
	assert.Zero(t, count["script"])
	assert.Zero(t, count["b"], "texts are escaped")
	assert.Contains(t, texts, "Kasım 2026 <raporu>")
	assert.Contains(t, texts, "İlham <&>")
	assert.Contains(t, texts, "30 Kasım 2026 09:05")
	assert.Contains(t, texts, "₺1.200,00")
	assert.Equal(t, []string{"#ozet", "#tablo", "gorseller/1.jpg", "#"}, sources, "nothing from elsewhere, no scripts as pictures")
}

func TestChartsAreXMLAndRepeatable(t *testing.T) {
	for _, b := range sample().Sections[1].Blocks {
		if b.Chart == nil {
			continue
		}
		first, err := b.Chart.SVG(sosyal.Turkish)
		require.NoError(t, err)
		second, err := b.Chart.SVG(sosyal.Turkish)
		require.NoError(t, err)
		assert.Equal(t, first, second)
		d := xml.NewDecoder(bytes.NewReader(first))
		for {
			_, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
		}
	}
}

func TestCSV(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, sample().Sections[1].Blocks[0].Table.CSV(&b))
	assert.Equal(t, "Kalem,Tutar\r\nReklam | medya,1200.00\r\n\"'=HYPERLINK(\"\"x\"\")\",-5\r\n", b.String())
	records, err := csv.NewReader(&b).ReadAll()
	require.NoError(t, err)
	assert.Len(t, records, 3)
}

func TestCSVIsInert(t *testing.T) {
	for text, want := range map[string]string{
		"a=b": "a=b", "=1+1": "'=1+1", "+905": "+905", "-12.5": "-12.5", "-x": "'-x", "@a": "'@a", "\tx": "'\tx", "-1+cmd": "'-1+cmd",
	} {
		for name, cell := range map[string]report.Cell{"text": {Text: text}, "raw": {Text: "x", Raw: text}} {
			table := report.Table{Columns: []report.Column{{Title: text}}, Rows: [][]report.Cell{{cell}}}
			var b bytes.Buffer
			require.NoError(t, table.CSV(&b))
			records, err := csv.NewReader(&b).ReadAll()
			require.NoError(t, err)
			assert.Equal(t, [][]string{{want}, {want}}, records, name)
		}
	}
}

func TestJSONRoundTrip(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, sample().JSON(&b))
	var back report.Report
	require.NoError(t, json.Unmarshal(b.Bytes(), &back))
	back.Created = sample().Created // zones of the same offset differ by name
	assert.Equal(t, sample(), back)
}

func TestReportRefuses(t *testing.T) {
	cases := map[string]func(*report.Report){
		"title":                               func(r *report.Report) { r.Title = "" },
		"sections[0].id":                      func(r *report.Report) { r.Sections[0].ID = "a b" },
		"sections[1].id":                      func(r *report.Report) { r.Sections[1].ID = "ozet" },
		"sections[0].blocks[0]":               func(r *report.Report) { r.Sections[0].Blocks[0].Text = &report.Text{} },
		"sections[1].blocks[0].table.rows[0]": func(r *report.Report) { r.Sections[1].Blocks[0].Table.Rows[0] = nil },
		"sections[1].blocks[1].chart.series[0]": func(r *report.Report) {
			r.Sections[1].Blocks[1].Chart.Series[0].Values[0] = new(math.NaN())
		},
		"sections[1].blocks[3].chart.estimates[0]": func(r *report.Report) { r.Sections[1].Blocks[3].Chart.Estimates[0].Low = 9 },
	}
	for field, change := range cases {
		r := sample()
		change(&r)
		found := sosyal.FieldErrors(r.Validate())
		require.Len(t, found, 1, field)
		assert.Equal(t, field, found[0].Field)
		for _, write := range []func(io.Writer) error{r.HTML, r.Markdown, r.JSON} {
			var b bytes.Buffer
			require.ErrorIs(t, write(&b), sosyal.ErrInvalid)
			assert.Zero(t, b.Len(), "nothing half-written")
		}
	}
}

func ExampleReport_Markdown() {
	r := report.Report{Title: "November", Language: sosyal.English, Sections: []report.Section{{
		ID: "content", Title: "Content", Blocks: []report.Block{
			{Figures: []report.Figure{{Label: "Engagement rate by reach", Value: "4.2%", Note: "pooled, 31 posts"}}},
			{Table: &report.Table{
				Columns: []report.Column{{Title: "Category"}, {Title: "Posts", Number: true}},
				Rows:    [][]report.Cell{report.Cells("How-to", "12"), report.Cells("Offer", "9")},
			}},
		},
	}}}
	if err := r.Markdown(os.Stdout); err != nil {
		panic(err)
	}
	// Output:
	// # November
	//
	// ## Content
	//
	// - **Engagement rate by reach**: 4.2% (pooled, 31 posts)
	//
	// | Category | Posts |
	// | --- | ---: |
	// | How-to | 12 |
	// | Offer | 9 |
}
