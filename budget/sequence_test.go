package budget_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/budget"
)

// FuzzNoMoneyWithoutApproval runs any sequence of calls by a manager, two
// approvers and a finance clerk. An independent account of who approved which
// content says after each call whether money may move: it never moves otherwise,
// and never beyond what the present content was approved for.
func FuzzNoMoneyWithoutApproval(f *testing.F) {
	f.Add([]byte("s1a1b1ercp"))
	f.Add([]byte("sab+rpSabercp"))
	f.Add([]byte("sabe+rpSaberpltbcx"))
	f.Add([]byte("sr!Sabercwpe"))
	f.Add([]byte("sae-Sarrrerr"))
	f.Add([]byte("s+ab-abSabeee+tSabecp"))
	f.Fuzz(func(t *testing.T, calls []byte) {
		if len(calls) > 60 {
			calls = calls[:60]
		}
		m := newModel(t)
		for _, call := range calls {
			m.now = m.now.Add(time.Minute)
			m.call(t, call)
		}
		requireSound(t, m.c.Ledger, m.b)
	})
}

// model drives a controller and keeps its own account of approvals.
type model struct {
	now time.Time
	b   budget.Budget
	c   *budget.Controller
	r   budget.Request
	n   int

	// votes holds who approved the content as text; entered is what the book was
	// last told, used what was committed or spent of it.
	votes   map[string]map[string]bool
	closed  map[string]bool // content that was rejected or withdrawn
	asked   string          // content last submitted
	entered int64
	used    int64
}

func newModel(t *testing.T) *model {
	t.Helper()
	m := &model{now: at(1, 9), b: autumn(t), votes: map[string]map[string]bool{}, closed: map[string]bool{}}
	m.c = &budget.Controller{Ledger: &budget.MemoryLedger{}, Now: func() time.Time { return m.now }, Thresholds: thresholds(t)}
	require.NoError(t, m.c.Plan(t.Context(), m.b, "manager"))
	m.r = request(t, m.b, "r1", budget.RequestLine{Line: "meta", Amount: tl(t, "8000")})
	return m
}

// content is what a decision is about.
func (m *model) content() string {
	return fmt.Sprint(m.r.Purpose, m.r.Lines[0].Line, m.r.Lines[0].Amount)
}

func (m *model) amount(t *testing.T) int64 {
	t.Helper()
	units, err := m.r.Lines[0].Amount.Minor()
	require.NoError(t, err)
	return units
}

// may says whether money of the request as it is may move.
func (m *model) may(t *testing.T) bool {
	t.Helper()
	said := m.votes[m.content()]
	need := said["head"]
	if m.amount(t) > 10_000_00 {
		need = need && said["director"]
	}
	return need && m.asked == m.content() && !m.closed[m.content()]
}

func (m *model) call(t *testing.T, call byte) {
	t.Helper()
	ctx := t.Context()
	vote := func(by sosyal.Actor, v sosyal.Verdict) {
		a, err := m.r.Approval.Decide(sosyal.Decision{By: by, Verdict: v, Hash: m.r.ContentHash(), Note: "x"}, m.now)
		if err != nil {
			return
		}
		m.r.Approval = a
		if v != sosyal.VerdictApprove {
			m.closed[m.content()] = true
			return
		}
		if m.votes[m.content()] == nil {
			m.votes[m.content()] = map[string]bool{}
		}
		m.votes[m.content()][string(by.ID)] = true
	}
	submitted := func(r budget.Request, err error) {
		if err == nil {
			m.r, m.asked = r, m.content()
			delete(m.votes, m.asked) // a new round starts without decisions
			delete(m.closed, m.asked)
		}
	}
	m.n++
	switch call {
	case 's':
		submitted(m.r.Submit(m.c.Thresholds, manager(), "", m.now))
	case 'S':
		submitted(m.r.Resubmit(m.c.Thresholds, manager(), "", m.now))
	case 'a':
		vote(head(), sosyal.VerdictApprove)
	case 'b':
		vote(director(), sosyal.VerdictApprove)
	case 'm':
		vote(manager(), sosyal.VerdictApprove)
	case '!':
		vote(head(), sosyal.VerdictReject)
	case '?':
		vote(director(), sosyal.VerdictChanges)
	case 'w':
		if a, err := m.r.Approval.Withdraw(manager(), "x", m.now); err == nil {
			m.r.Approval = a
			m.closed[m.asked] = true
		}
	case '+', '-':
		// Change the amount in a copy: what was submitted must not change with it.
		factor := "12000"
		if call == '-' {
			factor = "5000"
		}
		m.r.Lines = []budget.RequestLine{{Line: "meta", Amount: tl(t, factor)}}
	case 'P':
		m.r.Purpose = strings.ToUpper(m.r.Purpose) + "!"
	case 'e':
		if err := m.c.Approve(ctx, m.b, m.r, "director"); err == nil {
			require.True(t, m.may(t), "entered without approval")
			m.entered = m.amount(t)
			require.GreaterOrEqual(t, m.entered, m.used)
		}
	case 't':
		if err := m.c.TakeBack(ctx, m.b, m.r, "director"); err == nil {
			require.False(t, m.may(t))
			m.entered = m.used
		}
	case 'r', 'c':
		units, err := sosyal.MoneyFromMinor(300_000, "TRY")
		require.NoError(t, err)
		_, err = m.c.Reserve(ctx, m.b, m.r, budget.Commitment{Key: fmt.Sprint("k", m.n), Line: "meta", Amount: units, By: "manager"})
		m.moved(t, err, 300_000)
	case 'p':
		units, err := sosyal.MoneyFromMinor(170_001, "TRY")
		require.NoError(t, err)
		_, err = m.c.Post(ctx, m.b, m.r, budget.Payment{Key: fmt.Sprint("p", m.n), Line: "meta", Amount: units, Day: nov(1), By: "finance"})
		m.moved(t, err, 170_001)
	}
}

// moved holds a movement of money to the model, in both directions: what may
// move does.
func (m *model) moved(t *testing.T, err error, units int64) {
	t.Helper()
	fits := m.may(t) && m.entered == m.amount(t) && m.used+units <= m.entered
	if err != nil {
		require.False(t, fits, "refused although approved: %v", err)
		return
	}
	require.True(t, m.may(t), "money moved without approval")
	require.True(t, fits, "more money moved than was approved")
	m.used += units
}
