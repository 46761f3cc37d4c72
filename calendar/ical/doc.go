// Package ical writes calendars as iCalendar (RFC 5545), for calendar programs
// that people have anyway.
//
// It builds on a library and holds to what programs need beyond it: lines end in
// CRLF and are folded at 75 octets, never inside a character; times carry their
// zone with a short VTIMEZONE of just the transitions that matter; identifiers are
// stable and versions become SEQUENCE, so that an updated file moves entries
// instead of doubling them.
package ical
