package sosyaltest_test

import (
	"context"
	"testing"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/sosyaltest"
)

func memory(context.Context) (sosyal.Documents, error) { return &sosyal.MemoryDocuments{}, nil }

func TestMemoryKeepsTheContract(t *testing.T) {
	sosyaltest.TestDocuments(t, memory)
}
