#include "rulebook/policy_program.h"

#include <algorithm>

#include "cel/explain.h"

namespace seawall::rulebook {

std::string_view text(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::pass:
      return "pass";
    case Verdict::fail:
      return "fail";
    case Verdict::undetermined:
      return "undetermined";
    case Verdict::not_applicable:
      return "not_applicable";
  }
  return "";
}

namespace {
constexpr std::uint32_t none = UINT32_MAX;

// Numbers of a policy's expressions in the program.
struct Compiled {
  std::vector<std::uint32_t> conditions, validations, messages;  // `none`: no message expression
};
}  // namespace

struct PolicyProgram::Impl {
  std::vector<std::shared_ptr<const Policy>> policies;
  std::vector<Compiled> compiled;
  std::optional<cel::Program> program;
};

PolicyProgram::PolicyProgram(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PolicyProgram::PolicyProgram(PolicyProgram&&) noexcept = default;
PolicyProgram::~PolicyProgram() = default;
std::size_t PolicyProgram::size() const noexcept { return impl_->policies.size(); }
const Policy& PolicyProgram::policy(std::size_t index) const noexcept { return *impl_->policies[index]; }

Result<PolicyProgram> PolicyProgram::compile(std::vector<std::shared_ptr<const Policy>> policies) {
  auto impl = std::make_unique<Impl>();
  impl->policies = std::move(policies);
  cel::Compiler compiler;
  for (const auto& policy : impl->policies) {
    // The pod's two variables are the same for all policies; those that a policy defines are its own.
    const auto& scope = policy->header.id;
    for (const auto& variable : policy->variables)
      compiler.define("variables." + variable.name, variable.expression.checked, scope);
    Compiled made;
    for (const auto& each : policy->match_conditions)
      made.conditions.push_back(compiler.add(each.expression.checked, scope));
    for (const auto& each : policy->validations) {
      made.validations.push_back(compiler.add(each.expression.checked, scope));
      const auto& message = each.message_expression.checked;
      made.messages.push_back(message ? compiler.add(message, scope) : none);
    }
    impl->compiled.push_back(std::move(made));
  }
  impl->program = SW_TRY(std::move(compiler).finish());
  return PolicyProgram(std::move(impl));
}

struct PolicyJudge::Impl {
  Impl(const PolicyProgram::Impl& of, const cel::EvaluationLimits& limits)
      : program(of), evaluator(limits), explainer_limits(limits) {
    inputs.resize(program.program->inputs().size());
  }

  cel::Value value_of(std::string_view name) const {
    if (name == "object") return subject.object;
    if (name == "oldObject") return subject.old_object;
    if (name == "request") return subject.request;
    if (name == "params") return subject.params;
    if (name == "namespaceObject") return subject.namespace_object;
    if (name == "variables.pod") return subject.pod;
    if (name == "variables.containers") return subject.containers;
    static constexpr cel::Failure missing{cel::ErrorCode::no_such_variable, "no value was given"};
    return cel::Value::error(&missing);
  }

  std::string message_of(const Validation& validation, std::uint32_t expression) {
    if (expression != none) {
      auto made = evaluator.run(expression);
      constexpr std::size_t longest = 5 * 1024;
      if (made.is(cel::Kind::string)) {
        std::string message(made.as_text());
        bool usable = !message.empty() && message.size() <= longest && message.find('\n') == std::string::npos;
        if (usable) return message;
      }
    }
    return validation.message.empty() ? "failed expression: " + validation.expression.source.text : validation.message;
  }

  // Which fields decided; asked only about what failed.
  std::vector<std::string> paths_of(const Policy& policy, const cel::Checked& expression) {
    cel::Explainer explainer(explainer_limits);
    for (const auto& variable : policy.variables)
      explainer.define("variables." + variable.name, variable.expression.checked);
    std::vector<cel::Value> values;
    for (const auto& variable : expression.environment().variables()) values.push_back(value_of(variable.name));
    std::vector<std::string> paths;
    for (auto& each : explainer.explain(expression, values).evidence) paths.push_back(std::move(each.path));
    return paths;
  }

  const PolicyProgram::Impl& program;
  cel::Evaluator evaluator;
  cel::EvaluationLimits explainer_limits;
  Subject subject;
  std::vector<cel::Value> inputs;
};

PolicyJudge::PolicyJudge(const PolicyProgram& program, const cel::EvaluationLimits& limits)
    : impl_(std::make_unique<Impl>(*program.impl_, limits)) {}
PolicyJudge::PolicyJudge(PolicyJudge&&) noexcept = default;
PolicyJudge::~PolicyJudge() = default;

void PolicyJudge::begin(const Subject& subject) {
  impl_->subject = subject;
  const auto& names = impl_->program.program->inputs();
  for (std::size_t i = 0; i < names.size(); ++i) impl_->inputs[i] = impl_->value_of(names[i]);
  impl_->evaluator.begin(*impl_->program.program, impl_->inputs);
}

Judgement PolicyJudge::judge(std::size_t index) {
  const auto& policy = *impl_->program.policies[index];
  const auto& compiled = impl_->program.compiled[index];
  Judgement judgement;
  // Any condition that is false settles it, whatever the others say.
  std::optional<cel::Value> undecided;
  for (auto condition : compiled.conditions) {
    auto holds = impl_->evaluator.run(condition);
    if (holds.is_false()) return {.verdict = Verdict::not_applicable, .findings = {}};
    if (!holds.is_true()) undecided = holds;
  }
  if (undecided) {
    judgement.verdict = Verdict::undetermined;
    judgement.findings.push_back({.undetermined = true, .message = cel::text(*undecided), .paths = {}});
    return judgement;
  }
  for (std::size_t i = 0; i < compiled.validations.size(); ++i) {
    auto holds = impl_->evaluator.run(compiled.validations[i]);
    if (holds.is_true()) continue;
    const auto& validation = policy.validations[i];
    Finding finding{.validation = i, .undetermined = !holds.is_false()};
    finding.message = finding.undetermined ? cel::text(holds) : impl_->message_of(validation, compiled.messages[i]);
    finding.paths = impl_->paths_of(policy, *validation.expression.checked);
    // A definite failure weighs more than one that could not be decided.
    if (!finding.undetermined)
      judgement.verdict = Verdict::fail;
    else if (judgement.verdict == Verdict::pass)
      judgement.verdict = Verdict::undetermined;
    judgement.findings.push_back(std::move(finding));
  }
  return judgement;
}

}  // namespace seawall::rulebook
