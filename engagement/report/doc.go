// Package report holds a report as data and writes it for people and programs.
//
// A [Report] is a list of sections, a [Section] a list of blocks: paragraphs,
// key figures, tables, charts, pictures. The packages that know something fill
// it; this package only knows how to show it. The same report is written as a
// single HTML file that needs no network ([Report.HTML]), as Markdown
// ([Report.Markdown]) and as JSON; a [Table] alone also as CSV ([Table.CSV]).
//
// Texts are in the report's language already: reasons become text through a
// [sosyal.Catalogue] where the report is filled.
package report
