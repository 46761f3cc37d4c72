package engagement_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement"
)

func readPosts(text string) ([]engagement.Post, []error) {
	var posts []engagement.Post
	var errs []error
	for p, err := range engagement.ReadPosts(strings.NewReader(text), "posts.csv", sosyal.Mapping{}) {
		if err != nil {
			errs = append(errs, err)
		} else {
			posts = append(posts, p)
		}
	}
	return posts, errs
}

func TestReadyMappingsAreValid(t *testing.T) {
	mappings, err := engagement.Mappings()
	require.NoError(t, err)
	var names []string
	for _, m := range mappings {
		names = append(names, m.Name)
	}
	assert.Equal(t, []string{"posts-meta-facebook", "posts-meta-instagram", "posts-sosyal-demo", "posts-uci-facebook", "snapshots-sosyal-demo"}, names)
}

func TestInstagramExportIsRead(t *testing.T) {
	posts, errs := readPosts(`Post ID,Account ID,Account username,Account name,Description,Duration (sec),Publish time,Permalink,Post type,Data comment,Date,Views,Reach,Likes,Shares,Follows,Comments,Saves
17900,178,shop,Shop,"Yeni serum ✨
#CiltBakımı #yaz",23,11/03/2026 19:30,https://www.instagram.com/reel/A/,IG reel,,Lifetime,1520,900,80,4,,0,12
17901,178,shop,Shop,Bugün,0,11/04/2026 09:00,https://www.instagram.com/p/B/,IG carousel,,Lifetime,300,200,10,,,1,2
`)
	require.Empty(t, errs)
	require.Len(t, posts, 2)
	p := posts[0]
	assert.Equal(t, "17900", p.ID)
	assert.Equal(t, sosyal.Features{Network: sosyal.Instagram, Format: sosyal.FormatReel}, p.Features)
	assert.Equal(t, sosyal.Destination{Network: sosyal.Instagram, Account: "shop"}, p.Destination)
	assert.True(t, p.At.Equal(time.Date(2026, 11, 3, 16, 30, 0, 0, time.UTC)), "month first, in Istanbul: %s", p.At)
	assert.Equal(t, []string{"CiltBakımı", "yaz"}, p.Hashtags)
	assert.Equal(t, sosyal.Counts{
		sosyal.Views: 1520, sosyal.Reach: 900, sosyal.Likes: 80, sosyal.Shares: 4, sosyal.Comments: 0, sosyal.Saves: 12,
	}, p.Counts, "an empty cell is absent, a zero is zero")
	assert.True(t, p.PaidUnknown)
	assert.Equal(t, sosyal.FormatCarousel, posts[1].Features.Format)
}

func TestFacebookExportIsReadInTurkish(t *testing.T) {
	posts, errs := readPosts("\ufeff" + `Gönderi Kimliği;Sayfa Kimliği;Sayfa adı;Başlık;Açıklama;Yayınlanma zamanı;Kalıcı bağlantı;Gönderi türü;Erişim;İfadeler;Yorumlar;Paylaşımlar;Toplam tıklama
1;2;Mağaza;;Merhaba;11/03/2026 14:05;https://facebook.com/1;Fotoğraflar;100;5;1;0;9
`)
	require.Empty(t, errs)
	require.Len(t, posts, 1)
	assert.Equal(t, sosyal.Features{Network: sosyal.Facebook, Format: sosyal.FormatPhoto}, posts[0].Features)
	assert.Equal(t, sosyal.Counts{sosyal.Reach: 100, sosyal.Likes: 5, sosyal.Comments: 1, sosyal.Shares: 0, sosyal.Clicks: 9}, posts[0].Counts)
}

func TestDemoPostsAreRead(t *testing.T) {
	posts, errs := readPosts(`post_id,network,account,published_at,format,category,template,language,paid,caption,products,link
P1,instagram,shop,2026-10-01 19:05:00,reel,nasil_yapilir,T1,tr,true,Nasıl yapılır? #bakım,S1 S2,https://shop.example/s1
P2,tiktok,shop,2026-13-01 19:05:00,video,ilham,,tr,false,x,,
P3,x,shop,2026-10-02 09:00:00,text,ilham,,tr,perhaps,x,,
P4,x,shop,2026-10-02 09:00:00,text,ilham,,tr,false,x,,
`)
	require.Len(t, posts, 2)
	assert.Equal(t, sosyal.Features{
		Network: sosyal.Instagram, Format: sosyal.FormatReel, Category: "nasil_yapilir", Template: "T1", Language: sosyal.Turkish, Paid: true,
	}, posts[0].Features)
	assert.Equal(t, []sosyal.ProductID{"S1", "S2"}, posts[0].Products)
	assert.Empty(t, posts[0].Counts)
	require.Len(t, errs, 2, "bad rows are told and the rest is read")
	for i, line := range []int{3, 4} {
		row, ok := errors.AsType[*sosyal.RowError](errs[i])
		require.True(t, ok)
		assert.Equal(t, line, row.Line)
	}
	assert.Contains(t, errs[0].Error(), `posts.csv:3: column "published_at"`)
}

func TestAnUnknownHeaderIsOneError(t *testing.T) {
	posts, errs := readPosts("a,b,c\n1,2,3\n4,5,6\n")
	assert.Empty(t, posts)
	require.Len(t, errs, 1)
	assert.ErrorIs(t, errs[0], sosyal.ErrInvalid)
	_, errs = readPosts("")
	assert.Len(t, errs, 1)
}

func TestOddMonthsAndHoursAreRowErrors(t *testing.T) {
	header := "Page total likes;Type;Category;Post Month;Post Weekday;Post Hour;Paid;Lifetime Post Total Reach;Total Interactions\n"
	posts, errs := readPosts(header + "1;Photo;1;13;1;1;0;10;1\n1;Photo;1;1;8;1;0;10;1\n1;Photo;1;1;1;25;0;10;1\n1;Photo;1;1;1;1;0;-10;1\n1;Photo;1;1;1;1;0;10;1\n")
	assert.Len(t, posts, 1)
	assert.Len(t, errs, 4)
}

// The days that stand for an unknown day of the month are real days of that
// month and weekday, each in its turn.
func TestPostsOfAMonthAndWeekdayTakeItsDaysInTurn(t *testing.T) {
	header := "Page total likes;Type;Category;Post Month;Post Weekday;Post Hour;Paid;Lifetime Post Total Reach;Total Interactions\n"
	posts, errs := readPosts(header + strings.Repeat("1;Photo;1;2;7;9;0;10;1\n", 6))
	require.Empty(t, errs)
	var days []int
	for _, p := range posts {
		assert.Equal(t, time.Saturday, p.At.Weekday())
		assert.Equal(t, time.February, p.At.Month())
		days = append(days, p.At.Day())
	}
	assert.Equal(t, []int{1, 8, 15, 22, 1, 8}, days)
}

func TestSnapshotsAreRead(t *testing.T) {
	text := `post_id,captured_at,metric,value
P1,2026-10-01 20:05:00,likes,12
P1,2026-10-01 20:05:00,reach,-1
P1,2026-10-02 20:05:00,likes,11.5
,2026-10-02 20:05:00,likes,11
`
	var got []engagement.Snapshot
	bad := 0
	for s, err := range engagement.ReadSnapshots(strings.NewReader(text), "snapshots.csv", sosyal.Mapping{}) {
		if err != nil {
			bad++
			continue
		}
		got = append(got, s)
	}
	assert.Equal(t, 2, bad)
	require.Len(t, got, 2)
	assert.Equal(t, sosyal.Likes, got[0].Metric)
	assert.InDelta(t, 11.5, got[1].Value, 0)
	assert.True(t, got[0].At.Equal(time.Date(2026, 10, 1, 17, 5, 0, 0, time.UTC)))
}

func FuzzReadPosts(f *testing.F) {
	f.Add([]byte("post_id,network,account,published_at,format,category,template,language,paid,caption,products,link\nP1,x,a,2026-10-02 09:00:00,text,c,,tr,false,#x,,\n"))
	f.Add([]byte("Type;Post Month;Post Weekday;Post Hour;Category\nPhoto;2;7;24;1\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		n := 0
		for p, err := range engagement.ReadPosts(bytes.NewReader(data), "fuzz.csv", sosyal.Mapping{}) {
			if n++; n > 1000 {
				return
			}
			if err != nil {
				assert.Empty(t, p.ID)
				continue
			}
			assert.NoError(t, p.Validate())
		}
	})
}

func FuzzHashtags(f *testing.F) {
	f.Add("Yeni #CiltBakımı ##x #1 #a_b")
	f.Fuzz(func(t *testing.T, text string) {
		for _, tag := range engagement.Hashtags(text) {
			assert.Contains(t, text, "#"+tag)
		}
	})
}
