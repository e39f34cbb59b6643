package page

import (
	"io"
	"net/http/httptest"
	"testing"

	g "maragu.dev/gomponents"
)

func BenchmarkPageOfPeople(b *testing.B) {
	v := galleryView(httptest.NewRequest("GET", "/people", nil))
	b.ReportAllocs()
	for b.Loop() {
		rows := make([]Row, 50)
		for i := range rows {
			rows[i] = Row{Href: "/people/0123456789abc", Cells: []g.Node{Person("Lin Okafor", "lin@acme.example"), g.Text("North"), Badge(Good, "Active"), g.Text(v.DateTime(day)),
				Menu("Actions for Lin", MenuItem{Label: "Enrol", Href: "#", Icon: "plus"}, MenuItem{Label: "Archive", Href: "#", Icon: "trash"})}}
		}
		_ = Layout(v, "People", Header("People", ""), Table{Caption: "People", Columns: make([]Column, 5), Rows: rows}.Node(v)).Render(io.Discard)
	}
}
