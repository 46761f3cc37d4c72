package upload

import (
	"slices"

	"github.com/yukselenler/sosyal"
)

// explain adds the reasons that the numbers of the export need.
func (r *run) explain() {
	x := &r.export
	for _, part := range []struct {
		code   string
		people int
	}{
		{"upload.withheld", x.Withheld},
		{"upload.unusable", x.Unusable},
		{"upload.repeated_people", x.Repeated},
		{"upload.bad_identifiers", x.BadIdentifiers},
		{"upload.waiting", x.Added.Waiting + x.Removed.Waiting},
	} {
		if part.people > 0 {
			x.Reasons = append(x.Reasons, sosyal.Because(part.code, sosyal.CountArg("people", part.people)))
		}
	}
	if unknown := x.Added.Unknown + x.Removed.Unknown; unknown > 0 {
		x.Reasons = append(x.Reasons, r.unknownReason(unknown))
	}
}

func (r *run) unknownReason(people int) sosyal.Reason {
	return sosyal.Because("upload.unknown", sosyal.CountArg("people", people), sosyal.TermArg("platform", r.export.Audience.Platform))
}

// summed is one reason for each kind of rejection, with the number of people, in
// the order of their first row.
func summed(rejections []Rejection) []sosyal.Reason {
	var codes []string
	people := map[string]int{}
	for _, one := range rejections {
		if !slices.Contains(codes, one.Reason.Code) {
			codes = append(codes, one.Reason.Code)
		}
		people[one.Reason.Code]++
	}
	var reasons []sosyal.Reason
	for _, code := range codes {
		reasons = append(reasons, sosyal.Because("upload.rejected",
			sosyal.CountArg("people", people[code]), sosyal.TermArg("why", code)))
	}
	return reasons
}

func exceptionReason(found []Finding, x Exception) sosyal.Reason {
	return sosyal.Because("upload.exception", sosyal.CountArg("attributes", len(found)),
		sosyal.TermArg("category", found[0].Category), sosyal.TextArg("by", string(x.By)), sosyal.TextArg("reason", x.Reason))
}
