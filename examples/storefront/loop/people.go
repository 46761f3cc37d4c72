package loop

import (
	"time"

	"github.com/yukselenler/sosyal"
)

// people of the shop. In a host they are its users; here they decide as the
// month is played, each within the rights that the policies give.
type people struct {
	manager    sosyal.Actor // plans and asks
	management sosyal.Actor // sets goals with the manager, decides on large sums
	finance    sosyal.Actor // decides on money
	reviewer   sosyal.Actor // looks at content before it goes out
}

func staff() people {
	return people{
		manager:    sosyal.Actor{ID: "elif", Name: "Elif Aydın", Roles: []sosyal.Role{sosyal.RoleAuthor, sosyal.RoleManager}, Party: sosyal.PartyClient},
		management: sosyal.Actor{ID: "kerem", Name: "Kerem Demir", Roles: []sosyal.Role{sosyal.RoleManagement}, Party: sosyal.PartyClient},
		finance:    sosyal.Actor{ID: "derya", Name: "Derya Kaya", Roles: []sosyal.Role{sosyal.RoleFinance}, Party: sosyal.PartyClient},
		reviewer:   sosyal.Actor{ID: "can", Name: "Can Yıldız", Roles: []sosyal.Role{sosyal.RoleReviewer}, Party: sosyal.PartyClient},
	}
}

// policy asks for one yes of a role within three days.
func policy(step string, role sosyal.Role) sosyal.ApprovalPolicy {
	return sosyal.ApprovalPolicy{
		Steps:       []sosyal.ApprovalStep{{Name: step, Roles: []sosyal.Role{role}}},
		ExpireAfter: 72 * time.Hour, RemindAfter: 4 * time.Hour, EscalateAfter: 16 * time.Hour, EscalateTo: []sosyal.Role{sosyal.RoleManagement},
	}
}

// agreed submits content for approval and lets the person decide on it.
func agreed(
	p sosyal.ApprovalPolicy, brand sosyal.BrandID, subject string, hash sosyal.ContentHash, by, decider sosyal.Actor, now time.Time,
) (sosyal.Approval, error) {
	a, err := sosyal.NewApproval(p, sosyal.ApprovalRequest{Brand: brand, Subject: subject, By: by, Hash: hash}, now)
	if err != nil {
		return a, err
	}
	return a.Decide(sosyal.Decision{By: decider, Verdict: sosyal.VerdictApprove, Hash: hash}, now.Add(2*time.Hour))
}
