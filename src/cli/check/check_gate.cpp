#include "cli/check/check_gate.h"

#include <algorithm>

#include "base/text.h"
#include "cel/evaluate.h"
#include "cel/parse.h"
#include "codec/json.h"

namespace seawall::cli {
namespace {

using cel::TypeKind;
using cel::Value;
using model::Severity;

// What an expression reads, with its type.
struct Input {
  std::string_view name;
  TypeKind type;
};
constexpr Input inputs[] = {
    {"severity", TypeKind::integer}, {"rule", TypeKind::string},     {"verdict", TypeKind::string},
    {"kind", TypeKind::string},      {"name", TypeKind::string},     {"object", TypeKind::dyn},
    {"file", TypeKind::string},      {"fixable", TypeKind::boolean},
};
constexpr std::string_view frameworks_name = "frameworks";

std::int64_t number_of(Severity severity) { return static_cast<std::int64_t>(severity); }

std::shared_ptr<const cel::Environment> environment() {
  auto made = std::make_shared<cel::Environment>();
  cel::add_kubernetes(*made);
  cel::add_strings(*made);
  for (const auto& input : inputs) made->add_variable(input.name, input.type);
  made->add_variable(frameworks_name, made->types().list(TypeKind::string));
  for (auto severity : {Severity::negligible, Severity::low, Severity::medium, Severity::high, Severity::critical})
    made->add_constant(model::text(severity), TypeKind::integer, Value::integer(number_of(severity)));
  return made;
}

codec::Document object_document(const model::ObjectRef& object) {
  codec::JsonWriter json;
  json.begin_object().field("apiVersion", object.api_version).field("kind", object.kind);
  json.field("namespace", object.in_namespace).field("name", object.name).end_object();
  auto document = codec::parse_json(json.take());
  return document ? std::move(*document) : codec::Document();
}

// Whether it can't be meant as words: those have no blanks, quotes, calls or logic.
bool is_expression(std::string_view text) { return text.find_first_of(" \"'()[]&|!?") != std::string_view::npos; }

}  // namespace

class CheckGate::Expression {
 public:
  static Result<std::unique_ptr<Expression>> compile(const std::string& source) {
    auto checked = SW_TRY(cel::check(SW_TRY(cel::parse(source)), environment()));
    if (!checked.type().is(TypeKind::boolean) && !checked.type().is(TypeKind::dyn))
      return fail(Code::invalid, "'" + source + "' is neither true nor false");
    return std::make_unique<Expression>(source, SW_TRY(cel::compile(std::move(checked))));
  }

  Expression(std::string source, cel::Program program) : source_(std::move(source)), program_(std::move(program)) {}

  Result<bool> holds(const model::ObjectResults& object, const model::PolicyResult& result) {
    auto document = object_document(object.object);
    std::vector<Value> frameworks;
    for (const auto& name : result.rule->known_as) frameworks.push_back(Value::string(name));
    std::vector<Value> values;
    for (const auto& name : program_.inputs())
      values.push_back(name == frameworks_name ? Value::list(frameworks.data(), frameworks.size())
                                               : value_of(name, object, result, document));
    evaluator_.begin(program_, values);
    auto value = evaluator_.run(0);
    if (value.is(cel::Kind::boolean)) return value.as_boolean();
    auto why = value.is_error() ? std::string(value.as_error().message) : "neither true nor false";
    return fail(Code::unsupported, "--fail-on: '" + source_ + "' can't be decided for " + result.rule->id + " and " +
                                       object.object.text() + ": " + why);
  }

 private:
  static Value value_of(std::string_view name, const model::ObjectResults& object, const model::PolicyResult& result,
                        const codec::Document& document) {
    if (name == "severity") return Value::integer(number_of(result.rule->severity));
    if (name == "rule") return Value::string(result.rule->id);
    if (name == "verdict") return Value::string(model::text(result.verdict));
    if (name == "kind") return Value::string(object.object.kind);
    if (name == "name") return Value::string(object.object.name);
    if (name == "file") return Value::string(object.where.file);
    if (name == "fixable") return Value::boolean(!result.patch.empty());
    return Value::document(document.root());
  }

  std::string source_;
  cel::Program program_;
  cel::Evaluator evaluator_;
};

CheckGate::CheckGate() = default;
CheckGate::CheckGate(CheckGate&&) noexcept = default;
CheckGate& CheckGate::operator=(CheckGate&&) noexcept = default;
CheckGate::~CheckGate() = default;

Result<CheckGate> CheckGate::parse(const std::vector<std::string>& conditions) {
  auto gate = parse_each(conditions);
  if (gate || conditions.size() < 2) return gate;
  // The environment's lists are split at commas, those of an expression among them.
  auto whole = parse_each({join(conditions, ",")});
  return whole ? std::move(whole) : std::move(gate);
}

Result<CheckGate> CheckGate::parse_each(const std::vector<std::string>& conditions) {
  CheckGate gate;
  for (const auto& condition : conditions) {
    gate.asks_for_fixes_ = gate.asks_for_fixes_ || condition.contains("fixable");
    if (trim(condition).empty()) return fail(Code::invalid, "an empty condition");
    if (auto words = model::Gate::parse(condition)) {
      gate.words_.push_back(std::move(*words));
      continue;
    } else if (auto expression = Expression::compile(condition)) {
      gate.expressions_.push_back(std::move(*expression));
    } else {
      return std::unexpected(is_expression(condition) ? expression.error() : words.error());
    }
  }
  return gate;
}

Result<bool> CheckGate::stops(const std::vector<model::ObjectResults>& objects) {
  for (const auto& object : objects)
    for (const auto& result : object.results)
      if (result.counts() && SW_TRY(stopped_by(object, result))) return true;
  return false;
}

Result<bool> CheckGate::stopped_by(const model::ObjectResults& object, const model::PolicyResult& result) {
  // To scan's conditions a result is a finding of which severity and fix are known.
  model::Finding finding;
  finding.severity = result.rule->severity;
  if (!result.patch.empty()) finding.fixed_versions.emplace_back("patch");
  if (std::ranges::any_of(words_, [&](const auto& gate) { return gate.stopped_by(finding, 0).has_value(); }))
    return true;
  for (const auto& expression : expressions_)
    if (SW_TRY(expression->holds(object, result))) return true;
  return false;
}

}  // namespace seawall::cli
