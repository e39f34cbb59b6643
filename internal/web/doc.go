// Package web is the portal as pages, one file each noun, and the list of them and of the areas that are packages of their
// own. How a page finds who asks, runs operations and answers is in package shell.
package web

// How to add an area as a package of its own:
//
//  1. internal/web/grid/grid.go has `func Routes(s *shell.Server)` and its pages. It imports shell, page and the action
//     packages, and no other area (arch_test.go); what two areas share goes to shell or page.
//  2. `grid.Routes` stands in nouns (web.go). What an area keeps lives in a value that its Routes makes; s.OnClose ends it.
//  3. Its entry in the navigation, with the permissions that open it, is a row of areas (shell/nav.go).
