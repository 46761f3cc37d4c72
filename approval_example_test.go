package sosyal_test

import (
	"fmt"
	"time"

	"github.com/yukselenler/sosyal"
)

// An agency writes a post, its own reviewer reads it, and the client signs. An
// edit after the signature sends it back.
func ExampleNewApproval() {
	writer := sosyal.Actor{ID: "elif", Roles: []sosyal.Role{sosyal.RoleAuthor}, Party: sosyal.PartyAgency}
	reviewer := sosyal.Actor{ID: "mert", Roles: []sosyal.Role{sosyal.RoleReviewer}, Party: sosyal.PartyAgency}
	manager := sosyal.Actor{ID: "ayla", Roles: []sosyal.Role{sosyal.RoleManager}, Party: sosyal.PartyClient}
	policy := sosyal.ApprovalPolicy{
		Steps: []sosyal.ApprovalStep{
			{Name: "agency review", Roles: []sosyal.Role{sosyal.RoleReviewer}, Party: sosyal.PartyAgency},
			{Name: "client", Roles: []sosyal.Role{sosyal.RoleManager}},
		},
		ExpireAfter: 72 * time.Hour,
	}
	now := time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)
	post := func(caption string) sosyal.ContentHash {
		return sosyal.NewContentHasher("v1", "post").Text("caption", caption).Sum()
	}

	first := post("Cilt bakımında 3 adım")
	a, err := sosyal.NewApproval(policy, sosyal.ApprovalRequest{
		Brand: "lale", Subject: "post/17", By: writer, Hash: first,
	}, now)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, who := range []sosyal.Actor{writer, reviewer, manager} {
		next, err := a.Decide(sosyal.Decision{By: who, Verdict: sosyal.VerdictApprove, Hash: first}, now.Add(time.Hour))
		if err != nil {
			fmt.Println(who.ID, "may not:", err)
			continue
		}
		a = next
		fmt.Println(who.ID, "approved:", a.State(now.Add(time.Hour)))
	}

	second := post("Cilt bakımında 4 adım")
	fmt.Println("the edit is approved:", a.Approved(second, now.Add(2*time.Hour)))
	a, err = a.Resubmit(writer, second, "one more step", now.Add(2*time.Hour))
	if err != nil {
		fmt.Println(err)
		return
	}
	texts := sosyal.NewCatalogue(sosyal.English, sosyal.StandardMessages(sosyal.English))
	for _, r := range a.Reasons(now.Add(2 * time.Hour)) {
		fmt.Println(texts.Text(r))
	}
	// Output:
	// elif may not: by: must not have asked for approval or edited the content
	// mert approved: in_review
	// ayla approved: approved
	// the edit is approved: false
	// post/17, version 2: step “agency review” has 0 of 1 approval
}
