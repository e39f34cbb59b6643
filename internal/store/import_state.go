package store

// ImportState is how far an import is.
type ImportState string

// The states of an import. A dry one that is done found out what would happen; one with problems is failed.
const (
	ImportQueued  ImportState = "queued"
	ImportRunning ImportState = "running"
	ImportDone    ImportState = "done"
	ImportFailed  ImportState = "failed"
)
