// Package spreadsheet keeps what we write for spreadsheets from being run by
// them.
package spreadsheet

import "strings"

// Inert returns text that no spreadsheet takes for a formula: an apostrophe is
// put before the characters that begin one, =, +, -, @, their full-width forms,
// tab, carriage return and line feed (OWASP, CSV Injection, read 2026-11).
// Numbers that begin with a sign get one as well: it is for cells of text.
func Inert(text string) string {
	for _, begin := range []string{"=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n"} {
		if strings.HasPrefix(text, begin) {
			return "'" + text
		}
	}
	return text
}
