package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/sheet"
	"provost/internal/store"
)

// Import is files to take in, and how.
type Import struct {
	Mapping Mapping
	// Files are where the mapping's files are on this machine, by their names in it.
	Files map[string]string
	// Dry tells what would be made, and makes nothing.
	Dry bool
	// Progress is told how far it is; nil where nobody looks.
	Progress *Progress
	// Limits bound each file; zero for sheet.DefaultLimits.
	Limits sheet.Limits
	// tell is told the result so far, after each file.
	tell func(ImportResult)
}

// Progress is how far an import is. It may be read while the import runs.
type Progress struct {
	step, rows, total atomic.Int64
}

// Now is the step that runs, from 1, and how many of its rows are done.
func (p *Progress) Now() (step, rows, total int) {
	return int(p.step.Load()), int(p.rows.Load()), int(p.total.Load())
}

func (p *Progress) begin(step, total int) {
	p.rows.Store(0)
	p.total.Store(int64(total))
	p.step.Store(int64(step))
}

// FileResult is what taking one file did, or would do.
type FileResult struct {
	File string `json:"file"`
	Into string `json:"into"`
	// SHA256 is the file's, in hexadecimal.
	SHA256 string `json:"sha256"`
	Rows   int    `json:"rows"`
	// Created, Changed and Unchanged count records; Repeated the rows that said again what one before them did.
	Created   int `json:"created"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Repeated  int `json:"repeated,omitempty"`
	// Done: the file was taken, whole.
	Done bool `json:"done"`
}

// ImportResult is what an import did, file by file.
type ImportResult struct {
	Dry      bool         `json:"dry"`
	Files    []FileResult `json:"files"`
	Problems LineProblems `json:"problems"`
}

// importLimit is how long one file may take.
const importLimit = 30 * time.Minute

// RunImport takes files in as a named person, whose permissions decide row by row (PT-2). Each file is taken in one
// transaction, whole or not at all; what files before it brought stays. Running it again changes nothing.
// Problems of the files come with the result; an error is about the import itself. A dry run goes through all of it in
// one transaction, which is rolled back.
func RunImport(ctx context.Context, env *op.Env, who op.Who, in Import) (out ImportResult, err error) {
	out.Dry = in.Dry
	if err := in.Mapping.Check(); err != nil {
		return out, err
	}
	if in.Progress == nil {
		in.Progress = &Progress{}
	}
	files, err := survey(ctx, &in, &out.Problems)
	if err != nil || out.Problems.Total > 0 {
		return out, err
	}
	run := &importRun{Import: in, surveyed: files}
	if in.Dry {
		return run.rehearse(ctx, env, who)
	}
	for i := range in.Mapping.Steps {
		result, problems, err := run.one(ctx, env, who, i)
		out.Files = append(out.Files, result)
		out.Problems = problems
		if in.tell != nil {
			in.tell(out)
		}
		if err != nil || problems.Total > 0 {
			return out, err
		}
	}
	return out, analyze(ctx, env, out)
}

// manyRows is how many new rows make what the database knows of its tables wrong enough to plan badly.
const manyRows = 10_000

func analyze(ctx context.Context, env *op.Env, out ImportResult) error {
	made := 0
	for _, f := range out.Files {
		made += f.Created
	}
	if made < manyRows {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Minute)
	defer cancel()
	return env.DB.Analyze(ctx)
}

type importRun struct {
	Import
	surveyed map[string]surveyed
}

// surveyed is what is known of a file before it is taken.
type surveyed struct {
	sha256 string
	rows   int
}

// survey reads every file once, outside any transaction: it must be there, and be a table. Lines that cannot be read are
// told when the file is taken.
func survey(ctx context.Context, in *Import, problems *LineProblems) (map[string]surveyed, error) {
	out := map[string]surveyed{}
	for _, name := range in.Mapping.Files() {
		s, err := surveyFile(ctx, in.Files[name], name, in.Limits)
		if fail.Is(err, fail.Invalid) {
			problems.add(fileProblem(name, 0, err), false)
			continue
		}
		if err != nil {
			return nil, err
		}
		out[name] = s
	}
	return out, nil
}

func surveyFile(ctx context.Context, path, name string, limits sheet.Limits) (s surveyed, err error) {
	if path == "" {
		return s, fail.Wrong("file", "The file is missing.")
	}
	f, err := os.Open(path)
	if os.IsNotExist(err) {
		return s, fail.Wrong("file", "The file is missing.")
	}
	if err != nil {
		return s, err
	}
	defer f.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, f); err != nil {
		return s, fmt.Errorf("import: read %s: %w", name, err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return s, err
	}
	s.sha256 = hex.EncodeToString(hash.Sum(nil))
	s.rows, err = countRows(ctx, f, name, limits)
	return s, err
}

func countRows(ctx context.Context, f io.Reader, name string, limits sheet.Limits) (int, error) {
	table, err := sheet.Open(f, name, limits)
	if err != nil {
		return 0, err
	}
	defer table.Close()
	for n := 0; ; n++ {
		if _, err := table.Next(); err == io.EOF {
			return n, nil
		}
		if n%1000 == 0 && ctx.Err() != nil {
			return 0, ctx.Err()
		}
	}
}

// fileProblem is an error of a file's reader as a problem.
func fileProblem(file string, line int, err error) LineProblem {
	p := LineProblem{File: file, Line: line, Message: err.Error()}
	if e, ok := err.(*fail.Error); ok && len(e.Fields) > 0 {
		p.Message = e.Fields[0].Message
		if line == 0 {
			if _, err := fmt.Sscanf(e.Fields[0].Name, "line %d", &p.Line); err != nil {
				p.Line = 0
			}
		}
	}
	return p
}

// fileTaken is the input of takeFile: its outcome is written into it, because a refusal returns none.
type fileTaken struct {
	run      *importRun
	step     int
	result   *FileResult
	problems *LineProblems
}

// takeFile takes one file: its permissions, its transaction and its audit row.
var takeFile = &op.Op[fileTaken, struct{}]{
	Name:     "import.file",
	Route:    "POST /imports/files",
	Doc:      "Takes one file of an import, whole or not at all.",
	Needs:    importNeeds,
	PageOnly: true,
	Limit:    importLimit,
	Do: func(c *op.Call, in fileTaken) (struct{}, error) {
		*in.problems = LineProblems{} // PostgreSQL may run this again
		refs := newReferences(c)
		if err := in.run.take(c, refs, in.step, in.result, in.problems); err != nil {
			return struct{}{}, err
		}
		c.Audit(portalThing(c), in.result.File, in.result)
		switch {
		case in.problems.Refused > 0:
			return struct{}{}, fail.New(fail.NotAllowed, "{file} was not taken: {n} of its lines need a permission that you do not have there.",
				"file", in.result.File, "n", in.problems.Refused)
		case in.problems.Total > 0:
			return struct{}{}, fail.New(fail.Invalid, "{file} was not taken: {n} problems.", "file", in.result.File, "n", in.problems.Total)
		}
		in.result.Done = true
		return struct{}{}, nil
	},
}

// one takes one file. Its problems are no error.
func (run *importRun) one(ctx context.Context, env *op.Env, who op.Who, step int) (result FileResult, problems LineProblems, err error) {
	_, err = takeFile.Run(ctx, env, who, fileTaken{run, step, &result, &problems})
	if err != nil {
		result.Done = false
		if problems.Total > 0 && (fail.Is(err, fail.Invalid) || fail.Is(err, fail.NotAllowed)) {
			err = nil
		}
	}
	return result, problems, err
}

// rehearsal is the input of rehearseImport.
type rehearsal struct {
	run *importRun
}

// rehearseImport goes through all files in one transaction, and rolls it back.
var rehearseImport = &op.Op[rehearsal, ImportResult]{
	Name:     "import.rehearse",
	Route:    "POST /imports/rehearsals",
	Doc:      "Tells what an import would do.",
	Needs:    importNeeds,
	PageOnly: true,
	Limit:    importLimit,
	Do: func(c *op.Call, in rehearsal) (out ImportResult, err error) {
		out.Dry = true
		refs := newReferences(c)
		for i := range in.run.Mapping.Steps {
			var result FileResult
			if err := in.run.take(c, refs, i, &result, &out.Problems); err != nil {
				return out, err
			}
			out.Files = append(out.Files, result)
			if err := refold(c); err != nil {
				return out, err
			}
		}
		return out, db.ErrRollback
	},
}

func (run *importRun) rehearse(ctx context.Context, env *op.Env, who op.Who) (ImportResult, error) {
	out, err := rehearseImport.Run(ctx, env, who, rehearsal{run})
	out.Dry = true
	return out, err
}

// importChunk is how many rows are looked up and written together.
const importChunk = 500

// take takes one file inside the call's transaction.
func (run *importRun) take(c *op.Call, refs *references, step int, result *FileResult, problems *LineProblems) error {
	s := run.Mapping.Steps[step]
	*result = FileResult{File: s.File, Into: s.Into, SHA256: run.surveyed[s.File].sha256}
	run.Progress.begin(step+1, run.surveyed[s.File].rows)
	in := &intake{c: c, file: s.File, kind: importNoun(s.Into), unknown: run.unknown(), result: result, problems: problems, refs: refs,
		seen: map[uint64]seenRow{}, may: map[mayKey]bool{}}
	table, err := run.open(c, s, in)
	if err != nil || table == nil {
		return err
	}
	defer table.close()
	into := in.kind.take(in)
	rows := make([]*importRow, 0, importChunk)
	for {
		cells, line, err := table.next()
		if err != nil && !fail.Is(err, fail.Invalid) && err != io.EOF {
			return err
		}
		if err != nil && err != io.EOF {
			result.Rows++
			problems.add(fileProblem(s.File, line, err), false)
			continue
		}
		if err == nil {
			result.Rows++
			if r := in.evaluate(line, cells); !r.bad {
				rows = append(rows, r)
			}
		}
		if len(rows) == importChunk || err == io.EOF {
			if err := into.take(rows); err != nil {
				return err
			}
			rows = rows[:0]
			run.Progress.rows.Store(int64(result.Rows))
			if c.Err() != nil {
				return c.Err()
			}
		}
		if err == io.EOF {
			return into.close()
		}
	}
}

func (run *importRun) unknown() map[string]bool {
	out := map[string]bool{}
	for _, s := range run.Mapping.Empty {
		out[s] = true
	}
	return out
}

func portalThing(c *op.Call) access.Thing { return store.Portal{ID: c.Who.Portal}.Thing() }
