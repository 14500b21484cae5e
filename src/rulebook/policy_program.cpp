#include "rulebook/policy_program.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "cel/explain.h"
#include "codec/json.h"

namespace seawall::rulebook {

namespace {
constexpr std::uint32_t none = UINT32_MAX;

// Numbers of a validation's expressions in the program.
struct CompiledValidation {
  std::size_t index = 0;  // in the policy
  std::uint32_t expression = 0, message = none;
};
struct Compiled {
  std::vector<std::uint32_t> conditions;
  std::vector<CompiledValidation> validations;
  codec::Document parameters;
  std::vector<std::uint32_t> reads;  // inputs, parameters excepted
};

// Where the value of an input comes from.
enum class InputKind : unsigned char {
  object,
  old_object,
  request,
  namespace_object,
  pod,
  containers,
  params,
  cluster,
  local,
  authorizer,
  unknown,
};
constexpr cel::Failure missing{cel::ErrorCode::no_such_variable, "no value was given"};
constexpr cel::Failure nobody_to_ask{cel::ErrorCode::no_such_variable, "who may do what is known in a cluster only"};

struct Input {
  InputKind kind = InputKind::unknown;
  std::size_t use = 0;  // whose params
  std::string name;     // the kind of objects
};

constexpr std::string_view cluster_prefix = "cluster.", local_prefix = "local.";

// `name` as expressions know it; `own`: in the scope of the use.
Input input_of(std::string_view name, std::size_t use, bool own) {
  struct Known {
    std::string_view name;
    InputKind kind;
  };
  constexpr Known known[] = {
      {"object", InputKind::object},
      {"oldObject", InputKind::old_object},
      {"request", InputKind::request},
      {"namespaceObject", InputKind::namespace_object},
      {"variables.pod", InputKind::pod},
      {"variables.containers", InputKind::containers},
      {"params", InputKind::params},
      {"authorizer", InputKind::authorizer},
      {"authorizer.requestResource", InputKind::authorizer},
  };
  // The template where it is judged in the place of a pod, see Policy::template_resources.
  if (name == "object" && own) return {InputKind::pod, use, {}};
  for (const auto& each : known)
    if (each.name == name) return {each.kind, use, {}};
  if (name.starts_with(cluster_prefix))
    return {InputKind::cluster, use, std::string(name.substr(cluster_prefix.size()))};
  if (name.starts_with(local_prefix)) return {InputKind::local, use, std::string(name.substr(local_prefix.size()))};
  return {};
}

// The defaults with what is set in their place.
std::string merged(codec::Value defaults, codec::Value set) {
  codec::JsonWriter json;
  json.begin_object();
  for (auto member : defaults.members())
    if (!set.has(codec::Key(member.key))) json.key(member.key).value(member.value);
  for (auto member : set.members()) json.key(member.key).value(member.value);
  json.end_object();
  return json.take();
}

Result<codec::Document> parameters_of(const PolicyUse& use) {
  auto set = SW_TRY(in("parameters of " + use.policy->header.id,
                       codec::parse_json(use.parameters.empty() ? "null" : use.parameters)));
  if (use.policy->native) return set;
  if (set.root() && !set.root().is_object())
    return fail(Code::invalid, "parameters of " + use.policy->header.id + ": expected a mapping of names to values");
  auto defaults = SW_TRY(codec::parse_json(use.policy->parameters));
  return codec::parse_json(merged(defaults.root(), set.root()));
}

// Scopes are told apart by number: a policy may be used more than once.
std::string scope_of(std::size_t use) { return std::to_string(use); }

Compiled compile_use(cel::Compiler& compiler, const PolicyUse& use, std::size_t number) {
  const auto& policy = *use.policy;
  auto scope = scope_of(number);
  // The pod's two variables are the same for all policies; those that a policy defines, and its parameters, are its
  // own.
  compiler.own_input("params", scope);
  if (policy.template_resources) compiler.own_input("object", scope);
  for (const auto& variable : policy.variables)
    compiler.define("variables." + variable.name, variable.expression.checked, scope);
  Compiled made;
  for (const auto& each : policy.match_conditions)
    made.conditions.push_back(compiler.add(each.expression.checked, scope));
  for (std::size_t i = 0; i < policy.validations.size(); ++i) {
    const auto& each = policy.validations[i];
    if (!each.versions.contains(use.minor)) continue;
    const auto& message = each.message_expression.checked;
    made.validations.push_back(
        {i, compiler.add(each.expression.checked, scope), message ? compiler.add(message, scope) : none});
  }
  return made;
}

// The slots of the variables that an expression names.
void note_variables(const cel::Checked& checked, const cel::Node& node, std::vector<bool>& slots) {
  const auto& resolution = checked.resolution(node);
  if (resolution.kind == cel::Resolution::Kind::variable) {
    slots[resolution.slot] = true;
    return;
  }
  for (const auto* child : node.children) note_variables(checked, *child, slots);
}

using InputNumbers = std::map<std::string_view, std::uint32_t>;

// Finds the inputs that the uses of a program read.
class InputFinder {
 public:
  explicit InputFinder(const std::vector<std::string>& names) {
    for (std::size_t i = 0; i < names.size(); ++i) numbers_.emplace(names[i], static_cast<std::uint32_t>(i));
  }

  std::vector<std::uint32_t> read_by(const PolicyUse& use, std::size_t number) {
    const auto& policy = *use.policy;
    reads_.clear();
    scope_ = scope_of(number) + "/";
    for (const auto& each : policy.match_conditions) add(each.expression);
    for (const auto& each : policy.variables) add(each.expression);
    for (const auto& each : policy.validations) {
      add(each.expression);
      add(each.message_expression);
    }
    std::ranges::sort(reads_);
    reads_.erase(std::unique(reads_.begin(), reads_.end()), reads_.end());
    return std::move(reads_);
  }

 private:
  void add(const CheckedExpression& expression) {
    if (!expression.checked) return;
    const auto& variables = expression.checked->environment().variables();
    slots_.assign(variables.size(), false);
    note_variables(*expression.checked, expression.checked->root(), slots_);
    for (std::size_t i = 0; i < variables.size(); ++i)
      if (slots_[i] && variables[i].name != "params") add(variables[i].name);
  }
  void add(const std::string& name) {
    auto found = numbers_.find(scope_ + name);
    if (found == numbers_.end()) found = numbers_.find(name);
    if (found != numbers_.end()) reads_.push_back(found->second);
  }

  InputNumbers numbers_;
  std::string scope_;
  std::vector<bool> slots_;
  std::vector<std::uint32_t> reads_;
};

}  // namespace

struct PolicyProgram::Impl {
  std::vector<PolicyUse> uses;
  std::vector<Compiled> compiled;
  std::optional<cel::Program> program;
  std::vector<Input> inputs;  // of the program, in its order
};

PolicyProgram::PolicyProgram(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PolicyProgram::PolicyProgram(PolicyProgram&&) noexcept = default;
PolicyProgram::~PolicyProgram() = default;
std::size_t PolicyProgram::size() const noexcept { return impl_->uses.size(); }
const Policy& PolicyProgram::policy(std::size_t index) const noexcept { return *impl_->uses[index].policy; }

ReadInputs PolicyProgram::read_by(std::span<const std::uint32_t> uses) const {
  ReadInputs made;
  for (auto use : uses) {
    const auto& reads = impl_->compiled[use].reads;
    made.numbers.insert(made.numbers.end(), reads.begin(), reads.end());
  }
  std::ranges::sort(made.numbers);
  made.numbers.erase(std::unique(made.numbers.begin(), made.numbers.end()), made.numbers.end());
  for (auto number : made.numbers) {
    made.request |= impl_->inputs[number].kind == InputKind::request;
    made.namespace_object |= impl_->inputs[number].kind == InputKind::namespace_object;
  }
  return made;
}

Result<PolicyProgram> PolicyProgram::compile(std::vector<PolicyUse> uses) {
  auto impl = std::make_unique<Impl>();
  impl->uses = std::move(uses);
  cel::Compiler compiler;
  for (std::size_t i = 0; i < impl->uses.size(); ++i) {
    impl->compiled.push_back(compile_use(compiler, impl->uses[i], i));
    impl->compiled.back().parameters = SW_TRY(parameters_of(impl->uses[i]));
  }
  impl->program = SW_TRY(std::move(compiler).finish());
  for (const auto& name : impl->program->inputs()) {
    auto halves = cut(name, "/");  // "3/params": those of the fourth use
    auto use = halves ? to_u64(halves->left).value_or(0) : 0;
    auto rest = halves ? halves->right : std::string_view(name);
    impl->inputs.push_back(input_of(rest, use, halves.has_value()));
  }
  InputFinder finder(impl->program->inputs());
  for (std::size_t i = 0; i < impl->uses.size(); ++i) impl->compiled[i].reads = finder.read_by(impl->uses[i], i);
  return PolicyProgram(std::move(impl));
}

struct PolicyJudge::Impl {
  Impl(const PolicyProgram::Impl& of, const cel::EvaluationLimits& limits)
      : program(of), evaluator(limits), explainer_limits(limits) {
    inputs.resize(program.inputs.size());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const auto& input = program.inputs[i];
      inputs[i] = input.kind == InputKind::params ? value_of(input) : cel::Value::error(&missing);
    }
  }

  // Those of the last subject are gone with it.
  void begin(const Subject& given, const ReadInputs& reads) {
    subject = given;
    for (auto number : set)
      if (program.inputs[number].kind != InputKind::params) inputs[number] = cel::Value::error(&missing);
    set = reads.numbers;
    for (auto number : set) inputs[number] = value_of(program.inputs[number]);
    evaluator.begin(*program.program, inputs);
  }

  cel::Value value_of(const Input& input) const {
    switch (input.kind) {
      case InputKind::object:
        return subject.object;
      case InputKind::old_object:
        return subject.old_object;
      case InputKind::request:
        return subject.request;
      case InputKind::namespace_object:
        return subject.namespace_object;
      case InputKind::pod:
        return subject.pod;
      case InputKind::containers:
        return subject.containers;
      case InputKind::params:
        return cel::Value::document(program.compiled[input.use].parameters.root());
      case InputKind::cluster:
        return subject.related != nullptr ? subject.related->all(input.name) : cel::Value::list(nullptr, 0);
      case InputKind::local:
        return subject.related != nullptr ? subject.related->in_namespace(input.name, subject.in_namespace)
                                          : cel::Value::list(nullptr, 0);
      case InputKind::authorizer:
        return cel::Value::error(&nobody_to_ask);
      case InputKind::unknown:
        break;
    }
    return cel::Value::error(&missing);
  }

  std::string message_of(const Validation& validation, std::uint32_t expression) {
    if (expression != none) {
      auto made = evaluator.run(expression);
      constexpr std::size_t longest = 5 * 1024;
      if (made.is(cel::Kind::string)) {
        std::string message(trim(made.as_text()));
        bool usable = !message.empty() && message.size() <= longest && message.find('\n') == std::string::npos;
        if (usable) return message;
      }
    }
    auto written = trim(validation.message);
    return written.empty() ? "failed expression: " + std::string(trim(validation.expression.source.text))
                           : std::string(written);
  }

  // Kept from object to object: what fails once often fails again, and patterns are compiled once.
  cel::Explainer& explainer_of(std::size_t use) {
    auto& explainer = explainers[use];
    if (explainer) return *explainer;
    explainer = std::make_unique<cel::Explainer>(explainer_limits);
    for (const auto& variable : program.uses[use].policy->variables)
      explainer->define("variables." + variable.name, variable.expression.checked);
    return *explainer;
  }

  // Which fields decided; asked only about what failed.
  std::vector<std::string> paths_of(std::size_t use, const cel::Checked& expression) {
    const auto& policy = *program.uses[use].policy;
    std::vector<cel::Value> values;
    for (const auto& variable : expression.environment().variables())
      values.push_back(value_of(input_of(variable.name, use, policy.template_resources.has_value())));
    std::vector<std::string> paths;
    for (auto& each : explainer_of(use).explain(expression, values).evidence) {
      constexpr std::string_view object = "object";
      if (policy.template_resources && each.path.starts_with(object))
        each.path.replace(0, object.size(), "variables.pod");
      paths.push_back(std::move(each.path));
    }
    return paths;
  }

  Finding found(std::size_t use, const CompiledValidation& compiled, cel::Value answer) {
    const auto& validation = program.uses[use].policy->validations[compiled.index];
    Finding finding{.validation = compiled.index, .undetermined = !answer.is_false()};
    finding.message = finding.undetermined ? cel::text(answer) : message_of(validation, compiled.message);
    finding.paths = paths_of(use, *validation.expression.checked);
    return finding;
  }

  const PolicyProgram::Impl& program;
  cel::Evaluator evaluator;
  cel::EvaluationLimits explainer_limits;
  std::map<std::size_t, std::unique_ptr<cel::Explainer>> explainers;  // by use
  Subject subject;
  std::vector<cel::Value> inputs;
  std::vector<std::uint32_t> set;  // those of the subject
};

PolicyJudge::PolicyJudge(const PolicyProgram& program, const cel::EvaluationLimits& limits)
    : impl_(std::make_unique<Impl>(*program.impl_, limits)) {}
PolicyJudge::PolicyJudge(PolicyJudge&&) noexcept = default;
PolicyJudge::~PolicyJudge() = default;

void PolicyJudge::begin(const Subject& subject) {
  ReadInputs every;
  for (std::uint32_t i = 0; i < impl_->inputs.size(); ++i) every.numbers.push_back(i);
  impl_->begin(subject, every);
}

void PolicyJudge::begin(const Subject& subject, const ReadInputs& inputs) { impl_->begin(subject, inputs); }

Judgement PolicyJudge::judge(std::size_t use, Reasons reasons) {
  const auto& compiled = impl_->program.compiled[use];
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
  for (const auto& validation : compiled.validations) {
    auto holds = impl_->evaluator.run(validation.expression);
    if (holds.is_true()) continue;
    auto finding =
        reasons == Reasons::told
            ? impl_->found(use, validation, holds)
            : Finding{.validation = validation.index, .undetermined = !holds.is_false(), .message = {}, .paths = {}};
    // A definite failure weighs more than one that could not be decided.
    if (!finding.undetermined)
      judgement.verdict = Verdict::fail;
    else if (judgement.verdict == Verdict::pass)
      judgement.verdict = Verdict::undetermined;
    judgement.findings.push_back(std::move(finding));
  }
  // The reason of the verdict comes first.
  std::ranges::stable_partition(judgement.findings, [](const Finding& each) { return !each.undetermined; });
  return judgement;
}

}  // namespace seawall::rulebook
