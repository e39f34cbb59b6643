// Package page makes the portal's pages: components in Go, plain values in, gomponents nodes out. It knows nothing of
// permissions or of the database; a handler decides what is shown and hands it in.
//
// A page is
//
//	page.Layout(v, "Reds",
//		page.Crumbs(v, page.Link{"Teams", "/teams"}, page.Link{Label: "Reds"}),
//		page.Header("Reds", "12 people", page.LinkButton(v.T("Edit"), "/teams/reds/edit")),
//		page.Tabs(v.T("Team"), page.Tab{Label: v.T("People"), Href: "/teams/reds", Current: true}),
//		page.Table{Caption: v.T("People in Reds"), Columns: …, Rows: …}.Node(v),
//	).Render(w)
//
// Components with many settings are structs with a method Node(v View); small ones are functions. Whatever says words of
// its own takes the View. Kind (Plain, Info, Good, Warn, Bad) is a tone; it never stands alone without words.
//
//   - View: T, N, Num, Decimal, Percent, Date, Month, DateTime, Ago; Languages, LanguageOf, ThemeOf, ThemeCookie
//   - Frame: Layout, Narrow, ErrorPage, Crumbs, Header, Tabs, Section, SectionWith, Scope, Card, SideBySide, Stack, Inline
//   - Lists: Table (Column, Row), Pager, Filters, Chips, Period, Cells, Named, Person, Badge, Badges, Masked, Truncate, Avatar
//   - Forms: Form, Errors, Field with Input, Date, File, Textarea, Select, SmallSelect, Checkbox, CheckGroup, RadioGroup,
//     Hidden, Two; Picker (Lines, TextName), CSVTable, PreviewOut
//   - Buttons: Button, Secondary, Danger, LinkButton, PrimaryLink, Unavailable, Post, Menu, MenuButton (MenuItem)
//   - Saying: Notice, Empty, Progress, ProgressBar, CopyBox, Details, KeyValues, Confirm
//   - Access: Verdict, Steps (Rung), Effects (Effect, EffectItem)
//   - Figures: Tiles (Tile), LineChart, BarChart, BarList, Funnel, StackBar, Sparkline, ChartWithTable
//
// Everything works without scripts; the scripts of package static make it quicker. There is no inline script and no style
// attribute anywhere, so the Content-Security-Policy can forbid both.
package page
