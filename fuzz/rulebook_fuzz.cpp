// Room rulebook: any text as a file of rules, or as a benchmark; what loads compiles.
#include "fuzz.h"
#include "rulebook/benchmark.h"
#include "rulebook/policy_program.h"

using namespace seawall;

SW_FUZZ(rule_file,
        "=kind: Policy\\nmetadata: {name: a}\\nspec: {title: t, podSpec: true, variables: [{name: x, expression: "
        "object.a}], validations: [{expression: variables.x==1}]} "
        "=kind: ValidatingAdmissionPolicy\\nmetadata: {name: a}\\nspec:\\n matchConstraints: {resourceRules: "
        "[{resources: [pods]}]}\\n validations:\\n - {expression: 'true'}") {
  if (data.size() > 1 << 15) return;
  std::vector<rulebook::Mistake> mistakes;
  rulebook::RuleFile file("a.yaml", std::string(data), mistakes);
  for (const auto& document : file.documents()) {
    auto policy = rulebook::read_policy(file, document, mistakes);
    if (!policy) continue;
    auto program =
        rulebook::PolicyProgram::compile({{.policy = std::make_shared<const rulebook::Policy>(std::move(*policy))}});
    if (!program) continue;
    rulebook::PolicyJudge judge(*program);
    judge.begin({});
    (void)judge.judge(0);
  }
}

SW_FUZZ(benchmark,
        "=kind: Benchmark\\nmetadata: {name: a}\\nspec:\\n title: t\\n groups:\\n - {id: '1', title: t, reason: r, "
        "controls: "
        "[{id: '1.1', title: t, rules: [a/b]}, {id: '1.2', title: t}]}") {
  if (data.size() > 1 << 15) return;
  std::vector<rulebook::Mistake> mistakes;
  rulebook::RuleFile file("a.yaml", std::string(data), mistakes);
  for (const auto& document : file.documents())
    if (auto read = rulebook::read_benchmark(file, document, mistakes))
      (void)model::comply(read->benchmark, {}).assessed();
}
