// Package tabular reads the tables that shops, networks and ad platforms
// export: CSV in whatever encoding, separator and way of writing numbers and
// dates, described by a [sosyal.Mapping] from their headers to our fields.
//
// What is found out from the file itself: compression (gzip, by its first
// bytes), encoding (UTF-8, UTF-16 by its mark, else windows-1254), separator
// (comma, semicolon, tab, bar), the line on which the header stands (ad
// platforms write titles above it) and, among several mappings, the one that
// fits. What cannot be known from a value alone, such as whether 1.234 is one
// or a thousand, is an error that says which setting of the mapping decides it.
//
// [Open] finds the header, [Reader.Rows] yields the records, and [Values] makes
// a value of each. A record or value
// that cannot be read is a [sosyal.RowError] with file, line and column, and
// reading goes on with the next one.
package tabular
