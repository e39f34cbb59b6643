package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"provost/internal/access"
	"provost/internal/action/grid"
	"provost/internal/db"
	"provost/internal/op"
	gridpage "provost/internal/web/grid"
	"provost/internal/web/page"
)

// permissions measures the preview of one cell of the grid for many people (BE-2), and the grid as a page (GR-1).
func permissions(ctx context.Context) ([]line, error) {
	p, err := newPortal(ctx, 100_000, 400)
	if err != nil {
		return nil, err
	}
	defer p.close()
	who := op.Who{Portal: p.id, Account: p.super.ID}
	preview, err := p.moveCell(ctx, who)
	if err != nil {
		return nil, err
	}
	shown, err := p.showGrid(ctx, who)
	return append([]line{preview}, shown...), err
}

// moveCell compares the preview of one cell, of the account type that everybody has, with one page of people.
func (p *portal) moveCell(ctx context.Context, who op.Who) (line, error) {
	change := grid.Change{Organization: p.id, Reason: "a measurement", Cells: []grid.Edit{{Role: access.Learner, Permission: access.TeamList.Key, To: grid.Allow}}}
	took, err := best(5, 2, func() error {
		_, effects, err := grid.ChangeCells.Preview(ctx, p.env, who, change)
		if err == nil && effects.Gaining != p.people {
			err = fmt.Errorf("the preview counts %d people of %d", effects.Gaining, p.people)
		}
		return err
	})
	if err != nil {
		return line{}, err
	}
	s, err := p.serve(ctx, p.super.ID)
	if err != nil {
		return line{}, err
	}
	defer s.server.Close()
	floor, err := best(10, 1, func() error {
		_, _, err := s.get("/manage/users?again=" + db.NewID().String()) // another address is not given from memory
		return err
	})
	times := took.Seconds() / floor.Seconds()
	return line{fmt.Sprintf("preview of moving one cell of the grid for %s accounts", thousands(p.people)),
		fmt.Sprintf("one page of 50 people, made anew: %.2f ms", ms(floor)), "under 20 times that", fmt.Sprintf("%.1f times: %.1f ms", times, ms(took)), times < 20}, err
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// columns and rows are how large the grid shall be.
const columns, rows = 20, 150

// showGrid measures the grid as it is served, with account types of the portal's own, and the same page with as many
// permissions as a whole portal shall have.
func (p *portal) showGrid(ctx context.Context, who op.Who) ([]line, error) {
	for i := range columns - len(access.AccountTypes) {
		in := grid.NewType{Name: fmt.Sprintf("Type %d", i), Parent: access.Instructor}
		if _, err := grid.CreateType.Run(ctx, p.env, who, in); err != nil {
			return nil, err
		}
	}
	s, err := p.serve(ctx, p.super.ID)
	if err != nil {
		return nil, err
	}
	defer s.server.Close()
	size := 0
	served, err := best(5, 5, func() error {
		body, _, err := s.get("/permissions/business")
		size = len(body)
		return err
	})
	if err != nil {
		return nil, err
	}
	shown, err := grid.Show.Run(ctx, p.env, who, grid.Query{})
	if err != nil {
		return nil, err
	}
	here := len(shown.Rows)
	for i := 0; len(shown.Rows) < rows; i++ {
		shown.Rows = append(shown.Rows, shown.Rows[i])
	}
	asked, err := best(5, 5, func() error {
		_, err := grid.Show.Run(ctx, p.env, who, grid.Query{})
		return err
	})
	if err != nil {
		return nil, err
	}
	drawn, err := best(5, 5, func() error { return gridpage.Table(page.View{Portal: "Bench"}, shown).Render(io.Discard) })
	whole := asked*rows/time.Duration(here) + drawn
	return []line{
		{fmt.Sprintf("the permission grid of %d rows by %d columns as a page, %d KB sent", here, len(shown.Columns), size/1024), "", "under 100 ms", fmt.Sprintf("%.1f ms", ms(served)), ms(served) < 100},
		{fmt.Sprintf("the same with %d rows: what the operation takes, by the row, and writing the table", rows), "", "under 100 ms", fmt.Sprintf("%.1f ms", ms(whole)), ms(whole) < 100}}, err
}
