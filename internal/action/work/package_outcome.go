package work

import (
	"math"
	"strconv"
	"strings"
)

// outcome is what an item of a package comes to.
type outcome struct {
	done bool
	// score is 0 to 100; nil for none.
	score *float64
}

// of12 is what an item of SCORM 1.2 comes to.
func of12(data map[string]string) (out outcome) {
	out.score = raw(data["cmi.core.score.raw"], data["cmi.core.score.min"], data["cmi.core.score.max"])
	status := data["cmi.core.lesson_status"]
	out.done = status == "passed" || status == "completed" || status == "failed"
	return out
}

// of2004 is what an item of SCORM 2004 comes to.
func of2004(data map[string]string) (out outcome) {
	if scaled, ok := finite(data["cmi.score.scaled"]); ok {
		out.score = hundred(scaled * 100)
	} else {
		out.score = raw(data["cmi.score.raw"], data["cmi.score.min"], data["cmi.score.max"])
	}
	success := data["cmi.success_status"]
	out.done = data["cmi.completion_status"] == "completed" || success == "passed" || success == "failed"
	return out
}

// raw is a score between its bounds in percent; those are 0 and 100 where they are not named.
func raw(text, from, to string) *float64 {
	n, ok := finite(text)
	if !ok {
		return nil
	}
	low, _ := finite(from)
	high, ok := finite(to)
	if !ok {
		high = 100
	}
	if high <= low {
		return nil
	}
	return hundred(100 * (n - low) / (high - low))
}

func finite(text string) (float64, bool) {
	n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	return n, err == nil && !math.IsNaN(n) && !math.IsInf(n, 0)
}

func hundred(n float64) *float64 {
	n = math.Round(100*max(0, min(100, n))) / 100
	return &n
}
