// Package attack holds tests only: attacks on the whole portal, through its pages and its API, and on the safeguards
// themselves. What they walk over is made from the server's own routes and from action.All, so what is added later is attacked too.
package attack
