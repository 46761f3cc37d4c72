package sosyal

import "slices"

// Actor is somebody, or some program, that asks, edits, comments or decides.
// The host says who acts, with the roles the actor has at that moment: the
// library knows no passwords.
type Actor struct {
	ID ActorID `json:"id"`
	// Name is for people to read. It is personal data and never part of an
	// approval's trail.
	Name  string `json:"name,omitzero"`
	Roles []Role `json:"roles,omitempty"`
	Party Party  `json:"party"`
}

// Role is what an actor may be asked for. The constants are the usual ones; a
// host may use others.
type Role string

// Usual roles of a social media team and of those who sign for its work.
const (
	RoleAuthor     Role = "author"
	RoleDesigner   Role = "designer"
	RoleReviewer   Role = "reviewer"
	RoleApprover   Role = "approver"
	RoleManager    Role = "manager"
	RoleManagement Role = "management"
	RoleLegal      Role = "legal"
	RoleFinance    Role = "finance"
)

// Party is the side an actor stands on. Where an agency works for a company,
// what the agency makes is for the company to approve.
type Party string

// Parties.
const (
	// PartyClient is the company that owns the brand. A company that works
	// without an agency has no other party.
	PartyClient Party = "client"
	// PartyAgency is whoever works for the company from outside.
	PartyAgency Party = "agency"
)

// Is reports whether the actor has the role.
func (a Actor) Is(r Role) bool { return slices.Contains(a.Roles, r) }

// Validate reports a missing id and a party that is neither client nor agency.
func (a Actor) Validate() error {
	var p Problems
	p.Require(a.ID != "", "id", "is required", "")
	p.Require(a.Party.valid(), "party", "must be client or agency", string(a.Party))
	for i, r := range a.Roles {
		p.Require(r != "", indexed("roles", i), "must not be empty", "")
	}
	return p.Err()
}

func (p Party) valid() bool { return p == PartyClient || p == PartyAgency }

// traced returns the actor as a trail keeps it: without the name.
func (a Actor) traced() Actor {
	return Actor{ID: a.ID, Roles: slices.Clone(a.Roles), Party: a.Party}
}
