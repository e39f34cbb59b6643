package sheet

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"strconv"
	"testing"
	"time"
)

// report is a table of n rows like those that people download.
func report(n int) Table {
	return Table{
		Name: "bench", Title: "Course enrolment", Scope: "Acme", Rule: "all", At: noon,
		Columns: []Column{{"name", "Name", Text}, {"email", "E-mail", Text}, {"org", "Organization", Text}, {"progress", "Progress", Percent}, {"score", "Score", Float}, {"at", "Enrolled", Time}},
		Rows:    reportRows(n),
	}
}

var names = func() (s [512]string) {
	for i := range s {
		s[i] = fmt.Sprintf("Learner No. %d", i)
	}
	return s
}()

func reportRows(n int) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		row := make([]any, 6)
		for i := range n {
			name := names[i%len(names)]
			row[0], row[1], row[2], row[3], row[4], row[5] = name, "learner@acme.example", "North, Lab", i%101, float64(i)/7, noon.Add(time.Duration(i)*time.Minute)
			if !yield(row, nil) {
				return
			}
		}
	}
}

// BenchmarkBareCSV is the floor: the same rows, put into strings and written by encoding/csv.
func BenchmarkBareCSV(b *testing.B) {
	w := csv.NewWriter(bufio.NewWriter(io.Discard))
	line := make([]string, 6)
	for row := range reportRows(b.N) {
		line[0], line[1], line[2] = row[0].(string), row[1].(string), row[2].(string)
		line[3], line[4], line[5] = strconv.Itoa(row[3].(int)), strconv.FormatFloat(row[4].(float64), 'f', -1, 64), row[5].(time.Time).Format(time.RFC3339Nano)
		if err := w.Write(line); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmark(b *testing.B, f Format) {
	b.ReportAllocs()
	if n, err := Write(io.Discard, f, report(b.N)); err != nil || n != b.N {
		b.Fatal(n, err)
	}
}

// BenchmarkCSV is one row of six cells; compare with BenchmarkBareCSV.
func BenchmarkCSV(b *testing.B) { benchmark(b, CSV) }

// BenchmarkXLSX is one row of six cells, compressed.
func BenchmarkXLSX(b *testing.B) { benchmark(b, XLSX) }

// BenchmarkJSON is one row of six cells.
func BenchmarkJSON(b *testing.B) { benchmark(b, JSON) }

func benchmarkRead(b *testing.B, f Format) {
	pr, pw := io.Pipe()
	go func() { _, err := Write(pw, f, report(b.N)); _ = pw.CloseWithError(err) }()
	r, err := Open(pr, "bench", Limits{Rows: 1 << 30, Bytes: 1 << 40, Unpacked: 1 << 40})
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	n := 0
	for {
		if _, err := r.Next(); err == io.EOF {
			break
		} else if err != nil {
			b.Fatal(err)
		}
		n++
	}
	if n != b.N {
		b.Fatal(n)
	}
}

// BenchmarkReadCSV is one row of six cells, written and read.
func BenchmarkReadCSV(b *testing.B) { benchmarkRead(b, CSV) }

// BenchmarkReadXLSX is one row of six cells, written and read.
func BenchmarkReadXLSX(b *testing.B) { benchmarkRead(b, XLSX) }
