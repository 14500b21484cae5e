#include "cel/conformance/runner.h"

#include "cel/authorizer.h"
#include "cel/check.h"
#include "cel/conformance/messages.h"
#include "cel/conformance/values.h"
#include "cel/estimate.h"
#include "cel/evaluate.h"
#include "cel/parse.h"

namespace seawall::cel::conformance {
namespace {

void add_extensions(Environment& environment) {
  add_strings(environment);
  add_math(environment);
  add_lists(environment);
  add_sets(environment);
  add_encoders(environment);
  add_bindings(environment);
  add_optionals(environment);
  add_two_variable_comprehensions(environment);
  add_block(environment);
  add_proto_extensions(environment);
  add_network(environment);
}

Result<> declare_function(Environment& environment, codec::Value described) {
  for (auto each : described["overloads"].items()) {
    Overload overload{.id = std::string(each.text_or("id"))};
    for (auto argument : each["args"].items())
      overload.parameters.push_back(SW_TRY(read_type(environment.types(), argument)));
    overload.result = SW_TRY(read_type(environment.types(), each["result"]));
    auto style = each["member"].boolean().value_or(false) ? Style::method : Style::global;
    environment.add_function(described.text_or("function"), style, std::move(overload));
  }
  return {};
}

Result<> declare(Environment& environment, const Case& test) {
  for (auto each : test.type_env.items()) {
    if (each["function"])
      SW_TRY(declare_function(environment, each));
    else
      environment.add_variable(each.text_or("ident"), SW_TRY(read_type(environment.types(), each["type"])));
  }
  for (auto [name, value] : test.bindings.members())
    if (environment.find_variable(name) == nullptr) environment.add_variable(name, TypeKind::dyn);
  return {};
}

Result<Checked> compiled(const Case& test, std::shared_ptr<const Environment> environment) {
  auto ast = SW_TRY(parse(test.expression, {.macros = test.macros}));
  return check(std::move(ast), std::move(environment), test.checked ? Checking::full : Checking::off);
}

bool expects_error(const Case& test) {
  return test.expect.has(codec::Key("error")) || test.expect.has(codec::Key("any_error"));
}

// Where cases come from, the checker's mistakes are told by the same word as errors; its wording tells them apart.
bool expects_mistake(const Case& test) {
  if (test.expect["compile_error"].boolean().value_or(false)) return true;
  auto message = test.expect["error"].at(0).text_or("message");
  return test.checked &&
         (message.starts_with("found no matching overload") || message.starts_with("undeclared reference"));
}

// What a case expects, for people.
std::string expectation_text(const Case& test, const Value* value) {
  if (value != nullptr) return text(*value);
  if (expects_mistake(test)) return "an error when it is compiled";
  if (expects_error(test)) return "an error when it runs";
  return "no error";
}

Outcome failed(std::string expected, std::string got) { return {false, std::move(expected), std::move(got)}; }

// For values that cases state: they call nothing.
class Statement : public Call {
 public:
  Statement() { arena_ = &own_; }
  const Regex* regex(std::string_view, Value&) override { return nullptr; }
  const void* host(std::string_view) const noexcept override { return nullptr; }

 private:
  Arena own_;
};

// Says yes to every question, as where the costs come from.
class AlwaysAllowed final : public Authorizer {
 public:
  AccessDecision decide(const AccessRequest&) const override { return {.is_allowed = true}; }
};

class Evaluation {
 public:
  Evaluation(const Case& test, Checked checked) : test_(test), checked_(std::move(checked)) {}

  Outcome run() {
    const auto& schemas = checked_.environment().schemas();
    std::optional<Value> expected;
    if (auto written = test_.expect["value"]) {
      auto value = read_value(call_, schemas, written);
      if (!value) return failed("a value", "unreadable: " + value.error().what);
      expected = *value;
    }
    auto program = compile(std::move(checked_), {.count_cost = true});
    if (!program) return failed(expectation_text(test_, expected ? &*expected : nullptr), program.error().what);
    auto inputs = bind(*program, schemas);
    if (!inputs) return failed("bindings", "unreadable: " + inputs.error().what);
    evaluator_.lend("authorizer", &authorizer_);
    evaluator_.begin(*program, *inputs);
    return judge(evaluator_.run(0), expected ? &*expected : nullptr);
  }

 private:
  Result<std::vector<Value>> bind(const Program& program, const Schemas& schemas) {
    std::vector<Value> inputs;
    for (const auto& name : program.inputs()) {
      auto written = test_.bindings[name];
      if (written) {
        inputs.push_back(SW_TRY(read_value(call_, schemas, written)));
      } else if (name == "authorizer") {
        inputs.push_back(authorizer_value(call_.arena()));
      } else {
        auto unset = call_.fail(ErrorCode::no_such_variable, "no value given for " + name);
        inputs.push_back(unset);
      }
    }
    return inputs;
  }

  Outcome judge(const Value& result, const Value* expected) {
    auto wanted = expectation_text(test_, expected);
    bool right = expected ? same(*expected, result) : result.is_error() == expects_error(test_);
    if (!right) return failed(wanted, text(result));
    if (auto cost = test_.runtime_cost.integer(); cost && evaluator_.cost() != static_cast<std::uint64_t>(*cost))
      return failed("cost " + std::to_string(*cost), "cost " + std::to_string(evaluator_.cost()));
    return {true, {}, {}};
  }

  const Case& test_;
  Checked checked_;
  Statement call_;
  AlwaysAllowed authorizer_;
  Evaluator evaluator_;
};

// The type found, where the case states one; a passed outcome where it is right.
Outcome judge_type(const Case& test, const Checked& checked) {
  auto written = test.expect["type"];
  if (!written) return {true, {}, {}};
  Types types;
  auto expected = read_type(types, written);
  if (!expected) return failed("a type", expected.error().what);
  if (text(*expected) == text(checked.type())) return {true, {}, {}};
  return failed("type " + text(*expected), "type " + text(checked.type()));
}

// As where the cases come from: texts of unknown size have up to 12 characters.
std::optional<CostRange> assumed_size(std::string_view, Type type) {
  if (type.is(TypeKind::string) || type.is(TypeKind::bytes)) return CostRange{0, 12};
  return std::nullopt;
}

std::string range_text(CostRange range) {
  return "cost from " + std::to_string(range.least) + " to " + std::to_string(range.most);
}

Outcome judge_estimate(const Case& test, const Checked& checked) {
  if (!test.estimated_cost) return {true, {}, {}};
  auto bound = [&](std::size_t at) {
    return static_cast<std::uint64_t>(test.estimated_cost.at(at).integer().value_or(0));
  };
  CostRange expected{bound(0), bound(1)};
  auto found = estimate_cost(checked, assumed_size);
  if (found == expected) return {true, {}, {}};
  return failed("estimated " + range_text(expected), "estimated " + range_text(found));
}

}  // namespace

Result<std::shared_ptr<const Environment>> Runner::make_environment(const Case& test) const {
  auto environment = std::make_shared<Environment>();
  environment->set_container(test.container);
  if (test.source == Source::kubernetes) {
    add_kubernetes(*environment);
    environment->add_variable("authorizer", environment->types().opaque("kubernetes.authorization.Authorizer"));
    return environment;
  }
  add_extensions(*environment);
  SW_TRY(declare_messages(*environment, types_, test.strong_enums ? Enums::own_types : Enums::integers));
  SW_TRY(declare(*environment, test));
  return environment;
}

Result<std::shared_ptr<const Environment>> Runner::environment(const Case& test) {
  if (test.type_env || test.bindings) return make_environment(test);
  auto key = std::string(test.container) + (test.source == Source::kubernetes ? "|kubernetes" : "|") +
             (test.strong_enums ? "|enums" : "");
  auto& kept = shared_[key];
  if (!kept) kept = SW_TRY(make_environment(test));
  return kept;
}

Outcome Runner::run(const Case& test) {
  auto made = environment(test);
  if (!made) return failed("declarations", made.error().what);
  return compile_and_run(test, *made);
}

Outcome Runner::compile_and_run(const Case& test, std::shared_ptr<const Environment> environment) const {
  auto checked = compiled(test, std::move(environment));
  bool mistake = expects_mistake(test);
  if (mistake && checked) return failed("an error when it is compiled", "type " + text(checked->type()));
  if (mistake) return {true, {}, {}};
  if (!checked) return failed(expectation_text(test, nullptr), checked.error().what);
  auto typed = judge_type(test, *checked);
  if (!typed.passed || test.check_only) return typed;
  auto estimated = judge_estimate(test, *checked);
  if (!estimated.passed) return estimated;
  return Evaluation(test, std::move(*checked)).run();
}

}  // namespace seawall::cel::conformance
