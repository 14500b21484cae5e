// cel-go in the environment of the Kubernetes API server, for comparison: judges the lines of standard input and
// answers each with one line.
//
// The API server's programs fold constant parts when they are made (OptOptimize), which then cost nothing and whose
// mistakes are mistakes of the program. Value and cost are those of a program that is not optimised, in which cost is
// a matter of the language alone; "optimized_cost" and "optimized_error" tell what the API server's own says.
//
//	{"input": {...}}    from here on the variable `object` is that
//	{"expr": "..."}     answered by {"type", "value", "cost"}, {"type", "error"} or {"compile_error"}
//
// A value is a text in the notation of render(), which cel_probe writes, too.
package main

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"runtime"
	"sort"
	"strings"
	"sync"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	"github.com/google/cel-go/ext"
	"github.com/google/cel-go/interpreter"
	"k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apiserver/pkg/cel/environment"
	"k8s.io/apiserver/pkg/cel/library"
)

type question struct {
	Input map[string]any `json:"input"`
	Expr  string         `json:"expr"`
}

type answer struct {
	Type           string `json:"type,omitempty"`
	Value          string `json:"value,omitempty"`
	Cost           uint64 `json:"cost"`
	Error          string `json:"error,omitempty"`
	CompileError   string `json:"compile_error,omitempty"`
	OptimizedCost  uint64 `json:"optimized_cost"`
	OptimizedError string `json:"optimized_error,omitempty"`
}

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	return value
}

func newEnvironment() *cel.Env {
	base := environment.MustBaseEnvSet(version.MajorMinor(1, 37))
	extended := must(base.Extend(environment.VersionedOptions{
		IntroducedVersion: version.MajorMinor(1, 0),
		EnvOptions:        []cel.EnvOption{cel.Variable("object", cel.DynType)},
	}))
	return must(extended.Env(environment.StoredExpressions))
}

// The libraries of that environment (apiserver pkg/cel/environment/base.go) without its options for programs.
func newUnoptimizedEnvironment() *cel.Env {
	return must(cel.NewEnv(cel.HomogeneousAggregateLiterals(), cel.DefaultUTCTimeZone(true), cel.CrossTypeNumericComparisons(true),
		cel.OptionalTypes(), library.URLs(), library.Regex(), library.Authz(), library.AuthzSelectors(), library.Quantity(),
		library.IP(), library.CIDR(), library.Format(), library.SemverLib(library.SemverVersion(1)),
		library.Lists(library.ListsVersion(1)), ext.Strings(ext.StringsVersion(2)), ext.Sets(), ext.TwoVarComprehensions(),
		ext.Lists(ext.ListsVersion(3)), cel.Variable("object", cel.DynType)))
}

func quote(text string) string {
	var out strings.Builder
	out.WriteByte('"')
	for i := 0; i < len(text); i++ {
		if c := text[i]; c < 0x20 || c >= 0x7f || c == '"' || c == '\\' {
			fmt.Fprintf(&out, "\\x%02x", c)
		} else {
			out.WriteByte(c)
		}
	}
	return out.String() + "\""
}

func renderAll(parts []string, open, end string) string {
	return open + strings.Join(parts, ", ") + end
}

func renderList(list traits.Lister) string {
	parts := []string{}
	for it := list.Iterator(); it.HasNext() == types.True; {
		parts = append(parts, render(it.Next()))
	}
	return renderAll(parts, "[", "]")
}

func renderMap(held traits.Mapper) string {
	parts := []string{}
	for it := held.Iterator(); it.HasNext() == types.True; {
		key := it.Next()
		parts = append(parts, render(key)+": "+render(held.Get(key)))
	}
	sort.Strings(parts)
	return renderAll(parts, "{", "}")
}

func render(value ref.Val) string {
	switch held := value.(type) {
	case types.Null:
		return "null"
	case types.Bool:
		return fmt.Sprint(bool(held))
	case types.Int:
		return fmt.Sprint(int64(held))
	case types.Uint:
		return fmt.Sprint(uint64(held)) + "u"
	case types.Double:
		if math.IsNaN(float64(held)) {
			return "nan"
		}
		return fmt.Sprintf("double(%016x)", math.Float64bits(float64(held)))
	case types.String:
		return quote(string(held))
	case types.Bytes:
		return "b" + quote(string(held))
	case types.Timestamp:
		return fmt.Sprintf("timestamp(%d, %d)", held.Unix(), held.Nanosecond())
	case types.Duration:
		return fmt.Sprintf("duration(%d)", held.Nanoseconds())
	case *types.Type:
		return "type(" + held.TypeName() + ")"
	case *types.Optional:
		if !held.HasValue() {
			return "none"
		}
		return "optional(" + render(held.GetValue()) + ")"
	case traits.Mapper:
		return renderMap(held)
	case traits.Lister:
		return renderList(held)
	}
	return value.Type().TypeName() // what only a library understands
}

type judge struct{ checking, planning *cel.Env }

func evaluate(program cel.Program, input map[string]any, out *answer) {
	defer func() {
		if panicked := recover(); panicked != nil {
			out.Error = fmt.Sprint("panic: ", panicked)
		}
	}()
	value, details, err := program.Eval(map[string]any{"object": input})
	if err != nil {
		out.Error = err.Error()
		return
	}
	out.Value, out.Cost = render(value), *details.ActualCost()
}

func (j judge) answer(expression string, input map[string]any) (out answer) {
	defer func() {
		if panicked := recover(); panicked != nil {
			out = answer{CompileError: fmt.Sprint("panic: ", panicked)}
		}
	}()
	checked, issues := j.checking.Compile(expression)
	if issues.Err() != nil {
		return answer{CompileError: issues.Err().Error()}
	}
	program, err := j.planning.Program(checked, cel.EvalOptions(cel.OptTrackCost), cel.CostLimit(1000000),
		cel.CostTracking(&library.CostEstimator{}), cel.CostTrackerOptions(interpreter.PresenceTestHasCost(false)),
		cel.InterruptCheckFrequency(100))
	if err != nil {
		return answer{CompileError: err.Error()}
	}
	out.Type = checked.OutputType().String()
	evaluate(program, input, &out)
	optimized, err := j.checking.Program(checked, cel.InterruptCheckFrequency(100))
	if err != nil {
		out.OptimizedError = err.Error()
		return out
	}
	var again answer
	evaluate(optimized, input, &again)
	out.OptimizedCost, out.OptimizedError = again.Cost, again.Error
	if again.Value != out.Value && again.Error == "" {
		out.OptimizedError = "value " + again.Value
	}
	return out
}

type task struct {
	question question
	answer   chan answer
}

func main() {
	judge := judge{newEnvironment(), newUnoptimizedEnvironment()}
	tasks, order := make(chan task, 64), make(chan chan answer, 64)
	for range runtime.NumCPU() {
		go func() {
			for each := range tasks {
				each.answer <- judge.answer(each.question.Expr, each.question.Input)
			}
		}()
	}
	var written sync.WaitGroup
	written.Go(func() {
		out := bufio.NewWriter(os.Stdout)
		defer out.Flush()
		for each := range order {
			line := must(json.Marshal(<-each))
			out.Write(append(line, '\n'))
		}
	})
	var input map[string]any
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(3)
		}
		if asked.Input != nil {
			input = asked.Input
			continue
		}
		asked.Input = input
		reply := make(chan answer, 1)
		order <- reply
		tasks <- task{asked, reply}
	}
	close(tasks)
	close(order)
	written.Wait()
}
