#include "cel/evaluate.h"

#include <doctest/doctest.h>

#include "cel/parse.h"
#include "codec/json.h"

using namespace seawall;
using namespace seawall::cel;

namespace {

std::shared_ptr<const Environment> environment() {
  static const auto made = [] {
    auto all = std::make_shared<Environment>();
    all->add_variable("object", TypeKind::dyn);
    all->add_variable("other", TypeKind::dyn);
    all->add_variable("name", TypeKind::string);
    return std::shared_ptr<const Environment>(std::move(all));
  }();
  return made;
}

Checked checked(std::string_view source, Checking checking = Checking::full) {
  auto tree = parse(source);
  REQUIRE_MESSAGE(tree, tree.error().what);
  auto result = check(std::move(*tree), environment(), checking);
  REQUIRE_MESSAGE(result, result.error().what);
  return std::move(*result);
}

struct Ran {
  std::string text;
  std::uint64_t cost;
};

Ran run(std::string_view source, std::string_view object = "null", CompileOptions options = {},
        EvaluationLimits limits = {}) {
  auto program = compile(checked(source), options);
  REQUIRE_MESSAGE(program, program.error().what);
  auto document = codec::parse_json(object);
  REQUIRE(document);
  std::vector<Value> inputs;
  for (const auto& name : program->inputs())
    inputs.push_back(name == "object" ? Value::document(document->root()) : Value::string("shop"));
  Evaluator evaluator(limits);
  evaluator.begin(*program, inputs);
  auto result = evaluator.run(0);
  auto said = result.is_error() ? std::string(cel::text(result.as_error().code)) : cel::text(result);
  return {said, evaluator.cost()};
}

constexpr std::string_view pod = R"({"metadata": {"namespace": "shop", "labels": {"app": "web"}},
  "spec": {"hostNetwork": false, "containers": [
    {"name": "a", "image": "reg/a:1", "securityContext": {"privileged": false}},
    {"name": "b", "image": "reg/b:1"},
    {"name": "c", "image": "other/c:1", "securityContext": {"privileged": true}}]}})";

}  // namespace

TEST_CASE("expressions over a document give what the language says") {
  struct Case {
    std::string_view source, expected;
  };
  constexpr Case cases[] = {
      {"1 + 2 * 3", "7"},
      {"object.metadata.namespace == 'shop'", "true"},
      {"object.metadata.namespace in ['a', 'shop']", "true"},
      {"object.spec.containers.all(c, has(c.image))", "true"},
      {"object.spec.containers.all(c, !has(c.securityContext) || !has(c.securityContext.privileged) || "
       "c.securityContext.privileged == false)",
       "false"},
      {"object.spec.containers.exists(c, c.image.startsWith('other/'))", "true"},
      {"object.spec.containers.map(c, c.name)", R"(["a", "b", "c"])"},
      {"object.spec.containers.filter(c, has(c.securityContext)).map(c, c.name)", R"(["a", "c"])"},
      {"object.spec.containers.exists_one(c, c.name == 'b')", "true"},
      {"object.spec.containers.map(c, c.name != 'b', c.image)", R"(["reg/a:1", "other/c:1"])"},
      {"has(object.spec.hostPID)", "false"},
      {"['reg/', 'other/'].exists(p, object.spec.containers[0].image.startsWith(p))", "true"},
      {"['^x$', '^REG/', '(?i)^REG/'].exists(p, object.spec.containers[0].image.matches(p))", "true"},
      {"['^x$', '^REG/'].exists(p, object.spec.containers[0].image.matches(p))", "false"},
      {"['\\\\Qreg', 'x'].exists(p, object.spec.containers[0].image.matches(p))", "true"},
      {"[''].filter(p, p != '').exists(p, object.spec.containers[0].image.matches(p))", "false"},
      {"['a', '('].exists(p, object.spec.containers[0].name.matches(p))", "true"},
      {"cel.bind(x, object.spec.containers.size(), x + x)", "6"},
      {"object.spec.containers.size() > 2 ? 'many' : 'few'", R"("many")"},
      {"{'a': 1, 'b': 2}.transformMap(k, v, v + 1)", R"({"a": 2, "b": 3})"},
      {"object.metadata.labels.exists(k, k == 'app')", "true"},
  };
  for (const auto& each : cases) {
    CAPTURE(each.source);
    CHECK(run(each.source, pod).text == each.expected);
  }
}

TEST_CASE("an error counts only where nothing else decides") {
  struct Case {
    std::string_view source, expected;
  };
  constexpr Case cases[] = {
      {"object.missing == 1", "no such key"},
      {"object.missing == 1 || true", "true"},
      {"dyn('no boolean') || true", "true"},
      {"[true, 'no boolean'].all(x, x && false || !x || x)", "no such overload"},
      {"[dyn('no boolean')].all(x, x || true)", "true"},
      {"true || object.missing == 1", "true"},
      {"object.missing == 1 && false", "false"},
      {"object.missing == 1 && true", "no such key"},
      {"object.missing == 1 || false", "no such key"},
      {"[1, 0, 2].exists(x, 4 / x == 2)", "true"},
      {"[1, 0, 2].all(x, 4 / x == 4)", "false"},
      {"[1, 0, 4].all(x, 4 / x > 0)", "divide by zero"},
      {"[1, 0].exists_one(x, 4 / x > 0)", "divide by zero"},
      {"object.missing ? 1 : 2", "no such key"},
      {"9223372036854775807 + object.metadata.labels.size()", "overflow"},
      {"object.spec.containers[9]", "out of range"},
      {"dyn(1) && true", "no such overload"},
      {"{'a': 1, 'a': 2}", "duplicate key"},
  };
  for (const auto& each : cases) {
    CAPTURE(each.source);
    CHECK(run(each.source, pod).text == each.expected);
  }
}

TEST_CASE("expressions share what they have in common") {
  Compiler compiler;
  auto add = [&](std::string_view source) { return compiler.add(std::make_shared<const Checked>(checked(source))); };
  auto first = add("object.spec.containers.all(c, has(c.image))");
  auto second = add("object.spec.containers.size() == 3");
  auto third = add("object.spec.containers.all(x, has(x.image))");
  auto program = std::move(compiler).finish();
  REQUIRE(program);
  auto document = codec::parse_json(pod);
  REQUIRE(document);
  Value inputs[] = {Value::document(document->root())};
  Evaluator evaluator;
  for (int round = 0; round < 3; ++round) {
    evaluator.begin(*program, inputs);
    for (auto expression : {first, second, third}) CHECK(evaluator.run(expression).is_true());
  }
  CHECK(program->text().find("shared") != std::string::npos);
}

TEST_CASE("variables that are expressions are computed once, and only when asked for") {
  auto with = std::make_shared<Environment>();
  with->add_variable("object", TypeKind::dyn);
  with->add_variable("variables.containers", TypeKind::dyn);
  with->add_variable("variables.broken", TypeKind::dyn);
  auto make = [&](std::string_view source) {
    auto tree = parse(source);
    REQUIRE(tree);
    auto result = check(std::move(*tree), with);
    REQUIRE_MESSAGE(result, result.error().what);
    return std::make_shared<const Checked>(std::move(*result));
  };
  Compiler compiler;
  compiler.define("variables.containers", make("object.spec.containers"), "policy");
  compiler.define("variables.broken", make("object.nothing.here"), "policy");
  compiler.add(make("variables.containers.size() == 3"), "policy");
  compiler.add(make("variables.broken == 1"), "policy");
  auto program = std::move(compiler).finish();
  REQUIRE(program);
  auto document = codec::parse_json(pod);
  Value inputs[] = {Value::document(document->root())};
  Evaluator evaluator;
  evaluator.begin(*program, inputs);
  CHECK(evaluator.run(0).is_true());
  auto broken = evaluator.run(1);
  REQUIRE(broken.is_error());
  CHECK(broken.as_error().code == ErrorCode::no_such_key);
}

TEST_CASE("what is not needed is not computed") {
  struct Case {
    std::string_view source, expected;
  };
  constexpr Case cases[] = {
      {"cel.bind(x, 1 / 0, true)", "true"},
      {"cel.bind(x, [1 / 0].size(), true || x == 1)", "true"},
      {"cel.bind(x, 1 / 0, x == 1)", "divide by zero"},
      {"cel.bind(x, [1][object.size()], object.size() == 0 ? x : 5)", "5"},
      {"[1, 2].map(i, cel.bind(x, i * 2, i == 1 ? 0 : x + x))", "[0, 8]"},
  };
  for (const auto& each : cases) {
    CAPTURE(each.source);
    CHECK(run(each.source, "[1]").text == each.expected);
    CHECK(run(each.source, "[1]", {.count_cost = true}).text == each.expected);
  }
}

TEST_CASE("in Kubernetes, presence of fields in what has none is no error") {
  auto kubernetes = std::make_shared<Environment>();
  add_kubernetes(*kubernetes);
  kubernetes->add_variable("object", TypeKind::dyn);
  struct Case {
    std::string_view source, expected;
    std::uint64_t cost;
  };
  constexpr Case cases[] = {
      {"has(object.text.field)", "false", 2},
      {"has(object.nothing.field)", "false", 2},
      {"object.?text.field", "optional.none()", 2},
      {"object.text[?'a']", "optional.none()", 2},
      {"has(object.list.field)", "no such overload", 2},
      {"duration('1m').getMilliseconds()", "60000", 2},
      {"object.?missing.orValue(1 / 0)", "divide by zero", 2},
      {"object.?text.orValue(1 / 0)", "\"t\"", 2},
      {"[1, 2].filter(x, x == 1)", "[1]", 38},
      {"object.list[object.list[0]]", "2", 5},
      {"[1, 2][0]", "1", 12},
      {"true ? object.text : ''", "\"t\"", 1},
      {"optional.of(1).optMap(x, 1)", "optional.of(1)", 24},
      {"object.list.sort()", "[1, 2]", 3},
      {"[object.number].sum()", "1.5", 13},
      {"[dyn(optional.of(1.5))].unwrapOpt().max()", "no such overload", 0},
  };
  auto document = codec::parse_json(R"({"text": "t", "nothing": null, "list": [1, 2], "number": 1.5})");
  Value inputs[] = {Value::document(document->root())};
  for (const auto& each : cases) {
    CAPTURE(each.source);
    auto tree = parse(each.source);
    REQUIRE(tree);
    auto found = check(std::move(*tree), kubernetes);
    REQUIRE(found);
    auto program = compile(std::move(*found), {.count_cost = true});
    REQUIRE(program);
    Evaluator evaluator;
    evaluator.begin(*program, inputs);
    auto result = evaluator.run(0);
    CHECK((result.is_error() ? cel::text(result.as_error().code) : cel::text(result)) == each.expected);
    if (!result.is_error()) CHECK(evaluator.cost() == each.cost);
  }
}

TEST_CASE("null given for a message fits no function") {
  auto kubernetes = std::make_shared<Environment>();
  add_kubernetes(*kubernetes);
  auto tree = parse("quantity('1Gi').add(null).isInteger()");
  auto found = check(std::move(*tree), kubernetes);
  REQUIRE(found);
  auto program = compile(std::move(*found));
  REQUIRE(program);
  Evaluator evaluator;
  evaluator.begin(*program, {});
  CHECK(evaluator.run(0).is_error());
}

TEST_CASE("limits end what would not end") {
  CHECK(run("[1,2,3].map(a, [1,2,3].map(b, a * b)).size() == 3", "null", {.count_cost = true}, {.cost = 20}).text ==
        "cost exceeded");
  std::string nested = "true";
  for (int i = 0; i < 8; ++i) nested = "[1,2,3,4,5,6,7,8,9,0].all(x" + std::to_string(i) + ", " + nested + ")";
  nested = "[object].all(y, " + nested + ")";
  CHECK(run(nested, "null", {.share = false}, {.iterations = 1000}).text == "cost exceeded");
  std::atomic<bool> stop{true};
  CHECK(run(nested, "null", {.share = false}, {.interrupt = &stop}).text == "interrupted");
  CHECK(run("cel.bind(a, name + name, cel.bind(b, a + a, cel.bind(c, b + b + b + b, c + c + c + c))).size()", "null",
            {}, {.memory = 200})
            .text == "out of memory");
}
