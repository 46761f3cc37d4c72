package sqlstore_test

import (
	"context"
	"testing"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/sosyaltest"
)

func TestDocumentsKeepTheContract(t *testing.T) {
	for _, on := range databases() {
		t.Run(on.name, func(t *testing.T) {
			_, store := on.empty(t).opened(t)
			sosyaltest.TestDocuments(t, func(context.Context) (sosyal.Documents, error) { return store.Documents(), nil })
		})
	}
}
