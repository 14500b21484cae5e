// The peer of bench/cel_bench.cpp: the same expressions on the same input by cel-go, in a plain environment without cost
// tracking, and in that of the Kubernetes API server with it. One JSON object a line.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/google/cel-go/cel"
	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apiserver/pkg/cel/environment"
	"k8s.io/apiserver/pkg/cel/library"
)

type file struct {
	Input       map[string]any `json:"input"`
	Expressions []struct {
		Name string `json:"name"`
		Text string `json:"text"`
	} `json:"expressions"`
}

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	return value
}

func nanoseconds(program cel.Program, input map[string]any) float64 {
	best := testing.Benchmark(func(b *testing.B) {
		for i := 0; i < b.N; i++ {
			program.Eval(input)
		}
	})
	return float64(best.T.Nanoseconds()) / float64(best.N)
}

func main() {
	testing.Init()
	flag.Set("test.benchtime", "300ms") // there are several rounds
	path := "bench/cel/expressions.json"
	if len(os.Args) > 1 {
		path = os.Args[1]
	}
	var given file
	if err := json.Unmarshal(must(os.ReadFile(path)), &given); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	base := environment.MustBaseEnvSet(version.MajorMinor(1, 37))
	extended := must(base.Extend(environment.VersionedOptions{
		IntroducedVersion: version.MajorMinor(1, 0),
		EnvOptions:        []cel.EnvOption{cel.Variable("object", cel.DynType)},
	}))
	env := must(extended.Env(environment.StoredExpressions))
	input := map[string]any{"object": given.Input}
	// The API server's environment tracks cost whatever a program asks for.
	plainEnv := must(cel.NewEnv(cel.Variable("object", cel.DynType), cel.OptionalTypes(), library.Quantity()))
	for _, each := range given.Expressions {
		ast, issues := env.Compile(each.Text)
		if issues.Err() != nil {
			fmt.Fprintln(os.Stderr, issues.Err())
			os.Exit(3)
		}
		plainAst, issues := plainEnv.Compile(each.Text)
		if issues.Err() != nil {
			fmt.Fprintln(os.Stderr, issues.Err())
			os.Exit(3)
		}
		plain := must(plainEnv.Program(plainAst, cel.EvalOptions(cel.OptOptimize)))
		costing := must(env.Program(ast, cel.EvalOptions(cel.OptOptimize, cel.OptTrackCost),
			cel.CostTracking(&library.CostEstimator{}), cel.CostLimit(1000000), cel.InterruptCheckFrequency(100)))
		compile := testing.Benchmark(func(b *testing.B) {
			for i := 0; i < b.N; i++ {
				ast, _ := env.Compile(each.Text)
				env.Program(ast)
			}
		})
		fmt.Printf("{\"name\": %q, \"ns\": %.1f, \"ns_with_cost\": %.1f, \"compile_us\": %.1f}\n", each.Name,
			nanoseconds(plain, input), nanoseconds(costing, input), float64(compile.T.Nanoseconds())/float64(compile.N)/1000)
	}
}
