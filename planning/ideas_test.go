package planning_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/calendar"
	"github.com/yukselenler/sosyal/engagement/reputation"
	"github.com/yukselenler/sosyal/planning"
)

func TestIdeasFromTopics(t *testing.T) {
	english := sosyal.NewCatalogue(sosyal.English, planning.Messages(sosyal.English))
	// The 95% Wilson interval of 14 in 20 is 0.481 to 0.855, that of 15 in 20 is
	// 0.531 to 0.888 (computed by hand from the formula).
	topics := []reputation.Topic{
		{Keyword: "kargo", Mentions: 20, Negative: 15, Share: 0.4},
		{Keyword: "paket", Mentions: 20, Negative: 14, Share: 0.4},
		{Keyword: "serum", Mentions: 10, Negative: 0, Share: 0.2},
		{Keyword: "rimel", Mentions: 9, Negative: 9, Share: 0.18},
	}
	ids := func(ideas []calendar.Idea) (out []string) {
		for _, i := range ideas {
			out = append(out, string(i.ID)+" "+string(i.Category))
		}
		return out
	}
	for name, c := range map[string]struct {
		in   planning.IdeaInput
		want []string
	}{
		"only what is beyond chance is a complaint, and thin topics are left out": {
			planning.IdeaInput{Topics: topics, Answers: "help", Stories: "stories"},
			[]string{"topic/kargo help", "topic/paket stories", "topic/serum stories"},
		},
		"a category that is not wanted gets none": {
			planning.IdeaInput{Topics: topics, Answers: "help"}, []string{"topic/kargo help"},
		},
		"the limit counts ideas, not topics": {
			planning.IdeaInput{Topics: topics, Stories: "stories", Limit: 1}, []string{"topic/paket stories"},
		},
		"fewer mentions may do": {
			planning.IdeaInput{Topics: topics[3:], Answers: "help", MinMentions: 9}, []string{"topic/rimel help"},
		},
		"nothing is said": {planning.IdeaInput{Answers: "help"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			ideas, err := planning.Ideas(c.in, english)
			require.NoError(t, err)
			assert.Equal(t, c.want, ids(ideas))
			for _, i := range ideas {
				assert.NoError(t, i.Validate())
				require.Len(t, i.Reasons, 1)
				assert.True(t, english.Has(i.Reasons[0].Code))
			}
		})
	}

	ideas, err := planning.Ideas(planning.IdeaInput{Topics: topics, Answers: "help"}, english)
	require.NoError(t, err)
	assert.Equal(t, "Of 20 mentions of “kargo”, 75% are negative (95% interval 53% to 89%): people want an answer.", english.Text(ideas[0].Reasons[0]))

	ideas, err = planning.Ideas(planning.IdeaInput{Topics: []reputation.Topic{{Keyword: "kapatici", Spelling: "kapatıcı", Mentions: 30}}, Stories: "stories"}, english)
	require.NoError(t, err)
	assert.Contains(t, ideas[0].Title, "kapatıcı", "as people write it")
}

func TestIdeasRefuseWhatIsWrong(t *testing.T) {
	_, err := planning.Ideas(planning.IdeaInput{
		Topics: []reputation.Topic{{Keyword: "a", Mentions: 1, Negative: 2}, {Keyword: "a", Mentions: -1}, {}}, MinMentions: -1, Limit: -1,
	}, sosyal.Catalogue{})
	require.ErrorIs(t, err, sosyal.ErrInvalid)
	var fields []string
	for _, f := range sosyal.FieldErrors(err) {
		fields = append(fields, f.Field)
	}
	assert.Equal(t, []string{
		"stories", "min_mentions", "limit", "topics[0].negative",
		"topics[1].keyword", "topics[1].mentions", "topics[1].negative", "topics[2].keyword",
	}, fields)
}

// ideatorFunc is a function as an ideator.
type ideatorFunc func(context.Context, planning.IdeaRequest) ([]calendar.Idea, error)

func (f ideatorFunc) Ideas(ctx context.Context, r planning.IdeaRequest) ([]calendar.Idea, error) {
	return f(ctx, r)
}

func ideaRequest() planning.IdeaRequest {
	return planning.IdeaRequest{
		Brand: "lale", Language: sosyal.English, Period: sosyal.Month(2026, time.November),
		Categories: []calendar.Category{{ID: "how_to", Name: "How to", Share: 1}},
		Products:   []sosyal.Product{{ID: "serum"}}, Limit: 2,
	}
}

func TestAskForIdeasKeepsWhatCanBeUsed(t *testing.T) {
	good := func(id calendar.IdeaID) calendar.Idea {
		return calendar.Idea{ID: id, Category: "how_to", Title: "Layering serums", Products: []sosyal.ProductID{"serum"}}
	}
	otherCategory, otherProduct := good("x"), good("y")
	otherCategory.Category = "gossip"
	otherProduct.Products = []sosyal.ProductID{"serum", "yacht"}
	model := ideatorFunc(func(context.Context, planning.IdeaRequest) ([]calendar.Idea, error) {
		return []calendar.Idea{otherCategory, good("a"), good("a"), otherProduct, {}, good("b"), good("c")}, nil
	})
	ideas, dropped, err := planning.AskForIdeas(t.Context(), model, ideaRequest())
	require.NoError(t, err)
	assert.Equal(t, []calendar.Idea{good("a"), good("b")}, ideas)
	var broken []string
	for _, d := range dropped {
		broken = append(broken, d.Field+" "+d.Rule)
	}
	assert.Equal(t, []string{
		"ideas[0].category must be one that was asked for",
		"ideas[2].id must not repeat",
		"ideas[3].products[1] must be a product of the request",
		"ideas[4].id is required", "ideas[4].category is required", "ideas[4].title is required",
	}, broken)
}

func TestAskForIdeasFails(t *testing.T) {
	down := errors.New("model is down")
	_, _, err := planning.AskForIdeas(t.Context(), ideatorFunc(func(context.Context, planning.IdeaRequest) ([]calendar.Idea, error) {
		return []calendar.Idea{{ID: "half"}}, down
	}), ideaRequest())
	assert.ErrorIs(t, err, down)

	asked := false
	_, _, err = planning.AskForIdeas(t.Context(), ideatorFunc(func(context.Context, planning.IdeaRequest) ([]calendar.Idea, error) {
		asked = true
		return nil, nil
	}), planning.IdeaRequest{})
	assert.ErrorIs(t, err, sosyal.ErrInvalid)
	assert.False(t, asked, "a request that makes no sense costs nothing")
}

func ExampleIdeas() {
	ideas, err := planning.Ideas(planning.IdeaInput{
		Topics: []reputation.Topic{
			{Keyword: "kargo", Mentions: 64, Negative: 51, Share: 0.16},
			{Keyword: "serum", Mentions: 37, Negative: 4, Share: 0.09},
		},
		Answers: "help", Stories: "customers",
	}, planning.Catalogue(sosyal.English))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, i := range ideas {
		fmt.Printf("%s: %s\n", i.Category, i.Title)
		fmt.Println("  " + planning.Catalogue(sosyal.English).Text(i.Reasons[0]))
	}
	// Output:
	// help: Answers to questions about “kargo”
	//   Of 64 mentions of “kargo”, 80% are negative (95% interval 68% to 88%): people want an answer.
	// customers: What our customers say about “serum”
	//   “serum” comes up in 37 mentions, 9.0% of all.
}

// suggestions answers like a language model that also makes something up.
type suggestions struct{}

func (suggestions) Ideas(_ context.Context, r planning.IdeaRequest) ([]calendar.Idea, error) {
	return []calendar.Idea{
		{ID: "model/1", Category: r.Categories[0].ID, Title: "Three ways to wear one serum", Source: "model"},
		{ID: "model/2", Category: "celebrity_news", Title: "What the stars use", Source: "model"},
	}, nil
}

func ExampleAskForIdeas() {
	ideas, dropped, err := planning.AskForIdeas(context.Background(), suggestions{}, planning.IdeaRequest{
		Brand: "lale", Language: sosyal.English, Period: sosyal.Month(2026, time.November),
		Categories: []calendar.Category{{ID: "how_to", Name: "How to", Share: 1}}, Limit: 5,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(ideas[0].Title)
	fmt.Println("dropped:", dropped[0])
	// Output:
	// Three ways to wear one serum
	// dropped: ideas[1].category: must be one that was asked for (got "celebrity_news")
}
