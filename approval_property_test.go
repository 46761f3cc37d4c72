package sosyal_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
)

// met decides from policy and trail alone whether the content is approved. It
// is written from the rules as the documentation states them, one question at a
// time, and shares no code with the engine.
func met(p sosyal.ApprovalPolicy, trail []sosyal.ApprovalEntry, hash sosyal.ContentHash, now time.Time) bool {
	last := -1
	involved := map[sosyal.ActorID]bool{}
	for i, e := range trail {
		if e.Action == sosyal.ActionRequest || e.Action == sosyal.ActionResubmit {
			last = i
			involved[e.By.ID] = true
			for _, id := range e.Editors {
				involved[id] = true
			}
		}
	}
	if last < 0 || trail[last].Hash != hash || heldAt(p, trail, now) {
		return false
	}
	if p.AllowSelfApproval {
		involved = map[sosyal.ActorID]bool{}
	}
	if p.Automatic {
		return !slices.ContainsFunc(trail[last:], func(e sosyal.ApprovalEntry) bool {
			return e.Action == sosyal.ActionWithdraw || e.Action == sosyal.ActionExpire
		}) && (p.ValidFor == 0 || now.Before(trail[last].At.Add(p.ValidFor)))
	}
	step, done := 0, trail[last].At
	byStep := make([][]sosyal.ApprovalEntry, len(p.Steps))
	for i := last + 1; i < len(trail); i++ {
		e := trail[i]
		switch e.Action {
		case sosyal.ActionWithdraw, sosyal.ActionExpire:
			return false
		case sosyal.ActionDecide:
		default:
			continue
		}
		at := slices.IndexFunc(p.Steps, func(s sosyal.ApprovalStep) bool { return s.Name == e.Step })
		if e.Verdict != sosyal.VerdictApprove || at < step || e.Hash != hash || involved[e.By.ID] ||
			heldAt(p, trail[:i], e.At) || (p.ExpireAfter > 0 && !e.At.Before(trail[last].At.Add(p.ExpireAfter))) ||
			!mayspeak(p, trail[:i], p.Steps[at], e, involved) {
			return false
		}
		step, done = at, e.At
		byStep[at] = append(byStep[at], e)
	}
	everybody := map[sosyal.ActorID]int{}
	for i, s := range p.Steps {
		if !enough(s, trail, byStep[i]) {
			return false
		}
		for id := range people(byStep[i]) {
			if everybody[id]++; everybody[id] > 1 && p.DistinctApprovers {
				return false
			}
		}
	}
	return p.ValidFor == 0 || now.Before(done.Add(p.ValidFor))
}

// people are those who spoke and those in whose right they did; nil where one
// person appears twice.
func people(approvals []sosyal.ApprovalEntry) map[sosyal.ActorID]bool {
	seen := map[sosyal.ActorID]bool{}
	for _, e := range approvals {
		ids := []sosyal.ActorID{e.By.ID}
		if e.OnBehalf != "" {
			ids = append(ids, e.OnBehalf)
		}
		for _, id := range ids {
			if seen[id] {
				return nil
			}
			seen[id] = true
		}
	}
	return seen
}

func enough(s sosyal.ApprovalStep, trail, approvals []sosyal.ApprovalEntry) bool {
	if people(approvals) == nil {
		return false
	}
	if !s.All {
		return len(approvals) >= max(1, s.Need)
	}
	for _, id := range s.Actors {
		if !slices.ContainsFunc(approvals, func(e sosyal.ApprovalEntry) bool { return seatOf(trail, e).ID == id }) {
			return false
		}
	}
	for _, r := range s.Roles {
		if !slices.ContainsFunc(approvals, func(e sosyal.ApprovalEntry) bool { return seatOf(trail, e).Is(r) }) {
			return false
		}
	}
	return true
}

// seatOf is the person in whose right an approval was given.
func seatOf(trail []sosyal.ApprovalEntry, e sosyal.ApprovalEntry) sosyal.Actor {
	if e.OnBehalf == "" {
		return e.By
	}
	for _, d := range trail {
		if d.Action == sosyal.ActionDelegate && d.By.ID == e.OnBehalf && d.To.ID == e.By.ID &&
			!e.At.Before(d.From) && e.At.Before(d.Until) {
			return d.By
		}
	}
	return sosyal.Actor{}
}

func rightSide(p sosyal.ApprovalPolicy, s sosyal.ApprovalStep, party sosyal.Party) bool {
	switch {
	case s.Party == sosyal.PartyAgency:
		return party == sosyal.PartyAgency
	case party == sosyal.PartyAgency:
		return p.AllowAgencyApproval
	}
	return true
}

func listed(s sosyal.ApprovalStep, a sosyal.Actor) bool {
	for _, r := range a.Roles {
		if slices.Contains(s.Roles, r) {
			return true
		}
	}
	return slices.Contains(s.Actors, a.ID)
}

func mayspeak(p sosyal.ApprovalPolicy, before []sosyal.ApprovalEntry, s sosyal.ApprovalStep, e sosyal.ApprovalEntry, involved map[sosyal.ActorID]bool) bool {
	if !rightSide(p, s, e.By.Party) {
		return false
	}
	if e.OnBehalf == "" {
		return listed(s, e.By)
	}
	for i, d := range before {
		if d.Action != sosyal.ActionDelegate || d.By.ID != e.OnBehalf || d.To.ID != e.By.ID ||
			e.At.Before(d.From) || !e.At.Before(d.Until) || involved[d.By.ID] ||
			!listed(s, d.By) || !rightSide(p, s, d.By.Party) {
			continue
		}
		revoked := slices.ContainsFunc(before[i:], func(r sosyal.ApprovalEntry) bool {
			return r.Action == sosyal.ActionRevoke && r.By.ID == d.By.ID && r.To.ID == d.To.ID
		})
		if !revoked {
			return true
		}
	}
	return false
}

// heldAt asks whether a hold that nobody with the right to has lifted stands.
func heldAt(p sosyal.ApprovalPolicy, trail []sosyal.ApprovalEntry, now time.Time) bool {
	for i, h := range trail {
		if h.Action != sosyal.ActionHold || (!h.Until.IsZero() && !now.Before(h.Until)) {
			continue
		}
		lifted := false
		for j := i + 1; j < len(trail); j++ {
			r := trail[j]
			lifted = lifted || (r.Action == sosyal.ActionRelease && (r.By.ID == h.By.ID || decides(p, trail[:j], r.By)))
		}
		if !lifted {
			return true
		}
	}
	return false
}

func decides(p sosyal.ApprovalPolicy, before []sosyal.ApprovalEntry, who sosyal.Actor) bool {
	for _, e := range before {
		submitted := e.Action == sosyal.ActionRequest || e.Action == sosyal.ActionResubmit
		if !p.AllowSelfApproval && submitted && (e.By.ID == who.ID || slices.Contains(e.Editors, who.ID)) {
			return false
		}
	}
	return slices.ContainsFunc(p.Steps, func(s sosyal.ApprovalStep) bool {
		return listed(s, who) && rightSide(p, s, who.Party)
	})
}

// script turns bytes into a policy and a sequence of calls.
type script struct {
	bytes []byte
	at    int
}

func (s *script) n(below int) int {
	if s.at >= len(s.bytes) {
		return 0
	}
	s.at++
	return int(s.bytes[s.at-1]) % below
}

func (s *script) done() bool { return s.at >= len(s.bytes) }

func team() []sosyal.Actor {
	return []sosyal.Actor{
		{ID: "a", Roles: []sosyal.Role{sosyal.RoleAuthor}, Party: sosyal.PartyAgency},
		{ID: "b", Roles: []sosyal.Role{sosyal.RoleReviewer, sosyal.RoleManager}, Party: sosyal.PartyAgency},
		{ID: "c", Roles: []sosyal.Role{sosyal.RoleManager}, Party: sosyal.PartyClient},
		{ID: "d", Roles: []sosyal.Role{sosyal.RoleManager, sosyal.RoleLegal}, Party: sosyal.PartyClient},
		{ID: "e", Roles: []sosyal.Role{sosyal.RoleLegal}, Party: sosyal.PartyClient},
		{ID: "f", Party: sosyal.PartyClient},
	}
}

func contents() []sosyal.ContentHash {
	return []sosyal.ContentHash{
		sosyal.NewContentHasher("v1", "post").Text("caption", "one").Sum(),
		sosyal.NewContentHasher("v1", "post").Text("caption", "two").Sum(),
		sosyal.NewContentHasher("v1", "post").Text("caption", "three").Sum(),
	}
}

func (s *script) policy() sosyal.ApprovalPolicy {
	steps := []sosyal.ApprovalStep{
		{Name: "review", Roles: []sosyal.Role{sosyal.RoleReviewer}, Party: sosyal.PartyAgency},
		{Name: "any manager", Roles: []sosyal.Role{sosyal.RoleManager}},
		{Name: "two managers", Roles: []sosyal.Role{sosyal.RoleManager}, Need: 2},
		{Name: "c and legal", Actors: []sosyal.ActorID{"c"}, Roles: []sosyal.Role{sosyal.RoleLegal}, All: true},
		{Name: "one of three", Actors: []sosyal.ActorID{"c", "d", "e"}, Need: 1, Party: sosyal.PartyClient},
	}
	choice, flags := s.n(32), s.n(32)
	p := sosyal.ApprovalPolicy{
		AllowSelfApproval:   flags&1 != 0 && flags&16 != 0,
		AllowAgencyApproval: flags&2 != 0,
		DistinctApprovers:   flags&4 != 0,
	}
	for i, step := range steps {
		if choice&(1<<i) != 0 {
			p.Steps = append(p.Steps, step)
		}
	}
	if len(p.Steps) == 0 {
		p.Automatic = flags&8 != 0
	}
	if flags&8 != 0 {
		p.ExpireAfter, p.ValidFor = 9*time.Hour, 5*time.Hour
	}
	return p
}

// call makes one random call; refused ones leave the approval as it was.
func (s *script) call(a sosyal.Approval, now time.Time) (sosyal.Approval, error) {
	who := team()[s.n(6)]
	verdicts := []sosyal.Verdict{
		sosyal.VerdictApprove, sosyal.VerdictApprove, sosyal.VerdictApprove, sosyal.VerdictApprove,
		sosyal.VerdictApprove, sosyal.VerdictApprove, sosyal.VerdictReject, sosyal.VerdictChanges,
	}
	switch s.n(20) {
	default:
		hash := a.Hash()
		if s.n(6) == 5 {
			hash = contents()[s.n(3)]
		}
		return a.Decide(sosyal.Decision{By: who, Verdict: verdicts[s.n(8)], Hash: hash, Note: "because"}, now)
	case 11, 12:
		return a.Resubmit(who, contents()[s.n(3)], "changed", now)
	case 13:
		return a.Comment(who, "a remark", now)
	case 14, 15, 16:
		return a.Delegate(sosyal.Delegation{By: who, To: team()[s.n(6)], Until: now.Add(time.Duration(s.n(6)) * time.Hour)}, now)
	case 17:
		switch s.n(3) {
		case 0:
			return a.Revoke(who, team()[s.n(6)].ID, now)
		case 1:
			return a.Expire(now)
		}
		return a.Withdraw(who, "no longer needed", now)
	case 18:
		return a.Hold(who, "wait", now.Add(time.Duration(s.n(3))*time.Hour), now)
	case 19:
		return a.Release(who, "go on", now)
	}
}

// play runs a script and holds every state it passes through to the rules. It
// reports whether the request was ever approved.
func play(t *testing.T, bytes []byte) bool {
	t.Helper()
	s := &script{bytes: bytes}
	policy := s.policy()
	now := time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)
	a, err := sosyal.NewApproval(policy, sosyal.ApprovalRequest{
		Brand: "lale", Subject: "post/1", By: team()[s.n(6)], Editors: []sosyal.ActorID{team()[s.n(6)].ID}, Hash: contents()[0],
	}, now)
	if err != nil {
		return false
	}
	approved := false
	for !s.done() {
		before := a
		next, err := s.call(a, now)
		if err != nil {
			require.Equal(t, before, next, "a refused call must change nothing")
		} else {
			require.Len(t, next.Trail(), len(before.Trail())+1, "an accepted call leaves one line")
			require.Equal(t, before.Trail(), next.Trail()[:len(before.Trail())], "the trail only grows")
		}
		a = next
		now = now.Add(time.Duration(s.n(3)) * 20 * time.Minute)
		for _, h := range contents() {
			require.Equal(t, met(policy, a.Trail(), h, now), a.Approved(h, now), "approved and the policy disagree")
		}
		approved = approved || a.State(now) == sosyal.Approved
	}
	stored, err := json.Marshal(a)
	require.NoError(t, err)
	var back sosyal.Approval
	require.NoError(t, json.Unmarshal(stored, &back))
	again, err := json.Marshal(back)
	require.NoError(t, err)
	assert.JSONEq(t, string(stored), string(again))
	assert.Equal(t, a.State(now), back.State(now))
	return approved
}

func TestNoSequenceOfCallsReachesApprovedWithoutThePolicyBeingMet(t *testing.T) {
	const runs = 1500
	approved := 0
	for seed := range uint64(runs) {
		random := rand.New(rand.NewPCG(seed, 7))
		bytes := make([]byte, 20+random.IntN(160))
		for i := range bytes {
			bytes[i] = byte(random.Uint32())
		}
		if play(t, bytes) {
			approved++
		}
	}
	// A test in which nothing is ever approved would prove nothing.
	assert.Greater(t, approved, runs/10)
}

func FuzzApproval(f *testing.F) {
	f.Add([]byte{2, 0, 0, 0, 2, 0, 0, 0})
	f.Add([]byte{31, 31, 0, 5, 2, 0, 0, 0, 3, 0, 0, 0, 4, 11, 1, 1})
	f.Fuzz(func(t *testing.T, bytes []byte) {
		if len(bytes) > 1000 {
			return
		}
		play(t, bytes)
	})
}
